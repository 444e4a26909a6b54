use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path};

use crate::model::ImagePath;

/// A path with `..` in it. No tool that makes images writes one, and unpackers disagree on
/// what it means, so it is refused rather than resolved.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::archive) struct ParentPath;

/// Brings a name of a tar into the form of [`ImagePath`]: no `/` at either end, no empty
/// component and none that is `.`.
pub(in crate::archive) fn normalise(name: &[u8]) -> Result<ImagePath, ParentPath> {
    let mut path = Vec::with_capacity(name.len());
    for component in Path::new(OsStr::from_bytes(name)).components() {
        match component {
            Component::ParentDir => return Err(ParentPath),
            Component::Normal(part) => {
                if !path.is_empty() {
                    path.push(b'/');
                }
                path.extend_from_slice(part.as_bytes());
            }
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    Ok(ImagePath::from_normalised(path))
}

#[cfg(test)]
mod tests {
    use super::{ParentPath, normalise};

    #[test]
    fn spellings_of_one_path_become_one() {
        for name in ["a/b", "/a/b", "./a/b/", "a//b", "a/./b/."] {
            assert_eq!(normalise(name.as_bytes()).unwrap().as_bytes(), b"a/b");
        }
        for root in ["", ".", "./", "/"] {
            assert_eq!(normalise(root.as_bytes()).unwrap().as_bytes(), b"");
        }
    }

    #[test]
    fn a_path_that_climbs_is_refused() {
        for name in ["..", "../a", "a/../b", "/..", "a/.."] {
            assert_eq!(normalise(name.as_bytes()), Err(ParentPath), "{name}");
        }
        assert!(normalise(b"..a/...").is_ok());
    }
}
