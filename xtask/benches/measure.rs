//! How long stacking takes, by the number of entries: each line's time a thousand entries
//! should be about that of the line above it.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod made;

use std::time::{Duration, Instant};

use xtask::measure::{Subject, images};
use xtask::model::{Entry, ImageRecord, Kind};

use self::made::{entry, file, image};

fn main() {
    for files in [20_000, 100_000, 500_000] {
        time("files in a base, an installation, an app", &typical(files));
    }
    for entries in [50_000, 100_000, 200_000] {
        time("files and whiteouts in 120 layers", &whiteouts(entries));
    }
}

#[expect(clippy::cast_precision_loss, reason = "a time is shown")]
fn time(name: &str, record: &ImageRecord) {
    let held = record
        .layers
        .iter()
        .map(|layer| layer.content.entries.len());
    let entries: usize = held.sum();
    let best = (0..5).map(|_| once(record)).min().unwrap_or_default();
    let each = best.as_secs_f64() * 1e9 / entries as f64;
    println!("{entries:>7} entries {best:>10.1?} {each:>6.0} ns each: {name}");
}

fn once(record: &ImageRecord) -> Duration {
    let start = Instant::now();
    let found = images(&[Subject {
        record,
        command: None,
        engine_reported: None,
        source: None,
        base: None,
    }]);
    let took = start.elapsed();
    assert!(found[0].size.unpacked == found[0].size.live + found[0].size.wasted.total());
    took
}

/// Two fifths in the base, the rest installed over it, in part into the same directories.
fn typical(files: u64) -> ImageRecord {
    let layer = |from: u64, to: u64, top: &str| {
        let apart = (from..to).map(|n| {
            let dir = n / 7 % 900;
            let path = format!("usr/{top}/directory-{}/package-{dir}/file-{n}.py", dir % 40);
            file(&path, n)
        });
        let together = (from..to).step_by(10);
        let mut entries: Vec<Entry> = apart
            .chain(together.map(|n| file(&format!("usr/bin/{top}-{n}"), n)))
            .collect();
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        entries
    };
    let mut layers = vec![
        layer(0, files * 2 / 5, "share"),
        layer(files * 2 / 5, files, "lib"),
    ];
    layers.extend((0..5).map(|n| vec![file(&format!("app/{n}"), n), file("var/log/x", n)]));
    image(layers)
}

/// Every other layer removes what the one below it brought.
fn whiteouts(entries: u64) -> ImageRecord {
    let layers = (0..120_u64).map(|layer| {
        let entry = |n: u64| match layer % 2 {
            0 => file(&format!("d{}/f{n}", layer % 4), n),
            _ => entry(&format!("d{}/f{n}", (layer + 3) % 4), Kind::Whiteout),
        };
        (0..entries / 120).map(entry).collect()
    });
    image(layers.collect())
}
