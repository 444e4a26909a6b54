use std::collections::BTreeMap;

use crate::model::{Bytes, ImagePath, PathChange};

/// Directories that together explain a change; more are no summary.
const MOST: usize = 4;

/// How much of a directory's change those below it must explain to take its place, in per cent.
const ENOUGH: i128 = 90;

/// The directories that explain most of a change, each with all that is below it, in the
/// direction of the change: the largest first.
pub fn rolled_up(paths: &[PathChange]) -> Vec<PathChange> {
    let mut below: BTreeMap<&[u8], (u64, u64)> = BTreeMap::new();
    for change in paths {
        let path = change.path.as_bytes();
        let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        let ends = ends.map(|(at, _)| at).chain([0, path.len()]);
        let mut above: Vec<&[u8]> = ends.map(|end| &path[..end]).collect();
        above.sort_unstable();
        above.dedup();
        for directory in above {
            let sums = below.entry(directory).or_default();
            sums.0 = sums.0.saturating_add(change.before.0);
            sums.1 = sums.1.saturating_add(change.after.0);
        }
    }
    let delta = |directory: &[u8]| {
        let (before, after) = below.get(directory).copied().unwrap_or_default();
        i128::from(after) - i128::from(before)
    };
    let whole = delta(b"");
    if whole == 0 {
        return Vec::new();
    }
    let mut shown: Vec<&[u8]> = vec![b""];
    loop {
        let split = shown.iter().enumerate().find_map(|(at, directory)| {
            // Beside others, a directory only gives way to the one that is most of it.
            let most = if shown.len() == 1 { MOST } else { 1 };
            let parts = parts(&below, directory, whole.signum(), &delta, most)?;
            Some((at, parts))
        });
        let Some((at, parts)) = split else { break };
        shown.splice(at..=at, parts);
    }
    let mut shown: Vec<PathChange> = shown
        .into_iter()
        .map(|directory| {
            let (before, after) = below.get(directory).copied().unwrap_or_default();
            PathChange {
                path: ImagePath::from_normalised(directory),
                before: Bytes(before),
                after: Bytes(after),
            }
        })
        .collect();
    shown.sort_by_key(|change| std::cmp::Reverse(change.delta().0.unsigned_abs()));
    shown
}

/// The fewest directories right below one that explain enough of its change.
fn parts<'a>(
    below: &BTreeMap<&'a [u8], (u64, u64)>,
    directory: &[u8],
    sign: i128,
    delta: &impl Fn(&[u8]) -> i128,
    most: usize,
) -> Option<Vec<&'a [u8]>> {
    let is_right_below = |path: &&[u8]| {
        let rest = match directory {
            b"" => Some(*path),
            _ => path
                .strip_prefix(directory)
                .and_then(|it| it.strip_prefix(b"/")),
        };
        rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(&b'/'))
    };
    let mut parts: Vec<&[u8]> = below.keys().copied().filter(is_right_below).collect();
    parts.retain(|path| delta(path) * sign > 0);
    parts.sort_by_key(|path| std::cmp::Reverse(delta(path) * sign));
    let wanted = delta(directory) * sign;
    let mut sum = 0;
    for count in 1..=parts.len().min(most) {
        sum += delta(parts[count - 1]) * sign;
        if sum * 100 >= wanted * ENOUGH {
            parts.truncate(count);
            return Some(parts);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::rolled_up;
    use crate::model::{Bytes, PathChange};

    fn rolled(paths: &[(&str, u64, u64)]) -> Vec<(String, i64)> {
        let paths: Vec<PathChange> = paths
            .iter()
            .map(|(path, before, after)| PathChange {
                path: (*path).into(),
                before: Bytes(*before),
                after: Bytes(*after),
            })
            .collect();
        let rolled = rolled_up(&paths).into_iter();
        rolled
            .map(|it| (it.path.to_string(), it.delta().0))
            .collect()
    }

    fn is(path: &str, delta: i64) -> (String, i64) {
        (path.to_owned(), delta)
    }

    #[test]
    fn many_small_directories_are_one_and_two_large_ones_are_two() {
        let names: Vec<String> = (0..500)
            .map(|at| format!("code/node_modules/m{at}/lib"))
            .collect();
        let many: Vec<(&str, u64, u64)> = names.iter().map(|it| (it.as_str(), 0, 1_000)).collect();
        assert_eq!(rolled(&many), [is("code/node_modules", 500_000)]);
        let site = "usr/lib/python3/site-packages";
        let [core, random, libs, info] = [
            "numpy/core",
            "numpy/random",
            "numpy.libs",
            "numpy-2.dist-info",
        ]
        .map(|it| format!("{site}/{it}"));
        let numpy = [
            (core.as_str(), 0, 30_000_000),
            (random.as_str(), 0, 12_700_000),
            (libs.as_str(), 0, 28_500_000),
            (info.as_str(), 0, 200_000),
            ("var/log", 0, 99),
        ];
        assert_eq!(
            rolled(&numpy),
            [
                is(&format!("{site}/numpy"), 42_700_000),
                is(&format!("{site}/numpy.libs"), 28_500_000),
            ]
        );
    }

    #[test]
    fn only_what_changed_in_the_same_direction_is_named() {
        let paths = [("a/x", 0, 900), ("b", 1_000, 100), ("c", 0, 1_000)];
        assert_eq!(rolled(&paths), [is("c", 1_000)]);
        assert_eq!(rolled(&[("a", 5, 5)]), []);
    }
}
