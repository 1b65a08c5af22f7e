//! Options of the commands that read model files and need no database.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use domain::blast::Start;
use domain::findings::Severity;

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For programs.
    Json,
    /// For people.
    Table,
}

/// Options of `scope`.
#[derive(Debug, Clone, Args)]
pub struct ScopeOptions {
    /// The model file, in JSON or YAML; `-` is standard input.
    #[arg(value_name = "MODEL")]
    pub model: PathBuf,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub format: ReportFormat,
}

/// Options of `explain`.
#[derive(Debug, Clone, Args)]
pub struct ExplainOptions {
    /// The model file, in JSON or YAML; `-` is standard input.
    #[arg(value_name = "MODEL")]
    pub model: PathBuf,
    /// The key of the system.
    #[arg(long, value_name = "SYSTEM")]
    pub system: String,
    /// Also looks for a second proof that shares no flow, management relation, copy or zone with the first one.
    #[arg(long)]
    pub second_path: bool,
    /// Also looks for the smallest change that would flip the verdict: out of scope, or into it.
    #[arg(long)]
    pub flip: bool,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub format: ReportFormat,
}

/// Options of `lineage`.
#[derive(Debug, Clone, Args)]
pub struct LineageOptions {
    /// The model file, in JSON or YAML; `-` is standard input.
    #[arg(value_name = "MODEL")]
    pub model: PathBuf,
    /// The element, for example `pan`.
    #[arg(long, value_name = "ELEMENT")]
    pub element: String,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub format: ReportFormat,
}

/// The colours of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MapTheme {
    /// On white paper.
    Light,
    /// On a dark screen.
    Dark,
}

/// Options of `map`.
#[derive(Debug, Clone, Args)]
pub struct MapOptions {
    /// The model file, in JSON or YAML; `-` is standard input.
    #[arg(value_name = "MODEL")]
    pub model: PathBuf,
    /// The file to write. The end of its name says its kind: `.svg`, `.png`, `.mmd` (Mermaid), `.dot` (Graphviz) or
    /// `.drawio`. `-` is standard output and means SVG.
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub out: PathBuf,
    /// Draws every system, however many there are. Without it a large estate is drawn with its segments collapsed.
    #[arg(long)]
    pub all: bool,
    /// The colours of the picture.
    #[arg(long, value_enum, default_value_t = MapTheme::Light)]
    pub theme: MapTheme,
}

/// Options of `rules`.
#[derive(Debug, Clone, Args)]
pub struct RulesOptions {
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub format: ReportFormat,
}

/// From which severity on findings make a command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Threshold {
    /// Critical findings only.
    Critical,
    /// Critical and high findings.
    High,
}

impl Threshold {
    /// The least urgent severity that fails.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Critical => Severity::Critical,
            Self::High => Severity::High,
        }
    }
}

/// Options of `findings`.
#[derive(Debug, Clone, Args)]
pub struct FindingsOptions {
    /// The model file, in JSON or YAML; `-` is standard input.
    #[arg(value_name = "MODEL")]
    pub model: PathBuf,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub format: ReportFormat,
    /// Ends with 1 where there is a finding of this severity or a more urgent one.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<Threshold>,
}

/// Options of `blast`.
#[derive(Debug, Clone, Args)]
pub struct BlastOptions {
    /// The model file, in JSON or YAML; `-` is standard input.
    #[arg(value_name = "MODEL")]
    pub model: PathBuf,
    /// What is hostile: `system:`, `credential:`, `vendor:` or `connector:` and a key; or `field:` and an element, for where it is.
    #[arg(long, value_name = "START")]
    pub start: Start,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub format: ReportFormat,
}

/// Options of `choke`.
#[derive(Debug, Clone, Args)]
pub struct ChokeOptions {
    /// The model file, in JSON or YAML; `-` is standard input.
    #[arg(value_name = "MODEL")]
    pub model: PathBuf,
    /// The keys of the systems that are hostile, divided by commas.
    #[arg(long, value_name = "SYSTEMS", required = true, value_delimiter = ',')]
    pub sources: Vec<String>,
    /// The keys of the systems to be protected, divided by commas.
    #[arg(long, value_name = "SYSTEMS", required = true, value_delimiter = ',')]
    pub targets: Vec<String>,
    /// What it costs to remove a label: a JSON object such as {"cred:db": 5, "manage:deploy": 3}. A label that is not named costs 1.
    #[arg(long, value_name = "FILE")]
    pub arc_cost: Option<PathBuf>,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub format: ReportFormat,
}

/// Options of `reduce`.
#[derive(Debug, Clone, Args)]
pub struct ReduceOptions {
    /// The model file, in JSON or YAML; `-` is standard input.
    #[arg(value_name = "MODEL")]
    pub model: PathBuf,
    /// What can be done, as a JSON array of {"id", "cost", "effects"}. Without it, what the model shows could be done.
    #[arg(long, value_name = "FILE")]
    pub options: Option<PathBuf>,
    /// The goal.
    #[command(flatten)]
    pub goal: ReduceGoal,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub format: ReportFormat,
}

/// Options of `recognise`.
#[derive(Debug, Clone, Args)]
pub struct RecogniseOptions {
    /// The file: OpenAPI or Swagger, JSON Schema, a sample payload, or a CSV table; `-` is standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub format: ReportFormat,
    /// Marks what is taken without another look: your decision, and part of the result.
    #[arg(long, value_enum, value_name = "CONFIDENCE")]
    pub accept: Option<super::Accept>,
}

/// The goal of `reduce`: one of the two.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub struct ReduceGoal {
    /// The most systems out of scope for at most this cost.
    #[arg(long, value_name = "COST")]
    pub budget: Option<u64>,
    /// The keys of systems that must be out of scope, divided by commas, for the least cost.
    #[arg(long, value_name = "SYSTEMS", value_delimiter = ',')]
    pub must_leave: Vec<String>,
}

/// Options of `diff`.
#[derive(Debug, Clone, Args)]
pub struct DiffOptions {
    /// The model file before, in JSON or YAML; `-` is standard input.
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The model file after.
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    /// Ends with 1 where the two differ.
    #[arg(long)]
    pub exit_code: bool,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub format: ReportFormat,
}

/// Options of `check`.
#[derive(Debug, Clone, Args)]
pub struct CheckOptions {
    /// The model file, in JSON or YAML; `-` is standard input.
    #[arg(value_name = "MODEL")]
    pub model: PathBuf,
    /// The model file to compare with: what was accepted last.
    #[arg(long, value_name = "FILE")]
    pub base: PathBuf,
    /// On what the check fails, divided by commas.
    #[arg(long, value_enum, value_name = "WHAT", required = true, value_delimiter = ',')]
    pub fail_on: Vec<FailOn>,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,
    /// Writes the result into this file, and the text for people to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// On what a check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A system has a stronger category than before, or is new and in scope.
    ScopeRise,
    /// A critical finding that was not there before.
    NewCritical,
}

/// How `check` writes its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people.
    Text,
    /// SARIF 2.1.0, for the code scanning of a forge.
    Sarif,
    /// JUnit XML, for the test report of a pipeline.
    Junit,
}
