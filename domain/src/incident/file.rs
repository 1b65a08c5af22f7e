//! Incidents and containment sheets as tables to take away.

use super::containment::Sheet;
use super::playbook::Playbook;
use super::record::Incident;
use crate::export::csv::table_of;
use crate::model::Model;
use crate::model::catalogue;
use crate::risk::record::Link;

/// Every incident in one line, by number.
#[must_use]
pub fn incidents_to_csv<'a>(incidents: impl Iterator<Item = &'a Incident>) -> String {
    let head = [
        "key",
        "title",
        "drill",
        "level",
        "phase",
        "began_at",
        "detected_at",
        "closed_at",
        "start",
        "data",
        "jurisdictions",
        "lead",
        "root_cause",
        "links",
        "risks",
        "actions",
        "told",
        "timeline",
    ];
    let list = |items: Vec<String>| items.join("; ");
    let rows = incidents.map(|it| {
        let optional = |at: Option<crate::time::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        [
            it.key.to_string(),
            it.title.clone(),
            if it.drill { "yes" } else { "no" }.to_owned(),
            it.level.map(|level| level.to_string()).unwrap_or_default(),
            it.phase.to_string(),
            optional(it.began_at),
            it.detected_at.to_string(),
            optional(it.closed_at),
            it.start.as_ref().map(ToString::to_string).unwrap_or_default(),
            list(it.data.iter().map(ToString::to_string).collect()),
            list(it.jurisdictions.iter().cloned().collect()),
            it.lead.as_ref().map(ToString::to_string).unwrap_or_default(),
            it.root_cause.clone(),
            list(it.links.iter().map(Link::text).collect()),
            list(it.risks.iter().map(ToString::to_string).collect()),
            list(it.actions.iter().map(|action| format!("{} ({})", action.what, action.state)).collect()),
            list(it.told.iter().map(|told| format!("{} {}", told.at, told.whom)).collect()),
            list(it.timeline.iter().map(|entry| format!("{} {}", entry.at, entry.what)).collect()),
        ]
    });
    table_of(std::iter::once(head.map(str::to_owned)).chain(rows))
}

/// The columns of a containment sheet, as long as nothing is assumed to be hostile.
#[must_use]
pub fn empty_sheet() -> String {
    table_of(std::iter::once(SHEET.map(str::to_owned)))
}

/// The columns of a containment sheet.
const SHEET: [&str; 4] = ["do", "key", "what", "more"];

/// A containment sheet: one thing to do in each line, in the order in which it is done.
#[must_use]
pub fn sheet_to_csv(sheet: &Sheet, model: &Model, playbooks: &[&Playbook]) -> String {
    let system = |id: &crate::id::SystemId| model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let mut rows: Vec<[String; 4]> = vec![SHEET.map(str::to_owned)];
    let mut put = |what: &str, key: String, name: String, more: String| rows.push([what.to_owned(), key, name, more]);
    for cut in &sheet.cut {
        let ends = format!("{} to {}", system(&cut.from), system(&cut.to));
        put("cut", cut.flow.to_string(), ends, format!("{}, {} hops", cut.stops.label(), cut.hops));
    }
    for rotate in &sheet.rotate {
        let name = model.credentials.get(&rotate.credential).map(|it| it.name.clone()).unwrap_or_default();
        let holders: Vec<String> = rotate.held_by.iter().map(system).collect();
        put("rotate", rotate.credential.to_string(), name, holders.join("; "));
    }
    for key in &sheet.keys {
        let name = model.keys.get(key).map(|it| it.name.clone()).unwrap_or_default();
        put("rotate key", key.to_string(), name, String::new());
    }
    for call in &sheet.call {
        put("call", call.vendor.to_string(), call.name.clone(), call.contact.clone().unwrap_or_default());
    }
    for (action, on) in &sheet.stop {
        put("stop", on.to_string(), action.label().to_owned(), system(on));
    }
    for (element, (form, records)) in &sheet.elements {
        let name = catalogue::element(element.as_str()).map_or_else(|| element.to_string(), |it| it.name.clone());
        let records = records.map_or_else(|| "not stated".to_owned(), |it| it.to_string());
        put("seen", element.to_string(), format!("{name}, {}", form.label()), records);
    }
    for jurisdiction in &sheet.jurisdictions {
        put("jurisdiction", jurisdiction.clone(), String::new(), String::new());
    }
    for deadline in &sheet.deadlines {
        let place = if deadline.jurisdiction.is_empty() { "everywhere" } else { &deadline.jurisdiction };
        put("tell", deadline.duty.to_string(), deadline.whom.clone(), format!("{}, {place}", deadline.due));
    }
    for playbook in playbooks.iter().filter(|it| sheet.playbooks.contains(&it.number)) {
        for (number, step) in (1..).zip(&playbook.steps) {
            put("step", format!("{}.{number}", playbook.number), step.what.clone(), playbook.title.clone());
        }
    }
    table_of(rows.into_iter())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::blast::radius;
    use crate::findings::tests::model;
    use crate::incident::containment::contain;
    use crate::incident::duty::usual_duties;
    use crate::incident::playbook::{PlannedStep, Trigger};
    use crate::incident::record::IncidentKey;
    use crate::scope::compute;
    use crate::time::Timestamp;

    #[test]
    fn a_sheet_says_what_to_do_line_by_line_and_no_formula_gets_out() {
        let model = model(
            r#""vendors":[{"id":"psp","name":"=PSP","incident_contact":"soc@psp.example"}],
            "systems":[{"id":"shop"},{"id":"acquirer","boundary":"third_party","vendor":"psp"}],
            "flows":[{"id":"b","from":"shop","to":"acquirer","data":[{"element":"pan"}]}]"#,
        );
        let blast = radius(&model, &compute(&model), &"system:shop".parse().unwrap()).unwrap();
        let mut incident = Incident::new(IncidentKey(1), "x".to_owned(), Timestamp(0));
        let step = PlannedStep { what: "Take it off the net".to_owned(), who: None, minutes: None };
        let playbook = Playbook {
            number: 1,
            title: "Hostile system".to_owned(),
            applies_to: [Trigger::System].into(),
            steps: vec![step],
            contacts: Vec::new(),
        };
        let playbooks = [playbook];
        let sheet = contain(&model, &blast, &incident, &usual_duties(), &playbooks, Timestamp(0));
        let text = sheet_to_csv(&sheet, &model, &playbooks.iter().collect::<Vec<_>>());
        for part in ["\"cut\",\"b\"", "\"'=PSP\"", "soc@psp.example", "\"tell\",\"1\"", "Take it off the net"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        incident.title = "=1+1".to_owned();
        assert!(incidents_to_csv([&incident].into_iter()).contains("\"'=1+1\""));
    }
}
