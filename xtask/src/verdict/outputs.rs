use crate::model::{Bytes, Capture, Difference, Ending, Role, Run, VariantReport};

/// The longest piece of a line that a difference shows, in characters.
const SHOWN: usize = 80;

/// Whether two captures are of the same bytes, what was not kept included.
pub fn same_output(one: &Capture, other: &Capture) -> bool {
    one.bytes == other.bytes && one.sha256 == other.sha256
}

/// Whether all that ran with a role printed what the reference printed; `None` where there
/// are not two outputs to compare.
pub fn outputs_match(variants: &[VariantReport]) -> Option<bool> {
    let mut all = variants.iter();
    let reference = all.find(|it| it.role == Some(Role::Reference))?;
    let reference = reference.run.as_ref()?;
    let mut others = compared(variants).filter(|run| ended(run)).peekable();
    if !ended(reference) || others.peek().is_none() {
        return None;
    }
    Some(others.all(|run| same_output(&run.stdout, &reference.stdout)))
}

fn compared(variants: &[VariantReport]) -> impl Iterator<Item = &Run> {
    let is_other = |it: &&VariantReport| !matches!(it.role, None | Some(Role::Reference));
    variants
        .iter()
        .filter(is_other)
        .filter_map(|it| it.run.as_ref())
}

/// Whether its output is whole: the program ended by itself.
pub(super) fn ended(run: &Run) -> bool {
    matches!(run.ending, Ending::Exited { .. })
}

/// The first place where what a program wrote parts from what it was to write; `None` where
/// nothing that was kept differs.
pub fn difference_of(expected: &[u8], actual: &Capture) -> Option<Difference> {
    let is_whole = actual.bytes == Bytes(actual.kept.len() as u64);
    if (is_whole && actual.kept == expected) || (!is_whole && expected.starts_with(&actual.kept)) {
        return None;
    }
    Some(parting(expected, &actual.kept))
}

/// The first place where `actual` parts from `expected`; `None` where they are the same.
pub(super) fn difference(expected: &Capture, actual: &Capture) -> Option<Difference> {
    if same_output(expected, actual) {
        return None;
    }
    Some(parting(&expected.kept, &actual.kept))
}

/// Where two different outputs part.
fn parting(left: &[u8], right: &[u8]) -> Difference {
    let offset = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let line = left[..offset].split(|byte| *byte == b'\n').count() as u64;
    let start = left[..offset]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let feed_alone = left.len().min(right.len()) == offset;
    let line_of = |output: &[u8]| line_at(output, start, offset, feed_alone);
    Difference {
        offset: offset as u64,
        line,
        expected: line_of(left),
        actual: line_of(right),
    }
}

/// The line that begins at `start`, `None` where the output has ended there. It has its line
/// feed only where that is what the other output, at its end, lacks.
fn line_at(output: &[u8], start: usize, offset: usize, other_ended: bool) -> Option<String> {
    let rest = output.get(start..).filter(|rest| !rest.is_empty())?;
    let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut shown: String = String::from_utf8_lossy(line).chars().take(SHOWN).collect();
    if other_ended && offset > start && output.get(offset) == Some(&b'\n') {
        shown.push('\n');
    }
    Some(shown)
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
        assert_eq!((found.offset, found.line), (4, 1));
        assert_eq!(found.expected, found.actual);
    }

    #[test]
    fn an_output_that_ends_within_a_line_shows_what_it_has_of_it() {
        let lines = |expected: &str, actual: &str| {
            let found = difference(&capture(expected.as_bytes()), &capture(actual.as_bytes()));
            let found = found.unwrap();
            (found.expected.unwrap(), found.actual.unwrap())
        };
        let both = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(lines("one\ntwo\n", "one\ntw"), both("two", "tw"));
        assert_eq!(lines("one\ntwo\n", "one\ntwo"), both("two\n", "two"));
        assert_eq!(lines("two", "two\nmore\n"), both("two", "two\n"));
        assert_eq!(lines("two\n", "two more\n"), both("two", "two more"));
    }

    #[test]
    fn an_empty_line_too_many_is_one() {
        let found = difference(&capture(b"two\n"), &capture(b"two\n\n")).unwrap();
        assert_eq!((found.expected, found.actual), (None, Some(String::new())));
    }
}
