//! What a student's submission did: the outcome of each check, why one did not pass, and the next
//! step. Pure.

mod cause;
mod judge;

pub use cause::{
    Subject, before_build, diagnosis, of_build, of_canary, of_canary_build, of_files, of_output,
    of_stages, of_start_or_end, remarks,
};
pub use judge::{Seen, Step, forbidden, judge, next_step};
