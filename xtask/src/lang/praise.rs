use super::phrases::{Phrases, say};
use crate::model::{Bytes, Measure};

/// What is good about an accepted report, in facts.
#[derive(Clone, Debug, PartialEq)]
pub enum Praise {
    /// For [`Measure::Layers`] both are counts.
    WithinBudget {
        variant: String,
        counts: Measure,
        actual: Bytes,
        limit: Bytes,
    },
    /// So many containers, two or more, printed the same bytes.
    SameOutput { containers: usize },
    /// So many containers ran, and each exited 0.
    AllExitedZero { containers: usize },
    /// Nothing was run: so many images were built and measured.
    Measured { images: usize },
}

impl Phrases {
    /// Several praises, one after another.
    pub fn praises(self, praises: &[Praise]) -> String {
        let praises: Vec<_> = praises.iter().map(|one| self.praise(one)).collect();
        praises.join(self.pick(["; ", "\u{202f}; "]))
    }

    pub fn praise(self, praise: &Praise) -> String {
        match praise {
            Praise::WithinBudget {
                variant,
                counts,
                actual,
                limit,
            } => {
                let actual = self.amount(*counts, *actual);
                let limit = match counts {
                    Measure::Layers => self.number(limit.0),
                    Measure::Unpacked | Measure::Own | Measure::Wasted => self.limit(*limit),
                };
                say!(
                    self,
                    "{variant} is within its budget ({actual} of {limit})",
                    "{variant} tient dans son budget ({actual} sur {limit})"
                )
            }
            Praise::SameOutput { containers: 2 } => say!(
                self,
                "both printed the same bytes",
                "toutes deux affichent les mêmes octets"
            ),
            Praise::SameOutput { containers } => say!(
                self,
                "all {containers} printed the same bytes",
                "les {containers} affichent les mêmes octets"
            ),
            Praise::AllExitedZero { containers: 1 } => say!(
                self,
                "its container exited with code 0",
                "son conteneur s’est terminé avec le code 0"
            ),
            Praise::AllExitedZero { containers } => say!(
                self,
                "all {containers} containers exited with code 0",
                "les {containers} conteneurs se sont terminés avec le code 0"
            ),
            Praise::Measured { images: 1 } => say!(
                self,
                "the image was built and measured",
                "l’image a été construite et mesurée"
            ),
            Praise::Measured { images } => say!(
                self,
                "{images} images were built and measured",
                "{images} images ont été construites et mesurées"
            ),
        }
    }
}
