//! PCI DSS 8.2.2 and 7.2.5: shared credentials are an exception, with a reason, an end, an approval and a way to
//! tell who used them.

use crate::blast::edit::Edit;
use crate::findings::finding::FactValue;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::findings::{Finding, said};
use crate::model::credential::Credential;
use crate::model::fact::Facts;
use crate::model::object::ObjectRef;

/// One secret for several.
pub const RULE: Rule = Rule {
    id: "F-SHARED-CRED",
    aliases: &["PF-29"],
    version: 1,
    title: "One secret for several",
    sentence: "When one secret serves several, a leak at any of them opens all, and changing it \
                breaks all.",
    condition: "A credential is shared, or held by more than one system or person, and no \
                exception is on record.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("8.2.2"), Pci("7.2.5"), Asvs("13.2.1")],
    service_providers_only: false,
    reads: &["credential.shared", "credential.held_by", "credential.held_by_people", "credential.exception"],
    shows: &["shared", "held_by", "held_by_people", "exception"],
    false_positives: "Instances of one service may be entered as several systems.",
    question: "Which exception allows it, and how do the logs tell who used it?",
    fixes: &[
        FixOption::change("Give each holder a credential of its own", 4, split),
        FixOption::fill("Record the exception with its reason, its end and its approval", 1, &["credential.exception"]),
    ],
    fires: &[
        Example::new(
            "three integrations share a key",
            r#""systems":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"erp"}],"credentials":[{"id":"k",
               "kind":"api_key","held_by":["a","b","c"],"grants":[{"on":"erp","priv":"read"}]}]"#,
        ),
        Example::new("it is said to be shared", r#""credentials":[{"id":"k","kind":"admin","shared":true}]"#),
    ],
    silent: &[
        Example::new(
            "one system holds it",
            r#""systems":[{"id":"a"}],"credentials":[{"id":"k","kind":"api_key","held_by":["a"]}]"#,
        ),
        Example::new(
            "an exception is on record",
            r#""systems":[{"id":"a"},{"id":"b"}],"credentials":[{"id":"k","kind":"api_key","held_by":["a",
               "b"],"exception":{"reason":"migration","until":"2026-06-01","approved_by":"ciso"}}]"#,
        ),
    ],
    checks: &[Check::Credential(check)],
};

fn check(survey: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    let people = said::list(&credential.facts, "held_by_people").len() as u64;
    let holders = credential.held_by.len() as u64;
    if !(credential.shared || holders > 1 || people > 1) || in_force(&credential.facts, hits) {
        return;
    }
    let names = credential.held_by.iter().filter_map(|id| survey.node(id)).map(|it| it.name());
    let names: Vec<&str> = names.take(3).collect();
    let sentence = match holders {
        2.. => format!("{} systems share {}: {}.", holders, credential.name, listed(&names, holders)),
        _ if people > 1 => format!("{people} people share {}.", credential.name),
        _ => format!("{} is shared, and no exception is on record.", credential.name),
    };
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).shows("shared", credential.shared);
    let hit = hit.shows("held_by", holders).shows("held_by_people", people);
    hits.add(hit.shows("exception", false));
}

fn listed(names: &[&str], all: u64) -> String {
    let more = all.saturating_sub(names.len() as u64);
    let listed = names.join(", ");
    if more == 0 { listed } else { format!("{listed} and {more} more") }
}

/// Whether an exception is on record and has not ended.
fn in_force(facts: &Facts, hits: &mut Hits) -> bool {
    let part = |name| said::part(facts, "exception", name);
    let end = part("until").and_then(|it| it.as_str()).and_then(said::instant_of);
    part("reason").is_some() && part("approved_by").is_some() && !end.is_some_and(|end| hits.over(end.day()))
}

fn split(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::Credential(credential) = &finding.subject else { return Vec::new() };
    let systems = finding.facts.iter().any(|it| it.name == "held_by" && it.value > FactValue::Number(1));
    if systems { vec![Step::Edit(Edit::SplitCredential { credential: credential.clone() })] } else { Vec::new() }
}
