use super::{Said, did_you_mean, expected};
use crate::lang::phrases::{Phrases, say};
use crate::model::FlagProblem;

#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
pub(super) fn said(problem: &FlagProblem, say: Phrases) -> Said {
    match problem {
        FlagProblem::BadValue {
            flag,
            value,
            expected,
        } => {
            let expected = say.pick(expected::words(*expected));
            Said::new(
                say!(
                    say,
                    "`{flag}` does not accept `{value}`",
                    "`{flag}` n’accepte pas `{value}`"
                ),
                say!(
                    say,
                    "use, for all variants or as `VARIANT=…`, {expected}",
                    "donnez, pour toutes les variantes ou sous la forme `VARIANTE=…`, {expected}"
                ),
            )
        }
        FlagProblem::OtherUnit {
            variant,
            key,
            flag,
            counts,
        } => Said::new(
            say!(
                say,
                "`{variant}` now counts `{counts}`, but its `{key}` is in another unit",
                "`{variant}` compte maintenant `{counts}`, mais son `{key}` est dans une autre \
                 unité"
            ),
            say!(
                say,
                "set it too: `{flag} {variant}=…`",
                "donnez-le aussi\u{a0}: `{flag} {variant}=…`"
            ),
        ),
        FlagProblem::UnknownVariant {
            flag,
            name,
            known,
            nearest,
        } => {
            let known = known.join(", ");
            Said::new(
                say!(
                    say,
                    "`{flag}` names the variant `{name}`, which does not exist",
                    "`{flag}` désigne la variante `{name}`, qui n’existe pas"
                ),
                match nearest {
                    Some(nearest) => did_you_mean(say, &format!("{flag} {nearest}=…")),
                    None => say!(
                        say,
                        "the variants are: {known}",
                        "les variantes sont\u{a0}: {known}"
                    ),
                },
            )
        }
    }
}
