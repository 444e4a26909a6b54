//! `cargo xtask lab` and `report` as their users start them: what goes in wrong, what comes out.

mod baseline;
mod conduct;
mod outputs;
mod project;
mod rejected;
mod undecided;
