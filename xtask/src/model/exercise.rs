use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Bytes, Digest};

/// What an exercise gives and asks for: the `exercise` block of the solution's `x-lab`.
///
/// Names of files are relative to `folder`, which is also where the build context comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// Where a submission is written; absolute.
    pub submission: PathBuf,
    /// The lab's own folder, which holds the given files; absolute.
    pub folder: PathBuf,
    /// The given file that is run during the build.
    pub script: String,
    /// What the script writes into its working directory.
    pub output: String,
    /// What runs the script, in the reference's base image.
    pub command: Vec<String>,
    /// Every given file, the script among them, by name.
    pub given: Vec<Given>,
    /// The script whose text only running it can produce; absolute.
    pub canary: PathBuf,
    /// What no layer of the final image may hold.
    pub forbidden: Vec<Forbidden>,
    /// The largest size first.
    pub medals: Vec<Medal>,
    /// The exercise's own texts; absolute.
    pub texts: Option<PathBuf>,
}

/// A file that is given, and must stay as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub name: String,
    pub sha256: Digest,
}

/// A kind of program that the final image does without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// Such as `python` or `compiler`.
    pub part: String,
    /// Names of files, in which `*` is any text.
    pub names: Vec<String>,
}

/// A size that is worth a medal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Medal {
    /// Such as `bronze`.
    pub name: String,
    pub at_most: Bytes,
}

impl Exercise {
    /// The lightest medal that a size is worth.
    pub fn medal(&self, size: Bytes) -> Option<&Medal> {
        self.medals.iter().rev().find(|it| size <= it.at_most)
    }

    /// The medal after the one that a size is worth; `None` where there is no lighter one.
    pub fn next_medal(&self, size: Bytes) -> Option<&Medal> {
        self.medals.iter().find(|it| size > it.at_most)
    }
}

impl Forbidden {
    /// Whether a file's name, without its directories, is one of these.
    pub fn names(&self, name: &[u8]) -> bool {
        self.names.iter().any(|it| is_like(it.as_bytes(), name))
    }
}

/// Whether a text is like a pattern in which `*` is any text.
fn is_like(pattern: &[u8], text: &[u8]) -> bool {
    let Some(star) = pattern.iter().position(|byte| *byte == b'*') else {
        return pattern == text;
    };
    let (before, after) = (&pattern[..star], &pattern[star + 1..]);
    let Some(rest) = text.strip_prefix(before) else {
        return false;
    };
    (0..=rest.len()).any(|from| is_like(after, &rest[from..]))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Exercise, Forbidden, Medal};
    use crate::model::Bytes;

    fn exercise() -> Exercise {
        let medal = |name: &str, at_most| Medal {
            name: name.to_owned(),
            at_most: Bytes(at_most),
        };
        Exercise {
            submission: PathBuf::new(),
            folder: PathBuf::new(),
            script: String::new(),
            output: String::new(),
            command: Vec::new(),
            given: Vec::new(),
            canary: PathBuf::new(),
            forbidden: Vec::new(),
            medals: vec![
                medal("bronze", 1_000),
                medal("silver", 100),
                medal("gold", 10),
            ],
            texts: None,
        }
    }

    #[test]
    fn a_size_earns_the_lightest_medal_that_it_fits() {
        let exercise = exercise();
        let name = |medal: Option<&Medal>| medal.map(|it| it.name.clone());
        for (size, medal, next) in [
            (1_001, None, Some("bronze")),
            (1_000, Some("bronze"), Some("silver")),
            (100, Some("silver"), Some("gold")),
            (11, Some("silver"), Some("gold")),
            (10, Some("gold"), None),
            (0, Some("gold"), None),
        ] {
            let size = Bytes(size);
            assert_eq!(name(exercise.medal(size)).as_deref(), medal, "{size:?}");
            assert_eq!(name(exercise.next_medal(size)).as_deref(), next, "{size:?}");
        }
    }

    #[test]
    fn a_star_is_any_text() {
        let forbidden = Forbidden {
            part: "python".to_owned(),
            names: ["python*", "ld", "*-gcc-*"].map(str::to_owned).into(),
        };
        for (name, is_named) in [
            ("python", true),
            ("python3.13", true),
            ("cpython", false),
            ("ld", true),
            ("ld.so", false),
            ("x86_64-linux-gnu-gcc-12", true),
            ("gcc", false),
        ] {
            assert_eq!(forbidden.names(name.as_bytes()), is_named, "{name}");
        }
    }
}
