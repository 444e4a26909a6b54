use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag::{register, register_conditional_shutdown};
use signal_hook::iterator::Signals;

use crate::model::{Cancel, Signal};

/// Installs the one handler: the first signal asks for an orderly end through the returned
/// [`Cancel`], the second leaves at once with its own exit code.
pub fn watch() -> io::Result<Cancel> {
    let asked = Arc::new(AtomicBool::new(false));
    let cancel = Cancel::default();
    let signals = [SIGINT, SIGTERM, SIGHUP];
    for signal in signals {
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
