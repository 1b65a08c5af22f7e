//! What people said of requirements: where each stands, who does what, compensating controls, targeted risk analyses.
//! Names and free texts go through the veil.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::content::slug;
use super::derived::Derived;
use super::name;
use super::redaction::Veil;
use super::source::{Requirements, Source};
use super::statement::plain;
use super::table::{Table, fact, joined, or_empty};
use crate::evidence::requirement_list::word;
use crate::id::VendorId;
use crate::library::catalogue::{Entry, entries, entry};
use crate::library::position::Worksheet;
use crate::library::reference::{Framework, Standard};
use crate::library::responsibility::VendorMatrix;
use crate::library::{Position, RequirementKey, Status};
use crate::model::party::Vendor;
use crate::schedule::analysis::Analysis;

/// The requirement that asks for a matrix of responsibilities.
const MATRIX: &str = "12.8.5";

/// The files, each with its name.
pub(super) fn all(source: &Source, derived: &Derived, veil: &Veil) -> Vec<(String, String)> {
    let said = &source.requirements;
    let mut files = vec![
        (name::REQUIREMENTS.to_owned(), positions(said, veil).csv()),
        (name::RESPONSIBILITIES.to_owned(), responsibilities(said, derived, veil).csv()),
    ];
    for (position, sheet) in said.positions.iter().filter_map(|it| Some((it, it.worksheet.as_ref()?))) {
        let file = format!("compensating_controls/{}.md", slug(&position.requirement.to_string()));
        files.push((file, worksheet(position, sheet, veil)));
    }
    files.extend(said.analyses.iter().map(|it| (format!("18_tra/{}.md", it.key), analysis(it, veil))));
    files
}

/// A requirement as assessors write it: a number alone is one of PCI DSS.
fn id(key: &RequirementKey) -> String {
    match key.framework() {
        Framework::Standard(Standard::Pci) => key.id().to_owned(),
        _ => key.to_string(),
    }
}

/// Every requirement of PCI DSS, and of other frameworks those of which somebody said where they stand.
fn positions(said: &Requirements, veil: &Veil) -> Table {
    let by_key: BTreeMap<&RequirementKey, &Position> = said.positions.iter().map(|it| (&it.requirement, it)).collect();
    let own = said.frameworks.iter().flat_map(|it| it.entries()).map(|it| (it.key.clone(), it));
    let own: BTreeMap<RequirementKey, Entry> = own.collect();
    let pci = entries(Standard::Pci).into_iter().map(|it| it.key);
    let keys: BTreeSet<RequirementKey> = pci.chain(by_key.keys().map(|it| (*it).clone())).collect();
    let rows = keys.iter().map(|key| {
        let title = match entry(key) {
            Some(it) => it.title,
            None => own.get(key).map(|it| veil.text(&it.title)).unwrap_or_default(),
        };
        let position = by_key.get(key);
        let part = |get: &dyn Fn(&Position) -> String| position.map(|it| get(it)).unwrap_or_default();
        let who = |it: Option<&(crate::id::PersonId, crate::time::Day)>| match it {
            Some((by, on)) => [veil.person(by.as_str()), on.to_string()],
            None => [String::new(), String::new()],
        };
        let [decided_by, decided_on] = who(position.and_then(|it| it.decided.as_ref()));
        let [approved_by, approved_on] = who(position.and_then(|it| it.approved.as_ref()));
        let compensated = |it: &Position| if it.status == Status::InPlaceCompensated { "yes" } else { "no" };
        vec![
            id(key),
            title,
            part(&|it| it.status.to_string()),
            part(&|it| it.approach.to_string()),
            decided_by,
            decided_on,
            part(&|it| veil.text(&it.reason)),
            part(&|it| joined(&it.evidence)),
            part(&|it| compensated(it).to_owned()),
            approved_by,
            approved_on,
            part(&|it| or_empty(it.approved_until())),
        ]
    });
    Table::new(
        &[
            "requirement",
            "title",
            "status",
            "approach",
            "decided_by",
            "decided_on",
            "reason",
            "evidence_ref",
            "compensating_control",
            "approved_by",
            "approved_on",
            "review_due",
        ],
        rows,
    )
}

/// Who does what, by vendor and requirement. Where nobody has said it of a vendor, what the model knows of its matrix.
fn responsibilities(said: &Requirements, derived: &Derived, veil: &Veil) -> Table {
    let matrices: BTreeMap<&VendorId, &VendorMatrix> = said.matrices.iter().map(|it| (&it.vendor, it)).collect();
    let rows = derived.model.vendors.values().flat_map(|vendor| {
        let matrix = matrices.get(&vendor.id);
        let mut rows: Vec<Vec<String>> = Vec::new();
        if matrix.is_none_or(|it| !it.rows.iter().any(|it| id(&it.requirement) == MATRIX)) {
            rows.push(of_model(vendor, derived));
        }
        for duty in matrix.iter().flat_map(|it| &it.rows) {
            rows.push(vec![
                vendor.id.to_string(),
                id(&duty.requirement),
                word(duty.party).to_owned(),
                veil.text(&duty.note),
                or_empty(matrix.and_then(|it| it.as_of)),
                fact(&vendor.facts, "matrix"),
            ]);
        }
        rows
    });
    Table::new(&["vendor", "requirement", "party", "note", "as_of", "evidence_ref"], rows)
}

/// Where it is written down who does what, as the model has it.
fn of_model(vendor: &Vendor, derived: &Derived) -> Vec<String> {
    let operates = derived.model.systems.values().any(|one| one.operated_by.as_ref() == Some(&vendor.id));
    vec![
        vendor.id.to_string(),
        MATRIX.to_owned(),
        if operates { "shared" } else { "tpsp" }.to_owned(),
        String::new(),
        fact(&vendor.facts, "matrix_as_of"),
        fact(&vendor.facts, "matrix"),
    ]
}

/// Lines of a text, each a paragraph of Markdown.
fn said(veil: &Veil, text: &str) -> String {
    let lines: Vec<String> = veil.text(text).lines().map(plain).collect();
    if lines.iter().all(|it| it.trim().is_empty()) { "Not said.".to_owned() } else { lines.join("  \n") }
}

/// The worksheet of a compensating control.
fn worksheet(position: &Position, sheet: &Worksheet, veil: &Veil) -> String {
    let mut text = format!("# Compensating control for requirement {}\n\n", plain(&id(&position.requirement)));
    for (name, label) in Worksheet::PARTS {
        let _ = write!(text, "## {label}\n\n{}\n\n", said(veil, sheet.part(name)));
    }
    let _ = write!(text, "## Decision\n\n");
    if let Some((by, on)) = &position.decided {
        let _ = writeln!(text, "Written by {} on {on}.  ", plain(&veil.person(by.as_str())));
    }
    match &position.approved {
        Some((by, on)) => {
            let until = or_empty(position.approved_until());
            let _ = writeln!(text, "Approved by {} on {on}; next review by {until}.", plain(&veil.person(by.as_str())));
        }
        None => text.push_str("Nobody has approved it.\n"),
    }
    text
}

/// A targeted risk analysis, with every field that requirement 12.3.1 names.
fn analysis(it: &Analysis, veil: &Veil) -> String {
    let mut text = format!("# Targeted risk analysis {}\n\n", it.key);
    let approach = if it.customised { "Customised approach (12.3.2)" } else { "Defined approach (12.3.1)" };
    let _ = write!(text, "Requirement: {}  \nApproach: {approach}  \n", plain(&it.requirement));
    let _ = writeln!(text, "Author: {}  ", plain(&veil.person(it.author.as_str())));
    match &it.approved {
        Some((by, on)) => {
            let _ = write!(text, "Approved: {on} by {}  \n\n", plain(&veil.person(by.as_str())));
        }
        None => text.push_str("Approved: nobody yet  \n\n"),
    }
    let mut part = |heading: &str, content: String| {
        let _ = write!(text, "## {heading}\n\n{content}\n\n");
    };
    let objects: Vec<String> = it.protects.iter().map(|it| plain(&veil.object(it))).collect();
    let mut assets = said(veil, &it.assets);
    if !objects.is_empty() {
        let _ = write!(assets, "\n\nIn the model: {}", objects.join(", "));
    }
    part("Assets protected", assets);
    part("Threats that the requirement keeps off", said(veil, &it.threats));
    part("Factors of likelihood and impact", said(veil, &it.factors));
    part("How often", it.frequency.map_or_else(|| "A process in place of a frequency.".to_owned(), |it| it.words()));
    if !it.process.trim().is_empty() {
        part("Process", said(veil, &it.process));
    }
    part("Why that keeps likelihood and impact low", said(veil, &it.justification));
    part("What leads to a new analysis", said(veil, &it.change_triggers));
    let mut reviews: Vec<_> = it.reviews.iter().collect();
    reviews.sort_by_key(|run| (run.due, run.done_at));
    let rows: Vec<String> = reviews
        .into_iter()
        .map(|run| {
            let (by, result) = (plain(&veil.person(run.by.as_str())), said(veil, &run.reference));
            let late = run.late.as_ref().map(|it| format!(" Late: {}", said(veil, &it.cause))).unwrap_or_default();
            format!("- Due {}, done {} by {by}: {result}{late}", run.due, run.done_at)
        })
        .collect();
    part("Yearly reviews", if rows.is_empty() { "None yet.".to_owned() } else { rows.join("\n") });
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::super::Profile;
    use super::super::tests::{pack, source};
    use super::*;

    #[test]
    fn what_people_said_of_requirements_is_in_the_pack() {
        let files = pack(&source(Profile::Full));
        let text = |name: &str| files.get(name).and_then(|it| it.text()).unwrap_or_default().to_owned();
        let all = text(name::REQUIREMENTS);
        assert_eq!(all.lines().count(), 249, "every requirement of PCI DSS and the one of our own");
        let row = all.lines().find(|it| it.starts_with("\"3.5.1\"")).unwrap_or_default().to_owned();
        for part in ["in_place_ccw", "\"lead\"", "EV-0001", "\"yes\",\"head\"", "Old terminals stay until spring"] {
            assert!(row.contains(part), "{part}: {row}");
        }
        assert!(all.contains("\"house-rules:A-1\",\"No mail with cards\",\"not_tested\""), "{all}");
        let sheet = text("compensating_controls/pci-3-5-1.md");
        for part in ["# Compensating control for requirement 3.5.1", "The terminals cannot encrypt", "next review by"] {
            assert!(sheet.contains(part), "{part}: {sheet}");
        }
        let analysis = text("18_tra/TRA-1.md");
        for part in
            ["Requirement: 7.2.5.1", "Service accounts", "every 6 months", "Half a year bounds it", "Approved: 20"]
        {
            assert!(analysis.contains(part), "{part}: {analysis}");
        }
    }

    #[test]
    fn the_matrix_of_responsibilities_says_what_people_said_and_else_what_the_model_knows() {
        let files = pack(&source(Profile::Full));
        let all = files.get(name::RESPONSIBILITIES).and_then(|it| it.text()).unwrap_or_default().to_owned();
        let vendors = super::super::tests::model().vendors.len();
        assert_eq!(all.lines().count(), 1 + vendors + 1, "{all}");
        assert!(all.contains("\"3.5.1\",\"shared\",\"They encrypt, we keep no copy\""), "{all}");
    }
}
