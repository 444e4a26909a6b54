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

pub(super) struct French;

/// No-break space, before `:` and units and inside guillemets.
const NBSP: &str = "\u{a0}";

/// Narrow no-break space, before `;`, `!`, `?` and `%` and between groups of digits.
const NNBSP: &str = "\u{202f}";

const NUMERALS: Numerals = Numerals {
    group: NNBSP,
    decimal: ',',
    gap: NBSP,
    before_percent: NNBSP,
    byte: "o",
};

impl Phrases for French {
    fn language(&self) -> Language {
        Language::French
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

    fn bytes_that(&self, bytes: Bytes, fate: Fate) -> String {
        format!("{} {}", self.size(bytes), words::fates(fate))
    }

    fn left_cause(&self, cause: LeftCause) -> &'static str {
        words::left_cause(cause)
    }

    fn stream(&self, stream: Stream) -> &'static str {
        words::stream(stream)
    }

    fn layers(&self, count: u64) -> String {
        self.counted(count, "couche", "couches")
    }

    fn files(&self, count: u64) -> String {
        self.counted(count, "fichier", "fichiers")
    }

    fn steps(&self, count: u64) -> String {
        self.counted(count, "étape", "étapes")
    }

    fn bytes(&self, count: u64) -> String {
        self.counted(count, "octet", "octets")
    }

    fn lighter(&self, ratio: f64) -> String {
        match ratio {
            1.05.. => format!("{} fois plus légère", NUMERALS.times(ratio)),
            ratio if ratio > 0.0 && 1.0 / ratio >= 1.05 => {
                format!("{} fois plus lourde", NUMERALS.times(1.0 / ratio))
            }
            _ => "à peu près autant".to_owned(),
        }
    }

    fn engine(&self, kind: EngineKind) -> &'static str {
        words::engine(kind)
    }

    fn builder(&self, builder: Builder) -> &'static str {
        words::builder(builder)
    }

    fn base(&self, base: &Base) -> String {
        let stand_in = if base.stand_in {
            " (de remplacement)"
        } else {
            ""
        };
        format!("base {}{stand_in}", base.reference)
    }

    fn no_base(&self) -> &'static str {
        "sans base"
    }

    fn unknown_base(&self) -> &'static str {
        "base inconnue"
    }

    fn stand_in(&self, reference: &str) -> String {
        format!("base de remplacement {reference}{NBSP}: la vraie n’a pas le même poids")
    }

    fn comes_from(&self, variant: &str) -> String {
        format!("D’où viennent les octets {}", of(variant))
    }

    fn left_behind(&self, variant: &str) -> String {
        format!("Ce {} laisse derrière elle", that(variant))
    }

    fn printed(&self, variants: &[&str], ran: usize, bytes: Bytes) -> String {
        let size = self.size(bytes);
        match variants {
            [one] => format!("Ce qu’affiche {one} ({size})"),
            [first, second] => format!("Ce qu’affichent {first} et {second} ({size})"),
            all if all.len() == ran => format!("Ce qu’affichent les {ran} variantes ({size})"),
            [first, second, third] => {
                format!("Ce qu’affichent {first}, {second} et {third} ({size})")
            }
            [first, second, others @ ..] => {
                let others = others.len();
                format!("Ce qu’affichent {first}, {second} et {others} autres ({size})")
            }
            [] => String::new(),
        }
    }

    fn printed_to(&self, variant: &str, stream: Stream, bytes: Bytes) -> String {
        let (stream, size) = (self.stream(stream), self.size(bytes));
        format!("Ce {} a écrit sur {stream} ({size})", that(variant))
    }

    fn does_not_build(&self, variant: &str) -> String {
        format!("Pourquoi {variant} ne se construit pas")
    }

    fn parts_from(&self, variant: &str, reference: &str, difference: &Difference) -> String {
        let (variant, reference) = (of(variant), of(reference));
        let line = self.number(difference.line);
        format!("Où la sortie {variant} s’écarte de celle {reference}{NBSP}: ligne {line}")
    }

    fn more(&self, count: usize, bytes: Bytes) -> String {
        let size = self.size(bytes);
        format!(
            "et {}, {size}",
            self.counted(count as u64, "autre", "autres")
        )
    }

    fn more_items(&self, count: usize) -> String {
        format!("et {}", self.counted(count as u64, "autre", "autres"))
    }

    fn more_lines(&self, count: usize) -> String {
        let lines = self.counted(count as u64, "ligne", "lignes");
        format!("et encore {lines}")
    }

    fn kept(&self, kept: Bytes) -> String {
        let size = self.limit(kept);
        format!("seul le début ({size}) a été conservé")
    }

    fn left_out(&self, count: usize) -> String {
        let count = self.counted(count as u64, "section omise", "sections omises");
        format!("{count}{NBSP}: la longueur d’un commentaire est limitée")
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
        format!("{word}{NBSP}: {what}")
    }

    fn praises(&self, praises: &[Praise]) -> String {
        let praises: Vec<_> = praises.iter().map(|one| self.praise(one)).collect();
        praises.join(&format!("{NNBSP}; "))
    }

    fn errors(&self, count: usize) -> String {
        self.counted(count as u64, "erreur", "erreurs")
    }

    fn labs(&self, count: usize) -> String {
        self.counted(count as u64, "lab", "labs")
    }

    fn reports(&self, count: usize) -> String {
        self.counted(count as u64, "rapport", "rapports")
    }

    fn judged(&self, rejected: usize, all: usize) -> String {
        let all = self.number(all as u64);
        match rejected {
            0 => format!("les {all}{NBSP}rapports"),
            some => format!("{} sur {all}", self.reports(some)),
        }
    }

    fn stage(&self, stage: &Stage) -> String {
        progress::stage(stage)
    }

    fn provision_reason(&self, reason: &ProvisionReason) -> String {
        progress::provision_reason(reason)
    }

    fn build_started(&self, variant: &str) -> String {
        format!("construction {}", of(variant))
    }

    fn build_ended(&self, ended: &BuildEnded<'_>) -> String {
        progress::build_ended(self, ended)
    }

    fn run_started(&self, variant: &str) -> String {
        format!("exécution {}", of(variant))
    }

    fn run_ended(&self, variant: &str, success: bool, took: Duration) -> String {
        let took = self.seconds(took);
        if success {
            format!("{variant} exécutée en {took}")
        } else {
            format!("{variant} a échoué après {took}")
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
            || format!("lu{NBSP}: {read}"),
            |total| format!("lu{NBSP}: {read} sur {}", self.size(total)),
        )
    }
}

impl French {
    /// Zero and one are singular.
    fn counted(&self, count: u64, one: &str, many: &str) -> String {
        let noun = if count < 2 { one } else { many };
        format!("{}{NBSP}{noun}", self.number(count))
    }
}

/// `de` and a name, elided before a vowel: `de single`, `d’essai`.
fn of(name: &str) -> String {
    elided("d", name)
}

/// `que` and a name, in the same way.
fn that(name: &str) -> String {
    elided("qu", name)
}

fn elided(word: &str, name: &str) -> String {
    const VOWELS: &str = "aeiouyàâäéèêëîïôöùûüœæ";
    let is_vowel = name
        .chars()
        .next()
        .is_some_and(|first| first.to_lowercase().all(|first| VOWELS.contains(first)));
    if is_vowel {
        format!("{word}’{name}")
    } else {
        format!("{word}e {name}")
    }
}
