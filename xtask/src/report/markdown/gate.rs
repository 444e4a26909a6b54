//! A comment on a change: what grew, why, and what to do, in that order. The rest is folded.

use std::fmt::Write as _;

use super::section::{Align, Fold, Table, folded};
use super::summary::{self, place};
use super::{Comment, details, escape, since};
use crate::lang::{Copies, Phrases, Word, one_line};
use crate::model::{Changed, Delta, Evolution, Fact, Grown, Level, Outcome, PathChange, Since};
use crate::report::LabReport;
use crate::report::alike::{Row, Told};

/// Images whose causes are shown without opening anything.
const OPEN: usize = 3;

/// Rows of the table.
const ROWS: usize = 20;

/// What a comment says of one report.
pub(super) struct News<'a> {
    report: &'a LabReport,
    /// What is too much first, then the largest change.
    changed: Vec<Row<'a>>,
    same: Vec<Row<'a>>,
    told: Vec<Told<'a>>,
}

pub(super) fn write(comment: &mut Comment, report: &LabReport, say: Phrases) {
    let news = News::of(report);
    comment.push(&news.title(0, say));
    if news.is_none() {
        comment.extend(summary::stand_ins(&report.stand_ins(), say));
        return;
    }
    news.body(comment, say);
    comment.extend(summary::stand_ins(&report.stand_ins(), say));
    comment.extend(details::failures(report, say));
    comment.extend(news.next(say));
    let body = rest(report, say);
    comment.push(&folded(Fold::Closed, say.word(Word::Details), &body));
}

impl<'a> News<'a> {
    pub(super) fn of(report: &'a LabReport) -> Self {
        let (changed, same) = report.rows().into_iter().partition(Row::is_news);
        Self {
            report,
            changed,
            same,
            told: report.told(),
        }
    }

    pub(super) fn is_none(&self) -> bool {
        self.changed.is_empty() && !self.told.iter().any(is_other)
    }

    /// How many images changed, and how many did not.
    pub(super) fn images(&self) -> [usize; 2] {
        [self.changed.len(), self.same.len()]
    }

    /// What is too much first, then the largest change.
    pub(super) fn weight(&self) -> (bool, u64) {
        let is_rejected = self.report.verdict.outcome == Outcome::Rejected;
        let first = self.changed.first();
        let change = first.map_or(0, |row| row.change().delta().0.unsigned_abs());
        (is_rejected, change)
    }

    /// With the number of images that changed in other reports.
    pub(super) fn title(&self, others: usize, say: Phrases) -> String {
        title(self.report, &self.changed, (self.same.len(), others), say)
    }

    /// The images that changed, why, and what else was found.
    pub(super) fn body(&self, comment: &mut Comment, say: Phrases) {
        comment.extend(table(&self.changed, say));
        comment.extend(unchanged(&self.same, say));
        for row in self.changed.iter().take(OPEN) {
            comment.extend(why(row, &self.told, say));
        }
        let others = self.told.iter().filter(|it| is_other(it));
        let others: String = others.map(|it| line(it, say)).collect();
        if !others.is_empty() {
            comment.push(&others);
        }
    }

    /// What to do: the last that is read without opening anything.
    pub(super) fn next(&self, say: Phrases) -> Option<String> {
        next(self.report, &self.changed, &self.told, say)
    }
}

/// What neither a row nor its reason says.
fn is_other(told: &Told<'_>) -> bool {
    match &told.finding.fact {
        Fact::StandInBase { .. }
        | Fact::Changed(Changed::Grew(_) | Changed::Shrank { .. } | Changed::Accepted) => false,
        Fact::Changed(Changed::NewVariant | Changed::MissingVariant | Changed::RemovedVariant) => {
            told.finding.level == Level::Error
        }
        _ => told.finding.level != Level::Note,
    }
}

fn title(
    report: &LabReport,
    news: &[Row<'_>],
    (same, others): (usize, usize),
    say: Phrases,
) -> String {
    let top = news.iter().find_map(|row| Some((row, row.evolution()?)));
    let is_rejected = report.verdict.outcome == Outcome::Rejected;
    let size = say.image_size();
    match top {
        Some((row, evolution)) if evolution.is_rejected() || !is_rejected => {
            let limit = say.limit_told(evolution);
            let more = news.len() - 1 + others;
            let more = (more > 0).then(|| say.more_images(more));
            let parts = limit.into_iter().chain(more);
            let after: Vec<String> = parts
                .map(|part| escape::text(&format!(", {part}")))
                .collect();
            format!(
                "### {} {}\u{a0}{} {}{}\n",
                sign(evolution),
                escape::text(&say.labelled(size, "")).trim_end(),
                escape::code(&row.since.name),
                escape::text(&say.grown_by(evolution)),
                after.concat()
            )
        }
        _ if is_rejected => {
            let errors = report.told();
            let errors = errors.iter().filter(|it| it.finding.level == Level::Error);
            let word = say.word(Word::Rejected);
            let said = format!("{word} ({})", say.errors(errors.count()));
            let title = escape::text(&say.labelled(report.title(), &said));
            format!("### 🔴 {title}\n")
        }
        _ => {
            let said = if news.is_empty() {
                say.all_unchanged(same)
            } else {
                say.word(Word::Accepted).to_owned()
            };
            format!("### ✅ {}\n", escape::text(&say.labelled(size, &said)))
        }
    }
}

fn sign(evolution: &Evolution) -> &'static str {
    match evolution.counted.delta().0 {
        _ if evolution.is_rejected() => "🔴",
        ..=0 if !evolution.is_large_loss() => "🟢",
        _ => "🟡",
    }
}

fn table(news: &[Row<'_>], say: Phrases) -> Vec<String> {
    if news.is_empty() {
        return Vec::new();
    }
    let word = |what| say.word(what);
    let mut table = Table::new(&[
        (word(Word::Image), Align::Left),
        (word(Word::Before), Align::Right),
        (word(Word::After), Align::Right),
        (word(Word::Change), Align::Right),
    ]);
    for row in news.iter().take(ROWS) {
        table.row(&cells(row, say));
    }
    let mut text = table.text();
    let hidden = news.len().saturating_sub(ROWS);
    if hidden > 0 {
        let _ = writeln!(text, "\n… {}", escape::text(&say.more_items(hidden)));
    }
    vec![text]
}

fn cells(row: &Row<'_>, say: Phrases) -> [String; 4] {
    let name = format!("**{}**", summary::named(&row.since.name, &row.also, say));
    let word = |word| [String::new(), String::new(), say.word(word).to_owned()];
    let [before, after, change] = match &row.since.state {
        Since::New => word(Word::NewVariant),
        Since::Missing => word(Word::MissingVariant),
        Since::NoImage => word(Word::NoImageNow),
        Since::Compared(it) => {
            let amount = |bytes| escape::text(&say.amount(it.counts, bytes));
            let change = say.change(it.counts, it.counted.delta());
            let parts: Vec<String> = std::iter::once(change).chain(say.share_of(it)).collect();
            [
                amount(it.counted.before),
                amount(it.counted.after),
                format!("**{}**", escape::text(&parts.join(", "))),
            ]
        }
    };
    [name, before, after, change]
}

fn unchanged(same: &[Row<'_>], say: Phrases) -> Option<String> {
    let names: Vec<&str> = same
        .iter()
        .flat_map(|row| std::iter::once(row.since.name.as_str()).chain(row.also.iter().copied()))
        .collect();
    if names.is_empty() {
        return None;
    }
    let shown = names.iter().take(6).map(|name| escape::code(name));
    let shown: Vec<String> = shown.collect();
    let more = if names.len() > shown.len() {
        ", …"
    } else {
        ""
    };
    let count = escape::text(&say.labelled(&say.count_unchanged(names.len()), ""));
    Some(format!("{} {}{more}\n", count.trim_end(), shown.join(", ")))
}

/// The instructions that did it, what they read, and where it lies.
fn why(row: &Row<'_>, told: &[Told<'_>], say: Phrases) -> Vec<String> {
    let of_row = told
        .iter()
        .filter(|it| it.finding.variant == row.since.name);
    let grown = of_row.filter(|it| it.finding.is_worth_a_note());
    let reasons = grown.filter_map(|it| match &it.finding.fact {
        Fact::Changed(Changed::Grew(grown)) => Some((it, &**grown)),
        _ => None,
    });
    let mut reasons: Vec<String> = reasons.map(|(it, grown)| reason(it, grown, say)).collect();
    if reasons.is_empty() {
        reasons.extend(row.evolution().and_then(|it| lost(it, say)));
    }
    reasons
}

fn reason(told: &Told<'_>, grown: &Grown, say: Phrases) -> String {
    let at = told.finding.place.as_ref().map(place);
    let instruction = grown.instruction.as_deref().map(one_line);
    let instruction = instruction.map(|text| escape::code(&text));
    let what = [at, instruction].into_iter().flatten();
    let mut head = what.collect::<Vec<_>>().join(" ");
    if grown.instruction.is_none() {
        let cause = grown.cause.map_or("", |cause| say.word(cause));
        head = format!("{head} {}", escape::text(cause));
    }
    if !grown.inputs.is_empty() {
        head = format!("{head}, {}", fed_by(grown, say));
    } else if grown.gate == crate::model::GateKind::ContentDrift {
        head = format!("{head}, {}", escape::text(&say.of_drift()));
    }
    let why = format!("**{}** {}", say.why(), head.trim());
    let share = escape::text(&say.change(grown.counts, grown.delta));
    let paths = directories(&grown.paths, grown.delta, say);
    format!("{why}: {share}\n{paths}")
}

fn fed_by(grown: &Grown, say: Phrases) -> String {
    let text = say.fed_by(&grown.inputs);
    // The names are quoted already, and are untrusted.
    let parts: Vec<String> = text
        .split('`')
        .enumerate()
        .map(|(at, part)| {
            if at % 2 == 1 {
                escape::code(part)
            } else {
                escape::text(part)
            }
        })
        .collect();
    parts.concat()
}

/// Where an image that shrank lost most.
fn lost(evolution: &Evolution, say: Phrases) -> Option<String> {
    let cause = evolution.diff.causes.first().filter(|it| it.delta.0 < 0)?;
    let step = cause.step.as_ref();
    let at = step.and_then(|step| step.place.as_ref()).map(place);
    let text = step.map(|step| escape::code(&one_line(&step.instruction)));
    let what: Vec<String> = [at, text].into_iter().flatten().collect();
    let paths = crate::measure::rolled_up(&cause.paths);
    let share = escape::text(&say.delta(cause.delta));
    let paths = directories(&paths, cause.delta, say);
    Some(format!(
        "**{}** {}: {share}\n{paths}",
        say.why(),
        what.join(" ")
    ))
}

/// In `/usr/lib/python3`: `numpy` 42.7 MB · `numpy.libs` 28.5 MB · the rest 0.2 MB.
fn directories(paths: &[PathChange], whole: Delta, say: Phrases) -> String {
    if paths.is_empty() {
        return String::new();
    }
    let named: Delta = paths.iter().map(PathChange::delta).sum();
    let texts: Vec<String> = paths.iter().map(|it| format!("/{}", it.path)).collect();
    let parent = common_parent(&texts);
    let part = |(path, text): (&PathChange, &String)| {
        let text = &text[parent.map_or(0, |it| it.len() + 1)..];
        let delta = escape::text(&say.delta(path.delta()));
        format!("{} {delta}", escape::code(text))
    };
    let rest = Delta(whole.0.saturating_sub(named.0));
    let is_rest_told = rest.0.unsigned_abs().saturating_mul(100) > whole.0.unsigned_abs();
    let rest = is_rest_told.then(|| escape::text(&say.the_rest(&say.delta(rest))));
    let parts: Vec<String> = paths.iter().zip(&texts).map(part).chain(rest).collect();
    let place = parent.map_or_else(String::new, |it| format!("{}: ", escape::code(it)));
    format!("\n{place}{}\n", parts.join(" · "))
}

/// The longest directory that holds all of several paths.
fn common_parent(paths: &[String]) -> Option<&str> {
    let (first, others) = paths
        .split_first()
        .filter(|(_, others)| !others.is_empty())?;
    let mut parent = first.as_str();
    loop {
        parent = &parent[..parent.rfind('/').filter(|end| *end > 0)?];
        let holds = |path: &String| {
            let rest = path.strip_prefix(parent);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        if others.iter().all(holds) {
            return Some(parent);
        }
    }
}

fn line(told: &Told<'_>, say: Phrases) -> String {
    summary::found_also(told.finding, &told.also, say)
}

/// Everything else, for who opens it.
pub(super) fn rest(report: &LabReport, say: Phrases) -> String {
    let sections = [
        summary::variants(report, say),
        since::causes_of_all(report, say),
        details::sources(report, say),
        details::left_behind(report, say),
        details::advice(report, say),
        details::outputs(report, say),
        vec![summary::made_on(report, say)],
    ];
    sections.concat().join("\n")
}

fn next(report: &LabReport, news: &[Row<'_>], told: &[Told<'_>], say: Phrases) -> Option<String> {
    let row = news.iter().find(|row| {
        let grew = row.evolution().is_some_and(|it| it.counted.delta().0 > 0);
        grew || row.evolution().is_some_and(Evolution::is_rejected)
    })?;
    let variant = report
        .variants
        .iter()
        .find(|it| it.name == row.since.name)?;
    let baseline = report.baseline.as_ref()?.name.as_deref();
    let of_row = told.iter().find_map(|it| match &it.finding.fact {
        Fact::Changed(Changed::Grew(grown)) if it.finding.variant == row.since.name => Some(grown),
        _ => None,
    });
    let copies = of_row.and_then(|grown| grown.instruction.as_deref());
    let copies = match copies {
        Some(text) if text.starts_with("COPY ") && !text.contains("--from=") => Copies::Context,
        _ => Copies::Nothing,
    };
    let steps = [
        say.meant(variant.policy.accept, baseline),
        say.not_meant(copies),
    ];
    let steps = steps.map(|[what, how]| format!("**{what}** {}", quoted(&how)));
    Some(format!("{}\n", steps.join(" ")))
}

/// The kit's own sentence, whose parts in backticks are code.
fn quoted(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| match at % 2 {
        1 => escape::code(part),
        _ => escape::text(part),
    });
    parts.collect::<Vec<_>>().concat()
}
