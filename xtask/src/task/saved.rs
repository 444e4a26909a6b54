use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::model::{Bytes, Cancel, ReportFault, ReportProblem};

/// More than any report is, and what a machine can hold.
const LIMIT: Bytes = Bytes(512 * 1024 * 1024);
/// Between two looks at whether the user wants to stop.
const PATIENCE: Duration = Duration::from_millis(50);

/// The text of a saved report or baseline, which messages name as `named`. What does not begin
/// as JSON does is not read to its end, which `/dev/zero` does not have.
pub(super) fn read(path: &Path, named: &Path, cancel: &Cancel) -> Result<Vec<u8>, ReportProblem> {
    within(LIMIT, (path, named), cancel)
}

/// Reads on a thread of its own: a pipe that nobody writes to keeps its reader for ever, and
/// would keep the user who wants to stop.
fn within(
    limit: Bytes,
    (path, named): (&Path, &Path),
    cancel: &Cancel,
) -> Result<Vec<u8>, ReportProblem> {
    let (sender, text) = mpsc::channel();
    let file = path.to_owned();
    thread::spawn(move || sender.send(text_of(&file, limit)));
    let text = loop {
        match text.recv_timeout(PATIENCE) {
            Ok(text) => break text,
            Err(RecvTimeoutError::Timeout) => {
                if let Some(signal) = cancel.requested() {
                    return Err(ReportProblem::Cancelled(signal));
                }
            }
            Err(RecvTimeoutError::Disconnected) => break Err(ErrorKind::Other.into()),
        }
    };
    let text = text.map_err(|source| ReportProblem::Read {
        path: named.to_owned(),
        source,
    })?;
    if text.len() as u64 > limit.0 {
        return Err(ReportProblem::NotAReport {
            path: named.to_owned(),
            fault: ReportFault::TooLarge { limit },
        });
    }
    Ok(text)
}

/// As much as tells that it is too much, or that it is no JSON.
fn text_of(path: &Path, limit: Bytes) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?.take(limit.0 + 1);
    let mut text = Vec::new();
    (&mut file).take(4_096).read_to_end(&mut text)?;
    if matches!(text.trim_ascii_start().first(), None | Some(b'{' | b'[')) {
        file.read_to_end(&mut text)?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::thread;
    use std::time::Duration;

    use super::{read, within};
    use crate::model::{Bytes, Cancel, ReportFault, ReportProblem, Signal};

    #[test]
    fn a_report_is_read_whole_and_nothing_else_to_its_end() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("r.json");
        let text = format!("\n {{\"a\":\"{}\"}}", "x".repeat(100_000));
        fs::write(&path, &text).unwrap();
        let cancel = Cancel::default();
        assert_eq!(read(&path, &path, &cancel).unwrap(), text.as_bytes());
        let endless = Path::new("/dev/zero");
        assert!(read(endless, endless, &cancel).unwrap().len() < 100_000);
        match within(Bytes(99_999), (&path, &path), &cancel) {
            Err(ReportProblem::NotAReport { fault, .. }) => {
                assert!(matches!(fault, ReportFault::TooLarge { .. }), "{fault:?}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_pipe_that_nobody_writes_to_holds_nobody_who_wants_to_stop() {
        let (reader, writer) = std::io::pipe().unwrap();
        let path = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reader));
        let cancel = Cancel::default();
        let asking = cancel.clone();
        let asked = thread::spawn(move || {
            thread::sleep(Duration::from_millis(100));
            asking.request(Signal(2));
        });
        let path = Path::new(&path);
        let read = read(path, path, &cancel);
        assert!(
            matches!(read, Err(ReportProblem::Cancelled(Signal(2)))),
            "{read:?}"
        );
        asked.join().unwrap();
        drop(writer);
    }
}
