use super::{Said, cancelled};
use crate::lang::phrases::{Phrases, say};
use crate::model::HostProblem;

#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
pub(super) fn said(problem: &HostProblem, say: Phrases) -> Said {
    match problem {
        HostProblem::Command { command, log } => {
            let heading = say!(say, "its last lines:", "ses dernières lignes\u{a0}:");
            Said {
                sentence: say!(say, "`{command}` failed", "`{command}` a échoué"),
                help: last_lines(&heading, log),
            }
        }
        HostProblem::Spawn { command, .. } => Said::new(
            say!(
                say,
                "cannot run `{command}`",
                "impossible de lancer `{command}`"
            ),
            say!(
                say,
                "see what is missing with `cargo xtask doctor`",
                "regardez ce qui manque avec `cargo xtask doctor`"
            ),
        ),
        HostProblem::TimedOut { command, limit } => {
            let limit = limit.as_secs();
            Said::new(
                say!(
                    say,
                    "`{command}` took longer than {limit} s",
                    "`{command}` a duré plus de {limit}\u{a0}s"
                ),
                say!(
                    say,
                    "check whether another program is installing packages: `ps -C apt-get,dpkg`",
                    "vérifiez si un autre programme installe des paquets\u{a0}: `ps -C \
                     apt-get,dpkg`"
                ),
            )
        }
        HostProblem::NoTest { filter } => Said::new(
            say!(
                say,
                "no test has `{filter}` in its name",
                "aucun test n’a `{filter}` dans son nom"
            ),
            say!(
                say,
                "list them: `cargo test --workspace -- --list`",
                "listez-les\u{a0}: `cargo test --workspace -- --list`"
            ),
        ),
        HostProblem::Distribution { distribution } => Said::new(
            say!(
                say,
                "the kit can't install on `{distribution}`",
                "le kit ne sait rien installer sur `{distribution}`"
            ),
            say!(
                say,
                "install Docker and Compose from the distribution's own packages; the kit can do \
                 it \
                 on Debian and Ubuntu only",
                "installez Docker et Compose avec les paquets de la distribution\u{202f}; le kit \
                 ne \
                 sait le faire que sur Debian et Ubuntu"
            ),
        ),
        HostProblem::NotRoot { command } => Said::new(
            say!(
                say,
                "`{command}` needs root or sudo",
                "`{command}` nécessite root ou sudo"
            ),
            say!(
                say,
                "ask an administrator of this machine to run `{command}`",
                "demandez à un administrateur de la machine de lancer `{command}`"
            ),
        ),
        HostProblem::NotOffered { need } => Said::new(
            say!(
                say,
                "apt has no package for `{need}`",
                "apt n’a aucun paquet pour `{need}`"
            ),
            say!(
                say,
                "see the sources that apt uses with `apt-get indextargets`",
                "listez les sources d’apt avec `apt-get indextargets`"
            ),
        ),
        HostProblem::DaemonDown { log } => {
            let heading = say!(
                say,
                "the last lines of its log:",
                "les dernières lignes de son journal\u{a0}:"
            );
            let run = say!(
                say,
                "see what it prints with `sudo dockerd`",
                "regardez ce qu’il affiche avec `sudo dockerd`"
            );
            Said::new(
                say!(
                    say,
                    "the engine's daemon did not start",
                    "le démon du moteur n’a pas démarré"
                ),
                last_lines(&heading, log).unwrap_or(run),
            )
        }
        HostProblem::Offline { need } => Said::new(
            say!(
                say,
                "`{need}` is missing, and --offline forbids downloading it",
                "`{need}` manque, et --offline interdit de le télécharger"
            ),
            say!(
                say,
                "run the same command once without --offline",
                "lancez une fois la même commande sans --offline"
            ),
        ),
        HostProblem::Write { path, .. } => {
            let path = path.display();
            Said::new(
                say!(say, "cannot write `{path}`", "impossible d’écrire `{path}`"),
                say!(
                    say,
                    "see who may write there: `ls -ld {path}`",
                    "vérifiez qui peut y écrire\u{a0}: `ls -ld {path}`"
                ),
            )
        }
        HostProblem::Cancelled(signal) => cancelled(*signal, say),
    }
}

/// `None` where the program printed nothing.
fn last_lines(heading: &str, log: &[String]) -> Option<String> {
    (!log.is_empty()).then(|| format!("{heading}\n{}", log.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::said;
    use crate::lang::phrases;
    use crate::model::{HostProblem, Language};

    #[test]
    fn a_failed_command_shows_its_own_last_lines() {
        let problem = HostProblem::Command {
            command: "apt-get update".to_owned(),
            log: vec!["E: no network".to_owned()],
        };
        assert_eq!(
            said(&problem, phrases(Language::French)).sentence,
            "`apt-get update` a échoué"
        );
        let help = said(&problem, phrases(Language::French)).help.unwrap();
        assert_eq!(help, "ses dernières lignes\u{a0}:\nE: no network");
    }

    #[test]
    fn who_has_no_rights_is_told_the_one_command() {
        let problem = HostProblem::NotRoot {
            command: "sudo apt-get install x".to_owned(),
        };
        for language in [Language::English, Language::French] {
            let help = said(&problem, phrases(language)).help.unwrap();
            assert!(help.contains("`sudo apt-get install x`"), "{help}");
        }
    }
}
