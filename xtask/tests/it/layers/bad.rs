//! Bad input at the command line: exit code 2, one message, nothing on standard output.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::process::{Pid, Signal, kill_process};

use xtask::model::ListFormat;

use super::{Archive, wasteful, xtask};
use crate::images::{Image, LAYOUTS, Layout, Packing, image, members};
use crate::live;

/// What is said where nothing could be decided.
fn refused(words: &[&str]) -> String {
    let output = xtask(&[&["layers", "--quiet"], words].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(output.stdout.is_empty());
    let errors = said.lines().filter(|line| line.starts_with("error:"));
    assert_eq!(errors.count(), 1, "{said}");
    assert!(said.lines().any(|line| line.starts_with("help:")), "{said}");
    said
}

#[test]
fn what_is_no_archive_is_named() {
    for bytes in [&b"hello"[..], &[7; 5_000]] {
        let archive = Archive::of(bytes);
        let said = refused(&[archive.text()]);
        assert!(said.contains("is not an image archive"), "{said}");
        assert!(said.contains(archive.text()), "{said}");
    }
    let empty = Archive::of(b"");
    assert!(refused(&[empty.text()]).contains("is empty"));
}

#[test]
fn a_path_that_is_not_there_is_not_asked_of_an_engine() {
    for path in ["./nowhere", "/nowhere/image", "nowhere.tar", "../nowhere"] {
        let said = refused(&[path]);
        assert!(said.contains("cannot read"), "{said}");
    }
}

#[test]
fn an_archive_that_is_cut_off_is_an_error_and_never_a_smaller_number() {
    for layout in LAYOUTS {
        let whole = members(&[wasteful()], layout, Packing::Plain).tar();
        for cut in [whole.len() / 4, whole.len() / 2, whole.len() * 3 / 4] {
            refused(&[Archive::of(&whole[..cut]).text()]);
        }
    }
}

#[test]
fn a_flipped_bit_is_found_where_every_byte_is_verified() {
    let mut bytes = members(&[wasteful()], Layout::Docker20, Packing::Plain).tar();
    let content = bytes.windows(600).position(|it| it == [2; 600]).unwrap();
    bytes[content] ^= 1;
    let archive = Archive::of(&bytes);
    let said = refused(&[archive.text(), "--verify"]);
    assert!(said.contains("does not match its digest"), "{said}");
}

#[test]
fn a_choice_that_is_missing_or_has_to_be_made_lists_what_is_there() {
    let other = Image {
        platform: ("linux", "arm64"),
        ..image("ex08:other", wasteful().layers)
    };
    for layout in LAYOUTS {
        let archive =
            Archive::of(&members(&[wasteful(), other.clone()], layout, Packing::Plain).tar());
        let path = archive.text();
        for flags in [
            &[][..],
            &["--image", "ex08:none"],
            &["--platform", "linux/riscv64"],
        ] {
            let said = refused(&[&[path], flags].concat());
            assert!(said.contains("ex08:wasteful linux/amd64"), "{said}");
            assert!(said.contains("ex08:other linux/arm64"), "{said}");
            assert!(said.contains("`--image NAME`"), "{said}");
            let has_path = said.contains(&format!("`{path}` has "));
            assert_eq!(has_path, !flags.contains(&"linux/riscv64"), "{said}");
        }
        for flags in [["--image", "ex08:other"], ["--platform", "linux/arm64"]] {
            let words = [&["layers", path, "--format", "json"], &flags[..]].concat();
            let report = super::json_of(&words);
            assert_eq!(report["platform"], "linux/arm64");
        }
    }
}

#[test]
fn an_output_that_can_not_be_written_is_said_before_anything_is_read() {
    let archive = Archive::of(b"");
    let said = refused(&[archive.text(), "--output", "json=/nowhere/at/all.json"]);
    assert!(said.contains("/nowhere/at/all.json"), "{said}");
}

/// A pipe with a name, and the directory that it is in.
fn pipe() -> (tempfile::TempDir, std::path::PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pipe");
    mkfifoat(CWD, &path, Mode::RWXU).unwrap();
    (directory, path)
}

#[test]
fn a_device_is_no_archive_and_is_not_read() {
    for device in ["/dev/zero", "/dev/null"] {
        let said = refused(&[device]);
        assert!(said.contains("is not an image archive"), "{said}");
    }
}

#[test]
fn what_follows_the_end_of_an_archive_has_its_limit() {
    let (_directory, pipe) = pipe();
    let to = pipe.clone();
    let writer = thread::spawn(move || {
        let zeros = &mut File::open("/dev/zero").unwrap();
        std::io::copy(zeros, &mut File::options().write(true).open(to).unwrap())
    });
    let said = refused(&[pipe.to_str().unwrap()]);
    assert!(said.contains("bytes after its end"), "{said}");
    assert!(writer.join().unwrap().is_err());
}

/// Sends hangups to the kit once it reads, the second of which is to end it at once, and then
/// ends what it reads.
#[expect(
    clippy::disallowed_methods,
    reason = "only rooms describe their commands"
)]
fn hung_up(pipe: &Path, inherited: &str) -> Option<i32> {
    // The tests themselves may have been begun to outlive a hangup.
    let words = [inherited, env!("CARGO_BIN_EXE_xtask"), "layers", "--quiet"];
    let kit = Command::new("env").args(words).arg(pipe).spawn();
    let mut kit = kit.unwrap();
    // This waits for the reader, whose handler is there by then.
    let writer = File::options().write(true).open(pipe).unwrap();
    for _ in 0..10 {
        if kit.try_wait().unwrap().is_none() {
            kill_process(Pid::from_child(&kit), Signal::HUP).unwrap();
            thread::sleep(Duration::from_millis(50));
        }
    }
    drop(writer);
    kit.wait().unwrap().code()
}

#[test]
fn a_hangup_ends_the_kit_unless_it_was_begun_to_outlive_one() {
    let (_directory, pipe) = pipe();
    assert_eq!(hung_up(&pipe, "--default-signal=HUP"), Some(129));
    assert_eq!(hung_up(&pipe, "--ignore-signal=HUP"), Some(2));
}

#[test]
fn choosing_within_an_archive_where_none_is_given_is_refused() {
    let said = refused(&["lab/never-made:here", "--image", "a:b"]);
    assert!(
        said.contains("`--image` only applies to an archive"),
        "{said}"
    );
}

#[test]
fn an_image_without_layers_weighs_nothing_and_breaks_no_format() {
    for layout in LAYOUTS {
        let nothing = image("ex08:nothing", Vec::new());
        let archive = Archive::of(&members(&[nothing], layout, Packing::Plain).tar());
        for format in crate::names(ListFormat::value_variants()) {
            for words in [
                &["layers", archive.text(), "--files"][..],
                &["diff", archive.text(), archive.text()],
            ] {
                let output = xtask(&[words, &["--format", format]].concat());
                assert_eq!(output.status.code(), Some(0), "{words:?} {format}");
            }
        }
        let report = super::json_of(&["layers", archive.text(), "--format", "json"]);
        assert_eq!(report["size"]["unpacked"], 0);
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_platform_that_the_engine_does_not_have_is_refused() {
    let engine = live::engine();
    let base = live::base(&engine).to_string();
    let said = refused(&[&base, "--platform", "linux/s390x"]);
    assert!(said.contains("no image for `linux/s390x`"), "{said}");
    let there = engine.facts().platform.to_string();
    let words = ["layers", &base, "--platform", &there, "--format", "json"];
    assert_eq!(super::json_of(&words)["platform"], there);
}
