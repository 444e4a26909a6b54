use std::time::Duration;

use super::{French, NBSP, since};
use crate::lang::phrases::{Phrases, abridged, signal};
use crate::lang::word::Praise;
use crate::model::{BuildCause, Bytes, Difference, Fact, Finding, Measure, StartFault};

pub(super) fn sentence(french: &French, finding: &Finding) -> String {
    let variant = finding.variant.as_str();
    match &finding.fact {
        Fact::Budget {
            counts,
            actual,
            limit,
        } => budget(french, variant, *counts, [*actual, *limit]),
        Fact::NotLighter {
            reference,
            actual,
            limit,
        } => not_lighter(french, variant, reference, [*actual, *limit]),
        Fact::OutputsDiffer {
            reference,
            difference,
        } => format!(
            "{variant} n’affiche pas ce qu’affiche {reference}{NBSP}: {}",
            difference_at(french, reference, difference)
        ),
        Fact::ExitCode { code } => {
            format!("{variant} s’est terminée avec le code {code} au lieu de 0")
        }
        Fact::Killed {
            out_of_memory: true,
            ..
        } => format!("{variant} a été tuée{NBSP}: elle demandait plus de mémoire que permis"),
        Fact::Killed { code, .. } => {
            format!("{variant} a été tuée par le signal {}", signal(*code))
        }
        Fact::TimedOut { seconds } => {
            let limit = Duration::try_from_secs_f64(*seconds).unwrap_or_default();
            let limit = french.seconds(limit);
            format!("{variant} tournait encore au bout de {limit} et a été arrêtée")
        }
        Fact::NotStarted { code, reason } => {
            let why = not_started(reason);
            format!("{variant} n’a pas pu démarrer (code {code}){NBSP}: {why}")
        }
        Fact::BuildFailed { cause, instruction } => {
            let failure = failure(french, *cause, instruction.as_deref());
            format!("{variant} ne se construit pas{NBSP}: {failure}")
        }
        Fact::Changed(changed) => since::sentence(french, finding, changed),
        Fact::StandInBase { reference } => {
            format!("{variant} repose sur la {}", french.stand_in(reference))
        }
    }
}

fn not_started(reason: &str) -> String {
    match StartFault::of(reason) {
        Some(StartFault::Shell) => format!(
            "sa commande est une ligne pour `/bin/sh`, que l’image n’a pas{NBSP}; écrivez-la en \
             liste, entre guillemets doubles{NBSP}: `CMD [\"/programme\", \"argument\"]`"
        ),
        Some(StartFault::Loader) => format!(
            "{reason}{NBSP}; ce qui manque n’est pas le programme, s’il a été copié, mais le \
             chargeur ou l’interpréteur qu’il demande{NBSP}: liez-le en statique, ou copiez-les \
             aussi"
        ),
        Some(StartFault::Format) => {
            format!("{reason}{NBSP}; il est pour un autre processeur, ou c’est un script sans `#!`")
        }
        None => reason.to_owned(),
    }
}

fn budget(french: &French, variant: &str, counts: Measure, [actual, limit]: [Bytes; 2]) -> String {
    let excess = Bytes(actual.0.saturating_sub(limit.0));
    if counts == Measure::Layers {
        return format!(
            "{variant} a {}, soit {} de plus que son budget de {}",
            french.layers(actual.0),
            french.number(excess.0),
            french.number(limit.0)
        );
    }
    format!(
        "{} {}, soit {} de plus que son budget de {}",
        weighs(variant, counts),
        french.size(actual),
        french.size(excess),
        french.limit(limit)
    )
}

fn weighs(variant: &str, counts: Measure) -> String {
    match counts {
        Measure::Unpacked => format!("{variant} pèse"),
        Measure::Own => format!("{variant} ajoute à sa base"),
        Measure::Wasted => format!("{variant} gaspille"),
        Measure::Layers => format!("{variant} a"),
    }
}

fn not_lighter(
    french: &French,
    variant: &str,
    reference: &str,
    [actual, limit]: [Bytes; 2],
) -> String {
    if actual == limit {
        let size = french.size(actual);
        return format!("{variant} pèse exactement autant que {reference}{NBSP}: {size}");
    }
    format!(
        "{variant} pèse {}, soit {} de plus que {reference}",
        french.size(actual),
        french.size(Bytes(actual.0.saturating_sub(limit.0)))
    )
}

pub(super) fn difference_at(french: &French, reference: &str, difference: &Difference) -> String {
    let line = french.number(difference.line);
    let quoted = |text: &str| match text {
        "" => "une ligne vide".to_owned(),
        text => format!("«{NBSP}{text}{NBSP}»"),
    };
    match (&difference.expected, &difference.actual) {
        (Some(expected), Some(actual)) if expected.strip_suffix('\n') == Some(actual) => {
            let actual = quoted(actual);
            format!("il manque le saut de ligne à la fin de la ligne {line}, {actual}")
        }
        (Some(expected), Some(actual)) if actual.strip_suffix('\n') == Some(expected) => {
            let expected = quoted(expected);
            format!(
                "la ligne {line}, {expected}, finit par un saut de ligne, là où {reference} s’arrête"
            )
        }
        (Some(expected), Some(actual)) if expected != actual => {
            let (expected, actual) = (quoted(expected), quoted(actual));
            format!("la ligne {line} est {actual}, et non {expected}")
        }
        (Some(expected), None) => {
            format!(
                "sa sortie s’arrête avant la ligne {line}, {}",
                quoted(expected)
            )
        }
        (None, Some(actual)) => {
            let actual = quoted(actual);
            format!("à la ligne {line} elle continue par {actual}, là où {reference} s’arrête")
        }
        _ => {
            let bytes = french.bytes(difference.offset);
            format!("à la ligne {line}, après {bytes}, la différence n’est pas affichable")
        }
    }
}

fn failure(french: &French, cause: BuildCause, instruction: Option<&str>) -> String {
    let cause = french.build_cause(&cause);
    match instruction {
        Some(instruction) => format!("{cause} («{NBSP}{}{NBSP}»)", abridged(instruction)),
        None => cause,
    }
}

pub(super) fn praise(french: &French, praise: &Praise) -> String {
    match praise {
        Praise::WithinBudget {
            variant,
            counts: Measure::Layers,
            actual,
            limit,
        } => format!(
            "{variant} tient dans son budget ({} sur {})",
            french.layers(actual.0),
            french.number(limit.0)
        ),
        Praise::WithinBudget {
            variant,
            actual,
            limit,
            ..
        } => format!(
            "{variant} tient dans son budget ({} sur {})",
            french.size(*actual),
            french.limit(*limit)
        ),
        Praise::SameOutput { containers: 2 } => "toutes deux affichent les mêmes octets".to_owned(),
        Praise::SameOutput { containers } => {
            format!("les {containers} affichent les mêmes octets")
        }
        Praise::AllExitedZero { containers: 1 } => {
            "son conteneur s’est terminé avec le code 0".to_owned()
        }
        Praise::AllExitedZero { containers } => {
            format!("les {containers} conteneurs se sont terminés avec le code 0")
        }
        Praise::Measured { images: 1 } => "l’image a été construite et mesurée".to_owned(),
        Praise::Measured { images } => {
            format!("{images} images ont été construites et mesurées")
        }
    }
}
