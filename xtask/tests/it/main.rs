//! The kit from outside: its command line, its files, its engine.
