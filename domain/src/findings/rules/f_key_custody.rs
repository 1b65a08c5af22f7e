//! PCI DSS 3.7.6 to 3.7.9: people handle clear keys by two and in parts, acknowledge their duty, and customers are
//! told how to handle shared keys.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::credential::Key;
use crate::model::object::ObjectRef;

/// Handling of keys by people not under control.
pub const RULE: Rule = Rule {
    id: "F-KEY-CUSTODY",
    aliases: &[],
    version: 1,
    title: "Handling of keys by people not under control",
    sentence: "One person with a whole key can do everything the key allows, unseen.",
    condition: "A key is handled in clear without dual control, a custodian has not acknowledged \
                the duty, or a service provider shares the key with customers without guidance.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("3.7.6"), Pci("3.7.7"), Pci("3.7.8"), Pci("3.7.9")],
    service_providers_only: false,
    reads: &[
        "key.manual_cleartext",
        "key.dual_control",
        "key.split_knowledge",
        "key.custodians",
        "key.custodian_acknowledged",
        "key.shared_with_customers",
        "key.customer_guidance_ref",
        "settings.service_provider",
    ],
    shows: &["manual_cleartext", "dual_control", "custodian", "shared_with_customers", "customer_guidance_ref"],
    false_positives: "The forms may be signed and not entered.",
    question: "Who are the custodians, and which forms did they sign?",
    fixes: &[FixOption::fill(
        "Have two people handle it in parts, and let custodians sign",
        2,
        &["key.dual_control", "key.custodian_acknowledged", "key.customer_guidance_ref"],
    )],
    fires: &[
        Example::new("it is handled in clear by one person", r#""keys":[{"id":"k","manual_cleartext":true}]"#),
        Example::new(
            "a custodian has not signed",
            r#""people":[{"id":"p","name":"Security lead"}],"keys":[{"id":"k","custodians":["p"]}]"#,
        ),
        Example::new(
            "customers share it without guidance",
            r#""settings":{"service_provider":true},"keys":[{"id":"k","shared_with_customers":true}]"#,
        ),
    ],
    silent: &[
        Example::new("two people handle it", r#""keys":[{"id":"k","manual_cleartext":true,"dual_control":true}]"#),
        Example::new(
            "every custodian has signed",
            r#""people":[{"id":"p","name":"Security lead"}],"keys":[{"id":"k","custodians":["p"],
               "custodian_acknowledged":{"p":"2025-10-01"}}]"#,
        ),
    ],
    checks: &[Check::Key(check)],
};

fn check(survey: &Survey<'_>, key: &Key, hits: &mut Hits) {
    let facts = &key.facts;
    let hit = |aspect: &str, why: &str| {
        let sentence = format!("The key {} {why}.", key.name);
        Hit::on(ObjectRef::Key(key.id.clone()), sentence).about_aspect(aspect)
    };
    let dual = said::yes(facts, "dual_control");
    if said::yes(facts, "manual_cleartext") == Some(true) && dual != Some(true) {
        let found = hit("dual_control", "is handled in clear by people, and nobody said that it takes two of them");
        hits.add(found.shows("manual_cleartext", true).shows("dual_control", dual));
    }
    let signed = |person: &&&str| said::part(facts, "custodian_acknowledged", person).is_some();
    let custodians = said::list(facts, "custodians");
    if let Some(person) = custodians.iter().find(|person| !signed(person)) {
        let found = hit("custodian", "has a custodian who has not acknowledged the duty");
        hits.add(found.shows("custodian", ObjectRef::Person((*person).into())));
    }
    let shared = survey.settings.service_provider && said::yes(facts, "shared_with_customers") == Some(true);
    if shared && !said::anything(facts, "customer_guidance_ref") {
        let found = hit("customers", "is shared with customers who were not told how to handle it");
        hits.add(found.shows("shared_with_customers", true).shows("customer_guidance_ref", false));
    }
}
