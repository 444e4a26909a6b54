//! How long a test waits.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Programs that are started to see how busy the machine is.
const PROBES: u32 = 10;

/// What one of them takes on a machine that does nothing else, rounded up.
const IDLE: Duration = Duration::from_millis(2);

/// How much longer a limit may become.
const MOST: f64 = 20.0;

/// A limit on a wait, longer by as much as this machine is slower now than an idle one: these
/// limits tell an end that comes at once from one that never comes, on whatever machine. What
/// takes how long is for `cargo bench`.
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

/// Whether it becomes so in a while: another test may be at the same.
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
