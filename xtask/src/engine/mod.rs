//! The sole door to Docker: builds, runs, inspects, saves.
