//! PCI DSS 3.6.1.1, for service providers: the cryptographic architecture is described, and keys are not shared by
//! production and test.

use std::collections::BTreeSet;

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::credential::Key;
use crate::model::object::ObjectRef;

/// Cryptographic architecture not described.
pub const RULE: Rule = Rule {
    id: "F-CRYPTO-ARCH",
    aliases: &[],
    version: 1,
    title: "Cryptographic architecture not described",
    sentence: "A provider that cannot say which keys it has cannot say what they open.",
    condition: "A key of a service provider lacks its algorithm, strength, end or purpose, or is \
                used in production and before production.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.6.1.1")],
    service_providers_only: true,
    reads: &[
        "settings.service_provider",
        "key.algorithm",
        "key.strength_bits",
        "key.expires",
        "key.purpose",
        "key.environments",
        "key.holders",
        "system.environment",
    ],
    shows: &["algorithm", "strength_bits", "expires", "purpose", "environments"],
    false_positives: "A description outside of the model may have all of it; enter it here.",
    question: "Which document describes the architecture, with every key and every module?",
    fixes: &[
        FixOption::fill("Describe the key", 1, &["key.algorithm", "key.strength_bits", "key.expires", "key.purpose"]),
        FixOption::fill("Use a key of its own before production", 3, &["key.environments"]),
    ],
    fires: &[
        Example::new(
            "the key has no algorithm",
            r#""settings":{"service_provider":true},"systems":[{"id":"a"}],"keys":[{"id":"k",
               "holders":["a"],"strength_bits":256,"expires":"2027-01-01","purpose":"cards"}]"#,
        ),
        Example::new(
            "production and test share the key",
            r#""settings":{"service_provider":true},"systems":[{"id":"a"},{"id":"b","environment":"test"}],
               "keys":[{"id":"k","holders":["a","b"],"algorithm":"AES-256-GCM","strength_bits":256,
               "expires":"2027-01-01","purpose":"cards"}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "everything is described",
            r#""settings":{"service_provider":true},"systems":[{"id":"a"}],"keys":[{"id":"k",
               "holders":["a"],"algorithm":"AES-256-GCM","strength_bits":256,"expires":"2027-01-01",
               "purpose":"cards"}]"#,
        ),
        Example::new("we are no service provider", r#""systems":[{"id":"a"}],"keys":[{"id":"k","holders":["a"]}]"#),
    ],
    checks: &[Check::Key(check)],
};

fn check(survey: &Survey<'_>, key: &Key, hits: &mut Hits) {
    let named = ["algorithm", "strength_bits", "expires", "purpose"];
    let missing = named.iter().any(|name| !said::anything(&key.facts, name));
    let stated = said::list(&key.facts, "environments");
    let holders = key.holders.iter().filter_map(|id| survey.node(id)).map(|it| it.system.environment.as_str());
    let environments: BTreeSet<&str> = if stated.is_empty() { holders.collect() } else { stated.into_iter().collect() };
    let production = environments.iter().any(|it| matches!(*it, "prod" | "dr"));
    let shared = production && environments.iter().any(|it| matches!(*it, "preprod" | "test" | "dev"));
    let why = match (missing, shared) {
        (false, false) => return,
        (true, false) => "has no algorithm, strength, end or purpose on record",
        (false, true) => "is used in production and before production",
        (true, true) => "is used in production and before production, and is not fully described",
    };
    let sentence = format!("The key {} {why}.", key.name);
    let hit = Hit::on(ObjectRef::Key(key.id.clone()), sentence);
    let hit = named.iter().fold(hit, |hit, name| hit.shows(name, said::anything(&key.facts, name)));
    let environments: Vec<&str> = environments.into_iter().collect();
    hits.add(hit.shows("environments", environments.join(", ").as_str()));
}
