use std::thread;

use super::{lab_command, trouble};
use crate::cli::DoctorArgs;
use crate::engine::{Driver, Endpoint, Engine};
use crate::host::{self, BASE_VARIABLE, DockerCommand, Network, REAL_BASE, RealBase, STAND_IN};
use crate::model::{
    Builder, Found, Lab, Mend, Part, PartName, PartState, Platform, Presence, Problem, Reach,
    Remedy,
};
use crate::task::bases;
use crate::task::context::Context;
use crate::task::project::Project;
use crate::task::service::Service;

/// A lab that was resolved, and where it is to be built.
pub(super) struct Scene<'a> {
    pub(super) args: &'a DoctorArgs,
    pub(super) project: &'a Project,
    pub(super) lab: &'a Lab,
    pub(super) endpoint: &'a Endpoint,
    pub(super) engine: Option<&'a Engine>,
    /// `None` where there is no Docker command.
    pub(super) driver: Option<Driver>,
}

/// An image of the lab's, and what a registry says of it, where one was asked.
struct Sought {
    reference: String,
    presence: Presence,
    asked: Option<(String, Reach)>,
}

impl Scene<'_> {
    /// The Compose file, the images that it builds on, and the registry that they are from.
    pub(super) fn parts(&self, cx: &Context) -> Result<Vec<Part>, Problem> {
        let services = match self.services() {
            Ok(services) => services,
            Err(problem) => return Ok(vec![trouble(PartName::ComposeFile, problem)]),
        };
        let mut parts = vec![Part {
            name: PartName::ComposeFile,
            state: PartState::Good,
            found: Found::Named(self.project.file.display().to_string()),
        }];
        let builder = self.driver.map_or(Builder::Buildkit, Driver::builder);
        let wanted = bases::wanted(&services, &self.lab.siblings, builder);
        let sought = self.seek(wanted, cx)?;
        parts.extend(sought.iter().map(|sought| self.base(sought, &services)));
        let mut asked: Vec<_> = sought.into_iter().filter_map(|it| it.asked).collect();
        asked.dedup();
        parts.extend(
            asked
                .into_iter()
                .map(|(image, reach)| registry(image, reach)),
        );
        Ok(parts)
    }

    fn services(&self) -> Result<Vec<Service>, Problem> {
        let here = Platform {
            os: "linux".to_owned(),
            arch: match std::env::consts::ARCH {
                "x86_64" => "amd64",
                "aarch64" => "arm64",
                other => other,
            }
            .to_owned(),
            variant: None,
        };
        let platform = self.engine.map_or(here, |it| it.facts().platform.clone());
        let services = self.lab.variants.iter().map(|variant| {
            let place = (self.project, &platform);
            Service::read(variant.clone(), variant.policy.clone(), place)
        });
        services.collect()
    }

    /// At once, for a registry out of reach is waited for.
    fn seek(&self, wanted: Vec<String>, cx: &Context) -> Result<Vec<Sought>, Problem> {
        thread::scope(|scope| {
            let seekers: Vec<_> = wanted
                .into_iter()
                .map(|reference| scope.spawn(|| self.seek_one(reference, cx)))
                .collect();
            let sought = seekers.into_iter().map(thread::ScopedJoinHandle::join);
            sought
                .map(|sought| sought.expect("a room does not panic"))
                .collect()
        })
    }

    fn seek_one(&self, reference: String, cx: &Context) -> Result<Sought, Problem> {
        let (presence, asked) = match (self.engine, self.driver) {
            (Some(engine), Some(_)) => {
                let is_there = engine.has_image(&reference, &cx.cancel);
                let docker = bases::docker_command(self.endpoint);
                match super::unless_stopped(is_there.map_err(Problem::from))? {
                    Ok(true) => in_store(&reference, &docker, cx)?,
                    Ok(false) => missing(&reference, &docker, cx)?,
                    Err(_) => (Presence::Unknown, None),
                }
            }
            _ => (Presence::Unknown, None),
        };
        Ok(Sought {
            reference,
            presence,
            asked,
        })
    }

    fn base(&self, sought: &Sought, services: &[Service]) -> Part {
        let Sought {
            reference,
            presence,
            ..
        } = sought;
        let lab = self.lab.name.as_deref();
        let command = |flag| lab_command(self.args, lab, flag);
        let pull = || format!("docker pull {reference}");
        let state = match presence {
            Presence::InStore => PartState::Good,
            Presence::Unknown => PartState::Optional(Mend::Word(Remedy::EngineFirst)),
            Presence::StandIn { real, reach } => {
                let command = format!("{BASE_VARIABLE}={real} {}", command(""));
                PartState::Optional(match reach {
                    Reach::Out => Mend::Word(Remedy::RealBase { command }),
                    Reach::InStore | Reach::InRegistry => Mend::Command(command),
                })
            }
            Presence::Missing(Reach::InStore | Reach::InRegistry) => {
                PartState::Optional(Mend::Command(pull()))
            }
            Presence::Missing(Reach::Out) if bases::takes_stand_in(services, reference) => {
                PartState::Lacking(Mend::Command(command("--provision")))
            }
            Presence::Missing(Reach::Out) => PartState::Lacking(Mend::Command(pull())),
        };
        Part {
            name: PartName::Base,
            state,
            found: Found::Base {
                reference: reference.clone(),
                presence: presence.clone(),
            },
        }
    }
}

type Answer = (Presence, Option<(String, Reach)>);

fn in_store(reference: &str, docker: &DockerCommand, cx: &Context) -> Result<Answer, Problem> {
    let stands_in = |real: &str, reach| Presence::StandIn {
        real: real.to_owned(),
        reach,
    };
    let base = host::real_base(reference, Network::Allowed, docker, &cx.cancel)?;
    Ok(match base {
        RealBase::Used => {
            let asked = (reference.to_owned(), look_up(reference, docker, cx)?);
            (Presence::InStore, Some(asked))
        }
        RealBase::InStore { real } => (stands_in(&real, Reach::InStore), None),
        RealBase::InReach { real } => {
            let reach = Reach::InRegistry;
            (stands_in(&real, reach), Some((real, reach)))
        }
        RealBase::OutOfReach { real } => (stands_in(&real, Reach::Out), Some((real, Reach::Out))),
    })
}

/// No registry has an image of the stand-in's name, or it is a stranger's.
fn missing(reference: &str, docker: &DockerCommand, cx: &Context) -> Result<Answer, Problem> {
    let (image, is_stand_in) = match reference {
        STAND_IN => (REAL_BASE, true),
        other => (other, false),
    };
    let reach = look_up(image, docker, cx)?;
    let presence = Presence::Missing(if is_stand_in { Reach::Out } else { reach });
    Ok((presence, Some((image.to_owned(), reach))))
}

fn registry(image: String, reach: Reach) -> Part {
    Part {
        name: PartName::Registry,
        state: match reach {
            Reach::Out => PartState::Optional(Mend::Word(Remedy::Pull {
                image: image.clone(),
            })),
            Reach::InStore | Reach::InRegistry => PartState::Good,
        },
        found: Found::Registry { image, reach },
    }
}

fn look_up(image: &str, docker: &DockerCommand, cx: &Context) -> Result<Reach, Problem> {
    let there = host::is_in_registry(image, docker, &cx.cancel)?;
    Ok(if there { Reach::InRegistry } else { Reach::Out })
}
