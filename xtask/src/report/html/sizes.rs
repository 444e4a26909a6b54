use maud::{Markup, html};

use super::{Page, named, stranger};

use crate::lang::Word;
use crate::model::{Build, Bytes, Role};
use crate::report::VariantReport;

/// More steps than this have no room side by side: the table alone shows them.
const MOST_STEPS: usize = 9;

impl<'a> Page<'a> {
    /// One row a variant, its bar drawn to one scale with the others'.
    pub(super) fn sizes(self) -> Markup {
        let variants = self.report.variants.iter();
        let sizes = variants.flat_map(|it| [unpacked(it), self.size_before(&it.name)]);
        let largest = sizes.flatten().max().unwrap_or(Bytes::ZERO);
        let word = |word| self.say.word(word);
        html! {
            section id=(self.id("sizes")) aria-labelledby=(self.id("sizes-title")) {
                h2 id=(self.id("sizes-title")) { (self.say.word(Word::Sizes)) }
                div.scroll { table {
                    thead { tr {
                        th scope="col" { (word(Word::Variant)) }
                        th.n scope="col" { (word(Word::Size)) }
                        th.key scope="col" { span.vh { (word(Word::Share)) } (bar_key(self)) }
                        th.n scope="col" { (word(Word::Own)) }
                        th.n scope="col" { (word(Word::Layers)) }
                        th.n scope="col" { (word(Word::Build)) }
                        th.n scope="col" { (word(Word::Run)) }
                        th scope="col" { (word(Word::Output)) }
                    } }
                    tbody { @for variant in &self.report.variants { (self.row(variant, largest)) } }
                } }
            }
        }
    }

    fn row(self, variant: &VariantReport, largest: Bytes) -> Markup {
        let measured = variant.measured.as_ref();
        let number = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        let build = variant.build.as_ref().and_then(|build| match build {
            Build::Failed(_) => Some(self.say.word(Word::Failed).to_owned()),
            Build::Done(done) if done.cached == Some(done.steps) => {
                Some(self.say.word(Word::Cached).to_owned())
            }
            Build::Done(done) => done.took.map(|took| self.say.seconds(took)),
        });
        html! {
            tr {
                th scope="row" {
                    (named(&variant.name))
                    @if let Some(role) = variant.role { " " span.under { (self.say.word(role)) } }
                }
                td.n {
                    strong { (number(measured.map(|it| self.say.size(it.size.unpacked)))) }
                    (self.size_since(&variant.name))
                }
                td.bar { (bar(variant, largest, self.size_before(&variant.name))) (self.ratio(variant)) }
                td.n { (number(measured.map(|it| self.say.size(it.size.own)))) }
                td.n { (number(measured.map(|it| self.say.number(it.layers.len() as u64)))) }
                td.n { (number(build)) }
                td.n { (number(variant.run.as_ref().and_then(|run| run.took).map(|took| self.say.seconds(took)))) }
                td.word { (self.behaved(variant)) }
            }
        }
    }

    /// How much lighter than the reference, beside a bar that may be too small to see.
    fn ratio(self, variant: &VariantReport) -> Markup {
        let compared = self.report.comparison.iter().flat_map(|it| &it.variants);
        let ratio = compared
            .filter(|compared| compared.name == variant.name)
            .find_map(|compared| compared.ratio);
        html! { @if let Some(ratio) = ratio { span.under { (self.say.lighter(ratio)) } } }
    }

    fn behaved(self, variant: &VariantReport) -> Markup {
        let Some(run) = &variant.run else {
            return html! { span.soft { (self.say.word(Word::NotRun)) } };
        };
        let style = if run.ending.is_success() { "" } else { "fail" };
        html! {
            span class=(style) { (stranger(&self.say.ending(&run.ending))) }
            @match self.is_same_output(variant) {
                Some(true) => { span.vh { ", " } span.under { (self.say.word(Word::Same)) } }
                Some(false) => { span.vh { ", " } span.under.fail { (self.say.word(Word::Differs)) } }
                None => {}
            }
        }
    }

    /// `None` where nothing is compared, and where it did not end well.
    fn is_same_output(self, variant: &VariantReport) -> Option<bool> {
        let expected = self.report.expected_of(variant)?;
        let run = variant.run.as_ref().filter(|run| run.ending.is_success())?;
        Some(run.stdout.is_same(&expected.stdout))
    }

    /// From the reference by the rungs to the solution, heights in powers of ten, where
    /// 500 bytes and 500 MB both show.
    pub(super) fn ladder(self) -> Markup {
        let steps = self.steps();
        if steps.len() < 2 {
            return html! {};
        }
        html! {
            section id=(self.id("ladder")) aria-labelledby=(self.id("ladder-title")) {
                h2 id=(self.id("ladder-title")) { (self.say.word(Word::Ladder)) }
                @if steps.len() <= MOST_STEPS {
                    (self.staircase(&steps))
                    p.soft { (self.say.word(Word::LadderAxis)) }
                }
                div.scroll { table {
                    thead { tr {
                        th scope="col" { (self.say.word(Word::Rung)) }
                        th scope="col" { (self.say.word(Word::Role)) }
                        th.n scope="col" { (self.say.word(Word::Size)) }
                        th.n scope="col" { (self.say.word(Word::AgainstBefore)) }
                        th.n scope="col" { (self.say.word(Word::AgainstReference)) }
                    } }
                    tbody { @for (at, (variant, size)) in steps.iter().enumerate() {
                        tr {
                            th scope="row" { (at + 1) ".\u{a0}" (named(&variant.name)) }
                            td.word { (variant.role.map(|role| self.say.word(role)).unwrap_or_default()) }
                            td.n { strong { (self.say.size(*size)) } }
                            td.n { @if at > 0 { (self.say.delta(size.since(steps[at - 1].1))) } @else { "–" } }
                            td.n { @if at > 0 { (self.ratio(variant)) } @else { "–" } }
                        }
                    } }
                } }
            }
        }
    }

    fn steps(self) -> Vec<(&'a VariantReport, Bytes)> {
        let mut steps: Vec<_> = self
            .report
            .variants
            .iter()
            .filter(|variant| variant.role.is_some())
            .filter_map(|variant| Some((variant, unpacked(variant)?)))
            .collect();
        let turn = |role| match role {
            Some(Role::Reference) => 0,
            Some(Role::Solution) => 2,
            _ => 1,
        };
        steps.sort_by(|(a, a_size), (b, b_size)| {
            turn(a.role).cmp(&turn(b.role)).then(b_size.cmp(a_size))
        });
        steps
    }

    fn staircase(self, steps: &[(&VariantReport, Bytes)]) -> Markup {
        const GROUND: f64 = 300.0;
        const TALLEST: f64 = 240.0;
        let top = steps
            .iter()
            .map(|(_, size)| power(*size))
            .fold(3.0, f64::max);
        let height = |power: f64| power / top * TALLEST;
        #[expect(clippy::cast_precision_loss, reason = "at most nine steps")]
        let width = 1_120.0 / steps.len() as f64;
        let lines = [0_u32, 3, 6, 9, 12]
            .into_iter()
            .filter(|line| f64::from(*line) <= top);
        html! {
            svg.drawing.ladder viewBox="0 0 1200 352" aria-hidden="true" focusable="false" {
                @for line in lines {
                    @let y = GROUND - height(f64::from(line));
                    line x1="70" x2="1190" y1=(short(y)) y2=(short(y)) {}
                    text.soft x="64" y=(short(y + 5.0)) text-anchor="end" { (self.say.limit(Bytes(10_u64.pow(line)))) }
                }
                @for (at, (variant, size)) in steps.iter().enumerate() {
                    @let x = 74.0 + width * f64::from(u32::try_from(at).unwrap_or(0));
                    @let tall = height(power(*size));
                    @let middle = short(x + width / 2.0 - 4.0);
                    rect class=(step_colour(variant.role)) x=(short(x)) y=(short(GROUND - tall)) width=(short(width - 8.0)) height=(short(tall)) rx="3" {}
                    text.value x=(middle) y=(short(GROUND - tall - 9.0)) text-anchor="middle" { (self.say.size(*size)) }
                    text x=(middle) y="324" text-anchor="middle" { (fitted(&variant.name, width, 9.5)) }
                    text.soft x=(middle) y="345" text-anchor="middle" { (variant.role.map(|role| self.say.word(role)).unwrap_or_default()) }
                }
            }
        }
    }
}

fn step_colour(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Reference) => "k0",
        Some(Role::Solution) => "k2",
        _ => "k1",
    }
}

fn unpacked(variant: &VariantReport) -> Option<Bytes> {
    variant.measured.as_ref().map(|it| it.size.unpacked)
}

/// The decimal logarithm of a size, 0 for nothing.
#[expect(
    clippy::cast_precision_loss,
    reason = "a height is drawn, not added up"
)]
fn power(size: Bytes) -> f64 {
    (size.0.max(1) as f64).log10()
}

/// Base, then own, waste hatched over their end; at least a sliver where there is a byte.
fn bar(variant: &VariantReport, largest: Bytes, before: Option<Bytes>) -> Markup {
    let Some(measured) = &variant.measured else {
        return html! {};
    };
    let size = &measured.size;
    let width = |bytes: Bytes| 100.0 * bytes.share_of(largest);
    let base = width(size.base);
    let whole = width(size.unpacked);
    let own = (whole - base).max(if size.own > Bytes::ZERO { SLIVER } else { 0.0 });
    let wasted = width(size.wasted.total());
    html! {
        svg.bar aria-hidden="true" focusable="false" {
            (part("track", 0.0, 100.0))
            (part("base", 0.0, base))
            (part("own", base, own))
            @if let Some(before) = before.filter(|before| *before < size.unpacked) {
                (part("grown", width(before), (whole - width(before)).max(SLIVER)))
            }
            @if wasted >= 0.1 { (part("wasted", whole - wasted, wasted)) }
            @if let Some(before) = before { (then(width(before))) }
        }
    }
}

/// Where a bar ended in the baseline, in hundredths of it.
fn then(at: f64) -> Markup {
    html! { rect.then x={ (short(at.min(99.7))) "%" } width="2.5" height="100%" {} }
}

/// The least that shows where there is a byte, in hundredths of a bar.
pub(super) const SLIVER: f64 = 0.4;

/// A part of a bar, in hundredths of it.
pub(super) fn part(style: &str, from: f64, width: f64) -> Markup {
    let percent = |share: f64| format!("{}%", (share * 100.0).round() / 100.0);
    html! { rect class=(style) x=(percent(from)) width=(percent(width)) height="100%" {} }
}

/// Which colour of the bars is what.
fn bar_key(page: Page<'_>) -> Markup {
    let swatch = |style: &'static str| {
        html! { svg.swatch viewBox="0 0 10 10" aria-hidden="true" { rect class=(style) width="10" height="10" {} } }
    };
    html! {
        (swatch("base")) (page.say.word(Word::Base)) " " (swatch("own")) (page.say.word(Word::Own))
        " " (swatch("wasted")) (page.say.word(Word::Wasted))
        @if page.report.baseline.is_some() {
            " " (swatch("grown")) (page.say.word(Word::Growth))
            " " svg.swatch.thin viewBox="0 0 3 10" aria-hidden="true" { rect.then width="3" height="10" {} }
            (page.say.word(Word::Before))
        }
    }
}

/// A number of the drawing, to a tenth of its unit.
pub(super) fn short(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A stranger's text cut to a width, where a column of a terminal takes `column` units.
pub(super) fn fitted(text: &str, width: f64, column: f64) -> String {
    use unicode_width::UnicodeWidthChar;
    let text = crate::lang::visible(text);
    let mut room = width / column;
    let mut cut = String::new();
    for character in text.chars() {
        let columns = if character.width() == Some(2) {
            2.0
        } else {
            1.0
        };
        if room < columns + 1.0 && cut.len() + character.len_utf8() < text.len() {
            cut.push('…');
            return cut;
        }
        room -= columns;
        cut.push(character);
    }
    cut
}
