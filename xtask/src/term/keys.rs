use crate::model::Key;

/// Bytes of a terminal in which keys are read one by one.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// The beginning of a sequence that is not whole yet.
    pending: Vec<u8>,
}

/// Sequences of the usual terminals, and of xterm's "application" mode.
const SEQUENCES: [(&[u8], Key); 18] = [
    (b"\x1b[A", Key::Up),
    (b"\x1b[B", Key::Down),
    (b"\x1b[C", Key::Right),
    (b"\x1b[D", Key::Left),
    (b"\x1bOA", Key::Up),
    (b"\x1bOB", Key::Down),
    (b"\x1bOC", Key::Right),
    (b"\x1bOD", Key::Left),
    (b"\x1b[5~", Key::PageUp),
    (b"\x1b[6~", Key::PageDown),
    (b"\x1b[H", Key::Home),
    (b"\x1b[F", Key::End),
    (b"\x1bOH", Key::Home),
    (b"\x1bOF", Key::End),
    (b"\x1b[1~", Key::Home),
    (b"\x1b[4~", Key::End),
    (b"\x1b[7~", Key::Home),
    (b"\x1b[8~", Key::End),
];

impl Keys {
    /// The keys that these bytes, and those before, are.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Key> {
        self.pending.extend_from_slice(bytes);
        let mut keys = Vec::new();
        while let Some((key, length)) = first(&self.pending) {
            keys.extend(key);
            self.pending.drain(..length);
        }
        keys
    }

    /// Nothing more came: an escape that began no sequence is the key itself.
    pub(super) fn settle(&mut self) -> Option<Key> {
        let is_escape = self.pending == [0x1b];
        self.pending.clear();
        is_escape.then_some(Key::Escape)
    }
}

/// The first key and its bytes; `None` while they are not whole. What no key is known for is
/// none.
fn first(bytes: &[u8]) -> Option<(Option<Key>, usize)> {
    let (&head, rest) = bytes.split_first()?;
    let one = |key| Some((Some(key), 1));
    match head {
        b'\r' | b'\n' => one(Key::Enter),
        0x03 => one(Key::Interrupt),
        0x08 | 0x7f => one(Key::Backspace),
        0x1b => sequence(bytes),
        0x00..0x20 => Some((None, 1)),
        0x20..0x7f => one(Key::Char(char::from(head))),
        _ => {
            let length = match head {
                0xc0..0xe0 => 2,
                0xe0..0xf0 => 3,
                0xf0.. => 4,
                _ => return Some((None, 1)),
            };
            if rest.len() < length - 1 {
                return None;
            }
            let text = std::str::from_utf8(&bytes[..length]).ok();
            Some((
                text.and_then(|text| text.chars().next()).map(Key::Char),
                length,
            ))
        }
    }
}

fn sequence(bytes: &[u8]) -> Option<(Option<Key>, usize)> {
    let known = SEQUENCES.iter().find(|(known, _)| bytes.starts_with(known));
    if let Some((known, key)) = known {
        return Some((Some(*key), known.len()));
    }
    match bytes.get(1)? {
        // ECMA-48: parameters, then a final byte.
        b'[' => {
            let end = bytes[2..]
                .iter()
                .position(|byte| (0x40..0x7f).contains(byte))?;
            Some((None, end + 3))
        }
        b'O' => bytes.get(2).map(|_| (None, 3)),
        // Two keys, or one with Alt.
        _ => Some((Some(Key::Escape), 1)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Keys;
    use crate::model::Key;

    #[test]
    fn keys_are_read_from_what_terminals_send() {
        let mut keys = Keys::default();
        for (bytes, expected) in [
            (
                &b" \r\x7f"[..],
                vec![Key::Char(' '), Key::Enter, Key::Backspace],
            ),
            (b"\x1b[6~\x1b[5~", vec![Key::PageDown, Key::PageUp]),
            (b"\x1bOC\x1b[D", vec![Key::Right, Key::Left]),
            ("é".as_bytes(), vec![Key::Char('é')]),
            (b"\x1b[200~x", vec![Key::Char('x')]),
            (b"\x03", vec![Key::Interrupt]),
        ] {
            assert_eq!(keys.feed(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_sequence_may_come_in_pieces_and_an_escape_alone_is_a_key() {
        let mut keys = Keys::default();
        assert!(keys.feed(b"\x1b").is_empty());
        assert_eq!(keys.feed(b"[A"), [Key::Up]);
        assert!(keys.feed(b"\x1b").is_empty());
        assert_eq!(keys.settle(), Some(Key::Escape));
        assert_eq!(keys.settle(), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_stall(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut keys = Keys::default();
            let _ = keys.feed(&bytes);
            let _ = keys.settle();
            prop_assert_eq!(keys.feed(b"a"), vec![Key::Char('a')]);
        }
    }
}
