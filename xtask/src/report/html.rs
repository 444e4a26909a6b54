//! One page that needs nothing but itself: no request leaves it, and its own policy
//! forbids any. The figures are drawn here as SVG; its script only explores them.

mod aligned;
mod grown;
mod images;
mod map;
mod marks;
mod merged;
mod outputs;
mod since;
mod sizes;
mod tree;
mod treemap;
mod verdict;

use std::io::{self, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use self::merged::Merged;
use super::{LabReport, MergedReport};

use crate::lang::{Phrases, Word, brief, phrases, visible};
use crate::model::{Language, Place};

const STYLE: &str = concat!(
    include_str!("html/page.css"),
    include_str!("html/print.css")
);
const SCRIPT: &str = include_str!("html/page.js");

/// Hatchings, once for all the drawings: of what is wasted, and, on paper, one a colour.
const PATTERNS: &str = include_str!("html/patterns.svg");

/// What every part of the page needs.
#[derive(Clone, Copy)]
struct Page<'a> {
    report: &'a LabReport,
    say: Phrases,
    /// What it is called on the page.
    name: &'a str,
    /// Before every anchor of this report, where it is one of several: `s2-`.
    prefix: &'a str,
    /// Into how many parts the limits of the page are divided: one an image, and, of several
    /// reports, one a report.
    shares: usize,
}

/// Writes the page, complete.
pub(super) fn render(
    report: &LabReport,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = Page {
        report,
        say: phrases(language),
        name: report.title(),
        prefix: "",
        shares: report.variants.len(),
    };
    let footer = html! { @if let Some(made_on) = page.made_on() { (made_on) " · " } };
    let whole = whole(page.say, page.name, &page.head(), &page.sections(), &footer);
    out.write_all(whole.into_string().as_bytes())
}

/// Writes one page of several reports.
pub(super) fn render_merged(
    merged: &MergedReport,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let say = phrases(language);
    let shards = merged.shards();
    let page = Merged::new(merged, &shards, say);
    let whole = whole(
        say,
        &merged.title(say),
        &page.head(),
        &page.main(),
        &html! {},
    );
    out.write_all(whole.into_string().as_bytes())
}

/// The sizes and images of a report, for a page that is about something else.
pub(super) fn images_of(report: &LabReport, say: Phrases) -> Markup {
    let page = Page {
        report,
        say,
        name: report.title(),
        prefix: "",
        shares: report.variants.len(),
    };
    html! { (page.sizes()) (page.images()) }
}

pub(super) fn whole(
    say: Phrases,
    name: &str,
    head: &Markup,
    main: &Markup,
    footer: &Markup,
) -> Markup {
    let language = say.language().name();
    html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                link rel="icon" href="data:,";
                title { (brief(name)) " · " (say.word(Word::Report)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#report" { (say.word(Word::Skip)) }
                (head)
                (PreEscaped(PATTERNS))
                main #report { (main) }
                footer { p { (footer) "lab-kit " (env!("CARGO_PKG_VERSION")) } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

impl Page<'_> {
    fn sections(self) -> Markup {
        html! {
            (self.verdict())
            (self.failures())
            (self.since())
            (self.sizes())
            (self.ladder())
            (self.outputs())
            (self.images())
        }
    }

    fn head(self) -> Markup {
        html! {
            header.bar-top { div {
                strong { (stranger(self.name)) }
                nav aria-label=(self.say.word(Word::Contents)) { (self.links()) }
                button #scheme type="button" { (self.say.word(Word::Scheme)) }
            } }
        }
    }

    fn links(self) -> Markup {
        let since = self.say.word(Word::Since);
        let since = self.has_news().then_some(("since", since));
        let others = [
            ("sizes", Word::Sizes),
            ("outputs", Word::Outputs),
            ("images", Word::Inside),
        ];
        let others = others.map(|(id, word)| (id, self.say.word(word)));
        let verdict = ("verdict", self.say.word(Word::VerdictTitle));
        let links = std::iter::once(verdict).chain(since).chain(others);
        html! {
            @for (id, word) in links { a href={ "#" (self.id(id)) } { (word) } }
        }
    }

    /// An anchor that is on the page once.
    fn id(self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn made_on(self) -> Option<String> {
        let created = self.report.created.as_deref()?;
        Some(self.say.made_on(&visible(created)))
    }
}

/// Only the page's own style and script, known by their digests, and nothing from anywhere.
fn policy() -> String {
    let digest = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; \
         base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    )
}

/// A stranger's text: what hides or reorders is named, and the rest can't reorder what
/// stands around it.
pub(super) fn stranger(text: &str) -> Markup {
    html! { bdi { (brief(text)) } }
}

/// The name of a variant: it breaks only where it is too long for its column.
fn named(name: &str) -> Markup {
    html! { span.name { (stranger(name)) } }
}

/// Rows of a long table on paper; the style hides the others there.
const ON_PAPER: usize = 8;

/// What a table of so many rows leaves out after those shown: on the screen, and on paper.
fn left_out(rows: usize, on_screen: usize, told: impl Fn(usize) -> String) -> Markup {
    let on_paper = on_screen.min(ON_PAPER);
    html! {
        @if rows > on_screen { p.soft.on-screen { (told(on_screen)) } }
        @if rows > on_paper { p.soft.on-paper { (told(on_paper)) } }
    }
}

/// The first letter in upper case: a word that stands alone.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn place(place: &Place) -> Markup {
    html! { code.place { (stranger(&place.to_string())) } }
}

#[cfg(test)]
mod tests;
