use super::Names;
use crate::lang::phrases::{Phrases, say};
use crate::model::{CommandForm, Forgery, Lesson, OutputFault, Scene, Wording};

impl Phrases {
    #[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
    pub(super) fn lesson(self, lesson: &Lesson, scene: &Scene, wording: &Wording) -> String {
        let Names {
            script, directory, ..
        } = Names::of(scene);
        match lesson {
            Lesson::SingleStage { stages: 0 | 1 } => say!(
                self,
                "the Dockerfile has one stage only: all that was needed to build stays in the \
                 image",
                "le Dockerfile n’a qu’une phase\u{a0}: tout ce qui a servi à construire reste dans \
                 l’image"
            ),
            Lesson::SingleStage { .. } => say!(
                self,
                "the last stage runs `{script}` itself: all that this needs stays in the image",
                "la dernière phase exécute elle-même `{script}`\u{a0}: tout ce qu’il faut pour \
                 cela \
                 reste dans l’image"
            ),
            Lesson::BuiltOnBuildStage { stage } => say!(
                self,
                "the last stage starts from `{stage}`, the stage that runs `{script}`, and \
                 inherits \
                 all its layers",
                "la dernière phase part de `{stage}`, la phase qui exécute `{script}`, et hérite \
                 de \
                 toutes ses couches"
            ),
            Lesson::Forbidden {
                path,
                part,
                base: Some(base),
            } => {
                let part = self.part(part, wording);
                say!(
                    self,
                    "`{path}` ({part}) is in the final image: its base image `{base}` brings it",
                    "`{path}` ({part}) est dans l’image finale\u{a0}: son image de base `{base}` \
                     l’apporte"
                )
            }
            Lesson::Forbidden {
                path,
                part,
                base: None,
            } => {
                let part = self.part(part, wording);
                say!(
                    self,
                    "`{path}` ({part}) is in the final image: this instruction brings it",
                    "`{path}` ({part}) est dans l’image finale\u{a0}: cette instruction l’apporte"
                )
            }
            Lesson::WholeFileSystem { stage } => say!(
                self,
                "the whole file system of stage `{stage}` is copied, its tools included",
                "tout le système de fichiers de la phase `{stage}` est copié, outils compris"
            ),
            Lesson::RemovedLater { path, part } => {
                let part = self.part(part, wording);
                say!(
                    self,
                    "`{path}` ({part}) is removed, but a lower layer of the image still holds it",
                    "`{path}` ({part}) est supprimé, mais une couche inférieure de l’image le \
                     contient toujours"
                )
            }
            Lesson::UnknownStage {
                name,
                nearest: Some(nearest),
                ..
            } => say!(
                self,
                "no stage above this line is called `{name}`; did you mean `{nearest}`?",
                "aucune phase au-dessus de cette ligne ne s’appelle `{name}`\u{202f}; vouliez-vous \
                 dire `{nearest}`\u{a0}?"
            ),
            Lesson::UnknownStage {
                name,
                nearest: None,
                ..
            } => say!(
                self,
                "no stage above this line is called `{name}`",
                "aucune phase au-dessus de cette ligne ne s’appelle `{name}`"
            ),
            Lesson::WrongPath { path, stage } if scene.made.is_some() => say!(
                self,
                "stage `{stage}` has no `{path}`: `{script}` ran in `{directory}`",
                "la phase `{stage}` n’a pas de `{path}`\u{a0}: `{script}` s’est exécuté dans \
                 `{directory}`"
            ),
            Lesson::WrongPath { path, stage } => say!(
                self,
                "stage `{stage}` has no `{path}`",
                "la phase `{stage}` n’a pas de `{path}`"
            ),
            Lesson::FromItself { index } => say!(
                self,
                "`--from={index}` is this stage itself: stages are counted from 0",
                "`--from={index}` désigne cette phase elle-même\u{a0}: les phases se comptent à \
                 partir de 0"
            ),
            Lesson::FromOwnName { name } => say!(
                self,
                "`--from={name}` is this stage itself",
                "`--from={name}` désigne cette phase elle-même"
            ),
            Lesson::WrongInstruction { keyword } => say!(
                self,
                "`{keyword}` does not run `{script}` during the build",
                "`{keyword}` n’exécute pas `{script}` pendant le build"
            ),
            Lesson::ScriptAtStart => say!(
                self,
                "`{script}` runs when the container starts, not during the build",
                "`{script}` s’exécute au démarrage du conteneur, pas pendant le build"
            ),
            Lesson::Forged(forgery) => self.forgery(*forgery, scene),
            Lesson::ProgramMissing {
                form: CommandForm::Shell,
                ..
            } => say!(
                self,
                "this command is a line for `/bin/sh`, and the image has no shell",
                "cette commande est une ligne pour `/bin/sh`, et l’image n’a pas de shell"
            ),
            Lesson::ProgramMissing {
                program,
                form: CommandForm::List,
            } => say!(
                self,
                "the program `{program}` is not in the image",
                "le programme `{program}` n’est pas dans l’image"
            ),
            Lesson::LoaderMissing { program } => say!(
                self,
                "`{program}` is in the image, but the loader and libraries that it needs are not",
                "`{program}` est dans l’image, mais pas le chargeur ni les bibliothèques dont il a \
                 besoin"
            ),
            Lesson::Output(fault) => self.output_fault(fault, scene),
        }
    }

    fn part(self, part: &str, wording: &Wording) -> String {
        let own = wording.parts.get(part);
        own.map_or(part.to_owned(), |it| self.pick(it.clone()))
    }

    fn forgery(self, forgery: Forgery, scene: &Scene) -> String {
        let Names { script, output, .. } = Names::of(scene);
        match forgery {
            Forgery::HardCoded => say!(
                self,
                "the text is written in the Dockerfile: it does not come from `{script}`",
                "le texte est écrit dans le Dockerfile\u{a0}: il ne vient pas de `{script}`"
            ),
            Forgery::Committed => say!(
                self,
                "the text is copied from your folder: `{script}` has to write `{output}` during \
                 the build",
                "le texte est copié depuis votre dossier\u{a0}: c’est à `{script}` d’écrire \
                 `{output}` pendant le build"
            ),
            Forgery::CutOut => say!(
                self,
                "the text is cut out of `{script}` instead of running it",
                "le texte est extrait de `{script}`, qui n’est pas exécuté"
            ),
            Forgery::ChangedScript => say!(
                self,
                "`{script}` is changed or replaced during the build",
                "`{script}` est modifié ou remplacé pendant le build"
            ),
            Forgery::HiddenFailure => say!(
                self,
                "the build goes on here even if `{script}` fails, and the text does not come from \
                 it",
                "ici, le build continue même si `{script}` échoue, et le texte ne vient pas de ce \
                 script"
            ),
            Forgery::Background => say!(
                self,
                "`&` runs `{script}` in the background: the build does not wait for it",
                "`&` exécute `{script}` en arrière-plan\u{a0}: le build ne l’attend pas"
            ),
            Forgery::NotRun => say!(
                self,
                "no RUN executes `{script}`",
                "aucun RUN n’exécute `{script}`"
            ),
            Forgery::Other => say!(
                self,
                "with another script in its place, the image does not show what that one writes",
                "avec un autre script à sa place, l’image n’affiche pas ce que celui-ci écrit"
            ),
        }
    }

    fn output_fault(self, fault: &OutputFault, scene: &Scene) -> String {
        let Names { output, .. } = Names::of(scene);
        match fault {
            OutputFault::Nothing => say!(
                self,
                "the container prints nothing",
                "le conteneur n’affiche rien"
            ),
            OutputFault::Extra { extra } => {
                let extra = self.quoted(extra);
                say!(
                    self,
                    "the container prints more than `{output}`: {extra}",
                    "le conteneur affiche plus que `{output}`\u{a0}: {extra}"
                )
            }
            OutputFault::Twice => say!(
                self,
                "the container prints `{output}` more than once",
                "le conteneur affiche `{output}` plusieurs fois"
            ),
            OutputFault::OnStderr => say!(
                self,
                "the text goes to the error output (stderr) instead of the standard output",
                "le texte part sur la sortie d’erreur (stderr) au lieu de la sortie standard"
            ),
            OutputFault::LineEnds => say!(
                self,
                "the lines are those of `{output}`, but their line ends differ",
                "les lignes sont celles de `{output}`, mais les fins de ligne diffèrent"
            ),
            OutputFault::Partial => say!(
                self,
                "the container prints only a part of `{output}`",
                "le conteneur n’affiche qu’une partie de `{output}`"
            ),
            OutputFault::Other => say!(
                self,
                "the container prints something other than `{output}`",
                "le conteneur affiche autre chose que `{output}`"
            ),
        }
    }
}
