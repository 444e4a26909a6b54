//! The scripts of `ci/` and what calls them, without any CI service: events are files, the
//! code host is a stub that keeps comments in a file, and the engine is the real one.

mod chain;
mod files;
mod forge;
mod gated;
mod gitlab;
mod hostile;
mod kit;
mod matrix;
mod options;
mod rendered;
mod repository;
mod runner;
mod schemas;

pub(crate) use repository::Repository;
pub(crate) use runner::clean;
use xtask::model::{Format, Language};
use xtask::report::{Look, Styles, render};

use crate::page::sample;

/// The directory of the scripts.
pub(crate) fn scripts() -> std::path::PathBuf {
    files::root().join("ci")
}

/// A report of exercise 08, in English.
pub(crate) fn sample(format: Format) -> Vec<u8> {
    let look = Look {
        language: Language::English,
        width: 80,
        styles: Styles::none(),
    };
    let mut bytes = Vec::new();
    render(&sample::ladder(), format, &look, &mut bytes).unwrap();
    bytes
}
