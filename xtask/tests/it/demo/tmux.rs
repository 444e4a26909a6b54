use crate::clock::patience;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A busy machine builds slowly, and never for ever.
const PATIENCE: Duration = Duration::from_secs(90);

/// A terminal of this size, in which a shell runs a command and stays.
pub(super) struct Tmux {
    socket: String,
}

impl Tmux {
    pub(super) fn run([columns, rows]: [u16; 2], directory: &Path, command: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::SeqCst);
        let tmux = Self {
            socket: format!("lab-kit-test-{}-{count}", std::process::id()),
        };
        // Once it has ended its code is shown, and the terminal's modes can be asked for.
        let script =
            format!("stty -a > before; {command}; echo \"ended: $?\"; stty -a > after; cat");
        let (columns, rows) = (columns.to_string(), rows.to_string());
        let words = ["new-session", "-d", "-x", &columns, "-y", &rows];
        let mut start = tmux.command(&words);
        start.current_dir(directory).args(["sh", "-c", &script]);
        let started = start.output().unwrap();
        assert!(started.status.success(), "{started:?}");
        tmux
    }

    fn command(&self, words: &[&str]) -> Command {
        let shell = xshell::Shell::new().unwrap();
        let mut tmux = Command::from(shell.cmd("tmux"));
        // No configuration of the user's, and no server that others use.
        tmux.args(["-L", &self.socket, "-f", "/dev/null"])
            .args(words)
            .env("LC_ALL", "C.UTF-8")
            .env("TERM", "xterm-256color")
            .env_remove("TMUX");
        tmux
    }

    fn ask(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Presses keys as tmux names them: `Space`, `C-c`, `q`.
    pub(super) fn press(&self, keys: &[&str]) {
        for key in keys {
            assert!(self.ask(&["send-keys", key]).status.success());
        }
    }

    pub(super) fn resize(&self, [columns, rows]: [u16; 2]) {
        let (columns, rows) = (columns.to_string(), rows.to_string());
        let resized = self.ask(&["resize-window", "-x", &columns, "-y", &rows]);
        assert!(resized.status.success(), "{resized:?}");
    }

    pub(super) fn screen(&self) -> String {
        let shown = self.ask(&["capture-pane", "-p"]);
        String::from_utf8(shown.stdout).unwrap()
    }

    /// With the sequences that colour it.
    pub(super) fn painted(&self) -> String {
        let shown = self.ask(&["capture-pane", "-p", "-e"]);
        String::from_utf8(shown.stdout).unwrap()
    }

    /// A variable of tmux's own, such as `alternate_on`.
    pub(super) fn variable(&self, name: &str) -> String {
        let shown = self.ask(&["display-message", "-p", &format!("#{{{name}}}")]);
        String::from_utf8(shown.stdout).unwrap().trim().to_owned()
    }

    /// The screen once it has this text.
    pub(super) fn wait_for(&self, text: &str) -> String {
        self.wait_until(text, |screen| screen.contains(text))
    }

    pub(super) fn wait_until(&self, what: &str, is_it: impl Fn(&str) -> bool) -> String {
        let patience = Instant::now() + patience(PATIENCE);
        loop {
            let screen = self.screen();
            if is_it(&screen) {
                return screen;
            }
            assert!(Instant::now() < patience, "no `{what}` in:\n{screen}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Whether the terminal is as it was before the command: modes, cursor, screen.
    pub(super) fn is_restored(&self, directory: &Path) {
        let modes = |name| std::fs::read_to_string(directory.join(name)).unwrap();
        let patience = Instant::now() + patience(PATIENCE);
        while std::fs::metadata(directory.join("after")).map_or(0, |it| it.len()) == 0 {
            assert!(Instant::now() < patience, "the command has not ended");
            thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(modes("before"), modes("after"));
        assert_eq!(self.variable("alternate_on"), "0");
        assert_eq!(self.variable("cursor_flag"), "1");
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.ask(&["kill-server"]);
    }
}
