//! What is judged by a limit or a baseline.

mod budget;
mod explained;
mod growth;
mod made;
mod sides;
