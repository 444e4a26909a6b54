/// How a line of a Dockerfile compares with those of the step before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Same,
    Added,
    Removed,
}

/// A line, or how many unchanged ones are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row<'a> {
    Line(Change, &'a str),
    Folded(usize),
}

/// All lines of both, in order: the longest common subsequence stays, what else was is removed,
/// what else is is added.
pub(super) fn changes<'a>(before: &'a [String], after: &'a [String]) -> Vec<Row<'a>> {
    // lengths[i][j]: of the common subsequence of before[i..] and after[j..].
    let mut lengths = vec![vec![0_usize; after.len() + 1]; before.len() + 1];
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            lengths[i][j] = if before[i] == after[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut rows = Vec::new();
    while i < before.len() || j < after.len() {
        let is_same = i < before.len() && j < after.len() && before[i] == after[j];
        if is_same {
            rows.push(Row::Line(Change::Same, after[j].as_str()));
            (i, j) = (i + 1, j + 1);
        } else if j == after.len() || (i < before.len() && lengths[i + 1][j] >= lengths[i][j + 1]) {
            rows.push(Row::Line(Change::Removed, before[i].as_str()));
            i += 1;
        } else {
            rows.push(Row::Line(Change::Added, after[j].as_str()));
            j += 1;
        }
    }
    rows
}

/// At most `room` rows, if leaving out unchanged lines is enough for that: the longest runs of
/// them go first, but for the line beside a change.
pub(super) fn folded(rows: Vec<Row<'_>>, room: usize) -> Vec<Row<'_>> {
    let mut rows = rows;
    while rows.len() > room {
        let Some((start, length)) = longest_fold(&rows) else {
            break;
        };
        rows.splice(start..start + length, [Row::Folded(length)]);
    }
    rows
}

/// A run of two or more unchanged lines, without those beside a change.
fn longest_fold(rows: &[Row<'_>]) -> Option<(usize, usize)> {
    let is_same = |at: usize| matches!(rows.get(at), Some(Row::Line(Change::Same, _)));
    let is_change = |at: Option<usize>| {
        let row = at.and_then(|at| rows.get(at));
        matches!(row, Some(Row::Line(Change::Added | Change::Removed, _)))
    };
    let can_go =
        |at: usize| is_same(at) && !is_change(at.checked_sub(1)) && !is_change(Some(at + 1));
    let mut best: Option<(usize, usize)> = None;
    let mut at = 0;
    while at < rows.len() {
        let length = (at..rows.len()).take_while(|at| can_go(*at)).count();
        if length > 1 && best.is_none_or(|(_, most)| length > most) {
            best = Some((at, length));
        }
        at += length.max(1);
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Change, Row, changes, folded};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn one_changed_line_is_one_removed_and_one_added() {
        let (before, after) = (
            lines("FROM a\nCOPY x\nCMD y"),
            lines("FROM scratch\nCOPY x\nCMD y"),
        );
        let rows = changes(&before, &after);
        assert_eq!(
            rows,
            [
                Row::Line(Change::Removed, "FROM a"),
                Row::Line(Change::Added, "FROM scratch"),
                Row::Line(Change::Same, "COPY x"),
                Row::Line(Change::Same, "CMD y"),
            ]
        );
    }

    #[test]
    fn unchanged_lines_far_from_a_change_are_left_out_first() {
        let (before, after) = (lines("a\nb\nc\nd\ne"), lines("a\nb\nc\nd\ne\nf"));
        let rows = folded(changes(&before, &after), 4);
        assert_eq!(
            rows,
            [
                Row::Folded(4),
                Row::Line(Change::Same, "e"),
                Row::Line(Change::Added, "f"),
            ]
        );
    }

    proptest! {
        #[test]
        fn both_texts_can_be_told_from_the_changes(
            before in prop::collection::vec("[a-c]", 0..8), after in prop::collection::vec("[a-c]", 0..8)
        ) {
            let of = |gone: Change| {
                let rows = changes(&before, &after);
                let kept = rows.into_iter().filter_map(move |row| match row {
                    Row::Line(change, text) if change != gone => Some(text.to_owned()),
                    Row::Line(..) | Row::Folded(_) => None,
                });
                kept.collect::<Vec<_>>()
            };
            prop_assert_eq!(of(Change::Added), before.clone());
            prop_assert_eq!(of(Change::Removed), after.clone());
        }
    }
}
