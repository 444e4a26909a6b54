//! The values of a policy as texts, which the Compose file and the command line share. Each
//! gives what would be right where it is not.

use crate::model::{Accept, Bytes, Expected, Growth, Measure, size};

/// Bytes, or a count where layers are counted.
pub(super) fn amount(text: &str, counts: Measure) -> Result<Bytes, Expected> {
    match counts {
        Measure::Layers => text.parse().map(Bytes).map_err(|_| Expected::Layers),
        _ => size::policy(text).ok_or(Expected::Size),
    }
}

/// `4KiB`, `1%` or `4KiB,1%`.
pub(super) fn growth(text: &str, counts: Measure) -> Result<Growth, Expected> {
    let mut growth = Growth {
        bytes: None,
        percent: None,
    };
    for limit in text.split(',').map(str::trim) {
        let is_new = if limit.ends_with('%') {
            growth.percent.replace(percent(limit)?).is_none()
        } else {
            let amount = amount(limit, counts).map_err(|_| Expected::Growth)?;
            growth.bytes.replace(amount).is_none()
        };
        if !is_new {
            return Err(Expected::Growth);
        }
    }
    Ok(growth)
}

pub(super) fn percent(text: &str) -> Result<f64, Expected> {
    let number = text.strip_suffix('%').unwrap_or(text).trim_end();
    number
        .parse()
        .ok()
        .filter(|percent: &f64| percent.is_finite() && *percent >= 0.0)
        .ok_or(Expected::Percent)
}

pub(super) fn measure(text: &str) -> Result<Measure, Expected> {
    let measures = [
        Measure::Unpacked,
        Measure::Own,
        Measure::Wasted,
        Measure::Layers,
    ];
    let named = measures.into_iter().find(|measure| measure.name() == text);
    named.ok_or(Expected::Measure)
}

/// What accepts a change that exceeds a limit: `baseline` or `none`.
pub(super) fn accept(text: &str) -> Result<Option<Accept>, Expected> {
    if text == "none" {
        return Ok(None);
    }
    let known = Accept::ALL.into_iter().find(|accept| accept.name() == text);
    known.map(Some).ok_or(Expected::Accept)
}

/// A path as images name it: without the slashes at both ends.
pub(super) fn path(text: &str) -> Result<String, Expected> {
    let path = text.trim_matches('/');
    if path.is_empty() {
        return Err(Expected::Paths);
    }
    Ok(path.to_owned())
}
