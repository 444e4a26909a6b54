//! What was learned of an image or layer, on disk, by digest.
