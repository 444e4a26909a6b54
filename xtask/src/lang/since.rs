//! What the page says of the time since the baseline.

use super::phrases::{Phrases, phrases, say};
use super::words::Word;
use crate::model::{Change, Delta, Gate, Language, Measure};

/// A change of what a policy counts, with its sign.
pub fn counted_delta(counts: Measure, delta: Delta, language: Language) -> String {
    let say = phrases(language);
    let change = say.change(counts, delta);
    match counts {
        Measure::Unpacked | Measure::Layers => change,
        Measure::Own => say!(say, "{change} added", "{change} ajoutés"),
        Measure::Wasted => say!(say, "{change} of waste", "{change} de gaspillage"),
    }
}

pub fn from_to(counts: Measure, change: Change, language: Language) -> String {
    let say = phrases(language);
    let [before, after] = [change.before, change.after].map(|amount| say.amount(counts, amount));
    say!(say, "from {before} to {after}", "de {before} à {after}")
}

/// Which baseline, by its date where it has one.
pub fn since_when(created: Option<&str>, language: Language) -> String {
    let say = phrases(language);
    match created.map(|created| say.day(created)) {
        Some(day) => say!(
            say,
            "since the baseline of {day}",
            "depuis la mesure précédente, du {day}"
        ),
        None => say!(say, "since the baseline", "depuis la mesure précédente"),
    }
}

pub fn line(number: u64, language: Language) -> String {
    let say = phrases(language);
    let number = say.number(number);
    say!(say, "line {number}", "ligne {number}")
}

/// A kind of growth, and its limit.
pub fn gate(gate: &Gate, counts: Measure, language: Language) -> String {
    let say = phrases(language);
    let delta = counted_delta(counts, gate.delta, language);
    format!(
        "{} {delta} ({})",
        say.word(gate.kind),
        limit(say, gate, counts)
    )
}

fn limit(say: Phrases, gate: &Gate, counts: Measure) -> String {
    let Some(limit) = gate.limit else {
        return say.word(Word::NoLimit).to_owned();
    };
    let allowed = say.allowance(counts, limit);
    say!(say, "limit: {allowed}", "limite\u{a0}: {allowed}")
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
        assert!(gate(&limited, Measure::Unpacked, Language::French).contains("(limite\u{a0}: 0"));
        assert_eq!(
            since_when(None, Language::French),
            "depuis la mesure précédente"
        );
    }
}
