use std::io::{self, Write as _};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::read;
use rustix::termios::{LocalModes, OptionalActions, Termios, isatty, tcgetattr, tcsetattr};

/// How often the end of the wish for letters is looked for.
const PAUSE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// Reads single letters from the terminal for as long as it lives; the terminal is as before
/// afterwards. Ctrl-C stays a signal.
#[derive(Debug)]
pub struct Letters {
    before: Termios,
}

impl Letters {
    /// Sends each letter; `None` where standard input is no terminal.
    pub fn open<T: Send + 'static>(
        sender: Sender<T>,
        of: impl Fn(char) -> T + Send + 'static,
    ) -> Option<Self> {
        if !isatty(io::stdin()) {
            return None;
        }
        let before = tcgetattr(io::stdin()).ok()?;
        let mut raw = before.clone();
        raw.local_modes
            .remove(LocalModes::ICANON | LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Now, &raw).ok()?;
        thread::spawn(move || {
            let mut byte = [0; 1];
            loop {
                let stdin = io::stdin();
                let mut wanted = [PollFd::new(&stdin, PollFlags::IN)];
                match poll(&mut wanted, Some(&PAUSE)) {
                    Ok(0) => {}
                    Ok(_) => match read(&stdin, &mut byte) {
                        Ok(1) if sender.send(of(char::from(byte[0]))).is_ok() => {}
                        _ => return,
                    },
                    Err(_) => thread::sleep(Duration::from_millis(100)),
                }
            }
        });
        Some(Self { before })
    }
}

impl Drop for Letters {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}

/// Empties the screen, if standard output is one.
pub fn clear_screen() {
    if isatty(io::stdout()) {
        let _ = io::stdout().write_all(b"\x1b[H\x1b[2J");
    }
}
