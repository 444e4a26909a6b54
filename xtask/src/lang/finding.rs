use std::time::Duration;

use super::phrases::{Phrases, say, signal};
use crate::model::{Bytes, Difference, Fact, Finding, Measure};

impl Phrases {
    /// One sentence, with limit and actual, without its variant's place; no final stop.
    #[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
    pub fn finding(self, finding: &Finding) -> String {
        let variant = finding.variant.as_str();
        match &finding.fact {
            Fact::Budget {
                counts,
                actual,
                limit,
            } => self.over_budget(variant, *counts, [*actual, *limit]),
            Fact::NotLighter {
                reference,
                actual,
                limit,
            } => self.not_lighter([variant, reference], [*actual, *limit]),
            Fact::OutputsDiffer {
                reference,
                difference,
            } => {
                let what = self.difference(reference, difference);
                say!(
                    self,
                    "{variant} does not print the same as {reference}: {what}",
                    "{variant} n’affiche pas la même chose que {reference}\u{a0}: {what}"
                )
            }
            Fact::ExitCode { code } => say!(
                self,
                "{variant} exited with code {code} instead of 0",
                "{variant} s’est terminée avec le code {code} au lieu de 0"
            ),
            Fact::Killed {
                out_of_memory: true,
                ..
            } => say!(
                self,
                "{variant} was killed: it used more memory than its limit",
                "{variant} a été arrêtée\u{a0}: elle a dépassé sa limite de mémoire"
            ),
            Fact::Killed { code, .. } => {
                let signal = signal(*code);
                say!(
                    self,
                    "{variant} was killed by signal {signal}",
                    "{variant} a été arrêtée par le signal {signal}"
                )
            }
            Fact::TimedOut { seconds } => {
                let limit = Duration::try_from_secs_f64(*seconds).unwrap_or_default();
                let limit = self.seconds(limit);
                say!(
                    self,
                    "{variant} did not end within {limit} and was stopped",
                    "{variant} ne s’est pas terminée en {limit} et a été arrêtée"
                )
            }
            Fact::NotStarted { code, reason } => {
                let why = self.not_started(reason);
                say!(
                    self,
                    "{variant} could not start (exit code {code}): {why}",
                    "{variant} n’a pas pu démarrer (code {code})\u{a0}: {why}"
                )
            }
            Fact::BuildFailed {
                cause,
                instruction,
                reason,
            } => {
                let reason = reason.as_deref().unwrap_or_default();
                let why = self.build_failure(*cause, instruction.as_deref(), reason);
                say!(
                    self,
                    "{variant} does not build: {why}",
                    "{variant} ne se construit pas\u{a0}: {why}"
                )
            }
            Fact::StandInBase { reference } => {
                let stand_in = self.stand_in(reference);
                say!(
                    self,
                    "{variant} was {stand_in}",
                    "{variant}\u{a0}: {stand_in}"
                )
            }
            Fact::OwnFiles(files) => {
                let size = self.size(files.bytes);
                let lines: Vec<String> =
                    files.patterns.iter().map(|it| format!("`{it}`")).collect();
                let (lines, file) = (lines.join(", "), &files.dockerignore);
                say!(
                    self,
                    "{variant} contains {size} of the kit’s own files, which do not count as \
                     growth: add {lines} to `{file}`",
                    "{variant} contient {size} de fichiers du kit, qui ne comptent pas comme \
                     croissance\u{a0}: ajoutez {lines} à `{file}`"
                )
            }
            Fact::Changed(changed) => self.changed(variant, finding.level, changed),
        }
    }

    fn over_budget(self, variant: &str, counts: Measure, [actual, limit]: [Bytes; 2]) -> String {
        let excess = Bytes(actual.0.saturating_sub(limit.0));
        let amount = self.amount(counts, actual);
        let (over, budget) = match counts {
            Measure::Layers => (self.number(excess.0), self.number(limit.0)),
            Measure::Unpacked | Measure::Own | Measure::Wasted => {
                (self.size(excess), self.limit(limit))
            }
        };
        let what = match counts {
            Measure::Unpacked => say!(self, "weighs {amount}", "pèse {amount}"),
            Measure::Own => say!(
                self,
                "adds {amount} to its base",
                "ajoute {amount} à sa base"
            ),
            Measure::Wasted => say!(self, "wastes {amount}", "gaspille {amount}"),
            Measure::Layers => say!(self, "has {amount}", "a {amount}"),
        };
        say!(
            self,
            "{variant} {what}, {over} over its budget of {budget}",
            "{variant} {what}, soit {over} de plus que son budget de {budget}"
        )
    }

    fn not_lighter(self, [variant, reference]: [&str; 2], [actual, limit]: [Bytes; 2]) -> String {
        let size = self.size(actual);
        if actual == limit {
            return say!(
                self,
                "{variant} weighs exactly as much as {reference}: {size}",
                "{variant} pèse exactement autant que {reference}\u{a0}: {size}"
            );
        }
        let more = self.size(Bytes(actual.0.saturating_sub(limit.0)));
        say!(
            self,
            "{variant} weighs {size}, {more} more than {reference}",
            "{variant} pèse {size}, soit {more} de plus que {reference}"
        )
    }

    /// How an output differs from that of `reference`.
    pub(super) fn difference(self, reference: &str, difference: &Difference) -> String {
        let line = self.number(difference.line);
        let quoted = |text: &str| match text {
            "" => say!(self, "an empty line", "une ligne vide"),
            text => self.quoted(text),
        };
        match (&difference.expected, &difference.actual) {
            (Some(expected), Some(actual)) if expected.strip_suffix('\n') == Some(actual) => {
                let actual = quoted(actual);
                say!(
                    self,
                    "line {line}, {actual}, has no line feed at its end",
                    "il manque le saut de ligne à la fin de la ligne {line}, {actual}"
                )
            }
            (Some(expected), Some(actual)) if actual.strip_suffix('\n') == Some(expected) => {
                let expected = quoted(expected);
                say!(
                    self,
                    "line {line}, {expected}, has a line feed at its end; in {reference} it has \
                     none",
                    "la ligne {line}, {expected}, finit par un saut de ligne, absent de {reference}"
                )
            }
            (Some(expected), Some(actual)) if expected != actual => {
                let (expected, actual) = (quoted(expected), quoted(actual));
                say!(
                    self,
                    "line {line} is {actual} instead of {expected}",
                    "la ligne {line} est {actual}, et non {expected}"
                )
            }
            (Some(expected), None) => {
                let expected = quoted(expected);
                say!(
                    self,
                    "its output ends before line {line}, {expected}",
                    "sa sortie s’arrête avant la ligne {line}, {expected}"
                )
            }
            (None, Some(actual)) => {
                let actual = quoted(actual);
                say!(
                    self,
                    "its output continues at line {line} with {actual}; that of {reference} ends \
                     before",
                    "sa sortie continue à la ligne {line} par {actual}\u{202f}; celle de \
                     {reference} s’arrête avant"
                )
            }
            (Some(_), Some(_)) | (None, None) => {
                let byte = self.number(difference.offset.saturating_add(1));
                say!(
                    self,
                    "they first differ at line {line}, byte {byte} of the output, in characters \
                     that can't be displayed",
                    "elles diffèrent à partir de la ligne {line}, octet {byte} de la sortie, par \
                     des caractères qui ne peuvent pas être affichés"
                )
            }
        }
    }
}
