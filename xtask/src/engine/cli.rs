use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use xshell::{Shell, cmd};

use super::endpoint::Endpoint;
use super::pulse;
use super::store::Store;
use crate::model::{Cancel, EngineProblem, Event, Events, ProcessProblem};
use crate::process::{Output, Process, Stream};

/// The Docker CLI, told which engine to speak to.
#[derive(Clone, Debug)]
pub struct Cli {
    program: String,
    endpoint: Endpoint,
    store: Store,
}

/// One command of the CLI, or of a program that takes the same environment.
#[derive(Debug)]
pub(super) struct Invocation<'a> {
    cli: &'a Cli,
    program: OsString,
    /// The words that a person would type for it.
    typed: String,
    /// Variables that change what the command means; shown before it.
    variables: Vec<(&'static str, String)>,
    /// Variables of a project's `.env`; not shown, since their values may be secrets.
    given: Vec<(String, String)>,
    /// Variables that what is typed implies; not shown.
    implied: Vec<(&'static str, String)>,
    arguments: Vec<Argument>,
    directory: Option<PathBuf>,
    input: Option<Vec<u8>>,
}

/// A word, and how it is shown where its value may be a secret.
#[derive(Debug)]
struct Argument {
    word: OsString,
    shown: Option<String>,
}

impl Cli {
    /// `docker`, first on the path.
    pub fn at(endpoint: &Endpoint) -> Self {
        Self::with("docker", endpoint)
    }

    /// Another program that is a Docker CLI.
    pub fn with(program: &str, endpoint: &Endpoint) -> Self {
        Self {
            program: program.to_owned(),
            endpoint: endpoint.clone(),
            store: Store::default(),
        }
    }

    /// Told where the engine keeps images, a full disk is known from a step that only
    /// prints so.
    #[must_use]
    pub fn keeping_in(self, store: &Store) -> Self {
        let store = store.clone();
        Self { store, ..self }
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// The endpoint, as problems name it.
    pub(super) fn endpoint(&self) -> String {
        self.endpoint.address().to_owned()
    }

    /// The context that the CLI's children are to use; `default` is that of `DOCKER_HOST`.
    pub(super) fn context(&self) -> &str {
        let mut variables = self.endpoint.environment().iter();
        let context = variables.find(|(name, _)| name == "DOCKER_CONTEXT");
        context.map_or("default", |(_, context)| context)
    }

    pub(super) fn docker(&self) -> Invocation<'_> {
        self.invoke(&self.program, quoted(&self.program))
    }

    /// Another program that speaks to the same engine, such as `docker-compose`.
    pub(super) fn other(&self, program: &str) -> Invocation<'_> {
        self.invoke(program, quoted(program))
    }

    /// A plugin's own file, run by itself: the CLI would ask it twice what it is before it
    /// ran it, and that takes longer than most of what it is asked to do. What it means is
    /// `typed`.
    pub(super) fn plugin(&self, file: &Path, typed: &str) -> Invocation<'_> {
        self.invoke(file, typed.to_owned())
    }

    /// Does `work` for as long as the engine is there; it is asked beside the work.
    pub(super) fn beside<T>(
        &self,
        cancel: &Cancel,
        work: impl FnOnce(&Cancel) -> Result<T, ProcessProblem>,
    ) -> Result<Result<T, ProcessProblem>, EngineProblem> {
        pulse::beside(&self.endpoint, cancel, work)
    }

    /// `Some` if the engine does not answer now.
    pub(super) fn is_silent(
        &self,
        cancel: &Cancel,
    ) -> Result<Option<EngineProblem>, EngineProblem> {
        pulse::is_silent(&self.endpoint, cancel)
    }

    fn invoke(&self, program: impl Into<OsString>, typed: String) -> Invocation<'_> {
        Invocation {
            cli: self,
            program: program.into(),
            typed,
            variables: Vec::new(),
            given: Vec::new(),
            implied: Vec::new(),
            arguments: Vec::new(),
            directory: None,
            input: None,
        }
    }
}

impl Invocation<'_> {
    pub(super) fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    pub(super) fn implied(mut self, name: &'static str, value: &str) -> Self {
        self.implied.push((name, value.to_owned()));
        self
    }

    pub(super) fn given(mut self, name: &str, value: &str) -> Self {
        self.given.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn arg(mut self, word: impl Into<OsString>) -> Self {
        self.arguments.push(Argument {
            word: word.into(),
            shown: None,
        });
        self
    }

    pub(super) fn args<W: Into<OsString>>(self, words: impl IntoIterator<Item = W>) -> Self {
        words.into_iter().fold(self, Self::arg)
    }

    /// The last word, which is no option even if it starts like one.
    pub(super) fn operand(self, word: impl Into<OsString>) -> Self {
        let word = word.into();
        if word.as_encoded_bytes().starts_with(b"-") {
            self.arg("--").arg(word)
        } else {
            self.arg(word)
        }
    }

    /// `NAME=value`, whose value is not shown.
    pub(super) fn secret(mut self, name: &str, value: &str) -> Self {
        self.arguments.push(Argument {
            word: format!("{name}={value}").into(),
            shown: Some(format!("{}=***", quoted(name))),
        });
        self
    }

    pub(super) fn directory(mut self, directory: &Path) -> Self {
        self.directory = Some(directory.to_owned());
        self
    }

    pub(super) fn input(mut self, bytes: Vec<u8>) -> Self {
        self.input = Some(bytes);
        self
    }

    /// As a person would type it, secrets redacted.
    pub(super) fn shown(&self) -> String {
        let variables = self
            .variables
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let arguments = self.arguments.iter().map(|argument| {
            let word = || quoted(&argument.word.to_string_lossy());
            argument.shown.clone().unwrap_or_else(word)
        });
        let words: Vec<_> = variables
            .chain([self.typed.clone()])
            .chain(arguments)
            .collect();
        words.join(" ")
    }

    /// Announces the command and makes it ready to run.
    pub(super) fn process(self, events: &Events) -> Result<Process, EngineProblem> {
        events.send(Event::Command(self.shown()));
        self.silent()
    }

    fn silent(self) -> Result<Process, EngineProblem> {
        let (program, words) = (&self.program, self.arguments);
        let shell = Shell::new().map_err(|error| EngineProblem::Spawn {
            program: program.to_string_lossy().into_owned(),
            source: std::io::Error::other(error),
        })?;
        let command = cmd!(shell, "{program}")
            .args(words.into_iter().map(|argument| argument.word))
            .envs(
                self.cli
                    .endpoint
                    .environment()
                    .iter()
                    .map(|(name, value)| (name, value)),
            )
            .envs(self.given)
            .envs(self.variables)
            .envs(self.implied);
        let mut command = Command::from(command);
        if let Some(directory) = self.directory {
            command.current_dir(directory);
        }
        let process = Process::new(command);
        Ok(match self.input {
            Some(bytes) => process.input(bytes),
            None => process,
        })
    }

    /// Runs it to its end without announcing it: for looking around.
    pub(super) fn look(self, cancel: &Cancel) -> Result<Output, EngineProblem> {
        self.silent()?.output(cancel).map_err(problem)
    }

    pub(super) fn output(self, events: &Events, cancel: &Cancel) -> Result<Output, EngineProblem> {
        self.process(events)?.output(cancel).map_err(problem)
    }

    /// Runs a command that the engine does the work of, for as long as the engine is there.
    pub(super) fn run(
        self,
        events: &Events,
        cancel: &Cancel,
        sink: &mut dyn FnMut(Stream, &[u8]),
    ) -> Result<ExitStatus, EngineProblem> {
        let cli = self.cli;
        let process = self.process(events)?;
        let ended = cli.beside(cancel, |cancel| process.run(cancel, sink))?;
        ended.map_err(problem)
    }
}

/// What it means for the engine's user that a command could not be run to its end. None of
/// this room's commands has a deadline of its own but those that turn it into a problem
/// themselves.
pub(super) fn problem(problem: ProcessProblem) -> EngineProblem {
    let missing = problem.is_missing_program();
    match problem {
        ProcessProblem::Cancelled(signal) => EngineProblem::Cancelled(signal),
        ProcessProblem::Spawn { program, .. } if missing => EngineProblem::NoProgram { program },
        ProcessProblem::Spawn { program, source } | ProcessProblem::Io { program, source } => {
            EngineProblem::Spawn { program, source }
        }
        ProcessProblem::TimedOut { program, .. } => EngineProblem::Spawn {
            program,
            source: std::io::ErrorKind::TimedOut.into(),
        },
    }
}

/// With quotes only where a shell needs them.
pub fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    shlex::try_quote(word).map_or_else(|_| format!("{word:?}"), Into::into)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::{Cli, Endpoint};
    use crate::model::{Cancel, EngineProblem, Event, Events};

    fn cli(program: &str) -> Cli {
        let endpoint = Endpoint::discover_in(Some("unix:///nowhere.sock"), &|_| None).unwrap();
        Cli::with(program, &endpoint)
    }

    #[test]
    fn a_command_is_shown_as_typed_without_its_secrets() {
        let docker = cli("docker");
        let build = docker
            .docker()
            .variable("DOCKER_BUILDKIT", "1")
            .args(["build", "--build-arg"])
            .secret("TOKEN", "hunter2")
            .args(["-t", "a:b", "a dir"]);
        assert_eq!(
            build.shown(),
            "DOCKER_BUILDKIT=1 docker build --build-arg TOKEN=*** -t a:b 'a dir'"
        );
    }

    #[test]
    fn a_child_is_told_the_engine_and_its_secrets_and_announced() {
        let (sender, events) = mpsc::channel();
        let sh = cli("sh");
        let output = sh
            .docker()
            .args(["-c", "echo $DOCKER_HOST $1; cat", "-"])
            .secret("TOKEN", "hunter2")
            .input(b"in".to_vec())
            .output(&Events::new(sender), &Cancel::default())
            .unwrap();
        assert_eq!(output.stdout, b"unix:///nowhere.sock TOKEN=hunter2\nin");
        let Ok(Event::Command(shown)) = events.recv() else {
            panic!("the command is not announced");
        };
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_word_that_looks_like_an_option_is_none() {
        let docker = cli("docker");
        let pull = || docker.docker().arg("pull");
        assert_eq!(pull().operand("-x").shown(), "docker pull -- -x");
        assert_eq!(pull().operand("x").shown(), "docker pull x");
    }

    #[test]
    fn an_absent_docker_command_is_named() {
        let absent = cli("no-such-docker");
        let problem = absent.docker().look(&Cancel::default()).unwrap_err();
        assert!(
            matches!(&problem, EngineProblem::NoProgram { program } if program == "no-such-docker"),
            "{problem:?}"
        );
    }
}
