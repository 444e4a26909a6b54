use serde::{Deserialize, Serialize};

use super::{Bytes, CauseKind, Change, Delta, DiffCause, Digest, Growth, ImageDiff, Measure};

/// What became of a lab since an earlier report of it, which is known by no path.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// When that report was made (RFC 3339); `None` where it does not say.
    pub created: Option<String>,
    pub policy: PolicySource,
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
#[derive(Clone, Debug, PartialEq)]
pub struct Evolution {
    /// Its base as the Dockerfile named it then, and names it now; `None` for scratch.
    pub bases: [Option<String>; 2],
    /// What the policy counts.
    pub counts: Measure,
    /// As much of it as there was and is; counts of layers for [`Measure::Layers`].
    pub counted: Change,
    /// By directories; of each cause the [`Evolution::MOST_PATHS`] that changed most.
    pub diff: ImageDiff,
    /// What was tolerated of each kind of growth: growth, base drift, content drift. Their
    /// deltas add up to that of `counted`.
    pub gates: [Gate; 3],
    /// `None` unless it ran to its end both times.
    pub behaviour: Option<Behaviour>,
}

/// A kind of growth with a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    /// Instructions that were added, removed or rewritten.
    Growth,
    /// Other layers in the base.
    BaseDrift,
    /// The same instructions with other results.
    ContentDrift,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gate {
    pub kind: GateKind,
    pub delta: Delta,
    /// `None`: any drift is only reported.
    pub limit: Option<Growth>,
    pub passed: bool,
}

/// What a container did, then and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behaviour {
    pub before: Behaved,
    pub after: Behaved,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behaved {
    pub exit_code: i64,
    pub stdout_bytes: Bytes,
    pub stdout_sha256: Digest,
}

impl Evolution {
    /// Paths that are kept of a cause.
    pub const MOST_PATHS: usize = 50;

    /// Whether the base holds other layers.
    pub fn has_drifted(&self) -> bool {
        let mut causes = self.diff.causes.iter();
        causes.any(|cause| cause.kind == CauseKind::BaseDrift)
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
    /// What is tolerated where nothing is stated.
    pub const NONE: Self = Self {
        bytes: Some(Bytes::ZERO),
        percent: None,
    };

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
