use std::io::{self, Read};

use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use hyper::body::Bytes as Chunk;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::api::{self, Client, Engine};
use super::watch::Stop;
use crate::model::{Cancel, Digest, EngineProblem};

/// How many chunks (32 KiB each from today's engines) may wait for the reader.
const AHEAD: usize = 64;

/// The stream of an engine's save, as it comes.
///
/// A failure in the middle is an [`io::Error`] that holds the [`EngineProblem`]: see
/// [`Saved::problem_in`]. Dropping it ends the request.
#[derive(Debug)]
pub struct Saved {
    chunks: Receiver<Part>,
    current: Chunk,
    ended: bool,
    endpoint: String,
}

/// `None` is the end: without it a thread that dies would look like a shorter image.
type Part = Result<Option<Chunk>, EngineProblem>;

impl Engine {
    /// Asks for several images in one request, in which a layer they share comes once, and
    /// waits for the first bytes: the classic store writes a whole copy before it sends any.
    ///
    /// Reading is done ahead in a thread of its own. Its errors come from [`Read`].
    pub fn save(&self, images: &[Digest], cancel: &Cancel) -> Result<Saved, EngineProblem> {
        let client = self.client.apart()?;
        let runtime = api::runtime(self.endpoint())?;
        let images: Vec<String> = images.iter().map(Digest::to_string).collect();
        let stop = Stop::by(cancel);
        let (sender, chunks) = channel(AHEAD);
        std::thread::Builder::new()
            .name("save".to_owned())
            .spawn(move || runtime.block_on(client.pump(&images, &stop, sender)))
            .map_err(|source| EngineProblem::Spawn {
                program: "save thread".to_owned(),
                source,
            })?;
        let mut saved = Saved {
            chunks,
            current: Chunk::new(),
            ended: false,
            endpoint: self.endpoint().address().to_owned(),
        };
        saved.advance()?;
        Ok(saved)
    }
}

impl Client {
    /// Sends the stream on until it ends, fails, or nobody reads any more.
    async fn pump(&self, images: &[String], stop: &Stop, sender: Sender<Part>) {
        let forward = std::pin::pin!(self.forward(images, &sender));
        let closed = std::pin::pin!(sender.closed());
        let last = match self.while_alive(stop, select(forward, closed)).await {
            Ok(Either::Left((forwarded, _))) => forwarded.map(|()| None),
            Ok(Either::Right(_)) => return,
            Err(problem) => Err(problem),
        };
        // The reader may have gone in between.
        let _ = sender.send(last).await;
    }

    async fn forward(&self, images: &[String], sender: &Sender<Part>) -> Result<(), EngineProblem> {
        let images: Vec<&str> = images.iter().map(String::as_str).collect();
        let mut stream = std::pin::pin!(self.docker.export_images(&images));
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| self.not_saved(&images, error))?;
            if sender.send(Ok(Some(chunk))).await.is_err() {
                break;
            }
        }
        Ok(())
    }

    fn not_saved(&self, images: &[&str], error: bollard::errors::Error) -> EngineProblem {
        match self.problem("save the images", error) {
            EngineProblem::Refused { message, .. } if is_missing(&message) => {
                let named = images.iter().find(|image| message.contains(**image));
                let image = named.or(images.first()).copied().unwrap_or_default();
                EngineProblem::NoImage {
                    image: image.to_owned(),
                }
            }
            problem => problem,
        }
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

    /// Waits for the next bytes; there are none after the end.
    fn advance(&mut self) -> Result<(), EngineProblem> {
        while self.current.is_empty() && !self.ended {
            match self.chunks.blocking_recv() {
                Some(Ok(Some(chunk))) => self.current = chunk,
                Some(Ok(None)) => self.ended = true,
                Some(Err(problem)) => return Err(problem),
                None => {
                    return Err(EngineProblem::Lost {
                        endpoint: self.endpoint.clone(),
                        source: None,
                    });
                }
            }
        }
        Ok(())
    }
}

impl Read for Saved {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.current.is_empty() {
            self.advance().map_err(io::Error::other)?;
        }
        let length = buffer.len().min(self.current.len());
        buffer[..length].copy_from_slice(&self.current.split_to(length));
        Ok(length)
    }
}
