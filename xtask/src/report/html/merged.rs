//! Several reports on one page: what they come to, a row each, then each in an article of
//! its own with the way to the others.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::sizes::short;
use super::{Page, named, stranger};
use crate::lang::{Phrases, Word};
use crate::model::{Bytes, Outcome};
use crate::report::merged::Shard;
use crate::report::{MergedReport, VariantReport};

/// With more variants than this, their sizes share a column.
const COLUMNS: usize = 7;

/// More reports than this are reached by the table alone.
const LINKS: usize = 6;

/// What every part of the page needs.
#[derive(Clone, Copy)]
pub(super) struct Merged<'a> {
    report: &'a MergedReport,
    shards: &'a [Shard<'a>],
    say: Phrases,
}

impl<'a> Merged<'a> {
    pub(super) fn new(report: &'a MergedReport, shards: &'a [Shard<'a>], say: Phrases) -> Self {
        Self {
            report,
            shards,
            say,
        }
    }

    pub(super) fn head(self) -> Markup {
        html! {
            header.bar-top.still { div {
                strong { (stranger(&self.report.title(self.say))) }
                nav aria-label=(self.say.word(Word::Contents)) {
                    @if self.shards.len() <= LINKS {
                        @for (at, shard) in self.shards.iter().enumerate() {
                            a href=(anchor(at)) { (stranger(&self.short_label(shard))) }
                        }
                    }
                }
                button #scheme type="button" { (self.say.word(Word::Scheme)) }
            } }
        }
    }

    fn has_labs(self) -> bool {
        self.report.labs().len() > 1
    }

    /// Without the lab, where it is the only one.
    fn short_label(self, shard: &Shard<'_>) -> String {
        if self.has_labs() {
            return shard.label(self.say);
        }
        format!("{} · {}", shard.platforms(), shard.engine(self.say))
    }

    pub(super) fn main(self) -> Markup {
        let reports = self.report.reports().iter();
        let shares = reports.map(|report| report.variants.len() + 1).sum();
        html! {
            (self.summary())
            @for (at, shard) in self.shards.iter().enumerate() {
                @let name = shard.label(self.say);
                @let page = Page {
                    report: shard.report,
                    say: self.say,
                    name: &name,
                    prefix: &format!("s{}-", at + 1),
                    shares,
                };
                article.shard id={ "s" (at + 1) } {
                    (self.ways(at, page))
                    (page.sections())
                    @if let Some(made_on) = page.made_on() { p.soft { (made_on) } }
                }
            }
        }
    }

    /// Within the report, and to the others.
    fn ways(self, at: usize, page: Page<'_>) -> Markup {
        let last = self.shards.len() - 1;
        html! {
            div.bar-top { nav aria-label=(crate::lang::visible(page.name)) {
                strong { (stranger(&self.short_label(&self.shards[at]))) }
                (page.links())
                span.ways {
                    @if at > 0 { (way(&anchor(at - 1), "←", self.say.word(Word::Previous))) }
                    (way("#all", "↑", self.say.word(Word::AllReports)))
                    @if at < last { (way(&anchor(at + 1), "→", self.say.word(Word::Next))) }
                }
            } }
        }
    }

    fn summary(self) -> Markup {
        let (style, mark, word) = match self.report.outcome() {
            Outcome::Accepted => ("badge pass", "✔ ", Word::Accepted),
            Outcome::Rejected => ("badge fail", "✘ ", Word::Rejected),
        };
        let judged = self.say.judged(self.report.rejected(), self.shards.len());
        html! {
            section #all aria-labelledby="all-title" {
                h1 #all-title {
                    (stranger(&self.report.title(self.say))) " · "
                    span class=(style) { (mark) (self.say.word(word)) } " " (judged)
                }
                div.scroll { table {
                    (self.headings())
                    tbody { @for (at, shard) in self.shards.iter().enumerate() { (self.row(at, shard)) } }
                } }
            }
        }
    }

    fn headings(self) -> Markup {
        let names = self.report.variants();
        html! {
            thead { tr {
                @if self.has_labs() { th scope="col" { (self.say.word(Word::Lab)) } }
                th scope="col" { (self.say.word(Word::Platform)) }
                th scope="col" { (self.say.word(Word::Engine)) }
                th scope="col" { (self.say.word(Word::Verdict)) }
                @if names.len() <= COLUMNS {
                    @for name in names { th.n scope="col" { (named(name)) } }
                } @else {
                    th scope="col" { (self.say.word(Word::Size)) }
                }
            } }
        }
    }

    fn row(self, at: usize, shard: &Shard<'_>) -> Markup {
        let names = self.report.variants();
        let variants = &shard.report.variants;
        html! {
            tr {
                @if self.has_labs() { td { (named(shard.report.title())) } }
                td.word { (stranger(&shard.platforms())) }
                th.whole scope="row" { a href=(anchor(at)) { (stranger(&shard.engine(self.say))) } }
                td.word { (self.decided(shard)) }
                @if names.len() <= COLUMNS {
                    @for name in names {
                        td.n { @if let Some(variant) = variants.iter().find(|it| it.name == name) { (self.size(shard, variant)) (self.bar(variant)) } }
                    }
                } @else {
                    td { @for (at, variant) in variants.iter().enumerate() {
                        @if at > 0 { " · " } (stranger(&variant.name)) " " (self.size(shard, variant))
                    } }
                }
            }
        }
    }

    fn size(self, shard: &Shard<'_>, variant: &VariantReport) -> Markup {
        let size = unpacked(variant).map_or_else(|| "–".to_owned(), |size| self.say.size(size));
        html! {
            @if shard.is_at_fault(&variant.name) { strong.fail { "✘ " (size) } } @else { strong { (size) } }
        }
    }

    /// In proportion to what the same variant weighs in the other reports, where not all
    /// say the same of it.
    fn bar(self, variant: &VariantReport) -> Markup {
        let all = self.report.reports().iter().flat_map(|it| &it.variants);
        let same = all.filter(|it| it.name == variant.name);
        let sizes: BTreeSet<Bytes> = same.filter_map(unpacked).collect();
        let largest = sizes.last().copied().unwrap_or(Bytes::ZERO);
        let size = unpacked(variant).unwrap_or(Bytes::ZERO);
        if sizes.len() < 2 {
            return html! {};
        }
        html! {
            svg.bar.thin viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                rect.track width="1000" height="20" {}
                rect.own width=(short(1_000.0 * size.share_of(largest))) height="20" {}
            }
        }
    }

    fn decided(self, shard: &Shard<'_>) -> Markup {
        html! {
            @match shard.errors().count() {
                0 => { span.pass { "✔ " (self.say.word(Word::Accepted)) } }
                errors => { span.fail { "✘ " (self.say.errors(errors)) } }
            }
        }
    }
}

fn way(to: &str, sign: &str, word: &str) -> Markup {
    html! { a href=(to) aria-label=(word) title=(word) { (sign) } }
}

fn anchor(at: usize) -> String {
    format!("#s{}", at + 1)
}

fn unpacked(variant: &VariantReport) -> Option<Bytes> {
    variant.measured.as_ref().map(|it| it.size.unpacked)
}
