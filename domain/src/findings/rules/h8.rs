//! Health of the model: a risk analysis behind a frequency is at most a year old.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::object::ObjectRef;

/// Age of risk analyses.
pub const RULE: Rule = Rule {
    id: "H8",
    aliases: &[],
    version: 1,
    title: "Age of risk analyses",
    sentence: "An analysis of a world that has changed proves nothing.",
    condition: "A credential or log review names a risk analysis; whether each is at most twelve \
                months old is asked.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[Pci("12.3.1")],
    service_providers_only: false,
    reads: &["credential.tra_ref", "system.log_review_tra_ref"],
    shows: &["tra_ref"],
    false_positives: "One review may cover all analyses.",
    question: "When was each risk analysis last reviewed?",
    fixes: &[FixOption::fill("Review the analyses", 1, &["credential.tra_ref"])],
    fires: &[Example::new("an analysis is named", r#""credentials":[{"id":"c","kind":"service","tra_ref":"TRA-1"}]"#)],
    silent: &[Example::new("none is", r#""credentials":[{"id":"c","kind":"service"}]"#)],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let of_system = survey.nodes().iter().any(|it| said::anything(&it.system.facts, "log_review_tra_ref"));
    let of_credential = survey.model.credentials.values().any(|it| said::anything(&it.facts, "tra_ref"));
    let used = of_system || of_credential;
    if used {
        let question = "Was every risk analysis behind a frequency reviewed in the last twelve months?";
        hits.add(Hit::ask(ObjectRef::Settings, question).shows("tra_ref", true));
    }
}
