use super::phrases::Phrases;

impl Phrases {
    /// A time as RFC 3339 writes it, for people: `30 November 2026 at 02:24 (UTC)`. What is not
    /// such a time, in UTC, stays as it is.
    pub fn moment(self, created: &str) -> String {
        let Some((date, time)) = created.split_once('T') else {
            return self.day(created);
        };
        let hour_and_minute = time.ends_with('Z').then(|| time.get(..5)).flatten();
        match (self.named_day(date), hour_and_minute) {
            (Some(day), Some(time)) => {
                let at = self.pick(["at", "à"]);
                format!("{day} {at} {time} (UTC)")
            }
            _ => created.to_owned(),
        }
    }

    /// The day of it: `30 November 2026`.
    pub(super) fn day(self, created: &str) -> String {
        let date = created.split('T').next().unwrap_or(created);
        self.named_day(date).unwrap_or_else(|| date.to_owned())
    }

    fn named_day(self, date: &str) -> Option<String> {
        let mut parts = date.splitn(3, '-').map(str::parse::<usize>);
        let mut next = || parts.next()?.ok();
        let (year, month, day) = (next()?, next()?, next()?);
        let months = self.pick(MONTHS);
        let month = months.get(month.checked_sub(1)?)?;
        let day = match day {
            1 => self.pick(["1", "1er"]).to_owned(),
            other => other.to_string(),
        };
        Some(format!("{day} {month} {year}"))
    }
}

const MONTHS: [[&str; 12]; super::phrases::N] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
];

#[cfg(test)]
mod tests {
    use crate::lang::phrases;
    use crate::model::Language;

    #[test]
    fn a_time_is_written_for_people_and_other_text_stays_as_it_is() {
        let [english, french] = Language::ALL.map(phrases);
        let time = "2026-11-30T02:24:45Z";
        assert_eq!(english.moment(time), "30 November 2026 at 02:24 (UTC)");
        assert_eq!(french.moment(time), "30 novembre 2026 à 02:24 (UTC)");
        assert_eq!(french.day("2026-12-01T00:00:00Z"), "1er décembre 2026");
        for other in [
            "yesterday",
            "2026-13-01T00:00:00Z",
            "2026-11-30T02:24:45+01:00",
            "é",
            "T",
        ] {
            assert_eq!(english.moment(other), other);
        }
    }
}
