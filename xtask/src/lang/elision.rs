//! `de` and `que` before a name, as French writes them.

/// `de single`, `d’essai`.
pub(super) fn of(name: &str) -> String {
    elided("d", name)
}

/// `que single`, `qu’essai`.
pub(super) fn that(name: &str) -> String {
    elided("qu", name)
}

fn elided(word: &str, name: &str) -> String {
    const VOWELS: &str = "aeiouyàâäéèêëîïôöùûüœæ";
    let is_vowel = name
        .chars()
        .next()
        .is_some_and(|first| first.to_lowercase().all(|first| VOWELS.contains(first)));
    if is_vowel {
        format!("{word}’{name}")
    } else {
        format!("{word}e {name}")
    }
}
