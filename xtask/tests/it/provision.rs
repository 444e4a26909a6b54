//! From nothing: what `--provision` does on a machine that has nothing, and where a
//! registry is within reach.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::clock::patience;
use tempfile::TempDir;
use xshell::{Shell, cmd};
use xtask::host::{
    Action, BaseChoice, BaseNeed, Depth, DockerCommand, Network, REAL_BASE, RealBase, STAND_IN,
    look, plan, provision_base, provision_engine, real_base, regroup,
};
use xtask::model::{
    Cancel, EngineEndpoint, EngineState, Event, Events, HostFacts, Language, Stage,
};
use xtask::term::{Detail, Progress, Terminal};

/// Debian's registry on a free port of the loopback interface, its store in a directory of
/// its own. Ended by its id when dropped.
struct Registry {
    child: Child,
    address: String,
    _store: TempDir,
}

impl Registry {
    fn started() -> Self {
        let store = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .unwrap()
            .port();
        let address = format!("127.0.0.1:{port}");
        let config = store.path().join("config.yml");
        let directory = store.path().join("images");
        let text = format!(
            "version: 0.1\nlog: {{ level: error }}\nstorage: {{ filesystem: {{ rootdirectory: \
             {} }} }}\nhttp: {{ addr: {address} }}\n",
            directory.display()
        );
        fs::write(&config, text).unwrap();
        let shell = Shell::new().unwrap();
        let child = Command::from(cmd!(shell, "docker-registry serve {config}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let registry = Self {
            child,
            address,
            _store: store,
        };
        registry.wait();
        registry
    }

    fn wait(&self) {
        let deadline = Instant::now() + patience(Duration::from_secs(10));
        while TcpStream::connect(&self.address).is_err() {
            assert!(Instant::now() < deadline, "the registry does not answer");
            sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn docker(arguments: &[&str]) -> Output {
    let shell = Shell::new().unwrap();
    Command::from(cmd!(shell, "docker {arguments...}"))
        .output()
        .unwrap()
}

/// A name in the engine's store, taken from it again when dropped.
struct Name(String);

impl Drop for Name {
    fn drop(&mut self) {
        docker(&["rmi", "--no-prune", &self.0]);
    }
}

fn facts() -> HostFacts {
    let endpoint = EngineEndpoint::System("/var/run/docker.sock".into());
    look(endpoint, Depth::Presence, &Cancel::default()).unwrap()
}

/// The choice, and the commands that were announced on the way to it.
fn choose(wanted: &str, network: Network) -> (BaseChoice, Vec<String>) {
    let (sender, receiver) = mpsc::channel();
    let need = BaseNeed {
        wanted,
        stand_in: STAND_IN,
        network,
    };
    let (docker, cancel) = (DockerCommand::new(None), Cancel::default());
    let choice = provision_base(&facts(), need, &docker, &Events::new(sender), &cancel).unwrap();
    let commands = receiver.into_iter().filter_map(|event| match event {
        Event::Provision { command, .. } => Some(command),
        _ => None,
    });
    (choice, commands.collect())
}

#[test]
#[ignore = "needs docker-registry"]
fn a_base_that_a_registry_has_is_pulled_once() {
    let registry = Registry::started();
    let base = Name(format!("{}/python:3.13-slim", registry.address));
    for arguments in [["tag", STAND_IN, &base.0].as_slice(), &["push", &base.0]] {
        let done = docker(arguments);
        assert!(done.status.success(), "{done:?}");
    }
    docker(&["rmi", "--no-prune", &base.0]);

    let pull = format!("docker pull -- {}", base.0);
    assert_eq!(
        choose(&base.0, Network::Allowed),
        (BaseChoice::Pulled, vec![pull])
    );
    assert!(docker(&["image", "inspect", &base.0]).status.success());
    assert_eq!(
        choose(&base.0, Network::Allowed),
        (BaseChoice::InStore, vec![])
    );
    drop(registry);
    assert_eq!(
        choose(&base.0, Network::Forbidden),
        (BaseChoice::InStore, vec![])
    );
}

#[test]
#[ignore = "needs Docker"]
fn a_registry_that_is_away_or_mute_costs_a_few_seconds() {
    // It takes connections and never says a word.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = mute.local_addr().unwrap().port();
    for image in [
        format!("127.0.0.1:{port}/tool:1"),
        "127.0.0.1:1/tool:1".to_owned(),
    ] {
        let began = Instant::now();
        let (choice, _) = choose(&image, Network::Allowed);
        assert!(
            matches!(choice, BaseChoice::Unavailable { .. }),
            "{choice:?}"
        );
        assert!(began.elapsed() < patience(Duration::from_secs(12)));
    }
}

#[test]
#[ignore = "needs Docker"]
fn what_is_in_place_is_found_so_in_a_moment() {
    let began = Instant::now();
    let cancel = Cancel::default();
    let planned = plan(&facts()).unwrap();
    assert_eq!(planned, []);
    assert!(began.elapsed() < patience(Duration::from_millis(200)));
    let real = real_base(
        STAND_IN,
        Network::Forbidden,
        &DockerCommand::new(None),
        &cancel,
    )
    .unwrap();
    assert!(matches!(
        real,
        RealBase::OutOfReach { .. } | RealBase::InStore { .. }
    ));
}

/// A clean Debian in a directory of its own, removed when dropped: its disk is this
/// machine's.
struct CleanRoot(TempDir);

const CLEAN_ROOT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/it/provision/clean_root.sh"
);

impl CleanRoot {
    fn made() -> Self {
        let place = tempfile::Builder::new()
            .prefix("lab-kit-root-")
            .tempdir_in("/var/tmp")
            .unwrap();
        let shell = Shell::new().unwrap();
        let root = place.path();
        cmd!(shell, "sh {CLEAN_ROOT} make {root}")
            .quiet()
            .run()
            .unwrap();
        Self(place)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs a shell's script in it, which must succeed.
    fn run(&self, script: &str) {
        let shell = Shell::new().unwrap();
        let root = self.path();
        let script = format!("exec 2>&1; {script}");
        let done = Command::from(cmd!(shell, "sh {CLEAN_ROOT} run {root} sh -c {script}"))
            .output()
            .unwrap();
        let text = [done.stdout, done.stderr].concat();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&text));
    }
}

/// Set in the clean root, where the test runs its other parts, to the part's name.
const PART: &str = "LAB_KIT_CLEAN_ROOT";

#[test]
#[ignore = "needs root and Debian packages"]
fn a_clean_machine_is_provisioned_once() {
    match std::env::var(PART).as_deref() {
        Ok("root") => return provision_twice(),
        Ok("user") => return provision_as_user(),
        Ok("password") => return provision_with_bars(),
        Ok("group") => return assert!(facts().engine.state == EngineState::Answers),
        _ => (),
    }
    let root = CleanRoot::made();
    let this = std::env::current_exe().unwrap();
    fs::copy(this, root.path().join("it")).unwrap();
    let part = "/it provision::a_clean_machine_is_provisioned_once --exact --ignored --nocapture";
    root.run(&format!("{PART}=root {part}"));
    root.run(&format!(
        "apt-get install --yes --no-install-recommends sudo && useradd --create-home ada && \
         echo 'ada ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/ada && \
         su ada --command '{PART}=user {part}'"
    ));
    root.run(&format!(
        "apt-get remove --yes docker-compose && useradd --create-home eve && \
         echo eve:word | chpasswd && echo 'eve ALL=(ALL) ALL' > /etc/sudoers.d/eve && \
         su eve --command 'for _ in $(seq 20); do sleep 3; echo word; done | \
         TERM=linux script --quiet --return --command \"{PART}=password {part}\" \
         /tmp/typescript'"
    ));
    let typescript = fs::read_to_string(root.path().join("tmp/typescript")).unwrap();
    let (_, asked) = typescript.split_once("password for eve: ").unwrap();
    let (drawn, _) = asked.split_once('\n').unwrap();
    assert_eq!(drawn, "\r", "drawn over the question");
    let mounts = fs::read_to_string("/proc/mounts").unwrap();
    assert!(!mounts.contains(root.path().to_str().unwrap()), "{mounts}");
}

/// What a stranger does first, on a machine that has neither engine nor base.
#[test]
#[ignore = "needs root and Debian packages"]
fn the_first_command_of_the_readme_ends_with_the_report_on_a_clean_machine() {
    let root = CleanRoot::made();
    let project = root.path().join("kit");
    fs::create_dir(&project).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_xtask"), project.join("xtask")).unwrap();
    let repository = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let shell = Shell::new().unwrap();
    for part in [
        "compose.yaml",
        "Dockerfile.single",
        "Dockerfile.multi",
        "lab",
    ] {
        cmd!(shell, "cp -R {repository}/{part} {project}")
            .run()
            .unwrap();
    }
    let lab = "./xtask lab ex08 --provision --format json";
    root.run(&format!(
        "cd /kit && {lab} > first.json 2> first.log && {lab} > second.json 2> second.log"
    ));
    let read = |name: &str| fs::read_to_string(project.join(name)).unwrap();
    for report in ["first.json", "second.json"] {
        let report: serde_json::Value = serde_json::from_str(&read(report)).unwrap();
        assert_eq!(report["verdict"]["outcome"], "accepted");
        assert_eq!(report["comparison"]["outputs_match"], true);
    }
    let commands = |log: &str| {
        read(log)
            .lines()
            .filter(|line| line.starts_with("  $ "))
            .count()
    };
    assert!(commands("first.log") > 3, "{}", read("first.log"));
    assert_eq!(commands("second.log"), 0, "{}", read("second.log"));
}

/// The engine is installed and does not run; sudo asks for no password.
fn provision_as_user() {
    let cancel = Cancel::default();
    let before = facts();
    let done = provision_engine(before, &Events::nowhere(), &cancel).unwrap();
    assert_eq!(done.done, [Action::Start, Action::Join]);
    assert_eq!(done.facts.engine.state, EngineState::Forbidden);
    let shell = Shell::new().unwrap();
    let again = regroup(&done.facts, &std::env::args_os().collect::<Vec<_>>()).unwrap();
    let served = Command::from(cmd!(shell, "env {PART}=group {again...}"))
        .status()
        .unwrap();
    assert!(served.success());
}

/// Compose is not installed; sudo asks on the terminal, where bars are drawn.
fn provision_with_bars() {
    let terminal = Terminal {
        redraws: true,
        ..Terminal::decide(Some(Language::English), Detail::Normal)
    };
    let progress = Progress::start(&terminal);
    progress.events().send(Event::Stage(Stage::Provision));
    let done = provision_engine(facts(), progress.events(), &Cancel::default()).unwrap();
    progress.finish();
    assert!(
        matches!(&done.done[..], [Action::Install(_), ..]),
        "{:?}",
        done.done
    );
}

fn provision_twice() {
    let cancel = Cancel::default();
    let provision = || provision_engine(facts(), &Events::nowhere(), &cancel).unwrap();
    let [Action::Update, Action::Install(packages), Action::Start] = &provision().done[..] else {
        panic!("other steps than those of a machine that has nothing");
    };
    assert!(packages.contains(&"docker.io".to_owned()), "{packages:?}");
    assert_eq!(provision().done, []);

    let stand_in = BaseChoice::StandIn {
        reference: STAND_IN.to_owned(),
    };
    let (choice, commands) = choose(REAL_BASE, Network::Allowed);
    assert_eq!(choice, stand_in);
    assert!(
        commands.last().unwrap().starts_with("docker import"),
        "{commands:?}"
    );
    let (choice, commands) = choose(REAL_BASE, Network::Allowed);
    assert_eq!(
        (choice, commands.len()),
        (stand_in, 1),
        "the pull is tried again: {commands:?}"
    );
    assert_eq!(
        choose(STAND_IN, Network::Forbidden),
        (BaseChoice::InStore, vec![])
    );

    let python = docker(&["run", "--rm", STAND_IN, "python", "-c", "print(6 * 7)"]);
    assert_eq!(
        String::from_utf8_lossy(&python.stdout),
        "42\n",
        "{python:?}"
    );
    let dockerfile =
        format!("FROM {STAND_IN}\nRUN apt-get update && apt-get install -y hello && hello\n");
    fs::create_dir("/context").unwrap();
    fs::write("/context/Dockerfile", dockerfile).unwrap();
    let build = docker(&["build", "/context"]);
    assert!(build.status.success(), "{build:?}");
}
