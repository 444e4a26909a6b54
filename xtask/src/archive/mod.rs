//! Image streams, files and directories → images and the entries of their layers.
