//! The sole door to Docker: builds, runs, inspects, saves.
//!
//! Commands of the Docker CLI build and resolve; the Engine API runs, inspects and saves.
//! Async stops here: every call from outside blocks, watches the `Cancel` it is given, and
//! leaves nothing of its own on the engine. Nothing here judges, phrases or prints.

mod api;
mod capture;
mod clock;
mod dial;
mod ending;
mod endpoint;
mod facts;
mod fault;
mod inspect;
mod run;
mod sandbox;
mod save;
mod sweep;
mod watch;

pub use api::Engine;
pub use endpoint::Endpoint;
pub use inspect::ImageFacts;
pub use run::{Limits, RunRequest};
pub use save::Saved;
