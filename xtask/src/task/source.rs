use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::project::Project;
use crate::dockerfile::{self, Dockerfile, Instruction, Origin, platform_args};
use crate::lab;
use crate::measure;
use crate::model::{
    BuildCause, BuildFailure, BuildSpec, Builder, Dockerfile as DockerfileAt, EngineProblem,
    LabProblem, Place, Platform, Problem, SourceProblem, Variant,
};

/// A variant's Dockerfile, read.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// As findings name it.
    pub(super) name: String,
    pub(super) dockerfile: Dockerfile,
    pub(super) target: Option<String>,
    /// The build's arguments, those of the platform among them.
    pub(super) args: BTreeMap<String, Option<String>>,
}

impl Source {
    /// `None` where only the builder can read it: in a remote context.
    pub(super) fn read(
        variant: &Variant,
        spec: &BuildSpec,
        project: &Project,
        platform: &Platform,
    ) -> Result<Option<Self>, Problem> {
        let service = || variant.name.clone();
        let context = Path::new(&spec.context);
        if !context.is_absolute() {
            return Ok(None);
        }
        if !context.is_dir() {
            return Err(SourceProblem::ContextMissing {
                service: service(),
                path: context.into(),
            }
            .into());
        }
        let (name, text) = match &spec.dockerfile {
            DockerfileAt::Inline(text) => (
                format!("{} (dockerfile_inline)", variant.name),
                text.clone(),
            ),
            DockerfileAt::Path(path) => {
                let path = context.join(path);
                let text = fs::read(&path).map_err(|source| -> Problem {
                    match source.kind() {
                        ErrorKind::NotFound => SourceProblem::DockerfileMissing {
                            service: service(),
                            path: path.clone(),
                        }
                        .into(),
                        _ => LabProblem::Read {
                            path: path.clone(),
                            source,
                        }
                        .into(),
                    }
                })?;
                (
                    project.short(&path),
                    String::from_utf8_lossy(&text).into_owned(),
                )
            }
        };
        let args = arguments(spec, platform);
        let dockerfile = dockerfile::parse(&text);
        Ok(Some(Self {
            name,
            dockerfile,
            target: spec.target.clone(),
            args,
        }))
    }

    /// The images that the build takes from outside.
    pub(super) fn bases(&self, builder: Builder) -> Vec<String> {
        self.dockerfile
            .bases(self.target.as_deref(), &self.args, builder)
    }

    /// The build arguments that name an image in a FROM.
    pub(super) fn shown_args(&self) -> BTreeSet<String> {
        self.dockerfile.args_of_bases()
    }

    /// The FROM or `--from` that names this image and most likely means a stage above it.
    pub(super) fn mistaken_stage(&self, image: &str) -> Option<SourceProblem> {
        let stages = &self.dockerfile.stages;
        let mut uses = stages.iter().flat_map(|stage| {
            let from = (stage.base == image).then_some(("FROM ", &stage.from));
            let copies = stage.instructions.iter();
            let copies = copies.filter(|it| it.flag("from") == Some(image));
            let both = from.into_iter().chain(copies.map(|it| ("--from=", it)));
            both.map(|(before, instruction)| (stage.index, before, instruction))
        });
        let mistaken = |(index, before, instruction): (usize, _, &Instruction)| {
            let above = stages.iter().take(index);
            let names = above.filter_map(|stage| stage.name.as_deref());
            Some(SourceProblem::NoStage {
                place: self.place(instruction),
                before,
                name: image.to_owned(),
                nearest: lab::nearest(image, names)?,
            })
        };
        uses.find_map(mistaken)
    }

    fn place(&self, instruction: &Instruction) -> Place {
        Place {
            dockerfile: self.name.clone(),
            line: Some(instruction.line),
        }
    }

    /// Whether the classic builder understands it. It would call a heredoc a mistake, or be
    /// silent on what it lacks.
    pub(super) fn check_classic(&self, service: &str) -> Result<(), EngineProblem> {
        let Some((instruction, what)) = self.dockerfile.beyond_classic(self.target.as_deref())
        else {
            return Ok(());
        };
        Err(EngineProblem::NeedsBuildkit {
            variant: service.to_owned(),
            what,
            place: Some(self.place(instruction)),
        })
    }

    /// The lines that lead to its image, without comments.
    pub(super) fn shown(&self) -> Vec<String> {
        self.dockerfile
            .leading_to(self.target.as_deref(), &self.args)
    }

    /// Of a build argument that a FROM may use, the file's own value for it, or nothing: such a
    /// one names an image and is no secret. `None` for all others.
    pub(super) fn base_argument(&self, name: &str) -> Option<&str> {
        let declared = self.dockerfile.preamble.iter();
        let declared = declared.filter(|line| line.keyword == "ARG");
        let mut pairs = declared.map(|line| match line.arguments.split_once('=') {
            Some(pair) => pair,
            None => (line.arguments.trim(), ""),
        });
        pairs
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// The image that the target stands on; `None` for scratch.
    pub(super) fn base(&self) -> Option<String> {
        match self
            .dockerfile
            .lineage(self.target.as_deref(), &self.args)?
            .origin
        {
            Origin::Image(reference) => Some(reference),
            Origin::Scratch | Origin::Unknown(_) => None,
        }
    }

    /// The line of the instruction that says what the container runs.
    pub(super) fn command_line(&self) -> Option<u32> {
        let lineage = self
            .dockerfile
            .lineage(self.target.as_deref(), &self.args)?;
        let command = |keyword: &str| matches!(keyword, "CMD" | "ENTRYPOINT");
        let steps = lineage.steps.iter().rev();
        steps
            .map(|step| step.instruction)
            .find(|it| command(&it.keyword))
            .map(|it| it.line)
    }

    /// The line of the FROM that names the base.
    pub(super) fn base_line(&self) -> Option<u32> {
        let lineage = self
            .dockerfile
            .lineage(self.target.as_deref(), &self.args)?;
        Some(lineage.steps.first()?.stage.from.line)
    }

    /// The line of an instruction that a builder names by its text alone.
    pub(super) fn line_of(&self, instruction: &str) -> Option<u32> {
        let wanted = dockerfile::as_shown(instruction);
        let all = self
            .dockerfile
            .stages
            .iter()
            .flat_map(|stage| std::iter::once(&stage.from).chain(&stage.instructions));
        // What the builder said may have lost its values on the way.
        let is_it = |it: &&Instruction| {
            let shown = dockerfile::as_shown(&it.raw);
            let mut texts = [&it.text, &shown].into_iter();
            texts.any(|text| *text == wanted || measure::redact(text) == wanted)
        };
        all.filter(is_it).map(|it| it.line).next_back()
    }

    /// The instruction that a builder means by what it says, where it names none.
    pub(super) fn blamed(&self, failure: &BuildFailure) -> Option<&Instruction> {
        self.dockerfile.blamed(failure.log.first()?)
    }

    /// What a builder finds in a file without any FROM. None is asked: Docker 20.10 crashes, as
    /// a whole with BuildKit. A frontend of the file's own choice may make an image of it.
    pub(super) fn fault(&self, builder: Builder) -> Option<BuildFailure> {
        let has_frontend =
            self.dockerfile.has_frontend || self.args.contains_key("BUILDKIT_SYNTAX");
        let is_known = builder == Builder::Classic || !has_frontend;
        if !self.dockerfile.stages.is_empty() || !is_known {
            return None;
        }
        let said = if self.dockerfile.preamble.is_empty() {
            "file with no instructions"
        } else {
            "no build stage in current context"
        };
        Some(BuildFailure {
            cause: BuildCause::Syntax,
            instruction: None,
            line: None,
            log: vec![format!("{said}: no FROM")],
        })
    }

    pub(super) fn for_measure(&self) -> measure::Source<'_> {
        measure::Source {
            dockerfile: &self.dockerfile,
            name: self.name.clone(),
            target: self.target.clone(),
            args: self.args.clone(),
        }
    }
}

/// The arguments of a build, those of the platform among them.
pub(super) fn arguments(spec: &BuildSpec, platform: &Platform) -> BTreeMap<String, Option<String>> {
    let mut args = platform_args(spec.platform.as_ref().unwrap_or(platform));
    let own = spec.args.iter();
    args.extend(
        own.map(|(name, value)| (name.clone(), value.clone().or_else(|| env::var(name).ok()))),
    );
    args
}

#[cfg(test)]
mod tests {
    use super::Source;
    use crate::dockerfile;
    use crate::model::{BuildCause, Builder};

    fn source(text: &str) -> Source {
        Source {
            name: "Dockerfile".to_owned(),
            dockerfile: dockerfile::parse(text),
            target: None,
            args: std::collections::BTreeMap::new(),
        }
    }

    #[test]
    fn an_instruction_is_found_however_its_keyword_is_written() {
        let source = source("from x\nrun  echo a\nRun echo b \\\n\n  && false\n");
        for (shown, line) in [
            ("run  echo a", 2),
            ("RUN echo a", 2),
            ("RUN echo b   && false", 3),
            ("Run echo b \\\n\n  && false", 3),
        ] {
            assert_eq!(source.line_of(shown), Some(line), "{shown}");
        }
        assert_eq!(source.line_of("run ECHO a"), None);
    }

    #[test]
    fn a_file_without_from_is_at_fault_unless_another_frontend_may_read_it() {
        for text in [
            "",
            "# only\n\n",
            "ARG A\n",
            "run x\n",
            "# syntax=x\nARG A\n",
        ] {
            let fault = source(text).fault(Builder::Classic).unwrap();
            assert_eq!(fault.cause, BuildCause::Syntax, "{text}");
            assert!(fault.log[0].ends_with("no FROM"), "{text}");
            let is_known = !text.contains("syntax");
            let fault = source(text).fault(Builder::Buildkit);
            assert_eq!(fault.is_some(), is_known, "{text}");
        }
        assert_eq!(source("from x").fault(Builder::Classic), None);
        let mut other = source("ARG A\n");
        let name = "BUILDKIT_SYNTAX".to_owned();
        other.args.insert(name, Some("x".to_owned()));
        assert_eq!(other.fault(Builder::Buildkit), None);
    }
}
