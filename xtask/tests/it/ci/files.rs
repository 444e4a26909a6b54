use std::fs;
use std::path::{Path, PathBuf};

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The files of a directory of this repository whose names end so.
fn named(directory: &str, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(directory)).unwrap() {
        let path = entry.unwrap().path();
        let inside = path.strip_prefix(root()).unwrap().to_str().unwrap();
        if path.is_dir() {
            found.extend(named(inside, end));
        } else if inside.ends_with(end) {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub(super) fn workflows() -> Vec<PathBuf> {
    named(".github/workflows", ".yml")
}

pub(super) fn actions() -> Vec<PathBuf> {
    named("ci", "action.yml")
}

pub(super) fn templates() -> Vec<PathBuf> {
    named("ci/gitlab", ".yml")
}

pub(super) fn scripts() -> Vec<PathBuf> {
    let mut scripts = named("ci", ".sh");
    scripts.push(root().join(".ci/run"));
    scripts
}

/// The blocks of YAML that `docs/ci.md` gives to copy, with the path in their first line.
pub(super) fn examples() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("docs/ci.md")).unwrap();
    let blocks = text.split("```yaml\n# ").skip(1);
    let examples = blocks.map(|block| {
        let (path, rest) = block.split_once('\n').unwrap();
        let yaml = rest.split_once("```").unwrap().0;
        (path.to_owned(), yaml.to_owned())
    });
    examples.collect()
}

/// Each workflow, action and example, with its text.
fn all() -> Vec<(String, String)> {
    let files = workflows().into_iter().chain(actions());
    let files = files.map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        (path.display().to_string(), text)
    });
    files.chain(examples()).collect()
}

#[test]
fn every_action_of_others_is_pinned_to_a_commit_with_its_version_beside() {
    let mut pinned = 0;
    for (path, text) in all() {
        let uses = text.lines().filter_map(|line| line.split_once("uses: "));
        for (_, action) in uses.filter(|(_, action)| !action.starts_with("./")) {
            let (_, at) = action.split_once('@').unwrap();
            let (commit, version) = at.split_once(" # ").unwrap_or((at, ""));
            let is_ours = action.starts_with("OWNER/KIT/") && commit == "COMMIT";
            let is_commit = commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit());
            assert!(
                is_ours || (is_commit && version.starts_with('v')),
                "{path}: {action}"
            );
            pinned += 1;
        }
    }
    assert!(pinned > 6, "{pinned}");
}

#[test]
fn no_script_has_an_expression_put_into_it() {
    for (path, text) in all() {
        let mut block = None;
        for line in text.lines() {
            let indent = line.len() - line.trim_start().len();
            if block.is_some_and(|outer| indent <= outer && !line.trim().is_empty()) {
                block = None;
            }
            let is_run = line
                .trim_start()
                .trim_start_matches("- ")
                .starts_with("run:");
            assert!(
                !((is_run || block.is_some()) && line.contains("${{")),
                "{path}: {line}"
            );
            if is_run {
                block = Some(indent);
            }
        }
    }
}

#[test]
fn no_checkout_leaves_its_credentials_and_every_workflow_states_its_rights() {
    let count = |text: &str, what: &str| text.matches(what).count();
    for (path, text) in all() {
        let (checkouts, without) = (
            count(&text, "actions/checkout@"),
            count(&text, "persist-credentials: false"),
        );
        assert_eq!(checkouts, without, "{path}");
        if text.contains("\njobs:") {
            assert!(text.contains("\npermissions:"), "{path}");
            assert!(text.contains("\nconcurrency:"), "{path}");
            assert_eq!(
                count(&text, "runs-on:"),
                count(&text, "timeout-minutes:"),
                "{path}"
            );
            assert!(!text.contains("pull_request_target"), "{path}");
        }
    }
}

#[test]
fn only_the_comments_workflow_may_write() {
    for (path, text) in all() {
        let writes = text.lines().filter(|line| line.contains(": write"));
        let writes: Vec<_> = writes.map(str::trim).collect();
        if text.contains("workflow_run:") {
            assert_eq!(writes.len(), 1, "{path}: {writes:?}");
            assert!(
                writes[0].starts_with("pull-requests: write"),
                "{path}: {writes:?}"
            );
        } else {
            assert!(writes.is_empty(), "{path}: {writes:?}");
        }
    }
}
