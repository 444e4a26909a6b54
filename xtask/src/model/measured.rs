use serde::{Deserialize, Serialize};

use super::{Bytes, Delta, Digest, ImagePath, Kind, Place, Platform, Verified, flat};

/// What one image weighs and where each byte comes from.
///
/// Conserved to the byte: Σ layers = Σ tree = live + wasted = base + own = unpacked.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// `None` in a baseline: it is another with every build.
    pub image_id: Option<Digest>,
    /// `None` if its config does not say it.
    pub platform: Option<Platform>,
    pub verified: Verified,
    /// `None` for `FROM scratch`, and where no base is known of.
    pub base: Option<Base>,
    /// The image says itself that it stands on no base.
    pub is_from_scratch: bool,
    pub size: Size,
    /// From the lowest.
    pub layers: Vec<LayerSize>,
    pub tree: Tree,
    /// The largest live files, most bytes first, then by path.
    pub largest: Vec<SizedPath>,
    /// All that is wasted: the largest files one by one, what went with a directory and the
    /// rest under the directory's path. Most bytes first, then by path.
    pub waste: Vec<WastedPath>,
    /// Most bytes first.
    pub advice: Vec<Advice>,
    /// Files of the kit itself, by which growth is not judged. `None` in a report that does not
    /// tell.
    pub excluded: Option<Vec<Excluded>>,
}

/// A file or directory of the kit that a build context held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    #[serde(flatten)]
    pub path: ImagePath,
    pub bytes: Bytes,
    /// Regular files.
    pub files: u64,
    /// Index from the lowest layer.
    pub layer: usize,
    /// The line that keeps it out of the build context.
    pub pattern: String,
    /// The file for that line, as the project names it.
    pub dockerignore: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// As the Dockerfile names it once its arguments are filled in.
    pub reference: String,
    pub id: Option<Digest>,
    /// It was made on this machine instead of the real one.
    pub stand_in: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Bytes of regular files in the layers' tars; a hard link counts once.
    pub unpacked: Bytes,
    /// Sum over the layers' blobs as transferred; `None` where one of them is unknown.
    pub packed: Option<Bytes>,
    /// Bytes of the files that a container sees.
    pub live: Bytes,
    pub base: Bytes,
    pub own: Bytes,
    /// In layers that another image of the same report holds too, and in this image's alone.
    pub shared: Bytes,
    pub unique: Bytes,
    /// The engine's own figure, whose meaning depends on engine, version and store.
    pub engine_reported: Option<Bytes>,
    pub wasted: Wasted,
    /// The same content at other live paths, the first one left out. Not part of `wasted`.
    pub duplicate: Bytes,
}

/// `unpacked − live`, by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wasted {
    /// A higher layer wrote other content at the path.
    pub overwritten: Bytes,
    /// A higher layer removed the path.
    pub deleted: Bytes,
    /// A higher layer wrote the same content again: chmod, chown, touch.
    pub metadata_only: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    Base,
    Own,
}

/// One layer at its place in the image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerSize {
    /// `None` in a baseline, for a layer that an instruction made: its times are in it, so that
    /// it is another with every build.
    pub diff_id: Option<Digest>,
    pub origin: Origin,
    #[serde(flatten, with = "flat::step")]
    pub step: Option<Step>,
    pub unpacked: Bytes,
    pub packed: Option<Bytes>,
    /// Regular files.
    pub files: u64,
    /// Bytes of this layer that a higher one hides.
    pub wasted: Bytes,
}

/// The instruction that made a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The name of its build stage, or its number from 0 where it has none.
    pub stage: Option<String>,
    /// As the Dockerfile has it where it is at hand, else as the history shows it; the
    /// values of build arguments are redacted.
    pub instruction: String,
    #[serde(flatten, with = "flat::place")]
    pub place: Option<Place>,
}

/// `unpacked` by directory and layer. Each byte is in exactly one entry: that of its
/// directory, or of the nearest one above that is large enough to be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    /// Directories of less than this in one layer are added to their parent's entry.
    pub folded_below: Bytes,
    /// By path, then layer.
    pub entries: Vec<SizedPath>,
}

/// What one layer holds at a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizedPath {
    #[serde(flatten)]
    pub path: ImagePath,
    pub bytes: Bytes,
    /// Index from the lowest layer.
    pub layer: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WastedPath {
    #[serde(flatten)]
    pub path: ImagePath,
    pub bytes: Bytes,
    /// The layer that holds the hidden bytes.
    pub layer: usize,
    pub fate: Fate,
}

/// What becomes of a file once all layers are stacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Live,
    Overwritten,
    Deleted,
    MetadataOnly,
}

/// One entry of one layer, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFate {
    pub path: ImagePath,
    pub kind: Kind,
    /// 0 for all but regular files.
    pub bytes: Bytes,
    pub sha256: Option<Digest>,
    pub fate: Fate,
    pub layer: usize,
}

/// Something to change, with the bytes that it would save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    pub kind: AdviceKind,
    pub saves: Bytes,
    #[serde(flatten, with = "flat::place")]
    pub place: Option<Place>,
    /// What it is about: files, and directories with all in them; the ten with most bytes,
    /// most first.
    pub paths: Vec<SizedPath>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdviceKind {
    /// Package lists left by a package manager.
    PackageLists,
    /// Caches of package managers and compilers.
    Caches,
    /// Files that one instruction adds and a later one removes.
    RemovedLater,
    /// The same content written again by chown, chmod or touch.
    RewrittenMetadata,
    /// Compilers and headers that nothing in the run stage needs.
    BuildTools,
    /// An interpreter that what is run, the service's command or the image's, does not use.
    Interpreter,
}

/// What a variant does not carry of the reference, part by part. Adds up to the difference
/// of the two sizes; a part that the variant adds is negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftPart {
    pub cause: LeftCause,
    /// The reference's instruction that brought it, or the variant's for what is added.
    #[serde(flatten, with = "flat::step")]
    pub step: Option<Step>,
    pub bytes: Delta,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftCause {
    Compiler,
    PackageLists,
    Caches,
    Interpreter,
    /// The rest of the base.
    Base,
    /// The rest of what the Dockerfile's own instructions brought.
    Own,
    /// What only the variant holds.
    Added,
}

/// How much of the base is told from an image's own layers; the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BaseTold {
    Nothing,
    /// Its name, as the image has it.
    Name,
    /// The file system at the bottom. What the base's own Dockerfile added to that counts as
    /// the image's own.
    Root,
    /// The image is seen to stand on it, or a Dockerfile tells.
    Whole,
}

impl LayerSize {
    /// Whether both are known to hold the same to the byte.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.diff_id.is_some() && self.diff_id == other.diff_id
    }
}

impl Measured {
    /// What the kit's own files weigh; `None` where it is not known.
    pub fn excluded_bytes(&self) -> Option<Bytes> {
        let excluded = self.excluded.as_ref()?;
        Some(excluded.iter().map(|it| it.bytes).sum())
    }

    pub fn base_told(&self) -> BaseTold {
        let stands_on_it = self.base.as_ref().is_some_and(|base| base.id.is_some());
        let mut steps = self.layers.iter().filter_map(|layer| layer.step.as_ref());
        if self.is_from_scratch
            || stands_on_it
            || steps.any(|step| step.place.is_some())
            || self.layers.is_empty()
        {
            BaseTold::Whole
        } else if self.layers.iter().any(|it| it.origin == Origin::Base) {
            BaseTold::Root
        } else if self.base.is_some() {
            BaseTold::Name
        } else {
            BaseTold::Nothing
        }
    }
}

impl Wasted {
    pub fn total(self) -> Bytes {
        self.overwritten + self.deleted + self.metadata_only
    }
}
