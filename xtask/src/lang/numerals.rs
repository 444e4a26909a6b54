use std::time::Duration;

use humansize::{DECIMAL, FormatSizeOptions, Kilo, format_size};

use crate::model::{Bytes, Delta};

/// How a language writes numbers and their units.
#[derive(Clone, Copy, Debug)]
pub struct Numerals {
    /// Between groups of three digits.
    pub(super) group: &'static str,
    pub(super) decimal: char,
    /// Between a number and its unit.
    pub(super) gap: &'static str,
    pub(super) before_percent: &'static str,
    /// The letter of one byte, which `k`, `M`, `Ki` and the like go before.
    pub(super) byte: &'static str,
}

impl Numerals {
    pub(super) const ENGLISH: Self = Self {
        group: ",",
        decimal: '.',
        gap: " ",
        before_percent: "",
        byte: "B",
    };

    /// No-break space before units, narrow no-break space between groups and before `%`.
    pub(super) const FRENCH: Self = Self {
        group: "\u{202f}",
        decimal: ',',
        gap: "\u{a0}",
        before_percent: "\u{202f}",
        byte: "o",
    };

    pub(super) fn integer(self, number: u64) -> String {
        let digits = number.to_string();
        let mut grouped = String::with_capacity(digits.len() * 2);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push_str(self.group);
            }
            grouped.push(digit);
        }
        grouped
    }

    pub(super) fn decimal(self, number: f64, places: usize) -> String {
        let text = format!("{:.places$}", number.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut written = whole
            .parse()
            .map_or_else(|_| whole.to_owned(), |whole| self.integer(whole));
        if !fraction.is_empty() {
            written.push(self.decimal);
            written.push_str(fraction);
        }
        written
    }

    /// A ratio: one decimal below 10.
    pub(super) fn times(self, ratio: f64) -> String {
        self.decimal(ratio, usize::from(ratio < 9.95))
    }

    /// In steps of 1,000, with one decimal from the first of them on.
    pub(super) fn size(self, size: Bytes) -> String {
        let options = DECIMAL.decimal_places(1);
        let zeroes = usize::from(size.0 >= 1_000);
        let text = format_size(size.0, options.decimal_zeroes(zeroes));
        if size.0 >= 1_000 && text.starts_with("1000") {
            // 999,950 rounds to a thousand of its unit, which is one of the next.
            return self.unit(&format_size(next_unit(size.0), options.decimal_zeroes(1)));
        }
        self.unit(&text)
    }

    /// A size that a person chose, in the unit that makes it round, if one does.
    pub(super) fn limit(self, limit: Bytes) -> String {
        let options = |kilo| {
            FormatSizeOptions::default()
                .kilo(kilo)
                .units(kilo)
                .decimal_places(1)
                .decimal_zeroes(0)
                .space_after_value(true)
        };
        if is_round(limit.0, 1_000) {
            self.unit(&format_size(limit.0, options(Kilo::Decimal)))
        } else if is_round(limit.0, 1_024) {
            self.unit(&format_size(limit.0, options(Kilo::Binary)))
        } else {
            self.size(limit)
        }
    }

    pub(super) fn delta(self, change: Delta) -> String {
        let sign = match change.0 {
            0 => "±",
            1.. => "+",
            _ => "−",
        };
        format!("{sign}{}", self.size(Bytes(change.0.unsigned_abs())))
    }

    /// `share` is of one: 0.669 is `66.9%`. What is not nothing is not shown as nothing,
    /// and what is not all is not shown as all.
    pub(super) fn percent(self, share: f64) -> String {
        let percent = share * 100.0;
        let text = if percent > 0.0 && percent < 0.1 {
            format!("<{}", self.decimal(0.1, 1))
        } else if (99.95..100.0).contains(&percent) {
            format!(">{}", self.decimal(99.9, 1))
        } else {
            self.decimal(percent, usize::from(percent < 100.0))
        };
        format!("{text}{}%", self.before_percent)
    }

    /// Two decimals below 10 s, one below a minute, then minutes and seconds.
    pub(super) fn seconds(self, time: Duration) -> String {
        let seconds = time.as_secs_f64();
        let gap = self.gap;
        if seconds < 9.995 {
            return format!("{}{gap}s", self.decimal(seconds, 2));
        }
        if seconds < 59.95 {
            return format!("{}{gap}s", self.decimal(seconds, 1));
        }
        let whole = time.as_secs() + u64::from(time.subsec_millis() >= 500);
        let minutes = self.integer(whole / 60);
        format!("{minutes}{gap}min{gap}{:02}{gap}s", whole % 60)
    }

    /// humansize's `569.4 MB` in this language's own signs.
    fn unit(self, text: &str) -> String {
        let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
        let number = number.replace('.', &self.decimal.to_string());
        let prefix = unit.strip_suffix('B').unwrap_or(unit);
        format!("{number}{}{prefix}{}", self.gap, self.byte)
    }
}

/// Whether one decimal of its unit says it exactly.
fn is_round(bytes: u64, kilo: u64) -> bool {
    let mut unit: u64 = 1;
    while bytes / unit >= kilo {
        unit *= kilo;
    }
    (u128::from(bytes) * 10).is_multiple_of(u128::from(unit))
}

fn next_unit(bytes: u64) -> u64 {
    let mut unit: u64 = 1_000;
    while unit < bytes {
        unit = unit.saturating_mul(1_000);
    }
    unit
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::lang::phrases;
    use crate::model::{Bytes, Delta, Language};

    #[test]
    fn sizes_are_decimal_and_written_as_each_language_does() {
        let [english, french] = [Language::English, Language::French].map(phrases);
        for (bytes, in_english, in_french) in [
            (0, "0 B", "0\u{a0}o"),
            (478, "478 B", "478\u{a0}o"),
            (999, "999 B", "999\u{a0}o"),
            (1_000, "1.0 kB", "1,0\u{a0}ko"),
            (569_418_511, "569.4 MB", "569,4\u{a0}Mo"),
            (999_949, "999.9 kB", "999,9\u{a0}ko"),
            (999_950, "1.0 MB", "1,0\u{a0}Mo"),
            (999_999_999, "1.0 GB", "1,0\u{a0}Go"),
            (u64::MAX, "18.4 EB", "18,4\u{a0}Eo"),
        ] {
            assert_eq!(english.size(Bytes(bytes)), in_english);
            assert_eq!(french.size(Bytes(bytes)), in_french);
        }
    }

    #[test]
    fn a_limit_keeps_the_unit_it_was_chosen_in() {
        let english = phrases(Language::English);
        for (bytes, text) in [
            (1_024, "1 KiB"),
            (512, "512 B"),
            (10, "10 B"),
            (1_536, "1.5 KiB"),
            (100 * 1_024 * 1_024, "100 MiB"),
            (3_000_000, "3 MB"),
            (2_500, "2.5 kB"),
            (123_456_789, "123.5 MB"),
        ] {
            assert_eq!(english.limit(Bytes(bytes)), text);
        }
        assert_eq!(phrases(Language::French).limit(Bytes(1_024)), "1\u{a0}Kio");
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        let [english, french] = [Language::English, Language::French].map(phrases);
        assert_eq!(english.number(1_191_213), "1,191,213");
        assert_eq!(french.number(1_191_213), "1\u{202f}191\u{202f}213");
        assert_eq!(english.number(999), "999");
        assert_eq!(english.number(1_000), "1,000");
    }

    #[test]
    fn a_change_bears_its_sign() {
        let [english, french] = [Language::English, Language::French].map(phrases);
        assert_eq!(english.delta(Delta(3_000_000)), "+3.0 MB");
        assert_eq!(french.delta(Delta(-3_000_000)), "−3,0\u{a0}Mo");
        assert_eq!(english.delta(Delta(i64::MIN)), "−9.2 EB");
        assert_eq!(english.delta(Delta(0)), "±0 B");
    }

    #[test]
    fn a_share_is_neither_nothing_nor_all_unless_it_is() {
        let [english, french] = [Language::English, Language::French].map(phrases);
        assert_eq!(english.percent(0.669), "66.9%");
        assert_eq!(french.percent(0.669), "66,9\u{202f}%");
        assert_eq!(english.percent(0.0), "0.0%");
        assert_eq!(english.percent(0.000_000_1), "<0.1%");
        assert_eq!(english.percent(0.999_999_9), ">99.9%");
        assert_eq!(english.percent(1.0), "100%");
    }

    #[test]
    fn times_lose_decimals_as_they_grow() {
        let [english, french] = [Language::English, Language::French].map(phrases);
        let ms = Duration::from_millis;
        assert_eq!(english.seconds(ms(240)), "0.24 s");
        assert_eq!(french.seconds(ms(240)), "0,24\u{a0}s");
        assert_eq!(english.seconds(ms(9_996)), "10.0 s");
        assert_eq!(english.seconds(ms(59_960)), "1 min 00 s");
        assert_eq!(english.seconds(ms(125_400)), "2 min 05 s");
    }
}
