use super::expected;
use crate::model::{FlagProblem, Language};

pub(super) fn french(problem: &FlagProblem) -> String {
    use FlagProblem as P;
    match problem {
        P::BadValue { flag, value, .. } => format!("`{flag}` n’accepte pas `{value}`"),
        P::OtherUnit {
            variant,
            key,
            counts,
            ..
        } => {
            format!("`{variant}` doit compter `{counts}`, et son `{key}` est dans une autre unité")
        }
        P::UnknownVariant { flag, name, .. } => {
            format!("`{flag}` désigne la variante `{name}`, qui n’y est pas")
        }
    }
}

pub(super) fn help(problem: &FlagProblem, language: Language) -> String {
    match language {
        Language::English => english_help(problem),
        Language::French => french_help(problem),
    }
}

fn english_help(problem: &FlagProblem) -> String {
    use FlagProblem as P;
    match problem {
        P::BadValue { expected, .. } => {
            format!(
                "it takes, for all or as `VARIANT=…`, {}",
                expected::english(*expected)
            )
        }
        P::OtherUnit { variant, flag, .. } => format!("type it too: `{flag} {variant}=…`"),
        P::UnknownVariant {
            flag,
            known,
            nearest,
            ..
        } => match nearest {
            Some(nearest) => format!("did you mean `{flag} {nearest}=…`?"),
            None => format!("the variants there: {}", known.join(", ")),
        },
    }
}

fn french_help(problem: &FlagProblem) -> String {
    use FlagProblem as P;
    match problem {
        P::BadValue { expected, .. } => format!(
            "il attend, pour toutes ou sous la forme `VARIANTE=…`, {}",
            expected::french(*expected)
        ),
        P::OtherUnit { variant, flag, .. } => {
            format!("donnez-le aussi\u{a0}: `{flag} {variant}=…`")
        }
        P::UnknownVariant {
            flag,
            known,
            nearest,
            ..
        } => match nearest {
            Some(nearest) => format!("vouliez-vous dire `{flag} {nearest}=…`\u{a0}?"),
            None => format!("les variantes qui s’y trouvent\u{a0}: {}", known.join(", ")),
        },
    }
}
