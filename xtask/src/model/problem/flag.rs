use super::Expected;

/// Why what was typed of a policy can't stand in place of what is stated.
#[derive(Debug, thiserror::Error)]
pub enum FlagProblem {
    /// `expected` is what its key takes.
    #[error("`{flag}` does not take `{value}`")]
    BadValue {
        flag: String,
        value: String,
        expected: Expected,
    },
    /// `counts` was typed, and the limit of `key` stays as it is stated, in another unit.
    #[error("`{variant}` is to count {counts}, and its `{key}` is in another unit")]
    OtherUnit {
        variant: String,
        key: &'static str,
        flag: String,
        counts: &'static str,
    },
    #[error("`{flag}` names the variant `{name}`, which is not there")]
    UnknownVariant {
        flag: String,
        name: String,
        known: Vec<String>,
        nearest: Option<String>,
    },
}
