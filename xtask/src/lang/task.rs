use crate::model::Language;

/// Said when only the tests that need nothing were run.
pub fn tests_not_run(language: Language) -> &'static str {
    match language {
        Language::English => {
            "not run: the tests that need Docker or a package; `cargo xtask test --provision` \
             installs what they need and runs all"
        }
        Language::French => {
            "non lancés\u{a0}: les tests qui demandent Docker ou un paquet\u{a0}; \
             `cargo xtask test --provision` installe ce qu’il leur faut et les lance tous"
        }
    }
}
