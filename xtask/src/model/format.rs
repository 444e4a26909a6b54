use clap::ValueEnum;

// `--help` would show a doc comment of a variant, so each has a plain one.

/// What a report can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
    Markdown,
    Html,
    Csv,
    // `JUnit` XML, for a CI service.
    Junit,
    // SARIF 2.1.0, for code scanning.
    Sarif,
    // Workflow commands, for lines of a pull request.
    Annotations,
    // Bencher Metric Format, for a service that keeps the history.
    Bencher,
}

/// What a listing of an image, or of what changed between two, can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Table,
    Json,
    Markdown,
    Html,
    Csv,
}

/// What the result of a check can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    Table,
    Json,
    Markdown,
    // A page for the submission's author.
    Html,
    // `JUnit` XML, for a CI service.
    Junit,
}

/// In which order a listing stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Order {
    // Most bytes first, then by path.
    #[default]
    Size,
    Path,
}
