use std::future::Future;
use std::time::Duration;

use bollard::errors::Error;
use bollard::{API_DEFAULT_VERSION, BollardRequest, ClientVersion, Docker};
use futures_util::future::join;
use hyper::Response;
use hyper::body::Incoming;
use tokio::runtime::{Builder as RuntimeBuilder, Runtime};
use tokio::time::timeout;

use super::clock::Clock;
use super::dial::Dial;
use super::endpoint::{Endpoint, Route};
use super::facts::{self, KnownBy, Limiting};
use super::store::Store;
use super::watch::Stop;
use super::{answers, fault};
use crate::model::{
    Builder, BuiltImage, Cancel, Digest, EngineFacts, EngineKind, EngineProblem, EngineRecords,
};

/// Docker Engine 20.10 and Podman 4.
const OLDEST: ClientVersion = ClientVersion {
    major_version: 1,
    minor_version: 41,
};
const OLDEST_NAME: &str = "1.41";
const FIRST_ANSWER: Duration = Duration::from_secs(3);
/// The Docker CLI, and perhaps ssh, must start and find its way first.
const FIRST_ANSWER_THROUGH_CLI: Duration = Duration::from_secs(15);
/// bollard's own limit, in seconds; each call has one of ours, and a save may take long.
const NO_LIMIT: u64 = 7 * 24 * 3600;

/// A connection to an engine, of a version that both sides speak.
///
/// Its calls block and may come from any thread. Each one watches the [`Cancel`] it is given
/// and ends within 5 s of the engine's death.
pub struct Engine {
    pub(super) runtime: Runtime,
    pub(super) client: Client,
    met: Met,
}

/// What an engine says of itself once connected.
struct Met {
    facts: EngineFacts,
    store: Store,
    known_by: KnownBy,
    limiting: Limiting,
    records: Option<EngineRecords>,
}

/// The asynchronous side of an [`Engine`].
#[derive(Clone)]
pub(super) struct Client {
    pub(super) docker: Docker,
    pub(super) clock: Clock,
    /// Docker until it is known.
    pub(super) kind: EngineKind,
    dial: Dial,
    endpoint: Endpoint,
}

/// What an engine says of itself in the head of its answer to `/_ping`.
pub(super) struct Greeting {
    api: ClientVersion,
    server: String,
    clock: Clock,
}

impl Engine {
    /// Finds out whom it speaks to; 3 s at most, 15 s where the Docker CLI must carry it.
    pub fn connect(endpoint: &Endpoint, cancel: &Cancel) -> Result<Self, EngineProblem> {
        let runtime = runtime(endpoint)?;
        let stop = Stop::by(cancel);
        let (client, met) = runtime.block_on(Client::connect(endpoint, &stop))?;
        Ok(Self {
            runtime,
            client,
            met,
        })
    }

    pub fn facts(&self) -> &EngineFacts {
        &self.met.facts
    }

    /// Where it keeps images, as far as that is on this machine.
    pub fn store(&self) -> &Store {
        &self.met.store
    }

    /// Its own records of layers, if they can be on this machine. Whether they can be read, and
    /// are of this very engine, shows when they are.
    pub fn records(&self) -> Option<&EngineRecords> {
        self.met.records.as_ref()
    }

    /// What it does with the limits that a container is given.
    pub fn limiting(&self) -> Limiting {
        self.met.limiting
    }

    /// What it knows a built image by.
    pub fn id_of(&self, built: &BuiltImage) -> Digest {
        match (self.met.known_by, built.manifest) {
            (KnownBy::Manifest, Some(manifest)) => manifest,
            _ => built.id,
        }
    }

    /// The builder is the Docker CLI's business; whoever asked it tells it here.
    pub fn set_builder(&mut self, builder: Builder) {
        self.met.facts.builder = builder;
    }

    /// Where it was found.
    pub fn endpoint(&self) -> &Endpoint {
        &self.client.endpoint
    }
}

/// Nothing here is worth more than one thread: the work is the engine's.
pub(super) fn runtime(endpoint: &Endpoint) -> Result<Runtime, EngineProblem> {
    RuntimeBuilder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| EngineProblem::Unreachable {
            endpoint: endpoint.address().to_owned(),
            source: Some(error.into()),
        })
}

impl Client {
    async fn connect(endpoint: &Endpoint, stop: &Stop) -> Result<(Self, Met), EngineProblem> {
        let mut client = Self::offline(endpoint, API_DEFAULT_VERSION)?;
        let greeting = client.first(stop, client.ping()).await?;
        let api = agreed(greeting.api)?;
        client = Self {
            clock: greeting.clock,
            ..Self::offline(endpoint, &api)?
        };
        let both = async {
            let (version, info) = join(client.get("/version"), client.get("/info")).await;
            Ok((version?, info?))
        };
        let (version, info) = client.first(stop, both).await?;
        let met = Met {
            facts: facts::of_engine(&greeting.server, api.to_string(), &version, &info),
            store: Store::of(endpoint, info.docker_root_dir.as_deref()),
            known_by: KnownBy::of(&info),
            limiting: Limiting::of(&info),
            records: facts::records(endpoint, &info),
        };
        client.kind = met.facts.kind;
        Ok((client, met))
    }

    /// One that has not asked the engine anything yet, for its pings alone.
    pub(super) fn unmet(endpoint: &Endpoint) -> Result<Self, EngineProblem> {
        Self::offline(endpoint, API_DEFAULT_VERSION)
    }

    fn offline(endpoint: &Endpoint, api: &ClientVersion) -> Result<Self, EngineProblem> {
        let dial = Dial::new(endpoint);
        let line = dial.clone();
        let transport = move |request: BollardRequest| line.clone().send(request);
        let address = Some("http://engine");
        let docker = Docker::connect_with_custom_transport(transport, address, NO_LIMIT, api)
            .map_err(|error| EngineProblem::BadEndpoint {
                endpoint: endpoint.address().to_owned(),
                source: Some(error.into()),
            })?;
        Ok(Self {
            docker,
            clock: Clock::set_by(None),
            kind: EngineKind::Docker,
            dial,
            endpoint: endpoint.clone(),
        })
    }

    pub(super) async fn first<T>(
        &self,
        stop: &Stop,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, EngineProblem> {
        let limit = if self.is_through_cli() {
            FIRST_ANSWER_THROUGH_CLI
        } else {
            FIRST_ANSWER
        };
        let answer = timeout(limit, self.or_stopped(stop, work)).await;
        answer
            .map_err(|_| self.silent(limit))??
            .map_err(|error| self.unreachable(error))
    }

    /// Asked without bollard, which does not show the answer's head.
    pub(super) async fn ping(&self) -> Result<Greeting, Error> {
        let response = self.send("GET", "/_ping", &[]).await?;
        let header = |name| response.headers().get(name)?.to_str().ok();
        let api = header("api-version").and_then(parse_api);
        let Some(api) = api else {
            let said = format!("HTTP {} without an API version", response.status());
            let refusal = answers::refusal(response).await?;
            return Err(if fault::wants_tls(&refusal) {
                refusal
            } else {
                std::io::Error::new(std::io::ErrorKind::InvalidData, said).into()
            });
        };
        Ok(Greeting {
            api,
            server: header("server").unwrap_or_default().to_owned(),
            clock: Clock::set_by(header("date")),
        })
    }

    /// A request that bollard has no call for, or none that shows what is needed of it.
    pub(super) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Response<Incoming>, Error> {
        let request = headers.iter().fold(
            hyper::Request::builder().method(method).uri(path),
            |request, (name, value)| request.header(*name, *value),
        );
        let request = request.body(bollard::body_full(hyper::body::Bytes::new()))?;
        self.dial.clone().send(request).await
    }

    pub(super) fn endpoint(&self) -> String {
        self.endpoint.address().to_owned()
    }

    pub(super) fn is_through_cli(&self) -> bool {
        *self.endpoint.route() == Route::Cli
    }

    /// The same client on connections of its own, for another runtime.
    pub(super) fn apart(&self) -> Result<Self, EngineProblem> {
        Ok(Self {
            clock: self.clock,
            kind: self.kind,
            ..Self::offline(&self.endpoint, &self.docker.client_version())?
        })
    }
}

fn agreed(offered: ClientVersion) -> Result<ClientVersion, EngineProblem> {
    if offered < OLDEST {
        return Err(EngineProblem::TooOld {
            api: offered.to_string(),
            oldest: OLDEST_NAME,
        });
    }
    let ours = *API_DEFAULT_VERSION;
    Ok(if offered < ours { offered } else { ours })
}

fn parse_api(text: &str) -> Option<ClientVersion> {
    let (major, minor) = text.split_once('.')?;
    Some(ClientVersion {
        major_version: major.parse().ok()?,
        minor_version: minor.parse().ok()?,
    })
}
