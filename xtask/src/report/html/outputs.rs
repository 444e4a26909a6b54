use maud::{Markup, html};

use super::{Page, stranger};
use crate::lang::Word;
use crate::model::{Bytes, Capture, Digest, Fact, Run, Stream};

/// Lines of one output that are shown.
const MOST_LINES: usize = 30;

/// Containers that printed the same bytes.
struct Same<'a> {
    sha256: Digest,
    names: Vec<&'a str>,
    stdout: &'a Capture,
}

impl<'a> Page<'a> {
    /// Outputs side by side, equal ones once; where one parts from the reference's, its
    /// line is marked in both.
    pub(super) fn outputs(self) -> Markup {
        let (groups, ran) = (self.groups(), self.report.ran());
        let complaints: Vec<_> = self
            .runs()
            .filter(|(_, run)| run.stderr.bytes > Bytes::ZERO)
            .collect();
        html! {
            section id=(self.id("outputs")) aria-labelledby=(self.id("outputs-title")) {
                h2 id=(self.id("outputs-title")) { (self.say.word(Word::Outputs)) }
                @if groups.is_empty() { p.soft { (self.say.word(Word::NotRun)) } }
                div.pair {
                    @for group in &groups {
                        figure {
                            figcaption { (stranger(&self.say.printed(&group.names, ran, group.stdout.bytes))) }
                            (self.lines(group.stdout, self.first_difference(group)))
                        }
                    }
                    @for (name, run) in complaints {
                        figure {
                            figcaption { (stranger(&self.say.printed_to(name, Stream::Stderr, run.stderr.bytes))) }
                            (self.lines(&run.stderr, None))
                        }
                    }
                }
            }
        }
    }

    fn runs(self) -> impl Iterator<Item = (&'a str, &'a Run)> {
        let variants = self.report.variants.iter();
        variants.filter_map(|variant| Some((variant.name.as_str(), variant.run.as_ref()?)))
    }

    fn groups(self) -> Vec<Same<'a>> {
        let mut groups: Vec<Same<'_>> = Vec::new();
        for (name, run) in self.runs() {
            let stdout = &run.stdout;
            match groups
                .iter_mut()
                .find(|group| group.sha256 == stdout.sha256)
            {
                Some(group) => group.names.push(name),
                None => groups.push(Same {
                    sha256: stdout.sha256,
                    names: vec![name],
                    stdout,
                }),
            }
        }
        groups
    }

    /// The line to mark: where this output first parts from the reference's, or, in the
    /// reference's own, where the first other does.
    fn first_difference(self, group: &Same<'_>) -> Option<u64> {
        let findings = self.report.verdict.findings.iter();
        findings
            .into_iter()
            .find_map(|finding| match &finding.fact {
                Fact::OutputsDiffer {
                    reference,
                    difference,
                } => {
                    let is_part = group
                        .names
                        .iter()
                        .any(|name| *name == finding.variant || *name == reference);
                    is_part.then_some(difference.line)
                }
                _ => None,
            })
    }

    fn lines(self, capture: &Capture, marked: Option<u64>) -> Markup {
        let text = String::from_utf8_lossy(&capture.kept);
        let lines: Vec<&str> = text.lines().collect();
        let marked = marked.and_then(|line| usize::try_from(line).ok());
        let from = marked.map_or(0, |line| line.saturating_sub(MOST_LINES / 2));
        let shown = lines.iter().enumerate().skip(from).take(MOST_LINES);
        let left = lines.len().saturating_sub(from + MOST_LINES);
        let kept = Bytes(capture.kept.len() as u64);
        html! {
            pre tabindex="0" {
                @if lines.is_empty() { span.soft { (self.say.word(crate::lang::Word::Empty)) } }
                @for (at, line) in shown {
                    @if marked == Some(at + 1) {
                        mark title=(self.say.word(Word::FirstDifference)) { (stranger(line)) }
                    } @else { (stranger(line)) }
                    "\n"
                }
                @if left > 0 { span.soft { "… " (self.say.more_lines(left)) } }
            }
            @if kept < capture.bytes { p.soft { (self.say.kept(kept)) } }
        }
    }
}
