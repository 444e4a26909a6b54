use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use super::context::Context;
use super::images::{self, Image, Memory};
use crate::archive::{self, Select, Verify, Watch, is_same_platform};
use crate::cli::{EngineArgs, ReadingArgs};
use crate::engine::{Endpoint, Engine};
use crate::measure::Subject;
use crate::model::{
    ArchiveProblem, Bytes, Digest, EngineProblem, Event, ImageRecord, Only, Problem, Stage,
};

/// An image, wherever it was found.
pub(super) struct Found {
    pub(super) record: ImageRecord,
    pub(super) engine_reported: Option<Bytes>,
}

/// Reads what is named: a path that is there is an archive, anything else an image of the
/// engine. All images of the engine come in one request.
pub(super) fn read(
    sources: &[&Path],
    engine: &EngineArgs,
    how: &ReadingArgs,
    cx: &Context,
) -> Result<Vec<Found>, Problem> {
    let names: Vec<&Path> = sources
        .iter()
        .filter(|source| !is_archive(source))
        .copied()
        .collect();
    if how.image.is_some() && names.len() == sources.len() && !names.is_empty() {
        let (option, only) = ("--image", Only::Archive);
        return Err(ArchiveProblem::NoEffect { option, only }.into());
    }
    let mut of_engine = of_engine(&names, engine, how, cx)?;
    let found = sources
        .iter()
        .map(|source| match of_engine.remove(*source) {
            Some(found) => Ok(found),
            None => of_archive(source, verify(how), how, cx),
        });
    found.collect()
}

/// Reads an archive again, every byte of it.
pub(super) fn read_whole(source: &Path, how: &ReadingArgs, cx: &Context) -> Result<Found, Problem> {
    of_archive(source, Verify::All, how, cx)
}

/// Whether it is one, or can be meant as nothing else.
fn is_archive(source: &Path) -> bool {
    const ENDINGS: [&str; 7] = ["gz", "json", "oci", "tar", "tgz", "zip", "zst"];
    let ending = source.extension().and_then(OsStr::to_str);
    let text = source.as_os_str().as_encoded_bytes();
    source.exists()
        || source.is_absolute()
        || [&b"./"[..], b"../", b"~"]
            .iter()
            .any(|start| text.starts_with(start))
        || ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

fn of_archive(
    source: &Path,
    verify: Verify,
    how: &ReadingArgs,
    cx: &Context,
) -> Result<Found, Problem> {
    cx.events.send(Event::Stage(Stage::Read));
    let select = Select {
        name: how.image.clone(),
        platform: how.platform.clone(),
    };
    let watch = Watch::new(&cx.events, &cx.cancel);
    let record = archive::open(source, &select, verify, watch)?;
    Ok(Found {
        record,
        engine_reported: None,
    })
}

fn of_engine<'a>(
    names: &[&'a Path],
    engine: &EngineArgs,
    how: &ReadingArgs,
    cx: &Context,
) -> Result<BTreeMap<&'a Path, Found>, Problem> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let endpoint = Endpoint::discover(engine.host.as_deref())?;
    let engine = Engine::connect(&endpoint, &cx.cancel)?;
    let mut ids: BTreeMap<&Path, Digest> = BTreeMap::new();
    for name in names {
        let text = name.to_str().ok_or_else(|| missing(name))?;
        ids.insert(name, engine.inspect(text, &cx.cancel)?.id);
    }
    // What is remembered was verified when it was read, and not now.
    let memory = if how.cold || how.verify {
        Memory::PassBy
    } else {
        Memory::Use
    };
    let wanted: Vec<Digest> = ids.values().copied().collect();
    let images = images::read(&engine, &wanted, memory, cx)?;
    let mut found = BTreeMap::new();
    for (name, id) in ids {
        let image = images.get(&id).ok_or_else(|| missing(name))?;
        check_platform(image, how)?;
        found.insert(
            name,
            Found {
                record: image.record.clone(),
                engine_reported: image.facts.engine_reported,
            },
        );
    }
    Ok(found)
}

fn verify(how: &ReadingArgs) -> Verify {
    if how.verify {
        Verify::All
    } else {
        Verify::Headers
    }
}

fn missing(name: &Path) -> Problem {
    EngineProblem::NoImage {
        image: name.display().to_string(),
    }
    .into()
}

/// An engine has one platform of an image at hand.
fn check_platform(image: &Image, how: &ReadingArgs) -> Result<(), ArchiveProblem> {
    let there = &image.record.platform;
    match &how.platform {
        Some(wanted) if !is_same_platform(wanted, there) => Err(ArchiveProblem::NoPlatform {
            wanted: wanted.to_string(),
            there: vec![there.to_string()],
        }),
        _ => Ok(()),
    }
}

impl Found {
    /// As `measure` takes it: built elsewhere, for no Dockerfile is at hand.
    pub(super) fn subject(&self) -> Subject<'_> {
        Subject {
            record: &self.record,
            engine_reported: self.engine_reported,
            source: None,
            base: None,
        }
    }
}
