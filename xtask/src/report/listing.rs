//! What `layers`, `diff` and `doctor` show to people: facts, notes and tables, before they are
//! laid out for a terminal, as Markdown or as a page.

pub(super) mod html;
pub(super) mod markdown;
mod table;

use std::collections::BTreeMap;
use std::io::{self, Write};

pub(super) use self::table::unnamed;
use super::Look;
use crate::lang::{Phrases, Word, phrases};
use crate::model::{Bytes, ImagePath, Order, Place};

/// What people are shown of a listing. It changes neither figures nor JSON.
#[derive(Clone, Copy, Debug, Default)]
pub struct View {
    /// How many levels of directories are told apart.
    pub depth: Option<u16>,
    /// Smaller items are summed; without it, only the largest are named.
    pub min: Option<Bytes>,
    pub order: Order,
}

pub(super) struct Sheet {
    pub(super) title: String,
    pub(super) facts: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) parts: Vec<Part>,
}

impl Sheet {
    /// Without those whose rows are all below what was asked for: their headings alone would say
    /// what the sheet has said.
    fn tables(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| !part.rows.is_empty())
    }
}

/// One table.
pub(super) struct Part {
    pub(super) heading: String,
    pub(super) columns: Vec<(Word, Column)>,
    pub(super) rows: Vec<Vec<String>>,
    /// What stands under it for what was left out.
    pub(super) rest: Option<String>,
}

/// How a column is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Number,
    Word,
    /// Like a word, cut at its beginning.
    Place,
    /// Takes the room that is left, cut at its end.
    Text,
    /// Takes the room that is left, cut at its beginning.
    Path,
}

/// What the makers of sheets need.
#[derive(Clone, Copy)]
pub(super) struct Maker {
    pub(super) view: View,
    pub(super) look: Look,
    pub(super) say: Phrases,
}

impl Maker {
    pub(super) fn new(view: View, look: &Look) -> Self {
        Self {
            view,
            look: *look,
            say: phrases(look.language),
        }
    }

    /// What is named of so many items, which have most bytes first, and what is left out.
    pub(super) fn named<T>(
        self,
        mut items: Vec<T>,
        shown: usize,
        bytes: impl Fn(&T) -> u64,
        path: impl Fn(&T) -> ImagePath,
    ) -> (Vec<T>, Vec<T>) {
        let rest = match self.view.min {
            Some(min) => {
                let (named, rest) = items.into_iter().partition(|item| bytes(item) >= min.0);
                items = named;
                rest
            }
            None => items.split_off(shown.min(items.len())),
        };
        if self.view.order == Order::Path {
            items.sort_by_key(|item| path(item));
        }
        (items, rest)
    }
}

/// Whether a sheet goes to a terminal or into a document.
#[derive(Clone, Copy)]
pub(super) enum Medium {
    Terminal,
    Markdown,
    Html,
}

pub(super) fn render(
    sheet: &Sheet,
    medium: Medium,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    match medium {
        Medium::Terminal => table::render(sheet, look, out),
        Medium::Markdown => markdown::render(sheet, look, out),
        Medium::Html => html::render(sheet, look, out),
    }
}

/// Where an instruction stands, as `Dockerfile:9`.
pub(super) fn place(place: Option<&Place>) -> String {
    place.map(Place::to_string).unwrap_or_default()
}

/// The first so many parts of a path.
pub(super) fn folded(path: &ImagePath, depth: u16) -> ImagePath {
    let bytes = path.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    let end = ends.map(|(at, _)| at).nth(usize::from(depth) - 1);
    ImagePath::from_normalised(&bytes[..end.unwrap_or(bytes.len())])
}

/// Adds up what has the same key.
pub(super) fn sums<K: Ord, V: Default>(
    items: impl Iterator<Item = (K, V)>,
    add: impl Fn(&mut V, V),
) -> BTreeMap<K, V> {
    let mut sums = BTreeMap::new();
    for (key, value) in items {
        add(sums.entry(key).or_default(), value);
    }
    sums
}

/// A path as people are shown it: the root has a name too.
pub(super) fn shown(path: &ImagePath) -> String {
    if path.as_bytes().is_empty() {
        "/".to_owned()
    } else {
        path.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Medium, Part, Sheet, folded, render, shown};
    use crate::lang::Word;
    use crate::model::{ImagePath, Language};
    use crate::report::{Look, Styles};

    #[test]
    fn a_page_holds_all_that_the_sheet_has_and_no_markup_of_an_image() {
        let rows = (0..80).map(|n| vec![format!("{n} B"), format!("<img src=x{n}>")]);
        let sheet = Sheet {
            title: "<script>1".to_owned(),
            facts: vec!["<b>".to_owned()],
            notes: vec!["\u{202e}note".to_owned()],
            parts: vec![Part {
                heading: "<h1>".to_owned(),
                columns: vec![(Word::Size, Column::Number), (Word::Path, Column::Path)],
                rows: rows.collect(),
                rest: Some("<i>".to_owned()),
            }],
        };
        let look = Look {
            language: Language::English,
            width: 80,
            styles: Styles::none(),
        };
        let mut page = Vec::new();
        render(&sheet, Medium::Html, &look, &mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        for text in [
            "&lt;script&gt;1",
            "&lt;b&gt;",
            "&lt;h1&gt;",
            "&lt;i&gt;",
            "&lt;img src=x79&gt;",
        ] {
            assert!(page.contains(text), "{text}");
        }
        for markup in ["<script>1", "<b>", "<i>", "<img", "\u{202e}"] {
            assert!(!page.contains(markup), "{markup}");
        }
        assert!(page.contains("<details>"), "a long table is folded");
    }

    #[test]
    fn a_path_is_folded_into_its_first_parts() {
        let path = ImagePath::from("usr/lib/gcc/x86");
        assert_eq!(folded(&path, 1), "usr".into());
        assert_eq!(folded(&path, 2), "usr/lib".into());
        assert_eq!(folded(&path, 9), path);
        assert_eq!(shown(&folded(&ImagePath::default(), 1)), "/");
    }
}
