use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::cli::{Cli, Invocation};
use super::plugin;
use crate::model::{Cancel, EngineProblem, Event, Events};
use crate::process::Output;

/// The names under which Compose finds a project's file by itself, without and with its
/// ending (compose-spec, "Compose file").
const STEMS: [&str; 2] = ["compose", "docker-compose"];
const ENDINGS: [&str; 2] = ["yaml", "yml"];

/// Compose as a person types it, of either generation.
const PLUGIN: &str = "docker compose";
const STANDALONE: &str = "docker-compose";

/// What Compose makes of `files`, as YAML, with variables and every profile resolved. The first
/// file names the project, and the `.env` beside it is read. Compose's warnings go to `events`.
///
/// # Errors
///
/// [`EngineProblem::NoCompose`], or what Compose says.
pub fn resolve(
    cli: &Cli,
    files: &[PathBuf],
    events: &Events,
    cancel: &Cancel,
) -> Result<String, EngineProblem> {
    let asked = Asked {
        cli,
        files,
        listing: Listing::Everything,
    };
    asked.answer(&|name| std::env::var_os(name), events, cancel)
}

/// The services of `files`, one a line, whatever the files that they need.
///
/// # Errors
///
/// As for [`resolve`].
pub fn services(
    cli: &Cli,
    files: &[PathBuf],
    events: &Events,
    cancel: &Cancel,
) -> Result<String, EngineProblem> {
    let asked = Asked {
        cli,
        files,
        listing: Listing::Names,
    };
    asked.answer(&|name| std::env::var_os(name), events, cancel)
}

/// Whether Compose misses an `env_file`. In the words of v2: `env file /x/.env not found: …`.
pub fn is_env_file_missing(problem: &EngineProblem) -> bool {
    matches!(problem, EngineProblem::Compose { reason, .. }
        if reason.contains("env file ") && reason.contains(" not found"))
}

/// What `config` is asked for.
#[derive(Clone, Copy)]
enum Listing {
    Everything,
    Names,
}

struct Asked<'a> {
    cli: &'a Cli,
    files: &'a [PathBuf],
    listing: Listing,
}

impl Asked<'_> {
    fn answer(
        &self,
        variable: &dyn Fn(&str) -> Option<OsString>,
        events: &Events,
        cancel: &Cancel,
    ) -> Result<String, EngineProblem> {
        let cli = self.cli;
        let file = self.files.first().map_or(Path::new(""), PathBuf::as_path);
        let run = |compose| self.config(compose, file).output(events, cancel);
        let plugin = plugin::find("docker-compose", variable);
        if let Some(plugin) = plugin {
            match run(cli.plugin(&plugin, PLUGIN)) {
                Err(EngineProblem::Spawn { .. } | EngineProblem::NoProgram { .. }) => (),
                output => return text_of(output?, PLUGIN, file, events),
            }
        }
        // The CLI may know of a place for plugins that is not known here.
        match run(cli.docker().arg("compose")) {
            Err(EngineProblem::NoProgram { .. }) => (),
            Ok(output) if is_no_plugin(&output) => (),
            output => return text_of(output?, PLUGIN, file, events),
        }
        match run(cli.other(STANDALONE)) {
            Err(EngineProblem::NoProgram { .. }) => Err(EngineProblem::NoCompose),
            output => text_of(output?, STANDALONE, file, events),
        }
    }

    fn config<'i>(&self, compose: Invocation<'i>, file: &Path) -> Invocation<'i> {
        let compose = self
            .files
            .iter()
            .fold(compose, |compose, file| compose.arg("-f").arg(file));
        // Compose v1 looks for `.env` where it is run, v2 beside the file.
        let directory = file.parent().unwrap_or(Path::new("/"));
        let compose = compose.args(["--profile", "*", "config"]);
        let compose = match self.listing {
            Listing::Everything => compose,
            Listing::Names => compose.arg("--services"),
        };
        compose.directory(directory)
    }
}

/// The files that Compose joins if it is given `file`, or finds it: itself and, under one of
/// Compose's own names, its override.
pub fn files(file: &Path) -> Vec<PathBuf> {
    let files = [file.to_owned()].into_iter();
    files.chain(override_of(file)).collect()
}

/// The override that Compose would find beside a file that it would find.
fn override_of(file: &Path) -> Option<PathBuf> {
    let (stem, ending) = (file.file_stem()?.to_str()?, file.extension()?.to_str()?);
    if !STEMS.contains(&stem) || !ENDINGS.contains(&ending) {
        return None;
    }
    ENDINGS
        .map(|ending| file.with_file_name(format!("{stem}.override.{ending}")))
        .into_iter()
        .find(|file| file.is_file())
}

/// The CLI has no such plugin, or can't use it: it takes the plugin's name, or what follows
/// it, for a mistake.
fn is_no_plugin(output: &Output) -> bool {
    let said = String::from_utf8_lossy(&output.stderr);
    !output.status.success()
        && [
            "is not a docker command",
            "unknown command: docker compose",
            "unknown shorthand flag: 'f'",
        ]
        .iter()
        .any(|sign| said.contains(sign))
}

/// `command` is the Compose that wrote this.
fn text_of(
    output: Output,
    command: &'static str,
    file: &Path,
    events: &Events,
) -> Result<String, EngineProblem> {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let (warnings, errors): (Vec<_>, Vec<_>) = said
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .partition(|line| output.status.success() || is_warning(line));
    for warning in warnings {
        events.send(Event::Remark(without_preamble(warning)));
    }
    if !output.status.success() {
        return Err(problem(command, file, &errors.join(" ")));
    }
    String::from_utf8(output.stdout).map_err(|error| {
        let error = io::Error::new(io::ErrorKind::InvalidData, error);
        cannot_read(command, file, &error)
    })
}

/// Of both generations: `time="…" level=warning msg="…"` and `The X variable is not set. …`
fn is_warning(line: &str) -> bool {
    line.contains("level=warning")
        || line.starts_with("WARN")
        || line.contains("variable is not set")
}

/// The message of a line in logrus's format, or the line.
fn without_preamble(line: &str) -> String {
    let message = || {
        let (_, quoted) = line.split_once(" msg=")?;
        serde_json::from_str(quoted.trim()).ok()
    };
    message().unwrap_or_else(|| line.to_owned())
}

fn problem(command: &'static str, file: &Path, said: &str) -> EngineProblem {
    let file = file.display().to_string();
    match missing_variable(said) {
        Some((variable, reason)) => EngineProblem::VariableMissing {
            file,
            variable,
            reason,
        },
        None => EngineProblem::Compose {
            command,
            file,
            reason: yaml_error(said).unwrap_or_else(|| cut(said)),
        },
    }
}

/// A sentence that repeats the file can be as long as the file.
const LONGEST: usize = 1_000;

fn cut(said: &str) -> String {
    match said.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &said[..end]),
        None => said.to_owned(),
    }
}

/// What Python's YAML reader says at the end of Compose v1's traceback, place first, of
/// `yaml.parser.ParserError: while parsing a block mapping in "./compose.yaml", line 2, column 3
/// expected <block end>, but found '-' in "./compose.yaml", line 4, column 4`.
fn yaml_error(said: &str) -> Option<String> {
    let (_, error) = said.rsplit_once("yaml.")?;
    let (kind, what) = error.split_once("Error: ")?;
    let is_name = |text: &str| {
        text.chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '.')
    };
    if !is_name(kind) {
        return None;
    }
    // Each part is followed by its place; the last one is the mistake.
    let (rest, place) = what.rsplit_once(" in \"")?;
    let (_, place) = place.split_once("\", ")?;
    let place = place.split_whitespace().collect::<Vec<_>>().join(" ");
    let context = rest.split_once(" in \"").and_then(|(_, after)| {
        let (_, after) = after.split_once(", column ")?;
        Some(after.trim_start_matches(|it: char| it.is_ascii_digit()))
    });
    let mistake = context.unwrap_or(rest).trim();
    Some(cut(&format!("{place}: {mistake}")))
}

/// The variable and what the file says of it, which may be nothing. Of v2:
/// `required variable X is missing a value: why`; of v1:
/// `Missing mandatory value for "image" option interpolating ${X:?why} in service "a": why`.
fn missing_variable(said: &str) -> Option<(String, String)> {
    if let Some((_, after)) = said.split_once("required variable ") {
        let (variable, reason) = after.split_once(" is missing a value")?;
        return Some((
            variable.to_owned(),
            reason.trim_start_matches(": ").to_owned(),
        ));
    }
    said.contains("Missing mandatory value").then_some(())?;
    let (_, after) = said.split_once("${")?;
    let name_ends = after.find([':', '?'])?;
    let (_, reason) = after[name_ends..].split_once('?')?;
    let (reason, _) = reason.split_once("} in ").or(reason.split_once('}'))?;
    // Within a list or mapping, what is interpolated is quoted with all around it.
    let reason = reason.trim_end_matches(['}', '\'', '"', ']']);
    Some((after[..name_ends].to_owned(), reason.to_owned()))
}

fn cannot_read(command: &'static str, file: &Path, source: &io::Error) -> EngineProblem {
    EngineProblem::Compose {
        command,
        file: file.display().to_string(),
        reason: source.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs;
    use std::os::unix::process::ExitStatusExt;
    use std::path::{Path, PathBuf};
    use std::sync::mpsc;

    use super::{Asked, Listing, files, is_no_plugin, missing_variable, override_of, yaml_error};
    use crate::engine::{Cli, Endpoint};
    use crate::model::{Cancel, EngineProblem, Event, Events};
    use crate::process::Output;
    use crate::process::program;

    /// A directory with a compose file and a Compose plugin that is this script.
    struct Stage {
        root: tempfile::TempDir,
    }

    impl Stage {
        fn new(script: &str) -> Self {
            let root = tempfile::tempdir().unwrap();
            let stage = Self { root };
            fs::create_dir(stage.path("cli-plugins")).unwrap();
            stage.program("cli-plugins/docker-compose", script);
            fs::write(stage.path("compose.yaml"), "services: {}\n").unwrap();
            stage
        }

        fn path(&self, name: &str) -> PathBuf {
            self.root.path().join(name)
        }

        fn program(&self, name: &str, script: &str) {
            program::write(self.path(name), &format!("#!/bin/sh\n{script}\n"));
        }

        fn resolve(&self, events: &Events) -> Result<String, EngineProblem> {
            let variable = |name: &str| match name {
                "DOCKER_CONFIG" => Some(OsString::from(self.root.path())),
                _ => None,
            };
            let endpoint = Endpoint::discover_in(Some("unix:///nowhere.sock"), &|_| None).unwrap();
            let cli = Cli::with(self.path("docker").to_str().unwrap(), &endpoint);
            let asked = Asked {
                cli: &cli,
                files: &files(&self.path("compose.yaml")),
                listing: Listing::Everything,
            };
            asked.answer(&variable, events, &Cancel::default())
        }
    }

    #[test]
    fn the_file_and_its_override_are_resolved_in_their_directory() {
        let stage = Stage::new("pwd; echo \"$@\"");
        fs::write(stage.path("compose.override.yml"), "").unwrap();
        let text = stage.resolve(&Events::nowhere()).unwrap();
        let root = stage.root.path().display();
        let expected = format!(
            "{root}\n-f {root}/compose.yaml -f {root}/compose.override.yml --profile * config\n"
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn a_warning_is_a_remark_and_not_a_problem() {
        let stage = Stage::new(
            r#"echo 'time="2026-11-24T21:37:29Z" level=warning msg="The \"UNSET\" variable is not set."' >&2
            echo yaml"#,
        );
        let (sender, events) = mpsc::channel();
        assert_eq!(stage.resolve(&Events::new(sender)).unwrap(), "yaml\n");
        let remarks: Vec<_> = events
            .iter()
            .filter(|event| matches!(event, Event::Remark(_)))
            .collect();
        let said = "The \"UNSET\" variable is not set.".to_owned();
        assert_eq!(remarks, [Event::Remark(said)]);
    }

    #[test]
    fn what_compose_says_is_the_reason_without_its_warnings() {
        let stage = Stage::new(
            "echo 'time=\"x\" level=warning msg=\"y\"' >&2; echo 'yaml: line 2: no' >&2; exit 15",
        );
        let problem = stage.resolve(&Events::nowhere()).unwrap_err();
        assert!(
            matches!(&problem, EngineProblem::Compose { reason, .. } if reason == "yaml: line 2: no"),
            "{problem:?}"
        );
    }

    #[test]
    fn a_plugin_that_cant_be_run_is_looked_for_through_the_cli() {
        let stage = Stage::new("");
        fs::write(stage.path("cli-plugins/docker-compose"), "\u{7f}ELF").unwrap();
        stage.program("docker", "echo $1");
        assert_eq!(stage.resolve(&Events::nowhere()).unwrap(), "compose\n");
    }

    #[test]
    fn a_cli_without_the_plugin_is_told_from_a_file_that_is_wrong() {
        let of = |said: &str| Output {
            status: ExitStatusExt::from_raw(125 << 8),
            stdout: Vec::new(),
            stderr: said.into(),
        };
        assert!(is_no_plugin(&of("unknown shorthand flag: 'f' in -f\n")));
        assert!(!is_no_plugin(&of("yaml: line 2: no\n")));
    }

    #[test]
    fn a_required_variable_is_named_by_both_generations() {
        let said = |variable: &str, reason: &str| Some((variable.to_owned(), reason.to_owned()));
        for (text, expected) in [
            (
                "error while interpolating services.a.image: required variable NEEDED is missing a value: say which",
                said("NEEDED", "say which"),
            ),
            (
                "error while interpolating services.a.image: required variable NEEDED is missing a value",
                said("NEEDED", ""),
            ),
            (
                "Missing mandatory value for \"image\" option interpolating ${NEEDED:?say which} in service \"a\": say which",
                said("NEEDED", "say which"),
            ),
            (
                "Missing mandatory value for \"image\" option interpolating ${NEEDED?} in service \"a\": NEEDED",
                said("NEEDED", ""),
            ),
            ("yaml: line 2: did not find expected node content", None),
        ] {
            assert_eq!(missing_variable(text), expected, "{text}");
        }
    }

    /// Of Compose 1.29.2, its lines joined.
    #[test]
    fn a_traceback_of_python_becomes_a_place_and_a_mistake() {
        let traceback = "Traceback (most recent call last): File \"/usr/bin/docker-compose\", line 33, in <module> sys.exit(load_entry_point()) File \"/usr/lib/python3/dist-packages/yaml/__init__.py\", line 81, in load return loader.get_single_data() ";
        for (error, expected) in [
            (
                "yaml.parser.ParserError: while parsing a block mapping in \"./b/compose.yaml\", line 2, column 3 expected <block end>, but found '<block mapping start>' in \"./b/compose.yaml\", line 4, column 4",
                "line 4, column 4: expected <block end>, but found '<block mapping start>'",
            ),
            (
                "yaml.scanner.ScannerError: while scanning for the next token found character '\\t' that cannot start any token in \"./c/compose.yaml\", line 2, column 1",
                "line 2, column 1: while scanning for the next token found character '\\t' that cannot start any token",
            ),
            (
                "yaml.composer.ComposerError: found undefined alias 'x' in \"./e/compose.yaml\", line 3, column 12",
                "line 3, column 12: found undefined alias 'x'",
            ),
        ] {
            let said = format!("{traceback}{error}");
            assert_eq!(yaml_error(&said).as_deref(), Some(expected));
        }
        assert_eq!(
            yaml_error("yaml: line 2: mapping values are not allowed"),
            None
        );
    }

    #[test]
    fn only_a_file_that_compose_finds_by_itself_has_an_override() {
        let root = tempfile::tempdir().unwrap();
        for name in ["compose.override.yaml", "other.override.yaml"] {
            fs::write(root.path().join(name), "").unwrap();
        }
        let of = |name: &str| override_of(&root.path().join(name));
        let expected = root.path().join("compose.override.yaml");
        assert_eq!(of("compose.yml").as_deref(), Some(expected.as_path()));
        assert_eq!(of("other.yaml"), None);
        assert_eq!(override_of(Path::new("/nowhere/docker-compose.yml")), None);
    }
}
