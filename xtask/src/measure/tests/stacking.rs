use std::sync::Arc;

use proptest::prelude::*;

use super::generated::stack;
use super::made::{directory, file, image, link, measured, opaque, symlink, unread, whiteout};
use super::naive;
use crate::measure::files;
use crate::model::{
    Bytes, Entry, Fate, ImageRecord, Kind, Layer, Measure, Measured, Policy, Wasted,
};

fn fate_of(record: &ImageRecord, layer: usize, path: &str) -> Fate {
    let fates = files(record);
    let found = fates.iter().find(|file| {
        file.layer == layer && file.path.to_string() == path && file.kind != Kind::Whiteout
    });
    found.expect("no such entry").fate
}

#[test]
fn a_deleted_file_still_counts_in_its_layer() {
    let record = image(vec![vec![file("big", 100, 1)], vec![whiteout("big")]]);
    let found = measured(&record);
    assert_eq!(found.size.unpacked, Bytes(100));
    assert_eq!(found.size.live, Bytes(0));
    assert_eq!(found.size.wasted.deleted, Bytes(100));
    assert_eq!(found.layers[0].wasted, Bytes(100));
}

#[test]
fn a_chowned_file_wastes_its_size_once_and_only_its_metadata_was_rewritten() {
    let record = image(vec![vec![file("big", 100, 1)], vec![file("big", 100, 1)]]);
    let found = measured(&record);
    assert_eq!(
        (found.size.live, found.size.wasted.metadata_only),
        (Bytes(100), Bytes(100))
    );
    assert_eq!(found.size.duplicate, Bytes(0));
}

#[test]
fn a_file_that_grows_wastes_what_it_was() {
    let record = image(vec![vec![file("log", 1, 1)], vec![file("log", 100, 2)]]);
    let found = measured(&record);
    assert_eq!(found.size.wasted.overwritten, Bytes(1));
    assert_eq!(found.size.live, Bytes(100));
}

#[test]
fn the_first_layer_above_that_touches_a_file_decides_its_fate() {
    let record = image(vec![
        vec![file("x", 10, 1)],
        vec![file("x", 20, 2)],
        vec![whiteout("x")],
        vec![file("x", 10, 1)],
    ]);
    let fates: Vec<_> = (0..4)
        .map(|layer| {
            let fates = files(&record);
            fates.iter().find(|file| file.layer == layer).unwrap().fate
        })
        .collect();
    assert_eq!(
        fates,
        [Fate::Overwritten, Fate::Deleted, Fate::Live, Fate::Live]
    );
}

#[test]
fn a_removed_directory_takes_all_that_lies_in_it_and_is_one_item_of_waste() {
    let record = image(vec![
        vec![
            file("d/one", 10, 1),
            file("d/e/two", 20, 2),
            file("d-", 5, 3),
        ],
        vec![whiteout("d")],
    ]);
    let found = measured(&record);
    assert_eq!(found.size.wasted.deleted, Bytes(30));
    assert_eq!(found.waste.len(), 1);
    assert_eq!(found.waste[0].path.to_string(), "d");
    assert_eq!(found.waste[0].bytes, Bytes(30));
}

#[test]
fn an_opaque_marker_spares_its_own_layer_wherever_it_stands() {
    for marker_first in [true, false] {
        let mut upper = vec![directory("d"), file("d/new", 7, 2)];
        upper.insert(if marker_first { 0 } else { 2 }, opaque("d"));
        let record = image(vec![vec![file("d/old", 10, 1)], upper]);
        assert_eq!(fate_of(&record, 0, "d/old"), Fate::Deleted);
        assert_eq!(fate_of(&record, 1, "d/new"), Fate::Live);
    }
}

#[test]
fn a_whiteout_beside_a_new_file_of_its_name_is_an_overwrite() {
    let record = image(vec![
        vec![file("x", 10, 1)],
        vec![file("x", 20, 2), whiteout("x")],
    ]);
    assert_eq!(fate_of(&record, 0, "x"), Fate::Overwritten);
    assert_eq!(fate_of(&record, 1, "x"), Fate::Live);
}

#[test]
fn a_file_that_replaces_a_directory_removes_what_lay_in_it() {
    let record = image(vec![
        vec![directory("d"), file("d/e/x", 10, 1)],
        vec![file("d", 20, 2)],
        vec![file("d/e/x", 10, 1)],
    ]);
    assert_eq!(fate_of(&record, 0, "d/e/x"), Fate::Deleted);
    assert_eq!(fate_of(&record, 1, "d"), Fate::Overwritten);
    assert_eq!(fate_of(&record, 2, "d/e/x"), Fate::Live);
}

#[test]
fn a_directory_or_a_symlink_replaces_a_file() {
    for above in [directory("x"), symlink("x", "y"), file("x/below", 1, 9)] {
        let record = image(vec![vec![file("x", 10, 1)], vec![above]]);
        assert_eq!(fate_of(&record, 0, "x"), Fate::Overwritten);
    }
}

#[test]
fn what_lies_under_a_symlinked_directory_stays_as_it_is_named() {
    let record = image(vec![
        vec![file("usr/lib/x", 10, 1), symlink("lib", "usr/lib")],
        vec![file("lib/x", 20, 2)],
    ]);
    assert_eq!(measured(&record).size.live, Bytes(30));
}

#[test]
fn a_hard_linked_file_is_live_while_any_of_its_names_is() {
    let lower = || vec![file("a", 10, 1), link("b", "a"), link("c", "b")];
    let record = image(vec![lower(), vec![whiteout("a"), whiteout("b")]]);
    let found = measured(&record);
    assert_eq!(found.size.live, Bytes(10));
    assert_eq!(found.largest[0].path.to_string(), "c");
    let record = image(vec![
        lower(),
        vec![whiteout("a"), whiteout("b"), whiteout("c")],
    ]);
    assert_eq!(measured(&record).size.wasted.deleted, Bytes(10));
}

#[test]
fn which_name_of_a_hard_linked_file_holds_the_bytes_says_nothing() {
    let names = |one: &str, other: &str| vec![file(one, 10, 1), link(other, one)];
    let upper = || vec![whiteout("a"), file("b", 10, 1)];
    for lower in [names("a", "b"), names("b", "a")] {
        let wasted = measured(&image(vec![lower, upper()])).size.wasted;
        assert_eq!(wasted.metadata_only, Bytes(10));
    }
}

#[test]
fn a_hard_link_to_a_lower_file_is_one_more_name_of_it() {
    let record = image(vec![
        vec![file("a", 10, 1)],
        vec![link("b", "a"), whiteout("a")],
    ]);
    assert_eq!(measured(&record).size.live, Bytes(10));
    let record = image(vec![
        vec![file("a", 10, 1)],
        vec![whiteout("a")],
        vec![link("b", "a")],
    ]);
    assert_eq!(measured(&record).size.live, Bytes(0));
}

#[test]
fn hard_links_to_nothing_and_in_circles_are_harmless() {
    let record = image(vec![vec![
        link("a", "b"),
        link("b", "a"),
        link("c", "c"),
        link("d", "nowhere"),
        file("e", 1, 1),
    ]]);
    assert_eq!(measured(&record).size.live, Bytes(1));
}

#[test]
fn allowed_waste_is_left_out_to_the_byte_however_many_files_waste() {
    let files = |_| {
        let of = |dir: &'static str, count: u64| {
            (1..=count).map(move |at| file(&format!("{dir}/f{at}"), at, 7))
        };
        of("a", 120).chain(of("c/d", 90)).collect()
    };
    let found = measured(&image([0, 1].map(files).to_vec()));
    let sum = |count: u64| count * (count + 1) / 2;
    let counted = |allowed: &str| {
        let policy = Policy {
            counts: Measure::Wasted,
            allow_waste: vec![allowed.to_owned()],
            ..Policy::default()
        };
        let layers = found.layers.iter().enumerate();
        let parts = layers.map(|(at, layer)| policy.counted_in(&found, at, layer));
        let counted = policy.counted(&found);
        assert_eq!(parts.sum::<Bytes>(), counted);
        counted.0
    };
    assert_eq!(counted("none"), sum(120) + sum(90));
    assert_eq!(counted("a"), sum(90));
    assert_eq!(counted("c"), sum(120));
}

#[test]
fn a_layer_that_comes_twice_wastes_its_first_place_whether_it_was_read_or_not() {
    let mut record = image(vec![vec![file("x", 10, 1), unread("y", 11)]]);
    record.layers.push(record.layers[0].clone());
    let found = measured(&record);
    assert_eq!(found.size.wasted.metadata_only, Bytes(21));
    assert_eq!(found.size.live, Bytes(21));
}

#[test]
fn a_copy_at_another_live_path_is_a_duplicate_and_a_hard_link_is_none() {
    let record = image(vec![vec![
        file("a", 10, 1),
        link("b", "a"),
        file("c", 10, 1),
        file("d", 10, 1),
    ]]);
    assert_eq!(measured(&record).size.duplicate, Bytes(20));
}

#[test]
fn a_small_directory_is_folded_into_the_one_above_within_its_layer() {
    let record = image(vec![
        vec![
            file("usr/lib/big", 5_000, 1),
            file("usr/lib/x/small", 100, 2),
            file("usr/y", 1, 3),
        ],
        vec![file("usr/lib/x/big", 4_096, 4)],
    ]);
    let tree = measured(&record).tree;
    let seen: Vec<_> = tree
        .entries
        .iter()
        .map(|entry| (entry.path.to_string(), entry.bytes.0, entry.layer))
        .collect();
    assert_eq!(
        seen,
        [
            (String::new(), 1, 0),
            ("usr/lib".to_owned(), 5_100, 0),
            ("usr/lib/x".to_owned(), 4_096, 1)
        ]
    );
}

fn assert_conserved(found: &Measured) {
    let size = &found.size;
    let sum = |of: &dyn Fn(&crate::model::LayerSize) -> Bytes| -> Bytes {
        found.layers.iter().map(of).sum()
    };
    assert_eq!(size.unpacked, size.live + size.wasted.total());
    assert_eq!(size.unpacked, size.base + size.own);
    assert_eq!(size.unpacked, size.shared + size.unique);
    assert_eq!(size.unpacked, sum(&|layer| layer.unpacked));
    assert_eq!(size.wasted.total(), sum(&|layer| layer.wasted));
    let in_tree: Bytes = found.tree.entries.iter().map(|entry| entry.bytes).sum();
    assert_eq!(size.unpacked, in_tree);
    for (number, layer) in found.layers.iter().enumerate() {
        let entries = found.tree.entries.iter();
        let of_layer = entries.filter(|entry| entry.layer == number);
        assert_eq!(layer.unpacked, of_layer.map(|entry| entry.bytes).sum());
    }
}

/// Sums of the oracle's fates.
fn expected(record: &ImageRecord) -> (Bytes, Wasted) {
    let (mut live, mut wasted) = (Bytes::ZERO, Wasted::default());
    for ((layer, place), fate) in naive::fates(record) {
        let bytes = record.layers[layer].content.entries[place].bytes();
        match fate {
            Fate::Live => live += bytes,
            Fate::Overwritten => wasted.overwritten += bytes,
            Fate::Deleted => wasted.deleted += bytes,
            Fate::MetadataOnly => wasted.metadata_only += bytes,
        }
    }
    (live, wasted)
}

fn shuffled(record: &ImageRecord, order: &[u16]) -> ImageRecord {
    let mut record = record.clone();
    for layer in &mut record.layers {
        let mut entries: Vec<(u16, Entry)> = layer
            .content
            .entries
            .iter()
            .enumerate()
            .map(|(place, entry)| (order[place % order.len()], entry.clone()))
            .collect();
        entries.sort_by_key(|(rank, _)| *rank);
        layer.content = Arc::new(Layer {
            diff_id: layer.content.diff_id,
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
            scripts: layer.content.scripts.clone(),
        });
    }
    record
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn every_file_meets_the_fate_that_unpacking_the_layers_gives_it(record in stack()) {
        let expected = naive::fates(&record);
        let found = files(&record);
        let mut place = 0;
        for (number, layer) in record.layers.iter().enumerate() {
            for entry in 0..layer.content.entries.len() {
                if let Some(fate) = expected.get(&(number, entry)) {
                    prop_assert_eq!(found[place].fate, *fate, "layer {} {:?}", number, &found[place]);
                }
                place += 1;
            }
        }
    }

    #[test]
    fn every_byte_is_counted_once_whatever_way_it_is_added_up(record in stack()) {
        let found = measured(&record);
        assert_conserved(&found);
        prop_assert_eq!((found.size.live, found.size.wasted), expected(&record));
        let in_files: Bytes = files(&record).iter().map(|file| file.bytes).sum();
        prop_assert_eq!(found.size.unpacked, in_files);
        let waste: Bytes = found.waste.iter().map(|path| path.bytes).sum();
        prop_assert_eq!(waste, found.size.wasted.total());
    }

    #[test]
    fn the_order_of_entries_in_a_layer_says_nothing(record in stack(), order in prop::collection::vec(any::<u16>(), 1..12)) {
        let one = measured(&record);
        let other = measured(&shuffled(&record, &order));
        prop_assert_eq!(one.size, other.size);
        prop_assert_eq!(one.tree, other.tree);
    }
}
