//! Several reports in one comment: what they come to, a row each, then what went wrong in
//! each, and all else folded. With a baseline it says of each what changed, as of one report.

use std::cmp::Reverse;

use super::gate::{self, News};
use super::section::{Align, Fold, Table, folded};
use super::{Comment, details, escape, explained, since, summary};
use crate::lang::{Phrases, Word};
use crate::model::Outcome;
use crate::report::MergedReport;
use crate::report::merged::Shard;

/// With more variants than this, their sizes share a column.
const COLUMNS: usize = 6;

/// Characters that the table over all reports may take.
const TABLE: usize = 30_000;

pub(super) fn write(comment: &mut Comment, merged: &MergedReport, say: Phrases) {
    let shards = merged.shards();
    if merged.reports().iter().any(|it| it.baseline.is_some()) {
        since_baselines(comment, merged, &shards, say);
        return;
    }
    comment.push(&headline(merged, say));
    table(comment, merged, &shards, say);
    comment.extend(summary::stand_ins(&merged.stand_ins(), say));
    let rejected = shards.iter().filter(|shard| shard.is_rejected());
    let room = comment.room / 2 / merged.rejected().max(1);
    for shard in rejected {
        comment.push(&found(shard, room, say));
    }
    for (at, shard) in shards.iter().enumerate() {
        let room = comment.room / (shards.len() - at);
        whole(comment, shard, room, say);
    }
}

/// What changed since the baselines, the worst report first, as of a single report.
fn since_baselines(
    comment: &mut Comment,
    merged: &MergedReport,
    shards: &[Shard<'_>],
    say: Phrases,
) {
    let all = shards.iter().map(|shard| (shard, News::of(shard.report)));
    let (mut changed, same): (Vec<_>, Vec<_>) = all.partition(|(_, news)| !news.is_none());
    changed.sort_by_key(|(_, news)| Reverse(news.weight()));
    let unchanged: usize = same.iter().map(|(_, news)| news.images()[1]).sum();
    let unchanged = say.all_unchanged(unchanged);
    let Some(((_, first), others)) = changed.split_first() else {
        let title = escape::text(&say.labelled(say.image_size(), &unchanged));
        comment.push(&format!("### ✅ {title}\n"));
        comment.extend(summary::stand_ins(&merged.stand_ins(), say));
        return;
    };
    let others = others.iter().map(|(_, news)| news.images()[0]).sum();
    comment.push(&first.title(others, say));
    let room = comment.room / 2 / changed.len();
    for (shard, news) in &changed {
        let mut part = Comment::within(room);
        news.body(&mut part, say);
        part.extend(details::failures(shard.report, say));
        comment.left_out += part.left_out;
        let label = escape::text(&shard.label(say));
        comment.push(&format!("**{label}**\n{}", part.text));
    }
    if !same.is_empty() {
        let labels: Vec<String> = same.iter().map(|(shard, _)| shard.label(say)).collect();
        let line = escape::text(&say.labelled(&unchanged, &labels.join(", ")));
        comment.push(&format!("{line}\n"));
    }
    comment.extend(summary::stand_ins(&merged.stand_ins(), say));
    comment.extend(changed.iter().find_map(|(_, news)| news.next(say)));
    for (shard, _) in &changed {
        let body = gate::rest(shard.report, say);
        comment.push(&folded(Fold::Closed, &shard.label(say), &body));
    }
}

/// What was found in one report, as much as fits.
fn found(shard: &Shard<'_>, room: usize, say: Phrases) -> String {
    let heading = format!("**{}**\n\n", escape::text(&shard.label(say)));
    let findings: Vec<_> = shard.report.findings().collect();
    let (mut text, mut shown) = (heading, 0);
    for finding in &findings {
        let line = summary::found(finding, say);
        if text.chars().count() + line.chars().count() > room {
            break;
        }
        text.push_str(&line);
        shown += 1;
    }
    if shown < findings.len() {
        let more = say.more_items(findings.len() - shown);
        text.extend(["- ", &escape::text(&more), "\n"]);
    }
    text
}

fn headline(merged: &MergedReport, say: Phrases) -> String {
    let judged = say.judged(merged.rejected(), merged.reports().len());
    let (sign, word) = match merged.outcome() {
        Outcome::Accepted => ("✅", Word::Accepted),
        Outcome::Rejected => ("❌", Word::Rejected),
    };
    let said = format!("{} ({judged})", say.word(word));
    format!(
        "### {sign} {}\n",
        escape::text(&say.labelled(&merged.title(say), &said))
    )
}

fn table(comment: &mut Comment, merged: &MergedReport, shards: &[Shard<'_>], say: Phrases) {
    let names = merged.variants();
    let is_wide = names.len() <= COLUMNS;
    let headings: Vec<String> = names.iter().map(|name| escape::code(name)).collect();
    let facts = [Word::Lab, Word::Platform, Word::Engine, Word::Verdict];
    let mut columns = facts.map(|word| (say.word(word), Align::Left)).to_vec();
    if is_wide {
        columns.extend(headings.iter().map(|name| (name.as_str(), Align::Right)));
    } else {
        columns.push((say.word(Word::Size), Align::Left));
    }
    let mut table = Table::new(&columns);
    let mut shown = 0;
    for shard in shards {
        let mut cells = vec![
            escape::text(shard.report.title()),
            escape::text(&shard.platforms()),
            escape::text(&shard.engine(say)),
            decided(shard, say),
        ];
        if is_wide {
            cells.extend(names.iter().map(|name| size(shard, name, say)));
        } else {
            cells.push(sizes(shard, say));
        }
        let length: usize = cells.iter().map(|cell| cell.chars().count() + 3).sum();
        if table.length() + length > TABLE {
            break;
        }
        table.row(&cells);
        shown += 1;
    }
    comment.push(&table.text());
    if shown < shards.len() {
        let more = say.more_items(shards.len() - shown);
        comment.push(&format!("{}\n", escape::text(&more)));
    }
}

/// Empty where the report has no such variant.
fn size(shard: &Shard<'_>, name: &str, say: Phrases) -> String {
    let mut variants = shard.report.variants.iter();
    let Some(variant) = variants.find(|variant| variant.name == name) else {
        return String::new();
    };
    let size = variant.measured.as_ref().map_or_else(
        || "–".to_owned(),
        |measured| escape::text(&say.size(measured.size.unpacked)),
    );
    if shard.is_at_fault(name) {
        format!("❌ {size}")
    } else {
        size
    }
}

fn sizes(shard: &Shard<'_>, say: Phrases) -> String {
    let variants = shard.report.variants.iter().take(COLUMNS);
    let mut parts: Vec<String> = variants
        .map(|variant| {
            let size = size(shard, &variant.name, say);
            format!("{} {size}", escape::code(&variant.name))
        })
        .collect();
    let hidden = shard.report.variants.len().saturating_sub(COLUMNS);
    if hidden > 0 {
        parts.push(escape::text(&say.more_items(hidden)));
    }
    parts.join(", ")
}

fn decided(shard: &Shard<'_>, say: Phrases) -> String {
    match shard.errors().count() {
        0 => format!("✅ {}", say.word(Word::Accepted)),
        errors => format!("❌ {}", escape::text(&say.errors(errors))),
    }
}

/// One report in a fold of its own, in no more than about so many characters.
fn whole(comment: &mut Comment, shard: &Shard<'_>, room: usize, say: Phrases) {
    let sign = if shard.is_rejected() { "❌" } else { "✅" };
    let heading = format!("{sign} {}", shard.label(say));
    let empty = folded(Fold::Closed, &heading, "").chars().count();
    let mut inside = Comment::within(room.saturating_sub(empty));
    inside.extend(summary::headline(shard.report, say).split_off(1));
    inside.extend(since::headline(shard.report, say));
    inside.extend(summary::variants(shard.report, say));
    if !shard.is_rejected() {
        inside.extend(summary::findings(shard.report, say));
    }
    inside.extend(explained(shard.report, say));
    comment.left_out += inside.left_out;
    if !inside.text.is_empty() {
        comment.push(&folded(Fold::Closed, &heading, inside.text.trim_start()));
    }
}
