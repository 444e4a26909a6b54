//! Dockerfile text → stages and instructions with their lines. Pure.
