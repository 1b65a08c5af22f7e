//! PCI DSS 8.2.7: remote access of third parties is enabled only when needed, and watched.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::findings::{Finding, said};
use crate::model::credential::{Credential, Grant};
use crate::model::kinds::CredentialKind;
use crate::model::object::ObjectRef;
use crate::model::party::Vendor;

/// Access of a third party that is always open.
pub const RULE: Rule = Rule {
    id: "F-VENDOR-ALWAYS-ON",
    aliases: &["PF-34", "PF-35"],
    version: 1,
    title: "Access of a third party that is always open",
    sentence: "A door that is always open for a vendor is always open for whoever breaks into \
                the vendor.",
    condition: "A vendor has remote access at all times, a remote credential has no window or is \
                not monitored, or a temporary right outlived its end, or has no end or nobody \
                who takes it back.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "Medium where a temporary right lacks only its end or who takes it back.",
    maps_to: &[Pci("8.2.7"), Pci("7.2.5.1"), Pci("8.6.1")],
    service_providers_only: false,
    reads: &[
        "vendor.remote_access",
        "credential.kind",
        "credential.enablement_window",
        "credential.monitored",
        "credential.enabled",
        "grant.temporary",
        "grant.until",
        "grant.rollback_owner",
    ],
    shows: &["remote_access", "enablement_window", "monitored", "until", "temporary", "rollback_owner", "on"],
    false_positives: "A vendor that must act within minutes may need it; then monitor it and record why.",
    question: "When is the access enabled, by whom, and who watches it?",
    fixes: &[
        FixOption::fill(
            "Enable the access only when it is needed, and watch it",
            2,
            &["credential.enablement_window", "credential.monitored", "vendor.remote_access"],
        ),
        FixOption::change("Take the temporary right back", 1, revoke),
    ],
    fires: &[
        Example::new("a vendor has access at all times", r#""vendors":[{"id":"v","remote_access":"always_on"}]"#),
        Example::new(
            "a remote credential is always on",
            r#""credentials":[{"id":"c","kind":"remote_access","enablement_window":{"always_on":true}}]"#,
        ),
        Example::new(
            "a temporary right outlived its end",
            r#""systems":[{"id":"db"}],"credentials":[{"id":"c","kind":"user","grants":[{"on":"db",
               "priv":"admin","temporary":true,"until":"2025-12-24T00:00:00Z"}]}]"#,
        ),
    ],
    silent: &[
        Example::new("the access is on demand", r#""vendors":[{"id":"v","remote_access":"on_demand"}]"#),
        Example::new(
            "the window is narrow and watched",
            r#""credentials":[{"id":"c","kind":"remote_access","enablement_window":{"from":"2026-01-01",
               "until":"2026-01-02","approved_by":"ciso"},"monitored":true}]"#,
        ),
        Example::new(
            "the temporary right has not ended",
            r#""people":[{"id":"ann"}],"systems":[{"id":"db"}],"credentials":[{"id":"c","kind":"user",
               "grants":[{"on":"db","priv":"admin","temporary":true,"until":"2026-02-01T00:00:00Z",
               "rollback_owner":"ann"}]}]"#,
        ),
    ],
    checks: &[Check::Vendor(vendor), Check::Credential(credential)],
};

fn vendor(_: &Survey<'_>, vendor: &Vendor, hits: &mut Hits) {
    if said::text(&vendor.facts, "remote_access") == Some("always_on") {
        let sentence = format!("{} can reach our systems at any time.", vendor.name);
        hits.add(Hit::on(ObjectRef::Vendor(vendor.id.clone()), sentence).shows("remote_access", "always_on"));
    }
}

fn credential(survey: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    let facts = &credential.facts;
    if said::yes(facts, "enabled") == Some(false) {
        return;
    }
    let subject = || ObjectRef::Credential(credential.id.clone());
    if credential.kind == CredentialKind::RemoteAccess {
        let always = said::part(facts, "enablement_window", "always_on").and_then(|it| it.as_bool()) == Some(true);
        let monitored = said::yes(facts, "monitored");
        if always || monitored == Some(false) {
            let why = if always { "is enabled at all times" } else { "is not watched while it is used" };
            let sentence = format!("The remote access {} {why}.", credential.name);
            let hit = Hit::on(subject(), sentence).about_aspect("window").shows("monitored", monitored);
            hits.add(hit.shows("enablement_window", if always { "always_on" } else { "window" }));
        }
    }
    for grant in &credential.grants {
        temporary(survey, credential, grant, hits);
    }
}

/// A temporary right has an end, somebody who takes it back, and does not outlive its end.
fn temporary(survey: &Survey<'_>, credential: &Credential, grant: &Grant, hits: &mut Hits) {
    let until = said::instant(&grant.facts, "until");
    let temporary = said::yes(&grant.facts, "temporary") == Some(true) || until.is_some();
    if !temporary {
        return;
    }
    let owner = said::anything(&grant.facts, "rollback_owner");
    let on = survey.node(&grant.on).map_or(grant.on.as_str(), |it| it.name());
    let (sentence, severity) = match until {
        Some(end) if hits.over_at(end) => {
            (format!("The temporary right of {} on {on} should have ended at {end}.", credential.name), Severity::High)
        }
        Some(_) if owner => return,
        Some(_) => {
            let sentence = format!("Nobody is named to take back the temporary right of {} on {on}.", credential.name);
            (sentence, Severity::Medium)
        }
        None => (format!("The temporary right of {} on {on} has no end.", credential.name), Severity::Medium),
    };
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).severity(severity);
    let hit = hit.about_aspect(&format!("{}:{}", grant.on, grant.privilege));
    let hit = hit.shows("on", ObjectRef::System(grant.on.clone())).shows("temporary", true);
    hits.add(hit.shows("until", until).shows("rollback_owner", owner));
}

fn revoke(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::Credential(id) = &finding.subject else { return Vec::new() };
    let Some(credential) = survey.model.credentials.get(id) else { return Vec::new() };
    let ended = |it: &&Grant| finding.discriminator == format!("{}:{}", it.on, it.privilege);
    let edit = |it: &Grant| Edit::RevokeGrant { credential: id.clone(), on: it.on.clone(), privilege: it.privilege };
    credential.grants.iter().filter(ended).map(|it| Step::Edit(edit(it))).collect()
}
