use serde::{Deserialize, Serialize};

use super::{Bytes, CauseKind, Change, Delta, DiffCause, Digest, Growth, ImageDiff, Measure, flat};

/// What became of a lab since an earlier report of it, which is known by no path.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// When that report was made (RFC 3339); `None` where it does not say.
    pub created: Option<String>,
    pub policy: PolicySource,
    /// Its file, as the project names it.
    pub name: Option<String>,
    /// In the report's order, then by name those that are in the baseline alone.
    pub variants: Vec<SinceBaseline>,
}

/// Whose policy the variants were judged by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PolicySource {
    /// The Compose file's.
    #[default]
    File,
    /// The baseline's, so that a change can't raise its own limits.
    Baseline,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SinceBaseline {
    pub name: String,
    pub state: Since,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Since {
    /// The baseline has no image of it.
    New,
    /// It is in the baseline and not in this report.
    Missing,
    /// It does not build any more.
    NoImage,
    Compared(Box<Evolution>),
}

/// One variant, then and now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evolution {
    /// Its base as the Dockerfile named it then, and names it now; `None` for scratch.
    #[serde(flatten, with = "flat::bases")]
    pub bases: [Option<String>; 2],
    /// What the policy counts.
    pub counts: Measure,
    /// As much of it as there was and is; counts of layers for [`Measure::Layers`].
    pub counted: Change,
    /// By directories; of each cause the [`Evolution::MOST_PATHS`] that changed most.
    #[serde(flatten)]
    pub diff: ImageDiff,
    /// What was tolerated of each kind of growth: growth, base drift, content drift. Their
    /// deltas add up to that of `counted`.
    #[serde(with = "gates")]
    pub gates: [Gate; 3],
    /// What is over a limit was accepted by the baseline that the change brings.
    #[serde(rename = "accepted", default)]
    pub is_accepted: bool,
    /// `None` unless it ran to its end both times.
    pub behaviour: Option<Behaviour>,
}

/// A kind of growth with a limit of its own.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    /// What a change brings: instructions that it adds, removes or rewrites, files that they
    /// copy, and what follows from either.
    #[default]
    Growth,
    /// Other layers in the base.
    BaseDrift,
    /// The same instructions with other results, though nothing before them changed.
    ContentDrift,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// In a report, the key that it stands under.
    #[serde(skip)]
    pub kind: GateKind,
    pub delta: Delta,
    /// `None`: any drift is only reported.
    pub limit: Option<Growth>,
    pub passed: bool,
}

/// Each gate is written under its kind.
mod gates {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Gate, GateKind};

    #[derive(Serialize, Deserialize)]
    struct Gates {
        growth: Gate,
        base_drift: Gate,
        content_drift: Gate,
    }

    pub(super) fn serialize<S: Serializer>(
        gates: &[Gate; 3],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let [growth, base_drift, content_drift] = *gates;
        let gates = Gates {
            growth,
            base_drift,
            content_drift,
        };
        gates.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[Gate; 3], D::Error> {
        let gates = Gates::deserialize(deserializer)?;
        let of = |kind, gate| Gate { kind, ..gate };
        Ok([
            of(GateKind::Growth, gates.growth),
            of(GateKind::BaseDrift, gates.base_drift),
            of(GateKind::ContentDrift, gates.content_drift),
        ])
    }
}

/// What a container did, then and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behaviour {
    pub before: Behaved,
    pub after: Behaved,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behaved {
    pub exit_code: i64,
    pub stdout_bytes: Bytes,
    pub stdout_sha256: Digest,
}

impl SinceBaseline {
    pub fn accept(&mut self) {
        if let Since::Compared(evolution) = &mut self.state {
            evolution.is_accepted = true;
        }
    }
}

impl Evolution {
    /// Whether it grew beyond a limit, and nobody accepted that.
    pub fn is_rejected(&self) -> bool {
        !self.is_accepted && self.gates.iter().any(|gate| !gate.passed)
    }

    /// Paths that are kept of a cause.
    pub const MOST_PATHS: usize = 50;

    /// Whether the base holds other layers.
    pub fn has_drifted(&self) -> bool {
        let mut causes = self.diff.causes.iter();
        causes.any(|cause| cause.kind == CauseKind::BaseDrift)
    }

    /// Whether more than a third of the image is gone, as after an install that failed silently.
    pub fn is_large_loss(&self) -> bool {
        let lost = self.counted.before.0.saturating_sub(self.counted.after.0);
        matches!(self.counts, Measure::Unpacked | Measure::Own)
            && !Growth::is_small(self.counted.delta(), self.counts)
            && lost > self.counted.before.0 / 3
    }

    /// The causes that are told one by one: those that changed a size, and where none did
    /// the first. Most bytes come first, so what is left is the end of all of them.
    pub fn told_causes(&self) -> &[DiffCause] {
        let causes = &self.diff.causes;
        let sized = causes.iter().take_while(|cause| cause.delta.0 != 0);
        &causes[..sized.count().max(1).min(causes.len())]
    }

    /// Whether the image holds the same, on the same base.
    pub fn is_unchanged(&self) -> bool {
        self.counted.delta() == Delta(0)
            && self.diff.causes.is_empty()
            && self.bases[0] == self.bases[1]
    }
}

impl Baseline {
    pub fn of(&self, variant: &str) -> Option<&Evolution> {
        let found = self.variants.iter().find(|one| one.name == variant)?;
        match &found.state {
            Since::Compared(evolution) => Some(evolution),
            Since::New | Since::Missing | Since::NoImage => None,
        }
    }
}

impl Growth {
    pub const NONE: Self = Self {
        bytes: Some(Bytes::ZERO),
        percent: None,
    };

    /// Growth below this is not worth a reader's attention: two builds of the same files differ
    /// by as much.
    pub const FLOOR: Bytes = Bytes(4 * 1024);

    /// What is tolerated where no limit is stated: the smaller of 1 MB and 10 % of what was, but
    /// at least [`Growth::FLOOR`]. No layer more, where layers are counted.
    pub fn default_of(before: Bytes, counts: Measure) -> Self {
        const MOST: Bytes = Bytes(1_000_000);
        match counts {
            Measure::Layers => Self::NONE,
            Measure::Unpacked | Measure::Own | Measure::Wasted => Self {
                bytes: Some(Bytes(before.0 / 10).clamp(Self::FLOOR, MOST)),
                percent: None,
            },
        }
    }

    /// Whether a change is below [`Growth::FLOOR`].
    pub fn is_small(delta: Delta, counts: Measure) -> bool {
        match counts {
            Measure::Layers => false,
            Measure::Unpacked | Measure::Own | Measure::Wasted => {
                delta.0.unsigned_abs() < Self::FLOOR.0
            }
        }
    }

    /// Whether `delta` is more than is tolerated of what was `before`: past each limit given.
    #[expect(clippy::cast_precision_loss, reason = "a share has no exact limit")]
    pub fn is_exceeded_by(self, delta: Delta, before: Bytes) -> bool {
        let Some(grown) = u64::try_from(delta.0).ok().filter(|grown| *grown > 0) else {
            return false;
        };
        let past_bytes = self.bytes.is_none_or(|limit| grown > limit.0);
        let past_share = self
            .percent
            .is_none_or(|percent| grown as f64 * 100.0 > before.0 as f64 * percent);
        past_bytes && past_share
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Growth;
    use crate::model::{Bytes, Delta};

    fn growth(bytes: Option<u64>, percent: Option<f64>) -> Growth {
        Growth {
            bytes: bytes.map(Bytes),
            percent,
        }
    }

    #[test]
    fn growth_is_too_much_only_past_every_limit_given() {
        let both = growth(Some(4_096), Some(1.0));
        for (delta, before, exceeded) in [
            (4_097, 1_000, true),
            (4_096, 1_000, false),
            (5_000, 500_000, false),
            (5_001, 500_000, true),
            (-9, 0, false),
        ] {
            let found = both.is_exceeded_by(Delta(delta), Bytes(before));
            assert_eq!(found, exceeded, "{delta} of {before}");
        }
        assert!(growth(None, Some(50.0)).is_exceeded_by(Delta(1), Bytes(0)));
        assert!(Growth::NONE.is_exceeded_by(Delta(1), Bytes(1_000_000)));
    }

    proptest! {
        #[test]
        fn no_shrink_is_too_much_and_more_growth_is_never_less(
            bytes: Option<u64>,
            percent in prop::option::of(0.0..1e6),
            delta: i64,
            before: u64,
        ) {
            let limit = growth(bytes, percent);
            let exceeded = limit.is_exceeded_by(Delta(delta), Bytes(before));
            prop_assert!(delta > 0 || !exceeded);
            let more = Delta(delta.saturating_add(1));
            prop_assert!(!exceeded || limit.is_exceeded_by(more, Bytes(before)));
        }
    }
}
