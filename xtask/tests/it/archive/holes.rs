//! Files with holes weigh and hold what they unpack to.

use proptest::collection::vec;
use proptest::prelude::*;
use xtask::archive::Verify;
use xtask::model::{ArchiveProblem, Bound, Bytes, Damage};

use super::entries::{entries, paths};
use super::{open_bytes, stream};
use crate::images::{Layout, Packing, Tar, file, image, layer, members};

const FORMATS: [&str; 3] = ["0.0", "0.1", "1.0"];

/// `var/log/lastlog` in one of the formats that GNU tar, bsdtar and star write, of which these
/// offsets and lengths are stored.
fn with_holes(format: &str, content: &[u8], map: &[usize]) -> Tar {
    let bytes = content.len().to_string();
    let pairs = map.as_chunks::<2>().0;
    let parts = pairs.iter().map(|[at, bytes]| &content[*at..at + bytes]);
    let stored = parts.collect::<Vec<_>>().concat();
    let numbers: Vec<String> = map.iter().map(ToString::to_string).collect();
    let text = |number: usize| number.to_string().into_bytes();
    let own: &[u8] = b"var/log/lastlog";
    let made_up = "GNUSparseFile.0/lastlog";
    let mut tar = Tar::default();
    match format {
        "0.0" => {
            let pairs = pairs.iter().flat_map(|[offset, bytes]| {
                let (offset, bytes) = (text(*offset), text(*bytes));
                [
                    ("GNU.sparse.offset", offset),
                    ("GNU.sparse.numbytes", bytes),
                ]
            });
            let pairs: Vec<_> = pairs.collect();
            let mut records = vec![("GNU.sparse.size", bytes.as_bytes())];
            records.push(("GNU.sparse.numblocks", b"3"));
            records.extend(pairs.iter().map(|(key, value)| (*key, &value[..])));
            tar.pax(&records);
            tar.entry(b'0', own, b"", &stored);
        }
        "0.1" => {
            let map = numbers.join(",");
            tar.pax(&[
                ("GNU.sparse.size", bytes.as_bytes()),
                ("GNU.sparse.numblocks", b"3"),
                ("GNU.sparse.name", own),
                ("GNU.sparse.map", map.as_bytes()),
            ]);
            tar.entry(b'0', made_up.as_bytes(), b"", &stored);
        }
        _ => {
            tar.pax(&[
                ("GNU.sparse.major", b"1"),
                ("GNU.sparse.minor", b"0"),
                ("GNU.sparse.name", own),
                ("GNU.sparse.realsize", bytes.as_bytes()),
            ]);
            let mut before = format!("{}\n{}\n", pairs.len(), numbers.join("\n"));
            let padding = before.len().next_multiple_of(512) - before.len();
            before.extend(std::iter::repeat_n('\0', padding));
            let whole = [before.as_bytes(), &stored].concat();
            tar.entry(b'0', made_up.as_bytes(), b"", &whole);
        }
    }
    tar
}

/// As Docker, which unpacks them with their holes.
#[test]
fn a_file_with_holes_weighs_what_it_unpacks_to() {
    let mut content = vec![0; 1_048_868];
    content[..11].copy_from_slice(b"#!/bin/sh\nx");
    content[11..1_000].fill(7);
    content[1_048_168..].fill(9);
    let map = [0, 1_000, 5_000, 0, 1_048_168, 700];
    for format in FORMATS {
        let mut tar = with_holes(format, &content, &map);
        tar.node(&file("as/it/is", &content));
        tar.node(&file("etc/after", b"after"));
        let archive = members(
            &[image("a:b", vec![tar.end()])],
            Layout::Docker20,
            Packing::Plain,
        );
        let archive = archive.tar();
        let streamed = stream(&archive).unwrap().remove(0);
        for verify in [Verify::Headers, Verify::All] {
            let read = open_bytes(&archive, verify).unwrap();
            assert_eq!(read.layers[0].content.unpacked(), Bytes(2 * 1_048_868 + 5));
            let entries = &read.layers[0].content.entries;
            assert_eq!(paths(entries), ["var/log/lastlog", "as/it/is", "etc/after"]);
            assert_eq!(read.layers[0].content.scripts.len(), 2, "{format}");
        }
        // Both names hold the same bytes.
        let entries = &streamed.layers[0].content.entries;
        assert_eq!(entries[0].kind, entries[1].kind, "{format}");
    }
}

#[test]
fn a_map_of_many_parts_goes_over_several_blocks() {
    let parts = 500_usize;
    let numbers = (0..parts).flat_map(|part| [part * 1_000, 1]);
    let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    let mut before = format!("{parts}\n{}\n", numbers.join("\n")).into_bytes();
    before.resize(before.len().next_multiple_of(512), 0);
    before.extend(vec![b'x'; parts]);
    let mut tar = Tar::default();
    tar.pax(&[
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"many"),
        ("GNU.sparse.realsize", b"1000000"),
    ]);
    tar.entry(b'0', b"made/up", b"", &before);
    tar.node(&file("after", b"12345"));
    let read = entries(tar.end()).unwrap();
    assert_eq!(paths(&read), ["many", "after"]);
    assert_eq!(
        [read[0].bytes(), read[1].bytes()],
        [Bytes(1_000_000), Bytes(5)]
    );
    let mut content = vec![0; 1_000_000];
    (0..parts).for_each(|part| content[part * 1_000] = b'x');
    let plain = entries(layer(&[file("many", &content)])).unwrap();
    assert_eq!(plain[0].kind, read[0].kind);
}

#[test]
fn holes_that_lie_are_damage_and_those_past_the_limit_are_not_filled() {
    let read = |records: &[(&str, &[u8])], content: &[u8]| {
        let mut tar = Tar::default();
        tar.pax(records);
        tar.entry(b'0', b"x", b"", content);
        entries(tar.end()).unwrap_err()
    };
    for (bytes, map) in [
        ("10", "0,3"),
        ("10", "0,5,3,2"),
        ("4", "0,5"),
        ("10", "0,5,9"),
        ("10", "x,5"),
        ("x", "0,5"),
        ("10", "18446744073709551615,5"),
    ] {
        let records = [
            ("GNU.sparse.size", bytes.as_bytes()),
            ("GNU.sparse.map", map.as_bytes()),
        ];
        let refused = read(&records, b"12345");
        let damage = Damage::Extended;
        assert!(
            matches!(&refused, ArchiveProblem::Damaged { damage: it, .. } if *it == damage),
            "{map}: {refused}"
        );
    }
    for content in [&b"9\n"[..], &[b'1'; 4_096], b"18446744073709551615\n"] {
        let refused = read(
            &[
                ("GNU.sparse.major", b"1"),
                ("GNU.sparse.minor", b"0"),
                ("GNU.sparse.realsize", b"9"),
            ],
            content,
        );
        assert!(
            matches!(refused, ArchiveProblem::Damaged { .. }),
            "{refused}"
        );
    }
    let huge = (1_u64 << 60).to_string();
    let records: [(&str, &[u8]); 2] = [
        ("GNU.sparse.size", huge.as_bytes()),
        ("GNU.sparse.map", b"0,5"),
    ];
    let refused = read(&records, b"12345");
    assert!(
        matches!(
            &refused,
            ArchiveProblem::Limit {
                bound: Bound::Holes,
                ..
            }
        ),
        "{refused}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same file with and without its holes, whatever the parts.
    #[test]
    fn holes_and_zeros_are_the_same(parts in vec((0..3_000_usize, 0..3_000_usize), 1..60), end in 0..2_000_usize) {
        let (mut map, mut content) = (Vec::new(), Vec::new());
        for (hole, bytes) in parts {
            content.resize(content.len() + hole, 0);
            map.extend([content.len(), bytes]);
            content.extend((0..bytes).map(|at| u8::try_from(at % 251).unwrap() + 1));
        }
        content.resize(content.len() + end, 0);
        let plain = entries(layer(&[file("var/log/lastlog", &content)])).unwrap();
        for format in FORMATS {
            let mut tar = with_holes(format, &content, &map);
            tar.node(&file("after", b"12345"));
            let read = entries(tar.end()).unwrap();
            prop_assert_eq!(&read[0].kind, &plain[0].kind, "{}", format);
            prop_assert_eq!(paths(&read), ["var/log/lastlog", "after"]);
        }
    }
}
