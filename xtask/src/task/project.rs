use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use serde_json::json;

use super::context::Context;
use crate::engine::{Cli, compose};
use crate::lab::Resolved;
use crate::model::{EngineProblem, LabProblem, Problem};

/// The names that Compose looks for, in its order.
const NAMES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
];

/// What names the active profiles, in the environment and in an `.env`.
const PROFILES: &str = "COMPOSE_PROFILES";

/// What names the files, in the environment and in an `.env` (Compose, "Pre-defined
/// environment variables").
const FILES: &str = "COMPOSE_FILE";
const SEPARATOR: &str = "COMPOSE_PATH_SEPARATOR";

/// A Compose file and where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    /// The first of `files`. Absolute.
    pub(super) file: PathBuf,
    /// All that Compose joins. Absolute.
    files: Vec<PathBuf>,
    /// Absolute.
    pub(super) directory: PathBuf,
    /// The repository that it is part of, else its own directory: paths are told from there,
    /// for that is how a code host finds the line that a finding names. Absolute.
    root: PathBuf,
}

impl Project {
    /// The file that was named, or those of `COMPOSE_FILE`, or the nearest one in this
    /// directory and those above.
    pub(super) fn find(named: Option<&Path>) -> Result<Self, LabProblem> {
        let here = env::current_dir().map_err(|source| LabProblem::Read {
            path: PathBuf::from("."),
            source,
        })?;
        if let Some(path) = named {
            let files = compose::files(&found(&here, path)?);
            return Ok(Self::of(&files, &here));
        }
        let written = fs::read_to_string(here.join(".env")).unwrap_or_default();
        let variable = |name: &str| env::var(name).ok().or_else(|| value_of(&written, name));
        let listed = variable(FILES).unwrap_or_default();
        let separator = variable(SEPARATOR).unwrap_or_else(|| ":".to_owned());
        let listed: Vec<&str> = listed.split(separator.as_str()).collect();
        let listed = listed.into_iter().filter(|name| !name.is_empty());
        let listed = listed.map(|name| found(&here, Path::new(name)));
        let listed = listed.collect::<Result<Vec<_>, _>>()?;
        if !listed.is_empty() {
            return Ok(Self::of(&listed, &here));
        }
        let nearest = here
            .ancestors()
            .flat_map(|directory| NAMES.map(|name| directory.join(name)))
            .find(|path| path.is_file())
            .unwrap_or_else(|| here.join(NAMES[0]));
        let files = compose::files(&found(&here, &nearest)?);
        Ok(Self::of(&files, &here))
    }

    /// As [`Project::find`]; if there is no Compose file at all, the lab's own.
    pub(super) fn with_lab(named: Option<&Path>, lab: Option<&str>) -> Result<Self, LabProblem> {
        match (Self::find(named), lab) {
            (Err(LabProblem::Missing { path }), Some(lab)) if named.is_none() => {
                let here = path.parent().unwrap_or(Path::new("."));
                of_lab(here, lab).ok_or(LabProblem::Missing { path })
            }
            (found, _) => found,
        }
    }

    /// The project of a lab that has a Compose file of its own: `lab/NAME/compose.yaml`.
    pub(super) fn of_lab(&self, lab: &str) -> Option<Self> {
        of_lab(&self.directory, lab)
    }

    fn of(files: &[PathBuf], here: &Path) -> Self {
        let file = files.first().cloned().unwrap_or_default();
        let directory = file.parent().unwrap_or(here).to_owned();
        let root = repository(&directory).unwrap_or(&directory).to_owned();
        Self {
            file,
            files: files.to_vec(),
            directory,
            root,
        }
    }

    /// The repository that it is part of, else its own directory. Absolute.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// What Compose makes of the files, with every service's `x-lab` that was written.
    ///
    /// A missing `env_file` matters for a service that is run: `run` names those of what was
    /// resolved. For all others it is left out.
    pub(super) fn resolve(
        &self,
        cli: &Cli,
        run: &dyn Fn(&Resolved) -> Vec<String>,
        cx: &Context,
    ) -> Result<Resolved, Problem> {
        let resolved = match compose::resolve(cli, &self.files, &cx.events, &cx.cancel) {
            Err(problem) if compose::is_env_file_missing(&problem) => {
                let resolved = self.without_env_files(cli, run, cx);
                resolved.map_err(|_| problem)?
            }
            text => Resolved::read(&text?, &self.file)?,
        };
        let read = |path: &Path| fs::read_to_string(path).ok();
        resolved.check_kept(&self.files, &read)?;
        Ok(resolved)
    }

    fn without_env_files(
        &self,
        cli: &Cli,
        run: &dyn Fn(&Resolved) -> Vec<String>,
        cx: &Context,
    ) -> Result<Resolved, Problem> {
        let names = compose::services(cli, &self.files, &cx.events, &cx.cancel)?;
        let resolve = |kept: &[String]| {
            let scratch = |source| EngineProblem::Scratch { source };
            let mut reset = tempfile::Builder::new()
                .suffix(".yaml")
                .tempfile()
                .map_err(scratch)?;
            let spared = names
                .lines()
                .filter(|name| !kept.iter().any(|it| it == name));
            writeln!(reset, "services:").map_err(scratch)?;
            for name in spared {
                writeln!(reset, "  {}:\n    env_file: !reset []", json!(name)).map_err(scratch)?;
            }
            let mut files = self.files.clone();
            files.push(reset.path().to_owned());
            let text = compose::resolve(cli, &files, &cx.events, &cx.cancel)?;
            Ok(Resolved::read(&text, &self.file)?)
        };
        let resolved = resolve(&[])?;
        match run(&resolved) {
            none if none.is_empty() => Ok(resolved),
            run => resolve(&run),
        }
    }

    /// A variable as Compose knows it: of the environment, else of the `.env` beside the file.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        env::var(name).ok().or_else(|| self.written(name))
    }

    /// A variable of the `.env` beside the file.
    pub(super) fn written(&self, name: &str) -> Option<String> {
        let text = fs::read_to_string(self.directory.join(".env")).ok()?;
        value_of(&text, name)
    }

    /// The active profiles: those of the environment, else of the `.env` beside the file, as
    /// Compose takes them.
    pub(super) fn profiles(&self) -> Vec<String> {
        let profiles = self.variable(PROFILES).unwrap_or_default();
        let named = profiles.split(',').map(str::trim);
        named
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// A path as a person of this project names it: from the root where it lies below it.
    pub(super) fn short(&self, path: &Path) -> String {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        path.strip_prefix(&self.root)
            .unwrap_or(&path)
            .display()
            .to_string()
    }
}

fn of_lab(root: &Path, lab: &str) -> Option<Project> {
    let is_name = !lab.starts_with('.') && !lab.contains('/');
    let directory = root.join("lab").join(lab);
    let mut files = NAMES.iter().map(|name| directory.join(name));
    let file = files.find(|file| is_name && file.is_file())?;
    let file = file.canonicalize().unwrap_or(file);
    Some(Project::of(&compose::files(&file), root))
}

/// A file that is there, and no directory; absolute.
fn found(here: &Path, named: &Path) -> Result<PathBuf, LabProblem> {
    let file = here.join(named);
    if !file.exists() {
        return Err(LabProblem::Missing {
            path: named.to_owned(),
        });
    }
    if file.is_dir() {
        return Err(LabProblem::Read {
            path: named.to_owned(),
            source: io::ErrorKind::IsADirectory.into(),
        });
    }
    Ok(file.canonicalize().unwrap_or(file))
}

/// The value that the text of an `.env` gives a variable.
fn value_of(text: &str, name: &str) -> Option<String> {
    let text: String = text.lines().map(|line| quoted(line) + "\n").collect();
    let lines = dotenvy::from_read_iter(text.as_bytes()).filter_map(Result::ok);
    lines
        .filter(|(named, _)| named == name)
        .map(|(_, value)| value)
        .last()
}

/// A line of an `.env` whose value has spaces and no quotes, in quotes: Compose takes such a
/// value up to a ` #`, and dotenvy refuses it.
fn quoted(line: &str) -> String {
    let Some((name, value)) = line.split_once('=') else {
        return line.to_owned();
    };
    let value = value.split(" #").next().unwrap_or(value).trim();
    let is_bare = !value.starts_with(['"', '\'']) && value.contains(char::is_whitespace);
    if name.trim_start().starts_with('#') || !is_bare {
        return line.to_owned();
    }
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{name}=\"{value}\"")
}

/// The nearest directory, of this one and those above, that git knows as a work tree's root.
fn repository(directory: &Path) -> Option<&Path> {
    directory
        .ancestors()
        .find(|directory| directory.join(".git").exists())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{PROFILES, Project, value_of};

    #[test]
    fn profiles_are_read_from_an_env_file_as_it_is_written() {
        for (line, profiles) in [
            ("COMPOSE_PROFILES=a,b", Some("a,b")),
            (
                "COMPOSE_PROFILES=a\nno line of it\nCOMPOSE_PROFILES='b'",
                Some("b"),
            ),
            ("export COMPOSE_PROFILES = \"a,b\" # both", Some("a,b")),
            ("COMPOSE_PROFILES=", Some("")),
            ("# COMPOSE_PROFILES=a", None),
            ("COMPOSE_PROFILE=a", None),
        ] {
            assert_eq!(value_of(line, PROFILES).as_deref(), profiles, "{line}");
        }
    }

    #[test]
    fn a_value_with_spaces_needs_no_quotes_as_for_compose() {
        for (line, value) in [
            ("A=one two", "one two"),
            ("A = one two  # why", "one two"),
            ("A=one #two", "one"),
            ("A=one#two", "one#two"),
            ("A=it is \"so\"", "it is \"so\""),
            ("A='one  two' # why", "one  two"),
            ("A=\"one two\"", "one two"),
            ("B=x\nA=${B} y", "x y"),
        ] {
            assert_eq!(value_of(line, "A").as_deref(), Some(value), "{line}");
        }
    }

    #[test]
    fn paths_are_told_from_the_repository_or_else_from_the_compose_file() {
        let root = tempfile::tempdir().unwrap();
        let app = root.path().join("deploy/app");
        fs::create_dir_all(&app).unwrap();
        fs::write(app.join("compose.yaml"), "").unwrap();
        fs::write(app.join("Dockerfile"), "").unwrap();
        let told = || {
            let project = Project::find(Some(&app.join("compose.yaml"))).unwrap();
            project.short(&app.join("Dockerfile"))
        };
        assert_eq!(told(), "Dockerfile");
        fs::create_dir(root.path().join(".git")).unwrap();
        assert_eq!(told(), "deploy/app/Dockerfile");
    }
}
