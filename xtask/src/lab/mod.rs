//! A resolved Compose file → [`Lab`](crate::model::Lab). Pure; the sole user of YAML.
//!
//! The text is what `docker compose --profile '*' config` or `docker-compose config`
//! prints. Each key of a service is mapped to what means the same, passed over where it
//! can change neither image nor output, or refused by name: `build.rs` and `runtime.rs`
//! hold the tables. None is silently dropped.

mod build;
mod duration;
mod nearest;
mod node;
mod parse;
mod policy;
mod runtime;
mod secret;
mod select;
#[cfg(test)]
mod tests;

pub use parse::parse;
pub use select::{Rungs, Selection};
