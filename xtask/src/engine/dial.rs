use std::io;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bollard::BollardRequest;
use bollard::errors::Error;
use futures_util::future::select;
use hyper::Response;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{HOST, HeaderValue};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::oneshot;

use super::endpoint::{Endpoint, Route};

/// How much of what `docker system dial-stdio` complains of is kept.
const SAID_CAP: u64 = 4096;
/// How long a failed command may take to say why, once nothing more is asked of it.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Makes connections to the engine and sends requests over them.
///
/// A unix socket is connected to for each request. Starting `docker system dial-stdio` costs
/// tens of milliseconds, and over ssh more, so its connections are used again.
#[derive(Clone)]
pub(super) struct Dial(Arc<Line>);

enum Line {
    Socket(PathBuf),
    Cli {
        environment: Vec<(String, String)>,
        idle: Mutex<Vec<SendRequest<Body>>>,
    },
}

/// bollard names its body type in no public place.
trait Carries {
    type Body;
}

impl<B> Carries for hyper::Request<B> {
    type Body = B;
}

type Body = <BollardRequest as Carries>::Body;

impl Dial {
    pub(super) fn new(endpoint: &Endpoint) -> Self {
        Self(Arc::new(match endpoint.route() {
            Route::Socket(path) => Line::Socket(path.clone()),
            Route::Cli => Line::Cli {
                environment: endpoint.environment().to_vec(),
                idle: Mutex::default(),
            },
        }))
    }

    /// Sends a request and waits for the head of the answer, for as long as it takes.
    pub(super) async fn send(self, request: BollardRequest) -> Result<Response<Incoming>, Error> {
        let request = in_origin_form(request)?;
        match &*self.0 {
            Line::Socket(path) => over_socket(path, request).await,
            Line::Cli { environment, idle } => over_cli(environment, idle, request).await,
        }
    }
}

/// A request on a connection that is already there names only path and query.
fn in_origin_form(mut request: BollardRequest) -> Result<BollardRequest, Error> {
    if let Some(path) = request.uri().path_and_query() {
        *request.uri_mut() = path.as_str().parse()?;
    }
    request
        .headers_mut()
        .insert(HOST, HeaderValue::from_static("engine"));
    Ok(request)
}

async fn over_socket(path: &Path, request: BollardRequest) -> Result<Response<Incoming>, Error> {
    let stream = UnixStream::connect(path).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection.with_upgrades());
    Ok(sender.send_request(request).await?)
}

async fn over_cli(
    environment: &[(String, String)],
    idle: &Mutex<Vec<SendRequest<Body>>>,
    request: BollardRequest,
) -> Result<Response<Incoming>, Error> {
    let request = match take_ready(idle) {
        None => request,
        Some(mut sender) => match sender.try_send_request(request).await {
            Ok(response) => {
                keep(idle, sender);
                return Ok(response);
            }
            // The other side had closed it: the request was never sent.
            Err(mut error) => match error.take_message() {
                Some(request) => request,
                None => return Err(error.into_error().into()),
            },
        },
    };
    let (pipe, complaint) = Pipe::open(environment)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(pipe)).await?;
    tokio::spawn(connection.with_upgrades());
    match sender.send_request(request).await {
        Ok(response) => {
            keep(idle, sender);
            Ok(response)
        }
        Err(error) => Err(explained(error, complaint).await),
    }
}

fn take_ready(idle: &Mutex<Vec<SendRequest<Body>>>) -> Option<SendRequest<Body>> {
    let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
    idle.retain(|sender| !sender.is_closed());
    let ready = idle.iter().position(SendRequest::is_ready)?;
    Some(idle.swap_remove(ready))
}

/// It becomes ready again once the answer is read to its end.
fn keep(idle: &Mutex<Vec<SendRequest<Body>>>, sender: SendRequest<Body>) {
    idle.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(sender);
}

type Complaint = tokio::task::JoinHandle<String>;

/// What the command wrote to stderr says more than that its stdout ended.
async fn explained(error: hyper::Error, complaint: Complaint) -> Error {
    match tokio::time::timeout(2 * LAST_WORDS, complaint).await {
        Ok(Ok(text)) if !text.trim().is_empty() => {
            io::Error::new(io::ErrorKind::NotConnected, cause(&text)).into()
        }
        _ => error.into(),
    }
}

/// What ssh said, where that is what the CLI tells of; what the CLI itself says otherwise.
fn cause(text: &str) -> &str {
    let text = text.trim();
    let said = text
        .split_once("make sure the URL is valid")
        .and_then(|(_, rest)| rest.split_once("stderr="));
    match said {
        Some((_, of_ssh)) if !of_ssh.is_empty() => of_ssh,
        _ => text,
    }
}

/// The two ends of `docker system dial-stdio`. When this is dropped, the command may say why
/// it failed and is ended.
struct Pipe {
    input: ChildStdin,
    output: ChildStdout,
    _in_use: oneshot::Sender<()>,
}

impl Pipe {
    fn open(environment: &[(String, String)]) -> io::Result<(Self, Complaint)> {
        let shell = xshell::Shell::new().map_err(io::Error::other)?;
        let command = xshell::cmd!(shell, "docker system dial-stdio")
            .envs(environment.iter().map(|(name, value)| (name, value)));
        let mut command = Command::from(std::process::Command::from(command))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let (Some(input), Some(output), Some(errors)) = (
            command.stdin.take(),
            command.stdout.take(),
            command.stderr.take(),
        ) else {
            return Err(io::Error::other("a pipe of the command is missing"));
        };
        let (in_use, dropped) = oneshot::channel();
        let pipe = Self {
            input,
            output,
            _in_use: in_use,
        };
        Ok((pipe, tokio::spawn(complaint(command, errors, dropped))))
    }
}

/// What the command says on standard error until it ends, or is ended.
async fn complaint(
    command: Child,
    mut errors: ChildStderr,
    dropped: oneshot::Receiver<()>,
) -> String {
    let mut text = Vec::new();
    let words = async {
        let _ = (&mut errors).take(SAID_CAP).read_to_end(&mut text).await;
        let _ = tokio::io::copy(&mut errors, &mut tokio::io::sink()).await;
    };
    let last = async {
        let _ = dropped.await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    select(pin!(words), pin!(last)).await;
    drop(command);
    String::from_utf8_lossy(&text).into_owned()
}

impl AsyncRead for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.output).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.input).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.input).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.input).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::cause;

    #[test]
    fn what_ssh_said_is_the_cause_and_not_the_clis_words_around_it() {
        let said = "error while Copy (stream to stdout): command [ssh -o ConnectTimeout=30 -T -l \
                    root -- far docker system dial-stdio] has exited with exit status 255, make \
                    sure the URL is valid, and Docker 18.09 or later is installed on the remote \
                    host: stderr=root@far: Permission denied (publickey).\n";
        assert_eq!(cause(said), "root@far: Permission denied (publickey).");
        assert_eq!(cause("no such context\n"), "no such context");
        let silent = "make sure the URL is valid: stderr=";
        assert_eq!(cause(silent), silent);
    }
}
