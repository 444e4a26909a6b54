use std::collections::BTreeMap;
use std::time::Duration;

use super::{Bytes, Language};

/// Why a check of a submission did not pass, and where in its Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    pub cause: Cause,
    /// 1-based.
    pub line: Option<u32>,
    pub scene: Scene,
}

/// What hints name: the exercise's files, and where the submission uses them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// The given script, as the build context names it.
    pub script: String,
    /// The file that it writes, by its name alone.
    pub output: String,
    /// The line of the RUN that runs the script.
    pub script_line: Option<u32>,
    /// What `--from` calls that RUN's stage.
    pub build_stage: Option<String>,
    /// Where the script writes its file in that stage: an absolute path.
    pub made: Option<String>,
    /// The line of the last FROM.
    pub final_line: Option<u32>,
    /// As the last FROM names it.
    pub final_base: Option<String>,
}

/// One reason, in fields; `lang` makes the sentence and the hints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// What the exercise teaches; it has three levels of hints.
    Lesson(Lesson),
    /// The Dockerfile says what its writer did not mean.
    Mistake(Mistake),
    /// The container is asked to run what its writer did not mean, or what fails.
    Start(StartMistake),
    /// The program works with a plain `docker run`, and not in the kit's sandbox.
    Sandbox(Sandbox),
    /// A given file is not as it was given.
    GivenChanged {
        path: String,
    },
    GivenMissing {
        path: String,
    },
    /// By `.dockerignore`.
    GivenHidden {
        path: String,
    },
    /// Another file of the submission takes its place.
    GivenShadowed {
        path: String,
    },
    /// A link in the build context leads out of the repository.
    LinkOut {
        path: String,
    },
    ContextTooLarge {
        limit: Bytes,
    },
    NotADockerfile {
        why: NotADockerfile,
    },
    /// It weighs as much as the reference, or more.
    NotLighter {
        actual: Bytes,
        reference: Bytes,
    },
    /// Undecided, unless it looks like the well-known image `nearest`.
    BaseUnreachable {
        image: String,
        nearest: Option<String>,
    },
    /// Undecided.
    BuildTimedOut {
        limit: Duration,
    },
    /// Undecided: a RUN printed that it has no network.
    NoNetwork {
        instruction: String,
        said: String,
    },
    /// Undecided: the reference does not build here, so that there is nothing to compare with.
    ReferenceFails,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lesson {
    /// Of so many stages the last one runs the script itself.
    SingleStage {
        stages: usize,
    },
    /// The final stage stands on the one that runs the script.
    BuiltOnBuildStage {
        stage: String,
    },
    /// A file that the exercise forbids, and the key of `forbidden` that names it; `base` is the
    /// final stage's base where that holds it.
    Forbidden {
        path: String,
        part: String,
        base: Option<String>,
    },
    WholeFileSystem {
        stage: String,
    },
    /// A forbidden file that a later layer hides.
    RemovedLater {
        path: String,
        part: String,
    },
    UnknownStage {
        name: String,
        nearest: Option<String>,
        stages: Vec<String>,
    },
    /// `COPY --from` of what is not in that stage.
    WrongPath {
        path: String,
        stage: String,
    },
    FromItself {
        index: usize,
    },
    /// The stage names itself, by its name.
    FromOwnName {
        name: String,
    },
    /// CMD, ENTRYPOINT or ONBUILD where RUN belongs.
    WrongInstruction {
        keyword: String,
    },
    ScriptAtStart,
    /// The output does not follow the script.
    Forged(Forgery),
    ProgramMissing {
        program: String,
        form: CommandForm,
    },
    LoaderMissing {
        program: String,
    },
    /// The output is not exactly the file.
    Output(OutputFault),
}

/// How a Dockerfile gets to a text that its script did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgery {
    HardCoded,
    /// The file is copied from the build context.
    Committed,
    /// Another program reads the text in the script.
    CutOut,
    ChangedScript,
    /// `|| true`: a script that fails goes unnoticed.
    HiddenFailure,
    /// `&`: the RUN does not wait for it.
    Background,
    /// Nothing in the Dockerfile runs the script.
    NotRun,
    /// It can't be told.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandForm {
    /// A text for `/bin/sh`.
    Shell,
    /// A list of words.
    List,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputFault {
    Nothing,
    /// The file is printed, and more before or after it.
    Extra {
        extra: String,
    },
    Twice,
    OnStderr,
    /// The same lines with other ends: carriage returns, or a last line feed too many or too few.
    LineEnds,
    /// Not all of the file.
    Partial,
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    NoFrom,
    UnknownInstruction {
        word: String,
        nearest: Option<&'static str>,
    },
    UnknownFlag {
        instruction: String,
        flag: String,
        nearest: Option<&'static str>,
    },
    /// `-from=build`.
    SingleDash {
        flag: String,
    },
    /// FROM names nothing: its variable is empty. `declared` is the line of an ARG of that name
    /// that stands after a FROM.
    EmptyBase {
        written: String,
        declared: Option<u32>,
    },
    /// A stage is used above the line that begins it.
    StageOrder {
        stage: String,
        begins: u32,
    },
    /// A line that ends in a backslash takes the next one with it.
    Swallowed {
        keyword: String,
        end_line: u32,
    },
    /// COPY or ADD of what the build context lacks.
    MissingFile {
        path: String,
        nearest: Option<String>,
    },
    IgnoredFile {
        path: String,
    },
    /// The script is not in the directory where it is to run.
    ScriptNotFound {
        /// Where the RUN looks for it.
        looked_in: String,
        /// Where a COPY put it, if that can be told.
        lies_in: Option<String>,
        /// The line of a `RUN cd` that does not last.
        cd_line: Option<u32>,
    },
    /// `python` and the like are not in the build stage.
    ToolMissing {
        program: String,
    },
    RunFailed {
        exit_code: Option<i64>,
        said: Option<String>,
    },
    /// Anything else that a builder refuses, in its own words.
    Builder {
        said: String,
    },
}

/// What the container is asked to run, or what that does, is not what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartMistake {
    CarriageReturns {
        file: String,
    },
    /// `CMD ['cat', …]`: single quotes make it a text for the shell.
    Quotes {
        keyword: String,
    },
    /// `CMD ["cat /output.txt"]`: the list's one word is a whole line.
    OneWord {
        keyword: String,
        line: String,
    },
    NoCommand,
    /// Only the last CMD (or ENTRYPOINT) counts.
    SeveralCommands {
        keyword: String,
        lines: Vec<u32>,
    },
    /// No shell fills in the variables of a list.
    VariableInList {
        variable: String,
    },
    /// CMD's words are arguments of ENTRYPOINT, or lost on one in shell form.
    EntrypointWithCmd {
        entrypoint: CommandForm,
    },
    NeverEnds {
        seconds: u64,
    },
    ExitCode {
        code: i64,
        said: Option<String>,
    },
    Signal {
        code: i64,
    },
    Unreadable {
        path: String,
        user: Option<String>,
    },
    UnknownUser {
        user: String,
    },
    NotExecutable {
        program: String,
    },
    /// It is for another processor, or no program.
    NotAProgram {
        program: String,
    },
    VolumeHides {
        path: String,
    },
    DanglingLink {
        path: String,
        target: Option<String>,
    },
    /// The command reads a file that the image lacks.
    FileMissing {
        path: String,
        /// Where the final stage's COPY put the file of this name.
        copied_to: Option<String>,
    },
    /// Anything else that an engine refuses, in its own words.
    Engine {
        said: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sandbox {
    ReadOnly,
    Network,
    Capability,
    Memory,
    Processes,
}

/// Why a file is not taken for a Dockerfile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotADockerfile {
    Empty,
    Binary,
    TooLarge,
    Directory,
    /// A device, a named pipe or a socket.
    Special,
}

/// What an exercise says in words of its own, one text per language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// By the id of a cause: its hints, from concept to near-solution, instead of the kit's.
    pub hints: BTreeMap<String, Vec<Translated>>,
    /// What the keys of `forbidden` are called.
    pub parts: BTreeMap<String, Translated>,
    /// By the name of a medal: what it takes to get it.
    pub medals: BTreeMap<String, Translated>,
}

/// A text in every language, in the order of [`Language::ALL`].
pub type Translated = [String; Language::ALL.len()];

/// What a submission that passes could do better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub kind: RemarkKind,
    /// What it costs; 0 where it costs no bytes.
    pub bytes: Bytes,
    pub line: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemarkKind {
    UnusedStage {
        stage: String,
    },
    /// The final image holds all of the build context.
    WholeContext,
    /// chmod or chown writes files again that a lower layer holds.
    Doubled,
    /// As many instructions of the final stage make a layer, where one would do.
    ManyLayers {
        layers: u64,
    },
    UnpinnedBase {
        image: String,
    },
    /// A shell or a package manager that the final image does not need.
    Tool {
        path: String,
    },
}

impl Cause {
    /// By which JSON and the memory of hints know it.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Lesson(lesson) => lesson.id(),
            Self::Mistake(mistake) => mistake.id(),
            Self::Start(mistake) => mistake.id(),
            Self::Sandbox(sandbox) => sandbox.id(),
            Self::GivenChanged { .. } => "given-changed",
            Self::GivenMissing { .. } => "given-missing",
            Self::GivenHidden { .. } => "given-hidden",
            Self::GivenShadowed { .. } => "given-shadowed",
            Self::LinkOut { .. } => "link-out",
            Self::ContextTooLarge { .. } => "context-too-large",
            Self::NotADockerfile { .. } => "not-a-dockerfile",
            Self::NotLighter { .. } => "not-lighter",
            Self::BaseUnreachable { nearest: None, .. } => "base-unreachable",
            Self::BaseUnreachable { .. } => "unknown-base",
            Self::BuildTimedOut { .. } => "build-timed-out",
            Self::NoNetwork { .. } => "no-network",
            Self::ReferenceFails => "reference-fails",
        }
    }

    /// The machine, the network or the registry is to blame, and not the submission.
    pub fn is_undecided(&self) -> bool {
        match self {
            Self::BaseUnreachable { nearest, .. } => nearest.is_none(),
            Self::BuildTimedOut { .. } | Self::NoNetwork { .. } | Self::ReferenceFails => true,
            Self::Lesson(_)
            | Self::Mistake(_)
            | Self::Start(_)
            | Self::Sandbox(_)
            | Self::GivenChanged { .. }
            | Self::GivenMissing { .. }
            | Self::GivenHidden { .. }
            | Self::GivenShadowed { .. }
            | Self::LinkOut { .. }
            | Self::ContextTooLarge { .. }
            | Self::NotADockerfile { .. }
            | Self::NotLighter { .. } => false,
        }
    }
}

impl Diagnosis {
    /// Where nothing is known of the submission yet.
    pub fn new(cause: Cause, line: Option<u32>) -> Self {
        Self {
            cause,
            line,
            scene: Scene::default(),
        }
    }
}

impl Lesson {
    fn id(&self) -> &'static str {
        match self {
            Self::SingleStage { .. } => "single-stage",
            Self::BuiltOnBuildStage { .. } => "built-on-build-stage",
            Self::Forbidden { .. } => "forbidden-file",
            Self::WholeFileSystem { .. } => "whole-file-system",
            Self::RemovedLater { .. } => "removed-later",
            Self::UnknownStage { .. } => "unknown-stage",
            Self::WrongPath { .. } => "wrong-path",
            Self::FromItself { .. } | Self::FromOwnName { .. } => "from-itself",
            Self::WrongInstruction { .. } => "wrong-instruction",
            Self::ScriptAtStart => "script-at-start",
            Self::Forged(forgery) => forgery.id(),
            Self::ProgramMissing { .. } => "program-missing",
            Self::LoaderMissing { .. } => "loader-missing",
            Self::Output(fault) => fault.id(),
        }
    }
}

impl Forgery {
    fn id(self) -> &'static str {
        match self {
            Self::HardCoded => "hard-coded-output",
            Self::Committed => "committed-output",
            Self::CutOut => "text-cut-from-script",
            Self::ChangedScript => "changed-script",
            Self::HiddenFailure => "hidden-failure",
            Self::Background => "script-in-background",
            Self::NotRun => "script-not-run",
            Self::Other => "output-not-from-script",
        }
    }
}

impl OutputFault {
    fn id(&self) -> &'static str {
        match self {
            Self::Nothing => "no-output",
            Self::Extra { .. } => "extra-output",
            Self::Twice => "output-twice",
            Self::OnStderr => "output-on-stderr",
            Self::LineEnds => "line-ends",
            Self::Partial => "partial-output",
            Self::Other => "other-output",
        }
    }
}

impl Mistake {
    fn id(&self) -> &'static str {
        match self {
            Self::NoFrom => "no-from",
            Self::UnknownInstruction { .. } => "unknown-instruction",
            Self::UnknownFlag { .. } => "unknown-flag",
            Self::SingleDash { .. } => "single-dash",
            Self::EmptyBase { .. } => "empty-base",
            Self::StageOrder { .. } => "stage-order",
            Self::Swallowed { .. } => "swallowed-line",
            Self::MissingFile { .. } => "missing-file",
            Self::IgnoredFile { .. } => "ignored-file",
            Self::ScriptNotFound { .. } => "script-not-found",
            Self::ToolMissing { .. } => "tool-missing",
            Self::RunFailed { .. } => "run-failed",
            Self::Builder { .. } => "builder",
        }
    }
}

impl StartMistake {
    fn id(&self) -> &'static str {
        match self {
            Self::CarriageReturns { .. } => "carriage-returns",
            Self::Quotes { .. } => "quotes",
            Self::OneWord { .. } => "one-word",
            Self::NoCommand => "no-command",
            Self::SeveralCommands { .. } => "several-commands",
            Self::VariableInList { .. } => "variable-in-list",
            Self::EntrypointWithCmd { .. } => "entrypoint-with-cmd",
            Self::NeverEnds { .. } => "never-ends",
            Self::ExitCode { .. } => "exit-code",
            Self::Signal { .. } => "killed",
            Self::Unreadable { .. } => "unreadable",
            Self::UnknownUser { .. } => "unknown-user",
            Self::NotExecutable { .. } => "not-executable",
            Self::NotAProgram { .. } => "not-a-program",
            Self::VolumeHides { .. } => "volume-hides",
            Self::DanglingLink { .. } => "dangling-link",
            Self::FileMissing { .. } => "file-missing",
            Self::Engine { .. } => "engine",
        }
    }
}

impl Sandbox {
    fn id(self) -> &'static str {
        match self {
            Self::ReadOnly => "sandbox-read-only",
            Self::Network => "sandbox-network",
            Self::Capability => "sandbox-capability",
            Self::Memory => "sandbox-memory",
            Self::Processes => "sandbox-processes",
        }
    }
}

impl RemarkKind {
    pub fn id(&self) -> &'static str {
        match self {
            Self::UnusedStage { .. } => "unused-stage",
            Self::WholeContext => "whole-context",
            Self::Doubled => "doubled-layer",
            Self::ManyLayers { .. } => "many-layers",
            Self::UnpinnedBase { .. } => "unpinned-base",
            Self::Tool { .. } => "tool",
        }
    }
}
