//! The tables in which sources are brought. `docs/observations.md` describes them.

use std::collections::BTreeSet;

use super::{ConfigurationCheck, Format, ITEMS_MAX, LogHit, Secret, Seen, Webhook};
use crate::findings::said;
use crate::import::table::{Record, Records};
use crate::import::{Limits, Rejection, card};
use crate::model::catalogue::{element, normalise};
use crate::time::{Day, NoDay};

/// The columns of each table, with whether a row needs a value there.
pub const COLUMNS: [(Format, &[(&str, bool)]); 4] = [
    (
        Format::SecretStore,
        &[("id", true), ("location", false), ("created", false), ("rotated", false), ("last_used", false)],
    ),
    (Format::Webhooks, &[("endpoint", true), ("events", false), ("signed", false)]),
    (Format::LogScanner, &[("system", true), ("element", true), ("time", true), ("form", false)]),
    (Format::Configuration, &[("system", true), ("standard", true), ("passed", true), ("time", true)]),
];

/// Longest text of a cell that is kept, in characters.
const TEXT_MAX: usize = 300;

/// How many problems one answer lists.
const LISTED: usize = 20;

/// Reads the table of a source. What it lists follows from its columns.
///
/// # Errors
/// No table of this kind, more than [`ITEMS_MAX`] rows, or rows that cannot be taken, each with its line. No message repeats
/// a card number.
pub fn read(file_name: &str, bytes: &[u8]) -> Result<Seen, Vec<Rejection>> {
    let file = crate::import::base_name(file_name);
    let limits = Limits::specification();
    let text = crate::import::decode::text(&file, bytes, &limits).map_err(|it| vec![it])?;
    let mut records = Records::new(&file, text);
    let header = first(&mut records).map_err(|it| vec![it])?;
    let Some((format, columns)) = header.as_ref().and_then(format_of) else {
        let known = COLUMNS.map(|(_, columns)| columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(","));
        let remedy = format!("begin the file with one of these lines: {}", known.join("; "));
        return Err(vec![Rejection::of_file(&file, "the columns are those of no list that is known", remedy)]);
    };
    let mut table = Table { file: &file, columns, rows: Vec::new(), rejections: Vec::new() };
    while let Some(record) = records.next_record().map_err(|it| vec![it])? {
        if record.is_blank() {
            continue;
        }
        if table.rows.len() >= ITEMS_MAX {
            let remedy = "leave out what does not concern payment data, or bring it as several sources";
            let reason = format!("there are more than {ITEMS_MAX} rows");
            return Err(vec![Rejection::of_file(&file, reason, remedy).at(record.line)]);
        }
        table.add(&record);
        if table.rejections.len() >= LISTED {
            break;
        }
    }
    table.seen(format)
}

fn first<'a>(records: &mut Records<'a>) -> Result<Option<Record<'a>>, Rejection> {
    while let Some(record) = records.next_record()? {
        if !record.is_blank() {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// The list whose needed columns are all there, and the place of each of its columns.
fn format_of(header: &Record<'_>) -> Option<(Format, Vec<(&'static str, usize)>)> {
    let names: Vec<String> =
        header.cells.iter().map(|cell| cell.text.trim().to_lowercase().replace([' ', '-'], "_")).collect();
    let place = |column: &str| names.iter().position(|name| name == column);
    let distinct: BTreeSet<&String> = names.iter().collect();
    let fits = |columns: &[(&'static str, bool)]| columns.iter().all(|(name, needed)| !needed || place(name).is_some());
    let (format, columns) = COLUMNS.into_iter().find(|(_, columns)| fits(columns))?;
    let known = |name: &str| columns.iter().any(|(column, _)| *column == name);
    if distinct.len() != names.len() || !names.iter().all(|name| known(name)) {
        return None;
    }
    Some((format, columns.iter().filter_map(|(name, _)| Some((*name, place(name)?))).collect()))
}

struct Table<'a> {
    file: &'a str,
    columns: Vec<(&'static str, usize)>,
    rows: Vec<Row>,
    rejections: Vec<Rejection>,
}

struct Row {
    line: usize,
    cells: Vec<(&'static str, String)>,
}

impl Row {
    fn text(&self, column: &str) -> Option<&str> {
        self.cells.iter().find(|(name, _)| *name == column).map(|(_, text)| text.as_str()).filter(|it| !it.is_empty())
    }
}

impl Table<'_> {
    fn add(&mut self, record: &Record<'_>) {
        let mut cells = Vec::new();
        for (name, at) in self.columns.clone() {
            let text = record.cells.get(at).map_or("", |cell| cell.text.trim());
            let wrong = if card::find(text).is_some() {
                Some(("there is a full card number", "leave values out: a list names things, and holds no data"))
            } else if text.chars().any(char::is_control) {
                Some(("there is a control character", "write the cell on one line"))
            } else if text.chars().count() > TEXT_MAX {
                Some(("the cell is longer than 300 characters", "shorten it"))
            } else {
                None
            };
            match wrong {
                Some((reason, remedy)) => self.reject(record.line, name, reason, remedy),
                None => cells.push((name, text.to_owned())),
            }
        }
        self.rows.push(Row { line: record.line, cells });
    }

    fn reject(&mut self, line: usize, column: &str, reason: &str, remedy: &str) {
        self.rejections.push(Rejection::of_file(self.file, reason, remedy).at(line).field(column));
    }

    /// The rows as what they list, each once and in order.
    fn seen(mut self, format: Format) -> Result<Seen, Vec<Rejection>> {
        let rows = std::mem::take(&mut self.rows);
        let seen = match format {
            Format::SecretStore => Seen::Secrets(sorted(rows.iter().filter_map(|row| self.secret(row)))),
            Format::Webhooks => Seen::Webhooks(sorted(rows.iter().filter_map(|row| self.webhook(row)))),
            Format::LogScanner => Seen::LogHits(sorted(rows.iter().filter_map(|row| self.hit(row)))),
            Format::Configuration => Seen::Checks(sorted(rows.iter().filter_map(|row| self.check(row)))),
        };
        if self.rejections.is_empty() {
            return Ok(seen);
        }
        self.rejections.sort_by_key(|it| it.line);
        self.rejections.truncate(LISTED);
        Err(self.rejections)
    }

    fn secret(&mut self, row: &Row) -> Option<Secret> {
        Some(Secret {
            id: self.needed(row, "id")?,
            location: row.text("location").map(str::to_owned),
            created: self.day(row, "created").ok()?,
            rotated: self.day(row, "rotated").ok()?,
            last_used: self.day(row, "last_used").ok()?,
        })
    }

    fn webhook(&mut self, row: &Row) -> Option<Webhook> {
        let events = row.text("events").into_iter().flat_map(|text| text.split(';')).map(str::trim);
        Some(Webhook {
            endpoint: without_secrets(&self.needed(row, "endpoint")?),
            events: events.filter(|it| !it.is_empty()).map(str::to_owned).collect(),
            signed: match row.text("signed") {
                None => None,
                Some(_) => Some(self.yes_or_no(row, "signed")?),
            },
        })
    }

    fn hit(&mut self, row: &Row) -> Option<LogHit> {
        let (system, named) = (self.needed(row, "system")?, self.needed(row, "element")?);
        let form = match row.text("form").map(str::parse) {
            None => None,
            Some(Ok(form)) => Some(form),
            Some(Err(_)) => {
                self.reject(row.line, "form", "this is no form", "write clear, masked, truncated or leave it empty");
                return None;
            }
        };
        if element(&named).is_none() {
            self.reject(row.line, "element", "this is no element of the catalogue", "write its key, such as pan");
            return None;
        }
        let (element, form) = normalise(&named, form);
        Some(LogHit { system, element: element.to_owned(), form, at: self.instant(row, "time")? })
    }

    fn check(&mut self, row: &Row) -> Option<ConfigurationCheck> {
        Some(ConfigurationCheck {
            system: self.needed(row, "system")?,
            standard: self.needed(row, "standard")?,
            passed: self.yes_or_no(row, "passed")?,
            at: self.instant(row, "time")?,
        })
    }

    fn needed(&mut self, row: &Row, column: &'static str) -> Option<String> {
        // A cell that was rejected already is not there, and is not missing.
        let cell = row.cells.iter().find(|(name, _)| *name == column)?;
        if cell.1.is_empty() {
            self.reject(row.line, column, "the cell is empty", "fill it in, or leave out the row");
            return None;
        }
        Some(cell.1.clone())
    }

    /// A day, where the cell has one; an instant counts as its day. An error where it holds something else.
    fn day(&mut self, row: &Row, column: &'static str) -> Result<Option<Day>, NoDay> {
        let Some(text) = row.text(column) else { return Ok(None) };
        let day = text.split('T').next().unwrap_or(text).parse::<Day>();
        if day.is_err() {
            self.reject(row.line, column, "this is no day", "write it as 2026-11-21");
        }
        day.map(Some)
    }

    fn instant(&mut self, row: &Row, column: &'static str) -> Option<String> {
        let text = self.needed(row, column)?;
        let instant = said::instant_of(&text);
        if instant.is_none() {
            self.reject(row.line, column, "this is no time", "write it as 2026-11-21T09:30:00Z");
        }
        instant.map(|it| it.to_string())
    }

    fn yes_or_no(&mut self, row: &Row, column: &'static str) -> Option<bool> {
        let text = self.needed(row, column)?;
        match text.to_lowercase().as_str() {
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            _ => {
                self.reject(row.line, column, "this is neither yes nor no", "write yes or no");
                None
            }
        }
    }
}

/// An address without user, password, query and fragment.
fn without_secrets(endpoint: &str) -> String {
    let bare = endpoint.split(['?', '#']).next().unwrap_or(endpoint);
    match bare.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
            let host = host.rsplit('@').next().unwrap_or(host);
            path.map_or_else(|| format!("{scheme}://{host}"), |path| format!("{scheme}://{host}/{path}"))
        }
        None => bare.to_owned(),
    }
}

fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let distinct: BTreeSet<T> = items.collect();
    distinct.into_iter().collect()
}
