use std::fmt::Write as _;
use std::io;
use std::panic;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use console::Term;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{InputModes, LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::keys::Keys;
use crate::model::Key;

/// The alternate screen, emptied, without a cursor.
const ENTER: &str = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[2J";
const LEAVE: &str = "\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l";

/// The whole terminal: lines are drawn on it, keys come from it one by one. What it was before
/// comes back with [`Screen::leave`], when it is dropped, and before a panic is printed.
#[derive(Debug)]
pub struct Screen {
    term: Term,
    keys: Keys,
    before: Before,
    /// What is drawn: size, and each row as it was written.
    size: [usize; 2],
    drawn: Vec<String>,
}

/// The terminal's modes to be restored; none once they are.
#[derive(Clone, Debug)]
struct Before(Arc<Mutex<Option<Termios>>>);

impl Before {
    fn restore(&self) {
        let before = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(before) = before {
            let _ = Term::stdout().write_str(LEAVE);
            let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &before);
        }
    }
}

impl Screen {
    /// Takes the terminal of both standard input and output.
    pub fn enter() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut raw = before.clone();
        // Ctrl-C too is a key: a signal would leave the screen as it is when it comes twice.
        raw.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
        raw.input_modes -= InputModes::IXON;
        tcsetattr(io::stdin(), OptionalActions::Now, &raw)?;
        let before = Before(Arc::new(Mutex::new(Some(before))));
        let (told, of_panic) = (panic::take_hook(), before.clone());
        panic::set_hook(Box::new(move |panic| {
            of_panic.restore();
            told(panic);
        }));
        let screen = Self {
            term: Term::stdout(),
            keys: Keys::default(),
            before,
            size: [0, 0],
            drawn: Vec::new(),
        };
        screen.term.write_str(ENTER)?;
        Ok(screen)
    }

    /// Columns and rows, now.
    pub fn size(&self) -> [usize; 2] {
        let (rows, columns) = self.term.size();
        [usize::from(columns), usize::from(rows)]
    }

    /// Draws lines from the top, each with its styles and no wider than the screen; gives what
    /// was written for that. Only what changed is drawn.
    pub fn draw(&mut self, size: [usize; 2], lines: &[String]) -> io::Result<String> {
        let mut out = String::new();
        if self.size != size {
            out.push_str("\u{1b}[2J");
            self.size = size;
            self.drawn.clear();
        }
        for row in 0..lines.len().max(self.drawn.len()) {
            let line = lines.get(row).map_or("", String::as_str);
            if self.drawn.get(row).is_none_or(|drawn| drawn != line) {
                let number = row + 1;
                let _ = write!(out, "\u{1b}[{number};1H{line}\u{1b}[0m\u{1b}[K");
            }
        }
        self.drawn = lines.to_vec();
        if !out.is_empty() {
            self.term.write_str(&out)?;
        }
        Ok(out)
    }

    /// The keys that were pressed; waits for one, but no longer than this.
    pub fn keys(&mut self, patience: Duration) -> io::Result<Vec<Key>> {
        let stdin = io::stdin();
        let patience = Timespec::try_from(patience).map_err(io::Error::other)?;
        let mut ready = [PollFd::new(&stdin, PollFlags::IN)];
        match poll(&mut ready, Some(&patience)) {
            Ok(0) => return Ok(self.keys.settle().into_iter().collect()),
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        }
        let mut bytes = [0; 256];
        match rustix::io::read(&stdin, &mut bytes)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => Ok(self.keys.feed(&bytes[..read])),
        }
    }

    /// Gives the terminal back as it was.
    pub fn leave(&mut self) {
        self.before.restore();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.leave();
    }
}
