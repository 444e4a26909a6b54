use crate::model::{Bytes, ImageRecord, Kind, Measured};

use super::largest::Largest;

/// A file that a COPY or ADD brought.
#[derive(Debug, PartialEq, Eq)]
pub struct Copied<'a> {
    pub path: &'a str,
    pub bytes: Bytes,
    /// The line of the instruction.
    pub line: u32,
}

/// The `most` largest files of at least `least` bytes in layers that a COPY or ADD made, without
/// the kit's own: most bytes first, then by path.
pub fn largest_copied<'a>(
    record: &'a ImageRecord,
    measured: &Measured,
    least: Bytes,
    most: usize,
) -> Vec<Copied<'a>> {
    let excluded = measured.excluded.as_deref().unwrap_or_default();
    let mut largest = Largest::new(most);
    for (number, (layer, sized)) in record.layers.iter().zip(&measured.layers).enumerate() {
        let step = sized
            .step
            .as_ref()
            .filter(|step| super::growth::is_copy(step));
        let Some(line) = step.and_then(|step| step.place.as_ref()?.line) else {
            continue;
        };
        for entry in &layer.content.entries {
            let path = entry.path.as_bytes();
            let is_own = excluded.iter().any(|it| {
                it.layer == number && super::excluded::is_at_or_below(path, it.path.as_bytes())
            });
            let is_file = matches!(entry.kind, Kind::File { .. });
            if !is_file || is_own || entry.bytes() < least {
                continue;
            }
            if let Ok(path) = std::str::from_utf8(path) {
                largest.offer(entry.bytes(), (path, line));
            }
        }
    }
    let sorted = largest.into_sorted(Ord::cmp).into_iter();
    sorted
        .map(|(bytes, (path, line))| Copied { path, bytes, line })
        .collect()
}
