//! Why a check of a submission did not pass, and what to try next, for a beginner.
//!
//! A [`Lesson`](crate::model::Lesson) has three hints, from concept to place to near-solution;
//! everything else has one fix. An exercise can put its own hints in their place.

mod given;
mod hints;
mod lesson;
mod mistake;
mod other;
mod remark;
mod start;
#[cfg(test)]
mod tests;

use super::phrases::Phrases;
use crate::model::{Cause, Diagnosis, Scene, Translated, Wording};

impl Phrases {
    /// One sentence, without line and final stop.
    pub fn cause(self, diagnosis: &Diagnosis, wording: &Wording) -> String {
        match self.told(diagnosis, wording) {
            Explained::Lesson { sentence, .. } | Explained::Fixed(Told { sentence, .. }) => {
                sentence
            }
        }
    }

    /// From the first to the last; there is always one. Lines of a Dockerfile are indented.
    pub fn hints(self, diagnosis: &Diagnosis, wording: &Wording) -> Vec<String> {
        if let Some(own) = wording.hints.get(diagnosis.cause.id()) {
            let scene = &diagnosis.scene;
            return own.iter().map(|it| self.filled(it, scene)).collect();
        }
        match self.told(diagnosis, wording) {
            Explained::Lesson { hints, .. } => hints.into(),
            Explained::Fixed(told) => vec![told.fix],
        }
    }

    fn told(self, diagnosis: &Diagnosis, wording: &Wording) -> Explained {
        let Diagnosis { cause, line, scene } = diagnosis;
        Explained::Fixed(match cause {
            Cause::Lesson(lesson) => {
                return Explained::Lesson {
                    sentence: self.lesson(lesson, scene, wording),
                    hints: self.lesson_hints(lesson, *line, scene),
                };
            }
            Cause::Mistake(mistake) => self.mistake(mistake, scene),
            Cause::Start(mistake) => self.start_mistake(mistake, scene),
            Cause::Sandbox(sandbox) => self.sandbox(*sandbox),
            Cause::GivenChanged { path } => self.given_changed(path),
            Cause::GivenMissing { path } => self.given_missing(path),
            Cause::GivenHidden { path } => self.given_hidden(path),
            Cause::GivenShadowed { path } => self.given_shadowed(path),
            Cause::LinkOut { path } => self.link_out(path),
            Cause::ContextTooLarge { limit } => self.context_too_large(*limit),
            Cause::NotADockerfile { why } => self.not_a_dockerfile(*why),
            Cause::NotLighter { actual, reference } => self.no_lighter(*actual, *reference),
            Cause::BaseUnreachable { image, nearest } => {
                self.base_unreachable(image, nearest.as_deref())
            }
            Cause::BuildTimedOut { limit } => self.build_timed_out(*limit),
            Cause::NoNetwork { instruction, said } => self.no_network(instruction, said),
            Cause::ReferenceFails => self.reference_fails(),
        })
    }

    /// An exercise's own text, with the names of the scene in it.
    fn filled(self, text: &Translated, scene: &Scene) -> String {
        let names = Names::of(scene);
        self.pick(text.each_ref())
            .replace("{script}", names.script)
            .replace("{output}", names.output)
            .replace("{made}", &names.made)
            .replace("{stage}", names.stage)
    }
}

enum Explained {
    Lesson {
        sentence: String,
        hints: [String; 3],
    },
    Fixed(Told),
}

/// What went wrong, and what to do about it.
struct Told {
    sentence: String,
    fix: String,
}

/// The scene with a word for what is not known.
struct Names<'a> {
    script: &'a str,
    output: &'a str,
    /// Where the script's file lies in the build stage.
    made: String,
    /// The directory of that.
    directory: String,
    stage: &'a str,
}

impl<'a> Names<'a> {
    fn of(scene: &'a Scene) -> Self {
        let made = scene.made.clone();
        let made = made.unwrap_or_else(|| format!("/{}", scene.output));
        let directory = match made.rsplit_once('/') {
            Some(("", _)) | None => "/".to_owned(),
            Some((directory, _)) => directory.to_owned(),
        };
        Self {
            script: &scene.script,
            output: &scene.output,
            made,
            directory,
            stage: scene.build_stage.as_deref().unwrap_or("build"),
        }
    }
}
