use super::accepted::accept;
use super::behaviour;
use super::growth::{evolution, grown};
use crate::model::{
    Baseline, Changed, Fact, Finding, Level, Measured, Policy, PolicySource, Since, SinceBaseline,
    VariantReport,
};

/// An earlier report, as far as a later one is judged by it.
#[derive(Clone, Debug)]
pub struct Earlier<'a> {
    pub created: Option<&'a str>,
    /// Which policy the variants that are judged have been given.
    pub policy: PolicySource,
    pub variants: &'a [VariantReport],
    /// Variants that are not looked at this time, and so not missing.
    pub left_out: &'a [String],
    /// What the Compose file states of each variant, where it is not what it is judged by.
    pub stated: &'a [(&'a str, &'a Policy)],
    /// The baseline that the change brings; `None` where that is not known.
    pub proposed: Option<&'a [VariantReport]>,
    /// The baseline's file, as the project names it.
    pub name: Option<&'a str>,
}

impl<'a> Earlier<'a> {
    /// What a variant was.
    pub(super) fn of(&self, name: &str) -> Option<&'a VariantReport> {
        self.variants.iter().find(|before| before.name == name)
    }

    /// What a variant is to be, by the baseline that the change brings.
    pub(super) fn proposed_of(&self, name: &str) -> Option<&'a VariantReport> {
        self.proposed?.iter().find(|proposed| proposed.name == name)
    }

    fn stated(&self, variant: &'a VariantReport) -> &'a Policy {
        let mut stated = self.stated.iter();
        let stated = stated.find(|(name, _)| *name == variant.name);
        stated.map_or(&variant.policy, |(_, policy)| *policy)
    }
}

/// What changed since, and what is to be said of it.
pub(super) fn since(now: &[VariantReport], earlier: &Earlier<'_>) -> (Baseline, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut variants = Vec::new();
    for variant in now {
        let before = earlier.of(&variant.name);
        let mut of_variant = Vec::new();
        if let Some(before) = before {
            let stated = earlier.stated(variant);
            of_variant.extend(super::policy::differences(variant, stated, before));
            of_variant.extend(behaviour::changes(variant, before));
        }
        let state = state(variant, before, &mut of_variant);
        let mut since = SinceBaseline {
            name: variant.name.clone(),
            state,
        };
        accept(variant, earlier, &mut since, &mut of_variant);
        findings.extend(of_variant);
        variants.push(since);
    }
    let before = earlier.variants.iter();
    let mut gone: Vec<&str> = before.map(|before| before.name.as_str()).collect();
    gone.retain(|name| now.iter().all(|variant| variant.name != *name));
    gone.retain(|name| !earlier.left_out.iter().any(|left| left == name));
    gone.sort_unstable();
    for name in gone {
        // Who removes a service with its part of the baseline means it.
        let is_meant = earlier.proposed.is_some() && earlier.proposed_of(name).is_none();
        let (level, changed) = if is_meant {
            (Level::Note, Changed::RemovedVariant)
        } else {
            (Level::Error, Changed::MissingVariant)
        };
        findings.push(Finding {
            level,
            variant: name.to_owned(),
            place: None,
            fact: Fact::Changed(changed),
        });
        variants.push(SinceBaseline {
            name: name.to_owned(),
            state: Since::Missing,
        });
    }
    let baseline = Baseline {
        created: earlier.created.map(str::to_owned),
        policy: earlier.policy,
        name: earlier.name.map(str::to_owned),
        variants,
    };
    (baseline, findings)
}

fn state(
    variant: &VariantReport,
    before: Option<&VariantReport>,
    findings: &mut Vec<Finding>,
) -> Since {
    let earlier: Option<&Measured> = before.and_then(|before| before.measured.as_ref());
    match (earlier, variant.measured.as_ref()) {
        (Some(earlier), Some(now)) => {
            let (evolution, parts) = evolution(variant, before.unwrap_or(variant), (earlier, now));
            findings.extend(grown(variant, &evolution, &parts));
            Since::Compared(Box::new(evolution))
        }
        (Some(_), None) => {
            // Where the build failed, that is said already.
            if variant.failure().is_none() {
                findings.push(variant.error(None, Fact::Changed(Changed::MissingVariant)));
            }
            Since::NoImage
        }
        (None, now) => {
            if now.is_some() {
                findings.push(Finding {
                    level: Level::Warning,
                    ..variant.error(None, Fact::Changed(Changed::NewVariant))
                });
            }
            Since::New
        }
    }
}
