/// What a report can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Table,
    Json,
    Markdown,
    Html,
    Csv,
    /// `JUnit` XML, for a CI service.
    Junit,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, for lines of a pull request.
    Annotations,
    /// Bencher Metric Format, for a service that keeps the history.
    Bencher,
}

/// What a listing of an image, or of what changed between two, can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    Table,
    Json,
    Markdown,
    Csv,
}

/// In which order a listing stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Most bytes first, then by path.
    #[default]
    Size,
    Path,
}
