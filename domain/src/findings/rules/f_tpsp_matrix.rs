//! PCI DSS 12.8.5: for each requirement it is written down whether the provider, we or both do it.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::object::ObjectRef;
use crate::model::party::Vendor;

/// Nobody wrote down who does what.
pub const RULE: Rule = Rule {
    id: "F-TPSP-MATRIX",
    aliases: &[],
    version: 1,
    title: "Nobody wrote down who does what",
    sentence: "What both believe the other does, nobody does.",
    condition: "A vendor with account data or influence on its security has no responsibility \
                matrix on record.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("12.8.5")],
    service_providers_only: false,
    reads: &["vendor.matrix", "system.vendor", "system.category"],
    shows: &["matrix"],
    false_positives: "The matrix may be part of the agreement; enter its reference.",
    question: "Which matrix says, for each requirement, who does it?",
    fixes: &[FixOption::fill("Agree on a matrix, and enter its reference", 3, &["vendor.matrix"])],
    fires: &[Example::new(
        "there is none",
        r#""vendors":[{"id":"v"}],"systems":[{"id":"psp","boundary":"third_party","vendor":"v",
               "holdings":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new(
            "there is a matrix",
            r#""vendors":[{"id":"v","matrix":"RM-1"}],"systems":[{"id":"psp","boundary":"third_party",
               "vendor":"v","holdings":[{"element":"pan"}]}]"#,
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
    if !said::anything(&vendor.facts, "matrix") {
        let sentence = format!("{} {role}, and nobody wrote down who does what for each requirement.", vendor.name);
        hits.add(Hit::on(ObjectRef::Vendor(vendor.id.clone()), sentence).shows("matrix", false));
    }
}
