//! PCI DSS 8.6.1: service accounts are not used by people, but by exception.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::credential::Credential;
use crate::model::kinds::CredentialKind;
use crate::model::object::ObjectRef;

/// People can sign in with a service account.
pub const RULE: Rule = Rule {
    id: "F-INTERACTIVE",
    aliases: &[],
    version: 1,
    title: "People can sign in with a service account",
    sentence: "What a person does with a service account, nobody did.",
    condition: "A service or application account can be used to sign in, and no exception is on \
                record.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("8.6.1")],
    service_providers_only: false,
    reads: &["credential.kind", "credential.interactive", "credential.exception"],
    shows: &["kind", "interactive", "exception"],
    false_positives: "The sign-in may be blocked where it matters; say so on the account.",
    question: "Which exception allows it, for how long, and who approved it?",
    fixes: &[
        FixOption::change("Forbid signing in with it", 1, |survey, finding| {
            fix::credential(survey, finding, |credential| fix::state(&mut credential.facts, "interactive", false))
        }),
        FixOption::fill("Record the exception with its reason, its end and its approval", 1, &["credential.exception"]),
    ],
    fires: &[Example::new(
        "people can sign in with it",
        r#""credentials":[{"id":"c","kind":"service","interactive":true}]"#,
    )],
    silent: &[
        Example::new("nobody can", r#""credentials":[{"id":"c","kind":"service","interactive":false}]"#),
        Example::new(
            "an exception is on record",
            r#""credentials":[{"id":"c","kind":"service","interactive":true,
               "exception":{"reason":"migration","until":"2026-02-01","approved_by":"ciso"}}]"#,
        ),
        Example::new("it is a user", r#""credentials":[{"id":"c","kind":"user","interactive":true}]"#),
    ],
    checks: &[Check::Credential(check)],
};

fn check(_: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    let service = matches!(credential.kind, CredentialKind::Service | CredentialKind::Application);
    if !service || said::yes(&credential.facts, "interactive") != Some(true) {
        return;
    }
    let part = |name| said::part(&credential.facts, "exception", name);
    let end = part("until").and_then(|it| it.as_str()).and_then(said::instant_of);
    let excepted = part("reason").is_some() && part("approved_by").is_some();
    if excepted && !end.is_some_and(|end| hits.over(end.day())) {
        return;
    }
    let sentence = format!("People can sign in with the service account {}.", credential.name);
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).shows("interactive", true);
    hits.add(hit.shows("kind", credential.kind.as_str()).shows("exception", excepted));
}
