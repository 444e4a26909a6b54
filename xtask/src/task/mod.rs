//! One file per subcommand, wiring the rooms together.
