//! What changed between two versions of an incident, field by field: its history.

use super::draft::incident_to_form;
use super::record::Incident;
use crate::risk::change::{FieldChange, between, by_name};

/// Every field that differs, by name: what the form says, what stands in the timeline, who was told, the card case.
#[must_use]
pub fn changes(was: &Incident, is: &Incident) -> Vec<FieldChange> {
    between(fields(was), fields(is))
}

fn fields(incident: &Incident) -> std::collections::BTreeMap<String, Vec<String>> {
    let mut form = incident_to_form(incident);
    let mut put = |name: &str, value: String| form.push((name.to_owned(), value));
    for entry in &incident.timeline {
        put("timeline", format!("{}: {}", entry.at, entry.what));
    }
    for told in &incident.told {
        put("told", format!("{}: {}, duty {}", told.at, told.whom, told.duty));
    }
    if let Some(case) = &incident.card_case {
        put("card_found_on", case.system.to_string());
        let looked = case.sad_found.map(|found| if found { "found" } else { "not found" });
        put("authentication_data", looked.unwrap_or_default().to_owned());
        put("decision", case.decision.map_or("", |it| it.label()).to_owned());
        put("evidence", case.evidence.clone().unwrap_or_default());
        put("source", case.source.clone());
        put("fix", case.fix.clone());
    }
    by_name(form, &incident.actions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::record::{Entry, IncidentKey};
    use crate::time::Timestamp;

    #[test]
    fn what_was_noted_stands_in_the_history() {
        let was = Incident::new(IncidentKey(1), "x".to_owned(), Timestamp(0));
        let mut is = was.clone();
        let (at, noted_at) = (Timestamp(0), Timestamp(60));
        is.note(Entry { at, noted_at, by: "lead".into(), what: "seen".to_owned() });
        is.root_cause = "a shared key".to_owned();
        let changed = changes(&was, &is);
        let fields: Vec<&str> = changed.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(fields, ["root_cause", "timeline"]);
        assert_eq!(changed[1].is, ["1970-01-01T00:00:00Z: seen"]);
    }
}
