use std::collections::BTreeMap;

use super::needs::Values;
use super::{Dockerfile, Instruction, Stage};

/// The stages that lead to a target by FROM, as one list of instructions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage<'a> {
    /// What the first of them stands on.
    pub origin: Origin,
    /// Every instruction but FROM, in the order of execution, parents first. An ONBUILD of
    /// a parent stage is there twice: as itself, and as what it sets off in the stage that
    /// stands on the parent. What an ONBUILD of the base image sets off is not known here.
    ///
    /// The classic builder writes an entry of history for each; BuildKit does for all but
    /// the ONBUILDs themselves (measured: Docker 20.10, buildx 0.13).
    pub steps: Vec<LineageStep<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineageStep<'a> {
    /// The stage in which it is executed.
    pub stage: &'a Stage,
    pub instruction: &'a Instruction,
}

/// What a stage without parents stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Scratch,
    /// An image's reference, variables filled in.
    Image(String),
    /// As written: what its variables are can't be told from the file and the arguments.
    Unknown(String),
}

impl Dockerfile {
    /// The stage with this name or number; without a target the last one.
    pub fn target_stage(&self, target: Option<&str>) -> Option<&Stage> {
        let Some(target) = target else {
            return self.stages.last();
        };
        self.stage_named(target)
            .or_else(|| self.stages.get(target.parse::<usize>().ok()?))
    }

    /// The stages from the base to the target, and what they execute. `args` are the
    /// build's arguments (`None`: without a value, so the file's default holds). `None`
    /// where there is no such target.
    pub fn lineage(
        &self,
        target: Option<&str>,
        args: &BTreeMap<String, Option<String>>,
    ) -> Option<Lineage<'_>> {
        let values = Values::of(self, args);
        let mut chain = vec![self.target_stage(target)?];
        while let Some(parent) = self.parent(chain[chain.len() - 1], &values) {
            chain.push(parent);
        }
        chain.reverse();
        let origin = match values.base(chain[0]) {
            None => Origin::Unknown(chain[0].base.clone()),
            Some(base) if base == "scratch" => Origin::Scratch,
            Some(base) => Origin::Image(base),
        };
        let steps = chain
            .iter()
            .flat_map(|stage| self.executed(stage, &values))
            .collect();
        Some(Lineage { origin, steps })
    }

    /// What is executed in one stage: what its parent's ONBUILDs set off, then its own.
    pub(super) fn executed<'a>(
        &'a self,
        stage: &'a Stage,
        values: &Values,
    ) -> impl Iterator<Item = LineageStep<'a>> {
        let parent = self.parent(stage, values);
        let triggers = parent
            .into_iter()
            .flat_map(|parent| &parent.instructions)
            .filter_map(|instruction| instruction.trigger.as_deref());
        triggers
            .chain(&stage.instructions)
            .map(move |instruction| LineageStep { stage, instruction })
    }

    /// The stage that this one stands on: the last one before it with that name.
    pub(super) fn parent(&self, stage: &Stage, values: &Values) -> Option<&Stage> {
        let base = values.base(stage)?;
        self.stage_before(&base, stage.index)
    }

    /// The last stage with that name, in any case.
    pub(super) fn stage_named(&self, name: &str) -> Option<&Stage> {
        self.stage_before(name, self.stages.len())
    }

    /// The last one of those before a stage.
    fn stage_before(&self, name: &str, index: usize) -> Option<&Stage> {
        let named = self.named.get(&name.to_ascii_lowercase())?;
        let before = named.partition_point(|other| *other < index);
        Some(&self.stages[named[before.checked_sub(1)?]])
    }
}
