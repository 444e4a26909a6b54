//! What was learned of an image or layer, on disk, by digest; and what `check` remembers.
//!
//! An entry that is damaged, of another version or gone is simply not there. Nothing but
//! what was verified whole is kept, since an image is known here by digests alone.

mod entry;
mod notes;
mod shelf;
mod wire;

pub use entry::Cache;
pub use notes::Notes;
