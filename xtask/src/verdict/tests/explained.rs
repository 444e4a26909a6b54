use proptest::prelude::*;

use super::made::{APT, COPY, Made, grown};
use crate::model::{Bytes, Changed, Fact, GateKind, Growth, Level, Measure, Policy};

fn layers() -> impl Strategy<Value = Vec<Made>> {
    let text = prop_oneof![
        Just(None),
        Just(Some(APT)),
        Just(Some(COPY)),
        Just(Some("COPY b /")),
        Just(Some("RUN make")),
    ];
    let layer = (0_u8..12, text, 0_u64..1_000_000).prop_flat_map(|(content, text, bytes)| {
        (Just(content), Just(text), Just(bytes), 0..=bytes)
    });
    prop::collection::vec(layer, 0..8)
}

fn policy() -> impl Strategy<Value = Policy> {
    let counts = prop_oneof![
        Just(Measure::Unpacked),
        Just(Measure::Own),
        Just(Measure::Wasted),
        Just(Measure::Layers),
    ];
    let limit = || {
        let growth = (
            prop::option::of(0_u64..100_000),
            prop::option::of(0.0..50.0),
        );
        prop::option::of(growth.prop_map(|(bytes, percent)| Growth {
            bytes: bytes.map(Bytes),
            percent,
        }))
    };
    (counts, limit(), limit(), limit()).prop_map(|(counts, growth, base, content)| Policy {
        counts,
        max_growth: growth,
        max_base_drift: base,
        max_content_drift: content,
        ..Policy::default()
    })
}

/// One content weighs the same wherever it lies, as a layer's digest makes sure.
fn weighed(mut layers: Vec<Made>, weights: &[u64]) -> Vec<Made> {
    for layer in &mut layers {
        layer.2 = weights[usize::from(layer.0)];
        layer.3 = layer.3.min(layer.2);
    }
    layers
}

proptest! {
    /// Every regression is explained, the gates add up, and a verdict is an error exactly
    /// when a gate is not passed.
    #[test]
    fn all_growth_is_explained_and_judged_once(
        before in layers(),
        after in layers(),
        weights in prop::collection::vec(0_u64..1_000_000, 12),
        policy in policy(),
    ) {
        let (before, after) = (weighed(before, &weights), weighed(after, &weights));
        let (findings, evolution) = grown(&before, &after, &policy);
        let sum: i64 = evolution.gates.iter().map(|gate| gate.delta.0).sum();
        prop_assert_eq!(sum, evolution.counted.delta().0);
        for finding in &findings {
            if let Fact::Changed(Changed::Grew(grown)) = &finding.fact {
                prop_assert!(grown.explained >= 0.999, "{grown:?}");
                let is_news = grown.gate == GateKind::BaseDrift && finding.level == Level::Note;
                prop_assert!(is_news || (grown.delta.0 > 0 && grown.total.0 > 0), "{grown:?}");
            }
        }
        for gate in evolution.gates {
            let of_gate = findings.iter().filter_map(|finding| match &finding.fact {
                Fact::Changed(Changed::Grew(grown)) if grown.gate == gate.kind => Some((finding.level, grown)),
                _ => None,
            });
            let errors = of_gate.clone().filter(|(level, _)| *level == Level::Error);
            prop_assert_eq!(errors.clone().next().is_some(), !gate.passed);
            let is_news = gate.kind == GateKind::BaseDrift && evolution.has_drifted();
            prop_assert_eq!(of_gate.clone().next().is_some(), gate.delta.0 > 0 || is_news);
            let blamed: i64 = errors.clone().map(|(_, grown)| grown.delta.0).sum();
            // Small parts are no findings beside a large one.
            let mut large = errors.filter(|(_, grown)| !Growth::is_small(grown.delta, grown.counts));
            let most: i64 = after.iter().map(|_| 4_095).sum();
            let unsaid = if large.next().is_some() { most } else { 0 };
            prop_assert!(gate.passed || blamed + unsaid >= gate.delta.0);
        }
        let has_error = findings.iter().any(|finding| finding.level == Level::Error);
        prop_assert_eq!(has_error, evolution.gates.iter().any(|gate| !gate.passed));
    }
}
