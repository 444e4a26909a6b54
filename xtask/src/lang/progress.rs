//! What the kit does at the moment.

use std::time::Duration;

use super::elision::of;
use super::phrases::{Phrases, say};
use super::problem;
use super::visible::brief;
use crate::model::{BaselineNews, ProvisionReason, ReadSoFar, Stage};

/// What [`crate::model::Event::BuildEnded`] holds.
#[derive(Clone, Copy, Debug)]
pub struct BuildEnded<'a> {
    pub variant: &'a str,
    pub success: bool,
    pub took: Duration,
    pub steps: u32,
    pub cached: u32,
}

impl Phrases {
    /// What the user waits for.
    pub fn stage(self, stage: &Stage) -> String {
        match stage {
            Stage::Resolve => say!(
                self,
                "reading the Compose file",
                "lecture du fichier Compose"
            ),
            Stage::Pull { image } => say!(self, "pulling {image}", "téléchargement de {image}"),
            Stage::Build => say!(self, "building", "build"),
            Stage::Run => say!(self, "running", "exécution"),
            Stage::Read => say!(self, "reading the images", "lecture des images"),
            Stage::Provision => {
                say!(
                    self,
                    "installing what is missing",
                    "installation de ce qui manque"
                )
            }
        }
    }

    pub fn provision_reason(self, reason: &ProvisionReason) -> String {
        match reason {
            ProvisionReason::Packages { names } => {
                let names = names.join(", ");
                say!(
                    self,
                    "not installed yet: {names}",
                    "pas encore installé\u{a0}: {names}"
                )
            }
            ProvisionReason::PackageLists => say!(
                self,
                "this machine's package lists do not have what is missing",
                "les listes de paquets de cette machine n’ont pas ce qui manque"
            ),
            ProvisionReason::Password => say!(
                self,
                "the next commands need root privileges",
                "les commandes suivantes demandent les droits root"
            ),
            ProvisionReason::Daemon => {
                say!(
                    self,
                    "the engine's daemon is not running",
                    "le démon du moteur ne tourne pas"
                )
            }
            ProvisionReason::Group { user } => say!(
                self,
                "{user} has no permission to use the engine yet. Note: every member of the group \
                 docker can become root on this machine",
                "{user} n’a pas encore le droit d’utiliser le moteur. Attention\u{a0}: tout membre \
                 du groupe docker peut devenir root sur cette machine"
            ),
            ProvisionReason::Base { image } => say!(
                self,
                "the engine does not have the base image {image}",
                "l’image de base {image} est absente du moteur"
            ),
            ProvisionReason::StandIn { instead_of } => say!(
                self,
                "{instead_of} was not found locally and could not be pulled, so the kit builds a \
                 stand-in from the distribution's packages",
                "{instead_of} est introuvable localement et n’a pas pu être téléchargée\u{a0}: le \
                 kit construit une base de remplacement avec les paquets de la distribution"
            ),
        }
    }

    pub fn build_started(self, variant: &str) -> String {
        let of = of(variant);
        say!(self, "building {variant}", "build {of}")
    }

    pub fn build_ended(self, ended: &BuildEnded<'_>) -> String {
        let (variant, took) = (ended.variant, self.seconds(ended.took));
        if !ended.success {
            return say!(
                self,
                "{variant} does not build ({took})",
                "{variant} ne se construit pas ({took})"
            );
        }
        let cached = self.number(u64::from(ended.cached));
        let count = self.instructions(u64::from(ended.steps));
        let built = say!(
            self,
            "{variant} built in {took}, {count}",
            "{variant} construite en {took}, {count}"
        );
        match ended.cached {
            0 => built,
            all if all == ended.steps => {
                say!(self, "{built}, all cached", "{built}, tout en cache")
            }
            _ => say!(
                self,
                "{built}, {cached} cached",
                "{built}, dont {cached} en cache"
            ),
        }
    }

    pub fn run_started(self, variant: &str) -> String {
        let of = of(variant);
        say!(self, "running {variant}", "exécution {of}")
    }

    pub fn run_ended(self, variant: &str, success: bool, took: Duration) -> String {
        let took = self.seconds(took);
        if success {
            say!(
                self,
                "{variant} ran in {took}",
                "{variant} exécutée en {took}"
            )
        } else {
            say!(
                self,
                "{variant} failed after {took}",
                "{variant} a échoué après {took}"
            )
        }
    }

    pub fn baseline_news(self, news: &BaselineNews) -> String {
        match news {
            BaselineNews::Written { path } => {
                let path = path.display();
                say!(
                    self,
                    "wrote the baseline {path}",
                    "mesure enregistrée dans {path}"
                )
            }
            BaselineNews::Kept { path, variants } => {
                let (path, failed) = (path.display(), variants.join(", "));
                say!(
                    self,
                    "kept the baseline {path} unchanged; failed: {failed}",
                    "mesure précédente {path} inchangée\u{202f}; en échec\u{a0}: {failed}"
                )
            }
            BaselineNews::Replaced { path, reason } => {
                let (path, reason) = (path.display(), problem::incomparable(self, reason));
                say!(
                    self,
                    "growth not checked: {path} can't be compared and will be replaced: {reason}",
                    "croissance non vérifiée\u{a0}: la mesure précédente {path} n’est pas \
                     comparable et sera remplacée\u{a0}: {reason}"
                )
            }
            BaselineNews::Unreadable { path } => {
                let path = path.display();
                say!(
                    self,
                    "the baseline {path} of this change can't be read, so it accepts nothing",
                    "la mesure {path} de cette modification est illisible et n’accepte donc rien"
                )
            }
            BaselineNews::Lighter { command } => say!(
                self,
                "smaller than the baseline; to keep the gain: `{command}`",
                "plus légère que la mesure précédente\u{202f}; pour garder ce gain\u{a0}: \
                 `{command}`"
            ),
        }
    }

    pub fn read_so_far(self, so_far: &ReadSoFar) -> String {
        let read = self.size(so_far.bytes);
        let said = match so_far.total.map(|total| self.size(total)) {
            None => say!(self, "{read} read", "lu\u{a0}: {read}"),
            Some(total) => say!(
                self,
                "{read} of {total} read",
                "lu\u{a0}: {read} sur {total}"
            ),
        };
        match &so_far.entry {
            Some(entry) => format!("{said}, {}", brief(entry)),
            None => said,
        }
    }
}
