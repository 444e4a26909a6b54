use super::cli::Cli;
use super::ending;
use super::progress::Told;
use super::store::Disk;
use super::trouble;
use crate::model::{BuildCause, BuildFailure, EngineProblem};

/// Whose fault a failed build is: the Dockerfile's, which is a result, or the engine's, the
/// registry's or nobody's that is known, which is a problem.
///
/// Builders name no class of error: their sentences are all there is. The command of a RUN
/// is part of them, so that is looked at first and the rest with the command left out. No
/// more does a program's exit code tell of a full disk: what it printed does, unless `disk`
/// was seen to have room all the while.
pub(super) fn classify(
    cli: &Cli,
    variant: &str,
    told: &Told,
    disk: Disk,
) -> Result<BuildFailure, EngineProblem> {
    let message = told.message();
    let core = trouble::core(&message);
    let step = told.failed();
    if disk != Disk::Roomy && step.is_some_and(|step| step.log.is_disk_full) {
        return Err(EngineProblem::DiskFull);
    }
    let (cause, log) = match end_of_run(core) {
        Some(end) => of_run(cli, variant, told, end)?,
        None => of_other(cli, told, core)?,
    }
    .ok_or_else(|| EngineProblem::BuildUnclear {
        variant: variant.to_owned(),
        log: told.last_lines(),
    })?;
    Ok(BuildFailure {
        cause,
        instruction: instruction(told),
        line: parse_error(core).map(|(line, _)| line).or(told.line()),
        log,
    })
}

fn instruction(told: &Told) -> Option<String> {
    let step = told.failed().filter(|step| step.is_instruction());
    step.map(|step| step.instruction.clone())
}

/// What was said of a missing network, if the RUN that printed this log failed for that. `apt-get
/// update` only warns of it, and the `apt-get install` of a later step finds no package.
fn offline<'t>(told: &'t Told, log: &[String]) -> Option<&'t str> {
    const AFTER: [&str; 3] = [
        "Unable to locate package",
        "has no installation candidate",
        "Could not find a version that satisfies the requirement",
    ];
    let said = told.offline()?;
    let failed = told.failed().and_then(|step| step.log.offline.as_ref());
    let follows = |line: &String| AFTER.iter().any(|sign| line.contains(sign));
    (failed.is_some() || log.iter().any(follows)).then_some(said)
}

type Fault = Option<(BuildCause, Vec<String>)>;

/// A RUN came to `end`.
fn of_run(cli: &Cli, variant: &str, told: &Told, end: &str) -> Result<Fault, EngineProblem> {
    if let Some(problem) = trouble::of_engine(cli, end, told.has_begun()) {
        return Err(problem);
    }
    let code = end.strip_prefix("exit code: ").unwrap_or(end).parse();
    if let Ok(exit_code) = code {
        let log = told
            .failed()
            .map(|step| step.log.lines())
            .unwrap_or_default();
        if let Some(reason) = not_run(&log, exit_code) {
            let reason = ending::of_start(reason).map(|_| reason.to_owned());
            return Ok(reason.map(|reason| (BuildCause::Refused, vec![reason])));
        }
        if let Some(said) = offline(told, &log) {
            return Err(EngineProblem::BuildOffline {
                variant: variant.to_owned(),
                instruction: instruction(told).unwrap_or_default(),
                said: said.to_owned(),
            });
        }
        let exit_code = Some(exit_code);
        return Ok(Some((BuildCause::Run { exit_code }, log)));
    }
    Ok(is_refusal(end).then(|| (BuildCause::Refused, vec![end.to_owned()])))
}

/// Anything but the end of a RUN's own program.
fn of_other(cli: &Cli, told: &Told, core: &str) -> Result<Fault, EngineProblem> {
    if let Some((_, what)) = parse_error(core) {
        return Ok(Some((BuildCause::Syntax, vec![what.to_owned()])));
    }
    if let Some(problem) = trouble::of_engine(cli, core, told.has_begun()) {
        return Err(problem);
    }
    if let Some(what) = of_parser(told, core) {
        return Ok(Some((BuildCause::Syntax, vec![what.to_owned()])));
    }
    let reason = without_internals(core);
    let cause = if is_source_missing(reason) || is_not_in_image(told, core) {
        BuildCause::SourceMissing
    } else if let Some(image) = unreachable_image(told, core) {
        let reason = core.to_owned();
        return Err(EngineProblem::NoBase {
            image,
            reason,
            nearest: None,
        });
    } else if trouble::is_of_registry(core) || trouble::is_of_store(core) {
        return Ok(None);
    } else if NO_LINE.iter().any(|sign| core.contains(sign)) {
        BuildCause::Syntax
    } else if is_refusal(core) || is_of_copy(told) {
        BuildCause::Refused
    } else {
        return Ok(None);
    };
    Ok(Some((cause, vec![reason.to_owned()])))
}

/// What follows the command in the sentences about a RUN that failed, if it is one of them.
fn end_of_run(core: &str) -> Option<&str> {
    if core.starts_with("executor failed running [") {
        return Some(core.rsplit_once("]: ")?.1.trim());
    }
    if core.starts_with("process \"") {
        return Some(
            core.rsplit_once(" did not complete successfully: ")?
                .1
                .trim(),
        );
    }
    if of_podman(core).is_some() {
        let (_, end) = core.rsplit_once(" running runtime: exit status ")?;
        return Some(end.trim());
    }
    let command = core.strip_prefix("The command '")?;
    Some(
        command
            .rsplit_once("' returned a non-zero code: ")?
            .1
            .trim(),
    )
}

/// Why the command of a RUN was never started, where Podman says so. Its sentence about the
/// step is the same as for a command that fails, with the runtime's exit code; what it prints
/// last is not: `error running container: from /usr/bin/crun creating container for [/bin/sh
/// -c …]: REASON`, and `: exit status 1` on that line or the next.
///
/// BuildKit in Docker 20.10 prints `runc run failed: unable to start container process: …` as the
/// step's last line.
fn not_run(log: &[String], exit_code: i64) -> Option<&str> {
    if let Some(reason) = log.last()?.strip_prefix("runc run failed: ") {
        return Some(reason);
    }
    let end = format!(": exit status {exit_code}");
    if !log.last()?.ends_with(&end) {
        return None;
    }
    let told = log
        .iter()
        .rev()
        .find_map(|line| line.strip_prefix("error running container: "))?;
    let (_, reason) = told
        .split_once(" container for [")
        .and_then(|(_, rest)| rest.rsplit_once("]: "))?;
    Some(reason.strip_suffix(&end).unwrap_or(reason))
}

/// The line and what is wrong with it, of `dockerfile parse error on line 3: …`.
fn parse_error(core: &str) -> Option<(u32, &str)> {
    let rest = core
        .strip_prefix("dockerfile parse error ")
        .or(core.strip_prefix("Dockerfile parse error "))?;
    let (line, what) = rest
        .strip_prefix("on ")
        .unwrap_or(rest)
        .strip_prefix("line ")?
        .split_once(": ")?;
    Some((line.parse().ok()?, what))
}

/// What the classic builder says of the whole file, before any step: `failed to parse
/// Dockerfile.multi: …`.
fn of_parser<'c>(told: &Told, core: &'c str) -> Option<&'c str> {
    let (_, what) = core.strip_prefix("failed to parse ")?.split_once(": ")?;
    (!told.has_begun()).then_some(what)
}

/// Errors of syntax that have no line.
const NO_LINE: [&str; 8] = [
    "Unknown instruction: ",
    "cannot be empty",
    "no build stage in current context",
    "file with no instructions",
    " must have two arguments",
    "Syntax error - can't find = in ",
    "invalid escape token ",
    " parser directive can be used",
];

/// What follows the instruction in `building at STEP "COPY …": …`.
fn of_podman(core: &str) -> Option<&str> {
    let named = core.strip_prefix("error ").unwrap_or(core);
    let (_, reason) = named
        .strip_prefix("building at STEP \"")?
        .split_once("\": ")?;
    Some(reason)
}

/// The sentence without what only the builder itself understands: BuildKit's ids in `failed
/// to calculate checksum of ref ID::ID: …`, where it keeps an image while it copies (`lstat
/// /var/lib/docker/…/merged/missing.txt: …`), Podman's directories and structures.
fn without_internals(core: &str) -> &str {
    if let Some(reason) = of_podman(core) {
        let reason = reason
            .rsplit_once("copier: ")
            .map_or(reason, |(_, what)| what);
        let reason = reason.strip_prefix("Build error: ").unwrap_or(reason);
        return reason.split(" &imagebuilder.").next().unwrap_or(reason);
    }
    if let Some(start) = after_mount(core) {
        return &core[start..];
    }
    let core = core
        .strip_prefix("failed to compute cache key: ")
        .unwrap_or(core);
    core.strip_prefix("failed to calculate checksum of ref ")
        .and_then(|rest| rest.split_once(": "))
        .map_or(core, |(_, what)| what)
}

/// Where a path begins, at its `/`, that follows the directory in which BuildKit keeps an image
/// while it copies.
fn after_mount(core: &str) -> Option<usize> {
    const MOUNTS: [&str; 2] = ["/merged", "/buildkit-mount"];
    let (before, rest) = MOUNTS.iter().find_map(|mount| core.rsplit_once(mount))?;
    let is_path = before.rsplit(' ').next()?.starts_with('/');
    let rest = rest.trim_start_matches(|it: char| it.is_ascii_digit());
    (is_path && rest.starts_with('/')).then_some(core.len() - rest.len())
}

/// Of BuildKit, `"/missing.txt" not found: not found` and `"/missing.txt": not found`; of
/// the classic builder, `COPY failed: …`; of Podman, `stat: "/missing.txt": no such file …`.
fn is_source_missing(reason: &str) -> bool {
    let of_buildkit = reason.starts_with('"') && reason.ends_with("not found");
    let of_classic = ["COPY failed: ", "ADD failed: "].iter().any(|prefix| {
        reason.strip_prefix(prefix).is_some_and(|what| {
            what.starts_with("file not found in build context")
                || what.starts_with("no source files were specified")
                || (what.starts_with("stat ") && what.ends_with("file does not exist"))
        })
    });
    let of_podman = reason.starts_with("stat: \"") && reason.ends_with("no such file or directory");
    of_buildkit || of_classic || of_podman
}

/// A `COPY --from` of what is not in that image or stage: `lstat
/// /var/lib/docker/…/merged/missing.txt: no such file or directory`, or `failed to walk …`.
fn is_not_in_image(told: &Told, core: &str) -> bool {
    ["lstat /", "failed to walk /"]
        .iter()
        .any(|start| core.starts_with(start))
        && core.ends_with(": no such file or directory")
        && is_of_copy(told)
}

/// Whether a COPY or ADD failed. What it then says, whatever the words, is of its files.
fn is_of_copy(told: &Told) -> bool {
    told.failed().is_some_and(|step| {
        let keyword = step.instruction.split_whitespace().next();
        matches!(keyword, Some("COPY" | "ADD"))
    })
}

/// What the builders say of instructions that can't be carried out, whatever the engine.
const REFUSALS: [&str; 31] = [
    "failed to process \"",
    "Invalid containerPort: ",
    "invalid containerPort: ",
    "Invalid proto: ",
    "invalid proto: ",
    "Invalid signal: ",
    "invalid signal: ",
    "uids and gids must be in range ",
    "failed to parse platform ",
    "invalid stage index ",
    "can not be an empty string",
    "cannot normalize nothing",
    "unknown user error",
    "no stage or image found with that name",
    "should not be blank",
    "invalid reference format",
    "failed to parse stage name",
    "unable to find user ",
    "unable to find group ",
    "invalid from flag value ",
    "circular dependency",
    "not a directory",
    "must be a directory",
    "is a directory",
    "forbidden path outside the build context",
    "unable to convert uid/gid",
    "no such user",
    "exec: \"",
    "annot mount volume over existing file",
    "target stage ",
    "failed to reach build target ",
];

fn is_refusal(text: &str) -> bool {
    REFUSALS.iter().any(|sign| text.contains(sign))
}

/// The image that could not be had, as the Dockerfile names it, when that is what failed.
fn unreachable_image(told: &Told, core: &str) -> Option<String> {
    if !trouble::is_of_registry(core) {
        return None;
    }
    let in_message = [
        ("failed to resolve source metadata for ", ": "),
        ("invalid from flag value ", ": "),
        ("pull access denied for ", ","),
        ("manifest for ", " not found"),
        ("initializing source docker://", ": "),
    ];
    let named = in_message.iter().find_map(|(before, after)| {
        let (_, rest) = core.split_once(before)?;
        Some(rest.split_once(after)?.0)
    });
    let of_step = || {
        let instruction = &told.failed()?.instruction;
        let of_from = || {
            let (keyword, rest) = instruction.split_once(' ')?;
            keyword.eq_ignore_ascii_case("FROM").then_some(rest)
        };
        let rest = instruction
            .strip_prefix("[internal] load metadata for ")
            // Of a `# syntax=` line.
            .or(instruction.strip_prefix("resolve image config for "))
            .or_else(of_from)?;
        rest.split_whitespace().find(|word| !word.starts_with("--"))
    };
    let image = named.or_else(of_step)?;
    let image = image.strip_prefix("docker.io/").unwrap_or(image);
    Some(image.strip_prefix("library/").unwrap_or(image).to_owned())
}

#[cfg(test)]
#[path = "failure_tests.rs"]
mod tests;
