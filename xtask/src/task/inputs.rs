use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::project::Project;
use super::source::Source;
use crate::dockerfile::{Form, Instruction};
use crate::model::{Digest, Input, MadeFrom, Variant};

/// A larger file is no list of dependencies, and is not read.
const MOST: u64 = 8 * 1024 * 1024;

/// More inputs than this are of no help to a reader.
const COUNT: usize = 40;

/// Lists of dependencies, which are named even if they are copied with their directory.
const MANIFESTS: [&str; 24] = [
    "Cargo.lock",
    "Cargo.toml",
    "Gemfile.lock",
    "Pipfile.lock",
    "build.gradle",
    "bun.lock",
    "bun.lockb",
    "composer.json",
    "composer.lock",
    "go.mod",
    "go.sum",
    "mix.lock",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "package.json",
    "packages.lock.json",
    "pnpm-lock.yaml",
    "poetry.lock",
    "pom.xml",
    "pyproject.toml",
    "requirements.in",
    "requirements.txt",
    "uv.lock",
    "yarn.lock",
];

/// What a variant's build reads, by digest.
pub(super) fn made_from(variant: &Variant, source: &Source, project: &Project) -> MadeFrom {
    let stages = &source.dockerfile.stages;
    let instructions = || stages.iter().flat_map(|stage| &stage.instructions);
    let all = stages.iter().map(|stage| &stage.from).chain(instructions());
    let spans = all.filter(|it| it.end_line > it.line);
    let spans = spans.map(|it| [it.line, it.end_line]).collect();
    let context = variant
        .build
        .as_ref()
        .map(|spec| PathBuf::from(&spec.context));
    let Some(context) = context.filter(|context| context.is_dir()) else {
        return MadeFrom {
            spans,
            ..MadeFrom::default()
        };
    };
    let mut inputs: Vec<Input> = Vec::new();
    for instruction in instructions() {
        for file in read_by(instruction, &context) {
            let known = inputs.iter().any(|it| it.file == project.short(&file));
            if let Some(sha256) = digest(&file).filter(|_| !known) {
                inputs.push(Input {
                    file: project.short(&file),
                    line: None,
                    used_at: Some(instruction.line),
                    argument: None,
                    sha256,
                });
            }
        }
    }
    inputs.truncate(COUNT);
    let ignore = context.join(".dockerignore");
    inputs.extend(digest(&ignore).map(|sha256| Input {
        file: project.short(&ignore),
        line: None,
        used_at: None,
        argument: None,
        sha256,
    }));
    inputs.extend(arguments(variant, source, project));
    MadeFrom {
        inputs: Some(inputs),
        spans,
        copied: None,
    }
}

/// The files of the context that an instruction names, or that a directory it copies holds as
/// lists of dependencies.
fn read_by(instruction: &Instruction, context: &Path) -> Vec<PathBuf> {
    let mut named: Vec<String> = Vec::new();
    match instruction.keyword.as_str() {
        "RUN" => named.extend(bound(instruction)),
        _ => named.extend(copied_by(instruction)),
    }
    let is_plain = |name: &String| !name.contains(['$', ':']) && !name.starts_with("<<");
    let named = named.into_iter().filter(is_plain);
    named
        .flat_map(|name| files(context, name.trim_start_matches('/')))
        .collect()
}

/// The sources in the context of a COPY or ADD, as written.
pub(super) fn copied_by(instruction: &Instruction) -> Vec<String> {
    let is_copy = ["COPY", "ADD"].contains(&instruction.keyword.as_str());
    if !is_copy || instruction.flag("from").is_some() {
        return Vec::new();
    }
    let mut words: Vec<String> = match &instruction.form {
        Form::Json(words) => words.clone(),
        Form::Shell => {
            let words = instruction.arguments.split_whitespace();
            words
                .map(|word| word.trim_matches(['"', '\'']).to_owned())
                .collect()
        }
    };
    words.pop();
    words
}

/// Files of the context that a RUN mounts.
fn bound(instruction: &Instruction) -> Vec<String> {
    let mounts = instruction.flags.iter().filter(|flag| flag.name == "mount");
    let source = |value: &str| {
        let part = |keys: &[&str]| {
            let mut parts = value.split(',').filter_map(|part| part.split_once('='));
            parts
                .find(|(key, _)| keys.contains(key))
                .map(|(_, value)| value.to_owned())
        };
        let is_bind = part(&["type"]).is_none_or(|kind| kind == "bind");
        let is_context = part(&["from"]).is_none();
        (is_bind && is_context).then(|| part(&["source", "src"]).unwrap_or_default())
    };
    let sources = mounts.filter_map(|mount| source(mount.value.as_deref()?));
    sources.collect()
}

/// The files that a source of a COPY means.
fn files(context: &Path, name: &str) -> Vec<PathBuf> {
    let path = context.join(name);
    let is_within = path
        .canonicalize()
        .ok()
        .zip(context.canonicalize().ok())
        .is_none_or(|(path, context)| path.starts_with(context));
    if !is_within {
        return Vec::new();
    }
    if path.is_dir() {
        let manifests = MANIFESTS.iter().map(|name| path.join(name));
        return manifests.filter(|path| path.is_file()).collect();
    }
    let (Some(pattern), Some(directory)) = (path.file_name(), path.parent()) else {
        return Vec::new();
    };
    let pattern = pattern.to_string_lossy();
    let Some((start, end)) = pattern.split_once('*') else {
        return vec![path];
    };
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let is_meant = |name: &str| {
        name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
    };
    let entries = entries.filter(|entry| is_meant(&entry.file_name().to_string_lossy()));
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    found.sort();
    found
}

fn digest(file: &Path) -> Option<Digest> {
    let is_small = file
        .metadata()
        .is_ok_and(|it| it.is_file() && it.len() <= MOST);
    let content = is_small.then(|| fs::read(file).ok())??;
    Some(Digest::from_hash(Sha256::digest(content).into()))
}

/// Arguments that a FROM uses, with the line of the Compose file that gives them.
fn arguments(variant: &Variant, source: &Source, project: &Project) -> Vec<Input> {
    let bases = source.dockerfile.stages.iter().map(|stage| &stage.base);
    let bases: Vec<&String> = bases.filter(|base| base.contains('$')).collect();
    let args = variant.build.iter().flat_map(|spec| &spec.args);
    let used = args.filter_map(|(name, value)| {
        let forms = [format!("${name}"), format!("${{{name}")];
        let is_used = bases
            .iter()
            .any(|base| forms.iter().any(|form| base.contains(form)));
        value
            .as_ref()
            .filter(|_| is_used)
            .map(|value| (name, value))
    });
    let text = fs::read_to_string(&project.file).unwrap_or_default();
    let input = |(name, value): (&String, &String)| Input {
        file: project.short(&project.file),
        line: line_of(&text, &variant.name, name),
        used_at: None,
        argument: Some(name.clone()),
        sha256: Digest::from_hash(Sha256::digest(value.as_bytes()).into()),
    };
    used.map(input).collect()
}

/// The first line below the service that names the argument, else the first one at all.
fn line_of(text: &str, service: &str, argument: &str) -> Option<u32> {
    let numbered = || (1_u32..).zip(text.lines());
    let is_service = |line: &str| line.trim_end() == format!("  {service}:");
    let start = numbered()
        .find(|(_, line)| is_service(line))
        .map_or(0, |(number, _)| number);
    let names = |line: &str| {
        let rest = line
            .trim_start()
            .trim_start_matches("- ")
            .strip_prefix(argument);
        rest.is_some_and(|rest| rest.starts_with([':', '=']))
    };
    let found = |from: u32| numbered().find(|(number, line)| *number > from && names(line));
    found(start).or_else(|| found(0)).map(|(number, _)| number)
}
