//! Every sentence, unit and plural, in each language. Decides nothing.

pub mod problem;
