//! How an instruction or a place that may be unknown is written among the keys of what it
//! belongs to: its own keys are there all the same, and null.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Place, Step};

#[derive(Default, Serialize, Deserialize)]
struct PlaceKeys<'a> {
    dockerfile: Option<Cow<'a, str>>,
    line: Option<u32>,
}

#[derive(Default, Serialize, Deserialize)]
struct StepKeys<'a> {
    stage: Option<Cow<'a, str>>,
    instruction: Option<Cow<'a, str>>,
    #[serde(flatten)]
    place: PlaceKeys<'a>,
}

impl<'a> From<Option<&'a Place>> for PlaceKeys<'a> {
    fn from(place: Option<&'a Place>) -> Self {
        Self {
            dockerfile: place.map(|place| place.dockerfile.as_str().into()),
            line: place.and_then(|place| place.line),
        }
    }
}

impl PlaceKeys<'_> {
    fn place(self) -> Option<Place> {
        let line = self.line;
        self.dockerfile.map(|dockerfile| Place {
            dockerfile: dockerfile.into_owned(),
            line,
        })
    }
}

/// For `#[serde(flatten, with = "…")]`.
pub mod place {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Place, PlaceKeys};

    pub fn serialize<S: Serializer>(
        place: &Option<Place>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        PlaceKeys::from(place.as_ref()).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Place>, D::Error> {
        PlaceKeys::deserialize(deserializer).map(PlaceKeys::place)
    }
}

/// For `#[serde(flatten, with = "…")]`.
pub mod step {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Step, StepKeys};

    pub fn serialize<S: Serializer>(step: &Option<Step>, serializer: S) -> Result<S::Ok, S::Error> {
        let keys = step
            .as_ref()
            .map_or_else(StepKeys::default, |step| StepKeys {
                stage: step.stage.as_deref().map(Into::into),
                instruction: Some(step.instruction.as_str().into()),
                place: step.place.as_ref().into(),
            });
        keys.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Step>, D::Error> {
        let keys = StepKeys::deserialize(deserializer)?;
        Ok(keys.instruction.map(|instruction| Step {
            stage: keys.stage.map(Into::into),
            instruction: instruction.into_owned(),
            place: keys.place.place(),
        }))
    }
}

/// The base of an image then and now, for `#[serde(flatten, with = "…")]`.
pub mod bases {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Keys {
        base_before: Option<String>,
        base_after: Option<String>,
    }

    pub fn serialize<S: Serializer>(
        bases: &[Option<String>; 2],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let [base_before, base_after] = bases.clone();
        let keys = Keys {
            base_before,
            base_after,
        };
        keys.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[Option<String>; 2], D::Error> {
        let keys = Keys::deserialize(deserializer)?;
        Ok([keys.base_before, keys.base_after])
    }
}
