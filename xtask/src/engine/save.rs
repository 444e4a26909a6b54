use std::fmt;
use std::io::{self, Read};
use std::pin::Pin;

use bollard::errors::Error;
use futures_util::{Stream, StreamExt as _};
use hyper::body::Bytes as Chunk;
use tokio::runtime::Runtime;

use super::api::{self, Client, Engine};
use super::watch::Stop;
use crate::model::{Cancel, Digest, EngineAction, EngineProblem};

/// The stream of an engine's save, as it comes.
///
/// A failure in the middle is an [`io::Error`] that holds the [`EngineProblem`]: see
/// [`Saved::problem_in`]. Dropping it ends the request.
pub struct Saved {
    images: Vec<String>,
    current: Chunk,
    stream: Pin<Box<dyn Stream<Item = Result<Chunk, Error>> + Send>>,
    client: Client,
    stop: Stop,
    /// Its own, so that the engine can be asked for other things meanwhile; dropped last.
    runtime: Runtime,
}

impl fmt::Debug for Saved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = f.debug_struct("Saved");
        told.field("images", &self.images).finish_non_exhaustive()
    }
}

impl Engine {
    /// Asks for several images in one request, in which a layer they share comes once, and
    /// waits for the first bytes: the classic store writes a whole copy before it sends any.
    pub fn save(&self, images: &[Digest], cancel: &Cancel) -> Result<Saved, EngineProblem> {
        let client = self.client.apart()?;
        let images: Vec<String> = images.iter().map(Digest::to_string).collect();
        let names: Vec<&str> = images.iter().map(String::as_str).collect();
        let mut saved = Saved {
            stream: Box::pin(client.docker.export_images(&names).fuse()),
            images,
            current: Chunk::new(),
            client,
            stop: Stop::by(cancel),
            runtime: api::runtime(self.endpoint())?,
        };
        saved.advance()?;
        Ok(saved)
    }
}

/// In the words of Docker 20.10 ("failed to get digest"), of newer ones, and of Podman.
fn is_missing(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    [
        "failed to get digest",
        "no such image",
        "does not exist",
        "image not known",
        "not found",
    ]
    .iter()
    .any(|words| message.contains(words))
}

impl Saved {
    /// The engine's problem behind an error of reading this stream, or the error as it was.
    pub fn problem_in(error: io::Error) -> Result<EngineProblem, io::Error> {
        error.downcast()
    }

    /// Waits for the next bytes, where there are none; after the end there are none.
    fn advance(&mut self) -> Result<(), EngineProblem> {
        while self.current.is_empty() {
            let next = self.client.while_alive(&self.stop, self.stream.next());
            match self.runtime.block_on(next)? {
                Some(Ok(chunk)) => self.current = chunk,
                Some(Err(error)) => return Err(self.problem(error)),
                None => break,
            }
        }
        Ok(())
    }

    fn problem(&self, error: Error) -> EngineProblem {
        match self.client.problem(EngineAction::SaveImages, error) {
            EngineProblem::Refused { message, .. } if is_missing(&message) => {
                let mut images = self.images.iter();
                let named = images.find(|image| message.contains(*image));
                let image = named.or(self.images.first()).cloned().unwrap_or_default();
                EngineProblem::NoImage { image }
            }
            problem => problem,
        }
    }
}

impl Read for Saved {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.advance().map_err(io::Error::other)?;
        let length = buffer.len().min(self.current.len());
        buffer[..length].copy_from_slice(&self.current.split_to(length));
        Ok(length)
    }
}
