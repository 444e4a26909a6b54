//! What is installed on this machine, and how what is missing gets installed.
//!
//! Looking changes nothing; every command that changes something is announced before it
//! runs. What is to be done is planned from plain facts first. Knows the engine only from
//! outside: its socket, its programs, its packages.

mod apt;
mod base;
mod command;
mod distribution;
mod look;
mod offer;
mod parts;
mod plan;
mod provision;
mod python;
mod remember;
mod run;
mod socket;
mod sources;
mod stand_in;

#[cfg(test)]
mod tests;

pub use apt::install_packages;
pub use base::{
    BaseChoice, BaseNeed, DockerCommand, Network, REAL_BASE, RealBase, STAND_IN, is_in_registry,
    provision_base, real_base,
};
pub use look::{Depth, look};
pub use parts::parts;
pub use plan::{Action, plan};
pub use provision::{Provisioned, provision_engine, refuse_offline, regroup};
pub use python::{PythonTool, install_python_tool, python_tool};
pub use remember::{BASE_VARIABLE, remember_base};
pub use run::{become_command, of_process};
pub use stand_in::is_stand_in;
