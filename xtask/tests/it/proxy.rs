//! Stands between the kit and an engine, and fails where a test says.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use xtask::engine::Endpoint;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The engine dies: every connection breaks and no new one is answered.
    Cut,
    /// The engine hangs: connections stay and nothing more comes.
    Stall,
    /// What comes is not what an engine says.
    Garble,
}

/// When it fails: at the first request whose head contains `request`, once so many bytes
/// of its answer have passed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) request: &'static str,
    pub(crate) after: usize,
    pub(crate) fault: Fault,
}

pub(crate) struct Proxy {
    directory: tempfile::TempDir,
    failed: Arc<OnceLock<Instant>>,
}

impl Proxy {
    pub(crate) fn with(plan: Plan) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(directory.path().join("socket")).unwrap();
        let failed = Arc::new(OnceLock::new());
        let shared = Arc::clone(&failed);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, failed) = (client.unwrap(), Arc::clone(&shared));
                thread::spawn(move || serve(client, plan, &failed));
            }
        });
        Self { directory, failed }
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        let path = self.directory.path().join("socket");
        Endpoint::discover(Some(&format!("unix://{}", path.display()))).unwrap()
    }

    /// When the fault came to pass.
    pub(crate) fn failed_at(&self) -> Option<Instant> {
        self.failed.get().copied()
    }
}

pub(crate) fn real_socket() -> PathBuf {
    let address = crate::live::endpoint().address().to_owned();
    PathBuf::from(address.strip_prefix("unix://").unwrap())
}

fn serve(mut client: UnixStream, plan: Plan, failed: &OnceLock<Instant>) {
    if failed.get().is_some() && plan.fault != Fault::Garble {
        return fail(&client, plan.fault);
    }
    let mut engine = UnixStream::connect(real_socket()).unwrap();
    let mut head = [0; 4096];
    let length = client.read(&mut head).unwrap_or(0);
    engine.write_all(&head[..length]).unwrap();
    let is_the_one = String::from_utf8_lossy(&head[..length]).contains(plan.request);
    let (mut from, mut to) = (client.try_clone().unwrap(), engine.try_clone().unwrap());
    thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Both);
    });
    let mut passed = 0;
    let mut buffer = vec![0; 65536];
    loop {
        // Looked at often, for a fault at one connection is one at all.
        engine
            .set_read_timeout(Some(Duration::from_millis(50)))
            .unwrap();
        if failed.get().is_some() && plan.fault != Fault::Garble {
            return fail(&client, plan.fault);
        }
        let room = if is_the_one {
            buffer.len().min(plan.after - passed)
        } else {
            buffer.len()
        };
        if room == 0 {
            failed.get_or_init(Instant::now);
            return fail(&client, plan.fault);
        }
        match engine.read(&mut buffer[..room]) {
            Ok(0) => break,
            Ok(length) => {
                passed += length;
                if client.write_all(&buffer[..length]).is_err() {
                    break;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = engine.shutdown(Shutdown::Both);
}

fn fail(mut client: &UnixStream, fault: Fault) {
    match fault {
        Fault::Cut => {}
        Fault::Stall => thread::sleep(Duration::from_secs(30)),
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
