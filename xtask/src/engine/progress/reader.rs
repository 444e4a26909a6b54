use super::classic::Classic;
use super::json::Json;
use super::plain::Plain;
use super::told::Told;
use crate::engine::Driver;
use crate::process::{Lines, Stream};

/// Understands a builder's output as it comes.
#[derive(Debug)]
pub(in crate::engine) struct Reader {
    language: Language,
    told: Told,
}

#[derive(Debug)]
enum Language {
    /// On stderr; what is not JSON there is plain text.
    Json(Json),
    /// On stderr.
    Plain { lines: Lines, plain: Plain },
    /// Steps on stdout, errors on stderr.
    Classic {
        stdout: Lines,
        stderr: Lines,
        classic: Classic,
    },
}

impl Reader {
    pub(in crate::engine) fn of(driver: Driver) -> Self {
        let language = match driver {
            Driver::BuildxJson => Language::Json(Json::default()),
            Driver::BuildxPlain | Driver::Inside => Language::Plain {
                lines: Lines::default(),
                plain: Plain::default(),
            },
            Driver::Classic => Language::Classic {
                stdout: Lines::default(),
                stderr: Lines::default(),
                classic: Classic::default(),
            },
        };
        Self {
            language,
            told: Told::default(),
        }
    }

    pub(in crate::engine) fn feed(&mut self, stream: Stream, bytes: &[u8]) {
        let told = &mut self.told;
        match (&mut self.language, stream) {
            (Language::Json(json), Stream::Stderr) => json.feed(bytes, told),
            (Language::Plain { lines, plain }, Stream::Stderr) => {
                lines.feed(bytes, &mut |line| plain.line(line, told));
            }
            (
                Language::Classic {
                    stdout, classic, ..
                },
                Stream::Stdout,
            ) => {
                stdout.feed(bytes, &mut |line| classic.step_line(line, told));
            }
            (
                Language::Classic {
                    stderr, classic, ..
                },
                Stream::Stderr,
            ) => {
                stderr.feed(bytes, &mut |line| classic.error_line(line, told));
            }
            // BuildKit's image id, which the file of `--iidfile` has too.
            (Language::Json(_) | Language::Plain { .. }, Stream::Stdout) => (),
        }
    }

    /// The output is over.
    pub(in crate::engine) fn finish(mut self) -> Told {
        let told = &mut self.told;
        match &mut self.language {
            Language::Json(json) => json.finish(told),
            Language::Plain { lines, plain } => lines.finish(&mut |line| plain.line(line, told)),
            Language::Classic {
                stdout,
                stderr,
                classic,
            } => {
                stdout.finish(&mut |line| classic.step_line(line, told));
                stderr.finish(&mut |line| classic.error_line(line, told));
            }
        }
        self.told
    }

    pub(in crate::engine) fn told(&self) -> &Told {
        &self.told
    }
}
