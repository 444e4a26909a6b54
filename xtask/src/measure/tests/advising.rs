use std::sync::Arc;

use proptest::prelude::*;

use super::generated::stack;
use super::made::{file, image, link, measured, symlink, whiteout, with_history};
use crate::dockerfile;
use crate::measure::{Source, Subject, images, not_allowed};
use crate::model::{Advice, AdviceKind, Bytes, Entry, ImageRecord, Policy, ServiceCommand};

/// Where one of these paths is in a layer, it is a script.
const SCRIPTS: &[(&str, &str)] = &[
    ("usr/local/bin/start", "/usr/bin/env -S python3 -u"),
    ("opt/run", "/bin/sh -e"),
    ("opt/ruby", "/usr/bin/ruby"),
];

/// A base of a libc and a Python, and what the instructions of a Dockerfile add.
fn advised(text: &str, command: &[&str], own: Vec<Vec<Entry>>) -> Vec<Advice> {
    advised_as(text, command, own, &ServiceCommand::default())
}

/// The same if a service runs this instead of `command`.
fn advised_as(
    text: &str,
    command: &[&str],
    own: Vec<Vec<Entry>>,
    service: &ServiceCommand,
) -> Vec<Advice> {
    let base = vec![
        file("usr/lib/libc.so", 500_000, 100),
        file("usr/bin/python3.13", 20_000, 101),
        file("usr/lib/python3.13/os.py", 30_000, 102),
        file("var/lib/apt/lists/base_Packages", 90_000, 103),
        file("opt/given", 40_000, 104),
        file("usr/bin/cat", 300, 105),
    ];
    let mut layers = vec![base];
    layers.extend(own);
    let dockerfile = dockerfile::parse(text);
    let history: Vec<String> = dockerfile.stages[0]
        .instructions
        .iter()
        .map(|instruction| instruction.text.clone())
        .collect();
    let lines: Vec<&str> = std::iter::once("")
        .chain(history.iter().map(String::as_str))
        .collect();
    let mut record: ImageRecord = with_history(image(layers), &lines);
    for (path, line) in SCRIPTS {
        let layers = record.layers.iter_mut();
        for layer in layers.map(|layer| Arc::make_mut(&mut layer.content)) {
            if layer
                .entries
                .iter()
                .any(|entry| entry.path.to_string() == *path)
            {
                layer.scripts.insert((*path).into(), line.as_bytes().into());
            }
        }
    }
    record.config.cmd = command.iter().map(ToString::to_string).collect();
    let source = Source {
        dockerfile: &dockerfile,
        name: "Dockerfile".to_owned(),
        target: None,
        args: std::collections::BTreeMap::new(),
    };
    let subject = Subject {
        record: &record,
        command: Some(service),
        engine_reported: None,
        source: Some(source),
        base: None,
    };
    images(&[subject]).remove(0).advice
}

fn brief(advice: &[Advice]) -> Vec<(AdviceKind, u64, Option<u32>)> {
    let place = |advice: &Advice| advice.place.as_ref().and_then(|place| place.line);
    advice
        .iter()
        .map(|advice| (advice.kind, advice.saves.0, place(advice)))
        .collect()
}

#[test]
fn lists_caches_tools_and_an_unused_interpreter_are_each_told_with_their_line() {
    let text = "FROM x\nRUN apt-get install gcc\nCOPY app /app\n";
    let installed = vec![
        file("usr/lib/gcc/x86_64-linux-gnu/12/cc1", 60_000, 1),
        file("usr/include/stdio.h", 3_000, 2),
        file("usr/lib/x86_64-linux-gnu/libc.a", 9_000, 3),
        file("var/lib/apt/lists/x_Packages", 7_000, 4),
        file("var/cache/apt/pkgcache.bin", 8_000, 5),
        file("root/.cache/pip/x", 1_000, 6),
    ];
    let app = vec![file("app/display", 400, 7)];
    let advice = advised(
        text,
        &["/app/display"],
        vec![installed.clone(), app.clone()],
    );
    assert_eq!(
        brief(&advice),
        [
            (AdviceKind::BuildTools, 72_000, Some(2)),
            (AdviceKind::Interpreter, 50_000, Some(1)),
            (AdviceKind::Caches, 9_000, Some(2)),
            (AdviceKind::PackageLists, 7_000, Some(2)),
        ]
    );
    assert_eq!(advice[0].paths[0].path.to_string(), "usr/lib/gcc");
    assert_eq!(advice[0].paths[0].bytes, Bytes(60_000));
    for command in [
        &["python3", "app.py"][..],
        &["/app/start.py"],
        &["sh", "-c", "exec python /app/x"],
        &["/docker-entrypoint.sh"],
        &[],
    ] {
        let layers = vec![installed.clone(), app.clone()];
        let kinds: Vec<_> = advised(text, command, layers)
            .iter()
            .map(|a| a.kind)
            .collect();
        assert!(!kinds.contains(&AdviceKind::Interpreter), "{command:?}");
    }
    let shell = ["sh", "-c", "cat output.txt"];
    let unused = advised(text, &shell, vec![installed.clone(), app.clone()]);
    assert_eq!(brief(&unused), brief(&advice));
    let gcc = advised(text, &["gcc", "x.c"], vec![installed, app]);
    assert!(
        gcc.iter()
            .all(|advice| advice.kind != AdviceKind::BuildTools)
    );
}

#[test]
fn nothing_is_advised_about_where_waste_is_allowed() {
    let installed = vec![
        file("var/lib/apt/lists/x_Packages", 7_000, 4),
        file("var/cache/apt/pkgcache.bin", 8_000, 5),
        file("root/.cache/pip/x", 2_000, 6),
    ];
    let advice = advised("FROM x\nRUN apt-get update\n", &[], vec![installed]);
    let policy = Policy {
        allow_waste: vec!["var".to_owned()],
        ..Policy::default()
    };
    assert_eq!(
        brief(&not_allowed(advice, &policy)),
        [(AdviceKind::Caches, 2_000, Some(2))]
    );
}

#[test]
fn an_interpreter_is_unused_only_where_every_program_is_known_to_do_without() {
    let own = vec![
        file("usr/local/bin/start", 2_000, 1),
        file("usr/local/bin/tini", 3_000, 2),
        file("opt/run", 2_000, 3),
        file("opt/ruby", 2_000, 4),
        file("app/display", 400, 7),
        symlink("usr/local/bin/go", "start"),
        symlink("usr/local/bin/shown", "../../../app/display"),
        symlink("usr/local/bin/lost", "/nowhere"),
        link("opt/again", "usr/local/bin/start"),
    ];
    let is_said = |text: &str, command: &[&str]| {
        let advice = advised(text, command, vec![own.clone()]);
        advice.iter().any(|it| it.kind == AdviceKind::Interpreter)
    };
    let text = "FROM x\nRUN install\n";
    for command in [
        &["start"][..],
        &["/usr/local/bin/start", "x"],
        &["tini", "--", "start"],
        &["tini", "--", "go"],
        &["tini", "--", "./opt/again"],
        &["/opt/again"],
        &["/opt/run"],
        &["lost"],
        &["unknown"],
        &["sh", "/opt/run"],
        &["sh", "-c", "cat x && exec start"],
        &["sh", "-c", "exec $COMMAND"],
        &["env", "A=1", "python3", "x"],
        &["make", "run"],
    ] {
        assert!(!is_said(text, command), "{command:?}");
    }
    for command in [
        &["/app/display"][..],
        &["shown"],
        &["cat", "/opt/given"],
        &["tini", "--", "/app/display"],
        &["sh", "-c", "cd /app; exec cat output.txt | cat"],
        &["/opt/ruby"],
    ] {
        assert!(is_said(text, command), "{command:?}");
    }
    let checked = "FROM x\nHEALTHCHECK CMD python3 -c pass\nRUN install\n";
    assert!(!is_said(checked, &["/app/display"]));
}

#[test]
fn what_the_service_runs_decides_and_not_the_image() {
    let text = "FROM python:3.13-slim\nCMD [\"cat\", \"/x\"]";
    let unused = |service: &ServiceCommand| {
        let advice = advised_as(text, &["cat", "/x"], Vec::new(), service);
        let mut kinds = advice.iter().map(|advice| advice.kind);
        kinds.any(|kind| kind == AdviceKind::Interpreter)
    };
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    let (mut arguments, mut entrypoint) = (ServiceCommand::default(), ServiceCommand::default());
    assert!(unused(&arguments));
    arguments.arguments = words(&["python3", "-c", "print(1)"]);
    assert!(!unused(&arguments));
    entrypoint.entrypoint = words(&["python3"]);
    assert!(!unused(&entrypoint));
    let beside = ServiceCommand {
        healthcheck: vec!["CMD".to_owned(), "python3".to_owned()],
        ..ServiceCommand::default()
    };
    assert!(!unused(&beside));
    // An entrypoint that is emptied leaves the image's own arguments as they are.
    let emptied = ServiceCommand {
        entrypoint: words(&[]),
        arguments: words(&[]),
        ..ServiceCommand::default()
    };
    assert!(unused(&emptied));
    // The image's own arguments go with its entrypoint.
    entrypoint.entrypoint = words(&["cat"]);
    let advice = advised_as(text, &["python3"], Vec::new(), &entrypoint);
    assert!(
        advice
            .iter()
            .any(|advice| advice.kind == AdviceKind::Interpreter)
    );
}

#[test]
fn a_program_that_pip_installed_needs_its_python() {
    let text = "FROM x\nRUN pip install gunicorn\n";
    let installed = vec![
        file("usr/local/bin/gunicorn", 200, 1),
        file("usr/lib/python3.13/site-packages/gunicorn.py", 9_000, 2),
    ];
    assert!(advised(text, &["gunicorn", "app"], vec![installed]).is_empty());
}

#[test]
fn a_directory_is_named_once_however_deep_its_files_lie() {
    let compiler = vec![
        file("usr/lib/llvm-19/bin/clang", 5_000, 1),
        file("usr/lib/llvm-19/lib/python3/x.py", 6_000, 2),
    ];
    let advice = advised("FROM x\nRUN install\n", &["python"], vec![compiler]);
    assert_eq!(advice[0].kind, AdviceKind::BuildTools);
    let named = advice[0].paths.iter().map(|path| path.path.to_string());
    assert_eq!(named.collect::<Vec<_>>(), ["usr/lib/llvm-19"]);
}

#[test]
fn what_is_removed_later_is_to_be_removed_where_it_was_added() {
    let text = "FROM x\nCOPY big /big\nRUN rm -r /big /opt\n";
    let big = vec![file("big/one", 5_000, 1), file("big/two", 6_000, 2)];
    let removal = vec![whiteout("big"), whiteout("opt")];
    let advice = advised(text, &["sh"], vec![big, removal]);
    let removed: Vec<_> = advice
        .iter()
        .filter(|a| a.kind == AdviceKind::RemovedLater)
        .collect();
    assert_eq!(
        removed[0].saves,
        Bytes(11_000),
        "the base's own file can't be saved here"
    );
    assert_eq!(removed[0].place.clone().unwrap().line, Some(2));
    assert_eq!(removed[0].paths[0].path.to_string(), "big");
}

#[test]
fn a_chown_is_to_blame_for_what_it_wrote_again() {
    let text = "FROM x\nCOPY app /app\nRUN chown -R 1:1 /app /opt\n";
    let again = vec![file("app/x", 5_000, 1), file("opt/given", 40_000, 104)];
    let advice = advised(text, &["sh"], vec![vec![file("app/x", 5_000, 1)], again]);
    let found = advice
        .iter()
        .find(|a| a.kind == AdviceKind::RewrittenMetadata)
        .unwrap();
    assert_eq!(found.saves, Bytes(45_000));
    assert_eq!(found.place.clone().unwrap().line, Some(3));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn advice_never_saves_more_than_there_is(record in stack()) {
        let found = measured(&record);
        let saves: Bytes = found.advice.iter().map(|advice| advice.saves).sum();
        prop_assert!(saves <= found.size.unpacked);
    }
}
