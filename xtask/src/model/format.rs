/// What a report can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Table,
    Json,
    Markdown,
    Csv,
    Junit,
    Sarif,
    Annotations,
    Bencher,
}

/// What a listing of an image, or of what changed between two, can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    Table,
    Json,
    Markdown,
    Csv,
}

/// In which order a listing stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Most bytes first, then by path.
    #[default]
    Size,
    Path,
}
