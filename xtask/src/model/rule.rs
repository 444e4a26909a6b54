use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What a finding is about, by the name that every format gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Budget,
    NotLighter,
    OutputsDiffer,
    ExitCode,
    Killed,
    TimedOut,
    NotStarted,
    BuildFailed,
    StandInBase,
    Growth,
    BaseDrift,
    ContentDrift,
    Shrank,
    OutputChanged,
    ExitCodeChanged,
    NotRun,
    NewVariant,
    MissingVariant,
    PolicyDiffers,
}

impl Rule {
    pub const ALL: [Self; 19] = [
        Self::Budget,
        Self::NotLighter,
        Self::OutputsDiffer,
        Self::ExitCode,
        Self::Killed,
        Self::TimedOut,
        Self::NotStarted,
        Self::BuildFailed,
        Self::StandInBase,
        Self::Growth,
        Self::BaseDrift,
        Self::ContentDrift,
        Self::Shrank,
        Self::OutputChanged,
        Self::ExitCodeChanged,
        Self::NotRun,
        Self::NewVariant,
        Self::MissingVariant,
        Self::PolicyDiffers,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::NotLighter => "not_lighter",
            Self::OutputsDiffer => "outputs_differ",
            Self::ExitCode => "exit_code",
            Self::Killed => "killed",
            Self::TimedOut => "timed_out",
            Self::NotStarted => "not_started",
            Self::BuildFailed => "build_failed",
            Self::StandInBase => "stand_in_base",
            Self::Growth => "growth",
            Self::BaseDrift => "base_drift",
            Self::ContentDrift => "content_drift",
            Self::Shrank => "shrank",
            Self::OutputChanged => "output_changed",
            Self::ExitCodeChanged => "exit_code_changed",
            Self::NotRun => "not_run",
            Self::NewVariant => "new_variant",
            Self::MissingVariant => "missing_variant",
            Self::PolicyDiffers => "policy_differs",
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'_, str>::deserialize(deserializer)?;
        let rule = Self::ALL.into_iter().find(|rule| rule.name() == text);
        rule.ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &"a known rule"))
    }
}
