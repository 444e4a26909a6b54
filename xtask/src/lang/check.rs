use super::phrases::{Phrases, phrases, say};
use crate::model::{
    Bytes, CheckId, CheckVerdict, Delta, Difference, Exercise, Language, Medal, NextStep, Replaced,
    Shape, Wording,
};

impl Phrases {
    /// What a check asks for, as it is when it passes.
    pub fn asks(self, check: CheckId, output: &str) -> String {
        match check {
            CheckId::Builds => say!(self, "the Dockerfile builds", "le Dockerfile se construit"),
            CheckId::Runs => say!(
                self,
                "the container ends by itself, with code 0",
                "le conteneur se termine seul, avec le code 0"
            ),
            CheckId::Shows => say!(
                self,
                "it displays `{output}`, to the byte",
                "il affiche `{output}`, à l’octet près"
            ),
            CheckId::Follows => say!(
                self,
                "the text comes from the script",
                "le texte vient bien du script"
            ),
            CheckId::Separate => say!(
                self,
                "the final image is a stage of its own",
                "l’image finale est une phase à part"
            ),
            CheckId::Clean => say!(
                self,
                "no build tools in the final image",
                "aucun outil de build dans l’image finale"
            ),
            CheckId::Lighter => say!(
                self,
                "it is lighter than the reference",
                "elle est plus légère que la référence"
            ),
        }
    }

    /// Why a check was not looked at.
    pub fn skipped(self, because: CheckId) -> String {
        let because = because.name();
        say!(self, "needs `{because}`", "dépend de `{because}`")
    }

    /// What a check came to as a whole.
    pub fn check_verdict(self, verdict: CheckVerdict) -> String {
        match verdict {
            CheckVerdict::Accepted => say!(self, "exercise done", "exercice réussi"),
            CheckVerdict::Rejected => say!(self, "not there yet", "pas encore"),
            CheckVerdict::Undecided => say!(
                self,
                "could not be decided; it is not the submission’s fault",
                "impossible de conclure\u{202f}; la copie n’y est pour rien"
            ),
        }
    }

    pub fn shape(self, shape: Shape) -> String {
        let stages = [["stage", "stages"], ["phase", "phases"]];
        let stages = self.counted(shape.stages as u64, stages);
        let instructions = self.instructions(shape.instructions as u64);
        format!("{stages}, {instructions}")
    }

    /// A medal by its name; one that the kit does not know keeps its own.
    pub fn medal(self, medal: &Medal) -> String {
        let name = medal.name.as_str();
        match name {
            "bronze" => say!(self, "bronze medal", "médaille de bronze"),
            "silver" => say!(self, "silver medal", "médaille d’argent"),
            "gold" => say!(self, "gold medal", "médaille d’or"),
            "platinum" => say!(self, "platinum medal", "médaille de platine"),
            _ => say!(self, "medal “{name}”", "médaille «\u{a0}{name}\u{a0}»"),
        }
    }

    /// The size of what passed, and the medal that it is worth.
    pub fn earned(self, size: Bytes, medal: Option<&Medal>) -> String {
        let size = self.size(size);
        match medal {
            Some(medal) => format!("{} ({size})", self.medal(medal)),
            None => say!(self, "the image takes {size}", "l’image pèse {size}"),
        }
    }

    /// What holds most of the bytes that are left.
    pub fn holds_most(self, next: &NextStep) -> String {
        let bytes = self.size(next.bytes);
        match &next.step {
            Some(_) => say!(
                self,
                "most of it, {bytes}, comes from",
                "l’essentiel, {bytes}, vient de"
            ),
            None => say!(
                self,
                "most of it, {bytes}, comes from the base image",
                "l’essentiel, {bytes}, vient de l’image de base"
            ),
        }
    }

    /// What the next medal takes.
    pub fn next_medal(self, next: &NextStep, wording: &Wording) -> String {
        let Some((medal, over)) = &next.medal else {
            return say!(
                self,
                "there is no lighter medal: well done",
                "il n’y a pas de médaille plus légère\u{a0}: bravo"
            );
        };
        let (name, limit, over) = (
            self.medal(medal),
            self.limit(medal.at_most),
            self.size(*over),
        );
        let next = say!(
            self,
            "optional next: the {name}, at {limit}: save {over}",
            "pour aller plus loin\u{a0}: {name}, à {limit}\u{202f}; encore {over} à gagner"
        );
        match wording.medals.get(&medal.name) {
            Some(how) => {
                let how = self.pick(how.each_ref());
                say!(self, "{next}. How: {how}", "{next}. Comment\u{a0}: {how}")
            }
            None => next,
        }
    }

    pub fn replaced(self, replaced: &Replaced) -> String {
        let Replaced { image, by } = replaced;
        say!(
            self,
            "`{image}` was replaced by `{by}` for this check; the sizes are those of `{by}`",
            "`{image}` a été remplacée par `{by}` pour cette vérification\u{202f}; les tailles \
             sont celles de `{by}`"
        )
    }

    pub fn not_used(self, file: &str) -> String {
        say!(
            self,
            "`{file}` was left out: the build writes its own",
            "`{file}` a été écarté\u{a0}: le build écrit le sien"
        )
    }

    /// Where an output parts from the expected one.
    pub fn parts_at(self, difference: &Difference) -> String {
        let Difference { line, offset, .. } = difference;
        let byte = offset + 1;
        say!(
            self,
            "first difference at line {line}, byte {byte} of the output",
            "première différence à la ligne {line}, octet {byte} de la sortie"
        )
    }

    /// How many bytes were printed, where that is all there is to say.
    pub fn printed_bytes(self, bytes: Bytes) -> String {
        let bytes = self.size(bytes);
        say!(self, "{bytes} were printed", "{bytes} ont été affichés")
    }

    /// A file that should not be in the image, and where it comes from.
    pub fn found_in(self, layer: usize) -> String {
        let number = layer + 1;
        say!(self, "layer {number}", "couche {number}")
    }

    /// Before a hint, by its number.
    pub fn hint_number(self, number: usize) -> String {
        say!(self, "hint {number}:", "indice {number}\u{a0}:")
    }

    /// What a save gained or lost: checks that pass, and bytes.
    pub fn since_last(self, gained: i64, delta: Option<Delta>, line: Option<usize>) -> String {
        let nouns = [["check", "checks"], ["vérification", "vérifications"]];
        let checks = self.counted(gained.unsigned_abs(), nouns);
        let sign = match gained {
            1.. => "+",
            0 => "±",
            _ => "−",
        };
        let size = delta.map(|delta| format!(", {}", self.delta(delta)));
        let size = size.unwrap_or_default();
        match line {
            Some(line) => say!(
                self,
                "since the last save (line {line} changed): {sign}{checks}{size}",
                "depuis le dernier enregistrement (ligne {line} modifiée)\u{a0}: \
                 {sign}{checks}{size}"
            ),
            None => say!(
                self,
                "since the last save: {sign}{checks}{size}",
                "depuis le dernier enregistrement\u{a0}: {sign}{checks}{size}"
            ),
        }
    }

    /// What can be done while saves are waited for.
    pub fn watching(self) -> String {
        say!(
            self,
            "waiting for a save · h: hint · r: run again · q: quit",
            "en attente d’un enregistrement · h\u{a0}: indice · r\u{a0}: relancer · q\u{a0}: \
             quitter"
        )
    }

    /// The same, where files are looked at again and again.
    pub fn polling(self) -> String {
        say!(
            self,
            "waiting for a save, looking once a second · h: hint · r: run again · q: quit",
            "en attente d’un enregistrement, vérifié chaque seconde · h\u{a0}: indice · \
             r\u{a0}: relancer · q\u{a0}: quitter"
        )
    }

    /// How the next hint is had.
    pub fn more_hints(self) -> String {
        say!(
            self,
            "next hint: the same command with `--hint`",
            "indice suivant\u{a0}: la même commande avec `--hint`"
        )
    }
}

/// What a submission can begin with: a Dockerfile with three gaps.
pub fn skeleton(exercise: &Exercise, language: Language) -> String {
    let say = phrases(language);
    let Exercise { script, output, .. } = exercise;
    let (build, run) = (
        say!(
            say,
            "# Build stage: run {script}, which writes {output}.",
            "# Phase de build : lance {script}, qui écrit {output}."
        ),
        say!(
            say,
            "# Run stage: take {output} from the build stage and display it.",
            "# Phase de run : reprend {output} de la phase de build et l’affiche."
        ),
    );
    format!(
        "{build}\nFROM python:3.13-slim AS build\nWORKDIR /work\nCOPY {script} ./\nRUN ___\n\n\
         {run}\nFROM ___\nCOPY --from=build /work/{output} /\nCMD [\"___\"]\n"
    )
}
