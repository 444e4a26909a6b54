use super::Case;
use crate::model::{Capture, Difference, Ending, Role, Run};

/// The longest piece of a line that a difference shows, in characters.
const SHOWN: usize = 80;

/// Whether two captures are of the same bytes, what was not kept included.
pub fn same_output(one: &Capture, other: &Capture) -> bool {
    one.bytes == other.bytes && one.sha256 == other.sha256
}

/// Whether all that ran with a role printed what the reference printed; `None` where there
/// are not two outputs to compare.
pub fn outputs_match(cases: &[Case<'_>]) -> Option<bool> {
    let reference = cases
        .iter()
        .find(|case| case.role == Some(Role::Reference))?
        .run?;
    let mut others = compared(cases).filter(|run| ended(run)).peekable();
    if !ended(reference) || others.peek().is_none() {
        return None;
    }
    Some(others.all(|run| same_output(&run.stdout, &reference.stdout)))
}

fn compared<'a>(cases: &'a [Case<'a>]) -> impl Iterator<Item = &'a Run> {
    let others = cases
        .iter()
        .filter(|case| !matches!(case.role, None | Some(Role::Reference)));
    others.filter_map(|case| case.run)
}

/// Whether its output is whole: the program ended by itself.
pub(super) fn ended(run: &Run) -> bool {
    matches!(run.ending, Ending::Exited { .. })
}

/// The first place where `actual` parts from `expected`; `None` where they are the same.
pub(super) fn difference(expected: &Capture, actual: &Capture) -> Option<Difference> {
    if same_output(expected, actual) {
        return None;
    }
    let (left, right) = (&expected.kept, &actual.kept);
    let offset = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let line = left[..offset].split(|byte| *byte == b'\n').count() as u64;
    let start = left[..offset]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    Some(Difference {
        offset: offset as u64,
        line,
        expected: line_at(left, start, offset),
        actual: line_at(right, start, offset),
    })
}

/// The line that begins at `start`, without its line feed; `None` where the output has no
/// byte at `offset`.
fn line_at(output: &[u8], start: usize, offset: usize) -> Option<String> {
    if offset >= output.len() {
        return None;
    }
    let line = output[start..]
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    Some(String::from_utf8_lossy(line).chars().take(SHOWN).collect())
}

#[cfg(test)]
mod tests {
    use super::difference;
    use crate::model::{Bytes, Capture, Difference, Digest};

    fn capture(text: &[u8]) -> Capture {
        let mut hash = [0; 32];
        hash[..text.len().min(32)].copy_from_slice(&text[..text.len().min(32)]);
        let sha256 = Digest::from_hash(hash);
        Capture {
            kept: text.to_vec(),
            bytes: Bytes(text.len() as u64),
            sha256,
        }
    }

    #[test]
    fn the_line_where_two_outputs_part_is_shown_from_its_beginning() {
        let found = difference(&capture(b"one\ntwo\nthree"), &capture(b"one\ntwx"));
        let (expected, actual) = (Some("two".to_owned()), Some("twx".to_owned()));
        assert_eq!(
            found,
            Some(Difference {
                offset: 6,
                line: 2,
                expected,
                actual
            })
        );
    }

    #[test]
    fn an_output_that_ends_early_has_no_line_there() {
        let found = difference(&capture(b"one\ntwo"), &capture(b"one\n")).unwrap();
        assert_eq!((found.offset, found.line), (4, 2));
        assert_eq!(
            (found.expected.as_deref(), found.actual),
            (Some("two"), None)
        );
    }

    #[test]
    fn the_same_bytes_have_no_difference() {
        assert_eq!(difference(&capture(b"x"), &capture(b"x")), None);
    }

    #[test]
    fn a_difference_past_what_was_kept_is_still_one() {
        let (mut long, mut other) = (capture(b"same"), capture(b"same"));
        long.bytes = Bytes(100_000);
        other.bytes = Bytes(100_001);
        let found = difference(&long, &other).unwrap();
        assert_eq!(
            (found.offset, found.expected, found.actual),
            (4, None, None)
        );
    }
}
