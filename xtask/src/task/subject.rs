use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::images::{self, Image, Memory};
use crate::archive::{self, Select, Verify, Watch, is_same_name, is_same_platform};
use crate::cli::{EngineArgs, ReadingArgs};
use crate::dockerfile::{self, Dockerfile};
use crate::engine::{Endpoint, Engine};
use crate::host::STAND_IN;
use crate::measure::{self, KnownBase, Subject};
use crate::model::{
    ArchiveProblem, Bytes, Digest, EngineProblem, Event, ImageRecord, LabProblem, Only, Problem,
    Stage,
};

/// The label that names the base (OCI image specification, annotations.md).
const BASE_NAME: &str = "org.opencontainers.image.base.name";

/// An image, wherever it was found.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) record: ImageRecord,
    pub(super) engine_reported: Option<Bytes>,
    base: Option<KnownBase>,
}

/// A Dockerfile that is said to have made what is read.
pub(super) struct Recipe {
    path: PathBuf,
    dockerfile: Dockerfile,
}

/// Reads what is named: a path that is there is an archive, anything else an image of the
/// engine. All images of the engine come in one request.
pub(super) fn read(
    sources: &[&Path],
    engine: &EngineArgs,
    how: &ReadingArgs,
    search: BaseSearch<'_>,
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
    let of_engine = of_engine(&names, engine, how, search, cx)?;
    let found = sources.iter().map(|source| match of_engine.get(*source) {
        Some(found) => Ok(found.clone()),
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
        base: record.base_name.clone().map(by_name_alone),
        record,
        engine_reported: None,
    })
}

fn of_engine<'a>(
    names: &[&'a Path],
    engine: &EngineArgs,
    how: &ReadingArgs,
    search: BaseSearch<'_>,
    cx: &Context,
) -> Result<BTreeMap<&'a Path, Found>, Problem> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let endpoint = Endpoint::discover(engine.host.as_deref())?;
    let engine = Engine::connect(&endpoint, &cx.cancel)?;
    let mut ids: BTreeMap<&Path, Digest> = BTreeMap::new();
    let mut wanted = Vec::new();
    for name in names {
        let text = name.to_str().ok_or_else(|| missing(name))?;
        let facts = engine.inspect(text, &cx.cancel)?;
        ids.insert(name, facts.id);
        wanted.push(facts);
    }
    // What is remembered was verified when it was read, and not now.
    let memory = if how.cold || how.verify {
        Memory::PassBy
    } else {
        Memory::Use
    };
    let images = images::read(&engine, wanted, memory, cx)?;
    let compared: Vec<Digest> = images.keys().copied().collect();
    let mut found = BTreeMap::new();
    for (name, id) in ids {
        let image = images.get(&id).ok_or_else(|| missing(name))?;
        check_platform(image, how)?;
        found.insert(
            name,
            Found {
                record: image.record.clone(),
                engine_reported: image.facts.engine_reported,
                base: base(&engine, image, (search, &compared), cx)?
                    .or_else(|| image.record.base_name.clone().map(by_name_alone)),
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

/// How far a base is looked for.
#[derive(Clone, Copy)]
pub(super) enum BaseSearch<'r> {
    /// Where the image itself names it.
    Named,
    /// Among the images of the store too, which takes a question for each; but not for an
    /// image that this Dockerfile made, whose base it names.
    Store(Option<&'r Recipe>),
}

/// More than these are not asked about.
const MOST_ASKED: usize = 200;

/// What a manifest names and nobody looked at.
fn by_name_alone(reference: String) -> KnownBase {
    KnownBase {
        reference,
        id: None,
        layers: Vec::new(),
        stand_in: false,
    }
}

/// The image that this one stands on, where the engine has it: the one that it names itself,
/// else the tallest whose layers it begins with.
fn base(
    engine: &Engine,
    image: &Image,
    (search, compared): (BaseSearch<'_>, &[Digest]),
    cx: &Context,
) -> Result<Option<KnownBase>, Problem> {
    let record = &image.record;
    // A label may be the base's own: an image inherits them, and not what a manifest says.
    let label = || record.config.labels.get(BASE_NAME);
    let named = record.base_name.as_ref().or_else(label);
    let asked = match (named, search) {
        (Some(name), _) => vec![name.clone()],
        (None, BaseSearch::Named) => return Ok(None),
        (None, BaseSearch::Store(Some(recipe))) if recipe.source(record).is_some() => {
            return Ok(None);
        }
        (None, BaseSearch::Store(_)) => engine.named_images(&cx.cancel)?,
    };
    let mut tallest: Option<KnownBase> = None;
    for name in asked.into_iter().take(MOST_ASKED) {
        let facts = match engine.inspect(&name, &cx.cancel) {
            Ok(facts) => facts,
            // It may just have been removed, and a label may say anything.
            Err(EngineProblem::NoImage { .. } | EngineProblem::BadReference { .. }) => continue,
            Err(problem) => return Err(problem.into()),
        };
        // Of two images that are compared the one may begin as the other does.
        if compared.contains(&facts.id) {
            continue;
        }
        let stand_in = facts.names.iter().any(|name| is_same_name(STAND_IN, name));
        let base = KnownBase {
            reference: name,
            id: Some(facts.id),
            layers: facts.layers,
            stand_in,
        };
        let height = |base: &KnownBase| base.layers.len();
        if height(&base) < record.layers.len()
            && measure::stands_on(record, &base)
            && tallest
                .as_ref()
                .is_none_or(|known| height(known) < height(&base))
        {
            tallest = Some(base);
        }
    }
    Ok(tallest)
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
    /// As `measure` takes it; the recipe only where it can have made the image.
    pub(super) fn subject<'f>(&'f self, recipe: Option<&'f Recipe>) -> Subject<'f> {
        Subject {
            record: &self.record,
            engine_reported: self.engine_reported,
            command: None,
            source: recipe.and_then(|recipe| recipe.source(&self.record)),
            base: self.base.clone(),
        }
    }
}

impl Recipe {
    pub(super) fn read(how: &ReadingArgs) -> Result<Option<Self>, Problem> {
        let Some(path) = &how.dockerfile else {
            return Ok(None);
        };
        let text = fs::read(path).map_err(|source| LabProblem::Read {
            path: path.clone(),
            source,
        })?;
        Ok(Some(Self {
            path: path.clone(),
            dockerfile: dockerfile::parse(&String::from_utf8_lossy(&text)),
        }))
    }

    /// The target of it that can have made the image.
    fn source(&self, record: &ImageRecord) -> Option<measure::Source<'_>> {
        let source = measure::Source {
            dockerfile: &self.dockerfile,
            name: self.path.display().to_string(),
            target: None,
            args: BTreeMap::new(),
        };
        measure::made_by(record, &source)
    }

    /// Refuses a Dockerfile that made none of the images.
    pub(super) fn check(recipe: Option<&Self>, subjects: &[Subject]) -> Result<(), Problem> {
        match recipe {
            Some(recipe) if subjects.iter().all(|subject| subject.source.is_none()) => {
                let dockerfile = recipe.path.clone();
                Err(ArchiveProblem::OtherDockerfile { dockerfile }.into())
            }
            _ => Ok(()),
        }
    }
}
