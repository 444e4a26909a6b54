//! Budget, comparison and baseline → findings and an outcome. Pure.
