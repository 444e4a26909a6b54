use serde::{Deserialize, Serialize};

use super::diff::{Cause, PathChanged, WireChange};
use super::variant::WireGrowth;
use crate::model::{
    Baseline, Behaved, Behaviour, Bytes, CauseKind, Change, Delta, Digest, Evolution, Gate,
    GateKind, Grown, ImageDiff, Measure, PolicySource, ReportFault, Since, SinceBaseline,
};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireBaseline {
    created: Option<String>,
    policy: PolicySource,
    pub(super) variants: Vec<WireSince>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireSince {
    pub(super) name: String,
    state: State,
    /// Of `compared` alone.
    compared: Option<WireEvolution>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    New,
    Missing,
    NoImage,
    Compared,
}

#[derive(Debug, Serialize, Deserialize)]
struct WireEvolution {
    base_before: Option<String>,
    base_after: Option<String>,
    counts: Measure,
    counted: WireChange,
    unpacked: WireChange,
    base_delta: Delta,
    own_delta: Delta,
    causes: Vec<Cause>,
    explained: f64,
    gates: Gates,
    behaviour: Option<WireBehaviour>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Gates {
    growth: WireGate,
    base_drift: WireGate,
    content_drift: WireGate,
}

#[derive(Debug, Serialize, Deserialize)]
struct WireGate {
    delta: Delta,
    limit: Option<WireGrowth>,
    passed: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct WireBehaviour {
    before: WireBehaved,
    after: WireBehaved,
}

#[derive(Debug, Serialize, Deserialize)]
struct WireBehaved {
    exit_code: i64,
    stdout_bytes: Bytes,
    stdout_sha256: Digest,
}

/// What a finding of growth holds beside what is counted.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireGrown {
    before: Bytes,
    after: Bytes,
    total: Delta,
    limit: Option<WireGrowth>,
    cause: Option<CauseKind>,
    delta: Delta,
    instruction: Option<String>,
    paths: Vec<PathChanged>,
    explained: f64,
}

impl From<&Baseline> for WireBaseline {
    fn from(baseline: &Baseline) -> Self {
        Self {
            created: baseline.created.clone(),
            policy: baseline.policy,
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
            Since::Compared(evolution) => (State::Compared, Some((&**evolution).into())),
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
            (State::Compared, Some(evolution)) => Since::Compared(Box::new(evolution.into())),
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

impl From<&Evolution> for WireEvolution {
    fn from(evolution: &Evolution) -> Self {
        let [before, after] = evolution.bases.clone();
        let [growth, base_drift, content_drift] = evolution.gates.map(Into::into);
        let diff = &evolution.diff;
        Self {
            base_before: before,
            base_after: after,
            counts: evolution.counts,
            counted: evolution.counted.into(),
            unpacked: diff.unpacked.into(),
            base_delta: diff.base_delta,
            own_delta: diff.own_delta,
            causes: diff.causes.iter().map(Into::into).collect(),
            explained: diff.explained,
            gates: Gates {
                growth,
                base_drift,
                content_drift,
            },
            behaviour: evolution.behaviour.map(Into::into),
        }
    }
}

impl From<WireEvolution> for Evolution {
    fn from(wire: WireEvolution) -> Self {
        let gates = wire.gates;
        Self {
            bases: [wire.base_before, wire.base_after],
            counts: wire.counts,
            counted: wire.counted.into(),
            diff: ImageDiff {
                unpacked: wire.unpacked.into(),
                base_delta: wire.base_delta,
                own_delta: wire.own_delta,
                causes: wire.causes.into_iter().map(Into::into).collect(),
                explained: wire.explained,
            },
            gates: [
                gates.growth.into_gate(GateKind::Growth),
                gates.base_drift.into_gate(GateKind::BaseDrift),
                gates.content_drift.into_gate(GateKind::ContentDrift),
            ],
            behaviour: wire.behaviour.map(Into::into),
        }
    }
}

impl From<Gate> for WireGate {
    fn from(gate: Gate) -> Self {
        Self {
            delta: gate.delta,
            limit: gate.limit.map(Into::into),
            passed: gate.passed,
        }
    }
}

impl WireGate {
    fn into_gate(self, kind: GateKind) -> Gate {
        Gate {
            kind,
            delta: self.delta,
            limit: self.limit.map(Into::into),
            passed: self.passed,
        }
    }
}

impl From<Behaviour> for WireBehaviour {
    fn from(behaviour: Behaviour) -> Self {
        let behaved = |one: Behaved| WireBehaved {
            exit_code: one.exit_code,
            stdout_bytes: one.stdout_bytes,
            stdout_sha256: one.stdout_sha256,
        };
        Self {
            before: behaved(behaviour.before),
            after: behaved(behaviour.after),
        }
    }
}

impl From<WireBehaviour> for Behaviour {
    fn from(wire: WireBehaviour) -> Self {
        let behaved = |one: WireBehaved| Behaved {
            exit_code: one.exit_code,
            stdout_bytes: one.stdout_bytes,
            stdout_sha256: one.stdout_sha256,
        };
        Self {
            before: behaved(wire.before),
            after: behaved(wire.after),
        }
    }
}

impl From<&Grown> for WireGrown {
    fn from(grown: &Grown) -> Self {
        Self {
            before: grown.counted.before,
            after: grown.counted.after,
            total: grown.total,
            limit: grown.limit.map(Into::into),
            cause: grown.cause,
            delta: grown.delta,
            instruction: grown.instruction.clone(),
            paths: grown.paths.iter().map(Into::into).collect(),
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
            limit: self.limit.map(Into::into),
            cause: self.cause,
            delta: self.delta,
            instruction: self.instruction,
            paths: self.paths.into_iter().map(Into::into).collect(),
            explained: self.explained,
        }
    }
}
