//! Three hints to each lesson: the concept, the place, and nearly the solution.

use super::Names;
use crate::lang::phrases::{Phrases, say};
use crate::model::{CommandForm, Forgery, Lesson, OutputFault, Scene};

impl Phrases {
    pub(super) fn lesson_hints(
        self,
        lesson: &Lesson,
        line: Option<u32>,
        scene: &Scene,
    ) -> [String; 3] {
        [
            self.concept(lesson),
            self.place(lesson, line, scene),
            self.nearly(lesson, scene),
        ]
    }

    #[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
    fn concept(self, lesson: &Lesson) -> String {
        match lesson {
            Lesson::SingleStage { .. } => say!(
                self,
                "Each FROM opens a new stage, on a fresh image. Only the last stage becomes the \
                 image; the others are not part of it.",
                "Chaque FROM ouvre une nouvelle phase, sur une image neuve. Seule la dernière \
                 phase devient l’image\u{202f}; les autres n’en font pas partie."
            ),
            Lesson::BuiltOnBuildStage { .. } => say!(
                self,
                "`FROM stage` continues that stage, tools included. A light image starts from a \
                 small base image, or from nothing.",
                "`FROM phase` continue cette phase, outils compris. Une image légère part d’une \
                 petite image de base, ou de rien."
            ),
            Lesson::Forbidden { .. } => say!(
                self,
                "The final image needs only what runs in it. The tools that made its files stay in \
                 the build stage.",
                "L’image finale n’a besoin que de ce qui s’y exécute. Les outils qui ont fabriqué \
                 ses fichiers restent dans la phase de build."
            ),
            Lesson::WholeFileSystem { .. } => say!(
                self,
                "`COPY --from` is there to pick the files that are wanted. Copying `/` takes the \
                 tools along, so nothing is gained.",
                "`COPY --from` sert à choisir les fichiers voulus. Copier `/` emporte aussi les \
                 outils\u{a0}: on n’y gagne rien."
            ),
            Lesson::RemovedLater { .. } => say!(
                self,
                "Each instruction adds a layer on top of the others. What a later layer removes is \
                 hidden, and weighs as much as before.",
                "Chaque instruction ajoute une couche par-dessus les autres. Ce qu’une couche \
                 suivante supprime est caché, et pèse toujours autant."
            ),
            Lesson::UnknownStage { .. }
            | Lesson::FromItself { .. }
            | Lesson::FromOwnName { .. } => say!(
                self,
                "`--from` means a stage higher up in the file: by its name (`FROM … AS name`) or \
                 by \
                 its number, where the first FROM is 0.",
                "`--from` désigne une phase située plus haut dans le fichier\u{a0}: par son nom \
                 (`FROM … AS nom`) ou par son numéro, le premier FROM étant 0."
            ),
            Lesson::WrongPath { .. } => say!(
                self,
                "A RUN works in the directory of the last WORKDIR above it, or in `/` if there is \
                 none. A file written without a directory lands there.",
                "Un RUN travaille dans le dossier du dernier WORKDIR qui le précède, ou dans `/` \
                 s’il n’y en a pas. Un fichier écrit sans préciser de dossier s’y retrouve."
            ),
            Lesson::WrongInstruction { .. } => say!(
                self,
                "RUN executes during the build and keeps the result. CMD and ENTRYPOINT only say \
                 what a container will run later; ONBUILD waits for another Dockerfile.",
                "RUN s’exécute pendant le build et garde le résultat. CMD et ENTRYPOINT disent \
                 seulement ce qu’un conteneur exécutera plus tard\u{202f}; ONBUILD attend un autre \
                 Dockerfile."
            ),
            Lesson::ScriptAtStart => say!(
                self,
                "The build prepares, the container only shows. A container that runs the script \
                 needs the script and its interpreter, each time.",
                "Le build prépare, le conteneur ne fait qu’afficher. Un conteneur qui exécute le \
                 script a besoin du script et de son interpréteur, à chaque fois."
            ),
            Lesson::Forged(_) => say!(
                self,
                "The check builds a second time, with another script of the same name. The image \
                 must then show what that one writes.",
                "La vérification construit une seconde fois, avec un autre script du même nom. \
                 L’image doit alors afficher ce que celui-ci écrit."
            ),
            Lesson::ProgramMissing { .. } => say!(
                self,
                "An image holds its base image and what is copied into it, nothing else. `FROM \
                 scratch` is empty: no shell, no `cat`.",
                "Une image contient son image de base et ce qu’on y copie, rien d’autre. `FROM \
                 scratch` est vide\u{a0}: ni shell, ni `cat`."
            ),
            Lesson::LoaderMissing { .. } => say!(
                self,
                "Most programs are dynamically linked: they need a loader and libraries, which \
                 stay \
                 behind when the program alone is copied.",
                "La plupart des programmes sont liés dynamiquement\u{a0}: il leur faut un chargeur \
                 et des bibliothèques, qui manquent quand on ne copie que le programme."
            ),
            Lesson::Output(_) => say!(
                self,
                "The check compares the standard output of the container with the file that the \
                 script writes, byte by byte.",
                "La vérification compare la sortie standard du conteneur au fichier que le script \
                 écrit, octet par octet."
            ),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
    fn place(self, lesson: &Lesson, line: Option<u32>, scene: &Scene) -> String {
        let Names {
            script,
            directory,
            stage,
            ..
        } = Names::of(scene);
        let at_script = self.at(scene.script_line);
        let at_final = self.at(scene.final_line);
        let here = self.at(line);
        match lesson {
            Lesson::SingleStage { .. } => say!(
                self,
                "Give the stage that runs `{script}`{at_script} a name: `FROM … AS build`. Below \
                 it, \
                 open a second stage with another FROM, and put the CMD there.",
                "Donnez un nom à la phase qui exécute `{script}`{at_script}\u{a0}: `FROM … AS \
                 build`. En dessous, ouvrez une seconde phase avec un autre FROM, et placez-y le CMD."
            ),
            Lesson::BuiltOnBuildStage { .. } => say!(
                self,
                "Write another base image in the last FROM{at_final}: a small distribution, or \
                 `scratch`, which is empty.",
                "Écrivez une autre image de base dans le dernier FROM{at_final}\u{a0}: une petite \
                 distribution, ou `scratch`, qui est vide."
            ),
            Lesson::Forbidden { base: Some(_), .. } => say!(
                self,
                "Look at the last FROM{at_final}. Which is the smallest base image that has the \
                 program of your CMD?",
                "Regardez le dernier FROM{at_final}. Quelle est la plus petite image de base qui a \
                 le programme de votre CMD\u{a0}?"
            ),
            Lesson::Forbidden { base: None, .. } => say!(
                self,
                "Look at this instruction{here}: it should take only the file you need, not a \
                 directory or a package that brings tools along.",
                "Regardez cette instruction{here}\u{a0}: elle ne doit prendre que le fichier \
                 voulu, \
                 et non un dossier ou un paquet qui apporte des outils."
            ),
            Lesson::WholeFileSystem { .. } => say!(
                self,
                "Replace the `/` after `--from`{here} by the path of the file that `{script}` \
                 writes.",
                "Remplacez le `/` qui suit `--from`{here} par le chemin du fichier que `{script}` \
                 écrit."
            ),
            Lesson::RemovedLater { .. } => say!(
                self,
                "Removing it is not enough: the last stage{at_final} has to start from an image \
                 that never contained it.",
                "Le supprimer ne suffit pas\u{a0}: la dernière phase{at_final} doit partir d’une \
                 image qui ne l’a jamais contenu."
            ),
            Lesson::UnknownStage { stages, .. } if stages.is_empty() => say!(
                self,
                "There is no stage above this line{here}: the stage that runs `{script}` has to \
                 come first.",
                "Il n’y a aucune phase au-dessus de cette ligne{here}\u{a0}: la phase qui exécute \
                 `{script}` doit venir d’abord."
            ),
            Lesson::UnknownStage { stages, .. } => {
                let stages = listed(stages);
                say!(
                    self,
                    "The stages above this line{here} are: {stages}.",
                    "Les phases au-dessus de cette ligne{here} sont\u{a0}: {stages}."
                )
            }
            Lesson::WrongPath { .. } => say!(
                self,
                "`{script}` runs in `{directory}`{at_script}. So where is its file?",
                "`{script}` s’exécute dans `{directory}`{at_script}. Où se trouve donc son \
                 fichier\u{a0}?"
            ),
            Lesson::FromItself { .. } | Lesson::FromOwnName { .. } => say!(
                self,
                "This COPY{here} is in the last stage. The stage that runs `{script}` is \
                 `{stage}`.",
                "Ce COPY{here} se trouve dans la dernière phase. La phase qui exécute `{script}` \
                 est `{stage}`."
            ),
            Lesson::WrongInstruction { keyword } => say!(
                self,
                "Look at `{keyword}`{here}: which instruction runs something during the build?",
                "Regardez `{keyword}`{here}\u{a0}: quelle instruction exécute quelque chose \
                 pendant le build\u{a0}?"
            ),
            Lesson::ScriptAtStart => say!(
                self,
                "Take `{script}` out of this instruction{here}, and run it in the build stage.",
                "Retirez `{script}` de cette instruction{here}, et exécutez-le dans la phase de \
                 build."
            ),
            Lesson::Forged(forgery) => self.forged_place(*forgery, line, scene),
            Lesson::ProgramMissing {
                form: CommandForm::Shell,
                ..
            } => say!(
                self,
                "Write the command{here} as a list, in double quotes: `CMD [\"/program\", \
                 \"argument\"]`. A list needs no shell; but the program has to be in the image.",
                "Écrivez la commande{here} sous forme de liste, entre guillemets doubles\u{a0}: \
                 `CMD [\"/programme\", \"argument\"]`. Une liste se passe de shell\u{202f}; encore \
                 faut-il que le programme soit dans l’image."
            ),
            Lesson::ProgramMissing { .. } => say!(
                self,
                "Copy a program that runs on its own, without libraries: a statically linked one. \
                 Debian and Ubuntu have one in the package busybox-static.",
                "Copiez un programme qui fonctionne seul, sans bibliothèques\u{a0}: un programme \
                 lié statiquement. Debian et Ubuntu en ont un dans le paquet busybox-static."
            ),
            Lesson::LoaderMissing { program } => say!(
                self,
                "`ldd {program}` in the build stage lists what it needs. For a statically linked \
                 program it prints `not a dynamic executable`.",
                "`ldd {program}` dans la phase de build montre ce qu’il lui faut. Pour un \
                 programme lié statiquement, il affiche `not a dynamic executable`."
            ),
            Lesson::Output(fault) => self.output_place(fault, line),
        }
    }

    fn forged_place(self, forgery: Forgery, line: Option<u32>, scene: &Scene) -> String {
        let Names { script, output, .. } = Names::of(scene);
        let here = self.at(line);
        match forgery {
            Forgery::HardCoded => say!(
                self,
                "Take the text out of this instruction{here}: a RUN of the build stage executes \
                 `{script}`, which writes it.",
                "Retirez le texte de cette instruction{here}\u{a0}: un RUN de la phase de build \
                 exécute `{script}`, qui l’écrit."
            ),
            Forgery::Committed => say!(
                self,
                "Copy `{output}` from the build stage, not from your folder{here}: this COPY lacks \
                 its `--from=`.",
                "Copiez `{output}` depuis la phase de build, et non depuis votre \
                 dossier{here}\u{a0}: \
                 il manque `--from=` à ce COPY."
            ),
            Forgery::CutOut => say!(
                self,
                "This instruction{here} reads `{script}` as a text. It is a program: run it.",
                "Cette instruction{here} lit `{script}` comme un texte. C’est un programme\u{a0}: \
                 exécutez-le."
            ),
            Forgery::ChangedScript => say!(
                self,
                "Leave `{script}` as it is{here}, and run it.",
                "Laissez `{script}` tel quel{here}, et exécutez-le."
            ),
            Forgery::HiddenFailure => say!(
                self,
                "Remove what follows the script in this RUN{here}, such as `|| true`, and read why \
                 it fails.",
                "Retirez ce qui suit le script dans ce RUN{here}, comme `|| true`, et lisez \
                 pourquoi il échoue."
            ),
            Forgery::Background => say!(
                self,
                "Remove the `&` from this RUN{here}.",
                "Retirez le `&` de ce RUN{here}."
            ),
            Forgery::NotRun | Forgery::Other => say!(
                self,
                "The build stage needs a RUN that executes `{script}`, below the COPY that brings \
                 it.",
                "La phase de build a besoin d’un RUN qui exécute `{script}`, sous le COPY qui \
                 l’apporte."
            ),
        }
    }

    fn output_place(self, fault: &OutputFault, line: Option<u32>) -> String {
        let here = self.at(line);
        match fault {
            OutputFault::Nothing => say!(
                self,
                "Look at the last CMD or ENTRYPOINT{here}: does it print the file?",
                "Regardez le dernier CMD ou ENTRYPOINT{here}\u{a0}: affiche-t-il le fichier\u{a0}?"
            ),
            OutputFault::Extra { .. } | OutputFault::Twice | OutputFault::Partial => say!(
                self,
                "Let the command{here} print the file once, whole, and nothing else.",
                "La commande{here} doit afficher le fichier une fois, en entier, et rien d’autre."
            ),
            OutputFault::OnStderr => say!(
                self,
                "Look for `>&2` or `/dev/stderr` in the command{here}.",
                "Cherchez `>&2` ou `/dev/stderr` dans la commande{here}."
            ),
            OutputFault::LineEnds => say!(
                self,
                "`cat` changes nothing; `echo` adds a line feed, and other tools may change line \
                 ends{here}.",
                "`cat` ne change rien\u{202f}; `echo` ajoute un saut de ligne, et d’autres outils \
                 modifient les fins de ligne{here}."
            ),
            OutputFault::Other => say!(
                self,
                "Which file does the command{here} show, and is it the one that the script wrote?",
                "Quel fichier la commande{here} affiche-t-elle, et est-ce bien celui que le script \
                 a écrit\u{a0}?"
            ),
        }
    }

    fn nearly(self, lesson: &Lesson, scene: &Scene) -> String {
        let Names {
            script,
            output,
            made,
            stage,
            ..
        } = Names::of(scene);
        match lesson {
            Lesson::SingleStage { .. } | Lesson::BuiltOnBuildStage { .. } => say!(
                self,
                "The last stage takes one file from the build stage:\n    FROM …\n    COPY \
                 --from={stage} {made} /\n    CMD […]",
                "La dernière phase reprend un seul fichier de la phase de build\u{a0}:\n    FROM \
                 …\n    COPY --from={stage} {made} /\n    CMD […]"
            ),
            Lesson::Forbidden { .. } | Lesson::RemovedLater { .. } => say!(
                self,
                "An empty base holds nothing to remove:\n    FROM scratch\n    COPY --from={stage} \
                 {made} /\n    COPY --from={stage} … /\n    CMD [\"/…\", \"/{output}\"]",
                "Une base vide ne contient rien à retirer\u{a0}:\n    FROM scratch\n    COPY \
                 --from={stage} {made} /\n    COPY --from={stage} … /\n    CMD [\"/…\", \
                 \"/{output}\"]"
            ),
            Lesson::WholeFileSystem { .. }
            | Lesson::UnknownStage { .. }
            | Lesson::WrongPath { .. }
            | Lesson::FromItself { .. }
            | Lesson::FromOwnName { .. } => say!(
                self,
                "Write:\n    COPY --from={stage} {made} /",
                "Écrivez\u{a0}:\n    COPY --from={stage} {made} /"
            ),
            Lesson::WrongInstruction { .. } | Lesson::ScriptAtStart | Lesson::Forged(_) => say!(
                self,
                "In the build stage:\n    COPY {script} .\n    RUN … {script}\nand in the last \
                 one:\n    COPY --from={stage} {made} /",
                "Dans la phase de build\u{a0}:\n    COPY {script} .\n    RUN … {script}\net dans \
                 la \
                 dernière\u{a0}:\n    COPY --from={stage} {made} /"
            ),
            Lesson::ProgramMissing { .. } | Lesson::LoaderMissing { .. } => say!(
                self,
                "In the build stage, install busybox-static:\n    RUN apt-get update && apt-get \
                 install -y busybox-static\nand in the last one:\n    COPY --from={stage} \
                 /bin/busybox /\n    CMD [\"/busybox\", \"cat\", \"/{output}\"]",
                "Dans la phase de build, installez busybox-static\u{a0}:\n    RUN apt-get update \
                 && \
                 apt-get install -y busybox-static\net dans la dernière\u{a0}:\n    COPY \
                 --from={stage} /bin/busybox /\n    CMD [\"/busybox\", \"cat\", \"/{output}\"]"
            ),
            Lesson::Output(_) => say!(
                self,
                "With a program that prints a file as it is:\n    CMD [\"cat\", \"/{output}\"]",
                "Avec un programme qui affiche un fichier tel quel\u{a0}:\n    CMD [\"cat\", \
                 \"/{output}\"]"
            ),
        }
    }

    /// ` (line 12)`, or nothing.
    fn at(self, line: Option<u32>) -> String {
        line.map_or_else(String::new, |line| {
            say!(self, " (line {line})", " (ligne\u{a0}{line})")
        })
    }
}

fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|it| format!("`{it}`")).collect();
    quoted.join(", ")
}
