//! PCI DSS 3.5.1: hashed and truncated forms of one card number, or two truncation formats, are kept from being
//! combined.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Kept, Node, Survey};
use crate::findings::{Finding, data, said};
use crate::id::ElementId;
use crate::model::element::{Form, HashAlgorithm, Holding};
use crate::model::object::ObjectRef;

/// Forms of one card number that can be combined.
pub const RULE: Rule = Rule {
    id: "F-CORRELATE",
    aliases: &["PF-04"],
    version: 1,
    title: "Forms of one card number that can be combined",
    sentence: "Two halves of a card number in one place are one card number.",
    condition: "A system holds truncated card numbers together with hashes of the same cards \
                that have no key or whose key it holds, or in two truncation formats, and no \
                control keeps them apart.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.5.1")],
    service_providers_only: false,
    reads: &[
        "holding.form",
        "holding.mask",
        "holding.alg",
        "holding.key",
        "holding.population",
        "holding.correlation_control",
        "flow.fields",
        "key.holders",
    ],
    shows: &["form", "mask", "alg", "key", "witness"],
    false_positives: "The forms may belong to different cards; name the sets of cardholders.",
    question: "Which control keeps the forms from being combined, and who tested it?",
    fixes: &[
        FixOption::fill(
            "Take one format from every source, or keep the forms apart by a control",
            4,
            &["holding.correlation_control"],
        ),
        FixOption::change("Do not take the second form", 3, drop),
    ],
    fires: &[
        Example::new(
            "two truncation formats arrive",
            r#""systems":[{"id":"a"},{"id":"b"},{"id":"bi"}],"flows":[{"id":"f","from":"a","to":"bi",
               "data":[{"element":"pan","form":"truncated","mask":"dddddd******dddd"}]},{"id":"g",
               "from":"b","to":"bi","data":[{"element":"pan","form":"truncated",
               "mask":"dddddddd****dddd"}]}]"#,
        ),
        Example::new(
            "a hash without a key lies beside truncated numbers",
            r#""systems":[{"id":"bi","holdings":[{"element":"pan","form":"truncated",
               "mask":"dddddd******dddd","ops":["store"]},{"element":"pan","form":"hashed","alg":"sha256",
               "ops":["store"]}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "one format only",
            r#""systems":[{"id":"a"},{"id":"b"},{"id":"bi"}],"flows":[{"id":"f","from":"a","to":"bi",
               "data":[{"element":"pan","form":"truncated","mask":"dddddd******dddd"}]},{"id":"g",
               "from":"b","to":"bi","data":[{"element":"pan","form":"truncated",
               "mask":"dddddd******dddd"}]}]"#,
        ),
        Example::new(
            "the key of the hash is elsewhere",
            r#""systems":[{"id":"hsm"},{"id":"bi","holdings":[{"element":"pan","form":"truncated",
               "mask":"dddddd******dddd","ops":["store"]},{"element":"pan","form":"hashed","alg":"hmac",
               "key":"k","ops":["store"]}]}],"keys":[{"id":"k","use":"hmac","holders":["hsm"]}]"#,
        ),
        Example::new(
            "the sets of cards differ",
            r#""systems":[{"id":"bi","holdings":[{"element":"pan","form":"truncated",
               "mask":"dddddd******dddd","population":"shop","ops":["store"]},{"element":"pan",
               "form":"truncated","mask":"dddddddd****dddd","population":"kiosk","ops":["store"]}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(node.is_own() && node.active) {
        return;
    }
    let declared = node.system.holdings.iter().map(|holding| Kept { holding, by: None });
    let arriving = survey.inbound(node).filter(|it| it.arrives());
    let arriving = arriving.flat_map(|it| it.flow.fields.iter().map(|holding| Kept { holding, by: Some(it.flow) }));
    // A hub receives the same few forms over and over.
    let mut forms: Vec<Kept<'_>> = Vec::new();
    for kept in declared.chain(arriving) {
        let meant = data::is_pan(kept.holding) && matches!(kept.holding.form, Form::Truncated | Form::Hashed);
        if meant && !forms.iter().any(|it| is_same(it.holding, kept.holding)) {
            forms.push(kept);
        }
    }
    let kept_apart = |it: &Kept<'_>| said::anything(&it.holding.facts, "correlation_control");
    for (place, one) in forms.iter().enumerate() {
        for other in &forms[place + 1..] {
            let Some(why) = combined(survey, node, one.holding, other.holding) else { continue };
            let cards = (one.holding.population.as_ref(), other.holding.population.as_ref());
            let others = matches!(cards, (Some(one), Some(other)) if one != other);
            if others || kept_apart(one) || kept_apart(other) {
                continue;
            }
            let sentence = format!("{} holds {why}.", node.name());
            let hit = [one, other].into_iter().fold(Hit::on(node.subject(), sentence), |hit, it| {
                let of = it.by.map_or_else(|| node.subject(), |flow| ObjectRef::Flow(flow.id.clone()));
                let hit = hit.shows_of(of.clone(), "form", it.holding.form.as_str());
                let hit = hit.shows_of(of.clone(), "mask", it.holding.mask.as_deref());
                hit.shows_of(of, "alg", it.holding.alg.map(HashAlgorithm::as_str))
            });
            hits.add(hit);
            return;
        }
    }
}

/// Whether two forms of the card number are the same as far as this rule reads them.
fn is_same(one: &Holding, other: &Holding) -> bool {
    let read = |it: &Holding| (it.form, it.alg, said::anything(&it.facts, "correlation_control"));
    read(one) == read(other) && one.mask == other.mask && one.key == other.key && one.population == other.population
}

/// Why the two forms together give more of the card number, where they do.
fn combined(survey: &Survey<'_>, node: &Node<'_>, one: &Holding, other: &Holding) -> Option<&'static str> {
    let (truncated, hashed) = match (one.form, other.form) {
        (Form::Truncated, Form::Truncated) => {
            let (Some(one), Some(other)) = (&one.mask, &other.mask) else { return None };
            return (one != other).then_some("the same cards in two truncation formats, which can be combined");
        }
        (Form::Truncated, Form::Hashed) => (one, other),
        (Form::Hashed, Form::Truncated) => (other, one),
        _ => return None,
    };
    debug_assert_ne!(truncated.form, hashed.form, "one of each");
    if !hashed.alg.is_some_and(HashAlgorithm::is_keyed) {
        return hashed.alg.is_some().then_some("truncated card numbers beside hashes of them that have no key");
    }
    let key = hashed.key.as_ref().and_then(|id| survey.model.keys.get(id))?;
    let holds = key.holders.contains(&node.system.id);
    holds.then_some("truncated card numbers, hashes of them, and the key of the hashes")
}

fn drop(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let element = ElementId::new("pan");
    let flow = finding.flows().last();
    flow.map(|flow| Step::Edit(Edit::DropField { flow, element })).into_iter().collect()
}
