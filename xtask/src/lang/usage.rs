use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::phrases::{Phrases, phrases, say};
use crate::model::{FlagFault, Language};

/// What is wrong with what was typed.
#[derive(Debug)]
pub struct UsageProblem {
    pub sentence: String,
    /// As the parser of the flag says it.
    pub cause: Option<String>,
    pub help: Vec<String>,
}

/// `None` where clap's own words stay: what hardly anybody types, and help.
pub fn usage(error: &Error, language: Language) -> Option<UsageProblem> {
    let say = phrases(language);
    Some(UsageProblem {
        sentence: sentence(error, say)?,
        cause: error.source().map(|cause| cause_of(cause, say)),
        help: help(error, say),
    })
}

fn sentence(error: &Error, say: Phrases) -> Option<String> {
    let text = |kind| text(error, kind);
    let arg = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => {
            let arg = arg?;
            say!(
                say,
                "unexpected argument `{arg}`",
                "argument inconnu\u{a0}: `{arg}`"
            )
        }
        ErrorKind::InvalidSubcommand => {
            let name = text(ContextKind::InvalidSubcommand)?;
            say!(
                say,
                "no such command: `{name}`",
                "la commande `{name}` n’existe pas"
            )
        }
        ErrorKind::MissingRequiredArgument => {
            let arg = arg?;
            say!(say, "`{arg}` is missing", "il manque `{arg}`")
        }
        ErrorKind::ArgumentConflict => {
            let (arg, other) = (arg?, text(ContextKind::PriorArg)?);
            if arg == other {
                say!(
                    say,
                    "`{arg}` can be used only once",
                    "`{arg}` ne peut être donné qu’une fois"
                )
            } else {
                say!(
                    say,
                    "`{arg}` can't be used with `{other}`",
                    "`{arg}` et `{other}` ne peuvent pas être utilisés ensemble"
                )
            }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::TooManyValues => {
            let (arg, value) = (arg?, value?);
            if value.is_empty() {
                say!(say, "`{arg}` needs a value", "`{arg}` attend une valeur")
            } else {
                say!(
                    say,
                    "`{arg}` does not accept `{value}`",
                    "`{arg}` n’accepte pas `{value}`"
                )
            }
        }
        _ => return None,
    })
}

/// What to type instead, where that is known, or where to look.
fn help(error: &Error, say: Phrases) -> Vec<String> {
    let nearest = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
        ContextKind::SuggestedSubcommand,
    ];
    let nearest = nearest.into_iter().find_map(|kind| text(error, kind));
    let known = text(error, ContextKind::ValidValue).filter(|known| !known.is_empty());
    vec![match (nearest, known) {
        (Some(nearest), _) => {
            say!(
                say,
                "did you mean `{nearest}`?",
                "vouliez-vous dire `{nearest}`\u{a0}?"
            )
        }
        (None, Some(known)) => {
            say!(
                say,
                "possible values: {known}",
                "valeurs possibles\u{a0}: {known}"
            )
        }
        (None, None) => say!(
            say,
            "run the same command with `--help`",
            "relancez la même commande avec `--help` (en anglais)"
        ),
    }]
}

fn cause_of(cause: &(dyn std::error::Error + 'static), say: Phrases) -> String {
    let Some(fault) = cause.downcast_ref() else {
        return cause.to_string();
    };
    match fault {
        FlagFault::NoFormat => say!(
            say,
            "write FORMAT=PATH, for example json=lab.json",
            "écrivez FORMAT=CHEMIN, par exemple json=lab.json"
        ),
        FlagFault::NoPath => say!(
            say,
            "the path is missing: write FORMAT=PATH",
            "le chemin manque\u{a0}: écrivez FORMAT=CHEMIN"
        ),
        FlagFault::UnknownFormat {
            text,
            known,
            nearest,
        } => {
            let known = known.join(", ");
            match nearest {
                Some(near) => say!(
                    say,
                    "no format `{text}`; did you mean `{near}`?",
                    "format `{text}` inconnu\u{202f}; vouliez-vous dire `{near}`\u{a0}?"
                ),
                None => say!(
                    say,
                    "no format `{text}`; the formats are {known}",
                    "format `{text}` inconnu\u{202f}; les formats sont {known}"
                ),
            }
        }
        FlagFault::Platform => say!(
            say,
            "write OS/ARCH, for example linux/arm64",
            "écrivez OS/ARCH, par exemple linux/arm64"
        ),
        FlagFault::Size => say!(
            say,
            "write a size, for example 4096, 100kB or 1.5MiB",
            "écrivez une taille, par exemple 4096, 100kB ou 1.5MiB"
        ),
        FlagFault::Base => say!(
            say,
            "write NAME=IMAGE, such as python:3.13-slim=lab/python:offline",
            "écrivez NOM=IMAGE, par exemple python:3.13-slim=lab/python:offline"
        ),
        FlagFault::Count => say!(
            say,
            "write a number from 1 to 65535",
            "écrivez un nombre de 1 à 65535"
        ),
    }
}

fn text(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        _ => None,
    }
}
