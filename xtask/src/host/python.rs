use std::path::{Path, PathBuf};

use super::command::words;
use super::run::{announce, is_executable, run};
use crate::model::{Cancel, Events, HostProblem, ProvisionReason};

/// A program of Python's package index that no package of the distribution has.
#[derive(Clone, Copy, Debug)]
pub struct PythonTool {
    pub name: &'static str,
    pub version: &'static str,
}

impl PythonTool {
    fn environment(self, directory: &Path) -> PathBuf {
        directory.join(format!("{}-{}", self.name, self.version))
    }
}

/// The directory of a tool's program, where this version was installed under `directory`.
pub fn python_tool(tool: PythonTool, directory: &Path) -> Option<PathBuf> {
    let programs = tool.environment(directory).join("bin");
    is_executable(&programs.join(tool.name)).then_some(programs)
}

/// Installs a tool under `directory`, in an environment of its own, unless this version is
/// there; returns the directory of its program.
///
/// # Errors
/// What Python or pip said where they could not.
pub fn install_python_tool(
    tool: PythonTool,
    directory: &Path,
    events: &Events,
    cancel: &Cancel,
) -> Result<PathBuf, HostProblem> {
    if let Some(programs) = python_tool(tool, directory) {
        return Ok(programs);
    }
    let PythonTool { name, version } = tool;
    let environment = tool.environment(directory);
    let programs = environment.join("bin");
    let python = programs.join("python").display().to_string();
    let package = format!("{name}=={version}");
    let commands = [
        words(&[
            "python3",
            "-m",
            "venv",
            "--clear",
            &environment.display().to_string(),
        ]),
        words(&[&python, "-m", "pip", "install", "--quiet", &package]),
    ];
    for command in commands {
        let names = vec![name.to_owned()];
        announce(events, &command, ProvisionReason::Packages { names });
        run(&command, events, cancel)?;
    }
    Ok(programs)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::{PythonTool, python_tool};

    #[test]
    fn only_the_version_that_is_wanted_is_found() {
        let directory = tempfile::tempdir().unwrap();
        let programs = directory.path().join("check-1.2/bin");
        fs::create_dir_all(&programs).unwrap();
        let tool = |version| {
            let name = "check";
            python_tool(PythonTool { name, version }, directory.path())
        };
        assert_eq!(tool("1.2"), None);
        let program = programs.join("check");
        fs::write(&program, "").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(tool("1.2"), Some(programs));
        assert_eq!(tool("1.3"), None);
    }
}
