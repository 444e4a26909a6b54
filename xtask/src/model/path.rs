use std::fmt;

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
