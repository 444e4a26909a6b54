use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use super::super::context::{Context, Ended};
use super::super::publish::{Sink, stdout_look};
use super::live::{Live, now};
use super::open::Opened;
use super::shelf::Shelf;
use super::worker::{Worker, trouble};
use crate::cli::DemoArgs;
use crate::demo::{Cast, Lesson, Order, Taken, Trouble, screen};
use crate::model::{Event, Key, LessonProblem, Note, Problem, ReportProblem, Signal};
use crate::report::{Line, Look};
use crate::term::Screen;

/// Between two looks at keys, results and the clock.
const TICK: Duration = Duration::from_millis(50);
/// Of Ctrl-C.
const INTERRUPT: Signal = Signal(2);

/// Gives the lesson to whoever sits at the terminal; prints it where there is none.
pub(super) fn run(
    lesson: Lesson,
    shelf: &Shelf,
    args: &DemoArgs,
    opened: Option<&Opened>,
    cx: &Context,
) -> Result<Ended, Problem> {
    if !cx.terminal.interactive {
        if args.record.is_some() {
            return Err(LessonProblem::NoTerminal { flag: "--record" }.into());
        }
        return super::printed(lesson, shelf, opened, cx);
    }
    let sink = args.record.as_ref().map(|path| {
        let sink = Sink::open(path);
        sink.map_err(|source| unwritable(args, source))
    });
    let sink = sink.transpose()?;
    // Bars and the lesson would draw on one terminal.
    cx.events.leave_terminal();
    let mut stage = Stage::enter(lesson, shelf, cx)?;
    let given = thread::scope(|scope| stage.give(scope, opened, cx));
    stage.screen.leave();
    let cast = stage.cast.text().to_owned();
    drop(stage);
    if let Some(sink) = sink {
        let written = sink.write(cast.as_bytes());
        written.map_err(|source| unwritable(args, source))?;
        if let Some(path) = args.record.clone() {
            cx.events.send(Event::Note(Note::Written { path }));
        }
    }
    given.map(|()| Ended {
        exit_code: 0,
        report: None,
    })
}

fn unwritable(args: &DemoArgs, source: std::io::Error) -> ReportProblem {
    ReportProblem::Write {
        path: args.record.clone().unwrap_or_default(),
        source,
    }
}

/// The lesson on a terminal.
struct Stage<'a> {
    lesson: Lesson,
    screen: Screen,
    cast: Cast,
    live: Live<'a>,
    look: Look,
    began: Instant,
    size: [usize; 2],
    /// Steps that were shown, each with a marker in the recording.
    marked: Vec<usize>,
}

impl<'a> Stage<'a> {
    fn enter(lesson: Lesson, shelf: &'a Shelf, cx: &Context) -> Result<Self, LessonProblem> {
        let screen = Screen::enter().map_err(|source| LessonProblem::Terminal { source })?;
        let size = screen.size();
        let title = lesson.script().title.in_language(cx.terminal.language);
        let cast = Cast::new(size, now().as_secs(), title);
        Ok(Self {
            cast,
            live: Live::begin(shelf),
            look: stdout_look(&cx.terminal),
            began: Instant::now(),
            size,
            marked: Vec::new(),
            lesson,
            screen,
        })
    }

    /// Until the lesson is quit.
    fn give<'scope, 'env>(
        &mut self,
        scope: &'scope Scope<'scope, 'env>,
        opened: Option<&'env Opened>,
        cx: &'env Context,
    ) -> Result<(), Problem> {
        let mut crew = Crew {
            scope,
            opened,
            cx,
            at_work: None,
            leaving: Vec::new(),
            next: None,
        };
        let given = self.follow(&mut crew);
        // The terminal is given back before what is at work has ended.
        self.screen.leave();
        crew.dismiss();
        given
    }

    fn follow(&mut self, crew: &mut Crew<'_, '_>) -> Result<(), Problem> {
        let of_terminal = |source| LessonProblem::Terminal { source };
        loop {
            self.draw().map_err(of_terminal)?;
            for key in self.screen.keys(TICK).map_err(of_terminal)? {
                match self.press(key) {
                    Order::Nothing => {}
                    Order::Run(step) => crew.start(step),
                    Order::Stop => crew.stop(),
                    Order::Quit => return Ok(()),
                    Order::Interrupt => crew.cx.cancel.request(INTERRUPT),
                }
            }
            if let Some(signal) = crew.cx.cancel.requested() {
                return Err(Problem::Cancelled(signal));
            }
            for event in crew.told() {
                self.lesson.hear(event);
            }
            if let Some((step, result)) = crew.ended() {
                let language = self.look.language;
                let result = result.map_err(|problem| trouble(&problem, language));
                let script = &self.lesson.script().steps[step];
                let result = result.and_then(|taken| match Trouble::of(script, &taken, language) {
                    Some(trouble) => Err(trouble),
                    None => Ok(taken),
                });
                self.lesson.ended(step, result);
            }
        }
    }

    fn press(&mut self, key: Key) -> Order {
        self.lesson.press(key, self.began.elapsed())
    }

    fn draw(&mut self) -> std::io::Result<()> {
        let now = self.began.elapsed();
        let size = self.screen.size();
        if self.size != size {
            self.size = size;
            self.cast.resize(now, size);
        }
        self.look.width = size[0];
        let lines = screen(&self.lesson, &self.look, size[1], now);
        let lines: Vec<String> = lines.iter().map(Line::painted).collect();
        self.mark(now);
        let written = self.screen.draw(size, &lines)?;
        if !written.is_empty() {
            self.cast.output(now, &written);
        }
        self.live.is_at(&self.lesson);
        Ok(())
    }

    fn mark(&mut self, now: Duration) {
        let Some(at) = self.lesson.step().filter(|at| !self.marked.contains(at)) else {
            return;
        };
        self.marked.push(at);
        let title = self.lesson.script().steps[at]
            .title
            .in_language(self.look.language);
        let label = format!("{}. {title}", at + 1);
        self.cast.marker(now, &label);
    }
}

/// The threads that steps work on: one at a time, and those that were told to end.
struct Crew<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    opened: Option<&'env Opened>,
    cx: &'env Context,
    at_work: Option<Worker<'scope>>,
    leaving: Vec<Worker<'scope>>,
    /// To start once the others have left.
    next: Option<usize>,
}

impl<'scope> Crew<'scope, '_> {
    fn start(&mut self, step: usize) {
        self.stop();
        self.next = Some(step);
        self.go_on();
    }

    fn stop(&mut self) {
        self.next = None;
        if let Some(worker) = self.at_work.take() {
            worker.stop();
            self.leaving.push(worker);
        }
    }

    /// Two steps at once would share the builder, and the machine.
    fn go_on(&mut self) {
        let (left, leaving) = std::mem::take(&mut self.leaving)
            .into_iter()
            .partition(Worker::is_over);
        self.leaving = leaving;
        let left: Vec<Worker<'scope>> = left;
        for worker in left {
            // Nobody waits for its result, but a panic of its own goes on.
            let _ = worker.result();
        }
        if !self.leaving.is_empty() {
            return;
        }
        if let (Some(step), Some(opened)) = (self.next.take(), self.opened) {
            let (terminal, cancel) = (&self.cx.terminal, &self.cx.cancel);
            let worker = Worker::start(self.scope, opened, step, (terminal, cancel));
            self.at_work = Some(worker);
        }
    }

    fn told(&self) -> Vec<Event> {
        let worker = self.at_work.iter();
        worker.flat_map(Worker::told).collect()
    }

    /// The step that has ended since, and its result.
    fn ended(&mut self) -> Option<(usize, Result<Taken, Problem>)> {
        self.go_on();
        let worker = self.at_work.take_if(|worker| worker.is_over())?;
        Some((worker.step, worker.result()))
    }

    fn dismiss(&mut self) {
        self.stop();
    }
}
