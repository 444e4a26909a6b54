//! Bencher Metric Format, for a service that keeps the history of sizes: an object of
//! benchmarks, each an object of measures, each with its `value`
//! (<https://bencher.dev/docs/reference/bencher-metric-format/>).

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{LabReport, VariantReport};
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
    let benchmarks: BTreeMap<String, Measures> = report
        .variants
        .iter()
        .filter(|variant| variant.measured.is_some())
        .map(|variant| (name(report.lab.as_deref(), &variant.name), of(variant)))
        .collect();
    serde_json::to_writer_pretty(&mut *out, &benchmarks)?;
    out.write_all(b"\n")
}

fn name(lab: Option<&str>, variant: &str) -> String {
    let name = lab.map_or_else(|| variant.to_owned(), |lab| format!("{lab}/{variant}"));
    visible(&name).chars().take(LONGEST_NAME).collect()
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
    let cold = variant.build.as_ref().filter(|it| it.cached == Some(0));
    if let Some(took) = cold.and_then(|build| build.took) {
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

    use super::render;
    use crate::report::LabReport;
    use crate::report::sample::{accepted, rejected};

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
        report.variants[1].build.as_mut().unwrap().cached = Some(0);
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
}
