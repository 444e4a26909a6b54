//! The layers of an image beside those that it had in the baseline.

use crate::model::{
    Bytes, CauseKind, Delta, DiffCause, ImageDiff, LayerSize, Measured, Origin, Step,
};

/// One instruction, or the base, then and now.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Aligned<'a> {
    /// `None` for the base, and where the history is silent.
    pub(super) step: Option<&'a Step>,
    /// `None` where nothing changed.
    pub(super) kind: Option<CauseKind>,
    /// `None` where it was not there.
    pub(super) before: Option<Bytes>,
    /// `None` where it is not there any more.
    pub(super) after: Option<Bytes>,
}

/// The base, then each instruction of now, then those that are gone.
pub(super) fn aligned<'a>(measured: &'a Measured, diff: &'a ImageDiff) -> Vec<Aligned<'a>> {
    let mut causes: Vec<&DiffCause> = diff.causes.iter().collect();
    let mut rows: Vec<Aligned<'_>> = base(measured, diff).into_iter().collect();
    causes.retain(|cause| cause.kind != CauseKind::BaseDrift);
    let own = measured.layers.iter();
    for layer in own.filter(|layer| layer.origin == Origin::Own) {
        let is_its =
            |cause: &&DiffCause| cause.kind != CauseKind::Removed && cause.step == layer.step;
        let cause = causes.iter().position(is_its).map(|at| causes.remove(at));
        rows.push(now(layer, cause));
    }
    let gone = causes
        .into_iter()
        .filter(|cause| cause.kind == CauseKind::Removed);
    rows.extend(gone.map(|cause| Aligned {
        step: cause.step.as_ref(),
        kind: Some(cause.kind),
        before: Some(before(Bytes::ZERO, cause.delta)),
        after: None,
    }));
    rows
}

fn base<'a>(measured: &Measured, diff: &ImageDiff) -> Option<Aligned<'a>> {
    let after = measured.size.base;
    let before = before(after, diff.base_delta);
    let held = |bytes| Some(bytes).filter(|bytes| *bytes > Bytes::ZERO);
    let drifted = diff
        .causes
        .iter()
        .any(|cause| cause.kind == CauseKind::BaseDrift);
    (held(before).is_some() || held(after).is_some()).then(|| Aligned {
        step: None,
        kind: drifted.then_some(CauseKind::BaseDrift),
        before: held(before),
        after: held(after),
    })
}

fn now<'a>(layer: &'a LayerSize, cause: Option<&DiffCause>) -> Aligned<'a> {
    let kind = cause.map(|cause| cause.kind);
    let earlier = cause.map_or(layer.unpacked, |cause| before(layer.unpacked, cause.delta));
    Aligned {
        step: layer.step.as_ref(),
        kind,
        before: (kind != Some(CauseKind::Added)).then_some(earlier),
        after: Some(layer.unpacked),
    }
}

/// What was there, never less than nothing.
fn before(after: Bytes, delta: Delta) -> Bytes {
    let before = i128::from(after.0) - i128::from(delta.0);
    Bytes(u64::try_from(before.max(0)).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Aligned, aligned};
    use crate::measure::compare;
    use crate::model::{Bytes, Measured};
    use crate::report::sample::{digest, image};

    const NAMES: [&str; 5] = ["RUN a", "RUN b", "RUN c", "COPY d /", "COPY e /"];

    /// An image of a base and instructions: which, and its bytes.
    fn holding(base: u64, own: &[(usize, u64)]) -> Measured {
        let steps = own.iter().zip(1..);
        let made = steps.fold(
            image(1).on("base", false, base),
            |made, ((name, bytes), line)| {
                made.step(NAMES[*name], ("Dockerfile", line), "x", *bytes)
            },
        );
        let mut measured = made.measured();
        let seeds = own
            .iter()
            .map(|(name, bytes)| 40 + 40 * *name as u64 + bytes);
        for (layer, seed) in measured
            .layers
            .iter_mut()
            .zip([base].into_iter().chain(seeds))
        {
            layer.diff_id = Some(digest(u8::try_from(seed).unwrap()));
        }
        measured
    }

    fn sums(rows: &[Aligned<'_>]) -> [Bytes; 2] {
        [
            rows.iter().filter_map(|row| row.before).sum(),
            rows.iter().filter_map(|row| row.after).sum(),
        ]
    }

    #[test]
    fn what_came_has_no_before_and_what_went_no_after() {
        let before = holding(9, &[(0, 5), (1, 3)]);
        let after = holding(9, &[(0, 5), (2, 7), (3, 1)]);
        let diff = compare(&before, &after);
        let told: Vec<_> = aligned(&after, &diff)
            .iter()
            .map(|row| [row.before, row.after].map(|it| it.map(|bytes| bytes.0)))
            .collect();
        assert_eq!(told[..2], [[Some(9), Some(9)], [Some(5), Some(5)]]);
        assert!(told[2..].contains(&[None, Some(1)]), "{told:?}");
    }

    proptest! {
        #[test]
        fn the_rows_add_up_to_both_images(
            bases in (1..40_u64, 1..40_u64),
            before in proptest::collection::vec((0..5_usize, 0..40_u64), 0..6),
            after in proptest::collection::vec((0..5_usize, 0..40_u64), 0..6),
        ) {
            let (before, after) = (holding(bases.0, &before), holding(bases.1, &after));
            let diff = compare(&before, &after);
            let due = [before.size.unpacked, after.size.unpacked];
            prop_assert_eq!(sums(&aligned(&after, &diff)), due);
        }
    }
}
