use std::time::Duration;

use super::{English, since};
use crate::lang::phrases::{Phrases, abridged, signal};
use crate::lang::word::Praise;
use crate::model::{BuildCause, Bytes, Difference, Fact, Finding, Measure, StartFault};

pub(super) fn sentence(english: &English, finding: &Finding) -> String {
    let variant = finding.variant.as_str();
    match &finding.fact {
        Fact::Budget {
            counts,
            actual,
            limit,
        } => budget(english, variant, *counts, [*actual, *limit]),
        Fact::NotLighter {
            reference,
            actual,
            limit,
        } => not_lighter(english, variant, reference, [*actual, *limit]),
        Fact::OutputsDiffer {
            reference,
            difference,
        } => format!(
            "{variant} does not print what {reference} prints: {}",
            difference_at(english, reference, difference)
        ),
        Fact::ExitCode { code } => format!("{variant} exited with code {code}, not 0"),
        Fact::Killed {
            out_of_memory: true,
            ..
        } => format!("{variant} was killed: it needed more memory than it may use"),
        Fact::Killed { code, .. } => format!("{variant} was killed by signal {}", signal(*code)),
        Fact::TimedOut { seconds } => {
            let limit = Duration::try_from_secs_f64(*seconds).unwrap_or_default();
            let limit = english.seconds(limit);
            format!("{variant} was still running after {limit} and was stopped")
        }
        Fact::NotStarted { code, reason } => {
            let why = not_started(reason);
            format!("{variant} could not be started (exit code {code}): {why}")
        }
        Fact::BuildFailed { cause, instruction } => {
            format!(
                "{variant} does not build: {}",
                failure(english, *cause, instruction.as_deref())
            )
        }
        Fact::StandInBase { reference } => {
            format!("{variant} is {}", english.stand_in(reference))
        }
        Fact::Changed(changed) => since::sentence(english, finding, changed),
    }
}

fn not_started(reason: &str) -> String {
    match StartFault::of(reason) {
        Some(StartFault::Shell) => "its command is a line for `/bin/sh`, which the image does not \
             have; write it as a list, in double quotes: `CMD [\"/program\", \"argument\"]`"
            .to_owned(),
        Some(StartFault::Loader) => format!(
            "{reason}; what is missing is not the program, if it was copied, but the loader or \
             interpreter that it needs: link it statically, or copy these too"
        ),
        Some(StartFault::Format) => {
            format!("{reason}; it is for another processor, or a script without `#!`")
        }
        None => reason.to_owned(),
    }
}

fn budget(
    english: &English,
    variant: &str,
    counts: Measure,
    [actual, limit]: [Bytes; 2],
) -> String {
    let excess = Bytes(actual.0.saturating_sub(limit.0));
    if counts == Measure::Layers {
        return format!(
            "{variant} has {}, {} over its budget of {}",
            english.layers(actual.0),
            english.number(excess.0),
            english.number(limit.0)
        );
    }
    format!(
        "{} {}, {} over its budget of {}",
        weighs(variant, counts),
        english.size(actual),
        english.size(excess),
        english.limit(limit)
    )
}

fn weighs(variant: &str, counts: Measure) -> String {
    match counts {
        Measure::Unpacked => format!("{variant} weighs"),
        Measure::Own => format!("{variant} adds to its base"),
        Measure::Wasted => format!("{variant} wastes"),
        Measure::Layers => format!("{variant} has"),
    }
}

fn not_lighter(
    english: &English,
    variant: &str,
    reference: &str,
    [actual, limit]: [Bytes; 2],
) -> String {
    if actual == limit {
        let size = english.size(actual);
        return format!("{variant} weighs exactly as much as {reference}: {size}");
    }
    format!(
        "{variant} weighs {}, {} more than {reference}",
        english.size(actual),
        english.size(Bytes(actual.0.saturating_sub(limit.0)))
    )
}

pub(super) fn difference_at(english: &English, reference: &str, difference: &Difference) -> String {
    let line = english.number(difference.line);
    let quoted = |text: &str| match text {
        "" => "an empty line".to_owned(),
        text => format!("“{text}”"),
    };
    match (&difference.expected, &difference.actual) {
        (Some(expected), Some(actual)) if expected.strip_suffix('\n') == Some(actual) => {
            format!("line {line}, “{actual}”, lacks the line feed at its end")
        }
        (Some(expected), Some(actual)) if actual.strip_suffix('\n') == Some(expected) => {
            format!("line {line}, “{expected}”, has a line feed at its end, where {reference} ends")
        }
        (Some(expected), Some(actual)) if expected != actual => {
            let (expected, actual) = (quoted(expected), quoted(actual));
            format!("line {line} is {actual}, not {expected}")
        }
        (Some(expected), None) => {
            format!("its output ends before line {line}, {}", quoted(expected))
        }
        (None, Some(actual)) => {
            let actual = quoted(actual);
            format!("at line {line} it goes on with {actual}, where {reference} ends")
        }
        _ => {
            let bytes = english.bytes(difference.offset);
            format!("they part at line {line}, after {bytes}, in what does not show")
        }
    }
}

fn failure(english: &English, cause: BuildCause, instruction: Option<&str>) -> String {
    let cause = english.build_cause(&cause);
    match instruction {
        Some(instruction) => format!("{cause} (“{}”)", abridged(instruction)),
        None => cause,
    }
}

pub(super) fn praise(english: &English, praise: &Praise) -> String {
    match praise {
        Praise::WithinBudget {
            variant,
            counts: Measure::Layers,
            actual,
            limit,
        } => format!(
            "{variant} is within its budget ({} of {} layers)",
            english.number(actual.0),
            english.number(limit.0)
        ),
        Praise::WithinBudget {
            variant,
            actual,
            limit,
            ..
        } => format!(
            "{variant} is within its budget ({} of {})",
            english.size(*actual),
            english.limit(*limit)
        ),
        Praise::SameOutput { containers: 2 } => "both printed the same bytes".to_owned(),
        Praise::SameOutput { containers } => format!("all {containers} printed the same bytes"),
        Praise::AllExitedZero { containers: 1 } => "its container exited 0".to_owned(),
        Praise::AllExitedZero { containers } => format!("all {containers} containers exited 0"),
        Praise::Measured { images: 1 } => "the image was built and measured".to_owned(),
        Praise::Measured { images } => format!("{images} images were built and measured"),
    }
}
