use super::{Said, cancelled};
use crate::lang::phrases::{N, Phrases, say};
use crate::model::{ArchiveProblem, Bound, Compression, Damage, Feature, Only};

#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
pub(super) fn said(problem: &ArchiveProblem, say: Phrases) -> Said {
    let make = || {
        say!(
            say,
            "create one: `docker save IMAGE --output image.tar`",
            "créez-en une\u{a0}: `docker save IMAGE --output image.tar`"
        )
    };
    let save_again = || {
        say!(
            say,
            "save or copy it again: `docker save IMAGE --output image.tar`",
            "refaites la sauvegarde ou la copie\u{a0}: `docker save IMAGE --output image.tar`"
        )
    };
    match problem {
        ArchiveProblem::Open { path, .. } => {
            let path = path.display();
            Said::new(
                say!(say, "cannot read `{path}`", "impossible de lire `{path}`"),
                say!(
                    say,
                    "check that it exists: `ls -l {path}`",
                    "vérifiez qu’il existe\u{a0}: `ls -l {path}`"
                ),
            )
        }
        ArchiveProblem::Read { blob, offset, .. } => {
            let offset = say.number(*offset);
            Said::new(
                say!(
                    say,
                    "cannot read `{blob}` at byte {offset}",
                    "impossible de lire `{blob}` à l’octet {offset}"
                ),
                say!(
                    say,
                    "check the disk or the connection, and try again",
                    "vérifiez le disque ou la connexion, puis recommencez"
                ),
            )
        }
        ArchiveProblem::NotAnArchive { source_name } => Said::new(
            say!(
                say,
                "`{source_name}` is not an image archive",
                "`{source_name}` n’est pas une archive d’image"
            ),
            make(),
        ),
        ArchiveProblem::NotAnImage { source_name, what } => Said::new(
            say!(
                say,
                "`{source_name}` contains no image: it contains `{what}`",
                "`{source_name}` ne contient pas d’image, mais `{what}`"
            ),
            make(),
        ),
        ArchiveProblem::Empty { source_name } => Said::new(
            say!(say, "`{source_name}` is empty", "`{source_name}` est vide"),
            make(),
        ),
        ArchiveProblem::Truncated { blob, offset } => {
            let offset = say.number(*offset);
            Said::new(
                say!(
                    say,
                    "`{blob}` is cut off at byte {offset}",
                    "`{blob}` est tronqué à l’octet {offset}"
                ),
                save_again(),
            )
        }
        ArchiveProblem::Damaged {
            blob,
            offset,
            damage,
        } => {
            let (offset, damage) = (say.number(*offset), damaged(*damage, say));
            Said::new(
                say!(
                    say,
                    "`{blob}` is damaged at byte {offset}: {damage}",
                    "`{blob}` est endommagé à l’octet {offset}\u{a0}: {damage}"
                ),
                save_again(),
            )
        }
        ArchiveProblem::Digest {
            blob,
            expected,
            actual,
        } => Said::new(
            say!(
                say,
                "`{blob}` does not match its digest: {expected} expected, {actual} found",
                "`{blob}` ne correspond pas à son digest\u{a0}: {expected} attendu, {actual} trouvé"
            ),
            save_again(),
        ),
        ArchiveProblem::MissingBlob { blob } => Said::new(
            say!(
                say,
                "`{blob}` is referenced but missing",
                "`{blob}` est référencé mais absent"
            ),
            save_again(),
        ),
        ArchiveProblem::LayerLeftOut { number } => Said::new(
            say!(
                say,
                "layer {number} is missing from the archive",
                "la couche {number} manque dans l’archive"
            ),
            save_again(),
        ),
        ArchiveProblem::LayerCount { layers, diff_ids } => Said::new(
            say!(
                say,
                "the image has {layers} layers but {diff_ids} diff_ids",
                "l’image a {layers} couches mais {diff_ids} diff_ids"
            ),
            save_again(),
        ),
        ArchiveProblem::Json { blob, .. } => Said::new(
            say!(
                say,
                "`{blob}` is not the expected JSON",
                "`{blob}` n’est pas le JSON attendu"
            ),
            save_again(),
        ),
        ArchiveProblem::Unsupported { blob, feature } => unsupported(blob, feature, say),
        ArchiveProblem::Limit { blob, bound, limit } => {
            let (limit, bound) = (say.number(*limit), say.pick(counted(*bound)));
            Said::new(
                say!(
                    say,
                    "`{blob}` exceeds the limit of {limit} {bound}",
                    "`{blob}` dépasse la limite de {limit} {bound}"
                ),
                say!(
                    say,
                    "no real image is that large: check where this one comes from",
                    "aucune vraie image n’est aussi grande\u{a0}: vérifiez d’où vient celle-ci"
                ),
            )
        }
        ArchiveProblem::NoImage {
            source_name,
            wanted,
            there,
        } => Said {
            sentence: say!(
                say,
                "`{source_name}` has no image `{wanted}`",
                "`{source_name}` n’a pas d’image `{wanted}`"
            ),
            help: choice(there, say),
        },
        ArchiveProblem::NoPlatform { wanted, there } => Said {
            sentence: say!(
                say,
                "there is no image for `{wanted}`",
                "il n’y a pas d’image pour `{wanted}`"
            ),
            help: choice(there, say),
        },
        ArchiveProblem::Ambiguous { source_name, there } => Said {
            sentence: match there.len() {
                0 => say!(
                    say,
                    "`{source_name}` has no image",
                    "`{source_name}` n’a aucune image"
                ),
                count => say!(
                    say,
                    "`{source_name}` has {count} images",
                    "`{source_name}` a {count} images"
                ),
            },
            help: choice(there, say),
        },
        ArchiveProblem::NoEffect { option, only } => {
            let only = say.pick(applies_to(*only));
            Said::new(
                say!(
                    say,
                    "`{option}` only applies to {only}",
                    "`{option}` ne concerne que {only}"
                ),
                say!(say, "remove `{option}`", "retirez `{option}`"),
            )
        }
        ArchiveProblem::OtherDockerfile { dockerfile } => {
            let dockerfile = dockerfile.display();
            Said::new(
                say!(
                    say,
                    "this image was not built from `{dockerfile}`",
                    "cette image n’a pas été construite à partir de `{dockerfile}`"
                ),
                say!(
                    say,
                    "use the Dockerfile that built it, unchanged since, or none",
                    "donnez le Dockerfile qui l’a construite, inchangé depuis, ou aucun"
                ),
            )
        }
        ArchiveProblem::Cancelled(signal) => cancelled(*signal, say),
    }
}

fn applies_to(only: Only) -> [&'static str; N] {
    match only {
        Only::Archive => ["an archive", "les archives"],
        Only::Image => ["an image or an archive", "les images et les archives"],
        Only::Report => ["a saved report", "les rapports enregistrés"],
    }
}

fn damaged(damage: Damage, say: Phrases) -> String {
    match damage {
        Damage::Checksum => say!(
            say,
            "wrong checksum in a tar header",
            "somme de contrôle incorrecte dans un en-tête tar"
        ),
        Damage::Field(field) => say!(
            say,
            "the field `{field}` of a tar header is not a number",
            "le champ `{field}` d’un en-tête tar n’est pas un nombre"
        ),
        Damage::Extended => say!(say, "malformed extended header", "en-tête étendu mal formé"),
        Damage::Name => say!(
            say,
            "a name that is empty or contains a NUL byte",
            "un nom vide ou qui contient un octet nul"
        ),
        Damage::Whiteout => say!(
            say,
            "a whiteout without a name",
            "un effacement (whiteout) sans nom"
        ),
        Damage::Packing => say!(
            say,
            "compressed data that can't be decompressed",
            "des données compressées impossibles à décompresser"
        ),
        Damage::Size => say!(
            say,
            "its size differs from its descriptor",
            "sa taille diffère de celle de son descripteur"
        ),
        Damage::NotATar => say!(say, "it is not a tar", "ce n’est pas une archive tar"),
    }
}

#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
fn unsupported(blob: &str, feature: &Feature, say: Phrases) -> Said {
    let rebuild = || {
        say!(
            say,
            "build the image again with `docker build`: no engine produces this",
            "reconstruisez l’image avec `docker build`\u{a0}: aucun moteur ne produit cela"
        )
    };
    let convert = || {
        say!(
            say,
            "convert it: `skopeo copy oci-archive:OLD docker-archive:NEW`",
            "convertissez-la\u{a0}: `skopeo copy oci-archive:ANCIENNE docker-archive:NOUVELLE`"
        )
    };
    let (what, help) = match feature {
        Feature::Sparse { path } => (
            say!(
                say,
                "the sparse file `{path}`",
                "le fichier à trous `{path}`"
            ),
            say!(
                say,
                "write the layer's tar without `--sparse`",
                "recréez le tar de la couche sans `--sparse`"
            ),
        ),
        Feature::ForeignLayer => (
            say!(
                say,
                "a foreign layer, whose content is stored elsewhere",
                "une couche étrangère, dont le contenu est conservé ailleurs"
            ),
            say!(
                say,
                "copy the image together with its foreign layers, from the registry that has them",
                "copiez l’image avec ses couches étrangères, depuis le registre qui les détient"
            ),
        ),
        Feature::Compression(compression) => {
            let program = match compression {
                Compression::Xz => "xz",
                Compression::Bzip2 => "bzip2",
            };
            (
                say!(say, "{program} compression", "la compression {program}"),
                say!(
                    say,
                    "decompress it with `{program} -d`",
                    "décompressez-le avec `{program} -d`"
                ),
            )
        }
        Feature::EntryType(kind) => (
            say!(
                say,
                "a tar entry of type `{kind}`",
                "une entrée tar de type `{kind}`"
            ),
            rebuild(),
        ),
        Feature::ParentPath { path } => (
            say!(say, "the path `{path}`", "le chemin `{path}`"),
            rebuild(),
        ),
        Feature::MediaType(kind) => (
            say!(say, "the media type `{kind}`", "le type de média `{kind}`"),
            convert(),
        ),
        Feature::DigestAlgorithm(digest) => (
            say!(say, "the digest `{digest}`", "le digest `{digest}`"),
            convert(),
        ),
        Feature::LegacyLayout => (
            say!(
                say,
                "the format used before Docker 1.10",
                "le format antérieur à Docker 1.10"
            ),
            say!(
                say,
                "load and save it with a newer engine: `docker load`, then `docker save`",
                "chargez-la et sauvegardez-la avec un moteur plus récent\u{a0}: `docker load`, \
                 puis \
                 `docker save`"
            ),
        ),
        Feature::Rootfs(kind) => (
            say!(
                say,
                "a file system of type `{kind}`",
                "un système de fichiers de type `{kind}`"
            ),
            rebuild(),
        ),
    };
    let sentence = say!(
        say,
        "`{blob}`: the kit can't read {what}",
        "`{blob}`\u{a0}: le kit ne sait pas lire {what}"
    );
    Said::new(sentence, help)
}

fn counted(bound: Bound) -> [&'static str; N] {
    match bound {
        Bound::Unpacked => ["bytes when unpacked", "octets décompressés"],
        Bound::Holes => ["bytes of holes", "octets de trous"],
        Bound::Entries => ["entries and directories", "entrées et dossiers"],
        Bound::Names => ["bytes of names", "octets de noms"],
        Bound::Name => ["bytes in one name", "octets pour un nom"],
        Bound::Extended => ["bytes of extended header", "octets d’en-tête étendu"],
        Bound::Json => ["bytes of JSON", "octets de JSON"],
        Bound::Padding => ["bytes after its end", "octets après sa fin"],
        Bound::Depth => ["nested indexes", "index imbriqués"],
        Bound::Manifests => ["manifests", "manifestes"],
        Bound::Layers => ["layers", "couches"],
    }
}

fn choice(there: &[String], say: Phrases) -> Option<String> {
    let names = there.join(", ");
    (!there.is_empty()).then(|| {
        say!(
            say,
            "choose with `--image NAME`, `--platform OS/ARCH` or both, from: {names}",
            "choisissez avec `--image NOM`, `--platform OS/ARCH` ou les deux, parmi\u{a0}: {names}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::said;
    use crate::lang::phrases;
    use crate::model::{ArchiveProblem, Language};

    #[test]
    fn in_french_an_offset_is_written_in_groups() {
        let problem = ArchiveProblem::Truncated {
            blob: "image.tar".to_owned(),
            offset: 1_234_567,
        };
        assert_eq!(
            said(&problem, phrases(Language::French)).sentence,
            "`image.tar` est tronqué à l’octet 1\u{202f}234\u{202f}567"
        );
    }
}
