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
    let PythonTool { name, version } = tool;
    let environment = directory.join(format!("{name}-{version}"));
    let programs = environment.join("bin");
    if is_executable(&programs.join(name)) {
        return Ok(programs);
    }
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
