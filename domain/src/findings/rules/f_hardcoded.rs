//! PCI DSS 8.6.2: passwords of accounts that people can sign in with are not written into scripts, configuration or
//! code.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::credential::Credential;
use crate::model::kinds::{CredentialKind, SecretLocation};
use crate::model::object::ObjectRef;

/// Password in code or configuration.
pub const RULE: Rule = Rule {
    id: "F-HARDCODED",
    aliases: &[],
    version: 1,
    title: "Password in code or configuration",
    sentence: "Code is copied to every developer, and a password in it is everybody's.",
    condition: "A credential that people can sign in with is kept in a repository, a build \
                pipeline, a configuration file, a script or plain text. API keys and tokens are \
                looked at by another rule.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("8.6.2"), Pci("8.3.2"), Asvs("13.3.1")],
    service_providers_only: false,
    reads: &["credential.location", "credential.interactive", "credential.kind"],
    shows: &["location", "interactive", "kind"],
    false_positives: "A reference to a vault that looks like a value; enter the vault as the location.",
    question: "What did a search of code and configuration show?",
    fixes: &[FixOption::change("Keep it in a vault, and change it", 3, |survey, finding| {
        fix::credential(survey, finding, |credential| credential.location = SecretLocation::Vault)
    })],
    fires: &[Example::new(
        "an interactive password is in the repository",
        r#""credentials":[{"id":"c","kind":"service","interactive":true,"location":"repo"}]"#,
    )],
    silent: &[
        Example::new(
            "it is in a vault",
            r#""credentials":[{"id":"c","kind":"service","interactive":true,"location":"vault"}]"#,
        ),
        Example::new(
            "nobody can sign in with it",
            r#""credentials":[{"id":"c","kind":"service","interactive":false,"location":"repo"}]"#,
        ),
        Example::new(
            "it is an API key",
            r#""credentials":[{"id":"c","kind":"api_key","interactive":true,"location":"repo"}]"#,
        ),
    ],
    checks: &[Check::Credential(check)],
};

fn check(_: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    use SecretLocation::{Ci, Config, Plain, Repo, Script};
    let exposed = matches!(credential.location, Repo | Ci | Config | Script | Plain);
    let key = matches!(credential.kind, CredentialKind::ApiKey | CredentialKind::Token);
    if !exposed || key || said::yes(&credential.facts, "interactive") != Some(true) {
        return;
    }
    let place = credential.location.label().to_lowercase();
    let sentence = format!("The secret of {}, with which people can sign in, is kept in a {place}.", credential.name);
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).shows("interactive", true);
    hits.add(hit.shows("location", credential.location.as_str()).shows("kind", credential.kind.as_str()));
}
