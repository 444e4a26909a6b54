//! Shapes of real projects: the kit builds the same layers as Compose does by hand.
//!
//! By default with the Compose, builder and engine of this machine; shapes that one of them
//! does not know are left out. Run them all on a newer engine with
//! `DOCKER_HOST=… DOCKER_CONFIG=… cargo test --test it -- --ignored shapes::`.

use std::collections::BTreeMap;
use std::process::{Command, Output};

use serde_json::Value;

use super::project::Project;
use crate::live::docker;

/// What a shape needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Compose 2 with BuildKit.
    Plugin,
    /// A Dockerfile frontend of 1.4 or newer, which engine 20.10 does not have.
    Frontend,
}

struct Shape {
    name: &'static str,
    needs: &'static [Need],
    /// `P` is the prefix of image names.
    files: &'static [(&'static str, &'static str)],
    variables: &'static [(&'static str, &'static str)],
    /// The services one by one, where Compose by hand must build one before another: newer ones
    /// build all at once.
    order: &'static [&'static str],
}

const fn shape(
    name: &'static str,
    needs: &'static [Need],
    files: &'static [(&'static str, &'static str)],
) -> Shape {
    Shape {
        name,
        needs,
        files,
        variables: &[],
        order: &[],
    }
}

const SHAPES: &[Shape] = &[
    Shape {
        order: &["base", "middle", "app"],
        ..shape(
        "chain of three by FROM",
        &[],
        &[
            (
                "compose.yaml",
                "services:
  app: { image: 'P:app', build: { context: ., dockerfile: Dockerfile.app }, depends_on: [middle] }
  middle: { image: 'P:middle', build: { context: ., dockerfile: Dockerfile.middle }, depends_on: [base] }
  base: { image: 'P:base', build: { context: ., dockerfile: Dockerfile.base } }
",
            ),
            ("Dockerfile.base", "FROM scratch\nCOPY one /\n"),
            ("Dockerfile.middle", "FROM P:base\nCOPY two /\n"),
            ("Dockerfile.app", "FROM P:middle\nCOPY three /\n"),
            ("one", "1\n"),
            ("two", "22\n"),
            ("three", "333\n"),
        ],
    )},
    Shape {
        order: &["tools", "site", "web"],
        ..shape(
        "chain of three by COPY --from and by an ARG",
        &[],
        &[
            (
                "compose.yaml",
                "services:
  tools: { image: 'P:tools', build: ./tools }
  site:
    image: P:site
    build: { context: site, args: { TOOLS: 'P:tools' } }
    depends_on: [tools]
  web: { image: 'P:web', build: web, depends_on: [site] }
",
            ),
            ("tools/Dockerfile", "FROM scratch\nCOPY tool /\n"),
            ("tools/tool", "tool\n"),
            ("site/Dockerfile", "ARG TOOLS\nFROM ${TOOLS}\nCOPY page /\n"),
            ("site/page", "page\n"),
            ("web/Dockerfile", "FROM scratch\nCOPY --from=P:site /page /\nCOPY conf /\n"),
            ("web/conf", "conf\n"),
        ],
    )},
    Shape {
        variables: &[("COMPOSE_PROFILES", "debug")],
        order: &["app", "probe"],
        ..shape(
            "a profile with a dependency",
            &[],
            &[
                (
                    "compose.yaml",
                    "services:
  app: { image: 'P:app', build: app }
  probe: { image: 'P:probe', build: probe, profiles: [debug], depends_on: [app] }
",
                ),
                ("app/Dockerfile", "FROM scratch\nCOPY file /\n"),
                ("app/file", "app\n"),
                ("probe/Dockerfile", "FROM P:app\nCOPY file /probe\n"),
                ("probe/file", "probe\n"),
            ],
        )
    },
    shape(
        "a profile named in .env",
        &[],
        &[
            (".env", "COMPOSE_PROFILES=extra,other\nTEXT=said\n"),
            (
                "compose.yaml",
                "services:
  extra: { image: 'P:extra', profiles: [extra], build: { context: ., args: { TEXT: '${TEXT}' } } }
  other: { image: 'P:other', profiles: [other], build: { context: ., target: first } }
",
            ),
            (
                "Dockerfile",
                "FROM scratch AS first\nCOPY file /\nFROM first\nARG TEXT\nLABEL text=$TEXT\nCOPY file /again\n",
            ),
            ("file", "file\n"),
        ],
    ),
    shape(
        "extends across folders",
        &[],
        &[
            (
                "compose.yaml",
                "services:
  app: { image: 'P:app', extends: { file: common/services.yaml, service: web } }
",
            ),
            (
                "common/services.yaml",
                "services:
  web: { build: { context: web, args: { WHAT: common } } }
",
            ),
            ("common/web/Dockerfile", "FROM scratch\nARG WHAT\nCOPY ${WHAT} /\n"),
            ("common/web/common", "common\n"),
        ],
    ),
    shape(
        "include across folders",
        &[Need::Plugin],
        &[
            (
                "compose.yaml",
                "include: [parts/compose.yaml]
services:
  app: { image: 'P:app', build: app }
",
            ),
            ("parts/compose.yaml", "services:\n  part: { image: 'P:part', build: part }\n"),
            ("parts/part/Dockerfile", "FROM scratch\nCOPY file /\n"),
            ("parts/part/file", "a part\n"),
            ("app/Dockerfile", "FROM scratch\nCOPY file /\n"),
            ("app/file", "app\n"),
        ],
    ),
    shape(
        "an override beside the file",
        &[],
        &[
            (
                "docker-compose.yml",
                "version: '3.7'
services:
  app: { image: 'P:app', build: { context: ., target: prod, args: { WHO: file } } }
",
            ),
            (
                "docker-compose.override.yml",
                "version: '3.7'
services:
  app: { build: { context: ., target: dev, args: { WHO: override } } }
",
            ),
            (
                "Dockerfile",
                "FROM scratch AS prod\nCOPY file /\nFROM prod AS dev\nARG WHO\nCOPY ${WHO} /who\n",
            ),
            ("file", "file\n"),
            ("override", "override\n"),
        ],
    ),
    Shape {
        variables: &[("COMPOSE_FILE", "base.yaml:ci/ci.yaml")],
        ..shape(
            "files of COMPOSE_FILE",
            &[],
            &[
                (
                    "base.yaml",
                    "version: '3.7'
services:
  app: { image: 'P:app', build: { context: ., args: { WHO: base } } }
",
                ),
                (
                    "ci/ci.yaml",
                    "version: '3.7'
services:
  app: { build: { context: ., args: { WHO: ci } } }
",
                ),
                ("Dockerfile", "FROM scratch\nARG WHO\nCOPY file /${WHO}\n"),
                ("file", "file\n"),
            ],
        )
    },
    shape(
        "a build secret from a file",
        &[Need::Plugin],
        &[
            (
                "compose.yaml",
                "services:
  app: { image: 'P:app', build: { context: ., secrets: [token] } }
secrets:
  token: { file: ./token }
",
            ),
            ("token", "a secret of a file\n"),
            (
                "Dockerfile",
                "FROM lab/python:offline\nRUN --mount=type=secret,id=token wc -c < /run/secrets/token > /size\n",
            ),
        ],
    ),
    shape(
        "a build secret from a variable of .env",
        &[Need::Plugin],
        &[
            (".env", "TOKEN=a secret of .env\n"),
            (
                "compose.yaml",
                "services:
  app: { image: 'P:app', build: { context: ., secrets: [{ source: token, target: it }] } }
secrets:
  token: { environment: TOKEN }
",
            ),
            (
                "Dockerfile",
                "FROM lab/python:offline\nRUN --mount=type=secret,id=it wc -c < /run/secrets/it > /size\n",
            ),
        ],
    ),
    shape(
        "arguments from .env",
        &[],
        &[
            (".env", "VERSION=2\nEMPTY=\n"),
            (
                "compose.yaml",
                "services:
  app:
    image: P:app
    build: { context: ., args: { VERSION: '${VERSION:-1}', SUFFIX: '${EMPTY:-none}' } }
",
            ),
            (
                "Dockerfile",
                "FROM scratch\nARG VERSION\nARG SUFFIX\nCOPY file /${VERSION}-${SUFFIX}\n",
            ),
            ("file", "file\n"),
        ],
    ),
    shape(
        "arguments in a list, with defaults of the Dockerfile",
        &[],
        &[
            (".env", "FROM_ENV=yes\n"),
            (
                "compose.yaml",
                "services:
  app: { image: 'P:app', build: { context: ., args: [FROM_ENV, 'STATED=${UNSET-fallback}'] } }
",
            ),
            (
                "Dockerfile",
                "FROM scratch\nARG FROM_ENV=no\nARG STATED=default\nARG OTHER=default\nCOPY file /${FROM_ENV}-${STATED}-${OTHER}\n",
            ),
            ("file", "file\n"),
        ],
    ),
    shape(
        "a list of platforms",
        &[Need::Plugin],
        &[
            (
                "compose.yaml",
                "services:
  app: { image: 'P:app', build: { context: ., platforms: [linux/amd64] } }
",
            ),
            ("Dockerfile", "FROM scratch\nARG TARGETARCH\nCOPY file /${TARGETARCH}\n"),
            ("file", "file\n"),
        ],
    ),
    shape(
        "a platform, and a list that has it",
        &[Need::Plugin],
        &[
            (
                "compose.yaml",
                "services:
  app: { image: 'P:app', platform: linux/amd64, build: { context: ., platforms: [linux/amd64] } }
",
            ),
            ("Dockerfile", "FROM scratch\nCOPY file /\n"),
            ("file", "file\n"),
        ],
    ),
    shape(
        "a named context",
        &[Need::Plugin, Need::Frontend],
        &[
            (
                "compose.yaml",
                "services:
  app: { image: 'P:app', build: { context: app, additional_contexts: { assets: ./assets } } }
",
            ),
            ("app/Dockerfile", "FROM scratch\nCOPY --from=assets logo /\n"),
            ("assets/logo", "logo\n"),
        ],
    ),
    shape(
        "another service as a context",
        &[Need::Plugin, Need::Frontend],
        &[
            (
                "compose.yaml",
                "services:
  app: { image: 'P:app', build: { context: app, additional_contexts: { parts: 'service:parts' } } }
  parts: { image: 'P:parts', build: parts }
",
            ),
            ("app/Dockerfile", "FROM scratch\nCOPY --from=parts /part /\n"),
            ("parts/Dockerfile", "FROM scratch\nCOPY part /\n"),
            ("parts/part", "part\n"),
        ],
    ),
    shape(
        "an inline Dockerfile with a heredoc for COPY",
        &[Need::Plugin, Need::Frontend],
        &[(
            "compose.yaml",
            "services:
  app:
    image: P:app
    build:
      context: .
      dockerfile_inline: |
        FROM scratch
        COPY <<EOF /file
        two
        lines
        EOF
",
        )],
    ),
    shape(
        "an inline Dockerfile with a heredoc for RUN",
        &[Need::Plugin, Need::Frontend],
        &[(
            "compose.yaml",
            "services:
  app:
    image: P:app
    build:
      context: .
      dockerfile_inline: |
        FROM lab/python:offline
        RUN <<EOF
        echo one > /one
        echo two > /two
        EOF
",
        )],
    ),
    shape(
        "a stage that an ARG chooses",
        &[],
        &[
            (
                "compose.yaml",
                "services:
  app: { image: 'P:app', build: { context: ., args: { MODE: dev } } }
",
            ),
            (
                "Dockerfile",
                "ARG MODE=prod\nFROM scratch AS prod\nCOPY file /prod\nFROM scratch AS dev\nCOPY file /dev\nFROM ${MODE}\nCOPY file /last\n",
            ),
            ("file", "file\n"),
        ],
    ),
    shape(
        "a target from .env",
        &[],
        &[
            (".env", "TARGET=test\n"),
            (
                "compose.yaml",
                "services:
  app: { image: 'P:app', build: { context: ., target: '${TARGET:-prod}' } }
",
            ),
            (
                "Dockerfile",
                "FROM scratch AS prod\nCOPY file /\nFROM prod AS test\nCOPY file /test\nFROM prod\nCOPY file /never\n",
            ),
            ("file", "file\n"),
        ],
    ),
];

/// Each image's layers, by its name.
type Layers = BTreeMap<String, Vec<String>>;

impl Shape {
    fn project(&self) -> Project {
        let project = Project::empty();
        for (path, content) in self.files {
            let path = project.path(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content.replace("P:", &format!("{}:", project.name))).unwrap();
        }
        project
    }

    fn in_project(&self, mut command: Command, project: &Project) -> Output {
        command
            .current_dir(project.directory.path())
            .env_remove("COMPOSE_FILE")
            .env_remove("COMPOSE_PROFILES")
            .envs(self.variables.iter().copied());
        command.output().unwrap()
    }
}

/// Compose by hand, with the builder that the kit uses too.
fn compose() -> (Command, bool) {
    let shell = xshell::Shell::new().unwrap();
    let plugin = docker(&["compose", "version"]).status.success();
    let command = if plugin {
        shell.cmd("docker").arg("compose")
    } else {
        // The Docker CLI builds without BuildKit here, and so does the kit.
        let version_1 = shell.cmd("docker-compose");
        version_1
            .env("COMPOSE_DOCKER_CLI_BUILD", "0")
            .env("DOCKER_BUILDKIT", "0")
    };
    (command.arg("build").into(), plugin)
}

fn has_frontend() -> bool {
    let said = docker(&["version", "--format", "{{.Server.Version}}"]);
    let said = String::from_utf8(said.stdout).unwrap();
    let major = said.split('.').next().and_then(|it| it.parse().ok());
    major.is_some_and(|major: u32| major >= 23)
}

fn layers_of(image: &str) -> Vec<String> {
    let said = docker(&["inspect", "--format", "{{json .RootFS.Layers}}", image]);
    assert!(said.status.success(), "{image}: {said:?}");
    serde_json::from_slice(&said.stdout).unwrap()
}

fn by_the_kit(report: &Value) -> Layers {
    let variants = report["variants"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    variants
        .map(|variant| {
            let layers = variant["layers"].as_array().unwrap().iter();
            let layers = layers.map(|layer| text(&layer["diff_id"])).collect();
            (text(&variant["image"]), layers)
        })
        .collect()
}

#[test]
#[ignore = "needs Docker"]
fn every_shape_builds_the_same_layers_as_compose_by_hand() {
    let (has_plugin, has_frontend) = (compose().1, has_frontend());
    let mut built = 0;
    for shape in SHAPES {
        let has = |need: &Need| match need {
            Need::Plugin => has_plugin,
            Need::Frontend => has_frontend,
        };
        if !shape.needs.iter().all(has) {
            continue;
        }
        let project = shape.project();
        let each = match shape.order {
            [] => vec![None],
            order => order.iter().map(Some).collect(),
        };
        for service in each {
            let mut by_hand = compose().0;
            by_hand.args(service);
            let by_hand = shape.in_project(by_hand, &project);
            assert!(by_hand.status.success(), "{}: {by_hand:?}", shape.name);
        }
        let prefix = format!("{}:", project.name);
        let named = docker(&[
            "images",
            "--format",
            "{{.Repository}}:{{.Tag}}",
            &project.name,
        ]);
        let named = String::from_utf8(named.stdout).unwrap();
        let of_hand: Layers = named
            .lines()
            .filter(|name| name.starts_with(&prefix))
            .map(|name| (name.to_owned(), layers_of(name)))
            .collect();
        assert!(!of_hand.is_empty(), "{}: {named}", shape.name);
        for image in of_hand.keys() {
            docker(&["rmi", "--no-prune", image]);
        }
        let kit = project.kit(&["lab", "--offline", "--format", "json"]);
        let ended = shape.in_project(kit, &project);
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{}: {said}", shape.name);
        let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
        let of_kit = by_the_kit(&report);
        for image in of_kit.keys() {
            docker(&["rmi", "--no-prune", image]);
        }
        assert_eq!(of_kit, of_hand, "{}", shape.name);
        built += 1;
    }
    let expected = match (has_plugin, has_frontend) {
        (false, _) => 11,
        (true, false) => 16,
        (true, true) => SHAPES.len(),
    };
    assert_eq!(built, expected);
}
