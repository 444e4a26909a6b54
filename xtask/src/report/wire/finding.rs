use serde::{Deserialize, Serialize};

use super::baseline::WireGrown;
use super::run::WireCause;
use crate::lang::phrases;
use crate::model::{
    Bytes, Change, Changed, Difference, Fact, Finding, GateKind, Language, Level, Measure,
    OwnFiles, Place, PolicyKey, ReportFault, Rule, flat,
};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireFinding {
    rule: Rule,
    level: Level,
    pub(super) variant: String,
    #[serde(flatten, with = "flat::place")]
    place: Option<Place>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    growth: Option<WireGrown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code_before: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<WirePolicyChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_files: Option<OwnFiles>,
}

/// How a key of the policy differs; null is none.
#[derive(Debug, Serialize, Deserialize)]
struct WirePolicyChange {
    key: PolicyKey,
    file: Option<String>,
    baseline: Option<String>,
}

impl From<&Finding> for WireFinding {
    fn from(finding: &Finding) -> Self {
        let mut wire = Self {
            rule: finding.fact.rule(),
            level: finding.level,
            variant: finding.variant.clone(),
            place: finding.place.clone(),
            actual: None,
            limit: None,
            message: phrases(Language::English).finding(finding),
            more: More::default(),
        };
        wire.take(&finding.fact);
        wire
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
            Fact::BuildFailed {
                cause,
                instruction,
                reason,
            } => {
                more.failure = Some((*cause).into());
                more.instruction.clone_from(instruction);
                more.reason.clone_from(reason);
            }
            Fact::StandInBase { reference } => more.reference = Some(reference.clone()),
            Fact::OwnFiles(files) => more.own_files = Some(files.clone()),
            Fact::Changed(changed) => self.take_changed(changed),
        }
    }

    /// `place` is where it stands, for the fault.
    pub(super) fn into_finding(mut self, place: &str) -> Result<Finding, ReportFault> {
        let fact = self.fact().map_err(|key| ReportFault::Missing {
            place: format!("{place}.{key}"),
        })?;
        Ok(Finding {
            level: self.level,
            variant: self.variant,
            place: self.place,
            fact,
        })
    }

    /// The key that is missing, as the error.
    fn fact(&mut self) -> Result<Fact, &'static str> {
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
                reason: more.reason.clone(),
            },
            Rule::StandInBase => Fact::StandInBase {
                reference: reference()?,
            },
            Rule::OwnFiles => Fact::OwnFiles(more.own_files.clone().ok_or("own_files")?),
            Rule::Growth
            | Rule::BaseDrift
            | Rule::ContentDrift
            | Rule::Shrank
            | Rule::OutputChanged
            | Rule::ExitCodeChanged
            | Rule::NotRun
            | Rule::NewVariant
            | Rule::MissingVariant
            | Rule::RemovedVariant
            | Rule::Accepted
            | Rule::PolicyDiffers => Fact::Changed(self.changed()?),
        })
    }
}

impl WireFinding {
    fn take_changed(&mut self, changed: &Changed) {
        let more = &mut self.more;
        match changed {
            Changed::Grew(grown) => {
                more.counts = Some(grown.counts);
                more.growth = Some((&**grown).into());
                self.actual = Some(grown.counted.after);
            }
            Changed::Shrank { counts, counted } => {
                more.counts = Some(*counts);
                more.change = Some(*counted);
                self.actual = Some(counted.after);
            }
            Changed::Output { difference } => more.difference = Some(difference.clone()),
            Changed::ExitCode { before, after } => {
                more.exit_code_before = Some(*before);
                more.exit_code = Some(*after);
            }
            Changed::NotRun
            | Changed::NewVariant
            | Changed::MissingVariant
            | Changed::RemovedVariant
            | Changed::Accepted => {}
            Changed::Policy {
                key,
                file,
                baseline,
            } => {
                more.policy = Some(WirePolicyChange {
                    key: *key,
                    file: file.clone(),
                    baseline: baseline.clone(),
                });
            }
        }
    }

    /// The key that is missing, as the error.
    fn changed(&mut self) -> Result<Changed, &'static str> {
        let growth = self.more.growth.take();
        let more = &self.more;
        Ok(match self.rule {
            Rule::Growth => grew(GateKind::Growth, more.counts, growth)?,
            Rule::BaseDrift => grew(GateKind::BaseDrift, more.counts, growth)?,
            Rule::ContentDrift => grew(GateKind::ContentDrift, more.counts, growth)?,
            Rule::Shrank => Changed::Shrank {
                counts: more.counts.ok_or("counts")?,
                counted: more.change.ok_or("change")?,
            },
            Rule::OutputChanged => Changed::Output {
                difference: more.difference.clone().ok_or("difference")?,
            },
            Rule::ExitCodeChanged => Changed::ExitCode {
                before: more.exit_code_before.ok_or("exit_code_before")?,
                after: more.exit_code.ok_or("exit_code")?,
            },
            Rule::NotRun => Changed::NotRun,
            Rule::NewVariant => Changed::NewVariant,
            Rule::MissingVariant => Changed::MissingVariant,
            Rule::RemovedVariant => Changed::RemovedVariant,
            Rule::Accepted => Changed::Accepted,
            Rule::PolicyDiffers => {
                let policy = more.policy.as_ref().ok_or("policy")?;
                Changed::Policy {
                    key: policy.key,
                    file: policy.file.clone(),
                    baseline: policy.baseline.clone(),
                }
            }
            Rule::Budget
            | Rule::NotLighter
            | Rule::OutputsDiffer
            | Rule::ExitCode
            | Rule::Killed
            | Rule::TimedOut
            | Rule::NotStarted
            | Rule::BuildFailed
            | Rule::OwnFiles
            | Rule::StandInBase => return Err("rule"),
        })
    }
}

fn grew(
    gate: GateKind,
    counts: Option<Measure>,
    growth: Option<WireGrown>,
) -> Result<Changed, &'static str> {
    let growth = growth.ok_or("growth")?;
    let grown = growth.into_grown(gate, counts.ok_or("counts")?);
    Ok(Changed::Grew(Box::new(grown)))
}
