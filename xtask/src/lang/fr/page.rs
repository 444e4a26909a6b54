use super::{French, NBSP};
use crate::lang::page::{PagePhrases, PageWord};
use crate::lang::phrases::Phrases;
use crate::model::{Bytes, Rule};

impl PagePhrases for French {
    fn page(&self, word: PageWord) -> &'static str {
        word_of(word)
    }

    fn rule(&self, rule: Rule) -> &'static str {
        match rule {
            Rule::Budget => "Une image tient dans son budget.",
            Rule::NotLighter => "La solution est plus légère que la référence.",
            Rule::OutputsDiffer => "Chaque variante affiche ce qu’affiche la référence.",
            Rule::ExitCode => "Un conteneur se termine avec le code 0.",
            Rule::Killed => "Un conteneur se termine de lui-même.",
            Rule::TimedOut => "Un conteneur se termine dans le temps imparti.",
            Rule::NotStarted => "La commande d’un conteneur peut être lancée.",
            Rule::BuildFailed => "Un Dockerfile se construit.",
            Rule::StandInBase => "Les tailles sont mesurées sur la vraie base.",
            Rule::Growth => "Une image ne grossit pas plus que sa politique ne le tolère.",
            Rule::BaseDrift => "Une base ne grossit pas plus que la politique ne le tolère.",
            Rule::ContentDrift => {
                "Une instruction inchangée n’apporte pas plus que la politique ne le tolère."
            }
            Rule::Shrank => "Une image allégée devient l’état de référence.",
            Rule::OutputChanged => {
                "Une variante affiche ce qu’elle affichait dans l’état de référence."
            }
            Rule::ExitCodeChanged => "Un conteneur se termine avec le code de l’état de référence.",
            Rule::NotRun => "Ce que l’état de référence exécutait l’est encore.",
            Rule::NewVariant => "L’état de référence connaît toutes les variantes.",
            Rule::MissingVariant => "Aucune variante de l’état de référence ne manque.",
            Rule::PolicyDiffers => "La politique est celle de l’état de référence.",
        }
    }

    fn rule_help(&self, rule: Rule) -> &'static str {
        match rule {
            Rule::Budget => "Cherchez l’instruction qui pèse le plus, ou relevez le budget.",
            Rule::NotLighter => {
                "Laissez dans la phase de build ce dont la phase de run n’a pas besoin."
            }
            Rule::OutputsDiffer | Rule::OutputChanged => {
                "Comparez les deux sorties à partir de la ligne où elles se séparent."
            }
            Rule::ExitCode | Rule::ExitCodeChanged => {
                "Lisez ce que le programme a écrit sur la sortie d’erreur."
            }
            Rule::Killed => "Cherchez un plantage, ou un dépassement de la mémoire permise.",
            Rule::TimedOut => "Cherchez une boucle ou une attente, ou accordez plus de temps.",
            Rule::NotStarted => {
                "Vérifiez que la commande existe dans l’image et qu’elle est exécutable."
            }
            Rule::BuildFailed => "Corrigez l’instruction de cette ligne.",
            Rule::StandInBase => "Mesurez de nouveau là où la vraie base peut être téléchargée.",
            Rule::Growth => {
                "Examinez cette instruction et les chemins qui ont grossi ; s’il le faut, relevez `max_growth` ou mettez à jour l’état de référence."
            }
            Rule::BaseDrift => {
                "Épinglez la base par son empreinte, ou acceptez la nouvelle avec `--update-baseline`."
            }
            Rule::ContentDrift => {
                "Regardez les chemins qui ont grossi\u{a0}: écartez d’un COPY ce qui n’y a pas sa place, épinglez ce qu’un RUN télécharge, ou acceptez-le avec `--update-baseline`."
            }
            Rule::Shrank => "Gardez ce gain : relancez avec `--update-baseline`.",
            Rule::NotRun => {
                "Faites-la exécuter de nouveau (`x-lab: { run: true }`), ou acceptez-le avec `--update-baseline`."
            }
            Rule::NewVariant => "Ajoutez-la : relancez avec `--update-baseline`.",
            Rule::MissingVariant => "Rétablissez-la, ou oubliez-la avec `--update-baseline`.",
            Rule::PolicyDiffers => {
                "Relisez ce changement de politique ; `--policy baseline` juge d’après l’ancienne."
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
        PageWord::AllReports => "Tous les rapports",
        PageWord::Previous => "Précédent",
        PageWord::Next => "Suivant",
        PageWord::Error => "erreur",
        PageWord::Warning => "avertissement",
        PageWord::Note => "remarque",
    }
}
