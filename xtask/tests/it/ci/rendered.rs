//! Comments as a renderer of GitHub's Markdown shows them.

use std::fs;

use assert_cmd::Command;
use serde_json::Value;

use super::hostile;

/// Whatever a host makes a link or a call of.
const REFERENCES: &str = "GH-1 #1 !1 %1 &1 $1 ~bug ^alert#1 @root owner/repo#1 \
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa abcdef0 http://a.example https://a.example \
    ftp://a.example www.a.example evil@phish.example mailto:evil@phish.example \
    xmpp:evil@phish.example [a](https://a.example) <https://a.example> :tada: *b* `c` | d";

/// One of the text values of a report.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(all) => {
            // The first few stand for all.
            for (index, one) in all.iter().enumerate().take(3) {
                places(one, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(all) => {
            for (key, one) in all {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(one, &format!("{at}/{key}"), found);
            }
        }
        _ => {}
    }
}

fn comment(report: &Value) -> Option<String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.json");
    fs::write(&path, report.to_string()).unwrap();
    let mut kit = Command::new(env!("CARGO_BIN_EXE_xtask"));
    kit.args(["report", "--format", "markdown"]).arg(&path);
    let output = kit.output().unwrap();
    let is_read = output.status.code() != Some(2);
    is_read.then(|| String::from_utf8(output.stdout).unwrap())
}

fn rendered(markdown: &str) -> String {
    let output = Command::new("cmark-gfm")
        .args([
            "--unsafe",
            "--extension",
            "autolink",
            "--extension",
            "table",
        ])
        .args(["--extension", "strikethrough", "--extension", "tagfilter"])
        .write_stdin(markdown)
        .output()
        .expect("not run: cmark-gfm is missing; `cargo xtask test --provision` has it");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The text that a host looks through: outside of code, without tags.
fn prose(html: &str) -> String {
    let mut prose = String::new();
    let mut code = 0;
    for part in html.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        match tag {
            "code" | "pre" => code += 1,
            "/code" | "/pre" => code -= 1,
            _ => {}
        }
        if code == 0 {
            prose.push_str(text);
        }
        // The tags of code end a word; others leave text as it is.
        if tag.contains("code") || tag.contains("pre") {
            prose.push(' ');
        }
    }
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#8203;", "\u{200b}"),
    ];
    let plain = named
        .iter()
        .fold(prose, |text, (name, sign)| text.replace(name, sign));
    numbered(&plain).replace("&amp;", "&")
}

/// Raw HTML keeps its references.
fn numbered(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(';').unwrap();
        plain.push(char::from_u32(number.parse().unwrap()).unwrap());
        plain += rest;
    }
    plain
}

fn assert_calls_nobody(at: &str, html: &str) {
    assert!(!html.contains("<a "), "{at}: {html}");
    let prose = prose(html);
    let all: Vec<char> = prose.chars().collect();
    for pair in all.windows(2) {
        let joins = "@#!%&$~^".contains(pair[0]) && (pair[1].is_alphanumeric() || pair[1] == '"');
        assert!(!joins, "{at}: {}{} in {prose}", pair[0], pair[1]);
    }
    for joined in ["://", "www.", "GH-1", ":tada:", "xmpp:e", "mailto:e"] {
        assert!(!prose.contains(joined), "{at}: {joined} in {prose}");
    }
    let is_commit = |word: &str| word.len() > 6 && word.bytes().all(|it| it.is_ascii_hexdigit());
    let word = prose
        .split(|one: char| !one.is_alphanumeric())
        .find(|word| is_commit(word));
    assert_eq!(word, None, "{at}: {prose}");
}

#[test]
#[ignore = "needs cmark-gfm"]
fn no_text_of_a_report_calls_anybody_or_links_anything() {
    let report = hostile::report();
    let mut found = Vec::new();
    places(&report, "", &mut found);
    let mut read = 0;
    for at in &found {
        let mut hostile = report.clone();
        *hostile.pointer_mut(at).unwrap() = REFERENCES.into();
        if let Some(markdown) = comment(&hostile) {
            assert_calls_nobody(at, &rendered(&markdown));
            read += usize::from(markdown.contains("phish"));
        }
    }
    assert!(read >= 5, "{read} of {} are shown", found.len());
}
