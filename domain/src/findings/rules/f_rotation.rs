//! PCI DSS 8.6.3: secrets of service accounts are changed as often as a risk analysis says.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::credential::Credential;
use crate::model::kinds::CredentialKind;
use crate::model::object::ObjectRef;

/// Secret not changed in time.
pub const RULE: Rule = Rule {
    id: "F-ROTATION",
    aliases: &["PF-32"],
    version: 1,
    title: "Secret not changed in time",
    sentence: "The older a secret, the more people and places have had it.",
    condition: "The secret of a service or application account, an API key or a token was last \
                changed longer ago than its period, or has neither a period nor an end.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "High where twice the period is over.",
    maps_to: &[Pci("8.6.3"), Pci("3.7.4"), Asvs("13.3.4"), Asvs("13.1.4")],
    service_providers_only: false,
    reads: &[
        "credential.kind",
        "credential.last_rotated",
        "credential.rotate_days",
        "credential.expires_at",
        "credential.tra_ref",
    ],
    shows: &["last_rotated", "rotate_days", "expires_at", "kind"],
    false_positives: "Short-lived tokens change by themselves; give the minutes after which they end.",
    question: "Which risk analysis sets the period, and when was the secret changed?",
    fixes: &[FixOption::fill(
        "Change the secret, and record the day and the period",
        1,
        &["credential.last_rotated", "credential.rotate_days"],
    )],
    fires: &[
        Example::new(
            "its period is over",
            r#""credentials":[{"id":"c","kind":"api_key","rotate_days":90,"last_rotated":"2025-08-01"}]"#,
        ),
        Example::new("it has neither a period nor an end", r#""credentials":[{"id":"c","kind":"service"}]"#),
    ],
    silent: &[
        Example::new(
            "it was changed in time",
            r#""credentials":[{"id":"c","kind":"api_key","rotate_days":90,"last_rotated":"2025-12-01"}]"#,
        ),
        Example::new("it ends by itself", r#""credentials":[{"id":"c","kind":"token","ttl_minutes":60}]"#),
        Example::new("people sign in with it", r#""credentials":[{"id":"c","kind":"user"}]"#),
    ],
    checks: &[Check::Credential(check)],
};

/// The period that is assumed where a day of the last change is given and no period, in days.
const YEAR: u64 = 365;

fn check(_: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    use CredentialKind::{ApiKey, Application, OauthClient, Service, SshKey, Token, WebhookSecret};
    let kind = matches!(credential.kind, Service | Application | ApiKey | Token | OauthClient | SshKey | WebhookSecret);
    let facts = &credential.facts;
    if !kind || credential.ttl_minutes.is_some() || said::yes(facts, "enabled") == Some(false) {
        return;
    }
    let (period, changed) = (said::number(facts, "rotate_days"), said::day(facts, "last_rotated"));
    let expires = said::day(facts, "expires_at");
    let days = period.unwrap_or(YEAR);
    let mut severity = Severity::Medium;
    let why = match changed {
        Some(day) if hits.overdue(day, days) => {
            if hits.overdue(day, days.saturating_mul(2)) {
                severity = Severity::High;
            }
            format!("was last changed on {day}, more than {days} days ago")
        }
        Some(_) => return,
        None if expires.is_some_and(|end| hits.over(end)) => "has passed its end and is still enabled".to_owned(),
        None if period.is_none() && expires.is_none() => "has neither a period nor an end".to_owned(),
        None => return,
    };
    let sentence = format!("The secret of {} {why}.", credential.name);
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).severity(severity);
    let hit = hit.shows("last_rotated", changed).shows("rotate_days", period).shows("expires_at", expires);
    hits.add(hit.shows("kind", credential.kind.as_str()));
}
