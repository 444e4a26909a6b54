//! The plain values that cross rooms.
//!
//! Nothing here reads, writes, asks an engine or phrases a sentence: a value of
//! this room can be built in a test by hand, and means the same in every room.

mod baseline;
mod bytes;
mod cancel;
mod diff;
mod digest;
mod engine;
mod event;
mod finding;
mod format;
mod host;
mod image;
mod lab;
mod language;
mod measured;
mod part;
mod path;
mod problem;
mod rule;
mod run;
pub mod size;
mod start;

pub use baseline::{
    Baseline, Behaved, Behaviour, Evolution, Gate, GateKind, PolicySource, Since, SinceBaseline,
};
pub use bytes::{Bytes, Delta};
pub use cancel::{Cancel, Signal};
pub use diff::{CauseKind, Change, DiffCause, ImageDiff, PathChange};
pub use digest::{Digest, DigestError};
pub use engine::{Builder, EngineFacts, EngineKind, Platform};
pub use event::{BaselineNews, Event, Events, ProvisionReason, Stage};
pub use finding::{
    Changed, Difference, Fact, Finding, Grown, Level, Outcome, Place, PolicyKey, Verdict,
};
pub use format::{Format, ListFormat, Order};
pub use host::{
    Compose, ComposeFlavour, Disk, Distribution, EngineEndpoint, EngineReach, EngineState,
    HostFacts, Init, Membership, Package, Power, Program, User,
};
pub use image::{
    Entry, HistoryEntry, ImageConfig, ImageRecord, Kind, Layer, LayerRef, Verified, has_stand_in,
};
pub use lab::{
    BuildSpec, Dockerfile, Flag, Growth, Lab, Measure, Needs, Policy, Role, RunSpec, Running,
    ServiceCommand, Variant,
};
pub use language::Language;
pub use measured::{
    Advice, AdviceKind, Base, BaseTold, Fate, FileFate, LargeFile, LayerSize, LeftCause, LeftPart,
    Measured, Origin, Size, Step, Tree, TreeEntry, Wasted, WastedPath,
};
pub use part::{Found, Mend, Part, PartName, PartState, Presence, Reach, Remedy};
pub use path::ImagePath;
pub use problem::{
    ArchiveProblem, Bound, CacheProblem, Damage, EngineProblem, Expected, Feature, FlagProblem,
    HostProblem, Incomparable, LabProblem, Malformed, Only, Problem, ProcessProblem, ReportFault,
    ReportProblem, SourceProblem,
};
pub use rule::Rule;
pub use run::{Build, BuildCause, BuildFailure, Built, Capture, Ending, Run};
pub use start::StartFault;
