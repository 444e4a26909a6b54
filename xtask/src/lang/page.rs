//! What only the page says.

use super::phrases::{Phrases, say};
use crate::model::Bytes;

impl Phrases {
    /// What a map shows, for readers who do not see it.
    pub fn drawing(self, variant: &str, size: Bytes) -> String {
        let size = self.size(size);
        say!(
            self,
            "{variant}, {size}, as boxes whose areas are proportional to their bytes",
            "{variant}, {size}, sous forme de cases dont l’aire est proportionnelle aux octets"
        )
    }

    /// How many directories have no box, because each is smaller than `below`.
    pub fn folded(self, directories: usize, bytes: Bytes, below: Bytes) -> String {
        let (bytes, below) = (self.size(bytes), self.size(below));
        let nouns = [["directory", "directories"], ["dossier", "dossiers"]];
        let count = self.counted(directories as u64, nouns);
        if directories == 1 {
            return say!(
                self,
                "{count} smaller than {below} ({bytes}) has no box.",
                "{count} de moins de {below} ({bytes}) n’a pas de case."
            );
        }
        say!(
            self,
            "{count} smaller than {below} ({bytes} in all) have no box.",
            "{count} de moins de {below} ({bytes} en tout) n’ont pas de case."
        )
    }

    /// The report itself adds smaller directories to the one above.
    pub fn folded_in_report(self, below: Bytes) -> String {
        let below = self.size(below);
        say!(
            self,
            "The report adds directories smaller than {below} to the one above.",
            "Le rapport ajoute les dossiers de moins de {below} à celui qui les contient."
        )
    }

    /// The box that holds them.
    pub fn rest(self, directories: usize) -> String {
        let nouns = [
            ["smaller directory", "smaller directories"],
            ["dossier plus petit", "dossiers plus petits"],
        ];
        match directories {
            0 => say!(self, "other files", "autres fichiers"),
            some => self.counted(some as u64, nouns),
        }
    }

    /// How many boxes a search found: `{found}` and `{all}` are for the numbers.
    pub fn matches(self) -> &'static str {
        self.pick([
            "{found} of {all} boxes match",
            "{found} cases trouvées sur {all}",
        ])
    }

    pub fn instead_of(self, reference: &str, size: Bytes) -> String {
        let size = self.size(size);
        say!(
            self,
            "instead of {size} for {reference}",
            "au lieu de {size} pour {reference}"
        )
    }

    pub fn made_on(self, created: &str) -> String {
        let moment = self.moment(created);
        say!(self, "Measured on {moment}", "Mesuré le {moment}")
    }
}

#[cfg(test)]
mod tests {
    use crate::lang::phrases;
    use crate::model::{Bytes, Language};

    #[test]
    fn what_is_folded_is_counted_in_both_languages() {
        let [english, french] = Language::ALL.map(phrases);
        assert_eq!(
            english.folded(312, Bytes(48_200_000), Bytes(1_200_000)),
            "312 directories smaller than 1.2 MB (48.2 MB in all) have no box."
        );
        assert_eq!(
            french.folded(1, Bytes(900), Bytes(1_000)),
            "1\u{a0}dossier de moins de 1,0\u{a0}ko (900\u{a0}o) n’a pas de case."
        );
        assert!(french.matches().contains("{found}") && french.matches().contains("{all}"));
    }
}
