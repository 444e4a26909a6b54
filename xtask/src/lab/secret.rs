use serde_yaml::Value;

use crate::model::{Expected, LabProblem, SecretSource};

use super::node::{Node, scalar};

/// The top-level `secrets` of the file.
pub(super) struct Secrets<'a>(Option<&'a Value>);

impl<'a> Secrets<'a> {
    pub(super) fn of(document: &'a Value) -> Self {
        Self(document.get("secrets"))
    }

    /// A `build.secrets` item as the value of `--secret`: `id=NAME,src=FILE` or
    /// `id=NAME,env=VARIABLE`. One that Compose does not read from there (external, or
    /// written into the file) is refused, as are an owner and a mode, which a Dockerfile
    /// asks for itself.
    pub(super) fn flag(&self, item: &Node<'_>) -> Result<(String, SecretSource), LabProblem> {
        let (mut source, mut target) = (None, None);
        if item.value.is_mapping() {
            for (name, node) in item.entries()? {
                match name.as_str() {
                    "source" => source = Some(node.text()?),
                    "target" => target = Some(node.text()?),
                    _ => return Err(node.unsupported()),
                }
            }
        } else {
            source = Some(item.text()?);
        }
        let source = source.ok_or_else(|| item.bad(Expected::Secret))?;
        let origin = self.origin(&source).ok_or_else(|| item.unsupported())?;
        let id = target.unwrap_or(source);
        let from = match &origin {
            SecretSource::File(path) => field("src", &path.to_string_lossy()),
            SecretSource::Variable(name) => field("env", name),
        };
        Ok((format!("{},{from}", field("id", &id)), origin))
    }

    fn origin(&self, name: &str) -> Option<SecretSource> {
        let secret = self.0?.get(name)?;
        let named = |key: &str| scalar(secret.get(key)?);
        let file = named("file").map(|path| SecretSource::File(path.into()));
        file.or_else(|| named("environment").map(SecretSource::Variable))
    }
}

/// A field of the comma-separated value, quoted where it must be.
fn field(name: &str, value: &str) -> String {
    let text = format!("{name}={value}");
    if text.contains([',', '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
