use super::English;
use super::finding::difference_at;
use crate::lang::phrases::{Phrases, abridged, allowance, most_grown};
use crate::model::{
    Bytes, CauseKind, Change, Changed, Evolution, Finding, GateKind, Grown, Growth, Level, Measure,
    PolicyKey,
};

pub(super) fn sentence(english: &English, finding: &Finding, changed: &Changed) -> String {
    let variant = finding.variant.as_str();
    match changed {
        Changed::Grew(grown) => grew(english, variant, finding.level, grown),
        Changed::Shrank { counts, counted } => shrank(english, variant, *counts, *counted),
        Changed::Output { difference } => format!(
            "{variant} does not print what it printed in the baseline: {}",
            difference_at(english, "the baseline", difference)
        ),
        Changed::ExitCode { before, after } => {
            format!("{variant} exits with code {after}, and with {before} in the baseline")
        }
        Changed::NotRun => {
            format!("{variant} was run in the baseline, and is not any more")
        }
        Changed::NewVariant => {
            format!("{variant} is not in the baseline, so its growth can’t be judged")
        }
        Changed::MissingVariant => {
            format!("the baseline has an image of {variant}, and this report has none")
        }
        Changed::Policy {
            key,
            file,
            baseline,
        } => policy(variant, *key, file.as_deref(), baseline.as_deref()),
    }
}

/// What grew, by how much, and what was tolerated.
fn grew(english: &English, variant: &str, level: Level, grown: &Grown) -> String {
    if grown.gate == GateKind::BaseDrift && grown.delta.0 <= 0 {
        let lighter = match grown.delta.0 {
            0 => "of the same size".to_owned(),
            less => format!("{} lighter", amount(english, grown.counts, less)),
        };
        return format!("{variant} stands on another base than in the baseline, {lighter}");
    }
    let mut what = what(english, grown);
    if let Some(path) = most_grown(grown) {
        what = format!("{what}, most of it in {path}");
    }
    let limit = match (level, grown.limit) {
        (_, None) => match grown.gate {
            GateKind::ContentDrift => "no limit is set for content drift".to_owned(),
            _ => "no limit is set for base drift".to_owned(),
        },
        (Level::Error, Some(Growth::NONE)) => "no growth is tolerated".to_owned(),
        (Level::Error, Some(limit)) => {
            let limit = allowance(english, grown.counts, limit, "and");
            if grown.delta == grown.total {
                format!("more than the {limit} tolerated")
            } else {
                let total = amount(english, grown.counts, grown.total.0);
                format!("{total} in all, more than the {limit} tolerated")
            }
        }
        (_, Some(limit)) => {
            let limit = allowance(english, grown.counts, limit, "and");
            format!("within the {limit} tolerated")
        }
    };
    format!("{variant} grew: {what}; {limit}")
}

fn what(english: &English, grown: &Grown) -> String {
    let amount = amount(english, grown.counts, grown.delta.0);
    let instruction = grown.instruction.as_deref().map(abridged);
    match (grown.cause, instruction) {
        (Some(CauseKind::BaseDrift), _) => format!("its base brings {amount} more"),
        (Some(CauseKind::Added), Some(text)) => format!("the new “{text}” adds {amount}"),
        (Some(CauseKind::ChangedInstruction), Some(text)) => {
            format!("the rewritten “{text}” adds {amount}")
        }
        (Some(CauseKind::SameInstructionNewContent), Some(text)) => {
            format!("“{text}” brings {amount} more, and its text is the same")
        }
        (_, Some(text)) => format!("“{text}” accounts for {amount} more"),
        (_, None) => format!("{amount} more, of an instruction that is not known"),
    }
}

fn amount(english: &English, counts: Measure, delta: i64) -> String {
    let amount = Bytes(delta.unsigned_abs());
    match counts {
        Measure::Layers => english.layers(amount.0),
        Measure::Wasted => format!("{} of waste", english.size(amount)),
        Measure::Unpacked | Measure::Own => english.size(amount),
    }
}

fn shrank(english: &English, variant: &str, counts: Measure, counted: Change) -> String {
    let less = amount(english, counts, counted.delta().0);
    let now = amount(
        english,
        counts,
        i64::try_from(counted.after.0).unwrap_or(i64::MAX),
    );
    format!("{variant} shrank by {less}, to {now}: well done")
}

fn policy(variant: &str, key: PolicyKey, file: Option<&str>, baseline: Option<&str>) -> String {
    let key = key.name();
    let said = |value: Option<&str>| value.map_or("none".to_owned(), |value| format!("`{value}`"));
    let (file, baseline) = (said(file), said(baseline));
    format!("{variant}: `{key}` is {file} here and {baseline} in the baseline")
}

pub(super) fn heading(created: Option<&str>) -> String {
    match created {
        Some(created) => format!("Since the baseline of {created}"),
        None => "Since the baseline".to_owned(),
    }
}

pub(super) fn evolved(english: &English, evolution: &Evolution) -> String {
    let (counts, counted) = (evolution.counts, evolution.counted);
    let verb = if counted.delta().0 < 0 {
        "shrank"
    } else {
        "grew"
    };
    let by = amount(english, counts, counted.delta().0);
    let [before, after] = [counted.before, counted.after].map(|it| english.amount(counts, it));
    format!("{verb} by {by} since the baseline: {before} → {after}")
}
