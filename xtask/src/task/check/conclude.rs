use super::plan::{CANARY, EXPECTED, Plan, SUBMISSION};
use crate::cache::Notes;
use crate::check::{self, Seen, Step, Subject};
use crate::model::{
    BuildFailure, Bytes, CheckProblem, CheckReport, CheckVerdict, Exercise, LabReport, MadeFrom,
    Role, VariantReport,
};
use crate::verdict;

/// Judges what was seen; `expected` is what the given script writes, and what the canary does.
pub(super) fn conclude(
    report: &mut CheckReport,
    mut lab: LabReport,
    subject: &Subject<'_>,
    exercise: &Exercise,
    expected: [&[u8]; 2],
) {
    let named = |name: &str| lab.variants.iter().find(|it| it.name == name);
    let submission = named(SUBMISSION);
    let canary = named(CANARY);
    let build = submission.and_then(|it| it.build.as_ref());
    let canary_build = canary.and_then(|it| it.build.as_ref());
    let (Some(submission), Some(build), Some(canary_build)) = (submission, build, canary_build)
    else {
        return;
    };
    let unknown = BuildFailure::unknown();
    let seen = Seen {
        subject: *subject,
        exercise,
        build,
        run: submission.run.as_ref(),
        measured: submission.measured.as_ref(),
        canary: Step {
            build: canary_build,
            run: canary.and_then(|it| it.run.as_ref()),
        },
        expected,
        reference: reference(&lab).unwrap_or(Err(&unknown)),
    };
    report.checks = check::judge(&seen);
    report.size = size(submission);
    if let (CheckVerdict::Accepted, Some(measured)) = (report.outcome(), &submission.measured) {
        report.medal = exercise.medal(measured.size.unpacked).cloned();
        report.next = Some(check::next_step(measured, exercise));
        report.remarks = check::remarks(subject, measured);
    }
    lab.variants.retain(|it| it.role.is_some());
    lab.left_out.clear();
    for variant in &mut lab.variants {
        // Of copies, whose places are gone when the report is read.
        variant.made_from = MadeFrom::default();
    }
    lab.verdict = verdict::judge(&lab.variants, None).0;
    report.report = Some(lab);
}

fn size(variant: &VariantReport) -> Option<Bytes> {
    Some(variant.measured.as_ref()?.size.unpacked)
}

/// What the reference weighs, or why it does not build.
fn reference(lab: &LabReport) -> Option<Result<Bytes, &BuildFailure>> {
    let mut variants = lab.variants.iter();
    let reference = variants.find(|it| it.role == Some(Role::Reference))?;
    let size = size(reference).map(Ok);
    size.or_else(|| reference.failure().map(Err))
}

/// What the given script writes: known from an earlier check, or seen just now.
pub(super) fn expected(
    lab: &LabReport,
    plan: &Plan,
    exercise: &Exercise,
    notes: Option<&Notes>,
) -> Result<Vec<u8>, CheckProblem> {
    if let Some(known) = &plan.expected {
        return Ok(known.clone());
    }
    let variant = lab.variants.iter().find(|it| it.name == EXPECTED);
    let fails = |log: Vec<String>| CheckProblem::ScriptFails {
        script: exercise.script.clone(),
        output: exercise.output.clone(),
        log,
    };
    let Some(run) = variant.and_then(|it| it.run.as_ref()) else {
        let failure = variant.and_then(VariantReport::failure);
        return Err(fails(failure.map(|it| it.log.clone()).unwrap_or_default()));
    };
    let is_whole = run.stdout.bytes == Bytes(run.stdout.kept.len() as u64);
    if !run.ending.is_success() || !is_whole {
        let said = String::from_utf8_lossy(&run.stderr.kept);
        return Err(fails(said.lines().map(str::to_owned).collect()));
    }
    if let (Some(notes), Some(key)) = (notes, plan.expected_key) {
        // Forgetting it costs time and no correctness.
        let _ = notes.put_expected(&key, &run.stdout.kept);
    }
    Ok(run.stdout.kept.clone())
}
