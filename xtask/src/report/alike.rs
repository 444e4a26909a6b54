//! What several variants have in common is shown once: they may be one image.

use std::cmp::Reverse;

use super::{LabReport, VariantReport};
use crate::model::{Change, Delta, Evolution, Fact, Finding, Growth, Since, SinceBaseline};

/// What became of one image since the baseline, under all its names.
pub(super) struct Row<'a> {
    pub(super) since: &'a SinceBaseline,
    /// Other variants with the same image, about which the same is said.
    pub(super) also: Vec<&'a str>,
}

/// A finding, and other variants about which the same is said.
pub(super) struct Told<'a> {
    pub(super) finding: &'a Finding,
    pub(super) also: Vec<&'a str>,
}

impl<'a> Row<'a> {
    pub(super) fn evolution(&self) -> Option<&'a Evolution> {
        match &self.since.state {
            Since::Compared(evolution) => Some(evolution),
            Since::New | Since::Missing | Since::NoImage => None,
        }
    }

    /// Whether it is worth a row: anything but an image that is as it was, to within what two
    /// builds differ by.
    pub(super) fn is_news(&self) -> bool {
        self.evolution().is_none_or(|it| {
            let is_small = Growth::is_small(it.counted.delta(), it.counts);
            it.is_rejected() || !is_small || it.gates.iter().any(|gate| !gate.passed)
        })
    }

    pub(super) fn change(&self) -> Change {
        self.evolution().map(|it| it.counted).unwrap_or_default()
    }
}

impl LabReport {
    fn variant(&self, name: &str) -> Option<&VariantReport> {
        self.variants.iter().find(|variant| variant.name == name)
    }

    /// Whether two names are of one image.
    fn is_one_image(&self, one: &str, other: &str) -> bool {
        let first = |name: &str| Some(&self.first_of(self.variant(name)?)?.name);
        first(one).is_some() && first(one) == first(other)
    }

    /// Each image once, by the first variant that has it; other names beside it. Variants with a
    /// role, a run or a build that failed stand alone.
    pub(super) fn distinct(&self) -> Vec<(&VariantReport, Vec<&str>)> {
        let mut found: Vec<(&VariantReport, Vec<&str>)> = Vec::new();
        for variant in &self.variants {
            let is_plain = |it: &VariantReport| it.role.is_none() && it.run.is_none();
            let same = found.iter_mut().find(|(first, _)| {
                is_plain(first)
                    && is_plain(variant)
                    && self.is_one_image(&first.name, &variant.name)
            });
            match same {
                Some((_, also)) => also.push(&variant.name),
                None => found.push((variant, Vec::new())),
            }
        }
        found
    }

    /// The last line of the instruction that a finding is at, where it takes several.
    pub(super) fn end_of(&self, finding: &Finding) -> Option<u32> {
        let place = finding.place.as_ref()?;
        let variant = self.variant(&finding.variant)?;
        let is_its = variant.dockerfile.as_ref() == Some(&place.dockerfile);
        variant.made_from.end_of(place.line.filter(|_| is_its)?)
    }

    /// What changed since the baseline, each image once: what is too much first, then the largest
    /// change, and last what is as it was.
    pub(super) fn rows(&self) -> Vec<Row<'_>> {
        let mut rows: Vec<Row<'_>> = Vec::new();
        for since in self.baseline.iter().flat_map(|it| &it.variants) {
            let same = rows.iter_mut().find(|row| {
                row.since.state == since.state && self.is_one_image(&row.since.name, &since.name)
            });
            match same {
                Some(row) => row.also.push(&since.name),
                None => rows.push(Row {
                    since,
                    also: Vec::new(),
                }),
            }
        }
        rows.sort_by_key(|row| {
            let is_rejected = row.evolution().is_some_and(Evolution::is_rejected);
            let Delta(delta) = row.change().delta();
            let has_state = row.evolution().is_none();
            Reverse((is_rejected, row.is_news(), delta.unsigned_abs(), has_state))
        });
        rows
    }

    /// The verdict's findings in its order, those of one image once.
    pub(super) fn told(&self) -> Vec<Told<'_>> {
        let mut told: Vec<Told<'_>> = Vec::new();
        for finding in &self.verdict.findings {
            let is_same = |it: &&mut Told<'_>| {
                let one = it.finding;
                let is_build = matches!(finding.fact, Fact::BuildFailed { .. });
                (one.level, &one.place, &one.fact) == (finding.level, &finding.place, &finding.fact)
                    && (is_build || self.is_one_image(&one.variant, &finding.variant))
            };
            match told.iter_mut().find(is_same) {
                Some(same) => same.also.push(&finding.variant),
                None => told.push(Told {
                    finding,
                    also: Vec::new(),
                }),
            }
        }
        told
    }
}
