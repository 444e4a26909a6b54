//! What the renderers for people show of a report, before it is laid out: no renderer
//! chooses for itself.

use std::fmt::Write as _;

use super::{Comparison, LabReport, VariantReport};
use crate::lang::{Praise, one_line};
use crate::model::{
    Advice, Base, Bytes, Capture, Digest, Ending, Fact, Finding, Measured, Origin, Outcome, Place,
    Role, Run,
};

/// One share of an image: what one instruction, or the base, brought.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Source {
    pub(super) from: From,
    pub(super) place: Option<Place>,
    pub(super) bytes: Bytes,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum From {
    Base,
    /// On one line.
    Instruction(String),
    /// A layer that is not in the history.
    Layer(Option<Digest>),
}

/// The containers that printed the same bytes to standard output.
pub(super) struct Printed<'a> {
    pub(super) variants: Vec<&'a str>,
    pub(super) output: &'a Capture,
}

impl Measured {
    /// Most bytes first; what weighs nothing is left out. Adds up to `unpacked`.
    pub(super) fn sources(&self) -> Vec<Source> {
        let mut sources: Vec<Source> = Vec::new();
        for layer in self.layers.iter().filter(|layer| layer.unpacked.0 > 0) {
            let (from, place) = match (&layer.step, layer.origin) {
                (_, Origin::Base) => (From::Base, None),
                (Some(step), _) => (
                    From::Instruction(one_line(&step.instruction)),
                    step.place.clone(),
                ),
                (None, _) => (From::Layer(layer.diff_id), None),
            };
            let same = |source: &&mut Source| source.from == from && source.place == place;
            match sources.iter_mut().find(same) {
                Some(source) => source.bytes += layer.unpacked,
                None => sources.push(Source {
                    from,
                    place,
                    bytes: layer.unpacked,
                }),
            }
        }
        sources.sort_by_key(|source| std::cmp::Reverse(source.bytes));
        sources
    }
}

impl LabReport {
    pub(super) fn title(&self) -> &str {
        self.lab.as_deref().unwrap_or("lab")
    }

    pub(super) fn reference(&self) -> Option<&VariantReport> {
        let name = &self.comparison.as_ref()?.reference;
        self.variants.iter().find(|variant| variant.name == *name)
    }

    /// The variant whose bytes are explained: the reference, else the heaviest.
    pub(super) fn explained(&self) -> Option<(&VariantReport, &Measured)> {
        let measured = |variant| with_measured(variant);
        self.reference().and_then(measured).or_else(|| {
            let all = self.variants.iter().filter_map(measured);
            all.max_by_key(|(_, measured)| measured.size.unpacked)
        })
    }

    /// The comparison whose parts are shown: the solution's, else the lightest variant's.
    pub(super) fn shown_comparison(&self) -> Option<&super::Compared> {
        let Comparison { variants, .. } = self.comparison.as_ref()?;
        let is_solution = |name: &str| {
            let of_name = self.variants.iter().find(|variant| variant.name == name);
            of_name.is_some_and(|variant| variant.role == Some(Role::Solution))
        };
        let told = || variants.iter().filter(|one| !one.left_behind.is_empty());
        told()
            .find(|one| is_solution(&one.name))
            .or_else(|| told().max_by_key(|one| one.saved))
    }

    /// The reference's run, which this variant's output is compared with. As the verdict has
    /// it, what has no role is not, nor is anything with a reference that did not end by itself.
    pub(super) fn expected_of(&self, variant: &VariantReport) -> Option<&Run> {
        variant.role?;
        let reference = self.reference().filter(|one| one.name != variant.name)?;
        let run = reference.run.as_ref()?;
        matches!(run.ending, Ending::Exited { .. }).then_some(run)
    }

    /// Each base once, in the order of the variants.
    pub(super) fn bases(&self) -> Vec<&Base> {
        let mut found: Vec<&Base> = Vec::new();
        let measured = self.variants.iter().filter_map(|one| one.measured.as_ref());
        for base in measured.filter_map(|one| one.base.as_ref()) {
            if !found.iter().any(|known| known.reference == base.reference) {
                found.push(base);
            }
        }
        found
    }

    /// How many times lighter than the reference.
    pub(super) fn ratio(&self, variant: &VariantReport) -> Option<f64> {
        let compared = &self.comparison.as_ref()?.variants;
        compared.iter().find(|one| one.name == variant.name)?.ratio
    }

    /// The largest image, for the length of bars.
    pub(super) fn heaviest(&self) -> Bytes {
        let sizes = self.variants.iter().filter_map(|one| one.measured.as_ref());
        sizes.map(|one| one.size.unpacked).max().unwrap_or_default()
    }

    /// How many variants were run, however that ended.
    pub(super) fn ran(&self) -> usize {
        let runs = self.variants.iter().filter(|variant| variant.run.is_some());
        runs.count()
    }

    /// Outputs of containers that exited 0, the reference's first, each once.
    pub(super) fn printed(&self) -> Vec<Printed<'_>> {
        let mut groups: Vec<Printed<'_>> = Vec::new();
        let others = self.variants.iter();
        for variant in self.reference().into_iter().chain(others) {
            let Some(run) = variant.run.as_ref().filter(|run| run.ending.is_success()) else {
                continue;
            };
            let is_same = |group: &&mut Printed<'_>| group.output.is_same(&run.stdout);
            match groups.iter_mut().find(is_same) {
                Some(group) if group.variants.contains(&variant.name.as_str()) => {}
                Some(group) => group.variants.push(&variant.name),
                None => groups.push(Printed {
                    variants: vec![&variant.name],
                    output: &run.stdout,
                }),
            }
        }
        groups
    }

    /// Containers that did not exit 0.
    pub(super) fn failed_runs(&self) -> impl Iterator<Item = (&VariantReport, &Run)> {
        let runs = self.variants.iter();
        runs.filter_map(|variant| Some((variant, variant.run.as_ref()?)))
            .filter(|(_, run)| !run.ending.is_success())
    }

    /// Most bytes first, of all variants.
    pub(super) fn advice(&self) -> Vec<(&VariantReport, &Advice)> {
        let distinct = self.distinct().into_iter();
        let measured = distinct.filter_map(|(variant, _)| with_measured(variant));
        let mut all: Vec<_> = measured
            .flat_map(|(variant, measured)| measured.advice.iter().map(move |one| (variant, one)))
            .collect();
        all.sort_by_key(|(_, advice)| std::cmp::Reverse(advice.saves));
        all
    }

    /// References of the bases that stand in for a real one, each once.
    pub(super) fn stand_ins(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        let bases = self.bases().into_iter().filter(|base| base.stand_in);
        let named = bases.map(|base| &base.reference);
        let findings = self.verdict.findings.iter();
        let told = findings.filter_map(|finding| match &finding.fact {
            Fact::StandInBase { reference } => Some(reference),
            _ => None,
        });
        for reference in named.chain(told) {
            if !found.contains(&reference.as_str()) {
                found.push(reference);
            }
        }
        found
    }

    /// All findings but that a base stands in, which is said of the whole report.
    pub(super) fn findings(&self) -> impl Iterator<Item = &Finding> {
        let findings = self.verdict.findings.iter();
        findings.filter(|finding| !matches!(finding.fact, Fact::StandInBase { .. }))
    }

    /// What is good about it; nothing where it was rejected.
    pub(super) fn praise(&self) -> Vec<Praise> {
        if self.verdict.outcome == Outcome::Rejected {
            return Vec::new();
        }
        let mut praise: Vec<Praise> = self.variants.iter().filter_map(within_budget).collect();
        let ran = || self.variants.iter().filter(|one| one.run.is_some());
        let compared = ran().filter(|one| one.role.is_some()).count();
        let containers = ran().count();
        let images = self.variants.iter().filter_map(|one| one.measured.as_ref());
        let outputs_match = self.comparison.as_ref().and_then(|one| one.outputs_match);
        if outputs_match == Some(true) && compared > 1 {
            praise.push(Praise::SameOutput {
                containers: compared,
            });
        } else if containers > 0 && self.failed_runs().next().is_none() {
            praise.push(Praise::AllExitedZero { containers });
        } else if praise.is_empty() {
            let images = images.count();
            praise.push(Praise::Measured { images });
        }
        praise
    }
}

fn with_measured(variant: &VariantReport) -> Option<(&VariantReport, &Measured)> {
    Some((variant, variant.measured.as_ref()?))
}

fn within_budget(variant: &VariantReport) -> Option<Praise> {
    let (limit, measured) = (variant.policy.budget?, variant.measured.as_ref()?);
    let counts = variant.policy.counts;
    let actual = variant.policy.counted(measured);
    (actual <= limit).then(|| Praise::WithinBudget {
        variant: variant.name.clone(),
        counts,
        actual,
        limit,
    })
}

impl Capture {
    /// Whether the whole of both is the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (self.bytes, self.sha256) == (other.bytes, other.sha256)
    }

    pub(super) fn is_cut(&self) -> bool {
        (self.kept.len() as u64) < self.bytes.0
    }

    /// Its lines, where a byte that is not UTF-8 is shown as `\xff` and a tab as four blanks.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut text = String::new();
        for chunk in self.kept.utf8_chunks() {
            text.push_str(chunk.valid());
            for byte in chunk.invalid() {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
        text.lines()
            .map(|line| line.replace('\t', "    "))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{accepted, capture};
    use super::super::{LabReport, Look, Styles, render};
    use crate::lang::Praise;
    use crate::model::{Format, Language};

    fn rendered(report: &LabReport, format: Format) -> String {
        let mut out = Vec::new();
        let look = Look {
            language: Language::English,
            width: 120,
            styles: Styles::none(),
        };
        render(report, format, &look, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_instruction_is_the_same_line_in_every_format() {
        let mut report = accepted();
        let layers = report
            .variants
            .iter_mut()
            .filter_map(|it| it.measured.as_mut());
        for step in layers
            .flat_map(|it| &mut it.layers)
            .filter_map(|it| it.step.as_mut())
        {
            step.instruction = "RUN one \\\n  # not shown\n  two \\\n\n  three".to_owned();
        }
        for format in [Format::Table, Format::Markdown, Format::Html] {
            let text = rendered(&report, format);
            assert!(text.contains("RUN one two three"), "{format:?}: {text}");
            assert!(!text.contains("not shown"), "{format:?}: {text}");
        }
    }

    #[test]
    fn what_has_no_role_is_compared_with_nothing_in_any_format() {
        let mut report = accepted();
        let mut tool = report.variants[1].clone();
        (tool.name, tool.role) = ("tool".to_owned(), None);
        tool.run.as_mut().unwrap().stdout = capture(b"something else\n", 77);
        report.variants.push(tool);
        let praise = report.praise();
        assert!(praise.contains(&Praise::SameOutput { containers: 2 }));
        for format in [Format::Table, Format::Markdown, Format::Html, Format::Junit] {
            let text = rendered(&report, format);
            for word in ["differs", "other output"] {
                assert!(!text.contains(word), "{format:?}: {text}");
            }
            if format == Format::Junit {
                let (_, tool) = text.split_once("name=\"tool\"").unwrap();
                assert!(!tool.contains("name=\"output\""), "{text}");
            }
        }
    }
}
