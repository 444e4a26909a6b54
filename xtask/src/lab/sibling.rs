use std::path::Path;

use serde_yaml::Value;

use super::node::scalar;
use crate::model::Sibling;

/// The services of a resolved Compose file that are built. `named` is `COMPOSE_PROJECT_NAME`.
///
/// Compose calls the image of a service without `image:` `PROJECT-SERVICE` (2.x) or
/// `PROJECT_SERVICE` (1.x). The project is named by the environment, by the file, or after its
/// directory (compose-spec, "Name top-level element").
pub(super) fn siblings(document: &Value, directory: &Path, named: Option<&str>) -> Vec<Sibling> {
    let project = named.map(str::to_owned);
    let project = project.filter(|name| !name.is_empty());
    let project = project.or_else(|| scalar(document.get("name")?));
    let project = project.unwrap_or_else(|| {
        let name = directory.file_name().unwrap_or_default().to_string_lossy();
        let kept = |letter: &char| letter.is_ascii_alphanumeric() || "-_".contains(*letter);
        let name: String = name.to_lowercase().chars().filter(kept).collect();
        name.trim_start_matches(['-', '_']).to_owned()
    });
    let services = document.get("services").and_then(Value::as_mapping);
    let built = services
        .into_iter()
        .flatten()
        .filter_map(|(name, service)| {
            service.get("build").filter(|build| !build.is_null())?;
            let service_name = name.as_str()?;
            let images = match service.get("image").and_then(scalar) {
                Some(image) => vec![image],
                None => ["-", "_"]
                    .map(|between| format!("{project}{between}{service_name}"))
                    .to_vec(),
            };
            Some(Sibling {
                service: service_name.to_owned(),
                images,
            })
        });
    // Each Compose prints the services in an order of its own.
    let mut siblings: Vec<Sibling> = built.collect();
    siblings.sort_by(|one, other| one.service.cmp(&other.service));
    siblings
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::siblings;

    fn images(text: &str, named: Option<&str>) -> Vec<String> {
        let document = serde_yaml::from_str(text).unwrap();
        let found = siblings(&document, Path::new("/home/Some.Project_1"), named);
        found.into_iter().flat_map(|it| it.images).collect()
    }

    #[test]
    fn an_image_without_a_name_is_called_after_project_and_service() {
        let text =
            "services: { base: { build: . }, db: { image: x }, app: { build: ., image: a } }";
        assert_eq!(
            images(text, None),
            ["a", "someproject_1-base", "someproject_1_base"]
        );
        assert_eq!(images(text, Some("p"))[1], "p-base");
        assert_eq!(images(&format!("name: q\n{text}"), Some(""))[2], "q_base");
    }
}
