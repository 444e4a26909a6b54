//! What the container is asked to run, and how that fails: a sentence and one fix each.

use super::{Names, Told};
use crate::lang::phrases::{Phrases, say, signal};
use crate::model::{CommandForm, Scene, StartMistake};

impl Phrases {
    #[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
    pub(super) fn start_mistake(self, mistake: &StartMistake, scene: &Scene) -> Told {
        let Names { output, .. } = Names::of(scene);
        let (sentence, fix) = match mistake {
            StartMistake::CarriageReturns { file } => (
                say!(
                    self,
                    "the lines of `{file}` end as on Windows (CR LF); on Linux the CR is part of \
                     the line",
                    "les lignes de `{file}` finissent comme sous Windows (CR LF)\u{202f}; sous \
                     Linux, le CR fait partie de la ligne"
                ),
                say!(
                    self,
                    "Save the file with LF line ends, or convert it: `sed -i 's/\\r$//' FILE`.",
                    "Enregistrez le fichier avec des fins de ligne LF, ou convertissez-le\u{a0}: \
                     `sed \
                     -i 's/\\r$//' FICHIER`."
                ),
            ),
            StartMistake::Quotes { keyword } => (
                say!(
                    self,
                    "{keyword} looks like a list but is not one, so the shell runs it as text",
                    "{keyword} ressemble à une liste sans en être une\u{a0}: le shell l’exécute \
                     comme \
                     du texte"
                ),
                say!(
                    self,
                    "A list has double quotes and commas, and no comma at its end: `{keyword} \
                     [\"program\", \"argument\"]`.",
                    "Une liste s’écrit avec des guillemets doubles et des virgules, sans virgule à \
                     la fin\u{a0}: `{keyword} [\"programme\", \"argument\"]`."
                ),
            ),
            StartMistake::OneWord { keyword, line } => (
                say!(
                    self,
                    "`[\"{line}\"]` means one program with this whole line as its name",
                    "`[\"{line}\"]` désigne un seul programme, dont toute cette ligne est le nom"
                ),
                say!(
                    self,
                    "Give each word its own quotes: `{keyword} [\"program\", \"argument\"]`.",
                    "Donnez à chaque mot ses propres guillemets\u{a0}: `{keyword} [\"programme\", \
                     \"argument\"]`."
                ),
            ),
            StartMistake::NoCommand => (
                say!(
                    self,
                    "the last stage has no CMD: nothing says what the container runs",
                    "la dernière phase n’a pas de CMD\u{a0}: rien ne dit ce que le conteneur \
                     exécute"
                ),
                say!(
                    self,
                    "End it with a CMD that displays the file: `CMD [\"program\", \"/{output}\"]`.",
                    "Terminez-la par un CMD qui affiche le fichier\u{a0}: `CMD [\"programme\", \
                     \"/{output}\"]`."
                ),
            ),
            StartMistake::SeveralCommands { keyword, lines } => {
                let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
                let lines = lines.join(", ");
                (
                    say!(
                        self,
                        "there are several {keyword} (lines {lines}): only the last one counts",
                        "il y a plusieurs {keyword} (lignes\u{a0}{lines})\u{a0}: seul le dernier \
                         compte"
                    ),
                    say!(
                        self,
                        "Keep one, the one that displays the file.",
                        "N’en gardez qu’un, celui qui affiche le fichier."
                    ),
                )
            }
            StartMistake::VariableInList { variable } => (
                say!(
                    self,
                    "`{variable}` is in a list, where no shell replaces it by its value",
                    "`{variable}` se trouve dans une liste, où aucun shell ne la remplace par sa \
                     valeur"
                ),
                say!(
                    self,
                    "Write the value itself.",
                    "Écrivez la valeur elle-même."
                ),
            ),
            StartMistake::EntrypointWithCmd {
                entrypoint: CommandForm::List,
            } => (
                say!(
                    self,
                    "ENTRYPOINT takes the words of CMD as its arguments",
                    "ENTRYPOINT prend les mots de CMD comme arguments"
                ),
                say!(
                    self,
                    "Keep one of the two, or put only the arguments in CMD.",
                    "Gardez l’un des deux, ou ne laissez dans CMD que les arguments."
                ),
            ),
            StartMistake::EntrypointWithCmd {
                entrypoint: CommandForm::Shell,
            } => (
                say!(
                    self,
                    "ENTRYPOINT is a line for the shell, so CMD is ignored",
                    "ENTRYPOINT est une ligne pour le shell\u{a0}: CMD est ignoré"
                ),
                say!(
                    self,
                    "Write the whole command in one of the two, and remove the other.",
                    "Écrivez toute la commande dans l’un des deux, et retirez l’autre."
                ),
            ),
            StartMistake::NeverEnds { seconds } => (
                say!(
                    self,
                    "the container was still running after {seconds} s",
                    "le conteneur tournait encore au bout de {seconds}\u{a0}s"
                ),
                say!(
                    self,
                    "Its command has to display the file and end; nothing that waits, such as \
                     `sleep`, `tail -f` or a server.",
                    "Sa commande doit afficher le fichier puis se terminer\u{a0}: rien qui \
                     attende, \
                     comme `sleep`, `tail -f` ou un serveur."
                ),
            ),
            StartMistake::ExitCode { code, said } => (
                self.with_words(
                    say!(
                        self,
                        "the container ended with code {code} instead of 0",
                        "le conteneur s’est terminé avec le code\u{a0}{code} au lieu de 0"
                    ),
                    said.as_deref(),
                ),
                say!(
                    self,
                    "Run it by hand to see why: `docker run --rm IMAGE`.",
                    "Lancez-le à la main pour voir pourquoi\u{a0}: `docker run --rm IMAGE`."
                ),
            ),
            StartMistake::Signal { code } => {
                let signal = signal(*code);
                (
                    say!(
                        self,
                        "the program was ended by signal {signal}",
                        "le programme a été arrêté par le signal {signal}"
                    ),
                    say!(
                        self,
                        "A program that crashes is often made for another system: copy one from \
                         the \
                         base image's own packages.",
                        "Un programme qui plante est souvent fait pour un autre système\u{a0}: \
                         prenez-en un dans les paquets de l’image de base."
                    ),
                )
            }
            StartMistake::Unreadable { path, user } => {
                let user = user.as_deref().unwrap_or("root");
                (
                    say!(
                        self,
                        "`{user}` may not read `{path}`",
                        "`{user}` n’a pas le droit de lire `{path}`"
                    ),
                    say!(
                        self,
                        "Give the file to that user (`COPY --chown={user} …`), or make it readable \
                         for all in the build stage: `RUN chmod a+r …`.",
                        "Donnez le fichier à cet utilisateur (`COPY --chown={user} …`), ou \
                         rendez-le \
                         lisible par tous dans la phase de build\u{a0}: `RUN chmod a+r …`."
                    ),
                )
            }
            StartMistake::UnknownUser { user } => (
                say!(
                    self,
                    "the image has no user `{user}`",
                    "l’image n’a pas d’utilisateur `{user}`"
                ),
                say!(
                    self,
                    "Remove USER, or write a number: `USER 1000`.",
                    "Retirez USER, ou écrivez un numéro\u{a0}: `USER 1000`."
                ),
            ),
            StartMistake::NotExecutable { program } => (
                say!(
                    self,
                    "`{program}` can't be executed: it is a directory, or a file without execute \
                     permission",
                    "`{program}` ne peut pas être exécuté\u{a0}: c’est un dossier, ou un fichier \
                     sans droit d’exécution"
                ),
                say!(
                    self,
                    "Name a program. If it is your own file, make it executable in the build \
                     stage: `RUN chmod +x …`.",
                    "Indiquez un programme. Si c’est votre propre fichier, rendez-le exécutable \
                     dans la phase de build\u{a0}: `RUN chmod +x …`."
                ),
            ),
            StartMistake::NotAProgram { program } => (
                say!(
                    self,
                    "`{program}` can't be run as a program: it is a script without `#!`, or made \
                     for \
                     another processor",
                    "`{program}` ne peut pas être lancé comme un programme\u{a0}: c’est un script \
                     sans `#!`, ou il est fait pour un autre processeur"
                ),
                say!(
                    self,
                    "Write its interpreter before a script: `python {program}`, `sh {program}`.",
                    "Placez l’interpréteur devant le script\u{a0}: `python {program}`, `sh \
                     {program}`."
                ),
            ),
            StartMistake::VolumeHides { path } => (
                say!(
                    self,
                    "VOLUME puts an empty directory over `{path}`",
                    "VOLUME met un dossier vide par-dessus `{path}`"
                ),
                say!(
                    self,
                    "Remove VOLUME: the image itself holds the file.",
                    "Retirez VOLUME\u{a0}: c’est l’image qui contient le fichier."
                ),
            ),
            StartMistake::DanglingLink { path, target } => {
                let target = target.as_deref().unwrap_or("…");
                (
                    say!(
                        self,
                        "`{path}` is a link to `{target}`, which is not in the image",
                        "`{path}` est un lien vers `{target}`, qui n’est pas dans l’image"
                    ),
                    say!(
                        self,
                        "Copy the file itself: name its own path after `--from=…`.",
                        "Copiez le fichier lui-même\u{a0}: indiquez son propre chemin après \
                         `--from=…`."
                    ),
                )
            }
            StartMistake::FileMissing {
                path,
                copied_to: Some(there),
            } => (
                say!(
                    self,
                    "the command looks for `{path}`, but the file is `{there}`",
                    "la commande cherche `{path}`, mais le fichier est `{there}`"
                ),
                say!(
                    self,
                    "Name the file by its whole path: `{there}`.",
                    "Désignez le fichier par son chemin complet\u{a0}: `{there}`."
                ),
            ),
            StartMistake::FileMissing {
                path,
                copied_to: None,
            } => (
                say!(
                    self,
                    "`{path}` is not in the image",
                    "`{path}` n’est pas dans l’image"
                ),
                say!(
                    self,
                    "The last stage has to copy it from the build stage: `COPY --from=… … /`.",
                    "La dernière phase doit le copier depuis la phase de build\u{a0}: `COPY \
                     --from=… \
                     … /`."
                ),
            ),
            StartMistake::Engine { said } => (
                say!(
                    self,
                    "the container could not start; the engine says: {said}",
                    "le conteneur n’a pas pu démarrer\u{202f}; le moteur indique\u{a0}: {said}"
                ),
                say!(
                    self,
                    "Try it by hand: `docker run --rm IMAGE`.",
                    "Essayez à la main\u{a0}: `docker run --rm IMAGE`."
                ),
            ),
        };
        Told { sentence, fix }
    }
}
