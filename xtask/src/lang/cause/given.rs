//! Causes that are about the submission's files and its size.

use std::time::Duration;

use super::Told;
use crate::lang::phrases::{Phrases, say};
use crate::model::Bytes;

impl Phrases {
    pub(super) fn given_changed(self, path: &str) -> Told {
        Told {
            sentence: say!(
                self,
                "the given file `{path}` was changed",
                "le fichier fourni `{path}` a été modifié"
            ),
            fix: self.restore(path),
        }
    }

    pub(super) fn given_missing(self, path: &str) -> Told {
        Told {
            sentence: say!(
                self,
                "the given file `{path}` is missing",
                "le fichier fourni `{path}` est absent"
            ),
            fix: self.restore(path),
        }
    }

    fn restore(self, path: &str) -> String {
        say!(
            self,
            "Get it back: `git restore {path}`.",
            "Rétablissez-le\u{a0}: `git restore {path}`."
        )
    }

    pub(super) fn given_hidden(self, path: &str) -> Told {
        Told {
            sentence: say!(
                self,
                "`.dockerignore` keeps the given file `{path}` out of the build",
                "`.dockerignore` exclut du build le fichier fourni `{path}`"
            ),
            fix: say!(
                self,
                "Remove the line of `.dockerignore` that matches it.",
                "Retirez de `.dockerignore` la ligne qui lui correspond."
            ),
        }
    }

    pub(super) fn given_shadowed(self, path: &str) -> Told {
        Told {
            sentence: say!(
                self,
                "your folder has a different version of the given file `{path}`",
                "votre dossier contient une autre version du fichier fourni `{path}`"
            ),
            fix: say!(
                self,
                "Remove yours: the check brings the given files itself.",
                "Retirez le vôtre\u{a0}: la vérification apporte elle-même les fichiers fournis."
            ),
        }
    }

    pub(super) fn link_out(self, path: &str) -> Told {
        Told {
            sentence: say!(
                self,
                "the link `{path}` leads out of the folder",
                "le lien `{path}` mène hors du dossier"
            ),
            fix: say!(
                self,
                "Put the file itself in its place.",
                "Mettez le fichier lui-même à sa place."
            ),
        }
    }

    pub(super) fn context_too_large(self, limit: Bytes) -> Told {
        let limit = self.limit(limit);
        Told {
            sentence: say!(
                self,
                "the files next to the Dockerfile are larger than {limit} in total",
                "les fichiers à côté du Dockerfile dépassent {limit} en tout"
            ),
            fix: say!(
                self,
                "Leave only what the build needs in the folder.",
                "Ne laissez dans le dossier que ce dont le build a besoin."
            ),
        }
    }

    pub(super) fn no_lighter(self, actual: Bytes, reference: Bytes) -> Told {
        let (actual, reference) = (self.size(actual), self.size(reference));
        Told {
            sentence: say!(
                self,
                "the image weighs {actual}, no less than the reference ({reference})",
                "l’image pèse {actual}\u{a0}: elle n’est pas plus légère que la référence \
                 ({reference})"
            ),
            fix: say!(
                self,
                "See what takes up space in the last stage: its base image and each COPY. Start it \
                 from a smaller base image.",
                "Regardez ce qui pèse dans la dernière phase\u{a0}: son image de base et chaque \
                 COPY. Partez d’une image de base plus petite."
            ),
        }
    }

    pub(super) fn reference_fails(self) -> Told {
        Told {
            sentence: say!(
                self,
                "the reference image does not build or run here: there is nothing to compare with",
                "l’image de référence ne se construit ou ne s’exécute pas ici\u{a0}: il n’y a \
                 rien à \
                 quoi comparer"
            ),
            fix: say!(
                self,
                "This says nothing about your Dockerfile. See what is missing: `cargo xtask \
                 doctor`.",
                "Votre Dockerfile n’est pas en cause. Regardez ce qui manque\u{a0}: `cargo xtask \
                 doctor`."
            ),
        }
    }

    pub(super) fn build_timed_out(self, limit: Duration) -> Told {
        let limit = self.seconds(limit);
        Told {
            sentence: say!(
                self,
                "the build took longer than {limit} and was stopped",
                "le build a duré plus de {limit} et a été arrêté"
            ),
            fix: say!(
                self,
                "If the network is slow, run the check again: finished steps are kept. If a RUN \
                 never ends, remove what it waits for.",
                "Si le réseau est lent, relancez la vérification\u{a0}: les étapes terminées sont \
                 conservées. Si un RUN ne finit jamais, retirez ce qu’il attend."
            ),
        }
    }
}
