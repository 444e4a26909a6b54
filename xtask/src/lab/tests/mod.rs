mod accepted;
mod refused;

use std::path::Path;

use crate::model::{Lab, LabProblem, RunSpec, Running, Variant};

use super::{Resolved, Selection};

/// What Compose 1.29.2, and alike 2.26.1 and 2.40.3, print for `source.yaml` beside them.
const RECORDED: [&str; 2] = [
    include_str!("../../../tests/data/compose/v1.29.yaml"),
    include_str!("../../../tests/data/compose/v2.yaml"),
];

fn read(text: &str, selection: &Selection) -> Result<Lab, LabProblem> {
    Resolved::read(text, Path::new("compose.yaml"))?.select(selection)
}

fn lab(name: &str) -> Selection {
    Selection {
        lab: Some(name.to_owned()),
        ..Selection::default()
    }
}

/// One service `s` that is run, with these lines.
fn service(lines: &str) -> Result<Variant, LabProblem> {
    let lines = lines.replace('\n', "\n    ");
    let text = format!("services:\n  s:\n    image: i\n    {lines}\n");
    let selection = Selection {
        variants: vec!["s".to_owned()],
        ..Selection::default()
    };
    read(&text, &selection).map(|mut lab| lab.variants.remove(0))
}

fn run_spec(lines: &str) -> Result<RunSpec, LabProblem> {
    let variant = service(&format!("{lines}\nx-lab: {{ run: true }}"))?;
    match variant.running {
        Running::Yes(spec) => Ok(*spec),
        Running::No(_) => panic!("it is run"),
    }
}
