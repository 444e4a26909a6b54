//! Layers whose content did not change, but something else did.

use serde_json::Value;

use super::{SCHEMA, saved};
use crate::images::{Node, Tar, file};
use crate::layers::{check, json_of, stdout};

const COPY: &str = "COPY x /x # buildkit";

/// A layer whose headers were changed one by one.
fn changed(nodes: &[Node], change: impl Fn(usize, &mut tar::Header)) -> Vec<u8> {
    let mut tar = Tar::default();
    for (number, node) in nodes.iter().enumerate() {
        let at = tar.0.len();
        tar.node(node);
        let mut header = tar::Header::new_gnu();
        header.as_mut_bytes().copy_from_slice(&tar.0[at..at + 512]);
        change(number, &mut header);
        header.set_cksum();
        tar.0[at..at + 512].copy_from_slice(header.as_bytes());
    }
    tar.end()
}

fn nodes() -> Vec<Node> {
    vec![
        file("x/small", b"1"),
        file("x/large", &[2; 5_000]),
        file("y", b""),
    ]
}

fn causes(before: Vec<u8>, after: Vec<u8>) -> Vec<(String, i64, Vec<String>)> {
    let (before, after) = (saved(&[(COPY, before)]), saved(&[(COPY, after)]));
    let report = json_of(&["diff", before.text(), after.text(), "--format", "json"]);
    check(SCHEMA, &report);
    stdout(&["diff", before.text(), after.text()]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let causes = report["causes"].as_array().unwrap().iter();
    let cause = |cause: &Value| {
        let paths = cause["paths"].as_array().unwrap().iter();
        let paths = paths.map(|path| text(&path["path"])).collect();
        (
            text(&cause["kind"]),
            cause["delta"].as_i64().unwrap(),
            paths,
        )
    };
    causes.map(cause).collect()
}

#[test]
fn another_mode_owner_or_time_is_no_new_content_and_has_its_paths() {
    let plain = || changed(&nodes(), |_, _| {});
    let changes: [&dyn Fn(&mut tar::Header); 5] = [
        &|it| it.set_mode(0o755),
        &|it| it.set_uid(7),
        &|it| it.set_gid(7),
        &|it| it.set_mtime(1),
        &|it| it.set_username("me").unwrap(),
    ];
    for change in changes {
        let after = changed(&nodes(), |number, header| {
            if number != 0 {
                change(header);
            }
        });
        let expected = vec!["x/large".to_owned(), "y".to_owned()];
        assert_eq!(
            causes(plain(), after),
            [("metadata_only".to_owned(), 0, expected)]
        );
    }
}

#[test]
fn another_order_is_no_new_content_either() {
    let mut turned = nodes();
    turned.reverse();
    let (before, after) = (changed(&nodes(), |_, _| {}), changed(&turned, |_, _| {}));
    assert_eq!(
        causes(before, after),
        [("metadata_only".to_owned(), 0, Vec::new())]
    );
}

#[test]
fn an_attribute_of_an_extended_header_is_metadata() {
    let with = |value: &[u8]| {
        let mut tar = Tar::default();
        tar.pax(&[("SCHILY.xattr.user.a", value)]);
        tar.node(&file("x", b"1"));
        tar.end()
    };
    assert_eq!(
        causes(with(b"1"), with(b"2")),
        [("metadata_only".to_owned(), 0, vec!["x".to_owned()])]
    );
}

#[test]
fn what_changes_a_byte_or_a_kind_is_new_content() {
    let of = |nodes: &[Node]| changed(nodes, |_, header| header.set_mtime(9));
    let plain = || changed(&nodes(), |_, _| {});
    let mut other = nodes();
    other[1] = file("x/large", &[3; 5_000]);
    let kind = |found: Vec<(String, i64, Vec<String>)>| found[0].0.clone();
    assert_eq!(
        kind(causes(plain(), of(&other))),
        "same_instruction_new_content"
    );
    let fewer = &nodes()[..2];
    assert_eq!(
        kind(causes(plain(), of(fewer))),
        "same_instruction_new_content"
    );
}
