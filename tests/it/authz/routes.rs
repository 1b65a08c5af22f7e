//! A walk over the registry of routes, as everybody who can knock. What is not listed as open is closed, and what belongs
//! to others does not exist.

use std::time::Duration;

use axum::body::Body;
use domain::backend::Backend as _;
use domain::backend::comments::Comments as _;
use domain::backend::incidents::Incidents as _;
use domain::backend::library::Library as _;
use domain::backend::packs::Packs as _;
use domain::backend::people::People as _;
use domain::backend::requests::Requests as _;
use domain::backend::reviews::Reviews as _;
use domain::backend::risks::Risks as _;
use domain::backend::schedules::Schedules as _;
use domain::id::{AccountId, WorkspaceId};
use domain::model::object::ObjectRef;
use domain::pack::Profile;
use domain::pack::job::PackNumber;
use domain::review::ReviewKey;
use domain::role::{Capability, Engagement, Role, Standing};
use domain::time::Day;
use http::{Method, StatusCode};
use server::http::routes::{Body as Carried, Endpoint, ROUTES, Route, Verb};
use store::{Actor, NewAccount, Start};

use crate::http::app::{Answer, Browser, PASSWORD, TestApp, request};

/// What a member must be allowed to do for a route of a workspace. A route that is missing here fails the walk.
fn needs(route: &Route) -> Capability {
    let page = route.path.strip_prefix("/w/{ws}").expect("a route of a workspace").trim_start_matches('/');
    match (route.verb, page) {
        (
            Verb::Get,
            "" | "map" | "map.svg" | "map.png" | "map.mmd" | "map.dot" | "map.drawio" | "systems" | "systems/{key}"
            | "flows" | "flows/{key}" | "elements/{key}",
        ) => Capability::ReadModel,
        (Verb::Get, "inventory" | "inventory/{kind}" | "inventory/{kind}/{key}") => Capability::ReadModel,
        (Verb::Get, "inventory/{kind}/new" | "inventory/{kind}/{key}/edit") => Capability::EditModel,
        (Verb::Get, "export/inventory/{kind}") => Capability::ExportModel,
        (Verb::Post, page) if page.starts_with("inventory/") => Capability::EditModel,
        (Verb::Get, "scope" | "board" | "settings/entity" | "evidence" | "reports" | "reports/{key}") => {
            Capability::ReadModel
        }
        (_, page) if page.starts_with("evidence/packs") => Capability::ExportModel,
        (Verb::Post, "board") => Capability::EditModel,
        (Verb::Post, "settings/entity") => Capability::ManageWorkspace,
        (Verb::Post, "flows/{key}/confirm") => Capability::ConfirmFlows,
        (Verb::Get, "findings" | "findings/{key}" | "rules" | "rules/{key}") => Capability::ReadModel,
        (
            Verb::Get,
            "requirements"
            | "requirements/{key}"
            | "frameworks"
            | "frameworks/{key}"
            | "vendors/{key}/responsibility"
            | "evidence/controls"
            | "evidence/controls/{key}/{control}",
        ) => Capability::ReadModel,
        (Verb::Get, "export/requirements" | "export/frameworks/{key}" | "export/controls") => Capability::ExportModel,
        (_, page)
            if ["requirements/", "frameworks/", "vendors/", "evidence/controls/"]
                .iter()
                .any(|it| page.starts_with(it)) =>
        {
            Capability::EditModel
        }
        (Verb::Get, "triage") => Capability::ApproveFindings,
        (Verb::Get | Verb::Post, "concerns/new") => Capability::RaiseConcern,
        (Verb::Get, "export/findings" | "export/reports/{key}" | "export/documents/{key}") => Capability::ExportModel,
        (Verb::Get, "export/risks" | "export/incidents" | "export/containment") => Capability::ReadWorking,
        (
            Verb::Get,
            "evidence/requests" | "evidence/requests/{key}" | "evidence/samples" | "evidence/samples/{key}",
        ) => Capability::ReadModel,
        (_, page) if page.starts_with("evidence/requests") || page.starts_with("evidence/samples") => {
            Capability::AskForEvidence
        }
        (Verb::Post, "triage" | "findings/{key}/triage") => Capability::TriageFindings,
        (Verb::Post, page) if page.starts_with("findings/") => Capability::EditModel,
        (Verb::Get, "observations" | "observations/{key}") => Capability::ReadModel,
        (Verb::Post, "observations") => Capability::ImportModel,
        (Verb::Post, page) if page.starts_with("observations/") => Capability::EditModel,
        (Verb::Get, "systems/{key}/gained") => Capability::ReadAudit,
        (Verb::Get, "temporary") => Capability::ReadModel,
        (Verb::Post, "temporary") => Capability::EditModel,
        (Verb::Get, "risks" | "risks/{key}") => Capability::ReadWorking,
        (_, "risks/import" | "risks/import/{job}") => Capability::ImportModel,
        (Verb::Get, "risks/change") => Capability::EditModel,
        (Verb::Get, "risks/new" | "risks/accept" | "risks/{key}/edit") => Capability::EditModel,
        (_, "risks/{key}/accept" | "risks/{key}/acceptance") => Capability::AcceptRisks,
        (Verb::Post, page) if page.starts_with("risks/") => Capability::EditModel,
        (
            Verb::Get,
            "incidents"
            | "incidents/{key}"
            | "incidents/{key}/card"
            | "incidents/duties"
            | "incidents/playbooks"
            | "incidents/playbooks/{key}"
            | "incidents/drills"
            | "incidents/drills/{key}"
            | "containment",
        ) => Capability::ReadWorking,
        (_, page) if page.starts_with("incidents/") => Capability::EditModel,
        (Verb::Get, "reviews" | "seals/{key}") => Capability::ReadModel,
        (Verb::Get, "reviews/{key}") => Capability::ReadWorking,
        (
            Verb::Get,
            "evidence/items"
            | "evidence/items/{key}"
            | "evidence/policies"
            | "evidence/policies/{key}"
            | "evidence/training"
            | "evidence/training/{key}",
        ) => Capability::ReadModel,
        (Verb::Get, page) if page.starts_with("evidence/items/{key}/versions/") => Capability::ExportModel,
        (_, page) if page.starts_with("evidence/") => Capability::EditModel,
        (Verb::Get, "seals/{key}/file") => Capability::ExportModel,
        (_, page) if page.starts_with("reviews/") => Capability::Review,
        (
            Verb::Get,
            "schedules" | "schedules/{key}" | "activities" | "activities/{key}" | "recovery" | "analyses"
            | "analyses/{key}",
        ) => Capability::ReadWorking,
        (_, page) if ["schedules/", "activities/", "analyses/"].iter().any(|it| page.starts_with(it)) => {
            Capability::EditModel
        }
        (Verb::Post, "settings/time-zone") => Capability::ManageWorkspace,
        // What is somebody's own is theirs whatever their role, as long as they see the workspace.
        (_, "notices" | "notices/digest") => Capability::ReadModel,
        (_, "calendar" | "calendar/feed" | "calendar/feed/end") => Capability::ReadWorking,
        (Verb::Get, "people" | "people/{key}" | "members") => Capability::ReadMembers,
        // Asked for the tab of comments, which is the one that not everybody sees.
        (Verb::Get, page) if page.ends_with("/{tab}") => Capability::Comment,
        (Verb::Get, "export/comments") => Capability::Comment,
        (Verb::Post, page) if page.starts_with("comments") => Capability::Comment,
        (Verb::Post, page) if page.starts_with("views") => Capability::SaveViews,
        (
            Verb::Get,
            "systems/new" | "change/{kind}" | "least-data" | "systems/{key}/edit" | "flows/new" | "flows/{key}/edit",
        ) => Capability::EditModel,
        (Verb::Get, "people/new" | "people/{key}/edit") => Capability::ManagePeople,
        (Verb::Get, "members/{key}") => Capability::ManageMembers,
        (Verb::Get, "import" | "import/{job}" | "paste" | "recognise" | "recognise/{job}") => Capability::ImportModel,
        (Verb::Get, "tokens") => Capability::MakeTokens,
        (Verb::Post, page) if page.starts_with("tokens") => Capability::MakeTokens,
        (Verb::Get, "history" | "settings/audit" | "export/audit") => Capability::ReadAudit,
        (Verb::Get | Verb::Post, "settings/rules" | "settings/risks") => Capability::ManageWorkspace,
        (Verb::Post, "history/take-back" | "search" | "change/{kind}" | "least-data") => Capability::EditModel,
        (Verb::Get, "search" | "fields") => Capability::ReadModel,
        (Verb::Get, "guide") => Capability::ReadWorking,
        (Verb::Get, "snapshots" | "snapshots/{key}" | "diff") => Capability::ReadModel,
        (Verb::Post, "snapshots") => Capability::EditModel,
        (Verb::Get, "proposals" | "proposals/{key}") => Capability::ReadProposals,
        (Verb::Post, "proposals" | "proposals/{key}") => Capability::EditModel,
        (Verb::Post, "settings/protection") => Capability::ManageWorkspace,
        (Verb::Get, "settings") => Capability::ManageWorkspace,
        (Verb::Get, "export/model") => Capability::ExportModel,
        (Verb::Post, page) if page.starts_with("systems/") || page.starts_with("flows/") => Capability::EditModel,
        (Verb::Post, "paste") => Capability::ImportModel,
        (Verb::Post, page) if page.starts_with("import") || page.starts_with("recognise") => Capability::ImportModel,
        (Verb::Post, page) if page.starts_with("members") || page.starts_with("invitations/") => {
            Capability::ManageMembers
        }
        (Verb::Post, "people/{key}/account") => Capability::ManageMembers,
        (Verb::Post, page) if page.starts_with("people/") => Capability::ManagePeople,
        (Verb::Post, "settings" | "settings/second-factor") => Capability::ManageWorkspace,
        (Verb::Post, "settings/hand-over") => Capability::HandOverWorkspace,
        (Verb::Post, "settings/archive" | "settings/restore") => Capability::ArchiveWorkspace,
        (Verb::Post, "settings/delete") => Capability::DeleteWorkspace,
        (verb, page) => panic!("say here what {verb:?} {page} needs"),
    }
}

/// The routes for people. Programs have a walk of their own, with their tokens.
pub fn for_people() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| !matches!(route.endpoint, Endpoint::Api(_)))
}

/// The keys of objects of a workspace, for the variable parts of a route.
#[derive(Debug, Clone)]
pub struct Keys {
    flow: String,
    job: String,
    reading: String,
    register: String,
    member: String,
    invitation: String,
    /// A finding, as addresses have it.
    finding: String,
    comment: String,
    view: String,
}

impl Keys {
    /// Keys that nothing has.
    fn made_up() -> Self {
        let key = || "vkwq".to_owned();
        Self {
            flow: key(),
            job: "0123456789abcdef0123456789abcdef".to_owned(),
            reading: "0123456789abcdef0123456789abcdef".to_owned(),
            register: "0123456789abcdef0123456789abcdef".to_owned(),
            member: key(),
            invitation: key(),
            finding: key(),
            comment: key(),
            view: key(),
        }
    }

    /// The key of the file that waits for a route.
    fn job_of(&self, route: &Route) -> &str {
        match route.path {
            path if path.contains("/recognise/") => &self.reading,
            path if path.contains("/risks/import/") => &self.register,
            _ => &self.job,
        }
    }

    /// The key of the object that a route is about.
    fn of(&self, route: &Route) -> &str {
        let is_made_up = self.flow == "vkwq";
        match route.path {
            path if path.contains("/flows/") => &self.flow,
            path if path.contains("/members/") || path.contains("/accounts/") => &self.member,
            path if path.contains("/invitations/") => &self.invitation,
            path if path.contains("/findings/") => &self.finding,
            path if path.contains("/comments/") => &self.comment,
            path if path.contains("/views/") => &self.view,
            _ if is_made_up => "vkwq",
            // The one that was signed: who audits sees no other.
            path if path.contains("/snapshots/") => "snap-2",
            path if path.contains("/requests/") => "REQ-1",
            path if path.contains("/samples/") => "SMP-1",
            path if path.contains("/proposals/") => "prop-1",
            path if path.contains("/rules/") => "PF-09",
            path if path.contains("/requirements/") => "3.5.1",
            path if path.contains("/frameworks/") => "house-rules",
            path if path.contains("/vendors/") => "acquirer",
            path if path.contains("/reports/") || path.contains("/documents/") => "field-inventory",
            path if path.contains("/evidence/items/") => "EV-0001",
            path if path.contains("/evidence/policies/") => "POL-1",
            path if path.contains("/evidence/training/") => "TRN-1",
            path if path.contains("/risks/") => "R-1",
            path if path.contains("/playbooks/") || path.contains("/drills/") => "1",
            path if path.contains("/incidents/") => "I-1",
            path if path.contains("/reviews/") => "REV-1",
            path if path.contains("/seals/") => "SEAL-1",
            path if path.contains("/packs/") => "PACK-1",
            path if path.contains("/schedules/") => "SCH-1",
            path if path.contains("/activities/") => "ACT-1",
            path if path.contains("/analyses/") => "TRA-1",
            _ if route.endpoint == Endpoint::ApproveDecision => "checkout~0",
            _ if route.endpoint == Endpoint::TickPoint => "acquirer",
            path if path.contains("/observations/") => "vault",
            path if path.contains("/inventory/") => "card-zone",
            path if path.contains("/people/") => "security-lead",
            path if path.contains("/elements/") => "card_verification_code",
            _ => "checkout",
        }
    }
}

/// The address of a route, for objects of a workspace.
pub fn path_of(route: &Route, workspace: &str, keys: &Keys) -> String {
    let kind = match route.endpoint {
        Endpoint::ApproveDecision => "overrides",
        Endpoint::TickPoint => "vendors",
        Endpoint::ChangeSeveral => "systems",
        _ => "segments",
    };
    route
        .path
        .replace("{ws}", workspace)
        .replace("{kind}", kind)
        .replace("{tab}", "comments")
        .replace("{control}", "rate_limiting")
        .replace("{key}", keys.of(route))
        .replace("{number}", "1")
        .replace("{job}", keys.job_of(route))
        .replace("{file}", "none.css")
        .replace("{token}", "no-such-token")
}

/// A valid request of a route, for objects of a workspace. What is denied is denied for who asks, not for what.
async fn ask(browser: &mut Browser, route: &Route, workspace: &str, keys: &Keys) -> Answer {
    let path = path_of(route, workspace, keys);
    match (route.verb, route.endpoint) {
        (Verb::Get, _) => browser.get(&path).await,
        (_, Endpoint::UploadFile) => browser.upload(&path, "flows.csv", b"source,target\na,b\n").await,
        (_, Endpoint::BringRegister) => browser.upload(&path, "register.csv", b"Title\nx\n").await,
        (_, Endpoint::ReadSpecification) => browser.upload(&path, "fields.csv", b"card_number\n1\n").await,
        (_, Endpoint::BringFramework | Endpoint::ReplaceFramework) => browser.multipart(&path, FRAMEWORK).await,
        (_, Endpoint::BringObservations) => browser.multipart(&path, OBSERVATIONS).await,
        (_, Endpoint::AddItem) => browser.multipart(&path, PICTURE).await,
        (_, Endpoint::AddItemVersion) => browser.multipart(&path, VERSION).await,
        (_, Endpoint::CspReport) => {
            let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/csp-report")];
            browser.send(request(Method::POST, &path, &headers, Body::from("{}"))).await
        }
        _ => browser.post(&path, valid_form(route)).await,
    }
}

/// A list of what a source saw, as a browser sends it.
const OBSERVATIONS: &str = "--edge\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nVault\r\n\
    --edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"secrets.csv\"\r\n\r\nid\nkey\n\r\n--edge--\r\n";

/// An item of evidence, as a browser sends it.
const PICTURE: &str = "--edge\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nScreen\r\n\
    --edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"screen.gif\"\r\n\r\nGIF89a\u{1}\0\u{1}\0\r\n--edge--\r\n";

/// Another version of it, with a revision that nobody saw yet.
const VERSION: &str = "--edge\r\nContent-Disposition: form-data; name=\"rev\"\r\n\r\n99\r\n\
    --edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"scan.txt\"\r\n\r\nclean\r\n--edge--\r\n";
/// A framework of one's own, as a browser sends it.
const FRAMEWORK: &str = "--edge\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nHouse rules\r\n\
    --edge\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nhouse-rules\r\n\
    --edge\r\nContent-Disposition: form-data; name=\"rev\"\r\n\r\n99\r\n\
    --edge\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nid,title\nA-1,Owners\r\n--edge--\r\n";

/// A valid form of a route. Where one that is carried out would take away what the next one needs, a field of it names
/// something that is not there.
pub fn valid_form(route: &Route) -> &'static [(&'static str, &'static str)] {
    match route.endpoint {
        Endpoint::AddSystem
        | Endpoint::EditSystem
        | Endpoint::AddPerson
        | Endpoint::EditPerson
        | Endpoint::AddRecord
        | Endpoint::EditRecord => &[("name", "Till"), ("rev", "99")],
        Endpoint::AcceptFindings => &[
            ("title", "Till"),
            ("stage", "draft"),
            ("inherent_likelihood", "2"),
            ("inherent_impact", "2"),
            ("justification", "It is replaced in spring."),
            ("expires", "2026-12-31"),
        ],
        Endpoint::AskAcceptance => &[("justification", "It is replaced in spring."), ("expires", "2026-12-31")],
        Endpoint::DecideAcceptance => &[("acceptance", "A-1"), ("step", "reject")],
        Endpoint::SetRiskRegister => &[("scheme", "nist"), ("appetite", "low"), ("rev", "0")],
        Endpoint::AddRisk | Endpoint::EditRisk => &[("title", "Till"), ("rev", "99")],
        Endpoint::AddIncident | Endpoint::EditIncident => {
            &[("title", "Till"), ("detected_at", "2026-11-01T10:00"), ("rev", "99")]
        }
        Endpoint::StepIncident => {
            &[("step", "note"), ("at", "2026-11-01T10:00"), ("what", "Seen in the log."), ("rev", "99")]
        }
        Endpoint::EditItem => &[("title", "Screen"), ("rev", "99")],
        Endpoint::StepItem => &[("step", "lift"), ("rev", "99")],
        Endpoint::AddPolicy | Endpoint::EditPolicy => &POLICY,
        Endpoint::AddTraining | Endpoint::EditTraining => {
            &[("kind", "awareness"), ("person", "security-lead"), ("rev", "99")]
        }
        Endpoint::OpenReview => &[("kind", "vendors"), ("name", "2026-Q4")],
        Endpoint::StepReview => &[("step", "withdraw"), ("words", "")],
        Endpoint::AskPack => &[("of", "SEAL-1"), ("profile", "auditor")],
        Endpoint::DecidePack => &[("action", "cancel")],
        Endpoint::SignReview => &[("shown", "another")],
        Endpoint::SaveDuties => &[("duty.0.whom", "Insurer"), ("duty.0.hours", "12"), ("rev", "99")],
        Endpoint::AddPlaybook | Endpoint::EditPlaybook => &[("title", "Till"), ("rev", "99")],
        Endpoint::AddDrill | Endpoint::EditDrill => &[("playbook", "1"), ("planned", "2026-12-01"), ("rev", "99")],
        Endpoint::AddSchedule | Endpoint::EditSchedule => &[
            ("name", "Till"),
            ("subject", "topic:systems"),
            ("cadence", "3m"),
            ("first_due", "2027-01-31"),
            ("rev", "99"),
        ],
        Endpoint::RecordRun => &[("done", "2026-11-21"), ("reference", "EV-1")],
        Endpoint::AddActivity | Endpoint::EditActivity => {
            &[("kind", "restore_test"), ("planned", "2026-12-01"), ("rev", "99")]
        }
        Endpoint::AddAnalysis | Endpoint::EditAnalysis => &ANALYSED,
        Endpoint::SayRequirement => &[("status", "not_tested"), ("rev", "99")],
        Endpoint::ApproveRequirement => &[("step", "approve"), ("rev", "99")],
        Endpoint::SayResponsibility => {
            &[("row.0.requirement", "pci:3.5.1"), ("row.0.party", "somebody"), ("rev", "99")]
        }
        Endpoint::StateControl => &[("presence", "absent"), ("reason", ""), ("rev", "99")],
        Endpoint::SavePreset => &[("risk", ""), ("rev", "99")],
        Endpoint::StepAnalysis => &[("step", "approve"), ("rev", "99")],
        Endpoint::SetTimeZone => &[("time_zone", "Europe/Berlin")],
        Endpoint::AddFlow | Endpoint::EditFlow => &[("from", "checkout"), ("to", "bank"), ("rev", "99")],
        Endpoint::AddQuickFlow => &[("line", "CHECKOUT > BANK : pan")],
        Endpoint::ChangeSeveral => &[("set", "lifecycle"), ("to", "live"), ("key", "checkout"), ("rev", "99")],
        Endpoint::AddComment => &[("kind", "system"), ("key", "checkout"), ("text", "Seen in the log.")],
        Endpoint::EditComment => &[("text", "Seen in two logs.")],
        Endpoint::SaveView => &[("list", "systems"), ("name", "Card data"), ("q", "field:pan")],
        Endpoint::MoveSystem => &[("column", "2"), ("row", "1"), ("rev", "99")],
        Endpoint::AnswerQuestion => &[("rev", "99"), ("answer", "perhaps")],
        Endpoint::TriageFinding => &[("step", "due"), ("due", "soon"), ("seen", "99")],
        Endpoint::TriageFindings => &[("step", "look")],
        Endpoint::RaiseConcern => &[("severity", "low"), ("concern", "")],
        Endpoint::PasteTable => &[("text", "source,target\na,b")],
        Endpoint::DecideImport => &[("action", "confirm"), ("rev", "99")],
        Endpoint::ChangeRisks => &[("set", "category"), ("to", "fraud"), ("key", "R-1:1")],
        Endpoint::DecideRegister => &[("action", "preview")],
        Endpoint::DecideSpecification => &[
            ("action", "confirm"),
            ("shown", "all"),
            ("part", "all"),
            ("flow", "pay"),
            ("take", "pan:clear"),
            ("rev", "99"),
        ],
        Endpoint::AddWorkspace => &[("name", "Other"), ("sample", "no")],
        Endpoint::ChooseTheme => &[("theme", "dark")],
        Endpoint::Invite => &[("mail", "new@shop.example"), ("role", "viewer"), ("tier", "1")],
        Endpoint::ChangeMember => &[("role", "viewer"), ("tier", "1")],
        Endpoint::RemoveMember | Endpoint::HandOverWorkspace => &[("to", "nobody")],
        Endpoint::DeletePerson => &[("rev", "99"), ("to", "nobody")],
        Endpoint::LinkPerson => &[("account", "nobody")],
        Endpoint::RenameWorkspace => &[("name", "Shop")],
        Endpoint::BeginProposal => &[("title", "Move"), ("reason", "The old one goes.")],
        Endpoint::StepProposal => {
            &[("step", "pass"), ("gate", "canary_plan"), ("result.canary_plan", "One shop first.")]
        }
        Endpoint::ProtectScope => &[("protects", "no")],
        Endpoint::AskForEvidence => &[("text", "Show the last scan")],
        Endpoint::StepRequest => &[("step", "say"), ("words", "Which one?"), ("rev", "99")],
        Endpoint::DrawSample => &[("name", "Systems"), ("kind", "system"), ("size", "2")],
        Endpoint::StepSample => &[("step", "freeze"), ("rev", "99")],
        Endpoint::TakeSnapshot => &[("name", "Before the walk")],
        Endpoint::ConfirmFlow => &[("end", "source"), ("answer", "agrees"), ("rev", "99")],
        Endpoint::TickPoint => &[("gate", "onboarding"), ("point", "identity"), ("evidence", "EV-0001"), ("rev", "99")],
        Endpoint::AnswerElement => &[("element", "flows"), ("confirmed", "yes"), ("words", "All of them.")],
        Endpoint::SaveEntity => &[("legal_name", ""), ("rev", "0")],
        Endpoint::ExplainCell => &[("channel", "moto"), ("stage", "refund"), ("reason", ""), ("rev", "0")],
        Endpoint::DeleteWorkspace => &[("name", "not its name")],
        Endpoint::SetAccount => &[("action", "enable")],
        Endpoint::SaveProfile => &[("name", "Somebody")],
        Endpoint::SetSecondFactorPolicy => &[("required", "yes"), ("grace_days", "7")],
        Endpoint::ReadNotices => &[("all", "yes")],
        Endpoint::SetDigest => &[("rhythm", "weekly")],
        Endpoint::MakeFeed
        | Endpoint::EndFeed
        | Endpoint::WithdrawInvitation
        | Endpoint::DeleteComment
        | Endpoint::DeleteView
        | Endpoint::MakeResetLink
        | Endpoint::ArchiveWorkspace
        | Endpoint::RestoreWorkspace
        | Endpoint::AcceptInvitation => &[],
        _ => &[("rev", "99")],
    }
}

const POLICY: [(&str, &str); 5] = [
    ("title", "Security policy"),
    ("version", "1"),
    ("owner", "security-lead"),
    ("document", "EV-0001"),
    ("rev", "99"),
];

const ANALYSED: [(&str, &str); 8] = [
    ("requirement", "7.2.5.1"),
    ("assets", "Service accounts"),
    ("threats", "Rights that nobody needs"),
    ("factors", "Few changes"),
    ("frequency", "6m"),
    ("justification", "Half a year bounds it"),
    ("change_triggers", "A new product"),
    ("rev", "99"),
];

const RATED: [(&str, &str); 3] =
    [("title", "Somebody reads cards"), ("inherent_likelihood", "2"), ("inherent_impact", "2")];

/// A workspace `shop` with two systems, a flow, a staged file, a member to act on, and an open invitation. May be asked
/// again to put back what a walk has used up.
pub async fn filled(app: &TestApp, owner: &mut Browser) -> Keys {
    let shop = WorkspaceId::new("shop");
    let operator = app.store.gate(Actor::Operator);
    if operator.estate(&shop).await.unwrap().model.systems.is_empty() {
        for name in ["Checkout", "Bank"] {
            assert_eq!(owner.post("/w/shop/systems/new", &[("name", name)]).await.status, StatusCode::SEE_OTHER);
        }
        app.add_account("target@shop.example", &[("shop", Role::Viewer)]).await;
        let taken = owner.post("/w/shop/snapshots", &[("name", "First")]).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
        let begun = owner.post("/w/shop/proposals", &[("title", "Move"), ("reason", "The old one goes.")]).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    }
    owner.post("/w/shop/flows/new", &[("from", "checkout"), ("to", "bank"), ("id", "pay")]).await;
    owner.post("/w/shop/inventory/segments/new", &[("name", "Card zone"), ("id", "card-zone")]).await;
    if operator.risks(&shop).await.unwrap().risks.is_empty() {
        owner.post("/w/shop/risks/new", &RATED).await;
        let asked = [("justification", "It is replaced in spring."), ("expires", "2026-12-31")];
        let asked = owner.post("/w/shop/risks/R-1/accept", &asked).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    }
    if operator.incidents(&shop).await.unwrap().incidents.is_empty() {
        let opened = [("title", "Key in the open"), ("detected_at", "2026-11-01T10:00"), ("rev", "0")];
        let drill = [("playbook", "1"), ("planned", "2026-12-01"), ("rev", "0")];
        for (page, form) in [
            ("incidents/new", &opened[..]),
            ("incidents/playbooks/new", &[("title", "A key is known"), ("rev", "0")][..]),
            ("incidents/drills/new", &drill[..]),
        ] {
            let made = owner.post(&format!("/w/shop/{page}"), form).await;
            assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        }
    }
    if operator.estate(&shop).await.unwrap().model.overrides.is_empty() {
        let last_day = Day(operator.estate(&shop).await.unwrap().today.0 + 30).to_string();
        let decided = [("system", "checkout"), ("justification", "Its card data is gone."), ("expires", &last_day)];
        let made = owner.post("/w/shop/inventory/overrides/new", &decided).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    }
    let brought = owner.multipart("/w/shop/observations", OBSERVATIONS).await;
    assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.body);
    if operator.library(&shop).await.unwrap().items.is_empty() {
        let added = owner.multipart("/w/shop/evidence/items", PICTURE).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
        let training = [("kind", "awareness"), ("person", "security-lead"), ("rev", "0")];
        for (page, form) in [("evidence/policies/new", &POLICY[..]), ("evidence/training/new", &training[..])] {
            let made = owner.post(&format!("/w/shop/{page}"), form).await;
            assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        }
    }
    if operator.reviews(&shop).await.unwrap().reviews.is_empty() {
        sealed(app, owner).await;
    }
    if operator.requests(&shop).await.unwrap().requests.is_empty() {
        for (page, form) in [
            ("evidence/requests/new", &[("text", "Show the last scan")][..]),
            ("evidence/samples", &[("name", "Systems"), ("kind", "system"), ("size", "2")][..]),
        ] {
            let made = owner.post(&format!("/w/shop/{page}"), form).await;
            assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        }
    }
    if operator.packs(&shop).await.unwrap().is_empty() {
        let asked = owner.post("/w/shop/evidence/packs/new", &[("of", "SEAL-1"), ("profile", "auditor")]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
        // It is made in the background, and is asked for only when it is there.
        while operator.pack(&shop, PackNumber(1)).await.unwrap().state.is_going_on() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    if operator.schedules(&shop).await.unwrap().schedules.is_empty() {
        let schedule =
            [("name", "Systems"), ("subject", "topic:systems"), ("cadence", "3m"), ("first_due", "2027-01-31")];
        for (page, form) in [
            ("schedules/new", &schedule[..]),
            ("activities/new", &[("kind", "failover"), ("planned", "2026-12-01"), ("rev", "0")][..]),
            ("analyses/new", &ANALYSED[..]),
        ] {
            let made = owner.post(&format!("/w/shop/{page}"), form).await;
            assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        }
    }
    let book = operator.library(&shop).await.unwrap();
    if book.frameworks.is_empty() {
        let own = FRAMEWORK.replace("\r\n99\r\n", "\r\n0\r\n");
        let brought = owner.multipart("/w/shop/frameworks/new", &own).await;
        assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.body);
        let said = [("status", "not_in_place"), ("reason", "It waits for spring."), ("rev", "0")];
        let said = owner.post("/w/shop/requirements/3.5.1/status", &said).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    }
    let staged = owner.upload("/w/shop/import", "flows.csv", b"source,target\na,b\n").await;
    let job = staged.location().rsplit('/').next().unwrap().to_owned();
    let read = owner.upload("/w/shop/recognise", "fields.csv", b"card_number\n1\n").await;
    let reading = read.location().rsplit('/').next().unwrap().to_owned();
    let register = owner.upload("/w/shop/risks/import", "register.csv", b"Title\nx\n").await;
    let register = register.location().rsplit('/').next().unwrap().to_owned();
    let invited = owner.post("/w/shop/members", &[("mail", "waiting@shop.example"), ("role", "viewer")]).await;
    assert_eq!(invited.status, StatusCode::OK, "{}", invited.body);
    let open = operator.invitations(&shop).await.unwrap();
    let invitation = open.iter().find(|it| it.mail == "waiting@shop.example").unwrap().id.to_string();
    let members = operator.members(&shop).await.unwrap();
    let estate = operator.estate(&shop).await.unwrap();
    let found = operator.findings(&estate).await.unwrap();
    let finding =
        found.all().find(|it| it.subject == ObjectRef::System("checkout".into())).unwrap().identity().to_string();
    let finding = finding.replace(' ', "%20").replace(':', "%3A");
    if operator.comments(&shop).await.unwrap().is_empty() {
        owner.post("/w/shop/comments", &[("kind", "system"), ("key", "bank"), ("text", "Ask the bank.")]).await;
    }
    // Two may be of one instant: which of them is listed first is then no matter of time.
    let comments = operator.comments(&shop).await.unwrap();
    let comment = comments.iter().find(|it| it.key == "bank").or(comments.first()).unwrap().id.to_string();
    owner.post("/w/shop/views", &[("list", "flows"), ("name", "Everything")]).await;
    let views = app.store.texts("SELECT key FROM saved_view WHERE name = 'Everything'").await.unwrap();
    let view = views.first().unwrap().clone();
    let member = members.iter().find(|it| it.name == "target").unwrap().account.to_string();
    Keys { flow: "pay".to_owned(), job, reading, register, member, invitation, finding, comment, view }
}

/// Opens a review that nobody can sign yet, and another one, which is signed and sealed.
async fn sealed(app: &TestApp, owner: &mut Browser) {
    let vendor =
        [("name", "Acquirer"), ("id", "acquirer"), ("fact.country", "DE"), ("fact.contact", "The desk on duty")];
    let added = owner.post("/w/shop/inventory/vendors/new", &vendor).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    for kind in ["integrations", "vendors"] {
        let opening = [
            ("kind", kind),
            ("name", "2026-Q4"),
            ("due", "2026-12-15"),
            ("statement", "It is as it is written."),
            ("signer.0.person", "security-lead"),
            ("signer.0.part", "attests"),
            ("signer.0.role", "Head of security"),
        ];
        let opened = owner.post("/w/shop/reviews/new", &opening).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    }
    let (operator, shop) = (app.store.gate(Actor::Operator), WorkspaceId::new("shop"));
    let state = operator.review(&shop, ReviewKey(2)).await.unwrap();
    let item = state.difference.items.values().next().unwrap();
    let confirm = [("step", "confirm"), ("item", "vendor:acquirer"), ("seen", item.fingerprint.as_str())];
    assert_eq!(owner.post("/w/shop/reviews/REV-2", &confirm).await.status, StatusCode::SEE_OTHER);
    let state = operator.review(&shop, ReviewKey(2)).await.unwrap();
    let shown = state.session.content_hash(&state.difference);
    let signed = owner.post("/w/shop/reviews/REV-2/sign", &[("shown", &shown)]).await;
    assert_eq!(signed.location(), "/w/shop/seals/SEAL-1?done=review-sealed", "{}", signed.body);
}

/// An answer without what the request itself put into it.
fn without_names(answer: &Answer, workspace: &str, route: &Route, keys: &Keys) -> String {
    let answer = answer.without_chance().replace(workspace, "(ws)");
    // A number stands in many places of a page; as a key it stands behind its kind.
    let answer = match keys.of(route) {
        "1" => answer.replace("/playbooks/1", "/playbooks/(key)").replace("/drills/1", "/drills/(key)"),
        key => answer.replace(key, "(key)"),
    };
    answer.replace(&keys.job, "(job)").replace(&keys.reading, "(job)").replace(&keys.register, "(job)")
}

async fn account_of(app: &TestApp, mail: &str) -> AccountId {
    let members = app.store.gate(Actor::Operator).members(&WorkspaceId::new("shop")).await.unwrap();
    members.into_iter().find(|member| member.mail.as_deref() == Some(mail)).unwrap().account
}

/// Engages an auditor of `shop` from one day to another, counted from today.
async fn engage(app: &TestApp, mail: &str, (from, until): (i32, i32)) {
    let (operator, shop) = (app.store.gate(Actor::Operator), WorkspaceId::new("shop"));
    let today = operator.estate(&shop).await.unwrap().today;
    let days = Engagement { from: Day(today.0 + from), until: Day(today.0 + until) };
    let standing = Standing { engagement: Some(days), ..Standing::usual(Role::Auditor) };
    operator.change_member(&shop, &account_of(app, mail).await, standing).await.unwrap();
}

/// Everybody who is not, not yet, or no longer, a member of `shop`.
async fn outsiders(app: &TestApp) -> Vec<(&'static str, Browser)> {
    let operator = app.store.gate(Actor::Operator);
    let shop = WorkspaceId::new("shop");
    app.add_account("stranger@other.example", &[]).await;
    let mut stranger = app.signed_in("stranger@other.example").await;
    stranger.post("/workspaces", &[("name", "Elsewhere"), ("sample", "no")]).await;

    app.add_account("former@shop.example", &[("shop", Role::Admin)]).await;
    let former = account_of(app, "former@shop.example").await;
    operator.remove_member(&shop, &former, None).await.unwrap();

    for (mail, days) in [("ended@firm.example", (-30, -1)), ("early@firm.example", (1, 30))] {
        app.add_account(mail, &[("shop", Role::Auditor)]).await;
        engage(app, mail, days).await;
    }

    let instance_admin = NewAccount {
        name: "Platform".to_owned(),
        mail: "platform@shop.example".to_owned(),
        password: PASSWORD.to_owned(),
        instance_admin: true,
        memberships: Vec::new(),
    };
    app.store.add_account(&instance_admin).await.unwrap();
    vec![
        ("the owner of another workspace", stranger),
        ("a former member", app.signed_in("former@shop.example").await),
        ("an auditor whose engagement is over", app.signed_in("ended@firm.example").await),
        ("an auditor whose engagement has not begun", app.signed_in("early@firm.example").await),
        ("an instance administrator without membership", app.signed_in("platform@shop.example").await),
    ]
}

#[tokio::test]
async fn nobody_reaches_what_is_not_open() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let keys = filled(&app, &mut owner).await;
    let before = app.revision("shop").await;
    app.add_account("disabled@shop.example", &[("shop", Role::Owner)]).await;
    let disabled = app.signed_in("disabled@shop.example").await;
    let account = account_of(&app, "disabled@shop.example").await;
    let path = format!("/admin/accounts/{account}");
    assert_eq!(owner.post(&path, &[("action", "disable")]).await.location(), "/admin?done=disabled");
    for route in for_people() {
        for (who, mut browser) in [("nobody", app.browser()), ("a disabled account", disabled.clone())] {
            let answer = ask(&mut browser, route, "shop", &keys).await;
            let name = format!("{who}: {:?} {}", route.verb, route.path);
            match (route.open, route.verb) {
                (true, Verb::Get) if route.endpoint == Endpoint::SetUpPage => {
                    assert_eq!(answer.location(), "/sign-in", "there is an account already");
                }
                (true, _) => {
                    assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
                    assert!(!answer.location().starts_with("/sign-in"), "{name}");
                }
                (false, Verb::Get) => {
                    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}");
                    assert!(answer.location().starts_with("/sign-in"), "{name}: {}", answer.location());
                    assert!(answer.body.is_empty(), "{name}");
                }
                (false, _) => {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
                    assert!(!answer.body.contains("Checkout"), "{name}");
                }
            }
        }
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::POST] {
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
        let answer = app.browser().send(request(method.clone(), "/w/shop/map", &headers, Body::empty())).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method}");
    }
    assert!(app.browser().get("/nowhere").await.location().starts_with("/sign-in"), "unknown addresses are closed too");
    assert_eq!(app.revision("shop").await, before);
}

#[tokio::test]
async fn to_everybody_else_the_workspace_looks_like_one_that_does_not_exist() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let keys = filled(&app, &mut owner).await;
    let outsiders = outsiders(&app).await;
    let before = app.revision("shop").await;
    let members = app.store.gate(Actor::Operator).members(&WorkspaceId::new("shop")).await.unwrap();
    let made_up = Keys::made_up();
    let mut walked = 0;
    for (who, mut browser) in outsiders {
        for route in for_people().filter(|route| route.path.contains("{ws}")) {
            let real = ask(&mut browser, route, "shop", &keys).await;
            let name = format!("{who}: {:?} {}", route.verb, route.path);
            assert_eq!(real.status, StatusCode::NOT_FOUND, "{name}: {}", real.body);
            let nothing = ask(&mut browser, route, "qzjx", &made_up).await;
            assert_eq!(nothing.status, real.status, "{name}");
            let expected = without_names(&nothing, "qzjx", route, &made_up);
            assert_eq!(without_names(&real, "shop", route, &keys), expected, "{name}");
            walked += 1;
        }
    }
    assert!(walked >= 5 * 40, "{walked}");
    assert_eq!(app.revision("shop").await, before);
    let after = app.store.gate(Actor::Operator).members(&WorkspaceId::new("shop")).await.unwrap();
    assert_eq!(after, members);
}

#[tokio::test]
async fn an_object_of_another_workspace_is_not_found_in_ones_own() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let keys = filled(&app, &mut owner).await;
    app.add_account("stranger@other.example", &[]).await;
    let mut stranger = app.signed_in("stranger@other.example").await;
    stranger.post("/workspaces", &[("name", "Elsewhere"), ("sample", "no")]).await;
    // Elements are the catalogue's, rules and kinds of reports the product's: the same in every workspace.
    let everywhere = |route: &Route| {
        ["/elements/", "/rules/", "/requirements/", "/reports/", "/documents/"].iter().any(|it| route.path.contains(it))
    };
    let of_workspace = for_people().filter(|route| route.path.contains("{ws}") && !everywhere(route));
    for route in of_workspace.filter(|route| route.path.contains("{key}") || route.path.contains("{job}")) {
        let answer = ask(&mut stranger, route, "elsewhere", &keys).await;
        // Taking over is refused for the form, which names somebody who is not there, before the object is looked at.
        let name = format!("{:?} {}: {}", route.verb, route.path, answer.body);
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
    }
}

/// The first finding to which a list leads, as addresses have it.
fn listed_finding(page: &str) -> String {
    let leads = page.split("href=\"/w/shop/findings/").skip(1).filter_map(|it| it.split('"').next());
    leads.into_iter().find(|it| it.contains("%3A")).unwrap_or_else(|| panic!("no finding is listed: {page}")).to_owned()
}

/// A record of the register of evidence.
fn is_kept(route: &Route) -> bool {
    ["/evidence/items/{key}", "/evidence/policies/{key}", "/evidence/training/{key}"]
        .iter()
        .any(|it| route.path.contains(it))
}

#[tokio::test]
async fn every_role_reaches_what_the_matrix_says_and_nothing_else() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    filled(&app, &mut owner).await;
    for role in Role::ALL {
        let mail = format!("{role}@walk.example");
        app.add_account(&mail, &[("shop", *role)]).await;
        if *role == Role::Auditor {
            engage(&app, &mail, (-1, 1)).await;
        }
        let mut browser = app.signed_in(&mail).await;
        let mut keys = filled(&app, &mut owner).await;
        if *role == Role::Auditor {
            // Of what was signed: what is found by now may be another finding.
            keys.finding = listed_finding(&browser.get("/w/shop/findings").await.body);
        }
        let before = app.revision("shop").await;
        for route in for_people().filter(|route| route.path.contains("{ws}")) {
            let answer = ask(&mut browser, route, "shop", &keys).await;
            let name = format!("{role}: {:?} {}", route.verb, route.path);
            match (role.may(needs(route)), route.verb) {
                // The page on which the refusal would stand is not there for who was not given the record.
                (false, Verb::Post) if *role == Role::Auditor && is_kept(route) => {
                    let refused = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&answer.status);
                    assert!(refused && !answer.body.contains("Checkout"), "{name}: {} {}", answer.status, answer.body);
                }
                (false, _) => {
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {}", answer.body);
                    assert!(role.may(Capability::ReadModel) || !answer.body.contains("Checkout"), "{name}");
                }
                // Who audits sees what they were given, and here nothing was.
                (true, Verb::Get) if *role == Role::Auditor && is_kept(route) => {
                    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}: {}", answer.body);
                }
                // It has the audit trail, which they may not read.
                (true, Verb::Get) if route.endpoint == Endpoint::PackFile && !Profile::Auditor.is_for(*role) => {
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
                }
                (true, Verb::Get) => {
                    assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.body);
                    let shows_one = answer.body.contains("@shop.example");
                    assert!(role.may(Capability::ReadAddresses) || !shows_one, "{name}: {}", answer.body);
                }
                (true, _) => {
                    let carried_out = [StatusCode::OK, StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY];
                    // No token has the key with which the walk asks; what somebody else wrote or keeps is theirs.
                    let theirs =
                        [Endpoint::RevokeToken, Endpoint::EditComment, Endpoint::DeleteComment, Endpoint::DeleteView];
                    let gone = theirs.contains(&route.endpoint) && answer.status == StatusCode::NOT_FOUND;
                    // The pack is finished, and nothing is left to be decided about it.
                    let over = route.endpoint == Endpoint::DecidePack && answer.status == StatusCode::CONFLICT;
                    let done = gone || over || carried_out.contains(&answer.status);
                    assert!(done, "{name}: {} {}", answer.status, answer.body);
                }
            }
        }
        if !role.may(Capability::EditModel) {
            assert_eq!(app.revision("shop").await, before, "{role}");
        }
    }
}

#[tokio::test]
async fn an_auditor_reads_and_takes_away_everything_but_addresses() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    filled(&app, &mut owner).await;
    let mut seen = Vec::new();
    for role in [Role::Viewer, Role::Auditor] {
        let mail = format!("{role}@walk.example");
        app.add_account(&mail, &[("shop", role)]).await;
        let mut browser = app.signed_in(&mail).await;
        for path in ["/w/shop/people/security-lead", "/w/shop/export/model"] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{role} {path}: {}", answer.body);
            assert!(answer.body.contains("Security lead"), "{role} {path}: {}", answer.body);
            seen.push(answer.body.contains("security@shop.example"));
        }
    }
    assert_eq!(seen, [true, true, false, false]);
}

#[tokio::test]
async fn the_instance_is_administered_by_its_administrators_only() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let keys = filled(&app, &mut owner).await;
    app.add_account("second@shop.example", &[("shop", Role::Owner)]).await;
    let mut second = app.signed_in("second@shop.example").await;
    let mut walked = 0;
    for route in for_people().filter(|route| route.path.starts_with("/admin")) {
        let name = format!("{:?} {}", route.verb, route.path);
        assert_eq!(ask(&mut second, route, "", &keys).await.status, StatusCode::FORBIDDEN, "{name}");
        assert_ne!(ask(&mut owner, route, "", &keys).await.status, StatusCode::FORBIDDEN, "{name}");
        walked += 1;
    }
    assert!(walked >= 2, "{walked}");
    let listed = owner.get("/admin").await;
    assert!(listed.body.contains("second@shop.example") && !listed.body.contains("Checkout"), "{}", listed.body);
    let unknown = owner.post("/admin/accounts/vkwq", &[("action", "disable")]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{}", unknown.body);
}

#[tokio::test]
async fn the_workspace_is_taken_from_the_path_and_from_nowhere_else() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    owner.post("/workspaces", &[("name", "Elsewhere"), ("sample", "no")]).await;
    let before = app.revision("elsewhere").await;
    let form = [("name", "Till"), ("ws", "elsewhere"), ("workspace", "elsewhere"), ("workspace_id", "elsewhere")];
    let added = owner.post("/w/shop/systems/new?ws=elsewhere&workspace=elsewhere", &form).await;
    assert!(added.location().starts_with("/w/shop/systems/till"), "{}", added.location());
    assert_eq!(app.revision("elsewhere").await, before);
}

#[test]
fn every_post_says_what_it_carries_and_no_get_carries_anything() {
    let silent = |verb| matches!(verb, Verb::Get | Verb::Delete);
    assert!(ROUTES.iter().all(|route| silent(route.verb) == (route.body == Carried::None)));
}
