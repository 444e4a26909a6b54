use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use crate::model::EngineState;

/// An engine that is well answers a ping in a few milliseconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// What becomes of a ping at an engine's socket.
pub(super) fn state(socket: &Path) -> EngineState {
    match ping(socket) {
        Ok(true) => EngineState::Answers,
        Ok(false) => EngineState::Silent,
        Err(error) => match error.kind() {
            ErrorKind::PermissionDenied => EngineState::Forbidden,
            ErrorKind::NotFound => EngineState::Absent,
            ErrorKind::ConnectionRefused => EngineState::Refuses,
            _ => EngineState::Silent,
        },
    }
}

fn ping(socket: &Path) -> std::io::Result<bool> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /_ping HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n")?;
    let mut start = [0; 5];
    stream.read_exact(&mut start)?;
    Ok(&start == b"HTTP/")
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixListener;

    use super::state;
    use crate::model::EngineState;

    #[test]
    fn each_state_of_a_socket_is_told_apart() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("engine.sock");
        assert_eq!(state(&path), EngineState::Absent);
        let listener = UnixListener::bind(&path).unwrap();
        let engine = std::thread::spawn(move || {
            for answer in ["HTTP/1.1 200 OK\r\n\r\nOK", ""] {
                let (mut stream, _) = listener.accept().unwrap();
                stream.read_exact(&mut [0; 16]).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        assert_eq!(state(&path), EngineState::Answers);
        assert_eq!(state(&path), EngineState::Silent);
        engine.join().unwrap();
        assert_eq!(state(&path), EngineState::Refuses);
    }
}
