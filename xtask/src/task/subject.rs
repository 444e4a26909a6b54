use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::images::{self, Image, Memory, Route};
use crate::archive::{self, Select, Verify, Watch, is_same_platform};
use crate::cli::{EngineArgs, ReadingArgs};
use crate::dockerfile::{self, Dockerfile};
use crate::engine::{Endpoint, Engine, ImageFacts};
use crate::host::is_stand_in;
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
    (search, route): (BaseSearch<'_>, Route),
    cx: &Context,
) -> Result<Vec<Found>, Problem> {
    let is_image = |source: &&&Path| !is_archive(source) || is_in_engine(source, engine, cx);
    let names: Vec<&Path> = sources.iter().filter(is_image).copied().collect();
    if how.image.is_some() && names.len() == sources.len() && !names.is_empty() {
        let (option, only) = ("--image", Only::Archive);
        return Err(ArchiveProblem::NoEffect { option, only }.into());
    }
    let is_mixed = !names.is_empty() && names.len() < sources.len();
    // Contents that were not read can only be compared within one reading.
    let route = if how.verify || is_mixed {
        Route::Stream
    } else {
        route
    };
    let of_engine = of_engine(&names, engine, how, (search, route), cx)?;
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

/// What skopeo and Podman put before the path of an archive, a layout or one of their own
/// directories. Images may have the names of the last two.
const ARCHIVES: [&str; 2] = ["docker-archive:", "oci-archive:"];
const DIRECTORIES: [&str; 2] = ["oci:", "dir:"];
/// What they put before the name of an image in the engine.
const ENGINE: &str = "docker-daemon:";

/// The path after a transport's name, and the image that may be named behind it.
fn transported(source: &Path) -> Option<(PathBuf, Option<String>)> {
    let text = source.to_str()?;
    let after = |names: [&str; 2]| names.into_iter().find_map(|name| text.strip_prefix(name));
    let is_path = |path: &str| path.contains('/') || Path::new(path).exists();
    let rest = after(ARCHIVES).or_else(|| {
        let rest = after(DIRECTORIES)?;
        is_path(rest.split(':').next()?).then_some(rest)
    })?;
    if Path::new(rest).exists() {
        return Some((rest.into(), None));
    }
    Some(match rest.split_once(':') {
        Some((path, image)) => (path.into(), Some(image.to_owned())),
        None => (rest.into(), None),
    })
}

/// Whether a directory beside the user has the name of an image, and the engine that image.
fn is_in_engine(source: &Path, args: &EngineArgs, cx: &Context) -> bool {
    const LAYOUTS: [&str; 2] = ["index.json", "manifest.json"];
    let text = source.to_str().unwrap_or_default();
    if !source.is_dir() || text.contains('/') || has_ending(source) {
        return false;
    }
    if !LAYOUTS.iter().any(|name| source.join(name).exists()) {
        return true;
    }
    let has_image = || -> Result<bool, Problem> {
        let endpoint = Endpoint::discover(args.host.as_deref())?;
        let engine = Engine::connect(&endpoint, &cx.cancel)?;
        Ok(engine.has_image(text, &cx.cancel)?)
    };
    // A layout can be read without an engine.
    has_image().unwrap_or(false)
}

fn has_ending(source: &Path) -> bool {
    const ENDINGS: [&str; 12] = [
        "bz2", "gz", "json", "oci", "tar", "tbz", "tbz2", "tgz", "txz", "xz", "zip", "zst",
    ];
    let ending = source.extension().and_then(OsStr::to_str);
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

/// Whether it is one, or can be meant as nothing else.
fn is_archive(source: &Path) -> bool {
    let text = source.as_os_str().as_encoded_bytes();
    source.exists()
        || transported(source).is_some()
        || source.is_absolute()
        || [&b"./"[..], b"../", b"~"]
            .iter()
            .any(|start| text.starts_with(start))
        || has_ending(source)
}

fn of_archive(
    source: &Path,
    verify: Verify,
    how: &ReadingArgs,
    cx: &Context,
) -> Result<Found, Problem> {
    cx.events.send(Event::Stage(Stage::Read));
    let (path, image) = match transported(source) {
        Some(found) if !source.exists() => found,
        _ => (source.to_owned(), None),
    };
    let select = Select {
        name: how.image.clone().or(image),
        platform: how.platform.clone(),
    };
    let watch = Watch::new(&cx.events, &cx.cancel);
    let record = archive::open(&path, &select, verify, watch)?;
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
    (search, route): (BaseSearch<'_>, Route),
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
        let text = text.strip_prefix(ENGINE).unwrap_or(text);
        let facts = engine.inspect(text, &cx.cancel)?;
        let facts = of_platform(&engine, facts, how, cx)?;
        ids.insert(name, facts.id);
        wanted.push(facts);
    }
    // What is remembered was verified when it was read, and not now.
    let memory = if how.cold || how.verify {
        Memory::PassBy
    } else {
        Memory::Use
    };
    let images = images::read(&engine, wanted, (memory, route), cx)?;
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

/// The image of the platform that was asked for, where the engine keeps several under a name.
fn of_platform(
    engine: &Engine,
    facts: ImageFacts,
    how: &ReadingArgs,
    cx: &Context,
) -> Result<ImageFacts, Problem> {
    let wanted = how.platform.as_ref();
    let wanted =
        wanted.filter(|it| facts.config.is_none() && !is_same_platform(it, &facts.platform));
    let Some(wanted) = wanted else {
        return Ok(facts);
    };
    let found = engine.inspect_for(&facts, wanted, &cx.cancel)?;
    found.ok_or_else(|| {
        ArchiveProblem::NoPlatform {
            wanted: wanted.to_string(),
            there: vec![facts.platform.to_string()],
        }
        .into()
    })
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

/// Whether an image that names this base stands on none. buildah leaves the name empty.
fn is_scratch(base: &str) -> bool {
    base.is_empty() || base == "scratch"
}

/// What a manifest names and nobody looked at.
fn by_name_alone(reference: String) -> KnownBase {
    if is_scratch(&reference) {
        return KnownBase::scratch();
    }
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
        (Some(name), _) if is_scratch(name) => {
            // A label may be the base's own.
            let is_own = record.base_name.is_some();
            return Ok(is_own.then(KnownBase::scratch));
        }
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
        let base = KnownBase {
            reference: name,
            id: Some(facts.id),
            layers: facts.layers,
            stand_in: is_stand_in(&facts.labels),
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
    let is_it = |wanted| {
        let there = there.as_ref();
        there.is_some_and(|there| is_same_platform(wanted, there))
    };
    match &how.platform {
        Some(wanted) if !is_it(wanted) => Err(ArchiveProblem::NoPlatform {
            wanted: wanted.to_string(),
            there: there.iter().map(ToString::to_string).collect(),
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
