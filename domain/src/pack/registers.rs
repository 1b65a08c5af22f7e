//! What people decided and who may: risks, acceptances, actions, the sealed review, members, evidence. Names and free
//! texts go through the veil.

use super::profile::Profile;
use super::redaction::Veil;
use super::source::{Evidence, Source};
use super::table::{Table, joined, or_empty};
use crate::evidence::Source as Kept;
use crate::id::PersonId;
use crate::review::content::Reviewed;
use crate::review::seal::Content;
use crate::review::session::Event;
use crate::risk::Risk;
use crate::risk::acceptance::Acceptance;
use crate::risk::record::Link;

/// The tables by the names of their files.
pub(super) fn all(source: &Source, veil: &Veil) -> Vec<(&'static str, String)> {
    [
        ("16_risks.csv", risks(source, veil)),
        ("17_acceptances.csv", acceptances(source, veil)),
        ("19_actions.csv", actions(source, veil)),
        ("20_scope_reviews.csv", reviews(source, veil)),
        ("access_list.csv", members(source, veil)),
        ("evidence_index.csv", evidence(source, veil)),
    ]
    .map(|(name, table)| (name, table.csv()))
    .into()
}

fn person(veil: &Veil, it: Option<&PersonId>) -> String {
    it.map(|it| veil.person(it.as_str())).unwrap_or_default()
}

fn risks(source: &Source, veil: &Veil) -> Table {
    let scheme = source.register.register.scheme;
    let level = |rating: Option<crate::risk::Rating>| or_empty(rating.map(|it| it.level(scheme)));
    let link = |it: &Link| match it {
        Link::Object(object) => veil.object(object),
        Link::Element(element) => format!("element:{element}"),
        Link::Finding(identity) => format!("finding:{identity}"),
    };
    let rows = source.register.risks.iter().map(|it: &Risk| {
        vec![
            it.key.to_string(),
            veil.text(&it.title),
            veil.text(&it.cause),
            veil.text(&it.event),
            veil.text(&it.consequence),
            or_empty(it.category),
            joined(it.links.iter().map(link)),
            person(veil, it.owner.as_ref()),
            level(it.inherent),
            level(it.residual),
            level(it.target),
            or_empty(it.treatment),
            it.stage.to_string(),
            or_empty(it.next_review),
        ]
    });
    Table::new(
        &[
            "risk",
            "title",
            "cause",
            "event",
            "consequence",
            "category",
            "links",
            "owner",
            "inherent",
            "residual",
            "target",
            "treatment",
            "stage",
            "next_review",
        ],
        rows,
    )
}

fn acceptances(source: &Source, veil: &Veil) -> Table {
    let all = source.register.acceptances.iter().filter_map(|(key, events)| Acceptance::replay(*key, events));
    let rows = all.map(|it| {
        vec![
            it.key.to_string(),
            or_empty(it.content.risk),
            joined(&it.content.findings),
            veil.text(&it.content.justification),
            veil.text(&it.content.conditions),
            it.state(source.at).to_string(),
            veil.person(it.requester.as_str()),
            joined(it.approvals.iter().map(|one| veil.person(one.by.as_str()))),
            or_empty(it.granted_at),
            or_empty(it.content.begins),
            it.content.expires.to_string(),
        ]
    });
    Table::new(
        &[
            "acceptance",
            "risk",
            "findings",
            "justification",
            "conditions",
            "state",
            "requested_by",
            "approved_by",
            "granted_at",
            "begins",
            "expires",
        ],
        rows,
    )
}

fn actions(source: &Source, veil: &Veil) -> Table {
    let all = source.register.risks.iter().flat_map(|risk| risk.actions.iter().map(move |it| (risk.key, it)));
    let rows = all.map(|(risk, it)| {
        vec![
            risk.to_string(),
            it.number.to_string(),
            veil.text(&it.what),
            person(veil, it.who.as_ref()),
            or_empty(it.due),
            it.state.to_string(),
        ]
    });
    Table::new(&["risk", "number", "action", "who", "due", "state"], rows)
}

/// The sealed review: one row for each signature.
fn reviews(source: &Source, veil: &Veil) -> Table {
    let opening = |it: &super::SealedState| {
        let reviewed = it.contents.get(&Content::Review).and_then(|text| Reviewed::read(text))?;
        reviewed.events.into_iter().find_map(|event| match event {
            Event::Opened { opening, .. } => Some(opening),
            _ => None,
        })
    };
    let rows = source.sealed.iter().flat_map(|it| {
        let opening = opening(it);
        let due = or_empty(opening.as_ref().map(|it| it.due));
        let trigger = veil.text(opening.as_ref().map_or("", |it| it.trigger.as_str()));
        it.seal.signatures.iter().map(move |signed| {
            vec![
                it.seal.review.to_string(),
                it.seal.kind.to_string(),
                veil.text(&it.seal.name),
                trigger.clone(),
                due.clone(),
                veil.text(&signed.statement),
                veil.person(signed.signer.as_str()),
                signed.part.to_string(),
                veil.text(&signed.role),
                signed.method.clone(),
                signed.at.to_string(),
                veil.text(&signed.comment),
                veil.hash(&signed.snapshot),
                it.seal.key.to_string(),
            ]
        })
    });
    Table::new(
        &[
            "review_id",
            "kind",
            "name",
            "trigger",
            "due",
            "statement",
            "signer",
            "part",
            "role",
            "method",
            "signed_at",
            "comment",
            "snapshot_sha256",
            "seal",
        ],
        rows,
    )
}

fn members(source: &Source, veil: &Veil) -> Table {
    let mut members: Vec<_> = source.members.iter().collect();
    members.sort();
    let rows = members.into_iter().map(|it| {
        let tier = if it.tier == 0 { String::new() } else { it.tier.to_string() };
        vec![veil.text(&it.name), it.role.to_string(), tier, or_empty(it.since), or_empty(it.until)]
    });
    Table::new(&["member", "role", "approval_tier", "since", "until"], rows)
}

/// The items, each in the version that counted, with the name of its file in the pack.
fn evidence(source: &Source, veil: &Veil) -> Table {
    let rows = source.index.items.iter().map(|it| {
        let file = source.evidence.iter().find(|file| file.key == it.key.to_string());
        let path = file.filter(|_| source.profile != Profile::Redacted).map(Evidence::path);
        let named = match &it.source {
            Kept::File(file) => veil.text(file.name.as_str()),
            Kept::Link(link) => veil.text(link.as_str()),
        };
        vec![
            it.key.to_string(),
            it.version.to_string(),
            veil.text(&it.title),
            joined(&it.proves.requirements),
            joined(it.proves.objects.iter().map(|it| veil.object(it))),
            or_empty(it.proves.review),
            it.collected.to_string(),
            or_empty(it.covers_from),
            or_empty(it.covers_until),
            or_empty(it.expires),
            or_empty(file.map(|it| veil.hash(&it.sha256))),
            or_empty(file.map(|it| veil.hash(&it.bytes.to_string()))),
            path.unwrap_or_default(),
            named,
        ]
    });
    Table::new(
        &[
            "evidence_ref",
            "version",
            "title",
            "requirements",
            "objects",
            "review",
            "collected",
            "covers_from",
            "covers_until",
            "expires",
            "sha256",
            "bytes",
            "file",
            "name",
        ],
        rows,
    )
}
