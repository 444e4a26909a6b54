use super::outputs::difference;
use crate::model::{Behaved, Behaviour, Changed, Ending, Fact, Finding, Run, VariantReport};

/// What a container did then and does now; `None` unless it ran to its end both times.
pub(super) fn behaviour(before: Option<&Run>, after: Option<&Run>) -> Option<Behaviour> {
    Some(Behaviour {
        before: behaved(before?)?,
        after: behaved(after?)?,
    })
}

fn behaved(run: &Run) -> Option<Behaved> {
    let Ending::Exited { code } = run.ending else {
        return None;
    };
    Some(Behaved {
        exit_code: code,
        stdout_bytes: run.stdout.bytes,
        stdout_sha256: run.stdout.sha256,
    })
}

/// Another exit code, another output, or a container that is not run any more.
pub(super) fn changes(variant: &VariantReport, before: &VariantReport) -> Vec<Finding> {
    let error = |changed| variant.error(variant.command_line, Fact::Changed(changed));
    let Some(found) = behaviour(before.run.as_ref(), variant.run.as_ref()) else {
        // Without an image there is nothing to run, and that is said apart.
        let is_spared = before.run.is_some() && variant.run.is_none() && variant.measured.is_some();
        return is_spared
            .then(|| error(Changed::NotRun))
            .into_iter()
            .collect();
    };
    let mut facts = Vec::new();
    let codes = (found.before.exit_code, found.after.exit_code);
    if codes.0 != codes.1 {
        let (before, after) = codes;
        facts.push(Changed::ExitCode { before, after });
    }
    if let (Some(earlier), Some(now)) = (&before.run, &variant.run) {
        let difference = difference(&earlier.stdout, &now.stdout);
        facts.extend(difference.map(|difference| Changed::Output { difference }));
    }
    facts.into_iter().map(error).collect()
}
