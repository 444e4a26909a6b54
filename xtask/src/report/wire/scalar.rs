use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A time in seconds, exact to the microsecond.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Seconds(pub(super) Duration);

impl Serialize for Seconds {
    #[expect(
        clippy::cast_precision_loss,
        reason = "microseconds are exact in an f64 for 285 years"
    )]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0.as_micros() as f64 / 1e6)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked before"
    )]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const LONGEST: f64 = 1e9;
        let seconds = f64::deserialize(deserializer)?;
        if !(0.0..=LONGEST).contains(&seconds) {
            let found = de::Unexpected::Float(seconds);
            return Err(de::Error::invalid_value(found, &"a time from 0 to 1e9 s"));
        }
        Ok(Self(Duration::from_micros((seconds * 1e6).round() as u64)))
    }
}

/// How a text that may not be UTF-8 is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Encoding {
    Utf8,
    Base64,
}

impl Encoding {
    pub(super) fn encode(bytes: &[u8]) -> (String, Self) {
        match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), Self::Utf8),
            Err(_) => (STANDARD.encode(bytes), Self::Base64),
        }
    }

    /// `None` where the text is not base64 and should be.
    pub(super) fn decode(self, text: String) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 => Some(text.into_bytes()),
            Self::Base64 => STANDARD.decode(text).ok(),
        }
    }
}
