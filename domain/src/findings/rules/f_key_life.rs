//! PCI DSS 3.7.1 to 3.7.5: keys are strong, have a period, and are changed at its end or when they may be known.

use std::sync::Arc;

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::findings::{Finding, said};
use crate::model::credential::Key;
use crate::model::object::{Object, ObjectRef};

/// Life of a key not under control.
pub const RULE: Rule = Rule {
    id: "F-KEY-LIFE",
    aliases: &[],
    version: 1,
    title: "Life of a key not under control",
    sentence: "A key that is never changed is one day known to somebody.",
    condition: "A key in use has neither a period nor an end, is past it, or may be compromised.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.7.1"), Pci("3.7.2"), Pci("3.7.3"), Pci("3.7.4"), Pci("3.7.5"), Asvs("13.3.4")],
    service_providers_only: false,
    reads: &[
        "key.cryptoperiod_days",
        "key.generated_at",
        "key.last_rotated",
        "key.expires",
        "key.compromised",
        "key.in_use",
        "key.retired_at",
    ],
    shows: &["cryptoperiod_days", "last_rotated", "expires", "compromised", "in_use"],
    false_positives: "A key that is used once may need no period; say that it is not in use.",
    question: "Are the procedures followed, and what was changed when?",
    fixes: &[
        FixOption::fill(
            "Set the period of the key, and change it when it ends",
            3,
            &["key.cryptoperiod_days", "key.last_rotated"],
        ),
        FixOption::change("Take a compromised key out of use", 5, retire),
    ],
    fires: &[
        Example::new("nobody set a period", r#""systems":[{"id":"a"}],"keys":[{"id":"k","holders":["a"]}]"#),
        Example::new(
            "its end has passed",
            r#""systems":[{"id":"a"}],"keys":[{"id":"k","holders":["a"],"expires":"2025-06-30"}]"#,
        ),
        Example::new(
            "its period is over",
            r#""systems":[{"id":"a"}],"keys":[{"id":"k","holders":["a"],"cryptoperiod_days":365,
               "last_rotated":"2024-06-30"}]"#,
        ),
        Example::new(
            "it may be compromised",
            r#""systems":[{"id":"a"}],"keys":[{"id":"k","holders":["a"],"expires":"2026-06-30",
               "compromised":"suspected"}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it is within its period",
            r#""systems":[{"id":"a"}],"keys":[{"id":"k","holders":["a"],"cryptoperiod_days":365,
               "last_rotated":"2025-06-30"}]"#,
        ),
        Example::new(
            "it is retired",
            r#""systems":[{"id":"a"}],"keys":[{"id":"k","holders":["a"],"expires":"2025-06-30",
               "in_use":false}]"#,
        ),
    ],
    checks: &[Check::Key(check)],
};

fn check(_: &Survey<'_>, key: &Key, hits: &mut Hits) {
    let facts = &key.facts;
    let retired = said::day(facts, "retired_at").is_some_and(|day| hits.over_at(day.start()));
    if said::yes(facts, "in_use") == Some(false) || retired {
        return;
    }
    let period = said::number(facts, "cryptoperiod_days");
    let changed = said::day(facts, "last_rotated").or_else(|| said::day(facts, "generated_at"));
    let expires = said::day(facts, "expires");
    let compromised = said::text(facts, "compromised").filter(|it| *it != "no");
    let past_period = matches!((period, changed), (Some(days), Some(day)) if hits.overdue(day, days));
    let past_end = expires.is_some_and(|day| hits.over(day));
    let why = match compromised {
        Some("confirmed") => "is compromised and still in use".to_owned(),
        Some(_) => "may be compromised and is still in use".to_owned(),
        None if past_end => {
            format!("should not be used after {}", expires.map(|it| it.to_string()).unwrap_or_default())
        }
        None if past_period => format!("was to be changed after {} days and was not", period.unwrap_or_default()),
        None if period.is_none() && expires.is_none() => "has no period after which it is changed".to_owned(),
        None => return,
    };
    let sentence = format!("The key {} {why}.", key.name);
    let hit = Hit::on(ObjectRef::Key(key.id.clone()), sentence).shows("cryptoperiod_days", period);
    let hit = hit.shows("last_rotated", changed).shows("expires", expires).shows("compromised", compromised);
    hits.add(hit.shows("in_use", true));
}

fn retire(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::Key(id) = &finding.subject else { return Vec::new() };
    let Some(key) = survey.model.keys.get(id) else { return Vec::new() };
    if said::text(&key.facts, "compromised").is_none_or(|it| it == "no") {
        return Vec::new();
    }
    let mut key = Key::clone(key);
    fix::state(&mut key.facts, "in_use", false);
    vec![Step::Put(Box::new(Object::Key(Arc::new(key))))]
}
