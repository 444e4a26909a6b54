use std::io::{self, Write as _};
use std::path::Path;

use crate::model::HostProblem;

/// The variable that a lab's Compose file takes the base from.
pub const BASE_VARIABLE: &str = "LAB_PYTHON_IMAGE";

/// Writes the choice of base into the `.env` beside the Compose file, so that Compose by
/// hand uses it too; the other lines stay. False when it stood there already.
///
/// # Errors
/// [`HostProblem::Write`] where the file can't be read or written.
pub fn remember_base(compose_dir: &Path, reference: &str) -> Result<bool, HostProblem> {
    let path = compose_dir.join(".env");
    let problem = |source| HostProblem::Write {
        path: path.clone(),
        source,
    };
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(problem(error)),
    };
    let after = with_base(&before, reference);
    if after == before {
        return Ok(false);
    }
    replace(&path, compose_dir, &after).map_err(problem)?;
    Ok(true)
}

/// Written beside and renamed, with the permissions that the file had.
fn replace(path: &Path, directory: &Path, text: &str) -> io::Result<()> {
    let mut beside = tempfile::NamedTempFile::new_in(directory)?;
    beside.write_all(text.as_bytes())?;
    let permissions = match std::fs::metadata(path) {
        Ok(metadata) => metadata.permissions(),
        Err(_) => std::os::unix::fs::PermissionsExt::from_mode(0o644),
    };
    beside.as_file().set_permissions(permissions)?;
    beside.persist(path)?;
    Ok(())
}

/// The text of an `.env` with the base in it once: where it stood, or at the end.
fn with_base(text: &str, reference: &str) -> String {
    let line = format!("{BASE_VARIABLE}={reference}");
    let mut written = false;
    let mut lines = Vec::new();
    for old in text.lines() {
        if !is_base(old) {
            lines.push(old);
        } else if !written {
            lines.push(&line);
            written = true;
        }
    }
    if !written {
        lines.push(&line);
    }
    lines.join("\n") + "\n"
}

fn is_base(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    line.strip_prefix(BASE_VARIABLE)
        .is_some_and(|rest| rest.trim_start().starts_with('='))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{remember_base, with_base};

    #[test]
    fn the_other_lines_stay_and_the_base_stands_once() {
        let text = "A=1\nLAB_PYTHON_IMAGE=old\n# LAB_PYTHON_IMAGE=comment\nexport LAB_PYTHON_IMAGE = x\nB=2";
        let wanted = "A=1\nLAB_PYTHON_IMAGE=new:1\n# LAB_PYTHON_IMAGE=comment\nB=2\n";
        assert_eq!(with_base(text, "new:1"), wanted);
        assert_eq!(with_base("LAB_PYTHON_IMAGES=a", "b").lines().count(), 2);
    }

    #[test]
    fn a_second_time_changes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        assert!(remember_base(directory.path(), "lab/python:offline").unwrap());
        let written = directory.path().join(".env");
        let before = fs::metadata(&written).unwrap().modified().unwrap();
        assert!(!remember_base(directory.path(), "lab/python:offline").unwrap());
        assert_eq!(fs::metadata(&written).unwrap().modified().unwrap(), before);
        let text = fs::read_to_string(&written).unwrap();
        assert_eq!(text, "LAB_PYTHON_IMAGE=lab/python:offline\n");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
