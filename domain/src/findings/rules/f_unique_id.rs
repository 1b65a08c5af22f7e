//! PCI DSS 8.2.1: every user has an identity of their own.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::credential::Credential;
use crate::model::kinds::CredentialKind;
use crate::model::object::ObjectRef;

/// Several people behind one user.
pub const RULE: Rule = Rule {
    id: "F-UNIQUE-ID",
    aliases: &[],
    version: 1,
    title: "Several people behind one user",
    sentence: "When several people are one user, nobody can say who did it.",
    condition: "A credential of kind user is held by more than one person.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("8.2.1")],
    service_providers_only: false,
    reads: &["credential.kind", "credential.held_by_people"],
    shows: &["kind", "held_by_people"],
    false_positives: "A team may be entered where one person is meant.",
    question: "Which account belongs to whom?",
    fixes: &[FixOption::fill("Give each person an account of their own", 1, &["credential.held_by_people"])],
    fires: &[Example::new(
        "two people share it",
        r#""people":[{"id":"ann"},{"id":"bob"}],"credentials":[{"id":"c","kind":"user",
               "held_by_people":["ann","bob"]}]"#,
    )],
    silent: &[
        Example::new(
            "one person has it",
            r#""people":[{"id":"ann"}],"credentials":[{"id":"c","kind":"user","held_by_people":["ann"]}]"#,
        ),
        Example::new(
            "it is a service account",
            r#""people":[{"id":"ann"},{"id":"bob"}],"credentials":[{"id":"c","kind":"service",
               "held_by_people":["ann","bob"]}]"#,
        ),
    ],
    checks: &[Check::Credential(check)],
};

fn check(_: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    let people = said::list(&credential.facts, "held_by_people").len() as u64;
    if credential.kind == CredentialKind::User && people > 1 {
        let sentence = format!("{people} people share the user {}.", credential.name);
        let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).shows("kind", "user");
        hits.add(hit.shows("held_by_people", people));
    }
}
