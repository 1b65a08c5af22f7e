#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::*;
use crate::export::xlsx;
use crate::inventory::Cell;

const RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const PARTS: &str = r#"<Relationships><Relationship Id="a" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="http://x/worksheet" Target="/xl/worksheets/sheet2.xml"/><Relationship Id="c" Type="http://x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="d" Type="http://x/styles" Target="styles.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns:r="http://x"><sheets><sheet name="Notes" sheetId="1" state="hidden" r:id="a"/><sheet name="Register" sheetId="2" r:id="b"/></sheets></workbook>"#;
const STRINGS: &str = r#"<sst><si><t>Risk</t></si><si><t>Due</t></si><si><r><t>Cards </t></r><r><t xml:space="preserve">&amp; keys&#10;leak</t></r><rPh><t>no</t></rPh></si></sst>"#;
const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\.mm\.yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
const SHEET: &str = r#"<worksheet><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>Register of the shop</t></is></c></row>
<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="inlineStr"><is><t>Likelihood</t></is></c></row>
<row r="4"><c r="A4" t="s"><v>2</v></c><c r="B4" s="1"><v>46022</v></c><c r="C4"><f>2+2</f><v>4</v></c><c r="E4" t="b"><v>1</v></c></row>
<row r="7"><c r="A7" t="str"><v>Second</v></c><c r="B7" s="2"><v>46022.5</v></c><c r="C7"><v>2.5</v></c></row>
</sheetData></worksheet>"#;

/// An archive of parts, each packed; the checksums are nobody's business here.
fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content.as_bytes()).unwrap();
        let content = encoder.finish().unwrap();
        let offset = u32::try_from(bytes.len()).unwrap();
        let size = u32::try_from(content.len()).unwrap();
        let mut header = vec![20, 0, 0, 0, 8, 0, 0, 0, 33, 0, 0, 0, 0, 0];
        header.extend(size.to_le_bytes());
        header.extend(0_u32.to_le_bytes());
        header.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&header);
        bytes.extend([0, 0]);
        bytes.extend(name.as_bytes());
        bytes.extend(content);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&header);
        directory.extend([0; 12]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let begins = u32::try_from(bytes.len()).unwrap();
    let count = u16::try_from(parts.len()).unwrap();
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    bytes.extend(begins.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn parts(sheet: &str) -> Vec<(&str, &str)> {
    vec![
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", PARTS),
        ("xl/sharedStrings.xml", STRINGS),
        ("xl/styles.xml", STYLES),
        (
            "xl/worksheets/sheet1.xml",
            r#"<worksheet><sheetData><row><c t="inlineStr"><is><t>only notes</t></is></c></row></sheetData></worksheet>"#,
        ),
        ("xl/worksheets/sheet2.xml", sheet),
    ]
}

fn open(bytes: &[u8], sheet: Option<&str>) -> Result<Table, WorkbookError> {
    read("r.xlsx", bytes, sheet, &Limits::register())
}

fn of_sheet(sheet: &str) -> Result<Table, WorkbookError> {
    open(&packed(&parts(sheet)), None)
}

#[test]
fn the_first_sheet_that_is_shown_is_read_with_texts_days_and_numbers() {
    let table = of_sheet(SHEET).unwrap();
    assert_eq!(table.header, ["Risk", "Due", "Likelihood", "Column D", "Column E"]);
    let rows: Vec<(usize, Vec<&str>)> =
        table.rows.iter().map(|it| (it.line, it.cells.iter().map(String::as_str).collect())).collect();
    let first = vec!["Cards & keys\nleak", "2025-12-31", "4", "", "TRUE"];
    assert_eq!(rows, [(4, first), (7, vec!["Second", "2025-12-31T12:00:00", "2.5", "", ""])]);
}

#[test]
fn a_sheet_can_be_named_and_one_that_is_not_there_tells_which_are() {
    let bytes = packed(&parts(SHEET));
    assert_eq!(open(&bytes, Some(" register ")).unwrap().rows.len(), 2);
    assert_eq!(open(&bytes, Some("Notes")).unwrap().header, ["only notes"]);
    let error = open(&bytes, Some("Moon")).unwrap_err();
    assert_eq!(error.to_string(), "there is no sheet \"Moon\"; there are: Notes, Register");
    let said = Table::from_workbook("r.xlsx", &bytes, Some("Moon"), &Limits::register()).unwrap_err();
    assert!(said.to_string().ends_with("name one of them, or leave the name empty for the first."), "{said}");
}

#[test]
fn a_workbook_of_ours_is_read_back() {
    let rows = [vec![Cell::Text("=1+1 & <b>".to_owned()), Cell::Number(7)]];
    let bytes = xlsx::workbook("Risks", &["Title", "Score"], rows.into_iter());
    let table = open(&bytes, None).unwrap();
    assert_eq!(
        (table.header, table.rows[0].cells.clone()),
        (vec!["Title".into(), "Score".into()], vec!["'=1+1 & <b>".into(), "7".into()])
    );
}

#[test]
fn a_card_number_is_neither_kept_nor_repeated() {
    let sheet = r#"<worksheet><sheetData><row><c t="inlineStr"><is><t>Risk</t></is></c><c t="inlineStr"><is><t>No</t></is></c></row><row><c t="inlineStr"><is><t>x</t></is></c><c><v>4111111111111111</v></c></row></sheetData></worksheet>"#;
    let bytes = packed(&parts(sheet));
    let table = Table::from_workbook("r.xlsx", &bytes, None, &Limits::register()).unwrap();
    assert_eq!(table.rows[0].withheld, [1]);
    assert!(!table.to_json().contains("1111"));
    assert_eq!(Table::from_json(&table.to_json()).unwrap(), table);
}

#[test]
fn an_archive_that_unpacks_to_more_than_is_read_stops() {
    let blanks = " ".repeat(140 * 1024 * 1024);
    let bytes = packed(&parts(&format!("<worksheet>{blanks}</worksheet>")));
    assert!(bytes.len() < 1024 * 1024);
    assert_eq!(open(&bytes, None), Err(WorkbookError::Unpacked { most: 128 }));
}

#[test]
fn one_long_text_in_every_cell_stops() {
    let long = "x".repeat(32_000);
    let strings = format!("<sst><si><t>{long}</t></si></sst>");
    let cells: String = (1..3_000).map(|row| format!("<row r=\"{row}\"><c t=\"s\"><v>0</v></c></row>")).collect();
    let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    let mut all = parts(&sheet);
    all[3].1 = &strings;
    assert_eq!(open(&packed(&all), None), Err(WorkbookError::Texts { most: 32 }));
}

#[test]
fn rows_columns_and_cells_have_limits() {
    let sheet = |rows: &str| format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let many: String = (0..50_002).map(|_| "<row><c><v>1</v></c></row>").collect();
    assert_eq!(of_sheet(&sheet(&many)), Err(WorkbookError::Rows { most: 50_000 }));
    let wide = sheet("<row><c r=\"GS1\"><v>1</v></c></row>");
    assert_eq!(of_sheet(&wide), Err(WorkbookError::Columns { row: 1, most: 200 }));
    let long = sheet(&format!("<row><c t=\"str\"><v>{}</v></c></row>", "x".repeat(32_768)));
    assert_eq!(of_sheet(&long), Err(WorkbookError::Cell { row: 1, most: 32_767 }));
}

#[test]
fn what_is_damaged_is_said_and_never_guessed() {
    let sheet = |rows: &str| of_sheet(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")).unwrap_err();
    assert_eq!(sheet("<row><c t=\"s\"><v>99</v></c></row>"), WorkbookError::NoText { row: 1 });
    assert_eq!(sheet(""), WorkbookError::Empty);
    for rows in [
        "<row r=\"2\"/><row r=\"1\"><c><v>1</v></c></row>",
        "<row><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
        "<row><c r=\"17\"><v>1</v></c></row>",
        "<row><c><v>1</c></v></row>",
        "<row><c t=\"str\"><v>&moon;</v></c></row>",
    ] {
        assert!(matches!(sheet(rows), WorkbookError::Damaged { .. }), "{rows}");
    }
    let entity = r#"<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>"#;
    assert_eq!(of_sheet(entity), Err(WorkbookError::DocumentType("xl/worksheets/sheet2.xml".to_owned())));
}

#[test]
fn what_is_no_archive_is_refused_wherever_it_is_cut() {
    let bytes = packed(&parts(SHEET));
    for length in (0..bytes.len()).step_by(7) {
        assert!(open(&bytes[..length], None).is_err(), "{length}");
    }
    let mut encrypted = bytes.clone();
    let entries: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..].starts_with(b"PK\x01\x02")).collect();
    for at in entries {
        encrypted[at + 8] |= 1;
    }
    assert_eq!(open(&encrypted, None), Err(WorkbookError::Packed));
    assert!(!is_workbook(b"Risk,Likelihood\n") && is_workbook(&bytes));
    for place in 0..bytes.len() {
        let mut broken = bytes.clone();
        broken[place] ^= 0x55;
        let _ = open(&broken, None);
    }
}
