//! PCI DSS 7.2.5.1: rights of application and system accounts are reviewed, as often as a risk analysis says.

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

/// Rights of an application account not reviewed or not used.
pub const RULE: Rule = Rule {
    id: "F-APP-REVIEW",
    aliases: &["PF-31"],
    version: 1,
    title: "Rights of an application account not reviewed or not used",
    sentence: "A right that nobody has used for months is one that nobody would miss, and \
                nobody watches.",
    condition: "The rights of a service or application account were last reviewed more than a \
                year ago, or a right has not been used for longer than the settings allow.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("7.2.5.1"), Pci("7.2.4")],
    service_providers_only: false,
    reads: &["credential.kind", "credential.last_reviewed", "grant.last_used", "settings.idle_grant_days"],
    shows: &["last_reviewed", "last_used", "on"],
    false_positives: "A right for emergencies is seldom used; review it instead.",
    question: "When were the rights of this account last reviewed, and which risk analysis sets \
                how often?",
    fixes: &[
        FixOption::fill("Review the rights, and record the day", 1, &["credential.last_reviewed"]),
        FixOption::change("Take the rights that nobody uses", 1, revoke),
    ],
    fires: &[
        Example::new(
            "the last review is too old",
            r#""credentials":[{"id":"c","kind":"service","last_reviewed":"2024-10-01"}]"#,
        ),
        Example::new(
            "a right has been idle for months",
            r#""systems":[{"id":"db"}],"credentials":[{"id":"c","kind":"api_key","grants":[{"on":"db",
               "priv":"read","last_used":"2025-06-01T00:00:00Z"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the review is recent",
            r#""credentials":[{"id":"c","kind":"service","last_reviewed":"2025-10-01"}]"#,
        ),
        Example::new(
            "the right is in use",
            r#""systems":[{"id":"db"}],"credentials":[{"id":"c","kind":"api_key","grants":[{"on":"db",
               "priv":"read","last_used":"2025-12-30T00:00:00Z"}]}]"#,
        ),
    ],
    checks: &[Check::Credential(check)],
};

/// How old a review may be where no risk analysis says otherwise, in days.
const PERIOD: u64 = 365;

fn check(survey: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    let subject = || ObjectRef::Credential(credential.id.clone());
    if matches!(credential.kind, CredentialKind::Service | CredentialKind::Application) {
        match said::day(&credential.facts, "last_reviewed") {
            None => {
                let question = format!("When were the rights of {} last reviewed?", credential.name);
                hits.add(Hit::ask(subject(), question).about_aspect("review").shows("last_reviewed", false));
            }
            Some(day) if hits.overdue(day, PERIOD) => {
                let sentence = format!("The rights of {} were last reviewed on {day}.", credential.name);
                hits.add(Hit::on(subject(), sentence).about_aspect("review").shows("last_reviewed", day));
            }
            Some(_) => {}
        }
    }
    for grant in &credential.grants {
        let Some(used) = said::instant(&grant.facts, "last_used") else { continue };
        if hits.overdue(used.day(), survey.settings.idle_grant_days) {
            let on = survey.node(&grant.on).map_or(grant.on.as_str(), |it| it.name());
            let sentence = format!("{} has not used its right on {on} since {}.", credential.name, used.day());
            let system = ObjectRef::System(grant.on.clone());
            let hit = Hit::on(subject(), sentence).about_aspect(&format!("{}:{}", grant.on, grant.privilege));
            hits.add(hit.shows("on", system).shows("last_used", used));
        }
    }
}

fn revoke(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::Credential(id) = &finding.subject else { return Vec::new() };
    let Some(credential) = survey.model.credentials.get(id) else { return Vec::new() };
    let idle = |it: &&Grant| finding.discriminator == format!("{}:{}", it.on, it.privilege);
    let edit = |it: &Grant| Edit::RevokeGrant { credential: id.clone(), on: it.on.clone(), privilege: it.privilege };
    credential.grants.iter().filter(idle).map(|it| Step::Edit(edit(it))).collect()
}
