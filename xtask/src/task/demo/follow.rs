use std::time::Duration;

use super::super::context::{Context, Ended};
use super::super::publish::stdout_look;
use super::live::now;
use super::shelf::Shelf;
use crate::demo::{LiveState, notes};
use crate::model::{Key, LessonProblem, Problem, Signal};
use crate::report::Line;
use crate::term::Screen;

/// Between two looks at where the lesson is.
const TICK: Duration = Duration::from_millis(100);
/// Of Ctrl-C.
const INTERRUPT: Signal = Signal(2);

/// Shows the notes of the step that another terminal shows; prints all where there is no
/// terminal.
pub(super) fn run(shelf: &Shelf, cx: &Context) -> Result<Ended, Problem> {
    let ended = Ended {
        exit_code: 0,
        report: None,
    };
    if !cx.terminal.interactive {
        return Ok(Ended {
            report: Some(printed(shelf, cx)?),
            ..ended
        });
    }
    cx.events.leave_terminal();
    let of_terminal = |source| LessonProblem::Terminal { source };
    let mut screen = Screen::enter().map_err(of_terminal)?;
    let mut look = stdout_look(&cx.terminal);
    loop {
        if let Some(signal) = cx.cancel.requested() {
            return Err(Problem::Cancelled(signal));
        }
        let size = screen.size();
        look.width = size[0];
        let live = shelf.live().filter(is_alive);
        let lines = notes(&shelf.script, live.as_ref(), now(), &look, size[1]);
        let lines: Vec<String> = lines.iter().map(Line::painted).collect();
        screen.draw(size, &lines).map_err(of_terminal)?;
        for key in screen.keys(TICK).map_err(of_terminal)? {
            match key {
                Key::Interrupt => cx.cancel.request(INTERRUPT),
                Key::Char('q') => return Ok(ended),
                _ => {}
            }
        }
    }
}

/// Whether its process is there: one that was killed could not say that it is over.
fn is_alive(live: &LiveState) -> bool {
    let process = i32::try_from(live.process).ok();
    let process = process.and_then(rustix::process::Pid::from_raw);
    // What is another user's is there too.
    let is_there = |process| {
        let asked = rustix::process::test_kill_process(process);
        asked.is_ok() || asked == Err(rustix::io::Errno::PERM)
    };
    live.is_over || process.is_some_and(is_there)
}

fn printed(shelf: &Shelf, cx: &Context) -> Result<super::Text, Problem> {
    let look = stdout_look(&cx.terminal);
    let mut lines = Vec::new();
    for step in &shelf.script.steps {
        let live = LiveState {
            process: 0,
            began: now().as_secs(),
            step: Some(step.id.clone()),
            is_over: false,
        };
        // The clock stands in the first two lines.
        let shown = notes(&shelf.script, Some(&live), now(), &look, usize::MAX);
        lines.extend(shown.into_iter().skip(2));
        lines.push(Line::default());
    }
    let text = super::text(&lines);
    Ok(text.map_err(|source| crate::model::ReportProblem::Stdout { source })?)
}
