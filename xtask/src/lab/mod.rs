//! A resolved Compose file → [`Lab`](crate::model::Lab). Pure; the sole user of YAML.
//!
//! The text is what `docker compose --profile '*' config` or `docker-compose config`
//! prints. Each key of a service is mapped to what means the same, passed over where it
//! can change neither image nor output, or refused by name: `build.rs` and `runtime.rs`
//! hold the tables. None is silently dropped.

mod build;
mod duration;
mod exercise;
mod kept;
mod node;
mod overrides;
mod policy;
mod resolved;
mod runtime;
mod script;
mod secret;
mod select;
mod sibling;
#[cfg(test)]
mod tests;
mod text;
mod texts;
mod written;

pub use crate::model::nearest;
pub use overrides::{Override, overridden};
pub use resolved::Resolved;
pub use script::script;
pub use select::{Rungs, Selection};
pub use texts::texts;
