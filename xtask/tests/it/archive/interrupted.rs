//! Reading that is ended from outside, by the user or by a connection.

use std::fs;
use std::io::{self, Read};

use xtask::archive::{Select, Verify, Watch, open, read_stream};
use xtask::model::{ArchiveProblem, Cancel, Events, Signal};

use crate::images::{Layout, Packing, file, image, layer, members};

fn archive() -> Vec<u8> {
    let base = layer(&[file("bin/sh", &[9; 3_000])]);
    members(
        &[image("a:b", vec![base])],
        Layout::Docker20,
        Packing::Plain,
    )
    .tar()
}

#[test]
fn who_asked_to_stop_is_heard() {
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    cancel.request(Signal(2));
    let archive = archive();
    let read = read_stream(
        &archive[..],
        "stream",
        &|_| None,
        Watch::new(&events, &cancel),
    );
    assert!(matches!(read, Err(ArchiveProblem::Cancelled(Signal(2)))));
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &archive).unwrap();
    let read = open(
        file.path(),
        &Select::default(),
        Verify::Headers,
        Watch::new(&events, &cancel),
    );
    assert!(matches!(read, Err(ArchiveProblem::Cancelled(Signal(2)))));
}

/// Gives some bytes and then fails.
struct Broken<'a>(&'a [u8]);

impl Read for Broken<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        self.0.read(buffer)
    }
}

#[test]
fn a_connection_that_breaks_is_not_a_truncated_archive() {
    let archive = archive();
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    for kept in [0, 100, 700, archive.len() - 512, archive.len()] {
        let broken = Broken(&archive[..kept]);
        let read = read_stream(broken, "stream", &|_| None, Watch::new(&events, &cancel));
        match read {
            Err(ArchiveProblem::Read { source, .. }) => {
                assert_eq!(source.kind(), io::ErrorKind::ConnectionReset);
            }
            other => panic!("{kept}: {other:?}"),
        }
    }
}
