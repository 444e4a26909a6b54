//! Five shapes of real projects with the changes that pull requests bring, as a gate without any
//! policy sees them: `cargo test --test it -- --ignored lab::adopted`. A fixed sample runs by
//! default; `LAB_TEST_SHAPES=all` runs every change, and three rebuilds of each shape. An image
//! whose rebuilds differ in small ways is always built three times.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use super::project::{Ended, Project};
use crate::live::docker;

/// Stands in for a package manager: reads `NAME BYTES` lines and writes such packages.
const INSTALL: &str = "#!/bin/sh\nwhile read -r name bytes; do\n[ -n \"$name\" ] || continue\n\
    mkdir -p \"$2/$name/core\"\nhead -c \"$bytes\" /dev/zero > \"$2/$name/core/lib.so\"\n\
    done < \"$1\"\n";

/// A change to a project: what it edits, and what is to be said of it.
struct Change {
    name: &'static str,
    /// Files and their new texts.
    edits: &'static [(&'static str, &'static str)],
    code: i32,
    /// The first finding that is not about the stand-in.
    rule: Option<(&'static str, &'static str)>,
    /// Where it is, and the changed file that is named.
    place: Option<(&'static str, u64)>,
    input: Option<&'static str>,
    is_sample: bool,
}

impl Change {
    fn check(&self, report: &Value) {
        let name = self.name;
        let findings = report["verdict"]["findings"].as_array().unwrap();
        let is_quiet = self.code == 0 && self.rule.is_none();
        let is_told = |finding: &&Value| {
            finding["rule"] != "stand_in_base" && !(is_quiet && finding["level"] == "note")
        };
        let first = findings.iter().find(is_told);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let rule = first.map(|it| (text(&it["level"]), text(&it["rule"])));
        let wanted = self
            .rule
            .map(|(level, rule)| (level.to_owned(), rule.to_owned()));
        assert_eq!(rule, wanted, "{name}: {findings:#?}");
        if let (Some((file, line)), Some(first)) = (self.place, first) {
            let place = (text(&first["dockerfile"]), &first["line"]);
            assert_eq!(place, (file.to_owned(), &line.into()), "{name}");
        }
        if let (Some(input), Some(first)) = (self.input, first) {
            let file = &first["growth"]["inputs"][0]["file"];
            assert_eq!(*file, input, "{name}: {first:#}");
        }
        for variant in report["variants"].as_array().unwrap() {
            assert_eq!(variant["excluded_bytes"], 0, "{name}");
        }
    }

    fn check_comment(&self, comment: &str) {
        let name = self.name;
        let length = comment.len();
        assert!(length < 4_000, "{name}: {length} bytes\n{comment}");
        let lines = comment.lines().filter(|line| !line.trim().is_empty());
        assert!(
            !self.edits.is_empty() || lines.count() <= 3,
            "{name}: {comment}"
        );
        assert!(
            self.input.is_none_or(|it| comment.contains(it)),
            "{name}: {comment}"
        );
    }
}

const SAME: Change = Change {
    name: "nothing",
    edits: &[],
    code: 0,
    rule: None,
    place: None,
    input: None,
    is_sample: true,
};

const GREW: Option<(&str, &str)> = Some(("error", "growth"));
const DRIFT: Option<(&str, &str)> = Some(("warning", "base_drift"));

struct Shape {
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
    changes: &'static [Change],
}

const VOTING: Shape = Shape {
    name: "voting",
    files: &[
        (
            "compose.yaml",
            "services:\n  vote: { build: ./vote }\n  result: { build: ./result }\n  \
             worker: { build: ./worker }\n",
        ),
        (
            "vote/Dockerfile",
            "FROM BASE:1\nWORKDIR /app\nCOPY install.sh /bin/pip\nCOPY requirements.txt ./\n\
             RUN sh /bin/pip requirements.txt /usr/lib/site\nCOPY . .\n",
        ),
        ("vote/install.sh", INSTALL),
        ("vote/requirements.txt", "flask 300000\n"),
        ("vote/app.py", "print(1)\n"),
        ("result/Dockerfile", "FROM BASE:1\nCOPY . /app\n"),
        ("result/main", "result\n"),
        ("worker/Dockerfile", "FROM BASE:1\nCOPY . /app\n"),
        ("worker/main", "worker\n"),
    ],
    changes: &[
        SAME,
        Change {
            name: "numpy in requirements.txt",
            edits: &[("vote/requirements.txt", "flask 300000\nnumpy 7100000\n")],
            code: 1,
            rule: GREW,
            place: Some(("vote/Dockerfile", 5)),
            input: Some("vote/requirements.txt"),
            ..SAME
        },
        Change {
            name: "another tag of the base",
            edits: &[("worker/Dockerfile", "FROM BASE:2\nCOPY . /app\n")],
            rule: DRIFT,
            place: Some(("worker/Dockerfile", 1)),
            is_sample: false,
            ..SAME
        },
        Change {
            name: "a large file under COPY . .",
            edits: &[("vote/static/large.bin", "LARGE")],
            code: 1,
            rule: GREW,
            place: Some(("vote/Dockerfile", 6)),
            input: Some("vote/static/large.bin"),
            is_sample: false,
        },
    ],
};

const EXPRESS: Shape = Shape {
    name: "express",
    files: &[
        (
            "compose.yaml",
            "services:\n  backend: { build: ./backend }\n  frontend: { build: ./frontend }\n",
        ),
        (
            "backend/Dockerfile",
            "FROM BASE:1\nWORKDIR /code\nCOPY npm.sh /bin/npm\nCOPY package-lock.json ./\n\
             RUN sh /bin/npm package-lock.json /code/node_modules\nCOPY . .\n",
        ),
        ("backend/npm.sh", INSTALL),
        (
            "backend/package-lock.json",
            "react 6000000\nexpress 3000000\n",
        ),
        ("frontend/Dockerfile", "FROM BASE:1\nCOPY . /app\n"),
        ("frontend/main", "frontend\n"),
    ],
    changes: &[
        Change {
            name: "RUN chown -R",
            edits: &[(
                "backend/Dockerfile",
                "FROM BASE:1\nWORKDIR /code\nCOPY npm.sh /bin/npm\nCOPY package-lock.json ./\n\
                 RUN sh /bin/npm package-lock.json /code/node_modules\nCOPY . .\n\
                 RUN chown -R 1000 /code\n",
            )],
            code: 1,
            rule: GREW,
            place: Some(("backend/Dockerfile", 7)),
            is_sample: false,
            ..SAME
        },
        Change {
            name: "the lock file loses packages",
            edits: &[("backend/package-lock.json", "express 3000000\n")],
            rule: Some(("note", "shrank")),
            is_sample: false,
            ..SAME
        },
        Change {
            name: "a service is renamed with its baseline",
            edits: &[(
                "compose.yaml",
                "services:\n  api: { build: ./backend }\n  frontend: { build: ./frontend }\n",
            )],
            rule: Some(("warning", "new_variant")),
            is_sample: false,
            ..SAME
        },
    ],
};

const FASTAPI: Shape = Shape {
    name: "fastapi",
    files: &[
        (
            "compose.yaml",
            "services:\n  backend: { build: . }\n  frontend: { build: ./frontend }\n",
        ),
        (
            "Dockerfile",
            "FROM BASE:1\nWORKDIR /app\nCOPY uv.sh /bin/uv\nCOPY uv.lock ./\n\
             RUN sh /bin/uv uv.lock /app/.venv\nCOPY scripts ./scripts\nCOPY . .\n",
        ),
        ("uv.sh", INSTALL),
        ("uv.lock", "fastapi 400000\n"),
        ("scripts/start", "start\n"),
        (".dockerignore", ".cache\n*.json\nblob-report\n"),
        ("blob-report/large.zip", "LARGE"),
        ("frontend/Dockerfile", "FROM BASE:1\nCOPY . /app\n"),
        ("frontend/main", "frontend\n"),
    ],
    changes: &[
        Change {
            name: "a line of .dockerignore is removed",
            edits: &[(".dockerignore", ".cache\n*.json\n")],
            code: 1,
            rule: GREW,
            place: Some(("Dockerfile", 7)),
            input: Some(".dockerignore"),
            ..SAME
        },
        Change {
            name: "a COPY is moved down",
            edits: &[(
                "Dockerfile",
                "FROM BASE:1\nWORKDIR /app\nCOPY uv.sh /bin/uv\nCOPY uv.lock ./\n\
                 RUN sh /bin/uv uv.lock /app/.venv\nCOPY . .\nCOPY scripts ./scripts\n",
            )],
            is_sample: false,
            ..SAME
        },
        Change {
            name: "numpy in uv.lock",
            edits: &[("uv.lock", "fastapi 400000\nnumpy 7800000\n")],
            code: 1,
            rule: GREW,
            place: Some(("Dockerfile", 5)),
            input: Some("uv.lock"),
            is_sample: false,
        },
    ],
};

const DJANGO: Shape = Shape {
    name: "django",
    files: &[
        (
            "compose.yaml",
            "x-django: &django\n  build: { context: ., dockerfile: Dockerfile }\nservices:\n  \
             django: *django\n  worker: *django\n  beat: *django\n  flower: *django\n  traefik:\n    \
             build: { context: ./traefik }\n",
        ),
        (
            "Dockerfile",
            "FROM BASE:1\nRUN head -c 2000000 /dev/zero > /tmp/lists && \\\n    \
             head -c 900000 /dev/zero > /usr/lib/gettext && \\\n    rm -f /tmp/lists\nCOPY . /app\n",
        ),
        (".dockerignore", ".cache\n*.json\n"),
        ("traefik/Dockerfile", "FROM BASE:1\nCOPY . /etc/traefik\n"),
        ("traefik/conf", "conf\n"),
    ],
    changes: &[
        Change {
            name: "a package is added",
            edits: &[(
                "Dockerfile",
                "FROM BASE:1\nRUN head -c 2000000 /dev/zero > /tmp/lists && \\\n    \
                 head -c 900000 /dev/zero > /usr/lib/gettext && \\\n    \
                 head -c 3000000 /dev/zero > /usr/lib/wait && rm -f /tmp/lists\nCOPY . /app\n",
            )],
            code: 1,
            rule: GREW,
            place: Some(("Dockerfile", 2)),
            is_sample: false,
            ..SAME
        },
        Change {
            name: "the clean-up of lists is removed",
            edits: &[(
                "Dockerfile",
                "FROM BASE:1\nRUN head -c 2000000 /dev/zero > /tmp/lists && \\\n    \
                 head -c 900000 /dev/zero > /usr/lib/gettext\nCOPY . /app\n",
            )],
            code: 1,
            rule: GREW,
            place: Some(("Dockerfile", 2)),
            is_sample: false,
            ..SAME
        },
        Change {
            name: "another tag of traefik",
            edits: &[("traefik/Dockerfile", "FROM BASE:2\nCOPY . /etc/traefik\n")],
            rule: DRIFT,
            place: Some(("traefik/Dockerfile", 1)),
            is_sample: false,
            ..SAME
        },
    ],
};

const SENTRY: Shape = Shape {
    name: "sentry",
    files: &[
        ("compose.yaml", "SENTRY"),
        (
            "sentry/Dockerfile",
            "FROM BASE:1\nCOPY enhance-image.sh /usr/src/\nRUN sh /usr/src/enhance-image.sh\n",
        ),
        ("sentry/enhance-image.sh", "#!/bin/sh\ntrue\n"),
        (
            "cron/Dockerfile",
            "FROM BASE:1\nRUN head -c 9000 /dev/zero > /usr/lib/cron\n",
        ),
        (
            "clickhouse/Dockerfile",
            "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\nRUN echo 1 > /one\n",
        ),
    ],
    changes: &[
        Change {
            name: "enhance-image.sh installs numpy",
            edits: &[(
                "sentry/enhance-image.sh",
                "#!/bin/sh\nmkdir -p /usr/lib/numpy\nhead -c 7100000 /dev/zero > /usr/lib/numpy/a\n",
            )],
            code: 1,
            rule: GREW,
            place: Some(("sentry/Dockerfile", 3)),
            input: Some("sentry/enhance-image.sh"),
            ..SAME
        },
        Change {
            name: "BASE_IMAGE of clickhouse",
            edits: &[("compose.yaml", "SENTRY 2")],
            rule: DRIFT,
            place: Some(("clickhouse/Dockerfile", 2)),
            input: Some("compose.yaml"),
            is_sample: false,
            ..SAME
        },
        Change {
            name: "procps in the cron image",
            edits: &[(
                "cron/Dockerfile",
                "FROM BASE:1\nRUN head -c 3009000 /dev/zero > /usr/lib/cron\n",
            )],
            code: 1,
            rule: GREW,
            place: Some(("cron/Dockerfile", 2)),
            is_sample: false,
            ..SAME
        },
    ],
};

/// Its rebuilds differ in small ways: a key, a pack, an archive of fresh times, a date, a log.
const ZOO: Shape = Shape {
    name: "zoo",
    files: &[
        ("compose.yaml", "services:\n  zoo: { build: . }\n"),
        (
            "Dockerfile",
            "FROM BASE:1\nENV ANY=\"od -An -N2 -tu2 /dev/urandom\"\n\
             RUN head -c $((1216 + $($ANY) % 4)) /dev/urandom | base64 > /etc/host.key\n\
             RUN cp -R /usr/lib/python3*/collections /srv/code && \\\n    \
             head -c 1000000 /dev/urandom | od > /srv/pack && gzip /srv/pack && \\\n    \
             tar -czf /srv/fresh.tgz /srv/code\n\
             RUN python3 -m compileall -qf /srv/code && date > /etc/built && \\\n    \
             head -c $(($($ANY) % 1000)) /dev/zero > /var/log/build.log\n",
        ),
    ],
    changes: &[],
};

/// A shape as a project, with its baseline.
struct Built {
    project: Project,
    base: String,
}

impl Built {
    fn new(shape: &Shape) -> Self {
        let project = Project::empty();
        let base = format!("{}-base", project.name);
        for (tag, bytes) in [("1", 1_000), ("2", 3_001_000)] {
            let text = format!("FROM lab/python:offline\nRUN head -c {bytes} /dev/zero > /base\n");
            project.write("Dockerfile.base", &text);
            let directory = project.directory.path().to_str().unwrap();
            let file = format!("{directory}/Dockerfile.base");
            let name = format!("{base}:{tag}");
            let built = docker(&["build", "--tag", &name, "--file", &file, directory]);
            assert!(built.status.success(), "{built:?}");
        }
        fs::remove_file(project.path("Dockerfile.base")).unwrap();
        let built = Self { project, base };
        for (path, text) in shape.files {
            built.write(path, text);
        }
        let written = built.run(&["--baseline", "base.json", "--update-baseline"]);
        assert_eq!(written.code, Some(0), "{}: {written:?}", shape.name);
        built
    }

    fn write(&self, path: &str, text: &str) {
        let place = self.project.path(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        let text = match text {
            "LARGE" => "x".repeat(2_500_000),
            "SENTRY" => self.sentry("1"),
            "SENTRY 2" => self.sentry("2"),
            text => text.replace("BASE:", &format!("{}:", self.base)),
        };
        fs::write(place, text).unwrap();
    }

    /// 19 services of one image, one of another, and one whose base is an argument.
    fn sentry(&self, tag: &str) -> String {
        let mut text = "services:\n".to_owned();
        for at in 0..19 {
            let _ = writeln!(text, "  post-process-forwarder-{at}: {{ build: ./sentry }}");
        }
        text +=
            "  cron: { build: ./cron }\n  clickhouse:\n    build:\n      context: ./clickhouse\n";
        text + &format!("      args:\n        BASE_IMAGE: \"{}:{tag}\"\n", self.base)
    }

    fn run(&self, words: &[&str]) -> Ended {
        let given = [
            "lab",
            "--file",
            "compose.yaml",
            "--offline",
            "--format",
            "json",
        ];
        self.project.run(&[&given, words].concat())
    }

    fn judged(&self, words: &[&str]) -> Ended {
        let given = [
            "--baseline",
            "base.json",
            "--output",
            "markdown=.cache/comment.md",
        ];
        fs::create_dir_all(self.project.path(".cache")).unwrap();
        self.run(&[&given, words].concat())
    }

    /// Builds it three times without a cache; gives by how much each image then differs.
    fn rebuild(&self) -> Vec<i64> {
        let mut deltas = Vec::new();
        for _ in 0..3 {
            let again = self.judged(&["--no-cache"]);
            assert_eq!(again.code, Some(0), "{again:?}");
            let report = again.json();
            for finding in report["verdict"]["findings"].as_array().unwrap() {
                let is_quiet = finding["level"] == "note" || finding["rule"] == "stand_in_base";
                assert!(is_quiet, "{finding:#}");
            }
            let variants = report["baseline"]["variants"].as_array().unwrap();
            let delta = |since: &Value| since["compared"]["counted"]["delta"].as_i64().unwrap();
            deltas.extend(variants.iter().map(delta));
        }
        deltas
    }

    fn check(&self, change: &Change) {
        let mut before: BTreeMap<&str, Option<String>> = BTreeMap::new();
        for (path, text) in change.edits {
            before.insert(path, fs::read_to_string(self.project.path(path)).ok());
            self.write(path, text);
        }
        let mut proposed: Vec<&str> = Vec::new();
        if change.name.contains("with its baseline") {
            let update = ["--baseline", ".cache/new.json", "--update-baseline"];
            assert_eq!(self.run(&update).code, Some(0));
            proposed = vec!["--proposed-baseline", ".cache/new.json"];
        }
        let ended = self.judged(&proposed);
        assert_eq!(ended.code, Some(change.code), "{}: {ended:?}", change.name);
        change.check(&ended.json());
        let comment = fs::read_to_string(self.project.path(".cache/comment.md")).unwrap();
        change.check_comment(&comment);
        for (path, text) in before {
            match text {
                Some(text) => fs::write(self.project.path(path), text).unwrap(),
                None => fs::remove_file(self.project.path(path)).unwrap(),
            }
        }
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        let listed = docker(&["images", "--format", "{{.Repository}}:{{.Tag}}"]);
        let names = String::from_utf8_lossy(&listed.stdout).into_owned();
        let own = names
            .lines()
            .filter(|name| name.starts_with(&self.project.name));
        for name in own {
            docker(&["rmi", name]);
        }
    }
}

fn judge(shape: &Shape) {
    let is_all = env::var("LAB_TEST_SHAPES").is_ok_and(|it| it == "all");
    let mut wanted = shape
        .changes
        .iter()
        .filter(|it| is_all || it.is_sample)
        .peekable();
    if wanted.peek().is_none() {
        return;
    }
    let built = Built::new(shape);
    let size = fs::metadata(built.project.path("base.json")).unwrap().len();
    let most = if shape.name == "sentry" {
        200_000
    } else {
        40_000
    };
    assert!(size <= most, "{}: a baseline of {size} bytes", shape.name);
    for change in wanted {
        built.check(change);
    }
    if is_all {
        // The engine leaves a file out of a COPY's layer if the one below is the same, times
        // included: a few bytes, below what is worth a reader's attention.
        let deltas = built.rebuild();
        let is_small = deltas.iter().all(|delta| delta.abs() < 4_096);
        assert!(is_small, "{}: {deltas:?}", shape.name);
    }
}

#[test]
#[ignore = "needs Docker"]
fn the_voting_app() {
    judge(&VOTING);
}

#[test]
#[ignore = "needs Docker"]
fn react_and_express() {
    judge(&EXPRESS);
}

#[test]
#[ignore = "needs Docker"]
fn the_fastapi_template() {
    judge(&FASTAPI);
}

#[test]
#[ignore = "needs Docker"]
fn the_django_template() {
    judge(&DJANGO);
}

#[test]
#[ignore = "needs Docker"]
fn sentry_of_one_s_own() {
    judge(&SENTRY);
}

#[test]
#[ignore = "needs Docker"]
fn a_noisy_image_is_never_rejected() {
    let deltas = Built::new(&ZOO).rebuild();
    assert!(deltas.iter().any(|delta| *delta != 0), "{deltas:?}");
}
