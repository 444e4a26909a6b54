//! The ladder as it became: one instruction more, another base, other content, and what
//! means to harm in each of them.

use xtask::model::{
    Base, Bytes, Digest, LayerSize, Measured, Origin, Place, PolicySource, Size, SizedPath, Step,
};
use xtask::report::{LabReport, VariantReport};
use xtask::verdict::{Earlier, judge};

use super::sample;

/// What multi's Dockerfile gained.
pub(super) const GAINED: &str = "RUN dd if=/dev/urandom of=/opt/model.bin bs=1M count=3";
/// What stands in every place that a stranger fills.
const HARM: &str = "\"><script>document.title='owned'</script><img src=http://127.0.0.1:9/b onerror=alert(2)>\u{202e}";

/// multi gained an instruction of 3 MB at line 21 of its Dockerfile.
pub(super) fn by_three_megabytes() -> LabReport {
    let before = sample::ladder();
    let mut after = sample::ladder();
    gain(&mut after.variants[4], GAINED, "opt", 3_000_000);
    judged(after, &before)
}

/// Each kind of change at once.
pub(super) fn in_every_way() -> LabReport {
    let mut before = sample::ladder();
    let mut after = sample::ladder();
    drift(&mut after.variants[0], 12_400_000, "python:3.14-slim");
    rewrite(&mut before.variants[0], "RUN apt-get update");
    gain(
        &mut before.variants[1],
        "RUN pip download everything",
        "root/.cache",
        9_000_000,
    );
    grow(&mut after.variants[2], 740_000);
    gain(&mut after.variants[4], GAINED, "opt", 3_000_000);
    after.variants[4].run.as_mut().unwrap().stdout =
        sample::capture("Bonjour depuis la phase de run !\n");
    let gone = VariantReport {
        name: "gone".to_owned(),
        ..before.variants[3].clone()
    };
    before.variants.push(gone);
    judged(after, &before)
}

/// A baseline whose every word means to harm.
pub(super) fn by_harm() -> LabReport {
    let mut before = sample::ladder();
    let mut after = sample::ladder();
    before.created = Some(HARM.to_owned());
    rewrite(&mut before.variants[0], HARM);
    drift(&mut before.variants[0], 5_000_000, HARM);
    gain(&mut before.variants[4], HARM, HARM, 7_000_000);
    gain(&mut after.variants[4], HARM, HARM, 9_000_000);
    before.variants[4].run.as_mut().unwrap().stdout = sample::capture(HARM);
    let gone = VariantReport {
        name: HARM.to_owned(),
        ..before.variants[3].clone()
    };
    before.variants.push(gone);
    judged(after, &before)
}

fn gain(variant: &mut VariantReport, instruction: &str, path: &str, bytes: u64) {
    let measured = variant.measured.as_mut().unwrap();
    let number = measured.layers.len();
    measured.layers.push(LayerSize {
        diff_id: Some(digest(bytes)),
        origin: Origin::Own,
        step: Some(Step {
            stage: None,
            instruction: instruction.to_owned(),
            place: Some(Place {
                dockerfile: format!("Dockerfile.{}", variant.name),
                line: Some(21),
            }),
        }),
        unpacked: Bytes(bytes),
        packed: None,
        files: 1,
        wasted: Bytes::ZERO,
    });
    measured.tree.entries.push(SizedPath {
        path: path.into(),
        bytes: Bytes(bytes),
        layer: number,
    });
    add(&mut measured.size, Origin::Own, bytes);
}

/// Other content in the lowest layer, and more of it.
fn heavier(measured: &mut Measured, origin: Origin, bytes: u64) {
    add(&mut measured.size, origin, bytes);
    let layer = &mut measured.layers[0];
    layer.diff_id = Some(digest(bytes));
    layer.unpacked += Bytes(bytes);
    measured.tree.entries[0].bytes += Bytes(bytes);
}

/// Bytes that no other layer hides and no other image holds.
fn add(size: &mut Size, origin: Origin, bytes: u64) {
    let part = match origin {
        Origin::Base => &mut size.base,
        Origin::Own => &mut size.own,
    };
    for sum in [part, &mut size.unpacked, &mut size.live, &mut size.unique] {
        *sum += Bytes(bytes);
    }
}

/// Other content in the base.
fn drift(variant: &mut VariantReport, bytes: u64, reference: &str) {
    let measured = variant.measured.as_mut().unwrap();
    measured.base = Some(Base {
        reference: reference.to_owned(),
        id: None,
        stand_in: false,
    });
    heavier(measured, Origin::Base, bytes);
}

/// The same instruction with more in it.
fn grow(variant: &mut VariantReport, bytes: u64) {
    let measured = variant.measured.as_mut().unwrap();
    heavier(measured, Origin::Own, bytes);
}

/// The second instruction was another one.
fn rewrite(variant: &mut VariantReport, instruction: &str) {
    let layer = &mut variant.measured.as_mut().unwrap().layers[1];
    layer.diff_id = Some(digest(instruction.len() as u64));
    instruction.clone_into(&mut layer.step.as_mut().unwrap().instruction);
}

fn digest(seed: u64) -> Digest {
    Digest::from_hash([u8::try_from(seed % 199).unwrap() + 50; 32])
}

/// The report with the verdict and the baseline that a lab gives it.
fn judged(mut report: LabReport, baseline: &LabReport) -> LabReport {
    let earlier = Earlier {
        created: baseline.created.as_deref(),
        policy: PolicySource::File,
        variants: &baseline.variants,
        left_out: &[],
        stated: &[],
        proposed: None,
        name: None,
    };
    let (verdict, since) = judge(&at_line(&report.variants), Some(&earlier));
    (report.verdict, report.baseline) = (verdict, since);
    report
}

/// With the line at which each Dockerfile names its base.
fn at_line(variants: &[VariantReport]) -> Vec<VariantReport> {
    let at_line = |variant: &VariantReport| VariantReport {
        base_line: Some(5),
        ..variant.clone()
    };
    variants.iter().map(at_line).collect()
}
