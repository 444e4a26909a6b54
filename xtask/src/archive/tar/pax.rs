//! Extended headers (POSIX pax, "pax Extended Header"): lines of `LENGTH KEY=VALUE`.

use crate::model::Damage;

/// What an extended header says of the entry that follows it.
#[derive(Debug, Default)]
pub(super) struct Extended {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) bytes: Option<u64>,
    /// What it says of a file with holes.
    pub(super) sparse: Option<Holes>,
}

/// A file with holes as its records describe it.
#[derive(Debug, Default)]
pub(super) struct Holes {
    version: (Option<u64>, Option<u64>),
    /// Its own name; `path` is one that the program made up for it.
    pub(super) name: Option<Vec<u8>>,
    /// Bytes of the file with its holes.
    pub(super) bytes: Option<u64>,
    /// Offsets and lengths by turns.
    map: Vec<u64>,
}

/// Where the map of a file with holes stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// In the extended header: 0.0 and 0.1.
    Header(Vec<u64>),
    /// Before the content: 1.0.
    Content,
    /// Nothing that any program writes.
    Unknown,
}

impl Holes {
    pub(super) fn format(&mut self) -> Format {
        match self.version {
            (Some(1), Some(0)) => Format::Content,
            (None, None) | (Some(0), Some(0 | 1)) if !self.map.is_empty() => {
                Format::Header(std::mem::take(&mut self.map))
            }
            _ => Format::Unknown,
        }
    }

    /// Takes in one record, whose key is given without what all of them begin with.
    fn note(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damage> {
        let number = || decimal(value).ok_or(Damage::Extended);
        match key {
            b"major" => self.version.0 = Some(number()?),
            b"minor" => self.version.1 = Some(number()?),
            b"name" => self.name = Some(name(value)?),
            b"size" => self.bytes = Some(number()?),
            b"realsize" => self.bytes = self.bytes.or(Some(number()?)),
            b"map" => {
                let numbers = value.split(|byte| *byte == b',').map(decimal);
                let map: Option<Vec<u64>> = numbers.collect();
                self.map = map.ok_or(Damage::Extended)?;
            }
            b"offset" | b"numbytes" => {
                let is_offset = self.map.len().is_multiple_of(2);
                if is_offset != (key == b"offset") {
                    return Err(Damage::Extended);
                }
                self.map.push(number()?);
            }
            _ => {}
        }
        Ok(())
    }
}

pub(super) fn parse(mut body: &[u8]) -> Result<Extended, Damage> {
    let mut extended = Extended::default();
    while !body.is_empty() {
        let (key, value, rest) = record(body).ok_or(Damage::Extended)?;
        body = rest;
        match key {
            // An empty value leaves what the plain header says.
            _ if value.is_empty() => {}
            b"path" => extended.path = Some(name(value)?),
            b"linkpath" => extended.link = Some(name(value)?),
            b"size" => extended.bytes = Some(decimal(value).ok_or(Damage::Extended)?),
            _ => {
                if let Some(key) = key.strip_prefix(b"GNU.sparse.") {
                    let holes = extended.sparse.get_or_insert_default();
                    holes.note(key, value)?;
                }
            }
        }
    }
    Ok(extended)
}

/// The first record's key and value, and what follows it.
fn record(body: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = body.iter().take(20).position(|byte| *byte == b' ')?;
    let length = usize::try_from(decimal(&body[..space])?).ok()?;
    let line = body.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = line.iter().position(|byte| *byte == b'=')?;
    Some((&line[..equals], &line[equals + 1..], &body[length..]))
}

fn name(value: &[u8]) -> Result<Vec<u8>, Damage> {
    if value.contains(&0) {
        return Err(Damage::Name);
    }
    Ok(value.to_vec())
}

pub(super) fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |value, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_record_holds_any_byte_but_nul_in_a_name() {
        let extended = parse(b"12 path=a\n=\n18 size=123456789\n").unwrap();
        assert_eq!(extended.path.as_deref(), Some(&b"a\n="[..]));
        assert_eq!(extended.bytes, Some(123_456_789));
        assert!(parse(b"11 path=a\0\n").is_err());
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        for body in [
            &b"5 a=\n"[..],
            b"0 a=b\n",
            b"3 a=b\n",
            b"99 a=b\n",
            b"x a=b\n",
            b"99999999999999999999 a=b\n",
            b"6 ab=\n\n",
        ] {
            let read = parse(body);
            assert_eq!(read.is_ok(), body == b"5 a=\n", "{body:?}");
        }
    }
}
