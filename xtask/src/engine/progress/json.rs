use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::plain::Plain;
use super::told::Told;

/// The most that is kept of an object that has not ended.
const CAP: usize = 16 * 1024 * 1024;

/// BuildKit's `--progress=rawjson`: a stream of objects (moby/buildkit,
/// `client/graph.go`, `SolveStatus`), which buildx 0.13 spreads over lines and later ones do
/// not. Errors follow as plain text, and so does everything from a buildx that took the flag
/// and does not honour it.
#[derive(Debug, Default)]
pub(super) struct Json {
    pending: Vec<u8>,
    plain: Plain,
}

#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    vertexes: Option<Vec<Vertex>>,
    #[serde(default)]
    logs: Option<Vec<Log>>,
}

#[derive(Deserialize)]
struct Vertex {
    digest: String,
    #[serde(default)]
    name: String,
    /// Digests of what it stands on.
    #[serde(default)]
    inputs: Vec<String>,
    #[serde(default)]
    started: Option<IgnoredAny>,
    #[serde(default)]
    completed: Option<IgnoredAny>,
    #[serde(default)]
    cached: bool,
    #[serde(default)]
    error: String,
}

#[derive(Deserialize)]
struct Log {
    vertex: String,
    /// Base64.
    #[serde(default)]
    data: String,
}

impl Json {
    pub(super) fn feed(&mut self, bytes: &[u8], told: &mut Told) {
        self.pending.extend_from_slice(bytes);
        let mut read = 0;
        while let Some(length) = self.next(read, told) {
            read += length;
        }
        self.pending.drain(..read);
        if self.pending.len() > CAP {
            self.finish(told);
        }
    }

    /// Takes what stands at `from` and gives its length; `None` when it has not ended.
    fn next(&mut self, from: usize, told: &mut Told) -> Option<usize> {
        let rest = &self.pending[from..];
        if rest.first() == Some(&b'{') {
            let mut objects = serde_json::Deserializer::from_slice(rest).into_iter::<Status>();
            match objects.next() {
                Some(Ok(status)) => {
                    apply(status, told);
                    return Some(objects.byte_offset());
                }
                Some(Err(error)) if error.is_eof() => return None,
                _ => (),
            }
        }
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        self.text(from, from + end, told);
        Some(end + 1)
    }

    pub(super) fn finish(&mut self, told: &mut Told) {
        for line in String::from_utf8_lossy(&std::mem::take(&mut self.pending)).lines() {
            self.plain.line(line, told);
        }
    }

    fn text(&mut self, from: usize, to: usize, told: &mut Told) {
        let line = String::from_utf8_lossy(&self.pending[from..to]);
        // What ends an object's own line is no line.
        if !line.trim().is_empty() {
            self.plain.line(line.trim_end_matches('\r'), told);
        }
    }
}

fn apply(status: Status, told: &mut Told) {
    for vertex in status.vertexes.into_iter().flatten() {
        let is_new = told.known(&vertex.digest).is_none();
        let step = told.step(&vertex.digest, &vertex.name);
        if is_new {
            told.stands_on(step, vertex.inputs);
        }
        if !vertex.error.is_empty() {
            told.has_failed(step, &vertex.error);
        } else if vertex.cached {
            told.is_cached(step);
        } else if vertex.completed.is_some() {
            told.is_over(step);
        } else if vertex.started.is_some() {
            told.is_running(step);
        } else if is_new {
            told.is_waiting(step);
        }
    }
    for log in status.logs.into_iter().flatten() {
        let Some(step) = told.known(&log.vertex) else {
            continue;
        };
        if let Ok(bytes) = STANDARD.decode(&log.data) {
            told.logs(step, &bytes);
        }
    }
}
