use crate::model::Language;

/// How a report is to look, decided once by `term`.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub language: Language,
    /// Columns at hand. A table takes 60 at least, and no more than 120.
    pub width: usize,
    pub styles: Styles,
}

/// Styles by what they mean. All are empty where colour is off.
#[derive(Clone, Copy, Debug)]
pub struct Styles {
    pub pass: Style,
    pub fail: Style,
    pub warn: Style,
    /// What stands back: units of measure of the eye, not of the mind.
    pub dim: Style,
    pub strong: Style,
    /// What the base image weighs.
    pub base: Style,
    /// What this Dockerfile's own instructions weigh.
    pub own: Style,
}

/// Parameters of a terminal's "select graphic rendition" (ECMA-48, 8.3.117), or nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style(&'static str);

impl Styles {
    pub const fn none() -> Self {
        Self {
            pass: Style::NONE,
            fail: Style::NONE,
            warn: Style::NONE,
            dim: Style::NONE,
            strong: Style::NONE,
            base: Style::NONE,
            own: Style::NONE,
        }
    }

    /// The terminal's own colours, so that they suit its background.
    pub const fn ansi() -> Self {
        Self {
            pass: Style("32"),
            fail: Style("1;31"),
            warn: Style("33"),
            dim: Style("2"),
            strong: Style("1"),
            base: Style("34"),
            own: Style("36"),
        }
    }
}

impl Style {
    pub const NONE: Self = Self("");

    /// The text in this style, which ends with it.
    pub(super) fn paint(self, text: &str) -> String {
        if self == Self::NONE || text.is_empty() {
            return text.to_owned();
        }
        format!("\u{1b}[{}m{text}\u{1b}[0m", self.0)
    }
}
