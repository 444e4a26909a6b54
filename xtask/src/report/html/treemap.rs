//! Rectangles whose areas are in proportion to weights, as near to squares as can be
//! (Bruls, Huizing, van Wijk: "Squarified Treemaps", 2000). Pure geometry.

/// A place in the drawing, in its units; `x` and `y` are of the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Area {
    pub(super) fn size(self) -> f64 {
        self.width * self.height
    }

    /// Less so much at the left, top, right and bottom; never less than nothing.
    pub(super) fn inset(self, [left, top, right, bottom]: [f64; 4]) -> Self {
        Self {
            x: self.x + left,
            y: self.y + top,
            width: (self.width - left - right).max(0.0),
            height: (self.height - top - bottom).max(0.0),
        }
    }
}

/// Divides `area` among `weights`, which are positive and from the largest down: the i-th
/// area is the i-th weight's. They cover `area` and do not overlap.
pub(super) fn squarify(weights: &[f64], area: Area) -> Vec<Area> {
    let mut places = Vec::with_capacity(weights.len());
    let mut rest = area;
    let mut left: f64 = weights.iter().sum();
    let mut weights = weights;
    while !weights.is_empty() {
        let side = rest.width.min(rest.height);
        let scale = if left > 0.0 { rest.size() / left } else { 0.0 };
        let taken = row_length(weights, scale, side);
        let (row, others) = weights.split_at(taken);
        let sum: f64 = row.iter().sum();
        let share = if others.is_empty() || left <= 0.0 {
            1.0
        } else {
            sum / left
        };
        rest = lay(row, sum, share, rest, &mut places);
        left -= sum;
        weights = others;
    }
    places
}

/// How many of the first weights make the row whose worst rectangle is nearest to a square.
fn row_length(weights: &[f64], scale: f64, side: f64) -> usize {
    let mut sum = 0.0;
    let mut best = f64::INFINITY;
    for (at, weight) in weights.iter().enumerate() {
        sum += weight * scale;
        let worst = elongation(weights[0] * scale, weight * scale, sum, side);
        if worst > best {
            return at;
        }
        best = worst;
    }
    weights.len()
}

/// The longest side of the row's worst rectangle over its shortest.
fn elongation(largest: f64, smallest: f64, sum: f64, side: f64) -> f64 {
    let (side, sum) = (side * side, sum * sum);
    if sum <= 0.0 || side <= 0.0 || smallest <= 0.0 {
        return f64::INFINITY;
    }
    (side * largest / sum).max(sum / (side * smallest))
}

/// Puts a row along the shorter side of `area`, as deep as its share, and gives what is
/// left of the area.
fn lay(row: &[f64], sum: f64, share: f64, area: Area, places: &mut Vec<Area>) -> Area {
    let is_wide = area.width >= area.height;
    let (depth, side) = if is_wide {
        (area.width * share, area.height)
    } else {
        (area.height * share, area.width)
    };
    let mut before = 0.0;
    for weight in row {
        let part = if sum > 0.0 { weight / sum } else { 0.0 };
        let (from, length) = (before * side, part * side);
        before += part;
        places.push(if is_wide {
            Area {
                x: area.x,
                y: area.y + from,
                width: depth,
                height: length,
            }
        } else {
            Area {
                x: area.x + from,
                y: area.y,
                width: length,
                height: depth,
            }
        });
    }
    if is_wide {
        area.inset([depth, 0.0, 0.0, 0.0])
    } else {
        area.inset([0.0, depth, 0.0, 0.0])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Area, squarify};

    const PAGE: Area = Area {
        x: 10.0,
        y: 20.0,
        width: 1_200.0,
        height: 400.0,
    };

    fn descending(mut weights: Vec<f64>) -> Vec<f64> {
        weights.sort_by(|a, b| b.total_cmp(a));
        weights
    }

    fn overlap(a: Area, b: Area) -> f64 {
        let width = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
        let height = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
        width.max(0.0) * height.max(0.0)
    }

    proptest! {
        #[test]
        fn areas_are_in_proportion_cover_and_do_not_overlap(
            weights in proptest::collection::vec(1.0..1e9_f64, 1..60)
        ) {
            let weights = descending(weights);
            let total: f64 = weights.iter().sum();
            let places = squarify(&weights, PAGE);
            prop_assert_eq!(places.len(), weights.len());
            for (place, weight) in places.iter().zip(&weights) {
                let due = weight / total * PAGE.size();
                prop_assert!((place.size() - due).abs() < 1e-6 * PAGE.size());
                prop_assert!(place.x >= PAGE.x - 1e-6 && place.y >= PAGE.y - 1e-6);
                prop_assert!(place.x + place.width <= PAGE.x + PAGE.width + 1e-6);
                prop_assert!(place.y + place.height <= PAGE.y + PAGE.height + 1e-6);
            }
            for (at, place) in places.iter().enumerate() {
                for other in &places[at + 1..] {
                    prop_assert!(overlap(*place, *other) < 1e-3);
                }
            }
        }
    }

    #[test]
    fn the_papers_example_is_laid_out_as_in_the_paper() {
        let area = Area {
            x: 0.0,
            y: 0.0,
            width: 6.0,
            height: 4.0,
        };
        let places = squarify(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], area);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(places[0].width, 3.0) && near(places[0].height, 2.0));
        assert!(near(places[1].y, 2.0) && near(places[2].x, 3.0));
        assert!(near(places[2].width, 12.0 / 7.0) && near(places[2].height, 7.0 / 3.0));
    }

    #[test]
    fn nothing_and_no_room_give_no_nonsense() {
        assert!(squarify(&[], PAGE).is_empty());
        let flat = Area {
            height: 0.0,
            ..PAGE
        };
        let places = squarify(&[2.0, 1.0], flat);
        assert_eq!(places.len(), 2);
        assert!(places.iter().all(|place| place.size().abs() < 1e-9));
    }
}
