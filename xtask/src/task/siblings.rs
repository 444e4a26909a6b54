use super::project::Project;
use super::service::Service;
use crate::archive::is_same_name;
use crate::lab::Resolved;
use crate::model::{
    Builder, Event, Events, Flag, Note, Platform, Policy, Problem, Sibling, SourceProblem, Variant,
};

/// How a service is made ready to be built.
pub(super) struct Maker<'a> {
    pub(super) resolved: &'a Resolved,
    pub(super) project: &'a Project,
    pub(super) builder: Builder,
    pub(super) platform: &'a Platform,
    pub(super) events: &'a Events,
    pub(super) prepare: &'a dyn Fn(&mut Variant) -> Result<(), SourceProblem>,
}

impl Maker<'_> {
    /// Finds out which services build on which, by FROM, `COPY --from`, `RUN --mount=from=` and
    /// `additional_contexts`, and gives the images among them that have no name the one that is
    /// used for them. Services that only others build on are added at the end.
    pub(super) fn link(
        &self,
        services: &mut Vec<Service>,
        siblings: &[Sibling],
    ) -> Result<(), Problem> {
        let mut next = 0;
        while let Some(service) = services.get(next) {
            for Use { sibling, image } in self.used(service, siblings) {
                let at = self.place(&sibling.service, services)?;
                self.events.send(Event::Note(Note::BuildsOn {
                    service: services[next].name().to_owned(),
                    other: sibling.service,
                }));
                let variant = &mut services[at].variant;
                variant.image.get_or_insert(image);
                services[next].after.push(at);
            }
            next += 1;
        }
        check_order(services)?;
        fill_contexts(services);
        Ok(())
    }

    /// The siblings whose images a service's build takes, each once.
    fn used(&self, service: &Service, siblings: &[Sibling]) -> Vec<Use> {
        let flags = service.variant.build.iter().flat_map(|spec| &spec.flags);
        let contexts = flags.filter_map(named_context);
        let services = contexts.filter_map(|(_, at)| at.strip_prefix("service:"));
        let by_name = services.filter_map(|service| {
            let sibling = siblings.iter().find(|it| it.service == service)?;
            let image = sibling.images.first()?.clone();
            Some((sibling, image))
        });
        let by_image = service.bases(self.builder).into_iter();
        let by_image = by_image.filter_map(|image| {
            let is_it = |other: &String| is_same_name(&image, other);
            let sibling = siblings.iter().find(|it| it.images.iter().any(is_it))?;
            Some((sibling, image))
        });
        let mut used: Vec<Use> = Vec::new();
        for (sibling, image) in by_name.chain(by_image) {
            let is_new = used.iter().all(|it| it.sibling.service != sibling.service);
            if is_new && sibling.service != service.name() {
                let sibling = sibling.clone();
                used.push(Use { sibling, image });
            }
        }
        used
    }

    /// The number of a service, which is made ready where it is not there yet.
    fn place(&self, name: &str, services: &mut Vec<Service>) -> Result<usize, Problem> {
        if let Some(at) = services.iter().position(|it| it.name() == name) {
            return Ok(at);
        }
        let mut variant = self.resolved.service(name)?;
        (self.prepare)(&mut variant)?;
        let place = (self.project, self.platform);
        services.push(Service::read(variant, Policy::default(), place)?);
        Ok(services.len() - 1)
    }
}

/// A sibling, and what its image is called where it is used.
struct Use {
    sibling: Sibling,
    image: String,
}

/// Refuses services that build on each other.
fn check_order(services: &[Service]) -> Result<(), SourceProblem> {
    let mut left: Vec<usize> = (0..services.len()).collect();
    loop {
        let waits = |at: &usize| services[*at].after.iter().any(|other| left.contains(other));
        let still: Vec<usize> = left.iter().copied().filter(waits).collect();
        if still.is_empty() {
            return Ok(());
        }
        if still.len() == left.len() {
            let services = still.iter().map(|at| services[*at].name().to_owned());
            let services = services.collect();
            return Err(SourceProblem::Circle { services });
        }
        left = still;
    }
}

/// Replaces `service:NAME` in additional contexts by that service's image.
fn fill_contexts(services: &mut [Service]) {
    let images: Vec<(String, Option<String>)> = services
        .iter()
        .map(|it| (it.name().to_owned(), it.variant.image.clone()))
        .collect();
    let specs = services
        .iter_mut()
        .filter_map(|it| it.variant.build.as_mut());
    for flag in specs.flat_map(|it| &mut it.flags) {
        let image = named_context(flag).and_then(|(name, at)| {
            let service = at.strip_prefix("service:")?;
            let (_, image) = images.iter().find(|(other, _)| other == service)?;
            Some(format!("{name}=docker-image://{}", image.as_ref()?))
        });
        if image.is_some() {
            flag.value = image;
        }
    }
}

/// An additional context: the name it replaces, and where it is.
pub(super) fn named_context(flag: &Flag) -> Option<(&str, &str)> {
    let value = flag.value.as_deref();
    value
        .filter(|_| flag.name == "--build-context")?
        .split_once('=')
}
