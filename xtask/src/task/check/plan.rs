use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, str};

use super::canary::Canary;
use super::stage::{Stage, sha256};
use crate::archive::is_same_name;
use crate::cache::Notes;
use crate::cli::BaseArg;
use crate::dockerfile::{self, Dockerfile, with_images};
use crate::host::is_stand_in;
use crate::model::{
    self, BuildSpec, CheckProblem, Digest, EngineProblem, Exercise, Lab, LabProblem, Policy,
    Problem, Replaced, Role, Running, Variant, has_stand_in,
};
use crate::task::context::Context;
use crate::task::session::Ground;
use crate::task::source::{self, Source};

/// What the variants of a check are called, in the report and in messages.
pub(super) const SUBMISSION: &str = "submission";
pub(super) const CANARY: &str = "canary";
pub(super) const EXPECTED: &str = "expected";

/// What is built for a check, and instead of what.
#[derive(Debug)]
pub(super) struct Plan {
    lab: String,
    stage: Stage,
    /// In the ordinary context and in the canary's.
    dockerfiles: [PathBuf; 2],
    /// What the given script writes, where that is known from an earlier check.
    pub(super) expected: Option<Vec<u8>>,
    /// What it is known by; `None` where the base is not there yet.
    pub(super) expected_key: Option<Digest>,
    expected_dockerfile: String,
    pub(super) canary: Canary,
    pub(super) replaced: Vec<Replaced>,
    pub(super) reference_base: String,
}

/// What a plan is made of.
pub(super) struct Making<'a> {
    pub(super) ground: &'a Ground,
    pub(super) lab: &'a Lab,
    pub(super) exercise: &'a Exercise,
    /// The Dockerfile as it was submitted.
    pub(super) text: &'a [u8],
    pub(super) typed: &'a [BaseArg],
    pub(super) notes: Option<&'a Notes>,
}

/// The images of a submission, and those that take their places.
struct Images {
    /// In the Dockerfile's text.
    submission: BTreeMap<String, String>,
    reference: String,
    reference_id: Option<Digest>,
}

impl Making<'_> {
    pub(super) fn plan(&self, stage: Stage, cx: &Context) -> Result<Plan, Problem> {
        let images = self.images(cx)?;
        let text = match str::from_utf8(self.text) {
            Ok(text) => with_images(text, &images.submission).into_bytes(),
            Err(_) => self.text.to_vec(),
        };
        let dockerfiles = stage.put_dockerfile(&text)?;
        let canary = self.canary(&stage, &text, &images)?;
        stage.put_canary(&self.exercise.script, &canary.script)?;
        let expected_dockerfile = self.expected_dockerfile(&images.reference);
        let expected_key = images.reference_id.map(|id| {
            let given = self.exercise.given.iter();
            let given = given.map(|it| format!("{}\0{}\0", it.name, it.sha256));
            let parts = [id.to_string(), given.collect(), expected_dockerfile.clone()];
            sha256(parts.join("\0").as_bytes())
        });
        let known = expected_key.and_then(|key| self.notes?.expected(&key));
        let replaced = images.submission.into_iter();
        let replaced = replaced.map(|(image, by)| Replaced { image, by });
        Ok(Plan {
            lab: tag_name(self.lab.name.as_deref().unwrap_or_default()),
            stage,
            dockerfiles,
            expected: known,
            expected_key,
            expected_dockerfile,
            canary,
            replaced: replaced.collect(),
            reference_base: images.reference,
        })
    }

    fn canary(&self, stage: &Stage, text: &[u8], images: &Images) -> Result<Canary, Problem> {
        let path = &self.exercise.canary;
        let unread = |source| LabProblem::Read {
            path: path.clone(),
            source,
        };
        let template = fs::read_to_string(path).map_err(unread)?;
        if !Canary::is_template(&template) {
            let source = std::io::Error::other("no @KEY@ and @CODE@");
            return Err(unread(source).into());
        }
        let secret = self.notes.map(Notes::secret).transpose()?;
        let secret = secret.unwrap_or_else(|| *sha256(&std::process::id().to_le_bytes()).as_hash());
        let base = images.reference_id.map(|id| id.to_string());
        let base = base.unwrap_or_else(|| images.reference.clone());
        let parts = [stage.digest.as_hash().as_slice(), text, base.as_bytes()];
        Ok(Canary::new(&template, &secret, &parts))
    }

    /// What runs the given script alone, and shows what it writes.
    fn expected_dockerfile(&self, base: &str) -> String {
        let words = |words: &[String]| serde_json::to_string(words).unwrap_or_default();
        let exercise = self.exercise;
        let show = ["cat".to_owned(), exercise.output.clone()];
        let run = words(&exercise.command);
        format!(
            "FROM {base}\nWORKDIR /lab-kit\nCOPY . ./\nRUN {run}\nCMD {}\n",
            words(&show)
        )
    }

    fn images(&self, cx: &Context) -> Result<Images, Problem> {
        let not_an_exercise = || CheckProblem::NotAnExercise {
            lab: self.lab.name.clone().unwrap_or_default(),
        };
        let with_role = |role| self.lab.variants.iter().find(|it| it.role == Some(role));
        let reference = with_role(Role::Reference).ok_or_else(not_an_exercise)?;
        let solution = with_role(Role::Solution).ok_or_else(not_an_exercise)?;
        let engine = &self.ground.engine;
        let platform = &engine.facts().platform;
        let spec = reference.build.as_ref().ok_or_else(not_an_exercise)?;
        let source = Source::read(reference, spec, &self.ground.project, platform)?;
        let base = source.as_ref().and_then(Source::base);
        let base = base.ok_or_else(not_an_exercise)?;
        let spec = solution.build.as_ref().ok_or_else(not_an_exercise)?;
        let args = source::arguments(spec, platform);
        let file = dockerfile::parse(&String::from_utf8_lossy(self.text));
        let wanted = file.bases(None, &args, self.ground.driver.builder());
        let typed = self.typed(&wanted, &base)?;
        let reference = typed.get(&base).cloned().unwrap_or(base);
        let facts = match engine.inspect(&reference, &cx.cancel) {
            Ok(facts) => Some(facts),
            Err(EngineProblem::NoImage { .. } | EngineProblem::BadReference { .. }) => None,
            Err(problem) => return Err(problem.into()),
        };
        let mut submission = typed;
        if facts.as_ref().is_some_and(|it| is_stand_in(&it.labels)) {
            for image in wanted {
                let is_open = has_stand_in(&image)
                    && !submission.contains_key(&image)
                    && !is_same_name(&image, &reference);
                if is_open && !engine.has_image(&image, &cx.cancel)? {
                    submission.insert(image, reference.clone());
                }
            }
        }
        Ok(Images {
            submission,
            reference,
            reference_id: facts.map(|it| it.config.unwrap_or(it.id)),
        })
    }

    /// What was typed, by the names that the Dockerfiles use.
    fn typed(
        &self,
        wanted: &[String],
        reference: &str,
    ) -> Result<BTreeMap<String, String>, CheckProblem> {
        let mut known: Vec<String> = wanted.to_vec();
        known.push(reference.to_owned());
        let mut typed = BTreeMap::new();
        for BaseArg { image, by } in self.typed {
            let named: Vec<&String> = known.iter().filter(|it| is_same_name(it, image)).collect();
            if named.is_empty() {
                return Err(CheckProblem::NoSuchBase {
                    image: image.clone(),
                    known,
                });
            }
            typed.extend(named.into_iter().map(|it| (it.clone(), by.clone())));
        }
        Ok(typed)
    }
}

impl Plan {
    /// The variants of a check instead of the lab's: the reference, the submission, and the
    /// submission with another script.
    pub(super) fn adapt(&self, lab: &mut Lab) {
        let is_wanted = |it: &Variant| {
            matches!(it.role, Some(Role::Reference | Role::Solution)) && it.build.is_some()
        };
        lab.variants.retain(is_wanted);
        lab.skipped.clear();
        let mut expected = None;
        for variant in &mut lab.variants {
            variant.policy = Policy::default();
            variant.exercise = None;
            let Some(spec) = &mut variant.build else {
                continue;
            };
            self.replace_arguments(spec);
            if variant.role == Some(Role::Reference) {
                expected = Some(self.expected(spec));
                spec.context = shown(&self.stage.reference);
                variant.image = Some(self.tag("check-reference"));
                variant.running = Running::No(variant.running.command().clone());
            } else {
                SUBMISSION.clone_into(&mut variant.name);
                self.build_from(spec, 0);
                variant.image = Some(self.tag("check"));
            }
        }
        let solution = lab
            .variants
            .iter()
            .find(|it| it.role == Some(Role::Solution));
        if let Some(mut canary) = solution.cloned() {
            CANARY.clone_into(&mut canary.name);
            canary.role = None;
            canary.image = Some(self.tag("check-canary"));
            if let Some(spec) = &mut canary.build {
                self.build_from(spec, 1);
            }
            lab.variants.push(canary);
        }
        lab.variants
            .extend(expected.filter(|_| self.expected.is_none()));
    }

    fn build_from(&self, spec: &mut BuildSpec, which: usize) {
        let context = [&self.stage.ordinary, &self.stage.canary][which];
        spec.context = shown(context);
        spec.dockerfile = model::Dockerfile::Path(self.dockerfiles[which].clone());
        spec.target = None;
    }

    fn replace_arguments(&self, spec: &mut BuildSpec) {
        for value in spec.args.values_mut().flatten() {
            if let Some(replaced) = self.replaced.iter().find(|it| it.image == *value) {
                value.clone_from(&replaced.by);
            }
        }
    }

    fn expected(&self, of_reference: &BuildSpec) -> Variant {
        Variant {
            name: EXPECTED.to_owned(),
            role: None,
            image: Some(self.tag("check-expected")),
            build: Some(BuildSpec {
                context: shown(&self.stage.reference),
                dockerfile: model::Dockerfile::Inline(self.expected_dockerfile.clone()),
                args: BTreeMap::new(),
                target: None,
                flags: Vec::new(),
                secrets: Vec::new(),
                ..of_reference.clone()
            }),
            image_platform: None,
            running: Running::Yes(Box::default()),
            policy: Policy::default(),
            exercise: None,
        }
    }

    /// A name of the check's own, so that none of the lab's moves.
    fn tag(&self, name: &str) -> String {
        format!("{}:{name}", self.lab)
    }

    /// Files of the submission's context, by name.
    pub(super) fn files(&self) -> &[String] {
        &self.stage.files
    }

    pub(super) fn left_out(&self) -> &[String] {
        &self.stage.left_out
    }
}

/// A lab's name as a repository may be called.
fn tag_name(lab: &str) -> String {
    let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    let lower = lab.to_ascii_lowercase();
    let safe: String = lower.chars().filter(|it| plain(*it)).collect();
    if safe.is_empty() {
        "lab".to_owned()
    } else {
        safe
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// How many stages and instructions a Dockerfile has.
pub(super) fn shape(file: &Dockerfile) -> model::Shape {
    let instructions = file.stages.iter().map(|it| it.instructions.len() + 1);
    model::Shape {
        stages: file.stages.len(),
        instructions: file.preamble.len() + instructions.sum::<usize>(),
    }
}
