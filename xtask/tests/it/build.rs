//! Real builds, with each builder that this machine has.

mod shared;
mod silent;
mod workshop;

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use xtask::engine::build::{self, BuildCache, Job};
use xtask::engine::{Cli, Driver, Endpoint, compose};
use xtask::model::{
    Build, BuildCause, Builder, Cancel, Dockerfile, EngineKind, EngineProblem, Event, Events,
    Signal,
};

use self::workshop::{
    BASE, On, Workshop, builders, has_container, is_podman, is_running, once, wait_for,
};
use crate::live::{docker, endpoint, engine};

#[test]
#[ignore = "needs Docker"]
fn an_image_is_built_and_the_second_time_all_of_it_is_cached() {
    for on in &builders() {
        let workshop = Workshop::new("cached");
        let dockerfile = format!(
            "FROM {BASE} AS build\nRUN echo {} > /out\nFROM scratch\nCOPY --from=build /out /\nCOPY a.txt /\n",
            once()
        );
        let first = workshop.built(on, &dockerfile);
        let engine = engine();
        let id = engine.id_of(&first).to_string();
        assert!(engine.has_image(&id, &Cancel::default()).unwrap());
        assert_eq!(
            (first.build.steps, first.build.cached),
            (3, Some(0)),
            "{:?}",
            on.driver
        );
        let second = workshop.built(on, &dockerfile);
        assert_eq!(second.id, first.id, "{:?}", on.driver);
        assert_eq!(
            (second.build.steps, second.build.cached),
            (3, Some(3)),
            "{:?}",
            on.driver
        );
    }
}

#[test]
#[ignore = "needs Docker"]
fn arguments_targets_and_inline_dockerfiles_mean_the_same_everywhere() {
    for on in &builders() {
        let workshop = Workshop::new("inline");
        let text = "FROM scratch AS wanted\nARG WHO=nobody\nLABEL who=$WHO\nCOPY a.txt /\nFROM nowhere.invalid/x\n";
        let mut spec = workshop.spec(text);
        spec.dockerfile = Dockerfile::Inline(text.to_owned());
        spec.target = Some("wanted".to_owned());
        spec.args.insert("WHO".to_owned(), Some("a b'c".to_owned()));
        let Ok(Build::Done(_)) = workshop.build_spec(on, &spec) else {
            panic!("{:?}", on.driver);
        };
        let format = "{{index .Config.Labels \"who\"}}";
        let label = docker(&["inspect", "-f", format, &workshop.name]);
        assert_eq!(
            String::from_utf8_lossy(&label.stdout),
            "a b'c\n",
            "{:?}",
            on.driver
        );
    }
}

#[test]
#[ignore = "needs Docker"]
fn each_fault_of_a_dockerfile_has_its_cause_instruction_and_log() {
    for on in &builders() {
        let workshop = Workshop::new("faults");
        let run = workshop.failure(
            on,
            &format!("FROM {BASE}\n\nRUN echo before; \\\n  exit 3\n"),
        );
        assert_eq!(
            run.cause,
            BuildCause::Run { exit_code: Some(3) },
            "{:?}",
            on.driver
        );
        assert_eq!(run.log, ["before"], "{:?}", on.driver);
        let instruction = run.instruction.unwrap();
        assert!(instruction.starts_with("RUN echo before;"), "{instruction}");

        let syntax = workshop.failure(on, &format!("FROM {BASE}\nRUNN x\n"));
        // Podman names the instruction and no line.
        let line = (!is_podman()).then_some(2);
        assert_eq!(
            (syntax.cause, syntax.line),
            (BuildCause::Syntax, line),
            "{:?}",
            on.driver
        );

        let missing = workshop.failure(on, "FROM scratch\nCOPY absent.txt /\n");
        assert_eq!(missing.cause, BuildCause::SourceMissing, "{:?}", on.driver);
        assert_eq!(missing.instruction.as_deref(), Some("COPY absent.txt /"));

        let user = workshop.failure(on, &format!("FROM {BASE}\nUSER nosuchuser\nRUN true\n"));
        assert_eq!(user.cause, BuildCause::Refused, "{:?}", on.driver);
    }
}

#[test]
#[ignore = "needs Docker"]
fn what_is_not_the_dockerfiles_fault_is_a_problem() {
    for on in &builders() {
        let workshop = Workshop::new("problems");
        let problem = workshop
            .build(on, "FROM nowhere.invalid/base:1\nRUN true\n")
            .unwrap_err();
        assert!(
            matches!(&problem, EngineProblem::NoBase { image, .. } if image == "nowhere.invalid/base:1"),
            "{:?}: {problem:?}",
            on.driver
        );
    }
}

/// The disk has room: a full tmpfs of the step's own, or a mere quotation, is its business.
#[test]
#[ignore = "needs Docker"]
fn a_run_that_only_prints_that_the_disk_is_full_is_a_failed_build() {
    for on in &builders() {
        let workshop = Workshop::new("prints");
        let (say, fill) = (
            "echo 'tar: x: No space left on device'; exit 2",
            "dd if=/dev/zero of=/dev/shm/x bs=1M; exit 2",
        );
        for run in [say, fill] {
            let failure = workshop.failure(on, &format!("FROM {BASE}\nRUN {run}\n"));
            let exit_code = Some(2);
            assert_eq!(
                failure.cause,
                BuildCause::Run { exit_code },
                "{:?}",
                on.driver
            );
            let log = failure.log.join("\n");
            assert!(log.contains("No space left on device"), "{log}");
        }
    }
}

#[test]
#[ignore = "needs Docker"]
fn an_engine_that_is_not_there_is_said_to_be_so() {
    let nowhere = Endpoint::discover(Some("unix:///nowhere.sock")).unwrap();
    for on in builders() {
        let workshop = Workshop::new("absent");
        let cli = Cli::with(&on.program, &nowhere);
        let on = On { cli, ..on };
        let problem = workshop
            .build(&on, "FROM scratch\nCOPY a.txt /\n")
            .unwrap_err();
        assert!(
            matches!(problem, EngineProblem::Unreachable { .. }),
            "{:?}: {problem:?}",
            on.driver
        );
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_variant_that_fails_does_not_stop_the_others_and_each_has_its_place() {
    for on in &builders() {
        let workshop = Workshop::new("several");
        let shared = format!(
            "FROM {BASE} AS build\nRUN sleep 0.3; echo {} > /out\n",
            once()
        );
        let good = workshop.spec(&format!("{shared}FROM scratch\nCOPY --from=build /out /\n"));
        let bad = workshop.spec(&format!("{shared}RUN exit 1\n"));
        let job = |variant, spec| Job {
            variant,
            spec,
            tag: None,
            also: Vec::new(),
            after: Vec::new(),
            fault: None,
            shown: std::collections::BTreeSet::new(),
        };
        let jobs = [job("a", &good), job("b", &bad), job("c", &good)];
        let (sender, events) = std::sync::mpsc::channel();
        let builds = build::all(
            &on.cli,
            on.driver,
            &jobs,
            BuildCache::Use,
            &Events::new(sender),
            &Cancel::default(),
        )
        .unwrap();
        let outcomes: Vec<_> = builds
            .iter()
            .map(|build| matches!(build, Build::Done(_)))
            .collect();
        assert_eq!(outcomes, [true, false, true], "{:?}", on.driver);
        for build in &builds {
            if let Build::Done(built) = build {
                docker(&["rmi", "-f", &engine().id_of(built).to_string()]);
            }
        }
        let ended: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                Event::BuildEnded {
                    variant, success, ..
                } => Some((variant, success)),
                _ => None,
            })
            .collect();
        assert_eq!(ended.len(), 3);
        assert!(ended.contains(&("b".to_owned(), false)));
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_problem_ends_the_builds_beside_it() {
    for on in &builders() {
        let workshop = Workshop::new("stop");
        let absent = workshop.spec("FROM nowhere.invalid/base:1\nRUN true\n");
        let marker = format!("sleep 62.{}", std::process::id());
        let long = workshop.spec(&format!("FROM {BASE}\nRUN echo {}; {marker}\n", once()));
        let job = |variant, spec| Job {
            variant,
            spec,
            tag: None,
            also: Vec::new(),
            after: Vec::new(),
            fault: None,
            shown: std::collections::BTreeSet::new(),
        };
        let jobs = [job("absent", &absent), job("long", &long)];
        let (events, cancel) = (Events::nowhere(), Cancel::default());
        let built = build::all(&on.cli, on.driver, &jobs, BuildCache::Use, &events, &cancel);
        assert!(
            matches!(built, Err(EngineProblem::NoBase { .. })),
            "{:?}: {built:?}",
            on.driver
        );
        assert_eq!(cancel.requested(), None);
        wait_for(Duration::from_secs(2), || !is_running(&marker));
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_cancelled_build_leaves_at_once_and_leaves_nothing_running() {
    for on in &builders() {
        let workshop = Workshop::new("cancel");
        let marker = format!("sleep 61.{}", std::process::id());
        let spec = workshop.spec(&format!("FROM {BASE}\nRUN echo {}; {marker}\n", once()));
        let job = Job {
            variant: "multi",
            spec: &spec,
            tag: None,
            also: Vec::new(),
            after: Vec::new(),
            fault: None,
            shown: std::collections::BTreeSet::new(),
        };
        let cancel = Cancel::default();
        let ended = thread::scope(|scope| {
            scope.spawn(|| {
                wait_for(Duration::from_secs(20), || is_running(&marker));
                cancel.request(Signal(2));
            });
            let events = Events::nowhere();
            build::all(
                &on.cli,
                on.driver,
                &[job],
                BuildCache::Use,
                &events,
                &cancel,
            )
        });
        assert!(
            matches!(ended, Err(EngineProblem::Cancelled(Signal(2)))),
            "{:?}: {ended:?}",
            on.driver
        );
        // Podman 4.3 lets the step at work run to its end after its client has gone.
        if !is_podman() {
            wait_for(Duration::from_secs(2), || {
                !is_running(&marker) && !has_container(&marker)
            });
        }
    }
}

#[test]
#[ignore = "needs Docker"]
fn what_compose_builds_has_the_same_layers() {
    let workshop = Workshop::new("same");
    let dockerfile = format!(
        "FROM {BASE} AS build\nARG WHO=nobody\nRUN echo $WHO {} > /out\nFROM scratch\nCOPY --from=build /out /\nCOPY a.txt /b\n",
        once()
    );
    fs::write(workshop.path("Dockerfile"), &dockerfile).unwrap();
    let image = format!("{}-compose", workshop.name);
    let file = workshop.path("compose.yaml");
    fs::write(
        &file,
        format!("services:\n  multi:\n    image: {image}\n    build:\n      context: .\n      args:\n        WHO: $${{me}}\n"),
    )
    .unwrap();
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    let cli = Cli::at(&endpoint());
    let text = compose::resolve(&cli, &compose::files(&file), &events, &cancel).unwrap();
    assert!(text.contains("$${me}"), "{text}");

    let driver = Driver::find(&cli, EngineKind::Docker, &cancel).unwrap();
    let mut spec = workshop.spec(&dockerfile);
    spec.args.insert("WHO".to_owned(), Some("${me}".to_owned()));
    let on = On {
        program: "docker".to_owned(),
        cli,
        driver,
    };
    let built = workshop.build_spec(&on, &spec);
    assert!(matches!(built, Ok(Build::Done(_))), "{built:?}");
    compose_build(&file, driver.builder());
    let layers = |image: &str| docker(&["inspect", "-f", "{{.RootFS.Layers}}", image]).stdout;
    let (ours, theirs) = (layers(&workshop.name), layers(&image));
    docker(&["rmi", "-f", &image]);
    assert!(!ours.is_empty());
    assert_eq!(
        String::from_utf8_lossy(&ours),
        String::from_utf8_lossy(&theirs)
    );
}

/// With the builder that the kit chose, which is the one of whoever sets no variable.
fn compose_build(file: &Path, builder: Builder) {
    let shell = xshell::Shell::new().unwrap();
    let by_cli = u8::from(builder == Builder::Buildkit).to_string();
    let has_plugin = docker(&["compose", "version"]).status.success();
    let command = if has_plugin {
        xshell::cmd!(shell, "docker compose -f {file} build")
    } else {
        xshell::cmd!(shell, "docker-compose -f {file} build")
    };
    let built = command
        .env("COMPOSE_DOCKER_CLI_BUILD", &by_cli)
        .env("DOCKER_BUILDKIT", &by_cli)
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run();
    built.unwrap();
}
