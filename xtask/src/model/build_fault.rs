use super::{BuildCause, mistyped};

/// The instructions of a Dockerfile (Dockerfile reference).
const KEYWORDS: [&str; 18] = [
    "FROM",
    "RUN",
    "COPY",
    "CMD",
    "WORKDIR",
    "ENV",
    "ARG",
    "ENTRYPOINT",
    "ADD",
    "EXPOSE",
    "USER",
    "VOLUME",
    "LABEL",
    "SHELL",
    "ONBUILD",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "MAINTAINER",
];

/// Whether a word is an instruction of a Dockerfile, in whatever case.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// Why a Dockerfile does not build, where a builder's sentence leaves a beginner in the dark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildFault {
    /// A line begins with a word that is no instruction.
    UnknownInstruction {
        word: String,
        nearest: Option<&'static str>,
    },
    /// FROM names no image, because its variables are empty.
    EmptyBase { written: String },
    /// `--from` names by its number the stage that it stands in.
    FromItself { index: usize },
}

impl BuildFault {
    /// Of what both builders of Docker 20.10 and newer say, and Podman.
    pub fn of(cause: BuildCause, reason: &str) -> Option<Self> {
        match cause {
            BuildCause::Syntax | BuildCause::Refused => unknown_instruction(reason)
                .or_else(|| empty_base(reason))
                .or_else(|| from_itself(reason)),
            BuildCause::Run { .. } | BuildCause::SourceMissing => None,
        }
    }
}

/// `unknown instruction: COPPY`, with buildx 0.30 `unknown instruction: COPPY (did you mean
/// COPY?)`.
fn unknown_instruction(reason: &str) -> Option<BuildFault> {
    let lower = reason.to_ascii_lowercase();
    let at = lower.find("unknown instruction: ")?;
    let word = reason.get(at + "unknown instruction: ".len()..)?;
    let word = word.split_whitespace().next()?;
    let word = word.trim_matches('"').to_ascii_uppercase();
    Some(BuildFault::UnknownInstruction {
        nearest: mistyped(&word, KEYWORDS),
        word,
    })
}

/// `base name (${X}) should not be blank`.
fn empty_base(reason: &str) -> Option<BuildFault> {
    let (_, rest) = reason.split_once("base name (")?;
    let (written, _) = rest.rsplit_once(") should not be blank")?;
    let written = written.to_owned();
    Some(BuildFault::EmptyBase { written })
}

/// Of the classic builder, `invalid from flag value 1: refers to current build stage`; of
/// BuildKit, `invalid stage index 1`.
fn from_itself(reason: &str) -> Option<BuildFault> {
    let (_, rest) = reason.split_once("invalid from flag value ")?;
    let (index, why) = rest.split_once(": ")?;
    let index = index.parse().ok()?;
    (why == "refers to current build stage").then_some(BuildFault::FromItself { index })
}

#[cfg(test)]
mod tests {
    use super::BuildFault;
    use crate::model::BuildCause;

    #[test]
    fn what_the_builders_say_is_understood() {
        let of = |reason| BuildFault::of(BuildCause::Refused, reason);
        let unknown = |word: &str, nearest| {
            let word = word.to_owned();
            Some(BuildFault::UnknownInstruction { word, nearest })
        };
        let copy = unknown("COPPY", Some("COPY"));
        assert_eq!(of("unknown instruction: COPPY"), copy);
        assert_eq!(of("unknown instruction: coppy (did you mean COPY?)"), copy);
        assert_eq!(of("Unknown instruction: ECHO"), unknown("ECHO", None));
        let written = "${X}".to_owned();
        let empty = Some(BuildFault::EmptyBase { written });
        assert_eq!(of("base name (${X}) should not be blank"), empty);
        let itself = Some(BuildFault::FromItself { index: 1 });
        let said = "invalid from flag value 1: refers to current build stage";
        assert_eq!(of(said), itself);
        for other in [
            "",
            "unknown instruction: ",
            "invalid from flag value 1: no such host",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        let run = BuildCause::Run { exit_code: Some(1) };
        assert_eq!(BuildFault::of(run, "unknown instruction: COPPY"), None);
    }
}
