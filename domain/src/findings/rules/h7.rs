//! Health of the model: every credential says where its secret is kept.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::model::credential::Credential;
use crate::model::kinds::SecretLocation;
use crate::model::object::ObjectRef;

/// Place of a secret unknown.
pub const RULE: Rule = Rule {
    id: "H7",
    aliases: &[],
    version: 1,
    title: "Place of a secret unknown",
    sentence: "A secret of which nobody knows where it is can be anywhere.",
    condition: "Nobody said where the secret of a credential is kept.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &["credential.location", "credential.kind"],
    shows: &["location", "kind"],
    false_positives: "A password that only a person knows is kept nowhere; then say other in a note.",
    question: "Where is the secret kept?",
    fixes: &[FixOption::fill("Find out where it is kept", 1, &["credential.location"])],
    fires: &[Example::new("nobody said", r#""credentials":[{"id":"c","kind":"service"}]"#)],
    silent: &[Example::new("it is in a vault", r#""credentials":[{"id":"c","kind":"service","location":"vault"}]"#)],
    checks: &[Check::Credential(check)],
};

fn check(_: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    if credential.location == SecretLocation::Unknown {
        let sentence = format!("Nobody said where the secret of {} is kept.", credential.name);
        let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).shows("location", "unknown");
        hits.add(hit.shows("kind", credential.kind.as_str()));
    }
}
