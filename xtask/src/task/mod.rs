//! One file per subcommand, wiring the rooms together.
//!
//! A task reads like the pipeline that it is. What is decided in it is only what goes to
//! which room.

mod assemble;
mod bases;
mod context;
mod diff;
mod doctor;
mod gate;
mod images;
mod lab;
mod layers;
mod project;
mod provision;
mod publish;
mod report;
mod saved;
mod session;
mod source;
mod subject;
mod test;

pub use context::run;
