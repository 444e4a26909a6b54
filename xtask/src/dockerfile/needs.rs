use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Builder, Platform};

use super::substitute::{is_platform_arg, substitute};
use super::words::shell_words;
use super::{Dockerfile, Instruction, Stage};

/// The arguments that BuildKit itself sets for a build of and on one platform, for those
/// who want `FROM base-$TARGETARCH` to be understood.
pub fn platform_args(platform: &Platform) -> BTreeMap<String, Option<String>> {
    let parts = [
        ("PLATFORM", platform.to_string()),
        ("OS", platform.os.clone()),
        ("ARCH", platform.arch.clone()),
        ("VARIANT", platform.variant.clone().unwrap_or_default()),
    ];
    ["TARGET", "BUILD"]
        .iter()
        .flat_map(|side| parts.iter().map(move |(name, value)| (side, name, value)))
        .map(|(side, name, value)| (format!("{side}{name}"), Some(value.clone())))
        .collect()
}

/// The variables that FROM may use: the ARGs before the first FROM, and the platform variables.
pub(super) struct Values(BTreeMap<String, String>);

/// Bytes of all variables together. A file that doubles a value again and again has no end.
const ROOM: usize = 1 << 20;

/// What `--from` names.
enum Source<'a> {
    Stage(&'a Stage),
    Image(&'a str),
}

impl Values {
    pub(super) fn of(file: &Dockerfile, args: &BTreeMap<String, Option<String>>) -> Self {
        let (mut values, mut room) = (BTreeMap::new(), ROOM);
        for (name, value) in args {
            if let (true, Some(value)) = (is_platform_arg(name), value) {
                values.insert(name.clone(), value.clone());
            }
        }
        let declared = file.preamble.iter().filter(|line| line.keyword == "ARG");
        for word in declared.flat_map(|line| shell_words(&line.arguments)) {
            let (name, default) = match word.split_once('=') {
                Some((name, default)) => (name, substitute(default, &values)),
                None => (word.as_str(), None),
            };
            let given = args.get(name).cloned().flatten();
            if let Some(value) = given.or(default)
                && let Some(left) = room.checked_sub(value.len())
            {
                room = left;
                values.insert(name.to_owned(), value);
            }
        }
        Self(values)
    }

    /// What the stage stands on, variables filled in; `None` where they can't be known.
    pub(super) fn base(&self, stage: &Stage) -> Option<String> {
        substitute(&stage.base, &self.0)
    }
}

impl Dockerfile {
    /// The arguments whose values are in the name of a stage's base.
    pub fn args_of_bases(&self) -> BTreeSet<String> {
        let declared = self.preamble.iter().filter(|line| line.keyword == "ARG");
        let words = declared.flat_map(|line| shell_words(&line.arguments));
        let names = words.map(|word| word.split_once('=').map_or(word.clone(), |it| it.0.into()));
        let is_used = |name: &String| {
            let uses = |text: &str| {
                let mut found = text.match_indices(name.as_str());
                found.any(|(at, _)| {
                    let (before, after) = (&text[..at], &text[at + name.len()..]);
                    let goes_on = after.starts_with(|it: char| it.is_alphanumeric() || it == '_');
                    (before.ends_with('$') || before.ends_with("${")) && !goes_on
                })
            };
            self.stages.iter().any(|stage| uses(&stage.base))
        };
        names.filter(is_used).collect()
    }

    /// The images that building the target takes from outside the file, in the order of
    /// their first use, each once: those of FROM, `COPY --from`, `ADD --from` and
    /// `RUN --mount=from`. `scratch` is none, nor is what can't be known before the build.
    ///
    /// BuildKit builds the stages that the target needs; the classic builder builds every
    /// stage up to the target. An `args` value of `None` leaves the file's default. Names
    /// that `additional_contexts` of a build redefine are still among them.
    pub fn bases(
        &self,
        target: Option<&str>,
        args: &BTreeMap<String, Option<String>>,
        builder: Builder,
    ) -> Vec<String> {
        let values = Values::of(self, args);
        let Some(target) = self.target_stage(target) else {
            return Vec::new();
        };
        let needed = match builder {
            Builder::Classic => (0..=target.index).collect(),
            Builder::Buildkit => self.needed(target, &values),
        };
        let (mut images, mut known) = (Vec::new(), BTreeSet::new());
        for stage in needed.into_iter().map(|index| &self.stages[index]) {
            for image in self.images_of(stage, &values) {
                if !image.is_empty() && image != "scratch" && known.insert(image.clone()) {
                    images.push(image);
                }
            }
        }
        images
    }

    /// The lines that lead to the target as they are in the file, comments and empty lines left
    /// out: what precedes the first FROM, then each stage that the target is built from.
    pub fn leading_to(
        &self,
        target: Option<&str>,
        args: &BTreeMap<String, Option<String>>,
    ) -> Vec<String> {
        let Some(target) = self.target_stage(target) else {
            return Vec::new();
        };
        let needed = self.needed(target, &Values::of(self, args));
        let stages = needed.into_iter().map(|index| &self.stages[index]);
        let stages = stages.flat_map(|it| std::iter::once(&it.from).chain(&it.instructions));
        let instructions = self.preamble.iter().chain(stages);
        instructions
            .flat_map(|instruction| instruction.raw.lines())
            .filter(|line| !line.trim_start().starts_with('#'))
            .map(str::to_owned)
            .collect()
    }

    /// The stages that the target is built from, itself included.
    fn needed(&self, target: &Stage, values: &Values) -> BTreeSet<usize> {
        let mut needed = BTreeSet::new();
        let mut open = vec![target];
        while let Some(stage) = open.pop() {
            if !needed.insert(stage.index) {
                continue;
            }
            open.extend(self.parent(stage, values));
            open.extend(
                self.sources(stage, values)
                    .filter_map(|source| match source {
                        Source::Stage(stage) => Some(stage),
                        Source::Image(_) => None,
                    }),
            );
        }
        needed
    }

    fn images_of(&self, stage: &Stage, values: &Values) -> Vec<String> {
        let own = match self.parent(stage, values) {
            Some(_) => None,
            None => values.base(stage),
        };
        let sources = self
            .sources(stage, values)
            .filter_map(|source| match source {
                Source::Image(image) => Some(image.to_owned()),
                Source::Stage(_) => None,
            });
        own.into_iter().chain(sources).collect()
    }

    /// What the stage's instructions copy or mount from. Builders fill in no variables there.
    fn sources<'a>(
        &'a self,
        stage: &'a Stage,
        values: &Values,
    ) -> impl Iterator<Item = Source<'a>> {
        self.executed(stage, values)
            .flat_map(|step| from_names(step.instruction))
            .filter_map(|name| self.source(name))
    }

    fn source<'a>(&'a self, name: &'a str) -> Option<Source<'a>> {
        if let Ok(number) = name.parse::<usize>() {
            return self.stages.get(number).map(Source::Stage);
        }
        match self.stage_named(name) {
            Some(stage) => Some(Source::Stage(stage)),
            None => (!name.contains('$')).then_some(Source::Image(name)),
        }
    }
}

fn from_names(instruction: &Instruction) -> Vec<&str> {
    match instruction.keyword.as_str() {
        "COPY" | "ADD" => instruction.flag("from").into_iter().collect(),
        "RUN" => {
            let mounts = instruction.flags.iter().filter(|flag| flag.name == "mount");
            mounts
                .filter_map(|mount| mount.value.as_deref())
                .flat_map(|value| value.split(','))
                .filter_map(|field| field.trim().strip_prefix("from="))
                .collect()
        }
        _ => Vec::new(),
    }
}
