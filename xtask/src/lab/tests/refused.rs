use crate::lab::Selection;
use crate::model::{LabProblem, Running};

use super::{RECORDED, lab, read, run_spec, service};

#[test]
fn an_unknown_lab_or_variant_names_the_nearest() {
    match read(RECORDED[0], &lab("ex8")) {
        Err(LabProblem::UnknownLab { known, nearest, .. }) => {
            assert_eq!(known, ["ex08", "ex09"]);
            assert_eq!(nearest.as_deref(), Some("ex08"));
        }
        other => panic!("{other:?}"),
    }
    let selection = Selection {
        variants: vec!["mutli".into()],
        ..lab("ex08")
    };
    match read(RECORDED[0], &selection) {
        Err(LabProblem::UnknownVariant { nearest, known, .. }) => {
            assert_eq!(nearest.as_deref(), Some("multi"));
            assert!(!known.contains(&"other".to_owned()));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_no_compose_file_is_said_to_be_none() {
    for (text, reason) in [
        ("", "NotAMapping"),
        ("just words", "NotAMapping"),
        ("a: [1", "line"),
        ("services: {}\n", "NoServices"),
        ("services: 3\n", "NoServices"),
        ("\0\u{1}", ""),
        ("services: { s: { command: x } }", "NoImage"),
    ] {
        match read(text, &Selection::default()) {
            Err(LabProblem::NotCompose { reason: found, .. }) => {
                let found = format!("{found:?}");
                assert!(found.contains(reason), "{text:?}: {found}");
            }
            other => panic!("{text:?}: {other:?}"),
        }
    }
}

#[test]
fn a_lab_without_a_service_to_take_is_a_problem() {
    for text in [
        "services: { s: { build: ., profiles: [p] } }",
        "services: { db: { image: i } }",
    ] {
        let found = read(text, &Selection::default());
        assert!(
            matches!(found, Err(LabProblem::NothingToBuild { .. })),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn a_role_is_borne_once() {
    for (first_lab, second_lab, told) in [
        ("", "", &[][..]),
        (", lab: one", ", lab: one", &[]),
        (", lab: one", ", lab: two", &["one", "two"]),
        ("", ", lab: two", &["two"]),
    ] {
        let text = format!(
            "services: {{ a: {{ image: i, x-lab: {{ role: solution{first_lab} }} }}, \
             b: {{ image: i, x-lab: {{ role: solution{second_lab} }} }} }}"
        );
        match read(&text, &Selection::default()) {
            Err(LabProblem::RoleTwice {
                first,
                second,
                role,
                labs,
            }) => {
                assert_eq!((&*first, &*second, role), ("a", "b", "solution"));
                assert_eq!(labs, told);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_policy_value_that_makes_no_sense_is_refused_with_its_key() {
    for (policy, key) in [
        ("role: teacher", "x-lab.role"),
        ("budget: big", "x-lab.budget"),
        ("budget: -1", "x-lab.budget"),
        ("budget: 99999999999999999999", "x-lab.budget"),
        ("budget: -99999999999999999999", "x-lab.budget"),
        ("budget: 1e30", "x-lab.budget"),
        (
            "max_growth: { bytes: 99999999999999999999 }",
            "x-lab.max_growth.bytes",
        ),
        ("budget: 1k", "x-lab.budget"),
        ("budget: 99999999999999999999999B", "x-lab.budget"),
        ("budget: 1e+23", "x-lab.budget"),
        ("budget: [1]", "x-lab.budget"),
        ("counts: layers, budget: 1MB", "x-lab.budget"),
        ("counts: kilos", "x-lab.counts"),
        ("run: maybe", "x-lab.run"),
        ("timeout: 10", "x-lab.timeout"),
        ("timeout: -1s", "x-lab.timeout"),
        ("max_growth: lots", "x-lab.max_growth"),
        ("max_growth: {}", "x-lab.max_growth"),
        ("max_growth: { percent: -2 }", "x-lab.max_growth.percent"),
        ("max_growth: { percent: .nan }", "x-lab.max_growth.percent"),
        ("max_growth: { bytes: 2% }", "x-lab.max_growth.bytes"),
        ("max_base_drift: inf%", "x-lab.max_base_drift"),
        ("allow_waste: [ / ]", "x-lab.allow_waste"),
        ("[ role ]", "x-lab"),
        ("yes please", "x-lab"),
    ] {
        let text = if key == "x-lab" {
            format!("x-lab: {policy}")
        } else {
            format!("x-lab: {{ {policy} }}")
        };
        match service(&text) {
            Err(LabProblem::BadValue { key: found, .. }) => assert_eq!(found, key, "{policy}"),
            other => panic!("{policy}: {other:?}"),
        }
    }
}

#[test]
fn a_mistyped_x_lab_is_not_passed_over() {
    for name in ["x-labs", "x-Lab", "x-lap"] {
        match service(&format!("{name}: {{ budget: 1kB }}")) {
            Err(LabProblem::UnknownKey { key, nearest, .. }) => {
                assert_eq!((&*key, nearest.as_deref()), (name, Some("x-lab")));
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    assert!(service("x-labels: [ a ]").is_ok());
}

#[test]
fn an_x_lab_within_a_part_of_the_service_is_not_passed_over() {
    for (lines, place) in [
        (
            "build: { context: ., x-lab: { budget: 1kB } }",
            "build.x-lab",
        ),
        ("deploy: { x-lab: { budget: 1kB } }", "deploy.x-lab"),
    ] {
        match service(lines) {
            Err(LabProblem::PolicyMisplaced { service, key }) => {
                assert_eq!((service.is_some(), &*key), (true, place));
            }
            other => panic!("{lines}: {other:?}"),
        }
    }
    assert!(service("labels: { x-lab: a }").is_ok());
}

#[test]
fn a_mistyped_policy_key_is_refused_with_the_nearest() {
    for (policy, key, near) in [
        ("bugdet: 1", "x-lab.bugdet", Some("budget")),
        (
            "max_growth: { byte: 1 }",
            "x-lab.max_growth.byte",
            Some("bytes"),
        ),
        ("zzz: 1", "x-lab.zzz", None),
    ] {
        match service(&format!("x-lab: {{ {policy} }}")) {
            Err(LabProblem::UnknownKey {
                key: found,
                nearest,
                ..
            }) => assert_eq!((&*found, nearest.as_deref()), (key, near)),
            other => panic!("{policy}: {other:?}"),
        }
    }
}

/// Every key of the Compose specification's `service` that is neither mapped nor harmless,
/// with a value that Compose prints, and a few of `build`.
const REFUSED: &[(&str, &str)] = &[
    ("volumes: [ '/a:/b' ]", "volumes"),
    ("volumes_from: [ x ]", "volumes_from"),
    ("configs: [ { source: c } ]", "configs"),
    ("secrets: [ { source: c } ]", "secrets"),
    ("devices: [ /dev/fuse ]", "devices"),
    ("device_cgroup_rules: [ 'c 1:3 mr' ]", "device_cgroup_rules"),
    ("gpus: all", "gpus"),
    ("models: [ m ]", "models"),
    ("provider: { type: x }", "provider"),
    ("cap_add: [ SYS_ADMIN ]", "cap_add"),
    ("privileged: true", "privileged"),
    ("tty: true", "tty"),
    ("stdin_open: true", "stdin_open"),
    ("oom_kill_disable: true", "oom_kill_disable"),
    ("use_api_socket: true", "use_api_socket"),
    ("security_opt: [ 'seccomp:unconfined' ]", "security_opt"),
    ("network_mode: host", "network_mode"),
    ("networks: { back: }", "networks"),
    (
        "networks: { default: { aliases: [ a ] } }",
        "networks.default",
    ),
    ("extra_hosts: [ 'a=1.1.1.1' ]", "extra_hosts"),
    ("links: [ x ]", "links"),
    ("external_links: [ x ]", "external_links"),
    ("dns: [ 1.1.1.1 ]", "dns"),
    ("dns_opt: [ x ]", "dns_opt"),
    ("dns_search: [ x ]", "dns_search"),
    ("domainname: x", "domainname"),
    ("mac_address: x", "mac_address"),
    ("ipc: host", "ipc"),
    ("pid: host", "pid"),
    ("uts: host", "uts"),
    ("userns_mode: host", "userns_mode"),
    ("cgroup: host", "cgroup"),
    ("cgroup_parent: x", "cgroup_parent"),
    ("runtime: x", "runtime"),
    ("isolation: hyperv", "isolation"),
    ("credential_spec: { file: x }", "credential_spec"),
    ("storage_opt: { size: 1G }", "storage_opt"),
    ("sysctls: { a: 1 }", "sysctls"),
    ("ulimits: { nofile: 1 }", "ulimits"),
    ("memswap_limit: '1'", "memswap_limit"),
    ("cpuset: '0'", "cpuset"),
    ("cpu_count: 1", "cpu_count"),
    ("cpu_percent: 1", "cpu_percent"),
    ("cpu_quota: 1", "cpu_quota"),
    ("cpu_period: 1", "cpu_period"),
    ("cpu_rt_period: 1", "cpu_rt_period"),
    ("cpu_rt_runtime: 1", "cpu_rt_runtime"),
    ("post_start: [ { command: x } ]", "post_start"),
    ("pre_stop: [ { command: x } ]", "pre_stop"),
    ("scale: 2", "scale"),
    ("deploy: { replicas: 2 }", "deploy.replicas"),
    (
        "deploy: { resources: { reservations: { devices: [ x ] } } }",
        "deploy.resources.reservations.devices",
    ),
    (
        "depends_on: { x: { condition: service_healthy } }",
        "depends_on.x.condition",
    ),
    ("pull_policy: always", "pull_policy"),
    ("build: { context: /c, unheard_of: 1 }", "build.unheard_of"),
    (
        "build: { context: /c, secrets: [ { source: unknown } ] }",
        "build.secrets",
    ),
];

#[test]
fn what_would_change_the_meaning_is_refused_by_name() {
    for (line, key) in REFUSED {
        match run_spec(line) {
            Err(LabProblem::Unsupported { key: found, .. }) => assert_eq!(found, *key),
            other => panic!("{line}: {other:?}"),
        }
    }
}

#[test]
fn a_service_that_is_not_run_may_say_what_it_likes_of_its_container() {
    for (line, key) in REFUSED {
        if !key.starts_with("build") && *key != "pull_policy" {
            let running = service(line).unwrap().running;
            assert!(matches!(running, Running::No(_)), "{line}");
        }
    }
}
