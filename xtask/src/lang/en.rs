mod finding;
mod page;
mod progress;
mod since;
mod words;

use std::time::Duration;

use super::numerals::Numerals;
use super::phrases::{BuildEnded, Phrases};
use super::word::{Praise, Stream, Word};
use crate::model::{
    AdviceKind, Base, BaselineNews, BuildCause, Builder, Bytes, Difference, Ending, EngineKind,
    Evolution, Fate, Finding, Language, LeftCause, Origin, ProvisionReason, Role, Stage,
};

pub(super) struct English;

const NUMERALS: Numerals = Numerals {
    group: ",",
    decimal: '.',
    gap: " ",
    before_percent: "",
    byte: "B",
};

impl Phrases for English {
    fn language(&self) -> Language {
        Language::English
    }

    fn numerals(&self) -> Numerals {
        NUMERALS
    }

    fn word(&self, word: Word) -> &'static str {
        words::word(word)
    }

    fn role(&self, role: Role) -> &'static str {
        words::role(role)
    }

    fn origin(&self, origin: Origin) -> &'static str {
        words::origin(origin)
    }

    fn fate(&self, fate: Fate) -> &'static str {
        words::fate(fate)
    }

    fn left_cause(&self, cause: LeftCause) -> &'static str {
        words::left_cause(cause)
    }

    fn stream(&self, stream: Stream) -> &'static str {
        words::stream(stream)
    }

    fn layers(&self, count: u64) -> String {
        self.counted(count, "layer", "layers")
    }

    fn files(&self, count: u64) -> String {
        self.counted(count, "file", "files")
    }

    fn steps(&self, count: u64) -> String {
        self.counted(count, "step", "steps")
    }

    fn bytes(&self, count: u64) -> String {
        self.counted(count, "byte", "bytes")
    }

    fn lighter(&self, ratio: f64) -> String {
        match ratio {
            1.05.. => format!("{} times lighter", NUMERALS.times(ratio)),
            ratio if ratio > 0.0 && 1.0 / ratio >= 1.05 => {
                format!("{} times heavier", NUMERALS.times(1.0 / ratio))
            }
            _ => "about the same".to_owned(),
        }
    }

    fn engine(&self, kind: EngineKind) -> &'static str {
        words::engine(kind)
    }

    fn builder(&self, builder: Builder) -> &'static str {
        words::builder(builder)
    }

    fn base(&self, base: &Base) -> String {
        let stand_in = if base.stand_in { " (stand-in)" } else { "" };
        format!("base {}{stand_in}", base.reference)
    }

    fn no_base(&self) -> &'static str {
        "no base"
    }

    fn unknown_base(&self) -> &'static str {
        "unknown base"
    }

    fn stand_in(&self, reference: &str) -> String {
        format!("made on {reference}, a stand-in: the real base weighs something else")
    }

    fn comes_from(&self, variant: &str) -> String {
        format!("Where {variant}'s bytes come from")
    }

    fn left_behind(&self, variant: &str) -> String {
        format!("What {variant} left behind")
    }

    fn printed(&self, variants: &[&str], ran: usize, bytes: Bytes) -> String {
        let size = self.size(bytes);
        match variants {
            [one] => format!("What {one} printed ({size})"),
            [first, second] => format!("What {first} and {second} both printed ({size})"),
            all if all.len() == ran => format!("What all {ran} printed ({size})"),
            [first, second, third] => {
                format!("What {first}, {second} and {third} printed ({size})")
            }
            [first, second, others @ ..] => {
                let others = others.len();
                format!("What {first}, {second} and {others} others printed ({size})")
            }
            [] => String::new(),
        }
    }

    fn printed_to(&self, variant: &str, stream: Stream, bytes: Bytes) -> String {
        let size = self.size(bytes);
        format!("What {variant} wrote to {} ({size})", self.stream(stream))
    }

    fn does_not_build(&self, variant: &str) -> String {
        format!("Why {variant} does not build")
    }

    fn parts_from(&self, variant: &str, reference: &str, difference: &Difference) -> String {
        let line = self.number(difference.line);
        format!("Where {variant}'s output parts from {reference}'s: line {line}")
    }

    fn more(&self, count: usize, bytes: Bytes) -> String {
        let count = self.number(count as u64);
        format!("and {count} more, {}", self.size(bytes))
    }

    fn more_items(&self, count: usize) -> String {
        format!("and {} more", self.number(count as u64))
    }

    fn more_lines(&self, count: usize) -> String {
        format!(
            "and {}",
            self.counted(count as u64, "more line", "more lines")
        )
    }

    fn kept(&self, kept: Bytes) -> String {
        format!("only the first {} were kept", self.limit(kept))
    }

    fn left_out(&self, count: usize) -> String {
        let sections = self.counted(count as u64, "section is", "sections are");
        format!("{sections} left out: a comment has a limit of length")
    }

    fn ending(&self, ending: &Ending) -> String {
        words::ending(ending)
    }

    fn build_cause(&self, cause: &BuildCause) -> String {
        words::build_cause(cause)
    }

    fn advice(&self, kind: AdviceKind) -> &'static str {
        words::advice(kind)
    }

    fn finding(&self, finding: &Finding) -> String {
        finding::sentence(self, finding)
    }

    fn praise(&self, praise: &Praise) -> String {
        finding::praise(self, praise)
    }

    fn told(&self, word: &str, what: &str) -> String {
        format!("{word}: {what}")
    }

    fn praises(&self, praises: &[Praise]) -> String {
        let praises: Vec<_> = praises.iter().map(|one| self.praise(one)).collect();
        praises.join("; ")
    }

    fn errors(&self, count: usize) -> String {
        self.counted(count as u64, "error", "errors")
    }

    fn labs(&self, count: usize) -> String {
        self.counted(count as u64, "lab", "labs")
    }

    fn reports(&self, count: usize) -> String {
        self.counted(count as u64, "report", "reports")
    }

    fn judged(&self, rejected: usize, all: usize) -> String {
        let all = self.number(all as u64);
        match rejected {
            0 => format!("all {all} reports"),
            some => format!("{} of {all} reports", self.number(some as u64)),
        }
    }

    fn stage(&self, stage: &Stage) -> String {
        progress::stage(stage)
    }

    fn provision_reason(&self, reason: &ProvisionReason) -> String {
        progress::provision_reason(reason)
    }

    fn build_started(&self, variant: &str) -> String {
        format!("building {variant}")
    }

    fn build_ended(&self, ended: &BuildEnded<'_>) -> String {
        progress::build_ended(self, ended)
    }

    fn run_started(&self, variant: &str) -> String {
        format!("running {variant}")
    }

    fn run_ended(&self, variant: &str, success: bool, took: Duration) -> String {
        let took = self.seconds(took);
        if success {
            format!("{variant} ran in {took}")
        } else {
            format!("{variant} failed after {took}")
        }
    }

    fn since_baseline(&self, created: Option<&str>) -> String {
        since::heading(created)
    }

    fn evolved(&self, evolution: &Evolution) -> String {
        since::evolved(self, evolution)
    }

    fn baseline_news(&self, news: &BaselineNews) -> String {
        progress::baseline_news(news)
    }

    fn read_so_far(&self, bytes: Bytes, total: Option<Bytes>) -> String {
        let read = self.size(bytes);
        total.map_or_else(
            || format!("{read} read"),
            |total| format!("{read} of {} read", self.size(total)),
        )
    }
}

impl English {
    fn counted(&self, count: u64, one: &str, many: &str) -> String {
        format!(
            "{} {}",
            self.number(count),
            if count == 1 { one } else { many }
        )
    }
}
