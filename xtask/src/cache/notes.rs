use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use tempfile::NamedTempFile;

use super::shelf::Shelf;
use crate::model::{CacheProblem, Digest};

const SECRET: &str = "secret";
/// Entries of each kind that are kept, at most.
const MOST: usize = 300;

/// What `check` remembers from one time to the next. Two processes may use it at once.
#[derive(Clone, Debug)]
pub struct Notes {
    directory: PathBuf,
    expected: Shelf,
    hints: Shelf,
}

impl Notes {
    /// The notes in `directory`, which need not be there yet.
    pub fn open(directory: &Path) -> Self {
        Self {
            expected: Shelf::new(directory.join("expected")),
            hints: Shelf::new(directory.join("hints")),
            directory: directory.to_owned(),
        }
    }

    /// The notes in the user's own directory; `None` for a user without a home.
    pub fn of_user() -> Option<Self> {
        let directories = ProjectDirs::from("", "", "lab-kit")?;
        Some(Self::open(&directories.cache_dir().join("check")))
    }

    /// A number that nobody else knows, and that stays the same.
    pub fn secret(&self) -> Result<[u8; 32], CacheProblem> {
        let path = self.directory.join(SECRET);
        self.kept_secret(&path)
            .map_err(|source| CacheProblem::Write { path, source })
    }

    fn kept_secret(&self, path: &Path) -> io::Result<[u8; 32]> {
        if let Some(secret) = read_secret(path) {
            return Ok(secret);
        }
        let secret = random()?;
        fs::create_dir_all(&self.directory)?;
        // A temporary file is its owner's alone.
        let mut file = NamedTempFile::new_in(&self.directory)?;
        file.write_all(&secret)?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(secret),
            // Another process was quicker, or what is there is damaged.
            Err(error) => match read_secret(path) {
                Some(secret) => Ok(secret),
                None => error
                    .file
                    .persist(path)
                    .map(|_| secret)
                    .map_err(|it| it.error),
            },
        }
    }

    /// What a script was seen to write.
    pub fn expected(&self, of: &Digest) -> Option<Vec<u8>> {
        self.expected.take(of, |content| Some(content.to_vec()))
    }

    pub fn put_expected(&self, of: &Digest, output: &[u8]) -> Result<(), CacheProblem> {
        make_room(&self.expected);
        self.expected.put(of, output)
    }

    /// How many hints were shown of a cause.
    pub fn hints(&self, of: &Digest) -> usize {
        let read = |content: &[u8]| std::str::from_utf8(content).ok()?.parse().ok();
        self.hints.take(of, read).unwrap_or_default()
    }

    pub fn put_hints(&self, of: &Digest, shown: usize) -> Result<(), CacheProblem> {
        make_room(&self.hints);
        self.hints.put(of, shown.to_string().as_bytes())
    }
}

/// Removes the entry that was used longest ago where there are too many.
fn make_room(shelf: &Shelf) {
    let mut entries = shelf.entries();
    if entries.len() < MOST {
        return;
    }
    entries.sort_by_key(|entry| entry.used);
    for entry in entries.iter().take(MOST / 10) {
        let _ = fs::remove_file(&entry.path);
    }
}

fn read_secret(path: &Path) -> Option<[u8; 32]> {
    let bytes = fs::read(path).ok()?;
    bytes.try_into().ok()
}

fn random() -> io::Result<[u8; 32]> {
    let mut secret = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut secret)?;
    if secret == [0; 32] {
        return Err(ErrorKind::InvalidData.into());
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{MOST, Notes};
    use crate::model::Digest;

    fn digest(number: u16) -> Digest {
        let mut hash = [0; 32];
        hash[..2].copy_from_slice(&number.to_le_bytes());
        Digest::from_hash(hash)
    }

    #[test]
    fn the_secret_stays_the_same_until_it_is_damaged() {
        let directory = tempfile::tempdir().unwrap();
        let notes = Notes::open(&directory.path().join("notes"));
        let first = notes.secret().unwrap();
        assert_eq!(notes.secret().unwrap(), first);
        fs::write(directory.path().join("notes/secret"), "short").unwrap();
        let second = notes.secret().unwrap();
        assert_ne!(first, second);
        assert_eq!(notes.secret().unwrap(), second);
    }

    #[test]
    fn what_was_noted_is_there_the_next_time() {
        let directory = tempfile::tempdir().unwrap();
        let notes = Notes::open(directory.path());
        assert_eq!(
            (notes.expected(&digest(1)), notes.hints(&digest(1))),
            (None, 0)
        );
        notes.put_expected(&digest(1), b"a\n").unwrap();
        notes.put_hints(&digest(1), 2).unwrap();
        let again = Notes::open(directory.path());
        assert_eq!(again.expected(&digest(1)).as_deref(), Some(&b"a\n"[..]));
        assert_eq!(again.hints(&digest(1)), 2);
    }

    #[test]
    fn notes_do_not_grow_without_end() {
        let directory = tempfile::tempdir().unwrap();
        let notes = Notes::open(directory.path());
        let most = u16::try_from(MOST).unwrap() + 5;
        for number in 0..most {
            notes.put_hints(&digest(number), 1).unwrap();
        }
        let kept = fs::read_dir(directory.path().join("hints"))
            .unwrap()
            .count();
        assert!(kept <= MOST, "{kept}");
    }
}
