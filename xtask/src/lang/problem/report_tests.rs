use std::path::PathBuf;

use std::io;

use super::said;
use crate::lang::phrases;
use crate::model::{Incomparable, Language, ReportFault, ReportProblem};

#[test]
fn nothing_is_written_over_a_file_that_is_no_report() {
    let not_a_report = || ReportProblem::NotAReport {
        path: PathBuf::from("/etc/passwd"),
        fault: ReportFault::NoSchema,
    };
    let baseline = ReportProblem::Baseline {
        path: PathBuf::from("/etc/passwd"),
        problem: Box::new(not_a_report()),
    };
    for problem in [not_a_report(), baseline] {
        for (language, new) in [
            (Language::English, "NEW.json"),
            (Language::French, "NOUVEAU.json"),
        ] {
            let help = said(&problem, phrases(language)).help.unwrap();
            assert!(help.contains(new), "{help}");
            for harm in ["json=/etc/passwd", "--baseline /etc/passwd", "rm "] {
                assert!(!help.contains(harm), "{help}");
            }
        }
    }
}

#[test]
fn what_can_not_be_written_is_answered_by_what_mends_it() {
    for (error, path, remedy) in [
        (2, "/absent/x.json", "`mkdir -p /absent`"),
        (21, "/", "`/lab.json`"),
        (20, "/etc/passwd/x.json", "`/etc/passwd`"),
        (28, "x.json", "`df -h .`"),
        (13, "/root/x.json", "`ls -ld /root`"),
    ] {
        let problem = ReportProblem::Write {
            path: PathBuf::from(path),
            source: io::Error::from_raw_os_error(error),
        };
        for language in [Language::English, Language::French] {
            let help = said(&problem, phrases(language)).help.unwrap();
            assert!(help.contains(remedy), "{help}");
        }
    }
}

#[test]
fn in_french_json_that_can_not_be_read_is_told_in_french() {
    let fault = |text: &str| {
        let error = serde_json::from_str::<serde_json::Value>(text).unwrap_err();
        said(
            &ReportProblem::NotAReport {
                path: PathBuf::from("x"),
                fault: ReportFault::Json(error),
            },
            phrases(Language::French),
        )
        .sentence
    };
    assert!(fault("root:x").ends_with("ce n’est pas du JSON (ligne 1, colonne 1)"));
    assert!(fault("{\n").ends_with("le JSON s’arrête trop tôt, à la ligne 2"));
}

#[test]
fn a_baseline_is_made_by_the_command_that_can() {
    let incomparable = |report: Option<&str>| ReportProblem::Incomparable {
        path: PathBuf::from("base.json"),
        report: report.map(PathBuf::from),
        reason: Box::new(Incomparable::Lab {
            before: None,
            after: None,
        }),
    };
    for language in [Language::English, Language::French] {
        let saved = said(&incomparable(Some("r1.json")), phrases(language))
            .help
            .unwrap();
        assert!(
            saved.contains("`cargo xtask lab LAB --baseline N"),
            "{saved}"
        );
        assert!(!saved.contains("base.json"), "{saved}");
        let at_hand = said(&incomparable(None), phrases(language)).help.unwrap();
        let flags = "`--baseline base.json --update-baseline`";
        assert!(at_hand.contains(flags), "{at_hand}");
    }
}

#[test]
fn a_directory_is_not_restored_in_place_of_a_baseline() {
    let problem = ReportProblem::Baseline {
        path: PathBuf::from("."),
        problem: Box::new(ReportProblem::Read {
            path: PathBuf::from("."),
            source: io::Error::from_raw_os_error(21),
        }),
    };
    for language in [Language::English, Language::French] {
        let help = said(&problem, phrases(language)).help.unwrap();
        assert!(help.contains("`ls .`") && !help.contains("git"), "{help}");
    }
}
