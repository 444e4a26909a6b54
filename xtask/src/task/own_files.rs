use std::env;
use std::path::{Path, PathBuf};

use super::project::Project;
use crate::cli::LabArgs;
use crate::measure::{OwnFile, OwnKind};
use crate::model::{BuildSpec, Bytes, Dockerfile};

/// Where the kit lies, as `ci/kit.sh` tells it.
const KIT_ROOT: &str = "KIT_ROOT";

/// By what a clone of the kit is known.
const MARKER: &str = "ci/kit.sh";

/// The kit's own files: baseline, reports and a clone of the kit, as far as they are there before
/// the build. None of them is part of what a project ships.
pub(super) struct OwnFiles(Vec<(PathBuf, OwnKind)>);

impl OwnFiles {
    pub(super) fn find(args: &LabArgs, project: &Project) -> Self {
        let gate = &args.gate;
        let outputs = args.outputs.output.iter().map(|output| &output.path);
        let named = gate.baseline_name.iter();
        let named = named.map(|name| project.root().join(name));
        let here = gate.baseline.iter().chain(outputs).cloned();
        let mut found: Vec<(PathBuf, OwnKind)> = Vec::new();
        for path in here.chain(named) {
            let file = path.canonicalize().ok();
            let size = file.as_ref().and_then(|file| file.metadata().ok());
            if let (Some(file), Some(size)) = (file, size.filter(std::fs::Metadata::is_file)) {
                found.push((file, OwnKind::File(Bytes(size.len()))));
            }
        }
        let kit = kit().filter(|kit| kit.join(MARKER).is_file());
        found.extend(kit.map(|kit| (kit, OwnKind::Clone { marker: MARKER })));
        found.sort_by(|one, other| one.0.cmp(&other.0));
        found.dedup_by(|one, other| one.0 == other.0);
        Self(found)
    }

    /// Those in the build's context.
    pub(super) fn within(&self, spec: &BuildSpec, project: &Project) -> Vec<OwnFile> {
        let Ok(context) = Path::new(&spec.context).canonicalize() else {
            return Vec::new();
        };
        let below = self.0.iter().filter_map(|(path, kind)| {
            let path = path.strip_prefix(&context).ok()?.to_str()?;
            (!path.is_empty()).then(|| OwnFile {
                path: path.to_owned(),
                kind: kind.clone(),
                dockerignore: project.short(&dockerignore(spec, &context)),
            })
        });
        below.collect()
    }
}

/// The file that a builder reads: the Dockerfile's own one where there is one.
fn dockerignore(spec: &BuildSpec, context: &Path) -> PathBuf {
    let own = match &spec.dockerfile {
        Dockerfile::Path(path) => {
            let mut name = context.join(path).into_os_string();
            name.push(".dockerignore");
            Some(PathBuf::from(name)).filter(|own| own.is_file())
        }
        Dockerfile::Inline(_) => None,
    };
    own.unwrap_or_else(|| context.join(".dockerignore"))
}

/// The directory of the kit's clone: where `ci/kit.sh` is, else where this program was built.
fn kit() -> Option<PathBuf> {
    if let Some(told) = env::var_os(KIT_ROOT) {
        return PathBuf::from(told).canonicalize().ok();
    }
    let program = env::current_exe().ok()?.canonicalize().ok()?;
    let mut above = program.ancestors();
    above
        .find(|it| it.join(MARKER).is_file())
        .map(Path::to_owned)
}
