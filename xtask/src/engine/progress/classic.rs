use super::told::Told;

/// What the classic builder puts around each piece of a step's standard error.
const RED: &str = "\u{1b}[91m";
const RESET: &str = "\u{1b}[0m";

/// The classic builder (moby, `builder/dockerfile`), and Podman's through its Docker API:
/// `Step 3/7 : RUN …`, then what the step printed, among lines of the builder's own.
#[derive(Debug, Default)]
pub(super) struct Classic {
    /// Number of the step at work, all steps, and where it is kept.
    at: Option<(u32, u32, usize)>,
    /// Within the paragraph that says that this builder is deprecated.
    is_preamble: bool,
}

impl Classic {
    /// A line of standard output.
    pub(super) fn step_line(&mut self, line: &str, told: &mut Told) {
        if let Some((index, total, instruction)) = self.next_step(line) {
            self.end_step(told);
            let step = told.step(
                &index.to_string(),
                &format!("[{index}/{total}] {instruction}"),
            );
            told.is_running(step);
            self.at = Some((index, total, step));
            return;
        }
        let Some((_, _, step)) = self.at else {
            return;
        };
        let printed = undecorated(line);
        match printed
            .strip_prefix(" ---> ")
            .or(printed.strip_prefix("--> "))
        {
            Some(note) if note.starts_with("Using cache") => told.is_cached(step),
            Some(_) => (),
            None if is_own_line(printed) || (printed.is_empty() && !line.is_empty()) => (),
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

    /// The step at work is over without having said that it came from the cache.
    fn end_step(&mut self, told: &mut Told) {
        if let Some((_, _, step)) = self.at.take() {
            told.is_over_unless_cached(step);
        }
    }

    /// A program may print what looks like a step: only the one that is next is believed.
    fn next_step<'a>(&self, line: &'a str) -> Option<(u32, u32, &'a str)> {
        let (numbers, instruction) = match line.strip_prefix("Step ") {
            Some(rest) => rest.split_once(" : ")?,
            None => line.strip_prefix("STEP ")?.split_once(": ")?,
        };
        let (index, total) = numbers.split_once('/')?;
        let (index, total) = (index.parse().ok()?, total.parse().ok()?);
        let is_next = match self.at {
            Some((at, of, _)) => index == at + 1 && total == of,
            None => index == 1,
        };
        is_next.then_some((index, total, instruction))
    }
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

/// The builder paints standard error red, and its reset opens the line after it.
fn undecorated(line: &str) -> &str {
    let line = line.strip_prefix(RESET).unwrap_or(line);
    line.strip_prefix(RED).unwrap_or(line)
}
