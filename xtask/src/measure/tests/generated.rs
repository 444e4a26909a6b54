//! Layer stacks of every odd kind, in few paths, so that they often meet.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::made::{directory, file, image, link, opaque, symlink, unread, whiteout};
use crate::model::{Entry, ImageRecord, Kind};

#[derive(Clone, Debug)]
enum Sort {
    File(u64),
    Unread,
    Link(String),
    Symlink,
    Directory,
    Whiteout,
    Opaque,
}

fn path() -> impl Strategy<Value = String> {
    // `-` sorts before `/`, which must not split a directory from what lies in it.
    vec(prop_oneof![Just("a"), Just("b"), Just("a-")], 1..=3).prop_map(|names| names.join("/"))
}

fn sort() -> impl Strategy<Value = Sort> {
    prop_oneof![
        6 => (0_u64..3).prop_map(Sort::File),
        1 => Just(Sort::Unread),
        3 => path().prop_map(Sort::Link),
        1 => Just(Sort::Symlink),
        3 => Just(Sort::Directory),
        2 => Just(Sort::Whiteout),
        1 => Just(Sort::Opaque),
    ]
}

/// Each path once, as `archive` gives them; a marker has a name of its own in the tar.
fn layer(unique: u64, words: Vec<(String, Sort)>) -> Vec<Entry> {
    let mut taken = BTreeSet::new();
    let mut entries = Vec::new();
    for (number, (path, sort)) in (0..).zip(words) {
        let entry = match sort {
            Sort::File(seed) => file(&path, 10 + seed, seed),
            Sort::Unread => unread(&path, 10_000 + 100 * unique + number),
            Sort::Link(target) => link(&path, &target),
            Sort::Symlink => symlink(&path, "a"),
            Sort::Directory => directory(&path),
            Sort::Whiteout => whiteout(&path),
            Sort::Opaque => opaque(&path),
        };
        let marker = match entry.kind {
            Kind::Whiteout => 1,
            Kind::Opaque => 2,
            _ => 0,
        };
        if taken.insert((path, marker)) {
            entries.push(entry);
        }
    }
    entries
}

/// Up to six layers; now and then the lowest comes again on top.
pub(crate) fn stack() -> impl Strategy<Value = ImageRecord> {
    let layers = vec(vec((path(), sort()), 0..12), 1..6);
    (layers, prop::bool::weighted(0.2)).prop_map(|(layers, is_repeated)| {
        let layers = (0..)
            .zip(layers)
            .map(|(number, words)| layer(number, words));
        let mut record = image(layers.collect());
        if is_repeated {
            record.layers.push(record.layers[0].clone());
        }
        record
    })
}
