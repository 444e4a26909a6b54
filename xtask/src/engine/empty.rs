//! Images without layers, which the classic store can't save ("empty export - not implemented").

use super::answers::{Image, Past};
use super::api::Engine;
use super::inspect::ImageFacts;
use super::watch::Stop;
use crate::model::{
    Cancel, EngineAction, EngineProblem, HistoryEntry, ImageConfig, ImageRecord, Verified,
};

impl Engine {
    /// An image without layers, from the engine's own description; `None` if it has layers, or
    /// if the engine can save it.
    ///
    /// # Errors
    ///
    /// As for [`Engine::inspect`].
    pub fn without_layers(
        &self,
        facts: &ImageFacts,
        cancel: &Cancel,
    ) -> Result<Option<ImageRecord>, EngineProblem> {
        let Some(id) = facts.config.filter(|_| facts.layers.is_empty()) else {
            return Ok(None);
        };
        let stop = Stop::by(cancel);
        let (described, past) = self.runtime.block_on(async {
            let described = self.client.described(&id.to_string(), None, &stop).await?;
            let path = format!("/images/{id}/history");
            let past = self.client.get(&path);
            let past: Vec<Past> = self
                .client
                .call(EngineAction::ReadHistory, &stop, past)
                .await?;
            Ok::<_, EngineProblem>((described, past))
        })?;
        Ok(Some(ImageRecord {
            id,
            names: facts.names.clone(),
            platform: Some(facts.platform.clone()),
            base_name: None,
            config: config(described, past),
            layers: Vec::new(),
            // Each of its layers was read: there is none.
            verified: Verified::Whole,
        }))
    }
}

/// `past` is from the newest, as the engine gives it.
fn config(described: Image, past: Vec<Past>) -> ImageConfig {
    let config = described.config.unwrap_or_default();
    let entry = |it: Past| HistoryEntry {
        created: None,
        created_by: it.created_by.unwrap_or_default(),
        comment: it.comment.filter(|comment| !comment.is_empty()),
        empty_layer: true,
    };
    ImageConfig {
        created: described.created,
        entrypoint: config.entrypoint.unwrap_or_default(),
        cmd: config.cmd.unwrap_or_default(),
        env: config.env.unwrap_or_default(),
        user: config.user.unwrap_or_default(),
        working_dir: config.working_dir.unwrap_or_default(),
        labels: config.labels.unwrap_or_default().into_iter().collect(),
        history: past.into_iter().rev().map(entry).collect(),
    }
}
