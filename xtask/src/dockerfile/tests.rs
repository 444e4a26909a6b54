use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::model::{Builder, Platform};

use super::substitute::substitute;
use super::{Dockerfile, Form, Instruction, Origin, parse, platform_args};

fn no_args() -> BTreeMap<String, Option<String>> {
    BTreeMap::new()
}

fn args(pairs: &[(&str, &str)]) -> BTreeMap<String, Option<String>> {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), Some((*value).to_owned()));
    pairs.iter().map(pair).collect()
}

fn all(file: &Dockerfile) -> Vec<&Instruction> {
    let staged = file
        .stages
        .iter()
        .flat_map(|stage| std::iter::once(&stage.from).chain(&stage.instructions));
    file.preamble.iter().chain(staged).collect()
}

fn texts(text: &str) -> Vec<String> {
    all(&parse(text)).iter().map(|i| i.text.clone()).collect()
}

#[test]
fn comments_and_empty_lines_inside_a_continued_instruction_are_passed_over() {
    let file = parse("FROM a\nRUN one && \\\n  # why\n\n\ttwo \\\n    three\nCMD [\"x\"]\n");
    let run = &file.stages[0].instructions[0];
    assert_eq!(run.text, "RUN one && two three");
    assert_eq!(run.arguments, "one && \ttwo     three");
    assert_eq!((run.line, run.end_line), (2, 6));
    assert_eq!(file.stages[0].instructions[1].line, 7);
    assert_eq!(
        file.stages[0].instructions[1].form,
        Form::Json(vec!["x".into()])
    );
}

#[test]
fn the_escape_directive_changes_the_continuation_character() {
    let windows = "# escape=`\nFROM a\nCOPY x c:\\\nRUN a `\n b\n";
    assert_eq!(texts(windows), ["FROM a", "COPY x c:\\", "RUN a b"]);
    let comment_first = "# hello\n# escape=`\nFROM a\nRUN a `\n b\n";
    assert_eq!(texts(comment_first), ["FROM a", "RUN a `", "B"]);
}

#[test]
fn an_escaped_escape_character_continues_nothing() {
    assert_eq!(texts("FROM a\nRUN echo \\\\\nRUN b\n").len(), 3);
}

#[test]
fn carriage_returns_and_a_byte_order_mark_do_no_harm() {
    let file = parse("\u{feff}FROM a AS B\r\nRUN x \\\r\n  y\r\n");
    assert_eq!(file.stages[0].name.as_deref(), Some("b"));
    assert_eq!(file.stages[0].instructions[0].text, "RUN x y");
}

#[test]
fn heredocs_belong_to_their_instruction() {
    let file = parse(concat!(
        "FROM a\n",
        "RUN <<EOF cat <<-'TWO'\nFROM inside\nEOF\n\tbody \\\n\tTWO\n",
        "COPY <<\"a.txt\" /a\n# kept\n$X\na.txt\n",
        "RUN [\"cat\", \"<<EOF\"]\nONBUILD RUN <<X\nlater\nX\nUSER u\n",
    ));
    let [run, copy, json, onbuild, user] = &file.stages[0].instructions[..] else {
        panic!("{:#?}", file.stages[0].instructions)
    };
    assert_eq!((run.line, run.end_line), (2, 6));
    let heredoc = &run.heredocs[0];
    assert_eq!(
        (&*heredoc.name, &*heredoc.body, heredoc.expand),
        ("EOF", "FROM inside\n", true)
    );
    let second = &run.heredocs[1];
    assert_eq!((second.chomp, second.expand), (true, false));
    assert_eq!(second.body, "\tbody \\\n");
    assert_eq!(copy.heredocs[0].body, "# kept\n$X\n");
    assert!(!copy.heredocs[0].expand && json.heredocs.is_empty());
    let trigger = onbuild.trigger.as_deref().unwrap();
    assert_eq!((&*trigger.text, trigger.line), ("RUN <<X", 12));
    assert_eq!(trigger.heredocs[0].body, "later\n");
    assert_eq!(user.line, 15);
}

#[test]
fn what_only_looks_like_a_heredoc_takes_no_lines() {
    for line in [
        "RUN cat <<<EOF",
        "RUN a << EOF",
        "RUN echo '<<EOF",
        "ENV X=<<EOF",
        "RUN $((1<<2))",
    ] {
        assert_eq!(
            texts(&format!("FROM a\n{line}\nUSER u\n")).len(),
            3,
            "{line}"
        );
    }
}

#[test]
fn what_only_buildkit_understands_is_found_on_the_way_to_the_target() {
    let found = |text: &str, target| {
        let file = parse(text);
        let (instruction, what) = file.beyond_classic(target)?;
        Some((instruction.line, what))
    };
    let said = |line, what: &str| Some((line, what.to_owned()));
    let text = "FROM a AS one\nCOPY --chown=1 x /\nRUN make\nFROM b\nRUN --mount=type=cache,target=/c make\n";
    assert_eq!(found(text, None), said(5, "RUN --mount"));
    assert_eq!(found(text, Some("one")), None);
    assert_eq!(
        found("FROM a\nRUN <<END\nmake\nEND\n", None),
        said(2, "RUN <<END")
    );
    assert_eq!(
        found("FROM a\nCOPY --link x /\n", None),
        said(2, "COPY --link")
    );
    assert_eq!(found("FROM a\nRUN grep --mount <<<word\n", None), None);
    assert_eq!(found("FROM a\nCOPY --form=a x /\n", None), None);
}

#[test]
fn flags_are_read_apart_from_the_arguments() {
    let file = parse(
        "FROM --platform=$BUILDPLATFORM a as B\nCOPY --from=x --link \"--chmod=1 2\" a --b c\n",
    );
    assert_eq!(file.stages[0].base, "a");
    assert_eq!(file.stages[0].from.flag("platform"), Some("$BUILDPLATFORM"));
    let copy = &file.stages[0].instructions[0];
    assert_eq!(copy.flags.len(), 2);
    assert_eq!(copy.arguments, "\"--chmod=1 2\" a --b c");
}

#[test]
fn stages_are_found_by_name_and_number_and_the_last_is_the_default() {
    let file = parse("FROM a AS One\nFROM b\n");
    assert_eq!(file.target_stage(None).unwrap().index, 1);
    assert_eq!(file.target_stage(Some("ONE")).unwrap().index, 0);
    assert_eq!(file.target_stage(Some("1")).unwrap().label(), "1");
    assert!(file.target_stage(Some("two")).is_none());
    assert!(parse("").target_stage(None).is_none());
}

const LADDER: &str = "\
ARG IMAGE=python:3.13-slim TAG
FROM ${IMAGE} AS build
RUN make
FROM other${TAG:+:$TAG} AS unused
FROM build AS mid
ONBUILD RUN late
COPY --from=tools:1 /t /t
FROM mid AS last
RUN --mount=type=bind,from=unused,target=/u --mount=type=cache,target=/c true
COPY --from=build /a /a
FROM scratch AS empty
COPY --from=1 /x /x
COPY --from=$X /y /y
";

#[test]
fn the_images_that_a_build_needs_depend_on_target_and_builder() {
    let file = parse(LADDER);
    let bases =
        |target, args: &[(&str, &str)], builder| file.bases(target, &self::args(args), builder);
    assert_eq!(
        bases(Some("last"), &[], Builder::Buildkit),
        ["python:3.13-slim", "other", "tools:1"]
    );
    assert_eq!(bases(None, &[("TAG", "2")], Builder::Buildkit), ["other:2"]);
    assert_eq!(
        bases(None, &[("IMAGE", "p")], Builder::Classic),
        ["p", "other", "tools:1"]
    );
    assert_eq!(
        bases(Some("build"), &[], Builder::Classic),
        ["python:3.13-slim"]
    );
    assert!(bases(Some("nowhere"), &[], Builder::Classic).is_empty());
}

#[test]
fn an_argument_without_a_value_leaves_the_default() {
    let file = parse("ARG I=a\nFROM $I\n");
    let unset = BTreeMap::from([("I".to_owned(), None)]);
    assert_eq!(file.bases(None, &unset, Builder::Buildkit), ["a"]);
    let undeclared = parse("FROM a$I\n").bases(None, &args(&[("I", "x")]), Builder::Buildkit);
    assert_eq!(undeclared, ["a"]);
}

#[test]
fn a_stage_chosen_by_architecture_is_followed_once_the_platform_is_known() {
    let file = parse("FROM x AS base-amd64\nFROM y AS base-arm64\nFROM base-$TARGETARCH\n");
    let here = platform_args(&Platform::parse("linux/arm64").unwrap());
    assert_eq!(file.bases(None, &here, Builder::Buildkit), ["y"]);
    assert!(file.bases(None, &no_args(), Builder::Buildkit).is_empty());
    let unknown = file.lineage(None, &no_args()).unwrap().origin;
    assert_eq!(unknown, Origin::Unknown("base-$TARGETARCH".into()));
}

#[test]
fn a_stage_that_bears_its_bases_name_stands_on_the_image() {
    let file = parse("FROM python AS python\nRUN a\nFROM python\n");
    let lineage = file.lineage(None, &no_args()).unwrap();
    assert_eq!(lineage.origin, Origin::Image("python".into()));
    assert_eq!(lineage.steps.len(), 1);
}

#[test]
fn a_lineage_goes_from_the_base_to_the_target_with_what_onbuild_sets_off() {
    let file = parse(LADDER);
    let lineage = file.lineage(Some("last"), &no_args()).unwrap();
    assert_eq!(lineage.origin, Origin::Image("python:3.13-slim".into()));
    let steps: Vec<_> = lineage
        .steps
        .iter()
        .map(|step| (step.stage.label(), &*step.instruction.keyword))
        .collect();
    let expected = [
        ("build", "RUN"),
        ("mid", "ONBUILD"),
        ("mid", "COPY"),
        ("last", "RUN"),
        ("last", "RUN"),
        ("last", "COPY"),
    ];
    assert_eq!(
        steps,
        expected.map(|(stage, word)| (stage.to_owned(), word))
    );
    assert_eq!(lineage.steps[3].instruction.text, "RUN late");
    let scratch = file.lineage(None, &no_args()).unwrap();
    assert_eq!(scratch.origin, Origin::Scratch);
}

#[test]
fn defaults_inside_defaults_are_followed_so_far_and_no_further() {
    let nested = |count: usize| {
        let file = format!("FROM {}x{}\n", "${A:-".repeat(count), "}".repeat(count));
        parse(&file).bases(None, &no_args(), Builder::Buildkit)
    };
    assert_eq!(nested(64), ["x"]);
    for count in [65, 200_000] {
        assert_eq!(nested(count), Vec::<String>::new(), "{count}");
    }
}

#[test]
fn variables_are_filled_in_as_the_builder_does() {
    let values = BTreeMap::from(
        [("X", "v"), ("EMPTY", "")].map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    for (word, expected) in [
        ("a$X-b", Some("av-b")),
        ("${X}${EMPTY}$NONE", Some("v")),
        ("${EMPTY:-d}${EMPTY-e}${NONE-f}", Some("df")),
        ("${X:+a}${EMPTY:+b}${EMPTY+c}${NONE+d}", Some("ac")),
        ("${NONE:-${X:-y}:1}", Some("v:1")),
        ("\\$X'$X'\"$X\"", Some("$X$Xv")),
        ("${X:?needed}", Some("v")),
        ("${NONE:?needed}", None),
        ("${X%v}", None),
        ("${X", None),
        ("'open", None),
        ("$TARGETARCH", None),
        ("100$", Some("100$")),
    ] {
        assert_eq!(substitute(word, &values).as_deref(), expected, "{word}");
    }
}

/// An instruction as lines, with what it must be read as.
fn instruction() -> impl Strategy<Value = (Vec<String>, &'static str, usize)> {
    let word = "[a-z]{1,6}";
    let filler = prop_oneof![
        Just(String::new()),
        Just("  # note \\".to_owned()),
        Just("\t".to_owned())
    ];
    let plain = (
        prop_oneof![Just("RUN"), Just("run"), Just("FROM"), Just("CMD")],
        prop::collection::vec((word, prop::collection::vec(filler, 0..3)), 1..4),
    )
        .prop_map(|(keyword, parts)| {
            let last = parts.len() - 1;
            let mut lines = Vec::new();
            for (index, (part, fillers)) in parts.into_iter().enumerate() {
                let start = if index == 0 { keyword } else { "   " };
                let end = if index == last { "" } else { " \\ " };
                lines.push(format!("{start} {part}{end}"));
                lines.extend(fillers.into_iter().filter(|_| index != last));
            }
            (lines, keyword, 0)
        });
    let body = prop::collection::vec("(FROM |RUN |# )?[a-z]{0,5}( \\\\)?", 0..4);
    let heredoc = (body, any::<bool>()).prop_map(|(body, tabs)| {
        let mark = if tabs { "<<-" } else { "<<" };
        let mut lines = vec![format!("COPY {mark}E_0 <<'E_1' /x")];
        lines.extend(body);
        lines.push(if tabs { "\t\tE_0" } else { "E_0" }.to_owned());
        lines.push("E_1".to_owned());
        (lines, "COPY", 2)
    });
    prop_oneof![3 => plain, 1 => heredoc]
}

proptest! {
    #[test]
    fn every_instruction_covers_exactly_its_own_lines(
        blocks in prop::collection::vec((instruction(), 0_usize..3), 0..12)
    ) {
        let mut text = String::new();
        let mut expected = Vec::new();
        let mut line = 1;
        for ((lines, keyword, heredocs), gap) in blocks {
            for _ in 0..gap {
                text.push_str("# between\n\n");
            }
            line += 2 * gap;
            let raw = lines.join("\n");
            let end = line + lines.len() - 1;
            text.push_str(&raw);
            text.push('\n');
            expected.push((keyword.to_uppercase(), heredocs, line, end, raw));
            line = end + 1;
        }
        let file = parse(&text);
        let found: Vec<_> = all(&file)
            .into_iter()
            .map(|found| (
                found.keyword.clone(),
                found.heredocs.len(),
                found.line as usize,
                found.end_line as usize,
                found.raw.clone(),
            ))
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn any_text_is_read_without_a_panic_and_lines_only_grow(text in "(\\PC|[\\\\#<'\"$`\n\t]|FROM |RUN |<<E|\nE\n){0,60}") {
        let file = parse(&text);
        let _ = file.bases(None, &no_args(), Builder::Classic);
        let mut last = 0;
        for found in all(&file) {
            prop_assert!(found.line > last && found.end_line >= found.line);
            last = found.end_line;
        }
        prop_assert!(last as usize <= text.split('\n').count());
    }

    #[test]
    fn a_default_is_used_exactly_where_there_is_no_value(
        value in prop::option::of("[a-z]{0,3}"), default in "[a-z:/.]{0,6}"
    ) {
        let values: BTreeMap<_, _> = value.clone().map(|v| ("X".to_owned(), v)).into_iter().collect();
        let colon = value.clone().filter(|v| !v.is_empty());
        let filled = |word: &str| substitute(&word.replace('D', &default), &values).unwrap();
        prop_assert_eq!(filled("${X:-D}"), colon.clone().unwrap_or(default.clone()));
        prop_assert_eq!(filled("${X-D}"), value.clone().unwrap_or(default.clone()));
        prop_assert_eq!(filled("${X:+D}"), colon.map(|_| default.clone()).unwrap_or_default());
        prop_assert_eq!(filled("${X+D}"), value.clone().map(|_| default.clone()).unwrap_or_default());
        prop_assert_eq!(filled("<$X>"), format!("<{}>", value.unwrap_or_default()));
    }
}

#[test]
fn the_arguments_of_bases_are_those_that_a_from_names() {
    let file = parse(
        "ARG BASE=a:1\nARG BASE_TAG\nARG TOKEN\nARG OTHER=x\nFROM ${BASE:-b} AS one\n\
         ARG LATE\nRUN echo $TOKEN\nFROM $BASE_TAG\nFROM $OTHERS\n",
    );
    let names: Vec<String> = file.args_of_bases().into_iter().collect();
    assert_eq!(names, ["BASE", "BASE_TAG"]);
}
