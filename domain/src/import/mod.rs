//! Files that people have already: model files, and CSV files of systems and of flows.
//!
//! Three steps, so that nothing is stored that nobody saw. [`read`] parses a file or says why not;
//! [`preview`] compares it with the model; [`plan`] gives the objects of the commit, all or none.
//! The same file a second time changes nothing, and what a file leaves out is never erased.

pub mod adoption;
pub mod card;
pub mod cell;
pub mod choices;
pub mod columns;
pub(crate) mod decode;
mod draft;
pub mod fact_cell;
pub mod fields;
pub mod json;
pub mod keys;
mod model_facts;
mod model_file;
pub mod names;
pub mod preview;
pub mod reading;
pub mod recogniser;
pub mod rejection;
pub mod rows;
mod sheet;
pub mod table;
pub mod words;
mod yaml;

pub use crate::export::difference::FieldChange;
pub use choices::{Choice, Choices};
pub use preview::{Entry, Outcome, Preview, WireProposal, plan, preview};
pub use reading::{Format, Reading};
pub use rejection::Rejection;

/// How much a file may hold, and what to do when it holds more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size in bytes.
    pub bytes: usize,
    /// Rows of a CSV file, or objects of a model file.
    pub rows: usize,
    /// What to do with a file that is too large.
    way_out: WayOut,
}

/// What to do with a file that is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WayOut {
    ImportByCommand,
    RecogniseByCommand,
    Split,
}

impl Limits {
    /// An upload in the browser: 32 MiB and 200,000 rows.
    #[must_use]
    pub const fn browser() -> Self {
        Self { bytes: 32 * 1024 * 1024, rows: 200_000, way_out: WayOut::ImportByCommand }
    }

    /// The command line: 256 MiB and 2,000,000 rows.
    #[must_use]
    pub const fn command_line() -> Self {
        Self { bytes: 256 * 1024 * 1024, rows: 2_000_000, way_out: WayOut::Split }
    }

    /// A specification or a sample in the browser: 16 MiB.
    #[must_use]
    pub const fn specification() -> Self {
        Self { bytes: 16 * 1024 * 1024, rows: 200_000, way_out: WayOut::RecogniseByCommand }
    }

    /// A register of risks: 32 MiB and 50,000 rows.
    #[must_use]
    pub const fn register() -> Self {
        Self { bytes: 32 * 1024 * 1024, rows: 50_000, way_out: WayOut::Split }
    }

    /// What to do with a file that is too large.
    fn way_out(&self, file: &str) -> String {
        match self.way_out {
            WayOut::ImportByCommand => {
                format!("import it on the command line with `plumbline import --data DIR --workspace W {file}`")
            }
            WayOut::RecogniseByCommand => format!("read it on the command line with `plumbline recognise {file}`"),
            WayOut::Split => "split it into several files and import one after the other".to_owned(),
        }
    }
}

/// Reads a file. What it is follows from its content and, where that leaves it open, from the end of its name.
///
/// Rows of a CSV file that cannot be taken are part of the reading; they show in the preview and stop the commit.
///
/// # Errors
/// The file as a whole cannot be read: too large, not UTF-8, no table, or a model file with anything wrong in it.
pub fn read(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Reading, Vec<Rejection>> {
    let file = base_name(file_name);
    let text = decode::text(&file, bytes, limits).map_err(|it| vec![it])?;
    let format = match kind_of(&file, text) {
        Kind::Csv => {
            let sheet = sheet::read(&file, text, limits)?;
            return Ok(Reading::of_sheet(file, sheet));
        }
        Kind::Json => Format::ModelJson,
        Kind::Yaml => Format::ModelYaml,
    };
    let (model, states_settings) = model_file::read(&file, text, format, limits)?;
    Ok(Reading::of_model(file, format, model, states_settings))
}

/// The last part of a path, on one line, without card numbers and of a length that fits into a sentence.
pub(crate) fn base_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name: String = name.chars().filter(|c| !c.is_control()).take(120).collect();
    let name = card::scrub(name.trim());
    if name.is_empty() { "file".to_owned() } else { name }
}

enum Kind {
    Csv,
    Json,
    Yaml,
}

fn kind_of(file: &str, text: &str) -> Kind {
    let extension = file.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    let first = text.trim_start().chars().next();
    match extension.as_str() {
        "yaml" | "yml" => Kind::Yaml,
        "json" => Kind::Json,
        _ if first == Some('{') => Kind::Json,
        "csv" | "tsv" | "tab" => Kind::Csv,
        _ if first == Some('[') => Kind::Json,
        _ if begins_like_yaml(text) => Kind::Yaml,
        _ => Kind::Csv,
    }
}

/// Whether the first line that says something is `name:` or `---`, as no CSV header is.
fn begins_like_yaml(text: &str) -> bool {
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.into_iter().next().is_some_and(|line| {
        line == "---"
            || line.split_once(':').is_some_and(|(name, rest)| {
                (rest.is_empty() || rest.starts_with(' ')) && name.chars().all(|c| c.is_alphanumeric() || c == '_')
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides_where_the_name_leaves_it_open() {
        let kind = |file: &str, text: &str| match kind_of(file, text) {
            Kind::Csv => "csv",
            Kind::Json => "json",
            Kind::Yaml => "yaml",
        };
        assert_eq!(kind("a.csv", "id,name"), "csv");
        assert_eq!(kind("a.csv", " {\"systems\":[]}"), "json");
        assert_eq!(kind("a.yml", "{systems: []}"), "yaml");
        assert_eq!(kind("a.txt", "systems:\n - id: a"), "yaml");
        assert_eq!(kind("a", "# model\n---\nsystems: []"), "yaml");
        assert_eq!(kind("a", "source;target\n"), "csv");
        assert_eq!(kind("a", "[]"), "json");
        assert_eq!(kind("a.json", "id,name"), "json");
    }

    #[test]
    fn a_file_is_known_by_its_last_name() {
        assert_eq!(base_name("C:\\files\\shop.csv"), "shop.csv");
        assert_eq!(base_name("../../etc/\n"), "file");
        assert_eq!(base_name("4111111111111111.csv"), "dddddddddddddddd.csv");
    }
}
