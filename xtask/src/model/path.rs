use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A path inside an image: bytes, relative to its root, without a leading `./` or `/`
/// and without a trailing `/`. The root itself is empty.
///
/// It comes from a stranger and is never joined to a path of this machine.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImagePath(Box<[u8]>);

impl ImagePath {
    /// Takes bytes that are already in this form; `archive` makes them so.
    pub fn from_normalised(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The directory that holds it; `None` for the root.
    pub fn parent(&self) -> Option<&[u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = self.0.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        Some(&self.0[..end])
    }
}

impl From<&str> for ImagePath {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

/// Bytes that are not UTF-8 are shown as U+FFFD; control characters are kept, so a
/// renderer must still escape.
impl fmt::Display for ImagePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for ImagePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", String::from_utf8_lossy(&self.0))
    }
}

/// What is not UTF-8 is written twice: to be read, and exactly.
#[derive(Serialize, Deserialize)]
struct Written {
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path_base64: Option<Base64>,
}

struct Base64(Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD
            .decode(&text)
            .map(Self)
            .map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &"base64"))
    }
}

impl Serialize for ImagePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_text = std::str::from_utf8(&self.0).is_ok();
        let written = Written {
            path: self.to_string(),
            path_base64: (!is_text).then(|| Base64(self.0.to_vec())),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ImagePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        Ok(match written.path_base64 {
            Some(Base64(bytes)) => Self::from_normalised(bytes),
            None => Self::from_normalised(written.path.into_bytes()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ImagePath;

    #[test]
    fn a_parent_is_the_directory_above() {
        assert_eq!(ImagePath::from("usr/lib/x").parent(), Some(&b"usr/lib"[..]));
        assert_eq!(ImagePath::from("usr").parent(), Some(&b""[..]));
        assert_eq!(ImagePath::from("").parent(), None);
    }
}
