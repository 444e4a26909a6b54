//! What a comment says of a change: its title, why, and how to accept it.

use super::phrases::{Phrases, say};
use crate::model::{Accept, Evolution, Gate, InputPlace, Measure};

/// Names that are listed one by one.
const NAMED: usize = 3;

impl Phrases {
    /// `+71.4 MB (+16.9 %)`.
    pub fn grown_by(self, evolution: &Evolution) -> String {
        let delta = evolution.counted.delta();
        let change = self.change(evolution.counts, delta);
        match self.share_of(evolution) {
            Some(share) => format!("{change} ({share})"),
            None => change,
        }
    }

    /// `+16.9 %`; nothing where there was nothing, or where layers count.
    #[expect(clippy::cast_precision_loss, reason = "a share is shown, not added up")]
    pub fn share_of(self, evolution: &Evolution) -> Option<String> {
        let (delta, before) = (evolution.counted.delta().0, evolution.counted.before.0);
        if before == 0 || evolution.counts == Measure::Layers {
            return None;
        }
        let share = delta.unsigned_abs() as f64 / before as f64;
        let sign = if delta < 0 { "−" } else { "+" };
        Some(format!("{sign}{}", self.percent(share)))
    }

    /// The start of a title.
    pub fn image_size(self) -> &'static str {
        self.pick(["Image size", "Taille de l’image"])
    }

    /// After what an image grew by: its limit, or who accepted it.
    pub fn limit_told(self, evolution: &Evolution) -> Option<String> {
        if evolution.is_accepted {
            return Some(say!(
                self,
                "accepted by the baseline in this change; needs its owner’s review",
                "accepté par la mesure qu’apporte cette modification\u{202f}; son responsable doit \
                 l’approuver"
            ));
        }
        if evolution.is_large_loss() {
            return Some(say!(
                self,
                "more than a third is gone: check that nothing is missing",
                "plus d’un tiers a disparu\u{a0}: vérifiez qu’il ne manque rien"
            ));
        }
        if evolution.counted.delta().0 <= 0 {
            return None;
        }
        let [growth, base, drift] = &evolution.gates;
        let gates = || [growth, base, drift].into_iter();
        let failed = gates().find(|gate| !gate.passed);
        let largest = gates().max_by_key(|gate| gate.delta)?;
        let judged: &Gate = failed.unwrap_or(largest);
        let Some(limit) = judged.limit else {
            return Some(say!(
                self,
                "from another base image",
                "à cause d’une autre image de base"
            ));
        };
        let limit = self.allowance(evolution.counts, limit);
        Some(if judged.passed {
            say!(
                self,
                "within the limit of {limit}",
                "dans la limite de {limit}"
            )
        } else {
            say!(self, "limit {limit}", "limite {limit}")
        })
    }

    pub fn more_images(self, count: usize) -> String {
        let number = self.number(count as u64);
        match count {
            1 => say!(self, "and 1 more image", "et 1 autre image"),
            _ => say!(
                self,
                "and {number} more images",
                "et {number} autres images"
            ),
        }
    }

    /// The one line on a run in which nothing changed.
    pub fn all_unchanged(self, images: usize) -> String {
        let number = self.number(images as u64);
        match images {
            1 => say!(self, "unchanged", "inchangée"),
            _ => say!(
                self,
                "{number} images unchanged",
                "{number} images inchangées"
            ),
        }
    }

    /// Other names of one image.
    pub fn also(self, names: &[&str]) -> String {
        if names.len() > NAMED {
            let number = self.number(names.len() as u64);
            return say!(
                self,
                "also: {number} services",
                "aussi\u{a0}: {number} services"
            );
        }
        let names = names.join(", ");
        say!(self, "also: {names}", "aussi\u{a0}: {names}")
    }

    /// Before the names of images that are as they were.
    pub fn count_unchanged(self, count: usize) -> String {
        let number = self.number(count as u64);
        match count {
            1 => say!(self, "1 unchanged", "1 inchangée"),
            _ => say!(self, "{number} unchanged", "{number} inchangées"),
        }
    }

    pub fn why(self) -> &'static str {
        self.pick(["Why", "Pourquoi"])
    }

    /// The changed files that an instruction reads.
    pub fn fed_by(self, inputs: &[InputPlace]) -> String {
        let names: Vec<String> = inputs.iter().map(|input| format!("`{input}`")).collect();
        let names = names.join(", ");
        say!(
            self,
            "fed by {names} (changed here)",
            "alimentée par {names} (contenu modifié ici)"
        )
    }

    pub fn of_drift(self) -> String {
        say!(
            self,
            "drift: no file that it reads changed",
            "dérive\u{a0}: aucun fichier qu’elle lit n’a changé"
        )
    }

    /// What is not in the directories that were named.
    pub fn the_rest(self, amount: &str) -> String {
        say!(self, "the rest {amount}", "le reste {amount}")
    }

    /// How a growth is accepted: always the last line.
    pub fn meant(self, accept: Option<Accept>, baseline: Option<&str>) -> [String; 2] {
        let name = baseline.unwrap_or("lab-baseline.json");
        let meant = self.pick(["Meant?", "C’est voulu\u{a0}?"]).to_owned();
        let how = match accept {
            Some(Accept::Baseline) => say!(
                self,
                "Run the kit’s `ci/accept.sh`, commit `{name}`, and have its owner approve it.",
                "Lancez `ci/accept.sh` du kit, validez `{name}` dans git et faites-le approuver \
                 par \
                 son responsable."
            ),
            None => say!(
                self,
                "Raise `max_growth` on the base branch, or set `accept: baseline` there to let a \
                 change bring its own `{name}`.",
                "Relevez `max_growth` sur la branche de base, ou ajoutez-y `accept: baseline` pour \
                 qu’une modification puisse apporter son propre `{name}`."
            ),
        };
        [meant, how]
    }

    /// What to do where a growth is not meant.
    pub fn not_meant(self, copies: Copies) -> [String; 2] {
        let not = self.pick(["Not?", "Sinon\u{a0}?"]).to_owned();
        let how = match copies {
            Copies::Context => say!(
                self,
                "Keep the files above out of the image: name them in `.dockerignore`.",
                "Excluez ces fichiers de l’image\u{a0}: ajoutez-les à `.dockerignore`."
            ),
            Copies::Nothing => say!(
                self,
                "Remove what the instruction installs and the image does not need.",
                "Retirez ce que l’instruction installe et dont l’image n’a pas besoin."
            ),
        };
        [not, how]
    }

    /// A finding's sentence, with the changed files and the other names of its image.
    pub fn with_also(self, sentence: &str, also: &[&str]) -> String {
        if also.is_empty() {
            return sentence.to_owned();
        }
        format!("{sentence} ({})", self.also(also))
    }
}

/// Where what grew came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    Context,
    Nothing,
}
