//! One page that needs nothing but itself: no request leaves it, and its own policy
//! forbids any. The figures are drawn here as SVG; its script only explores them.

mod aligned;
mod grown;
mod images;
mod map;
mod marks;
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

use super::LabReport;
use crate::lang::since::{SinceWord, since_word};
use crate::lang::{PagePhrases, PageWord, page_phrases, visible};
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
    say: &'static dyn PagePhrases,
}

/// Writes the page, complete.
pub(super) fn render(
    report: &LabReport,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = Page {
        report,
        say: page_phrases(language),
    };
    out.write_all(page.whole().into_string().as_bytes())
}

impl Page<'_> {
    fn whole(self) -> Markup {
        let language = match self.say.language() {
            Language::English => "en",
            Language::French => "fr",
        };
        html! {
            (DOCTYPE)
            html lang=(language) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy());
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    link rel="icon" href="data:,";
                    title { (visible(self.name())) " · " (self.say.page(PageWord::Report)) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#report" { (self.say.page(PageWord::Skip)) }
                    (self.head())
                    (PreEscaped(PATTERNS))
                    main #report {
                        (self.verdict())
                        (self.failures())
                        (self.since())
                        (self.sizes())
                        (self.ladder())
                        (self.outputs())
                        (self.images())
                    }
                    footer { p {
                        @if let Some(created) = &self.report.created { (self.say.made_on(&visible(created))) " · " }
                        "lab-kit " (env!("CARGO_PKG_VERSION"))
                    } }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        }
    }

    fn head(self) -> Markup {
        let links = [
            ("sizes", PageWord::Sizes),
            ("outputs", PageWord::Outputs),
            ("images", PageWord::Inside),
        ];
        html! {
            header.bar-top { div {
                strong { (stranger(self.name())) }
                nav aria-label=(self.say.page(PageWord::Contents)) {
                    a href="#verdict" { (self.say.page(PageWord::Verdict)) }
                    @if self.has_news() { a href="#since" { (since_word(SinceWord::Short, self.say.language())) } }
                    @for (id, word) in links { a href={ "#" (id) } { (self.say.page(word)) } }
                }
                button #scheme type="button" { (self.say.page(PageWord::Scheme)) }
            } }
        }
    }

    fn name(&self) -> &str {
        self.report.lab.as_deref().unwrap_or("lab")
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
fn stranger(text: &str) -> Markup {
    html! { bdi { (visible(text)) } }
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
    let line = place.line.map(|line| format!(":{line}"));
    html! { code.place { (stranger(&place.dockerfile)) (line.unwrap_or_default()) } }
}

#[cfg(test)]
mod tests;
