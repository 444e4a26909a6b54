use crate::model::{HostProblem, Language};

const NBSP: char = '\u{a0}';
const NNBSP: char = '\u{202f}';

pub(super) fn french(problem: &HostProblem) -> String {
    match problem {
        HostProblem::Command { command, .. } => format!("`{command}` a échoué"),
        HostProblem::Spawn { command, .. } => format!("impossible de lancer `{command}`"),
        HostProblem::TimedOut { command, limit } => {
            format!("`{command}` a duré plus de {}{NBSP}s", limit.as_secs())
        }
        HostProblem::NoTest { filter } => format!("aucun test n’a `{filter}` dans son nom"),
        HostProblem::Distribution { distribution } => {
            format!("le kit ne sait rien installer sur `{distribution}`")
        }
        HostProblem::NotRoot { command } => {
            format!("`{command}` demande d’être root, ou sudo")
        }
        HostProblem::NotOffered { need } => format!("apt ne propose aucun paquet pour `{need}`"),
        HostProblem::DaemonDown { .. } => "le démon du moteur n’a pas démarré".to_owned(),
        HostProblem::Offline { need } => {
            format!("`{need}` manque, et --offline interdit d’aller le chercher")
        }
        HostProblem::Write { path, .. } => {
            format!("impossible d’écrire `{}`", path.display())
        }
        HostProblem::Cancelled(signal) => format!("arrêté par le signal {}", signal.0),
    }
}

pub(super) fn help(problem: &HostProblem, language: Language) -> Option<String> {
    match language {
        Language::English => english_help(problem),
        Language::French => french_help(problem),
    }
}

fn english_help(problem: &HostProblem) -> Option<String> {
    Some(match problem {
        HostProblem::Command { log, .. } => last_lines("its last lines:", log)?,
        HostProblem::Spawn { .. } => "see what is missing with `cargo xtask doctor`".to_owned(),
        HostProblem::TimedOut { .. } => {
            "see whether another program is installing with `ps -C apt-get,dpkg`".to_owned()
        }
        HostProblem::NoTest { .. } => "list them: `cargo test --workspace -- --list`".to_owned(),
        HostProblem::Distribution { .. } => {
            "install Docker and Compose from its own packages; the kit does it on Debian and \
             Ubuntu"
                .to_owned()
        }
        HostProblem::NotRoot { command } => {
            format!("have an administrator of this machine run `{command}`")
        }
        HostProblem::NotOffered { .. } => {
            "look at what apt fetches from with `apt-get indextargets`".to_owned()
        }
        HostProblem::DaemonDown { log } => last_lines("the last lines of its log:", log)
            .unwrap_or_else(|| "see what it says with `sudo dockerd`".to_owned()),
        HostProblem::Offline { .. } => "run the same command without --offline once".to_owned(),
        HostProblem::Write { path, .. } => format!("see who may with `ls -ld {}`", path.display()),
        HostProblem::Cancelled(_) => return None,
    })
}

fn french_help(problem: &HostProblem) -> Option<String> {
    Some(match problem {
        HostProblem::Command { log, .. } => {
            last_lines(&format!("ses dernières lignes{NBSP}:"), log)?
        }
        HostProblem::Spawn { .. } => "voyez ce qui manque avec `cargo xtask doctor`".to_owned(),
        HostProblem::TimedOut { .. } => {
            "voyez si un autre programme installe avec `ps -C apt-get,dpkg`".to_owned()
        }
        HostProblem::NoTest { .. } => {
            format!("voyez leurs noms{NBSP}: `cargo test --workspace -- --list`")
        }
        HostProblem::Distribution { .. } => format!(
            "installez Docker et Compose avec ses propres paquets{NNBSP}; le kit le fait sur \
             Debian et Ubuntu"
        ),
        HostProblem::NotRoot { command } => {
            format!("demandez à un administrateur de la machine de lancer `{command}`")
        }
        HostProblem::NotOffered { .. } => {
            "voyez d’où apt se sert avec `apt-get indextargets`".to_owned()
        }
        HostProblem::DaemonDown { log } => {
            last_lines(&format!("les dernières lignes de son journal{NBSP}:"), log)
                .unwrap_or_else(|| "voyez ce qu’il dit avec `sudo dockerd`".to_owned())
        }
        HostProblem::Offline { .. } => "lancez une fois la même commande sans --offline".to_owned(),
        HostProblem::Write { path, .. } => {
            format!("voyez qui peut y écrire avec `ls -ld {}`", path.display())
        }
        HostProblem::Cancelled(_) => return None,
    })
}

/// `None` where the program said nothing.
fn last_lines(heading: &str, log: &[String]) -> Option<String> {
    (!log.is_empty()).then(|| format!("{heading}\n{}", log.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::{french, help};
    use crate::model::{HostProblem, Language};

    #[test]
    fn a_failed_command_shows_its_own_last_lines() {
        let problem = HostProblem::Command {
            command: "apt-get update".to_owned(),
            log: vec!["E: no network".to_owned()],
        };
        assert_eq!(french(&problem), "`apt-get update` a échoué");
        let help = help(&problem, Language::French).unwrap();
        assert_eq!(help, "ses dernières lignes\u{a0}:\nE: no network");
    }

    #[test]
    fn who_has_no_rights_is_told_the_one_command() {
        let problem = HostProblem::NotRoot {
            command: "sudo apt-get install x".to_owned(),
        };
        for language in [Language::English, Language::French] {
            let help = help(&problem, language).unwrap();
            assert!(help.contains("`sudo apt-get install x`"), "{help}");
        }
    }
}
