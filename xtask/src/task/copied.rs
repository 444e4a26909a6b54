use std::fs;
use std::path::{Path, PathBuf};

use super::inputs::copied_by;
use super::project::Project;
use super::source::Source;
use crate::dockerfile::Instruction;
use crate::measure;
use crate::model::{CopiedFile, ImageRecord, Measured, Variant};

/// The largest files that a variant's image has from its build context; `None` if the context is
/// not at hand.
pub(super) fn copied(
    (record, measured): (&ImageRecord, &Measured),
    variant: &Variant,
    source: &Source,
    project: &Project,
) -> Option<Vec<CopiedFile>> {
    let context = Path::new(&variant.build.as_ref()?.context);
    if !context.is_dir() {
        return None;
    }
    let stages = &source.dockerfile.stages;
    let instructions = || stages.iter().flat_map(|stage| &stage.instructions);
    let largest = measure::largest_copied(record, measured, CopiedFile::LEAST, CopiedFile::MOST);
    let files = largest.into_iter().filter_map(|file| {
        let instruction = instructions().find(|it| it.line == file.line)?;
        let path = in_context(file.path, file.bytes.0, instruction, context)?;
        Some(CopiedFile {
            file: project.short(&path),
            used_at: file.line,
            bytes: file.bytes,
        })
    });
    Some(files.collect())
}

/// The file of the context that an instruction copied to this path of the image: the one of this
/// size below a source of the instruction whose path has the longest end in common.
fn in_context(path: &str, bytes: u64, by: &Instruction, context: &Path) -> Option<PathBuf> {
    let starts = path.match_indices('/').map(|(at, _)| at + 1);
    let ends: Vec<&str> = [0]
        .into_iter()
        .chain(starts)
        .map(|at| &path[at..])
        .collect();
    let sources = copied_by(by);
    let is_it = |path: &PathBuf| {
        let facts = fs::symlink_metadata(path);
        facts.is_ok_and(|facts| facts.is_file() && facts.len() == bytes)
    };
    let below = |end: &str| {
        let mut below = sources.iter().map(|source| {
            let source = source.trim_start_matches('/');
            let place = context.join(source);
            if place.is_dir() {
                place.join(end)
            } else {
                place
            }
        });
        below.find(is_it)
    };
    ends.into_iter().find_map(below)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::in_context;
    use crate::dockerfile;

    /// The file of the context that is found for a path of the image, by its path there.
    fn found(copy: &str, path: &str, bytes: u64) -> Option<String> {
        let root = tempfile::tempdir().unwrap();
        let files = [
            ("web/static/large.bin", 7),
            ("web/a", 1),
            ("web/x/a", 1),
            ("one.txt", 3),
        ];
        for (file, bytes) in files {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "x".repeat(bytes)).unwrap();
        }
        let dockerfile = dockerfile::parse(&format!("FROM scratch\n{copy}\n"));
        let copy = &dockerfile.stages[0].instructions[0];
        let place = in_context(path, bytes, copy, root.path())?;
        let below = place.strip_prefix(root.path()).unwrap();
        Some(below.display().to_string())
    }

    #[test]
    fn a_copied_file_is_found_below_the_source_of_its_instruction() {
        let large = Some("web/static/large.bin".to_owned());
        assert_eq!(found("COPY . .", "srv/app/web/static/large.bin", 7), large);
        assert_eq!(
            found("COPY web /srv/app", "srv/app/static/large.bin", 7),
            large
        );
        assert_eq!(
            found("COPY [\"/web/\", \"/\"]", "static/large.bin", 7),
            large
        );
        assert_eq!(
            found("COPY one.txt /other", "other", 3),
            Some("one.txt".to_owned())
        );
        assert_eq!(found("COPY web /x", "x/a", 1), Some("web/x/a".to_owned()));
    }

    #[test]
    fn a_file_of_another_size_or_stage_is_not_that_of_the_context() {
        assert_eq!(found("COPY . /", "web/static/large.bin", 8), None);
        assert_eq!(
            found("COPY --from=build . /", "web/static/large.bin", 7),
            None
        );
        assert_eq!(found("COPY one.txt /", "elsewhere.txt", 4), None);
    }
}
