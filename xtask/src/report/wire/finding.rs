use serde::{Deserialize, Serialize};

use super::image::WirePlace;
use super::run::WireCause;
use crate::lang::phrases;
use crate::model::{Bytes, Difference, Fact, Finding, Language, Level, Measure, ReportFault};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireFinding {
    rule: Rule,
    level: Level,
    pub(super) variant: String,
    #[serde(flatten)]
    place: WirePlace,
    actual: Option<Bytes>,
    limit: Option<Bytes>,
    #[serde(default, skip_deserializing)]
    message: String,
    #[serde(flatten)]
    more: More,
}

/// What only some rules have; a key is there where it means something.
#[derive(Debug, Default, Serialize, Deserialize)]
struct More {
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Measure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<Difference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_of_memory: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<WireCause>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instruction: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rule {
    Budget,
    NotLighter,
    OutputsDiffer,
    ExitCode,
    Killed,
    TimedOut,
    NotStarted,
    BuildFailed,
    StandInBase,
}

impl From<&Finding> for WireFinding {
    fn from(finding: &Finding) -> Self {
        let mut wire = Self {
            rule: rule(&finding.fact),
            level: finding.level,
            variant: finding.variant.clone(),
            place: finding.place.as_ref().into(),
            actual: None,
            limit: None,
            message: phrases(Language::English).finding(finding),
            more: More::default(),
        };
        wire.take(&finding.fact);
        wire
    }
}

fn rule(fact: &Fact) -> Rule {
    match fact {
        Fact::Budget { .. } => Rule::Budget,
        Fact::NotLighter { .. } => Rule::NotLighter,
        Fact::OutputsDiffer { .. } => Rule::OutputsDiffer,
        Fact::ExitCode { .. } => Rule::ExitCode,
        Fact::Killed { .. } => Rule::Killed,
        Fact::TimedOut { .. } => Rule::TimedOut,
        Fact::NotStarted { .. } => Rule::NotStarted,
        Fact::BuildFailed { .. } => Rule::BuildFailed,
        Fact::StandInBase { .. } => Rule::StandInBase,
    }
}

impl WireFinding {
    fn take(&mut self, fact: &Fact) {
        let more = &mut self.more;
        match fact {
            Fact::Budget {
                counts,
                actual,
                limit,
            } => {
                more.counts = Some(*counts);
                (self.actual, self.limit) = (Some(*actual), Some(*limit));
            }
            Fact::NotLighter {
                reference,
                actual,
                limit,
            } => {
                more.reference = Some(reference.clone());
                (self.actual, self.limit) = (Some(*actual), Some(*limit));
            }
            Fact::OutputsDiffer {
                reference,
                difference,
            } => {
                more.reference = Some(reference.clone());
                more.difference = Some(difference.clone());
            }
            Fact::ExitCode { code } => more.exit_code = Some(*code),
            Fact::Killed {
                code,
                out_of_memory,
            } => {
                more.exit_code = Some(*code);
                more.out_of_memory = Some(*out_of_memory);
            }
            Fact::TimedOut { seconds } => more.seconds = Some(*seconds),
            Fact::NotStarted { code, reason } => {
                more.exit_code = Some(*code);
                more.reason = Some(reason.clone());
            }
            Fact::BuildFailed { cause, instruction } => {
                more.failure = Some((*cause).into());
                more.instruction.clone_from(instruction);
            }
            Fact::StandInBase { reference } => more.reference = Some(reference.clone()),
        }
    }

    /// `place` is where it stands, for the fault.
    pub(super) fn into_finding(self, place: &str) -> Result<Finding, ReportFault> {
        let fact = self.fact().map_err(|key| ReportFault::Missing {
            place: format!("{place}.{key}"),
        })?;
        Ok(Finding {
            level: self.level,
            variant: self.variant,
            place: self.place.into(),
            fact,
        })
    }

    /// The key that is missing, as the error.
    fn fact(&self) -> Result<Fact, &'static str> {
        let more = &self.more;
        let reference = || more.reference.clone().ok_or("reference");
        let code = || more.exit_code.ok_or("exit_code");
        Ok(match self.rule {
            Rule::Budget => Fact::Budget {
                counts: more.counts.ok_or("counts")?,
                actual: self.actual.ok_or("actual")?,
                limit: self.limit.ok_or("limit")?,
            },
            Rule::NotLighter => Fact::NotLighter {
                reference: reference()?,
                actual: self.actual.ok_or("actual")?,
                limit: self.limit.ok_or("limit")?,
            },
            Rule::OutputsDiffer => Fact::OutputsDiffer {
                reference: reference()?,
                difference: more.difference.clone().ok_or("difference")?,
            },
            Rule::ExitCode => Fact::ExitCode { code: code()? },
            Rule::Killed => Fact::Killed {
                code: code()?,
                out_of_memory: more.out_of_memory.ok_or("out_of_memory")?,
            },
            Rule::TimedOut => Fact::TimedOut {
                seconds: more.seconds.ok_or("seconds")?,
            },
            Rule::NotStarted => Fact::NotStarted {
                code: code()?,
                reason: more.reason.clone().ok_or("reason")?,
            },
            Rule::BuildFailed => Fact::BuildFailed {
                cause: more.failure.ok_or("failure")?.into(),
                instruction: more.instruction.clone(),
            },
            Rule::StandInBase => Fact::StandInBase {
                reference: reference()?,
            },
        })
    }
}
