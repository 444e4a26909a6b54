//! The kit's figures against a count that shares nothing with it: the layers are unpacked into
//! a real directory one after another, and what is there is walked.

mod root;
mod written;

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use xtask::archive::Verify;
use xtask::measure;
use xtask::model::{Bytes, Fate, ImageRecord, Kind, Wasted};

use crate::archive::{open_bytes, stream};
use crate::images::{LAYOUTS, Layout, Node, NodeKind, Packing, image, layer, members};
use root::{Counted, Root};

/// Few paths, so that they often meet. `-` sorts before `/`, and not every name is UTF-8.
fn path() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        6 => Just(&b"a"[..]),
        6 => Just(&b"b"[..]),
        1 => Just(&b"a-"[..]),
        1 => Just(&b"\xff"[..]),
    ];
    let depth = prop_oneof![3 => Just(1_usize), 3 => Just(2), 1 => Just(3)];
    let names = depth.prop_flat_map(move |depth| vec(name.clone(), depth));
    names.prop_map(|names| names.join(&b'/'))
}

fn marker(path: &[u8], name: &[u8]) -> Vec<u8> {
    let end = path.iter().rposition(|byte| *byte == b'/');
    [&path[..end.map_or(0, |end| end + 1)], b".wh.", name].concat()
}

fn node() -> impl Strategy<Value = Node> {
    // Of a size each its own, and of one size with one of two contents: by headers alone the
    // first are told apart and the second are not.
    let content = prop_oneof![
        3 => (0..3_usize).prop_map(|seed| vec![b'x'; 40 + seed]),
        3 => (0..2_u8).prop_map(|seed| vec![seed; 700]),
        1 => (1_000..9_000_usize).prop_map(|bytes| vec![b'y'; bytes]),
    ];
    let kind = prop_oneof![
        6 => content.prop_map(NodeKind::File),
        8 => path().prop_map(NodeKind::HardLink),
        1 => path().prop_map(NodeKind::Symlink),
        3 => Just(NodeKind::Directory),
    ];
    let whiteout = path().prop_map(|path| {
        let name = path.rsplit(|byte| *byte == b'/').next().unwrap();
        marker(&path, name)
    });
    let opaque = path().prop_map(|path| marker(&path, b".wh..opq"));
    let empty = || NodeKind::File(Vec::new());
    prop_oneof![
        14 => (path(), kind).prop_map(|(path, kind)| Node { path, kind }),
        3 => whiteout.prop_map(move |path| Node { path, kind: empty() }),
        1 => opaque.prop_map(move |path| Node { path, kind: empty() }),
    ]
}

/// A file, a link to it, and its name again: the link alone keeps what was there.
fn written_again() -> impl Strategy<Value = Vec<Node>> {
    (path(), path(), node(), any::<bool>()).prop_map(|(path, link, other, removes)| {
        let linked = path.clone();
        let again = NodeKind::File(if removes { Vec::new() } else { vec![b'z'; 55] });
        vec![
            Node {
                path: path.clone(),
                kind: NodeKind::File(vec![b'y'; 77]),
            },
            Node {
                path: link,
                kind: NodeKind::HardLink(linked),
            },
            other,
            Node { path, kind: again },
        ]
    })
}

fn nodes() -> impl Strategy<Value = Vec<Node>> {
    let some = || vec(node(), 0..14);
    let pair = (written_again(), vec(node(), 0..10));
    prop_oneof![
        3 => some(),
        1 => pair.prop_map(|(written, rest)| [written, rest].concat()),
    ]
}

/// Up to six layers; now and then the lowest comes again on top, and now and then a layer
/// writes again all that the one below it holds, as `chown -R` does.
fn stack() -> impl Strategy<Value = Vec<Vec<Node>>> {
    let layers = vec(nodes(), 1..6);
    (layers, 0..5_u8).prop_map(|(mut layers, again)| {
        match again {
            0 => layers.push(layers[0].clone()),
            1 => layers.insert(1, layers[0].clone()),
            _ => {}
        }
        layers
    })
}

/// Unpacks what can be; the tars hold just that, for no builder writes anything else.
fn unpacked(stack: &[Vec<Node>]) -> (Counted, Vec<Vec<u8>>) {
    let mut root = Root::new();
    let tars = stack.iter().map(|nodes| layer(&root.unpack(nodes)));
    let tars = tars.collect();
    (root.count(), tars)
}

fn agree(record: &ImageRecord, counted: &Counted, how: &str) {
    let subject = measure::Subject {
        record,
        command: None,
        engine_reported: None,
        source: None,
        base: None,
    };
    let found = measure::images(&[subject]).remove(0);
    let layers: Vec<Bytes> = found.layers.iter().map(|layer| layer.unpacked).collect();
    assert_eq!(layers, counted.layers, "{how}: layers");
    let size = (found.size.unpacked, found.size.live, found.size.wasted);
    assert_eq!(size, counted.size(), "{how}: unpacked, live, wasted");
    let mut told: BTreeMap<usize, Fate> = BTreeMap::new();
    for file in measure::files(record) {
        if matches!(file.kind, Kind::File { .. }) {
            let name = (file.layer, file.path.as_bytes().to_vec());
            let inode = counted.names[&name];
            assert_eq!(told.insert(inode, file.fate), None, "{how}: {name:?} twice");
        }
    }
    assert_eq!(told, counted.fates, "{how}: fates");
}

fn check(stack: &[Vec<Node>], layout: Layout, packing: Packing) {
    let (counted, tars) = unpacked(stack);
    let archive = members(&[image("a:b", tars)], layout, packing).tar();
    agree(&stream(&archive).unwrap()[0], &counted, "stream");
    for verify in [Verify::Headers, Verify::All] {
        agree(&open_bytes(&archive, verify).unwrap(), &counted, "file");
    }
}

/// Neither a loss nor a link's target is told by what a symlink leads to.
#[test]
fn no_symlink_of_a_lower_layer_is_followed() {
    let node = |path: &[u8], kind| Node {
        path: path.to_vec(),
        kind,
    };
    let file = |path: &[u8]| node(path, NodeKind::File(vec![b'x'; 42]));
    let link = |path: &[u8], to: &[u8]| node(path, NodeKind::Symlink(to.to_vec()));
    let hard = |path: &[u8], to: &[u8]| node(path, NodeKind::HardLink(to.to_vec()));
    let replaced = [vec![file(b"a/a")], vec![link(b"a", b"b"), file(b"b/a")]];
    let linked = [
        vec![file(b"b/a/a")],
        vec![link(b"a", b"b/a")],
        vec![hard(b"b", b"a/a")],
        vec![file(b"b/a/a")],
    ];
    for stack in [&replaced[..], &linked[..]] {
        check(stack, LAYOUTS[0], Packing::Plain);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn what_is_counted_in_a_real_directory_is_what_the_kit_says(
        stack in stack(),
        layout in proptest::sample::select(LAYOUTS.to_vec()),
        packing in proptest::sample::select(vec![Packing::Plain, Packing::Gzip]),
    ) {
        check(&stack, layout, packing);
    }
}

/// What the property is worth hangs on what the stacks hold.
#[test]
fn the_stacks_hold_every_odd_thing_often() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..128 {
        let stack = stack().new_tree(&mut runner).unwrap().current();
        let counted = unpacked(&stack).0;
        for what in &counted.seen {
            *seen.entry(what).or_default() += 1;
        }
        for fate in counted.fates.values() {
            *seen.entry(fate_name(*fate)).or_default() += 1;
        }
    }
    for what in root::ODD.into_iter().chain(FATES.map(fate_name)) {
        assert!(seen.get(what) >= Some(&10), "{what}: {seen:?}");
    }
}

const FATES: [Fate; 4] = [
    Fate::Live,
    Fate::Overwritten,
    Fate::Deleted,
    Fate::MetadataOnly,
];

fn fate_name(fate: Fate) -> &'static str {
    match fate {
        Fate::Live => "live",
        Fate::Overwritten => "overwritten",
        Fate::Deleted => "deleted",
        Fate::MetadataOnly => "written again",
    }
}

impl Counted {
    fn size(&self) -> (Bytes, Bytes, Wasted) {
        let sum = |wanted: Fate| {
            let fates = self.fates.iter().filter(|(_, fate)| **fate == wanted);
            fates.map(|(inode, _)| Bytes(self.bytes[inode])).sum()
        };
        let wasted = Wasted {
            overwritten: sum(Fate::Overwritten),
            deleted: sum(Fate::Deleted),
            metadata_only: sum(Fate::MetadataOnly),
        };
        (self.layers.iter().copied().sum(), self.live, wasted)
    }
}
