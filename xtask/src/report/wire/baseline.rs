use serde::{Deserialize, Serialize};

use crate::model::{
    Baseline, Bytes, CauseKind, Change, Delta, Evolution, GateKind, Grown, Growth, InputPlace,
    Measure, PathChange, PolicySource, ReportFault, Since, SinceBaseline,
};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireBaseline {
    created: Option<String>,
    policy: PolicySource,
    #[serde(default)]
    name: Option<String>,
    pub(super) variants: Vec<WireSince>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireSince {
    pub(super) name: String,
    state: State,
    /// Of `compared` alone.
    compared: Option<Box<Evolution>>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    New,
    Missing,
    NoImage,
    Compared,
}

/// What a finding of growth holds beside what is counted.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireGrown {
    before: Bytes,
    after: Bytes,
    total: Delta,
    limit: Option<Growth>,
    cause: Option<CauseKind>,
    delta: Delta,
    instruction: Option<String>,
    paths: Vec<PathChange>,
    #[serde(default)]
    inputs: Vec<InputPlace>,
    explained: f64,
}

impl From<&Baseline> for WireBaseline {
    fn from(baseline: &Baseline) -> Self {
        Self {
            created: baseline.created.clone(),
            policy: baseline.policy,
            name: baseline.name.clone(),
            variants: baseline.variants.iter().map(Into::into).collect(),
        }
    }
}

impl WireBaseline {
    pub(super) fn into_baseline(self) -> Result<Baseline, ReportFault> {
        let variants = self.variants.into_iter().enumerate();
        let variants =
            variants.map(|(at, since)| since.into_since(&format!("baseline.variants[{at}]")));
        Ok(Baseline {
            created: self.created,
            policy: self.policy,
            name: self.name,
            variants: variants.collect::<Result<_, _>>()?,
        })
    }
}

impl From<&SinceBaseline> for WireSince {
    fn from(since: &SinceBaseline) -> Self {
        let (state, compared) = match &since.state {
            Since::New => (State::New, None),
            Since::Missing => (State::Missing, None),
            Since::NoImage => (State::NoImage, None),
            Since::Compared(evolution) => (State::Compared, Some(evolution.clone())),
        };
        Self {
            name: since.name.clone(),
            state,
            compared,
        }
    }
}

impl WireSince {
    /// `place` is where it stands, for the fault.
    fn into_since(self, place: &str) -> Result<SinceBaseline, ReportFault> {
        let state = match (self.state, self.compared) {
            (State::New, None) => Since::New,
            (State::Missing, None) => Since::Missing,
            (State::NoImage, None) => Since::NoImage,
            (State::Compared, Some(evolution)) => Since::Compared(evolution),
            _ => {
                return Err(ReportFault::Contradiction {
                    place: format!("{place}.compared"),
                });
            }
        };
        Ok(SinceBaseline {
            name: self.name,
            state,
        })
    }
}

impl From<&Grown> for WireGrown {
    fn from(grown: &Grown) -> Self {
        Self {
            before: grown.counted.before,
            after: grown.counted.after,
            total: grown.total,
            limit: grown.limit,
            cause: grown.cause,
            delta: grown.delta,
            instruction: grown.instruction.clone(),
            paths: grown.paths.clone(),
            inputs: grown.inputs.clone(),
            explained: grown.explained,
        }
    }
}

impl WireGrown {
    pub(super) fn into_grown(self, gate: GateKind, counts: Measure) -> Grown {
        Grown {
            gate,
            counts,
            counted: Change {
                before: self.before,
                after: self.after,
            },
            total: self.total,
            limit: self.limit,
            cause: self.cause,
            delta: self.delta,
            instruction: self.instruction,
            paths: self.paths,
            inputs: self.inputs,
            explained: self.explained,
        }
    }
}
