use crate::model::{BaseTold, CauseKind, Delta, Kind, Language, Size, Verified};

use super::phrases::phrases;

/// A heading or a column of the listings that `layers` and `diff` print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    Layer,
    Origin,
    Size,
    Wasted,
    Files,
    Instruction,
    Place,
    Share,
    Path,
    Fate,
    Kind,
    Saves,
    Advice,
    Change,
    Before,
    After,
    Cause,
    Layers,
    Directories,
    Largest,
    Waste,
    Lighter,
    Causes,
    /// Stands before the instruction as it was.
    Was,
    /// Nothing came and nothing went.
    NoDifference,
    /// Only measurements were compared, so directories stand where files would.
    ByDirectory,
}

pub fn listed(what: Listed, language: Language) -> &'static str {
    let [english, french] = match what {
        Listed::Layer => ["layer", "couche"],
        Listed::Origin => ["origin", "origine"],
        Listed::Size => ["size", "taille"],
        Listed::Wasted => ["wasted", "gaspillé"],
        Listed::Files => ["files", "fichiers"],
        Listed::Instruction => ["instruction", "instruction"],
        Listed::Place => ["place", "lieu"],
        Listed::Share => ["share", "part"],
        Listed::Path => ["path", "chemin"],
        Listed::Fate => ["fate", "sort"],
        Listed::Kind => ["kind", "type"],
        Listed::Saves => ["saves", "gain"],
        Listed::Advice => ["advice", "conseil"],
        Listed::Change => ["change", "écart"],
        Listed::Before => ["before", "avant"],
        Listed::After => ["after", "après"],
        Listed::Cause => ["cause", "cause"],
        Listed::Layers => ["Layers, from the lowest", "Couches, en partant du bas"],
        Listed::Directories => ["Directories", "Dossiers"],
        Listed::Largest => ["Largest files in use", "Plus gros fichiers utiles"],
        Listed::Waste => ["What is wasted", "Octets gaspillés"],
        Listed::Lighter => ["What would make it lighter", "Pour l’alléger"],
        Listed::Causes => ["What changed, and why", "Ce qui a changé, et pourquoi"],
        Listed::Was => ["was", "avant"],
        Listed::NoDifference => [
            "no difference: both hold the same layers",
            "aucune différence\u{a0}: les couches sont les mêmes",
        ],
        Listed::ByDirectory => [
            "by directory: a saved report holds no files",
            "par dossier\u{a0}: un rapport enregistré ne contient pas les fichiers",
        ],
    };
    match language {
        Language::English => english,
        Language::French => french,
    }
}

pub fn cause_kind(kind: CauseKind, language: Language) -> &'static str {
    let [english, french] = match kind {
        CauseKind::BaseDrift => ["another base", "autre base"],
        CauseKind::ChangedInstruction => ["changed instruction", "instruction modifiée"],
        CauseKind::SameInstructionNewContent => [
            "same instruction, new content",
            "même instruction, autre contenu",
        ],
        CauseKind::Added => ["added", "ajoutée"],
        CauseKind::Removed => ["removed", "supprimée"],
    };
    match language {
        Language::English => english,
        Language::French => french,
    }
}

pub fn entry_kind(kind: &Kind, language: Language) -> &'static str {
    let [english, french] = match kind {
        Kind::File { .. } => ["file", "fichier"],
        Kind::HardLink { .. } => ["hard link", "lien physique"],
        Kind::Symlink { .. } => ["symlink", "lien symbolique"],
        Kind::Directory => ["directory", "dossier"],
        Kind::Device => ["device", "périphérique"],
        Kind::Whiteout => ["removes", "efface"],
        Kind::Opaque => ["empties", "vide"],
    };
    match language {
        Language::English => english,
        Language::French => french,
    }
}

/// What is to be said where not all of the base is told from the rest.
pub fn base_told(told: BaseTold, language: Language) -> Option<&'static str> {
    let [english, french] = match told {
        BaseTold::Whole => return None,
        BaseTold::Root => [
            "base known in part: only its root file system is told from the image's own layers \
             (give --dockerfile FILE)",
            "base connue en partie\u{a0}: seul son système de fichiers racine se distingue des \
             couches de l’image (donnez --dockerfile FICHIER)",
        ],
        BaseTold::Name => [
            "base known by its name alone: its layers are not told from the image's own \
             (give --dockerfile FILE)",
            "base connue de nom seulement\u{a0}: ses couches ne se distinguent pas de celles de \
             l’image (donnez --dockerfile FICHIER)",
        ],
        BaseTold::Nothing => [
            "base unknown: its layers are not told from the image's own (give --dockerfile FILE)",
            "base inconnue\u{a0}: ses couches ne se distinguent pas de celles de l’image \
             (donnez --dockerfile FICHIER)",
        ],
    };
    Some(match language {
        Language::English => english,
        Language::French => french,
    })
}

/// How far the content was checked.
pub fn verified(verified: Verified, language: Language) -> &'static str {
    let [english, french] = match verified {
        Verified::Whole => ["every byte verified", "chaque octet vérifié"],
        Verified::Headers => [
            "headers read (--verify checks every byte)",
            "en-têtes lus (--verify contrôle chaque octet)",
        ],
    };
    match language {
        Language::English => english,
        Language::French => french,
    }
}

/// What an image weighs, in sums.
pub fn weight(size: &Size, language: Language) -> String {
    let say = phrases(language);
    let [unpacked, live, wasted] =
        [size.unpacked, size.live, size.wasted.total()].map(|bytes| say.size(bytes));
    match language {
        Language::English => format!("{unpacked} unpacked = {live} in use + {wasted} wasted"),
        Language::French => {
            format!("{unpacked} décompressés = {live} utiles + {wasted} gaspillés")
        }
    }
}

/// What else is known of its weight; empty where nothing is.
pub fn further_weights(size: &Size, language: Language) -> Vec<String> {
    let say = phrases(language);
    let mut told = Vec::new();
    let mut tell = |bytes: String, english: &str, french: &str| {
        told.push(match language {
            Language::English => format!("{bytes} {english}"),
            Language::French => format!("{bytes} {french}"),
        });
    };
    if size.base.0 > 0 {
        tell(say.size(size.base), "from the base", "venus de la base");
        tell(say.size(size.own), "of its own", "en propre");
    }
    if size.duplicate.0 > 0 {
        let bytes = say.size(size.duplicate);
        tell(bytes, "held twice in use", "utiles en double");
    }
    if let Some(packed) = size.packed {
        tell(say.size(packed), "packed", "compressés");
    }
    if let Some(reported) = size.engine_reported {
        let bytes = say.size(reported);
        tell(bytes, "by the engine's count", "selon le moteur");
    }
    told
}

/// What base and own instructions have to do with a change.
pub fn shares_of_change(base: Delta, own: Delta, language: Language) -> String {
    let say = phrases(language);
    let [base, own] = [base, own].map(|change| say.delta(change));
    match language {
        Language::English => format!("base {base}, own {own}"),
        Language::French => format!("base {base}, en propre {own}"),
    }
}

pub fn explained(share: f64, language: Language) -> String {
    let share = phrases(language).percent(share);
    match language {
        Language::English => format!("{share} explained"),
        Language::French => format!("expliqué à {share}"),
    }
}

/// The last line of a list of which only the sum of what is left out is known.
pub fn rest(bytes: &str, language: Language) -> String {
    match language {
        Language::English => format!("and the rest, {bytes}"),
        Language::French => format!("et le reste, {bytes}"),
    }
}

/// The last line of causes, for those that changed no size.
pub fn of_the_same_size(count: usize, language: Language) -> String {
    let number = phrases(language).more_items(count);
    match language {
        Language::English => format!("{number} that changed no size"),
        Language::French => format!("{number} sans effet sur la taille"),
    }
}

/// The heading of one layer's files.
pub fn layer_number(index: usize, language: Language) -> String {
    match language {
        Language::English => format!("Layer {index}"),
        Language::French => format!("Couche {index}"),
    }
}
