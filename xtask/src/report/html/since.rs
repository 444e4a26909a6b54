//! What did it, where a variant changed since the baseline.

use maud::{Markup, html};

use super::aligned::{Aligned, aligned};
use super::grown::{arrow, sign, tone};
use super::{Page, capital, left_out, place, stranger};
use crate::lang::listing::explained;
use crate::lang::since::{from_to, gate, line};
use crate::lang::{Word, one_line};
use crate::model::{
    Bytes, Change, Changed, Delta, DiffCause, Difference, Ending, Evolution, Fact, PathChange,
    Since, SinceBaseline, Step,
};

/// Rows on the whole page, shared among the variants.
const MOST_CAUSES: usize = 400;
const MOST_CAUSES_A_VARIANT: usize = 12;
const MOST_LAYERS: usize = 900;
const MOST_LAYERS_A_VARIANT: usize = 60;
/// Paths of one cause.
const MOST_PATHS: usize = 4;

impl<'a> Page<'a> {
    pub(super) fn has_news(self) -> bool {
        self.changed().next().is_some() || self.not_compared().next().is_some()
    }

    fn changed(self) -> impl Iterator<Item = (&'a str, &'a Evolution)> {
        self.evolutions()
            .filter(move |(name, it)| self.is_news(name, it))
    }

    fn not_compared(self) -> impl Iterator<Item = &'a SinceBaseline> {
        let variants = self.report.baseline.iter().flat_map(|it| &it.variants);
        variants.filter(|one| !matches!(one.state, Since::Compared(_)))
    }

    /// Each variant that changed, with what did it, and its layers of then and now.
    pub(super) fn since(self) -> Markup {
        if !self.has_news() {
            return html! {};
        }
        let changed: Vec<_> = self.changed().collect();
        // Other reports on the page take their part of its limits.
        let reports = self.shares.div_ceil(self.report.variants.len().max(1));
        let parts = changed.len() * reports.max(1);
        html! {
            section.long.since id=(self.id("since")) aria-labelledby=(self.id("since-title")) {
                h2 id=(self.id("since-title")) { (self.say.word(Word::SinceTitle)) }
                @for (name, evolution) in &changed { (self.variant_since(name, evolution, parts)) }
                @if self.not_compared().next().is_some() {
                    ul { @for one in self.not_compared() { (self.state(one)) } }
                }
            }
        }
    }

    /// Other names of the image.
    fn also(self, name: &str) -> Markup {
        let rows = self.report.rows();
        let row = rows
            .iter()
            .find(|row| row.since.name == name && !row.also.is_empty());
        html! { @if let Some(row) = row { " (" (stranger(&self.say.also(&row.also))) ")" } }
    }

    fn is_news(self, name: &str, evolution: &Evolution) -> bool {
        let behaved = evolution.behaviour.is_some_and(|it| it.before != it.after);
        let [before, after] = &evolution.bases;
        behaved
            || before != after
            || !evolution.diff.causes.is_empty()
            || self.difference(name).is_some()
    }

    fn state(self, one: &SinceBaseline) -> Markup {
        let state = match one.state {
            Since::New => self.say.word(Word::NewVariant),
            Since::Missing => self.say.word(Word::MissingVariant),
            Since::NoImage | Since::Compared(_) => self.say.word(Word::NoImageNow),
        };
        html! { li { strong { (stranger(&one.name)) } " · " (state) } }
    }

    fn variant_since(self, name: &str, evolution: &Evolution, variants: usize) -> Markup {
        let language = self.say.language();
        let [before, after] = &evolution.bases;
        let gates = evolution
            .gates
            .iter()
            .filter(|it| it.delta.0 != 0 || !it.passed);
        let base = |base: &Option<String>| base.clone().unwrap_or_else(|| "scratch".to_owned());
        html! {
            h3 {
                (stranger(name)) (self.also(name)) " · " (from_to(evolution.counts, evolution.counted, language)) " · "
                span class=(tone(evolution)) { (arrow(evolution.counted.delta())) " " (self.counted(evolution)) }
            }
            p.facts {
                @for judged in gates {
                    span class=(if judged.passed { "soft" } else { "fail" }) {
                        @if !judged.passed { "✘ " } (gate(judged, evolution.counts, language))
                    } " · "
                }
                @if before != after { "FROM " (stranger(&base(before))) " → " (stranger(&base(after))) " · " }
                (explained(evolution.diff.explained, language))
            }
            (self.causes(evolution, (MOST_CAUSES / variants).min(MOST_CAUSES_A_VARIANT)))
            (self.layers_since(name, evolution, (MOST_LAYERS / variants).min(MOST_LAYERS_A_VARIANT)))
            (self.behaviour_since(name, evolution))
        }
    }

    fn causes(self, evolution: &Evolution, most: usize) -> Markup {
        let causes = &evolution.diff.causes;
        if causes.is_empty() {
            return html! {};
        }
        let most = most.min(evolution.told_causes().len());
        html! {
            div.scroll { table.short.causes {
                caption.vh { (self.say.word(Word::WhatGrewMost)) }
                thead { tr {
                    th.n scope="col" { (self.say.word(Word::Change)) }
                    th scope="col" { (self.say.word(Word::Cause)) }
                    th scope="col" { (self.say.word(Word::Instruction)) }
                    th scope="col" { (self.say.word(Word::Place)) }
                } }
                tbody { @for cause in causes.iter().take(most) { (self.cause(cause)) } }
            } }
            (left_out(causes.len(), most, |shown| {
                let cut: Delta = causes[shown..].iter().map(|cause| cause.delta).sum();
                format!("{}, {}", self.say.more_items(causes.len() - shown), self.say.delta(cut))
            }))
        }
    }

    fn cause(self, cause: &DiffCause) -> Markup {
        let was = cause
            .step_before
            .as_ref()
            .filter(|was| Some(&was.instruction) != cause.step.as_ref().map(|it| &it.instruction));
        html! {
            tr {
                th.n scope="row" { span class=(sign(cause.delta)) { (arrow(cause.delta)) " " (self.say.delta(cause.delta)) } }
                td { (self.say.word(cause.kind)) }
                td.instruction {
                    @if let Some(step) = &cause.step { code { (stranger(&one_line(&step.instruction))) } }
                    @if let Some(was) = was {
                        div.under { (self.say.word(Word::Was)) " " code { del { (stranger(&one_line(&was.instruction))) } } }
                    }
                    @if !cause.paths.is_empty() {
                        ul.paths { @for path in cause.paths.iter().take(MOST_PATHS) { (self.path_since(path)) } }
                    }
                }
                td { @if let Some(at) = cause.step.as_ref().and_then(|step| step.place.as_ref()) { (place(at)) } }
            }
        }
    }

    fn path_since(self, path: &PathChange) -> Markup {
        html! { li { (self.say.delta(path.delta())) " " code { (stranger(&format!("/{}", path.path))) } } }
    }

    fn layers_since(self, name: &str, evolution: &Evolution, most: usize) -> Markup {
        let variants = &self.report.variants;
        let measured = variants
            .iter()
            .find(|it| it.name == name)
            .and_then(|it| it.measured.as_ref());
        let Some(measured) = measured.filter(|_| !evolution.diff.causes.is_empty()) else {
            return html! {};
        };
        let rows = aligned(measured, &evolution.diff);
        html! {
            details {
                summary { (self.say.word(Word::LayersBeforeAfter)) }
                div.scroll { table {
                    thead { tr {
                        th.n scope="col" { (self.say.word(Word::Before)) }
                        th.n scope="col" { (self.say.word(Word::After)) }
                        th.n scope="col" { (self.say.word(Word::Change)) }
                        th scope="col" { (self.say.word(Word::Instruction)) }
                        th scope="col" { (self.say.word(Word::Place)) }
                    } }
                    tbody { @for row in rows.iter().take(most) { (self.aligned_row(row)) } }
                } }
                @if rows.len() > most { p.soft { (self.say.more_lines(rows.len() - most)) } }
            }
        }
    }

    fn aligned_row(self, row: &Aligned<'_>) -> Markup {
        let size =
            |bytes: Option<Bytes>| bytes.map_or_else(|| "–".to_owned(), |it| self.say.size(it));
        let change = Change {
            before: row.before.unwrap_or_default(),
            after: row.after.unwrap_or_default(),
        };
        let at = row.step.and_then(|step| step.place.as_ref());
        html! {
            tr {
                td.n { (size(row.before)) }
                td.n { (size(row.after)) }
                td.n {
                    @if row.kind.is_some() { span class=(sign(change.delta())) { (arrow(change.delta())) " " (self.say.delta(change.delta())) } }
                    @else { span.soft { (self.say.word(Word::Unchanged)) } }
                }
                td.instruction { (self.instruction_of(row.step)) @if row.after.is_none() { " " span.soft { (self.gone(row)) } } }
                td { @if let Some(at) = at { (place(at)) } }
            }
        }
    }

    fn instruction_of(self, step: Option<&Step>) -> Markup {
        html! {
            @if let Some(step) = step { code { (stranger(&one_line(&step.instruction))) } }
            @else { (self.say.word(Word::Base)) }
        }
    }

    fn gone(self, row: &Aligned<'_>) -> &'static str {
        row.kind.map_or("", |kind| self.say.word(kind))
    }

    /// What a container printed, and how it ended, where that is not as it was.
    fn behaviour_since(self, name: &str, evolution: &Evolution) -> Markup {
        let codes = evolution
            .behaviour
            .map(|it| [it.before.exit_code, it.after.exit_code]);
        let difference = self.difference(name);
        let code = |at: usize| codes.filter(|it| it[0] != it[1]).map(|it| it[at]);
        if difference.is_none() && code(0).is_none() {
            return html! {};
        }
        let side = |word, code: Option<i64>, text: Option<&Option<String>>| {
            html! {
                figure {
                    figcaption {
                        (capital(self.say.word(word)))
                        @if let Some(code) = code { " · " (self.say.ending(&Ending::Exited { code })) }
                        @if let Some(difference) = difference { " · " (line(difference.line, self.say.language())) }
                    }
                    @if let Some(text) = text {
                        pre tabindex="0" { @match text {
                            Some(text) => { mark { (stranger(text)) } },
                            None => { span.soft { (self.say.word(Word::Empty)) } },
                        } }
                    }
                }
            }
        };
        html! {
            h4 { (self.say.word(Word::OutputChanged)) }
            div.pair {
                (side(Word::Before, code(0), difference.map(|it| &it.expected)))
                (side(Word::After, code(1), difference.map(|it| &it.actual)))
            }
        }
    }

    fn difference(self, variant: &str) -> Option<&'a Difference> {
        let findings = self.report.verdict.findings.iter();
        findings
            .filter(|finding| finding.variant == variant)
            .find_map(|finding| match &finding.fact {
                Fact::Changed(Changed::Output { difference }) => Some(difference),
                _ => None,
            })
    }
}
