//! What each kind of entry becomes, and which are refused.

use std::io::{Seek, SeekFrom, Write};

use xtask::archive::{Select, Verify};
use xtask::model::{ArchiveProblem, Bytes, Damage, Entry, Feature, Kind};

use super::{open_bytes, open_path, stream};
use crate::images::{Layout, NodeKind, Packing, Tar, file, image, is_packed, layer, members, node};

/// The entries of a one-layer image, by stream and by headers alike.
pub(super) fn entries(tar: Vec<u8>) -> Result<Vec<Entry>, ArchiveProblem> {
    let archive = members(&[image("a:b", vec![tar])], Layout::Docker20, Packing::Plain).tar();
    let streamed = stream(&archive);
    let opened = open_bytes(&archive, Verify::Headers);
    match (streamed, opened) {
        (Ok(mut images), Ok(opened)) => {
            let streamed = images.remove(0).layers.remove(0).content.entries.clone();
            let opened = &opened.layers[0].content.entries;
            let shapes = |entries: &[Entry]| -> Vec<_> {
                entries
                    .iter()
                    .map(|entry| (entry.path.clone(), entry.mode, entry.bytes()))
                    .collect()
            };
            assert_eq!(shapes(&streamed), shapes(opened));
            Ok(streamed)
        }
        (Err(streamed), Err(opened)) => {
            assert_eq!(streamed.to_string(), opened.to_string());
            Err(streamed)
        }
        (streamed, opened) => panic!("{streamed:?} and {opened:?}"),
    }
}

pub(super) fn paths(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|entry| entry.path.to_string()).collect()
}

#[test]
fn each_kind_of_entry_is_told_apart() {
    let read = entries(layer(&[
        node("./", NodeKind::Directory),
        node("./etc/", NodeKind::Directory),
        file("/etc/motd", b"hello"),
        node("etc/link", NodeKind::Symlink(b"../\xff".to_vec())),
        node("etc/hard", NodeKind::HardLink(b"./etc/motd".to_vec())),
        node("etc/pipe", NodeKind::Pipe),
        file("etc/.wh.gone", b""),
        file("var/.wh..wh..opq", b""),
        file(".wh..wh.plnk/12.34", b"aufs"),
        file("etc/.wh..wh.orph", b"aufs"),
    ]))
    .unwrap();
    let kinds: Vec<_> = read.iter().map(|entry| &entry.kind).collect();
    assert_eq!(
        paths(&read),
        [
            "", "etc", "etc/motd", "etc/link", "etc/hard", "etc/pipe", "etc/gone", "var"
        ]
    );
    assert!(matches!(
        kinds[..],
        [
            Kind::Directory,
            Kind::Directory,
            Kind::File { .. },
            Kind::Symlink { .. },
            Kind::HardLink { .. },
            Kind::Device,
            Kind::Whiteout,
            Kind::Opaque
        ]
    ));
    let target = "etc/motd".into();
    assert_eq!(kinds[4], &Kind::HardLink { target });
    assert_eq!(read[2].bytes(), Bytes(5));
}

#[test]
fn an_opaque_root_and_a_whiteout_at_the_root_have_their_paths() {
    let read = entries(layer(&[file(".wh..wh..opq", b""), file("./.wh.usr", b"")])).unwrap();
    assert_eq!(paths(&read), ["", "usr"]);
    assert_eq!(read[0].kind, Kind::Opaque);
    assert_eq!(read[1].kind, Kind::Whiteout);
}

#[test]
fn names_of_any_length_and_bytes_are_kept() {
    let long = "d/".repeat(400) + "file";
    let mut tar = Tar::default();
    tar.node(&file(&long, b"gnu"));
    tar.pax(&[("path", b"pax/\xe9t\xe9"), ("hdrcharset", b"BINARY")]);
    tar.node(&file("short", b"pax"));
    tar.entry(b'0', b"raw\xff", b"", b"");
    let link = vec![b'l'; 300];
    tar.node(&node("link", NodeKind::Symlink(link.clone())));
    let read = entries(tar.end()).unwrap();
    assert_eq!(read[0].path.as_bytes(), long.as_bytes());
    assert_eq!(read[1].path.as_bytes(), b"pax/\xe9t\xe9");
    assert_eq!(read[2].path.as_bytes(), b"raw\xff");
    let target = link.into();
    assert_eq!(read[3].kind, Kind::Symlink { target });
}

#[test]
fn a_posix_prefix_is_part_of_the_name_and_gnu_times_are_not() {
    for (magic, path) in [
        (&b"ustar\x0000"[..], "pre/fix/name"),
        (b"ustar  \0", "name"),
    ] {
        let mut tar = Tar::default();
        tar.node(&file("name", b""));
        tar.0[257..265].copy_from_slice(magic);
        tar.0[345..352].copy_from_slice(b"pre/fix");
        sign(&mut tar.0[..512]);
        assert_eq!(paths(&entries(tar.end()).unwrap()), [path]);
    }
}

/// Makes the checksum of a header right again.
fn sign(header: &mut [u8]) {
    header[148..156].copy_from_slice(b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

#[test]
fn headers_from_before_posix_are_read() {
    let mut tar = Tar::default();
    tar.node(&file("dir/", b""));
    tar.0[156] = 0;
    tar.0[257..265].fill(0);
    sign(&mut tar.0[..512]);
    let read = entries(tar.end()).unwrap();
    assert_eq!(read[0].kind, Kind::Directory);
}

#[test]
fn of_a_repeated_path_the_last_entry_stands_in_its_place() {
    let read = entries(layer(&[
        file("a", b"first"),
        file("b", b"other"),
        file(".wh.a", b""),
        file("./a", b"second one"),
    ]))
    .unwrap();
    assert_eq!(paths(&read), ["b", "a", "a"]);
    assert_eq!(read[1].kind, Kind::Whiteout);
    assert_eq!(read[2].bytes(), Bytes(10));
}

#[test]
fn a_tar_inside_a_layer_is_a_file() {
    let inner = layer(&[file("inner", &[7; 9_000])]);
    let read = entries(layer(&[file("inner.tar", &inner)])).unwrap();
    assert_eq!(paths(&read), ["inner.tar"]);
    assert_eq!(read[0].bytes(), Bytes(inner.len() as u64));
}

#[test]
fn a_link_with_a_size_has_no_content() {
    let mut tar = Tar::default();
    tar.header(b'1', b"hard", b"target", 4_000);
    tar.node(&file("next", b"x"));
    assert_eq!(paths(&entries(tar.end()).unwrap()), ["hard", "next"]);
}

#[test]
fn a_layer_without_end_marker_is_read_as_docker_does_and_verified() {
    let mut tar = Tar::default();
    tar.node(&file("a", &[1; 700]));
    let whole = image("a:b", vec![tar.0.clone()]);
    let archive = members(
        std::slice::from_ref(&whole),
        Layout::Docker20,
        Packing::Plain,
    );
    let read = open_bytes(&archive.tar(), Verify::Headers).unwrap();
    assert_eq!(read.layers[0].content.unpacked(), Bytes(700));
    assert_eq!(read.verified, xtask::model::Verified::Whole);

    tar.node(&file("b", b"more"));
    let longer = image("a:b", vec![tar.0]);
    let mut cut = members(&[longer], Layout::Podman, Packing::Plain);
    let path = cut.0[0].0.clone();
    cut.replace(&path, &whole.layers[0]);
    let problem = open_bytes(&cut.tar(), Verify::Headers).unwrap_err();
    assert!(
        matches!(problem, ArchiveProblem::Digest { .. }),
        "{problem}"
    );
}

#[test]
fn a_file_that_a_compressed_layer_holds_too_is_read() {
    let same = |at: usize| layer(&[file(&format!("{at}"), &[3; 2_000])]);
    let pick = |packed| {
        let fits = |tar: &Vec<u8>| is_packed(Packing::Mixed, tar) == packed;
        (0..100).map(same).find(fits).unwrap()
    };
    let image = image("a:b", vec![pick(true), pick(false)]);
    let archive = members(&[image], Layout::Oci, Packing::Mixed).tar();
    let read = open_bytes(&archive, Verify::Headers).unwrap();
    let kind = |at: usize| &read.layers[at].content.entries[0].kind;
    assert_eq!(kind(0), kind(1));
}

#[test]
fn sizes_past_8_gib_are_read_and_leapt_over() {
    const HUGE: u64 = 9 << 30;
    for pax in [false, true] {
        let mut head = Tar::default();
        if pax {
            head.pax(&[("size", HUGE.to_string().as_bytes())]);
        }
        head.header(b'0', b"huge", b"", if pax { 0 } else { HUGE });
        let bytes = head.0.len() as u64 + HUGE + 1024;
        let config = br#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers",
            "diff_ids":["sha256:0000000000000000000000000000000000000000000000000000000000000000"]}}"#;
        let manifest = br#"[{"Config":"c.json","RepoTags":null,"Layers":["l.tar"]}]"#;
        let mut before = Tar::default();
        before.header(b'0', b"l.tar", b"", bytes);
        before.0.extend(head.0);
        let mut after = Tar::default();
        after.entry(b'0', b"c.json", b"", config);
        after.entry(b'0', b"manifest.json", b"", manifest);
        // The 9 GiB between them are a hole and take no room on the disk.
        let mut archive = tempfile::NamedTempFile::new().unwrap();
        archive.write_all(&before.0).unwrap();
        let resume = before.0.len() as u64 + HUGE + 1024;
        archive.seek(SeekFrom::Start(resume)).unwrap();
        archive.write_all(&after.end()).unwrap();
        let read = open_path(archive.path(), &Select::default(), Verify::Headers).unwrap();
        assert_eq!(read.layers[0].content.unpacked(), Bytes(HUGE));
    }
}

#[test]
fn what_is_not_understood_is_refused_by_name() {
    let with = |write: &dyn Fn(&mut Tar)| {
        let mut tar = Tar::default();
        write(&mut tar);
        match entries(tar.end()).unwrap_err() {
            ArchiveProblem::Unsupported { feature, .. } => feature,
            other => panic!("{other}"),
        }
    };
    let sparse = |path: &str| Feature::Sparse {
        path: path.to_owned(),
    };
    assert_eq!(
        with(&|tar| tar.entry(b'S', b"old", b"", b"")),
        sparse("old")
    );
    let pax = with(&|tar| {
        tar.pax(&[("GNU.sparse.major", b"1"), ("GNU.sparse.name", b"disk")]);
        tar.node(&file("GNUSparseFile.0/disk", b""));
    });
    assert_eq!(pax, sparse("disk"));
    assert_eq!(
        with(&|tar| tar.entry(b'V', b"label", b"", b"")),
        Feature::EntryType('V')
    );
    for path in ["../etc/passwd", "a/../b", "a/.wh..."] {
        let refused = with(&|tar| tar.node(&file(path, b"")));
        let path = path.to_owned();
        assert_eq!(refused, Feature::ParentPath { path });
    }
    let target = with(&|tar| tar.node(&node("h", NodeKind::HardLink(b"../x".to_vec()))));
    assert_eq!(
        target,
        Feature::ParentPath {
            path: "../x".to_owned()
        }
    );
}

#[test]
fn what_means_nothing_is_damage() {
    let damage = |tar: Vec<u8>| match entries(tar).unwrap_err() {
        ArchiveProblem::Damaged { damage, offset, .. } => (damage, offset),
        other => panic!("{other}"),
    };
    let second = |node: &crate::images::Node| layer(&[file("a", b""), node.clone()]);
    assert_eq!(damage(second(&file(".wh.", b""))), (Damage::Whiteout, 512));
    assert_eq!(damage(second(&file("", b"x"))), (Damage::Name, 512));
    let mut tar = Tar::default();
    tar.pax(&[("path", b"a\0b")]);
    tar.node(&file("a", b""));
    assert_eq!(damage(tar.end()), (Damage::Name, 0));
    let mut tar = Tar::default();
    tar.node(&file("a", b""));
    tar.node(&file("b", b""));
    tar.0[512 + 124..512 + 128].copy_from_slice(b"oops");
    sign(&mut tar.0[512..]);
    assert_eq!(damage(tar.end()), (Damage::Field("size"), 512));
    let mut tar = layer(&[file("a", b"")]);
    tar[1024] = 1;
    assert_eq!(damage(tar), (Damage::Checksum, 1024));
}

#[test]
fn what_follows_the_end_marker_belongs_to_nothing_but_the_digest() {
    let padded = |mut tar: Vec<u8>| {
        tar.resize(tar.len().next_multiple_of(10_240) + 300_000, 0);
        tar
    };
    for layout in [Layout::Docker20, Layout::Docker25] {
        let image = image("a:b", vec![padded(layer(&[file("a", b"text")]))]);
        let archive = padded(members(&[image], layout, Packing::Plain).tar());
        let streamed = stream(&archive).unwrap().remove(0);
        assert_eq!(streamed.layers[0].content.unpacked(), Bytes(4));
        assert_eq!(open_bytes(&archive, Verify::All).unwrap(), streamed);
        let headers = open_bytes(&archive, Verify::Headers).unwrap();
        assert_eq!(headers.layers, streamed.layers);
    }
}

#[test]
fn the_first_line_of_a_script_is_kept_and_that_of_nothing_else() {
    let long = [b"#!".to_vec(), vec![b'x'; 5_000]].concat();
    let tar = layer(&[
        file("start", b"#! /usr/bin/env python3 -u\nprint()\n"),
        file("bare", b"#!/bin/sh"),
        file("long", &long),
        file("text", b"# no script\n#!/bin/sh\n"),
        file("twice", b"#!/bin/sh\n"),
        file("twice", b"now it is none"),
        file("linked", b"#!/bin/sh\n"),
        node("linked", NodeKind::Symlink(b"start".to_vec())),
        file("again", b"none"),
        file("again", b"#!/bin/awk -f\n"),
    ]);
    let archive = members(&[image("a:b", vec![tar])], Layout::Docker20, Packing::Plain).tar();
    let streamed = stream(&archive).unwrap().remove(0).layers.remove(0);
    let scripts = streamed.content.scripts.iter();
    let told: Vec<(String, &[u8])> = scripts
        .map(|(path, line)| (path.to_string(), &**line))
        .collect();
    let cut = vec![b'x'; 126];
    assert_eq!(
        told,
        [
            ("again".to_owned(), &b"/bin/awk -f"[..]),
            ("bare".to_owned(), b"/bin/sh"),
            ("long".to_owned(), &cut),
            ("start".to_owned(), b"/usr/bin/env python3 -u"),
        ]
    );
    let opened = open_bytes(&archive, Verify::Headers).unwrap();
    assert_eq!(opened.layers[0].content.scripts, streamed.content.scripts);
}
