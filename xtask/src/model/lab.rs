use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Bytes, Exercise, ImagePath, LayerSize, Measured, Origin, Platform};

/// A resolved Compose file, as far as the kit is concerned: nothing of it is re-checked
/// once it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    /// Of `x-lab: { lab: NAME }`; `None` for a Compose project that names no lab.
    pub name: Option<String>,
    /// Reference, rungs, solution, then the others, each by name. A report puts the rungs in
    /// the order of their weight.
    pub variants: Vec<Variant>,
    /// Every service of the file that is built, wanted or not.
    pub siblings: Vec<Sibling>,
    /// Services that were not asked for by name and are no variants, and why.
    pub skipped: Vec<(String, Skipped)>,
}

/// A service whose image another one may build on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sibling {
    pub service: String,
    /// What its image is called: its own name for it, else those that Compose gives it.
    pub images: Vec<String>,
}

/// Why a service is no variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// It is behind a profile that is not active.
    Inactive,
    /// Compose leaves it to a provider (compose-spec, "Provider").
    Provided,
}

/// One service: an image to build (or to take as it is), measure and perhaps run.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    pub name: String,
    pub role: Option<Role>,
    /// The name that the build tags, or, without `build`, the image itself.
    pub image: Option<String>,
    /// `None` for a service that only names an image.
    pub build: Option<BuildSpec>,
    /// What an image that is only named is to be for; a build has its own.
    pub image_platform: Option<Platform>,
    pub running: Running,
    pub policy: Policy,
    /// What `check` asks of a submission, where the service is the solution of an exercise.
    pub exercise: Option<Box<Exercise>>,
}

impl Variant {
    /// What its image is to be for, where the service says so.
    pub fn platform(&self) -> Option<&Platform> {
        match &self.build {
            Some(build) => build.platform.as_ref(),
            None => self.image_platform.as_ref(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// What the others are compared with.
    Reference,
    /// A step between the reference and the solution.
    Rung,
    /// The lightest.
    Solution,
}

/// What `docker build` needs to build what `docker compose build` would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildSpec {
    /// An absolute directory, or what the Docker CLI takes as a remote context.
    pub context: String,
    pub dockerfile: Dockerfile,
    /// A `None` value is taken from the environment by the Docker CLI.
    pub args: BTreeMap<String, Option<String>>,
    pub target: Option<String>,
    pub platform: Option<Platform>,
    /// What it may be built for; where the service names no platform of its own, the engine's is
    /// taken from among them. Empty for any.
    pub platforms: Vec<Platform>,
    /// Where its secrets come from.
    pub secrets: Vec<SecretSource>,
    /// Variables of the project's `.env` that the build reads and the environment lacks.
    pub environment: BTreeMap<String, String>,
    /// Every other build key, as the flag of `docker build` that means the same; by name,
    /// those of one name in the file's order.
    pub flags: Vec<Flag>,
}

/// Where the value of a build secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// In a variable of the environment or of the project's `.env`.
    Variable(String),
    File(PathBuf),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dockerfile {
    /// Absolute, or relative to a remote context.
    Path(PathBuf),
    /// `dockerfile_inline`: its text.
    Inline(String),
}

/// One flag of `docker build`, to be written as one word: `--shm-size=134217728`. Some
/// (`--provenance`, `--sbom`) take a value in no other way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    pub name: &'static str,
    pub value: Option<String>,
    pub needs: Needs,
}

/// Which builder knows a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    AnyBuilder,
    Buildkit,
}

/// Whether the variant's container is run and its output compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Running {
    /// A service without a role: a server never exits. What it would run tells all the same
    /// what its image is needed for.
    No(ServiceCommand),
    Yes(Box<RunSpec>),
}

impl Running {
    pub fn command(&self) -> &ServiceCommand {
        match self {
            Self::No(command) => command,
            Self::Yes(spec) => &spec.command,
        }
    }
}

/// What a service runs, where it says so instead of its image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceCommand {
    /// Empty: none, whatever the image's own is. `None`: the image's own. Where it has a word,
    /// the image's own arguments are not used (Docker Engine API, `ContainerCreate`).
    pub entrypoint: Option<Vec<String>>,
    /// Its arguments, or the whole where there is no entrypoint.
    pub arguments: Option<Vec<String>>,
    pub working_dir: Option<String>,
    /// What an engine would run beside it, again and again; empty for none of the service's.
    pub healthcheck: Vec<String>,
}

impl ServiceCommand {
    /// Whether the image's own arguments are used: an engine takes them where no word is given,
    /// be it of an entrypoint or of arguments.
    pub fn uses_image_arguments(&self) -> bool {
        let is_wordless = |words: &Option<Vec<String>>| words.as_ref().is_none_or(Vec::is_empty);
        is_wordless(&self.entrypoint) && is_wordless(&self.arguments)
    }
}

/// What the service says of its container. The sandbox (no network, no capabilities,
/// read-only, limits) is the engine room's and is not asked for here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunSpec {
    pub command: ServiceCommand,
    /// `NAME=value`, sorted by name; a `NAME` alone unsets the image's own.
    pub environment: Vec<String>,
    pub user: Option<String>,
    pub hostname: Option<String>,
    pub labels: BTreeMap<String, String>,
    pub init: bool,
    pub group_add: Vec<String>,
    /// Mount point to options, as the Engine API's `HostConfig.Tmpfs` takes them.
    pub tmpfs: BTreeMap<String, String>,
    pub shm_size: Option<Bytes>,
    /// A limit below the sandbox's own tightens it; one above does not loosen it.
    pub memory: Option<Bytes>,
    pub pids: Option<u32>,
    /// Thousandths of a processor.
    pub milli_cpus: Option<u32>,
    pub stop_signal: Option<String>,
    /// `x-lab: { timeout: 30s }`; the kit's default otherwise.
    pub timeout: Option<Duration>,
}

/// What a variant may weigh.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// The most that `counts` may reach.
    pub budget: Option<Bytes>,
    pub counts: Measure,
    /// Growth past both limits of it is a regression, whatever brought it, except another base.
    /// `None`: [`Growth::default_of`] holds.
    pub max_growth: Option<Growth>,
    /// Limits of their own for growth that nobody's change brought: another base (`None`: any is
    /// tolerated), and drift (`None`: it counts as growth).
    pub max_base_drift: Option<Growth>,
    pub max_content_drift: Option<Growth>,
    /// Paths, or directories with all below them, whose waste is accepted.
    pub allow_waste: Vec<String>,
    /// What may accept a change that exceeds a limit. `None`: nothing.
    #[serde(default)]
    pub accept: Option<Accept>,
}

super::named! {
    /// What accepts a change that exceeds a limit.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Accept {
        /// A baseline that the change brings, if it is the one that was measured.
        Baseline => "baseline",
    }
}

/// How much growth is tolerated: it is too much only when it exceeds every limit given.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    pub bytes: Option<Bytes>,
    /// Of the baseline's size: 1.5 is one and a half per cent.
    pub percent: Option<f64>,
}

/// What a policy counts. All but `Layers` are bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    #[default]
    Unpacked,
    Own,
    Wasted,
    Layers,
}

impl Role {
    /// As `x-lab` names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Rung => "rung",
            Self::Solution => "solution",
        }
    }
}

impl Policy {
    /// What this policy counts, in an image.
    pub fn counted(&self, measured: &Measured) -> Bytes {
        let size = &measured.size;
        match self.counts {
            Measure::Unpacked => size.unpacked,
            Measure::Own => size.own,
            Measure::Wasted => self.not_allowed(size.wasted.total(), measured, |_| true),
            Measure::Layers => Bytes(measured.layers.len() as u64),
        }
    }

    /// The part of it that one layer brings; over all layers it adds up.
    pub fn counted_in(&self, measured: &Measured, number: usize, layer: &LayerSize) -> Bytes {
        match self.counts {
            Measure::Unpacked => layer.unpacked,
            Measure::Own if layer.origin == Origin::Own => layer.unpacked,
            Measure::Own => Bytes::ZERO,
            Measure::Wasted => self.not_allowed(layer.wasted, measured, |it| it == number),
            Measure::Layers => Bytes(1),
        }
    }

    fn not_allowed(
        &self,
        wasted: Bytes,
        measured: &Measured,
        is_meant: impl Fn(usize) -> bool,
    ) -> Bytes {
        let waste = measured.waste.iter();
        let allowed = waste.filter(|it| is_meant(it.layer) && self.allows_waste_at(&it.path));
        let allowed: Bytes = allowed.map(|it| it.bytes).sum();
        Bytes(wasted.0.saturating_sub(allowed.0))
    }

    /// Whether the path, or a directory above it, is one whose waste is accepted.
    pub fn allows_waste_at(&self, path: &ImagePath) -> bool {
        self.allow_waste.iter().any(|allowed| {
            let below = path.as_bytes().strip_prefix(allowed.as_bytes());
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
        })
    }
}

impl Measure {
    /// As `x-lab` names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unpacked => "unpacked",
            Self::Own => "own",
            Self::Wasted => "wasted",
            Self::Layers => "layers",
        }
    }
}
