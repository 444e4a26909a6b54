use super::command::{self, Words};
use super::offer::{Use, is_installed};
use crate::model::{
    EngineEndpoint, EngineState, HostFacts, HostProblem, Membership, Power, ProvisionReason,
};

/// One change to this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Fetch apt's lists: they do not offer what is missing. Look again afterwards.
    Update,
    /// Install these packages of the distribution.
    Install(Vec<String>),
    /// Start the daemon, in the first of several ways that works.
    Start,
    /// Add the user to group docker.
    Join,
}

/// What is to be done so that the engine, its command and Compose are there and answer, in
/// this order; nothing where they do.
///
/// # Errors
/// [`HostProblem::NotRoot`] and [`HostProblem::Distribution`] where something is to be done
/// and can't be, [`HostProblem::Offline`] never: that is the caller's to decide.
pub fn plan(facts: &HostFacts) -> Result<Vec<Action>, HostProblem> {
    let missing = missing(facts);
    let mut actions = Vec::new();
    if !missing.is_empty() {
        actions.push(installing(facts, &missing)?);
    }
    if actions == [Action::Update] {
        return may(facts, actions);
    }
    if is_down(facts) {
        actions.push(Action::Start);
    }
    if needs_group(facts, &missing) {
        actions.push(Action::Join);
    }
    may(facts, actions)
}

/// Installing what of `missing` the lists offer, or fetching the lists where they offer too
/// little.
fn installing(facts: &HostFacts, missing: &[Use]) -> Result<Action, HostProblem> {
    if let Some(other) = facts
        .distribution
        .as_ref()
        .filter(|it| !it.is_debian_or_ubuntu())
    {
        return Err(HostProblem::Distribution {
            distribution: other.pretty.clone(),
        });
    }
    let packages: Vec<_> = missing.iter().map(|need| need.package(facts)).collect();
    if packages.contains(&None) {
        return Ok(Action::Update);
    }
    let mut packages: Vec<_> = packages.into_iter().flatten().map(str::to_owned).collect();
    if missing.contains(&Use::Daemon) || missing.contains(&Use::Command) {
        packages.extend(
            company(facts)
                .filter_map(|need| need.package(facts))
                .map(str::to_owned),
        );
    }
    packages.sort();
    packages.dedup();
    Ok(Action::Install(packages))
}

/// What a new engine is better for and works without: the builder that newer commands no
/// longer hold inside, and the certificates that a registry is known by.
fn company(facts: &HostFacts) -> impl Iterator<Item = Use> {
    let buildx = facts.buildx.is_none().then_some(Use::Buildx);
    let certificates = !is_installed(facts, "ca-certificates");
    buildx
        .into_iter()
        .chain(certificates.then_some(Use::Certificates))
}

fn may(facts: &HostFacts, actions: Vec<Action>) -> Result<Vec<Action>, HostProblem> {
    if facts.user.power == Power::None && !actions.is_empty() {
        let commands: Vec<_> = actions
            .iter()
            .map(|action| command::shown(&first_command(facts, action)))
            .collect();
        return Err(HostProblem::NotRoot {
            command: commands.join(" && "),
        });
    }
    Ok(actions)
}

/// What the main job can't do without and this machine does not have.
pub(super) fn missing(facts: &HostFacts) -> Vec<Use> {
    let daemon = is_down(facts) && facts.dockerd.is_none();
    [
        (daemon, Use::Daemon),
        (facts.docker.is_none(), Use::Command),
        (facts.compose.is_none(), Use::Compose),
    ]
    .into_iter()
    .filter_map(|(lacking, need)| lacking.then_some(need))
    .collect()
}

/// Whether this machine's own daemon is to be used and does not run. One that runs and does
/// not answer is not helped by a second.
pub(super) fn is_down(facts: &HostFacts) -> bool {
    matches!(facts.engine.endpoint, EngineEndpoint::System(_))
        && matches!(
            facts.engine.state,
            EngineState::Absent | EngineState::Refuses
        )
}

/// Whether the user must join group docker to speak to this machine's daemon.
pub(super) fn needs_group(facts: &HostFacts, missing: &[Use]) -> bool {
    let ours = matches!(facts.engine.endpoint, EngineEndpoint::System(_));
    let shut = is_down(facts) || facts.engine.state == EngineState::Forbidden;
    let outside = match facts.user.docker_group {
        Membership::Not => true,
        // The daemon's package makes the group.
        Membership::NoGroup => missing.contains(&Use::Daemon),
        Membership::Active | Membership::NotYet => false,
    };
    facts.user.power != Power::Root && ours && shut && outside
}

/// The command that an action runs, the first where it may try several.
pub(super) fn first_command(facts: &HostFacts, action: &Action) -> Words {
    match action {
        Action::Update => command::update(facts),
        Action::Install(packages) => command::install(facts, packages),
        Action::Start => command::starts(facts).swap_remove(0),
        Action::Join => command::join(facts),
    }
}

/// Why an action is done, for the person who watches.
pub(super) fn reason(facts: &HostFacts, action: &Action) -> ProvisionReason {
    match action {
        Action::Update => ProvisionReason::PackageLists,
        Action::Install(packages) => ProvisionReason::Packages {
            names: packages.clone(),
        },
        Action::Start => ProvisionReason::Daemon,
        Action::Join => ProvisionReason::Group {
            user: facts.user.name.clone(),
        },
    }
}
