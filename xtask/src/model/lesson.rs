use std::time::Duration;

use super::Language;

/// A lesson: its steps in the order in which they are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    pub lab: String,
    pub title: Told,
    pub steps: Vec<ScriptStep>,
}

/// One step of a lesson, as its author wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptStep {
    /// By which its recorded result is found again.
    pub id: String,
    /// The service whose image is built and run.
    pub variant: String,
    pub title: Told,
    /// What is about to be shown.
    pub intro: Told,
    /// What is to be learnt from the result.
    pub lesson: Told,
    /// For the speaker alone.
    pub notes: Told,
    pub expected: ExpectedEnd,
    /// How far a size may be from the recorded one, in per cent of it.
    pub tolerance: f64,
    /// After this long the recorded result is offered.
    pub limit: Duration,
}

/// How a step is meant to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpectedEnd {
    #[default]
    Success,
    /// Its build, or its container, fails: that is the lesson.
    Failure,
}

/// A text in English, and in French where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub english: String,
    pub french: Option<String>,
}

impl Told {
    /// In English where the language is lacking.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::French => self.french.as_ref().unwrap_or(&self.english),
        }
    }

    pub fn has(&self, language: Language) -> bool {
        match language {
            Language::English => true,
            Language::French => self.french.is_some() || self.english.is_empty(),
        }
    }
}

impl Script {
    /// Where a text is shown in English because this language is lacking, as `STEP.KEY`.
    pub fn untranslated(&self, language: Language) -> Vec<String> {
        let of_script = [("title".to_owned(), &self.title)];
        let of_steps = self.steps.iter().flat_map(|step| {
            let texts = [
                ("title", &step.title),
                ("intro", &step.intro),
                ("lesson", &step.lesson),
                ("notes", &step.notes),
            ];
            texts.map(|(key, text)| (format!("{}.{key}", step.id), text))
        });
        let all = of_script.into_iter().chain(of_steps);
        all.filter(|(_, text)| !text.has(language))
            .map(|(place, _)| place)
            .collect()
    }
}

/// A key that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Char(char),
    Enter,
    Escape,
    Backspace,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    /// Ctrl-C.
    Interrupt,
}
