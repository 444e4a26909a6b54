//! The displayer of exercise 08, compiled on this machine as the build phase compiles it.

use std::fs;
use std::io::{PipeReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use rustix::fs::{OFlags, fcntl_setfl};
use tempfile::TempDir;
use xshell::{Shell, cmd};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../lab/ex08");

/// A compiled displayer in a directory of its own, with or without an `output.txt`.
struct Displayer {
    dir: TempDir,
    /// What runs it, before its own path: nothing, `qemu-aarch64`, `strace …`.
    runner: Vec<String>,
}

impl Displayer {
    fn native() -> Self {
        Self::compiled("gcc", &[])
    }

    fn arm64() -> Self {
        Self::compiled("aarch64-linux-gnu-gcc", &["qemu-aarch64"])
    }

    fn compiled(compiler: &str, runner: &[&str]) -> Self {
        let dir = TempDir::new().unwrap();
        let (script, program) = (
            format!("{SOURCES}/displayer/build.sh"),
            dir.path().join("display"),
        );
        let shell = Shell::new().unwrap();
        cmd!(shell, "sh {script} {program}")
            .quiet()
            .env("CC", compiler)
            .run()
            .unwrap();
        Self {
            dir,
            runner: runner.iter().map(ToString::to_string).collect(),
        }
    }

    fn under(mut self, runner: &str) -> Self {
        self.runner = runner.split(' ').map(str::to_owned).collect();
        self
    }

    fn given(self, content: &[u8]) -> Self {
        fs::write(self.file(), content).unwrap();
        self
    }

    fn program(&self) -> PathBuf {
        self.dir.path().join("display")
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("output.txt")
    }

    fn command(&self) -> Command {
        let shell = Shell::new().unwrap();
        shell.change_dir(self.dir.path());
        let (runner, program) = (&self.runner, self.program());
        let line: Vec<_> = runner
            .iter()
            .map(Into::into)
            .chain([program.into_os_string()])
            .collect();
        let (first, rest) = line.split_first().unwrap();
        cmd!(shell, "{first} {rest...}").into()
    }

    fn run(&self) -> Output {
        self.command().stdin(Stdio::null()).output().unwrap()
    }
}

/// Longer than its buffer, than a pipe, and than a whole number of either.
fn long_text() -> Vec<u8> {
    (0..3_000_017_u32)
        .map(|index| (index % 251) as u8)
        .collect()
}

fn displays_files_of_any_length(new: fn() -> Displayer) {
    for length in [0, 1, 67, 16_383, 16_384, 16_385, 65_537, 3_000_017] {
        let content = &long_text()[..length];
        let output = new().given(content).run();
        assert!(output.status.success(), "{length}: {output:?}");
        assert!(
            output.stdout == content,
            "{length} bytes came out as {}",
            output.stdout.len()
        );
        assert!(output.stderr.is_empty());
    }
}

/// A pipe that does not wait takes a part, or nothing and an error.
fn finishes_on_a_pipe_that_does_not_wait(new: fn() -> Displayer) {
    let displayer = new().given(&long_text());
    let (reader, writer) = std::io::pipe().unwrap();
    fcntl_setfl(&writer, OFlags::NONBLOCK).unwrap();
    let mut command = displayer.command();
    let mut child = command.stdout(writer).spawn().unwrap();
    drop(command); // it holds the writing end
    assert!(read_slowly(reader) == long_text());
    assert!(child.wait().unwrap().success());
}

fn read_slowly(mut reader: PipeReader) -> Vec<u8> {
    thread::sleep(Duration::from_millis(50));
    let (mut all, mut some) = (Vec::new(), vec![0; 10_007]);
    loop {
        match reader.read(&mut some).unwrap() {
            0 => return all,
            length => all.extend_from_slice(&some[..length]),
        }
    }
}

fn complains_of_a_file_that_it_cannot_read(new: fn() -> Displayer) {
    let (missing, directory) = (new(), new());
    fs::create_dir(directory.file()).unwrap();
    for displayer in [missing, directory] {
        let output = displayer.run();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "cannot read output.txt\n"
        );
        assert!(output.stdout.is_empty());
    }
}

fn says_that_it_could_not_write(new: fn() -> Displayer) {
    for output in [">&-", "> /dev/full"] {
        let displayer = new().given(b"text\n");
        let (dir, program) = (displayer.dir.path(), displayer.program());
        let line = format!(
            "exec {} {} {output}",
            displayer.runner.join(" "),
            program.display()
        );
        let shell = Shell::new().unwrap();
        shell.change_dir(dir);
        let ended = cmd!(shell, "sh -c {line}")
            .quiet()
            .ignore_status()
            .output()
            .unwrap();
        assert_eq!(ended.status.code(), Some(1), "{output}");
    }
}

fn weight_with_the_scripts_output(displayer: &Displayer) -> u64 {
    let shell = Shell::new().unwrap();
    shell.change_dir(displayer.dir.path());
    cmd!(shell, "python3 {SOURCES}/simple_script.py")
        .quiet()
        .run()
        .unwrap();
    let bytes_of = |path: &Path| fs::metadata(path).unwrap().len();
    bytes_of(&displayer.program()) + bytes_of(&displayer.file())
}

#[test]
#[ignore = "needs gcc"]
fn it_displays_files_of_any_length() {
    displays_files_of_any_length(Displayer::native);
}

#[test]
#[ignore = "needs gcc"]
fn it_finishes_on_a_pipe_that_does_not_wait() {
    finishes_on_a_pipe_that_does_not_wait(Displayer::native);
}

#[test]
#[ignore = "needs gcc"]
fn it_complains_of_a_file_that_it_cannot_read() {
    complains_of_a_file_that_it_cannot_read(Displayer::native);
}

#[test]
#[ignore = "needs gcc"]
fn it_says_that_it_could_not_write() {
    says_that_it_could_not_write(Displayer::native);
}

#[test]
#[ignore = "needs gcc"]
fn with_the_scripts_output_it_weighs_512_bytes_at_most() {
    let weight = weight_with_the_scripts_output(&Displayer::native());
    assert!(weight <= 512, "{weight} bytes");
}

#[test]
#[ignore = "needs gcc and strace"]
fn an_interrupted_call_is_made_again() {
    for call in ["read", "write"] {
        let strace = format!("strace -qq -o /dev/null -e inject={call}:error=EINTR:when=1..3");
        let output = Displayer::native().under(&strace).given(&long_text()).run();
        assert!(output.status.success(), "{call}: {output:?}");
        assert!(output.stdout == long_text(), "{call}");
    }
}

#[test]
#[ignore = "needs gcc and strace"]
fn a_disk_that_fails_in_the_middle_is_not_the_end_of_the_file() {
    let strace = "strace -qq -o /dev/null -e inject=read:error=EIO:when=3";
    let output = Displayer::native().under(strace).given(&long_text()).run();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, &long_text()[..2 * 16_384]);
}

#[test]
#[ignore = "needs the arm64 cross compiler and qemu-user"]
fn on_arm64_it_displays_files_of_any_length() {
    displays_files_of_any_length(Displayer::arm64);
}

#[test]
#[ignore = "needs the arm64 cross compiler and qemu-user"]
fn on_arm64_it_finishes_on_a_pipe_that_does_not_wait() {
    finishes_on_a_pipe_that_does_not_wait(Displayer::arm64);
}

#[test]
#[ignore = "needs the arm64 cross compiler and qemu-user"]
fn on_arm64_it_complains_of_a_file_that_it_cannot_read() {
    complains_of_a_file_that_it_cannot_read(Displayer::arm64);
}

#[test]
#[ignore = "needs the arm64 cross compiler and qemu-user"]
fn on_arm64_it_says_that_it_could_not_write() {
    says_that_it_could_not_write(Displayer::arm64);
}

/// The same limit as on amd64: compose.yaml has one budget for both.
#[test]
#[ignore = "needs the arm64 cross compiler and qemu-user"]
fn on_arm64_too_it_weighs_512_bytes_at_most() {
    let weight = weight_with_the_scripts_output(&Displayer::arm64());
    assert!(weight <= 512, "{weight} bytes");
}
