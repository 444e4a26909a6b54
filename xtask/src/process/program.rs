//! Programs that tests write and then start.

use std::fs;
use std::path::Path;

use xshell::Shell;

/// Writes a program at `path`, with the directories above it.
///
/// Another process writes it. A file of our own would for a moment be open in each child that
/// another test is starting, and the kernel starts no file that is open for writing (`ETXTBSY`).
pub(crate) fn write(path: impl AsRef<Path>, text: &str) {
    let path = path.as_ref();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let shell = Shell::new().unwrap();
    let write = shell
        .cmd("sh")
        .args(["-c", "cat >\"$0\" && chmod 755 \"$0\""]);
    write.arg(path).stdin(text).quiet().run().unwrap();
}
