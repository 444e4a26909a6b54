use super::phrases::{phrases, say};
use crate::model::Language;

/// When only the tests that need nothing else were run.
pub fn tests_not_run(language: Language) -> String {
    say!(
        phrases(language),
        "not run: tests that need Docker or other packages; to install these and run all tests: \
         `cargo xtask test --provision`",
        "non lancés\u{a0}: les tests qui ont besoin de Docker ou d’autres paquets\u{202f}; pour \
         installer ceux-ci et lancer tous les tests\u{a0}: `cargo xtask test --provision`"
    )
}
