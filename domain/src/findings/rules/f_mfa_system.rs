//! PCI DSS 8.5.1: the system for the second factor resists replay, has two kinds of factors, and is bypassed only
//! by approved exception.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::kinds::ControlType;
use crate::model::object::ObjectRef;
use crate::model::segment::Control;

/// Second factor can be replayed or bypassed.
pub const RULE: Rule = Rule {
    id: "F-MFA-SYSTEM",
    aliases: &[],
    version: 1,
    title: "Second factor can be replayed or bypassed",
    sentence: "A second factor that can be left out is none.",
    condition: "A control for the second factor is said not to resist replay, has fewer than two \
                kinds of factors, or an exception from it has no approval or has ended.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("8.5.1")],
    service_providers_only: false,
    reads: &["control.type", "control.mfa_replay_protection", "control.mfa_factor_types", "control.mfa_bypass"],
    shows: &["mfa_replay_protection", "mfa_factor_types", "mfa_bypass"],
    false_positives: "A password that is asked for elsewhere may be the second kind.",
    question: "Which document of the vendor, and which setting, show replay protection and \
                independent factors?",
    fixes: &[FixOption::fill(
        "Protect against replay, use two kinds of factors, and approve or end exceptions",
        3,
        &["control.mfa_replay_protection", "control.mfa_factor_types", "control.mfa_bypass"],
    )],
    fires: &[
        Example::new(
            "it does not resist replay",
            r#""controls":[{"id":"mfa","type":"mfa","mfa_replay_protection":false}]"#,
        ),
        Example::new(
            "one kind of factor only",
            r#""controls":[{"id":"mfa","type":"mfa","mfa_replay_protection":true,
               "mfa_factor_types":["know"]}]"#,
        ),
        Example::new(
            "an exception is not approved",
            r#""controls":[{"id":"mfa","type":"mfa","mfa_bypass":[{"who":"night shift",
               "reason":"lost phones"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "two factors resist replay",
            r#""controls":[{"id":"mfa","type":"mfa","mfa_replay_protection":true,
               "mfa_factor_types":["know","have"]}]"#,
        ),
        Example::new(
            "it is another control",
            r#""controls":[{"id":"fw","type":"firewall","mfa_replay_protection":false}]"#,
        ),
    ],
    checks: &[Check::Control(check)],
};

fn check(_: &Survey<'_>, control: &Control, hits: &mut Hits) {
    if control.kind != ControlType::Mfa {
        return;
    }
    let facts = &control.facts;
    let replay = said::yes(facts, "mfa_replay_protection");
    let factors = said::list(facts, "mfa_factor_types").len() as u64;
    let text = |it: &serde_json::Value, name: &str| it.get(name).and_then(|it| it.as_str()).map(str::to_owned);
    let loose = said::items(facts, "mfa_bypass").filter(|it| {
        let end = text(it, "until").as_deref().and_then(said::instant_of);
        text(it, "approved_by").is_none() || end.is_some_and(|end| hits.over(end.day()))
    });
    let loose = loose.count() as u64;
    let mut why: Vec<&str> = Vec::new();
    if replay == Some(false) {
        why.push("can be replayed");
    }
    if factors == 1 {
        why.push("has one kind of factor only");
    }
    if loose > 0 {
        why.push("has an exception without an approval in force");
    }
    if why.is_empty() {
        return;
    }
    let sentence = format!("The second factor {} {}.", control.name, why.join(" and "));
    let hit = Hit::on(ObjectRef::Control(control.id.clone()), sentence).shows("mfa_replay_protection", replay);
    hits.add(hit.shows("mfa_factor_types", factors).shows("mfa_bypass", loose));
}
