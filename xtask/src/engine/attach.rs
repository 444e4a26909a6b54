use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use bollard::errors::Error;
use bollard::query_parameters::WaitContainerOptions;
use futures_util::StreamExt as _;
use hyper::StatusCode;
use hyper::body::Body as _;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncReadExt as _;
use tokio::time::timeout;

use super::answers::{self, Container};
use super::api::Client;
use super::capture::Streams;
use super::ending;
use crate::model::{Ending, EngineAction, EngineProblem};

/// One read of what a container writes.
const READ: usize = 64 * 1024;
/// How long after a container's end an event of it may still come.
const LATE_EVENT: Duration = Duration::from_millis(500);

impl Client {
    /// The container's output from its first byte, before it is started.
    ///
    /// Never `logs=1`: with the log driver `none` it locks Docker 20.10 up for good.
    pub(super) async fn attach(&self, container: &str) -> Result<TokioIo<Upgraded>, Error> {
        let api = self.docker.client_version();
        let path = format!(
            "/v{api}/containers/{container}/attach?stream=1&stdout=1&stderr=1&stdin=0&logs=0"
        );
        let upgrade = [("Connection", "Upgrade"), ("Upgrade", "tcp")];
        let response = self.send("POST", &path, &upgrade).await?;
        let status = response.status();
        if !status.is_success() && status != StatusCode::SWITCHING_PROTOCOLS {
            return Err(answers::refusal(response).await?);
        }
        Ok(TokioIo::new(hyper::upgrade::on(response).await?))
    }

    pub(super) async fn drain(
        &self,
        mut output: TokioIo<Upgraded>,
        streams: &mut Streams,
    ) -> Result<(), EngineProblem> {
        let mut buffer = vec![0; READ];
        loop {
            let length = output.read(&mut buffer).await;
            match length.map_err(|error| self.lost(error.into()))? {
                0 if streams.is_whole() => return Ok(()),
                0 => return Err(self.lost(io::Error::from(io::ErrorKind::UnexpectedEof).into())),
                length => streams
                    .feed(&buffer[..length])
                    .map_err(|error| self.lost(error.into()))?,
            }
        }
    }

    /// Waits for a started container's end.
    ///
    /// `not-running` answers at once for one that has ended already, so it may be asked after
    /// the start; `next-exit` would have to be asked before, and be known to have arrived.
    pub(super) async fn ending_of(&self, container: &str) -> Result<Ending, EngineProblem> {
        let options = WaitContainerOptions {
            condition: "not-running".to_owned(),
        };
        let mut answers = std::pin::pin!(self.docker.wait_container(container, Some(options)));
        let code = match answers.next().await {
            Some(Ok(answer)) => answer.status_code,
            Some(Err(Error::DockerContainerWaitError { code, .. })) => code,
            Some(Err(error)) => return Err(self.problem(EngineAction::WaitForContainer, error)),
            None => return Err(self.lost(io::Error::from(io::ErrorKind::UnexpectedEof).into())),
        };
        if !ending::is_signal(code) {
            return Ok(Ending::Exited { code });
        }
        let path = format!("/containers/{container}/json");
        let facts: Container = self
            .get(&path)
            .await
            .map_err(|error| self.problem(EngineAction::InspectContainer, error))?;
        Ok(Ending::Killed {
            code,
            out_of_memory: facts.state.and_then(|state| state.oom_killed) == Some(true),
        })
    }

    /// Whether the engine tells of this container's lack of memory, or does within
    /// [`LATE_EVENT`].
    ///
    /// The event `oom` (`GET /events`) is the second source after `State.OOMKilled`: where
    /// containerd is late to tell Docker 20.10 of it, after the exit, only the event says so
    /// (containerd issue 8180; 4 of 120 on a machine with 16 programs for 2 processors).
    pub(super) async fn tells_of_no_memory(&self, container: &str) -> bool {
        let path = format!(
            "/v{}/events?since=1&filters=\
             %7B%22container%22:%5B%22{container}%22%5D,%22event%22:%5B%22oom%22%5D%7D",
            self.docker.client_version()
        );
        let first = async {
            let response = self.send("GET", &path, &[]).await.ok()?;
            let told = response.status().is_success();
            let mut body = response.into_body();
            let frame = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await?;
            told.then_some(!frame.ok()?.into_data().ok()?.is_empty())
        };
        timeout(LATE_EVENT, first).await.ok().flatten() == Some(true)
    }
}
