use std::path::Path;

use crate::model::{EngineFacts, Platform, ReportProblem};
use crate::report::LabReport;

/// What tells which report of a merged baseline one is judged by.
pub(in crate::task) struct Whose<'a> {
    /// Where it is saved; `None` for the run at hand.
    pub(in crate::task) report: Option<&'a Path>,
    pub(in crate::task) lab: Option<&'a str>,
    /// What its images are for.
    pub(in crate::task) platforms: Vec<&'a Platform>,
    pub(in crate::task) engine: &'a EngineFacts,
    /// Its variants.
    pub(in crate::task) names: Vec<&'a str>,
}

impl<'a> Whose<'a> {
    pub(in crate::task) fn saved(path: &'a Path, report: &'a LabReport) -> Self {
        Self {
            report: Some(path),
            lab: report.lab.as_deref(),
            platforms: report.platforms(),
            engine: &report.engine,
            names: names(report),
        }
    }

    /// The report of the same lab and platform; of several, the one whose engine is most like
    /// this one's, for sizes are the same on each, then the one with most of these variants.
    pub(super) fn partner<'b>(&self, earlier: &'b [LabReport]) -> Option<&'b LabReport> {
        let same = |report: &&LabReport| {
            report.lab.as_deref() == self.lab && alike(&report.platforms(), &self.platforms)
        };
        // Of those as good as another the first: they are sorted.
        let candidates = earlier.iter().filter(same).rev();
        candidates.max_by_key(|report| {
            let engine = &report.engine;
            let known = names(report).into_iter();
            (
                engine.kind == self.engine.kind,
                engine.builder == self.engine.builder,
                engine.storage == self.engine.storage,
                known.filter(|name| self.names.contains(name)).count(),
            )
        })
    }

    /// That there is none.
    pub(super) fn alone(&self, path: &Path, earlier: &[LabReport]) -> ReportProblem {
        let mut there: Vec<String> = earlier
            .iter()
            .map(|report| told(report.lab.as_deref(), &report.platforms()))
            .collect();
        there.dedup();
        ReportProblem::NoPartner {
            path: path.to_owned(),
            report: self.report.map(Path::to_owned),
            wanted: told(self.lab, &self.platforms),
            there,
        }
    }
}

/// Before a build nobody knows whether the image will name a variant such as `v8`.
fn alike(these: &[&Platform], others: &[&Platform]) -> bool {
    let same = |(one, other): (&&Platform, &&Platform)| {
        let variants = (&one.variant, &other.variant);
        let may_be = !matches!(variants, (Some(one), Some(other)) if one != other);
        (&one.os, &one.arch) == (&other.os, &other.arch) && may_be
    };
    these.len() == others.len() && these.iter().zip(others).all(same)
}

fn names(report: &LabReport) -> Vec<&str> {
    let variants = report.variants.iter();
    variants.map(|variant| variant.name.as_str()).collect()
}

/// The same in every language.
fn told(lab: Option<&str>, platforms: &[&Platform]) -> String {
    let platforms: Vec<String> = platforms.iter().map(ToString::to_string).collect();
    let platforms = platforms.join("+");
    lab.map_or_else(|| platforms.clone(), |lab| format!("{lab} {platforms}"))
}
