use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::cli::Invocation;
use super::driver::Driver;
use super::progress::Told;
use crate::model::Digest;

/// The files in which `docker build` tells what it built.
pub(super) struct Answers {
    id: PathBuf,
    metadata: PathBuf,
}

/// What a build called its image.
#[derive(Debug)]
pub(super) struct Named {
    /// As the builder wrote it; empty where it told none.
    pub(super) id: String,
    /// As [`BuiltImage::manifest`](crate::model::BuiltImage::manifest).
    pub(super) manifest: Option<Digest>,
}

/// Of what buildx writes to `--metadata-file`.
#[derive(Deserialize)]
struct Metadata {
    #[serde(rename = "containerimage.digest")]
    digest: Option<Digest>,
}

impl Answers {
    pub(super) fn within(directory: &Path) -> Self {
        Self {
            id: directory.join("image-id"),
            metadata: directory.join("metadata.json"),
        }
    }

    /// Only buildx tells more than an id.
    pub(super) fn ask<'a>(&self, driver: Driver, build: Invocation<'a>) -> Invocation<'a> {
        let build = build.arg("--iidfile").arg(&self.id);
        match driver {
            Driver::BuildxJson | Driver::BuildxPlain => {
                build.arg("--metadata-file").arg(&self.metadata)
            }
            Driver::Inside | Driver::Classic => build,
        }
    }

    /// Podman tells its id in what it prints, and in no file.
    pub(super) fn read(&self, told: &Told) -> Named {
        let id = fs::read_to_string(&self.id).ok();
        let id = id.or_else(|| told.id().map(str::to_owned));
        let metadata = fs::read(&self.metadata).unwrap_or_default();
        let metadata = serde_json::from_slice(&metadata).ok();
        Named {
            id: id.unwrap_or_default(),
            manifest: metadata.and_then(|metadata: Metadata| metadata.digest),
        }
    }
}
