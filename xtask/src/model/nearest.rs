/// The candidate that a mistyped name most likely means; `None` where none is like it.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let likeness = |candidate: &str| strsim::jaro_winkler(name, candidate);
    candidates
        .into_iter()
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate.to_owned())
}

/// The candidate that is one or two slips of the finger away: a letter too many, too few, another
/// one, or two that changed places. A name of three letters allows for one slip.
pub fn mistyped<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = if name.chars().count() > 3 { 2 } else { 1 };
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(slips, _)| (1..=most).contains(slips))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::mistyped;

    #[test]
    fn a_slip_is_told_from_another_word() {
        let names = ["FROM", "RUN", "CMD", "COPY", "ENV", "EXPOSE"];
        for (written, meant) in [
            ("FORM", Some("FROM")),
            ("COPPY", Some("COPY")),
            ("CDM", Some("CMD")),
            ("RUNN", Some("RUN")),
            ("ECHO", None),
            ("APT-GET", None),
            ("RUN", None),
            ("", None),
        ] {
            assert_eq!(mistyped(written, names), meant, "{written}");
        }
    }
}
