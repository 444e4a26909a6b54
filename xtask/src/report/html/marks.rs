//! Which boxes of a drawing grew since the baseline.

use super::tree::{Label, Node};
use crate::model::{Bytes, CauseKind, Delta, Evolution, Measured, Origin};

/// What became of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Grew,
    /// All its bytes came since.
    New,
}

/// The directories that changed most, by layer.
pub(super) struct Marks {
    changes: Vec<Changed>,
}

struct Changed {
    layer: usize,
    path: String,
    before: Bytes,
    delta: Delta,
}

impl Marks {
    pub(super) fn of(measured: &Measured, evolution: Option<&Evolution>) -> Self {
        let causes = evolution.iter().flat_map(|it| &it.diff.causes);
        let changes = causes.flat_map(|cause| {
            let layers = measured.layers.iter();
            let layer = layers.into_iter().position(|layer| match cause.kind {
                CauseKind::BaseDrift => layer.origin == Origin::Base,
                _ => layer.origin == Origin::Own && layer.step == cause.step,
            });
            cause.paths.iter().filter_map(move |change| {
                Some(Changed {
                    layer: layer?,
                    path: change.path.to_string(),
                    before: change.before,
                    delta: change.delta(),
                })
            })
        });
        Self {
            changes: changes.collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changes.iter().all(|change| change.delta.0 <= 0)
    }

    /// Of a box that is not divided: those in it are marked for themselves.
    pub(super) fn on(&self, measured: &Measured, node: &Node) -> Option<(Mark, Delta)> {
        if !node.children.is_empty() {
            return None;
        }
        let is_in = |path: &str| match node.label {
            Label::Rest { .. } => false,
            Label::Files => path == node.path,
            Label::Directory(_) | Label::Layer(_) => {
                let below = path.strip_prefix(node.path.as_str());
                node.path.is_empty() || below.is_some_and(|it| it.is_empty() || it.starts_with('/'))
            }
        };
        let is_of = |layer: usize| {
            let is_base = |at: usize| {
                let layer = measured.layers.get(at);
                layer.is_some_and(|layer| layer.origin == Origin::Base)
            };
            // A base drifts as a whole: the diff does not tell its layers apart.
            node.layer
                .is_none_or(|at| at == layer || (is_base(at) && is_base(layer)))
        };
        let changes = self.changes.iter();
        let here: Vec<&Changed> = changes
            .filter(|change| is_of(change.layer) && is_in(&change.path))
            .collect();
        let delta: Delta = here.iter().map(|change| change.delta).sum();
        let grown = u64::try_from(delta.0).ok().filter(|grown| *grown > 0)?;
        let was_here = here.iter().any(|change| change.before > Bytes::ZERO);
        let mark = if Bytes(grown) >= node.bytes && !was_here {
            Mark::New
        } else {
            Mark::Grew
        };
        Some((mark, delta))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::by_directory;
    use super::{Mark, Marks};
    use crate::model::Delta;
    use crate::report::sample::regressed;

    #[test]
    fn what_an_added_instruction_brought_is_new_and_the_rest_is_not_marked() {
        let report = regressed();
        let multi = report
            .variants
            .iter()
            .find(|it| it.name == "multi")
            .unwrap();
        let measured = multi.measured.as_ref().unwrap();
        let marks = Marks::of(measured, report.baseline.as_ref().unwrap().of("multi"));
        let root = by_directory(measured);
        let opt = root
            .children
            .iter()
            .find(|node| node.path == "opt")
            .unwrap();
        assert_eq!(marks.on(measured, opt), Some((Mark::New, Delta(3_000_000))));
        assert_eq!(marks.on(measured, &root), None);
        assert!(Marks::of(measured, None).is_empty());
    }
}
