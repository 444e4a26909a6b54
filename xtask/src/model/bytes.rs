use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// A number of bytes of content. Two sizes subtract into a signed [`Delta`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Bytes(pub u64);

/// A change between two sizes: negative when the image shrank.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Delta(pub i64);

impl Bytes {
    pub const ZERO: Self = Self(0);

    /// What changed from `before` to `self`.
    pub fn since(self, before: Self) -> Delta {
        let change = i128::from(self.0) - i128::from(before.0);
        Delta(i64::try_from(change).unwrap_or(if change < 0 { i64::MIN } else { i64::MAX }))
    }

    /// How many of `self` fit in `total`: 0.0 to 1.0, and 0.0 of nothing.
    #[expect(clippy::cast_precision_loss, reason = "a share is drawn, not added up")]
    pub fn share_of(self, total: Self) -> f64 {
        if total.0 == 0 {
            0.0
        } else {
            self.0 as f64 / total.0 as f64
        }
    }
}

impl Add for Bytes {
    type Output = Self;

    /// Saturates: no image reaches 16 EiB, but an archive may claim to.
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Bytes {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Bytes {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self::ZERO, Add::add)
    }
}

impl Add for Delta {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Delta {
    fn sum<I: Iterator<Item = Self>>(changes: I) -> Self {
        changes.fold(Self(0), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bytes, Delta};

    #[test]
    fn a_smaller_image_gives_a_negative_delta() {
        assert_eq!(Bytes(478).since(Bytes(1_000)), Delta(-522));
        assert_eq!(Bytes(u64::MAX).since(Bytes(0)), Delta(i64::MAX));
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert!(Bytes(5).share_of(Bytes(0)).abs() < f64::EPSILON);
        assert!((Bytes(1).share_of(Bytes(4)) - 0.25).abs() < f64::EPSILON);
    }
}
