#![expect(clippy::unwrap_used, reason = "tests")]

use super::into_scope::{SingleFact, into_scope};
use super::*;
use crate::model::reader::read_json;
use crate::scope::reliance::Pillar;

fn model(members: &str) -> Model {
    read_json(format!("{{{members}}}").as_bytes()).unwrap().0
}

fn of(members: &str, id: &str) -> Option<Flip> {
    let model = model(members);
    flip(&model, &scope::compute(&model), &id.into())
}

/// The options of a way, whether it is the smallest, and the category after it.
fn told(way: Option<&Way>) -> (Vec<&str>, bool, Category) {
    let way = way.unwrap();
    (way.options.iter().map(|it| it.id.as_str()).collect(), way.smallest, way.after.0)
}

fn nearest(members: &str, id: &str) -> Option<(SingleFact, Category)> {
    let model = model(members);
    let found = into_scope(&model, &scope::compute(&model), &id.into());
    found.first().map(|it| (it.fact.clone(), it.after.0))
}

const CDE: &str = r#"{"id":"cde","holdings":[{"element":"pan"}]}"#;

#[test]
fn the_cheapest_of_several_single_changes_is_taken() {
    let members = format!(r#""systems":[{CDE},{{"id":"v"}}],"flows":[{{"id":"f","from":"v","to":"cde"}}]"#);
    let found = of(&members, "v").unwrap();
    // Removing the card number costs less than the block.
    assert_eq!(told(found.out.as_ref()), (vec!["remove pan from cde"], true, Category::OutOfScope));
    assert_eq!(found.out, found.lower);
    assert_eq!(found.out.unwrap().cost, 2);
}

#[test]
fn two_reasons_need_two_changes_and_the_cheapest_of_them_are_taken() {
    let members = format!(
        r#""systems":[{CDE},{{"id":"pos","holdings":[{{"element":"pin"}}]}},{{"id":"v"}}],
        "flows":[{{"id":"f","from":"v","to":"cde"}},{{"id":"g","from":"v","to":"pos"}}]"#
    );
    let found = of(&members, "v").unwrap();
    assert_eq!(
        told(found.out.as_ref()),
        (vec!["remove pan from cde", "remove pin from pos"], true, Category::OutOfScope)
    );
    assert_eq!(found.lower, found.out);
}

#[test]
fn the_next_lower_category_can_take_fewer_changes_than_leaving() {
    let members = format!(
        r#""systems":[{CDE},{{"id":"pos","holdings":[{{"element":"pin"}}]}},
            {{"id":"v","manages":[{{"target":"cde","how":"admin"}}]}}],"flows":[{{"id":"g","from":"v","to":"pos"}}]"#
    );
    let found = of(&members, "v").unwrap();
    assert_eq!(told(found.lower.as_ref()).0.len(), 1);
    assert_eq!(found.lower.unwrap().after.0, Category::ConnectedTo);
    assert_eq!(told(found.out.as_ref()).0.len(), 2);
}

#[test]
fn data_on_many_flows_is_dropped_on_each_of_them() {
    let flows: Vec<String> =
        (0..5).map(|it| format!(r#"{{"id":"f{it}","from":"app","to":"v","data":[{{"element":"pan"}}]}}"#)).collect();
    let members =
        format!(r#""systems":[{{"id":"app","boundary":"external"}},{{"id":"v"}}],"flows":[{}]"#, flows.join(","));
    let found = of(&members, "v").unwrap();
    let (options, smallest, after) = told(found.out.as_ref());
    assert_eq!((options.len(), smallest, after), (5, false, Category::OutOfScope));
}

#[test]
fn what_cannot_be_flipped_or_is_not_in_scope_says_so() {
    let keys = r#""systems":[{"id":"v"}],"keys":[{"id":"k","holders":["v"]}]"#;
    let found = of(keys, "v").unwrap();
    assert_eq!((found.before.0, found.lower, found.out), (Category::SecurityImpacting, None, None));
    assert_eq!(of(r#""systems":[{"id":"v"}]"#, "v"), None);
    assert_eq!(of(r#""systems":[{"id":"v"}]"#, "nobody"), None);
}

#[test]
fn a_flip_is_what_the_engine_says_of_the_changed_model() {
    let members = format!(
        r#""segments":[{{"id":"s"}},{{"id":"spare"}}],"systems":[{{"id":"cde","segment":"s","holdings":[{{"element":"pan"}}]}},
            {{"id":"v","segment":"s"}},{CI}],"flows":[{{"id":"f","from":"v","to":"ci"}}]"#
    );
    let model = model(&members);
    let found = flip(&model, &scope::compute(&model), &"v".into()).unwrap();
    for way in [found.lower.unwrap(), found.out.unwrap()] {
        let effects: Vec<_> = way.options.iter().flat_map(|it| it.effects.clone()).collect();
        let after = &scope::compute(&edit::apply(&model, &effects).unwrap()).systems["v"];
        assert_eq!(way.after, (after.category, after.sub));
    }
}

#[test]
fn a_change_is_told_with_the_names_of_what_it_is_about() {
    let model = model(
        r#""systems":[{"id":"v","name":"CRM"},{"id":"w"}],"flows":[{"id":"f","name":"Leads","from":"v","to":"w"}]"#,
    );
    let told = |edit: &str| words::sentence(&serde_json::from_str(edit).unwrap(), &model).to_string();
    assert_eq!(told(r#"{"op":"drop_field","flow":"f","element":"pan"}"#), "Send no Primary account number on Leads.");
    assert_eq!(told(r#"{"op":"block","flow":"f"}"#), "Block Leads by a firewall, and test the block.");
    assert_eq!(
        told(r#"{"op":"remove_manage","system":"v","target":"segment:s"}"#),
        "Let CRM no longer manage the segment “s”."
    );
    assert_eq!(told(r#"{"op":"remove_holding","system":"w","element":"pin"}"#), "Keep no PIN on w.");
}

const CI: &str = r#"{"id":"ci","kind":"cicd","manages":[{"target":"cde","how":"deploy"}]}"#;

#[test]
fn what_keeps_a_system_out_and_fails_is_the_nearest_way_in() {
    let members = format!(
        r#""systems":[{CDE},{{"id":"v"}}],"flows":[{{"id":"f","from":"v","to":"cde","access":"blocked",
            "control":{{"type":"acl","status":"verified"}}}}]"#
    );
    assert_eq!(nearest(&members, "v"), Some((SingleFact::Fails(Pillar::Block("f".into())), Category::ConnectedTo)));
}

#[test]
fn a_field_that_the_sender_has_or_a_system_that_begins_to_relay_brings_it_in() {
    let receives = r#""systems":[{"id":"psp","boundary":"third_party","holdings":[{"element":"pan"}]},{"id":"v"}],
        "flows":[{"id":"f","from":"psp","to":"v"}]"#;
    assert_eq!(nearest(receives, "v"), Some((SingleFact::CopiedField("f".into()), Category::Cde)));
    let calls = format!(
        r#""systems":[{CDE},{{"id":"app"}},{{"id":"v"}}],"flows":[{{"id":"f","from":"app","to":"cde"}},
            {{"id":"g","from":"v","to":"app"}}]"#
    );
    assert_eq!(nearest(&calls, "v"), Some((SingleFact::Relays("app".into()), Category::ConnectedTo)));
}

#[test]
fn an_isolated_system_needs_a_new_connection() {
    let members = format!(r#""systems":[{CDE},{{"id":"v"}}]"#);
    assert_eq!(nearest(&members, "v"), Some((SingleFact::Connection("cde".into()), Category::ConnectedTo)));
    let model = model(&members);
    let found = into_scope(&model, &scope::compute(&model), &"v".into());
    assert_eq!(
        found[0].sentence(&model, &"v".into()).to_string(),
        "v would have to open a connection to cde. Its category would then be: Connected-to."
    );
    assert_eq!(nearest(r#""systems":[{"id":"v"}]"#, "v"), None);
    assert_eq!(nearest(&members, "cde"), None);
}
