use super::English;
use crate::lang::page::{PagePhrases, PageWord};
use crate::lang::phrases::Phrases;
use crate::model::{Bytes, Rule};

impl PagePhrases for English {
    fn page(&self, word: PageWord) -> &'static str {
        word_of(word)
    }

    fn rule(&self, rule: Rule) -> &'static str {
        match rule {
            Rule::Budget => "An image stays within its budget.",
            Rule::NotLighter => "The solution is lighter than the reference.",
            Rule::OutputsDiffer => "Each variant prints what the reference prints.",
            Rule::ExitCode => "A container exits with code 0.",
            Rule::Killed => "A container ends by itself.",
            Rule::TimedOut => "A container ends within its time.",
            Rule::NotStarted => "A container's command can be started.",
            Rule::BuildFailed => "A Dockerfile builds.",
            Rule::StandInBase => "Sizes are measured on the real base.",
            Rule::Growth => "An image grows no more than its policy tolerates.",
            Rule::BaseDrift => "A base grows no more than the policy tolerates.",
            Rule::ContentDrift => {
                "An unchanged instruction brings no more than the policy tolerates."
            }
            Rule::Shrank => "A smaller image becomes the baseline.",
            Rule::OutputChanged => "A variant prints what it printed in the baseline.",
            Rule::ExitCodeChanged => "A container ends with the exit code of the baseline.",
            Rule::NotRun => "What the baseline ran is still run.",
            Rule::NewVariant => "The baseline knows every variant.",
            Rule::MissingVariant => "No variant of the baseline is missing.",
            Rule::PolicyDiffers => "The policy is the baseline's.",
        }
    }

    fn rule_help(&self, rule: Rule) -> &'static str {
        match rule {
            Rule::Budget => "See which instruction weighs most, or raise the budget.",
            Rule::NotLighter => "Leave in the build stage what the run stage does not need.",
            Rule::OutputsDiffer | Rule::OutputChanged => {
                "Compare the two outputs from the line where they part."
            }
            Rule::ExitCode | Rule::ExitCodeChanged => {
                "Read what the program wrote to standard error."
            }
            Rule::Killed => "Look for a crash, or for memory beyond the limit.",
            Rule::TimedOut => "Look for a loop or a wait, or give it more time.",
            Rule::NotStarted => "Check that the command exists in the image and may be run.",
            Rule::BuildFailed => "Mend the instruction at this line.",
            Rule::StandInBase => "Measure again where the real base can be pulled.",
            Rule::Growth => {
                "Look at this instruction and the paths that grew; if it must be so, raise `max_growth` or update the baseline."
            }
            Rule::BaseDrift => {
                "Pin the base by digest, or accept the new one with `--update-baseline`."
            }
            Rule::ContentDrift => {
                "Look at the paths that grew: keep out of a COPY what does not belong there, pin what a RUN fetches, or accept it with `--update-baseline`."
            }
            Rule::Shrank => "Keep the gain: run again with `--update-baseline`.",
            Rule::NotRun => {
                "Let it run again (`x-lab: { run: true }`), or accept it with `--update-baseline`."
            }
            Rule::NewVariant => "Add it: run again with `--update-baseline`.",
            Rule::MissingVariant => {
                "Bring it back, or let the baseline forget it with `--update-baseline`."
            }
            Rule::PolicyDiffers => {
                "Review the change of the policy; `--policy baseline` judges by the earlier one."
            }
        }
    }

    fn drawing(&self, variant: &str, size: Bytes) -> String {
        let size = self.size(size);
        format!("{variant}, {size}, drawn as boxes whose areas are in proportion to their bytes")
    }

    fn folded(&self, directories: usize, bytes: Bytes, below: Bytes) -> String {
        let (bytes, below) = (self.size(bytes), self.size(below));
        let count = self.counted(directories as u64, "directory", "directories");
        let verb = if directories == 1 {
            "has no box of its own"
        } else {
            "have no box of their own"
        };
        format!("{count} smaller than {below}, {bytes} in all, {verb}.")
    }

    fn folded_in_report(&self, below: Bytes) -> String {
        let below = self.size(below);
        format!("The report counts a directory of less than {below} with the one above it.")
    }

    fn rest(&self, directories: usize) -> String {
        match directories {
            0 => "other files".to_owned(),
            1 => "1 smaller directory".to_owned(),
            many => format!("{} smaller directories", self.number(many as u64)),
        }
    }

    fn matches(&self) -> &'static str {
        "{found} of {all} boxes match"
    }

    fn instead_of(&self, reference: &str, size: Bytes) -> String {
        format!("instead of {} for {reference}", self.size(size))
    }

    fn made_on(&self, created: &str) -> String {
        format!("Made on {created}")
    }
}

fn word_of(word: PageWord) -> &'static str {
    match word {
        PageWord::Skip => "Skip to the report",
        PageWord::Scheme => "Dark or light",
        PageWord::Contents => "On this page",
        PageWord::Report => "report",
        PageWord::Verdict => "Verdict",
        PageWord::NoFindings => "Nothing to object to.",
        PageWord::Sizes => "What each image weighs",
        PageWord::Ladder => "From the reference to the solution",
        PageWord::LadderAxis => {
            "Heights are in powers of ten: each line is a thousand times the one below."
        }
        PageWord::Inside => "Inside each image",
        PageWord::Outputs => "What each container printed",
        PageWord::Failures => "What does not build",
        PageWord::Step => "step",
        PageWord::AgainstBefore => "against the step before",
        PageWord::AgainstReference => "against the reference",
        PageWord::ByDirectory => "By directory",
        PageWord::ByInstruction => "By instruction",
        PageWord::DrawnBy => "Drawn",
        PageWord::Search => "Search the drawing",
        PageWord::Keys => "Point at a box, or focus the drawing and use the arrow keys.",
        PageWord::LayersFromLowest => "Layers, from the lowest",
        PageWord::LargestFiles => "Largest files",
        PageWord::WastedPaths => "Where the waste is",
        PageWord::AsTable => "The drawing as a table",
        PageWord::Path => "path",
        PageWord::Fate => "what became of it",
        PageWord::Cause => "what it is",
        PageWord::Live => "in use",
        PageWord::Wasted => "wasted",
        PageWord::Duplicate => "duplicate",
        PageWord::Packed => "transferred",
        PageWord::EngineReported => "the engine's own figure",
        PageWord::Files => "files",
        PageWord::FilesHere => "files here",
        PageWord::SeveralLayers => "several instructions",
        PageWord::Root => "the image's root",
        PageWord::FirstDifference => "first difference",
        PageWord::NotRun => "not run",
        PageWord::NoImage => "no image",
        PageWord::Budget => "budget",
        PageWord::AllReports => "All reports",
        PageWord::Previous => "Previous",
        PageWord::Next => "Next",
        PageWord::Error => "error",
        PageWord::Warning => "warning",
        PageWord::Note => "note",
    }
}
