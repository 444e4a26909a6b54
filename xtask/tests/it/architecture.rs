use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The table of `docs/architecture.md`: each room and the rooms that it may import.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("../docs/architecture.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let allowed = match cells[3] {
            "all" => vec!["all".to_owned()],
            rooms => names(rooms),
        };
        (names(cells[1]).remove(0), allowed.into_iter().collect())
    })
    .collect()
}

/// What stands between backticks.
fn names(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// Each room named after `crate::` in a file, in braces too.
fn imports(text: &str) -> BTreeSet<String> {
    let first_word = |text: &str| -> String {
        text.chars()
            .take_while(|it| it.is_ascii_lowercase() || *it == '_')
            .collect()
    };
    let mut rooms = BTreeSet::new();
    for after in text.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            Some(group) => rooms.extend(top_level(group).map(first_word)),
            None => {
                rooms.insert(first_word(after));
            }
        }
    }
    rooms.retain(|room| !room.is_empty());
    rooms
}

/// The items of a `{a::{b, c}, d}` that are not inside further braces.
fn top_level(group: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    let end = group.find(|it| {
        depth += i32::from(it == '{') - i32::from(it == '}');
        depth < 0
    });
    let mut depth = 0;
    group[..end.unwrap_or(group.len())]
        .split(move |it| {
            depth += i32::from(it == '{') - i32::from(it == '}');
            it == ',' && depth == 0
        })
        .map(str::trim)
}

#[test]
fn no_room_imports_one_that_the_table_does_not_allow() {
    let table = table();
    let mut wrong = Vec::new();
    for path in sources(&root().join("src")) {
        let inside = path.strip_prefix(root().join("src")).unwrap();
        let first = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap();
        let room = first.trim_end_matches(".rs");
        if ["lib", "main"].contains(&room) {
            continue;
        }
        let Some(allowed) = table.get(room) else {
            wrong.push(format!(
                "{}: no room `{room}` in the table",
                inside.display()
            ));
            continue;
        };
        for import in imports(&fs::read_to_string(&path).unwrap()) {
            let known = table.contains_key(&import);
            if import != room && known && !allowed.contains(&import) && !allowed.contains("all") {
                wrong.push(format!("{} imports `{import}`", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_of_the_table_is_there() {
    for room in table().keys() {
        let (folder, file) = (format!("src/{room}/mod.rs"), format!("src/{room}.rs"));
        assert!(
            root().join(folder).exists() || root().join(file).exists(),
            "{room}"
        );
    }
}

#[test]
fn imports_are_found_in_braces_and_paths() {
    let text = "use crate::{model::{A, B}, lang}; fn f() { crate::term::x() }";
    let found: Vec<_> = imports(text).into_iter().collect();
    assert_eq!(found, ["lang", "model", "term"]);
}

#[test]
fn only_the_lab_room_reads_yaml_and_only_the_terminal_draws_bars() {
    for (word, room) in [
        ("serde_yaml", "lab"),
        ("indicatif", "term"),
        ("console", "term"),
        ("bollard", "engine"),
    ] {
        for path in sources(&root().join("src")) {
            let text = fs::read_to_string(&path).unwrap();
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            let uses = code
                .filter(|line| line.contains(&format!("{word}::")))
                .count()
                > 0;
            let inside = path.starts_with(root().join("src").join(room));
            assert!(!uses || inside, "{} uses {word}", path.display());
        }
    }
}
