use crate::lang::phrases::phrases;
use crate::model::{ArchiveProblem, Bound, Damage, Feature, Language, Only};

pub(super) fn french(problem: &ArchiveProblem) -> String {
    let number = |number: &u64| phrases(Language::French).number(*number);
    match problem {
        ArchiveProblem::Open { path, .. } => format!("impossible de lire `{}`", path.display()),
        ArchiveProblem::Read { blob, offset, .. } => {
            format!("`{blob}` est illisible à l’octet {}", number(offset))
        }
        ArchiveProblem::NotAnArchive { source_name } => {
            format!("`{source_name}` n’est pas une archive d’image")
        }
        ArchiveProblem::Empty { source_name } => format!("`{source_name}` est vide"),
        ArchiveProblem::Truncated { blob, offset } => {
            format!("`{blob}` est coupé à l’octet {}", number(offset))
        }
        ArchiveProblem::Damaged {
            blob,
            offset,
            damage,
        } => {
            let (offset, damage) = (number(offset), french_damage(*damage));
            format!("`{blob}` est endommagé à l’octet {offset}\u{a0}: {damage}")
        }
        ArchiveProblem::Digest {
            blob,
            expected,
            actual,
        } => format!(
            "`{blob}` ne correspond pas à son empreinte\u{a0}: {expected} attendue, {actual} trouvée"
        ),
        ArchiveProblem::MissingBlob { blob } => format!("`{blob}` est cité mais absent"),
        ArchiveProblem::LayerCount { layers, diff_ids } => {
            format!("l’image compte {layers} couches pour {diff_ids} diff_ids")
        }
        ArchiveProblem::Json { blob, .. } => format!("`{blob}` n’est pas le JSON attendu"),
        ArchiveProblem::Unsupported { blob, feature } => {
            let feature = french_feature(feature);
            format!("`{blob}`\u{a0}: impossible de lire {feature}")
        }
        ArchiveProblem::Limit { blob, bound, limit } => {
            let (limit, bound) = (number(limit), french_bound(*bound));
            format!("`{blob}` dépasse la limite de {limit} {bound}")
        }
        ArchiveProblem::Cancelled(signal) => format!("arrêté par le signal {}", signal.0),
        wish => french_wish(wish),
    }
}

/// What was asked for and is not there.
fn french_wish(problem: &ArchiveProblem) -> String {
    match problem {
        ArchiveProblem::NoImage {
            source_name,
            wanted,
            ..
        } => format!("`{source_name}` n’a pas d’image `{wanted}`"),
        ArchiveProblem::NoPlatform { wanted, .. } => {
            format!("il ne s’y trouve pas d’image pour `{wanted}`")
        }
        ArchiveProblem::Ambiguous { source_name, there } => match there.len() {
            0 => format!("`{source_name}` n’a aucune image"),
            count => format!("`{source_name}` a {count} images"),
        },
        ArchiveProblem::NoEffect { option, only } => {
            let only = french_only(*only);
            format!("`{option}` concerne {only}, et il n’y en a pas ici")
        }
        ArchiveProblem::OtherDockerfile { dockerfile } => {
            let dockerfile = dockerfile.display();
            format!("cette image n’a pas été construite par `{dockerfile}`")
        }
        other => other.to_string(),
    }
}

fn french_only(only: Only) -> &'static str {
    match only {
        Only::Archive => "les archives",
        Only::Image => "les images et les archives",
        Only::Report => "les rapports enregistrés",
    }
}

fn french_damage(damage: Damage) -> String {
    match damage {
        Damage::Checksum => "en-tête tar dont la somme de contrôle est fausse".into(),
        Damage::Field(field) => {
            format!("en-tête tar dont le champ `{field}` n’est pas un nombre")
        }
        Damage::Extended => "en-tête étendu mal formé".into(),
        Damage::Name => "nom vide ou contenant un octet nul".into(),
        Damage::Whiteout => "effacement qui ne désigne rien".into(),
        Damage::Packing => "données compressées impossibles à décompresser".into(),
        Damage::Size => "taille différente de celle de son descripteur".into(),
        Damage::Names => "noms d’image différents de ceux de `repositories`".into(),
        Damage::NotATar => "ce n’est pas une archive tar".into(),
    }
}

fn french_feature(feature: &Feature) -> String {
    match feature {
        Feature::Sparse { path } => format!("le fichier à trous `{path}`"),
        Feature::ForeignLayer => {
            "une couche étrangère, dont le contenu est conservé ailleurs".to_owned()
        }
        Feature::EntryType(kind) => format!("une entrée tar de type `{kind}`"),
        Feature::ParentPath { path } => format!("le chemin `{path}`"),
        Feature::MediaType(media_type) => format!("le type de média `{media_type}`"),
        Feature::DigestAlgorithm(digest) => format!("l’empreinte `{digest}`"),
        Feature::LegacyLayout => "le format antérieur à Docker 1.10".to_owned(),
        Feature::Rootfs(kind) => format!("un système de fichiers de type `{kind}`"),
    }
}

fn french_bound(bound: Bound) -> &'static str {
    match bound {
        Bound::Unpacked => "octets décompressés",
        Bound::Ratio => "fois sa taille compressée",
        Bound::Entries => "entrées",
        Bound::Names => "octets de noms",
        Bound::Name => "octets pour un nom",
        Bound::Extended => "octets d’en-tête étendu",
        Bound::Json => "octets de JSON",
        Bound::Padding => "octets après sa fin",
        Bound::Depth => "index imbriqués",
        Bound::Manifests => "manifestes",
        Bound::Layers => "couches",
    }
}

pub(super) fn help(problem: &ArchiveProblem, language: Language) -> Option<String> {
    let [english, french] = match problem {
        ArchiveProblem::Open { path, .. } => [
            format!("see whether it is there: `ls -l {}`", path.display()),
            format!("vérifiez qu’il existe\u{a0}: `ls -l {}`", path.display()),
        ],
        ArchiveProblem::Read { .. } => [
            "see whether the disk or the connection failed, and try again".to_owned(),
            "vérifiez le disque ou la connexion, puis recommencez".to_owned(),
        ],
        ArchiveProblem::NotAnArchive { .. } | ArchiveProblem::Empty { .. } => [
            "make one: `docker save IMAGE --output image.tar`".to_owned(),
            "créez-en une\u{a0}: `docker save IMAGE --output image.tar`".to_owned(),
        ],
        ArchiveProblem::Truncated { .. }
        | ArchiveProblem::Damaged { .. }
        | ArchiveProblem::Digest { .. }
        | ArchiveProblem::MissingBlob { .. }
        | ArchiveProblem::LayerCount { .. }
        | ArchiveProblem::Json { .. } => [
            "save or copy it again: `docker save IMAGE --output image.tar`".to_owned(),
            "refaites la sauvegarde ou la copie\u{a0}: `docker save IMAGE --output image.tar`"
                .to_owned(),
        ],
        ArchiveProblem::Unsupported { feature, .. } => feature_help(feature),
        ArchiveProblem::Limit { .. } => [
            "no honest image comes near it: find out who made this one".to_owned(),
            "aucune image honnête n’en approche\u{a0}: cherchez d’où vient celle-ci".to_owned(),
        ],
        ArchiveProblem::NoImage { there, .. }
        | ArchiveProblem::NoPlatform { there, .. }
        | ArchiveProblem::Ambiguous { there, .. } => choice(there)?,
        ArchiveProblem::NoEffect { option, .. } => [
            format!("leave `{option}` out"),
            format!("retirez `{option}`"),
        ],
        ArchiveProblem::OtherDockerfile { .. } => [
            "give the one that it was built from, as it was then, or none".to_owned(),
            "donnez celui dont elle est issue, dans son état d’alors, ou aucun".to_owned(),
        ],
        ArchiveProblem::Cancelled(_) => return None,
    };
    Some(match language {
        Language::English => english,
        Language::French => french,
    })
}

fn choice(there: &[String]) -> Option<[String; 2]> {
    if there.is_empty() {
        return None;
    }
    let there = there.join(", ");
    Some([
        format!("choose with `--image NAME`, `--platform OS/ARCH` or both, among: {there}"),
        format!(
            "choisissez avec `--image NOM`, `--platform OS/ARCH` ou les deux, parmi\u{a0}: {there}"
        ),
    ])
}

fn feature_help(feature: &Feature) -> [String; 2] {
    let [english, french] = match feature {
        Feature::Sparse { .. } => [
            "write the layer's tar without `--sparse`",
            "recréez le tar de la couche sans `--sparse`",
        ],
        Feature::ForeignLayer => [
            "copy the image with its foreign layers, from the registry that has them",
            "copiez l’image avec ses couches étrangères, depuis le registre qui les détient",
        ],
        Feature::EntryType(_) | Feature::ParentPath { .. } | Feature::Rootfs(_) => [
            "build the image again with `docker build`: no engine makes this",
            "reconstruisez l’image avec `docker build`\u{a0}: aucun moteur ne produit cela",
        ],
        Feature::MediaType(_) | Feature::DigestAlgorithm(_) => [
            "convert it: `skopeo copy oci-archive:OLD docker-archive:NEW`",
            "convertissez-la\u{a0}: `skopeo copy oci-archive:ANCIENNE docker-archive:NOUVELLE`",
        ],
        Feature::LegacyLayout => [
            "load and save it with a newer engine: `docker load`, then `docker save`",
            "chargez-la et sauvegardez-la avec un moteur plus récent\u{a0}: `docker load`, puis \
             `docker save`",
        ],
    };
    [english.to_owned(), french.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::french;
    use crate::model::ArchiveProblem;

    #[test]
    fn in_french_an_offset_is_written_in_groups() {
        let problem = ArchiveProblem::Truncated {
            blob: "image.tar".to_owned(),
            offset: 1_234_567,
        };
        assert_eq!(
            french(&problem),
            "`image.tar` est coupé à l’octet 1\u{202f}234\u{202f}567"
        );
    }
}
