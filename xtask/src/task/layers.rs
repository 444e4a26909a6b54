use super::context::{Context, Ended};
use super::images::Route;
use super::publish::Destinations;
use super::subject::{self, BaseSearch, Recipe};
use crate::cli::{LayersArgs, ListingArgs};
use crate::measure::{self, Subject};
use crate::model::{Outcome, Problem};
use crate::report::{LayersReport, View, render_layers};

/// Reads one image, measures it and lists what it is made of.
pub(super) fn run(args: &LayersArgs, cx: &Context) -> Result<Ended, Problem> {
    let destinations = Destinations::open_list(&args.outputs)?;
    let recipe = Recipe::read(&args.reading)?;
    let sources = [args.source.as_path()];
    // A listing of files has the digest of each.
    let route = if args.files {
        Route::Stream
    } else {
        Route::Fastest
    };
    let how = (BaseSearch::Named, route);
    let found = subject::read(&sources, &args.engine, &args.reading, how, cx)?;
    let subjects = found.iter().map(|found| found.subject(recipe.as_ref()));
    let subjects: Vec<Subject<'_>> = subjects.collect();
    Recipe::check(recipe.as_ref(), &subjects)?;
    let measured = measure::images(&subjects);
    let one = found.iter().zip(measured).next();
    let (found, measured) = one.expect("one source gives one image");
    let report = LayersReport {
        source: args.source.display().to_string(),
        files: args.files.then(|| measure::files(&found.record)),
        measured,
    };
    let view = view(&args.listing);
    let text = destinations.write(&cx.terminal, |format, look, out| {
        render_layers(&report, view, format, look, out)
    })?;
    Ok(Ended {
        exit_code: Outcome::Accepted.exit_code(),
        report: Some(text),
    })
}

pub(super) fn view(args: &ListingArgs) -> View {
    View {
        depth: args.depth,
        min: args.min,
        order: args.sort,
    }
}
