use std::path::{Path, PathBuf};

use serde_yaml::Value;

use crate::model::LabProblem;

use super::Resolved;

/// How far a service is followed through what it extends; Compose refuses a circle itself.
const MOST_EXTENDED: usize = 16;

impl Resolved {
    /// Checks that it has the `x-lab` of every service that has one in `files`, of its own or of a
    /// service that it extends.
    ///
    /// `docker-compose` 1.29 drops it wherever it joins two services: with an override, of all
    /// services. A budget would then be no budget, in silence. `read` gives a file's text.
    ///
    /// # Errors
    /// Where one is lost, or is at the top of a file and of no service. A file that can't be read
    /// as YAML says nothing: Compose has read it.
    pub fn check_kept(
        &self,
        files: &[PathBuf],
        read: &dyn Fn(&Path) -> Option<String>,
    ) -> Result<(), LabProblem> {
        let services = self.document.get("services").and_then(Value::as_mapping);
        let has_one = |service: &Value| service.get("x-lab").is_some();
        let is_used = services.is_some_and(|services| services.values().any(has_one));
        let sources = files
            .iter()
            .filter_map(|file| Some((file.as_path(), document(&read(file)?)?)));
        let sources: Vec<(&Path, Value)> = sources.collect();
        for (name, service) in services.into_iter().flatten() {
            let Some(name) = name.as_str().filter(|_| !has_one(service)) else {
                continue;
            };
            let mut written = sources.iter().filter_map(|(file, source)| {
                where_written(name, (file, source), read, MOST_EXTENDED)
            });
            if let Some(path) = written.next() {
                let service = name.to_owned();
                return Err(LabProblem::PolicyLost { service, path });
            }
        }
        // Where services have one of their own, it may well be what they share.
        if !is_used && sources.iter().any(|(_, source)| has_one(source)) {
            return Err(LabProblem::PolicyMisplaced {
                service: None,
                key: "x-lab".to_owned(),
            });
        }
        Ok(())
    }
}

/// A Compose file's text as YAML, with what its mappings take over by `<<`.
fn document(text: &str) -> Option<Value> {
    let mut document: Value = serde_yaml::from_str(text).ok()?;
    document.apply_merge().ok()?;
    Some(document)
}

/// The file in which a service, or one that it extends, has an `x-lab`.
fn where_written(
    service: &str,
    (file, source): (&Path, &Value),
    read: &dyn Fn(&Path) -> Option<String>,
    depth: usize,
) -> Option<PathBuf> {
    let service = source.get("services")?.get(service)?;
    // `!reset` takes it away on purpose (compose-spec, "Merge").
    if matches!(service.get("x-lab"), Some(policy) if policy.is_mapping()) {
        return Some(file.to_owned());
    }
    let extends = service.get("extends")?;
    let extended = extends
        .as_str()
        .or_else(|| extends.get("service")?.as_str())?;
    let depth = depth.checked_sub(1)?;
    let Some(other) = extends.get("file").and_then(Value::as_str) else {
        return where_written(extended, (file, source), read, depth);
    };
    let other = file.parent()?.join(other);
    let source = document(&read(&other)?)?;
    where_written(extended, (&other, &source), read, depth)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use crate::lab::Resolved;
    use crate::model::LabProblem;

    const BARE: &str = "services: { app: { image: i } }";
    const WRITTEN: &str = "services: { app: { image: i, x-lab: { budget: 1kB } } }";

    /// Where the lost `x-lab` is written, by what each file says.
    fn lost(resolved: &str, files: &[(&str, &str)]) -> Option<PathBuf> {
        let read = |path: &Path| {
            let file = files.iter().find(|(name, _)| Path::new(name) == path)?;
            Some(file.1.to_owned())
        };
        let joined: Vec<PathBuf> = files.iter().take(2).map(|file| file.0.into()).collect();
        let resolved = Resolved::read(resolved, Path::new("/p/file")).unwrap();
        match resolved.check_kept(&joined, &read).err()? {
            LabProblem::PolicyLost { service, path } => {
                assert_eq!(service, "app");
                Some(path)
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_policy_is_missed_wherever_it_was_written() {
        let extending =
            |what| format!("services: {{ app: {{ extends: {what} }}, base: {{ x-lab: {{}} }} }}");
        let common = "{ file: ../c/common, service: app }";
        let by_merge = "x-p: &p { x-lab: { run: true } }\nservices: { app: { <<: *p, image: i } }";
        let cases: [(&[(&str, &str)], &str); 5] = [
            (&[("/p/file", WRITTEN), ("/p/override", BARE)], "/p/file"),
            (
                &[("/p/file", BARE), ("/p/override", WRITTEN)],
                "/p/override",
            ),
            (&[("/p/file", by_merge)], "/p/file"),
            (&[("/p/file", &extending("base"))], "/p/file"),
            (
                &[
                    ("/p/file", &extending(common)),
                    ("/p/override", BARE),
                    ("/p/../c/common", WRITTEN),
                ],
                "/p/../c/common",
            ),
        ];
        for (files, path) in cases {
            assert_eq!(lost(BARE, files), Some(path.into()), "{files:?}");
        }
    }

    #[test]
    fn a_policy_at_the_top_is_of_no_service_unless_they_share_it() {
        let read = |text: &'static str| move |_: &Path| Some(text.to_owned());
        let files = [PathBuf::from("/p/file")];
        let top = "x-lab: { budget: 1kB }\nservices: { app: { image: i } }";
        let check = |resolved, text| {
            let resolved = Resolved::read(resolved, Path::new("/p/file")).unwrap();
            resolved.check_kept(&files, &read(text))
        };
        let found = check(BARE, top);
        assert!(
            matches!(found, Err(LabProblem::PolicyMisplaced { service: None, key }) if key == "x-lab")
        );
        let shared = "x-lab: &it { budget: 1kB }\nservices: { app: { image: i, x-lab: *it } }";
        assert!(check(WRITTEN, shared).is_ok());
    }

    #[test]
    fn nothing_is_missed_that_was_kept_or_never_written() {
        assert_eq!(lost(WRITTEN, &[("/p/file", WRITTEN)]), None);
        assert_eq!(lost(BARE, &[("/p/file", BARE)]), None);
        let reset = "services: { app: { x-lab: !reset null } }";
        assert_eq!(lost(BARE, &[("/p/file", reset)]), None);
        assert_eq!(lost(BARE, &[("/p/file", "services: [")]), None);
        let circle = "services: { app: { extends: app } }";
        assert_eq!(lost(BARE, &[("/p/file", circle)]), None);
    }
}
