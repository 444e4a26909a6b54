use super::answers::{Info, Release};
use crate::model::{Builder, EngineFacts, EngineKind, Platform};

/// `greeted_as` is the `Server` header of `/_ping`: `Docker/20.10.24 (linux)`, `Libpod/4.3.1
/// (linux)`. The builder is the Docker CLI's choice, and stands at the engine's usual one
/// until that is known.
pub(super) fn of_engine(
    greeted_as: &str,
    api: String,
    version: &Release,
    info: &Info,
) -> EngineFacts {
    let components = version.components.as_deref().unwrap_or_default();
    let podman = components
        .iter()
        .find(|component| component.name == "Podman Engine");
    let is_podman = podman.is_some() || greeted_as.starts_with("Libpod");
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    EngineFacts {
        kind: if is_podman {
            EngineKind::Podman
        } else {
            EngineKind::Docker
        },
        version: podman
            .map(|it| it.version.clone())
            .or_else(|| version.version.clone()),
        api: Some(api),
        platform: Platform {
            os: text(&version.os),
            arch: text(&version.arch),
            variant: None,
        },
        storage: text(&info.driver),
        builder: if is_podman {
            Builder::Classic
        } else {
            Builder::Buildkit
        },
    }
}

#[cfg(test)]
mod tests {
    use super::of_engine;
    use crate::engine::answers::{Component, Info, Release};
    use crate::model::EngineKind;

    #[test]
    fn podman_is_known_by_its_greeting_or_its_component() {
        let component = Component {
            name: "Podman Engine".to_owned(),
            version: "4.3.1".to_owned(),
        };
        let version = Release {
            components: Some(vec![component]),
            ..Release::default()
        };
        let facts = of_engine("", "1.41".to_owned(), &version, &Info::default());
        assert_eq!(
            (facts.kind, facts.version.as_deref()),
            (EngineKind::Podman, Some("4.3.1"))
        );
        for (greeting, kind) in [
            ("Libpod/4.3.1 (linux)", EngineKind::Podman),
            ("Docker/28.5.2 (linux)", EngineKind::Docker),
        ] {
            let version = Release::default();
            let facts = of_engine(greeting, String::new(), &version, &Info::default());
            assert_eq!(facts.kind, kind, "{greeting}");
        }
    }
}
