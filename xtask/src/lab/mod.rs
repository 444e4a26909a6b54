//! A resolved Compose file → [`Lab`](crate::model::Lab). Pure; the sole user of YAML.
//!
//! The text is what `docker compose --profile '*' config` or `docker-compose config`
//! prints. Each key of a service is mapped to what means the same, passed over where it
//! can change neither image nor output, or refused by name: `build.rs` and `runtime.rs`
//! hold the tables. None is silently dropped.

mod build;
mod duration;
mod kept;
mod nearest;
mod node;
mod overrides;
mod parse;
mod policy;
mod runtime;
mod secret;
mod select;
#[cfg(test)]
mod tests;
mod text;
mod written;

pub use kept::all_kept;
pub use nearest::nearest;
pub use overrides::{Override, overridden};
pub use parse::{parse, services_of};
pub use select::{Rungs, Selection};
