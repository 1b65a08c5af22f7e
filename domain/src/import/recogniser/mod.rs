//! Which payment data an interface carries: fields of OpenAPI and Swagger documents, JSON Schemas, JSON samples and
//! CSV tables, each with the element it seems to be, its form, how sure that is, and why.
//!
//! Nothing is stored here, and nothing of a value survives: values are looked at in memory, and what remains is
//! that one of them passed the checks of a card number, or the positions of a mask. A `$ref` is followed within
//! the document only.

mod describe;
mod document;
mod facets;
mod judge;
mod payload;
mod pointer;
pub mod report;
mod schemas;
mod sheet;
mod tree;
mod unit;
mod value;

use serde::{Deserialize, Serialize};

use super::decode;
use super::names::Confidence;
use super::rejection::{Rejection, shortened};
use super::{Kind, Limits, base_name, card, kind_of};
use crate::id::ElementId;
use crate::model::element::Form;
use crate::text::text_enum;
use tree::{Node, Problem};
use unit::Unit;

text_enum! {
    /// What a file turned out to be.
    Source {
        OpenApi3 = "openapi_3": "OpenAPI 3",
        Swagger2 = "swagger_2": "Swagger 2",
        JsonSchema = "json_schema": "JSON Schema",
        Sample = "sample": "Sample payload",
        Csv = "csv": "CSV table",
    }
}

text_enum! {
    /// Where an interface description uses a field.
    Direction {
        Request = "request": "Sent with a request",
        Response = "response": "Returned in an answer",
        Both = "both": "Sent and returned",
        Unknown = "unknown": "Not said",
    }
}

/// One field that seems to be payment data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Schema and property as people read them, for example `CardDetails.number`.
    pub path: String,
    /// The schema, the operation or nothing (samples and tables have none).
    pub schema: String,
    /// The property within it; `[]` for items of a list, `*` for the members of a map.
    pub property: String,
    /// The element, aliases replaced.
    pub element: ElementId,
    /// The form.
    pub form: Form,
    /// The positions that the values of the sample keep (`d`) and leave out (`*`). Never a digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<String>,
    /// False where every card number in the sample is a published test number.
    pub live: bool,
    /// Where the field is used.
    pub direction: Direction,
    /// How sure the match is.
    pub confidence: Confidence,
    /// Why, in one or two sentences. It never quotes a value.
    pub reason: String,
}

/// What a file says about payment data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognition {
    /// The name of the file, without folders.
    pub file: String,
    /// What the file is.
    pub source: Source,
    /// What the document calls itself, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How many fields were looked at: distinct pairs of schema and property.
    pub fields: usize,
    /// The fields that seem to be payment data, surest first, then by path.
    pub findings: Vec<Finding>,
    /// References to other documents. They are named and never followed.
    pub remote_references: Vec<String>,
    /// References into this document that lead nowhere.
    pub broken_references: Vec<String>,
    /// What a person should look at, in sentences.
    pub warnings: Vec<String>,
}

/// What waits in the database between reading and decision. The name tells it from what an import keeps there.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept<T> {
    recognition: T,
}

impl Recognition {
    /// The recognition as it is kept until somebody decides.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&Kept { recognition: self }).expect("names and words always have a form in JSON")
    }

    /// What [`Self::to_json`] wrote; `None` of anything else, as another version of this program may have written.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str::<Kept<Self>>(text).ok().map(|kept| kept.recognition)
    }
}

/// How much a document may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Values, names and list items of the document.
    pub nodes: usize,
    /// Steps of the walk through its schemas, each `$ref` counted again.
    pub steps: usize,
    /// Fields that are looked at.
    pub fields: usize,
    /// References of one kind that the result lists.
    pub listed: usize,
}

impl Bounds {
    /// Well above any published interface, and well below what memory holds.
    pub const USUAL: Self = Self { nodes: 4_000_000, steps: 8_000_000, fields: 1_000_000, listed: 100 };
}

/// Recognises the fields of a file.
///
/// # Errors
/// The file is too large, not UTF-8, not well-formed, nested too deeply, has a name twice in one object, has anchors
/// (YAML), or holds more than [`Bounds::USUAL`].
pub fn recognise(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Recognition, Rejection> {
    recognise_within(file_name, bytes, limits, &Bounds::USUAL)
}

/// The same with bounds of the caller's choice.
///
/// # Errors
/// As [`recognise`].
pub fn recognise_within(
    file_name: &str,
    bytes: &[u8],
    limits: &Limits,
    bounds: &Bounds,
) -> Result<Recognition, Rejection> {
    let file = base_name(file_name);
    let text = decode::text(&file, bytes, limits)?;
    let refused = |problem: Problem| problem.into_rejection(&file);
    let (source, found) = match kind_of(&file, text) {
        Kind::Csv => (Source::Csv, sheet::units(&file, text, bounds)?),
        Kind::Json => of_tree(&tree::read_json(text, bounds).map_err(refused)?, bounds).map_err(refused)?,
        Kind::Yaml => of_tree(&tree::read_yaml(text, bounds).map_err(refused)?, bounds).map_err(refused)?,
    };
    Ok(found.into_recognition(file, source, bounds))
}

/// Whether a file is something that this recogniser reads and that is no model file: an interface description, a
/// schema, or a payload. Looks at the names at the top only.
fn of_tree(root: &Node, bounds: &Bounds) -> Result<(Source, Collected), Problem> {
    let source = match root {
        _ if root.get("openapi").and_then(Node::text).is_some() => Source::OpenApi3,
        _ if root.get("swagger").is_some() && root.get("paths").is_some() => Source::Swagger2,
        _ if root.get("$schema").is_some() || root.get("$defs").is_some() => Source::JsonSchema,
        _ if root.get("properties").is_some_and(Node::is_map) => Source::JsonSchema,
        _ if root.get("definitions").is_some_and(Node::is_map) => Source::JsonSchema,
        _ => Source::Sample,
    };
    let collected = match source {
        Source::OpenApi3 | Source::Swagger2 => document::units(root, bounds)?,
        Source::JsonSchema => schemas::of_schema_document(root, bounds)?,
        Source::Sample | Source::Csv => payload::units(root, bounds)?,
    };
    Ok((source, collected))
}

/// The fields of a file before they are judged.
#[derive(Debug, Default)]
struct Collected {
    title: Option<String>,
    units: Vec<Unit>,
    remote: Vec<String>,
    broken: Vec<String>,
    warnings: Vec<String>,
}

impl Collected {
    fn into_recognition(self, file: String, source: Source, bounds: &Bounds) -> Recognition {
        let mut findings = judge::all(&self.units);
        findings.sort_by(|a, b| (a.confidence, &a.path, &a.element).cmp(&(b.confidence, &b.path, &b.element)));
        let listed = |mut list: Vec<String>| {
            list.sort();
            list.dedup();
            let more = list.len().saturating_sub(bounds.listed);
            list.truncate(bounds.listed);
            if more > 0 {
                list.push(format!("and {more} more"));
            }
            list
        };
        let mut warnings = self.warnings;
        warnings.extend(judge::warnings(&findings));
        Recognition {
            file,
            source,
            title: self.title.as_deref().map(quotable).filter(|title| !title.is_empty()),
            fields: self.units.len(),
            findings,
            remote_references: listed(self.remote),
            broken_references: listed(self.broken),
            warnings,
        }
    }
}

/// A text of the file as a result may show it: one line, not long, and no card number in it.
fn quotable(text: &str) -> String {
    card::scrub(&shortened(text.trim()))
}

#[cfg(test)]
mod tests;
