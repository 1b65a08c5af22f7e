//! A file that was read: its rows or its model, and what is wrong with it. Stored between preview and commit.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::names::{Confidence, Match, recognise};
use super::rejection::Rejection;
use super::rows::{FieldItem, FlowRow, SystemRow};
use super::sheet::{Rows, Sheet};
use crate::export::model_file;
use crate::model::Model;
use crate::model::file::ModelFile;
use crate::model::reader::from_file;
use crate::text::text_enum;

text_enum! {
    /// What a file is.
    Format {
        ModelJson = "model_json": "Model file (JSON)",
        ModelYaml = "model_yaml": "Model file (YAML)",
        SystemsCsv = "systems_csv": "Systems (CSV)",
        FlowsCsv = "flows_csv": "Flows (CSV)",
    }
}

/// A file that was read. It holds parsed rows only: no sample values, and never a card number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub(super) file_name: String,
    pub(super) format: Format,
    pub(super) content: Content,
    pub(super) ignored_columns: Vec<String>,
    pub(super) rejections: Vec<Rejection>,
    pub(super) more_rejections: usize,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// Systems, row by row.
    Systems(Vec<SystemRow>),
    /// Flows, row by row.
    Flows(Vec<FlowRow>),
    /// A whole model; whether the file states the settings.
    Model { model: Box<Model>, states_settings: bool },
}

impl Reading {
    /// A CSV file.
    pub(super) fn of_sheet(file_name: String, sheet: Sheet) -> Self {
        let (format, content) = match sheet.rows {
            Rows::Systems(rows) => (Format::SystemsCsv, Content::Systems(rows)),
            Rows::Flows(rows) => (Format::FlowsCsv, Content::Flows(rows)),
        };
        Self {
            file_name,
            format,
            content,
            ignored_columns: sheet.ignored_columns,
            rejections: sheet.rejections,
            more_rejections: sheet.more_rejections,
        }
    }

    /// A model file.
    pub(super) fn of_model(file_name: String, format: Format, model: Model, states_settings: bool) -> Self {
        Self {
            file_name,
            format,
            content: Content::Model { model: Box::new(model), states_settings },
            ignored_columns: Vec::new(),
            rejections: Vec::new(),
            more_rejections: 0,
        }
    }

    /// The name of the file, without folders.
    #[must_use]
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// What the file is.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The columns that mean nothing here and are left out, as the file names them.
    #[must_use]
    pub fn ignored_columns(&self) -> &[String] {
        &self.ignored_columns
    }

    /// The names on the wire of all flows for which a person has to say what they are, in order.
    /// A form field `wire.<n>` means the n-th of them, from 0.
    #[must_use]
    pub fn wire_names(&self) -> Vec<String> {
        self.wire_items().into_keys().map(str::to_owned).collect()
    }

    /// Per name on the wire: the number of flows that have it, and what it seems to be.
    pub(super) fn wire_items(&self) -> BTreeMap<&str, WireItem> {
        let mut names: BTreeMap<&str, WireItem> = BTreeMap::new();
        let Content::Flows(rows) = &self.content else { return names };
        for row in rows {
            let in_row: BTreeSet<&str> = row.wire_names().map(|item| item.name.as_str()).collect();
            for item in row.wire_names() {
                names.entry(&item.name).or_insert_with(|| WireItem::of(item));
            }
            for name in in_row {
                if let Some(item) = names.get_mut(name) {
                    item.flows += 1;
                }
            }
        }
        names
    }

    /// The file as it is stored until its import is confirmed.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut stored = Stored {
            file_name: self.file_name.clone(),
            format: self.format,
            systems: Vec::new(),
            flows: Vec::new(),
            model: None,
            ignored_columns: self.ignored_columns.clone(),
            rejections: self.rejections.clone(),
            more_rejections: self.more_rejections,
        };
        match &self.content {
            Content::Systems(rows) => stored.systems.clone_from(rows),
            Content::Flows(rows) => stored.flows.clone_from(rows),
            Content::Model { model, states_settings } => {
                let mut file = model_file::to_file(model);
                if !states_settings {
                    file.settings = None;
                }
                stored.model = Some(file);
            }
        }
        serde_json::to_string(&stored).expect("rows and shapes have text keys and whole numbers only")
    }

    /// The file that [`Self::to_json`] wrote.
    ///
    /// # Errors
    /// The text is something else, for example of another version.
    pub fn from_json(text: &str) -> Result<Self, NoReading> {
        let stored: Stored = serde_json::from_str(text).map_err(|error| NoReading(error.to_string()))?;
        let content = match (stored.format, stored.model) {
            (Format::SystemsCsv, None) => Content::Systems(stored.systems),
            (Format::FlowsCsv, None) => Content::Flows(stored.flows),
            (Format::ModelJson | Format::ModelYaml, Some(file)) => {
                let states_settings = file.settings.is_some();
                Content::Model { model: Box::new(from_file(file).0), states_settings }
            }
            _ => return Err(NoReading("format and content do not fit".to_owned())),
        };
        Ok(Self {
            file_name: stored.file_name,
            format: stored.format,
            content,
            ignored_columns: stored.ignored_columns,
            rejections: stored.rejections,
            more_rejections: stored.more_rejections,
        })
    }
}

/// A text that is no stored reading.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a file that was read before: {0}")]
pub struct NoReading(String);

/// A name on the wire over all flows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WireItem {
    pub flows: usize,
    pub proposed: Option<Match>,
}

impl WireItem {
    fn of(item: &FieldItem) -> Self {
        let proposed = recognise(&item.name).map(|found| match item.form {
            Some(form) => Match { form, ..found },
            None => found,
        });
        Self { flows: 0, proposed }
    }

    pub(super) fn is_sure(&self) -> bool {
        self.proposed.as_ref().is_some_and(|it| it.confidence == Confidence::High)
    }
}

/// A reading as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    file_name: String,
    format: Format,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    systems: Vec<SystemRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    flows: Vec<FlowRow>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<ModelFile>,
    ignored_columns: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rejections: Vec<Rejection>,
    #[serde(default)]
    more_rejections: usize,
}
