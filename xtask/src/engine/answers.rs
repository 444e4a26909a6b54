//! What the kit reads of an engine's answers, and how it asks for them.
//!
//! bollard has models of the whole answers: each of them would compile the readers of a
//! hundred others into the kit, for two or three fields.

use std::collections::{BTreeMap, HashMap};
use std::future::poll_fn;
use std::pin::Pin;

use bollard::errors::Error;
use hyper::Response;
use hyper::body::{Body as _, Incoming};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use serde_json::Value;

use super::api::Client;

/// More than the longest list of containers; an engine that says more is none.
const ANSWER_CAP: usize = 64 * 1024 * 1024;
/// How much of an error is read.
const MESSAGE_CAP: usize = 16 * 1024;

/// Of `GET /version`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Release {
    pub(super) version: Option<String>,
    pub(super) os: Option<String>,
    pub(super) arch: Option<String>,
    pub(super) components: Option<Vec<Component>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) version: String,
}

/// Of `GET /info`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Info {
    pub(super) driver: Option<String>,
    pub(super) docker_root_dir: Option<String>,
    /// Rows of a name and a value, such as `driver-type`.
    pub(super) driver_status: Option<Vec<Vec<String>>>,
    pub(super) memory_limit: Option<bool>,
    pub(super) pids_limit: Option<bool>,
    pub(super) cgroup_version: Option<String>,
    /// Such as `name=rootless`.
    pub(super) security_options: Option<Vec<String>>,
}

/// Of `GET /images/{name}/json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Image {
    pub(super) id: Option<String>,
    pub(super) repo_tags: Option<Vec<String>>,
    pub(super) os: Option<String>,
    pub(super) architecture: Option<String>,
    pub(super) variant: Option<String>,
    pub(super) size: Option<i64>,
    #[serde(rename = "RootFS")]
    pub(super) root_fs: Option<RootFs>,
    pub(super) config: Option<ImageConfig>,
    pub(super) created: Option<String>,
    /// What the id is the digest of, where that is not the config.
    pub(super) descriptor: Option<IgnoredAny>,
}

/// One of `GET /images/{name}/history`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Past {
    pub(super) created_by: Option<String>,
    pub(super) comment: Option<String>,
}

/// One of `GET /images/json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    pub(super) repo_tags: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RootFs {
    pub(super) layers: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ImageConfig {
    pub(super) labels: Option<HashMap<String, String>>,
    pub(super) entrypoint: Option<Vec<String>>,
    pub(super) cmd: Option<Vec<String>>,
    pub(super) env: Option<Vec<String>>,
    pub(super) user: Option<String>,
    pub(super) working_dir: Option<String>,
    /// The keys are paths; the values say nothing.
    pub(super) volumes: Option<BTreeMap<String, Value>>,
}

/// One of `GET /containers/json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    pub(super) id: String,
    names: Option<Vec<String>>,
    labels: Option<HashMap<String, String>>,
}

/// Of `GET /volumes`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct VolumeList {
    pub(super) volumes: Option<Vec<Volume>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Volume {
    pub(super) name: String,
    pub(super) labels: Option<HashMap<String, String>>,
}

/// Of `GET /containers/{name}/json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Container {
    pub(super) state: Option<State>,
}

#[derive(Debug, Deserialize)]
pub(super) struct State {
    #[serde(rename = "OOMKilled")]
    pub(super) oom_killed: Option<bool>,
}

impl Listed {
    pub(super) fn labels(&self) -> HashMap<String, String> {
        self.labels.clone().unwrap_or_default()
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.names.iter().flatten().map(String::as_str).collect()
    }
}

impl Client {
    /// Asks for what `path` names, in the version that both sides speak.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let path = format!("/v{}{path}", self.docker.client_version());
        let response = self.send("GET", &path, &[]).await?;
        if !response.status().is_success() {
            return Err(refusal(response).await?);
        }
        let body = read(response, ANSWER_CAP).await?;
        Ok(serde_json::from_slice(&body)?)
    }
}

/// The engine's own sentence in an answer that is an error: `{"message": "…"}`.
pub(super) async fn refusal(response: Response<Incoming>) -> Result<Error, Error> {
    let status_code = response.status().as_u16();
    let text = read(response, MESSAGE_CAP).await?;
    let json: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let message = json.get("message").and_then(serde_json::Value::as_str);
    Ok(Error::DockerResponseServerError {
        status_code,
        message: message.map_or_else(
            || String::from_utf8_lossy(&text).into_owned(),
            str::to_owned,
        ),
    })
}

/// The first bytes of an answer, up to the cap.
async fn read(response: Response<Incoming>, cap: usize) -> Result<Vec<u8>, Error> {
    let mut body = response.into_body();
    let mut text = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        if let Ok(data) = frame?.into_data() {
            let room = cap.saturating_sub(text.len()).min(data.len());
            text.extend_from_slice(&data[..room]);
        }
    }
    Ok(text)
}
