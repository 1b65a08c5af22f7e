//! What two people who answer for the same flow say of it is the same.

use std::collections::BTreeSet;

use crate::confirmation::{Carried, End, side_by_side};
use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};
use crate::model::element::Holding;

/// Both ends of a flow say something else.
pub const RULE: Rule = Rule {
    id: "F-ENDS-DIFFER",
    aliases: &[],
    version: 1,
    title: "Sender and receiver say something else of a flow",
    sentence: "Where two people who should know contradict each other, data goes where nobody looks.",
    condition: "The latest answers of both ends of a flow name different fields, or one says that the entry is \
                right and the other that it is wrong. Who agreed with what is no longer entered, or \
                answered about a flow between other systems, says nothing.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "High where account data is entered or named.",
    maps_to: &[Pci("1.2.4"), Pci("12.5.2")],
    service_providers_only: false,
    reads: &["flow.confirmations", "flow.fields"],
    shows: &["source_says", "target_says"],
    false_positives: "One of the two may have answered for another version of the interface.",
    question: "Which of the two is right, and what shows it?",
    fixes: &[FixOption::fill("Look at a sample together, and confirm the flow again", 1, &["flow.confirmations"])],
    fires: &[
        Example::new(
            "the receiver gets more than the sender says",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b","data":[{"element":"email"}],
               "confirmations":[{"end":"source","person":"p","answer":"agrees","at":"2025-12-01T00:00:00Z"},
               {"end":"target","person":"q","answer":"differs","at":"2025-12-01T00:00:00Z",
               "fields":[{"element":"email","form":"clear"},{"element":"pan","form":"clear"}]}]}]"#,
        ),
        Example::new(
            "one says that the entry is wrong, and not in what",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b","data":[{"element":"email"}],
               "confirmations":[{"end":"source","person":"p","answer":"differs","at":"2025-12-01T00:00:00Z"},
               {"end":"target","person":"q","answer":"agrees","at":"2025-12-01T00:00:00Z"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "both agree",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b","data":[{"element":"email"}],
               "confirmations":[{"end":"source","person":"p","answer":"agrees","at":"2025-12-01T00:00:00Z"},
               {"end":"target","person":"q","answer":"agrees","at":"2025-12-01T00:00:00Z"}]}]"#,
        ),
        Example::new(
            "one end does not know",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b","data":[{"element":"email"}],
               "confirmations":[{"end":"source","person":"p","answer":"unsure","at":"2025-12-01T00:00:00Z"},
               {"end":"target","person":"q","answer":"differs","at":"2025-12-01T00:00:00Z",
               "fields":[{"element":"pan","form":"clear"}]}]}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let both = side_by_side(edge.flow);
    if !(edge.active && both.disagree()) {
        return;
    }
    let says = |end| both.says(end).map(words);
    let (source, target) = (says(End::Source), says(End::Target));
    let named = [End::Source, End::Target].into_iter().filter_map(|end| both.says(end)).flatten();
    let account_data = edge.flow.fields.iter().any(Holding::is_account_data)
        || named.into_iter().any(|(element, form)| Holding::new(element.clone(), *form, &[]).is_account_data());
    let sentence = match (&source, &target) {
        (Some(source), Some(target)) => format!(
            "{}: the sender says that it carries {source}, the receiver says {target}.",
            survey.flow_title(edge)
        ),
        _ => format!(
            "{}: one end says that what is entered is right, the other that it is wrong.",
            survey.flow_title(edge)
        ),
    };
    let hit = Hit::on(edge.subject(), sentence).shows("source_says", source.as_deref());
    let hit = hit.shows("target_says", target.as_deref());
    hits.add(if account_data { hit.severity(Severity::High) } else { hit });
}

fn words(carried: &BTreeSet<Carried>) -> String {
    if carried.is_empty() {
        return "nothing".to_owned();
    }
    carried.iter().map(|(element, form)| format!("{element} {form}")).collect::<Vec<_>>().join(", ")
}
