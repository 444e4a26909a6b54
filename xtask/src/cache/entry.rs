use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use directories::ProjectDirs;
use serde::{Deserialize, Serialize};

use super::shelf::Shelf;
use super::wire::{FORMAT, OLDER, read_layer, read_recorded, write_layer, write_recorded};
use crate::model::{
    Bytes, CacheProblem, Digest, ImageConfig, ImageRecord, Layer, LayerRef, Platform,
    RecordedLayer, Verified,
};

/// Bytes that the cache may hold: about 200 images of 20,000 files that share nothing.
const CAPACITY: u64 = 512 << 20;

/// What is known of images and layers. Two processes may use one directory at once.
#[derive(Clone, Debug)]
pub struct Cache {
    images: Shelf,
    layers: Shelf,
    /// Digests of manifests and indexes, each with that of the config it leads to.
    aliases: Shelf,
    /// Layers as an engine's records describe them, which nobody verified.
    records: Shelf,
    directory: PathBuf,
    capacity: u64,
}

/// An image without what its layers hold.
#[derive(Deserialize, Serialize)]
struct Image {
    names: Vec<String>,
    platform: Option<(String, String, Option<String>)>,
    base_name: Option<String>,
    config: ImageConfig,
    layers: Vec<(Digest, Option<Bytes>)>,
}

impl Cache {
    /// The cache in `directory`, which need not be there yet.
    pub fn open(directory: &Path) -> Self {
        Self {
            images: Shelf::new(directory.join(FORMAT).join("images")),
            layers: Shelf::new(directory.join(FORMAT).join("layers")),
            aliases: Shelf::new(directory.join(FORMAT).join("aliases")),
            records: Shelf::new(directory.join(FORMAT).join("records")),
            directory: directory.to_owned(),
            capacity: CAPACITY,
        }
    }

    /// The cache in the user's own directory for such things (`$XDG_CACHE_HOME/lab-kit`);
    /// `None` for a user without a home.
    pub fn of_user() -> Option<Self> {
        let directories = ProjectDirs::from("", "", "lab-kit")?;
        Some(Self::open(directories.cache_dir()))
    }

    /// The image whose config has this digest. Its names are those of when it was read.
    pub fn image(&self, id: &Digest) -> Option<ImageRecord> {
        let image: Image = self
            .images
            .take(id, |content| serde_json::from_slice(content).ok())?;
        let mut known: HashMap<Digest, Arc<Layer>> = HashMap::new();
        let layers = image.layers.into_iter().map(|(diff_id, packed)| {
            let content = match known.get(&diff_id) {
                Some(layer) => Arc::clone(layer),
                None => self.layer(&diff_id)?,
            };
            known.insert(diff_id, Arc::clone(&content));
            Some(LayerRef { content, packed })
        });
        Some(ImageRecord {
            id: *id,
            names: image.names,
            platform: image
                .platform
                .map(|(os, arch, variant)| Platform { os, arch, variant }),
            base_name: image.base_name,
            config: image.config,
            layers: layers.collect::<Option<_>>()?,
            verified: Verified::Whole,
        })
    }

    /// The image that an engine knows by another digest than its config's. An index may lead
    /// to several images: whoever asks compares the layers with those that the engine tells.
    pub fn known_as(&self, engine_id: &Digest) -> Option<ImageRecord> {
        let config = self.aliases.take(engine_id, |content| {
            let (named, config) = content.split_first_chunk::<32>()?;
            let config: [u8; 32] = config.try_into().ok()?;
            (named == engine_id.as_hash()).then(|| Digest::from_hash(config))
        })?;
        self.image(&config)
    }

    /// Keeps an image as [`Cache::put`] does, to be found by `engine_id` as well: the digest
    /// of a manifest or index that leads to it, and never a name or another id that may come
    /// to stand for something else.
    pub fn put_as(&self, engine_id: &Digest, image: &ImageRecord) -> Result<(), CacheProblem> {
        if image.verified == Verified::Whole {
            let content = [*engine_id.as_hash(), *image.id.as_hash()].concat();
            self.aliases.put(engine_id, &content)?;
        }
        self.put(image)
    }

    /// The layer with this `diff_id`.
    pub fn layer(&self, diff_id: &Digest) -> Option<Arc<Layer>> {
        let layer = self.layers.take(diff_id, read_layer)?;
        (layer.diff_id == *diff_id).then(|| Arc::new(layer))
    }

    /// The layer with this `diff_id` as an engine's records described it.
    pub fn recorded(&self, diff_id: &Digest) -> Option<RecordedLayer> {
        let recorded = self.records.take(diff_id, read_recorded)?;
        (recorded.layer.diff_id == *diff_id).then_some(recorded)
    }

    /// Keeps what an engine's records said of a layer, apart from what was verified.
    ///
    /// # Errors
    ///
    /// The entry can't be written.
    pub fn put_recorded(&self, recorded: &RecordedLayer) -> Result<(), CacheProblem> {
        if let Some(content) = write_recorded(recorded) {
            self.records.put(&recorded.layer.diff_id, &content)?;
            self.make_room();
        }
        Ok(())
    }

    /// Keeps an image and its layers, and drops what was not used for longest where there is
    /// no room. An image that was not verified whole is not kept.
    pub fn put(&self, image: &ImageRecord) -> Result<(), CacheProblem> {
        if image.verified != Verified::Whole {
            return Ok(());
        }
        for older in OLDER {
            // What is not there is forgotten too.
            let _ = fs::remove_dir_all(self.directory.join(older));
        }
        for layer in &image.layers {
            let diff_id = &layer.content.diff_id;
            if self.layers.has(diff_id) {
                continue;
            }
            let Some(content) = write_layer(&layer.content) else {
                return Ok(());
            };
            self.layers.put(diff_id, &content)?;
        }
        let content = serde_json::to_vec(&Image {
            names: image.names.clone(),
            platform: image
                .platform
                .clone()
                .map(|it| (it.os, it.arch, it.variant)),
            base_name: image.base_name.clone(),
            config: image.config.clone(),
            layers: image
                .layers
                .iter()
                .map(|layer| (layer.content.diff_id, layer.packed))
                .collect(),
        });
        if let Ok(content) = content {
            self.images.put(&image.id, &content)?;
        }
        self.make_room();
        Ok(())
    }

    /// Removes the entries that were not used for longest until a quarter is free, so that
    /// not every image that comes has to look for room.
    fn make_room(&self) {
        let mut kept = self.images.entries();
        kept.extend(self.layers.entries());
        kept.extend(self.aliases.entries());
        kept.extend(self.records.entries());
        let mut total: u64 = kept.iter().map(|entry| entry.bytes).sum();
        if total <= self.capacity {
            return;
        }
        kept.sort_unstable_by_key(|entry| entry.used);
        for entry in kept {
            if total <= self.capacity / 4 * 3 {
                return;
            }
            // Another process may have removed it, which makes room as well.
            let _ = fs::remove_file(&entry.path);
            total -= entry.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use super::{Cache, FORMAT};
    use crate::model::{
        Bytes, Digest, Entry, ImageConfig, ImageRecord, Kind, Layer, LayerRef, Platform, Verified,
    };

    fn layer(number: u8, files: u32) -> Arc<Layer> {
        let file = |at| Entry {
            path: format!("usr/share/doc/package-{at}/copyright")
                .as_str()
                .into(),
            kind: Kind::File {
                bytes: Bytes(u64::from(at)),
                content: (at % 3 != 0).then(|| Digest::from_hash([number; 32])),
            },
            mode: 0o644,
            stamp: 7,
        };
        let mut entries: Vec<_> = (0..files).map(file).collect();
        let other = [
            Kind::Directory,
            Kind::Device,
            Kind::Whiteout,
            Kind::Opaque,
            Kind::Symlink {
                target: b"\xff/../x"[..].into(),
            },
            Kind::HardLink { target: "a".into() },
        ];
        entries.extend(other.map(|kind| Entry {
            path: "b".into(),
            kind,
            mode: 0o7777,
            stamp: u64::MAX,
        }));
        Arc::new(Layer {
            diff_id: Digest::from_hash([number; 32]),
            entries,
            scripts: [("b".into(), b"/bin/sh"[..].into())].into(),
        })
    }

    fn image(number: u8, layers: &[Arc<Layer>]) -> ImageRecord {
        ImageRecord {
            id: Digest::from_hash([number; 32]),
            names: vec!["ex08:multi".to_owned()],
            platform: Platform::parse("linux/arm64/v8"),
            base_name: Some("python:3.13-slim".to_owned()),
            config: ImageConfig::default(),
            layers: layers
                .iter()
                .map(|content| LayerRef {
                    content: Arc::clone(content),
                    packed: Some(Bytes(7)),
                })
                .collect(),
            verified: Verified::Whole,
        }
    }

    fn files(directory: &Path) -> Vec<PathBuf> {
        let listed = fs::read_dir(directory).into_iter().flatten().flatten();
        listed
            .flat_map(|entry| {
                if entry.path().is_dir() {
                    files(&entry.path())
                } else {
                    vec![entry.path()]
                }
            })
            .collect()
    }

    #[test]
    fn an_image_comes_back_as_it_was_put() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(directory.path());
        let shared = layer(1, 50);
        let before = image(9, &[Arc::clone(&shared), layer(2, 0), shared]);
        assert_eq!(cache.image(&before.id), None);
        cache.put(&before).unwrap();
        let after = Cache::open(directory.path()).image(&before.id).unwrap();
        assert_eq!(after, before);
        assert!(Arc::ptr_eq(
            &after.layers[0].content,
            &after.layers[2].content
        ));
    }

    #[test]
    fn any_damage_makes_an_entry_absent_until_it_is_put_again() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(directory.path());
        let before = image(9, &[layer(1, 2)]);
        for at in [0, 9, 40, 100, usize::MAX] {
            cache.put(&before).unwrap();
            for path in files(directory.path()) {
                let mut sealed = fs::read(&path).unwrap();
                let whole = sealed.clone();
                if at == usize::MAX {
                    sealed.pop();
                } else {
                    sealed[at] ^= 1;
                }
                fs::write(&path, sealed).unwrap();
                assert_eq!(cache.image(&before.id), None, "{path:?} at {at}");
                assert!(!path.exists());
                fs::write(&path, whole).unwrap();
            }
            assert_eq!(cache.image(&before.id), Some(before.clone()));
        }
    }

    #[test]
    fn what_was_not_verified_whole_is_not_kept() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(directory.path());
        let mut headers = image(9, &[layer(1, 2)]);
        headers.verified = Verified::Headers;
        cache.put(&headers).unwrap();
        assert_eq!(cache.image(&headers.id), None);
        assert_eq!(files(directory.path()), Vec::<PathBuf>::new());
    }

    #[test]
    fn an_image_is_found_by_the_digest_that_an_engine_knows_it_by() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(directory.path());
        let before = image(9, &[layer(1, 2)]);
        let manifest = Digest::from_hash([8; 32]);
        assert_eq!(cache.known_as(&manifest), None);
        cache.put_as(&manifest, &before).unwrap();
        assert_eq!(cache.known_as(&manifest), Some(before.clone()));
        assert_eq!(cache.image(&before.id), Some(before.clone()));
        assert_eq!(cache.image(&manifest), None);
        assert_eq!(cache.known_as(&before.id), None);
        for path in files(&directory.path().join(FORMAT).join("images")) {
            fs::remove_file(path).unwrap();
        }
        assert_eq!(cache.known_as(&manifest), None, "its image is gone");
    }

    #[test]
    fn an_alias_that_is_damaged_or_under_another_name_leads_nowhere() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(directory.path());
        let before = image(9, &[layer(1, 2)]);
        let [manifest, other] = [8, 7].map(|number| Digest::from_hash([number; 32]));
        let aliases = directory.path().join(FORMAT).join("aliases");
        let path = aliases.join(manifest.hex());
        cache.put_as(&manifest, &before).unwrap();
        let sealed = fs::read(&path).unwrap();
        fs::write(aliases.join(other.hex()), &sealed).unwrap();
        assert_eq!(cache.known_as(&other), None);
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            fs::write(&path, damaged).unwrap();
            assert_eq!(cache.known_as(&manifest), None, "at {at}");
            assert!(!path.exists());
        }
        let mut headers = before;
        headers.verified = Verified::Headers;
        cache.put_as(&manifest, &headers).unwrap();
        assert!(!path.exists(), "what is not kept has no alias");
    }

    #[test]
    fn the_least_recently_used_entries_make_room() {
        let directory = tempfile::tempdir().unwrap();
        let mut cache = Cache::open(directory.path());
        cache.capacity = 100_000;
        for number in 1..=40 {
            let alias = Digest::from_hash([number + 100; 32]);
            let image = image(number, &[layer(number, 100)]);
            cache.put_as(&alias, &image).unwrap();
            assert!(cache.image(&Digest::from_hash([1; 32])).is_some());
        }
        let bytes: u64 = files(directory.path())
            .iter()
            .map(|path| path.metadata().unwrap().len())
            .sum();
        assert!(bytes <= cache.capacity, "{bytes}");
        assert!(cache.image(&Digest::from_hash([2; 32])).is_none());
        assert!(files(&directory.path().join(FORMAT).join("aliases")).len() < 40);
        assert!(cache.image(&Digest::from_hash([40; 32])).is_some());
    }

    #[test]
    fn two_at_once_do_not_disturb_each_other() {
        let directory = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut cache = Cache::open(directory.path());
                    cache.capacity = 30_000;
                    for number in (1..=8).cycle().take(64) {
                        let before = image(number, &[layer(number, 40)]);
                        cache.put(&before).unwrap();
                        let after = cache.image(&before.id);
                        assert!(after.is_none() || after == Some(before));
                    }
                });
            }
        });
    }
}
