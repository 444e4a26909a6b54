//! Why an image does not build or start, where the builder's or the engine's own sentence leaves
//! a beginner in the dark.

use super::phrases::{Phrases, abridged, say};
use crate::model::{BuildCause, BuildFault, StartFault};

impl Phrases {
    /// The engine's own words stay, and are marked as its own.
    pub(super) fn not_started(self, reason: &str) -> String {
        let engine = say!(
            self,
            "the engine says: {reason}",
            "le moteur indique\u{a0}: {reason}"
        );
        match StartFault::of(reason) {
            Some(StartFault::Shell) => say!(
                self,
                "its command needs `/bin/sh`, which is not in the image. Write the command as a \
                 list, in double quotes: `CMD [\"/program\", \"argument\"]`",
                "sa commande a besoin de `/bin/sh`, absent de l’image. Écrivez la commande sous \
                 forme de liste, entre guillemets doubles\u{a0}: `CMD [\"/programme\", \
                 \"argument\"]`"
            ),
            Some(StartFault::Loader) => say!(
                self,
                "if the program was copied, its loader or interpreter is missing: link the program \
                 statically, or copy these files too; {engine}",
                "si le programme a été copié, il lui manque son chargeur ou son \
                 interpréteur\u{a0}: \
                 liez le programme en statique, ou copiez aussi ces fichiers\u{202f}; {engine}"
            ),
            Some(StartFault::Format) => say!(
                self,
                "the program is for another processor, or is a script without `#!`; {engine}",
                "le programme est compilé pour un autre processeur, ou c’est un script sans \
                 `#!`\u{202f}; {engine}"
            ),
            Some(StartFault::Program(program)) => self.no_program(&program),
            Some(StartFault::NoCommand) => say!(
                self,
                "the image does not say what to run: its last stage has no CMD and no ENTRYPOINT",
                "l’image ne dit pas quoi exécuter\u{a0}: sa dernière phase n’a ni CMD ni ENTRYPOINT"
            ),
            None => engine,
        }
    }

    fn no_program(self, program: &str) -> String {
        if program.contains(char::is_whitespace) {
            return say!(
                self,
                "there is no program called `{program}`. In a list, each word stands in its own \
                 quotes: `CMD [\"/program\", \"argument\"]`",
                "aucun programme ne s’appelle `{program}`. Dans une liste, chaque mot a ses \
                 propres \
                 guillemets\u{a0}: `CMD [\"/programme\", \"argument\"]`"
            );
        }
        say!(
            self,
            "`{program}` is not in the image, which has only what its base image and its COPY \
             instructions bring, and `FROM scratch` is empty. Copy a statically linked program \
             from the build stage, such as busybox-static",
            "`{program}` n’est pas dans l’image, qui ne contient que ce qu’apportent son image de \
             base et ses COPY, et `FROM scratch` est vide. Copiez depuis la phase de build un \
             programme lié statiquement, comme busybox-static"
        )
    }

    /// `reason` is the builder's own sentence; empty where a RUN failed.
    pub(super) fn build_failure(
        self,
        cause: BuildCause,
        instruction: Option<&str>,
        reason: &str,
    ) -> String {
        let cause = match BuildFault::of(cause, reason) {
            Some(fault) => self.build_fault(&fault),
            None => self.build_cause(&cause),
        };
        match instruction {
            Some(instruction) => format!("{cause} ({})", self.quoted(&abridged(instruction))),
            None => cause,
        }
    }

    fn build_fault(self, fault: &BuildFault) -> String {
        match fault {
            BuildFault::UnknownInstruction {
                word,
                nearest: Some(nearest),
            } => say!(
                self,
                "`{word}` is not an instruction; did you mean `{nearest}`?",
                "`{word}` n’est pas une instruction\u{202f}; vouliez-vous dire `{nearest}`\u{a0}?"
            ),
            BuildFault::UnknownInstruction {
                word,
                nearest: None,
            } => say!(
                self,
                "`{word}` is not an instruction. If this line continues the one before it, that \
                 one must end with `\\`",
                "`{word}` n’est pas une instruction. Si cette ligne est la suite de la précédente, \
                 celle-ci doit finir par `\\`"
            ),
            BuildFault::EmptyBase { written } => say!(
                self,
                "`FROM {written}` names no image: its variable is empty. An ARG used by a FROM \
                 stands before the first FROM and has a value",
                "`FROM {written}` ne nomme aucune image\u{a0}: sa variable est vide. Un ARG \
                 utilisé \
                 par un FROM se place avant le premier FROM, avec une valeur"
            ),
            BuildFault::FromItself { index: 0 } => say!(
                self,
                "`--from=0` is this stage itself: stages are counted from 0, and this is the first",
                "`--from=0` désigne cette phase elle-même\u{a0}: les phases se comptent à partir \
                 de 0, et celle-ci est la première"
            ),
            BuildFault::FromItself { index } => {
                let before = index - 1;
                say!(
                    self,
                    "`--from={index}` is this stage itself: stages are counted from 0, so the one \
                     before is {before}",
                    "`--from={index}` désigne cette phase elle-même\u{a0}: les phases se comptent \
                     à partir de 0, la précédente est donc la {before}"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lang::phrases;
    use crate::model::{BuildCause, Language};

    #[test]
    fn a_beginner_is_told_what_to_write() {
        let english = phrases(Language::English);
        let french = phrases(Language::French);
        for (reason, said, dit) in [
            (
                "unknown instruction: COPPY",
                "did you mean `COPY`?",
                "vouliez-vous dire `COPY`",
            ),
            (
                "unknown instruction: ECHO",
                "must end with `\\`",
                "finir par `\\`",
            ),
            (
                "base name (${X}) should not be blank",
                "before the first FROM",
                "avant le premier",
            ),
            (
                "invalid from flag value 1: refers to current build stage",
                "the one before is 0",
                "la précédente est donc la 0",
            ),
        ] {
            let in_english = english.build_failure(BuildCause::Refused, None, reason);
            let in_french = french.build_failure(BuildCause::Refused, None, reason);
            assert!(in_english.contains(said), "{in_english}");
            assert!(in_french.contains(dit), "{in_french}");
        }
        for (reason, said, dit) in [
            (
                "exec: \"cat\": executable file not found in $PATH",
                "`cat` is not",
                "`cat` n’est",
            ),
            (
                "exec: \"cat /x\": stat cat /x: no such file or directory",
                "own quotes",
                "propres",
            ),
            ("No command specified", "has no CMD", "ni CMD"),
        ] {
            let [in_english, in_french] = [english, french].map(|say| say.not_started(reason));
            assert!(in_english.contains(said), "{in_english}");
            assert!(in_french.contains(dit), "{in_french}");
        }
    }
}
