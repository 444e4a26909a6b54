use super::Case;
use super::behaviour;
use super::growth::{evolution, grown};
use crate::model::{
    Baseline, Changed, Fact, Finding, Level, Measured, PolicySource, Since, SinceBaseline,
};

/// An earlier report, as far as a later one is judged by it.
#[derive(Clone, Debug)]
pub struct Earlier<'a> {
    pub created: Option<&'a str>,
    /// Which policy the cases that are judged have been given.
    pub policy: PolicySource,
    pub cases: Vec<Case<'a>>,
    /// Variants that are not looked at this time, and so not missing.
    pub left_out: &'a [String],
}

/// What changed since, and what is to be said of it.
pub(super) fn since(cases: &[Case<'_>], earlier: &Earlier<'_>) -> (Baseline, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut variants = Vec::new();
    for case in cases {
        let before = earlier.cases.iter().find(|before| before.name == case.name);
        let state = state(case, before, &mut findings);
        variants.push(SinceBaseline {
            name: case.name.to_owned(),
            state,
        });
    }
    let mut gone: Vec<&str> = earlier.cases.iter().map(|before| before.name).collect();
    gone.retain(|name| cases.iter().all(|case| case.name != *name));
    gone.retain(|name| !earlier.left_out.iter().any(|left| left == name));
    gone.sort_unstable();
    for name in gone {
        findings.push(Finding {
            level: Level::Error,
            variant: name.to_owned(),
            place: None,
            fact: Fact::Changed(Changed::MissingVariant),
        });
        variants.push(SinceBaseline {
            name: name.to_owned(),
            state: Since::Missing,
        });
    }
    let baseline = Baseline {
        created: earlier.created.map(str::to_owned),
        policy: earlier.policy,
        variants,
    };
    (baseline, findings)
}

fn state(case: &Case<'_>, before: Option<&Case<'_>>, findings: &mut Vec<Finding>) -> Since {
    if let Some(before) = before {
        findings.extend(super::policy::differences(case, before));
        findings.extend(behaviour::changes(case, before));
    }
    let earlier: Option<&Measured> = before.and_then(|before| before.measured);
    match (earlier, case.measured) {
        (Some(earlier), Some(now)) => {
            let (evolution, parts) = evolution(case, (earlier, now), before.and_then(|it| it.run));
            findings.extend(grown(case, &evolution, &parts));
            Since::Compared(Box::new(evolution))
        }
        (Some(_), None) => {
            // Where the build failed, that is said already.
            if case.failure.is_none() {
                findings.push(case.error(None, Fact::Changed(Changed::MissingVariant)));
            }
            Since::NoImage
        }
        (None, now) => {
            if now.is_some() {
                findings.push(Finding {
                    level: Level::Warning,
                    ..case.error(None, Fact::Changed(Changed::NewVariant))
                });
            }
            Since::New
        }
    }
}
