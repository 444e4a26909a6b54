//! `cargo xtask lab` and `report` as their users start them: what goes in wrong, what comes out.

mod adopted;
mod baseline;
mod conduct;
mod field;
mod gated;
mod outputs;
pub(crate) mod project;
mod rejected;
mod secret;
mod shapes;
mod siblings;
mod undecided;
