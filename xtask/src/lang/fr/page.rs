use super::{French, NBSP};
use crate::lang::page::{PagePhrases, PageWord};
use crate::lang::phrases::Phrases;
use crate::model::{Bytes, Fact};

impl PagePhrases for French {
    fn page(&self, word: PageWord) -> &'static str {
        word_of(word)
    }

    fn rule(&self, fact: &Fact) -> &'static str {
        match fact {
            Fact::Budget { .. } => "Une image tient dans son budget.",
            Fact::NotLighter { .. } => "La solution est plus légère que la référence.",
            Fact::OutputsDiffer { .. } => "Chaque variante affiche ce qu’affiche la référence.",
            Fact::ExitCode { .. } => "Un conteneur se termine avec le code 0.",
            Fact::Killed { .. } => "Un conteneur se termine de lui-même.",
            Fact::TimedOut { .. } => "Un conteneur se termine dans le temps imparti.",
            Fact::NotStarted { .. } => "La commande d’un conteneur peut être lancée.",
            Fact::BuildFailed { .. } => "Un Dockerfile se construit.",
            Fact::StandInBase { .. } => "Les tailles sont mesurées sur la vraie base.",
        }
    }

    fn rule_help(&self, fact: &Fact) -> &'static str {
        match fact {
            Fact::Budget { .. } => "Chercher l’instruction qui pèse le plus, ou relever le budget.",
            Fact::NotLighter { .. } => {
                "Laisser dans la phase de build ce dont la phase de run n’a pas besoin."
            }
            Fact::OutputsDiffer { .. } => {
                "Comparer les deux sorties à partir de la ligne où elles se séparent."
            }
            Fact::ExitCode { .. } => "Lire ce que le programme a écrit sur la sortie d’erreur.",
            Fact::Killed { .. } => "Chercher un plantage, ou un dépassement de la mémoire permise.",
            Fact::TimedOut { .. } => {
                "Chercher une boucle ou une attente, ou accorder plus de temps."
            }
            Fact::NotStarted { .. } => {
                "Vérifier que la commande existe dans l’image et qu’elle est exécutable."
            }
            Fact::BuildFailed { .. } => "Corriger l’instruction de cette ligne.",
            Fact::StandInBase { .. } => {
                "Mesurer de nouveau là où la vraie base peut être téléchargée."
            }
        }
    }

    fn drawing(&self, variant: &str, size: Bytes) -> String {
        let size = self.size(size);
        format!("{variant}, {size}, sous forme de cases dont l’aire est proportionnelle aux octets")
    }

    fn folded(&self, directories: usize, bytes: Bytes, below: Bytes) -> String {
        let (bytes, below) = (self.size(bytes), self.size(below));
        let verb = if directories < 2 {
            "n’a pas de case à lui"
        } else {
            "n’ont pas de case à eux"
        };
        let count = self.counted(directories as u64, "répertoire", "répertoires");
        format!("{count} de moins de {below} ({bytes} en tout) {verb}.")
    }

    fn folded_in_report(&self, below: Bytes) -> String {
        let below = self.size(below);
        format!("Le rapport compte un répertoire de moins de {below} avec celui qui le contient.")
    }

    fn rest(&self, directories: usize) -> String {
        match directories {
            0 => "autres fichiers".to_owned(),
            1 => format!("1{NBSP}répertoire plus petit"),
            many => format!("{}{NBSP}répertoires plus petits", self.number(many as u64)),
        }
    }

    fn matches(&self) -> &'static str {
        "{found} cases trouvées sur {all}"
    }

    fn instead_of(&self, reference: &str, size: Bytes) -> String {
        format!("au lieu de {} pour {reference}", self.size(size))
    }

    fn made_on(&self, created: &str) -> String {
        format!("Fait le {created}")
    }
}

fn word_of(word: PageWord) -> &'static str {
    match word {
        PageWord::Skip => "Aller au rapport",
        PageWord::Scheme => "Clair ou sombre",
        PageWord::Contents => "Sur cette page",
        PageWord::Report => "rapport",
        PageWord::Verdict => "Verdict",
        PageWord::NoFindings => "Rien à redire.",
        PageWord::Sizes => "Ce que pèse chaque image",
        PageWord::Ladder => "De la référence à la solution",
        PageWord::LadderAxis => {
            "Échelle logarithmique\u{a0}: chaque ligne vaut mille fois celle d’en dessous."
        }
        PageWord::Inside => "Dans chaque image",
        PageWord::Outputs => "Ce qu’a affiché chaque conteneur",
        PageWord::Failures => "Ce qui ne se construit pas",
        PageWord::Step => "étape",
        PageWord::AgainstBefore => "par rapport à l’étape d’avant",
        PageWord::AgainstReference => "par rapport à la référence",
        PageWord::ByDirectory => "Par répertoire",
        PageWord::ByInstruction => "Par instruction",
        PageWord::DrawnBy => "Dessin",
        PageWord::Search => "Chercher dans le dessin",
        PageWord::Keys => {
            "Survoler une case, ou se placer sur le dessin et utiliser les touches fléchées."
        }
        PageWord::LayersFromLowest => "Couches, de la plus basse à la plus haute",
        PageWord::LargestFiles => "Les plus gros fichiers",
        PageWord::WastedPaths => "Où est le gaspillage",
        PageWord::AsTable => "Le dessin sous forme de tableau",
        PageWord::Path => "chemin",
        PageWord::Fate => "ce qu’il est devenu",
        PageWord::Cause => "nature",
        PageWord::Live => "visible",
        PageWord::Wasted => "gaspillé",
        PageWord::Duplicate => "en double",
        PageWord::Packed => "transféré",
        PageWord::EngineReported => "chiffre du moteur",
        PageWord::Files => "fichiers",
        PageWord::FilesHere => "fichiers ici",
        PageWord::SeveralLayers => "plusieurs instructions",
        PageWord::Root => "racine de l’image",
        PageWord::FirstDifference => "première différence",
        PageWord::NotRun => "pas exécutée",
        PageWord::NoImage => "pas d’image",
        PageWord::Budget => "budget",
        PageWord::Error => "erreur",
        PageWord::Warning => "avertissement",
        PageWord::Note => "remarque",
    }
}
