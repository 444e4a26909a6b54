//! How long stacks of the sizes met in practice take. Printed, not asserted: run with
//! `cargo test -- --ignored --nocapture speed`.

use std::time::Instant;

use super::made::{file, image, measured, whiteout};
use crate::model::ImageRecord;

/// A base of 8,000 files, an installation of 12,000, a tenth of them in directories that the
/// base has too, and five small layers.
fn typical(files: u64) -> ImageRecord {
    let spread = |from: u64, to: u64, top: &str| {
        (from..to)
            .map(|n| {
                let dir = n / 7 % 900;
                let path = format!(
                    "usr/{top}/directory-{}/package-{dir}/file-number-{n}.py",
                    dir % 40
                );
                file(&path, 1_000 + n % 50_000, n)
            })
            .collect::<Vec<_>>()
    };
    let mut installed = spread(files * 2 / 5, files, "lib");
    installed.extend((0..files / 16).map(|n| file(&format!("usr/bin/tool-{n}"), n, n)));
    let mut base = spread(0, files * 2 / 5, "share");
    base.extend((0..files / 20).map(|n| file(&format!("usr/bin/program-{n}"), n, n)));
    for layer in [&mut base, &mut installed] {
        layer.sort_by(|one, other| one.path.cmp(&other.path));
    }
    let small = |n: u64| vec![file(&format!("app/{n}"), n, n), file("var/log/x", n, n)];
    image(vec![
        base,
        installed,
        small(1),
        small(2),
        small(3),
        small(4),
        small(5),
    ])
}

#[test]
#[ignore = "prints times, asserts nothing"]
#[expect(clippy::print_stderr, reason = "it prints times")]
fn speed() {
    let time = |name: &str, record: &ImageRecord| {
        let entries: usize = record
            .layers
            .iter()
            .map(|layer| layer.content.entries.len())
            .sum();
        let best = (0..5)
            .map(|_| {
                let start = Instant::now();
                let found = measured(record);
                assert_eq!(
                    found.size.unpacked,
                    found.size.live + found.size.wasted.total()
                );
                start.elapsed()
            })
            .min();
        eprintln!("{name}: {entries} entries, {:?}", best.unwrap());
    };
    time("typical", &typical(20_000));
    time("large", &typical(500_000));
    for whiteouts in [25_000, 50_000, 100_000, 200_000] {
        let layers = (0..120_u64).map(|layer| {
            (0..whiteouts / 120)
                .map(|n| match layer % 2 {
                    0 => file(&format!("d{}/f{n}", layer % 4), n, n),
                    _ => whiteout(&format!("d{}/f{n}", (layer + 3) % 4)),
                })
                .collect()
        });
        time("120 layers of whiteouts", &image(layers.collect()));
    }
}
