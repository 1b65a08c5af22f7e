//! PCI DSS 3.5.1.1: a hash of a card number has a key, and the key is managed.

use crate::blast::edit::Edit;
use crate::findings::data;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::id::ElementId;
use crate::model::element::{Form, HashAlgorithm};
use crate::model::object::ObjectRef;

/// Hash of card numbers without a key.
pub const RULE: Rule = Rule {
    id: "F-HASH-KEYED",
    aliases: &["PF-03"],
    version: 1,
    title: "Hash of card numbers without a key",
    sentence: "All card numbers that exist can be hashed in an hour; a hash without a key hides \
                none of them.",
    condition: "A system of ours holds a hash of the card number by another algorithm than HMAC, \
                CMAC or GMAC, or with a key that is not on record.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.5.1.1")],
    service_providers_only: false,
    reads: &["holding.form", "holding.alg", "holding.key"],
    shows: &["alg", "key", "element"],
    false_positives: "A hash that a provider computed with a key that only the provider has; say the \
                algorithm.",
    question: "Which method is used, and where is its key managed?",
    fixes: &[
        FixOption::fill("Use a keyed hash, and enter its key", 5, &["holding.alg", "holding.key"]),
        FixOption::change("Do not keep the hash", 3, |_, finding| {
            let ObjectRef::System(system) = &finding.subject else { return Vec::new() };
            vec![Step::Edit(Edit::RemoveHolding { system: system.clone(), element: ElementId::new("pan_hash") })]
        }),
    ],
    fires: &[
        Example::new(
            "the hash is SHA-256",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"hashed","alg":"sha256",
               "ops":["store"]}]}]"#,
        ),
        Example::new(
            "the key is not on record",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"hashed","alg":"hmac",
               "ops":["store"]}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the hash has a key on record",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"hashed","alg":"hmac","key":"k",
               "ops":["store"]}]}],"keys":[{"id":"k","use":"hmac"}]"#,
        ),
        Example::new(
            "nothing is hashed",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"tokenised","ops":["store"]}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.is_own() || node.system.disposed {
        return;
    }
    for holding in node.system.holdings.iter().filter(|it| data::is_pan(it) && it.form == Form::Hashed && it.live) {
        let key = holding.key.as_ref().filter(|id| survey.model.keys.contains_key(*id));
        let keyed = holding.alg.is_some_and(HashAlgorithm::is_keyed);
        if keyed && key.is_some() {
            continue;
        }
        let lacks = if keyed { "with a key that is not on record" } else { "without a key" };
        let sentence = format!("{} holds hashes of card numbers {lacks}.", node.name());
        let hit = Hit::on(node.subject(), sentence).about_element(&holding.element);
        let hit = hit.shows("element", holding.element.as_str()).shows("alg", holding.alg.map(HashAlgorithm::as_str));
        hits.add(hit.shows("key", key.map(|id| ObjectRef::Key(id.clone()))));
        return;
    }
}
