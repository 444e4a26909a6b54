use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use notify_debouncer_mini::notify::{Config, PollWatcher, RecommendedWatcher, RecursiveMode};
use notify_debouncer_mini::{DebounceEventResult, Debouncer, new_debouncer, new_debouncer_opt};
use rustix::fs::statfs;

use super::submission::Submission;

/// Editors write a file in several steps: a save is over when nothing more happens for so long.
const SETTLED: Duration = Duration::from_millis(150);

/// How often files are looked at where nobody reports their changes.
const POLLED: Duration = Duration::from_secs(1);

/// File systems whose changes are made elsewhere, so that the kernel can't report them:
/// 9p (WSL's mounts of Windows drives), NFS, CIFS, SMB 2, and FUSE (`statfs(2)`).
const BLIND: [u64; 5] = [0x0102_1997, 0x6969, 0xff53_4d42, 0xfe53_4d42, 0x6573_5546];

/// Files that are looked at, at most.
const MOST_FILES: usize = 20_000;

/// Directories in which nothing that is built is saved.
const SKIPPED: [&str; 2] = [".git", "target"];

/// Reports saves for as long as it lives.
pub(super) struct Saves {
    #[expect(dead_code, reason = "its drop ends the watching")]
    watcher: Kind,
    /// Files are looked at again and again, for nobody reports changes.
    pub(super) is_polling: bool,
}

#[expect(dead_code, reason = "what it holds is at work by itself")]
enum Kind {
    Told(Debouncer<RecommendedWatcher>),
    Polled(Debouncer<PollWatcher>),
}

/// What is watched of a submission.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    folder: PathBuf,
    /// The only file that counts, where no folder comes along.
    file: Option<PathBuf>,
}

type State = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

impl Watched {
    pub(super) fn of(submission: &Submission) -> Self {
        let beside = || submission.path.parent().map(Path::to_owned);
        match &submission.folder {
            Some(folder) => Self {
                folder: folder.clone(),
                file: None,
            },
            None => Self {
                folder: beside().unwrap_or_default(),
                file: Some(submission.path.clone()),
            },
        }
    }

    /// Sizes and times of all that is watched.
    pub(super) fn state(&self) -> State {
        let mut state = State::new();
        match &self.file {
            Some(file) => note(file, &mut state),
            None => walk(&self.folder, &mut state),
        }
        state
    }
}

fn note(path: &Path, state: &mut State) {
    if let Ok(metadata) = path.metadata() {
        let time = metadata.modified().ok();
        state.insert(path.to_owned(), (metadata.len(), time));
    }
}

fn walk(directory: &Path, state: &mut State) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if state.len() >= MOST_FILES {
            return;
        }
        let name = entry.file_name();
        if SKIPPED.iter().any(|it| name == **it) {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(&entry.path(), state),
            _ => note(&entry.path(), state),
        }
    }
}

impl Saves {
    /// Calls `tell` after each save: reading a file is none. `None` where nothing can be watched.
    pub(super) fn start(
        watched: &Watched,
        tell: impl Fn() + Send + Clone + 'static,
    ) -> Option<Self> {
        let handler = || {
            let (watched, tell) = (watched.clone(), tell.clone());
            let mut before = watched.state();
            move |_: DebounceEventResult| {
                let now = watched.state();
                if now != before {
                    before = now;
                    tell();
                }
            }
        };
        let mode = match watched.file {
            Some(_) => RecursiveMode::NonRecursive,
            None => RecursiveMode::Recursive,
        };
        if !is_blind(&watched.folder)
            && let Ok(mut told) = new_debouncer(SETTLED, handler())
            && told.watcher().watch(&watched.folder, mode).is_ok()
        {
            return Some(Self {
                watcher: Kind::Told(told),
                is_polling: false,
            });
        }
        let config = notify_debouncer_mini::Config::default()
            .with_timeout(SETTLED)
            .with_notify_config(Config::default().with_poll_interval(POLLED));
        let mut polled = new_debouncer_opt::<_, PollWatcher>(config, handler()).ok()?;
        polled.watcher().watch(&watched.folder, mode).ok()?;
        Some(Self {
            watcher: Kind::Polled(polled),
            is_polling: true,
        })
    }
}

/// Whether the kernel can't report all changes there.
fn is_blind(folder: &Path) -> bool {
    #[expect(clippy::cast_sign_loss, reason = "a number that names a file system")]
    let kind = statfs(folder).map(|found| found.f_type as u64 & 0xffff_ffff);
    kind.is_ok_and(|kind| BLIND.contains(&kind))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc;
    use std::time::Duration;

    use super::{Saves, Watched};

    #[test]
    fn a_save_is_told_and_reading_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("Dockerfile");
        fs::write(&file, "FROM a\n").unwrap();
        let watched = Watched {
            folder: directory.path().to_owned(),
            file: None,
        };
        let (sender, saves) = mpsc::channel();
        let kept = Saves::start(&watched, move || {
            let _ = sender.send(());
        })
        .unwrap();
        fs::read(&file).unwrap();
        assert!(saves.recv_timeout(Duration::from_millis(600)).is_err());
        // In one step, so that it is seen once.
        let beside = tempfile::NamedTempFile::new().unwrap();
        fs::write(beside.path(), "FROM ab\n").unwrap();
        beside.persist(&file).unwrap();
        saves.recv_timeout(Duration::from_secs(20)).unwrap();
        fs::create_dir(directory.path().join("target")).unwrap();
        fs::write(directory.path().join("target/x"), "").unwrap();
        assert!(saves.recv_timeout(Duration::from_millis(600)).is_err());
        drop(kept);
    }
}
