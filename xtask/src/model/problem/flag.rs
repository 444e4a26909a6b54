use super::Expected;

/// Why what was typed of a policy can't stand instead of what is stated.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum FlagProblem {
    /// `expected` is what its key takes.
    BadValue {
        flag: String,
        value: String,
        expected: Expected,
    },
    /// `counts` was typed, and the limit of `key` stays as it is stated, in another unit.
    OtherUnit {
        variant: String,
        key: &'static str,
        flag: String,
        counts: &'static str,
    },
    UnknownVariant {
        flag: String,
        name: String,
        known: Vec<String>,
        nearest: Option<String>,
    },
}

/// Why the value of a flag can't be read. `lang` says it; clap carries it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum FlagFault {
    /// An output without `FORMAT=`.
    NoFormat,
    /// An output without a path.
    NoPath,
    UnknownFormat {
        text: String,
        known: Vec<String>,
        nearest: Option<String>,
    },
    /// Not an `OS/ARCH`.
    Platform,
    /// Not a size as a policy writes it.
    Size,
    /// Not a `NAME=IMAGE`.
    Base,
    /// Not a number from 1 to 65535.
    Count,
}
