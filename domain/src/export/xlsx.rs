//! A workbook of one or several sheets (ECMA-376, Office Open XML): heads, rows, nothing else. The same rows give the same bytes.
//!
//! Texts are written in place and never as formulas; what begins like one in a spreadsheet keeps its apostrophe, as in CSV,
//! since people copy cells on. Parts are stored uncompressed: lists are small, and a compressor is one more thing that
//! could change the bytes.

use std::fmt::Write as _;

use crate::import::cell::guarded;
use crate::inventory::Cell;

/// Most rows of a sheet, the heads included, and most characters of a cell: the limits of the format.
const ROWS: usize = 1_048_576;
const CHARACTERS: usize = 32_767;

/// The types of the parts, without the sheets and the end.
const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>"#;
const PACKAGE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
/// The beginnings of the list of sheets, and of where they stand.
const BOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>"#;
const PARTS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#;
/// Style 1 is the bold one of the heads.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>"#;

/// One sheet of a workbook: its name, its heads and its rows.
pub struct Sheet<'a> {
    /// The name, of which the first 31 characters count.
    pub name: &'a str,
    /// The heads, which stay in view while the rows scroll.
    pub heads: &'a [&'a str],
    /// The rows.
    pub rows: Box<dyn Iterator<Item = Vec<Cell>> + 'a>,
}

/// The bytes of a workbook of one sheet. The first row stays in view while the others scroll.
#[must_use]
pub fn workbook<'a>(name: &'a str, heads: &'a [&'a str], rows: impl Iterator<Item = Vec<Cell>> + 'a) -> Vec<u8> {
    workbook_of(vec![Sheet { name, heads, rows: Box::new(rows) }])
}

/// The bytes of a workbook of several sheets, in this order.
#[must_use]
pub fn workbook_of(sheets: Vec<Sheet<'_>>) -> Vec<u8> {
    let names: Vec<String> = sheets.iter().map(|it| escaped(&sheet_name(it.name))).collect();
    let numbered = || names.iter().zip(1..);
    let (mut types, mut book, mut parts) = (TYPES.to_owned(), BOOK.to_owned(), PARTS.to_owned());
    for (name, number) in numbered() {
        write!(types, r#"<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#)
            .expect("writing into a string");
        write!(book, r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#).expect("writing into a string");
        write!(parts, r#"<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#)
            .expect("writing into a string");
    }
    types.push_str(r#"<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#);
    book.push_str("</sheets></workbook>");
    write!(parts, r#"<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#, names.len() + 1)
        .expect("writing into a string");
    let sheets: Vec<(String, String)> = sheets
        .into_iter()
        .zip(1..)
        .map(|(sheet, number)| (format!("xl/worksheets/sheet{number}.xml"), page(sheet)))
        .collect();
    let mut all: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", PACKAGE.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", parts.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
    ];
    all.extend(sheets.iter().map(|(name, sheet)| (name.as_str(), sheet.as_bytes())));
    archive(&all)
}

/// The part of one sheet.
fn page(it: Sheet<'_>) -> String {
    let mut sheet = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>"#,
    );
    for number in 1..=it.heads.len().max(1) {
        write!(sheet, r#"<col min="{number}" max="{number}" width="24" customWidth="1"/>"#)
            .expect("writing into a string");
    }
    sheet.push_str("</cols><sheetData>");
    row(&mut sheet, 1, " s=\"1\"", it.heads.iter().map(|head| Cell::Text((*head).to_owned())));
    for (number, cells) in it.rows.take(ROWS - 1).enumerate() {
        row(&mut sheet, number + 2, "", cells.into_iter());
    }
    sheet.push_str("</sheetData></worksheet>");
    sheet
}

fn row(sheet: &mut String, number: usize, style: &str, cells: impl Iterator<Item = Cell>) {
    write!(sheet, r#"<row r="{number}">"#).expect("writing into a string");
    for (column, cell) in cells.enumerate() {
        let place = format!("{}{number}", letters(column));
        match cell {
            Cell::Number(value) => write!(sheet, r#"<c r="{place}"{style}><v>{value}</v></c>"#),
            Cell::Text(text) if text.is_empty() => Ok(()),
            Cell::Text(text) => {
                let short: String = guarded(&text).chars().take(CHARACTERS).collect();
                let text = escaped(&short);
                write!(sheet, r#"<c r="{place}" t="inlineStr"{style}><is><t xml:space="preserve">{text}</t></is></c>"#)
            }
        }
        .expect("writing into a string");
    }
    sheet.push_str("</row>");
}

/// The letters of a column, counted from 0: A to Z, then AA.
pub(crate) fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(column % 26).expect("less than 26")));
        if column < 26 {
            return letters.into_iter().rev().collect();
        }
        column = column / 26 - 1;
    }
}

/// A name has at most 31 characters, and none that a formula would take for something else.
fn sheet_name(name: &str) -> String {
    let plain =
        name.chars().map(|it| if matches!(it, '\\' | '/' | '?' | '*' | '[' | ']' | ':' | '\'') { ' ' } else { it });
    plain.take(31).collect()
}

/// Text of XML 1.0, which has no way to write most control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(character),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// A ZIP archive of stored parts, all dated 1 January 1980, the first day that the format knows.
pub(crate) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    const DAY: u16 = (1 << 5) | 1;
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in parts {
        let offset = bytes.len();
        let mut header = Vec::new();
        // Version 2.0, names in UTF-8, stored, midnight.
        for number in [20_u16, 0x0800, 0, 0, DAY] {
            header.extend(number.to_le_bytes());
        }
        for number in [crc32(content), size(content.len()), size(content.len())] {
            header.extend(number.to_le_bytes());
        }
        header.extend(u16::try_from(name.len()).expect("our own short names").to_le_bytes());
        bytes.extend(*b"PK\x03\x04");
        bytes.extend(&header);
        bytes.extend(0_u16.to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(*content);
        directory.extend(*b"PK\x01\x02\x14\x00");
        directory.extend(&header);
        // No extra field, no comment, first disk, no attributes.
        directory.extend([0_u8; 12]);
        directory.extend(size(offset).to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let begins = bytes.len();
    bytes.extend(&directory);
    bytes.extend(*b"PK\x05\x06\0\0\0\0");
    let count = u16::try_from(parts.len()).expect("a handful of parts");
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(size(directory.len()).to_le_bytes());
    bytes.extend(size(begins).to_le_bytes());
    bytes.extend(0_u16.to_le_bytes());
    bytes
}

fn size(length: usize) -> u32 {
    u32::try_from(length).expect("a list in memory is far below 4 GB")
}

/// CRC-32 as ZIP has it (IEEE 802.3, reflected).
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    !bytes.iter().fold(u32::MAX, |sum, byte| TABLE[usize::from(sum.to_le_bytes()[0] ^ byte)] ^ (sum >> 8))
}

const fn table() -> [u32; 256] {
    let mut table = [0_u32; 256];
    let mut number = 0_u32;
    while number < 256 {
        let mut value = number;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[number as usize] = value;
        number += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let rows = [vec![Cell::Text("=1+1 & <b>".to_owned()), Cell::Number(7)], vec![Cell::Text(String::new())]];
        workbook("Systems", &["Name", "Flows"], rows.into_iter())
    }

    #[test]
    fn the_checksum_is_that_of_zip() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn columns_go_on_after_z() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn the_same_rows_give_the_same_bytes_and_no_formula() {
        let bytes = sample();
        assert_eq!(bytes, sample());
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            text.contains(r#"<c r="A2" t="inlineStr"><is><t xml:space="preserve">'=1+1 &amp; &lt;b&gt;</t>"#),
            "{text}"
        );
        assert!(text.contains(r#"<c r="B2"><v>7</v></c>"#) && !text.contains("<f>"), "{text}");
        assert!(bytes.starts_with(b"PK\x03\x04") && text.contains("xl/worksheets/sheet1.xml"));
    }

    #[test]
    fn what_xml_cannot_write_becomes_a_blank() {
        assert_eq!(escaped("a\u{1}b\tc\u{fffe}"), "a b\tc ");
        assert_eq!(sheet_name("a/b*c"), "a b c");
    }
}
