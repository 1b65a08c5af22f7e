//! Tables of text for people: aligned columns, one line for each row.

/// So much of a long path a line has room for.
const PATH: usize = 6;

/// The rows under their headings, every column as wide as its widest cell, lines without blanks at their ends.
pub(crate) fn columns<const N: usize>(headings: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Vec<String> {
    let mut all = vec![headings.map(str::to_owned)];
    all.extend(rows.into_iter().map(|row| row.map(|cell| one_line(&cell))));
    let widths: Vec<usize> =
        (0..N).map(|column| all.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    let line = |row: &[String; N]| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    all.iter().map(line).collect()
}

/// A name may hold line breaks and other control characters; a line of text must not.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The stops of a path as far as a line has room for them: a longer one keeps its beginning and its end.
pub(crate) fn path(stops: &[String]) -> String {
    if stops.len() <= PATH {
        return stops.join(" > ");
    }
    let end = &stops[stops.len() - (PATH - 1)..];
    format!("{} > … > {}", stops[0], end.join(" > "))
}

/// A number with what it counts.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a\nb".to_owned(), "1".to_owned()], ["Zürich Kasse".to_owned(), String::new()]];
        assert_eq!(columns(["NAME", "N"], rows), ["NAME          N", "a b           1", "Zürich Kasse"]);
    }

    #[test]
    fn a_long_path_keeps_its_beginning_and_its_end() {
        let stops: Vec<String> = (0..9).map(|it: i32| it.to_string()).collect();
        assert_eq!(path(&stops[..6]), "0 > 1 > 2 > 3 > 4 > 5");
        assert_eq!(path(&stops), "0 > … > 4 > 5 > 6 > 7 > 8");
    }
}
