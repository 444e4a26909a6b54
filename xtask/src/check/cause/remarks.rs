//! What a submission that passes could do better.

use std::collections::BTreeSet;

use super::Subject;
use super::contents::{There, at};
use crate::dockerfile::{Instruction, Origin, Stage};
use crate::model::{
    Bytes, Fate, ImageRecord, Kind, LayerSize, Measured, Origin as Owner, Remark, RemarkKind,
};

/// As many are shown.
const MOST: usize = 3;

/// From this many layers of its own on, an image has more than it needs.
const LAYERS: usize = 4;

/// Shells and package managers, where distributions put them.
const TOOLS: [&str; 12] = [
    "/usr/bin/apt",
    "/usr/bin/apt-get",
    "/sbin/apk",
    "/usr/bin/dnf",
    "/usr/bin/microdnf",
    "/usr/bin/pacman",
    "/bin/bash",
    "/usr/bin/bash",
    "/bin/dash",
    "/usr/bin/dash",
    "/bin/sh",
    "/usr/bin/perl",
];

/// What could be better in a submission that passes: at most three, most bytes first.
pub fn remarks(subject: &Subject<'_>, measured: &Measured) -> Vec<Remark> {
    let mut all: Vec<Remark> = whole_context(subject, measured).into_iter().collect();
    all.extend(doubled(measured));
    all.extend(subject.image.and_then(|image| tool(subject, image)));
    all.extend(unused(subject));
    all.extend(many_layers(subject, measured));
    all.extend(unpinned(subject));
    all.sort_by_key(|it| std::cmp::Reverse(it.bytes));
    all.truncate(MOST);
    all
}

fn line_of(layer: &LayerSize) -> Option<u32> {
    layer.step.as_ref()?.place.as_ref()?.line
}

fn own(measured: &Measured) -> impl Iterator<Item = &LayerSize> {
    measured.layers.iter().filter(|it| it.origin == Owner::Own)
}

/// `COPY . /` in the final stage.
fn whole_context(subject: &Subject<'_>, measured: &Measured) -> Option<Remark> {
    let stage = subject.final_stage()?;
    let is_whole = |it: &&Instruction| {
        let source = it.arguments.split_whitespace().next();
        let source = source.map(|it| it.trim_matches(['"', '[', ',']));
        let is_copy = matches!(it.keyword.as_str(), "COPY" | "ADD");
        is_copy && it.flag("from").is_none() && matches!(source, Some("." | "./" | "*"))
    };
    let copy = stage.instructions.iter().find(is_whole)?;
    let layer = own(measured).find(|it| line_of(it) == Some(copy.line));
    Some(Remark {
        kind: RemarkKind::WholeContext,
        bytes: layer.map_or(Bytes::ZERO, |it| it.unpacked),
        line: Some(copy.line),
    })
}

/// The same content once more, for other permissions or another owner.
fn doubled(measured: &Measured) -> Option<Remark> {
    let again = measured
        .waste
        .iter()
        .filter(|it| it.fate == Fate::MetadataOnly);
    let lowest = again.map(|it| it.layer).max()?;
    let above = measured.layers.iter().skip(lowest + 1);
    let line = above
        .filter(|it| it.unpacked > Bytes::ZERO)
        .find_map(line_of);
    let bytes = measured.size.wasted.metadata_only;
    (bytes > Bytes::ZERO).then_some(Remark {
        kind: RemarkKind::Doubled,
        bytes,
        line,
    })
}

/// The largest shell or package manager of the final image.
fn tool(subject: &Subject<'_>, image: &ImageRecord) -> Option<Remark> {
    let there = TOOLS.iter().filter_map(|path| match at(image, path) {
        There::Entry(entry) => match entry.kind {
            Kind::File { bytes, .. } => Some((bytes, *path)),
            Kind::HardLink { .. } => Some((Bytes::ZERO, *path)),
            Kind::Symlink { .. }
            | Kind::Directory
            | Kind::Device
            | Kind::Whiteout
            | Kind::Opaque => None,
        },
        There::Nothing | There::Dangling(_) => None,
    });
    let (bytes, path) = there.max_by_key(|(bytes, _)| *bytes)?;
    Some(Remark {
        kind: RemarkKind::Tool {
            path: path.to_owned(),
        },
        bytes,
        line: subject.final_stage().map(|it| it.from.line),
    })
}

/// A stage that the final image takes nothing from.
fn unused(subject: &Subject<'_>) -> Option<Remark> {
    let last = subject.final_stage()?;
    let mut needed = BTreeSet::new();
    let mut open = vec![last];
    while let Some(stage) = open.pop() {
        if needed.insert(stage.index) {
            open.extend(sources(subject, stage));
        }
    }
    let stage = subject
        .file
        .stages
        .iter()
        .find(|it| !needed.contains(&it.index))?;
    Some(Remark {
        kind: RemarkKind::UnusedStage {
            stage: stage.label(),
        },
        bytes: Bytes::ZERO,
        line: Some(stage.from.line),
    })
}

/// The stages that one stands on and takes from.
fn sources<'a>(subject: &Subject<'a>, stage: &Stage) -> Vec<&'a Stage> {
    let before = &subject.file.stages[..stage.index.min(subject.file.stages.len())];
    let stage_of = |name: &str| {
        let name = name.to_ascii_lowercase();
        let by_name = before
            .iter()
            .rev()
            .find(|it| it.name.as_deref() == Some(&*name));
        by_name.or_else(|| before.get(name.parse::<usize>().ok()?))
    };
    let mut names: Vec<&str> = vec![&stage.base];
    for instruction in &stage.instructions {
        names.extend(instruction.flag("from"));
        let mounts = instruction.flags.iter().filter(|it| it.name == "mount");
        let fields = mounts.filter_map(|it| it.value.as_deref());
        let fields = fields.flat_map(|it| it.split(','));
        names.extend(fields.filter_map(|it| it.trim().strip_prefix("from=")));
    }
    // A base that is a variable may name a stage.
    let parents = subject.steps_of(stage).into_iter().map(|(it, _)| it);
    let parents = parents.filter(|it| it.index != stage.index);
    names
        .into_iter()
        .filter_map(stage_of)
        .chain(parents)
        .collect()
}

fn many_layers(subject: &Subject<'_>, measured: &Measured) -> Option<Remark> {
    let filled = own(measured).filter(|it| it.unpacked > Bytes::ZERO);
    let layers = filled.count();
    (layers >= LAYERS).then(|| Remark {
        kind: RemarkKind::ManyLayers {
            layers: layers as u64,
        },
        bytes: Bytes::ZERO,
        line: subject.final_stage().map(|it| it.from.line),
    })
}

/// A base image whose name means another image tomorrow.
fn unpinned(subject: &Subject<'_>) -> Option<Remark> {
    subject.file.stages.iter().find_map(|stage| {
        let target = stage.index.to_string();
        let lineage = subject.file.lineage(Some(&target), subject.args)?;
        let is_own = lineage
            .steps
            .first()
            .is_none_or(|it| it.stage.index == stage.index);
        let Origin::Image(image) = lineage.origin else {
            return None;
        };
        let name = image.rsplit('/').next().unwrap_or(&image);
        let is_pinned = name.contains('@') || (name.contains(':') && !name.ends_with(":latest"));
        (is_own && !is_pinned && !image.is_empty()).then_some(Remark {
            kind: RemarkKind::UnpinnedBase { image },
            bytes: Bytes::ZERO,
            line: Some(stage.from.line),
        })
    })
}
