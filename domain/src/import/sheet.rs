//! From the records of a CSV file to rows of systems or flows, each problem with its line and column.

use serde_json::Value;

use super::Limits;
use super::card;
use super::cell::{items, unguarded};
use super::columns::{Column, Columns, FlowColumn, Header, SystemColumn, header, names_column};
use super::fact_cell::{remedy, value_of};
use super::rejection::{REJECTIONS_LISTED, Rejection, shortened};
use super::rows::{FieldItem, FlowRow, SystemRow};
use super::table::{Cell, Record, Records, check_width};
use super::words::{Words, compact, is_blank, yes_or_no};
use crate::id::check_key;
use crate::model::fact::{Attribute, attribute};
use crate::model::kinds::FlowKind;
use crate::model::object::ObjectKind;
use crate::model::relations::{Encryption, Protocol};

/// What a CSV file holds.
#[derive(Debug)]
pub(super) struct Sheet {
    pub rows: Rows,
    pub ignored_columns: Vec<String>,
    /// The first rejections, and how many more there are.
    pub rejections: Vec<Rejection>,
    pub more_rejections: usize,
}

/// The rows of a file: of systems, or of flows.
#[derive(Debug)]
pub(super) enum Rows {
    Systems(Vec<SystemRow>),
    Flows(Vec<FlowRow>),
}

/// Reads a CSV file.
///
/// # Errors
/// The file is no table, its header names neither systems nor flows, or it has too many rows.
pub(super) fn read(file: &str, text: &str, limits: &Limits) -> Result<Sheet, Vec<Rejection>> {
    let mut records = Records::new(file, text);
    let head = loop {
        match records.next_record().map_err(|it| vec![it])? {
            Some(record) if record.is_blank() => {}
            Some(record) => break record,
            None => {
                let remedy = "begin it with a header such as \"source,target,protocol\" or \"id,name,kind\"";
                return Err(vec![Rejection::of_file(file, "the file is empty", remedy).at(1)]);
            }
        }
    };
    let names: Vec<String> = head.cells.iter().map(|cell| content(cell).trim().to_owned()).collect();
    if let Some((at, mask)) = names.iter().enumerate().find_map(|(at, name)| Some((at, card::find(name)?))) {
        return Err(vec![card_rejected(file, head.line, &format!("column {}", at + 1), &mask)]);
    }
    match content_of(file, head.line, &names).map_err(|it| vec![it])? {
        Listed::Systems => {
            let header = header::<SystemColumn>(file, head.line, &names).map_err(|it| vec![it])?;
            rows(file, records, header, limits, system_row).map(|it| it.into_sheet(Rows::Systems))
        }
        Listed::Flows => {
            let header = header::<FlowColumn>(file, head.line, &names).map_err(|it| vec![it])?;
            rows(file, records, header, limits, flow_row).map(|it| it.into_sheet(Rows::Flows))
        }
    }
}

enum Listed {
    Systems,
    Flows,
}

/// Whether the header is one of systems or of flows.
fn content_of(file: &str, line: usize, names: &[String]) -> Result<Listed, Rejection> {
    let has = |column: FlowColumn| names_column(names, column);
    let (source, target) = (has(FlowColumn::Source), has(FlowColumn::Target));
    let only_of_flows = has(FlowColumn::Protocol) || has(FlowColumn::Operation) || has(FlowColumn::Fields);
    let of_systems = names_column(names, SystemColumn::Id) || names_column(names, SystemColumn::Name);
    let refused =
        |field: &str, reason: String, remedy: &str| Err(Rejection::of_file(file, reason, remedy).at(line).field(field));
    match (source, target) {
        (true, true) => Ok(Listed::Flows),
        (false, false) if of_systems => Ok(Listed::Systems),
        (true, false) if only_of_flows || !of_systems => {
            let reason = "there is a column for the source of a flow, and none for its target".to_owned();
            refused("target", reason, "add a column \"target\" with the key or name of the receiving system")
        }
        (false, true) if only_of_flows || !of_systems => {
            let reason = "there is a column for the target of a flow, and none for its source".to_owned();
            refused("source", reason, "add a column \"source\" with the key or name of the sending system")
        }
        (true, false) | (false, true) => Ok(Listed::Systems),
        (false, false) => {
            let seen: Vec<String> = names.iter().take(5).map(|name| format!("\"{}\"", shortened(name))).collect();
            let reason =
                format!("no column of the header names a system or a flow; it begins with {}", seen.join(", "));
            refused(
                "header",
                reason,
                "name the columns \"source\" and \"target\" for flows, or \"id\" and \"name\" for systems",
            )
        }
    }
}

/// The text of a cell: blanks around it count only in quotes, and a `'` that only keeps a formula from running is gone.
fn content<'a>(cell: &'a Cell<'_>) -> &'a str {
    if cell.quoted { unguarded(&cell.text) } else { unguarded(cell.text.trim()) }
}

/// The rows of a file of one kind, with its rejections.
struct Collected<R> {
    rows: Vec<R>,
    ignored: Vec<String>,
    rejections: Vec<Rejection>,
    more: usize,
}

impl<R> Collected<R> {
    fn into_sheet(self, rows: impl FnOnce(Vec<R>) -> Rows) -> Sheet {
        Sheet {
            rows: rows(self.rows),
            ignored_columns: self.ignored,
            rejections: self.rejections,
            more_rejections: self.more,
        }
    }
}

fn rows<C: Columns, R>(
    file: &str,
    mut records: Records<'_>,
    header: Header<C>,
    limits: &Limits,
    read: impl Fn(&mut Problems<'_>, &Header<C>, &Record<'_>) -> R,
) -> Result<Collected<R>, Vec<Rejection>> {
    let mut collected = Collected { rows: Vec::new(), ignored: Vec::new(), rejections: Vec::new(), more: 0 };
    let mut seen = 0;
    while let Some(record) = records.next_record().map_err(|it| vec![it])? {
        if record.is_blank() {
            continue;
        }
        seen += 1;
        if seen > limits.rows {
            let reason = format!("the file has more than {} rows", limits.rows);
            return Err(vec![Rejection::of_file(file, reason, limits.way_out(file)).at(record.line)]);
        }
        let mut problems = Problems { file, line: record.line, found: Vec::new() };
        if let Err(rejection) = check_width(file, &record, header.columns.len()) {
            problems.found.push(rejection);
        } else {
            problems.refuse_card_numbers(&header, &record);
        }
        if problems.found.is_empty() {
            let row = read(&mut problems, &header, &record);
            if problems.found.is_empty() {
                collected.rows.push(row);
            }
        }
        for rejection in problems.found {
            if collected.rejections.len() < REJECTIONS_LISTED {
                collected.rejections.push(rejection);
            } else {
                collected.more += 1;
            }
        }
    }
    collected.ignored = header.ignored;
    Ok(collected)
}

fn card_rejected(file: &str, line: usize, field: &str, mask: &str) -> Rejection {
    let reason = format!("the cell holds a full card number ({})", shortened(mask));
    Rejection::of_file(file, reason, CARD_REMEDY).at(line).field(field)
}

/// What to do about a card number, in CSV as in model files.
pub(super) const CARD_REMEDY: &str =
    "remove it: Plumbline never stores one, a mask such as dddddd******dddd says the same";

/// What is wrong with one row.
struct Problems<'a> {
    file: &'a str,
    line: usize,
    found: Vec<Rejection>,
}

impl Problems<'_> {
    fn add(&mut self, field: &str, reason: impl AsRef<str>, remedy: impl Into<String>) {
        self.found.push(Rejection::of_file(self.file, reason, remedy).at(self.line).field(field));
    }

    fn refuse_card_numbers<C>(&mut self, header: &Header<C>, record: &Record<'_>) {
        for (cell, (_, name)) in record.cells.iter().zip(&header.columns) {
            if let Some(mask) = card::find(&cell.text) {
                self.found.push(card_rejected(self.file, self.line, name, &mask));
            }
        }
    }

    /// The value of a closed list; a blank cell says nothing.
    fn closed<T: Words>(&mut self, field: &str, text: &str) -> Option<T> {
        if is_blank(text) {
            return None;
        }
        let value = T::read(text);
        if value.is_none() {
            self.add(field, format!("\"{}\" is not a value of this column", shortened(text)), T::choices());
        }
        value
    }

    /// A key that a person gave.
    fn key(&mut self, field: &str, text: &str) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if let Err(error) = check_key(text) {
            self.add(field, error.to_string(), "give a key of at most 120 characters on one line");
        }
        Some(text.to_owned())
    }

    fn fact(&mut self, field: &str, fact: &Attribute, text: &str) -> Option<Value> {
        if is_blank(text) {
            return None;
        }
        match value_of(fact, text) {
            Ok(value) => value,
            Err(code) => {
                let reason = format!("\"{}\" is not a value of this column", shortened(text));
                self.add(field, reason, remedy(fact, code));
                None
            }
        }
    }

    fn yes(&mut self, field: &str, text: &str) -> Option<bool> {
        if is_blank(text) {
            return None;
        }
        let yes = yes_or_no(text);
        if yes.is_none() {
            self.add(field, format!("\"{}\" is neither yes nor no", shortened(text)), "write yes or no");
        }
        yes
    }
}

/// A text that names something; `None` where the cell says nothing.
fn reference(text: &str) -> Option<String> {
    (!is_blank(text)).then(|| text.trim().to_owned())
}

fn name(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn system_row(problems: &mut Problems<'_>, header: &Header<SystemColumn>, record: &Record<'_>) -> SystemRow {
    let mut row = SystemRow::new(record.line);
    for (cell, (column, field)) in record.cells.iter().zip(&header.columns) {
        let text = content(cell);
        match column {
            None => {}
            Some(Column::Fact(fact)) => {
                if let Some(value) = problems.fact(field, fact, text) {
                    row.facts.insert(fact.name.to_owned(), value);
                }
            }
            Some(Column::Own(own)) => match own {
                SystemColumn::Id => row.id = problems.key(field, text),
                SystemColumn::Name => row.name = name(text),
                SystemColumn::Kind => row.kind = problems.closed(field, text),
                SystemColumn::Function => row.function = problems.closed(field, text),
                SystemColumn::Boundary => row.boundary = problems.closed(field, text),
                SystemColumn::Environment => row.environment = problems.closed(field, text),
                SystemColumn::Segment => row.segment = reference(text),
                SystemColumn::Lifecycle => row.lifecycle = problems.closed(field, text),
                SystemColumn::Vendor => row.vendor = reference(text),
                SystemColumn::PaymentPage => row.payment_page = problems.closed(field, text),
                SystemColumn::Exposure => row.exposure = problems.closed(field, text),
                SystemColumn::Undeclared => row.undeclared = problems.yes(field, text),
            },
        }
    }
    if row.id.is_none() && row.name.is_none() && problems.found.is_empty() {
        problems.add("id", "the row names no system", "enter an id or a name, or remove the row");
    }
    row
}

fn flow_row(problems: &mut Problems<'_>, header: &Header<FlowColumn>, record: &Record<'_>) -> FlowRow {
    let mut row = FlowRow::new(record.line);
    for (cell, (column, field)) in record.cells.iter().zip(&header.columns) {
        let text = content(cell);
        match column {
            None => {}
            Some(Column::Fact(fact)) => {
                if let Some(value) = problems.fact(field, fact, text) {
                    row.facts.insert(fact.name.to_owned(), value);
                }
            }
            Some(Column::Own(own)) => match own {
                FlowColumn::Id => row.id = problems.key(field, text),
                FlowColumn::Name => row.name = name(text),
                FlowColumn::Source => row.source = problems.system(field, text),
                FlowColumn::Target => row.target = problems.system(field, text),
                FlowColumn::Kind => row.kind = problems.closed(field, text),
                FlowColumn::Protocol => problems.protocol(field, text, &mut row),
                FlowColumn::Operation => row.operation = problems.operation(field, text),
                FlowColumn::Fields => row.fields = fields(text),
                FlowColumn::Auth => row.auth = problems.closed(field, text),
                FlowColumn::Encryption => row.encryption = problems.closed(field, text).or(row.encryption),
                FlowColumn::Initiator => row.initiator = problems.closed(field, text),
                FlowColumn::Channel => row.channel = problems.closed(field, text),
                FlowColumn::Access => row.access = problems.closed(field, text),
                FlowColumn::Stage => row.stage = problems.closed(field, text),
            },
        }
    }
    row
}

impl Problems<'_> {
    /// The end of a flow, which every row must name.
    fn system(&mut self, field: &str, text: &str) -> Option<String> {
        let system = reference(text);
        if system.is_none() {
            self.add(field, "the row names no system here", "enter the key or the name of a system");
        }
        system
    }

    /// The operation, which is a fact of the flow as well.
    fn operation(&mut self, field: &str, text: &str) -> Option<String> {
        match attribute(ObjectKind::Flow, "operation") {
            Some(fact) => self.fact(field, fact, text).and_then(|value| value.as_str().map(str::to_owned)),
            None => name(text.trim()),
        }
    }

    /// The protocol. The word of a kind of path, such as `log`, gives the kind instead; `TLS` says that it is encrypted.
    fn protocol(&mut self, field: &str, text: &str, row: &mut FlowRow) {
        if is_blank(text) {
            return;
        }
        row.protocol = Protocol::read(text);
        if row.protocol.is_none() {
            row.path = FlowKind::read(text);
        }
        if row.protocol.is_none() && row.path.is_none() {
            self.add(field, format!("\"{}\" is not a value of this column", shortened(text)), Protocol::choices());
        }
        let word = compact(text);
        if word.starts_with("tls") || word.starts_with("ssl") {
            row.encryption = row.encryption.or(Some(Encryption::Transport));
        }
    }
}

/// The items of a list of fields, each once.
fn fields(text: &str) -> Option<Vec<FieldItem>> {
    let mut listed: Vec<FieldItem> = Vec::new();
    for item in items(text) {
        let item = FieldItem::of(&item);
        if !listed.contains(&item) {
            listed.push(item);
        }
    }
    (!listed.is_empty()).then_some(listed)
}
