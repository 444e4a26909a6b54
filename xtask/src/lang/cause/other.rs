//! Causes that are about the sandbox, the submission's files, its size or the machine.

use super::Told;
use crate::lang::phrases::{Phrases, abridged, say};
use crate::model::{NotADockerfile, Sandbox};

impl Phrases {
    /// What works with a plain `docker run`, and not here.
    pub(super) fn sandbox(self, sandbox: Sandbox) -> Told {
        let plain = say!(
            self,
            "With a plain `docker run` it may work. The image should do without, because it only \
             has \
             to display a file.",
            "Avec un simple `docker run`, cela peut fonctionner. L’image devrait s’en \
             passer\u{a0}: \
             elle n’a qu’un fichier à afficher."
        );
        let sentence = match sandbox {
            Sandbox::ReadOnly => say!(
                self,
                "the program wants to write a file, and the check runs it on a read-only file \
                 system",
                "le programme cherche à écrire un fichier, et la vérification l’exécute sur un \
                 système de fichiers en lecture seule"
            ),
            Sandbox::Network => say!(
                self,
                "the program needs the network, and the check runs it without one",
                "le programme a besoin du réseau, et la vérification l’exécute sans réseau"
            ),
            Sandbox::Capability => say!(
                self,
                "the program needs root privileges, which the check removes",
                "le programme a besoin de droits root, que la vérification lui retire"
            ),
            Sandbox::Memory => say!(
                self,
                "the program uses more memory than the check allows",
                "le programme utilise plus de mémoire que la vérification n’en permet"
            ),
            Sandbox::Processes => say!(
                self,
                "the program starts more processes than the check allows",
                "le programme lance plus de processus que la vérification n’en permet"
            ),
        };
        Told {
            sentence,
            fix: plain,
        }
    }

    pub(super) fn not_a_dockerfile(self, why: NotADockerfile) -> Told {
        let sentence = match why {
            NotADockerfile::Empty => say!(self, "the file is empty", "le fichier est vide"),
            NotADockerfile::Binary => say!(
                self,
                "the file is not a text",
                "le fichier n’est pas un texte"
            ),
            NotADockerfile::TooLarge => say!(
                self,
                "the file is too large for a Dockerfile",
                "le fichier est trop gros pour un Dockerfile"
            ),
            NotADockerfile::Directory => {
                say!(self, "it is a directory", "c’est un dossier")
            }
            NotADockerfile::Special => say!(
                self,
                "it is not a regular file",
                "ce n’est pas un fichier ordinaire"
            ),
        };
        let fix = say!(
            self,
            "A Dockerfile is a text that begins with FROM.",
            "Un Dockerfile est un texte qui commence par FROM."
        );
        Told { sentence, fix }
    }

    pub(super) fn no_network(self, instruction: &str, said: &str) -> Told {
        let instruction = abridged(instruction);
        Told {
            sentence: say!(
                self,
                "the build has no network: `{instruction}` printed “{said}”",
                "le build n’a pas accès au réseau\u{a0}: `{instruction}` a affiché \
                 «\u{a0}{said}\u{a0}»"
            ),
            fix: say!(
                self,
                "This says nothing about your Dockerfile. Check the connection, then run the check \
                 again.",
                "Votre Dockerfile n’est pas en cause. Vérifiez la connexion, puis relancez la \
                 vérification."
            ),
        }
    }

    pub(super) fn base_unreachable(self, image: &str, nearest: Option<&str>) -> Told {
        match nearest {
            Some(nearest) => Told {
                sentence: say!(
                    self,
                    "there is no image `{image}` here, and no registry has one",
                    "l’image `{image}` n’est pas présente ici, et aucun registre ne la fournit"
                ),
                fix: say!(
                    self,
                    "Did you mean `{nearest}`?",
                    "Vouliez-vous dire `{nearest}`\u{a0}?"
                ),
            },
            None => Told {
                sentence: say!(
                    self,
                    "the base image `{image}` is not here and could not be pulled",
                    "l’image de base `{image}` n’est pas présente ici et n’a pas pu être \
                     téléchargée"
                ),
                fix: say!(
                    self,
                    "Check its name with `docker pull {image}`; without a network, let another \
                     image \
                     stand in: `--base {image}=IMAGE`.",
                    "Vérifiez son nom avec `docker pull {image}`\u{202f}; sans réseau, \
                     remplacez-la \
                     par une autre\u{a0}: `--base {image}=IMAGE`."
                ),
            },
        }
    }
}
