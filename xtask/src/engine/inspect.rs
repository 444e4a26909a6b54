use std::collections::BTreeMap;

use bollard::errors::Error;
use serde_json::json;

use super::answers::{Image, ImageConfig, Named};
use super::api::{Client, Engine};
use super::watch::Stop;
use crate::model::{Bytes, Cancel, Digest, EngineAction, EngineProblem, Platform};

/// What the engine says of an image in its store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// The id that the engine knows it by: with the containerd store the digest of a
    /// manifest or an index, otherwise that of the config.
    pub id: Digest,
    /// The digest of its config; `None` where only reading the image tells.
    pub config: Option<Digest>,
    /// Such as `ex08:multi`; sorted. A dangling image has none.
    pub names: Vec<String>,
    pub platform: Platform,
    /// Unpacked, packed or both, as the engine pleases: to be shown and never compared.
    pub engine_reported: Option<Bytes>,
    /// The `diff_id` of each layer, from the lowest.
    pub layers: Vec<Digest>,
    pub labels: BTreeMap<String, String>,
    pub entrypoint: Vec<String>,
    pub command: Vec<String>,
    /// RFC 3339, as the image has it.
    pub created: Option<String>,
}

impl Engine {
    /// Looks an image up by id or name.
    pub fn inspect(&self, image: &str, cancel: &Cancel) -> Result<ImageFacts, EngineProblem> {
        let stop = Stop::by(cancel);
        self.runtime.block_on(self.client.inspect(image, &stop))
    }

    /// The image of another platform than the engine's own that an index in containerd's store
    /// leads to, known by that index. An engine before API 1.49 gives that of its own platform.
    ///
    /// # Errors
    ///
    /// As for [`Engine::inspect`]; `None` if the engine has no such platform of it.
    pub fn inspect_for(
        &self,
        index: &ImageFacts,
        platform: &Platform,
        cancel: &Cancel,
    ) -> Result<Option<ImageFacts>, EngineProblem> {
        let stop = Stop::by(cancel);
        let id = index.id.to_string();
        let lookup = self.client.described(&id, Some(platform), &stop);
        match self.runtime.block_on(lookup) {
            Ok(found) => Ok(facts(found).map(|found| ImageFacts {
                id: index.id,
                names: index.names.clone(),
                ..found
            })),
            Err(EngineProblem::NoImage { .. }) => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// The names of the images in the store; one without a name is left out.
    pub fn named_images(&self, cancel: &Cancel) -> Result<Vec<String>, EngineProblem> {
        let stop = Stop::by(cancel);
        let list = self.client.get("/images/json");
        let listed = self.client.call(EngineAction::ListImages, &stop, list);
        let listed: Vec<Named> = self.runtime.block_on(listed)?;
        let names = listed.into_iter().filter_map(|it| it.repo_tags);
        let mut names: Vec<String> = names.flatten().collect();
        names.retain(|name| name != "<none>:<none>");
        Ok(names)
    }

    pub fn has_image(&self, image: &str, cancel: &Cancel) -> Result<bool, EngineProblem> {
        match self.inspect(image, cancel) {
            Ok(_) => Ok(true),
            Err(EngineProblem::NoImage { .. }) => Ok(false),
            Err(problem) => Err(problem),
        }
    }
}

/// What an engine says of a name that no image can have; why follows it.
const NO_REFERENCE: &str = "invalid reference format";

impl Client {
    pub(super) async fn inspect(
        &self,
        image: &str,
        stop: &Stop,
    ) -> Result<ImageFacts, EngineProblem> {
        let found = self.described(image, None, stop).await?;
        facts(found).ok_or_else(|| EngineProblem::Refused {
            engine: self.kind,
            action: EngineAction::InspectImage,
            message: format!("its description of `{image}` has no readable id or layers"),
        })
    }

    /// What a container of this image would have of it.
    pub(super) async fn config_of(
        &self,
        image: &str,
        stop: &Stop,
    ) -> Result<ImageConfig, EngineProblem> {
        let found = self.described(image, None, stop).await?;
        Ok(found.config.unwrap_or_default())
    }

    pub(super) async fn described(
        &self,
        image: &str,
        platform: Option<&Platform>,
        stop: &Stop,
    ) -> Result<Image, EngineProblem> {
        let missing = || EngineProblem::NoImage {
            image: image.to_owned(),
        };
        let no_name = || EngineProblem::BadReference {
            image: image.to_owned(),
        };
        if !is_reference(image) {
            return Err(no_name());
        }
        let path = format!(
            "/images/{image}/json{}",
            platform.map(query).unwrap_or_default()
        );
        let lookup = async {
            match self.get(&path).await {
                Err(Error::DockerResponseServerError {
                    status_code: 404, ..
                }) => Ok(None),
                answer => answer.map(Some),
            }
        };
        let found = self.call(EngineAction::InspectImage, stop, lookup).await;
        let found = found.map_err(|problem| match problem {
            EngineProblem::Refused { message, .. } if message.contains(NO_REFERENCE) => no_name(),
            problem => problem,
        });
        found?.ok_or_else(missing)
    }
}

/// Whether it can be the name or id of an image; a `?` or `..` would make another path of it,
/// and no name starts with `-`.
fn is_reference(image: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
    !image.is_empty()
        && image.bytes().all(allowed)
        && !image.contains("..")
        && !image.starts_with('-')
}

/// As Docker takes a platform from API 1.49 on.
fn query(platform: &Platform) -> String {
    let json = json!({
        "os": platform.os,
        "architecture": platform.arch,
        "variant": platform.variant.as_deref().unwrap_or_default(),
    });
    let query = serde_urlencoded::to_string([("platform", json.to_string())]);
    query.map(|query| format!("?{query}")).unwrap_or_default()
}

fn facts(found: Image) -> Option<ImageFacts> {
    let id: Digest = found.id?.parse().ok()?;
    let config = found.config.unwrap_or_default();
    let layers = found.root_fs.and_then(|root| root.layers);
    let layers = layers.unwrap_or_default();
    let layers: Result<Vec<Digest>, _> = layers.iter().map(|text| text.parse()).collect();
    let mut names = found.repo_tags.unwrap_or_default();
    names.retain(|name| name != "<none>:<none>");
    names.sort();
    Some(ImageFacts {
        // Only the containerd store describes what its id is the digest of.
        config: found.descriptor.is_none().then_some(id),
        id,
        names,
        platform: Platform {
            os: found.os.unwrap_or_default(),
            arch: found.architecture.unwrap_or_default(),
            variant: found.variant.filter(|variant| !variant.is_empty()),
        },
        engine_reported: found
            .size
            .and_then(|size| u64::try_from(size).ok())
            .map(Bytes),
        layers: layers.ok()?,
        labels: config.labels.unwrap_or_default().into_iter().collect(),
        entrypoint: config.entrypoint.unwrap_or_default(),
        command: config.cmd.unwrap_or_default(),
        created: found.created,
    })
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn only_what_can_name_an_image_is_asked_for() {
        for name in [
            "a",
            "127.0.0.1:5000/python:3.13-slim",
            "x@sha256:00",
            "sha256:ab",
        ] {
            assert!(is_reference(name), "{name}");
        }
        for name in [
            "",
            "a?b",
            "../containers/x",
            "a b",
            "a\n",
            "é",
            "a#b",
            "a%2f",
            "-a",
            "--platform=x",
        ] {
            assert!(!is_reference(name), "{name}");
        }
    }
}
