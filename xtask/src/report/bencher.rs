//! Bencher Metric Format, for a service that keeps the history of sizes: an object of
//! benchmarks, each an object of measures, each with its `value`
//! (<https://bencher.dev/docs/reference/bencher-metric-format/>).

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{LabReport, MergedReport, VariantReport};
use crate::lang::visible;

/// Longest name of a benchmark, in characters, by the format's reference.
const LONGEST_NAME: usize = 1_024;

#[derive(Debug, PartialEq, Serialize)]
struct Metric {
    value: f64,
}

type Measures = BTreeMap<&'static str, Metric>;

/// Writes one benchmark a measured variant, named `LAB/VARIANT`: sizes in bytes, `layers`
/// and `files` as counts, `latency` of the run in nanoseconds and `build-time` in seconds,
/// as the service's own measures of these names are. A build that took a step from the cache
/// has no build time, nor a run that failed a latency: they would be noise in a history.
pub(super) fn render(report: &LabReport, out: &mut dyn Write) -> io::Result<()> {
    let benchmarks = measured(report)
        .map(|variant| (name(report.lab.as_deref(), &variant.name), of(variant)))
        .collect();
    write(&benchmarks, out)
}

/// The same of several reports, where a name also says where its variant was built:
/// `LAB/VARIANT/linux/arm64/podman`.
pub(super) fn render_merged(merged: &MergedReport, out: &mut dyn Write) -> io::Result<()> {
    let mut benchmarks = BTreeMap::new();
    for shard in merged.shards() {
        for variant in measured(shard.report) {
            let placed = format!("{}/{}", variant.name, shard.place);
            let name = name(shard.report.lab.as_deref(), &placed);
            benchmarks.insert(free(&name, &benchmarks), of(variant));
        }
    }
    write(&benchmarks, out)
}

fn measured(report: &LabReport) -> impl Iterator<Item = &VariantReport> {
    let variants = report.variants.iter();
    variants.filter(|variant| variant.measured.is_some())
}

fn write(benchmarks: &BTreeMap<String, Measures>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, benchmarks)?;
    out.write_all(b"\n")
}

fn name(lab: Option<&str>, variant: &str) -> String {
    let name = lab.map_or_else(|| variant.to_owned(), |lab| format!("{lab}/{variant}"));
    visible(&name).chars().take(LONGEST_NAME).collect()
}

/// A name that no other benchmark has, for a stranger's may read like another's.
fn free(name: &str, taken: &BTreeMap<String, Measures>) -> String {
    let numbered = (2..).map(|count| {
        let end = format!(" ({count})");
        let start: String = name.chars().take(LONGEST_NAME - end.len()).collect();
        start + &end
    });
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names
        .find(|name| !taken.contains_key(name))
        .unwrap_or_else(|| name.to_owned())
}

fn of(variant: &VariantReport) -> Measures {
    let mut measures = Measures::new();
    let mut add = |name, value| measures.insert(name, Metric { value });
    if let Some(measured) = &variant.measured {
        let size = &measured.size;
        add("unpacked", float(size.unpacked.0));
        add("live", float(size.live.0));
        add("own", float(size.own.0));
        add("wasted", float(size.wasted.total().0));
        add("layers", float(measured.layers.len() as u64));
        add(
            "files",
            float(measured.layers.iter().map(|layer| layer.files).sum()),
        );
        if let Some(packed) = size.packed {
            add("packed", float(packed.0));
        }
    }
    let cold = variant.built().filter(|it| it.cached == Some(0));
    if let Some(took) = cold.and_then(|built| built.took) {
        add("build-time", took.as_secs_f64());
    }
    let run = variant.run.as_ref();
    let run = run.filter(|run| run.ending.is_success());
    if let Some(took) = run.and_then(|run| run.took) {
        add("latency", took.as_secs_f64() * 1e9);
    }
    measures
}

#[expect(clippy::cast_precision_loss, reason = "a metric is a JSON number")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{render, render_merged};
    use crate::model::Build;
    use crate::report::LabReport;
    use crate::report::sample::{accepted, matrix, merged, platforms, rejected};

    fn written(report: &LabReport) -> Value {
        let mut bytes = Vec::new();
        render(report, &mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn a_measured_variant_is_a_benchmark() {
        let json = written(&accepted());
        assert_eq!(
            json["ex08/multi"],
            json!({
                "unpacked": { "value": 453.0 }, "live": { "value": 453.0 },
                "own": { "value": 453.0 }, "wasted": { "value": 0.0 },
                "layers": { "value": 1.0 }, "files": { "value": 1.0 },
                "latency": { "value": 112_000_000.0 },
            })
        );
        assert_eq!(json["ex08/single"]["wasted"]["value"], 19_302_451.0);
    }

    #[test]
    fn a_build_from_the_cache_has_no_build_time_and_a_failed_run_no_latency() {
        let mut report = accepted();
        let Some(Build::Done(built)) = &mut report.variants[1].build else {
            panic!()
        };
        built.cached = Some(0);
        let json = written(&report);
        assert_eq!(json["ex08/multi"]["build-time"]["value"], 0.31);
        assert_eq!(json["ex08/single"]["build-time"], Value::Null);
        let json = written(&rejected());
        assert_eq!(json["ex08/heavy"]["latency"], Value::Null);
        assert_eq!(json["ex08/broken"], Value::Null);
    }

    #[test]
    fn what_is_written_satisfies_the_formats_schema() {
        let schema = json!({
            "type": "object", "additionalProperties": {
                "type": "object", "additionalProperties": {
                    "type": "object", "required": ["value"], "additionalProperties": false,
                    "properties": { "value": { "type": "number" },
                        "lower_value": { "type": "number" }, "upper_value": { "type": "number" } } } }
        });
        for report in [accepted(), rejected()] {
            assert!(jsonschema::is_valid(&schema, &written(&report)));
        }
    }

    #[test]
    fn no_benchmark_of_several_reports_takes_the_place_of_another() {
        let variants = |report: &LabReport| {
            let variants = report.variants.iter();
            variants.filter(|it| it.measured.is_some()).count()
        };
        let lab = |lab: &str, variant: &str| {
            let mut report = accepted();
            report.lab = Some(lab.to_owned());
            report.variants[0].name = variant.to_owned();
            report.variants.truncate(1);
            report.comparison = None;
            report
        };
        let alike = merged(vec![lab("a/b", "c"), lab("a", "b/c")]);
        let long = merged(vec![
            lab("a", &"x".repeat(2_000)),
            lab("a", &"x".repeat(2_001)),
        ]);
        for merged in [matrix(), alike, long] {
            let mut bytes = Vec::new();
            render_merged(&merged, &mut bytes).unwrap();
            let json: Value = serde_json::from_slice(&bytes).unwrap();
            let names: Vec<_> = json.as_object().unwrap().keys().collect();
            let expected: usize = merged.reports().iter().map(variants).sum();
            assert_eq!(names.len(), expected, "{names:?}");
            assert!(names.iter().all(|name| name.chars().count() <= 1_024));
        }
    }

    #[test]
    fn a_name_holds_where_it_was_built_and_no_version_unless_it_must() {
        let mut bytes = Vec::new();
        render_merged(&platforms(), &mut bytes).unwrap();
        let json: Value = serde_json::from_slice(&bytes).unwrap();
        let names: Vec<_> = json.as_object().unwrap().keys().collect();
        assert_eq!(
            names,
            [
                "ex08/multi/linux/amd64/docker",
                "ex08/multi/linux/arm64/podman",
                "ex08/single/linux/amd64/docker",
                "ex08/single/linux/arm64/podman",
            ]
        );
    }
}
