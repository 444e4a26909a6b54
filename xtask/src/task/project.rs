use std::path::{Path, PathBuf};
use std::{env, fs, io};

use super::context::Context;
use crate::engine::{Cli, compose};
use crate::lab;
use crate::model::{LabProblem, Problem};

/// The names that Compose looks for, in its order.
const NAMES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
];

/// What names the active profiles, in the environment and in an `.env`.
const PROFILES: &str = "COMPOSE_PROFILES";

/// A Compose file and where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    /// Absolute.
    pub(super) file: PathBuf,
    /// Absolute.
    pub(super) directory: PathBuf,
    /// The repository that it is part of, else its own directory: paths are told from there,
    /// for that is how a code host finds the line that a finding names. Absolute.
    root: PathBuf,
}

impl Project {
    /// The file that was named, or the nearest one in this directory and those above.
    pub(super) fn find(named: Option<&Path>) -> Result<Self, LabProblem> {
        let here = env::current_dir().map_err(|source| LabProblem::Read {
            path: PathBuf::from("."),
            source,
        })?;
        let file = match named {
            Some(path) => here.join(path),
            None => here
                .ancestors()
                .flat_map(|directory| NAMES.map(|name| directory.join(name)))
                .find(|path| path.is_file())
                .unwrap_or_else(|| here.join(NAMES[0])),
        };
        if !file.exists() {
            return Err(LabProblem::Missing {
                path: named.map_or(file, Path::to_owned),
            });
        }
        if file.is_dir() {
            return Err(LabProblem::Read {
                path: named.map_or(file, Path::to_owned),
                source: io::ErrorKind::IsADirectory.into(),
            });
        }
        let file = file.canonicalize().unwrap_or(file);
        let directory = file.parent().unwrap_or(&here).to_owned();
        let root = repository(&directory).unwrap_or(&directory).to_owned();
        Ok(Self {
            file,
            directory,
            root,
        })
    }

    /// What Compose makes of the file, with every service's `x-lab` that was written.
    pub(super) fn resolve(&self, cli: &Cli, cx: &Context) -> Result<String, Problem> {
        let text = compose::resolve(cli, &self.file, &cx.events, &cx.cancel)?;
        let read = |path: &Path| fs::read_to_string(path).ok();
        lab::all_kept(&text, &compose::files(&self.file), &read)?;
        Ok(text)
    }

    /// The active profiles: those of the environment, else of the `.env` beside the file, as
    /// Compose takes them.
    pub(super) fn profiles(&self) -> Vec<String> {
        let written = || {
            let text = fs::read_to_string(self.directory.join(".env")).ok()?;
            profiles_of(&text)
        };
        let profiles = env::var(PROFILES).ok().or_else(written);
        let profiles = profiles.unwrap_or_default();
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

/// The profiles that the text of an `.env` names.
fn profiles_of(text: &str) -> Option<String> {
    let lines = dotenvy::from_read_iter(text.as_bytes()).filter_map(Result::ok);
    let named = lines.filter(|(name, _)| name == PROFILES);
    named.map(|(_, value)| value).last()
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

    use super::{Project, profiles_of};

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
            assert_eq!(profiles_of(line).as_deref(), profiles, "{line}");
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
