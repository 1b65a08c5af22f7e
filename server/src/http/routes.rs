//! Which addresses are there, who may reach them, and what do they take?
//!
//! The one list of routes. The router is built from it, the guards look requests up in it, and the tests walk it.

use http::Method;
use store::Awaits;

/// One address with one method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `GET` or `POST`; a `GET` route also answers `HEAD`.
    pub verb: Verb,
    /// The path, with `{name}` for a segment that varies.
    pub path: &'static str,
    /// Whether it is reachable without a session.
    pub open: bool,
    /// What its requests carry.
    pub body: Body,
    /// What answers.
    pub endpoint: Endpoint,
}

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Changes nothing.
    Get,
    /// May change something.
    Post,
    /// Makes an object be as stated.
    Put,
    /// Removes an object.
    Delete,
}

impl Verb {
    /// The method of HTTP.
    #[must_use]
    pub const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Put => Method::PUT,
            Self::Delete => Method::DELETE,
        }
    }
}

/// What a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// A form, urlencoded.
    Form,
    /// A form with a file.
    File,
    /// A browser's report.
    Report,
    /// An object in JSON.
    Object,
    /// A file of a program: JSON, YAML or CSV.
    Model,
}

/// What answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after what it does")]
pub enum Endpoint {
    Page,
    SetUpPage,
    Start,
    MapFile,
    MapPicture,
    MapMermaid,
    MapDot,
    MapDrawIo,
    ModelFile,
    Asset,
    SetUp,
    SignIn,
    SignOut,
    ChooseTheme,
    CspReport,
    AddWorkspace,
    AddSystem,
    EditSystem,
    ConfirmSystem,
    DeleteSystem,
    MoveSystem,
    ChangeSeveral,
    AddFlow,
    EditFlow,
    DeleteFlow,
    TakeBack,
    AddQuickFlow,
    UploadFile,
    PasteTable,
    DropFields,
    DecideImport,
    ReadSpecification,
    DecideSpecification,
    BringObservations,
    ForgetObservations,
    ResetPage,
    ResetPassword,
    ProveSecondFactor,
    Reauthenticate,
    OfferSecondFactor,
    ConfirmSecondFactor,
    RenewRecoveryCodes,
    ChangePassword,
    EndSession,
    EndOtherSessions,
    MakeToken,
    RevokeToken,
    Invite,
    WithdrawInvitation,
    AcceptInvitation,
    ChangeMember,
    RemoveMember,
    RenameWorkspace,
    HandOverWorkspace,
    ArchiveWorkspace,
    RestoreWorkspace,
    DeleteWorkspace,
    AddPerson,
    EditPerson,
    DeletePerson,
    LinkPerson,
    AddRecord,
    EditRecord,
    DeleteRecord,
    ApplyFix,
    AnswerQuestion,
    SetRuleSettings,
    TriageFinding,
    TriageFindings,
    RaiseConcern,
    OpenReview,
    StepReview,
    SignReview,
    SealFile,
    AddItem,
    AddItemVersion,
    EditItem,
    StepItem,
    ItemFile,
    ItemPicture,
    AddPolicy,
    EditPolicy,
    ApprovePolicy,
    AddTraining,
    EditTraining,
    FindingsFile,
    RisksFile,
    IncidentsFile,
    ReportFile,
    ReportDocument,
    ContainmentFile,
    BringRegister,
    ChangeRisks,
    TrailFile,
    InstanceTrailFile,
    PackFile,
    AskPack,
    DecidePack,
    DecideRegister,
    RollBack,
    ApproveDecision,
    RecordsFile,
    AddComment,
    AcceptFindings,
    AddActivity,
    AddAnalysis,
    AddDrill,
    AddIncident,
    AddPlaybook,
    AddRisk,
    AddSchedule,
    AskAcceptance,
    DecideAcceptance,
    CommentsFile,
    DeleteComment,
    DeleteView,
    EditActivity,
    EditAnalysis,
    EditComment,
    EditDrill,
    EditIncident,
    EditPlaybook,
    EditRisk,
    EditSchedule,
    RecordRun,
    SaveDuties,
    StepAnalysis,
    ApproveRequirement,
    SayRequirement,
    RequirementsFile,
    BringFramework,
    ReplaceFramework,
    FrameworkFile,
    SayResponsibility,
    SavePreset,
    StateControl,
    ControlsFile,
    StepIncident,
    RefreshRisk,
    SetRiskRegister,
    SaveView,
    SaveProfile,
    SetAccount,
    MakeResetLink,
    CalendarFeed,
    MakeFeed,
    EndFeed,
    ReadNotices,
    SetDigest,
    SetSecondFactorPolicy,
    SetTimeZone,
    TakeSnapshot,
    BeginProposal,
    StepProposal,
    ProtectScope,
    ConfirmFlow,
    TickPoint,
    SaveEntity,
    ExplainCell,
    AnswerElement,
    AskForEvidence,
    StepRequest,
    DrawSample,
    StepSample,
    Api(Call),
}

/// What answers in the interface for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after what it does")]
pub enum Call {
    Document,
    Workspaces,
    Workspace,
    Model,
    Import,
    Objects,
    Object,
    PutObject,
    DeleteObject,
    Scope,
    Verdict,
    Blast,
}

/// Every route. There are no server functions: pages read through the backend, and forms are plain posts.
pub const ROUTES: &[Route] = &[
    get("/", Endpoint::Start),
    Route { open: true, ..get("/setup", Endpoint::SetUpPage) },
    open_page("/sign-in"),
    open_page("/accessibility"),
    page("/workspaces"),
    page("/w/{ws}"),
    page("/w/{ws}/map"),
    page("/w/{ws}/systems"),
    page("/w/{ws}/systems/new"),
    page("/w/{ws}/change/{kind}"),
    page("/w/{ws}/systems/{key}"),
    page("/w/{ws}/systems/{key}/gained"),
    page("/w/{ws}/systems/{key}/edit"),
    page("/w/{ws}/systems/{key}/{tab}"),
    page("/w/{ws}/flows"),
    page("/w/{ws}/flows/new"),
    page("/w/{ws}/flows/{key}"),
    page("/w/{ws}/flows/{key}/edit"),
    page("/w/{ws}/flows/{key}/{tab}"),
    page("/w/{ws}/elements/{key}"),
    page("/w/{ws}/import"),
    page("/w/{ws}/import/{job}"),
    page("/w/{ws}/recognise"),
    page("/w/{ws}/recognise/{job}"),
    page("/w/{ws}/history"),
    page("/w/{ws}/search"),
    page("/w/{ws}/guide"),
    page("/w/{ws}/least-data"),
    post("/w/{ws}/least-data", Endpoint::DropFields),
    page("/w/{ws}/paste"),
    post("/w/{ws}/paste", Endpoint::PasteTable),
    page("/w/{ws}/fields"),
    get("/w/{ws}/map.svg", Endpoint::MapFile),
    get("/w/{ws}/map.png", Endpoint::MapPicture),
    get("/w/{ws}/map.mmd", Endpoint::MapMermaid),
    get("/w/{ws}/map.dot", Endpoint::MapDot),
    get("/w/{ws}/map.drawio", Endpoint::MapDrawIo),
    get("/w/{ws}/export/model", Endpoint::ModelFile),
    Route { open: true, ..get("/assets/{file}", Endpoint::Asset) },
    Route { open: true, ..post("/setup", Endpoint::SetUp) },
    Route { open: true, ..post("/sign-in", Endpoint::SignIn) },
    Route { open: true, body: Body::Report, ..post("/csp-report", Endpoint::CspReport) },
    post("/sign-out", Endpoint::SignOut),
    post("/theme", Endpoint::ChooseTheme),
    post("/workspaces", Endpoint::AddWorkspace),
    post("/w/{ws}/systems/new", Endpoint::AddSystem),
    post("/w/{ws}/change/{kind}", Endpoint::ChangeSeveral),
    post("/w/{ws}/systems/{key}/edit", Endpoint::EditSystem),
    post("/w/{ws}/systems/{key}/confirm", Endpoint::ConfirmSystem),
    post("/w/{ws}/systems/{key}/delete", Endpoint::DeleteSystem),
    post("/w/{ws}/systems/{key}/move", Endpoint::MoveSystem),
    post("/w/{ws}/flows/new", Endpoint::AddFlow),
    post("/w/{ws}/flows/{key}/edit", Endpoint::EditFlow),
    post("/w/{ws}/flows/{key}/confirm", Endpoint::ConfirmFlow),
    post("/w/{ws}/flows/{key}/delete", Endpoint::DeleteFlow),
    post("/w/{ws}/history/take-back", Endpoint::TakeBack),
    post("/w/{ws}/search", Endpoint::AddQuickFlow),
    Route { body: Body::File, ..post("/w/{ws}/import", Endpoint::UploadFile) },
    post("/w/{ws}/import/{job}", Endpoint::DecideImport),
    page("/w/{ws}/observations"),
    page("/w/{ws}/observations/{key}"),
    Route { body: Body::File, ..post("/w/{ws}/observations", Endpoint::BringObservations) },
    post("/w/{ws}/observations/{key}/delete", Endpoint::ForgetObservations),
    Route { body: Body::File, ..post("/w/{ws}/recognise", Endpoint::ReadSpecification) },
    post("/w/{ws}/recognise/{job}", Endpoint::DecideSpecification),
    // One's own account: proving who one is, and what protects the account.
    Route { open: true, ..get("/reset/{token}", Endpoint::ResetPage) },
    Route { open: true, ..post("/reset/{token}", Endpoint::ResetPassword) },
    page("/second-factor"),
    post("/second-factor", Endpoint::ProveSecondFactor),
    page("/re-authenticate"),
    post("/re-authenticate", Endpoint::Reauthenticate),
    page("/profile/security"),
    page("/profile/second-factor"),
    post("/profile/second-factor", Endpoint::ConfirmSecondFactor),
    post("/profile/second-factor/offer", Endpoint::OfferSecondFactor),
    page("/profile/recovery-codes"),
    post("/profile/recovery-codes", Endpoint::RenewRecoveryCodes),
    post("/profile/password", Endpoint::ChangePassword),
    post("/profile/sessions/end", Endpoint::EndSession),
    post("/profile/sessions/end-others", Endpoint::EndOtherSessions),
    page("/w/{ws}/tokens"),
    post("/w/{ws}/tokens", Endpoint::MakeToken),
    post("/w/{ws}/tokens/{token}/revoke", Endpoint::RevokeToken),
    api("/api/v1/openapi.json", Call::Document),
    api("/api/v1/workspaces", Call::Workspaces),
    api("/api/v1/workspaces/{ws}", Call::Workspace),
    api("/api/v1/workspaces/{ws}/model", Call::Model),
    Route { verb: Verb::Post, body: Body::Model, ..api("/api/v1/workspaces/{ws}/imports", Call::Import) },
    api("/api/v1/workspaces/{ws}/objects/{kind}", Call::Objects),
    api("/api/v1/workspaces/{ws}/objects/{kind}/{key}", Call::Object),
    Route {
        verb: Verb::Put,
        body: Body::Object,
        ..api("/api/v1/workspaces/{ws}/objects/{kind}/{key}", Call::PutObject)
    },
    Route { verb: Verb::Delete, ..api("/api/v1/workspaces/{ws}/objects/{kind}/{key}", Call::DeleteObject) },
    api("/api/v1/workspaces/{ws}/scope", Call::Scope),
    api("/api/v1/workspaces/{ws}/scope/{key}", Call::Verdict),
    api("/api/v1/workspaces/{ws}/blast", Call::Blast),
    // Members, invitations, workspaces as a whole, people, accounts.
    open_page("/invite/{token}"),
    page("/profile"),
    page("/admin"),
    page("/admin/audit"),
    get("/admin/audit/file", Endpoint::InstanceTrailFile),
    page("/w/{ws}/settings/audit"),
    get("/w/{ws}/export/audit", Endpoint::TrailFile),
    page("/w/{ws}/members"),
    page("/w/{ws}/members/{key}"),
    page("/w/{ws}/people"),
    page("/w/{ws}/people/new"),
    page("/w/{ws}/people/{key}"),
    page("/w/{ws}/people/{key}/edit"),
    page("/w/{ws}/people/{key}/{tab}"),
    page("/w/{ws}/settings"),
    // The inventory: every kind of record that has no pages of its own.
    page("/w/{ws}/inventory"),
    page("/w/{ws}/inventory/{kind}"),
    page("/w/{ws}/inventory/{kind}/new"),
    page("/w/{ws}/inventory/{kind}/{key}"),
    page("/w/{ws}/inventory/{kind}/{key}/edit"),
    page("/w/{ws}/inventory/{kind}/{key}/{tab}"),
    get("/w/{ws}/export/inventory/{kind}", Endpoint::RecordsFile),
    post("/w/{ws}/inventory/{kind}/new", Endpoint::AddRecord),
    post("/w/{ws}/inventory/{kind}/{key}/edit", Endpoint::EditRecord),
    post("/w/{ws}/inventory/{kind}/{key}/delete", Endpoint::DeleteRecord),
    post("/w/{ws}/inventory/{kind}/{key}/approve", Endpoint::ApproveDecision),
    // What the confirmation of the scope rests on.
    page("/w/{ws}/scope"),
    page("/w/{ws}/board"),
    // Evidence packs.
    page("/w/{ws}/evidence/packs"),
    page("/w/{ws}/evidence/packs/new"),
    page("/w/{ws}/evidence/packs/{key}"),
    get("/w/{ws}/evidence/packs/{key}/file", Endpoint::PackFile),
    post("/w/{ws}/evidence/packs/new", Endpoint::AskPack),
    post("/w/{ws}/evidence/packs/{key}", Endpoint::DecidePack),
    // Evidence that people collect.
    page("/w/{ws}/evidence"),
    page("/w/{ws}/evidence/items"),
    page("/w/{ws}/evidence/items/new"),
    page("/w/{ws}/evidence/items/{key}"),
    page("/w/{ws}/evidence/items/{key}/edit"),
    Route { body: Body::File, ..post("/w/{ws}/evidence/items", Endpoint::AddItem) },
    Route { body: Body::File, ..post("/w/{ws}/evidence/items/{key}/versions", Endpoint::AddItemVersion) },
    post("/w/{ws}/evidence/items/{key}/edit", Endpoint::EditItem),
    post("/w/{ws}/evidence/items/{key}/step", Endpoint::StepItem),
    get("/w/{ws}/evidence/items/{key}/versions/{number}/file", Endpoint::ItemFile),
    get("/w/{ws}/evidence/items/{key}/versions/{number}/picture", Endpoint::ItemPicture),
    page("/w/{ws}/evidence/policies"),
    page("/w/{ws}/evidence/policies/new"),
    page("/w/{ws}/evidence/policies/{key}"),
    post("/w/{ws}/evidence/policies/new", Endpoint::AddPolicy),
    post("/w/{ws}/evidence/policies/{key}", Endpoint::EditPolicy),
    post("/w/{ws}/evidence/policies/{key}/approve", Endpoint::ApprovePolicy),
    page("/w/{ws}/evidence/training"),
    page("/w/{ws}/evidence/training/new"),
    page("/w/{ws}/evidence/training/{key}"),
    post("/w/{ws}/evidence/training/new", Endpoint::AddTraining),
    post("/w/{ws}/evidence/training/{key}", Endpoint::EditTraining),
    // Reports for people, each of their tables as a file, and all of one as a document.
    page("/w/{ws}/evidence/requests"),
    page("/w/{ws}/evidence/requests/new"),
    page("/w/{ws}/evidence/requests/{key}"),
    page("/w/{ws}/evidence/samples"),
    page("/w/{ws}/evidence/samples/{key}"),
    post("/w/{ws}/evidence/requests/new", Endpoint::AskForEvidence),
    post("/w/{ws}/evidence/requests/{key}", Endpoint::StepRequest),
    post("/w/{ws}/evidence/samples", Endpoint::DrawSample),
    post("/w/{ws}/evidence/samples/{key}", Endpoint::StepSample),
    page("/w/{ws}/reports"),
    page("/w/{ws}/reports/{key}"),
    get("/w/{ws}/export/reports/{key}", Endpoint::ReportFile),
    get("/w/{ws}/export/documents/{key}", Endpoint::ReportDocument),
    page("/w/{ws}/settings/entity"),
    post("/w/{ws}/board", Endpoint::ExplainCell),
    post("/w/{ws}/reviews/{key}/elements", Endpoint::AnswerElement),
    post("/w/{ws}/settings/entity", Endpoint::SaveEntity),
    post("/w/{ws}/inventory/{kind}/{key}/check", Endpoint::TickPoint),
    // What members say about objects, and the views of lists that they keep.
    post("/w/{ws}/comments", Endpoint::AddComment),
    post("/w/{ws}/comments/{key}/edit", Endpoint::EditComment),
    post("/w/{ws}/comments/{key}/delete", Endpoint::DeleteComment),
    get("/w/{ws}/export/comments", Endpoint::CommentsFile),
    post("/w/{ws}/views", Endpoint::SaveView),
    post("/w/{ws}/views/{key}/delete", Endpoint::DeleteView),
    // What the rules find, and the rules.
    page("/w/{ws}/findings"),
    page("/w/{ws}/findings/{key}"),
    page("/w/{ws}/rules"),
    page("/w/{ws}/rules/{key}"),
    page("/w/{ws}/triage"),
    page("/w/{ws}/concerns/new"),
    get("/w/{ws}/export/findings", Endpoint::FindingsFile),
    post("/w/{ws}/findings/{key}/apply", Endpoint::ApplyFix),
    post("/w/{ws}/findings/{key}/answer", Endpoint::AnswerQuestion),
    page("/w/{ws}/settings/rules"),
    post("/w/{ws}/settings/rules", Endpoint::SetRuleSettings),
    // Where requirements stand, who does them, the frameworks that list them, and controls on integrations.
    page("/w/{ws}/requirements"),
    page("/w/{ws}/requirements/{key}"),
    page("/w/{ws}/requirements/{key}/status"),
    get("/w/{ws}/export/requirements", Endpoint::RequirementsFile),
    post("/w/{ws}/requirements/{key}", Endpoint::ApproveRequirement),
    post("/w/{ws}/requirements/{key}/status", Endpoint::SayRequirement),
    page("/w/{ws}/frameworks"),
    page("/w/{ws}/frameworks/new"),
    page("/w/{ws}/frameworks/{key}"),
    get("/w/{ws}/export/frameworks/{key}", Endpoint::FrameworkFile),
    Route { body: Body::File, ..post("/w/{ws}/frameworks/new", Endpoint::BringFramework) },
    Route { body: Body::File, ..post("/w/{ws}/frameworks/{key}", Endpoint::ReplaceFramework) },
    page("/w/{ws}/vendors/{key}/responsibility"),
    post("/w/{ws}/vendors/{key}/responsibility", Endpoint::SayResponsibility),
    page("/w/{ws}/evidence/controls"),
    page("/w/{ws}/evidence/controls/{control}"),
    page("/w/{ws}/evidence/controls/{key}/{control}"),
    get("/w/{ws}/export/controls", Endpoint::ControlsFile),
    post("/w/{ws}/evidence/controls/{control}", Endpoint::SavePreset),
    post("/w/{ws}/evidence/controls/{key}/{control}", Endpoint::StateControl),
    post("/w/{ws}/findings/{key}/triage", Endpoint::TriageFinding),
    post("/w/{ws}/triage", Endpoint::TriageFindings),
    post("/w/{ws}/concerns/new", Endpoint::RaiseConcern),
    // Snapshots, and what differs between two states.
    page("/w/{ws}/snapshots"),
    page("/w/{ws}/snapshots/{key}"),
    page("/w/{ws}/diff"),
    page("/w/{ws}/proposals"),
    page("/w/{ws}/proposals/{key}"),
    post("/w/{ws}/proposals", Endpoint::BeginProposal),
    post("/w/{ws}/proposals/{key}", Endpoint::StepProposal),
    post("/w/{ws}/settings/protection", Endpoint::ProtectScope),
    post("/w/{ws}/snapshots", Endpoint::TakeSnapshot),
    // Rights that were given for a time.
    page("/w/{ws}/temporary"),
    post("/w/{ws}/temporary", Endpoint::RollBack),
    // The risk register.
    page("/w/{ws}/risks"),
    page("/w/{ws}/risks/new"),
    page("/w/{ws}/risks/import"),
    Route { body: Body::File, ..post("/w/{ws}/risks/import", Endpoint::BringRegister) },
    page("/w/{ws}/risks/import/{job}"),
    post("/w/{ws}/risks/import/{job}", Endpoint::DecideRegister),
    page("/w/{ws}/risks/change"),
    post("/w/{ws}/risks/change", Endpoint::ChangeRisks),
    page("/w/{ws}/risks/accept"),
    page("/w/{ws}/risks/{key}"),
    page("/w/{ws}/risks/{key}/accept"),
    page("/w/{ws}/risks/{key}/edit"),
    get("/w/{ws}/export/risks", Endpoint::RisksFile),
    post("/w/{ws}/risks/new", Endpoint::AddRisk),
    post("/w/{ws}/risks/accept", Endpoint::AcceptFindings),
    post("/w/{ws}/risks/{key}/accept", Endpoint::AskAcceptance),
    post("/w/{ws}/risks/{key}/acceptance", Endpoint::DecideAcceptance),
    post("/w/{ws}/risks/{key}/edit", Endpoint::EditRisk),
    // Everything with a date, and what concerns whoever asks.
    page("/w/{ws}/calendar"),
    page("/w/{ws}/calendar/feed"),
    page("/w/{ws}/notices"),
    Route { open: true, ..get("/calendar/{token}", Endpoint::CalendarFeed) },
    post("/w/{ws}/calendar/feed", Endpoint::MakeFeed),
    post("/w/{ws}/calendar/feed/end", Endpoint::EndFeed),
    post("/w/{ws}/notices", Endpoint::ReadNotices),
    post("/w/{ws}/notices/digest", Endpoint::SetDigest),
    // Incidents, and what is prepared for them.
    page("/w/{ws}/incidents"),
    page("/w/{ws}/incidents/new"),
    page("/w/{ws}/incidents/duties"),
    page("/w/{ws}/incidents/playbooks"),
    page("/w/{ws}/incidents/playbooks/new"),
    page("/w/{ws}/incidents/playbooks/{key}"),
    page("/w/{ws}/incidents/playbooks/{key}/edit"),
    page("/w/{ws}/incidents/drills"),
    page("/w/{ws}/incidents/drills/new"),
    page("/w/{ws}/incidents/drills/{key}"),
    page("/w/{ws}/incidents/{key}"),
    page("/w/{ws}/incidents/{key}/edit"),
    page("/w/{ws}/incidents/{key}/card"),
    page("/w/{ws}/containment"),
    get("/w/{ws}/export/incidents", Endpoint::IncidentsFile),
    get("/w/{ws}/export/containment", Endpoint::ContainmentFile),
    post("/w/{ws}/incidents/new", Endpoint::AddIncident),
    post("/w/{ws}/incidents/duties", Endpoint::SaveDuties),
    post("/w/{ws}/incidents/playbooks/new", Endpoint::AddPlaybook),
    post("/w/{ws}/incidents/playbooks/{key}/edit", Endpoint::EditPlaybook),
    post("/w/{ws}/incidents/drills/new", Endpoint::AddDrill),
    post("/w/{ws}/incidents/drills/{key}", Endpoint::EditDrill),
    post("/w/{ws}/incidents/{key}", Endpoint::StepIncident),
    post("/w/{ws}/incidents/{key}/edit", Endpoint::EditIncident),
    // Reviews, and what was sealed.
    page("/w/{ws}/reviews"),
    page("/w/{ws}/reviews/new"),
    page("/w/{ws}/reviews/{key}"),
    page("/w/{ws}/reviews/{key}/sign"),
    page("/w/{ws}/seals/{key}"),
    get("/w/{ws}/seals/{key}/file", Endpoint::SealFile),
    post("/w/{ws}/reviews/new", Endpoint::OpenReview),
    post("/w/{ws}/reviews/{key}", Endpoint::StepReview),
    post("/w/{ws}/reviews/{key}/sign", Endpoint::SignReview),
    // What is done again and again, and what was tested.
    page("/w/{ws}/schedules"),
    page("/w/{ws}/schedules/new"),
    page("/w/{ws}/schedules/{key}"),
    page("/w/{ws}/schedules/{key}/edit"),
    page("/w/{ws}/activities"),
    page("/w/{ws}/activities/new"),
    page("/w/{ws}/activities/{key}"),
    page("/w/{ws}/recovery"),
    page("/w/{ws}/analyses"),
    page("/w/{ws}/analyses/new"),
    page("/w/{ws}/analyses/{key}"),
    page("/w/{ws}/analyses/{key}/edit"),
    post("/w/{ws}/settings/time-zone", Endpoint::SetTimeZone),
    post("/w/{ws}/schedules/new", Endpoint::AddSchedule),
    post("/w/{ws}/schedules/{key}", Endpoint::RecordRun),
    post("/w/{ws}/schedules/{key}/edit", Endpoint::EditSchedule),
    post("/w/{ws}/activities/new", Endpoint::AddActivity),
    post("/w/{ws}/activities/{key}", Endpoint::EditActivity),
    post("/w/{ws}/analyses/new", Endpoint::AddAnalysis),
    post("/w/{ws}/analyses/{key}", Endpoint::StepAnalysis),
    post("/w/{ws}/analyses/{key}/edit", Endpoint::EditAnalysis),
    post("/w/{ws}/risks/{key}/suggestion", Endpoint::RefreshRisk),
    page("/w/{ws}/settings/risks"),
    post("/w/{ws}/settings/risks", Endpoint::SetRiskRegister),
    Route { open: true, ..post("/invite/{token}", Endpoint::AcceptInvitation) },
    post("/profile", Endpoint::SaveProfile),
    post("/admin/accounts/{key}", Endpoint::SetAccount),
    post("/admin/accounts/{key}/reset-link", Endpoint::MakeResetLink),
    post("/w/{ws}/members", Endpoint::Invite),
    post("/w/{ws}/members/{key}", Endpoint::ChangeMember),
    post("/w/{ws}/members/{key}/remove", Endpoint::RemoveMember),
    post("/w/{ws}/invitations/{key}/withdraw", Endpoint::WithdrawInvitation),
    post("/w/{ws}/people/new", Endpoint::AddPerson),
    post("/w/{ws}/people/{key}/edit", Endpoint::EditPerson),
    post("/w/{ws}/people/{key}/delete", Endpoint::DeletePerson),
    post("/w/{ws}/people/{key}/account", Endpoint::LinkPerson),
    post("/w/{ws}/settings", Endpoint::RenameWorkspace),
    post("/w/{ws}/settings/second-factor", Endpoint::SetSecondFactorPolicy),
    post("/w/{ws}/settings/hand-over", Endpoint::HandOverWorkspace),
    post("/w/{ws}/settings/archive", Endpoint::ArchiveWorkspace),
    post("/w/{ws}/settings/restore", Endpoint::RestoreWorkspace),
    post("/w/{ws}/settings/delete", Endpoint::DeleteWorkspace),
];

/// The paths that somebody reaches who knows the password and has the second factor still to prove.
const BEFORE_CODE: &[&str] = &["/second-factor", "/sign-out", "/theme"];

/// The paths that somebody reaches who has to set up a second factor before anything else.
const BEFORE_ENROLMENT: &[&str] =
    &["/profile/second-factor", "/profile/second-factor/offer", "/re-authenticate", "/sign-out", "/theme"];

/// Whether a path that is not open is reached by a sign-in that awaits this.
#[must_use]
pub fn is_reached(path: &str, awaits: Awaits) -> bool {
    match awaits {
        Awaits::Nothing => true,
        Awaits::Code => BEFORE_CODE.contains(&path),
        Awaits::Enrolment => BEFORE_ENROLMENT.contains(&path),
    }
}

/// The route of a method and the path of a route.
#[must_use]
pub fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    ROUTES.iter().find(|route| route.path == path && route.verb.method() == *method)
}

/// Whether anything at this path is reachable without a session. A method that the path does not have then answers
/// 405 to everybody.
#[must_use]
pub fn is_open(path: &str) -> bool {
    ROUTES.iter().any(|route| route.open && route.path == path)
}

const fn get(path: &'static str, endpoint: Endpoint) -> Route {
    Route { verb: Verb::Get, path, open: false, body: Body::None, endpoint }
}

const fn post(path: &'static str, endpoint: Endpoint) -> Route {
    Route { verb: Verb::Post, path, open: false, body: Body::Form, endpoint }
}

/// An address of the interface for programs: closed to cookies, open to tokens.
const fn api(path: &'static str, call: Call) -> Route {
    get(path, Endpoint::Api(call))
}

const fn page(path: &'static str) -> Route {
    get(path, Endpoint::Page)
}

const fn open_page(path: &'static str) -> Route {
    Route { open: true, ..page(path) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn these_and_no_other_paths_are_open() {
        let open: BTreeSet<&str> = ROUTES.iter().filter(|route| route.open).map(|route| route.path).collect();
        let expected = [
            "/setup",
            "/sign-in",
            "/accessibility",
            "/csp-report",
            "/assets/{file}",
            "/invite/{token}",
            "/reset/{token}",
            "/calendar/{token}",
        ];
        assert_eq!(open, BTreeSet::from(expected));
    }

    #[test]
    fn no_route_is_listed_twice() {
        let distinct: BTreeSet<(String, &str)> =
            ROUTES.iter().map(|route| (route.verb.method().to_string(), route.path)).collect();
        assert_eq!(distinct.len(), ROUTES.len());
    }

    #[test]
    fn a_head_request_is_a_get_request_without_an_answer() {
        assert_eq!(find(&Method::HEAD, "/w/{ws}/map"), find(&Method::GET, "/w/{ws}/map"));
        assert_eq!(find(&Method::PUT, "/w/{ws}/map"), None);
    }
}
