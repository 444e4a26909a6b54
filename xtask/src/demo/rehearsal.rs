use super::lesson::Trouble;
use super::taken::Taken;
use crate::lang::phrases;
use crate::model::{Bytes, Language, ScriptStep};

/// How a step differs from what was recorded.
#[derive(Clone, Debug, PartialEq)]
pub enum Deviation {
    Size {
        before: Bytes,
        after: Bytes,
    },
    Output,
    /// It does not end as it is meant to.
    End(Trouble),
}

/// A rehearsed step against its record.
#[derive(Clone, Debug, PartialEq)]
pub struct Rehearsed {
    pub deviations: Vec<Deviation>,
    /// When it was recorded; `None` where there is nothing to compare with.
    pub before: Option<String>,
}

/// Compares a step with what was recorded of the same Dockerfile.
pub fn rehearsal(
    step: &ScriptStep,
    before: Option<&Taken>,
    after: &Taken,
    language: Language,
) -> Rehearsed {
    let before = before.filter(|before| before.dockerfile == after.dockerfile);
    let mut deviations = Vec::new();
    deviations.extend(Trouble::of(step, after, language).map(Deviation::End));
    if let Some(before) = before {
        deviations.extend(size(before, after, step.tolerance));
        let outputs = [before, after].map(|taken| taken.run().map(|run| run.stdout.sha256));
        if outputs[0] != outputs[1] {
            deviations.push(Deviation::Output);
        }
    }
    Rehearsed {
        deviations,
        before: before.map(|before| before.made().to_owned()),
    }
}

fn size(before: &Taken, after: &Taken, tolerance: f64) -> Option<Deviation> {
    let (before, after) = (before.size()?, after.size()?);
    (!is_within(before, after, tolerance)).then_some(Deviation::Size { before, after })
}

/// `tolerance` is in per cent of the size before.
#[expect(clippy::cast_precision_loss, reason = "a tolerance is no exact limit")]
fn is_within(before: Bytes, after: Bytes, tolerance: f64) -> bool {
    let apart = before.0.abs_diff(after.0) as f64;
    apart <= before.0 as f64 * tolerance / 100.0
}

impl Rehearsed {
    /// One sentence for each deviation, or the one that there is none.
    pub fn sentences(&self, step: &ScriptStep, after: &Taken, language: Language) -> Vec<String> {
        let say = phrases(language);
        if self.deviations.is_empty() {
            let is_meant = step.expected == crate::model::ExpectedEnd::Success;
            let size = after.size().filter(|_| is_meant);
            return vec![say.rehearsed_well(&step.id, size, self.before.as_deref())];
        }
        let sentences = self
            .deviations
            .iter()
            .flat_map(|deviation| match deviation {
                Deviation::Size { before, after } => {
                    vec![say.rehearsed_size(&step.id, [*before, *after], step.tolerance)]
                }
                Deviation::Output => vec![say.rehearsed_output(&step.id)],
                Deviation::End(trouble) => {
                    let sentences = trouble.sentences.iter();
                    let sentences = sentences.map(|why| say.rehearsed_failure(&step.id, why));
                    sentences.collect()
                }
            });
        sentences.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Deviation, is_within, rehearsal};
    use crate::demo::sample::{printing, script, taken};
    use crate::model::{Bytes, ExpectedEnd, Language};

    #[test]
    fn a_size_may_be_as_far_away_as_its_tolerance() {
        for (before, after, tolerance, is_well) in [
            (1_000, 1_010, 1.0, true),
            (1_000, 990, 1.0, true),
            (1_000, 1_011, 1.0, false),
            (0, 0, 0.0, true),
            (0, 1, 5.0, false),
        ] {
            assert_eq!(is_within(Bytes(before), Bytes(after), tolerance), is_well);
        }
    }

    #[test]
    fn a_step_is_compared_with_what_was_recorded_of_the_same_dockerfile() {
        let step = &script().steps[0];
        let (before, after) = (taken(1_000), taken(2_000));
        let compared = |before| rehearsal(step, before, &after, Language::English);
        assert_eq!(
            compared(Some(&before)).deviations,
            [Deviation::Size {
                before: Bytes(1_000),
                after: Bytes(2_000)
            }]
        );
        let mut other = before.clone();
        other.dockerfile.push("RUN more".to_owned());
        assert_eq!(compared(Some(&other)).before, None);
        assert!(compared(Some(&other)).deviations.is_empty());
        let printed = printing(2_000, b"other\n");
        assert_eq!(compared(Some(&printed)).deviations, [Deviation::Output]);
        assert!(compared(None).deviations.is_empty());
    }

    #[test]
    fn a_step_that_is_meant_to_fail_must_fail() {
        let mut step = script().steps.remove(0);
        step.expected = ExpectedEnd::Failure;
        let rehearsed = rehearsal(&step, None, &taken(1_000), Language::English);
        let [Deviation::End(trouble)] = rehearsed.deviations.as_slice() else {
            panic!("{rehearsed:?}");
        };
        assert_eq!(
            trouble.sentences,
            ["This step was meant to fail, and did not"]
        );
    }
}
