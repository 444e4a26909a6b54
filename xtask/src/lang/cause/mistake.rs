//! Mistakes that any Dockerfile can have: a sentence and one fix each.

use super::{Names, Told};
use crate::lang::phrases::{Phrases, say};
use crate::model::{Mistake, Scene};

impl Phrases {
    #[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
    pub(super) fn mistake(self, mistake: &Mistake, scene: &Scene) -> Told {
        let Names { script, .. } = Names::of(scene);
        let (sentence, fix) = match mistake {
            Mistake::NoFrom => (
                say!(
                    self,
                    "the Dockerfile does not begin with FROM",
                    "le Dockerfile ne commence pas par FROM"
                ),
                say!(
                    self,
                    "The first instruction names the image to start from: `FROM image AS build`.",
                    "La première instruction nomme l’image de départ\u{a0}: `FROM image AS build`."
                ),
            ),
            Mistake::UnknownInstruction { word, nearest } => (
                say!(
                    self,
                    "`{word}` is not an instruction",
                    "`{word}` n’est pas une instruction"
                ),
                match nearest {
                    Some(nearest) => self.did_you_mean(nearest),
                    None => say!(
                        self,
                        "If this line continues the one before it, that one has to end with `\\`.",
                        "Si cette ligne est la suite de la précédente, celle-ci doit finir par \
                         `\\`."
                    ),
                },
            ),
            Mistake::UnknownFlag {
                instruction,
                flag,
                nearest,
            } => (
                say!(
                    self,
                    "{instruction} has no option `--{flag}`",
                    "{instruction} n’a pas d’option `--{flag}`"
                ),
                match nearest {
                    Some(nearest) => self.did_you_mean(&format!("--{nearest}")),
                    None => say!(
                        self,
                        "Remove it, or look it up in the Dockerfile reference.",
                        "Retirez-la, ou cherchez-la dans la documentation des Dockerfiles."
                    ),
                },
            ),
            Mistake::SingleDash { flag } => {
                let bare = flag.trim_start_matches(['-', '\u{2013}', '\u{2014}']);
                (
                    say!(
                        self,
                        "`{flag}` is taken for the name of a file",
                        "`{flag}` est pris pour un nom de fichier"
                    ),
                    say!(
                        self,
                        "An option begins with two dashes: `--{bare}`.",
                        "Une option commence par deux tirets\u{a0}: `--{bare}`."
                    ),
                )
            }
            Mistake::EmptyBase { written, declared } => (
                say!(
                    self,
                    "`FROM {written}` names no image: its variable is empty",
                    "`FROM {written}` ne nomme aucune image\u{a0}: sa variable est vide"
                ),
                match declared {
                    Some(line) => say!(
                        self,
                        "Move the ARG of line {line} above the first FROM: a FROM sees no other.",
                        "Déplacez l’ARG de la ligne\u{a0}{line} au-dessus du premier FROM\u{a0}: \
                         un \
                         FROM n’en voit pas d’autres."
                    ),
                    None => say!(
                        self,
                        "Declare it above the first FROM, with a value: `ARG NAME=image`.",
                        "Déclarez-la au-dessus du premier FROM, avec une valeur\u{a0}: `ARG \
                         NOM=image`."
                    ),
                },
            ),
            Mistake::StageOrder { stage, begins } => (
                say!(
                    self,
                    "stage `{stage}` begins further down, on line {begins}",
                    "la phase `{stage}` commence plus bas, à la ligne\u{a0}{begins}"
                ),
                say!(
                    self,
                    "Move that stage up: a stage sees only those above it, and the last one \
                     becomes \
                     the image.",
                    "Remontez cette phase\u{a0}: une phase ne voit que celles qui la précèdent, et \
                     la dernière devient l’image."
                ),
            ),
            Mistake::Swallowed { keyword, end_line } => (
                say!(
                    self,
                    "this line ends with `\\`, so the {keyword} of line {end_line} is read as a \
                     part \
                     of it",
                    "cette ligne finit par `\\`\u{a0}: le {keyword} de la ligne\u{a0}{end_line} \
                     est \
                     lu comme sa suite"
                ),
                say!(
                    self,
                    "Remove the `\\` at the end of this line.",
                    "Retirez le `\\` à la fin de cette ligne."
                ),
            ),
            Mistake::MissingFile { path, nearest } => (
                say!(
                    self,
                    "`{path}` is not in the build context",
                    "`{path}` n’est pas dans le contexte de build"
                ),
                match nearest {
                    Some(nearest) => self.did_you_mean(nearest),
                    None => say!(
                        self,
                        "COPY takes files from the folder of the Dockerfile, by their path from \
                         there. If the file is made during the build, take it from that stage with \
                         `--from=`.",
                        "COPY prend les fichiers dans le dossier du Dockerfile, par leur chemin \
                         depuis ce dossier. Si le fichier est créé pendant le build, prenez-le \
                         dans la phase concernée avec `--from=`."
                    ),
                },
            ),
            Mistake::IgnoredFile { path } => (
                say!(
                    self,
                    "`{path}` exists, but `.dockerignore` keeps it out of the build",
                    "`{path}` existe, mais `.dockerignore` l’exclut du build"
                ),
                say!(
                    self,
                    "Remove the line of `.dockerignore` that matches it.",
                    "Retirez de `.dockerignore` la ligne qui lui correspond."
                ),
            ),
            Mistake::ScriptNotFound {
                looked_in,
                lies_in,
                cd_line,
            } => (
                say!(
                    self,
                    "`{script}` is not in `{looked_in}`, where this RUN looks for it",
                    "`{script}` n’est pas dans `{looked_in}`, où ce RUN le cherche"
                ),
                self.script_not_found(script, lies_in.as_deref(), *cd_line),
            ),
            Mistake::ToolMissing { program } => (
                say!(
                    self,
                    "this stage has no program `{program}`",
                    "cette phase n’a pas de programme `{program}`"
                ),
                say!(
                    self,
                    "Start the stage from an image that has it, or install it first with a RUN.",
                    "Partez d’une image qui l’a, ou installez-le d’abord par un RUN."
                ),
            ),
            Mistake::RunFailed { exit_code, said } => (
                self.failed(*exit_code, said.as_deref()),
                say!(
                    self,
                    "Read the last lines of the log, then try the command by hand in a container \
                     of \
                     the base image: `docker run -it --rm IMAGE sh`.",
                    "Lisez les dernières lignes du journal, puis essayez la commande à la main \
                     dans \
                     un conteneur de l’image de base\u{a0}: `docker run -it --rm IMAGE sh`."
                ),
            ),
            Mistake::Builder { said } => (
                said.clone(),
                say!(
                    self,
                    "These are the builder's own words. Compare the line with an example of the \
                     Dockerfile reference.",
                    "C’est le message du constructeur. Comparez la ligne à un exemple de la \
                     documentation des Dockerfiles."
                ),
            ),
        };
        Told { sentence, fix }
    }

    fn script_not_found(self, script: &str, lies_in: Option<&str>, cd_line: Option<u32>) -> String {
        match (cd_line, lies_in) {
            (Some(line), _) => say!(
                self,
                "`cd` on line {line} lasts for that RUN only. Use `WORKDIR`, which lasts for the \
                 instructions that follow.",
                "Le `cd` de la ligne\u{a0}{line} ne vaut que pour ce RUN. Utilisez `WORKDIR`, qui \
                 vaut pour les instructions suivantes."
            ),
            (None, Some(directory)) => say!(
                self,
                "COPY put it in `{directory}`: write `WORKDIR {directory}` above, or \
                 `{directory}/{script}` here.",
                "COPY l’a mis dans `{directory}`\u{a0}: écrivez `WORKDIR {directory}` au-dessus, \
                 ou \
                 `{directory}/{script}` ici."
            ),
            (None, None) => say!(
                self,
                "Bring it first: `COPY {script} .`, in the same stage and above this line.",
                "Copiez-le d’abord\u{a0}: `COPY {script} .`, dans la même phase et au-dessus de \
                 cette ligne."
            ),
        }
    }

    fn failed(self, exit_code: Option<i64>, said: Option<&str>) -> String {
        let failed = match exit_code {
            Some(code) => say!(
                self,
                "the command of this RUN exited with code {code}",
                "la commande de ce RUN s’est terminée avec le code\u{a0}{code}"
            ),
            None => say!(
                self,
                "the command of this RUN failed",
                "la commande de ce RUN a échoué"
            ),
        };
        self.with_words(failed, said)
    }

    /// A sentence, and what a program said last.
    pub(super) fn with_words(self, sentence: String, said: Option<&str>) -> String {
        match said {
            Some(said) => {
                let said = self.quoted(said.trim());
                say!(self, "{sentence}: {said}", "{sentence}\u{a0}: {said}")
            }
            None => sentence,
        }
    }

    fn did_you_mean(self, nearest: &str) -> String {
        say!(
            self,
            "Did you mean `{nearest}`?",
            "Vouliez-vous dire `{nearest}`\u{a0}?"
        )
    }
}
