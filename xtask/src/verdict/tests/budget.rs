use super::made::{APT, COPY, Made, measured, variant};
use crate::model::{Bytes, Measure, Policy};
use crate::verdict::judge;

/// The line that a budget of nothing names.
fn line(layers: &[Made], counts: Measure) -> Option<u32> {
    let measured = measured(layers);
    let policy = Policy {
        counts,
        budget: Some(Bytes::ZERO),
        ..Policy::default()
    };
    let (verdict, _) = judge(&[variant("multi", &measured, &policy)], None);
    verdict.findings[0].place.as_ref()?.line
}

#[test]
fn a_budget_names_the_instruction_that_brought_most_of_what_is_counted() {
    let heavy_base = [(1, None, 60, 0), (2, None, 41, 0), (3, Some(APT), 100, 0)];
    assert_eq!(line(&heavy_base, Measure::Unpacked), Some(3), "the FROM");
    assert_eq!(line(&heavy_base, Measure::Own), Some(12));
    let heavy_own = [
        (1, None, 100, 0),
        (2, Some(APT), 100, 1),
        (3, Some(COPY), 9, 9),
    ];
    assert_eq!(line(&heavy_own, Measure::Unpacked), Some(11));
    assert_eq!(line(&heavy_own, Measure::Wasted), Some(12));
    assert_eq!(line(&[(1, None, 5, 0)], Measure::Unpacked), Some(3));
}
