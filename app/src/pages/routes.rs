//! Which address shows which page.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use super::answer::{nowhere, screen};
use super::{
    accessibility, admin, audit, calendar, controls, element, evidence, fields, findings, flows, guide, history, home,
    import, incidents, inventory, least, map, members, notices, observations, packs, paste, people, profile, proof,
    proposals, recognise, reports, requirements, reviews, risks, schedules, scope, search, security, settings, sign_in,
    snapshots, systems, temporary, tokens, workspaces,
};

/// All pages. Every page is complete when it leaves the server, with its true status.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=nowhere>
                <Route path=path!("/setup") view=screen(sign_in::set_up) ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=screen(sign_in::sign_in) ssr=SsrMode::Async/>
                <Route path=path!("/accessibility") view=screen(accessibility::page) ssr=SsrMode::Async/>
                <Route path=path!("/workspaces") view=screen(workspaces::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws") view=screen(home::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/systems") view=screen(inventory::list::systems) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/systems/new") view=screen(systems::edit::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/change/:kind") view=screen(inventory::bulk::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/systems/:key") view=screen(systems::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/systems/:key/gained") view=screen(systems::timeline::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/systems/:key/edit") view=screen(systems::edit::edit) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/systems/:key/:tab") view=screen(systems::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/flows") view=screen(inventory::list::flows) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/flows/new") view=screen(flows::edit::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/flows/:key") view=screen(flows::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/flows/:key/edit") view=screen(flows::edit::edit) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/flows/:key/:tab") view=screen(flows::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/elements/:key") view=screen(element::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/map") view=screen(map::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/import") view=screen(import::upload::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/import/:job") view=screen(import::preview::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/recognise") view=screen(recognise::upload::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/recognise/:job") view=screen(recognise::preview::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/observations") view=screen(observations::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/observations/:key") view=screen(observations::source) ssr=SsrMode::Async/>
                <Route path=path!("/reset/:token") view=screen(sign_in::reset) ssr=SsrMode::Async/>
                <Route path=path!("/second-factor") view=screen(proof::second_factor) ssr=SsrMode::Async/>
                <Route path=path!("/re-authenticate") view=screen(proof::re_authenticate) ssr=SsrMode::Async/>
                <Route path=path!("/profile/security") view=screen(security::page) ssr=SsrMode::Async/>
                <Route path=path!("/profile/second-factor") view=screen(security::enrol::page) ssr=SsrMode::Async/>
                <Route path=path!("/profile/recovery-codes") view=screen(security::codes::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/tokens") view=screen(tokens::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/least-data") view=screen(least::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/fields") view=screen(fields::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/search") view=screen(search::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/guide") view=screen(guide::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/paste") view=screen(paste::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/settings/audit") view=screen(audit::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/history") view=screen(history::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/members") view=screen(members::list::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/members/:key") view=screen(members::member::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/people") view=screen(people::list::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/people/new") view=screen(people::edit::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/people/:key") view=screen(people::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/people/:key/edit") view=screen(people::edit::edit) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/people/:key/:tab") view=screen(people::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/inventory") view=screen(inventory::overview::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/inventory/:kind") view=screen(inventory::list::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/inventory/:kind/new") view=screen(inventory::edit::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/inventory/:kind/:key") view=screen(inventory::detail::page) ssr=SsrMode::Async/>
                <Route
                    path=path!("/w/:ws/inventory/:kind/:key/edit")
                    view=screen(inventory::edit::edit)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/w/:ws/inventory/:kind/:key/:tab")
                    view=screen(inventory::detail::page)
                    ssr=SsrMode::Async
                />
                <Route path=path!("/w/:ws/findings") view=screen(findings::list::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/findings/:key") view=screen(findings::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/requirements") view=screen(requirements::list::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/requirements/:key") view=screen(requirements::detail::page) ssr=SsrMode::Async/>
                <Route
                    path=path!("/w/:ws/requirements/:key/status")
                    view=screen(requirements::status::page)
                    ssr=SsrMode::Async
                />
                <Route path=path!("/w/:ws/frameworks") view=screen(requirements::frameworks::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/frameworks/new") view=screen(requirements::frameworks::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/frameworks/:key") view=screen(requirements::frameworks::page) ssr=SsrMode::Async/>
                <Route
                    path=path!("/w/:ws/vendors/:key/responsibility")
                    view=screen(requirements::responsibility::page)
                    ssr=SsrMode::Async
                />
                <Route path=path!("/w/:ws/evidence/controls") view=screen(controls::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/controls/:control") view=screen(controls::preset::page) ssr=SsrMode::Async/>
                <Route
                    path=path!("/w/:ws/evidence/controls/:key/:control")
                    view=screen(controls::cell::page)
                    ssr=SsrMode::Async
                />
                <Route path=path!("/w/:ws/triage") view=screen(findings::triage::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/concerns/new") view=screen(findings::concern::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/rules") view=screen(findings::rules::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/rules/:key") view=screen(findings::rule::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/settings/rules") view=screen(findings::settings::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/snapshots") view=screen(snapshots::list::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/snapshots/:key") view=screen(snapshots::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/proposals") view=screen(proposals::list::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/proposals/:key") view=screen(proposals::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/diff") view=screen(snapshots::diff::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/temporary") view=screen(temporary::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/risks") view=screen(risks::list::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/risks/new") view=screen(risks::edit::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/risks/import") view=screen(risks::import::upload::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/risks/import/:job") view=screen(risks::import::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/risks/change") view=screen(risks::several::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/risks/accept") view=screen(risks::accept::findings) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/risks/:key") view=screen(risks::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/risks/:key/accept") view=screen(risks::accept::known) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/risks/:key/edit") view=screen(risks::edit::edit) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/calendar") view=screen(calendar::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/calendar/feed") view=screen(calendar::feed::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/notices") view=screen(notices::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/incidents") view=screen(incidents::list::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/incidents/new") view=screen(incidents::edit::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/incidents/duties") view=screen(incidents::duties::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/incidents/playbooks") view=screen(incidents::playbooks::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/incidents/playbooks/new") view=screen(incidents::playbooks::new) ssr=SsrMode::Async/>
                <Route
                    path=path!("/w/:ws/incidents/playbooks/:key")
                    view=screen(incidents::playbooks::detail)
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/w/:ws/incidents/playbooks/:key/edit")
                    view=screen(incidents::playbooks::edit)
                    ssr=SsrMode::Async
                />
                <Route path=path!("/w/:ws/incidents/drills") view=screen(incidents::drills::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/incidents/drills/new") view=screen(incidents::drills::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/incidents/drills/:key") view=screen(incidents::drills::detail) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/incidents/:key") view=screen(incidents::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/incidents/:key/edit") view=screen(incidents::edit::existing) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/incidents/:key/card") view=screen(incidents::card::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/schedules") view=screen(schedules::list::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/schedules/new") view=screen(schedules::edit::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/schedules/:key") view=screen(schedules::detail::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/schedules/:key/edit") view=screen(schedules::edit::existing) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/activities") view=screen(schedules::activities::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/activities/new") view=screen(schedules::activities::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/activities/:key") view=screen(schedules::activities::detail) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/recovery") view=screen(schedules::recovery::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/analyses") view=screen(schedules::analyses::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/analyses/new") view=screen(schedules::analysis::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/analyses/:key") view=screen(schedules::analysis::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/analyses/:key/edit") view=screen(schedules::analysis::existing) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/containment") view=screen(incidents::containment::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/reviews") view=screen(reviews::list::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/reviews/new") view=screen(reviews::open::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/reviews/:key") view=screen(reviews::session::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/reviews/:key/sign") view=screen(reviews::sign::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/seals/:key") view=screen(reviews::seal::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence") view=screen(evidence::overview) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/packs") view=screen(packs::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/packs/new") view=screen(packs::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/packs/:key") view=screen(packs::detail) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/items") view=screen(evidence::items::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/items/new") view=screen(evidence::edit::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/items/:key") view=screen(evidence::item::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/items/:key/edit") view=screen(evidence::edit::edit) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/policies") view=screen(evidence::policies::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/policies/new") view=screen(evidence::policies::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/policies/:key") view=screen(evidence::policies::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/training") view=screen(evidence::training::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/training/new") view=screen(evidence::training::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/training/:key") view=screen(evidence::training::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/requests") view=screen(evidence::requests::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/requests/new") view=screen(evidence::requests::new) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/requests/:key") view=screen(evidence::request::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/samples") view=screen(evidence::samples::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/evidence/samples/:key") view=screen(evidence::samples::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/reports") view=screen(reports::list) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/reports/:key") view=screen(reports::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/settings/risks") view=screen(risks::settings::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/settings/entity") view=screen(scope::entity::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/scope") view=screen(scope::elements::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/board") view=screen(scope::board::page) ssr=SsrMode::Async/>
                <Route path=path!("/w/:ws/settings") view=screen(settings::page) ssr=SsrMode::Async/>
                <Route path=path!("/invite/:token") view=screen(members::accept::page) ssr=SsrMode::Async/>
                <Route path=path!("/profile") view=screen(profile::page) ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit") view=screen(audit::instance) ssr=SsrMode::Async/>
                <Route path=path!("/admin") view=screen(admin::page) ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}
