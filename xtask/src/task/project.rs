use std::env;
use std::path::{Path, PathBuf};

use crate::model::LabProblem;

/// The names that Compose looks for, in its order.
const NAMES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
];

/// A Compose file and the directory that its paths are told from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    /// Absolute.
    pub(super) file: PathBuf,
    /// Absolute.
    pub(super) directory: PathBuf,
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
        let file = file.canonicalize().unwrap_or(file);
        let directory = file.parent().unwrap_or(&here).to_owned();
        Ok(Self { file, directory })
    }

    /// A path as a person of this project names it: from the Compose file's directory where
    /// it lies below it.
    pub(super) fn short(&self, path: &Path) -> String {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        path.strip_prefix(&self.directory)
            .unwrap_or(&path)
            .display()
            .to_string()
    }
}
