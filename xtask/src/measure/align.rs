use std::borrow::Cow;
use std::collections::HashSet;

use crate::model::{LayerSize, Origin, Step};

/// Two images of more layers than this, common ends left out, are not aligned: no builder's
/// image comes near it, and the work grows with the product.
const MOST_PAIRS: usize = 1 << 20;

const SAME_CONTENT: u64 = 1 << 40;
const SAME_INSTRUCTION: u64 = 1 << 20;

/// A layer of one image and its counterpart in the other, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) before: Option<usize>,
    pub(super) after: Option<usize>,
}

/// Aligns two stacks: as many layers of the same content as can be had in order, then of the
/// same instruction, then of instructions alike. From the lowest; each layer is in one pair.
pub(super) fn aligned(before: &[LayerSize], after: &[LayerSize]) -> Vec<Pair> {
    let both = before.iter().zip(after);
    let head = both
        .take_while(|(one, other)| one.is_same_as(other))
        .count();
    let rest = before[head..].iter().rev().zip(after[head..].iter().rev());
    let tail = rest
        .take_while(|(one, other)| one.is_same_as(other))
        .count();
    let (end, after_end) = (before.len() - tail, after.len() - tail);
    let mut pairs: Vec<Pair> = (0..head).map(|number| same(number, number)).collect();
    for pair in middle(&before[head..end], &after[head..after_end]) {
        pairs.push(Pair {
            before: pair.before.map(|number| number + head),
            after: pair.after.map(|number| number + head),
        });
    }
    pairs.extend((0..tail).map(|number| same(end + number, after_end + number)));
    pairs
}

fn same(before: usize, after: usize) -> Pair {
    Pair {
        before: Some(before),
        after: Some(after),
    }
}

/// What an instruction says, without what differs from build to build.
pub(super) fn normalised(step: &Step) -> String {
    let words = step.instruction.split_whitespace().map(without_hash);
    words.collect::<Vec<_>>().join(" ")
}

/// The classic builder's history names what a COPY brought by its kind and hash: `file:00ec…`.
fn without_hash(word: &str) -> Cow<'_, str> {
    for kind in ["file:", "dir:", "multi:"] {
        if let Some((before, hash)) = word.rsplit_once(kind)
            && hash.len() >= 12
            && hash.bytes().all(|digit| digit.is_ascii_hexdigit())
        {
            return Cow::Owned(format!("{before}{kind}…"));
        }
    }
    Cow::Borrowed(word)
}

struct Side {
    /// `None` where the history is silent.
    instructions: Vec<Option<String>>,
}

impl Side {
    fn of(layers: &[LayerSize]) -> Self {
        let instructions = layers
            .iter()
            .map(|layer| layer.step.as_ref().map(normalised));
        Self {
            instructions: instructions.collect(),
        }
    }
}

fn middle(before: &[LayerSize], after: &[LayerSize]) -> Vec<Pair> {
    let width = after.len() + 1;
    let mut best = vec![0; 1];
    if before.len() * after.len() <= MOST_PAIRS {
        best = vec![0_u64; (before.len() + 1) * width];
        let sides = (Side::of(before), Side::of(after));
        for row in (0..before.len()).rev() {
            for column in (0..after.len()).rev() {
                let skipped = best[(row + 1) * width + column].max(best[row * width + column + 1]);
                let likeness = likeness((&before[row], &after[column]), &sides, row, column);
                let paired = best[(row + 1) * width + column + 1] + likeness;
                best[row * width + column] = match likeness {
                    0 => skipped,
                    _ => skipped.max(paired),
                };
            }
        }
    }
    walk(&best, before.len(), after.len())
}

/// 0 where the two may not be paired.
fn likeness(
    layers: (&LayerSize, &LayerSize),
    sides: &(Side, Side),
    row: usize,
    column: usize,
) -> u64 {
    if layers.0.is_same_as(layers.1) {
        return SAME_CONTENT;
    }
    if layers.0.origin == Origin::Base || layers.1.origin == Origin::Base {
        return 0;
    }
    match (&sides.0.instructions[row], &sides.1.instructions[column]) {
        (None, None) => 1,
        (Some(one), Some(other)) if one == other => {
            // Of an instruction that stands there twice.
            let is_alike =
                (layers.0.unpacked, layers.0.files) == (layers.1.unpacked, layers.1.files);
            SAME_INSTRUCTION + u64::from(is_alike)
        }
        (Some(one), Some(other)) => common_words(one, other),
        _ => 0,
    }
}

/// 1 to 1001 by the share of words in common; 0 for instructions of different keywords.
fn common_words(one: &str, other: &str) -> u64 {
    let keyword = |text: &str| text.split(' ').next().map(str::to_ascii_uppercase);
    if keyword(one) != keyword(other) {
        return 0;
    }
    let words: HashSet<&str> = one.split(' ').collect();
    let others: HashSet<&str> = other.split(' ').collect();
    let common = words.intersection(&others).count();
    let most = words.len().max(others.len());
    1 + (common * 1_000 / most) as u64
}

/// Reads the pairs off the table; where both are as good, what went comes before what came.
fn walk(best: &[u64], rows: usize, columns: usize) -> Vec<Pair> {
    let at = |row: usize, column: usize| best.get(row * (columns + 1) + column).copied();
    let (mut row, mut column) = (0, 0);
    let mut pairs = Vec::new();
    while row < rows || column < columns {
        let here = at(row, column).unwrap_or(0);
        let is_lone_row = row < rows && at(row + 1, column).unwrap_or(0) == here;
        let is_lone_column = column < columns && at(row, column + 1).unwrap_or(0) == here;
        let pair = if column == columns || (row < rows && is_lone_row) {
            Pair {
                before: Some(row),
                after: None,
            }
        } else if row == rows || is_lone_column {
            Pair {
                before: None,
                after: Some(column),
            }
        } else {
            same(row, column)
        };
        row += usize::from(pair.before.is_some());
        column += usize::from(pair.after.is_some());
        pairs.push(pair);
    }
    pairs
}
