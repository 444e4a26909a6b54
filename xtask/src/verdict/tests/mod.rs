//! What is judged by a baseline.

mod explained;
mod growth;
mod made;
mod sides;
