#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::findings::tests::{found, model};
use crate::scope::compute;

const LINKS: [&str; 3] = ["system:db", "flow:f", "credential:c"];

const BASE: &str = r#""systems":[{"id":"shop"},{"id":"db","controls":["fim"],"detect_minutes":60,
        "holdings":[{"element":"pan","form":"clear","ops":["store"],"records":5000}]}],
    "flows":[{"id":"f","from":"shop","to":"db","encryption":"transport","auth":"mtls",
        "data":[{"element":"pan","form":"clear","records":5000},{"element":"email"}]}],
    "credentials":[{"id":"c","held_by":["shop"],"mfa":true,"location":"vault","ttl_minutes":60,
        "grants":[{"on":"db","priv":"read"}],"last_rotated":"2025-11-01"}]"#;

fn bound(members: &str) -> Bound {
    let model = model(members);
    let scope = compute(&model);
    let found = found(&model);
    let findings: BTreeMap<Identity, &Finding> = found.findings.iter().map(|it| (it.identity(), it)).collect();
    let mut links: BTreeSet<Link> = LINKS.iter().map(|it| Link::parse(it).unwrap()).collect();
    links.extend(findings.keys().filter(|it| it.rule == "F-PAN-READABLE").cloned().map(Link::Finding));
    // What the finding is bound to is decided once: later it may be gone.
    links.insert(Link::Finding(Identity {
        rule: "F-PAN-READABLE".to_owned(),
        subject: ObjectRef::System("db".into()),
        discriminator: String::new(),
    }));
    Bound::of(&links, Level::Moderate, &model, &scope, &findings)
}

fn after(from: &str, to: &str) -> Vec<Change> {
    assert!(BASE.contains(from), "{from}");
    bound(BASE).changes(&bound(&BASE.replace(from, to)))
}

#[test]
fn what_is_as_it_was_has_no_changes_and_the_same_hash() {
    let renamed = BASE.replace(r#"{"id":"db","#, r#"{"id":"db","name":"Another name","#);
    assert_eq!(bound(BASE).changes(&bound(&renamed)), []);
    assert_eq!(bound(BASE).hash(), bound(&renamed).hash());
}

#[test]
fn any_worsening_of_what_is_linked_is_one() {
    for (from, to) in [
        (r#""encryption":"transport""#, r#""encryption":"none""#),
        (r#""encryption":"transport""#, r#""encryption":"unknown""#),
        (r#""auth":"mtls""#, r#""auth":"none""#),
        (r#"{"element":"email"}"#, r#"{"element":"email"},{"element":"card_verification_code"}"#),
        (r#""ops":["store"],"records":5000"#, r#""ops":["store"],"records":50000"#),
        (r#""ops":["store"],"records":5000"#, r#""ops":["store"]"#),
        (r#""controls":["fim"]"#, r#""controls":[]"#),
        (r#""detect_minutes":60"#, r#""detect_minutes":61"#),
        (r#""detect_minutes":60,"#, ""),
        (r#""mfa":true"#, r#""mfa":false"#),
        (r#""held_by":["shop"]"#, r#""held_by":["shop","db"]"#),
        (r#""location":"vault""#, r#""location":"repo""#),
        (r#""ttl_minutes":60"#, r#""ttl_minutes":600"#),
        (r#"{"on":"db","priv":"read"}"#, r#"{"on":"db","priv":"admin"}"#),
        (r#""2025-11-01""#, r#""2025-10-01""#),
        (r#""from":"shop""#, r#""access":"unrestricted","from":"shop""#),
    ] {
        let changes = after(from, to);
        assert!(is_worse(&changes), "{from} -> {to}: {changes:?}");
    }
}

#[test]
fn an_improvement_is_shown_and_is_no_worsening() {
    for (from, to) in [
        (r#",{"element":"email"}"#, ""),
        (r#""2025-11-01""#, r#""2025-12-01""#),
        (r#""auth":"mtls","#, r#""auth":"mtls","access":"blocked","#),
        (r#""controls":["fim"]"#, r#""controls":["fim","ids"]"#),
        (r#""encryption":"transport""#, r#""encryption":"both""#),
        (r#""ttl_minutes":60"#, r#""ttl_minutes":15"#),
        (r#""ops":["store"],"records":5000"#, r#""ops":["store"],"records":500"#),
        (r#""held_by":["shop"]"#, r#""held_by":[]"#),
    ] {
        let changes = after(from, to);
        assert!(!changes.is_empty() && !is_worse(&changes), "{from} -> {to}: {changes:?}");
    }
}

#[test]
fn a_number_of_records_counts_by_its_digits() {
    let changes = after(r#""ops":["store"],"records":5000"#, r#""ops":["store"],"records":6000"#);
    assert_eq!(changes, []);
}

#[test]
fn a_form_that_shows_less_is_better_although_it_is_another_one() {
    let changes = after(
        r#"{"element":"pan","form":"clear","records":5000}"#,
        r#"{"element":"pan","form":"truncated","records":5000}"#,
    );
    assert!(!changes.is_empty() && !is_worse(&changes), "{changes:?}");
}

#[test]
fn a_level_that_rises_and_a_link_that_nobody_looked_at_are_worse() {
    let was = bound(BASE);
    let higher = Bound { level: Level::High, ..was.clone() };
    assert!(is_worse(&was.changes(&higher)));
    assert!(!is_worse(&higher.changes(&was)));
    let mut more = was.clone();
    more.links.insert(Link::Element("iban".into()));
    assert!(is_worse(&was.changes(&more)));
}

#[test]
fn what_protected_is_missed_when_it_is_gone_and_what_threatened_is_not() {
    let without_flow = BASE.replace(r#"{"id":"f","from""#, r#"{"id":"g","from""#);
    let gone = bound(BASE).changes(&bound(&without_flow));
    let flow = Link::Object(ObjectRef::Flow("f".into()));
    assert_eq!(gone.iter().find(|it| it.of.as_ref() == Some(&flow)).map(|it| it.worse), Some(false));
    assert!(super::gone(&Link::Object(ObjectRef::Control("waf".into()))).worse);
}

#[test]
fn bound_facts_survive_the_way_through_json() {
    let bound = bound(BASE);
    let text = serde_json::to_string(&bound).unwrap();
    assert_eq!(serde_json::from_str::<Bound>(&text).unwrap(), bound);
}
