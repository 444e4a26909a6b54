use super::phrases::{phrases, say};
use crate::model::{Language, ReadFrom};

/// Where images are read from, as a remark.
pub fn read_from(from: &ReadFrom, language: Language) -> String {
    let say = phrases(language);
    match from {
        ReadFrom::Records { root } => {
            let root = root.display();
            say!(
                say,
                "reading the engine's layer records in {root}",
                "lecture des couches enregistrées par le moteur dans {root}"
            )
        }
        ReadFrom::Stream { reason } => say!(
            say,
            "can't use the engine's layer records, reading its save stream instead: {reason}",
            "les couches enregistrées par le moteur sont inutilisables, lecture de son flux de \
             sauvegarde\u{a0}: {reason}"
        ),
    }
}
