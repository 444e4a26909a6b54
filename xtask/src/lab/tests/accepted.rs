use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::*;

use crate::lab::{Rungs, Selection};
use crate::model::{
    BuildSpec, Bytes, Dockerfile, Flag, Growth, Lab, Measure, Needs, Role, RunSpec, Running,
    ServiceCommand, Skipped,
};

use super::{RECORDED, lab, read, run_spec, service};

const RECORDED_BUILD: &str = include_str!("../../../tests/data/compose/v2-build.yaml");

fn names(lab: &Lab) -> Vec<&str> {
    lab.variants.iter().map(|one| &*one.name).collect()
}

fn flags(build: &BuildSpec) -> Vec<String> {
    let flag = |flag: &Flag| match &flag.value {
        Some(value) => format!("{}={value}", flag.name),
        None => flag.name.to_owned(),
    };
    build.flags.iter().map(flag).collect()
}

#[test]
fn every_compose_tells_the_same_lab() {
    let selection = Selection {
        rungs: Rungs::Shown,
        // What 1.29 prints has no name of the project.
        project: Some("project".to_owned()),
        ..lab("ex08")
    };
    let [v1, v2] = RECORDED.map(|text| read(text, &selection).unwrap());
    assert_eq!(v1, v2);
    assert_eq!(names(&v2), ["single", "rung", "multi", "server"]);
    assert_eq!(
        v2.variants[3].running,
        Running::No(ServiceCommand::default())
    );
}

#[test]
fn a_recorded_build_keeps_its_meaning() {
    for text in RECORDED {
        let lab = read(text, &lab("ex08")).unwrap();
        let single = lab.variants[0].build.as_ref().unwrap();
        assert_eq!(single.context, "/project/lab/ex08");
        let file = Dockerfile::Path(PathBuf::from("/project/Dockerfile.single"));
        assert_eq!(single.dockerfile, file);
        let args = [
            ("DOLLAR", "a$b"),
            ("FLOAT", "1.5"),
            ("IMAGE", "python:3.13-slim"),
            ("NUMBER", "2"),
            ("QUOTED", "007"),
        ];
        let args = args.map(|(name, value)| (name.to_owned(), Some(value.to_owned())));
        assert_eq!(single.args, BTreeMap::from(args));
        let multi = lab.variants[1].build.as_ref().unwrap();
        assert_eq!(multi.target.as_deref(), Some("run"));
        let expected = [
            "--add-host=a:1.2.3.4",
            "--cache-from=ex08:cache",
            "--label=note=c$d",
            "--network=none",
            "--shm-size=134217728",
        ];
        assert_eq!(flags(multi), expected);
    }
}

#[test]
fn a_recorded_run_and_policy_keep_their_meaning() {
    let lab = read(RECORDED[1], &lab("ex08")).unwrap();
    let multi = &lab.variants[1];
    let texts = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    let expected = RunSpec {
        command: ServiceCommand {
            entrypoint: Some(texts(&["/bin/sh", "-c"])),
            arguments: Some(texts(&["echo", "a b", "$HOME", "c"])),
            working_dir: Some("/x".into()),
            healthcheck: texts(&["true"]),
        },
        environment: texts(&["DOLLAR=a$b", "FOO=bar", "NUM=1", "UNSET"]),
        user: Some("1000".into()),
        hostname: Some("h".into()),
        labels: BTreeMap::from([("a".into(), "1".into())]),
        init: true,
        group_add: texts(&["20"]),
        tmpfs: BTreeMap::from([("/tmp".into(), "size=64k".into())]),
        shm_size: Some(Bytes(64 << 20)),
        memory: Some(Bytes(64 << 20)),
        pids: Some(10),
        milli_cpus: Some(500),
        stop_signal: None,
        timeout: Some(Duration::from_secs(90)),
    };
    assert_eq!(multi.running, Running::Yes(Box::new(expected)));
    assert_eq!(multi.role, Some(Role::Solution));
    assert_eq!(multi.policy.budget, Some(Bytes(478)));
    let growth = Growth {
        bytes: Some(Bytes(1_000_000)),
        percent: Some(2.5),
    };
    assert_eq!(multi.policy.max_growth, Some(growth));
    assert_eq!(multi.policy.allow_waste, ["var/cache", "tmp/x"]);
    assert_eq!(lab.variants[0].policy.counts, Measure::Own);
}

#[test]
fn the_rarer_build_keys_become_flags() {
    let selection = Selection {
        variants: vec!["app".to_owned()],
        ..Selection::default()
    };
    let lab = read(RECORDED_BUILD, &selection).unwrap();
    let build = lab.variants[0].build.as_ref().unwrap();
    let inline = Dockerfile::Inline("FROM scratch\nENV A=$HOME\n".to_owned());
    assert_eq!(build.dockerfile, inline);
    assert_eq!(build.platform.as_ref().unwrap().to_string(), "linux/amd64");
    let mut flags = flags(build);
    flags.sort();
    let expected = [
        "--add-host=b:::1",
        "--allow=security.insecure",
        "--build-context=img=docker-image://a:1",
        "--build-context=src=/project/ctx",
        "--cache-from=type=local,src=/tmp/c",
        "--cache-to=type=local,dest=/tmp/c",
        "--no-cache",
        "--pull",
        "--secret=id=other,env=TOK",
        "--secret=id=tok,src=/project/tok",
        "--ssh=default",
        "--ssh=k=/project/key",
        "--tag=a:1",
        "--tag=a:2",
        "--ulimit=nofile=1:2",
        "--ulimit=nproc=3",
    ];
    assert_eq!(flags, expected);
    let local = build.flags.iter().find(|flag| flag.name == "--cache-from");
    assert_eq!(local.unwrap().needs, Needs::Buildkit);
}

#[test]
fn profiles_hide_a_service_until_it_is_asked_for() {
    let text = RECORDED[1];
    let chosen = |selection: &Selection| {
        let lab = read(text, selection).unwrap();
        names(&lab).join(" ")
    };
    assert_eq!(chosen(&lab("ex08")), "single multi server");
    let active = |profile: &str| Selection {
        profiles: vec![profile.to_owned()],
        ..lab("ex08")
    };
    assert_eq!(chosen(&active("ladder")), "single rung multi server");
    assert_eq!(chosen(&active("*")), "single rung multi server");
    assert_eq!(chosen(&active("other")), "single multi server");
    let named = Selection {
        variants: vec!["rung".into(), "single".into()],
        ..lab("ex08")
    };
    assert_eq!(chosen(&named), "single rung");
    assert_eq!(chosen(&lab("ex09")), "other");
    assert_eq!(chosen(&Selection::default()), "single multi other server");
}

#[test]
fn the_labs_name_is_found_where_all_services_agree() {
    let name = |selection: &Selection| read(RECORDED[0], selection).unwrap().name;
    assert_eq!(name(&Selection::default()), None);
    let named = Selection {
        variants: vec!["multi".into()],
        ..Selection::default()
    };
    assert_eq!(name(&named).as_deref(), Some("ex08"));
}

#[test]
fn a_budget_of_layers_is_a_count() {
    let policy = service("x-lab: { counts: layers, budget: 7, max_growth: 1 }")
        .unwrap()
        .policy;
    assert_eq!(policy.budget, Some(Bytes(7)));
    assert_eq!(policy.max_growth.unwrap().bytes, Some(Bytes(1)));
}

#[test]
fn a_platform_is_of_the_build_or_of_the_image_that_is_named() {
    for lines in [
        "{ image: i, platform: linux/arm64 }",
        "{ build: ., platform: linux/arm64 }",
        "{ build: { context: ., platforms: [linux/arm64] } }",
    ] {
        let text = format!("services: {{ s: {lines} }}");
        let selection = Selection {
            variants: vec!["s".to_owned()],
            ..Selection::default()
        };
        let lab = read(&text, &selection).unwrap();
        let platform = lab.variants[0].platform().map(ToString::to_string);
        assert_eq!(platform.as_deref(), Some("linux/arm64"), "{lines}");
    }
}

#[test]
fn what_a_variable_without_a_value_leaves_is_as_if_the_key_were_absent() {
    let keys = [
        "platform",
        "network_mode",
        "ipc",
        "shm_size",
        "mem_limit",
        "pids_limit",
        "user",
        "stop_signal",
    ];
    let blank = keys.map(|key| format!("{key}: ''")).join("\n");
    assert_eq!(run_spec(&blank).unwrap(), run_spec("init: false").unwrap());
    let lines = "build: { context: /c, network: '', shm_size: '', platforms: [''] }";
    let build = service(lines).unwrap().build.unwrap();
    assert_eq!((build.flags.len(), build.platform), (0, None));
}

#[test]
fn a_service_of_a_provider_and_one_of_an_inactive_profile_are_skipped_by_name() {
    let text = "services: { ai: { provider: { type: model } }, app: { build: . }, \
                extra: { build: ., profiles: [ more ] }, db: { image: x } }";
    let lab = read(text, &Selection::default()).unwrap();
    assert_eq!(names(&lab), ["app"]);
    let skipped = [("ai", Skipped::Provided), ("extra", Skipped::Inactive)];
    let skipped = skipped.map(|(name, why)| (name.to_owned(), why));
    assert_eq!(lab.skipped, skipped);
}

#[test]
fn an_empty_entrypoint_is_not_the_images_own() {
    assert_eq!(
        run_spec("entrypoint: []").unwrap().command.entrypoint,
        Some(Vec::new())
    );
    assert_eq!(
        run_spec("entrypoint: ''").unwrap().command.entrypoint,
        Some(Vec::new())
    );
    assert_eq!(run_spec("entrypoint:").unwrap().command.entrypoint, None);
}

#[test]
fn limits_in_deploy_count_as_those_of_the_service() {
    let limits = "deploy: { replicas: 1, resources: { limits: { memory: '67108864', cpus: '0.25', pids: 5 } } }";
    let spec = run_spec(limits).unwrap();
    assert_eq!(
        (spec.memory, spec.milli_cpus, spec.pids),
        (Some(Bytes(64 << 20)), Some(250), Some(5))
    );
    let none = run_spec("mem_limit: 0\npids_limit: -1\ncpus: 0").unwrap();
    assert_eq!(
        (none.memory, none.milli_cpus, none.pids),
        (None, None, None)
    );
}

#[test]
fn scalars_of_every_kind_are_texts() {
    let spec = run_spec("environment: { A: 1, B: true, C: 1.5, D: , E: '' }").unwrap();
    assert_eq!(spec.environment, ["A=1", "B=true", "C=1.5", "D", "E="]);
    let spec = run_spec("command: [ sleep, 1, true ]").unwrap();
    assert_eq!(spec.command.arguments.unwrap(), ["sleep", "1", "true"]);
}

#[test]
fn a_remote_context_keeps_its_dockerfile_relative() {
    let variant =
        service("build: { context: 'https://h/r.git#v1', dockerfile: sub/../D }").unwrap();
    let file = Dockerfile::Path(PathBuf::from("sub/../D"));
    assert_eq!(variant.build.unwrap().dockerfile, file);
}

proptest! {
    #[test]
    fn a_damaged_file_is_never_a_panic(
        recorded in 0_usize..2, from: prop::sample::Index, length in 0_usize..30, junk in "[\\PC\n:{\\[ -]{0,8}"
    ) {
        let text = RECORDED[recorded];
        let from = from.index(text.len());
        let to = (from + length).min(text.len());
        if text.is_char_boundary(from) && text.is_char_boundary(to) {
            let damaged = format!("{}{junk}{}", &text[..from], &text[to..]);
            let all = Selection { rungs: Rungs::Shown, ..Selection::default() };
            let _ = read(&damaged, &all);
        }
    }
}

#[test]
fn the_reference_comes_along_with_a_service_that_is_asked_for() {
    let text = |profile: &str, other: &str| {
        format!(
            "services:
  a: {{ image: i, x-lab: {{ lab: l, role: reference }}, profiles: [{profile}] }}
  b: {{ image: i, x-lab: {{ lab: l, role: solution }} }}
  c: {{ image: i, x-lab: {{ lab: l, {other} }} }}
  d: {{ image: i, x-lab: {{ lab: m, role: reference }} }}"
        )
    };
    let names = |text: &str, lab: Option<&str>, asked: &[&str]| {
        let selection = Selection {
            lab: lab.map(str::to_owned),
            variants: asked.iter().map(|name| (*name).to_owned()).collect(),
            ..Selection::default()
        };
        let names = |lab: Lab| lab.variants.into_iter().map(|it| it.name).collect();
        read(text, &selection)
            .map(names)
            .map_err(|it| it.to_string())
    };
    let plain = text("", "role: rung");
    let these = |names: &[&str]| Ok(names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
    assert_eq!(names(&plain, Some("l"), &["b"]), these(&["a", "b"]));
    assert_eq!(names(&plain, Some("l"), &["a"]), these(&["a"]));
    assert_eq!(names(&plain, None, &["d", "c"]), these(&["d", "c"]));
    let hidden = text("x", "role: rung");
    assert_eq!(names(&hidden, Some("l"), &["b"]), these(&["b"]));
    // Two would be compared with, or a policy is not understood that may name one.
    assert!(
        names(&plain, None, &["b"])
            .unwrap_err()
            .contains("reference")
    );
    assert!(names(&text("", "roll: rung"), Some("l"), &["b"]).is_err());
}
