//! Reports of several runs as one: the shards of a CI matrix of platforms, engines or labs.

mod shard;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub(super) use shard::{Shard, builder_name, kind_name};

use super::LabReport;
use crate::lang::Phrases;
use crate::model::{Outcome, Platform, ReportProblem};

/// More labs than this are counted in a headline.
const NAMED: usize = 3;

/// One report or more, each once, by lab, then platform, then engine, whatever order they
/// came in. Merging what was merged gives what merging all at once does.
#[derive(Clone, Debug, PartialEq)]
pub struct MergedReport {
    reports: Vec<LabReport>,
}

impl From<LabReport> for MergedReport {
    fn from(report: LabReport) -> Self {
        Self {
            reports: vec![report],
        }
    }
}

impl MergedReport {
    /// Refuses two reports that say different things of one variant; the paths only name
    /// where each came from.
    ///
    /// # Panics
    ///
    /// There must be one report at least.
    pub fn new(sources: Vec<(PathBuf, LabReport)>) -> Result<Self, ReportProblem> {
        assert!(!sources.is_empty(), "there is a report to show");
        let mut kept: Vec<(PathBuf, LabReport)> = Vec::new();
        for (path, report) in sources {
            if kept.iter().any(|(_, known)| *known == report) {
                continue;
            }
            let clash = kept.iter().find_map(|(known_path, known)| {
                let clash = clash(known, &report)?;
                Some((known_path.clone(), clash))
            });
            if let Some((first, Clash { variant })) = clash {
                return Err(ReportProblem::Clash {
                    first,
                    second: path,
                    lab: report.lab,
                    variant,
                });
            }
            kept.push((path, report));
        }
        let mut reports: Vec<_> = kept.into_iter().map(|(_, report)| report).collect();
        reports.sort_by_cached_key(|report| (report.lab.clone(), shard::facets(report)));
        Ok(Self { reports })
    }

    /// The report, where it is the only one.
    pub(super) fn only(&self) -> Option<&LabReport> {
        match self.reports.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    pub fn reports(&self) -> &[LabReport] {
        &self.reports
    }

    pub fn into_reports(self) -> Vec<LabReport> {
        self.reports
    }

    pub fn outcome(&self) -> Outcome {
        if self.rejected() == 0 {
            Outcome::Accepted
        } else {
            Outcome::Rejected
        }
    }

    pub(super) fn rejected(&self) -> usize {
        let rejected = |report: &&LabReport| report.verdict.outcome == Outcome::Rejected;
        self.reports.iter().filter(rejected).count()
    }

    /// Each lab once, as the reports name them.
    pub(super) fn labs(&self) -> Vec<&str> {
        let mut labs: Vec<&str> = self.reports.iter().map(LabReport::title).collect();
        labs.dedup();
        labs
    }

    /// The labs, counted where they are too many to name.
    pub(super) fn title(&self, say: Phrases) -> String {
        match self.labs().as_slice() {
            few if few.len() <= NAMED => few.join(", "),
            many => say.labs(many.len()),
        }
    }

    /// The labs, the same in every language.
    pub(super) fn name(&self) -> String {
        self.labs().join(", ")
    }

    /// References of the bases that stand in for a real one, each once.
    pub(super) fn stand_ins(&self) -> Vec<&str> {
        let mut found: Vec<_> = self.reports.iter().flat_map(LabReport::stand_ins).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Each variant's name once, in the order of the reports.
    pub(super) fn variants(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for variant in self.reports.iter().flat_map(|report| &report.variants) {
            if !names.contains(&variant.name.as_str()) {
                names.push(&variant.name);
            }
        }
        names
    }
}

/// What two reports both tell of.
struct Clash {
    /// `None` where neither has any.
    variant: Option<String>,
}

/// The variant of which both tell, of the same lab, platform and engine. Two reports without
/// any variant clash by that alone.
fn clash(one: &LabReport, other: &LabReport) -> Option<Clash> {
    if one.lab != other.lab || one.engine != other.engine {
        return None;
    }
    if one.variants.is_empty() && other.variants.is_empty() {
        return Some(Clash { variant: None });
    }
    let known: Vec<_> = shard::variants(one).collect();
    let twice = shard::variants(other).find(|variant| known.contains(variant));
    twice.map(|(name, _)| Clash {
        variant: Some(name.to_owned()),
    })
}

impl LabReport {
    /// What its images are for: the engine's own platform if none is known.
    pub fn platforms(&self) -> Vec<&Platform> {
        let measured = self.variants.iter().filter_map(|one| one.measured.as_ref());
        let mut platforms: Vec<_> = measured.filter_map(|one| one.platform.as_ref()).collect();
        platforms.sort();
        platforms.dedup();
        if platforms.is_empty() {
            platforms.push(&self.engine.platform);
        }
        platforms
    }
}
