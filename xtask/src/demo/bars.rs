use crate::lang::Phrases;
use crate::model::Bytes;
use crate::report::{Line, Style, Styles, width};

/// One image of the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) size: Bytes,
    pub(super) is_current: bool,
}

/// The bars on one scale; then, where the current one is too small to be seen on it, those that a
/// second scale shows, and how many times closer that is.
pub(super) struct Scales {
    pub(super) first: Vec<Line>,
    pub(super) second: Option<(f64, Vec<Line>)>,
}

/// The current image's column, and that of all others.
const SOLID: &str = "█";
const PATTERN: &str = "▒";

/// Eighths of a column, from none.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// `current` decides the second scale: it is at least one column long there.
pub(super) fn scales(bars: &[Bar], say: Phrases, styles: Styles, columns: usize) -> Scales {
    let most = bars.iter().map(|bar| bar.size).max().unwrap_or_default();
    let table = Table::of(bars, say, styles, columns);
    let first = bars.iter().map(|bar| table.line(bar, most)).collect();
    let is_seen =
        |size: Bytes, scale: Bytes| u128::from(size.0) * table.room as u128 >= u128::from(scale.0);
    let current = bars.iter().find(|bar| bar.is_current).map(|bar| bar.size);
    let hidden = current.filter(|current| current.0 > 0 && !is_seen(*current, most));
    let second = hidden.map(|current| {
        let small = bars.iter().map(|bar| bar.size);
        let scale = small.filter(|size| is_seen(current, *size)).max();
        let scale = scale.unwrap_or(current);
        let shown = bars.iter().filter(|bar| bar.size <= scale);
        let lines = shown.map(|bar| table.line(bar, scale)).collect();
        (ratio(most, scale), lines)
    });
    Scales { first, second }
}

#[expect(clippy::cast_precision_loss, reason = "a ratio is shown, not added up")]
pub(super) fn ratio(large: Bytes, small: Bytes) -> f64 {
    large.0 as f64 / small.0.max(1) as f64
}

/// Names to the left, sizes to the right, bars between them.
struct Table {
    say: Phrases,
    styles: Styles,
    name: usize,
    size: usize,
    room: usize,
}

impl Table {
    fn of(bars: &[Bar], say: Phrases, styles: Styles, columns: usize) -> Self {
        let names = bars.iter().map(|bar| width(&bar.name));
        let sizes = bars.iter().map(|bar| width(&say.size(bar.size)));
        let name = names.max().unwrap_or(0).min(columns / 4);
        let size = sizes.max().unwrap_or(0);
        Self {
            say,
            styles,
            name,
            size,
            room: columns.saturating_sub(name + size + 5).max(8),
        }
    }

    fn line(&self, bar: &Bar, scale: Bytes) -> Line {
        let (mark, style) = if bar.is_current {
            ("▸ ", self.styles.strong)
        } else {
            ("  ", Style::NONE)
        };
        let (colour, full) = if bar.is_current {
            (self.styles.own, SOLID)
        } else {
            (Style::NONE, PATTERN)
        };
        let drawn = drawn(bar.size, scale, self.room, full);
        let size = Line::of(style, &self.say.size(bar.size)).pad_left(self.size);
        Line::of(style, mark)
            .join(Line::of(style, &bar.name).fit(self.name).pad(self.name))
            .then(Style::NONE, " ")
            .join(Line::of(colour, &drawn).pad(self.room))
            .then(Style::NONE, " ")
            .join(size)
    }
}

/// What is not nothing is not drawn as nothing.
fn drawn(size: Bytes, scale: Bytes, room: usize, full: &str) -> String {
    let eighths = u128::from(size.0) * room as u128 * 8 / u128::from(scale.0.max(1));
    let eighths = usize::try_from(eighths).unwrap_or(usize::MAX).min(room * 8);
    let eighths = if size.0 > 0 { eighths.max(1) } else { 0 };
    // A part of a column is always solid, and would end a pattern with a stroke of its own.
    let part = if full == SOLID || eighths < 8 {
        EIGHTHS[eighths % 8]
    } else {
        ""
    };
    full.repeat(eighths / 8) + part
}

#[cfg(test)]
mod tests {
    use super::{Bar, scales};
    use crate::lang::phrases;
    use crate::model::{Bytes, Language};
    use crate::report::Styles;

    fn shown(sizes: &[u64]) -> (Vec<String>, Option<(f64, Vec<String>)>) {
        let bars: Vec<Bar> = sizes
            .iter()
            .enumerate()
            .map(|(at, size)| Bar {
                name: format!("s{at}"),
                size: Bytes(*size),
                is_current: at + 1 == sizes.len(),
            })
            .collect();
        let scales = scales(&bars, phrases(Language::English), Styles::none(), 40);
        let text =
            |lines: Vec<crate::report::Line>| lines.iter().map(crate::report::Line::text).collect();
        let second = scales.second.map(|(times, lines)| (times, text(lines)));
        (text(scales.first), second)
    }

    #[test]
    fn bars_share_a_scale_and_fill_the_columns() {
        let (first, second) = shown(&[1_000_000, 500_000]);
        assert!(second.is_none());
        assert_eq!(
            first,
            [
                "  s0 ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒   1.0 MB",
                "▸ s1 ████████████▌             500.0 kB",
            ]
        );
    }

    #[test]
    fn what_is_too_small_to_see_is_drawn_once_more_on_a_scale_where_it_shows() {
        let (_, second) = shown(&[607_000_000, 2_000_000, 9_000, 460]);
        let (times, lines) = second.unwrap();
        assert!((times - 67_444.4).abs() < 1.0, "{times}");
        assert_eq!(lines.len(), 2);
        assert!(lines[1].contains("▸ s3 █"), "{lines:?}");
        let (_, second) = shown(&[607_000_000, 0]);
        assert!(second.is_none());
    }
}
