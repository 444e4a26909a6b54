use std::time::{Instant, SystemTime, UNIX_EPOCH};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The engine's clock, which need not agree with this machine's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    at_start: u64,
    started: Instant,
}

impl Clock {
    /// Set by the `Date` header of an answer that has just come (RFC 9110, 5.6.7). Without a
    /// readable one this machine's clock stands in.
    pub(super) fn set_by(date: Option<&str>) -> Self {
        let here = || {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_secs())
        };
        Self {
            at_start: date.and_then(parse_date).unwrap_or_else(here),
            started: Instant::now(),
        }
    }

    /// Seconds since 1970, UTC.
    pub(super) fn now(&self) -> u64 {
        self.at_start + self.started.elapsed().as_secs()
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` as seconds since 1970.
fn parse_date(text: &str) -> Option<u64> {
    let mut words = text.split_ascii_whitespace().skip(1);
    let day: u64 = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = 1 + MONTHS.iter().position(|month| *month == name)? as u64;
    let year: u64 = words.next()?.parse().ok().filter(|year| *year >= 1970)?;
    let mut time = words.next()?.split(':').map(str::parse::<u64>);
    let (hour, minute, second) = (time.next()?.ok()?, time.next()?.ok()?, time.next()?.ok()?);
    // Years that begin in March have their leap day last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = 365 * year + leap_days + (153 * month + 2) / 5 + day - 1;
    let since_1970 = days.checked_sub(719_468)?;
    Some(((since_1970 * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::{Clock, parse_date};

    #[test]
    fn the_date_of_an_answer_is_read() {
        // `date -ud … +%s`
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
            ("Tue, 24 Nov 2026 21:05:05 GMT", 1_795_554_305),
        ] {
            assert_eq!(parse_date(text), Some(seconds), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_not_guessed_at() {
        for text in ["", "today", "Sun, 06 Nov", "Sun, 06 Xxx 1994 08:49:37 GMT"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
        assert!(Clock::set_by(None).now() > 1_700_000_000);
    }
}
