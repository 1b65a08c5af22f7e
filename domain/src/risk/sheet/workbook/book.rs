//! What a workbook has: its sheets, the texts that its cells share, and which formats are dates.

use std::collections::{BTreeMap, BTreeSet};

use super::WorkbookError;
use super::archive::Archive;
use super::value;
use super::xml::{Step, walk};
use crate::import::rejection::shortened;

/// Where a workbook is, where the package does not say it.
const USUAL: &str = "xl/workbook.xml";

/// What all shared texts together may have, in bytes, and how many there may be.
pub(super) const TEXTS_MAX: usize = 32 * 1024 * 1024;
const SHARED_MAX: usize = 1_000_000;

/// A workbook that is open.
pub(super) struct Book {
    /// Its sheets with cells, in their order.
    sheets: Vec<Sheet>,
    strings: Option<String>,
    styles: Option<String>,
    /// Days are counted from 1904 instead of 1900.
    from_1904: bool,
}

struct Sheet {
    name: String,
    part: String,
    is_hidden: bool,
}

/// Which cells are days, by their style.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// By number of the style.
    dates: Vec<bool>,
    /// Days are counted from 1904 instead of 1900.
    pub(super) from_1904: bool,
}

impl Styles {
    /// Whether a style shows a number as a day or time.
    pub(super) fn is_date(&self, style: usize) -> bool {
        self.dates.get(style).copied().unwrap_or(false)
    }
}

/// Opens the workbook of a package.
pub(super) fn open(archive: &Archive<'_>) -> Result<Book, WorkbookError> {
    let place = match archive.has("_rels/.rels") {
        true => relations(archive, "_rels/.rels", "")?.into_values().find(|it| it.kind.ends_with("/officeDocument")),
        false => None,
    };
    let place = place.map_or_else(|| USUAL.to_owned(), |it| it.target);
    let (folder, file) = place.rsplit_once('/').unwrap_or(("", &place));
    let relations = relations(archive, &format!("{folder}/_rels/{file}.rels"), folder)?;
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    walk(archive, &place, |step| {
        match step {
            Step::Open("workbookPr", attributes) => {
                from_1904 = attributes.get("date1904").is_some_and(|it| it == "1" || it == "true");
            }
            Step::Open("sheet", attributes) => {
                let target = attributes.get("id").and_then(|id| relations.get(&id));
                // A sheet that is nothing but a chart has no cells.
                if let Some(target) = target.filter(|it| it.kind.ends_with("/worksheet")) {
                    sheets.push(Sheet {
                        name: attributes.get("name").unwrap_or_default(),
                        part: target.target.clone(),
                        is_hidden: attributes.get("state").is_some_and(|it| it != "visible"),
                    });
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    let of_kind = |kind: &str| relations.values().find(|it| it.kind.ends_with(kind)).map(|it| it.target.clone());
    Ok(Book { sheets, strings: of_kind("/sharedStrings"), styles: of_kind("/styles"), from_1904 })
}

impl Book {
    /// The part of the sheet with this name, or of the first that is shown.
    pub(super) fn sheet(&self, name: Option<&str>) -> Result<&str, WorkbookError> {
        let Some(asked) = name.map(str::trim).filter(|it| !it.is_empty()) else {
            return self
                .sheets
                .iter()
                .find(|it| !it.is_hidden)
                .map(|it| it.part.as_str())
                .ok_or(WorkbookError::NoSheets);
        };
        let same = |it: &&Sheet| it.name.trim().to_lowercase() == asked.to_lowercase();
        let there = || self.sheets.iter().map(|it| shortened(&it.name)).collect::<Vec<_>>().join(", ");
        self.sheets
            .iter()
            .find(same)
            .map(|it| it.part.as_str())
            .ok_or_else(|| WorkbookError::NoSheet { asked: shortened(asked), there: shortened(&there()) })
    }

    /// The texts that cells share.
    pub(super) fn strings(&self, archive: &Archive<'_>) -> Result<Vec<String>, WorkbookError> {
        let Some(part) = self.strings.as_deref().filter(|it| archive.has(it)) else { return Ok(Vec::new()) };
        let (mut strings, mut text, mut size) = (Vec::new(), String::new(), 0);
        let (mut is_text, mut is_reading_aid) = (false, false);
        walk(archive, part, |step| {
            match step {
                Step::Open("t", _) => is_text = true,
                Step::Close("t") => is_text = false,
                Step::Open("rPh", _) => is_reading_aid = true,
                Step::Close("rPh") => is_reading_aid = false,
                Step::Text(piece) if is_text && !is_reading_aid => {
                    text.push_str(piece);
                    size += piece.len();
                    if size > TEXTS_MAX {
                        return Err(WorkbookError::Texts { most: TEXTS_MAX / 1024 / 1024 });
                    }
                }
                Step::Close("si") => {
                    strings.push(value::unescaped(&std::mem::take(&mut text)));
                    if strings.len() > SHARED_MAX {
                        return Err(WorkbookError::Texts { most: TEXTS_MAX / 1024 / 1024 });
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(strings)
    }

    /// Which styles show days.
    pub(super) fn styles(&self, archive: &Archive<'_>) -> Result<Styles, WorkbookError> {
        let mut styles = Styles { dates: Vec::new(), from_1904: self.from_1904 };
        let Some(part) = self.styles.as_deref().filter(|it| archive.has(it)) else { return Ok(styles) };
        let (mut formats, mut is_used, mut own) = (Vec::new(), false, BTreeSet::new());
        walk(archive, part, |step| {
            match step {
                Step::Open("numFmt", attributes) => {
                    let number = attributes.get("numFmtId").and_then(|it| it.parse::<u32>().ok());
                    let is_date = attributes.get("formatCode").is_some_and(|code| value::is_date_format(&code));
                    own.extend(number.filter(|_| is_date));
                }
                Step::Open("cellXfs", _) => is_used = true,
                Step::Close("cellXfs") => is_used = false,
                Step::Open("xf", attributes) if is_used && formats.len() < usize::from(u16::MAX) => {
                    formats.push(attributes.get("numFmtId").and_then(|it| it.parse::<u32>().ok()).unwrap_or(0));
                }
                _ => {}
            }
            Ok(())
        })?;
        styles.dates = formats.into_iter().map(|it| value::is_usual_date(it) || own.contains(&it)).collect();
        Ok(styles)
    }
}

/// What one part says about another.
struct Relation {
    kind: String,
    target: String,
}

/// The relations of a part by their key. Targets are names of parts: those of `folder`, or of the package.
fn relations(archive: &Archive<'_>, part: &str, folder: &str) -> Result<BTreeMap<String, Relation>, WorkbookError> {
    let mut relations = BTreeMap::new();
    walk(archive, part, |step| {
        if let Step::Open("Relationship", attributes) = step
            && attributes.get("TargetMode").is_none_or(|it| it != "External")
            && let (Some(id), Some(kind), Some(target)) =
                (attributes.get("Id"), attributes.get("Type"), attributes.get("Target"))
        {
            let target = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None if folder.is_empty() => target,
                None => format!("{folder}/{target}"),
            };
            relations.insert(id, Relation { kind, target });
        }
        Ok(())
    })?;
    Ok(relations)
}
