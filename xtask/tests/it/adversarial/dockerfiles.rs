//! Small Dockerfiles that would cost much.

use std::fs;
use std::time::Duration;

use super::{Ended, STATED, kit, within};
use crate::images::{Layout, Packing, file, image, layer, members};
use crate::layers::Archive;

/// What `layers` makes of an image with this Dockerfile, within the limits.
fn read(text: &str) -> Ended {
    let image = image("a:b", vec![layer(&[file("a", b"x")])]);
    let archive = Archive::of(&members(&[image], Layout::Docker20, Packing::Plain).tar());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("Dockerfile");
    fs::write(&path, text).unwrap();
    let words = ["layers", archive.text(), "--dockerfile"];
    let ended = within(
        STATED,
        kit(&[&words[..], &[path.to_str().unwrap()]].concat()),
    );
    assert!(matches!(ended.code, Some(0 | 2)), "{ended:?}");
    ended
}

#[test]
fn variables_that_double_themselves_have_an_end() {
    let doubled = "ARG A=$A$A\n".repeat(60);
    read(&format!("ARG A=aa\n{doubled}FROM $A\nCOPY a /\n"));
    let many: Vec<_> = (0..40_000).map(|at| format!("ARG A{at}=$A\n")).collect();
    let many = many.concat();
    let doubled = "ARG A=$A$A\n".repeat(8);
    read(&format!("ARG A=aa\n{doubled}{many}FROM x\nCOPY a /\n"));
    let uses = "$A".repeat(500_000);
    read(&format!("ARG A=aa\n{doubled}FROM x{uses}\nCOPY a /\n"));
}

#[test]
fn stages_that_name_each_other_take_time_in_proportion() {
    let chain = |count: u32| {
        let stage = |at| format!("FROM x AS s{at}\nCOPY --from=s{} / /\n", at - 1);
        (1..=count).map(stage).collect::<Vec<_>>().concat()
    };
    let [short, long] = [3_000, 24_000].map(|count| read(&chain(count)).cost);
    // In proportion it is 8 times, by the square 64 times. Less than a tenth of a second can't
    // be measured.
    let least = short.time.max(Duration::from_millis(100));
    assert!(long.time < 24 * least, "{short:?} and {long:?}");
}
