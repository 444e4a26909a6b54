use proptest::prelude::*;

use super::generated::stack;
use super::made::{file, image, measured, with_history};
use crate::measure::{Reference, compare, diff};
use crate::model::{
    Bytes, CauseKind, Delta, Entry, ImageDiff, ImageRecord, LeftCause, LeftPart, Measured, Origin,
};

/// One own layer a line, each with its instruction.
fn built(layers: &[(&str, Vec<Entry>)]) -> ImageRecord {
    let mut record = image(Vec::new());
    for (_, entries) in layers {
        // Each by itself: a layer's digest does not tell its place.
        record
            .layers
            .append(&mut image(vec![entries.clone()]).layers);
    }
    let history: Vec<&str> = layers.iter().map(|(text, _)| *text).collect();
    with_history(record, &history)
}

fn with_base(record: &ImageRecord, layers: usize) -> Measured {
    let mut found = measured(record);
    for layer in &mut found.layers[..layers] {
        layer.origin = Origin::Base;
        found.size.base += layer.unpacked;
        found.size.own = Bytes(found.size.own.0 - layer.unpacked.0);
    }
    found
}

fn causes(diff: &ImageDiff) -> Vec<(CauseKind, i64)> {
    let causes = diff.causes.iter();
    causes.map(|cause| (cause.kind, cause.delta.0)).collect()
}

fn both(before: &ImageRecord, after: &ImageRecord) -> ImageDiff {
    let (one, other) = (measured(before), measured(after));
    let exact = diff((before, &one), (after, &other));
    assert_eq!(causes(&exact), causes(&compare(&one, &other)));
    exact
}

const APT: &str = "RUN apt-get update && apt-get install -y curl # buildkit";

#[test]
fn an_instruction_inserted_in_the_middle_is_seen_as_that() {
    let (low, top) = (vec![file("a", 10, 1)], vec![file("b", 20, 2)]);
    let before = built(&[("COPY a /", low.clone()), ("COPY b /", top.clone())]);
    let middle = ("RUN make", vec![file("made", 3_000_000, 3)]);
    let after = built(&[("COPY a /", low), middle, ("COPY b /", top)]);
    let found = both(&before, &after);
    assert_eq!(causes(&found), [(CauseKind::Added, 3_000_000)]);
    let cause = &found.causes[0];
    assert_eq!(cause.step.clone().unwrap().instruction, "RUN make");
    assert_eq!(cause.paths[0].path.to_string(), "made");
    assert_eq!(
        causes(&both(&after, &before)),
        [(CauseKind::Removed, -3_000_000)]
    );
}

#[test]
fn unpinned_packages_are_the_same_instruction_with_new_content() {
    let before = built(&[(APT, vec![file("curl", 100, 1), file("same", 5, 9)])]);
    let after = built(&[(APT, vec![file("curl", 130, 2), file("same", 5, 9)])]);
    let found = both(&before, &after);
    assert_eq!(causes(&found), [(CauseKind::SameInstructionNewContent, 30)]);
    let names: Vec<_> = found.causes[0]
        .paths
        .iter()
        .map(|path| path.path.to_string())
        .collect();
    assert_eq!(names, ["curl"]);
}

#[test]
fn a_directory_that_weighs_the_same_is_not_named() {
    let held = |bytes| vec![file("a/x", 5_000, 1), file("b/y", bytes, bytes)];
    let (before, after) = (built(&[(APT, held(6_000))]), built(&[(APT, held(7_000))]));
    let found = compare(&measured(&before), &measured(&after));
    let paths: Vec<_> = found.causes[0].paths.iter().collect();
    assert_eq!(paths.len(), 1);
    assert_eq!(
        (
            paths[0].path.to_string().as_str(),
            paths[0].before,
            paths[0].after
        ),
        ("b", Bytes(6_000), Bytes(7_000))
    );
}

#[test]
fn the_same_instruction_counts_for_more_than_any_number_alike() {
    let run = |n: u64| format!("RUN make one two three four five six seven eight {n}");
    let layer = |n: u64| vec![file("x", n, n)];
    let (one, two, three) = (run(1), run(2), run(3));
    let before = built(&[(&one, layer(100)), (&two, layer(20))]);
    let after = built(&[(&two, layer(21)), (&three, layer(300))]);
    assert_eq!(
        causes(&both(&before, &after)),
        [
            (CauseKind::Added, 300),
            (CauseKind::Removed, -100),
            (CauseKind::SameInstructionNewContent, 1)
        ]
    );
}

#[test]
fn of_two_instructions_the_one_more_alike_is_the_one_that_was_rewritten() {
    let layer = |n: u64| vec![file("x", n, n)];
    let before = built(&[("RUN make all", layer(100))]);
    let alike = ("RUN make all install", layer(130));
    let other = ("RUN pip install x", layer(7));
    for after in [
        built(&[alike.clone(), other.clone()]),
        built(&[other.clone(), alike.clone()]),
    ] {
        assert_eq!(
            causes(&both(&before, &after)),
            [(CauseKind::ChangedInstruction, 30), (CauseKind::Added, 7)]
        );
    }
}

#[test]
fn the_hash_in_a_classic_copy_is_no_other_instruction() {
    let copied = |what: &str, digit: &str, bytes: u64| {
        let hash = digit.repeat(64);
        let text = format!("/bin/sh -c #(nop) COPY {what}:{hash} in /app/ ");
        built(&[(&text, vec![file("app/x", bytes, bytes)])])
    };
    let before = copied("file", "a", 1);
    for (after, kind) in [
        ("file", CauseKind::SameInstructionNewContent),
        ("dir", CauseKind::ChangedInstruction),
        ("multi", CauseKind::ChangedInstruction),
        ("--chown=1:1file", CauseKind::ChangedInstruction),
    ] {
        let found = both(&before, &copied(after, "b", 2));
        assert_eq!(causes(&found), [(kind, 1)], "{after}");
    }
}

#[test]
fn an_instruction_that_was_rewritten_is_told_from_one_that_was_added() {
    let before = built(&[
        (APT, vec![file("curl", 100, 1)]),
        ("RUN make all", vec![file("x", 10, 2)]),
    ]);
    let after = built(&[
        (
            &APT.replace("curl", "curl git"),
            vec![file("curl", 100, 1), file("git", 50, 4)],
        ),
        ("COPY y /", vec![file("y", 7, 5)]),
        ("RUN make all", vec![file("x", 11, 3)]),
    ]);
    let found = both(&before, &after);
    assert_eq!(
        causes(&found),
        [
            (CauseKind::ChangedInstruction, 50),
            (CauseKind::Added, 7),
            (CauseKind::SameInstructionNewContent, 1)
        ]
    );
    let was = found.causes[0].step_before.clone().unwrap().instruction;
    assert!(was.ends_with("install -y curl"), "{was}");
}

#[test]
fn another_base_is_one_cause_whatever_its_layers() {
    let own = ("COPY app /", vec![file("app", 9, 9)]);
    let before = built(&[
        ("", vec![file("etc/os", 10, 1), file("bin/sh", 50, 3)]),
        own.clone(),
    ]);
    let after = built(&[
        ("", vec![file("etc/os", 12, 2)]),
        ("ENV", vec![file("bin/sh", 50, 3)]),
        own,
    ]);
    let (one, other) = (with_base(&before, 1), with_base(&after, 2));
    let found = diff((&before, &one), (&after, &other));
    assert_eq!(causes(&found), [(CauseKind::BaseDrift, 2)]);
    assert_eq!((found.base_delta, found.own_delta), (Delta(2), Delta(0)));
    let paths: Vec<_> = found.causes[0]
        .paths
        .iter()
        .map(|path| path.path.to_string())
        .collect();
    assert_eq!(
        paths,
        ["etc/os"],
        "what only moved between layers did not change"
    );
    assert_eq!(causes(&compare(&one, &other)), [(CauseKind::BaseDrift, 2)]);
}

#[test]
fn images_without_a_common_layer_are_still_explained() {
    let before = image(vec![vec![file("a", 1, 1)]; 3]);
    let found = both(&before, &image(Vec::new()));
    assert_eq!(found.unpacked.delta(), Delta(-3));
}

fn left(reference: &ImageRecord, base: usize, variant: &ImageRecord) -> Vec<LeftPart> {
    let reference_measured = with_base(reference, base);
    let of_variant = measured(variant);
    Reference::of(reference, &reference_measured).left_behind(variant, &of_variant)
}

#[test]
fn what_was_left_behind_is_told_by_cause_and_instruction() {
    let reference = built(&[
        (
            "",
            vec![
                file("usr/lib/libc.so", 1_000, 1),
                file("usr/lib/python3.13/os.py", 300, 2),
            ],
        ),
        (
            APT,
            vec![
                file("usr/lib/gcc/x86_64-linux-gnu/12/cc1", 5_000, 3),
                file("usr/bin/x86_64-linux-gnu-ld.bfd", 400, 4),
                file("var/lib/apt/lists/x_Packages", 700, 5),
                file("var/cache/apt/pkgcache.bin", 60, 6),
                file("usr/share/doc/gcc/copyright", 20, 7),
            ],
        ),
        (
            "RUN build",
            vec![file("app/display", 393, 8), file("app/output.txt", 60, 9)],
        ),
    ]);
    let variant = built(&[(
        "COPY --from=build /app /",
        vec![
            file("display", 393, 8),
            file("output.txt", 60, 9),
            file("readme", 5, 10),
        ],
    )]);
    let parts = left(&reference, 1, &variant);
    let shown: Vec<_> = parts
        .iter()
        .map(|part| (part.cause, part.step.is_some(), part.bytes.0))
        .collect();
    assert_eq!(
        shown,
        [
            (LeftCause::Compiler, true, 5_400),
            (LeftCause::Base, false, 1_000),
            (LeftCause::PackageLists, true, 700),
            (LeftCause::Interpreter, false, 300),
            (LeftCause::Caches, true, 60),
            (LeftCause::Own, true, 20),
            (LeftCause::Added, true, -5),
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn every_byte_of_a_change_is_in_one_cause_and_one_path(
        before in stack(), after in stack(), base in 0_usize..3, other_base in 0_usize..3, shared in 0_usize..4,
    ) {
        let mut after = after;
        // Layers that both hold, so that there is something to align.
        let top = shared.min(before.layers.len());
        after.layers.splice(0..0, before.layers[..top].iter().cloned());
        let (one, other) = (
            with_base(&before, base.min(before.layers.len())),
            with_base(&after, other_base.min(after.layers.len())),
        );
        for found in [diff((&before, &one), (&after, &other)), compare(&one, &other)] {
            let delta = after_less_before(&one, &other);
            prop_assert_eq!(found.unpacked.delta(), delta);
            prop_assert_eq!(found.causes.iter().map(|cause| cause.delta).sum::<Delta>(), delta);
            prop_assert_eq!(found.base_delta + found.own_delta, delta);
            prop_assert!((found.explained - 1.0).abs() < f64::EPSILON);
            for cause in &found.causes {
                let paths: Delta = cause.paths.iter().map(crate::model::PathChange::delta).sum();
                prop_assert_eq!(paths, cause.delta);
            }
        }
        let same = diff((&before, &one), (&before, &one));
        prop_assert!(same.causes.is_empty());
    }

    #[test]
    fn what_was_left_behind_adds_up_to_the_difference(reference in stack(), variant in stack(), base in 0_usize..3) {
        let parts = left(&reference, base.min(reference.layers.len()), &variant);
        let delta = after_less_before(&measured(&variant), &measured(&reference));
        prop_assert_eq!(parts.iter().map(|part| part.bytes).sum::<Delta>(), delta);
    }
}

fn after_less_before(before: &Measured, after: &Measured) -> Delta {
    after.size.unpacked.since(before.size.unpacked)
}
