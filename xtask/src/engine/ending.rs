use crate::model::{Bytes, Capture, Ending};

/// The signals that end programs (signal(7)), by their numbers on Linux. SIGHUP's 129 is left
/// out: it is a common exit code in its own right, git's for wrong usage.
const DEADLY: [i64; 12] = [2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 15];

/// The exit code after SIGKILL.
pub(super) const KILLED: i64 = 128 + 9;

/// Whether an exit code is 128 and a deadly signal's number.
///
/// An engine tells a program that a signal ended and one that exits with that code apart no
/// more than a shell does, and the code is read as a shell's user would.
pub(super) fn is_signal(code: i64) -> bool {
    DEADLY.contains(&(code - 128))
}

/// What a refusal to create a container says of its image; `None` where it is about
/// something else. `docker run` exits with 125 then.
pub(super) fn of_create(status: u16, message: &str) -> Option<Ending> {
    let says = message.to_ascii_lowercase();
    let no_command = says.contains("no command");
    (matches!(status, 400 | 500) && no_command).then(|| Ending::NotStarted {
        code: 125,
        reason: message.to_owned(),
    })
}

/// What a refusal to start a container says of its command, with the exit code of
/// `docker run`; `None` where the fault is the engine's.
///
/// runc: `exec: "x": executable file not found in $PATH`, `exec: "/x": stat /x: no such file
/// or directory`, `exec: "/x": permission denied`. crun: ``executable file `x` not found``,
/// ``open executable: Permission denied``, ``the path `/x` exists but it is not executable``,
/// ``the path `/x` is not a regular file``; of a command without a name, for which Podman 5
/// makes a container where 4 refuses to, `cannot find` it.
pub(super) fn of_start(message: &str) -> Option<Ending> {
    let says = message.to_ascii_lowercase();
    let about = |words: &[&str]| words.iter().any(|words| says.contains(words));
    let of_crun = |words| says.contains("the path `") && says.contains(words);
    let code = if about(&["unable to find user", "unable to find group"])
        || says.contains("cannot find `` in $path")
    {
        125
    } else if of_crun("` exists but it is not executable") || of_crun("` is not a regular file") {
        126
    } else if !says.contains("exec") {
        return None;
    } else if about(&["permission denied", "is a directory", "exec format error"]) {
        126
    } else if about(&["executable file", "no such file or directory"]) {
        127
    } else {
        return None;
    };
    Some(Ending::NotStarted {
        code,
        reason: message.to_owned(),
    })
}

/// An exit, or, where the container says instead of its program that the kernel could not
/// execute that, no start: then the program itself has printed nothing.
///
/// runc: `exec /x: no such file or directory` (of a program whose loader or interpreter is not
/// there), `exec /x: exec format error`; before 1.1 `standard_init_linux.go:228: exec user process
/// caused: …`.
pub(super) fn of_exit(ending: Ending, stdout: &Capture, stderr: &Capture) -> Ending {
    let Ending::Exited { code: code @ 1.. } = ending else {
        return ending;
    };
    let said = String::from_utf8_lossy(&stderr.kept);
    let said = said.trim_end();
    let is_alone = stdout.bytes == Bytes::ZERO && !said.contains('\n');
    let begins = said.starts_with("exec /") || said.starts_with("standard_init_linux.go:");
    let whys = [": no such file or directory", ": exec format error"];
    if is_alone && begins && whys.iter().any(|why| said.ends_with(why)) {
        let reason = said.to_owned();
        return Ending::NotStarted { code, reason };
    }
    ending
}

#[cfg(test)]
mod tests {
    use super::{is_signal, of_create, of_exit, of_start};
    use crate::model::{Bytes, Capture, Digest, Ending};

    fn captured(text: &str) -> Capture {
        Capture {
            kept: text.into(),
            bytes: Bytes(text.len() as u64),
            sha256: Digest::from_hash([0; 32]),
        }
    }

    #[test]
    fn a_program_that_the_kernel_cannot_execute_is_not_said_to_have_exited() {
        let loader = "exec /cat: no such file or directory";
        let old = "standard_init_linux.go:228: exec user process caused: exec format error";
        let exited = |code| Ending::Exited { code };
        let not_started = |reason: &str| Ending::NotStarted {
            code: 1,
            reason: reason.to_owned(),
        };
        for (code, stdout, stderr, expected) in [
            (1, "", format!("{loader}\n"), not_started(loader)),
            (1, "", old.to_owned(), not_started(old)),
            (0, "", loader.to_owned(), exited(0)),
            (1, "a", loader.to_owned(), exited(1)),
            (1, "", format!("b\n{loader}"), exited(1)),
            (1, "", "sh: 1: exec: /cat: not found".to_owned(), exited(1)),
            (1, "", "exec /cat: permission".to_owned(), exited(1)),
        ] {
            let [stdout, stderr] = [stdout, &stderr].map(captured);
            assert_eq!(of_exit(exited(code), &stdout, &stderr), expected);
        }
    }

    #[test]
    fn the_command_is_told_apart_from_the_engine() {
        let code = |message| of_start(message).and_then(|ending| ending.code());
        let runc = "OCI runtime create failed: container_linux.go:380: starting container \
                    process caused: exec: \"nope\": executable file not found in $PATH: unknown";
        assert_eq!(code(runc), Some(127));
        assert_eq!(
            code("exec: \"/x\": stat /x: no such file or directory"),
            Some(127)
        );
        assert_eq!(
            code("exec: \"/etc/passwd\": permission denied: unknown"),
            Some(126)
        );
        assert_eq!(
            code(
                "crun: executable file `x` not found in $PATH: No such file or \
                         directory: OCI runtime attempted to invoke a command that was not found"
            ),
            Some(127)
        );
        for (crun, expected) in [
            (
                "the path `/etc/passwd` exists but it is not executable: Operation not permitted: \
                 OCI permission denied",
                126,
            ),
            (
                "the path `/etc` is not a regular file: Operation not permitted: OCI permission \
                 denied",
                126,
            ),
            (
                "cannot find `` in $PATH: No such file or directory: OCI runtime attempted to \
                 invoke a command that was not found",
                125,
            ),
        ] {
            assert_eq!(code(crun), Some(expected), "{crun}");
        }
        assert_eq!(
            code("crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted: OCI permission denied"),
            None
        );
        assert_eq!(
            code("unable to find user x: no matching entries in passwd file"),
            Some(125)
        );
        assert_eq!(code("mkdir /sys/fs/cgroup/x: permission denied"), None);
        assert_eq!(
            code("driver failed programming external connectivity"),
            None
        );
    }

    #[test]
    fn an_image_without_a_command_is_not_the_engines_fault() {
        let ending = of_create(400, "No command specified").unwrap();
        assert!(matches!(ending, Ending::NotStarted { code: 125, .. }));
        assert_eq!(of_create(400, "invalid name"), None);
        assert_eq!(of_create(404, "no command"), None);
    }

    #[test]
    fn only_a_deadly_signal_makes_a_code_a_signals() {
        assert!([130, 137, 139, 143].into_iter().all(is_signal));
        assert!(![0, 1, 9, 128, 129, 147, 255].into_iter().any(is_signal));
    }
}
