//! A size large enough to be read from the last row.

/// Rows of a picture of digits at its smallest.
pub(super) const HEIGHT: usize = 5;

/// One row a string; each sign is a square: two columns, one row.
const fn glyph(sign: char) -> [&'static str; HEIGHT] {
    match sign {
        '0' => ["###", "# #", "# #", "# #", "###"],
        '1' => [" # ", "## ", " # ", " # ", "###"],
        '2' => ["###", "  #", "###", "#  ", "###"],
        '3' => ["###", "  #", "###", "  #", "###"],
        '4' => ["# #", "# #", "###", "  #", "  #"],
        '5' => ["###", "#  ", "###", "  #", "###"],
        '6' => ["###", "#  ", "###", "# #", "###"],
        '7' => ["###", "  #", "  #", "  #", "  #"],
        '8' => ["###", "# #", "###", "# #", "###"],
        '9' => ["###", "# #", "###", "  #", "###"],
        '.' => [" ", " ", " ", " ", "#"],
        ',' => ["  ", "  ", "  ", " #", "# "],
        'B' => ["## ", "# #", "## ", "# #", "## "],
        'G' => ["####", "#   ", "# ##", "#  #", "####"],
        'M' => ["#   #", "## ##", "# # #", "#   #", "#   #"],
        'T' => ["###", " # ", " # ", " # ", " # "],
        'k' => ["#  ", "# #", "## ", "# #", "# #"],
        'o' => ["   ", "   ", "###", "# #", "###"],
        _ => [" ", " ", " ", " ", " "],
    }
}

/// The text, such as `607.4 MB`, as large as `columns` and `rows` allow; `None` where not even
/// the smallest picture fits.
pub(super) fn digits(text: &str, columns: usize, rows: usize) -> Option<Vec<String>> {
    let squares: Vec<String> = (0..HEIGHT)
        .map(|row| {
            let signs: Vec<&str> = text.chars().map(|sign| glyph(sign)[row]).collect();
            signs.join(" ")
        })
        .collect();
    let width = squares.iter().map(String::len).max()? * 2;
    let scale = (columns / width.max(1)).min(rows / HEIGHT).min(3);
    if scale == 0 {
        return None;
    }
    let wide = |row: &String| -> String {
        let sign = |sign| if sign == '#' { "█" } else { " " };
        row.chars().map(|one| sign(one).repeat(2 * scale)).collect()
    };
    let lines = squares.iter().map(wide);
    Some(lines.flat_map(|line| vec![line; scale]).collect())
}

#[cfg(test)]
mod tests {
    use super::{digits, glyph};

    #[test]
    fn every_sign_of_a_size_has_a_picture_of_its_own() {
        let signs = "0123456789.,BGMTko";
        let pictures: std::collections::BTreeSet<_> = signs.chars().map(glyph).collect();
        assert_eq!(pictures.len(), signs.len());
        for rows in signs.chars().map(glyph) {
            assert!(
                rows.iter().all(|row| row.len() == rows[0].len()),
                "{rows:?}"
            );
        }
    }

    #[test]
    fn a_size_fits_80_columns_and_grows_with_the_screen() {
        for text in ["607.4 MB", "607,4\u{a0}Mo", "999.9 kB", "18.4 GB"] {
            let small = digits(text, 78, 6).unwrap();
            assert_eq!(small.len(), 5, "{text}");
            assert!(small.iter().all(|line| line.chars().count() <= 78));
            assert_eq!(digits(text, 160, 14).unwrap().len(), 10);
        }
        assert_eq!(digits("607.4 MB", 30, 5), None);
        assert_eq!(digits("1 B", 78, 4), None);
    }
}
