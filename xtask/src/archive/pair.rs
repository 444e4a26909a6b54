use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Does all of the work, two pieces at a time, and gives what came of each in its place.
/// More threads would need more memory, and decompressing a layer has several already.
pub(super) fn two_at_a_time<W: Sync, D: Send, E: Send>(
    work: &[W],
    each: impl Fn(&W) -> Result<D, E> + Sync,
) -> Result<Vec<D>, E> {
    let next = AtomicUsize::new(0);
    let some = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = work.get(at) else {
                return Ok(done);
            };
            done.push((at, each(piece)?));
        }
    };
    let mut done = thread::scope(|scope| {
        let beside = scope.spawn(some);
        let mut done = some()?;
        match beside.join() {
            Ok(more) => done.extend(more?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        Ok(done)
    })?;
    done.sort_unstable_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, done)| done).collect())
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;
    use std::time::Duration;

    use super::two_at_a_time;

    #[test]
    fn what_comes_of_each_piece_is_in_its_place_whichever_ends_first() {
        let slow_first = |at: &u64| {
            sleep(Duration::from_millis(20_u64.saturating_sub(*at * 5)));
            Ok::<_, ()>(at * 10)
        };
        let work: Vec<u64> = (0..9).collect();
        let expected: Vec<u64> = (0..9).map(|at| at * 10).collect();
        assert_eq!(two_at_a_time(&work, slow_first), Ok(expected));
    }

    #[test]
    fn one_that_fails_is_told() {
        let each = |at: &u64| if *at == 7 { Err("seven") } else { Ok(()) };
        let work: Vec<u64> = (0..9).collect();
        assert_eq!(two_at_a_time(&work, each), Err("seven"));
    }
}
