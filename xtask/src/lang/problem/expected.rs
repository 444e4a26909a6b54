use crate::lang::phrases::N;
use crate::model::Expected;

/// What a key of a Compose file accepts, as the end of "use …".
#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
pub(super) fn words(expected: Expected) -> [&'static str; N] {
    match expected {
        Expected::Mapping => [
            "keys with values, such as `{ role: solution }`",
            "des clés et leurs valeurs, par exemple `{ role: solution }`",
        ],
        Expected::Text => ["text", "un texte"],
        Expected::Truth => ["`true` or `false`", "`true` ou `false`"],
        Expected::Integer => ["a number below 2⁶⁴", "un nombre inférieur à 2⁶⁴"],
        Expected::Size => [
            "a size: `478` (bytes), `12kB` (12,000 bytes) or `1KiB` (1,024 bytes)",
            "une taille\u{a0}: `478` (octets), `12ko` (12\u{202f}000 octets) ou `1Kio` \
             (1\u{202f}024 octets)",
        ],
        Expected::ComposeSize => [
            "a size: `67108864` (bytes), `64m` or `1gb`",
            "une taille\u{a0}: `67108864` (octets), `64m` ou `1gb`",
        ],
        Expected::Layers => [
            "a number of layers, such as `7`",
            "un nombre de couches, par exemple `7`",
        ],
        Expected::Percent => [
            "a percentage, such as `2` or `1.5%`",
            "un pourcentage, par exemple `2` ou `1.5%`",
        ],
        Expected::Growth => [
            "`1MB`, `2%` or both as `1MB,2%`, which fails only when both are exceeded",
            "`1MB`, `2%` ou les deux, `1MB,2%`, qui n’échoue que si les deux sont dépassés",
        ],
        Expected::Accept => ["`baseline` or `none`", "`baseline` ou `none`"],
        Expected::Role => [
            "`reference`, `solution` or `rung`",
            "`reference`, `solution` ou `rung`",
        ],
        Expected::Exercise => [
            "an exercise with all its keys: `submission`, `folder`, `script`, `command`, \
             `output`, `given` and `canary`",
            "un exercice avec toutes ses clés\u{a0}: `submission`, `folder`, `script`, `command`, \
             `output`, `given` et `canary`",
        ],
        Expected::Given => [
            "the name of a file listed in `given`",
            "le nom d’un fichier de la liste `given`",
        ],
        Expected::PathInside => [
            "a relative path without `..`, such as `lab/ex08`",
            "un chemin relatif sans `..`, par exemple `lab/ex08`",
        ],
        Expected::Sha256 => [
            "`sha256:` and 64 hexadecimal digits, as `sha256sum FILE` prints them",
            "`sha256:` et 64\u{a0}chiffres hexadécimaux, comme les affiche `sha256sum FICHIER`",
        ],
        Expected::Measure => [
            "`unpacked`, `own`, `wasted` or `layers`",
            "`unpacked`, `own`, `wasted` ou `layers`",
        ],
        Expected::Duration => [
            "a duration with its unit, such as `10s` or `1m30s`, at most one day",
            "une durée avec son unité, par exemple `10s` ou `1m30s`, d’un jour au plus",
        ],
        Expected::Paths => [
            "paths in the image, such as `/var/cache`",
            "des chemins dans l’image, par exemple `/var/cache`",
        ],
        Expected::Secret => [
            "a secret with a name: `{ source: NAME }`",
            "un secret avec un nom\u{a0}: `{ source: NOM }`",
        ],
        Expected::Platform => [
            "a platform, such as `linux/arm64`",
            "une plateforme, par exemple `linux/arm64`",
        ],
        Expected::Host => ["`NAME=ADDRESS`", "`NOM=ADRESSE`"],
        Expected::Ulimit => ["`{ soft: N, hard: N }`", "`{ soft: N, hard: N }`"],
        Expected::Command => [
            "a command with closed quotes",
            "une commande dont les guillemets sont fermés",
        ],
        Expected::Processes => [
            "a number of processes, such as `64`",
            "un nombre de processus, par exemple `64`",
        ],
        Expected::Processors => [
            "a number of processors, such as `0.5`",
            "un nombre de processeurs, par exemple `0.5`",
        ],
    }
}
