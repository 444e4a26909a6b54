use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use sha2::{Digest as _, Sha256};

use super::chunk::{Chunk, Chunks, read_chunk};
use crate::model::Digest;

/// Chunks that may wait between two threads.
const QUEUE: usize = 8;

pub(super) type Sent = io::Result<Chunk>;

/// The far end of a reader that another thread reads.
pub(super) struct Piped(Receiver<Sent>);

impl Chunks for Piped {
    fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        self.0.recv().ok().transpose()
    }
}

pub(super) fn pipe() -> (SyncSender<Sent>, Piped) {
    let (sender, receiver) = sync_channel(QUEUE);
    (sender, Piped(receiver))
}

/// Sends what `reader` gives until its end, or until nobody wants more.
pub(super) fn pump(reader: &mut dyn Read, sender: &SyncSender<Sent>) {
    loop {
        let Some(sent) = read_chunk(reader).transpose() else {
            return;
        };
        let last = sent.is_err();
        if sender.send(sent).is_err() || last {
            return;
        }
    }
}

/// Reads ahead on a thread of its own.
pub(super) fn ahead<'scope>(
    scope: &'scope Scope<'scope, '_>,
    mut reader: impl Read + Send + 'scope,
) -> Piped {
    let (sender, piped) = pipe();
    scope.spawn(move || pump(&mut reader, &sender));
    piped
}

/// A digest in the making, here or on a thread of its own.
pub(super) enum Hashing<'scope> {
    Here(Sha256),
    Beside(SyncSender<Chunk>, ScopedJoinHandle<'scope, Digest>),
}

impl<'scope> Hashing<'scope> {
    pub(super) fn here() -> Self {
        Self::Here(Sha256::new())
    }

    pub(super) fn beside(scope: &'scope Scope<'scope, '_>) -> Self {
        let (sender, receiver) = sync_channel::<Chunk>(QUEUE);
        let thread = scope.spawn(move || {
            let mut hash = Sha256::new();
            for chunk in receiver {
                hash.update(&*chunk);
            }
            digest(hash)
        });
        Self::Beside(sender, thread)
    }

    pub(super) fn feed(&mut self, chunk: &Chunk) {
        match self {
            Self::Here(hash) => hash.update(&**chunk),
            // The thread ends only once this sender is dropped.
            Self::Beside(sender, _) => drop(sender.send(chunk.clone())),
        }
    }

    pub(super) fn finish(self) -> Digest {
        match self {
            Self::Here(hash) => digest(hash),
            Self::Beside(sender, thread) => {
                drop(sender);
                thread.join().expect("hashing has no way to fail")
            }
        }
    }
}

pub(super) fn digest(hash: Sha256) -> Digest {
    Digest::from_hash(hash.finalize().into())
}

pub(super) fn digest_of(bytes: &[u8]) -> Digest {
    Digest::from_hash(Sha256::digest(bytes).into())
}

/// Hashes what passes through.
pub(super) struct Tee<'scope, S> {
    source: S,
    hashing: Hashing<'scope>,
}

impl<'scope, S: Chunks> Tee<'scope, S> {
    pub(super) fn new(source: S, hashing: Hashing<'scope>) -> Self {
        Self { source, hashing }
    }

    /// Reads the rest and gives the digest of all.
    pub(super) fn finish(mut self) -> io::Result<Digest> {
        while self.next_chunk()?.is_some() {}
        Ok(self.hashing.finish())
    }
}

impl<S: Chunks> Chunks for Tee<'_, S> {
    fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        let chunk = self.source.next_chunk()?;
        if let Some(chunk) = &chunk {
            self.hashing.feed(chunk);
        }
        Ok(chunk)
    }
}
