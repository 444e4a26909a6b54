use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// What is wrong with what was typed, in French; `None` for what hardly anybody types, which
/// stays in clap's own words. English is clap's language.
pub fn french_usage(error: &Error) -> Option<String> {
    let arg = || text(error, ContextKind::InvalidArg);
    let value = || text(error, ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("argument inattendu\u{a0}: `{}`", arg()?),
        ErrorKind::InvalidSubcommand => {
            let name = text(error, ContextKind::InvalidSubcommand)?;
            format!("la commande `{name}` n’existe pas")
        }
        ErrorKind::MissingRequiredArgument => format!("il manque `{}`", arg()?),
        ErrorKind::ArgumentConflict => {
            let (arg, other) = (arg()?, text(error, ContextKind::PriorArg)?);
            if arg == other {
                format!("`{arg}` ne se donne qu’une fois")
            } else {
                format!("`{arg}` et `{other}` s’excluent")
            }
        }
        ErrorKind::InvalidValue if value()?.is_empty() => format!("`{}` attend une valeur", arg()?),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::TooManyValues => {
            format!("`{}` n’accepte pas `{}`", arg()?, value()?)
        }
        _ => return None,
    })
}

/// What to type instead, where that is known, and what tells the rest.
pub fn french_usage_help(error: &Error) -> Vec<String> {
    let nearest = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
        ContextKind::SuggestedSubcommand,
    ];
    let nearest = nearest.into_iter().find_map(|kind| text(error, kind));
    let known = || text(error, ContextKind::ValidValue).filter(|known| !known.is_empty());
    let instead = nearest
        .map(|nearest| format!("vouliez-vous dire `{nearest}`\u{a0}?"))
        .or_else(|| known().map(|known| format!("valeurs possibles\u{a0}: {known}")));
    let rest = "`--help` dit tout ce qui peut s’écrire, en anglais".to_owned();
    instead.into_iter().chain([rest]).collect()
}

fn text(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        _ => None,
    }
}
