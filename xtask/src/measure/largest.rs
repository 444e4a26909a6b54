use std::cmp::Ordering;

use crate::model::Bytes;

/// Keeps the `most` largest of any number of things, in memory for twice as many.
pub(super) struct Largest<T> {
    most: usize,
    kept: Vec<(Bytes, T)>,
    /// Nothing smaller can be among them.
    floor: Bytes,
}

impl<T: Ord> Largest<T> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            kept: Vec::new(),
            floor: Bytes(1),
        }
    }

    pub(super) fn offer(&mut self, bytes: Bytes, thing: T) {
        if bytes < self.floor {
            return;
        }
        self.kept.push((bytes, thing));
        if self.kept.len() >= 2 * self.most {
            self.kept
                .sort_by(|one, other| (other.0, &one.1).cmp(&(one.0, &other.1)));
            self.kept.truncate(self.most);
            self.floor = self.kept[self.most - 1].0;
        }
    }

    /// Most bytes first, then as `order` says.
    pub(super) fn into_sorted(mut self, order: impl Fn(&T, &T) -> Ordering) -> Vec<(Bytes, T)> {
        self.kept
            .sort_by(|one, other| other.0.cmp(&one.0).then_with(|| order(&one.1, &other.1)));
        self.kept.truncate(self.most);
        self.kept
    }
}
