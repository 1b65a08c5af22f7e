//! PCI DSS 12.8.2: written agreements with providers acknowledge their responsibility; an attestation, a web page
//! or a matrix is none.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::object::ObjectRef;
use crate::model::party::Vendor;

/// No written agreement with a service provider.
pub const RULE: Rule = Rule {
    id: "F-TPSP-AGREEMENT",
    aliases: &[],
    version: 1,
    title: "No written agreement with a service provider",
    sentence: "Without an agreement, nobody owes us the protection of our cards.",
    condition: "A vendor with account data or influence on its security has no agreement on \
                record, or has not acknowledged its responsibility in it.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("12.8.2")],
    service_providers_only: false,
    reads: &["vendor.agreement_ref", "vendor.acknowledgement", "system.vendor", "system.category"],
    shows: &["agreement_ref", "acknowledgement"],
    false_positives: "The acknowledgement may stand in general terms; enter them as the agreement.",
    question: "Which agreement, other than an attestation, a web page or a matrix, acknowledges \
                the responsibility?",
    fixes: &[FixOption::fill(
        "Agree in writing, with the acknowledgement",
        5,
        &["vendor.agreement_ref", "vendor.acknowledgement"],
    )],
    fires: &[
        Example::new(
            "there is no agreement",
            r#""vendors":[{"id":"v"}],"systems":[{"id":"psp","boundary":"third_party","vendor":"v",
               "holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "the responsibility is not acknowledged",
            r#""vendors":[{"id":"v","agreement_ref":"AG-1","acknowledgement":false}],
               "systems":[{"id":"psp","boundary":"third_party","vendor":"v",
               "holdings":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the agreement acknowledges it",
            r#""vendors":[{"id":"v","agreement_ref":"AG-1","acknowledgement":true}],"systems":[{"id":"psp",
               "boundary":"third_party","vendor":"v","holdings":[{"element":"pan"}]}]"#,
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
    let agreement = said::anything(&vendor.facts, "agreement_ref");
    let acknowledged = said::yes(&vendor.facts, "acknowledgement");
    let why = match (agreement, acknowledged) {
        (true, Some(true)) => return,
        (false, _) => "no written agreement is on record",
        (true, Some(false)) => "its agreement does not acknowledge its responsibility",
        (true, None) => "nobody said whether its agreement acknowledges its responsibility",
    };
    let sentence = format!("{} {role}, and {why}.", vendor.name);
    let hit = Hit::on(ObjectRef::Vendor(vendor.id.clone()), sentence).shows("agreement_ref", agreement);
    hits.add(hit.shows("acknowledgement", acknowledged));
}
