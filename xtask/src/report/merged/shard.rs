use super::MergedReport;
use crate::lang::{Phrases, visible};
use crate::model::{Builder, EngineKind, Finding, Level, Outcome, Platform};
use crate::report::LabReport;

/// One report of several, and what tells it from the others.
#[derive(Clone, Debug)]
pub(in crate::report) struct Shard<'a> {
    pub(in crate::report) report: &'a LabReport,
    /// The same in every language, and from run to run as long as the matrix is the same:
    /// `ex08/linux/arm64/podman`. No other shard has it.
    pub(in crate::report) id: String,
    /// The same without the lab and the names of variants: `linux/arm64/podman`.
    pub(in crate::report) place: String,
    told: Vec<Facet>,
}

/// What may tell two reports apart, the most telling first. Lab, platform and kind of engine
/// are always named; the others where those leave two reports alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Facet {
    Lab,
    Platform,
    Kind,
    Version,
    Storage,
    Builder,
    /// The engine's own platform.
    Host,
    Api,
    Variants,
}

const FACETS: [Facet; 9] = [
    Facet::Lab,
    Facet::Platform,
    Facet::Kind,
    Facet::Version,
    Facet::Storage,
    Facet::Builder,
    Facet::Host,
    Facet::Api,
    Facet::Variants,
];

const ALWAYS: usize = 3;

/// All facets in their order, as texts to sort by.
pub(super) fn facets(report: &LabReport) -> [String; FACETS.len()] {
    FACETS.map(|facet| text(report, facet))
}

/// Each variant with the platform of its image, or, where it has none, the one that every
/// other image of the report is for.
pub(super) fn variants(report: &LabReport) -> impl Iterator<Item = (&str, &Platform)> {
    let fallback = match report.platforms().as_slice() {
        [only] => *only,
        _ => &report.engine.platform,
    };
    report.variants.iter().map(move |variant| {
        let measured = variant.measured.as_ref();
        let platform = measured.and_then(|measured| measured.platform.as_ref());
        (variant.name.as_str(), platform.unwrap_or(fallback))
    })
}

fn text(report: &LabReport, facet: Facet) -> String {
    let engine = &report.engine;
    match facet {
        Facet::Lab => report.title().to_owned(),
        Facet::Platform => platforms(report, "+"),
        Facet::Kind => kind_name(engine.kind).to_owned(),
        Facet::Version => engine.version.clone().unwrap_or_default(),
        Facet::Storage => engine.storage.clone().unwrap_or_default(),
        Facet::Builder => builder_name(engine.builder).to_owned(),
        Facet::Host => engine.platform.to_string(),
        Facet::Api => engine.api.clone().unwrap_or_default(),
        Facet::Variants => names(report, "+"),
    }
}

/// As the JSON says it.
pub(in crate::report) fn kind_name(kind: EngineKind) -> &'static str {
    match kind {
        EngineKind::Docker => "docker",
        EngineKind::Podman => "podman",
    }
}

pub(in crate::report) fn builder_name(builder: Builder) -> &'static str {
    match builder {
        Builder::Buildkit => "buildkit",
        Builder::Classic => "classic",
    }
}

fn platforms(report: &LabReport, between: &str) -> String {
    let platforms = report.platforms().into_iter().map(ToString::to_string);
    platforms.collect::<Vec<_>>().join(between)
}

/// With its platform, where not all images are for the same.
fn names(report: &LabReport, between: &str) -> String {
    let is_mixed = report.platforms().len() > 1;
    let names = variants(report).map(|(name, platform)| {
        if is_mixed {
            format!("{name} ({platform})")
        } else {
            name.to_owned()
        }
    });
    names.collect::<Vec<_>>().join(between)
}

/// Which facets are named: those that always are, and each that tells two reports apart
/// which the ones before it leave alike.
fn telling(all: &[[String; FACETS.len()]]) -> Vec<usize> {
    let mut told: Vec<usize> = (0..ALWAYS).collect();
    for next in ALWAYS..FACETS.len() {
        let is_told_apart = all.iter().enumerate().any(|(at, one)| {
            let alike = |other: &&[String; FACETS.len()]| {
                told.iter().all(|facet| one[*facet] == other[*facet])
            };
            let mut others = all[at + 1..].iter().filter(alike);
            others.any(|other| one[next] != other[next])
        });
        if is_told_apart {
            told.push(next);
        }
    }
    told
}

impl MergedReport {
    pub(in crate::report) fn shards(&self) -> Vec<Shard<'_>> {
        let all: Vec<_> = self.reports.iter().map(facets).collect();
        let told = telling(&all);
        let mut shards: Vec<Shard<'_>> = Vec::new();
        for (report, facets) in self.reports.iter().zip(&all) {
            let mut shard = Shard::new(report, facets, &told);
            let id = shard.id.clone();
            let is_taken = |id: &str| shards.iter().any(|known| known.id == id);
            let free = (2..).map(|count| format!("{id} ({count})"));
            let mut ids = std::iter::once(id.clone()).chain(free);
            shard.id = ids.find(|id| !is_taken(id)).unwrap_or(id.clone());
            shards.push(shard);
        }
        shards
    }
}

impl<'a> Shard<'a> {
    fn new(report: &'a LabReport, facets: &[String], told: &[usize]) -> Self {
        let joined = |is_wanted: fn(Facet) -> bool| {
            let wanted = told.iter().filter(|facet| is_wanted(FACETS[**facet]));
            let parts: Vec<_> = wanted.map(|facet| visible(&facets[*facet])).collect();
            parts.join("/")
        };
        Self {
            report,
            id: joined(|_| true),
            place: joined(|facet| !matches!(facet, Facet::Lab | Facet::Variants)),
            told: told.iter().map(|facet| FACETS[*facet]).collect(),
        }
    }

    pub(in crate::report) fn platforms(&self) -> String {
        platforms(self.report, ", ")
    }

    /// The engine, its version, and what else tells this report from the others.
    pub(in crate::report) fn engine(&self, say: Phrases) -> String {
        let engine = &self.report.engine;
        let name = say.engine_named(engine);
        let more = self.told.iter().filter_map(|facet| match facet {
            Facet::Lab | Facet::Platform | Facet::Kind | Facet::Version => None,
            Facet::Storage => engine.storage.clone(),
            Facet::Builder => Some(say.word(engine.builder).to_owned()),
            Facet::Host => Some(engine.platform.to_string()),
            Facet::Api => engine.api.as_ref().map(|api| format!("API {api}")),
            Facet::Variants => Some(names(self.report, ", ")),
        });
        let parts: Vec<String> = std::iter::once(name).chain(more).collect();
        parts.join(", ")
    }

    /// All that it is known by, as people read it.
    pub(in crate::report) fn label(&self, say: Phrases) -> String {
        let lab = self.report.title();
        format!("{lab} · {} · {}", self.platforms(), self.engine(say))
    }

    pub(in crate::report) fn errors(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        let findings = self.report.verdict.findings.iter();
        findings.filter(|finding| finding.level == Level::Error)
    }

    pub(in crate::report) fn is_rejected(&self) -> bool {
        self.report.verdict.outcome == Outcome::Rejected
    }

    pub(in crate::report) fn is_at_fault(&self, variant: &str) -> bool {
        self.errors().any(|error| error.variant == variant)
    }
}
