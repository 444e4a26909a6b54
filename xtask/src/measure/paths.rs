//! What a path alone tells of a file.

/// What a file is there for, as far as its path tells. The paths are those of Debian,
/// Alpine, Fedora and Arch and of the language images built on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    PackageLists,
    Cache,
    /// Compilers, linkers, build systems, headers and static libraries.
    BuildTool,
    Interpreter(Language),
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Language {
    Java,
    Node,
    Perl,
    Php,
    Python,
    Ruby,
}

const LISTS: [&str; 3] = ["var/lib/apt/lists", "var/lib/pacman/sync", "var/cache/apk"];

const CACHES: [&str; 11] = [
    "var/cache/apt",
    "var/cache/dnf",
    "var/cache/libdnf5",
    "var/cache/pacman",
    "var/cache/yum",
    "var/cache/zypp",
    "usr/local/share/.cache",
    "usr/local/cargo/registry",
    "usr/local/cargo/git",
    "go/pkg/mod",
    "opt/conda/pkgs",
];

/// Below a user's home.
const HOME_CACHES: [&str; 11] = [
    ".cache",
    ".npm",
    ".yarn/cache",
    ".cargo/registry",
    ".cargo/git",
    "go/pkg/mod",
    ".m2/repository",
    ".gradle/caches",
    ".composer/cache",
    ".bun/install/cache",
    ".nuget/packages",
];

const HOME_TOOLS: [&str; 2] = [".cargo", ".rustup"];

/// Below `usr`, `usr/local` or the root.
const TOOL_DIRS: [&str; 9] = [
    "include",
    "lib/bfd-plugins",
    "lib/gcc",
    "lib/gcc-cross",
    "lib/rustlib",
    "libexec/gcc",
    "cargo",
    "go",
    "rustup",
];

/// Programs, without the target's prefix and a version's suffix.
const TOOLS: [&str; 52] = [
    "addr2line",
    "ar",
    "as",
    "autoconf",
    "automake",
    "bison",
    "c++",
    "c++filt",
    "c89",
    "c89-gcc",
    "c99",
    "c99-gcc",
    "cargo",
    "cc",
    "clang",
    "clang++",
    "cmake",
    "cpp",
    "dwp",
    "elfedit",
    "flex",
    "g++",
    "gcc",
    "gcc-ar",
    "gcc-nm",
    "gcc-ranlib",
    "gcov",
    "gcov-dump",
    "gcov-tool",
    "gmake",
    "go",
    "gofmt",
    "gold",
    "gprof",
    "gprofng",
    "javac",
    "ld",
    "ld.bfd",
    "ld.gold",
    "ld.lld",
    "lto-dump",
    "m4",
    "make",
    "meson",
    "ninja",
    "nm",
    "objcopy",
    "objdump",
    "ranlib",
    "readelf",
    "rustc",
    "strip",
];

/// Libraries that only compilers and linkers load.
const TOOL_LIBS: [&str; 13] = [
    "libasan",
    "libbfd",
    "libcc1",
    "libctf",
    "libgprofng",
    "libhwasan",
    "libisl",
    "liblsan",
    "libmpc",
    "libopcodes",
    "libsframe",
    "libtsan",
    "libubsan",
];

/// How the files of a directory are to be told that it leaves undecided.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Programs,
    Libraries,
    Anything,
}

/// The part that all of a directory is, where its path tells.
pub(super) fn of_dir(path: &[u8]) -> Option<Part> {
    let path = std::str::from_utf8(path).ok()?;
    if LISTS.contains(&path) {
        return Some(Part::PackageLists);
    }
    let home = in_home(path);
    if CACHES.contains(&path) || home.is_some_and(|rest| HOME_CACHES.contains(&rest)) {
        return Some(Part::Cache);
    }
    let rest = below_usr(path);
    let is_local = path.starts_with("usr/local/");
    let is_tool = match rest {
        "cargo" | "go" | "rustup" => is_local,
        _ => {
            let versioned = rest.strip_prefix("lib/").unwrap_or_default();
            TOOL_DIRS.contains(&rest)
                || (versioned.starts_with("llvm-") || versioned.starts_with("go-"))
                    && !versioned.contains('/')
        }
    };
    if is_tool || home.is_some_and(|rest| HOME_TOOLS.contains(&rest)) {
        return Some(Part::BuildTool);
    }
    language_dir(path, rest).map(Part::Interpreter)
}

fn language_dir(path: &str, rest: &str) -> Option<Language> {
    let (above, name) = rest.rsplit_once('/')?;
    match above {
        "lib" | "lib64" => match name {
            "node_modules" => Some(Language::Node),
            "ruby" => Some(Language::Ruby),
            "php" => Some(Language::Php),
            "jvm" => Some(Language::Java),
            _ if name.starts_with("python") => Some(Language::Python),
            _ => None,
        },
        "share" if name.starts_with("perl") => Some(Language::Perl),
        _ if is_multiarch(above) && name.starts_with("perl") => Some(Language::Perl),
        "opt" if name == "java" && path == rest => Some(Language::Java),
        _ => None,
    }
}

pub(super) fn holds(path: &[u8]) -> Holds {
    let Ok(path) = std::str::from_utf8(path) else {
        return Holds::Anything;
    };
    match below_usr(path) {
        "bin" | "sbin" => Holds::Programs,
        "lib" | "lib64" => Holds::Libraries,
        rest if is_multiarch(rest) => Holds::Libraries,
        _ => Holds::Anything,
    }
}

/// Debian's directory of one architecture's libraries, such as `lib/x86_64-linux-gnu`.
fn is_multiarch(rest: &str) -> bool {
    let triplet = rest.strip_prefix("lib/").unwrap_or_default();
    triplet.contains("-linux-") && !triplet.contains('/')
}

/// What a program of this name is.
pub(super) fn of_program(name: &str) -> Part {
    if let Some(language) = interpreter(name) {
        return Part::Interpreter(language);
    }
    let name = ["-linux-gnu-", "-linux-musl-", "-linux-gnueabihf-"]
        .iter()
        .find_map(|target| name.split_once(target))
        .map_or(name, |(_, name)| name);
    let bare = name
        .trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.')
        .trim_end_matches('-');
    if TOOLS.contains(&name) || TOOLS.contains(&bare) {
        Part::BuildTool
    } else {
        Part::Other
    }
}

/// The language whose interpreter or package manager has this name.
fn interpreter(name: &str) -> Option<Language> {
    let bare = name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    match bare {
        "python" | "pypy" | "pip" | "pydoc" | "idle" => Some(Language::Python),
        "node" | "nodejs" | "npm" | "npx" | "corepack" => Some(Language::Node),
        "ruby" | "irb" | "gem" | "bundle" | "bundler" => Some(Language::Ruby),
        "php" => Some(Language::Php),
        "perl" => Some(Language::Perl),
        "java" => Some(Language::Java),
        _ => None,
    }
}

pub(super) fn of_library(name: &str) -> Part {
    let language = [
        ("libpython", Language::Python),
        ("libruby", Language::Ruby),
        ("libperl", Language::Perl),
    ];
    if let Some((_, language)) = language.iter().find(|(start, _)| name.starts_with(start)) {
        return Part::Interpreter(*language);
    }
    let is_static = [".a", ".o", ".la"].iter().any(|end| name.ends_with(end));
    let starts = |library: &str| {
        name.strip_prefix(library)
            .is_some_and(|rest| rest.starts_with(['.', '-']))
    };
    if is_static || TOOL_LIBS.iter().any(|library| starts(library)) {
        Part::BuildTool
    } else {
        Part::Other
    }
}

/// What a script with this ending is run by.
pub(super) fn by_ending(name: &str) -> Option<Language> {
    let (_, ending) = name.rsplit_once('.')?;
    match ending {
        "py" | "pyz" => Some(Language::Python),
        "js" | "mjs" | "cjs" => Some(Language::Node),
        "rb" => Some(Language::Ruby),
        "php" => Some(Language::Php),
        "pl" => Some(Language::Perl),
        "jar" => Some(Language::Java),
        _ => None,
    }
}

fn below_usr(path: &str) -> &str {
    ["usr/local/", "usr/"]
        .iter()
        .find_map(|above| path.strip_prefix(above))
        .unwrap_or(path)
}

fn in_home(path: &str) -> Option<&str> {
    path.strip_prefix("root/").or_else(|| {
        path.strip_prefix("home/")?
            .split_once('/')
            .map(|(_, rest)| rest)
    })
}
