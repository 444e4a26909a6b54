use super::Phrases;
use super::en::English;
use super::fr::French;
use crate::model::{Bytes, Language, Rule};

/// A fixed word of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageWord {
    /// The link that jumps over the page's head.
    Skip,
    /// The button that changes between dark and light.
    Scheme,
    /// Names the list of the page's sections.
    Contents,
    Report,
    Verdict,
    /// What was found to say when nothing was.
    NoFindings,
    Sizes,
    Ladder,
    LadderAxis,
    Inside,
    Outputs,
    Failures,
    Step,
    AgainstBefore,
    AgainstReference,
    ByDirectory,
    ByInstruction,
    /// Names the choice between the two.
    DrawnBy,
    Search,
    /// How to explore the drawing without a mouse.
    Keys,
    LayersFromLowest,
    LargestFiles,
    WastedPaths,
    AsTable,
    Path,
    Fate,
    Cause,
    Live,
    Wasted,
    Duplicate,
    Packed,
    EngineReported,
    Files,
    /// What lies in a directory beside its own directories.
    FilesHere,
    SeveralLayers,
    Root,
    FirstDifference,
    NotRun,
    NoImage,
    Budget,
    /// Links between several reports on one page.
    AllReports,
    Previous,
    Next,
    /// Headings of levels of findings.
    Error,
    Warning,
    Note,
}

/// What only the page and the formats for other programs say.
pub trait PagePhrases: Phrases {
    fn page(&self, word: PageWord) -> &'static str;

    /// What a rule says must not be, as a short sentence with its stop.
    fn rule(&self, rule: Rule) -> &'static str;
    /// What to do where it is, as a short sentence with its stop.
    fn rule_help(&self, rule: Rule) -> &'static str;

    /// What a drawing is of, for who does not see it.
    fn drawing(&self, variant: &str, size: Bytes) -> String;
    /// How many directories have no box of their own, for each is smaller than `below`.
    fn folded(&self, directories: usize, bytes: Bytes, below: Bytes) -> String;
    /// The report itself adds smaller directories to the one above.
    fn folded_in_report(&self, below: Bytes) -> String;
    /// The box that holds them.
    fn rest(&self, directories: usize) -> String;
    /// How many boxes a search found: `{found}` and `{all}` stand for the numbers.
    fn matches(&self) -> &'static str;
    fn instead_of(&self, reference: &str, size: Bytes) -> String;
    fn made_on(&self, created: &str) -> String;
}

pub fn page_phrases(language: Language) -> &'static dyn PagePhrases {
    match language {
        Language::English => &English,
        Language::French => &French,
    }
}

#[cfg(test)]
mod tests {
    use super::page_phrases;
    use crate::model::{Bytes, Language};

    #[test]
    fn what_is_folded_is_counted_in_both_languages() {
        let [english, french] = [Language::English, Language::French].map(page_phrases);
        assert_eq!(
            english.folded(312, Bytes(48_200_000), Bytes(1_200_000)),
            "312 directories smaller than 1.2 MB, 48.2 MB in all, have no box of their own."
        );
        assert_eq!(
            french.folded(1, Bytes(900), Bytes(1_000)),
            "1\u{a0}répertoire de moins de 1,0\u{a0}ko (900\u{a0}o en tout) n’a pas de case à lui."
        );
        assert!(french.matches().contains("{found}") && french.matches().contains("{all}"));
    }
}
