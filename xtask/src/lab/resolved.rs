use std::path::{Path, PathBuf};

use serde_yaml::Value;

use crate::model::{Expected, Lab, LabProblem, Malformed, Role, RunSpec, Running, Variant};

use super::build::{self, Secrets};
use super::node::{Node, unescape};
use super::policy::{self, XLab};
use super::runtime;
use super::select::{Selected, Selection, lab_of, select, unknown_variant};
use super::sibling::siblings;
use super::written;

/// The resolved Compose file, parsed once. All questions about the file are answered from it.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub(super) document: Value,
    /// The Compose file that it came from, for messages.
    file: PathBuf,
}

impl Resolved {
    /// Parses what `docker compose config` printed for `file`.
    ///
    /// # Errors
    /// Where the text is not YAML, or no mapping.
    pub fn read(text: &str, file: &Path) -> Result<Self, LabProblem> {
        let not_compose = |reason| LabProblem::NotCompose {
            path: file.to_owned(),
            reason,
        };
        let document = written::read(text).map_err(|error| {
            let reason = error.to_string();
            too_wide(&reason).unwrap_or_else(|| not_compose(Malformed::Yaml(reason)))
        })?;
        if !document.is_mapping() {
            return Err(not_compose(Malformed::NotAMapping));
        }
        Ok(Self {
            document: unescape(document),
            file: file.to_owned(),
        })
    }

    /// The services that are wanted. If some are asked for by name, the reference that they are
    /// compared with comes along.
    ///
    /// # Errors
    /// Where the file has no wanted service, or says of one what the kit can't honour.
    pub fn select(&self, selection: &Selection) -> Result<Lab, LabProblem> {
        let services = self.services().filter(|services| !services.is_empty());
        let services = services.ok_or_else(|| self.malformed(Malformed::NoServices))?;
        for service in &services {
            policy::check_name(service)?;
        }
        let Selected { wanted, skipped } = select(services, &self.file, selection)?;
        let secrets = Secrets::of(&self.document);
        let mut variants = wanted
            .iter()
            .map(|service| self.variant(service, &secrets))
            .collect::<Result<Vec<_>, _>>()?;
        if variants.is_empty() {
            return Err(LabProblem::NothingToBuild {
                path: self.file.clone(),
            });
        }
        variants.sort_by(|one, other| rank(one).cmp(&rank(other)));
        one_of_each(&variants, &wanted)?;
        let name = selection.lab.clone().or_else(|| common_lab(&wanted));
        Ok(Lab {
            name,
            variants,
            siblings: siblings(
                &self.document,
                self.directory(),
                selection.project.as_deref(),
            ),
            skipped,
        })
    }

    /// One service, by its name.
    ///
    /// # Errors
    /// Where there is none of this name, or it says what the kit can't honour.
    pub fn service(&self, name: &str) -> Result<Variant, LabProblem> {
        let services = self.services().unwrap_or_default();
        let service = services.iter().find(|service| service.service == name);
        let service = service.ok_or_else(|| unknown_variant(name, &self.file, &services))?;
        self.variant(service, &Secrets::of(&self.document))
    }

    /// The names of all services of a lab, or of the file where none is named, whatever their
    /// profiles.
    pub fn names(&self, lab: Option<&str>) -> Vec<String> {
        let services = self.services().unwrap_or_default().into_iter();
        let members = services
            .filter(|service| lab.is_none_or(|lab| lab_of(service).as_deref() == Some(lab)));
        members.map(|service| service.service.to_owned()).collect()
    }

    fn services(&self) -> Option<Vec<Node<'_>>> {
        let services = self.document.get("services")?.as_mapping()?.iter();
        services
            .map(|(name, value)| {
                Some(Node {
                    service: name.as_str()?,
                    key: String::new(),
                    value,
                })
            })
            .collect()
    }

    fn directory(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("/"))
    }

    fn malformed(&self, reason: Malformed) -> LabProblem {
        LabProblem::NotCompose {
            path: self.file.clone(),
            reason,
        }
    }

    fn variant(&self, service: &Node<'_>, secrets: &Secrets<'_>) -> Result<Variant, LabProblem> {
        let XLab {
            role,
            run,
            timeout,
            policy,
            exercise,
        } = policy::read(service, self.directory())?;
        let build = build::read(service, secrets)?;
        let image = service
            .get("image")?
            .map(|image| image.text())
            .transpose()?;
        if build.is_none() && image.is_none() {
            return Err(self.malformed(Malformed::NoImage {
                service: service.service.to_owned(),
            }));
        }
        build::check_pull_policy(service, build.as_ref())?;
        let image_platform = match build {
            Some(_) => None,
            None => build::platform(service)?,
        };
        let running = if run.unwrap_or(role.is_some()) {
            Running::Yes(Box::new(RunSpec {
                timeout,
                ..runtime::read(service)?
            }))
        } else {
            Running::No(runtime::command(service)?)
        };
        Ok(Variant {
            name: service.service.to_owned(),
            role,
            image,
            build,
            image_platform,
            running,
            policy,
            exercise,
        })
    }
}

/// The YAML reader refuses a whole text for one integer larger than 64 bits. It gives a line of
/// Compose's output, which the user never sees: the problem names the service and the key.
fn too_wide(reason: &str) -> Option<LabProblem> {
    let (path, rest) = reason.split_once(": invalid type: integer `")?;
    let (service, key) = path.strip_prefix("services.")?.split_once('.')?;
    let (value, _) = rest.split_once('`')?;
    Some(LabProblem::BadValue {
        service: service.to_owned(),
        key: key.to_owned(),
        value: value.to_owned(),
        expected: Expected::Integer,
    })
}

/// Reference, rungs, solution, then the others, each by name.
fn rank(variant: &Variant) -> (usize, &str) {
    let place = match variant.role {
        Some(Role::Reference) => 0,
        Some(Role::Rung) => 1,
        Some(Role::Solution) => 2,
        None => 3,
    };
    (place, &variant.name)
}

fn one_of_each(variants: &[Variant], services: &[Node<'_>]) -> Result<(), LabProblem> {
    let lab = |variant: &Variant| {
        let mut services = services.iter();
        lab_of(services.find(|service| service.service == variant.name)?)
    };
    for (role, name) in [(Role::Reference, "reference"), (Role::Solution, "solution")] {
        let mut bearers = variants.iter().filter(|one| one.role == Some(role));
        if let (Some(first), Some(second)) = (bearers.next(), bearers.next()) {
            let labs = [lab(first), lab(second)];
            let differ = labs[0] != labs[1];
            return Err(LabProblem::RoleTwice {
                labs: labs.into_iter().flatten().filter(|_| differ).collect(),
                first: first.name.clone(),
                second: second.name.clone(),
                role: name,
            });
        }
    }
    Ok(())
}

/// The one lab that all of these say they belong to.
fn common_lab(services: &[Node<'_>]) -> Option<String> {
    let first = lab_of(services.first()?)?;
    services
        .iter()
        .all(|service| lab_of(service).as_ref() == Some(&first))
        .then_some(first)
}
