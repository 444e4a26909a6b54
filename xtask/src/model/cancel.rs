use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

/// A signal that asked the kit to stop, by its number on this system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal(pub i32);

/// Set once by the signal handler, watched by every room that waits.
///
/// Clones share one flag.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    signal: Arc<AtomicI32>,
    outer: Option<Arc<Cancel>>,
}

impl Cancel {
    /// Asks for the end; the first signal stays the one that is reported.
    pub fn request(&self, signal: Signal) {
        let _ = self
            .signal
            .compare_exchange(0, signal.0, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// The signal that asked for the end, if one did.
    pub fn requested(&self) -> Option<Signal> {
        let outer = || self.outer.as_ref()?.requested();
        match self.signal.load(Ordering::SeqCst) {
            0 => outer(),
            number => Some(Signal(number)),
        }
    }

    /// One that is requested when this one is, and can be requested without it: for several
    /// things at work of which one may end the others.
    #[must_use]
    pub fn nested(&self) -> Self {
        Self {
            signal: Arc::default(),
            outer: Some(Arc::new(self.clone())),
        }
    }
}

impl Signal {
    /// The exit code that a shell expects of a program ended by this signal.
    pub fn exit_code(self) -> u8 {
        u8::try_from(128 + self.0).unwrap_or(255)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cancel, Signal};

    #[test]
    fn the_first_signal_is_the_one_reported() {
        let cancel = Cancel::default();
        let other = cancel.clone();
        assert_eq!(cancel.requested(), None);
        other.request(Signal(2));
        other.request(Signal(15));
        assert_eq!(cancel.requested(), Some(Signal(2)));
        assert_eq!(Signal(2).exit_code(), 130);
    }

    #[test]
    fn what_ends_some_does_not_end_all_but_what_ends_all_ends_each() {
        let all = Cancel::default();
        let (some, others) = (all.nested(), all.nested());
        some.request(Signal(15));
        assert_eq!((all.requested(), others.requested()), (None, None));
        all.request(Signal(2));
        assert_eq!(others.requested(), Some(Signal(2)));
        assert_eq!(some.requested(), Some(Signal(15)));
    }
}
