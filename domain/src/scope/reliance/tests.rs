use super::super::compute;
use super::super::testing::model;
use super::*;

fn of(members: &str, id: &str) -> Vec<Reliance> {
    let model = model(members);
    reliance(&model, &compute(&model), &id.into())
}

fn pillars(members: &str, id: &str) -> Vec<Pillar> {
    of(members, id).into_iter().map(|it| it.on).collect()
}

/// What brings `v` in where the only thing that keeps it out fails.
fn only(members: &str) -> (Pillar, Option<Category>) {
    let found = of(members, "v");
    assert_eq!(found.len(), 1, "{found:?}");
    (found[0].on.clone(), found[0].otherwise.map(|(category, _)| category))
}

const CDE: &str = r#"{"id":"cde","segment":"c","holdings":[{"element":"pan"}]}"#;

#[test]
fn a_system_without_any_relation_rests_on_nothing() {
    assert_eq!(of(&format!(r#""systems":[{CDE},{{"id":"v"}}]"#), "v"), []);
}

#[test]
fn what_is_in_scope_or_not_ours_rests_on_nothing() {
    let members = format!(r#""systems":[{CDE},{{"id":"psp","boundary":"third_party"}}]"#);
    assert_eq!(of(&members, "cde"), []);
    assert_eq!(of(&members, "psp"), []);
    assert_eq!(of(&members, "nobody"), []);
}

#[test]
fn a_blocked_flow_rests_on_its_control_until_the_test_is_too_old() {
    let members = format!(
        r#""systems":[{CDE},{{"id":"v"}}],
        "flows":[{{"id":"f","from":"v","to":"cde","access":"blocked","control":"fw"}}],
        "controls":[{{"id":"fw","name":"Firewall","type":"firewall","status":"verified","last_tested":"2025-11-02"}}]"#
    );
    let found = of(&members, "v");
    assert_eq!(found[0].on, Pillar::Block("f".into()));
    assert_eq!(found[0].control, Some("fw".into()));
    assert_eq!(proven_until(&found), "2026-11-02".parse().ok());
    assert_eq!(found[0].otherwise, Some((Category::ConnectedTo, None)));
    assert_eq!(
        found[0].sentence(&model(&members)).to_string(),
        "The flow f has to stay blocked by “Firewall”: proven until 2026-11-02. If this failed, its category would \
         be: Connected-to."
    );
    let model = model(&members);
    let untried = untried(&model, &compute(&model), &"v".into());
    assert_eq!((untried.len(), untried[0].otherwise), (1, None));
    assert_eq!(
        untried[0].proof_sentence(&model).to_string(),
        "The flow f has to stay blocked by “Firewall”: proven until 2026-11-02."
    );
    let provider = format!(r#""settings":{{"service_provider":true}},{members}"#);
    assert_eq!(proven_until(&of(&provider, "v")), "2026-05-02".parse().ok());
}

#[test]
fn a_link_without_a_control_is_relied_on_without_proof() {
    let members = format!(
        r#""systems":[{CDE},{{"id":"v","segment":"s"}}],"segment_links":[{{"a":"s","b":"c","policy":"denied"}}]"#
    );
    let found = of(&members, "v");
    assert_eq!((found[0].proven, found[0].until), (false, None));
    assert_eq!(found[0].otherwise, Some((Category::Cde, Some(Sub::Adjacent))));
}

#[test]
fn the_link_of_a_segment_behind_an_open_one_is_relied_on_too() {
    let members = format!(
        r#""systems":[{CDE},{{"id":"v","segment":"s"}}],"segment_links":[{{"a":"s","b":"t","policy":"open"}},
            {{"a":"t","b":"c","policy":"filtered"}}]"#
    );
    assert_eq!(pillars(&members, "v"), [Pillar::Link(crate::model::segment::LinkKey::new("c".into(), "t".into()))]);
}

#[test]
fn every_other_thing_that_can_keep_a_system_out_is_found_and_tried() {
    let microsegmented =
        format!(r#""segments":[{{"id":"c","microsegmented":true}}],"systems":[{CDE},{{"id":"v","segment":"c"}}]"#);
    assert_eq!(only(&microsegmented), (Pillar::Microsegmentation("c".into()), Some(Category::Cde)));
    let ciphertext = r#""systems":[{"id":"v","holdings":[{"element":"pan","form":"encrypted","key":"k"}]}],
        "keys":[{"id":"k","attested":true}]"#;
    assert_eq!(only(ciphertext), (Pillar::KeyCustody("k".into()), Some(Category::Cde)));
    let approval = format!(
        r#""systems":[{CDE},{{"id":"ci","kind":"cicd","controls":["change_approval"],
            "manages":[{{"target":"cde","how":"deploy"}}]}},{{"id":"v"}}],"flows":[{{"id":"f","from":"v","to":"ci"}}]"#
    );
    assert_eq!(only(&approval), (Pillar::ChangeApproval("ci".into()), Some(Category::ConnectedTo)));
    let planned =
        format!(r#""systems":[{CDE},{{"id":"v"}}],"flows":[{{"id":"f","from":"v","to":"cde","stage":"planned"}}]"#);
    assert_eq!(only(&planned), (Pillar::PlannedFlow("f".into()), Some(Category::ConnectedTo)));
    let disposed = r#""systems":[{"id":"old","lifecycle":"retired","disposed":true,
        "holdings":[{"element":"pan","ops":["store"]}]},{"id":"v","copies":[{"from":"old"}]}]"#;
    assert_eq!(only(disposed), (Pillar::Disposal("old".into()), Some(Category::Cde)));
    let itself = r#""systems":[{"id":"v","lifecycle":"retired","disposed":true,
        "holdings":[{"element":"pan","ops":["store"]}]}]"#;
    assert_eq!(only(itself), (Pillar::Disposal("v".into()), Some(Category::Cde)));
    let later = r#""systems":[{"id":"v","lifecycle":"planned","holdings":[{"element":"pan"}]}]"#;
    assert_eq!(only(later), (Pillar::Planned("v".into()), Some(Category::Cde)));
}

#[test]
fn a_decision_is_relied_on_until_its_last_day() {
    let members = format!(
        r#""systems":[{CDE},{{"id":"v","segment":"c"}}],"overrides":[{{"system":"v","category":"out_of_scope",
            "author":"a","approver":"b","justification":"Kept apart by its own firewall","evidence":["EV-1"],
            "expires":"2026-06-30"}}]"#
    );
    let found = of(&members, "v");
    assert!(matches!(found[0].on, Pillar::Decision(_)));
    assert_eq!(proven_until(&found), "2026-06-30".parse().ok());
    assert_eq!(found[0].otherwise, Some((Category::Cde, Some(Sub::Adjacent))));
}

#[test]
fn each_block_is_relied_on_and_what_ends_first_comes_first() {
    let members = format!(
        r#""systems":[{CDE},{{"id":"v"}}],
        "flows":[{{"id":"f","from":"v","to":"cde","access":"blocked","control":"fw"}},
            {{"id":"g","from":"v","to":"cde","access":"blocked","control":{{"type":"acl","status":"verified"}}}}],
        "segment_links":[],
        "controls":[{{"id":"fw","type":"firewall","status":"verified","last_tested":"2025-11-02"}}]"#
    );
    assert_eq!(pillars(&members, "v"), [Pillar::Block("f".into()), Pillar::Block("g".into())]);
    // Each block holds back a connection of its own, so each failure alone connects it.
    assert!(of(&members, "v").iter().all(|it| it.otherwise.is_some()));
}

#[test]
fn for_all_systems_what_a_neighbour_relies_on_counts_too() {
    let members = format!(
        r#""systems":[{CDE},{{"id":"relay","relay":true}},{{"id":"v"}}],
        "flows":[{{"id":"f","from":"relay","to":"cde","access":"blocked","control":{{"type":"acl","status":"verified"}}}},
            {{"id":"g","from":"v","to":"relay"}}]"#
    );
    let model = model(&members);
    let all = reliances(&model, &compute(&model));
    assert_eq!(all.keys().map(|id| id.as_str()).collect::<Vec<_>>(), ["relay", "v"]);
    assert_eq!(all["v"][0].on, Pillar::Block("f".into()));
    assert_eq!(all["v"][0].otherwise, Some((Category::ConnectedTo, None)));
    assert_eq!(of(&members, "v"), []);
}
