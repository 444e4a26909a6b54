use std::time::Duration;

/// Longer than any run of a lab, and short enough to be added to a clock.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// `10s`, `1m30s`, `500ms`: more than nothing, a day at most.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let duration = humantime::parse_duration(text).ok()?;
    (!duration.is_zero() && duration <= LONGEST).then_some(duration)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::duration;

    #[test]
    fn a_duration_has_a_unit_and_is_more_than_nothing() {
        assert_eq!(duration("1m30s"), Some(Duration::from_secs(90)));
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        for text in [
            "",
            "10",
            "0s",
            "-1s",
            "25h",
            "99999999999999999999s",
            "soon",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
