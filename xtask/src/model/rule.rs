super::named! {
    /// What a finding is about, by the name that every format gives it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Rule {
        Budget => "budget",
        NotLighter => "not_lighter",
        OutputsDiffer => "outputs_differ",
        ExitCode => "exit_code",
        Killed => "killed",
        TimedOut => "timed_out",
        NotStarted => "not_started",
        BuildFailed => "build_failed",
        StandInBase => "stand_in_base",
        OwnFiles => "own_files",
        Growth => "growth",
        BaseDrift => "base_drift",
        ContentDrift => "content_drift",
        Shrank => "shrank",
        OutputChanged => "output_changed",
        ExitCodeChanged => "exit_code_changed",
        NotRun => "not_run",
        NewVariant => "new_variant",
        MissingVariant => "missing_variant",
        RemovedVariant => "removed_variant",
        Accepted => "accepted",
        PolicyDiffers => "policy_differs",
    }
}
