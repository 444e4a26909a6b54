use super::cause::{self, Subject};
use crate::measure;
use crate::model::{
    Build, BuildFailure, Bytes, Cause, CheckId, CheckOutcome, CheckResult, Diagnosis, Difference,
    Entry, Exercise, Fate, Forbidden, FoundFile, ImageRecord, Measured, NextStep, Origin, Proof,
    Run,
};
use crate::verdict;

/// All that was seen of a submission that was built, or tried to.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    pub subject: Subject<'a>,
    pub exercise: &'a Exercise,
    pub build: &'a Build,
    pub run: Option<&'a Run>,
    pub measured: Option<&'a Measured>,
    /// With the canary in the script's place.
    pub canary: Step<'a>,
    /// What the given script writes, and what the canary does.
    pub expected: [&'a [u8]; 2],
    /// What the reference weighs, or why it does not build.
    pub reference: Result<Bytes, &'a BuildFailure>,
}

/// A build, and the run of what it gave.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    pub build: &'a Build,
    pub run: Option<&'a Run>,
}

/// Why a check did not pass.
type Fault = (Diagnosis, Option<Proof>);

/// What became of each check, in their order.
pub fn judge(seen: &Seen<'_>) -> Vec<CheckResult> {
    let mut results: Vec<CheckResult> = Vec::new();
    for id in CheckId::ALL {
        let is_open = |needed: &&CheckId| {
            let passed = |it: &CheckResult| it.id == **needed && it.outcome == CheckOutcome::Pass;
            !results.iter().any(passed)
        };
        let because = id.needs().iter().find(is_open).copied();
        let result = match because {
            Some(because) => skipped(id, because),
            None => result(id, seen.fault(id)),
        };
        results.push(result);
    }
    results
}

fn skipped(id: CheckId, because: CheckId) -> CheckResult {
    CheckResult {
        id,
        outcome: CheckOutcome::Skipped,
        because: Some(because),
        diagnosis: None,
        proof: None,
        problem: None,
    }
}

fn result(id: CheckId, fault: Option<Fault>) -> CheckResult {
    let outcome = match &fault {
        None => CheckOutcome::Pass,
        Some((diagnosis, _)) if diagnosis.cause.is_undecided() => CheckOutcome::Undecided,
        Some(_) => CheckOutcome::Fail,
    };
    let (diagnosis, proof) = fault.unzip();
    CheckResult {
        id,
        outcome,
        because: None,
        diagnosis,
        proof: proof.flatten(),
        problem: None,
    }
}

impl Seen<'_> {
    fn fault(&self, id: CheckId) -> Option<Fault> {
        match id {
            CheckId::Builds => self.builds(),
            CheckId::Runs => self.runs(),
            CheckId::Shows => self.shows(),
            CheckId::Follows => self.follows(),
            CheckId::Separate => Some((cause::of_stages(&self.subject)?, None)),
            CheckId::Clean => self.clean(),
            CheckId::Lighter => self.lighter(),
        }
    }

    fn builds(&self) -> Option<Fault> {
        let failure = failure(self.build)?;
        Some((cause::of_build(&self.subject, failure), Some(log(failure))))
    }

    fn runs(&self) -> Option<Fault> {
        let run = self.run.filter(|run| !run.ending.is_success())?;
        Some((cause::of_start_or_end(&self.subject, run), Some(ended(run))))
    }

    fn shows(&self) -> Option<Fault> {
        let (run, [expected, _]) = (self.run?, self.expected);
        let proof = unlike(expected, run)?;
        Some((cause::of_output(&self.subject, run, expected), Some(proof)))
    }

    fn follows(&self) -> Option<Fault> {
        if let Some(failure) = failure(self.canary.build) {
            let diagnosis = cause::of_canary_build(&self.subject, failure);
            return Some((diagnosis, Some(log(failure))));
        }
        let (run, [ordinary, canary]) = (self.canary.run?, self.expected);
        let proof = if run.ending.is_success() {
            unlike(canary, run)?
        } else {
            ended(run)
        };
        let diagnosis = cause::of_canary(&self.subject, run, ordinary, canary);
        Some((diagnosis, Some(proof)))
    }

    fn clean(&self) -> Option<Fault> {
        let (image, measured) = (self.subject.image?, self.measured?);
        let mut found = forbidden(image, measured, &self.exercise.forbidden);
        if found.is_empty() {
            return None;
        }
        let diagnosis = cause::of_files(&self.subject, &found);
        let (count, bytes) = (found.len() as u64, found.iter().map(|it| it.bytes).sum());
        found.truncate(MOST_FOUND);
        let proof = Proof::Files {
            found,
            count,
            bytes,
        };
        Some((diagnosis, Some(proof)))
    }

    fn lighter(&self) -> Option<Fault> {
        let actual = self.measured?.size.unpacked;
        let reference = match self.reference {
            Ok(reference) => reference,
            Err(failure) => {
                let diagnosis = cause::diagnosis(&self.subject, Cause::ReferenceFails, None);
                return Some((diagnosis, Some(log(failure))));
            }
        };
        if actual < reference {
            return None;
        }
        let cause = Cause::NotLighter { actual, reference };
        let proof = Proof::Sizes { actual, reference };
        Some((cause::diagnosis(&self.subject, cause, None), Some(proof)))
    }
}

/// Files that a report names, at most.
const MOST_FOUND: usize = 50;

fn failure(build: &Build) -> Option<&BuildFailure> {
    match build {
        Build::Done(_) => None,
        Build::Failed(failure) => Some(failure),
    }
}

fn log(failure: &BuildFailure) -> Proof {
    Proof::Log {
        instruction: failure.instruction.clone(),
        lines: failure.log.clone(),
    }
}

fn ended(run: &Run) -> Proof {
    Proof::Ended {
        ending: run.ending.clone(),
        stdout: run.stdout.clone(),
        stderr: run.stderr.clone(),
    }
}

/// What a run printed, where that is not what was expected to the byte.
fn unlike(expected: &[u8], run: &Run) -> Option<Proof> {
    let is_whole = run.stdout.bytes == Bytes(run.stdout.kept.len() as u64);
    if is_whole && run.stdout.kept == expected {
        return None;
    }
    let difference: Option<Difference> = verdict::difference_of(expected, &run.stdout);
    Some(Proof::Output {
        expected: expected.to_vec(),
        actual: run.stdout.clone(),
        difference,
    })
}

/// Where packages keep what they say of themselves: names of programs, and no programs.
const NO_PROGRAMS: [&[u8]; 3] = [b"var/lib/dpkg/", b"usr/share/", b"etc/"];

/// Whether an entry can be run or loaded, by what its layer says of it.
fn is_program(entry: &Entry, name: &[u8]) -> bool {
    let path = entry.path.as_bytes();
    let is_told_of = NO_PROGRAMS.iter().any(|it| path.starts_with(it));
    let is_library = name.windows(3).any(|part| part == b".so");
    let is_usable = entry.mode & 0o111 != 0 || is_library;
    entry.bytes() > Bytes::ZERO && is_usable && !is_told_of
}

/// Programs and libraries of an image, in whatever layer, that an exercise forbids; most bytes
/// first.
pub fn forbidden(
    image: &ImageRecord,
    measured: &Measured,
    forbidden: &[Forbidden],
) -> Vec<FoundFile> {
    let entries = image.layers.iter().flat_map(|it| &it.content.entries);
    let part = |entry: &Entry| {
        let name = entry.path.as_bytes().rsplit(|byte| *byte == b'/').next()?;
        let part = forbidden.iter().find(|it| it.names(name))?;
        is_program(entry, name).then(|| part.part.clone())
    };
    // Both have every entry of every layer, in the same order.
    let files = measure::files(image).into_iter().zip(entries);
    let found = files.filter_map(|(file, entry)| {
        let part = part(entry)?;
        let layer = measured.layers.get(file.layer);
        let step = layer.and_then(|layer| layer.step.as_ref());
        Some(FoundFile {
            part,
            bytes: file.bytes,
            layer: file.layer,
            is_of_base: layer.is_some_and(|layer| layer.origin == Origin::Base),
            is_removed: matches!(file.fate, Fate::Deleted | Fate::Overwritten),
            place: step.and_then(|step| step.place.clone()),
            path: file.path,
        })
    });
    let mut found: Vec<FoundFile> = found.collect();
    found.sort_by(|one, other| (other.bytes, &one.path).cmp(&(one.bytes, &other.path)));
    found
}

/// What holds most of a submission's bytes, and what the next medal takes.
pub fn next_step(measured: &Measured, exercise: &Exercise) -> NextStep {
    let size = measured.size;
    let own = measured.layers.iter().filter(|it| it.origin == Origin::Own);
    let largest = own.max_by_key(|layer| layer.unpacked);
    let is_base = largest.is_none_or(|layer| layer.unpacked < size.base);
    let largest = largest.filter(|_| !is_base);
    let medal = exercise.next_medal(size.unpacked).map(|medal| {
        let over = size.unpacked.0.saturating_sub(medal.at_most.0);
        (medal.clone(), Bytes(over))
    });
    NextStep {
        step: largest.and_then(|layer| layer.step.clone()),
        bytes: largest.map_or(size.base, |layer| layer.unpacked),
        medal,
    }
}

#[cfg(test)]
mod tests {
    use super::is_program;
    use crate::model::{Bytes, Entry, ImagePath, Kind};

    #[test]
    fn a_program_is_what_can_be_run_or_loaded_and_not_what_is_said_of_it() {
        for (path, mode, is_it) in [
            ("usr/bin/python3.11", 0o755, true),
            ("app/python", 0o700, true),
            ("usr/lib/libpython3.11.so.1.0", 0o644, true),
            ("usr/bin/python3.11", 0o644, false),
            ("var/lib/dpkg/info/gcc-12-base:amd64.list", 0o644, false),
            ("var/lib/dpkg/info/python3.11.postinst", 0o755, false),
            ("usr/share/man/man1/python3.11.1.gz", 0o644, false),
        ] {
            let kind = Kind::File {
                bytes: Bytes(7),
                content: None,
            };
            let entry = Entry {
                path: ImagePath::from(path),
                kind,
                mode,
                stamp: 0,
            };
            let name = path.rsplit('/').next().unwrap();
            assert_eq!(is_program(&entry, name.as_bytes()), is_it, "{path}");
        }
    }
}
