//! Health of the model: every vendor has a country and a contact.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::object::ObjectRef;
use crate::model::party::Vendor;

/// Vendor without a country or contact.
pub const RULE: Rule = Rule {
    id: "H6",
    aliases: &[],
    version: 1,
    title: "Vendor without a country or contact",
    sentence: "When something happens, somebody has to know whom to call, and which law applies.",
    condition: "A vendor has no country or no contact.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &["vendor.country", "vendor.contact"],
    shows: &["country", "contact"],
    false_positives: "None: every vendor has both.",
    question: "In which country is the vendor, and whom do we call?",
    fixes: &[FixOption::fill("Enter country and contact", 1, &["vendor.country", "vendor.contact"])],
    fires: &[Example::new("both are missing", r#""vendors":[{"id":"v"}]"#)],
    silent: &[Example::new(
        "both are there",
        r#""vendors":[{"id":"v","country":"DE","contact":"security@v.example"}]"#,
    )],
    checks: &[Check::Vendor(check)],
};

fn check(_: &Survey<'_>, vendor: &Vendor, hits: &mut Hits) {
    let (country, contact) = (said::anything(&vendor.facts, "country"), said::anything(&vendor.facts, "contact"));
    let what = match (country, contact) {
        (true, true) => return,
        (false, true) => "country",
        (true, false) => "contact",
        (false, false) => "country and no contact",
    };
    let sentence = format!("{} has no {what}.", vendor.name);
    let hit = Hit::on(ObjectRef::Vendor(vendor.id.clone()), sentence);
    hits.add(hit.shows("country", country).shows("contact", contact));
}
