//! PCI DSS 12.8.1: all third parties that get account data or can affect its security are listed with their
//! services.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};
use crate::model::object::ObjectRef;

/// Service provider not listed.
pub const RULE: Rule = Rule {
    id: "F-TPSP-LIST",
    aliases: &["PF-38"],
    version: 1,
    title: "Service provider not listed",
    sentence: "Who is on no list is asked by nobody how well it protects the cards.",
    condition: "A third party gets account data, can affect its security or has access, or \
                operates a system of ours in scope, and has no vendor record, is not on the \
                list, or no service is described.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("12.8.1")],
    service_providers_only: false,
    reads: &[
        "system.boundary",
        "system.vendor",
        "system.operated_by",
        "system.category",
        "vendor.on_tpsp_list",
        "vendor.services",
    ],
    shows: &["vendor", "on_tpsp_list", "services", "sub"],
    false_positives: "A provider of a provider is listed by that provider.",
    question: "Which list has the provider, with which services?",
    fixes: &[FixOption::fill("Enter the provider with its services", 1, &["system.vendor"])],
    fires: &[
        Example::new(
            "a third party with card data has no vendor",
            r#""systems":[{"id":"psp","boundary":"third_party","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "the vendor is said not to be on the list",
            r#""vendors":[{"id":"v","services":["gateway"],"on_tpsp_list":false}],"systems":[{"id":"psp",
               "boundary":"third_party","vendor":"v","holdings":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the vendor is listed",
            r#""vendors":[{"id":"v","services":["gateway"]}],"systems":[{"id":"psp",
               "boundary":"third_party","vendor":"v","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new("it has nothing to do with cards", r#""systems":[{"id":"news","boundary":"third_party"}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let (Some(role), true) = (survey.third_party_role(node), node.active) else { return };
    let id = if node.is_own() { &node.system.operated_by } else { &node.system.vendor };
    let vendor = id.as_ref().and_then(|id| survey.model.vendors.get(id));
    let listed = vendor.and_then(|it| said::yes(&it.facts, "on_tpsp_list"));
    let services = vendor.is_some_and(|it| said::anything(&it.facts, "services"));
    let why = match (vendor, listed) {
        (None, _) => "no vendor record says who that is",
        (Some(_), Some(false)) => "its vendor is not on the list of providers",
        (Some(_), _) if !services => "nobody said which services its vendor provides",
        _ => return,
    };
    let sentence = format!("{} {role}, and {why}.", node.name());
    let hit = Hit::on(node.subject(), sentence).shows("vendor", vendor.map(|it| ObjectRef::Vendor(it.id.clone())));
    hits.add(hit.shows("on_tpsp_list", listed).shows("services", services).shows("sub", role));
}
