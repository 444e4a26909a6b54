//! Layer stacks that nobody thought of, in every layout, whole and damaged.

use std::collections::HashMap;

use proptest::collection::vec;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use xtask::archive::Verify;
use xtask::model::{Bytes, Digest, Entry, ImageRecord, Kind, Verified};

use super::{open_bytes, stream};
use crate::images::{
    Image, LAYOUTS, Layout, Node, NodeKind, PACKINGS, Packing, image, layer, members, pack,
};

/// Paths that meet each other often.
fn path() -> impl Strategy<Value = String> {
    let name = || prop_oneof![4 => "[abc]", 1 => Just("é".to_owned()), 1 => "[x]{120}"];
    let hides = prop_oneof![Just(".wh.a".to_owned()), Just(".wh..wh..opq".to_owned())];
    let last = prop_oneof![4 => name(), 1 => hides];
    (prop_oneof!["", "\\./", "/"], vec(name(), 0..3), last)
        .prop_map(|(before, names, last)| before + &[names, vec![last]].concat().join("/"))
}

/// Contents that agree in size or beginning more often than files do.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop_oneof![
        Just(0),
        Just(5),
        Just(512),
        Just(513),
        Just(2_000),
        0..9_000_usize
    ];
    (bytes, 0..2_u8, 0..2_u8).prop_map(|(bytes, first, last)| {
        let mut content = vec![first; bytes];
        if let Some(end) = content.last_mut() {
            *end = last;
        }
        content
    })
}

fn nodes() -> impl Strategy<Value = Vec<Node>> {
    let kind = prop_oneof![
        5 => content().prop_map(NodeKind::File),
        1 => Just(NodeKind::Directory),
        1 => path().prop_map(|target| NodeKind::Symlink(target.into_bytes())),
        1 => path().prop_map(|target| NodeKind::HardLink(target.into_bytes())),
        1 => Just(NodeKind::Pipe),
    ];
    let node = (path(), kind).prop_map(|(path, kind)| Node {
        path: path.into_bytes(),
        kind,
    });
    vec(node, 0..12)
}

/// A stack in which a layer may occur twice.
fn stack() -> impl Strategy<Value = Vec<Vec<Node>>> {
    (vec(nodes(), 0..4), any::<bool>()).prop_map(|(mut layers, repeat)| {
        if repeat && let Some(first) = layers.first().cloned() {
            layers.push(first);
        }
        layers
    })
}

fn layout() -> impl Strategy<Value = Layout> {
    proptest::sample::select(LAYOUTS.to_vec())
}

fn packing() -> impl Strategy<Value = Packing> {
    proptest::sample::select(PACKINGS.to_vec())
}

fn built(stack: &[Vec<Node>]) -> Image {
    image(
        "ex08:multi",
        stack.iter().map(|nodes| layer(nodes)).collect(),
    )
}

fn normal(path: &[u8]) -> String {
    let path = String::from_utf8(path.to_vec()).unwrap();
    path.split('/')
        .filter(|name| !["", "."].contains(name))
        .collect::<Vec<_>>()
        .join("/")
}

/// A name that is there once a layer is unpacked so far.
struct Name {
    path: String,
    marks: Marks,
    kind: Kind,
    /// The node that brought the file that this names.
    file: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    Nothing,
    Whiteout,
    Opaque,
}

/// The entries that a layer should have, found another way than the kit finds them: a list of
/// names to which each node of the tar does what an engine does when it unpacks it.
fn expected(nodes: &[Node]) -> Vec<Entry> {
    let mut names: Vec<Name> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        let path = normal(&node.path);
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let (path, marks) = if name == ".wh..wh..opq" {
            (parent.to_owned(), Marks::Opaque)
        } else if let Some(hidden) = name.strip_prefix(".wh.") {
            let hidden = format!("{parent}/{hidden}");
            (normal(hidden.as_bytes()), Marks::Whiteout)
        } else {
            (path.clone(), Marks::Nothing)
        };
        let is_replaced = |it: &Name| it.path == path && it.marks == marks;
        if marks != Marks::Nothing || matches!(node.kind, NodeKind::Directory) {
            names.retain(|it| !is_replaced(it));
        } else {
            // What is no directory leaves nothing in its place, nor of what lay in it.
            let below = format!("{path}/");
            let is_opaque = |it: &Name| it.path == path && it.marks == Marks::Opaque;
            names.retain(|it| !(is_replaced(it) || is_opaque(it) || it.path.starts_with(&below)));
        }
        let (kind, file) = match marks {
            Marks::Whiteout => (Kind::Whiteout, None),
            Marks::Opaque => (Kind::Opaque, None),
            Marks::Nothing => brought(at, &node.kind, &names),
        };
        names.push(Name {
            path,
            marks,
            kind,
            file,
        });
    }
    let left = names.iter().enumerate();
    left.map(|(at, name)| left_of(at, name, &names, nodes))
        .collect()
}

/// What a node brings, and the node whose file it names.
fn brought(at: usize, kind: &NodeKind, names: &[Name]) -> (Kind, Option<usize>) {
    match kind {
        NodeKind::File(content) => (file_of(content), Some(at)),
        NodeKind::Directory => (Kind::Directory, None),
        NodeKind::Symlink(target) => {
            let target = target.clone().into();
            (Kind::Symlink { target }, None)
        }
        NodeKind::HardLink(target) => {
            let target = normal(target);
            let is_it = |it: &&Name| it.path == target && it.marks == Marks::Nothing;
            let file = names.iter().find(is_it).and_then(|it| it.file);
            let target = target.as_str().into();
            (Kind::HardLink { target }, file)
        }
        NodeKind::Pipe => (Kind::Device, None),
    }
}

/// A name that is left. Content that is still named is held by the first name of it.
fn left_of(at: usize, name: &Name, names: &[Name], nodes: &[Node]) -> Entry {
    let first = names.iter().position(|it| it.file == name.file);
    let kind = match (&name.kind, name.file, first) {
        (Kind::HardLink { .. }, Some(file), Some(first)) if first == at => {
            let NodeKind::File(content) = &nodes[file].kind else {
                panic!("a file is of a file");
            };
            file_of(content)
        }
        (Kind::HardLink { .. }, Some(_), Some(first)) => Kind::HardLink {
            target: names[first].path.as_str().into(),
        },
        (kind, ..) => kind.clone(),
    };
    Entry {
        path: name.path.as_str().into(),
        kind,
        mode: 0o644,
        stamp: 0,
    }
}

fn file_of(content: &[u8]) -> Kind {
    Kind::File {
        bytes: Bytes(content.len() as u64),
        content: Some(Digest::from_hash(Sha256::digest(content).into())),
    }
}

/// A record with only what reading headers can tell.
fn without_content(record: &ImageRecord) -> Vec<Vec<Entry>> {
    let layers = record.layers.iter();
    layers
        .map(|layer| {
            let mut entries = layer.content.entries.clone();
            for entry in &mut entries {
                if let Kind::File { content, .. } = &mut entry.kind {
                    *content = None;
                }
            }
            entries
        })
        .collect()
}

/// Without the stamps, which stand for what these tests write the same everywhere.
fn entries(record: &ImageRecord) -> Vec<Vec<Entry>> {
    let layers = record.layers.iter();
    let unstamped = |entry: &Entry| Entry {
        stamp: 0,
        ..entry.clone()
    };
    let entries = layers.map(|layer| layer.content.entries.iter().map(unstamped));
    entries.map(Iterator::collect).collect()
}

/// What is left unread must be unlike every other file of the image.
fn check_headers(read: &ImageRecord, whole: &[Vec<Entry>]) {
    let mut times: HashMap<Digest, usize> = HashMap::new();
    let content = |entry: &Entry| match entry.kind {
        Kind::File { content, .. } => content,
        _ => None,
    };
    for digest in whole.iter().flatten().filter_map(content) {
        *times.entry(digest).or_default() += 1;
    }
    for (read, whole) in entries(read).iter().flatten().zip(whole.iter().flatten()) {
        assert_eq!((&read.path, read.bytes()), (&whole.path, whole.bytes()));
        match (content(read), content(whole)) {
            (None, Some(digest)) => assert_eq!(times[&digest], 1, "{read:?}"),
            (read, whole) => assert_eq!(read, whole),
        }
    }
}

/// A failing case prints itself; it belongs in a test of its own and not in a file.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_layout_and_packing_gives_the_same_image(
        stack in stack(),
        layout in layout(),
        packing in packing(),
        around in packing(),
    ) {
        let image = built(&stack);
        let archive = members(std::slice::from_ref(&image), layout, packing).tar();
        let whole: Vec<_> = stack.iter().map(|nodes| expected(nodes)).collect();
        let streamed = stream(&archive).unwrap().remove(0);
        prop_assert_eq!(entries(&streamed), whole.clone());
        prop_assert_eq!(&streamed.names, &["ex08:multi".to_owned()]);
        prop_assert_eq!(streamed.id.to_string(), crate::images::digest(&image.config()));
        prop_assert_eq!(&streamed.config.env, &["PATH=/bin".to_owned()]);
        for (layer, tar) in streamed.layers.iter().zip(&image.layers) {
            prop_assert_eq!(layer.content.diff_id.to_string(), crate::images::digest(tar));
        }
        let verified = open_bytes(&archive, Verify::All).unwrap();
        prop_assert_eq!(&verified, &streamed);
        let packed = open_bytes(&pack(around, &archive), Verify::Headers).unwrap();
        if crate::images::is_packed(around, &archive) {
            prop_assert_eq!(&packed, &streamed);
        }
        let mut headers = open_bytes(&archive, Verify::Headers).unwrap();
        check_headers(&headers, &whole);
        let is_plain = |tar: &Vec<u8>| !crate::images::is_packed(packing, tar);
        let plain = image.layers.iter().any(is_plain);
        prop_assert_eq!(headers.verified == Verified::Headers, plain);
        if !plain {
            headers.verified = Verified::Whole;
            prop_assert_eq!(&headers, &streamed);
        }
    }

    #[test]
    fn a_truncated_archive_is_never_a_smaller_image(
        stack in stack(),
        layout in layout(),
        packing in packing(),
        around in packing(),
        places in vec(any::<proptest::sample::Index>(), 4),
    ) {
        let archive = members(&[built(&stack)], layout, packing).tar();
        // Where it ends in a clean place, it is the end marker that is missing.
        for place in (0..archive.len()).step_by(512).rev().take(4) {
            prop_assert!(stream(&archive[..place]).is_err());
            prop_assert!(open_bytes(&archive[..place], Verify::Headers).is_err());
        }
        for place in places {
            let cut = &archive[..place.index(archive.len())];
            prop_assert!(stream(cut).is_err());
            prop_assert!(open_bytes(cut, Verify::Headers).is_err());
            let packed = pack(around, &archive);
            let cut = &packed[..place.index(packed.len())];
            prop_assert!(open_bytes(cut, Verify::Headers).is_err());
        }
    }

    #[test]
    fn a_flipped_bit_is_found_or_changes_nothing(
        stack in stack(),
        layout in layout(),
        packing in packing(),
        places in vec((any::<proptest::sample::Index>(), 0..8_u32), 16),
    ) {
        let archive = members(&[built(&stack)], layout, packing).tar();
        // Nothing in an archive checks a name.
        let nameless = |mut record: ImageRecord| {
            record.names.clear();
            record
        };
        let whole = nameless(stream(&archive).unwrap().remove(0));
        for (place, bit) in places {
            let mut flipped = archive.clone();
            flipped[place.index(archive.len())] ^= 1 << bit;
            if let Ok(read) = open_bytes(&flipped, Verify::All) {
                prop_assert_eq!(&nameless(read), &whole);
            }
            // Neither a content nor a name that is too long for its header is summed there.
            if let Ok(read) = open_bytes(&flipped, Verify::Headers)
                && !archive.windows(13).any(|part| part == b"././@LongLink")
            {
                prop_assert_eq!(without_content(&read), without_content(&whole));
            }
        }
    }

    #[test]
    fn nonsense_ends_in_a_problem(bytes in vec(any::<u8>(), 0..4_000)) {
        prop_assert!(stream(&bytes).is_err());
        prop_assert!(open_bytes(&bytes, Verify::Headers).is_err());
    }

    /// Headers whose fields lie, with checksums that are right: what a hostile hand writes.
    #[test]
    fn lying_headers_never_make_the_reader_panic_or_hang(
        stack in stack(),
        layout in layout(),
        lies in vec((any::<proptest::sample::Index>(), 0..512_usize, vec(any::<u8>(), 1..12)), 1..6),
    ) {
        let mut archive = members(&[built(&stack)], layout, Packing::Plain).tar();
        for (place, at, lie) in lies {
            let block = place.index(archive.len() / 512) * 512;
            let to = (at + lie.len()).min(512);
            archive[block + at..block + to].copy_from_slice(&lie[..to - at]);
            let header = &mut archive[block..block + 512];
            header[148..156].copy_from_slice(b"        ");
            let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
            header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
        let _ = stream(&archive);
        let _ = open_bytes(&archive, Verify::Headers);
    }
}
