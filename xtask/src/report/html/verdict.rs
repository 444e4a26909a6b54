use maud::{Markup, html};

use super::{Page, capital, named, place, stranger};
use crate::lang::{Word, one_line};
use crate::model::{Bytes, Level, Outcome, Role};
use crate::report::alike::Told;
use crate::report::listing::html::facts;
use crate::report::sections;

impl Page<'_> {
    /// The headline, what the report was made on, and what was found.
    pub(super) fn verdict(self) -> Markup {
        let verdict = &self.report.verdict;
        let (style, mark, word) = match verdict.outcome {
            Outcome::Accepted => ("badge pass", "✔ ", Word::Accepted),
            Outcome::Rejected => ("badge fail", "✘ ", Word::Rejected),
        };
        html! {
            section id=(self.id("verdict")) aria-labelledby=(self.id("verdict-title")) {
                div.title {
                    h1 id=(self.id("verdict-title")) {
                        (stranger(self.name)) " · "
                        span class=(style) { (mark) (self.say.word(word)) }
                    }
                    (facts(&sections::made_on(self.report, self.say)))
                }
                (self.grown())
                (self.hero())
                @if verdict.findings.is_empty() {
                    p.pass { (self.say.word(Word::NoFindings)) }
                } @else {
                    ul.findings { @for told in self.report.told() { (self.finding(&told)) } }
                }
            }
        }
    }

    /// The solution's size in large, against the reference's; what was won is in large only if
    /// the report is accepted.
    fn hero(self) -> Markup {
        let Some((name, size, reference, against, ratio)) = self.headline() else {
            return html! {};
        };
        let lighter = ratio.map(|ratio| html! { " · " (self.say.lighter(ratio)) });
        let (style, won, aside) = match self.report.verdict.outcome {
            Outcome::Accepted => ("hero", lighter, None),
            Outcome::Rejected => ("hero lost", None, lighter),
        };
        html! {
            div class=(style) {
                p.big { (self.say.size(size)) }
                div {
                    p.ratio { (named(name)) @if let Some(won) = won { (won) } }
                    p.soft {
                        (stranger(&self.say.instead_of(reference, against)))
                        @if let Some(aside) = aside { (aside) }
                    }
                }
            }
        }
    }

    fn headline(&self) -> Option<(&str, Bytes, &str, Bytes, Option<f64>)> {
        let comparison = self.report.comparison.as_ref()?;
        let variants = &self.report.variants;
        let solution = variants
            .iter()
            .find(|variant| variant.role == Some(Role::Solution))?;
        let reference = variants
            .iter()
            .find(|variant| variant.name == comparison.reference)?;
        let compared = comparison
            .variants
            .iter()
            .find(|compared| compared.name == solution.name);
        Some((
            &solution.name,
            solution.measured.as_ref()?.size.unpacked,
            &reference.name,
            reference.measured.as_ref()?.size.unpacked,
            compared.and_then(|compared| compared.ratio),
        ))
    }

    fn finding(self, told: &Told<'_>) -> Markup {
        let finding = told.finding;
        let style = match finding.level {
            Level::Error => "fail",
            Level::Warning => "warn",
            Level::Note => "soft",
        };
        html! {
            li class=(style) {
                strong { (capital(self.say.word(finding.level))) } " "
                span {
                    (stranger(&self.say.with_also(&self.say.finding(finding), &told.also)))
                    @if let Some(at) = &finding.place { " — " (place(at)) }
                }
            }
        }
    }

    /// The log of each build that failed.
    pub(super) fn failures(self) -> Markup {
        let failed: Vec<_> = self
            .report
            .variants
            .iter()
            .filter_map(|variant| Some((variant, variant.failure()?)))
            .collect();
        if failed.is_empty() {
            return html! {};
        }
        html! {
            section aria-labelledby=(self.id("failures-title")) {
                h2 id=(self.id("failures-title")) { (self.say.word(Word::Failures)) }
                @for (variant, failure) in failed {
                    h3 { (stranger(&self.say.does_not_build(&variant.name))) }
                    p {
                        (self.say.build_cause(&failure.cause))
                        @if let Some(instruction) = &failure.instruction { " — " code { (stranger(&one_line(instruction))) } }
                        @if let Some(line) = failure.line { " :" (line) }
                    }
                    @if !failure.log.is_empty() {
                        pre tabindex="0" { @for line in &failure.log { (stranger(line)) "\n" } }
                    }
                }
            }
        }
    }
}
