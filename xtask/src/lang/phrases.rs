use std::time::Duration;

use super::en::English;
use super::fr::French;
use super::numerals::Numerals;
use super::word::{Praise, Stream, Word};
use crate::model::{
    AdviceKind, Base, BaseTold, BaselineNews, BuildCause, Builder, Bytes, Delta, Difference,
    Ending, EngineFacts, EngineKind, Evolution, Fate, Finding, Grown, Growth, Language, LeftCause,
    Measure, Measured, Origin, ProvisionReason, Role, Stage,
};

/// All that the kit says in one language.
///
/// Names, instructions and an engine's own sentences stand in the phrases as they came: a
/// renderer escapes the whole phrase for its format.
pub trait Phrases: Sync {
    fn language(&self) -> Language;
    fn numerals(&self) -> Numerals;

    fn number(&self, number: u64) -> String {
        self.numerals().integer(number)
    }
    /// Decimal units, one digit after the point from 1,000 bytes on.
    fn size(&self, size: Bytes) -> String {
        self.numerals().size(size)
    }
    /// A size that a person chose, in the unit that makes it round: 1,024 is `1 KiB`.
    fn limit(&self, limit: Bytes) -> String {
        self.numerals().limit(limit)
    }
    fn delta(&self, change: Delta) -> String {
        self.numerals().delta(change)
    }
    /// `share` is of one: 0.669 is `66.9%`.
    fn percent(&self, share: f64) -> String {
        self.numerals().percent(share)
    }
    fn seconds(&self, time: Duration) -> String {
        self.numerals().seconds(time)
    }

    /// What was left behind, as a size; what was added instead bears its sign.
    fn left(&self, left: Delta) -> String {
        match u64::try_from(left.0) {
            Ok(bytes) => self.size(Bytes(bytes)),
            Err(_) => self.delta(Delta(left.0.saturating_neg())),
        }
    }

    fn word(&self, word: Word) -> &'static str;
    fn role(&self, role: Role) -> &'static str;
    fn origin(&self, origin: Origin) -> &'static str;
    fn fate(&self, fate: Fate) -> &'static str;
    /// How many bytes came to this.
    fn bytes_that(&self, bytes: Bytes, fate: Fate) -> String {
        format!("{} {}", self.size(bytes), self.fate(fate))
    }
    fn left_cause(&self, cause: LeftCause) -> &'static str;
    fn stream(&self, stream: Stream) -> &'static str;

    fn layers(&self, count: u64) -> String;
    fn files(&self, count: u64) -> String;
    fn steps(&self, count: u64) -> String;
    fn bytes(&self, count: u64) -> String;
    /// How `ratio` times lighter reads: heavier when it is below 1.
    fn lighter(&self, ratio: f64) -> String;

    fn engine(&self, kind: EngineKind) -> &'static str;
    /// With its version, where that is known.
    fn engine_named(&self, engine: &EngineFacts) -> String {
        let name = self.engine(engine.kind);
        match &engine.version {
            Some(version) => format!("{name} {version}"),
            None => name.to_owned(),
        }
    }
    fn builder(&self, builder: Builder) -> &'static str;
    fn base(&self, base: &Base) -> String;
    /// Of an image that is `FROM scratch`.
    fn no_base(&self) -> &'static str;
    /// Of an image of which nothing tells.
    fn unknown_base(&self) -> &'static str;
    fn base_of(&self, measured: &Measured) -> String {
        match (&measured.base, measured.base_told()) {
            (Some(base), _) => self.base(base),
            (None, BaseTold::Whole) => self.no_base().to_owned(),
            (None, _) => self.unknown_base().to_owned(),
        }
    }
    /// The warning that a report made on a stand-in bears.
    fn stand_in(&self, reference: &str) -> String;

    /// Headings.
    fn comes_from(&self, variant: &str) -> String;
    fn left_behind(&self, variant: &str) -> String;
    /// What these variants printed alike, of as many as ran.
    fn printed(&self, variants: &[&str], ran: usize, bytes: Bytes) -> String;
    fn printed_to(&self, variant: &str, stream: Stream, bytes: Bytes) -> String;
    fn does_not_build(&self, variant: &str) -> String;
    /// Where an output parts from the reference's.
    fn parts_from(&self, variant: &str, reference: &str, difference: &Difference) -> String;

    /// Heading of what changed since the baseline.
    fn since_baseline(&self, created: Option<&str>) -> String;
    /// How a variant changed, after its name.
    fn evolved(&self, evolution: &Evolution) -> String;
    /// So much of what a policy counts.
    fn amount(&self, counts: Measure, amount: Bytes) -> String {
        match counts {
            Measure::Layers => self.layers(amount.0),
            _ => self.size(amount),
        }
    }
    /// The same, of a change.
    fn change(&self, counts: Measure, change: Delta) -> String {
        let sign = if change.0 < 0 { "−" } else { "+" };
        match counts {
            Measure::Layers => format!("{sign}{}", self.layers(change.0.unsigned_abs())),
            _ => self.delta(change),
        }
    }

    /// The last line of a list that was cut.
    fn more(&self, count: usize, bytes: Bytes) -> String;
    /// The same, of what has no bytes.
    fn more_items(&self, count: usize) -> String;
    fn more_lines(&self, count: usize) -> String;
    /// Only the first `kept` bytes of a larger output are in the report.
    fn kept(&self, kept: Bytes) -> String;
    /// Sections that a size limit left out.
    fn left_out(&self, count: usize) -> String;

    /// How a container ended, in a cell's width.
    fn ending(&self, ending: &Ending) -> String;
    fn build_cause(&self, cause: &BuildCause) -> String;
    /// What to change, as an infinitive.
    fn advice(&self, kind: AdviceKind) -> &'static str;

    /// One sentence, with limit and actual, without its variant's place; no final stop.
    fn finding(&self, finding: &Finding) -> String;
    fn praise(&self, praise: &Praise) -> String;
    /// A word and what it stands for, as `accepted: …`.
    fn told(&self, word: &str, what: &str) -> String;
    /// Several praises, one after another.
    fn praises(&self, praises: &[Praise]) -> String;
    /// How many errors there are, for a headline.
    fn errors(&self, count: usize) -> String;
    fn labs(&self, count: usize) -> String;
    /// How many reports are shown as one.
    fn reports(&self, count: usize) -> String;
    /// What of several reports the verdict is on: those rejected, or all where none is.
    fn judged(&self, rejected: usize, all: usize) -> String;

    /// What the user waits for.
    fn stage(&self, stage: &Stage) -> String;
    fn provision_reason(&self, reason: &ProvisionReason) -> String;
    fn build_started(&self, variant: &str) -> String;
    fn build_ended(&self, ended: &BuildEnded<'_>) -> String;
    fn run_started(&self, variant: &str) -> String;
    fn run_ended(&self, variant: &str, success: bool, took: Duration) -> String;
    fn baseline_news(&self, news: &BaselineNews) -> String;
    fn read_so_far(&self, bytes: Bytes, total: Option<Bytes>) -> String;
}

/// What [`crate::model::Event::BuildEnded`] holds.
#[derive(Clone, Copy, Debug)]
pub struct BuildEnded<'a> {
    pub variant: &'a str,
    pub success: bool,
    pub took: Duration,
    pub steps: u32,
    pub cached: u32,
}

pub fn phrases(language: Language) -> &'static dyn Phrases {
    match language {
        Language::English => &English,
        Language::French => &French,
    }
}

/// An instruction on one line: continuations are joined, comments between them left out.
pub fn one_line(instruction: &str) -> String {
    let lines = instruction.lines().map(str::trim);
    let words = lines
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.strip_suffix('\\').unwrap_or(line).split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}

/// An instruction on one line, cut to what a sentence bears.
pub(super) fn abridged(instruction: &str) -> String {
    const LONGEST: usize = 60;
    let line = one_line(instruction);
    if line.chars().count() <= LONGEST {
        return line;
    }
    let cut: String = line.chars().take(LONGEST).collect();
    format!("{}…", cut.trim_end())
}

/// What a policy tolerates, as `4 KiB and 1%`.
pub(super) fn allowance(say: &dyn Phrases, counts: Measure, limit: Growth, and: &str) -> String {
    let bytes = limit.bytes.map(|bytes| match counts {
        Measure::Layers => say.layers(bytes.0),
        _ => say.limit(bytes),
    });
    let percent = limit.percent.map(|percent| say.percent(percent / 100.0));
    let limits: Vec<String> = bytes.into_iter().chain(percent).collect();
    limits.join(&format!(" {and} "))
}

/// Where more than half of the growth lies, as one path.
pub(super) fn most_grown(grown: &Grown) -> Option<String> {
    let path = grown.paths.first()?;
    let is_most = path.delta().0 > grown.delta.0 / 2;
    is_most.then(|| format!("/{}", path.path))
}

/// The name of the signal that an exit code of 128 and more stands for, as Linux numbers
/// them (signal(7)), with its number.
pub(super) fn signal(code: i64) -> String {
    let number = code - 128;
    let name = match number {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        31 => "SIGSYS",
        _ => return number.to_string(),
    };
    format!("{number} ({name})")
}

#[cfg(test)]
#[path = "phrases_tests.rs"]
mod tests;
