use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_yaml::Value;

/// A YAML document in which a number is the text that stands there.
///
/// `docker-compose` 1.29 writes by YAML 1.1, where `1e3` and `0o17` are no numbers, and leaves
/// the quotes out; read by YAML 1.2 the argument of a build would become another one.
pub(super) fn read(text: &str) -> Result<Value, serde_yaml::Error> {
    let mut document: Value = serde_yaml::from_str(text)?;
    AsWritten(&mut document).deserialize(serde_yaml::Deserializer::from_str(text))?;
    Ok(document)
}

/// Goes through the document once more, along what was made of it.
struct AsWritten<'a>(&'a mut Value);

impl<'de> DeserializeSeed<'de> for AsWritten<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        match self.0 {
            Value::Mapping(_) => source.deserialize_map(self),
            Value::Sequence(_) => source.deserialize_seq(self),
            Value::Number(_) => source.deserialize_str(self),
            _ => source.deserialize_ignored_any(IgnoredAny).map(drop),
        }
    }
}

impl<'de> Visitor<'de> for AsWritten<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the same document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<(), A::Error> {
        for (_, value) in self.0.as_mapping_mut().into_iter().flatten() {
            if source.next_key::<IgnoredAny>()?.is_some() {
                source.next_value_seed(AsWritten(value))?;
            }
        }
        while source.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<(), A::Error> {
        for value in self.0.as_sequence_mut().into_iter().flatten() {
            source.next_element_seed(AsWritten(value))?;
        }
        while source.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        *self.0 = Value::String(text.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_yaml::Value;

    use super::read;

    #[test]
    fn a_number_is_what_stands_there() {
        let text = "a: { b: 1e3, c: [ 0o17, 1.50, 12e0000, '7', true, null ] }\n\
                    d: &x { e: 0x1F }\nf: *x\n1: .inf\n";
        let document = read(text).unwrap();
        let at = |path: &[&str]| {
            let start = &document;
            path.iter().fold(start, |value, key| &value[*key]).clone()
        };
        let text = |text: &str| Value::String(text.to_owned());
        assert_eq!(at(&["a", "b"]), text("1e3"));
        let list = [text("0o17"), text("1.50"), text("12e0000"), text("7")];
        let rest = [Value::Bool(true), Value::Null];
        assert_eq!(
            at(&["a", "c"]),
            Value::Sequence([&list[..], &rest].concat())
        );
        assert_eq!(at(&["d", "e"]), text("0x1F"));
        assert_eq!(at(&["f", "e"]), text("0x1F"));
        assert_eq!(document[1], text(".inf"));
    }
}
