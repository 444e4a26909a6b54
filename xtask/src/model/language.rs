super::named! {
    /// A language that every sentence of the kit exists in, by its tag (BCP 47).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum Language {
        #[default]
        English => "en",
        French => "fr",
    }
}
