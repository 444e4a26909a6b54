use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Bytes, Delta, Digest, located};

/// What a variant's image was made from, as far as it helps to say what changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeFrom {
    /// Files of the build context that the Dockerfile names, and what its FROM takes from the
    /// Compose file. `None` where that is not known.
    pub inputs: Option<Vec<Input>>,
    /// Instructions of the Dockerfile that take several lines: the first and the last, 1-based.
    #[serde(default)]
    pub spans: Vec<[u32; 2]>,
    /// The largest files that the image has from the build context, most bytes first; at most
    /// [`CopiedFile::MOST`]. `None` where that is not known.
    #[serde(default)]
    pub copied: Option<Vec<CopiedFile>>,
}

/// A file of the build context that a COPY or ADD brought into the image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedFile {
    /// As the project names it.
    pub file: String,
    /// The line of the instruction.
    pub used_at: u32,
    pub bytes: Bytes,
}

/// Something that a build reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The file, as the project names it.
    pub file: String,
    /// 1-based; where the file is a Compose file.
    pub line: Option<u32>,
    /// The line of the instruction that reads it; `None` for a `.dockerignore` and for an argument.
    pub used_at: Option<u32>,
    /// The build argument of a FROM, where that is what is read.
    pub argument: Option<String>,
    pub sha256: Digest,
}

/// A changed input, as a finding names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputPlace {
    pub file: String,
    pub line: Option<u32>,
}

impl fmt::Display for InputPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&located(&self.file, self.line))
    }
}

impl MadeFrom {
    /// The inputs that are not what they were; `None` where one side is not known.
    pub fn changed_since<'a>(&'a self, before: &'a Self) -> Option<Vec<&'a Input>> {
        let (now, before) = (self.inputs.as_ref()?, before.inputs.as_ref()?);
        let is_same = |one: &Input, other: &Input| {
            (&one.file, &one.argument, &one.sha256) == (&other.file, &other.argument, &other.sha256)
        };
        let lacks = |all: &[Input], one: &Input| !all.iter().any(|other| is_same(one, other));
        let changed = now.iter().filter(|input| lacks(before, input));
        let is_named = |input: &Input| now.iter().any(|it| it.file == input.file);
        let gone = before
            .iter()
            .filter(|input| lacks(now, input) && !is_named(input));
        Some(changed.chain(gone).collect())
    }

    /// The copied files that grew or are new, with their growth; none where one side is not known.
    pub fn grown_since<'a>(&'a self, before: &Self) -> Vec<(&'a CopiedFile, Delta)> {
        let (Some(now), Some(before)) = (&self.copied, &before.copied) else {
            return Vec::new();
        };
        // Of a smaller file it is not known whether it was there.
        let is_full = before.len() >= CopiedFile::MOST;
        let floor = before.last().filter(|_| is_full);
        let floor = floor.map_or(Bytes::ZERO, |smallest| smallest.bytes);
        let growth = |it: &CopiedFile| {
            let old = before.iter().find(|old| old.file == it.file);
            it.bytes.since(old.map_or(Bytes::ZERO, |old| old.bytes))
        };
        let sized = now.iter().map(|it| (it, growth(it)));
        sized
            .filter(|(it, growth)| growth.0 > 0 && it.bytes > floor)
            .collect()
    }

    /// The last line of the instruction that begins at this one.
    pub fn end_of(&self, line: u32) -> Option<u32> {
        let span = self.spans.iter().find(|[first, _]| *first == line);
        span.map(|[_, last]| *last)
    }
}

impl CopiedFile {
    pub const MOST: usize = 12;

    /// Smaller ones explain no growth that is worth a reader's attention.
    pub const LEAST: Bytes = Bytes(4_096);
}

impl From<&CopiedFile> for InputPlace {
    fn from(copied: &CopiedFile) -> Self {
        Self {
            file: copied.file.clone(),
            line: None,
        }
    }
}

impl From<&Input> for InputPlace {
    fn from(input: &Input) -> Self {
        Self {
            file: input.file.clone(),
            line: input.line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CopiedFile, MadeFrom};
    use crate::model::{Bytes, Delta};

    fn made_from(files: &[(&str, u64)]) -> MadeFrom {
        let copied = files.iter().map(|(file, bytes)| CopiedFile {
            file: (*file).to_owned(),
            used_at: 3,
            bytes: Bytes(*bytes),
        });
        MadeFrom {
            copied: Some(copied.collect()),
            ..MadeFrom::default()
        }
    }

    fn grown(now: &[(&str, u64)], before: &MadeFrom) -> Vec<(String, i64)> {
        let now = made_from(now);
        let grown = now.grown_since(before).into_iter();
        grown
            .map(|(it, Delta(growth))| (it.file.clone(), growth))
            .collect()
    }

    #[test]
    fn only_what_is_known_to_be_larger_grew() {
        let before = made_from(&[("a", 9_000), ("b", 8_000)]);
        let now = [("c", 7_000_000), ("a", 9_500), ("b", 7_000)];
        let wanted = [("c".to_owned(), 7_000_000), ("a".to_owned(), 500)];
        assert_eq!(grown(&now, &before), wanted);
        assert_eq!(grown(&now, &MadeFrom::default()), []);
    }

    #[test]
    fn a_file_may_have_been_below_the_end_of_a_full_list() {
        let names: Vec<String> = (0..CopiedFile::MOST).map(|at| at.to_string()).collect();
        let files: Vec<(&str, u64)> = names.iter().map(|it| (it.as_str(), 9_000)).collect();
        let now = [("large", 9_001), ("small", 9_000)];
        let wanted = [("large".to_owned(), 9_001)];
        assert_eq!(grown(&now, &made_from(&files)), wanted);
    }
}
