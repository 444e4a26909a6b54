//! What the final image holds at a path.

use super::scene::joined;
use crate::model::{Entry, ImageRecord, Kind, LayerRef};

/// Links that are followed before a path is taken for a circle.
const MOST_LINKS: usize = 16;

/// What lies at a path of the image.
#[derive(Clone, Copy, Debug)]
pub(super) enum There<'a> {
    Nothing,
    Entry(&'a Entry),
    /// The path is a link, and leads to what is not there.
    Dangling(&'a Entry),
}

/// What a container sees at an absolute path, links followed.
pub(super) fn at<'a>(image: &'a ImageRecord, path: &str) -> There<'a> {
    let mut path = joined("/", path);
    let mut link = None;
    for _ in 0..MOST_LINKS {
        let Some((entry, rest)) = first(image, &path) else {
            return link.map_or(There::Nothing, There::Dangling);
        };
        let Kind::Symlink { target } = &entry.kind else {
            return There::Entry(entry);
        };
        link = link.or((rest == ".").then_some(entry));
        let target = String::from_utf8_lossy(target);
        let own = format!("/{}", entry.path);
        let parent = own.rsplit_once('/').map_or("", |(parent, _)| parent);
        path = joined(&joined(parent, &target), &rest);
    }
    link.map_or(There::Nothing, There::Dangling)
}

/// The first link on the way to a path and what follows it, or what is at the path.
fn first<'a>(image: &'a ImageRecord, path: &str) -> Option<(&'a Entry, String)> {
    let parts: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    for count in 1..=parts.len() {
        let prefix = parts[..count].join("/");
        let Some(entry) = live(image, &prefix) else {
            continue;
        };
        let is_whole = count == parts.len();
        if is_whole || matches!(entry.kind, Kind::Symlink { .. }) {
            let rest = parts[count..].join("/");
            let rest = if rest.is_empty() {
                ".".to_owned()
            } else {
                rest
            };
            return Some((entry, rest));
        }
    }
    None
}

/// The entry of the topmost layer that has one at this very path, unless it was removed.
fn live<'a>(image: &'a ImageRecord, path: &str) -> Option<&'a Entry> {
    let above = |entry: &Entry| {
        let hidden = entry.path.as_bytes();
        let path = path.as_bytes();
        match entry.kind {
            Kind::Whiteout => {
                path == hidden
                    || path
                        .strip_prefix(hidden)
                        .is_some_and(|it| it.starts_with(b"/"))
            }
            Kind::Opaque => path
                .strip_prefix(hidden)
                .is_some_and(|it| it.starts_with(b"/")),
            Kind::File { .. }
            | Kind::HardLink { .. }
            | Kind::Symlink { .. }
            | Kind::Directory
            | Kind::Device => false,
        }
    };
    for layer in image.layers.iter().rev() {
        let entries = &layer.content.entries;
        let is_it = |it: &&Entry| {
            it.path.as_bytes() == path.as_bytes()
                && !matches!(it.kind, Kind::Whiteout | Kind::Opaque)
        };
        if let Some(entry) = entries.iter().find(is_it) {
            return Some(entry);
        }
        if entries.iter().any(above) {
            return None;
        }
    }
    None
}

/// What stands after `#!` in a script of the image.
pub(super) fn interpreter<'a>(image: &'a ImageRecord, path: &str) -> Option<&'a [u8]> {
    let There::Entry(entry) = at(image, path) else {
        return None;
    };
    let of_layer = |it: &'a LayerRef| it.content.scripts.get(&entry.path);
    image.layers.iter().rev().find_map(of_layer).map(|it| &**it)
}

/// The absolute paths of the live files that have a name.
pub(super) fn named(image: &ImageRecord, name: &str) -> Vec<String> {
    let entries = image.layers.iter().flat_map(|it| &it.content.entries);
    let of_name = entries.filter(|it| {
        let path = it.path.as_bytes();
        let end = path.rsplit(|byte| *byte == b'/').next();
        end == Some(name.as_bytes()) && !matches!(it.kind, Kind::Whiteout | Kind::Opaque)
    });
    let mut paths: Vec<String> = of_name.map(|it| it.path.to_string()).collect();
    paths.sort();
    paths.dedup();
    paths.retain(|path| live(image, path).is_some());
    paths.iter().map(|path| format!("/{path}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::{There, at, named};
    use crate::model::{
        Bytes, Digest, Entry, ImageConfig, ImagePath, ImageRecord, Kind, Layer, LayerRef, Verified,
    };

    fn entry(path: &str, kind: Kind) -> Entry {
        Entry {
            path: ImagePath::from(path),
            kind,
            mode: 0o644,
            stamp: 0,
        }
    }

    fn file(path: &str) -> Entry {
        let bytes = Bytes(1);
        let content = None;
        entry(path, Kind::File { bytes, content })
    }

    fn link(path: &str, target: &str) -> Entry {
        let target = target.as_bytes().into();
        entry(path, Kind::Symlink { target })
    }

    fn image(layers: Vec<Vec<Entry>>) -> ImageRecord {
        let id = Digest::from_hash([0; 32]);
        let layer = |entries| LayerRef {
            content: Arc::new(Layer {
                diff_id: id,
                entries,
                scripts: BTreeMap::new(),
            }),
            packed: None,
        };
        ImageRecord {
            id,
            names: Vec::new(),
            platform: None,
            base_name: None,
            config: ImageConfig::default(),
            layers: layers.into_iter().map(layer).collect(),
            verified: Verified::Headers,
        }
    }

    #[test]
    fn a_path_is_what_a_container_sees_there() {
        let image = image(vec![
            vec![
                file("usr/bin/cat"),
                link("bin", "usr/bin"),
                file("gone"),
                file("a/b/c"),
            ],
            vec![
                entry("gone", Kind::Whiteout),
                entry("a", Kind::Opaque),
                link("out.txt", "/app/out.txt"),
                link("round", "round"),
                file("data/out.txt"),
            ],
        ]);
        let found = |path: &str| match at(&image, path) {
            There::Nothing => "nothing".to_owned(),
            There::Entry(entry) => entry.path.to_string(),
            There::Dangling(link) => format!("dangling {}", link.path),
        };
        for (path, expected) in [
            ("/usr/bin/cat", "usr/bin/cat"),
            ("/bin/cat", "usr/bin/cat"),
            ("/bin/nope", "nothing"),
            ("/gone", "nothing"),
            ("/a/b/c", "nothing"),
            ("/out.txt", "dangling out.txt"),
            ("/round", "dangling round"),
            ("/nowhere", "nothing"),
        ] {
            assert_eq!(found(path), expected, "{path}");
        }
        assert_eq!(named(&image, "out.txt"), ["/data/out.txt", "/out.txt"]);
    }
}
