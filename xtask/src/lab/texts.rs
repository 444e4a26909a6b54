//! An exercise's own texts, in every language.

use std::collections::BTreeMap;
use std::io;

use serde::Deserialize;

use crate::model::{Translated, Wording};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct File {
    parts: BTreeMap<String, Text>,
    medals: BTreeMap<String, Text>,
    hints: BTreeMap<String, Vec<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    en: String,
    fr: String,
}

impl From<Text> for Translated {
    fn from(text: Text) -> Self {
        [text.en, text.fr].map(|it| it.trim_end().to_owned())
    }
}

/// Reads the file that an exercise's `texts` names.
///
/// # Errors
/// What is wrong with it, and where.
pub fn texts(text: &str) -> io::Result<Wording> {
    let file: File = serde_yaml::from_str(text).map_err(io::Error::other)?;
    let each = |texts: BTreeMap<String, Text>| {
        let texts = texts.into_iter();
        texts.map(|(key, text)| (key, text.into())).collect()
    };
    let hints = file.hints.into_iter().map(|(cause, hints)| {
        let hints = hints.into_iter().map(Translated::from).collect();
        (cause, hints)
    });
    Ok(Wording {
        hints: hints.collect(),
        parts: each(file.parts),
        medals: each(file.medals),
    })
}

#[cfg(test)]
mod tests {
    use super::texts;

    #[test]
    fn a_text_is_there_in_every_language_or_not_at_all() {
        let wording = texts(
            "parts: { python: { en: Python, fr: Le Python } }\n\
             hints:\n  no-command:\n  - { en: Show it., fr: Affichez-le. }\n",
        )
        .unwrap();
        assert_eq!(wording.parts["python"][1], "Le Python");
        assert_eq!(wording.hints["no-command"][0][0], "Show it.");
        assert_eq!(texts("{}").unwrap(), super::Wording::default());
        for bad in [
            "parts: { python: { en: x } }",
            "part: {}",
            "hints: { a: b }",
            ":",
        ] {
            assert!(texts(bad).is_err(), "{bad}");
        }
    }
}
