//! Where a Dockerfile runs the script, and where the file that it writes lies.

use super::Subject;
use super::shell::{Command, base_name, commands_of};
use crate::dockerfile::{Instruction, Stage};
use crate::model::Scene;

/// A RUN that executes the script.
#[derive(Clone, Debug)]
pub(super) struct ScriptRun<'a> {
    pub(super) stage: &'a Stage,
    pub(super) instruction: &'a Instruction,
    pub(super) command: Command,
    /// The directory in which it runs; `None` where that is a variable's.
    pub(super) directory: Option<String>,
}

impl<'a> Subject<'a> {
    /// The RUNs that execute the script, in the order of the file.
    pub(super) fn script_runs(&self) -> Vec<ScriptRun<'a>> {
        let mut found = Vec::new();
        for stage in &self.file.stages {
            for instruction in stage.instructions.iter().filter(|it| it.keyword == "RUN") {
                let mut directory = self.directory_at(stage, instruction.line);
                for command in commands_of(instruction) {
                    if command.program() == "cd" {
                        let to = command.arguments().first();
                        directory = to.and_then(|to| moved(directory.as_deref()?, to));
                    } else if command.executes(self.script) {
                        found.push(ScriptRun {
                            stage,
                            instruction,
                            directory: directory.clone(),
                            command,
                        });
                    }
                }
            }
        }
        found
    }

    /// The instructions that lead to a stage's end, those of its parent stages included.
    pub(super) fn steps_of(&self, stage: &Stage) -> Vec<(&'a Stage, &'a Instruction)> {
        let target = stage.index.to_string();
        let lineage = self.file.lineage(Some(&target), self.args);
        let steps = lineage.map(|it| it.steps).unwrap_or_default();
        steps.iter().map(|it| (it.stage, it.instruction)).collect()
    }

    /// The working directory of an instruction; a base image's own is taken to be `/`, as that
    /// of most is.
    pub(super) fn directory_at(&self, stage: &Stage, line: u32) -> Option<String> {
        let steps = self.steps_of(stage);
        let before = steps
            .iter()
            .take_while(|(_, it)| it.line < line || it.line == 0);
        let mut moves = before.filter(|(_, it)| it.keyword == "WORKDIR");
        moves.try_fold("/".to_owned(), |directory, (_, it)| {
            moved(&directory, it.arguments.trim())
        })
    }

    pub(super) fn final_stage(&self) -> Option<&'a Stage> {
        self.file.stages.last()
    }

    /// The last CMD or ENTRYPOINT on the way to the final image.
    pub(super) fn last(&self, keyword: &str) -> Option<&'a Instruction> {
        let steps = self.steps_of(self.final_stage()?);
        let named = steps.iter().rev().map(|(_, it)| *it);
        named.clone().find(|it| it.keyword == keyword)
    }

    /// What says what the container runs: ENTRYPOINT, else CMD.
    pub(super) fn start(&self) -> Option<&'a Instruction> {
        self.last("ENTRYPOINT").or_else(|| self.last("CMD"))
    }

    pub(super) fn start_line(&self) -> Option<u32> {
        self.start().map(|it| it.line)
    }

    /// The CMD or ENTRYPOINT that executes the script when the container starts.
    pub(super) fn script_at_start(&self) -> Option<&'a Instruction> {
        let both = [self.last("ENTRYPOINT"), self.last("CMD")];
        let executes = |it: &&Instruction| {
            let commands = commands_of(it);
            commands.iter().any(|command| command.executes(self.script))
        };
        both.into_iter().flatten().find(executes)
    }

    pub(super) fn scene(&self) -> Scene {
        let runs = self.script_runs();
        let run = runs.first();
        let last = self.final_stage();
        Scene {
            script: self.script.to_owned(),
            output: self.output.to_owned(),
            script_line: run.map(|it| it.instruction.line),
            build_stage: run.map(|it| it.stage.label()),
            made: run.and_then(|it| self.made(it)),
            final_line: last.map(|it| it.from.line),
            final_base: last.map(|it| it.base.clone()),
        }
    }

    /// Where the script's file lies at the end of its stage, as far as the commands tell.
    pub(super) fn made(&self, run: &ScriptRun<'_>) -> Option<String> {
        let mut path = joined(run.directory.as_deref()?, self.output);
        for instruction in &run.stage.instructions {
            if instruction.keyword != "RUN" || instruction.line < run.instruction.line {
                continue;
            }
            let directory = self.directory_at(run.stage, instruction.line)?;
            for command in commands_of(instruction) {
                if let ("mv", [from, to]) = (command.program(), command.arguments())
                    && base_name(from) == base_name(&path)
                {
                    path = joined(&directory, to);
                    if to.ends_with('/') || !base_name(to).contains('.') {
                        path = joined(&path, base_name(from));
                    }
                }
            }
        }
        Some(path)
    }
}

fn moved(directory: &str, to: &str) -> Option<String> {
    let to = to.trim_matches('"');
    (!to.contains('$')).then(|| joined(directory, to))
}

/// A path as it is from a directory, without `.` and `..`.
pub(super) fn joined(directory: &str, path: &str) -> String {
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{directory}/{path}")
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
