use crate::engine::recorded::recorded;

const BUILDERS: [&str; 6] = [
    "classic", "podman", "plain-20", "plain-29", "json-13", "json-29",
];

#[test]
fn every_builder_counts_its_steps_and_ends_with_all_of_them() {
    for builder in BUILDERS {
        let (told, _) = recorded("ok-new", builder);
        let summary = told.summary();
        // The classic builder's ARG and CMD are steps of their own.
        let is_classic = ["classic", "podman"].contains(&builder);
        let steps = if is_classic { 7 } else { 5 };
        assert_eq!(summary.done, steps, "{builder}");
        assert_eq!(summary.total, Some(steps), "{builder}");
        // BuildKit takes WORKDIR from its cache, `--no-cache` or not.
        let cached = u32::from(!is_classic);
        assert_eq!(summary.cached, cached, "{builder}");
        assert!(told.failed().is_none(), "{builder}");
    }
}

#[test]
fn a_build_that_changed_nothing_is_all_cached() {
    for builder in BUILDERS {
        let (told, _) = recorded("ok-again", builder);
        let summary = told.summary();
        assert!(summary.done > 0, "{builder}");
        assert_eq!(summary.cached, summary.done, "{builder}");
    }
}

#[test]
fn progress_never_goes_back_and_names_the_instruction_at_work() {
    for builder in BUILDERS {
        let (_, summaries) = recorded("ok-new", builder);
        for pair in summaries.windows(2) {
            assert!(pair[0].done <= pair[1].done, "{builder}: {pair:?}");
        }
        let run = summaries
            .iter()
            .find(|summary| summary.instruction.starts_with("RUN echo one &&"));
        assert!(run.is_some(), "{builder}: {summaries:?}");
    }
}

/// Two builds at once wait for the same steps: Docker 28.5 tells each of the other's too, under
/// their names, and 20.10 says of those that the other does only that they are to be done.
#[test]
fn steps_that_another_build_does_at_the_same_time_count_once() {
    for (builder, steps) in [("json-13", 6), ("json-29", 7)] {
        let (mut told, summaries) = recorded("shared", builder);
        told.has_succeeded();
        let summary = told.summary();
        assert_eq!((summary.done, summary.cached), (steps, 4), "{builder}");
        let totals = summaries.iter().filter_map(|summary| summary.total);
        assert!(totals.into_iter().all(|it| it == steps), "{builder}");
    }
}

#[test]
fn the_total_is_known_from_the_start_where_the_builder_tells_it() {
    for builder in ["json-13", "json-29"] {
        let (_, summaries) = recorded("ok-new", builder);
        let first = summaries.iter().find_map(|summary| summary.total);
        assert_eq!(first, Some(5), "{builder}");
    }
}

#[test]
fn the_failing_step_is_the_one_that_failed_among_those_at_work() {
    for builder in ["classic", "podman", "plain-20", "json-29"] {
        let (told, _) = recorded("par", builder);
        let step = told.failed().unwrap();
        assert!(step.instruction.contains("echo two"), "{builder}");
        assert_eq!(step.log.lines(), ["two 1", "two 2", "two 3"], "{builder}");
    }
}

#[test]
fn a_steps_log_is_what_it_printed_and_nothing_else() {
    for builder in [
        "classic",
        "classic-28",
        "plain-20",
        "plain-29",
        "json-13",
        "json-29",
    ] {
        let (told, _) = recorded("run", builder);
        let log = told.failed().unwrap().log.lines();
        let mut expected: Vec<_> = (1..=30).map(|number| number.to_string()).collect();
        expected.push("to stderr".to_owned());
        // The second line is in red, as each builder shows that.
        assert_eq!((&*log[0], &log[2..]), ("before", &*expected), "{builder}");
    }
}

/// The first step's line begins with the end of the warning's colour.
#[test]
fn a_warning_of_an_empty_line_hides_no_step() {
    let (told, _) = recorded("emptyline", "classic");
    let step = told.failed().unwrap();
    assert_eq!(step.instruction, "RUN echo lowercase && false");
    assert_eq!(step.log.lines(), ["lowercase"]);
    assert_eq!(told.summary().total, Some(2));
    let (told, _) = recorded("lower", "classic");
    assert_eq!(told.summary().total, Some(2));
}

#[test]
fn podmans_id_is_read_where_no_file_has_it() {
    let (told, _) = recorded("ok-new", "podman");
    let expected = "sha256:a204feaa4fcd5f866181240c881f64123c2205465b03aacf0c5c973a817e1666";
    assert_eq!(told.id(), Some(expected));
    let (told, _) = recorded("ok-new", "classic");
    assert_eq!(told.id(), None);
}

#[test]
fn a_warning_is_no_step_and_no_failure() {
    let (told, _) = recorded("warn", "json-29");
    assert!(told.failed().is_none());
    assert_eq!(told.summary().done, 0);
}

#[test]
fn lines_that_look_like_steps_are_only_what_a_program_printed() {
    use super::Reader;
    use crate::engine::Driver;
    use crate::process::Stream;

    let mut classic = Reader::of(Driver::Classic);
    classic.feed(
        Stream::Stdout,
        b"Step 1/2 : FROM x\n ---> 1\nStep 2/2 : RUN y\n ---> Running in 2\nStep 2/2 : RUN z\nStep 9/9 : RUN z\n",
    );
    let told = classic.finish();
    let step = told.failed().unwrap();
    assert_eq!(step.instruction, "RUN y");
    assert_eq!(step.log.lines(), ["Step 2/2 : RUN z", "Step 9/9 : RUN z"]);

    let mut plain = Reader::of(Driver::Inside);
    plain.feed(
        Stream::Stderr,
        b"#5 [2/2] RUN y\n#5 0.1 #5 CACHED\n#5 0.2 DONE 1s\n#5 ERROR: no\n",
    );
    let told = plain.finish();
    let step = told.failed().unwrap();
    assert_eq!(step.log.lines(), ["#5 CACHED", "DONE 1s"]);
}

#[test]
fn an_argument_before_the_first_stage_takes_no_work_from_the_classic_builder() {
    use super::Reader;
    use crate::engine::Driver;
    use crate::process::Stream;

    let mut classic = Reader::of(Driver::Classic);
    classic.feed(
        Stream::Stdout,
        b"Step 1/3 : ARG BASE=x\nStep 2/3 : FROM ${BASE}\n ---> 1\n\
          Step 3/3 : RUN y\n ---> Using cache\n ---> 2\nSuccessfully built 2\n",
    );
    let summary = classic.finish().summary();
    assert_eq!((summary.done, summary.cached), (2, 2));
}
