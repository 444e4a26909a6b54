use std::collections::{BTreeMap, BTreeSet};

/// What BuildKit means to do for one build: the steps that it names before they begin, and
/// all that these stand on.
///
/// Of a step that another build does at the same time, it tells under the names of that one
/// too: those steps are nobody's here.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Steps named before they began.
    waiting: Vec<usize>,
    /// The keys of what a step stands on.
    inputs: BTreeMap<usize, Vec<String>>,
}

impl Plan {
    pub(super) fn waits(&mut self, step: usize) {
        self.waiting.push(step);
    }

    pub(super) fn stands_on(&mut self, step: usize, inputs: Vec<String>) {
        self.inputs.insert(step, inputs);
    }

    /// The steps of the build's own; `None` where no plan was told.
    pub(super) fn steps(&self, places: &BTreeMap<String, usize>) -> Option<BTreeSet<usize>> {
        let mut own = BTreeSet::new();
        let mut open = self.waiting.clone();
        while let Some(step) = open.pop() {
            if own.insert(step) {
                let inputs = self.inputs.get(&step).into_iter().flatten();
                open.extend(inputs.filter_map(|key| places.get(key)));
            }
        }
        (!own.is_empty()).then_some(own)
    }
}
