/// Why a program did not start, where an engine's sentence leaves a beginner in the dark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartFault {
    /// The command is a line for a shell, and the image has none.
    Shell,
    /// The image has no program of this name.
    Program(String),
    /// The program is there, and the loader or interpreter that it names is not.
    Loader,
    /// It is for another processor, or no program at all.
    Format,
    /// The image has neither CMD nor ENTRYPOINT.
    NoCommand,
}

impl StartFault {
    /// What runc 1.0 and newer and crun say of it.
    pub fn of(reason: &str) -> Option<Self> {
        let says = reason.to_ascii_lowercase();
        let is_absent = says.contains("no such file or directory") || says.contains("not found");
        if says.contains("exec format error") {
            Some(Self::Format)
        } else if is_absent && (says.contains("\"/bin/sh\"") || says.contains("`/bin/sh`")) {
            Some(Self::Shell)
        } else if is_absent && (says.starts_with("exec /") || says.contains("exec user process")) {
            Some(Self::Loader)
        } else if says.contains("no command specified") || says.contains("cannot find `` in $path")
        {
            Some(Self::NoCommand)
        } else {
            absent_program(reason).map(Self::Program)
        }
    }
}

/// Of runc, `exec: "cat": executable file not found in $PATH` and `exec: "/absent": stat /absent:
/// no such file or directory`; of crun, ``executable file `cat` not found``.
fn absent_program(reason: &str) -> Option<String> {
    let of_crun = || {
        let (_, rest) = reason.split_once("executable file `")?;
        let (name, end) = rest.split_once('`')?;
        end.starts_with(" not found").then_some(name)
    };
    let of_runc = || {
        let (_, rest) = reason.split_once("exec: \"")?;
        let (name, end) = rest.split_once("\": ")?;
        let is_absent = end.starts_with("executable file not found")
            || (end.starts_with("stat ") && end.contains("no such file or directory"));
        is_absent.then_some(name)
    };
    of_crun().or_else(of_runc).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::StartFault;

    #[test]
    fn what_the_engines_say_is_understood() {
        for (reason, fault) in [
            (
                "OCI runtime create failed: runc create failed: unable to start container process: \
                 exec: \"/bin/sh\": stat /bin/sh: no such file or directory: unknown",
                Some(StartFault::Shell),
            ),
            (
                "crun: executable file `/bin/sh` not found: No such file or directory: OCI runtime \
                 attempted to invoke a command that was not found",
                Some(StartFault::Shell),
            ),
            (
                "exec /cat: no such file or directory",
                Some(StartFault::Loader),
            ),
            (
                "standard_init_linux.go:228: exec user process caused: no such file or directory",
                Some(StartFault::Loader),
            ),
            ("exec /cat: exec format error", Some(StartFault::Format)),
            (
                "runc create failed: exec: \"/absent\": stat /absent: no such file or directory",
                Some(StartFault::Program("/absent".to_owned())),
            ),
            (
                "runc create failed: unable to start container process: exec: \"cat\": executable \
                 file not found in $PATH: unknown",
                Some(StartFault::Program("cat".to_owned())),
            ),
            (
                "crun: executable file `cat` not found in $PATH: No such file or directory: OCI \
                 runtime attempted to invoke a command that was not found",
                Some(StartFault::Program("cat".to_owned())),
            ),
            ("No command specified", Some(StartFault::NoCommand)),
            (
                "unable to find user x: no matching entries in passwd file",
                None,
            ),
            ("exec: \"/etc/passwd\": permission denied", None),
        ] {
            assert_eq!(StartFault::of(reason), fault, "{reason}");
        }
    }
}
