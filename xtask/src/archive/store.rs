use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::config::unsupported;
use super::packing::Packing;
use super::tar::{Item, normalise};
use crate::model::{ArchiveProblem, Bytes, Damage, Digest, Feature, Layer};

/// Where the manifests of a source are looked up, however it is read.
pub(super) trait Store {
    /// What the user calls the source.
    fn name(&self) -> &str;

    /// Bytes of a blob as it is stored; `None` where it is not there.
    fn bytes(&self, path: &str) -> Option<u64>;

    /// Refuses a blob that is known not to be what its name says.
    fn check(&self, path: &str) -> Result<(), ArchiveProblem>;

    /// What to say of a blob that has not the size it should have: that it is not what its name
    /// says, where that is so.
    fn blame(&self, _path: &str, size: ArchiveProblem) -> ArchiveProblem {
        size
    }

    /// The content of a blob that should be JSON, checked against the digest in its name.
    fn json(&self, path: &str) -> Result<Cow<'_, [u8]>, ArchiveProblem>;
}

/// A layer as a source holds it.
pub(super) struct Found {
    pub(super) layer: Arc<Layer>,
    /// Bytes of the blob, whether it is compressed or not.
    pub(super) bytes: Bytes,
    /// The same where it is compressed.
    pub(super) packed: Option<Bytes>,
}

/// The members of an archive by path. Where a path is repeated the last one counts, as it
/// does when the archive is unpacked.
pub(super) struct Members<M>(HashMap<String, Node<M>>);

enum Node<M> {
    Member(M),
    /// 20.10 and Podman write a layer that occurs twice as a link to the first one.
    Link(String),
}

/// Links that lead to links, at most. Engines write one.
const LINKS: usize = 8;

impl<M> Members<M> {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    pub(super) fn insert(&mut self, path: String, member: M) {
        self.0.insert(path, Node::Member(member));
    }

    /// Remembers a link; one that leads out of the archive leads nowhere.
    pub(super) fn link(&mut self, path: String, item: &Item) {
        let target = String::from_utf8_lossy(&item.link);
        let target = if item.flag == b'1' || target.starts_with('/') {
            inside("", &target)
        } else {
            inside(
                path.rsplit_once('/').map_or("", |(parent, _)| parent),
                &target,
            )
        };
        if let Some(target) = target {
            self.0.insert(path, Node::Link(target));
        }
    }

    pub(super) fn find(&self, path: &str) -> Option<&M> {
        match self.0.get(self.resolve(path)?) {
            Some(Node::Member(member)) => Some(member),
            _ => None,
        }
    }

    pub(super) fn find_mut(&mut self, path: &str) -> Option<&mut M> {
        let path = self.resolve(path)?.to_owned();
        match self.0.get_mut(&path) {
            Some(Node::Member(member)) => Some(member),
            _ => None,
        }
    }

    /// The member that is at this very path.
    pub(super) fn take(&mut self, path: &str) -> Option<M> {
        match self.0.remove(path) {
            Some(Node::Member(member)) => Some(member),
            _ => None,
        }
    }

    /// The path of the member that `path` names, links followed.
    pub(super) fn resolve<'p>(&'p self, mut path: &'p str) -> Option<&'p str> {
        for _ in 0..LINKS {
            match self.0.get(path)? {
                Node::Member(_) => return Some(path),
                Node::Link(target) => path = target,
            }
        }
        None
    }

    /// As [`find`](Self::find), or a problem that names the path.
    pub(super) fn need(&self, path: &str) -> Result<&M, ArchiveProblem> {
        self.find(path).ok_or_else(|| ArchiveProblem::MissingBlob {
            blob: path.to_owned(),
        })
    }
}

/// Where a relative link leads, within the archive.
fn inside(directory: &str, target: &str) -> Option<String> {
    let mut path: Vec<&str> = directory
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop()?;
            }
            part => path.push(part),
        }
    }
    Some(path.join("/"))
}

/// The path of a member of the archive itself; `None` for one that nothing can name.
pub(super) fn member_path(item: &Item) -> Option<String> {
    let path = normalise(&item.path).ok()?;
    String::from_utf8(path.as_bytes().to_vec()).ok()
}

/// The digest that a blob's path promises (OCI image-layout.md, "Blobs").
pub(super) fn named_digest(path: &str) -> Option<Digest> {
    let hex = path.strip_prefix("blobs/sha256/")?;
    format!("sha256:{hex}").parse().ok()
}

/// What to say of a blob that is named as a layer and is none.
pub(super) fn not_a_tar(blob: &str, start: &[u8]) -> ArchiveProblem {
    if let Some(compression) = Packing::unread(start) {
        return unsupported(blob, Feature::Compression(compression));
    }
    ArchiveProblem::Damaged {
        blob: blob.to_owned(),
        offset: 0,
        damage: Damage::NotATar,
    }
}

/// Refuses a blob whose content is not what its name says.
pub(super) fn check_digest(
    blob: &str,
    expected: &Digest,
    actual: &Digest,
) -> Result<(), ArchiveProblem> {
    if expected == actual {
        return Ok(());
    }
    Err(ArchiveProblem::Digest {
        blob: blob.to_owned(),
        expected: expected.to_string(),
        actual: actual.to_string(),
    })
}

/// Refuses a blob that has another size than its descriptor says.
pub(super) fn check_bytes(blob: &str, expected: u64, actual: u64) -> Result<(), ArchiveProblem> {
    if expected == actual {
        return Ok(());
    }
    Err(ArchiveProblem::Damaged {
        blob: blob.to_owned(),
        offset: actual.min(expected),
        damage: Damage::Size,
    })
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn a_link_leads_nowhere_outside_the_archive() {
        assert_eq!(
            inside("abc", "../def/layer.tar").as_deref(),
            Some("def/layer.tar")
        );
        assert_eq!(inside("", "./def.tar").as_deref(), Some("def.tar"));
        assert_eq!(inside("abc", "../../etc/passwd"), None);
    }
}
