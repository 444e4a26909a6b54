use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::endpoint::{Endpoint, Route};

/// How often a disk is looked at. What filled it goes with the container of the step that
/// failed, tens of milliseconds after it.
const TICK: Duration = Duration::from_millis(20);

/// A program that met the end of the disk has often taken away some of its own by the time
/// that one looks.
const LOW: u64 = 256 * 1024 * 1024;

/// Where containerd keeps images for an engine that leaves them to it.
const CONTAINERD: &str = "/var/lib/containerd";

/// The directories of this machine that an engine keeps images in; none for an engine that
/// is elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Store(Vec<PathBuf>);

/// What became of the engine's disk in some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disk {
    /// It came to its end.
    Full,
    Roomy,
    /// It can't be seen from here.
    Unseen,
}

impl Store {
    /// `root` is where the engine says that it keeps what it has.
    pub(super) fn of(endpoint: &Endpoint, root: Option<&str>) -> Self {
        let root = root.map(Path::new).filter(|root| root.is_absolute());
        match (endpoint.route(), root) {
            // Where the directory is not, the socket leads out of this machine.
            (Route::Socket(_), Some(root)) if root.exists() => {
                Self(vec![root.to_owned(), PathBuf::from(CONTAINERD)])
            }
            _ => Self::default(),
        }
    }

    /// Does `work` and looks at the disk all the while.
    pub(super) fn watched<T>(&self, work: impl FnOnce() -> T) -> (T, Disk) {
        let Some(free) = self.free() else {
            return (work(), Disk::Unseen);
        };
        let lowest = AtomicU64::new(free);
        let (end, ended) = channel::<()>();
        let result = thread::scope(|scope| {
            scope.spawn(|| {
                let ended = ended;
                while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    lowest.fetch_min(self.free().unwrap_or(free), Ordering::Relaxed);
                }
            });
            // Dropped however the work ends.
            let _end = end;
            work()
        });
        let is_full = lowest.into_inner() < LOW;
        (result, if is_full { Disk::Full } else { Disk::Roomy })
    }

    /// Bytes that are left on the fullest of its disks; one without a free inode has none.
    fn free(&self) -> Option<u64> {
        let disks = self.0.iter().filter_map(|it| rustix::fs::statvfs(it).ok());
        // A file system that counts nothing is no disk.
        let disks = disks.filter(|disk| disk.f_blocks > 0);
        let free = disks.map(|disk| match (disk.f_files, disk.f_favail) {
            (1.., 0) => 0,
            _ => disk.f_bavail.saturating_mul(disk.f_frsize),
        });
        free.min()
    }
}

#[cfg(test)]
mod tests {
    use super::{Disk, Store};
    use crate::engine::Endpoint;

    fn disk(host: &str, root: Option<&str>) -> Disk {
        let endpoint = Endpoint::discover_in(Some(host), &|_| None).unwrap();
        Store::of(&endpoint, root).watched(|| ()).1
    }

    #[test]
    fn only_the_disk_of_an_engine_of_this_machine_is_seen() {
        let here = tempfile::tempdir().unwrap();
        let root = here.path().to_str();
        assert_ne!(disk("unix:///nowhere.sock", root), Disk::Unseen);
        for (host, root) in [
            ("tcp://far:2375", root),
            ("unix:///nowhere.sock", None),
            ("unix:///nowhere.sock", Some("var/lib")),
            ("unix:///nowhere.sock", Some("/nonexistent/docker")),
            ("unix:///nowhere.sock", Some("/proc")),
        ] {
            let seen = disk(host, root);
            // Containerd may be on this machine all the same.
            let is_proc = root == Some("/proc");
            assert!(seen == Disk::Unseen || (is_proc && seen == Disk::Roomy));
        }
    }

    #[test]
    fn what_is_done_meanwhile_gives_its_result() {
        let (result, disk) = Store::default().watched(|| 7);
        assert_eq!((result, disk), (7, Disk::Unseen));
        let here = Store(vec![std::env::temp_dir()]);
        assert_eq!(here.watched(|| 7).0, 7);
    }
}
