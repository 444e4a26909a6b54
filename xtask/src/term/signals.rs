use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag::{register, register_conditional_shutdown};
use signal_hook::iterator::Signals;

use crate::model::{Cancel, Signal};

/// Installs the one handler: the first signal asks for an orderly end through the returned
/// [`Cancel`], the second leaves at once with its own exit code. Under `nohup` a hangup is no
/// signal to end.
pub fn watch() -> io::Result<Cancel> {
    let asked = Arc::new(AtomicBool::new(false));
    let cancel = Cancel::default();
    let mut signals = vec![SIGINT, SIGTERM];
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if !is_ignored(SIGHUP, &status) {
        signals.push(SIGHUP);
    }
    for &signal in &signals {
        // The order counts: on the first signal nothing is asked yet.
        let code = i32::from(Signal(signal).exit_code());
        register_conditional_shutdown(signal, code, Arc::clone(&asked))?;
        register(signal, Arc::clone(&asked))?;
    }
    let mut coming = Signals::new(signals)?;
    let request = cancel.clone();
    thread::spawn(move || {
        for signal in &mut coming {
            request.request(Signal(signal));
        }
    });
    Ok(cancel)
}

/// Whether a process with this `/proc/PID/status` ignores a signal (proc(5), `SigIgn`).
fn is_ignored(signal: i32, status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::{SIGHUP, SIGINT, is_ignored};

    #[test]
    fn what_is_ignored_is_read_from_the_mask() {
        let nohup = "SigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t2\n";
        assert!(is_ignored(SIGHUP, nohup));
        assert!(!is_ignored(SIGINT, nohup));
        assert!(!is_ignored(SIGHUP, "SigIgn:\t0000000000001000\n"));
        assert!(!is_ignored(SIGHUP, ""));
    }
}
