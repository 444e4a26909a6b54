use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::oneshot::{Receiver, channel};
use tokio::time::{Instant, sleep, timeout};

use super::api::{self, Client};
use super::endpoint::Endpoint;
use super::watch::Stop;
use crate::model::{Cancel, EngineProblem, ProcessProblem, Signal};

/// How long an engine may be silent while a command waits for it. Longer than for a request: a
/// busy engine answers late, and a build has nothing else to tell that it is alive.
const SILENCE: Duration = Duration::from_secs(25);
/// How often it is asked. Over the Docker CLI, and perhaps ssh, each question is a program.
const PULSE: Duration = Duration::from_secs(2);
const PULSE_THROUGH_CLI: Duration = Duration::from_secs(8);

/// SIGTERM: what ends the command once the engine is silent.
const STOP: Signal = Signal(15);

/// Runs a command that depends on the engine, and asks the engine beside it whether it is still
/// there: the command itself would wait without end for one that hangs.
pub(super) fn beside<T>(
    endpoint: &Endpoint,
    cancel: &Cancel,
    work: impl FnOnce(&Cancel) -> Result<T, ProcessProblem>,
) -> Result<Result<T, ProcessProblem>, EngineProblem> {
    within(SILENCE, endpoint, cancel, work)
}

/// Asks the engine once. `Some` if it hangs: one that is gone says so to whoever asks next.
pub(super) fn is_silent(
    endpoint: &Endpoint,
    cancel: &Cancel,
) -> Result<Option<EngineProblem>, EngineProblem> {
    let client = Client::unmet(endpoint)?;
    let stop = Stop::by(cancel);
    let asked = client.first(&stop, client.ping());
    Ok(match api::runtime(endpoint)?.block_on(asked) {
        Err(problem @ EngineProblem::Silent { .. }) => Some(problem),
        Err(problem @ EngineProblem::Cancelled(_)) => return Err(problem),
        Ok(_) | Err(_) => None,
    })
}

fn within<T>(
    limit: Duration,
    endpoint: &Endpoint,
    cancel: &Cancel,
    work: impl FnOnce(&Cancel) -> Result<T, ProcessProblem>,
) -> Result<Result<T, ProcessProblem>, EngineProblem> {
    let runtime = api::runtime(endpoint)?;
    let client = Client::unmet(endpoint)?;
    let stop = cancel.nested();
    let is_silent = AtomicBool::new(false);
    let ended = thread::scope(|scope| {
        // Dropped however the work ends.
        let (_end, end) = channel::<()>();
        scope.spawn(|| {
            if runtime.block_on(falls_silent(&client, limit, end)) {
                is_silent.store(true, Ordering::SeqCst);
                stop.request(STOP);
            }
        });
        work(&stop)
    });
    match ended {
        Err(ProcessProblem::Cancelled(_))
            if is_silent.into_inner() && cancel.requested().is_none() =>
        {
            Err(EngineProblem::Silent {
                endpoint: endpoint.address().to_owned(),
                limit,
            })
        }
        ended => Ok(ended),
    }
}

/// True once the engine has not answered for so long; false at the end of the work.
async fn falls_silent(client: &Client, limit: Duration, end: Receiver<()>) -> bool {
    let between = if client.is_through_cli() {
        PULSE_THROUGH_CLI
    } else {
        PULSE
    };
    let silence = async {
        let mut heard = Instant::now();
        while heard.elapsed() < limit {
            let left = limit.saturating_sub(heard.elapsed());
            sleep(between.min(left)).await;
            let asked = Instant::now();
            let left = limit.saturating_sub(heard.elapsed());
            if matches!(timeout(left, client.ping()).await, Ok(Ok(_))) {
                heard = asked;
            }
        }
    };
    matches!(select(Box::pin(silence), end).await, Either::Left(_))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::os::unix::net::UnixListener;
    use std::thread;
    use std::time::{Duration, Instant};

    use super::within;
    use crate::engine::Endpoint;
    use crate::model::{Cancel, EngineProblem, ProcessProblem, Signal};

    const LIMIT: Duration = Duration::from_secs(3);

    /// An engine that answers so many requests and then hangs.
    fn engine(directory: &tempfile::TempDir, answers: usize) -> Endpoint {
        let path = directory.path().join("socket");
        let listener = UnixListener::bind(&path).unwrap();
        thread::spawn(move || {
            let mut kept = Vec::new();
            for (number, client) in listener.incoming().enumerate() {
                let mut client = client.unwrap();
                if number < answers {
                    let _ = client.read(&mut [0; 4096]);
                    let said =
                        b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK";
                    let _ = client.write_all(said);
                } else {
                    kept.push(client);
                }
            }
        });
        let host = format!("unix://{}", path.display());
        Endpoint::discover_in(Some(&host), &|_| None).unwrap()
    }

    /// A command that waits for ever, or for so long.
    fn wait(cancel: &Cancel, most: Duration) -> Result<(), ProcessProblem> {
        let begun = Instant::now();
        while begun.elapsed() < most {
            if let Some(signal) = cancel.requested() {
                return Err(ProcessProblem::Cancelled(signal));
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    #[test]
    fn a_command_ends_once_the_engine_hangs() {
        for answers in [0, 1] {
            let directory = tempfile::tempdir().unwrap();
            let endpoint = engine(&directory, answers);
            let begun = Instant::now();
            let ended = within(LIMIT, &endpoint, &Cancel::default(), |cancel| {
                wait(cancel, Duration::from_secs(60))
            });
            assert!(
                matches!(ended, Err(EngineProblem::Silent { limit: LIMIT, .. })),
                "{ended:?}"
            );
            let took = begun.elapsed();
            assert!(took >= LIMIT && took < LIMIT * 4, "{took:?}");
        }
    }

    #[test]
    fn a_command_of_an_engine_that_answers_goes_on() {
        let directory = tempfile::tempdir().unwrap();
        let endpoint = engine(&directory, usize::MAX);
        let begun = Instant::now();
        let ended = within(LIMIT, &endpoint, &Cancel::default(), |cancel| {
            wait(cancel, LIMIT * 2)
        });
        assert!(matches!(ended, Ok(Ok(()))), "{ended:?}");
        assert!(begun.elapsed() >= LIMIT * 2);
    }

    #[test]
    fn the_end_of_a_command_and_a_signal_are_not_waited_for() {
        let directory = tempfile::tempdir().unwrap();
        let endpoint = engine(&directory, 0);
        let begun = Instant::now();
        let cancel = Cancel::default();
        let ended = within(LIMIT, &endpoint, &cancel, |_| Ok(7));
        assert!(matches!(ended, Ok(Ok(7))), "{ended:?}");
        cancel.request(Signal(2));
        let ended = within(LIMIT, &endpoint, &cancel, |cancel| {
            wait(cancel, Duration::from_secs(60))
        });
        assert!(
            matches!(ended, Ok(Err(ProcessProblem::Cancelled(Signal(2))))),
            "{ended:?}"
        );
        assert!(begun.elapsed() < LIMIT, "{:?}", begun.elapsed());
    }
}
