//! The plain values that cross rooms.
//!
//! Nothing here reads, writes, asks an engine or phrases a sentence: a value of
//! this room can be built in a test by hand, and means the same in every room.

mod baseline;
mod build_fault;
mod bytes;
mod cancel;
mod cause;
mod check;
mod diff;
mod digest;
mod engine;
mod event;
mod exercise;
mod finding;
pub mod flat;
mod format;
mod host;
mod image;
mod input;
mod lab;
mod language;
mod lesson;
mod measured;
mod named;
mod nearest;
mod part;
mod path;
mod problem;
mod redact;
mod report;
mod rule;
mod run;
pub mod size;
mod start;

pub use baseline::{
    Baseline, Behaved, Behaviour, Evolution, Gate, GateKind, PolicySource, Since, SinceBaseline,
};
pub use build_fault::{BuildFault, is_keyword};
pub use bytes::{Bytes, Delta};
pub use cancel::{Cancel, Signal};
pub use cause::{
    Cause, CommandForm, Diagnosis, Forgery, Lesson, Mistake, NotADockerfile, OutputFault, Remark,
    RemarkKind, Sandbox, Scene, StartMistake, Translated, Wording,
};
pub use check::{
    CheckId, CheckOutcome, CheckReport, CheckResult, CheckVerdict, FoundFile, NextStep, Proof,
    Replaced, Shape,
};
pub use diff::{CauseKind, Change, DiffCause, ImageDiff, PathChange};
pub use digest::{Digest, DigestError};
pub use engine::{Builder, EngineFacts, EngineKind, EngineRecords, Platform};
pub use event::{BaselineNews, Event, Events, Note, ProvisionReason, ReadFrom, ReadSoFar, Stage};
pub use exercise::{Exercise, Forbidden, Given, Medal};
pub use finding::{
    Changed, Difference, Fact, Finding, Grown, Level, Outcome, OwnFiles, Place, PolicyKey, Verdict,
    located,
};
pub use format::{CheckFormat, Format, ListFormat, Order};
pub use host::{
    Compose, ComposeFlavour, Disk, Distribution, EngineEndpoint, EngineReach, EngineState,
    HostFacts, Init, Membership, Package, Power, Program, User,
};
pub use image::{
    Entry, HistoryEntry, ImageConfig, ImageRecord, Kind, Layer, LayerRef, RecordedLayer, Verified,
    has_stand_in,
};
pub use input::{CopiedFile, Input, InputPlace, MadeFrom};
pub use lab::{
    Accept, BuildSpec, Dockerfile, Flag, Growth, Lab, Measure, Needs, Policy, Role, RunSpec,
    Running, SecretSource, ServiceCommand, Sibling, Skipped, Variant,
};
pub use language::Language;
pub use lesson::{ExpectedEnd, Key, Script, ScriptStep, Told};
use named::named;
pub use nearest::{mistyped, nearest};

pub use measured::{
    Advice, AdviceKind, Base, BaseTold, Excluded, Fate, FileFate, LayerSize, LeftCause, LeftPart,
    Measured, Origin, Size, SizedPath, Step, Tree, Wasted, WastedPath,
};
pub use part::{Found, Mend, Part, PartName, PartState, Presence, Reach, Remedy};
pub use path::ImagePath;
pub use problem::{
    ArchiveProblem, Bound, CacheProblem, CheckProblem, Compression, Damage, EngineAction,
    EngineProblem, Expected, Feature, FlagFault, FlagProblem, HostProblem, Incomparable,
    LabProblem, LessonProblem, Malformed, MissingService, Only, Problem, ProcessProblem,
    RecordFault, ReportFault, ReportProblem, ScriptFault, ScriptValue, SourceProblem,
};
pub use redact::{HIDDEN, is_variable, redact};
pub use report::{Compared, Comparison, LabReport, VariantReport};
pub use rule::Rule;
pub use run::{Build, BuildCause, BuildFailure, Built, BuiltImage, Capture, Ending, Run, Stream};
pub use start::StartFault;
