use std::ops::Range;

use super::{render, render_merged};
use crate::model::{Bytes, Language, SizedPath};
use crate::report::sample::{accepted, digest, judged, matrix, merged, regressed, rejected};
use crate::report::{LabReport, MergedReport, VariantReport};

fn page(report: &LabReport, language: Language) -> String {
    let mut bytes = Vec::new();
    render(report, language, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_headline_says_how_much_lighter() {
    let english = page(&accepted(), Language::English);
    assert!(english.contains("453 B") && english.contains("1,256,937 times smaller"));
    let french = page(&accepted(), Language::French);
    assert!(french.contains("1\u{202f}256\u{202f}937 fois plus légère"));
    assert!(french.contains("<html lang=\"fr\">"));
}

#[test]
fn the_page_asks_for_nothing_from_anywhere() {
    for report in [accepted(), rejected(), regressed()] {
        let page = page(&report, Language::English);
        for way in [
            "src=",
            "http-equiv=\"refresh",
            "@import",
            "<iframe",
            "<img",
            "<form",
        ] {
            assert!(!page.contains(way), "{way}");
        }
        let hrefs = page.split("href=\"").skip(1);
        assert!(
            hrefs
                .into_iter()
                .all(|href| href.starts_with('#') || href.starts_with("data:,"))
        );
        assert!(page.contains("default-src 'none'"));
    }
}

#[test]
fn a_rejected_solution_is_not_praised() {
    let accepted = page(&accepted(), Language::English);
    assert!(accepted.contains("class=\"hero\""));
    assert!(!accepted.contains("hero lost"));
    let mut report = super::super::sample::accepted();
    report.verdict.outcome = crate::model::Outcome::Rejected;
    let rejected = page(&report, Language::English);
    let hero = &rejected[rejected.find("class=\"hero lost\"").unwrap()..];
    let [large, aside] = ["class=\"ratio\"", "class=\"soft\""].map(|it| hero.find(it).unwrap());
    assert!(!hero[large..aside].contains("times smaller"));
}

#[test]
fn the_headline_says_what_grew_and_by_how_much() {
    let french = page(&regressed(), Language::French);
    let headline = &french[french.find("class=\"hero\"").unwrap()..];
    let headline = &headline[..headline.find("</div></div>").unwrap()];
    for told in [
        "▲ +3,0\u{a0}Mo",
        "ajoutée",
        "count=3",
        "Dockerfile.multi:21</bdi>",
    ] {
        assert!(headline.contains(told), "{told} in {headline}");
    }
    assert!(!page(&accepted(), Language::French).contains("id=\"since\""));
}

#[test]
fn a_stranger_adds_no_element_and_reorders_nothing() {
    let page = page(&rejected(), Language::English);
    assert_eq!(page.matches("<script>").count(), 1);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.contains(['\u{1b}', '\u{202e}', '\u{7}']));
}

#[test]
fn the_line_where_outputs_part_is_marked_in_both() {
    let page = page(&rejected(), Language::English);
    assert!(page.contains("<bdi>Bonjour depuis la phase de build !</bdi></mark>"));
    assert!(page.contains("<bdi>Bonjour depuis la phase de run !</bdi></mark>"));
}

fn page_of(merged: &MergedReport, language: Language) -> String {
    let mut bytes = Vec::new();
    render_merged(merged, language, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn several_reports_are_one_page_whose_every_link_leads_somewhere_once() {
    let page = page_of(&matrix(), Language::French);
    for part in [
        "<style>",
        "<script>",
        "<h1 id=\"all-title\">",
        "id=\"scheme\"",
    ] {
        assert_eq!(page.matches(part).count(), 1, "{part}");
    }
    assert_eq!(page.matches("<article").count(), 4);
    let attributes = |name: &str| -> Vec<String> {
        let start = format!(" {name}=\"");
        let values = page.split(&start).skip(1);
        values
            .map(|rest| rest[..rest.find('"').unwrap()].to_owned())
            .collect()
    };
    let ids = attributes("id");
    let links = attributes("href").into_iter().chain(
        attributes("aria-labelledby")
            .into_iter()
            .map(|id| format!("#{id}")),
    );
    for link in links.filter(|link| link != "data:,") {
        let target = link.strip_prefix('#').expect("a link within the page");
        let found = ids.iter().filter(|id| *id == target).count();
        assert_eq!(found, 1, "{link}");
    }
    assert!(page.contains("1\u{a0}rapport sur 4"));
    assert!(!page.contains(['\u{1b}', '\u{202e}', '\u{7}']));
}

#[test]
fn fifty_variants_of_many_directories_stay_within_two_megabytes() {
    let report = accepted();
    let mut heavy = report.variants[0].clone();
    let measured = heavy.measured.as_mut().unwrap();
    measured.tree.entries = (0..2_000)
        .map(|at| SizedPath {
            path: format!("usr/lib/directory-{}/with-a-long-name-{at}", at % 90)
                .as_str()
                .into(),
            bytes: Bytes(4_096 + 97 * at),
            layer: usize::try_from(at % 6).unwrap(),
        })
        .collect();
    let shard = |variants: Range<usize>| LabReport {
        lab: Some(format!("lab-{}", variants.start)),
        comparison: None,
        variants: variants
            .map(|at| VariantReport {
                name: format!("variant-{at}"),
                ..heavy.clone()
            })
            .collect(),
        ..report.clone()
    };
    let alone = page(&shard(0..50), Language::French);
    assert!(alone.len() <= 2_000_000, "{}", alone.len());
    for each in [25, 5, 1] {
        let shards = (0..50).step_by(each).map(|at| shard(at..at + each));
        let several = page_of(&merged(shards.collect()), Language::French);
        assert!(several.len() <= 2_000_000, "{each}: {}", several.len());
    }
    let whole = shard(0..50);
    let mut before = whole.clone();
    for variant in &mut before.variants {
        for layer in &mut variant.measured.as_mut().unwrap().layers {
            layer.diff_id = Some(digest(250));
        }
        for entry in &mut variant.measured.as_mut().unwrap().tree.entries {
            entry.bytes = Bytes(entry.bytes.0 / 2);
        }
    }
    let compared = page(&judged(whole, &before), Language::French);
    assert!(compared.contains("id=\"since\""));
    assert!(compared.len() <= 2_000_000, "{}", compared.len());
}
