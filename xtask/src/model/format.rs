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
