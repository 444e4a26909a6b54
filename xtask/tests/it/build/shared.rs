//! Two builds that have steps in common, at once where the builder tells enough of them.

use xtask::engine::build::{self, BuildCache, Job};
use xtask::model::{Build, BuildCause, BuiltImage, Cancel, Events};

use super::workshop::{BASE, On, Workshop, builders, once};

/// Builds both, the second as a stage of two.
fn both(on: &On, steps: &str) -> Vec<Build<BuiltImage>> {
    let workshop = Workshop::new("shared");
    let one = workshop.spec(&format!("FROM {BASE}\n{steps}"));
    let two = format!("FROM {BASE} AS build\n{steps}FROM scratch\nCOPY --from=build /out /\n");
    let two = workshop.spec(&two);
    let job = |variant, spec| Job {
        shown: std::collections::BTreeSet::new(),
        variant,
        spec,
        tag: None,
        also: Vec::new(),
        after: Vec::new(),
        fault: None,
    };
    let (jobs, cache) = ([job("one", &one), job("two", &two)], BuildCache::Use);
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    build::all(&on.cli, on.driver, &jobs, cache, &events, &cancel).unwrap()
}

#[test]
#[ignore = "needs Docker"]
fn a_step_that_two_builds_wait_for_counts_once_in_each() {
    for on in &builders() {
        let begin = format!("RUN echo {}; sleep 0.5\nCOPY a.txt /\n", once());
        let steps = format!("{begin}RUN sleep 0.5; cp a.txt /out\n");
        let counts: Vec<_> = both(on, &steps)
            .iter()
            .map(|build| match build {
                Build::Done(built) => built.build.steps,
                Build::Failed(failure) => panic!("{:?}: {failure:?}", on.driver),
            })
            .collect();
        assert_eq!(counts, [3, 4], "{:?}", on.driver);
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_run_that_fails_for_two_builds_is_told_in_both_with_its_log() {
    for on in &builders() {
        let begin = format!("RUN echo {}; sleep 0.5\nCOPY a.txt /\n", once());
        let failing = "RUN echo \"why it fails\"; sleep 0.5; exit 7";
        for build in both(on, &format!("{begin}{failing}\n")) {
            let Build::Failed(failure) = build else {
                panic!("{:?}: {build:?}", on.driver);
            };
            let exit_code = Some(7);
            assert_eq!(failure.cause, BuildCause::Run { exit_code });
            let instruction = failure.instruction.as_deref();
            assert_eq!(instruction, Some(failing), "{:?}", on.driver);
            assert_eq!(failure.log, ["why it fails"], "{:?}", on.driver);
        }
    }
}
