//! Images as the engine saves them.

use std::io::Read as _;
use std::thread;
use std::time::{Duration, Instant};

use xtask::model::{Cancel, Digest, EngineProblem, Signal};

use crate::clock::patience;
use crate::live::{Image, base, engine};

#[test]
#[ignore = "needs Docker"]
fn several_images_come_in_one_archive() {
    let engine = engine();
    let images = [
        Image::import("a", b"first", 0o644, &[]),
        Image::import("b", b"second", 0o644, &[]),
    ];
    let ids = images.each_ref().map(|image| image.id(&engine));
    let saved = engine.save(&ids, &Cancel::default()).unwrap();
    let mut archive = tar::Archive::new(saved);
    let mut manifest = String::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.path().unwrap().as_os_str() == "manifest.json" {
            entry.read_to_string(&mut manifest).unwrap();
        }
    }
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest.as_array().unwrap().len(), 2, "{manifest}");
}

#[test]
#[ignore = "needs Docker"]
fn an_image_that_is_gone_is_named() {
    let gone = Digest::from_hash([7; 32]);
    let problem = engine().save(&[gone], &Cancel::default()).unwrap_err();
    let EngineProblem::NoImage { image } = problem else {
        panic!("{problem:?}");
    };
    assert_eq!(image, gone.to_string());
}

#[test]
#[ignore = "needs Docker"]
fn a_signal_ends_a_save_before_its_first_byte() {
    let engine = engine();
    let image = base(&engine);
    let cancel = Cancel::default();
    thread::scope(|scope| {
        let save = scope.spawn(|| {
            let mut saved = engine.save(&[image], &cancel)?;
            std::io::copy(&mut saved, &mut std::io::sink())
                .map_err(|error| xtask::engine::Saved::problem_in(error).unwrap())
        });
        thread::sleep(Duration::from_millis(50));
        let asked = Instant::now();
        cancel.request(Signal(2));
        let result = save.join().unwrap();
        assert!(
            matches!(result, Err(EngineProblem::Cancelled(Signal(2)))),
            "{result:?}"
        );
        assert!(asked.elapsed() < patience(Duration::from_secs(1)));
    });
}
