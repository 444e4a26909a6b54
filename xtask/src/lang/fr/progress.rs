use crate::lang::problem::french_reason;

use super::{French, NBSP, NNBSP};
use crate::lang::phrases::{BuildEnded, Phrases};
use crate::model::{BaselineNews, ProvisionReason, Stage};

pub(super) fn stage(stage: &Stage) -> String {
    match stage {
        Stage::Resolve => "lecture du fichier Compose".to_owned(),
        Stage::Pull { image } => format!("téléchargement de {image}"),
        Stage::Build => "construction".to_owned(),
        Stage::Run => "exécution".to_owned(),
        Stage::Read => "lecture des images".to_owned(),
        Stage::Provision => "installation de ce qui manque".to_owned(),
    }
}

pub(super) fn provision_reason(reason: &ProvisionReason) -> String {
    match reason {
        ProvisionReason::Packages { names } => {
            format!("pas encore installé{NBSP}: {}", names.join(", "))
        }
        ProvisionReason::PackageLists => {
            "les listes de paquets de cette machine ne connaissent pas ce qui manque".to_owned()
        }
        ProvisionReason::Password => {
            "les commandes suivantes demandent les droits de root".to_owned()
        }
        ProvisionReason::Daemon => "le démon du moteur ne tourne pas".to_owned(),
        ProvisionReason::Group { user } => format!(
            "{user} n’a pas encore le droit de parler au moteur{NNBSP}; attention, tout membre \
             du groupe docker peut devenir root sur cette machine"
        ),
        ProvisionReason::Base { image } => {
            format!("la base {image} n’est pas dans les images du moteur")
        }
        ProvisionReason::StandIn { instead_of } => format!(
            "{instead_of} est introuvable et ne peut être téléchargée{NBSP}: une base de \
             remplacement est faite avec les paquets de la distribution"
        ),
    }
}

pub(super) fn build_ended(french: &French, ended: &BuildEnded<'_>) -> String {
    let BuildEnded { variant, .. } = ended;
    let took = french.seconds(ended.took);
    if !ended.success {
        return format!("{variant} ne se construit pas ({took})");
    }
    let steps = french.steps(u64::from(ended.steps));
    match ended.cached {
        0 => format!("{variant} construite en {took}, {steps}"),
        all if all == ended.steps => {
            format!("{variant} construite en {took}, {steps}, tout en cache")
        }
        some => {
            let cached = french.number(u64::from(some));
            format!("{variant} construite en {took}, {steps}, dont {cached} en cache")
        }
    }
}

pub(super) fn baseline_news(news: &BaselineNews) -> String {
    match news {
        BaselineNews::Written { path } => {
            format!("état de référence écrit dans {}", path.display())
        }
        BaselineNews::Kept { path, variants } => format!(
            "état de référence {} laissé tel quel\u{202f}; en échec\u{a0}: {}",
            path.display(),
            variants.join(", ")
        ),
        BaselineNews::Replaced { path, reason } => format!(
            "croissance non jugée\u{a0}: {} n’est pas comparable et sera refait\u{a0}: {}",
            path.display(),
            french_reason(reason)
        ),
        BaselineNews::Lighter { command } => {
            format!(
                "plus légère que l’état de référence\u{202f}; pour en prendre acte\u{a0}: `{command}`"
            )
        }
    }
}
