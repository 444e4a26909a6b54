use std::sync::Arc;

use crate::dockerfile::Dockerfile;
use crate::model::{
    Cause, CheckId, CheckOutcome, CheckResult, Diagnosis, EngineProblem, LabProblem, Lesson,
    Problem, SourceProblem,
};
use crate::task::bases::nearest_base;

/// Why a submission is not built to the end.
#[derive(Debug)]
pub(super) enum Halt {
    Cause(Box<Diagnosis>),
    Problem(Problem),
}

impl From<Cause> for Halt {
    fn from(cause: Cause) -> Self {
        Self::Cause(Box::new(Diagnosis::new(cause, None)))
    }
}

impl From<Problem> for Halt {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<EngineProblem> for Halt {
    fn from(problem: EngineProblem) -> Self {
        Self::Problem(problem.into())
    }
}

impl From<LabProblem> for Halt {
    fn from(problem: LabProblem) -> Self {
        Self::Problem(problem.into())
    }
}

impl Halt {
    /// The same, or the cause that a problem shows where the submission is to blame for it.
    pub(super) fn explained(
        mut self,
        file: &Dockerfile,
        (own_base, known): (&str, &[String]),
        shown: &str,
    ) -> Self {
        // What is built is a copy, which nobody knows by its place.
        if let Self::Problem(Problem::Engine(EngineProblem::NeedsBuildkit {
            place: Some(place),
            ..
        })) = &mut self
        {
            shown.clone_into(&mut place.dockerfile);
        }
        let (cause, line) = match &self {
            Self::Problem(Problem::Source(SourceProblem::NoStage {
                place,
                name,
                nearest,
                ..
            })) => {
                let names = file.stages.iter().filter_map(|it| it.name.clone());
                let lesson = Lesson::UnknownStage {
                    name: name.clone(),
                    nearest: Some(nearest.clone()),
                    stages: names.collect(),
                };
                (Cause::Lesson(lesson), place.line)
            }
            Self::Problem(Problem::Engine(EngineProblem::BuildOffline {
                instruction,
                said,
                ..
            })) => {
                let cause = Cause::NoNetwork {
                    instruction: instruction.clone(),
                    said: said.clone(),
                };
                (cause, None)
            }
            Self::Problem(Problem::Engine(EngineProblem::NoBase { image, .. }))
                if image != own_base =>
            {
                let cause = Cause::BaseUnreachable {
                    image: image.clone(),
                    nearest: nearest_base(image, known),
                };
                let stages = file.stages.iter();
                let froms = stages.map(|it| &it.from).chain(&file.preamble);
                let mut lines = froms.filter(|it| it.text.contains(image.as_str()));
                (cause, lines.next().map(|it| it.line))
            }
            Self::Problem(_) | Self::Cause(_) => return self,
        };
        Self::Cause(Box::new(Diagnosis::new(cause, line)))
    }

    /// What becomes of each check.
    ///
    /// # Errors
    /// Where a signal ended it: then there is nothing to report.
    pub(super) fn checks(self) -> Result<Vec<CheckResult>, Problem> {
        let result = |id: CheckId| CheckResult {
            id,
            outcome: CheckOutcome::Skipped,
            because: id.needs().first().copied(),
            diagnosis: None,
            proof: None,
            problem: None,
        };
        let mut first = result(CheckId::Builds);
        first.outcome = CheckOutcome::Undecided;
        match self {
            Self::Problem(problem) if problem.signal().is_some() => return Err(problem),
            Self::Problem(problem) => first.problem = Some(Arc::new(problem)),
            Self::Cause(diagnosis) => {
                if !diagnosis.cause.is_undecided() {
                    first.outcome = CheckOutcome::Fail;
                }
                first.diagnosis = Some(*diagnosis);
            }
        }
        let others = CheckId::ALL.into_iter().skip(1).map(result);
        Ok(std::iter::once(first).chain(others).collect())
    }
}
