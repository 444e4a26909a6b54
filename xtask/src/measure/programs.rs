use crate::model::{Entry, ImagePath, Kind};

use super::index::Spot;
use super::stack::{Outcome, Stack};

/// Links are followed no further than a kernel does.
const MOST_LINKS: usize = 40;

/// What a word of a command line names in the image.
pub(super) enum Found<'a> {
    /// A script, by what stands after its `#!`.
    Script(&'a [u8]),
    /// A file that is none.
    Other,
    Nothing,
    /// A link that leads nowhere, or several files.
    Unclear,
}

/// The file that a word names: by its path, which may begin at the working directory, or by
/// its name in a directory of programs.
pub(super) fn find<'a>(stack: &Stack<'a>, directory: &str, word: &str) -> Found<'a> {
    let mut wanted = if word.starts_with('/') {
        normal(word.as_bytes())
    } else {
        normal(&[directory.as_bytes(), b"/", word.as_bytes()].concat())
    };
    for passed in 0..MOST_LINKS {
        let Some(spot) = lookup(stack, &wanted) else {
            return if passed == 0 {
                Found::Nothing
            } else {
                Found::Unclear
            };
        };
        let entry = stack.entry(spot);
        wanted = match &entry.kind {
            Kind::File { .. } => {
                let scripts = &stack.layers[spot.layer as usize].scripts;
                let line = scripts.get(&entry.path);
                return line.map_or(Found::Other, |line| Found::Script(line));
            }
            Kind::HardLink { target } => target.as_bytes().to_vec(),
            Kind::Symlink { target } if target.starts_with(b"/") => normal(target),
            Kind::Symlink { target } => beside(&entry.path, target),
            _ => return Found::Nothing,
        };
    }
    Found::Unclear
}

/// The topmost live entry at the path; else one of its name in a directory of programs, for
/// `bin` itself may be a link.
fn lookup(stack: &Stack, wanted: &[u8]) -> Option<Spot> {
    let name = wanted.rsplit(|byte| *byte == b'/').next()?;
    if name.is_empty() {
        return None;
    }
    let mut by_name = None;
    let numbered: Vec<(u32, _)> = (0..).zip(&stack.layers).collect();
    for (layer, content) in numbered.into_iter().rev() {
        for (entry, held) in (0..).zip(&content.entries) {
            let path = held.path.as_bytes();
            if !path.ends_with(name) || !is_something(held) {
                continue;
            }
            let spot = Spot { layer, entry };
            if stack.outcome(spot) != Outcome::LIVE {
                continue;
            }
            if path == wanted {
                return Some(spot);
            }
            let above = &path[..path.len() - name.len()];
            if above.ends_with(b"bin/") {
                by_name.get_or_insert(spot);
            }
        }
    }
    by_name
}

fn is_something(entry: &Entry) -> bool {
    matches!(
        entry.kind,
        Kind::File { .. } | Kind::HardLink { .. } | Kind::Symlink { .. }
    )
}

fn beside(link: &ImagePath, target: &[u8]) -> Vec<u8> {
    let above = link.parent().unwrap_or_default();
    normal(&[above, b"/", target].concat())
}

/// As an image's paths are written.
fn normal(path: &[u8]) -> Vec<u8> {
    let mut names: Vec<&[u8]> = Vec::new();
    for name in path.split(|byte| *byte == b'/') {
        match name {
            b"" | b"." => {}
            b".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.join(&b'/')
}
