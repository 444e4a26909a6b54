use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};

use super::bars::Bars;
use super::lines::Lines;
use super::{Detail, Terminal};
use crate::model::{BaselineNews, Event, Events};

/// The thread that shows events while the user waits.
#[derive(Debug)]
pub struct Progress {
    events: Events,
    shown: JoinHandle<()>,
}

impl Progress {
    pub fn start(terminal: &Terminal) -> Self {
        let (sender, receiver) = mpsc::channel();
        let terminal = terminal.clone();
        let shown = thread::spawn(move || show(&receiver, &terminal));
        Self {
            events: Events::new(sender),
            shown,
        }
    }

    /// Where rooms send their events.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// Waits until all is shown and the bars are gone. Clones of [`Progress::events`] must
    /// be dropped before.
    pub fn finish(self) {
        drop(self.events);
        let _ = self.shown.join();
    }
}

fn show(events: &Receiver<Event>, terminal: &Terminal) {
    let lines = Lines::new(terminal);
    if !terminal.redraws {
        for event in events {
            lines
                .line_of(&event)
                .iter()
                .for_each(|line| lines.print(line));
        }
        return;
    }
    let mut bars = Bars::new(terminal);
    for event in events {
        bars.come_back();
        match event {
            Event::TerminalWanted(_) => bars.leave(),
            Event::Command(_)
            | Event::Remark(_)
            | Event::ReadFrom(_)
            | Event::Note(_)
            | Event::Baseline(_)
            | Event::Provision { .. } => {
                if let Some(line) = lines.line_of(&event) {
                    bars.print_above(&line);
                }
            }
            event => bars.show(&event),
        }
    }
    bars.clear();
}

impl Detail {
    /// Whether a line for the event belongs on standard error.
    pub(super) fn shows(self, event: &Event) -> bool {
        match event {
            Event::Provision { .. }
            | Event::Baseline(BaselineNews::Kept { .. } | BaselineNews::Replaced { .. }) => true,
            Event::Command(_)
            | Event::Remark(_)
            | Event::ReadFrom(_)
            | Event::BuildStep { .. }
            | Event::ReadSoFar(_) => self == Self::Verbose,
            _ => self != Self::Quiet,
        }
    }
}
