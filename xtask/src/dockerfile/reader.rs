/// The physical lines of a Dockerfile, read one instruction at a time.
pub(super) struct Reader<'a> {
    lines: Vec<&'a str>,
    /// Lines read so far, so also the 1-based number of the last one read.
    read: usize,
    escape: char,
}

/// An instruction's lines made one: without comments, continuation characters and heredocs.
pub(super) struct Logical {
    pub(super) text: String,
    /// 1-based.
    pub(super) line: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines: Vec<&str> = text.split_terminator('\n').collect();
        let escape = escape_directive(&lines).unwrap_or('\\');
        Self {
            lines,
            read: 0,
            escape,
        }
    }

    pub(super) fn has_frontend(&self) -> bool {
        directives(&self.lines).any(|(name, _)| name == "syntax")
    }

    pub(super) fn next_instruction(&mut self) -> Option<Logical> {
        loop {
            let first = self.next_line()?.trim_start();
            let line = self.read;
            if first.is_empty() || first.starts_with('#') {
                continue;
            }
            let (start, mut continued) = self.cut_continuation(first);
            let mut text = start.to_owned();
            while continued {
                let Some(more) = self.next_line() else { break };
                let bare = more.trim_start();
                if bare.is_empty() || bare.starts_with('#') {
                    continue;
                }
                let (part, goes_on) = self.cut_continuation(more);
                text.push_str(part);
                continued = goes_on;
            }
            return Some(Logical { text, line });
        }
    }

    /// Reads up to the line that is `name` alone, and returns what stood before it. Without
    /// that line the builder refuses the file; here the rest of the file is the body.
    pub(super) fn heredoc_body(&mut self, name: &str, chomp: bool) -> String {
        let mut body = String::new();
        while let Some(line) = self.next_line() {
            let end = if chomp {
                line.trim_start_matches('\t')
            } else {
                line
            };
            if end == name {
                break;
            }
            body.push_str(line);
            body.push('\n');
        }
        body
    }

    /// The 1-based number of the last line that was read.
    pub(super) fn line(&self) -> usize {
        self.read
    }

    /// The lines from `first` to the last one read, as they are.
    pub(super) fn raw_from(&self, first: usize) -> String {
        self.lines[first - 1..self.read].join("\n")
    }

    fn next_line(&mut self) -> Option<&'a str> {
        let line = self.lines.get(self.read)?;
        self.read += 1;
        Some(line.trim_end_matches('\r'))
    }

    /// A line without its continuation character, and whether it had one. An escaped escape
    /// character (`\\` at the end) continues nothing.
    fn cut_continuation<'l>(&self, line: &'l str) -> (&'l str, bool) {
        let ending = line.trim_end_matches([' ', '\t']);
        match ending.strip_suffix(self.escape) {
            Some(before) if !before.ends_with(self.escape) => (before, true),
            _ => (line, false),
        }
    }
}

/// The value of `# escape=…`.
fn escape_directive(lines: &[&str]) -> Option<char> {
    let (_, value) = directives(lines).find(|(name, _)| name == "escape")?;
    value.chars().next()
}

/// Names, in lower case, and values of the parser directives, which come before all else.
fn directives<'l>(lines: &[&'l str]) -> impl Iterator<Item = (String, &'l str)> {
    let directive = |line: &&'l str| {
        let (name, value) = line.trim().strip_prefix('#')?.split_once('=')?;
        let name = name.trim().to_ascii_lowercase();
        let is_known = matches!(name.as_str(), "escape" | "syntax" | "check");
        is_known.then_some((name, value.trim()))
    };
    lines.iter().map_while(directive)
}
