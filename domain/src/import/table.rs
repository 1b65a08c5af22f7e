//! CSV as RFC 4180 has it, read record by record with the line of each cell.
//!
//! Stricter than most readers: a quote that is never closed, or that stands in the middle of a cell, is an
//! error with its line, because a lenient reader would silently swallow the rows up to the next quote.
//! Lines end with LF, CR LF or CR; the delimiter is the most frequent of `,` `;` tab and `|` in the first line,
//! unless that line is `sep=;` or the like.

use std::borrow::Cow;

use super::rejection::Rejection;

/// Longest cell, in bytes.
pub const CELL_MAX: usize = 32 * 1024;

/// What can divide cells.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The text, without the quotes around it.
    pub text: Cow<'a, str>,
    /// It stood in quotes: blanks at its ends belong to it.
    pub quoted: bool,
}

/// One record: a row of the table, on one or more lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its cells.
    pub cells: Vec<Cell<'a>>,
}

impl Record<'_> {
    /// Whether the record says nothing at all.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| !cell.quoted && cell.text.trim().is_empty())
    }
}

/// Reads the records of a text one by one.
#[derive(Debug)]
pub struct Records<'a> {
    file: &'a str,
    text: &'a str,
    at: usize,
    line: usize,
    delimiter: u8,
}

impl<'a> Records<'a> {
    /// The records of a text; `file` names it in rejections.
    #[must_use]
    pub fn new(file: &'a str, text: &'a str) -> Self {
        let Some((delimiter, at)) = stated_delimiter(text) else {
            return Self { file, text, at: 0, line: 1, delimiter: delimiter_of(text) };
        };
        Self { file, text, at, line: 2, delimiter }
    }

    /// The next record, or `None` at the end.
    ///
    /// # Errors
    /// An unclosed or misplaced quote, or a cell above [`CELL_MAX`]. The reader must not be used after that.
    pub fn next_record(&mut self) -> Result<Option<Record<'a>>, Rejection> {
        if self.at >= self.text.len() {
            return Ok(None);
        }
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            let column = cells.len() + 1;
            let cell_line = self.line;
            let cell = if self.byte() == Some(b'"') { self.quoted(column)? } else { self.bare(column)? };
            if cell.text.len() > CELL_MAX {
                return Err(self.refused(cell_line, column, "the cell is longer than 32 KiB", "shorten the cell"));
            }
            cells.push(cell);
            match self.byte() {
                Some(byte) if byte == self.delimiter => self.at += 1,
                _ => {
                    self.end_line();
                    return Ok(Some(Record { line, cells }));
                }
            }
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn end_line(&mut self) {
        if self.byte() == Some(b'\r') {
            self.at += 1;
            if self.byte() == Some(b'\n') {
                self.at += 1;
            }
        } else if self.byte() == Some(b'\n') {
            self.at += 1;
        }
        self.line += 1;
    }

    fn bare(&mut self, column: usize) -> Result<Cell<'a>, Rejection> {
        let rest = &self.text.as_bytes()[self.at..];
        let ends = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\n' | b'\r' | b'"');
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        if rest.get(length) == Some(&b'"') {
            return Err(self.refused(
                self.line,
                column,
                "a double quote stands inside a cell that does not begin with one",
                "put the whole cell in double quotes and write each quote inside it twice",
            ));
        }
        let text = &self.text[self.at..self.at + length];
        self.at += length;
        Ok(Cell { text: Cow::Borrowed(text), quoted: false })
    }

    fn quoted(&mut self, column: usize) -> Result<Cell<'a>, Rejection> {
        let opened = self.line;
        self.at += 1;
        let mut text: Cow<'a, str> = Cow::Borrowed("");
        loop {
            let rest = &self.text[self.at..];
            let Some(length) = rest.bytes().take(CELL_MAX + 2).position(|byte| byte == b'"') else {
                let reason = if rest.len() > CELL_MAX {
                    format!("the cell whose double quote opens on line {opened} is longer than 32 KiB")
                } else {
                    format!("the double quote that opens on line {opened} is never closed")
                };
                return Err(self.refused(opened, column, &reason, "close the quote at the end of that cell"));
            };
            let part = &rest[..length];
            self.count_lines(part);
            self.at += length + 1;
            if text.is_empty() {
                text = Cow::Borrowed(part);
            } else {
                text.to_mut().push_str(part);
            }
            if self.byte() != Some(b'"') {
                break;
            }
            text.to_mut().push('"');
            self.at += 1;
            if text.len() > CELL_MAX {
                break;
            }
        }
        match self.byte() {
            None | Some(b'\n' | b'\r') => Ok(Cell { text, quoted: true }),
            Some(byte) if byte == self.delimiter => Ok(Cell { text, quoted: true }),
            Some(_) if text.len() > CELL_MAX => Ok(Cell { text, quoted: true }),
            Some(_) => Err(self.refused(
                self.line,
                column,
                &format!("text follows the closing quote of a cell whose quote opens on line {opened}"),
                "write each quote inside a cell twice, or close the quote where the cell ends",
            )),
        }
    }

    /// Counts the line ends within a quoted cell. One CR LF is never split: a part ends at a quote.
    fn count_lines(&mut self, part: &str) {
        let bytes = part.as_bytes();
        let ends = bytes
            .iter()
            .enumerate()
            .filter(|(at, byte)| **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')));
        self.line += ends.count();
    }

    fn refused(&self, line: usize, column: usize, reason: &str, remedy: &str) -> Rejection {
        Rejection::of_file(self.file, reason, remedy).at(line).field(&format!("column {column}"))
    }
}

/// The delimiter that a first line such as `sep=;` states, as spreadsheets write it, and where the next line begins.
fn stated_delimiter(text: &str) -> Option<(u8, usize)> {
    let line = text.split_inclusive(['\r', '\n']).next()?;
    let stated = line.trim_end_matches(['\r', '\n']).to_ascii_lowercase();
    let delimiter = stated.trim_matches('"').strip_prefix("sep=")?.bytes().next()?;
    let line_end = if text[line.len()..].starts_with('\n') && line.ends_with('\r') { 1 } else { 0 };
    CANDIDATES.contains(&delimiter).then_some((delimiter, line.len() + line_end))
}

/// The delimiter of a text: the candidate that stands most often outside quotes in the first line of at most 64 KiB.
fn delimiter_of(text: &str) -> u8 {
    let mut counts = [0_usize; 4];
    let mut quoted = false;
    for byte in text.bytes().take(64 * 1024) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => {
                if let Some(at) = CANDIDATES.iter().position(|candidate| *candidate == byte) {
                    counts[at] += 1;
                }
            }
            _ => {}
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let at = counts.iter().position(|count| *count == most).unwrap_or(0);
    CANDIDATES[at]
}

/// Reads a whole text, of which every record must have as many cells as the first one.
///
/// # Errors
/// As [`Records::next_record`], or a record with another number of cells.
pub fn read_all<'a>(file: &'a str, text: &'a str) -> Result<Vec<Record<'a>>, Rejection> {
    let mut records = Records::new(file, text);
    let mut read: Vec<Record<'a>> = Vec::new();
    while let Some(record) = records.next_record()? {
        if let Some(width) = read.first().map(|first| first.cells.len()) {
            check_width(file, &record, width)?;
        }
        read.push(record);
    }
    Ok(read)
}

/// Checks that a record has as many cells as there are columns.
pub(crate) fn check_width(file: &str, record: &Record<'_>, width: usize) -> Result<(), Rejection> {
    let cells = record.cells.len();
    if cells == width {
        return Ok(());
    }
    let reason = format!("the row has {cells} cells, and the header {width}");
    let remedy = "give the row one cell per column, and put a cell that contains the delimiter in double quotes";
    Err(Rejection::of_file(file, reason, remedy).at(record.line).field(&format!("column {}", cells.min(width) + 1)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<Vec<String>> {
        let records = read_all("a.csv", text).unwrap();
        records.into_iter().map(|it| it.cells.into_iter().map(|cell| cell.text.into_owned()).collect()).collect()
    }

    fn refusal(text: &str) -> String {
        read_all("a.csv", text).unwrap_err().to_string()
    }

    #[test]
    fn line_ends_and_delimiters_of_all_kinds_give_the_same_table() {
        let expected = [["id", "name"], ["1", "A"], ["2", "B"]];
        for text in ["id,name\n1,A\n2,B", "id;name\r\n1;A\r\n2;B\r\n", "id\tname\r1\tA\r2\tB\r", "id|name\n1|A\n2|B\n"]
        {
            assert_eq!(texts(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_first_line_may_state_the_delimiter() {
        for text in ["sep=;\na,b;c\n", "\"sep=;\"\r\na,b;c\r\n", "SEP=;\ra,b;c"] {
            assert_eq!(texts(text), [["a,b", "c"]], "{text:?}");
            assert_eq!(read_all("a", text).unwrap()[0].line, 2);
        }
    }

    #[test]
    fn a_quoted_cell_holds_delimiters_quotes_and_lines() {
        assert_eq!(texts("a,b\n\"x, \"\"y\"\"\nz\",\"\""), [["a", "b"], ["x, \"y\"\nz", ""]]);
        let lines: Vec<usize> =
            read_all("a", "a\n\"1\r\n2\r3\n\"\nb").unwrap().iter().map(|record| record.line).collect();
        assert_eq!(lines, [1, 2, 6]);
    }

    #[test]
    fn an_unclosed_quote_is_named_with_the_line_where_it_opened() {
        let sentence = refusal("a,b\n1,2\n3,\"open\n5,6\n");
        assert!(sentence.starts_with("a.csv, line 3, field \"column 2\""), "{sentence}");
        assert!(sentence.contains("never closed"), "{sentence}");
    }

    #[test]
    fn a_quote_in_the_middle_of_a_cell_is_refused() {
        assert!(refusal("a\nsay \"x\"").contains("line 2"));
        assert!(refusal("a\n\"say \"x\"\"").contains("opens on line 2"));
    }

    #[test]
    fn a_cell_has_at_most_32_kib() {
        let most = "x".repeat(CELL_MAX);
        assert_eq!(texts(&format!("a\n{most}")).len(), 2);
        assert_eq!(texts(&format!("a\n\"{most}\"")).len(), 2);
        assert!(refusal(&format!("a\n{most}x")).contains("32 KiB"));
        assert!(refusal(&format!("a\n\"{most}x\"")).contains("32 KiB"));
        assert!(refusal(&format!("a\n\"{}\"", "\"\"".repeat(CELL_MAX + 1))).contains("32 KiB"));
    }

    #[test]
    fn a_row_with_another_number_of_cells_is_refused_with_its_line() {
        assert!(refusal("a,b\n1\n").starts_with("a.csv, line 2"));
        assert!(refusal("a,b\n1,2,3\n").contains("3 cells, and the header 2"));
    }
}
