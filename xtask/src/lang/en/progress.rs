use super::English;
use crate::lang::phrases::{BuildEnded, Phrases};
use crate::model::{BaselineNews, ProvisionReason, Stage};

pub(super) fn stage(stage: &Stage) -> String {
    match stage {
        Stage::Resolve => "resolving the Compose file".to_owned(),
        Stage::Pull { image } => format!("pulling {image}"),
        Stage::Build => "building".to_owned(),
        Stage::Run => "running".to_owned(),
        Stage::Read => "reading the images".to_owned(),
        Stage::Provision => "installing what is missing".to_owned(),
    }
}

pub(super) fn provision_reason(reason: &ProvisionReason) -> String {
    match reason {
        ProvisionReason::Packages { names } => format!("not installed yet: {}", names.join(", ")),
        ProvisionReason::PackageLists => {
            "this machine's lists of packages do not name what is missing".to_owned()
        }
        ProvisionReason::Password => "the next commands need root's rights".to_owned(),
        ProvisionReason::Daemon => "the engine's daemon is not running".to_owned(),
        ProvisionReason::Group { user } => format!(
            "{user} may not speak to the engine yet; mind that whoever is in group docker can \
             become root on this machine"
        ),
        ProvisionReason::Base { image } => {
            format!("the base {image} is not in the engine's store")
        }
        ProvisionReason::StandIn { instead_of } => format!(
            "{instead_of} can be neither found nor pulled, so a stand-in is made from the \
             distribution's packages"
        ),
    }
}

pub(super) fn build_ended(english: &English, ended: &BuildEnded<'_>) -> String {
    let BuildEnded { variant, .. } = ended;
    let took = english.seconds(ended.took);
    if !ended.success {
        return format!("{variant} does not build ({took})");
    }
    let steps = english.steps(u64::from(ended.steps));
    match ended.cached {
        0 => format!("{variant} built in {took}, {steps}"),
        all if all == ended.steps => format!("{variant} built in {took}, {steps}, all cached"),
        some => {
            let cached = english.number(u64::from(some));
            format!("{variant} built in {took}, {steps}, {cached} cached")
        }
    }
}

pub(super) fn baseline_news(news: &BaselineNews) -> String {
    match news {
        BaselineNews::Written { path } => format!("wrote the baseline {}", path.display()),
        BaselineNews::Kept { path, variants } => format!(
            "left the baseline {} as it was; failed: {}",
            path.display(),
            variants.join(", ")
        ),
        BaselineNews::Replaced { path, reason } => format!(
            "growth was not judged: {} can't be compared with and is made anew: {reason}",
            path.display()
        ),
        BaselineNews::Lighter { command } => {
            format!("lighter than the baseline; to keep it so: `{command}`")
        }
    }
}
