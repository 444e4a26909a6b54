use std::path::Path;

use serde_yaml::{Mapping, Value};

use super::duration::duration;
use super::node::scalar;
use crate::model::{
    ExpectedEnd, LessonProblem, Script, ScriptFault, ScriptStep, ScriptValue, Told, nearest,
};

/// Of a step that names no other.
const TOLERANCE: f64 = 1.0;
const LIMIT: std::time::Duration = std::time::Duration::from_secs(120);

const TOP_KEYS: [&str; 2] = ["title", "steps"];
const STEP_KEYS: [&str; 9] = [
    "id",
    "variant",
    "title",
    "intro",
    "lesson",
    "notes",
    "expect",
    "tolerance",
    "limit",
];
const LANGUAGES: [&str; 2] = ["en", "fr"];

/// Reads the steps of a lesson; `path` only names the file in a problem.
pub fn script(text: &str, path: &Path, lab: &str) -> Result<Script, LessonProblem> {
    read(text, lab).map_err(|fault| LessonProblem::Script {
        path: path.to_owned(),
        fault,
    })
}

fn read(text: &str, lab: &str) -> Result<Script, ScriptFault> {
    let value: Value =
        serde_yaml::from_str(text).map_err(|error| ScriptFault::Yaml(error.to_string()))?;
    let top = Keys::of("", &value, &TOP_KEYS)?;
    let steps = match top.get("steps") {
        None => return Err(ScriptFault::NoSteps),
        Some(Value::Sequence(steps)) if steps.is_empty() => return Err(ScriptFault::NoSteps),
        Some(Value::Sequence(steps)) => steps,
        Some(other) => return Err(bad("steps", other, ScriptValue::List)),
    };
    let steps = steps.iter().enumerate();
    let steps = steps.map(|(at, value)| step(&format!("steps[{at}]"), value));
    let steps: Vec<ScriptStep> = steps.collect::<Result<_, _>>()?;
    let twice = steps
        .iter()
        .enumerate()
        .find(|(at, step)| steps[..*at].iter().any(|other| other.id == step.id));
    if let Some((_, step)) = twice {
        return Err(ScriptFault::Twice {
            id: step.id.clone(),
        });
    }
    Ok(Script {
        lab: lab.to_owned(),
        title: top.told("title")?.unwrap_or(Told {
            english: lab.to_owned(),
            french: Some(lab.to_owned()),
        }),
        steps,
    })
}

fn step(place: &str, value: &Value) -> Result<ScriptStep, ScriptFault> {
    let keys = Keys::of(place, value, &STEP_KEYS)?;
    let variant = keys.text("variant")?;
    let variant = variant.ok_or_else(|| keys.missing("variant"))?;
    let title = keys.told("title")?;
    Ok(ScriptStep {
        id: keys.text("id")?.unwrap_or_else(|| variant.clone()),
        variant,
        title: title.ok_or_else(|| keys.missing("title"))?,
        intro: keys.told("intro")?.unwrap_or_default(),
        lesson: keys.told("lesson")?.unwrap_or_default(),
        notes: keys.told("notes")?.unwrap_or_default(),
        expected: keys
            .read("expect", ScriptValue::End, end)?
            .unwrap_or_default(),
        tolerance: keys
            .read("tolerance", ScriptValue::Percent, percent)?
            .unwrap_or(TOLERANCE),
        limit: keys
            .read("limit", ScriptValue::Duration, duration)?
            .unwrap_or(LIMIT),
    })
}

fn end(text: &str) -> Option<ExpectedEnd> {
    match text {
        "success" => Some(ExpectedEnd::Success),
        "failure" => Some(ExpectedEnd::Failure),
        _ => None,
    }
}

fn percent(text: &str) -> Option<f64> {
    let number: f64 = text.strip_suffix('%')?.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// A mapping whose keys are all known.
struct Keys<'a> {
    place: &'a str,
    mapping: Option<&'a Mapping>,
}

impl<'a> Keys<'a> {
    fn of(place: &'a str, value: &'a Value, known: &[&str]) -> Result<Self, ScriptFault> {
        let mapping = match value {
            Value::Mapping(mapping) => Some(mapping),
            Value::Null => None,
            other => return Err(bad(place, other, ScriptValue::Mapping)),
        };
        let keys = Self { place, mapping };
        for key in mapping.into_iter().flat_map(Mapping::keys) {
            let name = scalar(key).ok_or_else(|| bad(place, key, ScriptValue::Mapping))?;
            if !known.contains(&name.as_str()) {
                return Err(ScriptFault::UnknownKey {
                    nearest: nearest(&name, known.iter().copied()),
                    place: keys.place_of(&name),
                });
            }
        }
        Ok(keys)
    }

    fn place_of(&self, key: &str) -> String {
        match self.place {
            "" => key.to_owned(),
            place => format!("{place}.{key}"),
        }
    }

    fn missing(&self, key: &str) -> ScriptFault {
        ScriptFault::Missing {
            place: self.place_of(key),
        }
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.mapping?.get(key).filter(|value| !value.is_null())
    }

    fn text(&self, key: &str) -> Result<Option<String>, ScriptFault> {
        self.read(key, ScriptValue::Text, |text| {
            (!text.trim().is_empty()).then(|| text.to_owned())
        })
    }

    fn read<T>(
        &self,
        key: &str,
        expected: ScriptValue,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ScriptFault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let text = scalar(value);
        let found = text.as_deref().and_then(read);
        let found = found.ok_or_else(|| bad(&self.place_of(key), value, expected))?;
        Ok(Some(found))
    }

    /// A text in English, or one for each language. English is there where a text is.
    fn told(&self, key: &str) -> Result<Option<Told>, ScriptFault> {
        let place = self.place_of(key);
        let value = match self.get(key) {
            None => return Ok(None),
            Some(value @ Value::Mapping(_)) => value,
            Some(value) => {
                let text = scalar(value).ok_or_else(|| bad(&place, value, ScriptValue::Told))?;
                return Ok(Some(Told {
                    english: text,
                    french: None,
                }));
            }
        };
        let languages = Keys::of(&place, value, &LANGUAGES)?;
        let english = languages.text("en")?;
        Ok(Some(Told {
            english: english.ok_or_else(|| languages.missing("en"))?,
            french: languages.text("fr")?,
        }))
    }
}

fn bad(place: &str, value: &Value, expected: ScriptValue) -> ScriptFault {
    let shown = match value {
        Value::Mapping(_) => "{…}".to_owned(),
        Value::Sequence(_) => "[…]".to_owned(),
        plain => scalar(plain).unwrap_or_else(|| "null".to_owned()),
    };
    ScriptFault::BadValue {
        place: place.to_owned(),
        value: shown.chars().take(60).collect(),
        expected,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::read;
    use crate::model::{ExpectedEnd, Language, ScriptFault, ScriptValue};

    const WHOLE: &str = "
title: { en: The lesson, fr: La leçon }
steps:
  - variant: one
    title: { en: One, fr: Un }
    tolerance: 2%
    limit: 90s
    expect: failure
  - { id: again, variant: one, title: Again, notes: { en: Slowly } }
";

    #[test]
    fn a_lesson_is_read_with_its_defaults() {
        let script = read(WHOLE, "t").unwrap();
        let [first, second] = script.steps.as_slice() else {
            panic!("{script:?}");
        };
        assert_eq!((first.id.as_str(), second.id.as_str()), ("one", "again"));
        assert_eq!(first.title.in_language(Language::French), "Un");
        assert_eq!(first.expected, ExpectedEnd::Failure);
        assert_eq!(first.limit, Duration::from_secs(90));
        assert!((first.tolerance - 2.0).abs() < f64::EPSILON);
        assert_eq!(second.expected, ExpectedEnd::Success);
    }

    #[test]
    fn a_text_without_french_is_shown_in_english_and_told() {
        let script = read(WHOLE, "t").unwrap();
        assert_eq!(script.steps[1].title.in_language(Language::French), "Again");
        assert_eq!(
            script.untranslated(Language::French),
            ["again.title", "again.notes"]
        );
        assert!(script.untranslated(Language::English).is_empty());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let place = |text: &str| text.to_owned();
        let bad = |at: &str, value: &str, expected| ScriptFault::BadValue {
            place: place(at),
            value: place(value),
            expected,
        };
        for (text, fault) in [
            ("", ScriptFault::NoSteps),
            ("steps: []", ScriptFault::NoSteps),
            ("steps: 3", bad("steps", "3", ScriptValue::List)),
            (
                "step: []",
                ScriptFault::UnknownKey {
                    place: place("step"),
                    nearest: Some(place("steps")),
                },
            ),
            (
                "steps: [{ title: A }]",
                ScriptFault::Missing {
                    place: place("steps[0].variant"),
                },
            ),
            (
                "steps: [{ variant: a, titel: A }]",
                ScriptFault::UnknownKey {
                    place: place("steps[0].titel"),
                    nearest: Some(place("title")),
                },
            ),
            (
                "steps: [{ variant: a, title: { fr: A } }]",
                ScriptFault::Missing {
                    place: place("steps[0].title.en"),
                },
            ),
            (
                "steps: [{ variant: a, title: A, tolerance: 2 }]",
                bad("steps[0].tolerance", "2", ScriptValue::Percent),
            ),
            (
                "steps: [{ variant: a, title: A, expect: maybe }]",
                bad("steps[0].expect", "maybe", ScriptValue::End),
            ),
            (
                "steps: [{ variant: a, title: A }, { variant: a, title: B }]",
                ScriptFault::Twice { id: place("a") },
            ),
        ] {
            assert_eq!(read(text, "t").unwrap_err(), fault, "{text}");
        }
        assert!(matches!(read("a: [", "t"), Err(ScriptFault::Yaml(_))));
    }
}
