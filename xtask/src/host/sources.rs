use std::path::Path;

/// One place that apt fetches packages from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) uri: String,
    pub(super) suite: String,
    pub(super) components: Vec<String>,
    /// The path of a keyring; `None` where apt's own trusted keys count.
    pub(super) signed_by: Option<String>,
    /// `trusted=yes`: the person who set it up vouches for it unsigned.
    pub(super) trusted: bool,
}

/// What apt knows of a source that it has the lists of: who publishes it, under what name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Published {
    pub(super) uri: String,
    pub(super) suite: String,
    pub(super) origin: String,
    pub(super) codename: String,
}

/// The format that [`parse_published`] reads, for `apt-get indextargets --format`.
pub(super) const PUBLISHED: &str = "$(REPO_URI)|$(RELEASE)|$(ORIGIN)|$(CODENAME)";

pub(super) fn parse_published(text: &str) -> Vec<Published> {
    text.lines()
        .filter_map(|line| {
            let fields: Vec<_> = line.split('|').collect();
            let [uri, suite, origin, codename] = fields[..] else {
                return None;
            };
            Some(Published {
                uri: uri.to_owned(),
                suite: suite.to_owned(),
                origin: origin.to_owned(),
                codename: codename.to_owned(),
            })
        })
        .collect()
}

/// Reads one of apt's source files, in either of the two formats of `sources.list(5)`.
pub(super) fn parse(path: &Path, text: &str) -> Vec<Source> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("list") => text.lines().filter_map(one_line).collect(),
        Some("sources") => stanzas(text).iter().flat_map(|it| deb822(it)).collect(),
        _ => Vec::new(),
    }
}

fn one_line(line: &str) -> Option<Source> {
    let line = line.split('#').next()?.trim();
    let rest = line.strip_prefix("deb")?;
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    let option = |name: &str| {
        let mut options = options.split_whitespace();
        options.find_map(|option| option.strip_prefix(name)?.strip_prefix('='))
    };
    let mut words = rest.split_whitespace();
    Some(Source {
        uri: words.next()?.to_owned(),
        suite: words.next()?.to_owned(),
        components: words.map(str::to_owned).collect(),
        signed_by: option("signed-by").map(str::to_owned),
        trusted: option("trusted") == Some("yes"),
    })
}

/// The paragraphs of a file, each as its fields; a line that begins with a space goes on
/// with the field before it.
fn stanzas(text: &str) -> Vec<Vec<(String, String)>> {
    let mut stanzas = vec![Vec::new()];
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields = stanzas.last_mut().expect("one from the start");
        if line.trim().is_empty() {
            stanzas.push(Vec::new());
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                *value = format!("{value} {}", line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    stanzas
}

fn deb822(fields: &[(String, String)]) -> Vec<Source> {
    let field = |name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let list = |name: &str| field(name).split_whitespace().map(str::to_owned);
    let packages = field("types").split_whitespace().any(|it| it == "deb");
    if !packages || field("enabled") == "no" {
        return Vec::new();
    }
    let suites: Vec<_> = list("suites").collect();
    list("uris")
        .flat_map(|uri| suites.iter().map(move |suite| (uri.clone(), suite.clone())))
        .map(|(uri, suite)| Source {
            uri,
            suite,
            components: list("components").collect(),
            // A key that stands in the file itself has no path to pass on.
            signed_by: Some(field("signed-by"))
                .filter(|path| path.starts_with('/'))
                .map(str::to_owned),
            trusted: field("trusted") == "yes",
        })
        .collect()
}

/// The sources that are the distribution's own, and its codename: the first that is not
/// one of updates. `None` where apt has no lists of any.
pub(super) fn of_distribution(
    sources: &[Source],
    published: &[Published],
) -> Option<(String, Vec<Source>)> {
    let known = |source: &Source| {
        published.iter().find(|it| {
            ["Debian", "Ubuntu", "Raspbian"].contains(&it.origin.as_str())
                && it.suite == source.suite
                && it.uri.trim_end_matches('/') == source.uri.trim_end_matches('/')
        })
    };
    let own: Vec<_> = sources
        .iter()
        // A build's containers reach neither a disc nor a directory of this machine.
        .filter(|source| source.uri.starts_with("http"))
        .filter_map(|source| Some((source, known(source)?)))
        .collect();
    let (_, main) = own.iter().find(|(_, it)| !it.codename.contains('-'))?;
    let wanted = [
        main.codename.clone(),
        format!("{}-updates", main.codename),
        format!("{}-security", main.codename),
    ];
    let own = own.iter().filter(|(_, it)| {
        // Ubuntu's releases have one codename for all pockets, so the suite is asked too.
        wanted.contains(&it.codename) && !it.suite.ends_with("-backports")
    });
    Some((
        main.codename.clone(),
        own.map(|(source, _)| (*source).clone()).collect(),
    ))
}

impl Source {
    /// As a line of `sources.list`.
    pub(super) fn line(&self) -> String {
        let signed = self
            .signed_by
            .as_ref()
            .map(|path| format!("signed-by={path}"));
        let trusted = self.trusted.then(|| "trusted=yes".to_owned());
        let options: Vec<_> = signed.into_iter().chain(trusted).collect();
        let options = match options.as_slice() {
            [] => String::new(),
            options => format!("[{}] ", options.join(" ")),
        };
        let components = self.components.join(" ");
        format!("deb {options}{} {} {components}", self.uri, self.suite)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Published, of_distribution, parse, parse_published};

    const DEB822: &str = "Types: deb deb-src\n# a comment\nURIs: http://mirror.example/debian\n\
        Suites: trixie trixie-updates trixie-backports\nComponents: main\n contrib\n\
        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n\
        Types: deb\nEnabled: no\nURIs: http://off.example\nSuites: trixie\nComponents: main\n\n\
        Types: deb\nURIs: http://other.example\nSuites: trixie\nComponents: main\n\
        Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n";

    /// Someone's next release, mixed in.
    const SID: &str = "deb http://mirror.example/debian sid main";

    fn lines(name: &str, text: &str) -> Vec<String> {
        let sources = parse(Path::new(name), text);
        sources.iter().map(super::Source::line).collect()
    }

    #[test]
    fn both_formats_mean_the_same() {
        let keyring = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";
        let wanted: Vec<_> = ["trixie", "trixie-updates", "trixie-backports"]
            .map(|suite| format!("deb {keyring} http://mirror.example/debian {suite} main contrib"))
            .into();
        let mut deb822 = lines("debian.sources", DEB822);
        assert_eq!(
            deb822.pop().unwrap(),
            "deb http://other.example trixie main"
        );
        assert_eq!(deb822, wanted);
        let text = wanted.join("\n").replace("] ", " arch=amd64 ] ");
        assert_eq!(
            lines("x.list", &format!("# c\ndeb-src x y z\n{text}\n")),
            wanted
        );
    }

    #[test]
    fn a_vouched_source_stays_vouched() {
        let line = "deb [ trusted=yes ] http://mirror.example/ubuntu noble main universe";
        let wanted = line.replace("[ trusted=yes ]", "[trusted=yes]");
        assert_eq!(lines("sources.list", line), [wanted]);
    }

    fn published(uri: &str, suite: &str, origin: &str, codename: &str) -> Published {
        let line = format!("{uri}/|{suite}|{origin}|{codename}");
        parse_published(&line).remove(0)
    }

    #[test]
    fn only_the_distributions_own_sources_go_into_a_stand_in() {
        let mut sources = parse(Path::new("debian.sources"), DEB822);
        sources.extend(parse(Path::new("sid.list"), SID));
        let mirror = "http://mirror.example/debian";
        let known = [
            published("http://other.example", "trixie", "Other", "trixie"),
            published(mirror, "trixie", "Debian", "trixie"),
            published(mirror, "trixie-updates", "Debian", "trixie-updates"),
            published(mirror, "sid", "Debian", "sid"),
            published(
                mirror,
                "trixie-backports",
                "Debian Backports",
                "trixie-backports",
            ),
        ];
        let (codename, own) = of_distribution(&sources, &known).unwrap();
        let suites: Vec<_> = own.iter().map(|source| source.suite.as_str()).collect();
        assert_eq!(codename, "trixie");
        assert_eq!(suites, ["trixie", "trixie-updates"]);
    }

    #[test]
    fn ubuntus_pockets_share_a_codename_and_backports_stay_out() {
        let text = "deb http://m.example/ubuntu noble main\n\
            deb http://m.example/ubuntu noble-security main\n\
            deb http://m.example/ubuntu noble-backports main\n";
        let known = ["noble", "noble-security", "noble-backports"]
            .map(|suite| published("http://m.example/ubuntu", suite, "Ubuntu", "noble"));
        let sources = parse(Path::new("sources.list"), text);
        let (codename, own) = of_distribution(&sources, &known).unwrap();
        assert_eq!((codename.as_str(), own.len()), ("noble", 2));
    }

    #[test]
    fn without_lists_nothing_is_known_to_be_the_distributions() {
        let sources = parse(Path::new("debian.sources"), DEB822);
        assert_eq!(of_distribution(&sources, &[]), None);
    }
}
