use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::halt::Halt;
use super::submission::{Submission, real};
use crate::dockerfile::is_ignored;
use crate::model::{Builder, Bytes, Cause, Digest, EngineProblem, Exercise, LabProblem, Problem};

/// What a submission may bring along.
const LARGEST_CONTEXT: Bytes = Bytes(50_000_000);
const MOST_FILES: usize = 20_000;

/// Directories that no build needs and that may be huge.
const SKIPPED: [&str; 2] = [".git", "target"];

/// The folders that the images are built from, gone when this is dropped.
#[derive(Debug)]
pub(super) struct Stage {
    scratch: TempDir,
    /// The given files alone.
    pub(super) reference: PathBuf,
    /// The submission's files and the given ones.
    pub(super) ordinary: PathBuf,
    /// The same, for the script that takes the given one's place.
    pub(super) canary: PathBuf,
    /// Where the Dockerfile goes within the last two, where it is part of them.
    dockerfile: Option<String>,
    /// Regular files of the context.
    pub(super) files: Vec<String>,
    /// What the submission brought and is not used: its own output.
    pub(super) left_out: Vec<String>,
    /// Of all that the build sees but the script and the Dockerfile.
    pub(super) digest: Digest,
}

/// Where the files come from.
pub(super) struct Sources<'a> {
    pub(super) exercise: &'a Exercise,
    pub(super) submission: &'a Submission,
    /// Links must not lead out of it.
    pub(super) root: &'a Path,
    pub(super) builder: Builder,
}

/// Something that a submission brings, by its path in the context.
struct Found {
    name: String,
    path: PathBuf,
    kind: Kind,
}

/// A given file as the lab's folder holds it.
struct GivenFile {
    name: String,
    bytes: Vec<u8>,
    permissions: Permissions,
}

impl Found {
    /// Of a regular file's content.
    fn sha256(&self) -> Option<Digest> {
        match self.kind {
            Kind::File => fs::read(&self.path).ok().map(|bytes| sha256(&bytes)),
            Kind::Directory | Kind::Link(_) => None,
        }
    }
}

enum Kind {
    File,
    Directory,
    Link(PathBuf),
}

impl Sources<'_> {
    /// Copies everything into folders of its own; what stands in the way is a cause.
    pub(super) fn stage(&self) -> Result<Stage, Halt> {
        let given = self.given()?;
        let mut found = Vec::new();
        if let Some(folder) = &self.submission.folder {
            let mut room = (LARGEST_CONTEXT.0, MOST_FILES);
            self.walk(folder, "", &mut found, &mut room)?;
        }
        self.check_given(&found)?;
        let left_out = self.take_out(&mut found);
        Ok(self.written(&given, found, left_out)?)
    }

    /// The given files' own bytes and permissions, as the lab's folder holds them.
    fn given(&self) -> Result<Vec<GivenFile>, Halt> {
        let mut files = Vec::new();
        for given in &self.exercise.given {
            let path = self.exercise.folder.join(&given.name);
            let is_plain = path.symlink_metadata().is_ok_and(|it| it.is_file());
            let bytes = fs::read(&path).ok().filter(|_| is_plain);
            let bytes = bytes.filter(|bytes| sha256(bytes) == given.sha256);
            let Some(bytes) = bytes else {
                let path = self.as_git_names(&path);
                return Err(Cause::GivenChanged { path }.into());
            };
            let metadata = path.metadata().map_err(|source| unread(&path, source))?;
            files.push(GivenFile {
                name: given.name.clone(),
                bytes,
                permissions: metadata.permissions(),
            });
        }
        Ok(files)
    }

    fn walk(
        &self,
        directory: &Path,
        prefix: &str,
        found: &mut Vec<Found>,
        room: &mut (u64, usize),
    ) -> Result<(), Halt> {
        let entries = fs::read_dir(directory).map_err(|source| unread(directory, source))?;
        let mut entries = entries
            .collect::<io::Result<Vec<_>>>()
            .map_err(|source| unread(directory, source))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let file_name = entry.file_name();
            let Some(file_name) = file_name.to_str().filter(|it| !SKIPPED.contains(it)) else {
                continue;
            };
            let name = match prefix {
                "" => file_name.to_owned(),
                prefix => format!("{prefix}/{file_name}"),
            };
            let metadata = path.symlink_metadata();
            let metadata = metadata.map_err(|source| unread(&path, source))?;
            let kind = if metadata.is_symlink() {
                let target = self.link(&path)?;
                Kind::Link(target.ok_or_else(|| Cause::LinkOut { path: name.clone() })?)
            } else if metadata.is_dir() {
                Kind::Directory
            } else if metadata.is_file() {
                Kind::File
            } else {
                continue;
            };
            let bytes = match kind {
                Kind::File => metadata.len(),
                Kind::Directory | Kind::Link(_) => 0,
            };
            let limit = LARGEST_CONTEXT;
            let too_large = || Cause::ContextTooLarge { limit };
            room.0 = room.0.checked_sub(bytes).ok_or_else(too_large)?;
            room.1 = room.1.checked_sub(1).ok_or_else(too_large)?;
            let is_directory = matches!(kind, Kind::Directory);
            found.push(Found {
                name: name.clone(),
                path: path.clone(),
                kind,
            });
            if is_directory {
                self.walk(&path, &name, found, room)?;
            }
        }
        Ok(())
    }

    /// Where a link leads; `None` for out of the repository and the submission's own folder.
    fn link(&self, path: &Path) -> Result<Option<PathBuf>, Problem> {
        let target = fs::read_link(path).map_err(|source| unread(path, source))?;
        let beside = path.parent().map(real).unwrap_or_default();
        let led = without_dots(&beside.join(&target));
        let folder = self.submission.folder.as_deref().map(real);
        let is_inside = |folder: &Path| led.starts_with(folder) && real(&led).starts_with(folder);
        let is_kept = is_inside(&real(self.root)) || folder.is_some_and(|it| is_inside(&it));
        Ok(is_kept.then_some(target))
    }

    /// No given file may be changed, hidden, or have something else in front of it.
    fn check_given(&self, found: &[Found]) -> Result<(), Halt> {
        let folder = self.submission.folder.as_deref();
        let is_own = folder.is_some_and(|it| real(it) == real(&self.exercise.folder));
        let rules = self.rules(found)?;
        for given in &self.exercise.given {
            let path = || match folder {
                Some(folder) => self.as_git_names(&folder.join(&given.name)),
                None => given.name.clone(),
            };
            let is_below = |it: &&Found| given.name.starts_with(&format!("{}/", it.name));
            let is_directory = |it: &Found| matches!(it.kind, Kind::Directory);
            if found.iter().filter(is_below).any(|it| !is_directory(it)) {
                return Err(Cause::GivenShadowed { path: path() }.into());
            }
            let brought = found.iter().find(|it| it.name == given.name);
            if brought.is_some_and(|it| it.sha256() != Some(given.sha256)) {
                let path = path();
                let cause = if is_own {
                    Cause::GivenChanged { path }
                } else {
                    Cause::GivenShadowed { path }
                };
                return Err(cause.into());
            }
            let is_hidden = |rules: &String| is_ignored(rules, &given.name);
            if rules.as_ref().is_some_and(is_hidden) {
                return Err(Cause::GivenHidden { path: path() }.into());
            }
        }
        Ok(())
    }

    /// The rules by which the builder leaves files out of the context.
    fn rules(&self, found: &[Found]) -> Result<Option<String>, Problem> {
        let own = format!("{}.dockerignore", self.name_in_folder().unwrap_or_default());
        let is_rules = |name: &str| found.iter().find(|it| it.name == name);
        let rules = match self.builder {
            Builder::Buildkit => is_rules(&own).or_else(|| is_rules(".dockerignore")),
            Builder::Classic => is_rules(".dockerignore"),
        };
        let text = rules.map(|it| fs::read(&it.path).map_err(|source| unread(&it.path, source)));
        let text = text.transpose()?;
        Ok(text.map(|text| String::from_utf8_lossy(&text).into_owned()))
    }

    /// Takes out what is not for the build: an output that was brought along, and what the
    /// exercise keeps for its own checks.
    fn take_out(&self, found: &mut Vec<Found>) -> Vec<String> {
        let output = self.exercise.output.rsplit('/').next().unwrap_or_default();
        let is_given = |name: &str| self.exercise.given.iter().any(|it| it.name == name);
        let is_output = |it: &Found| {
            let name = it.name.rsplit('/').next();
            name == Some(output) && !matches!(it.kind, Kind::Directory) && !is_given(&it.name)
        };
        let left_out = found.iter().filter(|it| is_output(it));
        let left_out = left_out.map(|it| it.name.clone()).collect();
        let kept = [Some(&self.exercise.canary), self.exercise.texts.as_ref()];
        let kept: Vec<PathBuf> = kept.into_iter().flatten().map(|it| real(it)).collect();
        found.retain(|it| !is_output(it) && !kept.contains(&real(&it.path)));
        left_out
    }

    fn written(
        &self,
        given: &[GivenFile],
        found: Vec<Found>,
        left_out: Vec<String>,
    ) -> Result<Stage, Problem> {
        let scratch = tempfile::Builder::new().prefix("lab-kit-check-").tempdir();
        let scratch = scratch.map_err(not_staged)?;
        let folder = |name: &str| {
            let folder = scratch.path().join(name);
            fs::create_dir(&folder).map_err(not_staged)?;
            fs::set_permissions(&folder, Permissions::from_mode(0o755)).map_err(not_staged)?;
            Ok::<_, Problem>(folder)
        };
        let (reference, ordinary) = (folder("reference")?, folder("ordinary")?);
        let canary = folder("canary")?;
        let mut hash = Sha256::new();
        let mut files = Vec::new();
        let both = [ordinary.as_path(), canary.as_path()];
        for one in found {
            if Some(&one.name) != self.name_in_folder().as_ref() {
                copy(&one, &both, &mut hash)?;
            }
            if !matches!(one.kind, Kind::Directory) {
                files.push(one.name);
            }
        }
        for GivenFile {
            name,
            bytes,
            permissions,
        } in given
        {
            for folder in [&reference, &ordinary, &canary] {
                put(&folder.join(name), bytes, permissions)?;
            }
            if *name != self.exercise.script {
                feed(&mut hash, name, bytes);
            }
            if !files.contains(name) {
                files.push(name.clone());
            }
        }
        Ok(Stage {
            scratch,
            reference,
            ordinary,
            canary,
            dockerfile: self.name_in_folder(),
            files,
            left_out,
            digest: Digest::from_hash(hash.finalize().into()),
        })
    }

    /// The Dockerfile's path in the context, where it is part of it.
    fn name_in_folder(&self) -> Option<String> {
        let folder = real(self.submission.folder.as_deref()?);
        let parent = real(self.submission.path.parent()?);
        let path = parent.join(self.submission.path.file_name()?);
        Some(path.strip_prefix(folder).ok()?.to_str()?.to_owned())
    }

    /// A path from the repository's root.
    fn as_git_names(&self, path: &Path) -> String {
        let path = real(path);
        let root = real(self.root);
        path.strip_prefix(root)
            .unwrap_or(&path)
            .display()
            .to_string()
    }
}

impl Stage {
    /// Puts the Dockerfile in its place beside the files of both contexts; gives where it is.
    pub(super) fn put_dockerfile(&self, text: &[u8]) -> Result<[PathBuf; 2], Problem> {
        let alone = self.scratch.path().join("Dockerfile");
        let places = match &self.dockerfile {
            Some(name) => [&self.ordinary, &self.canary].map(|it| it.join(name)),
            None => [alone.clone(), alone],
        };
        for place in &places {
            put(place, text, &Permissions::from_mode(0o644))?;
        }
        Ok(places)
    }

    /// Puts another script in the place of the given one.
    pub(super) fn put_canary(&self, script: &str, text: &[u8]) -> Result<(), Problem> {
        let mode = self.ordinary.join(script).metadata().map_err(not_staged)?;
        put(&self.canary.join(script), text, &mode.permissions())
    }
}

fn copy(one: &Found, folders: &[&Path], hash: &mut Sha256) -> Result<(), Problem> {
    match &one.kind {
        Kind::Directory => {
            feed(hash, &one.name, b"/");
            for folder in folders {
                fs::create_dir_all(folder.join(&one.name)).map_err(not_staged)?;
            }
        }
        Kind::Link(target) => {
            feed(hash, &one.name, target.as_os_str().as_encoded_bytes());
            for folder in folders {
                symlink(target, folder.join(&one.name)).map_err(not_staged)?;
            }
        }
        Kind::File => {
            let read = |path: &Path| Ok((fs::read(path)?, path.metadata()?.permissions()));
            let (bytes, permissions) =
                read(&one.path).map_err(|source| unread(&one.path, source))?;
            let mode = permissions.mode().to_le_bytes();
            feed(hash, &one.name, &mode);
            feed(hash, &one.name, &bytes);
            for folder in folders {
                put(&folder.join(&one.name), &bytes, &permissions)?;
            }
        }
    }
    Ok(())
}

fn put(path: &Path, bytes: &[u8], permissions: &Permissions) -> Result<(), Problem> {
    let write = || {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::write(path, bytes)?;
        fs::set_permissions(path, permissions.clone())
    };
    write().map_err(not_staged)
}

fn feed(hash: &mut Sha256, name: &str, bytes: &[u8]) {
    for part in [name.as_bytes(), bytes] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
}

pub(super) fn sha256(bytes: &[u8]) -> Digest {
    Digest::from_hash(Sha256::digest(bytes).into())
}

/// The path without `.` and `..`, whatever is there.
fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(clean.pop()),
            Component::CurDir => {}
            part => clean.push(part),
        }
    }
    clean
}

fn unread(path: &Path, source: io::Error) -> Problem {
    let path = path.to_owned();
    LabProblem::Read { path, source }.into()
}

fn not_staged(source: io::Error) -> Problem {
    EngineProblem::Scratch { source }.into()
}
