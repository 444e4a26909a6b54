//! What a builder says while it builds: three languages, one meaning.

mod classic;
mod json;
mod plain;
mod plan;
mod reader;
mod step;
mod told;

#[cfg(test)]
mod tests;

pub(super) use reader::Reader;
pub(super) use step::says_disk_full;
pub(super) use told::{Summary, Told};
