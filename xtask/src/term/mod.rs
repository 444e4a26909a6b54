//! Streams, colour, progress and signals. Nothing else asks the terminal or its environment.
