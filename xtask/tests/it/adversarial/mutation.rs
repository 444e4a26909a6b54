//! Changes to honest inputs, the same ones for the same seed.

use serde_json::Value;

/// Numbers that are always the same for one seed (Steele and others, "Fast Splittable
/// Pseudorandom Number Generators").
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64, number: u64) -> Self {
        Self(seed.wrapping_mul(0xd6e8_feb8_6659_fd93) ^ number.wrapping_mul(0xa076_1d64_78bd_642f))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 for 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end as u64).max(1)).unwrap()
    }

    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// What is written in the place of something honest.
const WORDS: [&str; 28] = [
    "",
    "0",
    "-1",
    "1e308",
    "18446744073709551616",
    "9223372036854775807",
    "null",
    "\u{0}",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{feff}",
    "\r\n::error::x",
    "<script>",
    "]]>",
    "| --- |",
    "=cmd()",
    "${X:-y}",
    "$(x)",
    "--flag",
    "../..",
    "%s%n",
    "ONBUILD ",
    "<<A <<B\n",
    "\\",
    "@evil-one",
    "https://evil.example",
    "evil@evil.example",
    "\n/close\n",
];

/// What no comment may hold as it is, outside of code.
pub(super) const HOSTILE: [&str; 6] =
    ["\u{1b}", "\u{202e}", "<script", "@evil", "://evil", "evil@"];

/// One input, made from one of the seeds: a few changes to its bytes.
pub(super) fn bytes(seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut made = chance.one(seeds).clone();
    for _ in 0..=chance.below(6) {
        let at = chance.below(made.len());
        let end = (at + 1 + chance.below(64)).min(made.len());
        match chance.below(9) {
            _ if made.is_empty() => made.extend(chance.one(seeds).clone()),
            0 => made[at] ^= 1 << chance.below(8),
            1 => made[at] = *chance.one(&[0, b'0', b'9', b'/', b'.', b'\n', b' ', 0x7f, 0xff]),
            2 => drop(made.drain(at..end)),
            3 => made.truncate(at),
            4 => {
                let piece = made[at..end].to_vec();
                let times = 1 << chance.below(11);
                insert(&mut made, at, &piece.repeat(times));
            }
            5 => {
                let other = chance.one(seeds);
                let from = chance.below(other.len());
                let to = (from + chance.below(2_048)).min(other.len());
                insert(&mut made, at, &other[from..to]);
            }
            6 => insert(&mut made, at, chance.one(&WORDS).as_bytes()),
            7 => {
                let word = chance.one(&WORDS).as_bytes();
                drop(made.splice(at..end, word.iter().copied()));
            }
            _ => {
                let piece: Vec<u8> = made.drain(at..end).collect();
                let to = chance.below(made.len());
                insert(&mut made, to, &piece);
            }
        }
    }
    made
}

fn insert(into: &mut Vec<u8>, at: usize, piece: &[u8]) {
    drop(into.splice(at..at, piece.iter().copied()));
}

/// The same for JSON: it stays JSON, so that what reads it gets past its syntax.
pub(super) fn json(seeds: &[Value], chance: &mut Chance) -> Vec<u8> {
    let mut made = chance.one(seeds).clone();
    for _ in 0..=chance.below(5) {
        let other = chance.one(seeds).clone();
        let depth = 1 + chance.below(8);
        let value = some(&other, chance);
        change(&mut made, depth, value, chance);
    }
    made.to_string().into_bytes()
}

/// A value that is odd, or that stands elsewhere.
fn some(other: &Value, chance: &mut Chance) -> Value {
    match chance.below(10) {
        0 => Value::Null,
        1 => Value::Bool(chance.below(2) == 0),
        2 => Value::from(*chance.one(&[0, 1, u64::MAX, 1 << 53, i64::MAX as u64])),
        3 => Value::from(*chance.one(&[-1.0, 0.5, 1e300, -1e300, 1e-300])),
        4 => Value::from(chance.one(&WORDS).repeat(1 << chance.below(12))),
        5 => Value::Array(Vec::new()),
        6 => Value::Object(serde_json::Map::new()),
        7 => (0..chance.below(90)).fold(Value::Null, |inner, _| Value::Array(vec![inner])),
        _ => {
            let mut at = other;
            for _ in 0..chance.below(7) {
                at = match at {
                    Value::Array(all) if !all.is_empty() => chance.one(all),
                    Value::Object(all) if !all.is_empty() => {
                        let place = chance.below(all.len());
                        all.values().nth(place).unwrap()
                    }
                    _ => at,
                };
            }
            at.clone()
        }
    }
}

/// Puts a value somewhere in another, or takes one away, or repeats one.
fn change(at: &mut Value, depth: usize, value: Value, chance: &mut Chance) {
    match at {
        Value::Array(all) if !all.is_empty() => {
            let place = chance.below(all.len());
            match (depth, chance.below(4)) {
                (0, 0) => drop(all.remove(place)),
                (0, 1) => {
                    let same = all[place].clone();
                    all.extend(std::iter::repeat_n(same, 1 << chance.below(7)));
                }
                (0, _) => all[place] = value,
                _ => change(&mut all[place], depth - 1, value, chance),
            }
        }
        Value::Object(all) if !all.is_empty() => {
            let place = chance.below(all.len());
            let key = all.keys().nth(place).unwrap().clone();
            match (depth, chance.below(4)) {
                (0, 0) => drop(all.remove(&key)),
                (0, 1) => drop(all.insert((*chance.one(&WORDS)).to_owned(), value)),
                (0, _) => drop(all.insert(key, value)),
                _ => change(all.get_mut(&key).unwrap(), depth - 1, value, chance),
            }
        }
        _ => *at = value,
    }
}
