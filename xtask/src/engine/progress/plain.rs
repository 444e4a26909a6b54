use super::told::Told;

/// The rule around the excerpt of the failing step's log, which the step's own lines hold.
const EXCERPT: &str = "------";

/// BuildKit's `--progress=plain` (moby/buildkit, `util/progress/progressui/printer.go`): lines
/// `#7 …` of numbered steps, each block of them headed by the step's name, and between them
/// what the client says.
#[derive(Debug, Default)]
pub(super) struct Plain {
    is_excerpt: bool,
}

impl Plain {
    pub(super) fn line(&mut self, line: &str, told: &mut Told) {
        if let Some((number, text)) = numbered(line) {
            step_line(number, text, told);
        } else if line == EXCERPT {
            self.is_excerpt = !self.is_excerpt;
        } else if !self.is_excerpt && !line.is_empty() {
            told.says(line);
        }
    }
}

fn step_line(number: &str, text: &str, told: &mut Told) {
    let Some(step) = told.known(number) else {
        let step = told.step(number, text);
        told.is_running(step);
        return;
    };
    if text == "CACHED" {
        told.is_cached(step);
    } else if text.strip_prefix("DONE ").is_some_and(is_seconds) {
        told.is_over(step);
    } else if let Some(error) = text.strip_prefix("ERROR: ") {
        told.has_failed(step, error);
    } else if let Some(printed) = after_time(text) {
        told.logs(step, printed.as_bytes());
        told.logs(step, b"\n");
    }
    // The rest is the name again, a digest, a transfer or an export.
}

/// `7` and what follows of `#7 …`.
fn numbered(line: &str) -> Option<(&str, &str)> {
    let (number, text) = line.strip_prefix('#')?.split_once(' ')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((number, text))
}

/// What a step printed, of `0.164 …`: the seconds since the step began come first.
fn after_time(text: &str) -> Option<&str> {
    let (time, printed) = text.split_once(' ').unwrap_or((text, ""));
    let (whole, part) = time.split_once('.')?;
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_digits(whole) && is_digits(part)).then_some(printed)
}

fn is_seconds(text: &str) -> bool {
    text.strip_suffix('s')
        .is_some_and(|number| number.parse::<f64>().is_ok())
}
