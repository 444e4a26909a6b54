use crate::model::{Expected, FlagProblem, Growth, Measure, Policy, PolicyKey};

use super::text;
use crate::model::nearest;

/// A key of the policy that was typed, for one variant or for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    pub key: PolicyKey,
    /// `[VARIANT=]VALUE`.
    pub typed: String,
}

/// The policies of these variants with what was typed instead of what they state. What is
/// typed for one of those `elsewhere` is for none of these.
///
/// # Errors
/// Where a value is not one of its key, or names a variant that is nowhere.
pub fn overridden(
    stated: &[(&str, &Policy)],
    elsewhere: &[&str],
    overrides: &[Override],
) -> Result<Vec<Policy>, FlagProblem> {
    let mut policies: Vec<Policy> = stated.iter().map(|(_, policy)| (*policy).clone()).collect();
    // What is counted decides how the other values read.
    let (first, then): (Vec<&Override>, Vec<_>) =
        overrides.iter().partition(|it| it.key == PolicyKey::Counts);
    for one in first.into_iter().chain(then) {
        let (variant, value) = one.split();
        if let Some(name) = variant
            && stated.iter().all(|(known, _)| *known != name)
            && !elsewhere.contains(&name)
        {
            return Err(one.unknown(name, stated));
        }
        for ((name, _), policy) in stated.iter().zip(&mut policies) {
            if variant.is_none_or(|wanted| wanted == *name) {
                one.apply(value, policy)?;
            }
        }
    }
    for ((name, stated), policy) in stated.iter().zip(&policies) {
        check_units(name, stated, policy, overrides)?;
    }
    Ok(policies)
}

/// A stated limit in bytes is none on layers, nor the other way round.
fn check_units(
    name: &str,
    stated: &Policy,
    policy: &Policy,
    overrides: &[Override],
) -> Result<(), FlagProblem> {
    let is_layers = |policy: &Policy| policy.counts == Measure::Layers;
    if is_layers(stated) == is_layers(policy) {
        return Ok(());
    }
    let bytes = |growth: Option<Growth>| growth.and_then(|it| it.bytes);
    let limits = [
        (PolicyKey::Budget, stated.budget),
        (PolicyKey::MaxGrowth, bytes(stated.max_growth)),
        (PolicyKey::MaxBaseDrift, bytes(stated.max_base_drift)),
        (PolicyKey::MaxContentDrift, bytes(stated.max_content_drift)),
    ];
    let is_typed = |key| {
        let is_it = |it: &Override| it.key == key && it.split().0.is_none_or(|one| one == name);
        overrides.iter().any(is_it)
    };
    let mut left = limits
        .iter()
        .filter(|(key, limit)| limit.is_some() && !is_typed(*key));
    match left.next() {
        Some((key, _)) => Err(FlagProblem::OtherUnit {
            variant: name.to_owned(),
            key: key.name(),
            flag: flag(*key),
            counts: policy.counts.name(),
        }),
        None => Ok(()),
    }
}

/// The flag of a key.
fn flag(key: PolicyKey) -> String {
    format!("--{}", key.name().replace('_', "-"))
}

impl Override {
    /// A path may have an equals sign in it, and a variant's name no slash.
    fn split(&self) -> (Option<&str>, &str) {
        match self.typed.split_once('=') {
            Some((variant, value)) if !variant.contains('/') => (Some(variant), value),
            _ => (None, &self.typed),
        }
    }

    fn apply(&self, value: &str, policy: &mut Policy) -> Result<(), FlagProblem> {
        let counts = policy.counts;
        let result = match self.key {
            PolicyKey::Budget => text::amount(value, counts).map(|it| policy.budget = Some(it)),
            PolicyKey::Counts => text::measure(value).map(|it| policy.counts = it),
            PolicyKey::MaxGrowth => {
                text::growth(value, counts).map(|it| policy.max_growth = Some(it))
            }
            PolicyKey::MaxBaseDrift => {
                text::growth(value, counts).map(|it| policy.max_base_drift = Some(it))
            }
            PolicyKey::MaxContentDrift => {
                text::growth(value, counts).map(|it| policy.max_content_drift = Some(it))
            }
            PolicyKey::AllowWaste => text::path(value).map(|it| policy.allow_waste.push(it)),
            PolicyKey::Accept => text::accept(value).map(|it| policy.accept = it),
            // No flag gives a role.
            PolicyKey::Role => Err(Expected::Role),
        };
        result.map_err(|expected| FlagProblem::BadValue {
            flag: self.flag(),
            value: value.chars().take(60).collect(),
            expected,
        })
    }

    fn unknown(&self, name: &str, stated: &[(&str, &Policy)]) -> FlagProblem {
        let known: Vec<String> = stated.iter().map(|(name, _)| (*name).to_owned()).collect();
        FlagProblem::UnknownVariant {
            flag: self.flag(),
            name: name.to_owned(),
            nearest: nearest(name, known.iter().map(String::as_str)),
            known,
        }
    }

    fn flag(&self) -> String {
        flag(self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::{Override, overridden};
    use crate::model::{Bytes, Expected, FlagProblem, Growth, Measure, Policy, PolicyKey};

    fn typed(key: PolicyKey, typed: &str) -> Override {
        Override {
            key,
            typed: typed.to_owned(),
        }
    }

    fn of(overrides: &[Override]) -> Result<Vec<Policy>, FlagProblem> {
        let stated = Policy {
            budget: Some(Bytes(512)),
            ..Policy::default()
        };
        overridden(
            &[("single", &stated), ("multi", &stated)],
            &["other"],
            overrides,
        )
    }

    #[test]
    fn what_is_typed_stands_in_place_of_what_is_stated_for_one_or_all() {
        let found = of(&[
            typed(PolicyKey::Budget, "multi=1KiB"),
            typed(PolicyKey::MaxGrowth, "4KiB,1.5%"),
            typed(PolicyKey::AllowWaste, "/var/cache/a=b/"),
            typed(PolicyKey::AllowWaste, "multi=/opt"),
        ]);
        let [single, multi] = &found.unwrap()[..] else {
            panic!()
        };
        assert_eq!(single.budget, Some(Bytes(512)));
        assert_eq!(multi.budget, Some(Bytes(1_024)));
        let growth = Growth {
            bytes: Some(Bytes(4_096)),
            percent: Some(1.5),
        };
        assert_eq!([single.max_growth, multi.max_growth], [Some(growth); 2]);
        assert_eq!(single.allow_waste, ["var/cache/a=b"]);
        assert_eq!(multi.allow_waste, ["var/cache/a=b", "opt"]);
    }

    #[test]
    fn what_is_counted_decides_how_the_others_read_wherever_it_stands() {
        let found = of(&[
            typed(PolicyKey::Budget, "multi=3"),
            typed(PolicyKey::Counts, "multi=layers"),
        ]);
        let multi = found.unwrap().remove(1);
        assert_eq!(
            (multi.counts, multi.budget),
            (Measure::Layers, Some(Bytes(3)))
        );
    }

    #[test]
    fn a_limit_that_is_stated_in_another_unit_is_to_be_typed_too() {
        match of(&[typed(PolicyKey::Counts, "multi=layers")]) {
            Err(FlagProblem::OtherUnit { variant, key, .. }) => {
                assert_eq!((&*variant, key), ("multi", "budget"));
            }
            other => panic!("{other:?}"),
        }
        assert!(of(&[typed(PolicyKey::Counts, "multi=own")]).is_ok());
        let other = typed(PolicyKey::Budget, "single=3");
        assert!(of(&[typed(PolicyKey::Counts, "multi=layers"), other]).is_err());
    }

    #[test]
    fn a_bad_value_names_its_flag_and_an_unknown_variant_the_nearest() {
        for (key, value, expected) in [
            (PolicyKey::Budget, "1k", Expected::Size),
            (PolicyKey::Budget, "-1", Expected::Size),
            (PolicyKey::Budget, "", Expected::Size),
            (PolicyKey::MaxGrowth, "lots", Expected::Growth),
            (PolicyKey::MaxGrowth, "1%,2%", Expected::Growth),
            (PolicyKey::MaxGrowth, "1kB,", Expected::Growth),
            (PolicyKey::MaxBaseDrift, "-1%", Expected::Percent),
            (PolicyKey::MaxContentDrift, "NaN%", Expected::Percent),
            (PolicyKey::Counts, "files", Expected::Measure),
            (PolicyKey::AllowWaste, "/", Expected::Paths),
        ] {
            match of(&[typed(key, value)]) {
                Err(FlagProblem::BadValue {
                    flag, expected: it, ..
                }) => {
                    assert_eq!(flag, format!("--{}", key.name().replace('_', "-")));
                    assert_eq!(it, expected, "{value}");
                }
                other => panic!("{value}: {other:?}"),
            }
        }
        match of(&[typed(PolicyKey::Budget, "mutli=1kB")]) {
            Err(FlagProblem::UnknownVariant { nearest, .. }) => {
                assert_eq!(nearest.as_deref(), Some("multi"));
            }
            other => panic!("{other:?}"),
        }
    }
}
