use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::cli;
use crate::model::{CheckFormat, Format, ListFormat, ReportProblem};
use crate::report::{self, Look, MergedReport, Styles};
use crate::term::Terminal;

use super::context::Ended;

/// What goes to standard output once the bars are gone.
pub(super) struct Text(pub(super) Vec<u8>);

impl Text {
    /// A reader that went away is a quiet success.
    pub(super) fn to_stdout(&self) -> Result<(), ReportProblem> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(&self.0).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(|source| ReportProblem::Stdout { source }),
        }
    }
}

/// Where the report goes. Files are opened before the work starts, so that a path that
/// can't be written is known at once, and renamed into place when they are whole.
pub(super) struct Destinations<F = Format> {
    stdout: F,
    files: Vec<Destination<F>>,
}

struct Destination<F> {
    format: F,
    path: PathBuf,
    sink: Sink,
}

/// How a report comes to its path.
pub(super) enum Sink {
    /// Written beside, and renamed over this path when it is whole.
    Renamed(NamedTempFile, PathBuf),
    /// A device or a pipe, which a rename would take away.
    Special(File),
}

impl Sink {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        // A link stays one: the file that it names is replaced.
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        match real.metadata() {
            Ok(found) if found.is_dir() => Err(io::Error::from(ErrorKind::IsADirectory)),
            Ok(found) if !found.is_file() => {
                Ok(Self::Special(File::options().write(true).open(&real)?))
            }
            _ => Ok(Self::Renamed(beside(&real)?, real)),
        }
    }

    pub(super) fn write(self, text: &[u8]) -> io::Result<()> {
        match self {
            Self::Renamed(mut beside, path) => {
                // Its own error would name the file beside, which nobody asked for.
                beside.as_file_mut().write_all(text)?;
                beside.persist(path).map_err(|error| error.error)?;
                Ok(())
            }
            Self::Special(mut file) => file.write_all(text),
        }
    }
}

impl Destinations {
    pub(super) fn open(outputs: &cli::Outputs) -> Result<Self, ReportProblem> {
        Self::new(outputs.format, &outputs.output)
    }

    /// Whether a file of the report goes to this path.
    pub(super) fn take(&self, path: &Path) -> bool {
        self.files.iter().any(|file| real(&file.path) == real(path))
    }

    /// Writes every file, and gives what standard output is to carry.
    pub(super) fn publish(
        self,
        report: &MergedReport,
        terminal: &Terminal,
    ) -> Result<Ended, ReportProblem> {
        let text = self.write(terminal, |format, look, out| {
            report::render_merged(report, format, look, out)
        })?;
        Ok(Ended {
            exit_code: report.outcome().exit_code(),
            report: Some(text),
        })
    }
}

impl Destinations<ListFormat> {
    pub(super) fn open_list(outputs: &cli::ListOutputs) -> Result<Self, ReportProblem> {
        Self::new(outputs.format, &outputs.output)
    }
}

impl Destinations<CheckFormat> {
    pub(super) fn open_check(outputs: &cli::CheckOutputs) -> Result<Self, ReportProblem> {
        Self::new(outputs.format, &outputs.output)
    }
}

impl<F: Copy> Destinations<F> {
    fn new(stdout: F, outputs: &[cli::OutputArg<F>]) -> Result<Self, ReportProblem> {
        let mut seen = BTreeSet::new();
        let mut files = Vec::new();
        for output in outputs {
            let sink = Sink::open(&output.path).map_err(|source| ReportProblem::Write {
                path: output.path.clone(),
                source,
            })?;
            if !seen.insert(real(&output.path)) {
                return Err(ReportProblem::SamePath {
                    path: output.path.clone(),
                });
            }
            files.push(Destination {
                format: output.format,
                path: output.path.clone(),
                sink,
            });
        }
        Ok(Self { stdout, files })
    }

    /// Renders every file, and gives what standard output is to carry.
    pub(super) fn write(
        self,
        terminal: &Terminal,
        render: impl Fn(F, &Look, &mut dyn Write) -> io::Result<()>,
    ) -> Result<Text, ReportProblem> {
        for Destination { format, path, sink } in self.files {
            let look = look(terminal, PLAIN_WIDTH, Colour::Off);
            let mut text = Vec::new();
            render(format, &look, &mut text)
                .and_then(|()| sink.write(&text))
                .map_err(|source| ReportProblem::Write { path, source })?;
        }
        let look = stdout_look(terminal);
        let mut text = Vec::new();
        render(self.stdout, &look, &mut text).map_err(|source| ReportProblem::Stdout { source })?;
        Ok(Text(text))
    }
}

/// Columns of a table in a file.
const PLAIN_WIDTH: usize = 80;

#[derive(Clone, Copy)]
enum Colour {
    On,
    Off,
}

/// How a report looks on standard output.
pub(super) fn stdout_look(terminal: &Terminal) -> Look {
    let colour = if terminal.stdout_colour {
        Colour::On
    } else {
        Colour::Off
    };
    look(terminal, terminal.width, colour)
}

fn look(terminal: &Terminal, width: usize, colour: Colour) -> Look {
    let styles = match colour {
        Colour::On => Styles::ansi(),
        Colour::Off => Styles::none(),
    };
    Look {
        language: terminal.language,
        width,
        styles,
    }
}

/// A new file in the directory of `path`, with the rights that a new file has.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".lab-report-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The error would name the file beside, which nobody asked for.
    builder
        .tempfile_in(directory)
        .map_err(|error| error.kind().into())
}

/// Two ways to write one path are the same.
fn real(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    let directory = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let directory = directory
        .canonicalize()
        .unwrap_or_else(|_| directory.to_owned());
    path.file_name()
        .map_or(directory.clone(), |name| directory.join(name))
}
