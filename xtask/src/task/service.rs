use super::inputs;
use super::own_files::OwnFiles;
use super::project::Project;
use super::siblings::named_context;
use super::source::Source;
use crate::measure::OwnFile;
use crate::model::{Builder, MadeFrom, Platform, Policy, Problem, Variant};

/// A service, with everything that is known before its build.
pub(super) struct Service {
    pub(super) variant: Variant,
    /// What it is judged by.
    pub(super) policy: Policy,
    /// `None` where nothing is built, or from what is not at hand.
    pub(super) source: Option<Source>,
    /// The services that it builds on, by their numbers in the session.
    pub(super) after: Vec<usize>,
    /// The kit's own files in its build context.
    pub(super) own_files: Vec<OwnFile>,
    /// What its build reads.
    pub(super) made_from: MadeFrom,
}

impl Service {
    /// Reads the Dockerfile.
    pub(super) fn read(
        variant: Variant,
        policy: Policy,
        (project, platform): (&Project, &Platform),
    ) -> Result<Self, Problem> {
        let spec = variant.build.as_ref();
        let source = spec.map_or(Ok(None), |spec| {
            Source::read(&variant, spec, project, platform)
        })?;
        Ok(Self {
            variant,
            policy,
            source,
            after: Vec::new(),
            own_files: Vec::new(),
            made_from: MadeFrom::default(),
        })
    }

    /// Looks into its build context.
    pub(super) fn look(&mut self, own_files: &OwnFiles, project: &Project) {
        if let Some(spec) = &self.variant.build {
            self.own_files = own_files.within(spec, project);
        }
        if let Some(source) = &self.source {
            self.made_from = inputs::made_from(&self.variant, source, project);
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.variant.name
    }

    /// The images that its build takes from outside, without what a named context is instead.
    pub(super) fn bases(&self, builder: Builder) -> Vec<String> {
        let flags = self.variant.build.iter().flat_map(|spec| &spec.flags);
        let contexts: Vec<&str> = flags
            .filter_map(named_context)
            .map(|(name, _)| name)
            .collect();
        let bases = self.source.iter().flat_map(|source| source.bases(builder));
        bases
            .filter(|base| !contexts.contains(&base.as_str()))
            .collect()
    }

    /// Whether one build makes both images.
    pub(super) fn is_built_as(&self, other: &Self) -> bool {
        self.variant.build.is_some()
            && self.variant.build == other.variant.build
            && self.after == other.after
    }
}

/// The number of the service whose build gives its image this name.
pub(super) fn builder_of(services: &[Service], image: &str) -> Option<usize> {
    let is_builder = |it: &Variant| it.build.is_some() && it.image.as_deref() == Some(image);
    services.iter().position(|it| is_builder(&it.variant))
}
