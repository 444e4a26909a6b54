//! What is judged by a limit or a baseline.

mod accepting;
mod budget;
mod explained;
mod growth;
mod inputs;
mod made;
mod sides;
