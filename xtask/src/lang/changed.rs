//! What changed since the baseline, in sentences.

use super::phrases::{Phrases, abridged, say};
use crate::model::{
    Bytes, CauseKind, Change, Changed, Evolution, GateKind, Grown, Growth, Level, Measure,
};

impl Phrases {
    #[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
    pub(super) fn changed(self, variant: &str, level: Level, changed: &Changed) -> String {
        match changed {
            Changed::Grew(grown) => self.grew(variant, level, grown),
            Changed::Shrank { counts, counted } => self.shrank(variant, level, *counts, *counted),
            Changed::Output { difference } => {
                let baseline = self.pick(["the baseline", "la mesure précédente"]);
                let what = self.difference(baseline, difference);
                say!(
                    self,
                    "{variant} does not print the same as in the baseline: {what}",
                    "{variant} n’affiche plus la même chose que dans la mesure précédente\u{a0}: \
                     {what}"
                )
            }
            Changed::ExitCode { before, after } => say!(
                self,
                "{variant} exits with code {after}; in the baseline it exited with {before}",
                "{variant} se termine avec le code {after}\u{202f}; c’était {before} dans la \
                 mesure précédente"
            ),
            Changed::NotRun => say!(
                self,
                "{variant} ran in the baseline, but not in this report",
                "{variant} était exécutée dans la mesure précédente, mais pas dans ce rapport"
            ),
            Changed::NewVariant => say!(
                self,
                "{variant} is not in the baseline, so its growth can’t be checked",
                "{variant} est absente de la mesure précédente\u{202f}; impossible de vérifier sa \
                 croissance"
            ),
            Changed::MissingVariant => say!(
                self,
                "{variant} has an image in the baseline, but not in this report",
                "{variant} a une image dans la mesure précédente, mais pas dans ce rapport"
            ),
            Changed::RemovedVariant => say!(
                self,
                "{variant} was removed, with its part of the baseline",
                "{variant} a été supprimée, avec sa partie de la mesure précédente"
            ),
            Changed::Accepted => say!(
                self,
                "{variant}: accepted by the baseline in this change; needs its owner’s review",
                "{variant}\u{a0}: accepté par la mesure qu’apporte cette modification\u{202f}; son \
                 responsable doit l’approuver"
            ),
            Changed::Policy {
                key,
                file,
                baseline,
            } => {
                let none = self.pick(["not set", "absent"]);
                let [here, before] = [file, baseline].map(|value| match value {
                    Some(value) => format!("`{value}`"),
                    None => none.to_owned(),
                });
                let key = key.name();
                say!(
                    self,
                    "{variant}: `{key}` is {here} here and {before} in the baseline",
                    "{variant}\u{a0}: `{key}` est {here} ici et {before} dans la mesure précédente"
                )
            }
        }
    }

    /// What grew, by how much, and what the limit is.
    fn grew(self, variant: &str, level: Level, grown: &Grown) -> String {
        if grown.gate == GateKind::BaseDrift && grown.delta.0 <= 0 {
            let less = self.amount_of(grown.counts, grown.delta.0);
            let how = if grown.delta.0 == 0 {
                say!(self, "of the same size", "de même taille")
            } else {
                say!(self, "{less} smaller", "plus légère de {less}")
            };
            return say!(
                self,
                "{variant} uses a different base from the baseline, {how}",
                "{variant} part d’une autre base que dans la mesure précédente, {how}"
            );
        }
        let what = self.what_grew(grown);
        let limit = self.limit_of(level, grown);
        if grown.gate == GateKind::ContentDrift {
            return say!(
                self,
                "{variant} drifted: {what}, though the files copied before it did not change; \
                 {limit}",
                "{variant} a dérivé\u{a0}: {what}, alors que les fichiers copiés avant elle n’ont \
                 pas changé\u{202f}; {limit}"
            );
        }
        say!(
            self,
            "{variant} grew: {what}; {limit}",
            "{variant} a grossi\u{a0}: {what}\u{202f}; {limit}"
        )
    }

    fn limit_of(self, level: Level, grown: &Grown) -> String {
        let Some(limit) = grown.limit else {
            return match grown.gate {
                GateKind::ContentDrift => {
                    say!(self, "drift has no limit", "la dérive n’a pas de limite")
                }
                GateKind::Growth | GateKind::BaseDrift => say!(
                    self,
                    "base drift has no limit",
                    "la dérive de la base n’a pas de limite"
                ),
            };
        };
        let allowed = self.allowance(grown.counts, limit);
        let total = self.amount_of(grown.counts, grown.total.0);
        match level {
            Level::Warning | Level::Note => {
                say!(
                    self,
                    "within the limit of {allowed}",
                    "dans la limite de {allowed}"
                )
            }
            Level::Error if limit == Growth::NONE => {
                say!(
                    self,
                    "no growth is allowed",
                    "aucune croissance n’est permise"
                )
            }
            Level::Error if self.amount_of(grown.counts, grown.delta.0) == total => say!(
                self,
                "over the limit of {allowed}",
                "au-delà de la limite de {allowed}"
            ),
            Level::Error => say!(
                self,
                "{total} in all, over the limit of {allowed}",
                "{total} en tout, au-delà de la limite de {allowed}"
            ),
        }
    }

    fn what_grew(self, grown: &Grown) -> String {
        let amount = self.amount_of(grown.counts, grown.delta.0);
        let instruction = grown.instruction.as_deref();
        let text = instruction.map(|text| self.quoted(&abridged(text)));
        let what = match (grown.cause, text) {
            (Some(CauseKind::BaseDrift), _) => {
                say!(
                    self,
                    "its base is {amount} larger",
                    "sa base pèse {amount} de plus"
                )
            }
            (Some(CauseKind::Added), Some(text)) => say!(
                self,
                "the new instruction {text} adds {amount}",
                "la nouvelle instruction {text} ajoute {amount}"
            ),
            (Some(CauseKind::ChangedInstruction), Some(text)) => say!(
                self,
                "the changed instruction {text} adds {amount}",
                "l’instruction modifiée {text} ajoute {amount}"
            ),
            (Some(CauseKind::SameInstructionNewContent), Some(text)) => say!(
                self,
                "the unchanged instruction {text} adds {amount}",
                "l’instruction inchangée {text} ajoute {amount}"
            ),
            (Some(CauseKind::Removed | CauseKind::MetadataOnly) | None, Some(text)) => {
                say!(self, "{text} adds {amount}", "{text} ajoute {amount}")
            }
            (_, None) => say!(
                self,
                "an unknown instruction adds {amount}",
                "une instruction inconnue ajoute {amount}"
            ),
        };
        let what = match most_grown(grown) {
            Some(path) => say!(
                self,
                "{what}, mostly in {path}",
                "{what}, surtout dans {path}"
            ),
            None => what,
        };
        if grown.inputs.is_empty() {
            return what;
        }
        let inputs = self.fed_by(&grown.inputs);
        format!("{what}, {inputs}")
    }

    /// What a change amounts to, without its sign.
    fn amount_of(self, counts: Measure, delta: i64) -> String {
        let bytes = Bytes(delta.unsigned_abs());
        let amount = self.amount(counts, bytes);
        match counts {
            Measure::Wasted => say!(self, "{amount} of waste", "{amount} de gaspillage"),
            Measure::Layers | Measure::Unpacked | Measure::Own => amount,
        }
    }

    fn shrank(self, variant: &str, level: Level, counts: Measure, counted: Change) -> String {
        let after = i64::try_from(counted.after.0).unwrap_or(i64::MAX);
        let [less, now] = [counted.delta().0, after].map(|it| self.amount_of(counts, it));
        if level == Level::Warning {
            return say!(
                self,
                "{variant} lost more than a third, {less}, and is now {now}: check that nothing is \
                 missing",
                "{variant} a perdu plus d’un tiers, {less}, et passe à {now}\u{a0}: vérifiez qu’il \
                 ne manque rien"
            );
        }
        if Growth::is_small(counted.delta(), counts) {
            return say!(
                self,
                "{variant} shrank by {less} to {now}",
                "{variant} a maigri de {less} et passe à {now}"
            );
        }
        say!(
            self,
            "{variant} shrank by {less} to {now}: well done",
            "{variant} a maigri de {less} et passe à {now}\u{a0}: bravo"
        )
    }

    /// Heading of what changed since the baseline.
    pub fn since_baseline(self, created: Option<&str>) -> String {
        match created.map(|created| self.day(created)) {
            Some(day) => say!(
                self,
                "Since the baseline of {day}",
                "Depuis la mesure précédente, du {day}"
            ),
            None => say!(self, "Since the baseline", "Depuis la mesure précédente"),
        }
    }

    /// How a variant changed, after its name.
    pub fn evolved(self, evolution: &Evolution) -> String {
        let (counts, counted) = (evolution.counts, evolution.counted);
        let by = self.amount_of(counts, counted.delta().0);
        let [before, after] = [counted.before, counted.after].map(|it| self.amount(counts, it));
        if counted.delta().0 < 0 {
            say!(
                self,
                "shrank by {by} since the baseline: {before} → {after}",
                "a maigri de {by} depuis la mesure précédente\u{a0}: {before} → {after}"
            )
        } else {
            say!(
                self,
                "grew by {by} since the baseline: {before} → {after}",
                "a grossi de {by} depuis la mesure précédente\u{a0}: {before} → {after}"
            )
        }
    }

    /// The growth that a policy allows, as `4 KiB and 1%`.
    pub(super) fn allowance(self, counts: Measure, limit: Growth) -> String {
        let bytes = limit.bytes.map(|bytes| match counts {
            Measure::Layers => self.layers(bytes.0),
            Measure::Unpacked | Measure::Own | Measure::Wasted => self.limit(bytes),
        });
        let percent = limit.percent.map(|percent| self.percent(percent / 100.0));
        let limits: Vec<String> = bytes.into_iter().chain(percent).collect();
        limits.join(self.pick([" and ", " et "]))
    }
}

/// Where more than half of the growth is, as one path.
fn most_grown(grown: &Grown) -> Option<String> {
    let path = grown.paths.first()?;
    let is_most = path.delta().0 > grown.delta.0 / 2;
    let path = path.path.to_string();
    (is_most && !path.is_empty()).then(|| format!("/{path}"))
}
