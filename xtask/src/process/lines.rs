/// Cuts a program's output into lines as it comes.
///
/// A line ends at a line feed, which is not part of it, nor is a carriage return before it.
/// Bytes that are not UTF-8 become U+FFFD. What a line has past [`Lines::CAP`] bytes is
/// dropped, so that a program that never ends its line does not fill the memory.
#[derive(Debug, Default)]
pub struct Lines {
    pending: Vec<u8>,
}

impl Lines {
    /// The most bytes that are kept of one line.
    pub const CAP: usize = 16 * 1024;

    /// Takes what came and gives each line that is complete by it.
    pub fn feed(&mut self, bytes: &[u8], each: &mut dyn FnMut(&str)) {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.keep(&rest[..end]);
            self.give(each);
            rest = &rest[end + 1..];
        }
        self.keep(rest);
    }

    /// The output is over: gives the last line, if it was not ended.
    pub fn finish(&mut self, each: &mut dyn FnMut(&str)) {
        if !self.pending.is_empty() {
            self.give(each);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = Self::CAP.saturating_sub(self.pending.len());
        self.pending
            .extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn give(&mut self, each: &mut dyn FnMut(&str)) {
        let line = self.pending.strip_suffix(b"\r").unwrap_or(&self.pending);
        each(&String::from_utf8_lossy(line));
        self.pending.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::Lines;

    fn lines_of<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
        let (mut lines, mut seen) = (Lines::default(), Vec::new());
        for piece in pieces {
            lines.feed(piece, &mut |line| seen.push(line.to_owned()));
        }
        lines.finish(&mut |line| seen.push(line.to_owned()));
        seen
    }

    #[test]
    fn a_line_is_the_same_however_its_bytes_come() {
        let text = "one\r\n\ntwo \u{e9}\nno end";
        let whole = lines_of([text.as_bytes()]);
        assert_eq!(whole, ["one", "", "two \u{e9}", "no end"]);
        assert_eq!(lines_of(text.as_bytes().chunks(1)), whole);
    }

    #[test]
    fn a_line_without_end_is_capped_and_the_next_one_is_whole() {
        let mut bytes = vec![b'x'; 5 * Lines::CAP];
        bytes.extend_from_slice(b"\nnext\n");
        let seen = lines_of(bytes.chunks(1_000));
        assert_eq!(seen[0].len(), Lines::CAP);
        assert_eq!(seen[1], "next");
    }

    #[test]
    fn bytes_that_are_not_text_do_not_lose_the_line() {
        assert_eq!(lines_of([&b"a\xffb\n"[..]]), ["a\u{fffd}b"]);
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 1_usize..20) {
            let pieces = lines_of(bytes.chunks(cut));
            let whole = lines_of([bytes.as_slice()]);
            assert_eq!(pieces, whole);
        }
    }
}
