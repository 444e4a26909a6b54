use std::fs;
use std::path::{Path, PathBuf};

use super::halt::Halt;
use crate::model::{Cause, Exercise, LabProblem, NotADockerfile};

/// What a Dockerfile is called in a directory.
const DOCKERFILE: &str = "Dockerfile";

/// More than anybody writes by hand.
const LARGEST: u64 = 1 << 20;

/// A Dockerfile to check, and where its build context comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Submission {
    /// As the person who runs the check would name it.
    pub(super) shown: String,
    /// Where it is; links are not followed.
    pub(super) path: PathBuf,
    /// The directory whose files come along; `None` for a Dockerfile that is taken alone.
    pub(super) folder: Option<PathBuf>,
}

impl Submission {
    /// The Dockerfile that was named, by itself or by its directory, or the exercise's own.
    pub(super) fn find(typed: Option<&Path>, here: &Path, exercise: &Exercise) -> Self {
        let named = typed.map_or_else(|| exercise.submission.clone(), |typed| here.join(typed));
        let is_folder = named.is_dir() && !is_named_dockerfile(&named);
        let path = if is_folder {
            named.join(DOCKERFILE)
        } else {
            named
        };
        let folder = path.parent().map(real);
        let own = real(&exercise.folder);
        let is_of_lab = folder.as_ref().is_some_and(|it| it.starts_with(&own));
        let folder = match folder {
            Some(_) if is_of_lab && !is_folder => Some(own),
            Some(folder) if is_folder => Some(folder),
            _ => None,
        };
        Self {
            shown: shown(&path, here),
            path,
            folder,
        }
    }

    pub(super) fn is_missing(&self) -> bool {
        self.path.symlink_metadata().is_err()
    }

    /// Its text; what can't be a Dockerfile is a cause.
    pub(super) fn read(&self, root: &Path) -> Result<Vec<u8>, Halt> {
        let why = |why| Err(Cause::NotADockerfile { why }.into());
        let link_out = || Cause::LinkOut {
            path: self.shown.clone(),
        };
        let target = self.path.canonicalize().map_err(|_| link_out())?;
        let is_link = self.path.is_symlink();
        let is_inside = |folder: &Path| target.starts_with(real(folder));
        let is_own = self.folder.as_deref().is_some_and(is_inside);
        if is_link && !is_own && !is_inside(root) {
            return Err(link_out().into());
        }
        let metadata = target.metadata().map_err(|source| self.unread(source))?;
        if metadata.is_dir() {
            return why(NotADockerfile::Directory);
        }
        if !metadata.is_file() {
            return why(NotADockerfile::Special);
        }
        if metadata.len() > LARGEST {
            return why(NotADockerfile::TooLarge);
        }
        let text = fs::read(&target).map_err(|source| self.unread(source))?;
        if text.trim_ascii().is_empty() {
            return why(NotADockerfile::Empty);
        }
        if text.contains(&0) {
            return why(NotADockerfile::Binary);
        }
        Ok(text)
    }

    fn unread(&self, source: std::io::Error) -> LabProblem {
        LabProblem::Read {
            path: PathBuf::from(&self.shown),
            source,
        }
    }
}

/// A directory that stands where a Dockerfile should.
fn is_named_dockerfile(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == DOCKERFILE)
}

/// The same path without links, as far as it is there.
pub(super) fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// A path from where the person stands, if it is below.
fn shown(path: &Path, here: &Path) -> String {
    let path = path.strip_prefix(here).unwrap_or(path);
    let parts = path.components();
    let clean: PathBuf = parts.collect();
    clean.display().to_string()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::{Path, PathBuf};

    use super::{Halt, Submission};
    use crate::model::{Cause, Exercise, NotADockerfile};

    fn exercise(root: &Path) -> Exercise {
        Exercise {
            submission: root.join("lab/t/Dockerfile"),
            folder: root.join("lab/t"),
            script: "script".to_owned(),
            output: "out".to_owned(),
            command: Vec::new(),
            given: Vec::new(),
            canary: PathBuf::new(),
            forbidden: Vec::new(),
            medals: Vec::new(),
            texts: None,
        }
    }

    fn repository() -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("lab/t/mine")).unwrap();
        fs::create_dir_all(root.join("other")).unwrap();
        (directory, root)
    }

    #[test]
    fn the_context_is_the_labs_folder_a_directory_or_nothing() {
        let (_kept, root) = repository();
        let exercise = exercise(&root);
        let lab = root.join("lab/t");
        for (typed, path, shown, folder) in [
            (None, "lab/t/Dockerfile", "lab/t/Dockerfile", Some(&lab)),
            (Some("lab/t/D2"), "lab/t/D2", "lab/t/D2", Some(&lab)),
            (
                Some("lab/t"),
                "lab/t/Dockerfile",
                "lab/t/Dockerfile",
                Some(&lab),
            ),
            (
                Some("other/"),
                "other/Dockerfile",
                "other/Dockerfile",
                Some(&root.join("other")),
            ),
            (
                Some("lab/t/mine"),
                "lab/t/mine/Dockerfile",
                "lab/t/mine/Dockerfile",
                Some(&root.join("lab/t/mine")),
            ),
            (Some("other/D"), "other/D", "other/D", None),
            (Some("./D"), "D", "D", None),
        ] {
            let found = Submission::find(typed.map(Path::new), &root, &exercise);
            assert_eq!(
                found.path.components().collect::<PathBuf>(),
                root.join(path)
            );
            assert_eq!(
                (found.shown.as_str(), found.folder.as_ref()),
                (shown, folder)
            );
        }
    }

    #[test]
    fn what_cannot_be_a_dockerfile_is_told_by_why() {
        let (_kept, root) = repository();
        let exercise = exercise(&root);
        let read = |name: &str| {
            let found = Submission::find(Some(Path::new(name)), &root, &exercise);
            found.read(&root).map_err(|halt| match halt {
                Halt::Cause(diagnosis) => diagnosis.cause,
                Halt::Problem(problem) => panic!("{problem}"),
            })
        };
        let file = |name: &str, text: &[u8]| fs::write(root.join(name), text).unwrap();
        file("good", b"FROM x\n");
        file("empty", b" \n\t\n");
        file("binary", b"FROM x\n\0");
        file("large", &vec![b'#'; (1 << 20) + 1]);
        fs::create_dir(root.join("Dockerfile")).unwrap();
        symlink("/etc/passwd", root.join("out")).unwrap();
        symlink("good", root.join("in")).unwrap();
        symlink("nowhere", root.join("lost")).unwrap();
        assert_eq!(read("good"), Ok(b"FROM x\n".to_vec()));
        assert_eq!(read("in"), Ok(b"FROM x\n".to_vec()));
        for (name, why) in [
            ("empty", NotADockerfile::Empty),
            ("binary", NotADockerfile::Binary),
            ("large", NotADockerfile::TooLarge),
            ("Dockerfile", NotADockerfile::Directory),
        ] {
            assert_eq!(read(name), Err(Cause::NotADockerfile { why }), "{name}");
        }
        for name in ["out", "lost"] {
            let path = name.to_owned();
            assert_eq!(read(name), Err(Cause::LinkOut { path }));
        }
    }
}
