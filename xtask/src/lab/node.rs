use std::collections::BTreeMap;

use serde_yaml::Value;

use crate::model::{Expected, LabProblem};

/// A value of a service, which knows where it stands for whoever must be told.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub(super) service: &'a str,
    /// The path within the service, such as `build.args`; empty for the service itself.
    pub(super) key: String,
    pub(super) value: &'a Value,
}

impl<'a> Node<'a> {
    /// The mapping's values under their keys, in the order of the file; none for null.
    pub(super) fn entries(&self) -> Result<Vec<(String, Node<'a>)>, LabProblem> {
        let Value::Mapping(mapping) = self.value else {
            return match self.value {
                Value::Null => Ok(Vec::new()),
                _ => Err(self.bad(Expected::Mapping)),
            };
        };
        let entry = |(key, value): (&Value, &'a Value)| {
            let key = scalar(key).ok_or_else(|| self.bad(Expected::Mapping))?;
            let path = match self.key.as_str() {
                "" => key.clone(),
                parent => format!("{parent}.{key}"),
            };
            let node = Node {
                service: self.service,
                key: path,
                value,
            };
            Ok((key, node))
        };
        mapping.iter().map(entry).collect()
    }

    /// The mapping's value under `name`, unless it is null.
    pub(super) fn get(&self, name: &str) -> Result<Option<Node<'a>>, LabProblem> {
        let entries = self.entries()?;
        Ok(entries
            .into_iter()
            .find_map(|(key, node)| (key == name && !node.value.is_null()).then_some(node)))
    }

    /// The list's items, or the one value that stands for a list; none for null.
    pub(super) fn items(&self) -> Vec<Node<'a>> {
        let node = |value| Node {
            value,
            ..self.clone()
        };
        match self.value {
            Value::Null => Vec::new(),
            Value::Sequence(items) => items.iter().map(node).collect(),
            one => vec![node(one)],
        }
    }

    pub(super) fn text(&self) -> Result<String, LabProblem> {
        scalar(self.value).ok_or_else(|| self.bad(Expected::Text))
    }

    pub(super) fn texts(&self) -> Result<Vec<String>, LabProblem> {
        self.items().iter().map(Node::text).collect()
    }

    /// `{ NAME: value }` or `[ NAME=value ]`; without a value `None`.
    pub(super) fn pairs(&self) -> Result<BTreeMap<String, Option<String>>, LabProblem> {
        if !self.value.is_sequence() {
            let pair = |(name, node): (String, Node<'_>)| match node.value {
                Value::Null => Ok((name, None)),
                _ => Ok((name, Some(node.text()?))),
            };
            return self.entries()?.into_iter().map(pair).collect();
        }
        let pair = |text: String| match text.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (text, None),
        };
        Ok(self.texts()?.into_iter().map(pair).collect())
    }

    /// Whether it is a text without a letter: what a variable without a value leaves.
    pub(super) fn is_blank(&self) -> bool {
        self.value
            .as_str()
            .is_some_and(|text| text.trim().is_empty())
    }

    pub(super) fn is_true(&self) -> Result<bool, LabProblem> {
        match self.text()?.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.bad(Expected::Truth)),
        }
    }

    pub(super) fn bad(&self, expected: Expected) -> LabProblem {
        LabProblem::BadValue {
            service: self.service.to_owned(),
            key: self.key.clone(),
            value: shown(self.value),
            expected,
        }
    }

    pub(super) fn unsupported(&self) -> LabProblem {
        LabProblem::Unsupported {
            service: self.service.to_owned(),
            key: self.key.clone(),
        }
    }
}

/// A text, number or truth value as Compose reads it where a text is wanted.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Compose writes each `$` of what it resolved as `$$`, in whatever text it stands.
pub(super) fn unescape(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace("$$", "$")),
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(unescape).collect()),
        Value::Mapping(mapping) => {
            let pair = |(key, value)| (unescape(key), unescape(value));
            Value::Mapping(mapping.into_iter().map(pair).collect())
        }
        other => other,
    }
}

/// A value in a message: short, and never what a list or mapping holds.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Sequence(_) => "[…]".to_owned(),
        Value::Mapping(_) => "{…}".to_owned(),
        Value::Tagged(tagged) => tagged.tag.to_string(),
        plain => scalar(plain).unwrap_or_default().chars().take(60).collect(),
    }
}
