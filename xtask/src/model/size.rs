//! Sizes as people write them.

use super::Bytes;

/// What a multiple of bytes stands for when its letter is written alone or before `B`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Letters {
    /// `kB` is 1,000 bytes and `KiB` 1,024; a letter alone is refused, for Compose reads
    /// `1k` as 1,024.
    Decimal,
    /// All are powers of 1,024, as Compose reads `k`, `kb` and `KiB` alike
    /// (`units.RAMInBytes` of docker/go-units).
    Binary,
}

/// A size in a policy: `478`, `12 kB`, `1KiB`, `1.5 MB`, and in French `1,5 Mo`, `4 Kio`: there a
/// byte is an `octet`.
pub fn policy(text: &str) -> Option<Bytes> {
    match text.trim_end().strip_suffix(['o', 'O']) {
        Some(french) => size(&format!("{}B", french.replace(',', ".")), Letters::Decimal),
        None => size(text, Letters::Decimal),
    }
}

/// A size in a Compose key: `67108864`, `64m`, `1gb`.
pub fn compose(text: &str) -> Option<Bytes> {
    size(text, Letters::Binary)
}

/// A size as a policy writes it: in the largest unit that it is a whole number of.
pub fn written(size: Bytes) -> String {
    const UNITS: [(u64, &str); 6] = [
        (1 << 30, "GiB"),
        (1_000_000_000, "GB"),
        (1 << 20, "MiB"),
        (1_000_000, "MB"),
        (1 << 10, "KiB"),
        (1_000, "kB"),
    ];
    let is_whole = |(unit, _): &(u64, &str)| size.0 > 0 && size.0.is_multiple_of(*unit);
    match UNITS.into_iter().find(is_whole) {
        Some((unit, name)) => format!("{}{name}", size.0 / unit),
        None => format!("{}B", size.0),
    }
}

fn size(text: &str, letters: Letters) -> Option<Bytes> {
    let text = text.trim();
    let end = text
        .find(|char: char| !char.is_ascii_digit() && char != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = multiple(unit.trim_start(), letters)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    // A part of a byte is no size.
    if unit == 1 && number.contains('.') {
        return None;
    }
    let whole = digits(whole)?.checked_mul(unit)?;
    let places = u32::try_from(fraction.len()).ok()?;
    let part = digits(fraction)?.checked_mul(unit)? / 10_u128.checked_pow(places)?;
    u64::try_from(whole.checked_add(part)?).ok().map(Bytes)
}

fn digits(text: &str) -> Option<u128> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(())?;
    text.parse().ok()
}

fn multiple(unit: &str, letters: Letters) -> Option<u128> {
    let unit = unit.to_ascii_lowercase();
    let Some(letter) = unit.chars().next().filter(|letter| *letter != 'b') else {
        return matches!(&*unit, "" | "b").then_some(1);
    };
    let power = 1 + u32::try_from("kmgtp".find(letter)?).ok()?;
    let base: u128 = match (&unit[1..], letters) {
        ("ib", _) | ("" | "b" | "i", Letters::Binary) => 1_024,
        ("b", Letters::Decimal) => 1_000,
        _ => return None,
    };
    base.checked_pow(power)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::model::Bytes;

    use super::{compose, policy, written};

    #[test]
    fn a_policy_tells_kb_from_kib_and_refuses_a_letter_alone() {
        for (text, bytes) in [
            ("478", Some(478)),
            ("512B", Some(512)),
            ("1KiB", Some(1_024)),
            ("1 KB", Some(1_000)),
            ("3MB", Some(3_000_000)),
            ("1.5 MiB", Some(1_572_864)),
            ("20 Mo", Some(20_000_000)),
            ("20\u{a0}Mo", Some(20_000_000)),
            ("1,5 ko", Some(1_500)),
            ("4 Kio", Some(4_096)),
            ("512 o", Some(512)),
            ("1o1", None),
            ("1,5 kB", None),
            ("1,5 kBo", None),
            ("o", None),
            (".5kB", None),
            ("1k", None),
            ("1.5", None),
            ("1.5B", None),
            ("-1", None),
            ("", None),
            ("kB", None),
            ("1e3", None),
            ("1.2.3kB", None),
            ("16777216TiB", None),
            ("99999999999999999999999999999999999999999", None),
        ] {
            assert_eq!(policy(text), bytes.map(Bytes), "{text}");
        }
    }

    #[test]
    fn compose_letters_are_binary_in_every_spelling() {
        for text in ["64k", "64K", "64kb", "64KiB", "65536", "65536b", "64 k"] {
            assert_eq!(compose(text), Some(Bytes(65_536)), "{text}");
        }
        assert_eq!(compose("1.5g"), Some(Bytes(1_610_612_736)));
    }

    #[test]
    fn what_is_written_bears_its_unit() {
        let all = [0, 100, 1_000, 1_025, 4_096].map(|bytes| written(Bytes(bytes)));
        assert_eq!(all, ["0B", "100B", "1kB", "1025B", "4KiB"]);
    }

    proptest! {
        #[test]
        fn a_size_is_its_number_times_its_unit(
            number in 0_u64..9_000, unit in 0_usize..5, gap in "[ ]{0,2}"
        ) {
            let power = u32::try_from(unit + 1).unwrap();
            let letter = ["k", "M", "G", "T", "P"][unit];
            let decimal = format!("{number}{gap}{letter}B");
            let binary = format!("{number}{gap}{letter}iB");
            prop_assert_eq!(policy(&decimal), number.checked_mul(1_000_u64.pow(power)).map(Bytes));
            prop_assert_eq!(policy(&binary), number.checked_mul(1_024_u64.pow(power)).map(Bytes));
            prop_assert_eq!(compose(&decimal), policy(&binary));
        }

        #[test]
        fn bytes_written_plainly_are_read_back(bytes: u64) {
            prop_assert_eq!(policy(&bytes.to_string()), Some(Bytes(bytes)));
            prop_assert_eq!(compose(&format!("{bytes}b")), Some(Bytes(bytes)));
            prop_assert_eq!(policy(&written(Bytes(bytes))), Some(Bytes(bytes)));
            let round = Bytes(bytes % 9_000 * 1_024);
            prop_assert_eq!(policy(&written(round)), Some(round));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,12}") {
            let _ = (policy(&text), compose(&text));
        }
    }
}
