use super::phrases::N;
use crate::model::{
    AdviceKind, Builder, CauseKind, EngineAction, EngineKind, Fate, GateKind, Kind, LeftCause,
    Level, Origin, PartName, Reach, Role, Stream, Verified,
};

/// What has a fixed word in each language; they are in the order of
/// [`Language::ALL`](crate::model::Language::ALL).
pub trait Worded: Copy {
    fn words(&self) -> [&'static str; N];
}

/// The words of an enum, each language beside the others.
macro_rules! words {
    ($($enum:ty { $($variant:pat => $($word:literal),+;)+ })+) => {
        $(impl Worded for $enum {
            fn words(&self) -> [&'static str; N] {
                match self { $($variant => [$($word),+],)+ }
            }
        })+
    };
}

/// The same, of an enum that exists for its words only.
macro_rules! word_book {
    ($(#[$meta:meta])* $name:ident { $($(#[$note:meta])* $variant:ident => $($word:literal),+;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$note])* $variant,)+ }
        words! { $name { $($name::$variant => $($word),+;)+ } }
    };
}

word_book! {
    /// A heading, a label, or what stands in a cell.
    Word {
        Variant => "variant", "variante";
        /// The file that is checked.
        Submission => "your Dockerfile:", "votre Dockerfile\u{a0}:";
        Hint => "hint", "indice";
        Expected => "expected", "attendu";
        Actual => "actual", "obtenu";
        Check => "check", "vérification";
        BaseImage => "the base image", "l’image de base";
        Image => "image", "image";
        Role => "role", "rôle";
        Size => "size", "taille";
        /// What this Dockerfile's own instructions add.
        Own => "added", "ajouté";
        Layers => "layers", "couches";
        Build => "build", "build";
        /// How long the container ran.
        Run => "run", "exécution";
        Output => "output", "sortie";
        Base => "base", "base";
        /// Every instruction came from the build cache.
        Cached => "cached", "en cache";
        Failed => "failed", "échec";
        /// Standard output is the reference's, byte for byte; the exit code is 0.
        Same => "same", "identique";
        /// The same, where there is more room.
        SameOutput => "exit 0, same output", "code 0, même sortie";
        Differs => "differs", "différente";
        /// The same, where there is more room.
        OtherOutput => "exit 0, other output", "code 0, autre sortie";
        TimedOut => "timed out", "délai dépassé";
        NotStarted => "not started", "n’a pas démarré";
        OutOfMemory => "out of memory", "mémoire épuisée";
        /// Nothing was printed.
        Empty => "nothing", "rien";
        Bytes => "bytes", "octets";
        Share => "share", "part";
        Instruction => "instruction", "instruction";
        Place => "place", "endroit";
        Prerequisites => "Prerequisites", "Prérequis";
        Prerequisite => "prerequisite", "prérequis";
        FoundHere => "found here", "trouvé ici";
        Fix => "fix", "solution";
        Cause => "cause", "cause";
        Accepted => "accepted", "accepté";
        Rejected => "rejected", "refusé";
        /// Heading of the advice.
        Savings => "What could be saved", "Ce qui peut être économisé";
        Details => "Details", "Détails";
        /// Of a variant that the baseline does not have.
        NewVariant => "new", "nouvelle";
        MissingVariant => "missing", "absente";
        NoImageNow => "no image now", "plus d’image";
        /// Since the baseline.
        Unchanged => "unchanged", "inchangée";
        Lab => "lab", "lab";
        Platform => "platform", "plateforme";
        Engine => "engine", "moteur";
        Verdict => "verdict", "verdict";
        VerdictTitle => "Verdict", "Verdict";

        /// The link that jumps over the page's head.
        Skip => "Skip to the report", "Aller au rapport";
        /// The button that changes between dark and light.
        Scheme => "Dark or light", "Clair ou sombre";
        /// Names the list of the page's sections.
        Contents => "On this page", "Sur cette page";
        Report => "report", "rapport";
        NoFindings => "No problems found.", "Aucun problème.";
        Sizes => "How big each image is", "La taille de chaque image";
        Ladder => "From the reference to the solution", "De la référence à la solution";
        LadderAxis =>
            "Logarithmic scale: each line is a thousand times the one below.",
            "Échelle logarithmique\u{a0}: chaque ligne vaut mille fois celle d’en dessous.";
        Inside => "Inside each image", "Dans chaque image";
        Outputs => "What each container printed", "Ce que chaque conteneur a affiché";
        Failures => "Failed builds", "Échecs de build";
        Rung => "rung", "palier";
        AgainstBefore => "compared with the previous rung", "par rapport au palier précédent";
        AgainstReference => "compared with the reference", "par rapport à la référence";
        ByDirectory => "By directory", "Par dossier";
        ByInstruction => "By instruction", "Par instruction";
        /// Names the choice between the two.
        DrawnBy => "Map", "Carte";
        Search => "Search the map", "Rechercher dans la carte";
        /// How to explore the map without a mouse.
        Keys =>
            "Point at a box, or move between boxes with the arrow keys.",
            "Survolez une case, ou naviguez avec les flèches.";
        LayersFromLowest => "Layers, lowest first", "Couches, de la plus basse à la plus haute";
        LargestFiles => "Largest files", "Les plus gros fichiers";
        WastedPaths => "Wasted bytes", "Octets gaspillés";
        AsTable => "The map as a table", "La carte sous forme de tableau";
        Path => "path", "chemin";
        Fate => "status", "état";
        WhatItIs => "what it is", "nature";
        Live => "in use", "utiles";
        Wasted => "wasted", "gaspillés";
        Duplicate => "duplicate", "en double";
        Packed => "compressed size", "taille compressée";
        EngineReported => "size reported by the engine", "taille selon le moteur";
        Files => "files", "fichiers";
        /// The files of a directory that are in none of its own directories.
        FilesHere => "files here", "fichiers ici";
        SeveralLayers => "several instructions", "plusieurs instructions";
        Root => "the image's root", "racine de l’image";
        FirstDifference => "first difference", "première différence";
        NotRun => "not run", "non exécutée";
        NoImage => "no image", "pas d’image";
        Budget => "budget", "budget";
        /// Links between several reports on one page.
        AllReports => "All reports", "Tous les rapports";
        Previous => "Previous", "Précédent";
        Next => "Next", "Suivant";

        /// Of the image to which something happened since the baseline.
        SinceTitle => "What changed since the baseline", "Ce qui a changé depuis la mesure précédente";
        /// The same, where there is little room.
        Since => "Since the baseline", "Depuis la mesure précédente";
        NothingChanged =>
            "No image changed size since the baseline.",
            "Aucune image n’a changé de taille depuis la mesure précédente.";
        /// What was added, in the key of the bars.
        Growth => "growth", "croissance";
        /// What grew, in a key.
        GrewSince => "grew since the baseline", "a grossi depuis la mesure précédente";
        /// What was not there, in a key.
        NewSince => "new since the baseline", "nouveau depuis la mesure précédente";
        LayersBeforeAfter => "Layers, before and after", "Couches, avant et après";
        TooMuch => "over the limit", "au-delà de la limite";
        Tolerated => "within the limit", "dans la limite";
        Lighter => "lighter", "allégée";
        NoLimit => "no limit", "sans limite";
        OutputChanged => "The output changed", "La sortie a changé";
        WhatGrewMost => "Largest changes", "Les plus gros écarts";

        Layer => "layer", "couche";
        Origin => "origin", "origine";
        Kind => "type", "type";
        Saves => "saves", "gain";
        Advice => "advice", "conseil";
        Change => "change", "écart";
        Before => "before", "avant";
        After => "after", "après";
        Directories => "Directories", "Dossiers";
        LargestInUse => "Largest files in use", "Les plus gros fichiers utiles";
        MakeLighter => "How to make it smaller", "Pour l’alléger";
        Causes => "What changed, and why", "Ce qui a changé, et pourquoi";
        /// Before the earlier text of an instruction.
        Was => "was", "avant";
        /// Nothing was added or removed.
        NoDifference =>
            "no difference: both have the same layers",
            "aucune différence\u{a0}: les couches sont les mêmes";
        /// A saved report holds directories, and no files.
        DirectoriesOnly =>
            "by directory: saved reports do not list files",
            "par dossier\u{a0}: un rapport enregistré ne contient pas les fichiers";

        /// Before a problem, its cause and its fix.
        ErrorHeading => "error:", "erreur\u{a0}:";
        CauseHeading => "because:", "cause\u{a0}:";
        HelpHeading => "help:", "aide\u{a0}:";
        AllReady => "everything is in place", "tout est prêt";
    }
}

words! {
    EngineAction {
        EngineAction::AttachContainer => "attach to a container", "de s’attacher à un conteneur";
        EngineAction::CreateContainer => "create a container", "de créer un conteneur";
        EngineAction::InspectContainer => "inspect a container", "d’examiner un conteneur";
        EngineAction::ListContainers => "list containers", "de lister les conteneurs";
        EngineAction::RemoveContainer => "remove a container", "de supprimer un conteneur";
        EngineAction::StartContainer => "start a container", "de démarrer un conteneur";
        EngineAction::WaitForContainer => "wait for a container", "d’attendre un conteneur";
        EngineAction::CreateVolume => "create a volume", "de créer un volume";
        EngineAction::ListVolumes => "list volumes", "de lister les volumes";
        EngineAction::RemoveVolume => "remove a volume", "de supprimer un volume";
        EngineAction::InspectImage => "inspect an image", "d’examiner une image";
        EngineAction::ListImages => "list the images", "de lister les images";
        EngineAction::ReadHistory => "read an image's history", "de lire l’historique d’une image";
        EngineAction::SaveImages => "save the images", "de sauvegarder les images";
    }
    Role {
        Role::Reference => "reference", "référence";
        Role::Rung => "rung", "palier";
        Role::Solution => "solution", "solution";
    }
    Level {
        Level::Error => "error", "erreur";
        Level::Warning => "warning", "avertissement";
        Level::Note => "note", "remarque";
    }
    Origin {
        Origin::Base => "base", "base";
        Origin::Own => "added", "ajouté";
    }
    Fate {
        Fate::Live => "in use", "utile";
        Fate::Overwritten => "overwritten", "remplacé";
        Fate::Deleted => "deleted", "supprimé";
        Fate::MetadataOnly => "same content written again", "réécrit à l’identique";
    }
    LeftCause {
        LeftCause::Compiler => "compiler", "compilateur";
        LeftCause::PackageLists => "package lists", "listes de paquets";
        LeftCause::Caches => "caches", "caches";
        LeftCause::Interpreter => "interpreter", "interpréteur";
        LeftCause::Base => "rest of the base", "reste de la base";
        LeftCause::Own => "other added files", "autres fichiers ajoutés";
        LeftCause::Added => "added", "ajouté";
    }
    CauseKind {
        CauseKind::BaseDrift => "different base", "autre base";
        CauseKind::ChangedInstruction => "changed instruction", "instruction modifiée";
        CauseKind::SameInstructionNewContent =>
            "same instruction, new content", "même instruction, autre contenu";
        CauseKind::MetadataOnly =>
            "same content, different metadata", "même contenu, autres métadonnées";
        CauseKind::Added => "added", "ajoutée";
        CauseKind::Removed => "removed", "supprimée";
    }
    GateKind {
        GateKind::Growth => "growth", "croissance";
        GateKind::BaseDrift => "base drift", "dérive de la base";
        GateKind::ContentDrift => "drift", "dérive";
    }
    &Kind {
        Kind::File { .. } => "file", "fichier";
        Kind::HardLink { .. } => "hard link", "lien physique";
        Kind::Symlink { .. } => "symlink", "lien symbolique";
        Kind::Directory => "directory", "dossier";
        Kind::Device => "device", "périphérique";
        Kind::Whiteout => "deletes", "supprime";
        Kind::Opaque => "empties", "vide";
    }
    Stream {
        Stream::Stdout => "standard output", "la sortie standard";
        Stream::Stderr => "standard error", "la sortie d’erreur";
    }
    EngineKind {
        EngineKind::Docker => "Docker Engine", "Docker Engine";
        EngineKind::Podman => "Podman", "Podman";
    }
    Builder {
        Builder::Buildkit => "BuildKit", "BuildKit";
        Builder::Classic => "classic builder", "ancien constructeur";
    }
    Verified {
        Verified::Whole => "every byte verified", "chaque octet vérifié";
        Verified::Headers =>
            "only headers read (--verify checks every byte)",
            "seuls les en-têtes sont lus (--verify vérifie chaque octet)";
    }
    // What to do, as an infinitive.
    AdviceKind {
        AdviceKind::PackageLists =>
            "remove the package lists in the same RUN",
            "supprimer les listes de paquets dans le même RUN";
        AdviceKind::Caches =>
            "leave no cache behind: turn it off, or use a cache mount",
            "ne laisser aucun cache\u{a0}: le désactiver, ou utiliser un montage de cache";
        AdviceKind::RemovedLater =>
            "remove these files in the RUN that creates them",
            "supprimer ces fichiers dans le RUN qui les crée";
        AdviceKind::RewrittenMetadata =>
            "set owner and mode while copying, not afterwards",
            "fixer propriétaire et droits dès la copie";
        AdviceKind::BuildTools =>
            "leave the compiler and headers in the build stage",
            "laisser compilateur et en-têtes dans la phase de build";
        AdviceKind::Interpreter =>
            "leave the unused interpreter in the build stage",
            "laisser l’interpréteur inutilisé dans la phase de build";
    }
    PartName {
        PartName::Distribution => "distribution", "distribution";
        PartName::Power => "privileges", "droits";
        PartName::DockerCommand => "Docker command", "commande Docker";
        PartName::Compose => "Compose", "Compose";
        PartName::Builder => "builder", "constructeur";
        PartName::Daemon => "daemon", "démon";
        PartName::Engine => "engine", "moteur";
        PartName::DiskFree => "disk", "disque";
        PartName::Proxy => "proxy", "proxy";
        PartName::StandInMaker => "mmdebstrap", "mmdebstrap";
        PartName::ComposeFile => "Compose file", "fichier Compose";
        PartName::Base => "base image", "image de base";
        PartName::Registry => "registry", "registre";
    }
    // Of the image that a stand-in replaces.
    Reach {
        Reach::InStore => "which is now available locally", "désormais présente";
        Reach::InRegistry => "which can now be pulled", "désormais téléchargeable";
        Reach::Out => "which can't be pulled", "impossible à télécharger";
    }
}

word_book! {
    /// What the lesson says in a few words.
    LessonWord {
        Begin => "begin", "commencer";
        RunIt => "run it", "lancer";
        ShowIt => "show it", "montrer";
        SeeSize => "see the size", "voir la taille";
        Next => "next", "suite";
        Back => "back", "retour";
        Again => "run again", "relancer";
        Jump => "jump", "aller à";
        Help => "help", "aide";
        Quit => "quit", "quitter";
        GiveUp => "give up", "abandonner";
        Steps => "Steps", "Étapes";
        Keys => "Keys", "Touches";
        QuitNow => "Quit the lesson?", "Quitter la leçon\u{a0}?";
        QuitKeys => "q quits, any other key goes on", "q quitte, toute autre touche continue";
        JumpKeys => "↑ ↓ or a number, then ⏎", "↑ ↓ ou un numéro, puis ⏎";
        HelpBack => "back: shows again what was seen, runs nothing",
            "retour\u{a0}: remontre ce qui a été vu, ne lance rien";
        HelpNext => "next; runs the step where a command is shown",
            "suite\u{202f}; lance l’étape quand une commande est affichée";
        HelpAgain => "run this step again", "relancer cette étape";
        HelpJump => "jump to another step", "aller à une autre étape";
        HelpEnds => "first and last screen", "premier et dernier écran";
        HelpQuit => "quit (Ctrl-C at once)", "quitter (Ctrl-C\u{a0}: tout de suite)";
        Building => "building", "build";
        Running => "running, then measuring", "exécution, puis mesure";
        Ended => "The end", "Fin";
        Question => "How big is this image, do you think?", "À votre avis, combien pèse cette image\u{a0}?";
        FailsAsMeant => "It fails, as expected", "Échec, comme prévu";
        Failed => "It did not work", "Cela n’a pas marché";
        ShouldFail => "This step was meant to fail, and did not", "Cette étape devait échouer, et n’a pas échoué";
        NoTwin => "no recorded result stands in for it", "aucun résultat enregistré ne peut la remplacer";
        Notes => "Notes", "Notes";
        NoNotes => "no notes for this step", "pas de notes pour cette étape";
        NextStep => "Next", "Ensuite";
        Elapsed => "elapsed", "écoulé";
        NoLesson => "waiting for the lesson to begin", "en attente du début de la leçon";
        LessonOver => "the lesson is over", "la leçon est terminée";
        Ladder => "From the first image to the last", "De la première image à la dernière";
        NothingPrinted => "it printed nothing", "elle n’affiche rien";
    }
}
