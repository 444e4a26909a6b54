use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::context::{Context, Ended};
use super::images::Route;
use super::layers::view;
use super::publish::Destinations;
use super::saved;
use super::subject::{self, BaseSearch, Found, Recipe};
use crate::cli::DiffArgs;
use crate::measure::{self, Subject};
use crate::model::{
    ArchiveProblem, Measured, Only, Outcome, Problem, ReportProblem, Role, Verified,
};
use crate::report::{DiffPaths, DiffReport, DiffSide, render_diff, wire};

/// Compares two images and says which instruction made the difference.
pub(super) fn run(args: &DiffArgs, cx: &Context) -> Result<Ended, Problem> {
    let destinations = Destinations::open_list(&args.outputs)?;
    let [before, after] = sides(args, cx)?;
    let (diff, paths) = if let (Some(earlier), Some(later)) = (&before.found, &after.found) {
        let earlier = (&earlier.record, &before.measured);
        let later = (&later.record, &after.measured);
        (measure::diff(earlier, later), DiffPaths::Files)
    } else {
        let diff = measure::compare(&before.measured, &after.measured);
        (diff, DiffPaths::Directories)
    };
    let report = DiffReport {
        before: before.told(&args.before),
        after: after.told(&args.after),
        diff,
        paths,
    };
    let view = view(&args.listing);
    let text = destinations.write(&cx.terminal, |format, look, out| {
        render_diff(&report, view, format, look, out)
    })?;
    Ok(Ended {
        exit_code: Outcome::Accepted.exit_code(),
        report: Some(text),
    })
}

struct Side {
    measured: Measured,
    /// `None` for a saved report.
    found: Option<Found>,
    variant: Option<String>,
}

impl Side {
    fn told(&self, source: &Path) -> DiffSide {
        DiffSide {
            source: source.display().to_string(),
            variant: self.variant.clone(),
            image_id: self.measured.image_id,
            platform: self.measured.platform.clone(),
            base_told: self.measured.base_told(),
        }
    }
}

fn sides(args: &DiffArgs, cx: &Context) -> Result<[Side; 2], Problem> {
    let sources = [args.before.as_path(), args.after.as_path()];
    let saved = sources.map(|source| {
        if is_report(source) {
            side_of_report(source, args.variant.as_deref(), cx).map(Some)
        } else {
            Ok(None)
        }
    });
    let [before, after] = saved;
    let saved = [before?, after?];
    let unsaved = sources
        .iter()
        .zip(&saved)
        .filter(|(_, saved)| saved.is_none());
    let unsaved: Vec<&Path> = unsaved.map(|(source, _)| *source).collect();
    check_options(args, unsaved.len())?;
    let recipe = Recipe::read(&args.reading)?;
    let search = BaseSearch::Store(recipe.as_ref());
    let mut found = subject::read(
        &unsaved,
        &args.engine,
        &args.reading,
        (search, Route::Fastest),
        cx,
    )?;
    // Two images of an engine were read together, with all that is needed to tell them apart.
    let is_mixed = found.iter().any(|found| found.engine_reported.is_none());
    if let [one, other] = &mut found[..]
        && is_mixed
        && measure::needs_content(&one.record, &other.record)
    {
        for (found, source) in [one, other].into_iter().zip(unsaved) {
            if found.record.verified == Verified::Headers {
                *found = subject::read_whole(source, &args.reading, cx)?;
            }
        }
    }
    let subjects = found.iter().map(|found| found.subject(recipe.as_ref()));
    let mut subjects: Vec<Subject<'_>> = subjects.collect();
    Recipe::check(recipe.as_ref(), &subjects)?;
    measure::share_base(&mut subjects);
    let measured = measure::images(&subjects);
    let mut read = found
        .into_iter()
        .zip(measured)
        .map(|(found, measured)| Side {
            measured,
            found: Some(found),
            variant: None,
        });
    let side = |saved: Option<Side>| saved.or_else(|| read.next());
    Ok(saved
        .map(side)
        .map(|side| side.expect("each source is saved or read")))
}

/// Refuses an option that speaks of what is not there.
fn check_options(args: &DiffArgs, unsaved: usize) -> Result<(), ArchiveProblem> {
    let reading = &args.reading;
    let given = [
        ("--image", reading.image.is_some()),
        ("--platform", reading.platform.is_some()),
        ("--verify", reading.verify),
        ("--dockerfile", reading.dockerfile.is_some()),
    ];
    let useless = match unsaved {
        0 => given.into_iter().find(|(_, is_given)| *is_given),
        2 => Some(("--variant", args.variant.is_some())).filter(|(_, is_given)| *is_given),
        _ => None,
    };
    match useless {
        Some((option, _)) => Err(ArchiveProblem::NoEffect {
            option,
            only: if unsaved == 0 {
                Only::Image
            } else {
                Only::Report
            },
        }),
        None => Ok(()),
    }
}

/// Whether a file begins as JSON does, which no archive can. What is taken out of a pipe to see
/// would be lacking to whoever reads it.
fn is_report(source: &Path) -> bool {
    if !source.is_file() {
        return false;
    }
    let mut start = Vec::new();
    let read = File::open(source).and_then(|file| file.take(64).read_to_end(&mut start));
    read.is_ok() && start.trim_ascii_start().first() == Some(&b'{')
}

/// The named variant, else the solution, else the only one.
fn side_of_report(path: &Path, variant: Option<&str>, cx: &Context) -> Result<Side, ReportProblem> {
    let text = saved::read(path, path, &cx.cancel)?;
    let report = wire::read(path, &text)?;
    let measured = report.variants.into_iter();
    let measured: Vec<_> = measured
        .filter_map(|it| Some((it.name, it.role, it.measured?)))
        .collect();
    let there = measured.iter().map(|(name, ..)| name.clone()).collect();
    let is_only = measured.len() == 1;
    let is_meant = |name: &str, role: Option<Role>| match variant {
        Some(wanted) => name == wanted,
        None => is_only || role == Some(Role::Solution),
    };
    let meant = measured
        .into_iter()
        .find(|(name, role, _)| is_meant(name, *role));
    let (name, _, measured) = meant.ok_or_else(|| ReportProblem::NoVariant {
        path: path.to_owned(),
        wanted: variant.map(str::to_owned),
        there,
    })?;
    Ok(Side {
        measured,
        found: None,
        variant: Some(name),
    })
}
