//! The page in a real browser: what it runs, what it asks for, and what can be reached.

mod regressed;
pub(crate) mod sample;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;
use xtask::model::{Format, Language, Platform};
use xtask::report::{Look, MergedReport, Styles, render_merged};

/// Runs at the page's end: explores it as a person would, and writes what came of it into
/// the title. The page's own policy forbids it, so it goes in with the policy taken out.
const EXPLORER: &str = include_str!("page/explore.js");
/// Likewise, with the rules for paper.
const PAPER: &str = include_str!("page/paper.js");
/// Likewise, on the page of an image that gained 3 MB.
const SINCE: &str = include_str!("page/since.js");

fn written(report: &MergedReport, language: Language) -> String {
    let mut bytes = Vec::new();
    let look = Look {
        language,
        width: 80,
        styles: Styles::none(),
    };
    render_merged(report, Format::Html, &look, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// What headless Chromium gives on its standard output and standard error.
fn browse(page: &str, home: &Path, flags: &[&str]) -> [String; 2] {
    let file = home.join("page.html");
    fs::write(&file, page).unwrap();
    let output = Command::new("chromium")
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--enable-logging=stderr",
            "--log-level=0",
            "--virtual-time-budget=3000",
        ])
        .arg(format!(
            "--user-data-dir={}",
            home.join("profile").display()
        ))
        .arg(format!("--log-net-log={}", home.join("net.json").display()))
        .args(flags)
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// One report, one that means to harm, what grew in each, and all but one of them merged.
fn reports() -> [MergedReport; 5] {
    let mut other = sample::ladder();
    other.engine.platform = Platform::parse("linux/arm64").unwrap();
    let alone = [
        sample::ladder(),
        sample::hostile(),
        regressed::in_every_way(),
        regressed::by_harm(),
    ];
    let mut grown = regressed::in_every_way();
    grown.lab = Some("grown".to_owned());
    let sources = [sample::ladder(), sample::hostile(), other, grown].map(|it| ("x".into(), it));
    let merged = MergedReport::new(sources.to_vec()).unwrap();
    let [good, hostile, grown, harm] = alone.map(MergedReport::from);
    [good, hostile, grown, harm, merged]
}

#[test]
#[ignore = "needs chromium"]
fn no_script_but_the_pages_own_runs_and_nothing_is_asked_of_anyone() {
    for report in reports() {
        for language in [Language::English, Language::French] {
            let home = TempDir::new().unwrap();
            let [dom, log] = browse(&written(&report, language), home.path(), &["--dump-dom"]);
            assert!(!log.contains("CONSOLE"), "{log}");
            assert!(!dom.contains("<title>owned"), "a stranger's script ran");
            assert_eq!(dom.matches("<script").count(), 1);
            assert!(
                drawing(&dom).contains("tabindex"),
                "the page's own script did not run"
            );
            let net = fs::read_to_string(home.path().join("net.json")).unwrap();
            assert!(!net.contains("127.0.0.1:9"), "the page asked for something");
        }
    }
}

#[test]
#[ignore = "needs chromium"]
fn search_arrow_keys_scheme_and_choice_of_drawing_work() {
    for report in reports() {
        let page = written(&report, Language::English);
        assert_eq!(ran(&page, EXPLORER, "1280,720"), "explored");
    }
}

#[test]
#[ignore = "needs chromium"]
fn on_paper_nothing_is_cut_off_and_long_lists_are_short() {
    for report in reports() {
        for language in [Language::English, Language::French] {
            let page = written(&report, language).replace("@media print", "@media screen");
            assert_eq!(ran(&page, PAPER, "718,1000"), "printed");
        }
    }
}

#[test]
#[ignore = "needs chromium"]
fn an_instruction_that_adds_three_megabytes_is_named_with_its_line() {
    let report = regressed::by_three_megabytes().into();
    let page = written(&report, Language::English);
    assert_eq!(ran(&page, SINCE, "1280,720"), "compared");
    let page = written(&report, Language::French);
    let since = &page[page.find("id=\"since\"").unwrap()..];
    for named in [
        regressed::GAINED,
        "+3,0\u{a0}Mo",
        ":21</bdi></code>",
        "ajoutée",
    ] {
        assert!(since.contains(named), "{named}");
    }
}

#[test]
#[ignore = "needs chromium"]
fn the_exercise_is_a_handout_of_few_sheets() {
    let home = TempDir::new().unwrap();
    let paper = home.path().join("page.pdf");
    let page = written(&sample::ladder().into(), Language::French);
    let print = format!("--print-to-pdf={}", paper.display());
    browse(&page, home.path(), &[&print]);
    let bytes = fs::read(&paper).unwrap();
    let sheets = bytes
        .windows(12)
        .filter(|it| it.starts_with(b"/Type /Page") && it[11] != b's')
        .count();
    assert!((1..=5).contains(&sheets), "{sheets} sheets");
}

/// What a script makes of the page's title, in a window of that size.
fn ran(page: &str, script: &str, window: &str) -> String {
    let policy = page.find("<meta http-equiv").unwrap();
    let end = policy + page[policy..].find('>').unwrap() + 1;
    let page = format!("{}{}", &page[..policy], &page[end..]);
    let page = page.replace("</body>", &format!("<script>{script}</script></body>"));
    let home = TempDir::new().unwrap();
    let window = format!("--window-size={window}");
    let [dom, log] = browse(&page, home.path(), &["--dump-dom", &window]);
    assert!(!log.contains("CONSOLE"), "{log}");
    title(&dom)["<title>".len()..].to_owned()
}

/// The first drawing's opening tag.
fn drawing(dom: &str) -> &str {
    let of_map = &dom[dom.find("role=\"img\"").unwrap()..];
    &of_map[..of_map.find('>').unwrap()]
}

fn title(dom: &str) -> &str {
    let start = dom.find("<title>").unwrap();
    &dom[start..start + dom[start..].find("</title>").unwrap()]
}

#[test]
#[ignore = "needs chromium"]
fn the_page_is_drawn_in_both_schemes_on_a_projector_and_as_a_whole() {
    for (at, report) in reports().iter().enumerate() {
        for (scheme, language) in [("light", Language::French), ("dark", Language::English)] {
            let page = written(report, language);
            if let Some(kept) = std::env::var_os("LAB_KIT_PICTURES") {
                fs::write(Path::new(&kept).join(format!("{at}-{scheme}.html")), &page).unwrap();
            }
            let page = page.replace("<html ", &format!("<html data-scheme=\"{scheme}\" "));
            for size in ["1280,720", "1280,4200"] {
                let home = TempDir::new().unwrap();
                let picture = home.path().join("page.png");
                let shot = format!("--screenshot={}", picture.display());
                browse(
                    &page,
                    home.path(),
                    &[&shot, &format!("--window-size={size}"), "--hide-scrollbars"],
                );
                let bytes = fs::read(&picture).unwrap();
                assert!(bytes.len() > 20_000, "an empty page");
                if let Some(kept) = std::env::var_os("LAB_KIT_PICTURES") {
                    let name = format!("{at}-{scheme}-{size}.png");
                    fs::copy(&picture, Path::new(&kept).join(name)).unwrap();
                }
            }
        }
    }
}
