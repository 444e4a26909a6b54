use crate::model::Distribution;

/// Reads an `os-release` file (`os-release(5)`: shell assignments without expansion).
pub(super) fn parse(text: &str) -> Distribution {
    let value = |name: &str| {
        text.lines()
            .filter_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='))
            .filter_map(|quoted| shlex::split(quoted).map(|words| words.join(" ")))
            .rfind(|value| !value.is_empty())
    };
    let id = value("ID").unwrap_or_else(|| "linux".to_owned());
    Distribution {
        like: value("ID_LIKE")
            .map(|like| like.split(' ').map(str::to_owned).collect())
            .unwrap_or_default(),
        codename: value("VERSION_CODENAME"),
        pretty: value("PRETTY_NAME").unwrap_or_else(|| id.clone()),
        id,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn quotes_are_taken_off_and_derivatives_are_known() {
        let mint = parse(
            "NAME='Linux Mint'\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n\
             PRETTY_NAME=\"Linux Mint 22\"\nVERSION_CODENAME=wilma\n",
        );
        assert_eq!(mint.id, "linuxmint");
        assert_eq!(mint.like, ["ubuntu", "debian"]);
        assert_eq!(mint.codename.as_deref(), Some("wilma"));
        assert_eq!(mint.pretty, "Linux Mint 22");
        assert!(mint.is_debian_or_ubuntu());
    }

    #[test]
    fn a_file_without_names_is_linux() {
        let unknown = parse("# nothing\nVERSION_CODENAME=\n");
        assert!(!unknown.is_debian_or_ubuntu());
        assert_eq!((unknown.id.as_str(), unknown.codename), ("linux", None));
    }
}
