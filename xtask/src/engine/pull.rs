use std::mem;
use std::time::Duration;

use super::cli::{self, Cli};
use super::trouble;
use crate::model::{Cancel, EngineProblem, Event, Events, Platform, ProcessProblem, Stage};
use crate::process::{Lines, Stream};

/// How long a registry may take to say that it has the image. Behind a wall that drops what
/// it gets, the engine itself would wait for a minute.
const FIRST_ANSWER: Duration = Duration::from_secs(6);

/// Pulls `image` into the engine's store, for `platform` or else the engine's own, telling
/// each line of progress.
///
/// A registry that can't be reached, does not answer within 6 s or does not have the image
/// is [`EngineProblem::NoBase`].
pub fn image(
    cli: &Cli,
    image: &str,
    platform: Option<&Platform>,
    events: &Events,
    cancel: &Cancel,
) -> Result<(), EngineProblem> {
    within(FIRST_ANSWER, cli, (image, platform), events, cancel)
}

fn within(
    limit: Duration,
    cli: &Cli,
    (image, platform): (&str, Option<&Platform>),
    events: &Events,
    cancel: &Cancel,
) -> Result<(), EngineProblem> {
    events.send(Event::Stage(Stage::Pull {
        image: image.to_owned(),
    }));
    let mut pull = cli.docker().arg("pull");
    if let Some(platform) = platform {
        pull = pull.arg(format!("--platform={platform}"));
    }
    let pull = pull.operand(with_tag(image));
    let process = pull.process(events)?.first_output(limit);
    let told = |line: &str| {
        if !line.trim().is_empty() {
            events.send(Event::Progress(line.to_owned()));
        }
    };
    let (mut progress, mut complaints) = (Lines::default(), Lines::default());
    let mut last = String::new();
    let mut hold = |line: &str| {
        if !line.trim().is_empty() {
            told(&mem::replace(&mut last, line.to_owned()));
        }
    };
    let mut sink = |stream, bytes: &[u8]| match stream {
        Stream::Stdout => progress.feed(bytes, &mut &told),
        Stream::Stderr => complaints.feed(bytes, &mut hold),
    };
    let ended = cli.beside(cancel, |cancel| process.run(cancel, &mut sink))?;
    progress.finish(&mut &told);
    complaints.finish(&mut hold);
    let pulled = match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(refused(cli, image, last.trim())),
        // A registry that does not answer, unless it is the engine that does not.
        Err(ProcessProblem::TimedOut { limit, .. }) => match cli.is_silent(cancel)? {
            Some(problem) => Err(problem),
            None => Err(EngineProblem::NoBase {
                image: image.to_owned(),
                reason: format!("no answer within {} s", limit.as_secs()),
                nearest: None,
            }),
        },
        Err(problem) => Err(cli::problem(problem)),
    };
    // The reason of a pull that fails is its last complaint, which need not be read twice.
    if !matches!(pulled, Err(EngineProblem::NoBase { .. })) {
        told(&last);
    }
    pulled
}

fn refused(cli: &Cli, image: &str, last: &str) -> EngineProblem {
    let core = trouble::core(last);
    trouble::of_engine(cli, core, false).unwrap_or_else(|| EngineProblem::NoBase {
        image: image.to_owned(),
        reason: core.to_owned(),
        nearest: None,
    })
}

/// Without a tag the CLI says at once which one it takes, which is no answer of a registry.
fn with_tag(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    if name.contains([':', '@']) {
        image.to_owned()
    } else {
        format!("{image}:latest")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    use super::{FIRST_ANSWER, with_tag, within};
    use crate::engine::{Cli, Endpoint};
    use crate::model::{Cancel, EngineProblem, Event, Events, Platform, Stage};
    use crate::process::program;

    fn pull(script: &str, events: &Events) -> Result<(), EngineProblem> {
        pull_for(None, script, events)
    }

    fn pull_for(
        platform: Option<&Platform>,
        script: &str,
        events: &Events,
    ) -> Result<(), EngineProblem> {
        let root = tempfile::tempdir().unwrap();
        let docker = root.path().join("docker");
        program::write(&docker, &format!("#!/bin/sh\n{script}\n"));
        let endpoint = Endpoint::discover_in(Some("unix:///nowhere.sock"), &|_| None).unwrap();
        let cli = Cli::with(docker.to_str().unwrap(), &endpoint);
        let limit = Duration::from_millis(500);
        let image = ("python:3.13-slim", platform);
        within(limit, &cli, image, events, &Cancel::default())
    }

    #[test]
    fn the_platform_that_is_asked_for_is_pulled() {
        let (sender, events) = mpsc::channel();
        let platform = Platform::parse("linux/arm64").unwrap();
        pull_for(Some(&platform), "echo \"$@\"", &Events::new(sender)).unwrap();
        let said = Event::Progress("pull --platform=linux/arm64 python:3.13-slim".to_owned());
        assert!(events.iter().any(|event| event == said));
    }

    #[test]
    fn an_image_that_looks_like_an_option_is_none() {
        let (sender, events) = mpsc::channel();
        let events_of = Events::new(sender);
        let root = tempfile::tempdir().unwrap();
        let docker = root.path().join("docker");
        program::write(&docker, "#!/bin/sh\necho \"$@\"\n");
        let endpoint = Endpoint::discover_in(Some("unix:///nowhere.sock"), &|_| None).unwrap();
        let cli = Cli::with(docker.to_str().unwrap(), &endpoint);
        let image = ("--all-tags", None);
        within(FIRST_ANSWER, &cli, image, &events_of, &Cancel::default()).unwrap();
        drop(events_of);
        let said = Event::Progress("pull -- --all-tags:latest".to_owned());
        assert!(events.iter().any(|event| event == said));
    }

    #[test]
    fn progress_is_told_line_by_line() {
        let (sender, events) = mpsc::channel();
        pull(
            "echo \"$@\"; echo '3f2a: Pull complete'",
            &Events::new(sender),
        )
        .unwrap();
        let events: Vec<_> = events.iter().collect();
        let image = "python:3.13-slim".to_owned();
        assert_eq!(events[0], Event::Stage(Stage::Pull { image }));
        assert!(matches!(events[1], Event::Command(_)));
        assert_eq!(
            events[2..],
            [
                Event::Progress("pull python:3.13-slim".to_owned()),
                Event::Progress("3f2a: Pull complete".to_owned())
            ]
        );
    }

    #[test]
    fn an_unreachable_registry_is_no_base_and_says_why() {
        let said = "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: no such host";
        let script = format!("echo one; echo 'Error response from daemon: {said}' >&2; exit 1");
        let (sender, events) = mpsc::channel();
        let problem = pull(&script, &Events::new(sender)).unwrap_err();
        let told = events.iter().filter_map(|event| match event {
            Event::Progress(line) => Some(line),
            _ => None,
        });
        assert_eq!(told.collect::<Vec<_>>(), ["one"]);
        assert!(
            matches!(&problem, EngineProblem::NoBase { image, reason, .. } if image == "python:3.13-slim" && reason == said),
            "{problem:?}"
        );
    }

    #[test]
    fn a_full_disk_or_an_absent_engine_is_not_the_registrys_fault() {
        let full = "echo 'failed to register layer: write /x: no space left on device' >&2; exit 1";
        let problem = pull(full, &Events::nowhere()).unwrap_err();
        assert!(matches!(problem, EngineProblem::DiskFull), "{problem:?}");
        let absent =
            "echo 'Cannot connect to the Docker daemon at unix:///x. Is it running?' >&2; exit 1";
        let problem = pull(absent, &Events::nowhere()).unwrap_err();
        assert!(
            matches!(problem, EngineProblem::Unreachable { .. }),
            "{problem:?}"
        );
    }

    #[test]
    fn a_registry_that_says_nothing_is_given_up() {
        let began = Instant::now();
        let problem = pull("exec sleep 60", &Events::nowhere()).unwrap_err();
        assert!(
            matches!(problem, EngineProblem::NoBase { .. }),
            "{problem:?}"
        );
        assert!(began.elapsed() < Duration::from_secs(3));
    }

    #[test]
    fn the_tag_is_always_named() {
        assert_eq!(
            with_tag("localhost:5000/python"),
            "localhost:5000/python:latest"
        );
        assert_eq!(with_tag("python:3"), "python:3");
        assert_eq!(with_tag("a/b@sha256:00"), "a/b@sha256:00");
    }
}
