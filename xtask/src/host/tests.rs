//! Each lack of each kind of machine, and what is planned for it.

use super::{Action, parts, plan};
use crate::model::{
    Compose, ComposeFlavour, Distribution, EngineEndpoint, EngineReach, EngineState, HostFacts,
    HostProblem, Init, Membership, Mend, Package, PartName, PartState, Power, Program, Remedy,
    User,
};

const DEBIAN_12: &[&str] = &["ca-certificates", "docker.io", "docker-compose"];
const DEBIAN_13: &[&str] = &[
    "ca-certificates",
    "docker.io",
    "docker-cli",
    "docker-compose",
    "docker-buildx",
];
const UBUNTU: &[&str] = &[
    "ca-certificates",
    "docker.io",
    "docker-compose",
    "docker-compose-v2",
    "docker-buildx",
];

fn program(path: &str) -> Program {
    Program {
        path: path.into(),
        version: None,
    }
}

/// A machine with everything, where root runs the kit.
pub(super) fn complete(id: &str) -> HostFacts {
    HostFacts {
        distribution: Some(Distribution {
            id: id.to_owned(),
            pretty: id.to_owned(),
            ..Distribution::default()
        }),
        user: user(Power::Root, Membership::Active),
        docker: Some(program("/usr/bin/docker")),
        compose: Some(Compose {
            flavour: ComposeFlavour::Plugin,
            program: program("/usr/libexec/docker/cli-plugins/docker-compose"),
        }),
        buildx: None,
        dockerd: Some("/usr/sbin/dockerd".into()),
        engine: EngineReach {
            endpoint: EngineEndpoint::System("/var/run/docker.sock".into()),
            state: EngineState::Answers,
        },
        mmdebstrap: None,
        disk: None,
        proxies: Vec::new(),
        init: Init::Nothing,
        offered: Vec::new(),
    }
}

/// A fresh machine whose lists offer `names`.
fn fresh(names: &[&str], user: User) -> HostFacts {
    let mut facts = HostFacts {
        docker: None,
        compose: None,
        dockerd: None,
        user,
        offered: names.iter().map(|name| offered(name)).collect(),
        ..complete("debian")
    };
    facts.engine.state = EngineState::Absent;
    facts
}

fn user(power: Power, docker_group: Membership) -> User {
    User {
        name: "ada".to_owned(),
        power,
        docker_group,
    }
}

fn root() -> User {
    user(Power::Root, Membership::Active)
}

fn offered(name: &str) -> Package {
    Package {
        name: name.to_owned(),
        installed: None,
        candidate: Some("1".to_owned()),
    }
}

fn install(names: &[&str]) -> Action {
    let mut names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    names.sort();
    Action::Install(names)
}

#[test]
fn a_complete_machine_needs_nothing_whoever_asks() {
    let mut facts = complete("debian");
    assert_eq!(plan(&facts).unwrap(), []);
    facts.user = user(Power::None, Membership::Active);
    assert_eq!(plan(&facts).unwrap(), []);
}

#[test]
fn a_fresh_machine_gets_what_its_own_distribution_calls_the_parts() {
    for (names, wanted) in [
        (DEBIAN_12, install(DEBIAN_12)),
        (DEBIAN_13, install(DEBIAN_13)),
        (
            UBUNTU,
            install(&[
                "ca-certificates",
                "docker-buildx",
                "docker-compose-v2",
                "docker.io",
            ]),
        ),
    ] {
        let planned = plan(&fresh(names, root())).unwrap();
        assert_eq!(planned, [wanted, Action::Start]);
    }
}

#[test]
fn lists_that_offer_too_little_are_fetched_first() {
    let facts = fresh(&["ca-certificates"], root());
    assert_eq!(plan(&facts).unwrap(), [Action::Update]);
}

#[test]
fn a_machine_without_compose_gets_compose_alone() {
    let mut facts = complete("ubuntu");
    facts.compose = None;
    facts.offered = UBUNTU.iter().map(|name| offered(name)).collect();
    assert_eq!(plan(&facts).unwrap(), [install(&["docker-compose-v2"])]);
}

#[test]
fn dockers_own_packages_are_not_mixed_with_the_distributions() {
    let mut facts = complete("debian");
    facts.compose = None;
    let mut ours = offered("docker-ce-cli");
    ours.installed = Some("5:28".to_owned());
    facts.offered = vec![
        offered("docker-compose"),
        ours,
        offered("docker-compose-plugin"),
    ];
    assert_eq!(plan(&facts).unwrap(), [install(&["docker-compose-plugin"])]);
}

#[test]
fn a_daemon_that_does_not_run_is_started_and_one_that_hangs_is_left_alone() {
    let mut facts = complete("debian");
    for (state, wanted) in [
        (EngineState::Absent, vec![Action::Start]),
        (EngineState::Refuses, vec![Action::Start]),
        (EngineState::Silent, vec![]),
        (EngineState::Forbidden, vec![]),
    ] {
        facts.engine.state = state;
        assert_eq!(plan(&facts).unwrap(), wanted, "{state:?}");
    }
    facts.engine.state = EngineState::Absent;
    facts.engine.endpoint = EngineEndpoint::Socket("/run/user/1000/podman.sock".into());
    assert_eq!(plan(&facts).unwrap(), []);
}

#[test]
fn a_user_outside_the_group_joins_it_and_one_inside_does_not() {
    let mut facts = complete("debian");
    facts.engine.state = EngineState::Forbidden;
    facts.user = user(Power::Sudo, Membership::Not);
    assert_eq!(plan(&facts).unwrap(), [Action::Join]);
    for inside in [Membership::Active, Membership::NotYet] {
        facts.user = user(Power::Sudo, inside);
        assert_eq!(plan(&facts).unwrap(), []);
    }
    let fresh = fresh(DEBIAN_12, user(Power::SudoAsks, Membership::NoGroup));
    let planned = plan(&fresh).unwrap();
    assert_eq!(planned[1..], [Action::Start, Action::Join]);
}

#[test]
fn who_has_no_rights_is_told_the_command_and_nothing_is_planned() {
    let mut facts = complete("debian");
    facts.user = user(Power::None, Membership::Active);
    facts.compose = None;
    facts.offered = vec![offered("docker-compose")];
    let problem = plan(&facts).unwrap_err();
    let HostProblem::NotRoot { command } = problem else {
        panic!("{problem}");
    };
    assert!(command.starts_with("sudo env DEBIAN_FRONTEND=noninteractive apt-get"));
    assert!(command.ends_with("docker-compose"), "{command}");
}

#[test]
fn another_distribution_is_refused_only_where_something_must_be_installed() {
    let mut facts = complete("fedora");
    facts.engine.state = EngineState::Absent;
    assert_eq!(plan(&facts).unwrap(), [Action::Start]);
    facts.compose = None;
    assert!(matches!(
        plan(&facts).unwrap_err(),
        HostProblem::Distribution { distribution } if distribution == "fedora"
    ));
}

#[test]
fn sudo_keeps_the_proxies_that_are_set() {
    let mut facts = fresh(DEBIAN_12, user(Power::None, Membership::NoGroup));
    facts.proxies = vec!["https_proxy".to_owned()];
    let HostProblem::NotRoot { command } = plan(&facts).unwrap_err() else {
        panic!();
    };
    assert!(command.starts_with("sudo --preserve-env=https_proxy env "));
}

fn engine_state(facts: &HostFacts) -> PartState {
    let mut parts = parts(facts).into_iter();
    let engine = parts.find(|part| part.name == PartName::Engine);
    engine.unwrap().state
}

#[test]
fn each_program_that_is_offered_is_mended_by_its_own_command() {
    for names in [DEBIAN_12, DEBIAN_13, UBUNTU] {
        let facts = fresh(names, user(Power::Sudo, Membership::Not));
        for part in parts(&facts) {
            let offers_buildx = names.contains(&"docker-buildx");
            let by_command = match part.name {
                PartName::DockerCommand | PartName::Compose | PartName::Daemon => true,
                PartName::Builder => offers_buildx,
                _ => continue,
            };
            match part.state.mend() {
                Some(Mend::Command(command)) => assert!(command.contains("install"), "{command}"),
                other => assert!(!by_command, "{other:?}"),
            }
        }
    }
}

#[test]
fn a_daemon_that_does_not_run_names_what_would_start_it() {
    for (service, wanted) in [
        (Init::Systemd, "sudo systemctl start docker"),
        (Init::Script, "sudo service docker start"),
        (Init::Nothing, "sudo setsid --fork sh -c"),
    ] {
        let mut facts = fresh(DEBIAN_12, user(Power::Sudo, Membership::Not));
        facts.init = service;
        facts.dockerd = Some("/usr/sbin/dockerd".into());
        let PartState::Lacking(Mend::Command(command)) = engine_state(&facts) else {
            panic!("{:?}", engine_state(&facts));
        };
        assert!(command.starts_with(wanted), "{command}");
    }
}

#[test]
fn what_no_command_here_mends_has_a_word_of_advice() {
    let mut facts = fresh(&[], user(Power::None, Membership::Not));
    facts.distribution = None;
    for part in parts(&facts) {
        let wanted = match part.name {
            PartName::Distribution => Remedy::Distribution,
            PartName::Power => Remedy::Root,
            PartName::Builder => Remedy::Buildx,
            PartName::Engine => Remedy::OfTrouble,
            _ => Remedy::Install,
        };
        assert_eq!(
            part.state.mend(),
            Some(&Mend::Word(wanted)),
            "{:?}",
            part.name
        );
    }
    let mut stuck = complete("debian");
    stuck.engine.state = EngineState::Silent;
    let told = PartState::Lacking(Mend::Word(Remedy::OfTrouble));
    assert_eq!(engine_state(&stuck), told);
}

#[test]
fn a_complete_machine_lacks_no_part() {
    let facts = complete("debian");
    assert!(parts(&facts).iter().all(|part| !part.state.is_lacking()));
}
