//! Files that a person takes away: the model, and the map as a drawing.

use std::sync::Arc;

use app::ui::link::with_query;
use app::{compared_with, comparison, view_options};
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use domain::backend::Estate;
use domain::blast::Start;
use domain::evidence::requirement_list;
use domain::export::model_file;
use domain::filter::Filter;
use domain::findings::Finding;
use domain::findings::standing::{self, standings};
use domain::id::WorkspaceId;
use domain::incident::file::{empty_sheet, incidents_to_csv, sheet_to_csv};
use domain::inventory::{Column, Kind, Order, Table, csv, xlsx};
use domain::library::reference::Standard;
use domain::library::{Framework, FrameworkKey, controls};
use domain::paper::paper_of_report;
use domain::problem::Problem;
use domain::report::ReportKind;
use domain::risk::Risk;
use domain::risk::sheet::to_csv;
use domain::risk::view::RiskColumn;
use domain::role::Capability;
use domain::scene::estate::drawing;
use domain::scene::{FileFormat, Theme};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::request::Parts;
use picture::Refused;
use tokio::sync::Semaphore;

use super::fault;
use super::headers::FILE_POLICY;
use super::moment::{self, snapshot_of};
use super::next::own_page;
use super::refusal::Refusal;
use super::session::Caller;
use crate::compiler::{self, Failed};
use crate::drawn::MapFile;

/// The model of a workspace as a model file. Who takes all of it away proves first who they are, and comes back here.
pub async fn model(Path(workspace): Path<String>, parts: Parts) -> Response {
    match exported(&workspace, &parts).await {
        Ok(estate) => {
            let then = estate.moment.key().map(|key| format!("-{key}")).unwrap_or_default();
            let name = format!("{}{then}-model.json", safe(&workspace));
            let content = model_file::to_json(&estate.stored).into_bytes();
            File { name, content_type: "application/json; charset=utf-8", content }.into_response()
        }
        Err(Problem::Reauthenticate) => {
            let address = parts.uri.path_and_query().map_or_else(|| parts.uri.path(), |it| it.as_str());
            let next = own_page(address).unwrap_or_default();
            Redirect::to(&with_query("/re-authenticate", &[("next", next)])).into_response()
        }
        Err(problem) => Refusal::from(problem).into_response(),
    }
}

/// The whole model, as it is or as the snapshot of the address has it.
async fn exported(workspace: &str, parts: &Parts) -> Result<Arc<Estate>, Problem> {
    let (backend, workspace) = (Caller::of(parts).backend, WorkspaceId::new(workspace));
    match snapshot_of(parts.uri.query())? {
        Some(key) => backend.export_at(&workspace, key).await,
        None => backend.export(&workspace).await,
    }
}

/// The map of a workspace as a picture that stands alone.
pub async fn map_svg(workspace: Path<String>, query: View, parts: Parts) -> Result<File, Refusal> {
    map(&workspace, &query, &parts, MapFile::Text(FileFormat::Svg)).await
}

/// The map of a workspace as a picture of pixels.
pub async fn map_png(workspace: Path<String>, query: View, parts: Parts) -> Result<File, Refusal> {
    map(&workspace, &query, &parts, MapFile::Png).await
}

/// The map of a workspace for Mermaid.
pub async fn map_mermaid(workspace: Path<String>, query: View, parts: Parts) -> Result<File, Refusal> {
    map(&workspace, &query, &parts, MapFile::Text(FileFormat::Mermaid)).await
}

/// The map of a workspace for Graphviz.
pub async fn map_dot(workspace: Path<String>, query: View, parts: Parts) -> Result<File, Refusal> {
    map(&workspace, &query, &parts, MapFile::Text(FileFormat::Dot)).await
}

/// The map of a workspace for draw.io.
pub async fn map_drawio(workspace: Path<String>, query: View, parts: Parts) -> Result<File, Refusal> {
    map(&workspace, &query, &parts, MapFile::Text(FileFormat::DrawIo)).await
}

/// The query of a view of the map, as the page has it.
type View = Query<Vec<(String, String)>>;

/// A large picture takes some hundred megabytes while it is drawn, so there is one at a time.
static PICTURES: Semaphore = Semaphore::const_new(1);

/// Documents are made one at a time; who waits holds no thread.
static DOCUMENTS: Semaphore = Semaphore::const_new(1);

/// What the page of the same address draws, in a format.
async fn map(workspace: &str, query: &View, parts: &Parts, format: MapFile) -> Result<File, Refusal> {
    let estate = estate(workspace, parts).await?;
    let account = Caller::of(parts).backend.account().await?;
    let value = |name: &str| {
        let pair = query.iter().find(|(key, value)| key == name && !value.is_empty());
        pair.map(|(_, value)| value.clone())
    };
    let backend = Caller::of(parts).backend;
    let compared = match compared_with(&value) {
        Some(key) => Some(comparison(&backend, &estate, key).await?),
        None => None,
    };
    let options = view_options(account, Arc::clone(&estate), compared.as_ref(), &value);
    let name = format!("{}-map.{}", safe(workspace), format.extension());
    let turn = match format {
        MapFile::Png => Some(PICTURES.acquire().await.map_err(|error| fault("no picture can be drawn", &error))?),
        MapFile::Text(_) => None,
    };
    // A large estate takes a while to lay out, which should not hold up the threads that answer requests.
    let drawn = tokio::task::spawn_blocking(move || {
        // Even if nobody waits for the answer any more, the next picture waits for this one.
        let _turn = turn;
        let (model, scope) =
            compared.as_ref().map_or((&*estate.model, &*estate.scope), |both| (&both.model, &both.scope));
        format.write(&drawing(model, scope, &options), Theme::Light)
    });
    let drawn = drawn.await.map_err(|error| fault("the map could not be drawn", &error))?;
    let content = drawn.map_err(|refused| match refused {
        Refused::TooLarge { .. } => Refusal::PictureTooLarge,
        Refused::Unreadable(_) => fault("the map could not be made a picture", &refused).into(),
    })?;
    Ok(File { name, content_type: format.content_type(), content })
}

/// The records of a kind as a table: the rows and columns that the list at the same query shows, all of its pages.
pub async fn records(Path((workspace, kind)): Path<(String, String)>, parts: Parts) -> Result<File, Refusal> {
    let estate = estate(&workspace, &parts).await?;
    let kind = Kind::listed(&kind).ok_or(Problem::NotFound)?;
    let query: Vec<(String, String)> =
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let columns: Vec<&str> =
        query.iter().filter(|(name, _)| name == "cols").flat_map(|(_, value)| value.split(',')).collect();
    let (descending, column) = match value("sort").strip_prefix('-') {
        Some(column) => (true, column),
        None => (false, value("sort")),
    };
    let table = Table::with_scope(kind, &estate.model, &estate.scope);
    let rows = table.rows(&Filter::parse(value("q")), Order { column, descending });
    let columns = Column::shown(kind, &columns);
    let name = format!("{}-{}", safe(&workspace), kind.word);
    Ok(match value("as") {
        "xlsx" => File::xlsx(format!("{name}.xlsx"), xlsx(&table, &rows, &columns)),
        _ => File::csv(format!("{name}.csv"), csv(&table, &rows, &columns)),
    })
}

/// Every finding with where it stands, as a table: those that the filter of the query lets through.
pub async fn findings(Path(workspace): Path<String>, parts: Parts) -> Result<File, Refusal> {
    let estate = estate(&workspace, &parts).await?;
    let backend = &Caller::of(&parts).backend;
    let (findings, records) = (backend.findings(&estate).await?, backend.records(&estate).await?);
    let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let q = query.filter(|(name, _)| name == "q").map(|(_, value)| value.into_owned()).next().unwrap_or_default();
    let filter = Filter::parse(&q);
    let mut all = standings(&records, &findings);
    all.retain(|it| it.passes(&filter, &estate.model, estate.today));
    let name = format!("{}-findings.csv", safe(&workspace));
    Ok(File::csv(name, standing::csv(&all, &estate.model)))
}

/// The risk register as a file: the rows and columns that the list at the same query shows, all of its pages, as CSV or as
/// a workbook; or, where no form is asked for, every risk in the columns that an import reads.
pub async fn risks(Path(workspace): Path<String>, parts: Parts) -> Result<File, Refusal> {
    let estate = estate(&workspace, &parts).await?;
    let register = Caller::of(&parts).backend.risks(&estate.workspace.id).await?;
    let name = format!("{}-risks", safe(&workspace));
    let query: Vec<(String, String)> =
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let form = value("as");
    if !matches!(form, "csv" | "xlsx") {
        let all: Vec<&Risk> = register.risks.values().map(|risk| &**risk).collect();
        return Ok(File::csv(format!("{name}.csv"), to_csv(&all, register.register.scheme)));
    }
    let asked: Vec<&str> =
        query.iter().filter(|(name, _)| name == "cols").flat_map(|(_, value)| value.split(',')).collect();
    let columns = RiskColumn::shown(&asked);
    let rows = register.listed(&Filter::parse(value("q")), value("sort"), estate.today);
    let words = register.words(&estate.model);
    Ok(match form {
        "xlsx" => File::xlsx(format!("{name}.xlsx"), words.xlsx(&rows, &columns)),
        _ => File::csv(format!("{name}.csv"), words.csv(&rows, &columns)),
    })
}

/// One table of a report: the one that the query names, else the first.
pub async fn report(Path((workspace, key)): Path<(String, String)>, parts: Parts) -> Result<File, Refusal> {
    let estate = estate(&workspace, &parts).await?;
    let kind: ReportKind = key.parse().map_err(|_| Problem::NotFound)?;
    let query: Vec<(String, String)> =
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let report = app::report(&Caller::of(&parts).backend, &estate, kind, value("about")).await?;
    let table = match value("table").filter(|it| !it.is_empty()) {
        Some(name) => report.table(name),
        None => report.tables.first(),
    };
    let table = table.ok_or(Problem::NotFound)?;
    Ok(File::csv(format!("{}-{kind}-{}.csv", safe(&workspace), table.name.replace('_', "-")), table.csv()))
}

/// The requirements of a framework with where each stands: those that the filter of the query lets through.
pub async fn requirements(Path(workspace): Path<String>, parts: Parts) -> Result<File, Refusal> {
    let estate = estate(&workspace, &parts).await?;
    let backend = &Caller::of(&parts).backend;
    let book = backend.library(&estate.workspace.id).await?;
    let (findings, decided) = (backend.findings(&estate).await?, backend.decided_findings(&estate).await?);
    let framework = match asked(&parts, "framework").as_str() {
        "" => Framework::Standard(Standard::Pci),
        text => text.parse().map_err(|_| Problem::NotFound)?,
    };
    let entries = book.entries(&framework).ok_or(Problem::NotFound)?;
    let is_open = |it: &Finding| !decided.contains(&it.identity());
    let said = book.said();
    let filter = Filter::parse(&asked(&parts, "q"));
    let all = requirement_list::lines(entries, &said.with(&findings, &is_open));
    let text = requirement_list::csv(all.iter().filter(|it| it.passes(&filter)));
    Ok(File::csv(format!("{}-requirements-{}.csv", safe(&workspace), safe(framework.as_str())), text))
}

/// The table of a framework of one's own, as it is read again.
pub async fn framework(Path((workspace, key)): Path<(String, String)>, parts: Parts) -> Result<File, Refusal> {
    let estate = estate(&workspace, &parts).await?;
    let book = Caller::of(&parts).backend.library(&estate.workspace.id).await?;
    let key: FrameworkKey = key.parse().map_err(|_| Problem::NotFound)?;
    let framework = book.frameworks.get(&key).ok_or(Problem::NotFound)?;
    Ok(File::csv(format!("{}-{key}.csv", safe(&workspace)), framework.value.csv()))
}

/// Controls on integrations: those that the filter of the query lets through.
pub async fn controls(Path(workspace): Path<String>, parts: Parts) -> Result<File, Refusal> {
    let estate = estate(&workspace, &parts).await?;
    let book = Caller::of(&parts).backend.library(&estate.workspace.id).await?;
    let matrix = controls::matrix(&estate.model, &book.stated());
    let rows = matrix.listed(&Filter::parse(&asked(&parts, "q")), &estate.model);
    Ok(File::csv(format!("{}-controls.csv", safe(&workspace)), controls::csv(&rows, &estate.model)))
}

/// A value of the query; empty where there is none.
fn asked(parts: &Parts, name: &str) -> String {
    let mut query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    query.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// A report as a document for print.
pub async fn report_pdf(Path((workspace, key)): Path<(String, String)>, parts: Parts) -> Result<File, Refusal> {
    let estate = estate(&workspace, &parts).await?;
    let kind: ReportKind = key.parse().map_err(|_| Problem::NotFound)?;
    let mut query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let about = query.find(|(name, _)| name == "about").map(|(_, value)| value.into_owned());
    let report = app::report(&Caller::of(&parts).backend, &estate, kind, about.as_deref()).await?;
    let paper = paper_of_report(&report, &estate.workspace.name);
    let turn = DOCUMENTS.acquire().await.map_err(|error| fault("no document can be made", &error))?;
    let made = tokio::task::spawn_blocking(move || {
        // Even if nobody waits for the answer any more, the next document waits for this one.
        let _turn = turn;
        compiler::compile(&paper)
    });
    let content = made.await.map_err(|error| fault("the document could not be made", &error))?;
    let content = content.map_err(|failed| match failed {
        Failed::TooLarge => Refusal::DocumentTooLarge,
        Failed::TooLong => Refusal::TimedOut,
        Failed::Process(_) | Failed::Refused(_) => fault("the document could not be made", &failed).into(),
    })?;
    Ok(File { name: format!("{}-{kind}.pdf", safe(&workspace)), content_type: "application/pdf", content })
}

/// Every incident as a table.
pub async fn incidents(Path(workspace): Path<String>, parts: Parts) -> Result<File, Refusal> {
    let estate = estate(&workspace, &parts).await?;
    let book = Caller::of(&parts).backend.incidents(&estate.workspace.id).await?;
    Ok(File::csv(format!("{}-incidents.csv", safe(&workspace)), incidents_to_csv(book.incidents.values())))
}

/// The containment sheet of the page at the same address, as a table.
pub async fn containment(workspace: Path<String>, query: View, parts: Parts) -> Result<File, Refusal> {
    let estate = estate(&workspace, &parts).await?;
    let book = Caller::of(&parts).backend.incidents(&estate.workspace.id).await?;
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let name = format!("{}-containment.csv", safe(&workspace));
    // The reach of a large estate takes a while, which should not hold up the threads that answer requests.
    let Some(start) = value("start").filter(|it| !it.is_empty()) else { return Ok(File::csv(name, empty_sheet())) };
    let start: Start = start.parse().map_err(|_| Problem::NotFound)?;
    let about = value("incident").and_then(|it| it.parse().ok());
    let written = tokio::task::spawn_blocking(move || {
        let about = about.and_then(|key| book.incidents.get(&key));
        let sheet = book.sheet((&estate.model, &estate.scope), &start, about).ok()?;
        let playbooks: Vec<_> = book.playbooks.values().map(|it| &it.value).collect();
        Some(sheet_to_csv(&sheet, &estate.model, &playbooks))
    });
    let written = written.await.map_err(|error| fault("the sheet could not be written", &error))?;
    Ok(File::csv(name, written.ok_or(Problem::NotFound)?))
}

/// The workspace, for somebody who may take it away.
async fn estate(workspace: &str, parts: &Parts) -> Result<Arc<Estate>, Problem> {
    let (backend, workspace) = (Caller::of(parts).backend, WorkspaceId::new(workspace));
    let estate = moment::estate(&backend, &workspace, parts.uri.query()).await?;
    if estate.workspace.role.may(Capability::ExportModel) { Ok(estate) } else { Err(Problem::Forbidden) }
}

/// A file to be saved and not shown.
#[derive(Debug)]
pub struct File {
    /// The name that is proposed; letters, digits, dots and dashes only.
    name: String,
    content_type: &'static str,
    content: Vec<u8>,
}

impl File {
    /// A table in CSV.
    #[must_use]
    pub fn csv(name: String, content: String) -> Self {
        Self { name, content_type: "text/csv; charset=utf-8", content: content.into_bytes() }
    }

    /// A file in JSON.
    #[must_use]
    pub fn json(name: String, content: String) -> Self {
        Self { name, content_type: "application/json; charset=utf-8", content: content.into_bytes() }
    }

    /// A workbook.
    #[must_use]
    pub const fn xlsx(name: String, content: Vec<u8>) -> Self {
        Self { name, content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content }
    }
}

impl IntoResponse for File {
    fn into_response(self) -> Response {
        let disposition = format!("attachment; filename=\"{}\"", self.name);
        let disposition = HeaderValue::from_str(&disposition).expect("a safe name is a header value");
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(self.content_type)),
            (CONTENT_DISPOSITION, disposition),
            (CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY)),
        ];
        (headers, self.content).into_response()
    }
}

/// A name that is a file name everywhere: what is not a plain letter, digit, dot or dash becomes a dash.
#[must_use]
pub fn safe(name: &str) -> String {
    let plain: String = name
        .chars()
        .take(80)
        .map(|it| if it.is_ascii_alphanumeric() || it == '-' || it == '.' { it } else { '-' })
        .collect();
    let trimmed = plain.trim_matches(['-', '.']);
    if trimmed.is_empty() { "workspace".to_owned() } else { trimmed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn a_file_name_has_no_path_and_no_header_in_it() {
        assert_eq!(safe("shop"), "shop");
        assert_eq!(safe("../../etc/passwd"), "etc-passwd");
        assert_eq!(safe("a\"; filename=\"b\r\nX: y"), "a---filename--b--X--y");
        assert_eq!(safe("küche"), "k-che");
        assert_eq!(safe("..."), "workspace");
    }
}
