/// Why a program did not start, where an engine's sentence leaves a beginner in the dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartFault {
    /// The command is a line for a shell, and the image has none.
    Shell,
    /// The program is there, and the loader or interpreter that it names is not.
    Loader,
    /// It is for another processor, or no program at all.
    Format,
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
        } else {
            None
        }
    }
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
                None,
            ),
            ("exec: \"/etc/passwd\": permission denied", None),
        ] {
            assert_eq!(StartFault::of(reason), fault, "{reason}");
        }
    }
}
