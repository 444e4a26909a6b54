use std::cmp::Reverse;
use std::path::{Component, Path, PathBuf};

use crate::model::{Exercise, Expected, Forbidden, Given, LabProblem, Medal, nearest, size};

use super::node::Node;

const KEYS: [&str; 10] = [
    "submission",
    "folder",
    "script",
    "command",
    "output",
    "given",
    "canary",
    "forbidden",
    "medals",
    "texts",
];

/// Those that may be left out.
const OPTIONAL: [&str; 3] = ["forbidden", "medals", "texts"];

/// What `x-lab.exercise` says. Its paths begin at the Compose file's directory, the names of
/// given files at `folder`.
pub(super) fn read(exercise: &Node<'_>, directory: &Path) -> Result<Exercise, LabProblem> {
    for (name, node) in exercise.entries()? {
        if !KEYS.contains(&name.as_str()) {
            return Err(LabProblem::UnknownKey {
                service: node.service.to_owned(),
                key: node.key,
                nearest: nearest(&name, KEYS),
            });
        }
    }
    let named = |name: &'static str| named(exercise, name);
    for name in KEYS.into_iter().filter(|it| !OPTIONAL.contains(it)) {
        named(name)?;
    }
    let path = |name| Ok::<_, LabProblem>(directory.join(inside(&named(name)?)?));
    let texts = exercise.get("texts")?;
    let texts = texts.map(|node| Ok::<_, LabProblem>(directory.join(inside(&node)?)));
    let script = inside(&named("script")?)?;
    let given = given(&named("given")?)?;
    if given.iter().all(|it| it.name != script) {
        return Err(named("script")?.bad(Expected::Given));
    }
    let command = named("command")?.texts()?;
    if command.is_empty() {
        return Err(named("command")?.bad(Expected::Command));
    }
    Ok(Exercise {
        submission: path("submission")?,
        folder: path("folder")?,
        script,
        output: inside(&named("output")?)?,
        command,
        given,
        canary: path("canary")?,
        forbidden: forbidden(exercise)?,
        medals: medals(exercise)?,
        texts: texts.transpose()?,
    })
}

fn named<'a>(exercise: &Node<'a>, name: &str) -> Result<Node<'a>, LabProblem> {
    exercise
        .get(name)?
        .ok_or_else(|| exercise.bad(Expected::Exercise))
}

/// A relative path that stays below where it begins, with `/` between its parts.
fn inside(node: &Node<'_>) -> Result<String, LabProblem> {
    let text = node.text()?;
    let mut path = PathBuf::new();
    for part in Path::new(&text).components() {
        match part {
            Component::CurDir => {}
            Component::Normal(part) => path.push(part),
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => {
                return Err(node.bad(Expected::PathInside));
            }
        }
    }
    match path.to_str() {
        Some(path) if !path.is_empty() => Ok(path.to_owned()),
        _ => Err(node.bad(Expected::PathInside)),
    }
}

fn given(node: &Node<'_>) -> Result<Vec<Given>, LabProblem> {
    let entries = node.entries()?.into_iter();
    let given = entries.map(|(name, node)| {
        let sha256 = node.text()?.parse();
        let sha256 = sha256.map_err(|_| node.bad(Expected::Sha256))?;
        let is_plain = Path::new(&name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !is_plain {
            return Err(node.bad(Expected::PathInside));
        }
        Ok(Given { name, sha256 })
    });
    given.collect()
}

fn forbidden(exercise: &Node<'_>) -> Result<Vec<Forbidden>, LabProblem> {
    let parts = exercise.get("forbidden")?;
    let parts = parts.map(|node| node.entries()).transpose()?;
    let parts = parts.into_iter().flatten().map(|(part, node)| {
        let names = node.texts()?;
        Ok(Forbidden { part, names })
    });
    parts.collect()
}

fn medals(exercise: &Node<'_>) -> Result<Vec<Medal>, LabProblem> {
    let medals = exercise.get("medals")?;
    let medals = medals.map(|node| node.entries()).transpose()?;
    let medals = medals.into_iter().flatten().map(|(name, node)| {
        let at_most = size::policy(&node.text()?).ok_or_else(|| node.bad(Expected::Size))?;
        Ok(Medal { name, at_most })
    });
    let mut medals = medals.collect::<Result<Vec<_>, LabProblem>>()?;
    medals.sort_by_key(|medal| Reverse(medal.at_most));
    Ok(medals)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Resolved, Selection};
    use crate::model::{Bytes, Exercise, Expected, LabProblem};

    const WHOLE: &str = "submission: lab/t/Dockerfile\n\
        folder: ./lab/t\n\
        script: script.sh\n\
        command: [sh, script.sh]\n\
        output: out/put.txt\n\
        given: { script.sh: 'sha256:0000000000000000000000000000000000000000000000000000000000000007' }\n\
        canary: lab/t/canary.sh\n\
        forbidden: { compiler: ['gcc*', cc1], python: 'python*' }\n\
        medals: { small: 1kB, huge: 1GB, big: 20 MB }";

    fn read(exercise: &str) -> Result<Exercise, LabProblem> {
        let exercise = exercise.replace('\n', "\n        ");
        let text = format!(
            "services:\n  s:\n    image: i\n    build: {{ context: /c }}\n    x-lab:\n      lab: t\n      exercise:\n        {exercise}\n"
        );
        let resolved = Resolved::read(&text, Path::new("/p/compose.yaml"))?;
        let lab = resolved.select(&Selection::default())?;
        let variant = lab.variants.into_iter().next();
        Ok(*variant.and_then(|it| it.exercise).expect("it has one"))
    }

    #[test]
    fn an_exercise_is_read_with_its_paths_and_its_medals_from_the_largest() {
        let exercise = read(WHOLE).unwrap();
        assert_eq!(exercise.submission, Path::new("/p/lab/t/Dockerfile"));
        assert_eq!(exercise.folder, Path::new("/p/lab/t"));
        assert_eq!(exercise.canary, Path::new("/p/lab/t/canary.sh"));
        assert_eq!(exercise.output, "out/put.txt");
        assert_eq!(exercise.given[0].name, "script.sh");
        assert_eq!(exercise.texts, None);
        let medals = exercise.medals.iter();
        let medals: Vec<_> = medals.map(|it| (it.name.as_str(), it.at_most)).collect();
        assert_eq!(
            medals,
            [
                ("huge", Bytes(1_000_000_000)),
                ("big", Bytes(20_000_000)),
                ("small", Bytes(1_000))
            ]
        );
        assert_eq!(exercise.forbidden.len(), 2);
    }

    #[test]
    fn what_an_exercise_lacks_or_has_wrong_is_named() {
        let found = |from: &str, to: &str| {
            assert!(WHOLE.contains(from), "{from}");
            match read(&WHOLE.replacen(from, to, 1)) {
                Err(LabProblem::BadValue { key, expected, .. }) => (key, Some(expected)),
                Err(LabProblem::UnknownKey { key, .. }) => (key, None),
                other => panic!("{other:?}"),
            }
        };
        let key = |name: &str| format!("x-lab.exercise{name}");
        for (from, to, name, expected) in [
            ("output: out/put.txt\n", "", "", Some(Expected::Exercise)),
            (
                "out/put.txt",
                "../put.txt",
                ".output",
                Some(Expected::PathInside),
            ),
            (
                "lab/t/canary.sh",
                "/etc/passwd",
                ".canary",
                Some(Expected::PathInside),
            ),
            (
                "script: script.sh",
                "script: other.sh",
                ".script",
                Some(Expected::Given),
            ),
            (
                "'sha256:0",
                "'sha256:x",
                ".given.script.sh",
                Some(Expected::Sha256),
            ),
            ("20 MB", "many", ".medals.big", Some(Expected::Size)),
            ("medals:", "medal:", ".medal", None),
        ] {
            assert_eq!(found(from, to), (key(name), expected), "{from}");
        }
    }
}
