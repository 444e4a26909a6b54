use std::collections::BTreeMap;

use super::{Dockerfile, Instruction, parse};

/// The same Dockerfile, line for line, with other images instead of those that are named.
///
/// An image is replaced where FROM, `--from` or `--mount=from=` names it, and where it is the
/// value of an ARG before the first FROM. Names of stages stay.
pub fn with_images(text: &str, images: &BTreeMap<String, String>) -> String {
    let file = parse(text);
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    for (image, other) in images {
        for (instruction, before) in named(&file, image) {
            let first = (instruction.line as usize).saturating_sub(1);
            let last = (instruction.end_line as usize).min(lines.len());
            for line in lines.get_mut(first..last).into_iter().flatten() {
                *line = replaced(line, before, image, other);
            }
        }
    }
    lines.concat()
}

/// The instructions that name an image, and what stands before its name.
fn named<'f>(file: &'f Dockerfile, image: &str) -> Vec<(&'f Instruction, &'static [&'static str])> {
    let arguments = file.preamble.iter().filter(|it| it.keyword == "ARG");
    let arguments = arguments.map(|it| (it, ["=", "=\"", "='"].as_slice()));
    let mut found: Vec<_> = arguments.collect();
    for stage in &file.stages {
        if stage.base == image {
            found.push((&stage.from, [" ", "\t", ""].as_slice()));
        }
        let is_stage = file.stages[..stage.index]
            .iter()
            .any(|other| other.name.as_deref() == Some(&image.to_ascii_lowercase()));
        if !is_stage {
            let all = stage.instructions.iter();
            found.extend(all.map(|it| (it, ["from="].as_slice())));
        }
    }
    found
}

/// A line with another image after one of these; only whole names are replaced.
fn replaced(line: &str, before: &[&str], image: &str, other: &str) -> String {
    let goes_on = |text: &str| {
        let of_name = |it: char| it.is_alphanumeric() || "_./:@-".contains(it);
        text.starts_with(of_name)
    };
    let starts = before.iter().flat_map(|before| {
        let whole = format!("{before}{image}");
        let at = line.match_indices(&whole).map(|(at, _)| at);
        at.map(move |at| at + before.len()).collect::<Vec<_>>()
    });
    let mut starts = starts.filter(|at| !goes_on(&line[at + image.len()..]));
    let is_bare = before.contains(&"");
    let start = starts.find(|at| !is_bare || *at == 0 || !goes_on_before(&line[..*at]));
    match start {
        Some(at) => format!("{}{other}{}", &line[..at], &line[at + image.len()..]),
        None => line.to_owned(),
    }
}

/// Whether a name is still being written where the text ends.
fn goes_on_before(text: &str) -> bool {
    text.ends_with(|it: char| it.is_alphanumeric() || "_./:@-".contains(it))
}

#[cfg(test)]
mod tests {
    use super::with_images;

    #[test]
    fn an_image_is_replaced_wherever_it_is_named_and_no_line_moves() {
        let images = [("python:3.13-slim", "lab/python:offline"), ("build", "no")];
        let images = images.map(|(image, other)| (image.to_owned(), other.to_owned()));
        let images = images.into();
        for (text, expected) in [
            (
                "FROM python:3.13-slim AS build\nRUN echo python:3.13-slim\n",
                "FROM lab/python:offline AS build\nRUN echo python:3.13-slim\n",
            ),
            (
                "from --platform=linux/amd64 python:3.13-slim",
                "from --platform=linux/amd64 lab/python:offline",
            ),
            (
                "FROM \\\n# why\n  python:3.13-slim \\\n  AS b\nCMD x\r\n",
                "FROM \\\n# why\n  lab/python:offline \\\n  AS b\nCMD x\r\n",
            ),
            (
                "FROM \\\npython:3.13-slim\n",
                "FROM \\\nlab/python:offline\n",
            ),
            (
                "ARG I=\"python:3.13-slim\"\nFROM $I\nCOPY --from=python:3.13-slim /a /\n",
                "ARG I=\"lab/python:offline\"\nFROM $I\nCOPY --from=lab/python:offline /a /\n",
            ),
            (
                "FROM python:3.13-slim-bookworm\nFROM x/python:3.13-slim\n",
                "FROM python:3.13-slim-bookworm\nFROM x/python:3.13-slim\n",
            ),
            (
                "FROM a AS build\nFROM b\nCOPY --from=build /a /\n",
                "FROM a AS build\nFROM b\nCOPY --from=build /a /\n",
            ),
        ] {
            assert_eq!(with_images(text, &images), expected, "{text}");
        }
    }
}
