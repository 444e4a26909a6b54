use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::super::project::Project;
use super::super::publish::Sink;
use super::super::saved;
use crate::cli::DemoArgs;
use crate::demo::{LiveState, Record};
use crate::lab;
use crate::model::{Cancel, LessonProblem, Problem, RecordFault, ReportProblem, Script};

/// The name of the file of steps.
const FILE: &str = "demo.yaml";

/// The lesson's files: its steps, its recorded results, and where it is at the moment.
pub(super) struct Shelf {
    pub(super) project: Project,
    pub(super) script: Script,
    /// The Compose file that is to be named, if one is.
    pub(super) file: Option<PathBuf>,
    path: PathBuf,
    record: PathBuf,
    live: PathBuf,
    /// What was typed that another command needs too.
    typed: String,
}

impl Shelf {
    /// Reads the steps: of `lab/LAB/demo.yaml`, else of the file beside the Compose file.
    pub(super) fn find(args: &DemoArgs) -> Result<Self, Problem> {
        let lab = args.lab.as_str();
        let mut project = Project::with_lab(args.file.as_deref(), Some(lab))?;
        // A name is no path: it also names files of the kit's own.
        let is_name = !lab.is_empty() && !lab.contains(['/', '\\']) && !lab.starts_with('.');
        let mut file = args.file.clone();
        let own = project.of_lab(lab).filter(|_| is_name && file.is_none());
        if let Some(own) = own {
            file = Some(own.file.clone());
            project = own;
        }
        let directory = &project.directory;
        let places = [
            directory.join("lab").join(lab).join(FILE),
            directory.join(FILE),
        ];
        let path = places.iter().find(|path| path.is_file() && is_name);
        let path = path.cloned().ok_or_else(|| LessonProblem::NoScript {
            lab: lab.to_owned(),
            paths: places
                .iter()
                .map(|it| PathBuf::from(project.short(it)))
                .collect(),
        })?;
        let text = fs::read_to_string(&path).map_err(|source| LessonProblem::Read {
            path: path.clone(),
            source,
        })?;
        let named = PathBuf::from(project.short(&path));
        let script = lab::script(&text, &named, lab)?;
        let kept = kept();
        let record = args.rehearsal.clone();
        let flags = [("--file", &args.file), ("--rehearsal", &args.rehearsal)];
        let flags = flags.iter().filter_map(|(flag, path)| {
            let path = path.as_ref()?.to_string_lossy();
            Some(format!(" {flag} {}", crate::engine::quoted(&path)))
        });
        Ok(Self {
            record: record.unwrap_or_else(|| kept.join(format!("{lab}.json"))),
            live: kept.join(format!("{lab}.live.json")),
            typed: format!("cargo xtask demo {lab}{}", flags.collect::<String>()),
            path,
            file,
            project,
            script,
        })
    }

    pub(super) fn script_name(&self) -> String {
        self.project.short(&self.path)
    }

    /// This lesson's command with another flag.
    pub(super) fn command(&self, flag: &str) -> String {
        format!("{} {flag}", self.typed)
    }

    pub(super) fn record_path(&self) -> &Path {
        &self.record
    }

    pub(super) fn no_record(&self) -> LessonProblem {
        LessonProblem::NoRecord {
            path: self.record.clone(),
            again: self.command("--rehearse"),
        }
    }

    pub(super) fn unusable(&self, fault: RecordFault) -> LessonProblem {
        LessonProblem::Record {
            path: self.record.clone(),
            fault,
        }
    }

    /// The recorded results; `None` where there are none yet. A device has none.
    pub(super) fn record(&self, cancel: &Cancel) -> Result<Option<Record>, Problem> {
        if !self.record.is_file() {
            return Ok(None);
        }
        let text = match saved::read(&self.record, &self.record, cancel) {
            Ok(text) => text,
            Err(problem @ ReportProblem::Cancelled(_)) => return Err(problem.into()),
            Err(problem) => {
                let reason = std::error::Error::source(&problem);
                let reason = reason.map_or_else(|| problem.to_string(), ToString::to_string);
                return Err(self.unusable(RecordFault::Unreadable(reason)).into());
            }
        };
        let record = Record::read(&text, &self.record, &self.script.lab)?;
        Ok(Some(record))
    }

    /// Where the record goes, opened before the work starts.
    pub(super) fn open_record(&self) -> Result<Sink, ReportProblem> {
        let directory = self.record.parent().filter(|it| !it.as_os_str().is_empty());
        let made = directory.map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| Sink::open(&self.record))
            .map_err(|source| self.unwritable(source))
    }

    pub(super) fn unwritable(&self, source: io::Error) -> ReportProblem {
        ReportProblem::Write {
            path: self.record.clone(),
            source,
        }
    }

    /// Says where the lesson is to whoever follows it. That nobody can is no reason to end it.
    pub(super) fn tell_live(&self, state: &LiveState) {
        let told = || -> io::Result<()> {
            let directory = self.live.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(directory)?;
            let sink = Sink::open(&self.live)?;
            sink.write(&serde_json::to_vec(state)?)
        };
        let _ = told();
    }

    pub(super) fn live(&self) -> Option<LiveState> {
        let text = fs::read(&self.live).ok()?;
        serde_json::from_slice(&text).ok()
    }
}

/// The user's directory for such things.
fn kept() -> PathBuf {
    let user = ProjectDirs::from("", "", "lab-kit");
    let cache = user.map_or_else(std::env::temp_dir, |user| user.cache_dir().to_owned());
    cache.join("demo")
}
