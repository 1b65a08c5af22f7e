//! PCI DSS 8.3.4, 8.3.6, 8.3.7, 8.3.9: accounts are locked after failed tries, passwords are long and mixed, not
//! reused, and changed where they are the only factor.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};

/// Password rules too weak.
pub const RULE: Rule = Rule {
    id: "F-PASSWORD",
    aliases: &[],
    version: 1,
    title: "Password rules too weak",
    sentence: "Weak passwords are guessed, and reused ones are bought.",
    condition: "The password policy of a system in scope locks after more than 10 tries, asks \
                for fewer than 12 characters or not for letters and digits, remembers fewer than \
                4, or lets a password be older than 90 days without dynamic analysis.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("8.3.4"), Pci("8.3.6"), Pci("8.3.7"), Pci("8.3.9")],
    service_providers_only: false,
    reads: &["system.password_policy", "system.category"],
    shows: &["password_policy", "lockout_attempts", "min_length", "alphanumeric", "history", "max_age_days"],
    false_positives: "A system that supports no more than 8 characters, or accounts with a second \
                factor that need no change.",
    question: "Which setting shows the policy?",
    fixes: &[FixOption::fill(
        "Set the policy: 10 tries, 12 characters, letters and digits, 4 remembered, 90 days",
        1,
        &["system.password_policy"],
    )],
    fires: &[Example::new(
        "eight characters are enough",
        r#""systems":[{"id":"vault","password_policy":{"lockout_attempts":10,"min_length":8,
               "alphanumeric":true,"history":4,"max_age_days":90},"holdings":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new(
            "the policy is strong",
            r#""systems":[{"id":"vault","password_policy":{"lockout_attempts":6,"min_length":14,
               "alphanumeric":true,"history":4,"dynamic_analysis":true},"holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "nobody stated a policy",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.in_scope() || !said::anything(&node.system.facts, "password_policy") {
        return;
    }
    let part = |name| said::part(&node.system.facts, "password_policy", name);
    let number = |name| part(name).and_then(|it| it.as_u64());
    let flag = |name| part(name).and_then(|it| it.as_bool());
    let (tries, length, history) = (number("lockout_attempts"), number("min_length"), number("history"));
    let (age, mixed) = (number("max_age_days"), flag("alphanumeric"));
    let mut why: Vec<String> = Vec::new();
    if let Some(tries) = tries.filter(|it| *it > 10 || *it == 0) {
        why.push(format!("locks an account after {tries} tries only"));
    }
    if let Some(length) = length.filter(|it| *it < 12) {
        why.push(format!("accepts {length} characters"));
    }
    if mixed == Some(false) {
        why.push("does not ask for letters and digits".to_owned());
    }
    if let Some(history) = history.filter(|it| *it < 4) {
        why.push(format!("remembers the last {history}"));
    }
    if let Some(age) = age.filter(|it| *it > 90 && flag("dynamic_analysis") != Some(true)) {
        why.push(format!("lets them be used for {age} days"));
    }
    if why.is_empty() {
        return;
    }
    let sentence = format!("The password policy of {} is weak: it {}.", node.name(), why.join(", "));
    let hit = Hit::on(node.subject(), sentence).shows("lockout_attempts", tries).shows("min_length", length);
    hits.add(hit.shows("alphanumeric", mixed).shows("history", history).shows("max_age_days", age));
}
