//! The first signal ends a read, wherever its bytes come from and whether they come or not.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::process::{Pid, Signal, kill_process};

use super::{STATED, kit, within};
use crate::clock::patience;
use crate::images::{Layout, Packing, file, image, layer, members, pack};
use crate::layers::json_of;

fn pipe() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pipe");
    mkfifoat(CWD, &path, Mode::RWXU).unwrap();
    (directory, path)
}

/// Sends a signal to `layers` after a while, and gives its exit code and how long it took then.
fn ended_by(signal: Signal, source: &Path) -> (Option<i32>, Duration) {
    let mut command = kit(&["layers", source.to_str().unwrap()]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    thread::sleep(Duration::from_millis(500));
    assert_eq!(child.try_wait().unwrap(), None, "it waits");
    kill_process(Pid::from_child(&child), signal).unwrap();
    let sent = Instant::now();
    let patience = patience(Duration::from_secs(10));
    while sent.elapsed() < patience {
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code(), sent.elapsed());
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    panic!("the signal changed nothing");
}

/// On a loaded machine a second is short.
const SOON: Duration = Duration::from_secs(3);

/// Whether who started the tests has SIGHUP ignored, as `nohup` does: then the kit lives on.
fn is_under_nohup() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
    u64::from_str_radix(ignored.unwrap().trim(), 16).unwrap() & 1 == 1
}

#[test]
fn a_signal_ends_the_wait_for_a_pipe_that_nobody_writes() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        if signal == Signal::HUP && is_under_nohup() {
            continue;
        }
        let (_directory, path) = pipe();
        let (ended, took) = ended_by(signal, &path);
        assert_eq!(ended, Some(code));
        assert!(took < patience(SOON), "{took:?}");
    }
}

#[test]
fn a_signal_ends_the_wait_for_a_pipe_that_has_gone_silent() {
    let (_directory, path) = pipe();
    let to = path.clone();
    let writer = thread::spawn(move || {
        let mut pipe = File::options().write(true).open(to).unwrap();
        let image = image("a:b", vec![layer(&[file("a", &[7; 5_000])])]);
        let archive = members(&[image], Layout::Docker20, Packing::Plain).tar();
        pipe.write_all(&archive[..archive.len() / 2]).unwrap();
        thread::sleep(Duration::from_secs(4));
    });
    let (ended, took) = ended_by(Signal::TERM, &path);
    assert_eq!(ended, Some(143));
    assert!(took < patience(SOON), "{took:?}");
    writer.join().unwrap();
}

#[test]
fn a_signal_ends_what_is_unpacked_from_a_file_or_a_pipe() {
    // Endless for this test: more than it unpacks in seconds.
    let some = pack(Packing::Gzip, &vec![0; 64 << 20]);
    let mut head = crate::images::Tar::default();
    head.header(b'0', b"layer.tar", b"", 8_000 << 20);
    head.header(b'0', b"f", b"", 7_000 << 20);
    let mut packed = pack(Packing::Gzip, &head.0);
    (0..125).for_each(|_| packed.extend(&some));
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("image.tar.gz");
    fs::write(&file, &packed).unwrap();
    let (ended, took) = ended_by(Signal::INT, &file);
    assert_eq!(ended, Some(130));
    assert!(took < patience(SOON), "{took:?}");
    let (_directory, path) = pipe();
    let to = path.clone();
    let writer = thread::spawn(move || {
        let mut pipe = File::options().write(true).open(to).unwrap();
        // Its reader goes away.
        let _ = pipe.write_all(&packed);
    });
    let (ended, took) = ended_by(Signal::TERM, &path);
    assert_eq!(ended, Some(143));
    assert!(took < patience(SOON), "{took:?}");
    writer.join().unwrap();
}

#[test]
fn an_archive_comes_through_a_named_pipe_as_from_a_file() {
    let image = image("a:b", vec![layer(&[file("a", &[7; 300_000])])]);
    for packing in [Packing::Plain, Packing::Gzip] {
        let archive = members(std::slice::from_ref(&image), Layout::Oci, packing).tar();
        let (directory, path) = pipe();
        let plain = directory.path().join("image.tar");
        fs::write(&plain, &archive).unwrap();
        let expected = json_of(&[
            "layers",
            plain.to_str().unwrap(),
            "--format",
            "json",
            "--verify",
        ]);
        let to = path.clone();
        let writer = thread::spawn(move || fs::write(to, archive).unwrap());
        let words = ["layers", path.to_str().unwrap(), "--format", "json"];
        let ended = within(STATED, kit(&words));
        writer.join().unwrap();
        let mut read: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        read["source"] = expected["source"].clone();
        assert_eq!(read, expected);
    }
}
