//! What spreadsheet programs open runs nothing: no cell of any table of a pack is a formula, whatever people named things.

use std::io::{Cursor, Read as _};

use domain::pack::{Unfit, files};
use domain::time::Timestamp;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use server::archive;
use store::{PackKey, SealingKey};
use tests::place::Place;

use super::packs::source;

/// What a spreadsheet program would carry out, each after the beginning that it looks for.
const FORMULAS: [&str; 6] =
    ["=1+2 ", "+1+2 ", "-1+2 ", "@SUM(1,2) ", "=HYPERLINK(\"https://x.example\") ", "\u{ff1d}1+2 "];

/// Whether a spreadsheet program takes a cell for something to carry out.
fn is_formula(cell: &str) -> bool {
    // The full-width signs are the same to some programs; what is a number is one.
    let begins =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    begins && cell.parse::<f64>().is_err()
}

/// Puts a formula before every text that people write.
fn set_off(value: &mut Value, next: &mut impl Iterator<Item = &'static str>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|it| set_off(it, next)),
        Value::Object(items) => {
            for (name, item) in items {
                match item {
                    Value::String(text)
                        if ["name", "notes", "purpose", "justification", "reason"].contains(&&**name) =>
                    {
                        text.insert_str(0, next.next().unwrap_or_default());
                    }
                    item => set_off(item, next),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn no_cell_of_a_pack_is_a_formula() {
    let mut source = source(&Place::sqlite()).await;
    let mut formulas = FORMULAS.into_iter().cycle();
    let mut model: Value = serde_json::from_str(&source.model).unwrap();
    set_off(&mut model, &mut formulas);
    source.model = model.to_string();
    source.name = "=1+2".to_owned();
    for member in &mut source.members {
        member.name.insert(0, '@');
    }
    let key = PackKey::of(&SealingKey::new([7; 32]), 1).unwrap();
    let made = files(&source, |bytes| Ok::<_, Unfit>(key.sign(bytes))).unwrap();

    let (mut tables, mut harmless, mut sheets) = (0, 0, 0);
    for (name, content) in &made {
        if name.ends_with(".csv") {
            let text = content.text().unwrap();
            let mut table = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let mut guarded = 0;
            for line in table.records() {
                for cell in line.unwrap().iter() {
                    assert!(!is_formula(cell), "{name}: {cell}");
                    guarded += usize::from(cell.strip_prefix('\'').is_some_and(is_formula));
                }
            }
            tables += 1;
            harmless += usize::from(guarded > 0);
        }
        if name.ends_with(".xlsx") {
            sheets += sheets_without_formulas(name, content.bytes().unwrap());
        }
    }
    assert!(tables >= 18 && harmless >= 8 && sheets >= 5, "{tables} tables, {harmless} with formulas, {sheets} sheets");
    // All of it is the same once more, as a file.
    let mut bytes = Vec::new();
    let nothing = &mut |_: &str| Err(std::io::ErrorKind::NotFound.into());
    archive::write(&mut bytes, &made, Timestamp(0), nothing).unwrap();
    assert!(zip::ZipArchive::new(Cursor::new(bytes)).unwrap().len() == made.len());
}

/// Reads the XML of a workbook, and answers how many sheets it has.
fn sheets_without_formulas(name: &str, bytes: &[u8]) -> usize {
    let mut workbook = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut sheets = 0;
    for number in 0..workbook.len() {
        let mut part = workbook.by_index(number).unwrap();
        let inside = part.name().unwrap().into_owned();
        let place = format!("{name}: {inside}");
        assert!(!place.contains("vba") && !place.contains("externalLink"), "{place}");
        sheets += usize::from(inside.starts_with("xl/worksheets/"));
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let mut reader = Reader::from_str(&text);
        let mut first = false;
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(tag) | Event::Empty(tag) => {
                    let local = tag.local_name();
                    // A formula, one that is shared, and what calls another program.
                    assert!(!["f", "ddeLink", "oleLink", "hyperlink"].contains(&local.as_ref()), "{place}");
                    first = local.as_ref() == "t";
                }
                Event::Text(cell) if first => {
                    first = false;
                    assert!(!is_formula(&cell), "{place}: {:?}", &*cell);
                }
                // Nor may it begin with a sign that is written as a number.
                Event::GeneralRef(sign) if first => {
                    first = false;
                    assert!(!sign.is_char_ref(), "{place}: {sign:?}");
                }
                _ => first = false,
            }
        }
    }
    sheets
}
