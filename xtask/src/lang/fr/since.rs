use super::finding::difference_at;
use super::{French, NBSP};
use crate::lang::phrases::{Phrases, abridged, allowance, most_grown};
use crate::model::{
    Bytes, CauseKind, Change, Changed, Evolution, Finding, GateKind, Grown, Growth, Level, Measure,
    PolicyKey,
};

pub(super) fn sentence(french: &French, finding: &Finding, changed: &Changed) -> String {
    let variant = finding.variant.as_str();
    match changed {
        Changed::Grew(grown) => grew(french, variant, finding.level, grown),
        Changed::Shrank { counts, counted } => shrank(french, variant, *counts, *counted),
        Changed::Output { difference } => format!(
            "{variant} n’affiche plus ce qu’affichait l’état de référence{NBSP}: {}",
            difference_at(french, "l’état de référence", difference)
        ),
        Changed::ExitCode { before, after } => format!(
            "{variant} se termine avec le code {after}, et {before} dans l’état de référence"
        ),
        Changed::NotRun => {
            format!("{variant} était exécutée dans l’état de référence, et ne l’est plus")
        }
        Changed::NewVariant => format!(
            "{variant} est absente de l’état de référence\u{202f}; sa croissance ne peut être jugée"
        ),
        Changed::MissingVariant => {
            format!("l’état de référence a une image de {variant}, et ce rapport n’en a pas")
        }
        Changed::Policy {
            key,
            file,
            baseline,
        } => policy(variant, *key, file.as_deref(), baseline.as_deref()),
    }
}

/// What grew, by how much, and what was tolerated.
fn grew(french: &French, variant: &str, level: Level, grown: &Grown) -> String {
    if grown.gate == GateKind::BaseDrift && grown.delta.0 <= 0 {
        let lighter = match grown.delta.0 {
            0 => "de même poids".to_owned(),
            less => format!("plus légère de {}", amount(french, grown.counts, less)),
        };
        return format!("{variant} part d’une autre base que dans l’état de référence, {lighter}");
    }
    let mut what = what(french, grown);
    if let Some(path) = most_grown(grown) {
        what = format!("{what}, surtout dans {path}");
    }
    let limit = match (level, grown.limit) {
        (_, None) => match grown.gate {
            GateKind::ContentDrift => "aucune limite n’est fixée à la dérive du contenu".to_owned(),
            _ => "aucune limite n’est fixée à la dérive de la base".to_owned(),
        },
        (Level::Error, Some(Growth::NONE)) => "aucune croissance n’est tolérée".to_owned(),
        (Level::Error, Some(limit)) => {
            let limit = allowance(french, grown.counts, limit, "et");
            if grown.delta == grown.total {
                format!("c’est plus que la tolérance de {limit}")
            } else {
                let total = amount(french, grown.counts, grown.total.0);
                format!("en tout {total}, plus que la tolérance de {limit}")
            }
        }
        (_, Some(limit)) => {
            let limit = allowance(french, grown.counts, limit, "et");
            format!("c’est dans la tolérance de {limit}")
        }
    };
    format!("{variant} a grossi{NBSP}: {what}\u{202f}; {limit}")
}

fn what(french: &French, grown: &Grown) -> String {
    let amount = amount(french, grown.counts, grown.delta.0);
    let instruction = grown.instruction.as_deref().map(abridged);
    match (grown.cause, instruction) {
        (Some(CauseKind::BaseDrift), _) => format!("sa base apporte {amount} de plus"),
        (Some(CauseKind::Added), Some(text)) => {
            format!("la nouvelle instruction «{NBSP}{text}{NBSP}» ajoute {amount}")
        }
        (Some(CauseKind::ChangedInstruction), Some(text)) => {
            format!("l’instruction réécrite «{NBSP}{text}{NBSP}» ajoute {amount}")
        }
        (Some(CauseKind::SameInstructionNewContent), Some(text)) => {
            format!("«{NBSP}{text}{NBSP}», au texte inchangé, apporte {amount} de plus")
        }
        (_, Some(text)) => format!("«{NBSP}{text}{NBSP}» compte pour {amount} de plus"),
        (_, None) => format!("{amount} de plus, d’une instruction inconnue"),
    }
}

fn amount(french: &French, counts: Measure, delta: i64) -> String {
    let amount = Bytes(delta.unsigned_abs());
    match counts {
        Measure::Layers => french.layers(amount.0),
        Measure::Wasted => format!("{} de gaspillage", french.size(amount)),
        Measure::Unpacked | Measure::Own => french.size(amount),
    }
}

fn shrank(french: &French, variant: &str, counts: Measure, counted: Change) -> String {
    let less = amount(french, counts, counted.delta().0);
    let now = amount(
        french,
        counts,
        i64::try_from(counted.after.0).unwrap_or(i64::MAX),
    );
    format!("{variant} a maigri de {less} et passe à {now}{NBSP}: bravo")
}

fn policy(variant: &str, key: PolicyKey, file: Option<&str>, baseline: Option<&str>) -> String {
    let key = key.name();
    let said =
        |value: Option<&str>| value.map_or("absent".to_owned(), |value| format!("`{value}`"));
    let (file, baseline) = (said(file), said(baseline));
    format!("{variant}{NBSP}: `{key}` est {file} ici et {baseline} dans l’état de référence")
}

pub(super) fn heading(created: Option<&str>) -> String {
    match created {
        Some(created) => format!("Depuis l’état de référence du {created}"),
        None => "Depuis l’état de référence".to_owned(),
    }
}

pub(super) fn evolved(french: &French, evolution: &Evolution) -> String {
    let (counts, counted) = (evolution.counts, evolution.counted);
    let verb = if counted.delta().0 < 0 {
        "maigri"
    } else {
        "grossi"
    };
    let by = amount(french, counts, counted.delta().0);
    let [before, after] = [counted.before, counted.after].map(|it| french.amount(counts, it));
    format!("a {verb} de {by} depuis l’état de référence{NBSP}: {before} → {after}")
}
