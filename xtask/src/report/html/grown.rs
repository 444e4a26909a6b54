//! By how much each variant grew or shrank since the baseline, in few words.

use maud::{Markup, html};

use super::sizes::fitted;
use super::{Page, place, stranger};
use crate::lang::since::{counted_delta, from_to, since_when};
use crate::lang::{Word, one_line};
use crate::model::{Bytes, Delta, DiffCause, Evolution, Since};

/// Columns of an instruction in the headline.
const INSTRUCTION: f64 = 110.0;

impl<'a> Page<'a> {
    pub(super) fn evolution(self, variant: &str) -> Option<&'a Evolution> {
        self.report.baseline.as_ref()?.of(variant)
    }

    pub(super) fn evolutions(self) -> impl Iterator<Item = (&'a str, &'a Evolution)> {
        let rows = self.report.rows().into_iter();
        rows.filter_map(|row| Some((row.since.name.as_str(), row.evolution()?)))
    }

    /// The change to tell first, in large: what is too much, then what is most.
    pub(super) fn grown(self) -> Markup {
        let Some(baseline) = &self.report.baseline else {
            return html! {};
        };
        let language = self.say.language();
        let since = since_when(baseline.created.as_deref(), language);
        let changed = self
            .evolutions()
            .filter(|(_, it)| it.counted.delta().0 != 0);
        let weight = |it: &Evolution| {
            let delta = it.counted.delta().0;
            (is_too_much(it), delta > 0, delta.unsigned_abs())
        };
        let Some((name, evolution)) = changed.max_by_key(|(_, it)| weight(it)) else {
            return html! { p.soft { (self.say.word(Word::NothingChanged)) } };
        };
        let (style, mark, word) = match (is_too_much(evolution), evolution.counted.delta().0) {
            (true, _) => ("fail", "✘ ", Word::TooMuch),
            (false, 0..) => ("warn", "", permission(evolution)),
            (false, _) => ("pass", "✔ ", Word::Lighter),
        };
        let counts = evolution.counts;
        html! {
            div.hero {
                p class={ "big " (style) } { (arrow(evolution.counted.delta())) " " (self.counted(evolution)) }
                div {
                    p.ratio { (stranger(name)) " · " (from_to(counts, evolution.counted, language)) }
                    p { span class=(style) { strong { (mark) (self.say.word(word)) } } " " span.soft { (stranger(&since)) } }
                    @if let Some(cause) = main_cause(evolution) { (self.what_did_it(cause)) }
                }
            }
        }
    }

    pub(super) fn size_before(self, variant: &str) -> Option<Bytes> {
        Some(self.evolution(variant)?.diff.unpacked.before)
    }

    /// Under a size: how much more or less it is than it was.
    pub(super) fn size_since(self, variant: &str) -> Markup {
        let Some(baseline) = &self.report.baseline else {
            return html! {};
        };
        let since = baseline.variants.iter().find(|one| one.name == variant);
        match since.map(|one| &one.state) {
            Some(Since::New) => {
                html! { span.under.grew { (self.say.word(Word::NewVariant)) } }
            }
            Some(Since::Compared(evolution)) if evolution.diff.unpacked.delta().0 != 0 => {
                let delta = evolution.diff.unpacked.delta();
                html! { span class={ "under " (sign(delta)) } { (arrow(delta)) " " (self.say.delta(delta)) } }
            }
            _ => html! {},
        }
    }

    pub(super) fn counted(self, evolution: &Evolution) -> String {
        counted_delta(
            evolution.counts,
            evolution.counted.delta(),
            self.say.language(),
        )
    }

    fn what_did_it(self, cause: &DiffCause) -> Markup {
        html! {
            p.did {
                strong { (self.say.delta(cause.delta)) } " · " (self.say.word(cause.kind))
                @if let Some(step) = &cause.step {
                    " · " code { (stranger(&fitted(&one_line(&step.instruction), INSTRUCTION, 1.0))) }
                    @if let Some(at) = &step.place { " — " (place(at)) }
                }
            }
        }
    }
}

/// Why growth is not too much.
fn permission(evolution: &Evolution) -> Word {
    let mut grown = evolution.gates.iter().filter(|gate| gate.delta.0 > 0);
    if grown.any(|gate| gate.limit.is_some()) {
        Word::Tolerated
    } else {
        Word::NoLimit
    }
}

/// The largest cause that goes the way of the whole, and no further where there is one.
fn main_cause(evolution: &Evolution) -> Option<&DiffCause> {
    let whole = evolution.counted.delta().0;
    let same_way = |cause: &&DiffCause| (cause.delta.0 < 0) == (whole < 0);
    let mut causes = evolution.diff.causes.iter().filter(same_way);
    let no_further = |cause: &&DiffCause| cause.delta.0.unsigned_abs() <= whole.unsigned_abs();
    causes.clone().find(no_further).or_else(|| causes.next())
}

fn is_too_much(evolution: &Evolution) -> bool {
    evolution.is_rejected()
}

pub(super) fn tone(evolution: &Evolution) -> &'static str {
    match (is_too_much(evolution), evolution.counted.delta().0) {
        (true, _) => "fail",
        (false, 1..) => "warn",
        (false, _) => "pass",
    }
}

/// The class of a change.
pub(super) fn sign(delta: Delta) -> &'static str {
    match delta.0 {
        1.. => "grew",
        0 => "soft",
        _ => "pass",
    }
}

/// Up or down, for who does not see the colour.
pub(super) fn arrow(delta: Delta) -> &'static str {
    match delta.0 {
        1.. => "▲",
        0 => "",
        _ => "▼",
    }
}
