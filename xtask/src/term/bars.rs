use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Terminal;
use crate::lang::{BuildEnded, Phrases, phrases, visible};
use crate::model::{Event, Stage};

/// Between two pictures of what turns.
const TICK: Duration = Duration::from_millis(100);

/// Events as bars: a line for the stage, and below it a bar for each variant at work.
pub(super) struct Bars {
    phrases: Phrases,
    all: MultiProgress,
    stage: ProgressBar,
    variants: BTreeMap<String, ProgressBar>,
    colour: bool,
    /// Another program has the terminal.
    away: bool,
}

impl Bars {
    pub(super) fn new(terminal: &Terminal) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(15));
        let stage = all.add(ProgressBar::new_spinner().with_style(style("{spinner} {msg}")));
        stage.enable_steady_tick(TICK);
        Self {
            phrases: phrases(terminal.language),
            all,
            stage,
            variants: BTreeMap::new(),
            colour: terminal.stderr_colour,
            away: false,
        }
    }

    pub(super) fn show(&mut self, event: &Event) {
        match event {
            Event::Stage(stage) => self.begin(stage),
            Event::Progress(line) => self.stage.set_message(visible(line).into_owned()),
            Event::ReadSoFar(so_far) => {
                self.stage.set_message(self.phrases.read_so_far(so_far));
            }
            Event::BuildStarted { variant } => {
                self.bar(variant);
            }
            Event::BuildStep {
                variant,
                done,
                total,
                instruction,
                ..
            } => {
                let bar = self.bar(variant);
                bar.set_length(u64::from(total.unwrap_or(*done).max(1)));
                bar.set_position(u64::from(*done));
                bar.set_message(visible(instruction).into_owned());
            }
            Event::BuildEnded {
                variant,
                success,
                took,
                steps,
                cached,
            } => {
                let ended = BuildEnded {
                    variant,
                    success: *success,
                    took: *took,
                    steps: *steps,
                    cached: *cached,
                };
                let message = self.phrases.build_ended(&ended);
                self.end(variant, &message);
            }
            Event::RunStarted { variant } => {
                let message = self.phrases.run_started(variant);
                self.stage.set_message(visible(&message).into_owned());
            }
            Event::RunEnded {
                variant,
                success,
                took,
            } => {
                let message = self.phrases.run_ended(variant, *success, *took);
                self.stage.set_message(visible(&message).into_owned());
            }
            Event::Command(_)
            | Event::Remark(_)
            | Event::ReadFrom(_)
            | Event::Note(_)
            | Event::Baseline(_)
            | Event::BuildLog { .. }
            | Event::Provision { .. }
            | Event::TerminalWanted(_) => {}
        }
    }

    /// Wipes the bars away and leaves the terminal to another program.
    pub(super) fn leave(&mut self) {
        self.stage.disable_steady_tick();
        let _ = self.all.clear();
        self.away = true;
    }

    /// After [`Bars::leave`].
    pub(super) fn come_back(&mut self) {
        if std::mem::take(&mut self.away) {
            self.stage.enable_steady_tick(TICK);
        }
    }

    /// Prints a line that stays, above the bars.
    pub(super) fn print_above(&self, line: &str) {
        let _ = self.all.println(line);
    }

    pub(super) fn clear(&mut self) {
        self.stage.finish_and_clear();
        let _ = self.all.clear();
    }

    fn begin(&mut self, stage: &Stage) {
        if *stage != Stage::Build {
            self.variants
                .values()
                .for_each(ProgressBar::finish_and_clear);
            self.variants.clear();
        }
        self.stage
            .set_message(visible(&self.phrases.stage(stage)).into_owned());
    }

    fn bar(&mut self, variant: &str) -> &ProgressBar {
        let template = if self.colour {
            "  {prefix:.bold} {bar:24.cyan/dim} {pos}/{len} {wide_msg:.dim}"
        } else {
            "  {prefix} {bar:24} {pos}/{len} {wide_msg}"
        };
        self.variants.entry(variant.to_owned()).or_insert_with(|| {
            let bar = self.all.add(ProgressBar::new(1));
            bar.set_style(style(template).progress_chars("█▉▊▋▌▍▎▏ "));
            bar.set_prefix(visible(&format!("{variant:<8}")).into_owned());
            bar
        })
    }

    fn end(&mut self, variant: &str, message: &str) {
        let message = visible(message).into_owned();
        let bar = self.bar(variant);
        bar.set_style(style("  {msg}"));
        bar.finish_with_message(message);
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates are constants")
}
