//! Image streams, files and directories → images and the entries of their layers.
//!
//! Nothing is ever unpacked onto this machine, no path of a stranger is joined to one of
//! ours, and a source that is damaged, cut off or not understood is a problem that names the
//! blob and the byte, never a smaller number. What is believed of a source is bounded by the
//! limits stated in `limits`.

mod applied;
mod blob;
mod chunk;
mod config;
mod disk;
mod docker;
mod fault;
mod image;
mod layer;
mod limits;
mod name;
mod oci;
mod packing;
mod pair;
mod pipe;
mod read;
mod records;
mod region;
mod store;
mod stream;
mod survey;
mod tar;
mod watch;

pub use blob::Known;
pub use disk::Verify;
pub use image::Select;
pub use name::{is_same_name, is_same_platform};
pub use read::{Sent, open, read_stream};
pub use records::{FromRecords, KnownLayers, read_records};
pub use watch::Watch;
