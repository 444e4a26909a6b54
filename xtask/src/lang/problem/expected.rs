//! What a key of a Compose file takes.

use crate::model::Expected;

pub(super) fn english(expected: Expected) -> &'static str {
    match expected {
        Expected::Mapping => "keys with values, such as `{ role: solution }`",
        Expected::Text => "a text",
        Expected::Truth => "`true` or `false`",
        Expected::Integer => "a number below 2⁶⁴",
        Expected::Size => "a size: `478` (bytes), `12kB` (12,000 bytes) or `1KiB` (1,024 bytes)",
        Expected::ComposeSize => "a size: `67108864` (bytes), `64m` or `1gb`",
        Expected::Layers => "a number of layers, such as `7`",
        Expected::Percent => "a percentage, such as `2` or `1.5%`",
        Expected::Growth => "`1MB`, `2%` or both, `1MB,2%`, where both must be passed",
        Expected::Role => "`reference`, `solution` or `rung`",
        Expected::Measure => "`unpacked`, `own`, `wasted` or `layers`",
        Expected::Duration => "a duration with its unit, such as `10s` or `1m30s`, a day at most",
        Expected::Paths => "paths in the image, such as `/var/cache`",
        Expected::Secret => "a secret with its name: `{ source: NAME }`",
        Expected::Platform => "a platform, such as `linux/arm64`",
        Expected::OnePlatform => {
            "one platform: build the others on their own, then merge the reports"
        }
        Expected::Host => "`NAME=ADDRESS`",
        Expected::Ulimit => "`{ soft: N, hard: N }`",
        Expected::Command => "a command whose quotes are closed",
        Expected::Processes => "a number of processes, such as `64`",
        Expected::Processors => "a number of processors, such as `0.5`",
    }
}

/// What a key takes, as the end of « cette clé attend … ».
pub(super) fn french(expected: Expected) -> &'static str {
    match expected {
        Expected::Mapping => "des clés et leurs valeurs, par exemple `{ role: solution }`",
        Expected::Text => "un texte",
        Expected::Truth => "`true` ou `false`",
        Expected::Integer => "un nombre inférieur à 2⁶⁴",
        Expected::Size => {
            "une taille\u{a0}: `478` (octets), `12kB` (12\u{202f}000 octets) \
             ou `1KiB` (1\u{202f}024 octets)"
        }
        Expected::ComposeSize => "une taille\u{a0}: `67108864` (octets), `64m` ou `1gb`",
        Expected::Layers => "un nombre de couches, par exemple `7`",
        Expected::Percent => "un pourcentage, par exemple `2` ou `1.5%`",
        Expected::Growth => "`1MB`, `2%` ou les deux, `1MB,2%`, à dépasser l’un et l’autre",
        Expected::Role => "`reference`, `solution` ou `rung`",
        Expected::Measure => "`unpacked`, `own`, `wasted` ou `layers`",
        Expected::Duration => {
            "une durée avec son unité, par exemple `10s` ou `1m30s`, d’un jour au plus"
        }
        Expected::Paths => "des chemins dans l’image, par exemple `/var/cache`",
        Expected::Secret => "un secret et son nom\u{a0}: `{ source: NOM }`",
        Expected::Platform => "une plateforme, par exemple `linux/arm64`",
        Expected::OnePlatform => {
            "une seule plateforme\u{a0}: construisez les autres à part, puis fusionnez les rapports"
        }
        Expected::Host => "`NOM=ADRESSE`",
        Expected::Ulimit => "`{ soft: N, hard: N }`",
        Expected::Command => "une commande dont les guillemets sont fermés",
        Expected::Processes => "un nombre de processus, par exemple `64`",
        Expected::Processors => "un nombre de processeurs, par exemple `0.5`",
    }
}
