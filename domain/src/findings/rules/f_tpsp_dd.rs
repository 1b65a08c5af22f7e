//! PCI DSS 12.8.3: providers are checked before they are engaged.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::object::ObjectRef;
use crate::model::party::Vendor;

/// No check of a service provider before it was engaged.
pub const RULE: Rule = Rule {
    id: "F-TPSP-DD",
    aliases: &[],
    version: 1,
    title: "No check of a service provider before it was engaged",
    sentence: "Who signs first and looks later looks at what can no longer be changed.",
    condition: "A vendor with account data or influence on its security has no check before its \
                engagement on record, or one after its start.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("12.8.3")],
    service_providers_only: false,
    reads: &["vendor.due_diligence_date", "vendor.start", "system.vendor", "system.category"],
    shows: &["due_diligence_date", "start"],
    false_positives: "A provider that was engaged before the process existed; record the check that \
                was made since.",
    question: "Which record shows the check before the engagement?",
    fixes: &[FixOption::fill("Check the provider, and record the day", 2, &["vendor.due_diligence_date"])],
    fires: &[
        Example::new(
            "no check is on record",
            r#""vendors":[{"id":"v"}],"systems":[{"id":"psp","boundary":"third_party","vendor":"v",
               "holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "it was checked after its start",
            r#""vendors":[{"id":"v","due_diligence_date":"2024-04-01","start":"2024-03-01"}],
               "systems":[{"id":"psp","boundary":"third_party","vendor":"v",
               "holdings":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it was checked before",
            r#""vendors":[{"id":"v","due_diligence_date":"2024-01-01","start":"2024-03-01"}],
               "systems":[{"id":"psp","boundary":"third_party","vendor":"v",
               "holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "the vendor has nothing to do with cards",
            r#""vendors":[{"id":"v"}],"systems":[{"id":"news","boundary":"third_party","vendor":"v"}]"#,
        ),
    ],
    checks: &[Check::Vendor(check)],
};

fn check(survey: &Survey<'_>, vendor: &Vendor, hits: &mut Hits) {
    let Some(role) = survey.vendor_role(vendor) else { return };
    let (checked, start) = (said::day(&vendor.facts, "due_diligence_date"), said::day(&vendor.facts, "start"));
    let why = match (checked, start) {
        (None, _) => "no check before its engagement is on record".to_owned(),
        (Some(checked), Some(start)) if checked > start => format!("was checked on {checked} only, after its start"),
        _ => return,
    };
    let sentence = format!("{} {role}, and {why}.", vendor.name);
    let hit = Hit::on(ObjectRef::Vendor(vendor.id.clone()), sentence).shows("due_diligence_date", checked);
    hits.add(hit.shows("start", start));
}
