use crate::lang::phrases::signal;
use crate::lang::word::{Stream, Word};
use crate::model::{
    AdviceKind, BuildCause, Builder, Ending, EngineKind, Fate, LeftCause, Origin, Role,
};

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Variant => "variante",
        Word::Role => "rôle",
        Word::Size => "taille",
        Word::Own => "propre",
        Word::Layers => "couches",
        Word::Build => "build",
        Word::Run => "durée",
        Word::Output => "sortie",
        Word::Base => "base",
        Word::OwnPart => "ajouté",
        Word::Cached => "en cache",
        Word::Failed => "échec",
        Word::Same => "identique",
        Word::SameOutput => "code 0, même sortie",
        Word::Differs => "différente",
        Word::OtherOutput => "code 0, autre sortie",
        Word::TimedOut => "trop longue",
        Word::NotStarted => "pas lancée",
        Word::OutOfMemory => "mémoire épuisée",
        Word::Empty => "rien",
        Word::Bytes => "octets",
        Word::Share => "part",
        Word::Instruction => "instruction",
        Word::Cause => "cause",
        Word::Place => "endroit",
        Word::Accepted => "accepté",
        Word::Rejected => "refusé",
        Word::Savings => "Ce qu’il y a à gagner",
        Word::Details => "Détails",
        Word::NewVariant => "nouvelle",
        Word::MissingVariant => "absente",
        Word::NoImage => "plus d’image",
        Word::Unchanged => "inchangée",
        Word::Lab => "lab",
        Word::Platform => "plateforme",
        Word::Engine => "moteur",
        Word::Verdict => "verdict",
    }
}

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Reference => "référence",
        Role::Rung => "échelon",
        Role::Solution => "solution",
    }
}

pub(super) fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Base => "base",
        Origin::Own => "propre",
    }
}

pub(super) fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Live => "visible",
        Fate::Overwritten => "remplacé",
        Fate::Deleted => "supprimé",
        Fate::MetadataOnly => "réécrit à l’identique",
    }
}

/// Of several.
pub(super) fn fates(fate: Fate) -> &'static str {
    match fate {
        Fate::Live => "visibles",
        Fate::Overwritten => "remplacés",
        Fate::Deleted => "supprimés",
        Fate::MetadataOnly => "réécrits à l’identique",
    }
}

pub(super) fn left_cause(cause: LeftCause) -> &'static str {
    match cause {
        LeftCause::Compiler => "compilateur",
        LeftCause::PackageLists => "listes de paquets",
        LeftCause::Caches => "caches",
        LeftCause::Interpreter => "interpréteur",
        LeftCause::Base => "reste de la base",
        LeftCause::Own => "fichiers propres",
        LeftCause::Added => "ajouté",
    }
}

pub(super) fn stream(stream: Stream) -> &'static str {
    match stream {
        Stream::Stdout => "la sortie standard",
        Stream::Stderr => "la sortie d’erreur",
    }
}

pub(super) fn engine(kind: EngineKind) -> &'static str {
    match kind {
        EngineKind::Docker => "Docker Engine",
        EngineKind::Podman => "Podman",
    }
}

pub(super) fn builder(builder: Builder) -> &'static str {
    match builder {
        Builder::Buildkit => "BuildKit",
        Builder::Classic => "constructeur classique",
    }
}

pub(super) fn ending(ending: &Ending) -> String {
    match ending {
        Ending::Exited { code } => format!("code {code}"),
        Ending::Killed {
            out_of_memory: true,
            ..
        } => word(Word::OutOfMemory).to_owned(),
        Ending::Killed { code, .. } => format!("signal {}", signal(*code)),
        Ending::TimedOut { .. } => word(Word::TimedOut).to_owned(),
        Ending::NotStarted { .. } => word(Word::NotStarted).to_owned(),
    }
}

pub(super) fn build_cause(cause: &BuildCause) -> String {
    match cause {
        BuildCause::Syntax => "la syntaxe du Dockerfile est incorrecte".to_owned(),
        BuildCause::Run {
            exit_code: Some(code),
        } => format!("la commande s’est terminée avec le code {code}"),
        BuildCause::Run { exit_code: None } => "la commande a échoué".to_owned(),
        BuildCause::SourceMissing => "le fichier à copier n’existe pas".to_owned(),
        BuildCause::Refused => "le constructeur ne peut pas continuer".to_owned(),
    }
}

pub(super) fn advice(kind: AdviceKind) -> &'static str {
    match kind {
        AdviceKind::PackageLists => "supprimer les listes de paquets dans le même RUN",
        AdviceKind::Caches => "éviter les caches, ou les monter pendant le build",
        AdviceKind::RemovedLater => "supprimer ces fichiers dans le RUN qui les crée",
        AdviceKind::RewrittenMetadata => "fixer propriétaire et droits dès la copie",
        AdviceKind::BuildTools => "laisser compilateur et en-têtes dans la phase de build",
        AdviceKind::Interpreter => "laisser l’interpréteur inutilisé dans la phase de build",
    }
}
