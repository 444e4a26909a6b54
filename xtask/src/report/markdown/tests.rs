use proptest::prelude::*;

use crate::model::{EngineKind, Format, Language};
use crate::report::sample::{
    accepted, made_on, matrix, merged, platforms, regressed, rejected, told,
};
use crate::report::{LabReport, Look, MergedReport, Styles, VariantReport, render, render_merged};

const LANGUAGES: [(Language, &str); 2] = [(Language::English, "en"), (Language::French, "fr")];

fn comment(report: &LabReport, language: Language) -> String {
    let look = Look {
        language,
        width: 80,
        styles: Styles::none(),
    };
    let mut out = Vec::new();
    render(report, Format::Markdown, &look, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_samples_look_as_they_did() {
    for (language, code) in LANGUAGES {
        for (report, name) in [
            (accepted(), "accepted"),
            (rejected(), "rejected"),
            (regressed(), "regressed"),
        ] {
            insta::assert_snapshot!(format!("{name}-{code}"), comment(&report, language));
        }
    }
}

/// The tags that the renderer writes itself.
const TAGS: [&str; 13] = [
    "!-- lab-kit:",
    "!-- -->",
    "details>",
    "details open>",
    "/details>",
    "summary>",
    "/summary>",
    "pre>",
    "/pre>",
    "code>",
    "/code>",
    "sub>",
    "/sub>",
];

fn assert_harmless(text: &str) {
    for (at, _) in text.match_indices('<') {
        let rest = &text[at + 1..];
        assert!(
            TAGS.iter().any(|tag| rest.starts_with(tag)),
            "{}",
            &rest[..rest.len().min(40)]
        );
    }
    assert!(!text.contains(|one: char| one.is_control() && one != '\n'));
    assert_eq!(
        text.matches("<pre>").count(),
        text.matches("</pre>").count()
    );
    let outside = outside_of_code(text);
    for (at, _) in outside.match_indices('@') {
        let next = outside[at + 1..].chars().next();
        assert!(
            !next.is_some_and(char::is_alphanumeric),
            "{}",
            &outside[at..]
        );
    }
    assert!(!outside.contains("://"));
}

/// Without what GitHub shows as code, where it links nothing.
fn outside_of_code(text: &str) -> String {
    let mut outside = String::new();
    let mut rest = text;
    while let Some(start) = [rest.find("<pre>"), rest.find("<code>")]
        .into_iter()
        .flatten()
        .min()
    {
        let end = if rest[start..].starts_with("<pre>") {
            "</pre>"
        } else {
            "</code>"
        };
        outside.push_str(&rest[..start]);
        rest = &rest[start..];
        rest = &rest[rest.find(end).unwrap()..];
    }
    outside + rest
}

fn merged_comment(merged: &MergedReport, language: Language) -> String {
    let look = Look {
        language,
        width: 80,
        styles: Styles::none(),
    };
    let mut out = Vec::new();
    render_merged(merged, Format::Markdown, &look, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn several_reports_are_one_comment() {
    for (language, code) in LANGUAGES {
        let text = merged_comment(&platforms(), language);
        insta::assert_snapshot!(format!("platforms-{code}"), text);
        let text = merged_comment(&matrix(), language);
        assert_harmless(&text);
        assert_eq!(text.matches("<!-- lab-kit:").count(), 1);
        assert!(text.starts_with("<!-- lab-kit:ex08-ex09-b-x -->\n"));
        let errors = matrix().shards()[3].errors().count();
        let findings = text.split("<details").next().unwrap();
        assert_eq!(findings.matches("\n- ❌").count(), errors);
        assert_eq!(
            text.matches("<details").count(),
            text.matches("</details>").count()
        );
    }
}

#[test]
fn reports_with_a_baseline_say_what_changed_as_one_does_and_how_to_accept_it_once() {
    let arm = made_on(regressed(), "linux/arm64", (EngineKind::Podman, "5.4.2"));
    let both = merged(vec![arm, regressed()]);
    for (language, _) in LANGUAGES {
        let (one, text) = (
            comment(&regressed(), language),
            merged_comment(&both, language),
        );
        assert_harmless(&text);
        let title = |text: &str| {
            text.lines()
                .find(|it| it.starts_with("### "))
                .unwrap()
                .to_owned()
        };
        let percent = title(&one).split_once('%').unwrap().0.to_owned();
        assert!(title(&text).starts_with(&percent), "{text}");
        let next = one
            .lines()
            .find(|line| line.starts_with("**") && line.contains("?** "));
        let parts: Vec<&str> = text.split(next.unwrap()).collect();
        let [shown, _folded] = parts[..] else {
            panic!("{text}");
        };
        for platform in ["linux/amd64", "linux/arm64"] {
            assert_eq!(shown.matches(platform).count(), 1, "{text}");
        }
    }
}

#[test]
fn a_comment_on_many_reports_is_never_longer_than_may_be_and_no_report_is_missing() {
    let shard = |at: usize| LabReport {
        lab: Some(format!("lab-{at:02} {}", "<&|".repeat(at % 50))),
        ..if at.is_multiple_of(3) {
            rejected()
        } else {
            accepted()
        }
    };
    for (count, shown) in [(12, 12), (40, 40), (150, 1)] {
        let merged = merged((0..count).map(shard).collect());
        for (language, _) in LANGUAGES {
            let text = merged_comment(&merged, language);
            let length = text.chars().count();
            assert!(length <= super::LIMIT, "{length}");
            assert_harmless(&text);
            for at in 0..shown {
                assert!(text.contains(&format!("| lab-&#8203;{at:02}")), "{at}");
            }
            assert!(count > 40 || length > super::LIMIT / 3, "{length}");
        }
    }
}

#[test]
fn hostile_names_are_harmless() {
    for (language, _) in LANGUAGES {
        assert_harmless(&comment(&rejected(), language));
        assert_harmless(&comment(&regressed(), language));
    }
}

#[test]
fn a_table_keeps_its_columns() {
    let text = comment(&rejected(), Language::English);
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with('|')).collect();
    let columns = |line: &str| line.matches('|').count() - 1;
    assert!(rows.len() > 15);
    assert!(
        rows.iter().all(|row| [4, 8].contains(&columns(row))),
        "{rows:#?}"
    );
}

#[test]
fn it_is_found_again_by_its_marker_whatever_the_lab_is_called() {
    for (name, marker) in [
        ("ex08", "<!-- lab-kit:ex08 -->\n"),
        ("a --> <script>", "<!-- lab-kit:a-script -->\n"),
        ("x\n/y", "<!-- lab-kit:x-y -->\n"),
    ] {
        let report = LabReport {
            lab: Some(name.to_owned()),
            ..accepted()
        };
        assert!(
            comment(&report, Language::English).starts_with(marker),
            "{name}"
        );
    }
}

#[test]
fn a_comment_is_never_longer_than_may_be_and_says_what_it_leaves_out() {
    let mut report = rejected();
    for at in 0..2_000 {
        report.variants.push(VariantReport {
            name: format!("{at} {}", "<&|".repeat(200)),
            ..report.variants[at % 7].clone()
        });
    }
    let findings = report.verdict.findings.clone();
    report.verdict.findings = findings.into_iter().cycle().take(5_000).collect();
    for (language, _) in LANGUAGES {
        let text = comment(&report, language);
        assert!(
            text.chars().count() <= super::LIMIT,
            "{}",
            text.chars().count()
        );
        assert_harmless(&text);
        assert!(text.contains(if language == Language::English {
            " left out"
        } else {
            " omises"
        }));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_report_is_harmless(report in told()) {
        for (language, _) in LANGUAGES {
            let text = comment(&report, language);
            prop_assert!(text.chars().count() <= super::LIMIT);
            assert_harmless(&text);
        }
    }
}
