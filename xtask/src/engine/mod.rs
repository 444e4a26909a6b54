//! The sole door to Docker: builds, runs, inspects, saves.
//!
//! Commands of the Docker CLI build and resolve; the Engine API runs, inspects and saves.
//! Async stops here: every call from outside blocks, watches the `Cancel` it is given, and
//! leaves nothing of its own on the engine. Nothing here judges, phrases or prints.

mod answers;
mod api;
mod attach;
pub mod build;
mod built;
mod capture;
mod cli;
mod clock;
mod command;
pub mod compose;
mod create;
mod dial;
mod driver;
mod empty;
mod ending;
mod endpoint;
mod facts;
mod failure;
mod fault;
mod hidden;
mod inspect;
mod plugin;
mod progress;
pub mod pull;
mod pulse;
mod queue;
#[cfg(test)]
mod recorded;
mod run;
mod sandbox;
mod save;
mod store;
mod sweep;
mod trouble;
mod volumes;
mod watch;

pub use api::Engine;
pub use cli::{Cli, quoted};
pub use driver::Driver;
pub use endpoint::Endpoint;
pub use facts::Limiting;
pub use inspect::ImageFacts;
pub use run::{Limits, RunRequest};
pub use save::Saved;
pub use store::Store;
