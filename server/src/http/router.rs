//! Puts the routes behind their guards.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

use super::crowd::{Crowd, OF_ONE_ADDRESS, this_machine};
use super::refusal::Refusal;
use super::routes::{Endpoint, ROUTES};
use super::{
    Site, accounts, api, audit, calendar, client, comments, confirmations, crowd, download, evidence, findings,
    headers, import, incidents, inventory, limits, members, meter, model, moment, notices, observations, own_account,
    packs, page, paste, people, policies, preference, proposals, recognise, refusal, registers, report, request_id,
    requests, requirements, reviews, risks, same_origin, schedules, session, settings, snapshots, taken, throttle,
    tokens, trace, views, workspaces,
};
use crate::assets;

/// The whole of what is served, behind all guards.
pub fn router(site: Site) -> Router {
    // Pages are rendered by a runtime of their own, which begins with the list of their addresses.
    let _ = pages();
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, answer(route.endpoint));
    }
    behind_guards(router, site)
}

/// Some routes behind all guards. What is not in the list of routes needs a session that has proved everything.
pub fn behind_guards(router: Router<Site>, site: Site) -> Router {
    let origin = Arc::new(site.origin.clone());
    let evidence_bytes = site.store.files().map_or(0, |it| it.quota().file_bytes);
    let exempt = site.proxies.iter().copied().chain(this_machine()).collect();
    let crowd = Crowd::new(OF_ONE_ADDRESS, exempt);
    // The last layer is the first that a request meets.
    router
        .fallback(|| async { Refusal::NotFound })
        .method_not_allowed_fallback(|| async { Refusal::WrongMethod })
        .layer(from_fn(taken::noted))
        .layer(from_fn_with_state(site.clone(), session::admit))
        .layer(session::layer(&site))
        .layer(from_fn(session::complete_removal))
        .layer(from_fn_with_state(site.clone(), throttle::posts))
        .layer(from_fn(moment::guard))
        .layer(from_fn_with_state(origin, same_origin::guard))
        .layer(from_fn(limits::time))
        .layer(from_fn_with_state(evidence_bytes, limits::body))
        .layer(from_fn_with_state(Arc::new(Semaphore::new(limits::AT_ONCE)), limits::concurrency))
        .layer(from_fn_with_state(crowd, crowd::requests))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(refusal::page))
        .layer(from_fn_with_state(site.https(), headers::protect))
        .layer(from_fn_with_state(Arc::clone(&site.proxies), client::identify))
        .layer(from_fn_with_state(site.meters().clone(), meter::count))
        .layer(from_fn(trace::log))
        .layer(from_fn(request_id::number))
        .with_state(site)
}

/// The addresses for which the app has a page.
#[must_use]
pub fn pages() -> BTreeSet<String> {
    leptos_axum::generate_route_list(app::App).iter().map(|page| page.path().to_owned()).collect()
}

/// What answers at an endpoint.
fn answer(endpoint: Endpoint) -> MethodRouter<Site> {
    match endpoint {
        Endpoint::Page => get(page::show),
        Endpoint::SetUpPage => get(accounts::set_up_page),
        Endpoint::Start => get(workspaces::start),
        Endpoint::MapFile => get(download::map_svg),
        Endpoint::MapPicture => get(download::map_png),
        Endpoint::MapMermaid => get(download::map_mermaid),
        Endpoint::MapDot => get(download::map_dot),
        Endpoint::MapDrawIo => get(download::map_drawio),
        Endpoint::ModelFile => get(download::model),
        Endpoint::Asset => get(assets::serve),
        Endpoint::SetUp => post(accounts::set_up),
        Endpoint::SignIn => post(accounts::sign_in),
        Endpoint::SignOut => post(accounts::sign_out),
        Endpoint::ChooseTheme => post(preference::choose_theme),
        Endpoint::CspReport => post(report::csp),
        Endpoint::AddWorkspace => post(workspaces::add),
        Endpoint::AddSystem => post(model::add_system),
        Endpoint::EditSystem => post(model::edit_system),
        Endpoint::ConfirmSystem => post(model::confirm_system),
        Endpoint::DeleteSystem => post(model::delete_system),
        Endpoint::MoveSystem => post(model::move_system),
        Endpoint::ChangeSeveral => post(model::change_several),
        Endpoint::AddFlow => post(model::add_flow),
        Endpoint::EditFlow => post(model::edit_flow),
        Endpoint::DeleteFlow => post(model::delete_flow),
        Endpoint::TakeBack => post(model::take_back),
        Endpoint::AddQuickFlow => post(model::add_quick_flow),
        Endpoint::DropFields => post(model::drop_fields),
        Endpoint::PasteTable => post(paste::table),
        Endpoint::UploadFile => post(import::upload),
        Endpoint::DecideImport => post(import::decide),
        Endpoint::ReadSpecification => post(recognise::read),
        Endpoint::DecideSpecification => post(recognise::decide),
        Endpoint::BringObservations => post(observations::bring),
        Endpoint::ForgetObservations => post(observations::forget),
        Endpoint::ResetPage => get(accounts::reset_page),
        Endpoint::ResetPassword => post(accounts::reset_password),
        Endpoint::ProveSecondFactor => post(accounts::prove_second_factor),
        Endpoint::Reauthenticate => post(accounts::re_authenticate),
        Endpoint::ChangePassword => post(own_account::change_password),
        Endpoint::OfferSecondFactor => post(own_account::offer_second_factor),
        Endpoint::ConfirmSecondFactor => post(own_account::confirm_second_factor),
        Endpoint::RenewRecoveryCodes => post(own_account::renew_recovery_codes),
        Endpoint::EndSession => post(own_account::end_session),
        Endpoint::EndOtherSessions => post(own_account::end_other_sessions),
        Endpoint::MakeToken => post(tokens::make),
        Endpoint::RevokeToken => post(tokens::revoke),
        Endpoint::Api(call) => api::answer_to(call),
        Endpoint::Invite => post(members::invite),
        Endpoint::WithdrawInvitation => post(members::withdraw),
        Endpoint::AcceptInvitation => post(members::accept),
        Endpoint::ChangeMember => post(members::change),
        Endpoint::RemoveMember => post(members::remove),
        Endpoint::RenameWorkspace => post(settings::rename),
        Endpoint::HandOverWorkspace => post(settings::hand_over),
        Endpoint::ArchiveWorkspace => post(settings::archive),
        Endpoint::RestoreWorkspace => post(settings::restore),
        Endpoint::DeleteWorkspace => post(settings::delete),
        Endpoint::AddRisk => post(risks::add),
        Endpoint::AcceptFindings => post(risks::accept_findings),
        Endpoint::AskAcceptance => post(risks::ask),
        Endpoint::DecideAcceptance => post(risks::decide),
        Endpoint::EditRisk => post(risks::edit),
        Endpoint::CalendarFeed => get(calendar::feed),
        Endpoint::MakeFeed => post(calendar::make),
        Endpoint::EndFeed => post(calendar::end),
        Endpoint::ReadNotices => post(notices::read),
        Endpoint::SetDigest => post(notices::set_digest),
        Endpoint::AddIncident => post(incidents::add),
        Endpoint::EditIncident => post(incidents::edit),
        Endpoint::StepIncident => post(incidents::step),
        Endpoint::SaveDuties => post(incidents::duties),
        Endpoint::AddPlaybook => post(incidents::add_playbook),
        Endpoint::EditPlaybook => post(incidents::edit_playbook),
        Endpoint::AddDrill => post(incidents::add_drill),
        Endpoint::EditDrill => post(incidents::edit_drill),
        Endpoint::OpenReview => post(reviews::open),
        Endpoint::StepReview => post(reviews::step),
        Endpoint::SignReview => post(reviews::sign),
        Endpoint::SealFile => get(reviews::seal_file),
        Endpoint::AddItem => post(evidence::add),
        Endpoint::AddItemVersion => post(evidence::add_version),
        Endpoint::EditItem => post(evidence::edit),
        Endpoint::StepItem => post(evidence::step),
        Endpoint::ItemFile => get(evidence::file),
        Endpoint::ItemPicture => get(evidence::picture),
        Endpoint::AddPolicy => post(policies::add),
        Endpoint::EditPolicy => post(policies::edit),
        Endpoint::ApprovePolicy => post(policies::approve),
        Endpoint::AddTraining => post(policies::add_training),
        Endpoint::EditTraining => post(policies::edit_training),
        Endpoint::AddSchedule => post(schedules::add),
        Endpoint::EditSchedule => post(schedules::edit),
        Endpoint::RecordRun => post(schedules::record_run),
        Endpoint::AddActivity => post(schedules::add_activity),
        Endpoint::EditActivity => post(schedules::edit_activity),
        Endpoint::AddAnalysis => post(schedules::add_analysis),
        Endpoint::EditAnalysis => post(schedules::edit_analysis),
        Endpoint::StepAnalysis => post(schedules::step_analysis),
        Endpoint::ApproveRequirement => post(requirements::approve),
        Endpoint::SayRequirement => post(requirements::say),
        Endpoint::RequirementsFile => get(download::requirements),
        Endpoint::BringFramework => post(requirements::bring),
        Endpoint::ReplaceFramework => post(requirements::replace),
        Endpoint::FrameworkFile => get(download::framework),
        Endpoint::SayResponsibility => post(requirements::responsibility),
        Endpoint::SavePreset => post(requirements::save_preset),
        Endpoint::StateControl => post(requirements::state_control),
        Endpoint::ControlsFile => get(download::controls),
        Endpoint::RefreshRisk => post(risks::refresh),
        Endpoint::SetRiskRegister => post(risks::set_register),
        Endpoint::AddPerson => post(people::add),
        Endpoint::EditPerson => post(people::edit),
        Endpoint::DeletePerson => post(people::delete),
        Endpoint::LinkPerson => post(people::link),
        Endpoint::AddRecord => post(inventory::add),
        Endpoint::EditRecord => post(inventory::edit),
        Endpoint::DeleteRecord => post(inventory::delete),
        Endpoint::ApplyFix => post(findings::apply),
        Endpoint::SetRuleSettings => post(findings::set_rule_settings),
        Endpoint::AnswerQuestion => post(findings::answer),
        Endpoint::TriageFinding => post(findings::triage_one),
        Endpoint::TriageFindings => post(findings::triage),
        Endpoint::RaiseConcern => post(findings::raise_concern),
        Endpoint::FindingsFile => get(download::findings),
        Endpoint::ChangeRisks => post(risks::change_several),
        Endpoint::TrailFile => get(audit::of_workspace),
        Endpoint::InstanceTrailFile => get(audit::of_instance),
        Endpoint::PackFile => get(packs::file),
        Endpoint::AskPack => post(packs::ask),
        Endpoint::DecidePack => post(packs::decide),
        Endpoint::BringRegister => post(registers::bring),
        Endpoint::DecideRegister => post(registers::decide),
        Endpoint::RisksFile => get(download::risks),
        Endpoint::IncidentsFile => get(download::incidents),
        Endpoint::ReportFile => get(download::report),
        Endpoint::ReportDocument => get(download::report_pdf),
        Endpoint::ContainmentFile => get(download::containment),
        Endpoint::RollBack => post(model::roll_back),
        Endpoint::ApproveDecision => post(inventory::approve),
        Endpoint::RecordsFile => get(download::records),
        Endpoint::AddComment => post(comments::add),
        Endpoint::EditComment => post(comments::edit),
        Endpoint::DeleteComment => post(comments::delete),
        Endpoint::CommentsFile => get(comments::file),
        Endpoint::SaveView => post(views::save),
        Endpoint::DeleteView => post(views::delete),
        Endpoint::SaveProfile => post(settings::save_profile),
        Endpoint::SetAccount => post(settings::set_account),
        Endpoint::MakeResetLink => post(settings::make_reset_link),
        Endpoint::AskForEvidence => post(requests::ask),
        Endpoint::StepRequest => post(requests::step),
        Endpoint::DrawSample => post(requests::draw),
        Endpoint::StepSample => post(requests::step_sample),
        Endpoint::TakeSnapshot => post(snapshots::take),
        Endpoint::BeginProposal => post(proposals::begin),
        Endpoint::StepProposal => post(proposals::step),
        Endpoint::SetTimeZone => post(schedules::set_time_zone),
        Endpoint::ProtectScope => post(settings::protect_scope),
        Endpoint::ConfirmFlow => post(confirmations::confirm_flow),
        Endpoint::TickPoint => post(confirmations::tick),
        Endpoint::SaveEntity => post(confirmations::save_entity),
        Endpoint::AnswerElement => post(confirmations::answer_element),
        Endpoint::ExplainCell => post(confirmations::explain),
        Endpoint::SetSecondFactorPolicy => post(settings::set_second_factor_policy),
    }
}

/// A fault in the code behind one request is that request's, not the server's. Its cause is in the log already.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Refusal::Broken(None).into_response()
}
