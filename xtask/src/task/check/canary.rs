use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::model::Digest;

/// What stands in a canary's template for the key and for the text written with it, both in
/// hexadecimal digits.
const KEY: &str = "@KEY@";
const CODE: &str = "@CODE@";

/// A script whose output nobody knows who does not run it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Canary {
    pub(super) script: Vec<u8>,
    /// What it writes.
    pub(super) output: Vec<u8>,
}

impl Canary {
    /// The canary of a template: the same for the same secret and the same `parts`, and another
    /// one if any of them changes.
    pub(super) fn new(template: &str, secret: &[u8; 32], parts: &[&[u8]]) -> Self {
        let seed = digest(b"text", secret, parts);
        let key = digest(b"key", secret, parts);
        let (one, two) = seed.as_hash().split_at(16);
        let output = format!(
            "Le canari dit {}, et c’est le script qui l’écrit.\nIl ajoute {} à chaque fois.\n",
            hex(one),
            hex(two)
        );
        let key = key.as_hash();
        let bytes = output.bytes().zip(key.iter().cycle());
        let code: Vec<u8> = bytes.map(|(byte, key)| byte ^ key).collect();
        let script = template.replace(KEY, &hex(key)).replace(CODE, &hex(&code));
        Self {
            script: script.into_bytes(),
            output: output.into_bytes(),
        }
    }

    /// Whether a text can be made a canary.
    pub(super) fn is_template(text: &str) -> bool {
        text.contains(KEY) && text.contains(CODE)
    }
}

fn digest(what: &[u8], secret: &[u8; 32], parts: &[&[u8]]) -> Digest {
    let mut hash = Sha256::new();
    for part in [what, secret].into_iter().chain(parts.iter().copied()) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    Digest::from_hash(hash.finalize().into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::{Canary, hex};

    const TEMPLATE: &str = "key @KEY@ code @CODE@";

    #[test]
    fn a_canary_stays_the_same_until_something_changes() {
        let of = |secret: u8, parts: &[&[u8]]| Canary::new(TEMPLATE, &[secret; 32], parts);
        let first = of(1, &[b"a", b"b"]);
        assert_eq!(first, of(1, &[b"a", b"b"]));
        for other in [
            of(2, &[b"a", b"b"]),
            of(1, &[b"a", b"c"]),
            of(1, &[b"ab", b""]),
        ] {
            assert_ne!(first.output, other.output);
            assert_ne!(first.script, other.script);
        }
    }

    #[test]
    fn the_script_has_its_text_only_in_code() {
        let canary = Canary::new(TEMPLATE, &[7; 32], &[]);
        let script = String::from_utf8(canary.script).unwrap();
        let output = String::from_utf8(canary.output).unwrap();
        for line in output.lines() {
            assert!(!script.contains(line));
            let words = line.split([' ', ',']).filter(|it| it.len() > 20);
            assert!(words.count() > 0 && !script.contains(&hex(line.as_bytes())));
        }
        assert!(!script.contains('@'));
    }
}
