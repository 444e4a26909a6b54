//! `cargo xtask check`, from outside: an exercise that differs from ex08 in all that is data.

mod bad;
mod course;
mod outcomes;
mod shipped;
mod watch;
