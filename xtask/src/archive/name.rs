//! Image names as people write them.

use crate::model::Platform;

/// A name without what everybody leaves out: `docker.io/library/x:1` is `x:1`.
pub(super) fn familiar(name: &str) -> String {
    let short = name.strip_prefix("docker.io/").unwrap_or(name);
    short.strip_prefix("library/").unwrap_or(short).to_owned()
}

/// Whether a person who writes `wanted` means the image that is called `name`. Podman puts
/// `localhost/` before what has no registry; a name without a tag means `latest`.
pub fn is_same_name(wanted: &str, name: &str) -> bool {
    let full = |name: &str| {
        let name = familiar(name);
        let name = name.strip_prefix("localhost/").unwrap_or(&name);
        let last = name.rsplit('/').next().unwrap_or(name);
        if last.contains([':', '@']) {
            name.to_owned()
        } else {
            format!("{name}:latest")
        }
    };
    full(wanted) == full(name)
}

/// Whether two platforms run the same images (containerd, `platforms.Normalize`).
pub fn is_same_platform(one: &Platform, other: &Platform) -> bool {
    normal(one) == normal(other)
}

fn normal(platform: &Platform) -> (String, String, String) {
    let arch = platform.arch.to_ascii_lowercase();
    let variant = platform.variant.as_deref().unwrap_or_default();
    let variant = variant.to_ascii_lowercase();
    let (arch, variant) = match (arch.as_str(), variant.as_str()) {
        ("aarch64" | "arm64", "8" | "v8" | "") => ("arm64", ""),
        ("x86_64" | "x86-64" | "amd64", "v1" | "") => ("amd64", ""),
        ("i386", _) => ("386", ""),
        ("armhf" | "arm", "" | "7") => ("arm", "v7"),
        ("armel", _) | ("arm", "6") => ("arm", "v6"),
        ("arm", "5") => ("arm", "v5"),
        (arch, variant) => (arch, variant),
    };
    let os = platform.os.to_ascii_lowercase();
    let os = if os == "macos" { "darwin" } else { &os };
    (os.to_owned(), arch.to_owned(), variant.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{familiar, is_same_name, is_same_platform};
    use crate::model::Platform;

    #[test]
    fn spellings_of_one_name_are_the_same() {
        for name in [
            "ex08:multi",
            "docker.io/library/ex08:multi",
            "localhost/ex08:multi",
        ] {
            assert!(is_same_name("ex08:multi", name), "{name}");
        }
        assert!(is_same_name("python", "python:latest"));
        assert!(is_same_name("h:5000/a", "h:5000/a:latest"));
        assert!(!is_same_name("ex08:multi", "ex08:single"));
        assert!(!is_same_name("ex08", "other/ex08"));
        assert_eq!(familiar("docker.io/me/x:1"), "me/x:1");
    }

    #[test]
    fn arm64_is_version_8_of_itself() {
        let same = |one, other| {
            let parse = |text| Platform::parse(text).unwrap();
            is_same_platform(&parse(one), &parse(other))
        };
        assert!(same("linux/arm64/v8", "linux/arm64"));
        assert!(same("linux/aarch64", "linux/arm64"));
        assert!(same("linux/arm", "linux/arm/v7"));
        assert!(!same("linux/arm/v6", "linux/arm/v7"));
        assert!(!same("linux/arm64/v9", "linux/arm64"));
        assert!(!same("linux/amd64", "windows/amd64"));
    }
}
