use crate::model::{
    Bytes, Changed, Fact, Finding, Growth, Level, Measure, Policy, PolicyKey, VariantReport, size,
};

/// A note for each key of the policy that is stated and is not what it was.
pub(super) fn differences(
    variant: &VariantReport,
    stated: &Policy,
    before: &VariantReport,
) -> Vec<Finding> {
    let role = |variant: &VariantReport| {
        (
            PolicyKey::Role,
            variant.role.map(|role| role.name().to_owned()),
        )
    };
    let file = written(stated).into_iter().chain([role(variant)]);
    let baseline = written(&before.policy).into_iter().chain([role(before)]);
    let pairs = file.zip(baseline);
    let changed = pairs.filter(|((_, file), (_, baseline))| file != baseline);
    changed
        .map(|((key, file), (_, baseline))| Finding {
            level: Level::Note,
            ..variant.error(
                None,
                Fact::Changed(Changed::Policy {
                    key,
                    file,
                    baseline,
                }),
            )
        })
        .collect()
}

/// Each key with its value, as `x-lab` and the flags take it.
fn written(policy: &Policy) -> [(PolicyKey, Option<String>); 7] {
    let amount = |bytes: Bytes| match policy.counts {
        Measure::Layers => bytes.0.to_string(),
        _ => size::written(bytes),
    };
    let growth = |growth: Option<Growth>| {
        let growth = growth?;
        let bytes = growth.bytes.map(amount);
        let percent = growth.percent.map(|percent| format!("{percent}%"));
        let limits: Vec<String> = bytes.into_iter().chain(percent).collect();
        Some(limits.join(","))
    };
    let paths = (!policy.allow_waste.is_empty()).then(|| policy.allow_waste.join(", "));
    [
        (PolicyKey::Budget, policy.budget.map(amount)),
        (PolicyKey::Counts, Some(policy.counts.name().to_owned())),
        (PolicyKey::MaxGrowth, growth(policy.max_growth)),
        (PolicyKey::MaxBaseDrift, growth(policy.max_base_drift)),
        (PolicyKey::MaxContentDrift, growth(policy.max_content_drift)),
        (PolicyKey::AllowWaste, paths),
        (
            PolicyKey::Accept,
            policy.accept.map(|it| it.name().to_owned()),
        ),
    ]
}
