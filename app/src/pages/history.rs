//! The audit trail: who changed what, and when.

use std::collections::BTreeSet;

use domain::backend::AuditLine;
use domain::command::Revision;
use domain::inventory::{KINDS, title};
use domain::library::RequirementKey;
use domain::model::object::ObjectKind;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::editor::not_done;
use super::frame::{Screen, Section};
use super::request::{Place, Request};
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, small};

/// How many entries the page shows.
const MOST: u32 = 200;

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let lines = backend.audit_trail(&place.estate.workspace.id, MOST).await?;
    let undoable = if place.may(Capability::EditModel) {
        backend.undoable(&place.estate.workspace.id).await?
    } else {
        BTreeSet::new()
    };
    let table = if lines.is_empty() {
        empty_state("history", "Nothing happened yet", "Every change of the model leaves one entry here.", ())
    } else {
        let caption =
            format!("The newest {} {}", lines.len(), if lines.len() == 1 { "entry" } else { "entries, newest first" });
        let rows = lines.iter().map(|line| row(&place, line, &undoable)).collect();
        small("history", caption, &["Number", "When (UTC)", "Who", "What", "Object", "Hash", "Undo"], rows)
    };
    let lede = "Every change, by whom and when. Each entry holds the hash of the one before, so none can go unseen.";
    let more = header::action(place.paths.page("settings/audit"), "filter", "Filter and verify", false);
    let body = view! { {Header::new("History").lede(lede).actions(more).view()}{not_done(&request)}{table} };
    Ok(Screen::inside(&place, Section::History, "History", body))
}

/// A button that takes back the change of a revision.
pub(super) fn take_back(place: &Place, revision: Revision, label: &'static str) -> AnyView {
    view! {
        <form method="post" action=place.paths.page("history/take-back")>
            {hidden("rev", revision.0.to_string())}
            <button class="button small">{icon("undo")}{label}</button>
        </form>
    }
    .into_any()
}

fn row(place: &Place, line: &AuditLine, undoable: &BTreeSet<Revision>) -> AnyView {
    let undo = line.revision.filter(|revision| undoable.contains(revision));
    let label = if line.action == "model.take_back" { "Redo" } else { "Undo" };
    let at = line.at.to_string();
    let short: String = line.hash.chars().take(12).collect();
    view! {
        <tr>
            <th scope="row">{line.sequence.to_string()}</th>
            {cell("When (UTC)", view! { <time datetime=at.clone()>{at.clone()}</time> })}
            {cell("Who", line.actor.clone())}
            {cell("What", action(&line.action))}
            {cell("Object", object(place, line))}
            {cell("Hash", view! { <code class="hash" title=line.hash.clone()>{short}</code> })}
            {cell("Undo", undo.map(|revision| take_back(place, revision, label)))}
        </tr>
    }
    .into_any()
}

/// The object, linked where it is a system or a flow that is still there.
pub(super) fn object(place: &Place, line: &AuditLine) -> AnyView {
    let Some(text) = &line.object else { return ().into_any() };
    let model = &place.estate.model;
    match text.split_once([' ', ':']) {
        Some(("system", key)) => match model.systems.get(key) {
            Some(system) => view! { <a href=place.paths.system(&system.id)>{system.name.clone()}</a> }.into_any(),
            None => view! { <span class="key">{key.to_owned()}</span> }.into_any(),
        },
        Some(("flow", key)) => match model.flows.get(key) {
            Some(flow) => view! { <a href=place.paths.flow(&flow.id)>{flow.id.to_string()}</a> }.into_any(),
            None => view! { <span class="key">{key.to_owned()}</span> }.into_any(),
        },
        Some(("person", key)) => match model.people.get(key) {
            Some(person) => view! { <a href=place.paths.person(&person.id)>{person.name.clone()}</a> }.into_any(),
            None => view! { <span class="key">{key.to_owned()}</span> }.into_any(),
        },
        Some(("finding", key)) => {
            view! { <a class="key" href=place.paths.finding_at(key)>{key.to_owned()}</a> }.into_any()
        }
        Some(("risk", key)) => view! { <a class="key" href=place.paths.risk_at(key)>{key.to_owned()}</a> }.into_any(),
        Some(("request", key)) => {
            view! { <a class="key" href=place.paths.request_at(key)>{key.to_owned()}</a> }.into_any()
        }
        Some(("sample", key)) => {
            view! { <a class="key" href=place.paths.sample_at(key)>{key.to_owned()}</a> }.into_any()
        }
        Some(("incident", key)) => {
            view! { <a class="key" href=place.paths.incident_at(key)>{key.to_owned()}</a> }.into_any()
        }
        Some(("review", key)) => {
            view! { <a class="key" href=place.paths.review_at(key)>{key.to_owned()}</a> }.into_any()
        }
        Some(("playbook", key)) => {
            view! { <a href=place.paths.playbook_at(key)>{format!("Playbook {key}")}</a> }.into_any()
        }
        Some(("drill", key)) => view! { <a href=place.paths.drill_at(key)>{format!("Drill {key}")}</a> }.into_any(),
        Some(("schedule", key)) => {
            view! { <a class="key" href=place.paths.schedule_at(key)>{key.to_owned()}</a> }.into_any()
        }
        Some(("activity", key)) => {
            view! { <a class="key" href=place.paths.activity_at(key)>{key.to_owned()}</a> }.into_any()
        }
        Some(("analysis", key)) => {
            view! { <a class="key" href=place.paths.analysis_at(key)>{key.to_owned()}</a> }.into_any()
        }
        Some(("pack", key)) => {
            view! { <a class="key" href=place.paths.page(&format!("evidence/packs/{key}"))>{key.to_owned()}</a> }
                .into_any()
        }
        Some(("position", key)) => {
            let href = key
                .parse::<RequirementKey>()
                .map_or_else(|_| place.paths.requirement(key), |it| place.paths.requirement_of(&it));
            view! { <a class="key" href=href>{key.to_owned()}</a> }.into_any()
        }
        Some(("responsibility", key)) => {
            view! { <a class="key" href=place.paths.responsibility_at(key)>{key.to_owned()}</a> }.into_any()
        }
        Some(("framework", key)) => {
            view! { <a class="key" href=place.paths.framework_at(key)>{key.to_owned()}</a> }.into_any()
        }
        Some(("statement" | "preset", key)) => {
            view! { <a class="key" href=place.paths.page("evidence/controls")>{key.to_owned()}</a> }.into_any()
        }
        Some(("duties", _)) => view! { <a href=place.paths.page("incidents/duties")>"Duties"</a> }.into_any(),
        Some((kind, key)) => record(place, kind, key),
        None => view! { <span class="key">{text.clone()}</span> }.into_any(),
    }
}

/// Any other object, linked where it is still there.
fn record(place: &Place, kind: &str, key: &str) -> AnyView {
    let model = &place.estate.model;
    let found = KINDS.iter().find(|it| it.object.as_str() == kind).and_then(|it| {
        let reference = it.records(model).map(|object| object.reference()).find(|object| object.key() == key)?;
        Some((place.paths.object(&reference)?, title(&model.get(&reference)?, model)))
    });
    match found {
        Some((href, name)) => view! { <a href=href>{name}</a> }.into_any(),
        None => view! { <span class="key">{key.to_owned()}</span> }.into_any(),
    }
}

/// The command's name in words.
pub(super) fn action(name: &str) -> String {
    match name {
        "system.add" => "System added".to_owned(),
        "system.edit" => "System changed".to_owned(),
        "system.confirm" => "System confirmed".to_owned(),
        "system.move" => "System moved on the map".to_owned(),
        "system.delete" => "System deleted".to_owned(),
        "flow.add" => "Flow added".to_owned(),
        "flow.edit" => "Flow changed".to_owned(),
        "flow.confirm" => "Flow confirmed or contradicted by one of its ends".to_owned(),
        "entity.edit" => "Profile of the entity changed".to_owned(),
        "entity.explain" => "Reason for a stage without flows changed".to_owned(),
        "flow.delete" => "Flow deleted".to_owned(),
        "model.import" => "File imported".to_owned(),
        "import.stage" => "File read for an import".to_owned(),
        "import.drop" => "File put aside before its import".to_owned(),
        "access.denied" => "Access denied".to_owned(),
        "workspace.delete" => "Workspace deleted".to_owned(),
        "person.add" => "Person added".to_owned(),
        "person.edit" => "Person changed".to_owned(),
        "person.delete" => "Person deleted".to_owned(),
        "person.link" => "Person linked to an account".to_owned(),
        "person.reassign" => "Somebody else took over".to_owned(),
        "member.invite" => "Invitation made".to_owned(),
        "member.withdraw_invitation" => "Invitation withdrawn".to_owned(),
        "member.join" => "Invitation accepted".to_owned(),
        "member.change" => "Role changed".to_owned(),
        "member.remove" => "Member removed".to_owned(),
        "workspace.create" => "Workspace made".to_owned(),
        "workspace.rename" => "Workspace renamed".to_owned(),
        "workspace.archive" => "Workspace archived".to_owned(),
        "workspace.restore" => "Workspace restored".to_owned(),
        "workspace.second_factor" => "Policy of the second factor changed".to_owned(),
        "model.export" => "Model exported".to_owned(),
        "workspace.hand_over" => "Workspace handed over".to_owned(),
        "model.load_sample" => "Sample estate loaded".to_owned(),
        "comment.add" => "Comment written".to_owned(),
        "comment.edit" => "Comment changed".to_owned(),
        "comment.delete" => "Comment deleted".to_owned(),
        "view.share" => "View of a list shared".to_owned(),
        "view.delete" => "Shared view deleted".to_owned(),
        "proposal.begin" => "Proposal begun".to_owned(),
        "proposal.edit" => "Proposal edited".to_owned(),
        "proposal.submit" => "Proposal sent to review".to_owned(),
        "proposal.pass_gate" => "Gate of a proposal passed".to_owned(),
        "proposal.reopen_gate" => "Gate of a proposal opened again".to_owned(),
        "proposal.approve" => "Proposal approved".to_owned(),
        "proposal.resolve" => "Conflict of a proposal decided".to_owned(),
        "proposal.drop_edit" => "Edit taken out of a proposal".to_owned(),
        "proposal.withdraw" => "Proposal given up".to_owned(),
        "proposal.merge" => "Proposal merged".to_owned(),
        "model.merge" => "Edits of a proposal made live".to_owned(),
        "workspace.protect_scope" => "Protection of the scope changed".to_owned(),
        "request.ask" => "Evidence asked for".to_owned(),
        "request.assign" => "Request given to somebody".to_owned(),
        "request.answer" => "Request answered".to_owned(),
        "request.return" => "Answer sent back".to_owned(),
        "request.accept" => "Answer accepted".to_owned(),
        "request.withdraw" => "Request withdrawn".to_owned(),
        "request.say" => "Written about a request".to_owned(),
        "sample.draw" => "Sample drawn".to_owned(),
        "sample.freeze" => "Sample frozen".to_owned(),
        "sample.ask" => "Asked about a sample".to_owned(),
        "file.download" => "File taken away".to_owned(),
        "snapshot.take" => "Snapshot taken".to_owned(),
        "pack.export" => "Evidence pack exported".to_owned(),
        "pack.make" => "Evidence pack asked for".to_owned(),
        "pack.cancel" => "Evidence pack cancelled".to_owned(),
        "pack.finish" => "Evidence pack finished".to_owned(),
        "pack.stop" => "Evidence pack stopped: card numbers".to_owned(),
        "pack.fail" => "Evidence pack failed".to_owned(),
        "pack.release" => "Evidence pack released by a second person".to_owned(),
        "pack.download" => "Evidence pack downloaded".to_owned(),
        "pack_key.use" => "Key that signs evidence packs noted".to_owned(),
        "pack_key.rotate" => "Evidence packs signed with a new key".to_owned(),
        "audit.export" => "Audit trail exported".to_owned(),
        "snapshot.export" => "Snapshot exported".to_owned(),
        "token.make" => "API token made".to_owned(),
        "token.revoke" => "API token ended".to_owned(),
        "model.take_back" => "Change taken back".to_owned(),
        "model.edit" => "Changes made together".to_owned(),
        "override.approve" => "Scope override approved".to_owned(),
        "risk.import" => "Risks imported".to_owned(),
        "risk.add" => "Risk added".to_owned(),
        "risk.edit" => "Risk changed".to_owned(),
        "risk.register" => "Risk register set".to_owned(),
        "risk.acceptance.ask" => "Acceptance of a risk asked for".to_owned(),
        "risk.acceptance.edit" => "Acceptance of a risk changed".to_owned(),
        "risk.acceptance.submit" => "Acceptance of a risk put into review".to_owned(),
        "risk.acceptance.approve" => "Acceptance of a risk approved".to_owned(),
        "risk.acceptance.grant" => "Acceptance of a risk in force".to_owned(),
        "risk.acceptance.reject" => "Acceptance of a risk rejected".to_owned(),
        "risk.acceptance.withdraw" => "Acceptance of a risk withdrawn".to_owned(),
        "risk.acceptance.revoke" => "Acceptance of a risk revoked".to_owned(),
        "risk.acceptance.return" => "Acceptance of a risk given back: facts got worse".to_owned(),
        "risk.acceptance.lapse" => "Acceptance of a risk lapsed: facts got worse".to_owned(),
        "risk.acceptance.improve" => "Facts of an accepted risk got better".to_owned(),
        "risk.acceptance.expire" => "Acceptance of a risk expired".to_owned(),
        "review.open" => "Review opened".to_owned(),
        "review.tick" => "Items of a review looked at".to_owned(),
        "review.untick" => "Tick of a review taken back".to_owned(),
        "review.fall_off" => "Ticks of a review fell off, because their objects changed".to_owned(),
        "review.void" => "Signatures of a review void, because something changed".to_owned(),
        "review.ask" => "Somebody asked in a review".to_owned(),
        "review.answer" => "Question of a review answered".to_owned(),
        "review.settle" => "Decision of before settled in a review".to_owned(),
        "review.element" => "Element of the scope answered".to_owned(),
        "review.sign" => "Review signed".to_owned(),
        "review.refuse" => "Signature refused".to_owned(),
        "review.answer_refusal" => "Refusal of a signature answered".to_owned(),
        "review.seal" => "Review sealed".to_owned(),
        "review.supersede" => "Signature of a review superseded".to_owned(),
        "review.withdraw" => "Review withdrawn".to_owned(),
        "calendar.feed.make" => "Calendar feed made".to_owned(),
        "calendar.feed.end" => "Calendar feed ended".to_owned(),
        "digest.set" => "Digest by mail chosen".to_owned(),
        "digest.send" => "Digest sent by mail".to_owned(),
        "incident.add" => "Incident opened".to_owned(),
        "incident.edit" => "Incident changed".to_owned(),
        "incident.note" => "Something written down about an incident".to_owned(),
        "incident.tell" => "Somebody told of an incident".to_owned(),
        "incident.card_case" => "Card number of an incident answered for".to_owned(),
        "incident.close" => "Incident closed".to_owned(),
        "incident.reopen" => "Incident opened again".to_owned(),
        "incident.duties" => "Duties of incidents changed".to_owned(),
        "incident.playbook.add" => "Playbook added".to_owned(),
        "incident.playbook.edit" => "Playbook changed".to_owned(),
        "incident.drill.add" => "Drill planned".to_owned(),
        "incident.drill.edit" => "Drill changed".to_owned(),
        "schedule.add" => "Schedule added".to_owned(),
        "schedule.edit" => "Schedule changed".to_owned(),
        "schedule.end" => "Schedule ended".to_owned(),
        "schedule.resume" => "Schedule goes on again".to_owned(),
        "schedule.fed" => "Frequency of a schedule set by an analysis".to_owned(),
        "schedule.run" => "Noted that something scheduled was done".to_owned(),
        "schedule.called" => "Schedules called for beside the calendar".to_owned(),
        "schedule.tick" => "Schedules brought up to the day".to_owned(),
        "activity.add" => "Test or exercise added".to_owned(),
        "activity.edit" => "Test or exercise changed".to_owned(),
        "analysis.add" => "Targeted risk analysis added".to_owned(),
        "analysis.edit" => "Targeted risk analysis changed".to_owned(),
        "analysis.approve" => "Targeted risk analysis approved".to_owned(),
        "analysis.renew" => "Targeted risk analysis reviewed".to_owned(),
        "position.edit" => "Said where a requirement stands".to_owned(),
        "position.approve" => "Compensating control approved".to_owned(),
        "responsibility.edit" => "Said who does what with a vendor".to_owned(),
        "framework.add" => "Framework brought".to_owned(),
        "framework.edit" => "Framework changed".to_owned(),
        "control.state" => "Said whether a control is in place".to_owned(),
        "control.unsay" => "Word about a control taken back".to_owned(),
        "preset.edit" => "Risk or priority of a control changed".to_owned(),
        "item.add" => "Evidence added".to_owned(),
        "item.edit" => "Evidence described anew".to_owned(),
        "item.version" => "Version of evidence added".to_owned(),
        "item.hold" => "Evidence put on legal hold".to_owned(),
        "item.lift" => "Legal hold on evidence lifted".to_owned(),
        "item.withdraw" => "Evidence withdrawn".to_owned(),
        "policy.add" => "Policy added".to_owned(),
        "policy.edit" => "Policy changed".to_owned(),
        "policy.approve" => "Policy approved".to_owned(),
        "training.add" => "Training noted".to_owned(),
        "training.edit" => "Training changed".to_owned(),
        "finding.look" => "Finding looked at".to_owned(),
        "finding.assign" => "Finding assigned".to_owned(),
        "finding.due" => "Due day of a finding set".to_owned(),
        "finding.decide" => "Decided about a finding".to_owned(),
        "finding.approve" => "Decision about a finding approved".to_owned(),
        "finding.turn_down" => "Decision about a finding turned down".to_owned(),
        "finding.reopen" => "Finding opened again".to_owned(),
        "finding.close" => "Reported finding done".to_owned(),
        "finding.report" => "Concern raised".to_owned(),
        "finding.answer" => "Question answered".to_owned(),
        "finding.bring_due" => "Findings brought up to the day".to_owned(),
        other => of_record(other).unwrap_or_else(|| other.to_owned()),
    }
}

/// What was done with a record of any kind.
fn of_record(name: &str) -> Option<String> {
    let (kind, what) = name.split_once('.')?;
    let kind = kind.parse::<ObjectKind>().ok()?;
    let what = match what {
        "add" => "added",
        "edit" => "changed",
        "delete" => "deleted",
        _ => return None,
    };
    Some(format!("{} {what}", kind.label()))
}
