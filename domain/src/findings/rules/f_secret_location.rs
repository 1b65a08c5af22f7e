//! PCI DSS 8.3.2, 6.2.4: keys and tokens of programs are kept where they cannot be read by who has no need.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::model::credential::Credential;
use crate::model::kinds::{CredentialKind, SecretLocation};
use crate::model::object::ObjectRef;

/// Key or token outside of a vault.
pub const RULE: Rule = Rule {
    id: "F-SECRET-LOCATION",
    aliases: &["PF-33"],
    version: 1,
    title: "Key or token outside of a vault",
    sentence: "A key in a script or a pipeline is the shortest way in.",
    condition: "An API key, token or other secret of a program is kept in code, configuration, a \
                pipeline, an environment variable or plain text.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("8.3.2"), Pci("6.2.4"), Asvs("13.3.1")],
    service_providers_only: false,
    reads: &["credential.kind", "credential.location"],
    shows: &["location", "kind"],
    false_positives: "An environment variable that a vault fills at start; enter the vault as the \
                location.",
    question: "What did a scan for secrets show?",
    fixes: &[FixOption::change("Keep it in a vault, and change it", 3, |survey, finding| {
        fix::credential(survey, finding, |credential| credential.location = SecretLocation::Vault)
    })],
    fires: &[Example::new(
        "an API key is in a script",
        r#""credentials":[{"id":"c","kind":"api_key","location":"script"}]"#,
    )],
    silent: &[
        Example::new("it is in a vault", r#""credentials":[{"id":"c","kind":"api_key","location":"vault"}]"#),
        Example::new("nobody said where it is", r#""credentials":[{"id":"c","kind":"api_key"}]"#),
        Example::new("it is a user", r#""credentials":[{"id":"c","kind":"user","location":"script"}]"#),
    ],
    checks: &[Check::Credential(check)],
};

fn check(_: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    use CredentialKind::{ApiKey, OauthClient, Token, WebhookSecret};
    use SecretLocation::{Hsm, Kms, Unknown, Vault};
    let program = matches!(credential.kind, ApiKey | Token | OauthClient | WebhookSecret);
    if !program || matches!(credential.location, Vault | Hsm | Kms | Unknown) {
        return;
    }
    let (kind, place) = (credential.kind.label(), credential.location.label().to_lowercase());
    let article = if place.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let place = if place == "plain text" { place } else { format!("{article} {place}") };
    let sentence = format!("The {kind} {} is kept in {place}, not in a vault.", credential.name);
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).shows("kind", credential.kind.as_str());
    hits.add(hit.shows("location", credential.location.as_str()));
}
