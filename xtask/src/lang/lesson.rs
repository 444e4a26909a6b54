//! What the lesson says.

use std::time::Duration;

use super::phrases::{Phrases, say};
use crate::model::{Bytes, Delta};

impl Phrases {
    /// The result on the screen is not of today.
    pub fn recorded_on(self, made: &str) -> String {
        let day = self.moment(made);
        say!(self, "recorded on {day}", "enregistré le {day}")
    }

    /// The same, where there is little room.
    pub fn recorded_on_day(self, made: &str) -> String {
        let day = self.day(made);
        say!(self, "recorded on {day}", "enregistré le {day}")
    }

    /// What stands in for a step that gave no result.
    pub fn stands_in(self, made: &str) -> String {
        let day = self.moment(made);
        say!(
            self,
            "⏎ shows the result recorded on {day}; r runs it again",
            "⏎ montre le résultat enregistré le {day}\u{202f}; r relance"
        )
    }

    /// The same, while the step is still at work.
    pub fn overdue(self, limit: Duration, made: Option<&str>) -> String {
        let limit = self.seconds(limit);
        let late = say!(
            self,
            "It takes longer than {limit}",
            "Cela prend plus de {limit}"
        );
        match made {
            Some(made) => {
                let day = self.moment(made);
                say!(
                    self,
                    "{late}: ⏎ shows the result recorded on {day}, b gives up",
                    "{late}\u{a0}: ⏎ montre le résultat enregistré le {day}, b abandonne"
                )
            }
            None => say!(
                self,
                "{late}, and there is no recorded result to show: b gives up",
                "{late}, et il n’y a pas de résultat enregistré à montrer\u{a0}: b abandonne"
            ),
        }
    }

    pub fn at_work(self, what: &str, took: Duration) -> String {
        let seconds = self.number(took.as_secs());
        say!(self, "{what} · {seconds} s", "{what} · {seconds}\u{a0}s")
    }

    /// How it ended and how long both parts took.
    pub fn ended_in(self, ending: &str, ran: Option<Duration>, built: Option<Duration>) -> String {
        let ran = ran.map(|took| self.seconds(took));
        let built = built.map(|took| self.seconds(took));
        match (ran, built) {
            (Some(ran), Some(built)) => say!(
                self,
                "{ending} after {ran} · built in {built}",
                "{ending} après {ran} · construite en {built}"
            ),
            (Some(ran), None) => say!(self, "{ending} after {ran}", "{ending} après {ran}"),
            (None, Some(built)) => say!(
                self,
                "{ending} · built in {built}",
                "{ending} · construite en {built}"
            ),
            (None, None) => ending.to_owned(),
        }
    }

    /// Against an image before: the difference, and how many times smaller it is.
    pub fn since_step(self, change: Delta, ratio: Option<f64>, before: &str) -> String {
        if change.0 == 0 {
            return say!(
                self,
                "exactly as big as {before}",
                "exactement la taille de {before}"
            );
        }
        let change = self.delta(change);
        match ratio.map(|ratio| self.lighter(ratio)) {
            Some(lighter) => say!(
                self,
                "{change} from {before}: {lighter}",
                "{change} par rapport à {before}\u{a0}: {lighter}"
            ),
            None => say!(
                self,
                "{change} from {before}",
                "{change} par rapport à {before}"
            ),
        }
    }

    /// What made most of an image.
    pub fn made_by(self, share: f64, what: &str) -> String {
        let share = self.percent(share);
        say!(self, "{share} of it: {what}", "dont {share}\u{a0}: {what}")
    }

    /// Files that a later instruction deleted.
    pub fn still_inside(self, deleted: Bytes) -> String {
        let size = self.size(deleted);
        say!(
            self,
            "{size} of deleted files are still in the layers below",
            "{size} de fichiers supprimés sont toujours dans les couches du dessous"
        )
    }

    /// Above the bars of a second scale.
    pub fn closer(self, times: f64) -> String {
        let times = self.numerals().times(times);
        say!(self, "{times} times closer", "agrandi {times} fois")
    }

    pub fn too_small(self, [columns, rows]: [usize; 2], least: [usize; 2]) -> String {
        let [wide, high] = least;
        say!(
            self,
            "This terminal has {columns} × {rows} characters; the lesson needs {wide} × {high}. \
             Enlarge the window or choose a smaller font.",
            "Ce terminal a {columns} × {rows} caractères\u{202f}; il en faut {wide} × {high} pour \
             la \
             leçon. Agrandissez la fenêtre ou choisissez une police plus petite."
        )
    }

    pub fn unchanged_lines(self, count: usize) -> String {
        let nouns = [
            ["unchanged line", "unchanged lines"],
            ["ligne inchangée", "lignes inchangées"],
        ];
        self.counted(count as u64, nouns)
    }

    pub fn recorded_steps(self, count: usize, all: usize, made: &str) -> String {
        let day = self.moment(made);
        let (count, all) = (self.number(count as u64), self.number(all as u64));
        say!(
            self,
            "recorded results: {count} of {all}, of {day}",
            "résultats enregistrés\u{a0}: {count} sur {all}, du {day}"
        )
    }
}

/// What a rehearsal says of each step, and of all.
impl Phrases {
    pub fn rehearsed_well(self, id: &str, size: Option<Bytes>, before: Option<&str>) -> String {
        let what = match size {
            Some(size) => self.size(size),
            None => say!(self, "fails, as expected", "échoue, comme prévu"),
        };
        match before.map(|made| self.moment(made)) {
            Some(day) => say!(
                self,
                "{id}: {what}, as on {day}",
                "{id}\u{a0}: {what}, comme le {day}"
            ),
            None => say!(
                self,
                "{id}: {what}, recorded",
                "{id}\u{a0}: {what}, enregistré"
            ),
        }
    }

    pub fn rehearsed_size(self, id: &str, [before, after]: [Bytes; 2], tolerance: f64) -> String {
        let (before, after) = (self.size(before), self.size(after));
        let tolerance = self.percent(tolerance / 100.0);
        say!(
            self,
            "{id}: {after} instead of {before}, more than {tolerance} apart",
            "{id}\u{a0}: {after} au lieu de {before}, plus de {tolerance} d’écart"
        )
    }

    pub fn rehearsed_output(self, id: &str) -> String {
        say!(
            self,
            "{id}: it does not print what it printed before",
            "{id}\u{a0}: sa sortie n’est plus celle qui a été enregistrée"
        )
    }

    pub fn rehearsed_failure(self, id: &str, why: &str) -> String {
        say!(self, "{id}: {why}", "{id}\u{a0}: {why}")
    }

    pub fn rehearsed_late(self, took: Duration, limit: Duration) -> String {
        let (took, limit) = (self.seconds(took), self.seconds(limit));
        say!(
            self,
            "took {took}, longer than its {limit}: live, the recorded result would be offered",
            "a pris {took}, plus que les {limit} prévues\u{a0}: en direct, le résultat enregistré \
             serait proposé"
        )
    }

    /// `compared` of `all` steps had an earlier result.
    pub fn rehearsal_passed(self, compared: usize, all: usize, path: &str) -> String {
        let (number, all_of) = (self.number(compared as u64), self.number(all as u64));
        match compared {
            0 => say!(
                self,
                "recorded {all_of} steps in {path}; nothing to compare with yet",
                "{all_of} étapes enregistrées dans {path}\u{202f}; rien à comparer pour l’instant"
            ),
            _ => say!(
                self,
                "compared {number} of {all_of} steps with the record: all as before; recorded in \
                 {path}",
                "{number} étapes sur {all_of} comparées à l’enregistrement\u{a0}: rien n’a \
                 changé\u{202f}; enregistré dans {path}"
            ),
        }
    }

    pub fn rehearsal_failed(self, count: usize, path: &str) -> String {
        let steps = self.counted(count as u64, [["step", "steps"], ["étape", "étapes"]]);
        say!(
            self,
            "rehearsal failed at {steps}; the record {path} stays as it was",
            "la répétition a échoué ({steps})\u{202f}; l’enregistrement {path} reste tel quel"
        )
    }

    pub fn rehearsal_other_base(self, before: &str) -> String {
        say!(
            self,
            "the earlier record is of another base image ({before}): nothing is compared",
            "l’enregistrement précédent vient d’une autre image de base ({before})\u{a0}: rien \
             n’est \
             comparé"
        )
    }
}
