use crate::model::{
    Base, Baseline, Bytes, Digest, Evolution, Finding, Growth, LayerSize, Level, Measured, Origin,
    Place, Platform, Policy, PolicySource, Rule, Size, SizedPath, Step, Tree, VariantReport,
    Verdict, Verified,
};
use crate::verdict::{Earlier, judge};

/// A layer: its content, where it is from, and what it weighs and wastes.
pub(super) type Made = (u8, Option<&'static str>, u64, u64);

pub(super) const APT: &str = "RUN apt-get install gcc";
pub(super) const COPY: &str = "COPY . /";

/// From the lowest; a layer without an instruction is the base's.
pub(super) fn measured(layers: &[Made]) -> Measured {
    let mut size = Size::default();
    let mut tree = Tree::default();
    let mut made = Vec::new();
    for (layer, (content, text, unpacked, wasted)) in layers.iter().enumerate() {
        let bytes = Bytes(*unpacked);
        size.unpacked += bytes;
        match text {
            Some(_) => size.own += bytes,
            None => size.base += bytes,
        }
        size.wasted.deleted += Bytes(*wasted);
        tree.entries.push(SizedPath {
            path: format!("dir-{content}").as_str().into(),
            bytes,
            layer,
        });
        made.push(LayerSize {
            diff_id: Some(Digest::from_hash([*content; 32])),
            origin: text.map_or(Origin::Base, |_| Origin::Own),
            step: text.map(|text| Step {
                stage: None,
                instruction: text.to_owned(),
                place: Some(Place {
                    dockerfile: "Dockerfile".to_owned(),
                    line: u32::try_from(10 + layer).ok(),
                }),
            }),
            unpacked: bytes,
            packed: None,
            files: 1,
            wasted: Bytes(*wasted),
        });
    }
    size.live = Bytes(size.unpacked.0 - size.wasted.total().0);
    Measured {
        image_id: None,
        platform: Platform::parse("linux/amd64"),
        verified: Verified::Whole,
        base: Some(Base {
            reference: "python:3.13".to_owned(),
            id: None,
            stand_in: false,
        }),
        is_from_scratch: false,
        size,
        layers: made,
        tree,
        largest: Vec::new(),
        waste: Vec::new(),
        advice: Vec::new(),
        excluded: Some(Vec::new()),
    }
}

pub(super) fn variant(name: &str, measured: &Measured, policy: &Policy) -> VariantReport {
    VariantReport {
        name: name.to_owned(),
        role: None,
        image: None,
        policy: policy.clone(),
        made_from: crate::model::MadeFrom::default(),
        dockerfile: Some("Dockerfile".to_owned()),
        command_line: None,
        base_line: Some(3),
        measured: Some(measured.clone()),
        build: None,
        run: None,
    }
}

pub(super) fn judged(before: &[VariantReport], after: &[VariantReport]) -> (Verdict, Baseline) {
    judged_by(before, after, &[])
}

pub(super) fn judged_by(
    before: &[VariantReport],
    after: &[VariantReport],
    stated: &[(&str, &Policy)],
) -> (Verdict, Baseline) {
    let earlier = Earlier {
        created: None,
        policy: PolicySource::File,
        variants: before,
        left_out: &[],
        stated,
        proposed: None,
        name: None,
    };
    let (verdict, baseline) = judge(after, Some(&earlier));
    (verdict, baseline.unwrap())
}

pub(super) fn grown(before: &[Made], after: &[Made], policy: &Policy) -> (Vec<Finding>, Evolution) {
    let (before, after) = (measured(before), measured(after));
    let plain = Policy::default();
    let (verdict, baseline) = judged(
        &[variant("multi", &before, &plain)],
        &[variant("multi", &after, policy)],
    );
    assert!(verdict.is_consistent());
    let findings = verdict.findings.into_iter();
    let findings = findings.filter(|it| it.fact.rule() != Rule::PolicyDiffers);
    (findings.collect(), baseline.of("multi").unwrap().clone())
}

pub(super) fn told(findings: &[Finding]) -> Vec<(Level, Rule, Option<u32>)> {
    let line = |finding: &Finding| finding.place.as_ref().and_then(|place| place.line);
    findings
        .iter()
        .map(|it| (it.level, it.fact.rule(), line(it)))
        .collect()
}

pub(super) fn at_most(bytes: u64) -> Growth {
    Growth {
        bytes: Some(Bytes(bytes)),
        percent: None,
    }
}

pub(super) const BEFORE: [Made; 3] = [
    (1, None, 1_000, 0),
    (2, Some(APT), 500, 0),
    (3, Some(COPY), 40, 0),
];
