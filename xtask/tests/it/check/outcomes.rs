use std::thread;

use super::course::{BUILD, Course, SHOW, outcomes};
use crate::live::docker;

const ALL_PASS: &str =
    "builds pass, runs pass, shows pass, follows pass, separate pass, clean pass, lighter pass";

fn good() -> String {
    format!("{BUILD}{SHOW}")
}

#[test]
#[ignore = "needs Docker"]
fn a_second_exercise_needs_no_rust() {
    let course = Course::with(&good());
    let (checked, json) = course.json(&[]);
    assert_eq!(outcomes(&json), ALL_PASS, "{checked:?}");
    assert_eq!(
        (checked.code, json["outcome"].as_str()),
        (Some(0), Some("accepted"))
    );
    assert_eq!(json["medal"]["name"], "small");
    assert_eq!(json["next"]["medal"]["name"], "tiny");
    let size = json["size"].as_u64().unwrap();
    assert_eq!(json["next"]["save"].as_u64(), Some(size - 1_000));
    // Most of it is the C library, which one line copies.
    assert_eq!(json["next"]["step"]["line"], 7);
    // The lab's own tags are not there, and so did not move.
    for tag in ["all", "mine"] {
        let found = docker(&["image", "inspect", &format!("{}:{tag}", course.lab)]);
        assert!(!found.status.success(), "{tag}");
    }
    let table = course.check(&[]).text();
    assert!(table.contains("course/Dockerfile (2 stages"), "{table}");
    assert!(
        table.lines().count() <= 24 && table.contains("medal “small”"),
        "{table}"
    );
}

#[test]
#[ignore = "needs Docker"]
fn each_fault_fails_its_check_and_skips_what_needs_it() {
    let show = |from: &str, to: &str| {
        assert!(SHOW.contains(from), "{from}");
        format!("{BUILD}{}", SHOW.replacen(from, to, 1))
    };
    let build = |from: &str, to: &str| {
        assert!(BUILD.contains(from), "{from}");
        format!("{}{SHOW}", BUILD.replacen(from, to, 1))
    };
    for (dockerfile, failed) in [
        (build("RUN sh count.sh", "RUN sh counts.sh"), "builds"),
        (show("/bin/cat /bin/cat", "/bin/cat /bin/dog"), "runs"),
        (
            show("\"/count.txt\"]", "\"/count.txt\", \"/count.txt\"]"),
            "shows",
        ),
        (
            build(
                "RUN sh count.sh",
                "RUN mkdir out; printf '3…\\n2…\\n1…\\n' > out/count.txt",
            ),
            "follows",
        ),
        (
            format!("{BUILD}CMD [\"cat\", \"out/count.txt\"]\n"),
            "separate",
        ),
        (
            format!(
                "{BUILD}FROM lab/python:offline\nCOPY --from=build /work/out/count.txt /\nCMD [\"cat\", \"/count.txt\"]\n"
            ),
            "clean",
        ),
        (
            format!(
                "{BUILD}RUN head -c 250000000 /dev/zero > /big\n{SHOW}COPY --from=build /big /big\n"
            ),
            "lighter",
        ),
    ] {
        let course = Course::with(&dockerfile);
        let (checked, json) = course.json(&[]);
        assert_eq!(checked.code, Some(1), "{failed}: {checked:?}");
        let first = json["checks"].as_array().unwrap().iter();
        let mut first = first.filter(|check| check["outcome"] == "fail");
        let first = first.next().unwrap();
        assert_eq!(first["id"], failed, "{checked:?}");
        assert!(first["cause"].is_string() && first["message"].is_string());
        assert_eq!(json["cause"], first["cause"]);
        assert!(json["medal"].is_null());
        for check in json["checks"].as_array().unwrap() {
            assert_eq!(check["outcome"] == "skipped", check["because"].is_string());
        }
        let table = course.check(&[]).text();
        assert!(table.lines().count() <= 24, "{failed}: {table}");
        assert!(
            table.lines().all(|line| line.chars().count() <= 80),
            "{table}"
        );
    }
}

#[test]
#[ignore = "needs Docker"]
fn every_format_tells_the_same_check_in_both_languages() {
    let course = Course::with(&format!("{BUILD}CMD [\"cat\", \"out/count.txt\"]\n"));
    let path = |name: &str| course.path(name).display().to_string();
    let outputs = ["markdown=m.md", "html=p.html", "junit=j.xml", "json=r.json"];
    let outputs = outputs.map(|it| {
        format!(
            "--output={}",
            it.replacen('=', &format!("={}/", path("")), 1)
        )
    });
    let mut words: Vec<&str> = outputs.iter().map(String::as_str).collect();
    words.extend(["--lang", "fr"]);
    let checked = course.check(&words);
    assert_eq!(checked.code, Some(1), "{checked:?}");
    assert!(checked.text().contains("votre Dockerfile"), "{checked:?}");
    let read = |name: &str| std::fs::read_to_string(course.path(name)).unwrap();
    for (name, holds) in [
        ("m.md", "<code>separate</code>"),
        ("p.html", "<code>separate</code>"),
        ("j.xml", "<testcase name=\"separate\""),
        ("r.json", "\"schema\": \"check-report/1\""),
    ] {
        assert!(read(name).contains(holds), "{name}: {}", read(name));
    }
    let junit = read("j.xml");
    assert!(
        junit.contains("tests=\"7\" failures=\"1\" errors=\"0\""),
        "{junit}"
    );
    assert!(
        quick_junit::Report::deserialize_from_str(&junit).is_ok(),
        "{junit}"
    );
}

#[test]
#[ignore = "needs Docker"]
fn the_canary_is_built_from_the_cache_while_nothing_changes() {
    let course = Course::with(&good());
    course.check(&[]);
    let again = course.check(&[]);
    let cached = again.stderr.lines().filter(|it| it.contains("all cached"));
    assert_eq!(cached.count(), 3, "{again:?}");
    let words = ["expected", "running expected"];
    assert!(
        !words.iter().any(|it| again.stderr.contains(it)),
        "{again:?}"
    );
    course.write("course/Dockerfile", &format!("{}# A word.\n", good()));
    let other = course.check(&[]);
    assert!(
        !other.stderr.contains("canary built in")
            || !other
                .stderr
                .lines()
                .any(|it| it.contains("canary built") && it.contains("all cached")),
        "{other:?}"
    );
}

#[test]
#[ignore = "needs Docker"]
fn two_checks_at_once_do_not_disturb_each_other() {
    let course = Course::with(&good());
    course.write(
        "bad/Dockerfile",
        &format!("{BUILD}CMD [\"cat\", \"out/count.txt\"]\n"),
    );
    let passes = |words: &[&str]| {
        let (_, json) = course.json(words);
        outcomes(&json) == ALL_PASS
    };
    for _ in 0..3 {
        thread::scope(|scope| {
            let one = scope.spawn(|| passes(&[]));
            let other = scope.spawn(|| passes(&["bad"]));
            assert!(one.join().unwrap());
            assert!(!other.join().unwrap());
        });
    }
}

#[test]
#[ignore = "needs Docker"]
fn hints_come_one_at_a_time_and_are_remembered() {
    let course = Course::with(&format!("{BUILD}CMD [\"cat\", \"out/count.txt\"]\n"));
    let hints = |words: &[&str]| {
        let (_, json) = course.json(words);
        json["hints"].as_array().unwrap().len()
    };
    assert_eq!(hints(&[]), 1);
    assert_eq!(hints(&[]), 1);
    assert_eq!(hints(&["--hint"]), 2);
    assert_eq!(hints(&[]), 2);
    assert_eq!(hints(&["--hint"]), 3);
    assert_eq!(hints(&["--hint"]), 3);
}

#[test]
#[ignore = "needs Docker"]
fn a_base_that_is_out_of_reach_is_replaced_by_what_was_typed() {
    let course = Course::with(&good().replace("lab/python:offline", "registry.invalid/tools:7"));
    let (checked, json) = course.json(&[]);
    assert_eq!(
        (checked.code, json["outcome"].as_str()),
        (Some(2), Some("undecided")),
        "{checked:?}"
    );
    assert_eq!(
        (json["cause"].as_str(), json["checks"][0]["line"].as_u64()),
        (Some("base-unreachable"), Some(1))
    );
    let typed = "registry.invalid/tools:7=lab/python:offline";
    let (checked, json) = course.json(&["--base", typed]);
    assert_eq!(outcomes(&json), ALL_PASS, "{checked:?}");
    assert_eq!(json["replaced"][0]["by"], "lab/python:offline");
    let unknown = course.check(&["--base", "nobody:1=x", "--offline"]);
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    let mut said = unknown.text();
    said.push_str(&unknown.stderr);
    assert!(said.contains("nobody:1"), "{unknown:?}");
}
