//! The kit's own files in an image.

use super::made::{file, image, measured, with_history};
use crate::measure::{OwnFile, OwnKind, growth, own_files, without_own_files};
use crate::model::{Bytes, Excluded, Measured, Policy};

fn own(path: &str, kind: OwnKind) -> OwnFile {
    OwnFile {
        path: path.to_owned(),
        kind,
        dockerignore: "app/.dockerignore".to_owned(),
    }
}

/// A project with a baseline of so many bytes and a clone of the kit, copied to `/srv`.
fn built(baseline: u64, kit: u64) -> (Measured, Vec<Excluded>) {
    let copied = vec![
        file("srv/app.py", 700, 1),
        file("srv/lab-baseline.json", baseline, 2),
        file("srv/other/lab-baseline.json.bak", baseline, 3),
        file("srv/old-lab-baseline.json", baseline, 4),
        file("srv/tools/kit/ci/kit.sh", 10, 5),
        file("srv/tools/kit/target/debug/xtask", kit, 6),
        file("srv/tools/kitten", 9, 7),
    ];
    let record = image(vec![vec![file("bin/sh", 5_000, 8)], copied]);
    let record = with_history(record, &["RUN base", "COPY . /srv # buildkit"]);
    let mut measured = measured(&record);
    let kit = own(
        "tools/kit",
        OwnKind::Clone {
            marker: "ci/kit.sh",
        },
    );
    let files = [
        own("lab-baseline.json", OwnKind::File(Bytes(baseline))),
        own("report.json", OwnKind::File(Bytes(9))),
        kit,
    ];
    let excluded = own_files(&record, &measured, &files);
    measured.excluded = Some(excluded.clone());
    (measured, excluded)
}

#[test]
fn a_baseline_and_a_clone_are_found_where_the_context_was_copied_to() {
    let (_, excluded) = built(90_000, 60_000);
    let found = excluded.iter().map(|it| {
        (
            it.path.to_string(),
            it.bytes.0,
            it.layer,
            it.pattern.as_str(),
        )
    });
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            (
                "srv/lab-baseline.json".to_owned(),
                90_000,
                1,
                "lab-baseline.json"
            ),
            ("srv/tools/kit".to_owned(), 60_010, 1, "tools/kit"),
        ]
    );
}

#[test]
fn a_file_of_another_size_or_in_the_base_is_none_of_the_kits() {
    let record = image(vec![vec![file("srv/lab-baseline.json", 70, 1)]]);
    let mut of_base = measured(&record);
    let with = |bytes| [own("lab-baseline.json", OwnKind::File(Bytes(bytes)))];
    assert_eq!(own_files(&record, &of_base, &with(70)).len(), 1);
    assert_eq!(own_files(&record, &of_base, &with(71)), []);
    of_base.layers[0].origin = crate::model::Origin::Base;
    assert_eq!(own_files(&record, &of_base, &with(70)), []);
}

/// The images differ by the kit's files alone, so nothing grew, and the sums stay right.
#[test]
fn growth_is_judged_without_the_kits_own_files() {
    let (before, after) = (built(40_000, 9), built(90_000, 3_000_000));
    // Copies under another name are the project's own.
    let [before, after] = [before, after].map(|(measured, _)| {
        let rest = without_own_files(&measured).into_owned();
        let size = rest.size;
        assert_eq!(size.live + size.wasted.total(), size.unpacked);
        assert_eq!(size.base + size.own, size.unpacked);
        assert_eq!(size.shared + size.unique, size.unpacked);
        let layers: Bytes = rest.layers.iter().map(|it| it.unpacked).sum();
        let tree: Bytes = rest.tree.entries.iter().map(|it| it.bytes).sum();
        assert_eq!((layers, tree), (size.unpacked, size.unpacked));
        rest
    });
    let (parts, _) = growth(&before, &after, &Policy::default(), &[]);
    let grown: i64 = parts.iter().map(|part| part.delta.0).sum();
    assert_eq!(grown, 2 * 50_000);
}
