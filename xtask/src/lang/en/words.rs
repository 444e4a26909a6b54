use crate::lang::phrases::signal;
use crate::lang::word::{Stream, Word};
use crate::model::{
    AdviceKind, BuildCause, Builder, Ending, EngineKind, Fate, LeftCause, Origin, Role,
};

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Variant => "variant",
        Word::Role => "role",
        Word::Size => "size",
        Word::Own => "own",
        Word::Layers => "layers",
        Word::Build => "build",
        Word::Run => "run",
        Word::Output => "output",
        Word::Base => "base",
        Word::OwnPart => "added to it",
        Word::Cached => "cached",
        Word::Failed => "failed",
        Word::Same => "same",
        Word::SameOutput => "exit 0, same output",
        Word::Differs => "differs",
        Word::OtherOutput => "exit 0, other output",
        Word::TimedOut => "timed out",
        Word::NotStarted => "not started",
        Word::OutOfMemory => "out of memory",
        Word::Empty => "nothing",
        Word::Bytes => "bytes",
        Word::Share => "share",
        Word::Instruction => "instruction",
        Word::Cause => "cause",
        Word::Place => "place",
        Word::Accepted => "accepted",
        Word::Rejected => "rejected",
        Word::Savings => "What could be saved",
        Word::Details => "Details",
        Word::NewVariant => "new",
        Word::MissingVariant => "missing",
        Word::NoImage => "no image any more",
        Word::Unchanged => "unchanged",
        Word::Lab => "lab",
        Word::Platform => "platform",
        Word::Engine => "engine",
        Word::Verdict => "verdict",
    }
}

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Reference => "reference",
        Role::Rung => "rung",
        Role::Solution => "solution",
    }
}

pub(super) fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Base => "base",
        Origin::Own => "own",
    }
}

pub(super) fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Live => "in use",
        Fate::Overwritten => "overwritten",
        Fate::Deleted => "deleted",
        Fate::MetadataOnly => "same content written again",
    }
}

pub(super) fn left_cause(cause: LeftCause) -> &'static str {
    match cause {
        LeftCause::Compiler => "compiler",
        LeftCause::PackageLists => "package lists",
        LeftCause::Caches => "caches",
        LeftCause::Interpreter => "interpreter",
        LeftCause::Base => "rest of the base",
        LeftCause::Own => "own files",
        LeftCause::Added => "added",
    }
}

pub(super) fn stream(stream: Stream) -> &'static str {
    match stream {
        Stream::Stdout => "standard output",
        Stream::Stderr => "standard error",
    }
}

pub(super) fn engine(kind: EngineKind) -> &'static str {
    match kind {
        EngineKind::Docker => "Docker Engine",
        EngineKind::Podman => "Podman",
    }
}

pub(super) fn builder(builder: Builder) -> &'static str {
    match builder {
        Builder::Buildkit => "BuildKit",
        Builder::Classic => "classic builder",
    }
}

pub(super) fn ending(ending: &Ending) -> String {
    match ending {
        Ending::Exited { code } => format!("exit {code}"),
        Ending::Killed {
            out_of_memory: true,
            ..
        } => word(Word::OutOfMemory).to_owned(),
        Ending::Killed { code, .. } => format!("signal {}", signal(*code)),
        Ending::TimedOut { .. } => word(Word::TimedOut).to_owned(),
        Ending::NotStarted { .. } => word(Word::NotStarted).to_owned(),
    }
}

pub(super) fn build_cause(cause: &BuildCause) -> String {
    match cause {
        BuildCause::Syntax => "the Dockerfile can't be parsed".to_owned(),
        BuildCause::Run {
            exit_code: Some(code),
        } => format!("the command ended with exit code {code}"),
        BuildCause::Run { exit_code: None } => "the command failed".to_owned(),
        BuildCause::SourceMissing => "the source to copy is not there".to_owned(),
        BuildCause::Refused => "the builder can't go on".to_owned(),
    }
}

pub(super) fn advice(kind: AdviceKind) -> &'static str {
    match kind {
        AdviceKind::PackageLists => "remove the package lists in the same RUN",
        AdviceKind::Caches => "keep caches out: no cache, or a cache mount",
        AdviceKind::RemovedLater => "remove these files in the RUN that makes them",
        AdviceKind::RewrittenMetadata => "set owner and mode while copying, not after",
        AdviceKind::BuildTools => "leave the compiler and headers in the build stage",
        AdviceKind::Interpreter => "leave the unused interpreter in the build stage",
    }
}
