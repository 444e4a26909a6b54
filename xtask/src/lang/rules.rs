use super::phrases::{N, Phrases};
use crate::model::Rule;

/// What a rule asks for, and what to do where it is broken: short sentences with their stops.
struct Told {
    meaning: [&'static str; N],
    help: [&'static str; N],
}

impl Phrases {
    /// What a rule asks for.
    pub fn rule(self, rule: Rule) -> &'static str {
        self.pick(told(rule).meaning)
    }

    /// What to do where it is broken.
    pub fn rule_help(self, rule: Rule) -> &'static str {
        self.pick(told(rule).help)
    }
}

#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
fn told(rule: Rule) -> Told {
    let (meaning, help) = match rule {
        Rule::Budget => (
            [
                "An image stays within its budget.",
                "Une image tient dans son budget.",
            ],
            [
                "Find the instruction that adds most, or raise the budget.",
                "Cherchez l’instruction qui ajoute le plus, ou relevez le budget.",
            ],
        ),
        Rule::NotLighter => (
            [
                "The solution is smaller than the reference.",
                "La solution est plus légère que la référence.",
            ],
            [
                "Leave in the build stage whatever the final stage does not need.",
                "Laissez dans la phase de build ce dont la phase de run n’a pas besoin.",
            ],
        ),
        Rule::OutputsDiffer => (
            [
                "Each variant prints what the reference prints.",
                "Chaque variante affiche ce qu’affiche la référence.",
            ],
            COMPARE,
        ),
        Rule::ExitCode => (
            [
                "A container exits with code 0.",
                "Un conteneur se termine avec le code 0.",
            ],
            READ_STDERR,
        ),
        Rule::Killed => (
            [
                "A container ends by itself.",
                "Un conteneur se termine de lui-même.",
            ],
            [
                "Look for a crash, or for memory use above the limit.",
                "Cherchez un plantage, ou un dépassement de la limite de mémoire.",
            ],
        ),
        Rule::TimedOut => (
            [
                "A container ends before its time limit.",
                "Un conteneur se termine avant la fin du délai.",
            ],
            [
                "Look for a loop or a wait, or raise the time limit.",
                "Cherchez une boucle ou une attente, ou allongez le délai.",
            ],
        ),
        Rule::NotStarted => (
            [
                "A container's command can start.",
                "La commande d’un conteneur peut démarrer.",
            ],
            [
                "Check that the command is in the image and is executable.",
                "Vérifiez que la commande est dans l’image et qu’elle est exécutable.",
            ],
        ),
        Rule::BuildFailed => (
            ["A Dockerfile builds.", "Un Dockerfile se construit."],
            [
                "Fix the instruction on this line.",
                "Corrigez l’instruction de cette ligne.",
            ],
        ),
        Rule::StandInBase => (
            [
                "Sizes are measured on the real base image.",
                "Les tailles sont mesurées sur la vraie image de base.",
            ],
            [
                "Measure again on a machine that can pull the real base image.",
                "Mesurez de nouveau là où la vraie image de base peut être téléchargée.",
            ],
        ),
        Rule::Growth => (
            [
                "An image does not grow beyond its limit.",
                "Une image ne grossit pas au-delà de sa limite.",
            ],
            [
                "Look at this instruction and the paths that grew. Keep unneeded files out of a \
                 COPY \
              by `.dockerignore`. If the growth is wanted, raise `max_growth` or update the baseline.",
                "Examinez cette instruction et les chemins qui ont grossi. Excluez du COPY les \
                 fichiers inutiles avec `.dockerignore`. Si la croissance est voulue, relevez \
                 `max_growth` ou mettez à jour la mesure précédente.",
            ],
        ),
        Rule::BaseDrift => (
            [
                "A base image does not grow beyond its limit.",
                "Une image de base ne grossit pas au-delà de sa limite.",
            ],
            [
                "Pin the base image by digest, or accept the new one with `--update-baseline`.",
                "Fixez l’image de base par son digest, ou acceptez la nouvelle avec \
                 `--update-baseline`.",
            ],
        ),
        Rule::ContentDrift => (
            [
                "An instruction does not drift beyond its limit while the files copied before it \
              stay the same.",
                "Une instruction ne dérive pas au-delà de sa limite tant que les fichiers copiés \
              avant elle restent les mêmes.",
            ],
            [
                "Look at the paths that grew. Pin the versions that the instruction downloads, or \
              accept the growth with `--update-baseline`.",
                "Examinez les chemins qui ont grossi. Fixez les versions que l’instruction \
              télécharge, ou acceptez la croissance avec `--update-baseline`.",
            ],
        ),
        Rule::Shrank => (
            [
                "A smaller image becomes the baseline.",
                "Une image allégée remplace la mesure précédente.",
            ],
            [
                "Keep the gain: run again with `--update-baseline`.",
                "Gardez ce gain\u{a0}: relancez avec `--update-baseline`.",
            ],
        ),
        Rule::OutputChanged => (
            [
                "A variant prints what it printed in the baseline.",
                "Une variante affiche ce qu’elle affichait dans la mesure précédente.",
            ],
            COMPARE,
        ),
        Rule::ExitCodeChanged => (
            [
                "A container exits with the same code as in the baseline.",
                "Un conteneur se termine avec le même code que dans la mesure précédente.",
            ],
            READ_STDERR,
        ),
        Rule::NotRun => (
            [
                "Every variant that ran in the baseline still runs.",
                "Toute variante exécutée dans la mesure précédente l’est encore.",
            ],
            [
                "Run it again (`x-lab: { run: true }`), or accept the change with \
              `--update-baseline`.",
                "Exécutez-la de nouveau (`x-lab: { run: true }`), ou acceptez le changement avec \
              `--update-baseline`.",
            ],
        ),
        Rule::NewVariant => (
            [
                "The baseline has every variant.",
                "La mesure précédente a toutes les variantes.",
            ],
            [
                "Add it: run again with `--update-baseline`.",
                "Ajoutez-la\u{a0}: relancez avec `--update-baseline`.",
            ],
        ),
        Rule::MissingVariant => (
            [
                "No variant of the baseline is missing.",
                "Aucune variante de la mesure précédente ne manque.",
            ],
            [
                "Restore it, or remove it from the baseline with `--update-baseline`.",
                "Rétablissez-la, ou retirez-la de la mesure avec `--update-baseline`.",
            ],
        ),
        Rule::RemovedVariant => (
            [
                "A variant is removed together with its part of the baseline.",
                "Une variante est supprimée avec sa partie de la mesure précédente.",
            ],
            [
                "Nothing to do if this is intended.",
                "Rien à faire, si c’est voulu.",
            ],
        ),
        Rule::Accepted => (
            [
                "A baseline that a change brings is approved by its owner.",
                "La mesure qu’apporte une modification est approuvée par son responsable.",
            ],
            [
                "Review the baseline’s diff, and approve it if the growth is wanted.",
                "Relisez les différences de la mesure, et approuvez-les si la croissance est \
                 voulue.",
            ],
        ),
        Rule::OwnFiles => (
            [
                "An image contains no files of the lab kit.",
                "Une image ne contient aucun fichier du kit.",
            ],
            [
                "Add the line to `.dockerignore`, or keep the kit, its baseline and its reports \
              outside of the build context.",
                "Ajoutez la ligne à `.dockerignore`, ou gardez le kit, sa mesure et ses rapports \
                 hors \
              du contexte.",
            ],
        ),
        Rule::PolicyDiffers => (
            [
                "The policy is the same as in the baseline.",
                "La politique est celle de la mesure précédente.",
            ],
            [
                "Review the change. `--policy baseline` applies the earlier policy.",
                "Relisez ce changement. `--policy baseline` applique l’ancienne politique.",
            ],
        ),
    };
    Told { meaning, help }
}

const COMPARE: [&str; N] = [
    "Compare the two outputs from the first line that differs.",
    "Comparez les deux sorties à partir de la première ligne qui diffère.",
];

const READ_STDERR: [&str; N] = [
    "Read what the program wrote to standard error.",
    "Lisez ce que le programme a écrit sur la sortie d’erreur.",
];
