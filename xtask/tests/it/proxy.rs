//! Stands between the kit and an engine, and fails where a test says.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use crate::clock::patience;
use xtask::engine::Endpoint;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The engine dies: every connection breaks and no new one is answered.
    Cut,
    /// The engine hangs: connections stay and nothing more comes.
    Stall,
    /// What comes is not what an engine says; other connections are well.
    Garble,
    /// The connection breaks; others are well.
    Drop,
}

impl Fault {
    /// Whether nothing more is to be had of the engine.
    pub(crate) fn is_the_engines(self) -> bool {
        matches!(self, Self::Cut | Self::Stall)
    }
}

/// When it fails: at the first request whose head contains `request`, once so many bytes
/// of its answer have passed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) request: &'static str,
    pub(crate) after: usize,
    pub(crate) fault: Fault,
    /// How long after the fault the engine gets to see the request; for `after` 0.
    pub(crate) held: Duration,
}

const NEVER: Plan = Plan {
    request: "\0",
    after: usize::MAX,
    fault: Fault::Drop,
    held: Duration::ZERO,
};

pub(crate) struct Proxy {
    directory: tempfile::TempDir,
    marks: Arc<Marks>,
}

#[derive(Default)]
struct Marks {
    failed: OnceLock<Instant>,
    answered: OnceLock<Instant>,
    /// All that was said to the engine.
    asked: Mutex<Vec<u8>>,
    /// What the engine is not heard to say, and what it is heard to say instead; as long.
    instead: Option<[&'static str; 2]>,
}

impl Marks {
    /// Puts the lie in the place of the truth, once in a part of an answer.
    fn disguise(&self, said: &mut [u8]) {
        let Some([truth, lie]) = self.instead else {
            return;
        };
        let found = said
            .windows(truth.len())
            .position(|it| it == truth.as_bytes());
        if let Some(at) = found {
            said[at..at + lie.len()].copy_from_slice(lie.as_bytes());
        }
    }
}

impl Proxy {
    /// One that never fails.
    pub(crate) fn faithful() -> Self {
        Self::new(NEVER, Marks::default())
    }

    /// One that never fails and tells a lie; `[truth, lie]` are of the same length.
    pub(crate) fn lying(instead: [&'static str; 2]) -> Self {
        assert_eq!(instead[0].len(), instead[1].len());
        let instead = Some(instead);
        Self::new(
            NEVER,
            Marks {
                instead,
                ..Marks::default()
            },
        )
    }

    /// The first lines of all requests so far, without the protocol.
    pub(crate) fn requests(&self) -> Vec<String> {
        let asked = self.marks.asked.lock().unwrap();
        let asked = String::from_utf8_lossy(&asked);
        let firsts = asked.lines().filter_map(|it| it.strip_suffix(" HTTP/1.1"));
        firsts.map(str::to_owned).collect()
    }

    pub(crate) fn with(plan: Plan) -> Self {
        Self::new(plan, Marks::default())
    }

    fn new(plan: Plan, marks: Marks) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(directory.path().join("socket")).unwrap();
        let marks = Arc::new(marks);
        let shared = Arc::clone(&marks);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, marks) = (client.unwrap(), Arc::clone(&shared));
                thread::spawn(move || serve(client, plan, &marks));
            }
        });
        Self { directory, marks }
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        let path = self.directory.path().join("socket");
        Endpoint::discover(Some(&format!("unix://{}", path.display()))).unwrap()
    }

    /// When the fault came to pass.
    pub(crate) fn failed_at(&self) -> Option<Instant> {
        self.marks.failed.get().copied()
    }

    /// Returns once the engine has done what it was asked by the request whose answer failed.
    pub(crate) fn wait_for_the_engine(&self) {
        let patience = Instant::now() + patience(Duration::from_secs(10));
        while self.marks.answered.get().is_none() {
            assert!(Instant::now() < patience, "the engine never answered");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

pub(crate) fn real_socket() -> PathBuf {
    let address = crate::live::endpoint().address().to_owned();
    PathBuf::from(address.strip_prefix("unix://").unwrap())
}

fn serve(mut client: UnixStream, plan: Plan, marks: &Arc<Marks>) {
    let has_failed = || marks.failed.get().is_some() && plan.fault.is_the_engines();
    if has_failed() {
        return fail(&client, plan.fault);
    }
    let mut engine = UnixStream::connect(real_socket()).unwrap();
    let request = read_request(&mut client);
    marks.asked.lock().unwrap().extend_from_slice(&request);
    let is_the_one =
        marks.failed.get().is_none() && String::from_utf8_lossy(&request).contains(plan.request);
    if is_the_one && plan.held > Duration::ZERO {
        marks.failed.get_or_init(Instant::now);
        fail(&client, plan.fault);
        thread::sleep(plan.held);
        engine.write_all(&request).unwrap();
        return answered(engine, marks);
    }
    engine.write_all(&request).unwrap();
    let (from, to) = (client.try_clone().unwrap(), engine.try_clone().unwrap());
    // A client may make the request later, on a connection that it has used before.
    let is_the_one = Arc::new(AtomicBool::new(is_the_one));
    let (heard, later) = (Arc::clone(marks), Arc::clone(&is_the_one));
    thread::spawn(move || pass_on(from, to, plan.request, &later, &heard));
    answer(client, engine, plan, (&is_the_one, marks));
}

/// Carries what the engine answers, up to the fault.
fn answer(
    mut client: UnixStream,
    mut engine: UnixStream,
    plan: Plan,
    (is_the_one, marks): (&AtomicBool, &Arc<Marks>),
) {
    let mut passed = 0;
    let mut buffer = vec![0; 65536];
    // Looked at often, for a fault at one connection is one at all.
    let often = Some(Duration::from_millis(50));
    engine.set_read_timeout(often).unwrap();
    loop {
        if marks.failed.get().is_some() && plan.fault.is_the_engines() {
            return fail(&client, plan.fault);
        }
        if is_the_one.load(Ordering::SeqCst) && passed == plan.after {
            marks.failed.get_or_init(Instant::now);
            thread::scope(|scope| {
                scope.spawn(|| answered(engine, marks));
                fail(&client, plan.fault);
            });
            return;
        }
        match engine.read(&mut buffer) {
            Ok(0) => break,
            Ok(mut length) => {
                // The request may have come in the meantime.
                if is_the_one.load(Ordering::SeqCst) {
                    length = length.min(plan.after - passed);
                    passed += length;
                    marks.answered.get_or_init(Instant::now);
                }
                marks.disguise(&mut buffer[..length]);
                if client.write_all(&buffer[..length]).is_err() {
                    break;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
    }
    for stream in [client, engine] {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

/// Carries what a client says after its first request, which may be another one.
fn pass_on(
    mut from: UnixStream,
    mut to: UnixStream,
    request: &str,
    is_the_one: &AtomicBool,
    marks: &Marks,
) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let said = &buffer[..length];
        marks.asked.lock().unwrap().extend_from_slice(said);
        if marks.failed.get().is_none() && String::from_utf8_lossy(said).contains(request) {
            is_the_one.store(true, Ordering::SeqCst);
        }
        if to.write_all(said).is_err() {
            break;
        }
    }
    // The answer to the one is waited for after the client has left.
    let end = if is_the_one.load(Ordering::SeqCst) {
        Shutdown::Write
    } else {
        Shutdown::Both
    };
    let _ = to.shutdown(end);
}

/// The head of a request and, where it has a length, its body.
fn read_request(client: &mut UnixStream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match client.read(&mut buffer) {
            Ok(0) | Err(_) => return request,
            Ok(length) => request.extend_from_slice(&buffer[..length]),
        }
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().unwrap());
        if body.len() >= length {
            return request;
        }
    }
}

/// Waits for the answer that the client never gets.
fn answered(mut engine: UnixStream, marks: &Marks) {
    let patience = Duration::from_secs(10);
    engine.set_read_timeout(Some(patience)).unwrap();
    if engine.read(&mut [0; 4096]).is_ok() {
        marks.answered.get_or_init(Instant::now);
    }
    let _ = engine.shutdown(Shutdown::Both);
}

fn fail(mut client: &UnixStream, fault: Fault) {
    match fault {
        Fault::Cut | Fault::Drop => {}
        Fault::Stall => thread::sleep(Duration::from_secs(60)),
        Fault::Garble => {
            let _ = client.write_all(&[b'\x15'; 4096]);
        }
    }
    let _ = client.shutdown(Shutdown::Both);
}

/// Carries connections on a loopback port to a socket; gives the port.
pub(crate) fn loopback_to(socket: &Path) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let socket = socket.to_owned();
    thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            let engine = UnixStream::connect(&socket).unwrap();
            let (mut to_engine, mut from_client) =
                (engine.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || {
                let _ = std::io::copy(&mut from_client, &mut to_engine);
                let _ = to_engine.shutdown(Shutdown::Write);
            });
            thread::spawn(move || carry_back(engine, client));
        }
    });
    port
}

fn carry_back(mut engine: UnixStream, mut client: TcpStream) {
    let _ = std::io::copy(&mut engine, &mut client);
    let _ = client.shutdown(Shutdown::Write);
}
