//! What the page says of the time since the baseline.

use super::phrases::{Phrases, allowance, phrases};
use crate::model::{Change, Delta, Gate, GateKind, Language, Measure};

/// A fixed word of what changed since the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SinceWord {
    Title,
    /// The same, where there is little room.
    Short,
    NothingChanged,
    /// What was added, in the key of the bars.
    Growth,
    /// What grew, in a key.
    Grew,
    /// What was not there, in a key.
    New,
    Layers,
    TooMuch,
    Tolerated,
    Lighter,
    /// No limit was set.
    NoLimit,
    OutputChanged,
    WhatGrewMost,
}

pub fn since_word(word: SinceWord, language: Language) -> &'static str {
    let [english, french] = match word {
        SinceWord::Title => [
            "What changed since the baseline",
            "Ce qui a changé depuis l’état de référence",
        ],
        SinceWord::Short => ["Since the baseline", "Depuis l’état de référence"],
        SinceWord::NothingChanged => [
            "No image changed its size since the baseline.",
            "Aucune image n’a changé de taille depuis l’état de référence.",
        ],
        SinceWord::Growth => ["growth", "croissance"],
        SinceWord::Grew => ["grew since", "a grossi depuis"],
        SinceWord::New => ["new since", "nouveau depuis"],
        SinceWord::Layers => ["Layers, before and after", "Couches, avant et après"],
        SinceWord::TooMuch => ["more than is tolerated", "plus que la tolérance"],
        SinceWord::Tolerated => ["tolerated", "toléré"],
        SinceWord::Lighter => ["lighter", "allégée"],
        SinceWord::NoLimit => ["no limit", "sans limite"],
        SinceWord::OutputChanged => ["Another output", "Une autre sortie"],
        SinceWord::WhatGrewMost => ["What changed most", "Ce qui a le plus changé"],
    };
    match language {
        Language::English => english,
        Language::French => french,
    }
}

/// A change of what a policy counts, with its sign.
pub fn counted_delta(counts: Measure, delta: Delta, language: Language) -> String {
    let change = phrases(language).change(counts, delta);
    match (counts, language) {
        (Measure::Unpacked | Measure::Layers, _) => change,
        (Measure::Own, Language::English) => format!("{change} of its own"),
        (Measure::Own, Language::French) => format!("{change} en propre"),
        (Measure::Wasted, Language::English) => format!("{change} of waste"),
        (Measure::Wasted, Language::French) => format!("{change} de gaspillage"),
    }
}

/// From what to what.
pub fn from_to(counts: Measure, change: Change, language: Language) -> String {
    let say = phrases(language);
    let [before, after] = [change.before, change.after].map(|amount| say.amount(counts, amount));
    match language {
        Language::English => format!("from {before} to {after}"),
        Language::French => format!("de {before} à {after}"),
    }
}

/// Which baseline, by its date where it has one.
pub fn since_when(created: Option<&str>, language: Language) -> String {
    let created = created.map(|created| created.split('T').next().unwrap_or(created));
    match (created, language) {
        (Some(created), Language::English) => format!("since the baseline of {created}"),
        (None, Language::English) => "since the baseline".to_owned(),
        (Some(created), Language::French) => format!("depuis l’état de référence du {created}"),
        (None, Language::French) => "depuis l’état de référence".to_owned(),
    }
}

pub fn line(number: u64, language: Language) -> String {
    let number = phrases(language).number(number);
    match language {
        Language::English => format!("line {number}"),
        Language::French => format!("ligne {number}"),
    }
}

/// A kind of growth, and what is tolerated of it.
pub fn gate(gate: &Gate, counts: Measure, language: Language) -> String {
    let say = phrases(language);
    let delta = counted_delta(counts, gate.delta, language);
    let limit = limit(say, gate, counts, language);
    let [english, french] = match gate.kind {
        GateKind::Growth => ["instructions", "instructions"],
        GateKind::BaseDrift => ["base drift", "dérive de la base"],
        GateKind::ContentDrift => ["content drift", "dérive du contenu"],
    };
    match language {
        Language::English => format!("{english} {delta} ({limit})"),
        Language::French => format!("{french} {delta} ({limit})"),
    }
}

fn limit(say: &dyn Phrases, gate: &Gate, counts: Measure, language: Language) -> String {
    match (gate.limit, language) {
        (None, _) => since_word(SinceWord::NoLimit, language).to_owned(),
        (Some(limit), Language::English) => {
            format!("tolerated: {}", allowance(say, counts, limit, "and"))
        }
        (Some(limit), Language::French) => {
            format!("tolérance\u{a0}: {}", allowance(say, counts, limit, "et"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{counted_delta, from_to, gate, since_when};
    use crate::model::{Bytes, Change, Delta, Gate, GateKind, Growth, Language, Measure};

    #[test]
    fn what_is_counted_is_said_where_it_is_not_the_size() {
        let told = |counts, delta, language| counted_delta(counts, Delta(delta), language);
        assert_eq!(
            told(Measure::Unpacked, 3_000_000, Language::French),
            "+3,0\u{a0}Mo"
        );
        assert_eq!(told(Measure::Layers, -1, Language::English), "−1 layer");
        assert_eq!(
            told(Measure::Wasted, 2_000, Language::French),
            "+2,0\u{a0}ko de gaspillage"
        );
        let change = Change {
            before: Bytes(3),
            after: Bytes(4),
        };
        assert_eq!(
            from_to(Measure::Layers, change, Language::English),
            "from 3 layers to 4 layers"
        );
    }

    #[test]
    fn a_gate_says_its_limit_and_a_baseline_its_date_where_there_is_one() {
        let growth = Gate {
            kind: GateKind::BaseDrift,
            delta: Delta(5_000),
            limit: None,
            passed: true,
        };
        assert_eq!(
            gate(&growth, Measure::Unpacked, Language::English),
            "base drift +5.0 kB (no limit)"
        );
        let limited = Gate {
            limit: Some(Growth::NONE),
            ..growth
        };
        assert!(
            gate(&limited, Measure::Unpacked, Language::French).contains("(tolérance\u{a0}: 0")
        );
        assert_eq!(
            since_when(None, Language::French),
            "depuis l’état de référence"
        );
    }
}
