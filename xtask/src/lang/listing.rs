//! What only `layers` and `diff` say.

use super::phrases::{phrases, say};
use crate::model::{BaseTold, Delta, Language, Platform, Size};

/// What to say where not all of the base's layers are known.
pub fn base_told(told: BaseTold, language: Language) -> Option<String> {
    let say = phrases(language);
    Some(match told {
        BaseTold::Whole => return None,
        BaseTold::Root => say!(
            say,
            "base partly known: only its lowest layer is told apart from the image's own (use \
             --dockerfile FILE)",
            "base connue en partie\u{a0}: seule sa couche la plus basse se distingue de celles de \
             l’image (utilisez --dockerfile FICHIER)"
        ),
        BaseTold::Name => say!(
            say,
            "base known by name only: its layers can't be told apart from the image's own (use \
             --dockerfile FILE)",
            "base connue de nom seulement\u{a0}: ses couches ne se distinguent pas de celles de \
             l’image (utilisez --dockerfile FICHIER)"
        ),
        BaseTold::Nothing => say!(
            say,
            "base unknown: its layers can't be told apart from the image's own (use --dockerfile \
             FILE)",
            "base inconnue\u{a0}: ses couches ne se distinguent pas de celles de l’image (utilisez \
             --dockerfile FICHIER)"
        ),
    })
}

/// The size of an image, as a sum.
pub fn weight(size: &Size, language: Language) -> String {
    let say = phrases(language);
    let [unpacked, live, wasted] =
        [size.unpacked, size.live, size.wasted.total()].map(|bytes| say.size(bytes));
    say!(
        say,
        "{unpacked} unpacked = {live} in use + {wasted} wasted",
        "{unpacked} décompressés = {live} utiles + {wasted} gaspillés"
    )
}

/// What else is known of its size; empty where nothing is.
pub fn further_weights(size: &Size, language: Language) -> Vec<String> {
    let say = phrases(language);
    let [base, own, duplicate] = [size.base, size.own, size.duplicate].map(|bytes| say.size(bytes));
    let mut facts = Vec::new();
    if size.base.0 > 0 {
        facts.push(say!(say, "{base} from the base", "{base} venus de la base"));
        facts.push(say!(say, "{own} added", "{own} ajoutés"));
    }
    if size.duplicate.0 > 0 {
        facts.push(say!(
            say,
            "{duplicate} of duplicates in use",
            "{duplicate} utiles en double"
        ));
    }
    if let Some(packed) = size.packed.map(|packed| say.size(packed)) {
        facts.push(say!(say, "{packed} compressed", "{packed} compressés"));
    }
    if let Some(reported) = size.engine_reported.map(|reported| say.size(reported)) {
        facts.push(say!(
            say,
            "{reported} reported by the engine",
            "{reported} selon le moteur"
        ));
    }
    facts
}

/// How much of a change is in the base, and how much in what was added to it.
pub fn shares_of_change(base: Delta, own: Delta, language: Language) -> String {
    let say = phrases(language);
    let [base, own] = [base, own].map(|change| say.delta(change));
    say!(say, "base {base}, added {own}", "base {base}, ajouté {own}")
}

pub fn explained(share: f64, language: Language) -> String {
    let say = phrases(language);
    let share = say.percent(share);
    say!(say, "{share} explained", "expliqué à {share}")
}

/// The last line of a list, where only the sum of the rest is known.
pub fn rest(bytes: &str, language: Language) -> String {
    say!(
        phrases(language),
        "and the rest, {bytes}",
        "et le reste, {bytes}"
    )
}

/// The last line of causes, for those that changed no size.
pub fn of_the_same_size(count: usize, language: Language) -> String {
    let say = phrases(language);
    let number = say.more_items(count);
    say!(
        say,
        "{number} without effect on the size",
        "{number} sans effet sur la taille"
    )
}

/// The heading of one layer's files.
pub fn layer_number(index: usize, language: Language) -> String {
    say!(phrases(language), "Layer {index}", "Couche {index}")
}

/// What an image is for.
pub fn platform(platform: Option<&Platform>, language: Language) -> String {
    match platform {
        Some(platform) => platform.to_string(),
        None => say!(phrases(language), "platform unknown", "plateforme inconnue"),
    }
}
