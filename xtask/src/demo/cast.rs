use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;

/// A recording of the terminal, as asciicast v2: a header, then one event a line
/// (<https://docs.asciinema.org/manual/asciicast/v2/>).
#[derive(Clone, Debug)]
pub struct Cast {
    text: String,
}

impl Cast {
    /// `began` is in seconds since 1970.
    pub fn new([columns, rows]: [usize; 2], began: u64, title: &str) -> Self {
        let header = json!({
            "version": 2,
            "width": columns,
            "height": rows,
            "timestamp": began,
            "title": title,
            "env": { "TERM": "xterm-256color" },
        });
        Self {
            text: format!("{header}\n"),
        }
    }

    /// What was written to the terminal.
    pub fn output(&mut self, at: Duration, text: &str) {
        self.event(at, "o", text);
    }

    /// A place to jump to.
    pub fn marker(&mut self, at: Duration, label: &str) {
        self.event(at, "m", label);
    }

    pub fn resize(&mut self, at: Duration, [columns, rows]: [usize; 2]) {
        self.event(at, "r", &format!("{columns}x{rows}"));
    }

    fn event(&mut self, at: Duration, kind: &str, text: &str) {
        let seconds = at.as_secs_f64();
        // Microseconds: what the format's own tools write.
        let time = format!("{seconds:.6}");
        let (kind, text) = (json!(kind), json!(text));
        let _ = writeln!(self.text, "[{time}, {kind}, {text}]");
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::Value;

    use super::Cast;

    #[test]
    fn every_line_is_json_of_its_own() {
        let mut cast = Cast::new([80, 24], 1_700_000_000, "ex08");
        cast.output(Duration::from_millis(1_500), "\u{1b}[2Jé\"\r\n");
        cast.marker(Duration::from_secs(2), "1. \u{ab}One\u{bb}");
        cast.resize(Duration::from_secs(3), [100, 30]);
        let lines: Vec<Value> = cast
            .text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines[0]["version"], 2);
        assert_eq!(lines[1], serde_json::json!([1.5, "o", "\u{1b}[2Jé\"\r\n"]));
        assert_eq!(lines[2][1], "m");
        assert_eq!(lines[3][2], "100x30");
    }
}
