//! How long a test waits.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Programs that are started to see how busy the machine is.
const PROBES: u32 = 10;

/// What one of them takes on a machine that does nothing else, rounded up.
const IDLE: Duration = Duration::from_millis(2);

/// How many times longer a limit may become.
const MOST: f64 = 4.0;

/// A limit on a wait, scaled by how much slower this machine is now than an idle one. These
/// limits only distinguish a prompt end from one that never comes; `cargo bench` measures times.
#[expect(
    clippy::disallowed_methods,
    reason = "only rooms describe their commands"
)]
pub(crate) fn patience(limit: Duration) -> Duration {
    let begun = Instant::now();
    for _ in 0..PROBES {
        let mut probe = Command::new("true");
        probe.stdin(Stdio::null()).status().unwrap();
    }
    let slower = begun.elapsed().div_duration_f64(IDLE * PROBES);
    limit.mul_f64(slower.clamp(1.0, MOST))
}

/// Whether it becomes so in a while: another test may be doing the same.
pub(crate) fn soon(is_so: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + patience(Duration::from_secs(10));
    while !is_so() {
        if Instant::now() > deadline {
            return false;
        }
        thread::sleep(Duration::from_millis(100));
    }
    true
}
