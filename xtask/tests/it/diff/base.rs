//! What is the images' base and what lies above it: by a Dockerfile, by the engine's store.

use serde_json::{Value, json};

use super::{PACKAGES, SCHEMA, SOURCES, after, saved};
use crate::images::{self, layer};
use crate::layers::{check, json_of, stdout, xtask};
use crate::live;

#[test]
fn a_dockerfile_tells_the_base_and_the_lines_of_an_image_built_elsewhere() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let made = file("Dockerfile", "FROM base\nRUN make\nCOPY src /src\n");
    let archive = after();
    let words = ["layers", archive.text(), "--dockerfile", &made];
    let report = json_of(&[&words[..], &["--format", "json"]].concat());
    let layers = report["layers"].as_array().unwrap().iter();
    let told: Vec<_> = layers
        .map(|it| (it["origin"].as_str().unwrap(), it["line"].as_u64()))
        .collect();
    assert_eq!(told, [("base", None), ("own", Some(2)), ("own", Some(3))]);
    assert_eq!(report["base"]["reference"], "base");
    let before = saved(&[
        (PACKAGES, layer(&[images::file("usr/bin/gcc", &[9; 5_000])])),
        (
            "RUN make # buildkit",
            layer(&[images::file("app/tool", &[5; 700])]),
        ),
        (SOURCES, layer(&[images::file("src/main.c", &[2; 300])])),
    ]);
    let words = ["diff", before.text(), archive.text(), "--format", "json"];
    let kind = |words: &[&str]| json_of(words)["causes"][0]["kind"].clone();
    assert_eq!(kind(&words), "same_instruction_new_content");
    let with_file = [&words[..], &["--dockerfile", &made]].concat();
    assert_eq!(kind(&with_file), "base_drift");

    let told = |report: &Value| report["base_told"].clone();
    assert_eq!(told(&report), "whole");
    let diff = json_of(&with_file);
    check(SCHEMA, &diff);
    assert_eq!(told(&diff["after"]), "whole");
    let diff = json_of(&words);
    assert_eq!(
        [told(&diff["before"]), told(&diff["after"])],
        ["nothing"; 2]
    );
    let unknown = "base unknown";
    assert!(stdout(&["layers", archive.text()]).contains(unknown));
    assert!(stdout(&["diff", before.text(), archive.text()]).contains(unknown));
    assert!(!stdout(&["layers", archive.text(), "--dockerfile", &made]).contains(unknown));
    let other = file("Other", "FROM base\nRUN make\nRUN make\n");
    for wrong in [other.as_str(), "./nowhere/Dockerfile"] {
        let output = xtask(&["layers", archive.text(), "--dockerfile", wrong]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(wrong), "{said}");
    }
}

#[test]
fn a_dockerfile_is_not_said_to_have_made_what_another_one_did() {
    let made = |bytes: usize| {
        saved(&[
            (
                "/bin/sh -c #(nop) ADD file:00 in / ",
                layer(&[images::file("etc/os", &[1; 50])]),
            ),
            (
                &*format!("/bin/sh -c head -c {bytes} /dev/zero > /f"),
                layer(&[images::file("f", &vec![0; bytes])]),
            ),
        ])
    };
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("Dockerfile");
    std::fs::write(&path, "FROM base\nRUN head -c 9000 /dev/zero > /f\n").unwrap();
    let recipe = ["--dockerfile", path.to_str().unwrap()];
    let (before, after) = (made(1_000), made(9_000));
    let words = ["diff", before.text(), after.text(), "--format", "json"];
    let diff = json_of(&[&words[..], &recipe].concat());
    let cause = &diff["causes"][0];
    assert_eq!(cause["kind"], "changed_instruction");
    assert_eq!(
        cause["before"]["instruction"],
        "RUN head -c 1000 /dev/zero > /f"
    );
    assert_eq!(cause["instruction"], "RUN head -c 9000 /dev/zero > /f");
    assert_eq!(
        (&diff["base_delta"], &diff["own_delta"]),
        (&json!(0), &json!(8_000))
    );
    let refused = xtask(&[&["layers", before.text()], &recipe[..]].concat());
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
#[ignore = "needs Docker"]
fn a_base_is_looked_for_where_the_dockerfile_did_not_make_the_image() {
    let base = live::Image::import("etc/os", b"system", 0o644, &[]);
    let directory = tempfile::tempdir().unwrap();
    let text = |stage: &str| format!("FROM {}\nCOPY Dockerfile /{stage}/\n", base.name);
    let images = ["one", "two"].map(|stage| live::Image::built(&text(stage)));
    let path = directory.path().join("Dockerfile");
    std::fs::write(&path, text("two") + "FROM scratch\nCOPY --from=0 / /\n").unwrap();
    let names = ["diff", &images[0].name, &images[1].name, "--format", "json"];
    let diff = json_of(&[&names[..], &["--dockerfile", path.to_str().unwrap()]].concat());
    assert_eq!(diff["base_delta"], 0);
    assert_eq!(diff["causes"][0]["kind"], "changed_instruction");
    assert_eq!(diff["causes"][0]["stage"], "0");
    assert_eq!(diff["causes"][0]["line"], 2);
    assert_eq!(diff["causes"][0]["before"]["line"], Value::Null);
}

#[test]
#[ignore = "needs Docker"]
fn another_base_is_known_by_the_images_of_the_store() {
    let bases =
        [100, 150].map(|bytes| live::Image::import("etc/os", &vec![b'x'; bytes], 0o644, &[]));
    let images = bases
        .each_ref()
        .map(|base| live::Image::built(&format!("FROM {}\nCOPY Dockerfile /app/\n", base.name)));
    let report = json_of(&["diff", &images[0].name, &images[1].name, "--format", "json"]);
    assert_eq!(report["base_delta"], 50);
    assert_eq!(report["causes"][0]["kind"], "base_drift");
}
