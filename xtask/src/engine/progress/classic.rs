use super::told::Told;

/// What the classic builder puts around each piece of a step's standard error.
const RED: &str = "\u{1b}[91m";
const RESET: &str = "\u{1b}[0m";

/// The classic builder (moby, `builder/dockerfile`): `Step 3/7 : RUN …`, then what the step
/// printed, among lines of the builder's own. Podman's Docker API answers in the same way,
/// with `STEP 3/7: RUN …`, or `[2/2] STEP 3/7: RUN …` where there are several stages.
#[derive(Debug, Default)]
pub(super) struct Classic {
    at: Option<At>,
    /// The line before this one, where it may be an image's id.
    id: Option<String>,
    /// Within the paragraph that says that this builder is deprecated.
    is_preamble: bool,
}

/// The step at work.
#[derive(Debug)]
struct At {
    header: Header,
    /// Where it is kept.
    step: usize,
    /// The builder printed something of it.
    acted: bool,
}

/// Numbers of a step, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Header {
    /// `2/2`; empty where it is not told.
    stage: String,
    index: u32,
    total: u32,
}

impl Classic {
    /// A line of standard output.
    pub(super) fn step_line(&mut self, line: &str, told: &mut Told) {
        // It ends its warnings about the Dockerfile's empty lines in the middle of a line.
        if let Some((header, instruction)) = self.next_step(line.trim_start_matches(RESET)) {
            self.end_step(told);
            let Header {
                stage,
                index,
                total,
            } = &header;
            let name = format!("[{stage} {index}/{total}] {instruction}");
            let step = told.step(&format!("{stage} {index}"), &name);
            told.is_running(step);
            self.at = Some(At {
                header,
                step,
                acted: false,
            });
            return;
        }
        self.note_id(line, told);
        let Some(At { step, acted, .. }) = &mut self.at else {
            return;
        };
        let step = *step;
        *acted |= !line.is_empty();
        let printed = undecorated(line);
        match printed
            .strip_prefix(" ---> ")
            .or(printed.strip_prefix("--> "))
        {
            Some(note) if note.starts_with("Using cache") => told.is_cached(step),
            Some(_) => (),
            None if is_own_line(&printed) || (printed.is_empty() && !line.is_empty()) => (),
            None => {
                told.logs(step, printed.as_bytes());
                told.logs(step, b"\n");
            }
        }
        if line.starts_with("Successfully built ") {
            self.end_step(told);
        }
    }

    /// A line of standard error.
    pub(super) fn error_line(&mut self, line: &str, told: &mut Told) {
        self.is_preamble |= line.starts_with("DEPRECATED: ");
        if self.is_preamble {
            self.is_preamble = !line.trim().is_empty();
        } else if !line.trim().is_empty() {
            told.says(line);
        }
    }

    /// The step at work is over without having said that it came from the cache. One of which
    /// nothing was said at all, as an ARG before FROM, took no work.
    fn end_step(&mut self, told: &mut Told) {
        match self.at.take() {
            Some(At { step, acted, .. }) if acted => told.is_over_unless_cached(step),
            Some(At { step, .. }) => told.is_cached(step),
            None => (),
        }
    }

    /// Podman tells the CLI no id for its `--iidfile`, but prints it before the last but one
    /// line, `Successfully built d25f7cc3cd6b`.
    fn note_id(&mut self, line: &str, told: &mut Told) {
        let is_id = line.len() == 64 && line.bytes().all(|byte| byte.is_ascii_hexdigit());
        let before = std::mem::replace(&mut self.id, is_id.then(|| line.to_owned()));
        let Some(short) = line.strip_prefix("Successfully built ") else {
            return;
        };
        if let Some(id) = before.filter(|id| !short.is_empty() && id.starts_with(short)) {
            told.has_id(format!("sha256:{id}"));
        }
    }

    /// A program may print what looks like a step: only the one that is next is believed.
    fn next_step<'a>(&self, line: &'a str) -> Option<(Header, &'a str)> {
        let (header, instruction) = header_of(line)?;
        let is_next = match &self.at {
            Some(At { header: at, .. }) if at.index < at.total => {
                let index = at.index + 1;
                header
                    == Header {
                        index,
                        ..at.clone()
                    }
            }
            Some(At { header: at, .. }) => header.index == 1 && header.stage != at.stage,
            None => header.index == 1,
        };
        is_next.then_some((header, instruction))
    }
}

fn header_of(line: &str) -> Option<(Header, &str)> {
    let (stage, numbers, instruction) = if let Some(rest) = line.strip_prefix("Step ") {
        let (numbers, instruction) = rest.split_once(" : ")?;
        ("", numbers, instruction)
    } else {
        let (stage, rest) = line.split_once("STEP ")?;
        let (numbers, instruction) = rest.split_once(": ")?;
        let bare = stage
            .strip_prefix('[')
            .and_then(|stage| stage.strip_suffix("] "));
        let stage = bare.or(stage.is_empty().then_some(""))?;
        (stage, numbers, instruction)
    };
    let (index, total) = numbers.split_once('/')?;
    let header = Header {
        stage: stage.to_owned(),
        index: index.parse().ok()?,
        total: total.parse().ok()?,
    };
    Some((header, instruction))
}

fn is_own_line(line: &str) -> bool {
    [
        "Removing intermediate container ",
        "Successfully built ",
        "Successfully tagged ",
    ]
    .iter()
    .any(|own| line.starts_with(own))
}

/// The builder paints each piece that a step writes to standard error, and a program writes a
/// line in several.
fn undecorated(line: &str) -> String {
    line.replace(RESET, "").replace(RED, "")
}
