use std::time::Duration;

use super::elision::{of, that};
use super::numerals::Numerals;
use super::words::Worded;
use crate::model::{
    Base, BaseTold, BuildCause, Bytes, Delta, Difference, Ending, EngineFacts, Fate, Language,
    Measure, Measured, Stream,
};

/// How many languages there are. A sentence is an array of as many texts, so that one that lacks
/// a language does not compile.
pub(super) const N: usize = Language::ALL.len();

/// A sentence in every language, side by side; gives the one of `$say`.
macro_rules! say {
    ($say:expr, $($text:literal),+ $(,)?) => { $say.pick([$(format!($text)),+]) };
}

pub(super) use say;

/// All that the kit says, in one language.
///
/// Names, instructions and the engine's own sentences are in it as they came: a renderer escapes
/// the whole phrase for its format.
#[derive(Clone, Copy, Debug)]
pub struct Phrases {
    language: Language,
}

pub fn phrases(language: Language) -> Phrases {
    Phrases { language }
}

/// Numbers and their units.
impl Phrases {
    pub fn language(self) -> Language {
        self.language
    }

    /// The text of this language, of those of all.
    pub(super) fn pick<T>(self, [english, french]: [T; N]) -> T {
        match self.language {
            Language::English => english,
            Language::French => french,
        }
    }

    pub fn word(self, word: impl Worded) -> &'static str {
        self.pick(word.words())
    }

    pub fn numerals(self) -> Numerals {
        self.pick([Numerals::ENGLISH, Numerals::FRENCH])
    }

    pub fn number(self, number: u64) -> String {
        self.numerals().integer(number)
    }

    /// Decimal units, one digit after the point from 1,000 bytes on.
    pub fn size(self, size: Bytes) -> String {
        self.numerals().size(size)
    }

    /// A size that a person chose, in the unit that makes it round: 1,024 is `1 KiB`.
    pub fn limit(self, limit: Bytes) -> String {
        self.numerals().limit(limit)
    }

    pub fn delta(self, change: Delta) -> String {
        self.numerals().delta(change)
    }

    /// `share` is of one: 0.669 is `66.9%`.
    pub fn percent(self, share: f64) -> String {
        self.numerals().percent(share)
    }

    pub fn seconds(self, time: Duration) -> String {
        self.numerals().seconds(time)
    }

    /// What was left behind, as a size; what was added instead has a sign.
    pub fn left(self, left: Delta) -> String {
        match u64::try_from(left.0) {
            Ok(bytes) => self.size(Bytes(bytes)),
            Err(_) => self.delta(Delta(left.0.saturating_neg())),
        }
    }

    /// What could be saved, as a change.
    pub fn saved(self, bytes: Bytes) -> String {
        self.delta(Bytes::ZERO.since(bytes))
    }

    /// A number and its noun, given as one and many. In French zero is singular too.
    pub(super) fn counted(self, count: u64, noun: [[&str; 2]; N]) -> String {
        let is_one = self.pick([count == 1, count < 2]);
        let [one, many] = self.pick(noun);
        let (number, gap) = (self.number(count), self.numerals().gap);
        format!("{number}{gap}{}", if is_one { one } else { many })
    }

    pub fn layers(self, count: u64) -> String {
        self.counted(count, [["layer", "layers"], ["couche", "couches"]])
    }

    pub fn files(self, count: u64) -> String {
        self.counted(count, [["file", "files"], ["fichier", "fichiers"]])
    }

    pub fn bytes(self, count: u64) -> String {
        self.counted(count, [["byte", "bytes"], ["octet", "octets"]])
    }

    pub fn instructions(self, count: u64) -> String {
        let noun = ["instruction", "instructions"];
        self.counted(count, [noun; N])
    }

    /// How many errors there are, for a headline.
    pub fn errors(self, count: usize) -> String {
        self.counted(count as u64, [["error", "errors"], ["erreur", "erreurs"]])
    }

    pub fn labs(self, count: usize) -> String {
        self.counted(count as u64, [["lab", "labs"]; N])
    }

    pub fn reports(self, count: usize) -> String {
        let nouns = [["report", "reports"], ["rapport", "rapports"]];
        self.counted(count as u64, nouns)
    }

    /// What the verdict on several reports is about: those rejected, or all if there are none.
    pub fn judged(self, rejected: usize, all: usize) -> String {
        let (some, all) = (self.number(rejected as u64), self.number(all as u64));
        match rejected {
            0 => say!(self, "all {all} reports", "les {all}\u{a0}rapports"),
            1 => say!(self, "1 of {all} reports", "1\u{a0}rapport sur {all}"),
            _ => say!(
                self,
                "{some} of {all} reports",
                "{some}\u{a0}rapports sur {all}"
            ),
        }
    }

    /// How `ratio` times smaller reads: larger when it is below 1.
    pub fn lighter(self, ratio: f64) -> String {
        let times = |ratio| self.numerals().times(ratio);
        if ratio >= 1.05 {
            let times = times(ratio);
            say!(self, "{times} times smaller", "{times} fois plus légère")
        } else if ratio > 0.0 && 1.0 / ratio >= 1.05 {
            let times = times(1.0 / ratio);
            say!(self, "{times} times larger", "{times} fois plus lourde")
        } else {
            say!(self, "about the same size", "à peu près la même taille")
        }
    }

    /// So much of what a policy counts.
    pub fn amount(self, counts: Measure, amount: Bytes) -> String {
        match counts {
            Measure::Layers => self.layers(amount.0),
            Measure::Unpacked | Measure::Own | Measure::Wasted => self.size(amount),
        }
    }

    /// The same, of a change.
    pub fn change(self, counts: Measure, change: Delta) -> String {
        let sign = if change.0 < 0 { "−" } else { "+" };
        match counts {
            Measure::Layers => format!("{sign}{}", self.layers(change.0.unsigned_abs())),
            Measure::Unpacked | Measure::Own | Measure::Wasted => self.delta(change),
        }
    }
}

/// Facts, in a few words.
impl Phrases {
    /// A word and what it is about, as `accepted: …`.
    pub fn labelled(self, word: &str, what: &str) -> String {
        say!(self, "{word}: {what}", "{word}\u{a0}: {what}")
    }

    /// How many bytes have this status.
    pub fn bytes_that(self, bytes: Bytes, fate: Fate) -> String {
        let size = self.size(bytes);
        match fate {
            Fate::Live => say!(self, "{size} in use", "{size} utiles"),
            Fate::Overwritten => say!(self, "{size} overwritten", "{size} remplacés"),
            Fate::Deleted => say!(self, "{size} deleted", "{size} supprimés"),
            Fate::MetadataOnly => {
                say!(
                    self,
                    "{size} written again unchanged",
                    "{size} réécrits à l’identique"
                )
            }
        }
    }

    /// With its version, where that is known.
    pub fn engine_named(self, engine: &EngineFacts) -> String {
        let name = self.word(engine.kind);
        match &engine.version {
            Some(version) => format!("{name} {version}"),
            None => name.to_owned(),
        }
    }

    pub fn base(self, base: &Base) -> String {
        let reference = &base.reference;
        if base.stand_in {
            say!(
                self,
                "base {reference} (stand-in)",
                "base {reference} (de remplacement)"
            )
        } else {
            format!("base {reference}")
        }
    }

    pub fn base_of(self, measured: &Measured) -> String {
        match (&measured.base, measured.base_told()) {
            (Some(base), _) => self.base(base),
            (None, BaseTold::Whole) => say!(self, "no base", "sans base"),
            (None, BaseTold::Nothing | BaseTold::Name | BaseTold::Root) => {
                say!(self, "unknown base", "base inconnue")
            }
        }
    }

    /// The warning in a report that was made on a stand-in.
    pub fn stand_in(self, reference: &str) -> String {
        say!(
            self,
            "measured on the stand-in {reference}: sizes will differ on the real base image",
            "mesuré sur la base de remplacement {reference}\u{202f}; les tailles ne seront pas \
             celles de la vraie image de base"
        )
    }

    /// How a container ended, in a cell's width.
    pub fn ending(self, ending: &Ending) -> String {
        use super::Word;
        match ending {
            Ending::Exited { code } => say!(self, "exit {code}", "code {code}"),
            Ending::Killed {
                out_of_memory: true,
                ..
            } => self.word(Word::OutOfMemory).to_owned(),
            Ending::Killed { code, .. } => format!("signal {}", signal(*code)),
            Ending::TimedOut { .. } => self.word(Word::TimedOut).to_owned(),
            Ending::NotStarted { .. } => self.word(Word::NotStarted).to_owned(),
        }
    }

    pub fn build_cause(self, cause: &BuildCause) -> String {
        match cause {
            BuildCause::Syntax => say!(
                self,
                "the Dockerfile has a syntax error",
                "le Dockerfile contient une erreur de syntaxe"
            ),
            BuildCause::Run {
                exit_code: Some(code),
            } => say!(
                self,
                "the command exited with code {code}",
                "la commande s’est terminée avec le code {code}"
            ),
            BuildCause::Run { exit_code: None } => {
                say!(self, "the command failed", "la commande a échoué")
            }
            BuildCause::SourceMissing => {
                say!(
                    self,
                    "the file to copy does not exist",
                    "le fichier à copier n’existe pas"
                )
            }
            BuildCause::Refused => {
                say!(self, "the builder stopped", "le constructeur s’est arrêté")
            }
        }
    }

    /// A quotation.
    pub(super) fn quoted(self, text: &str) -> String {
        say!(self, "“{text}”", "«\u{a0}{text}\u{a0}»")
    }
}

/// Headings, and the last lines of lists that were cut.
impl Phrases {
    pub fn comes_from(self, variant: &str) -> String {
        let of = of(variant);
        say!(
            self,
            "Where {variant}'s bytes come from",
            "D’où viennent les octets {of}"
        )
    }

    pub fn left_behind(self, variant: &str) -> String {
        let that = that(variant);
        say!(
            self,
            "What {variant} leaves out",
            "Ce {that} n’embarque pas"
        )
    }

    /// What these variants printed alike, of as many as ran.
    pub fn printed(self, variants: &[&str], ran: usize, bytes: Bytes) -> String {
        let size = self.size(bytes);
        match variants {
            [] => String::new(),
            [one] => say!(
                self,
                "What {one} printed ({size})",
                "Ce qu’affiche {one} ({size})"
            ),
            [first, second] => say!(
                self,
                "What {first} and {second} both printed ({size})",
                "Ce qu’affichent {first} et {second} ({size})"
            ),
            all if all.len() == ran => say!(
                self,
                "What all {ran} variants printed ({size})",
                "Ce qu’affichent les {ran} variantes ({size})"
            ),
            [first, second, third] => say!(
                self,
                "What {first}, {second} and {third} printed ({size})",
                "Ce qu’affichent {first}, {second} et {third} ({size})"
            ),
            [first, second, others @ ..] => {
                let others = others.len();
                say!(
                    self,
                    "What {first}, {second} and {others} others printed ({size})",
                    "Ce qu’affichent {first}, {second} et {others} autres ({size})"
                )
            }
        }
    }

    pub fn printed_to(self, variant: &str, stream: Stream, bytes: Bytes) -> String {
        let (stream, size, that) = (self.word(stream), self.size(bytes), that(variant));
        say!(
            self,
            "What {variant} wrote to {stream} ({size})",
            "Ce {that} a écrit sur {stream} ({size})"
        )
    }

    pub fn does_not_build(self, variant: &str) -> String {
        say!(
            self,
            "Why {variant} does not build",
            "Pourquoi {variant} ne se construit pas"
        )
    }

    /// Where an output begins to differ from the reference's.
    pub fn parts_from(self, variant: &str, reference: &str, difference: &Difference) -> String {
        let line = self.number(difference.line);
        let (its, others) = (of(variant), of(reference));
        say!(
            self,
            "Where the output of {variant} differs from {reference}: line {line}",
            "Où la sortie {its} diffère de celle {others}\u{a0}: ligne {line}"
        )
    }

    /// The last line of a list that was cut.
    pub fn more(self, count: usize, bytes: Bytes) -> String {
        format!("{}, {}", self.more_items(count), self.size(bytes))
    }

    /// The same, where the rest has no bytes.
    pub fn more_items(self, count: usize) -> String {
        let rest = self.counted(count as u64, [["more", "more"], ["autre", "autres"]]);
        say!(self, "and {rest}", "et {rest}")
    }

    pub fn more_lines(self, count: usize) -> String {
        let nouns = [["more line", "more lines"], ["ligne", "lignes"]];
        let rest = self.counted(count as u64, nouns);
        say!(self, "and {rest}", "et encore {rest}")
    }

    /// Only the first `kept` bytes of a larger output are in the report.
    pub fn kept(self, kept: Bytes) -> String {
        let size = self.limit(kept);
        say!(
            self,
            "only the first {size} were kept",
            "seul le début ({size}) a été conservé"
        )
    }

    /// Sections that a size limit left out.
    pub fn left_out(self, count: usize) -> String {
        let nouns = [
            ["section", "sections"],
            ["section omise", "sections omises"],
        ];
        let sections = self.counted(count as u64, nouns);
        say!(
            self,
            "{sections} left out: comments are limited in length",
            "{sections}\u{a0}: la longueur d’un commentaire est limitée"
        )
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

/// An instruction on one line, cut to fit in a sentence.
pub(super) fn abridged(instruction: &str) -> String {
    const LONGEST: usize = 60;
    let line = one_line(instruction);
    if line.chars().count() <= LONGEST {
        return line;
    }
    let cut: String = line.chars().take(LONGEST).collect();
    format!("{}…", cut.trim_end())
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
