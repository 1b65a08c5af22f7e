#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::blast::{ArcCosts, Goal, Start, choke, options, radius, reduce};
use crate::model::reader::read_json;
use crate::scope::compute;

const SHOP: &str = r#"{
    "settings":{"budgets":[{"function":"crm","max_records_pan":100}]},
    "segments":[{"id":"cde"},{"id":"office"}],
    "segment_links":[{"a":"cde","b":"office","policy":"open"}],
    "systems":[
        {"id":"crm","name":"Customer\nrecords","function":"crm","segment":"office","detect_minutes":90},
        {"id":"db","name":"Card database","segment":"cde",
            "holdings":[{"element":"pan","ops":["store"],"records":1200},{"element":"email","ops":["store"]}]},
        {"id":"pc","name":"Office PC","segment":"office"},
        {"id":"psp","name":"Gateway","boundary":"third_party"}],
    "credentials":[
        {"id":"db-read","name":"Read account","held_by":["crm","pc"],"grants":[{"on":"db","priv":"read"}]},
        {"id":"refunds","held_by":["crm"],"grants":[{"on":"psp","priv":"act","action":["refund"]}]}],
    "flows":[
        {"id":"lookup","from":"db","to":"crm","initiator":"to","data":[{"element":"email"}],
            "auth":"password","credential":"db-read"},
        {"id":"refund","from":"crm","to":"psp","data":[{"element":"amount"}],"auth":"api_key","credential":"refunds"}]}"#;

fn shop() -> Model {
    read_json(SHOP.as_bytes()).unwrap().0
}

#[test]
fn a_blast_radius_is_told_with_the_path_to_each_thing() {
    let model = shop();
    let blast = radius(&model, &compute(&model), &"system:crm".parse::<Start>().unwrap()).unwrap();
    insta::assert_snapshot!(blast_table(&model, &blast));
}

#[test]
fn a_footprint_is_a_table_of_places() {
    let model = shop();
    let blast = radius(&model, &compute(&model), &"field:pan".parse::<Start>().unwrap()).unwrap();
    insta::assert_snapshot!(blast_table(&model, &blast));
}

#[test]
fn choke_points_are_told_with_what_to_do() {
    let model = shop();
    let told = |targets: &[&str]| {
        let sources = BTreeSet::from(["crm".into(), "pc".into()]);
        let targets: BTreeSet<SystemId> = targets.iter().map(|id| (*id).into()).collect();
        let costs = ArcCosts::from_iter([("cred:db-read".to_owned(), 3)]);
        let found = choke(&model, &sources, &targets, &costs).unwrap();
        choke_table(&model, (&sources, &targets), &costs, &found)
    };
    insta::assert_snapshot!([told(&["db"]), told(&["psp", "pc"])].join("\n----\n"));
}

#[test]
fn a_plan_is_told_with_what_it_changes() {
    let model = shop();
    let options = options::generate(&model, &compute(&model));
    let told = |goal: &Goal| reduction_table(&model, &options, goal, &reduce(&model, &options, goal).unwrap());
    let budget = |budget| told(&Goal::Budget { budget, weights: BTreeMap::new() });
    let leave = told(&Goal::MustLeave { systems: BTreeSet::from(["pc".into()]) });
    let stay = told(&Goal::MustLeave { systems: BTreeSet::from(["psp".into()]) });
    insta::assert_snapshot!([budget(9), budget(0), leave, stay].join("\n----\n"));
}
