//! PCI DSS 3.6.1 with 3.6.1.2 to 3.6.1.4: keys are stored in a protected form, in few places and by few people.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::credential::Key;
use crate::model::object::ObjectRef;

/// Key weakly protected.
pub const RULE: Rule = Rule {
    id: "F-KEY-PROTECT",
    aliases: &["PF-05"],
    version: 1,
    title: "Key weakly protected",
    sentence: "A lock is worth nothing when its key hangs beside it.",
    condition: "A key is stored in clear, or with the data it protects, the key that encrypts it \
                is weaker than itself, or more systems or custodians have it than the settings \
                allow.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.6.1"), Pci("3.6.1.2"), Pci("3.6.1.3"), Pci("3.6.1.4")],
    service_providers_only: false,
    reads: &[
        "key.storage_form",
        "key.stored_with_data",
        "key.strength_bits",
        "key.kek_strength_bits",
        "key.holders",
        "key.custodians",
        "settings.custodian_max",
        "settings.holder_max",
    ],
    shows: &["storage_form", "stored_with_data", "strength_bits", "kek_strength_bits", "holders", "custodians"],
    false_positives: "A key of low value may need less; say what it protects.",
    question: "Are the procedures followed, and what do the records of the key store show?",
    fixes: &[FixOption::fill(
        "Keep the key in a hardware module, wrapped by a stronger key, or in shares",
        5,
        &["key.storage_form", "key.stored_with_data"],
    )],
    fires: &[
        Example::new(
            "the key is stored in clear",
            r#""systems":[{"id":"a"}],"keys":[{"id":"k","holders":["a"],"storage_form":"clear"}]"#,
        ),
        Example::new(
            "the key lies beside the data",
            r#""systems":[{"id":"a"}],"keys":[{"id":"k","holders":["a"],"storage_form":"hsm",
               "stored_with_data":true}]"#,
        ),
        Example::new(
            "six systems hold it",
            r#""systems":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"},{"id":"e"},{"id":"f"}],
               "keys":[{"id":"k","storage_form":"hsm","holders":["a","b","c","d","e","f"]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it is in a hardware module",
            r#""systems":[{"id":"a"}],"keys":[{"id":"k","holders":["a"],"storage_form":"hsm"}]"#,
        ),
        Example::new(
            "it is wrapped by a key as strong",
            r#""systems":[{"id":"a"}],"keys":[{"id":"k","holders":["a"],"storage_form":"kek_wrapped",
               "strength_bits":128,"kek_strength_bits":128}]"#,
        ),
    ],
    checks: &[Check::Key(check)],
};

fn check(survey: &Survey<'_>, key: &Key, hits: &mut Hits) {
    let facts = &key.facts;
    let form = said::text(facts, "storage_form");
    let (own, kek) = (said::number(facts, "strength_bits"), said::number(facts, "kek_strength_bits"));
    let custodians = said::list(facts, "custodians").len() as u64;
    let beside = said::yes(facts, "stored_with_data") == Some(true);
    let holders = key.holders.len() as u64;
    let mut why: Vec<String> = Vec::new();
    if form == Some("clear") {
        why.push("is stored in clear".to_owned());
    }
    if beside {
        why.push("is stored with the data that it protects".to_owned());
    }
    if let (Some(own), Some(kek)) = (own, kek)
        && kek < own
    {
        why.push(format!("has {own} bits but is encrypted by a key of {kek}"));
    }
    if holders > survey.settings.holder_max {
        why.push(format!("is held by {holders} systems"));
    }
    if custodians > survey.settings.custodian_max {
        why.push(format!("has {custodians} custodians"));
    }
    let subject = ObjectRef::Key(key.id.clone());
    if why.is_empty() {
        if form.is_none() && !key.holders.is_empty() && !key.p2pe_listed {
            let question = format!("In which form is the key {} stored?", key.name);
            hits.add(Hit::ask(subject, question).shows("storage_form", form));
        }
        return;
    }
    let sentence = format!("The key {} {}.", key.name, why.join(", and "));
    let hit = Hit::on(subject, sentence).shows("storage_form", form).shows("stored_with_data", beside);
    let hit = hit.shows("strength_bits", own).shows("kek_strength_bits", kek);
    hits.add(hit.shows("holders", holders).shows("custodians", custodians));
}
