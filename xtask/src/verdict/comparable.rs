use crate::model::{Incomparable, Measured, VariantReport};

/// Whether the sizes of two labs can be set against each other.
///
/// # Errors
/// The first reason why not. Another tag or digest of the same base is none: it drifts.
pub fn comparable(
    labs: [Option<&str>; 2],
    before: &[VariantReport],
    after: &[VariantReport],
) -> Result<(), Incomparable> {
    let [then, now] = labs;
    if then != now {
        return Err(Incomparable::Lab {
            before: then.map(str::to_owned),
            after: now.map(str::to_owned),
        });
    }
    let pairs = after.iter().filter_map(|now| {
        let then = before.iter().find(|then| then.name == now.name)?;
        Some((&now.name, then.measured.as_ref()?, now.measured.as_ref()?))
    });
    for (variant, then, now) in pairs {
        images(variant, then, now)?;
    }
    Ok(())
}

fn images(variant: &str, before: &Measured, after: &Measured) -> Result<(), Incomparable> {
    let variant = variant.to_owned();
    if before.platform != after.platform {
        let told = |image: &Measured| {
            image
                .platform
                .as_ref()
                .map_or("?".to_owned(), ToString::to_string)
        };
        return Err(Incomparable::Platform {
            variant,
            before: told(before),
            after: told(after),
        });
    }
    let named = |measured: &Measured| measured.base.as_ref().map(|it| it.reference.clone());
    let (then, now) = (named(before), named(after));
    let is_stand_in =
        |measured: &Measured| measured.base.as_ref().is_some_and(|base| base.stand_in);
    if let (Some(then), Some(now)) = (&then, &now)
        && is_stand_in(before) != is_stand_in(after)
    {
        let now_it_does = is_stand_in(after);
        let (stand_in, real) = if now_it_does {
            (now, then)
        } else {
            (then, now)
        };
        return Err(Incomparable::StandIn {
            variant,
            stand_in: stand_in.clone(),
            real: real.clone(),
        });
    }
    if then.as_deref().map(repository) != now.as_deref().map(repository) {
        return Err(Incomparable::Base {
            variant,
            before: then,
            after: now,
        });
    }
    Ok(())
}

/// An image's name without tag and digest, as Docker completes a short one
/// (`docker.io/library/python`).
fn repository(reference: &str) -> String {
    let name = reference.split('@').next().unwrap_or_default();
    let start = name.rfind('/').map_or(0, |slash| slash + 1);
    let end = name[start..].find(':').map_or(name.len(), |at| start + at);
    let name = &name[..end];
    let name = name.strip_prefix("index.docker.io/").unwrap_or(name);
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::repository;

    #[test]
    fn a_repository_is_the_name_without_tag_and_digest() {
        for name in [
            "python",
            "python:3.13-slim",
            "python@sha256:00",
            "docker.io/library/python:3.13@sha256:00",
            "index.docker.io/library/python",
        ] {
            assert_eq!(repository(name), "python", "{name}");
        }
        assert_eq!(repository("localhost:5000/a/b"), "localhost:5000/a/b");
        assert_eq!(repository("localhost:5000/a/b:1"), "localhost:5000/a/b");
        assert_ne!(repository("a/python"), repository("b/python"));
    }
}
