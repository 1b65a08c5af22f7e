//! `plumbline explain` and `lineage`.

use serde_json::Value;
use server::cli::Exit;

use super::plumbline;

const AFTER: &str = "fixtures/estate-after.json";

fn printed(arguments: &[&str]) -> String {
    let ended = plumbline(arguments, b"");
    assert_eq!((ended.exit, ended.errors.as_str()), (Exit::Done, ""), "{arguments:?}");
    ended.output
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(&[arguments, &["--format", "json"]].concat())).unwrap()
}

#[test]
fn a_verdict_is_explained_with_what_it_rests_on_and_a_second_path() {
    let told = ["crm", "desk"].map(|system| printed(&["explain", AFTER, "--system", system, "--second-path"]));
    insta::assert_snapshot!(told.join("----\n"));
}

#[test]
fn a_verdict_is_explained_to_programs() {
    let found = json(&["explain", AFTER, "--system", "crm"]);
    assert_eq!((&found["system"], &found["name"]), (&"crm".into(), &"Customer file".into()));
    assert_eq!(found["verdict"]["category"], "connected_to");
    assert!(found["sentences"].as_array().unwrap().len() > 1);
    assert!(found.get("second_path").is_none(), "nobody asked for it");
    let found = json(&["explain", AFTER, "--system", "crm", "--second-path"]);
    let every_proof = &found["second_path"]["result"]["none"]["in_every_proof"];
    assert!(every_proof.to_string().contains("report"), "{found}");
    let found = json(&["explain", AFTER, "--system", "desk"]);
    let pillar = &found["relies_on"][0];
    assert_eq!((&pillar["proven"], &pillar["otherwise"][0]), (&false.into(), &"cde".into()), "{pillar}");
    assert!(pillar["sentence"].as_str().unwrap().contains("has to stay filtered"), "{pillar}");
}

#[test]
fn what_would_flip_a_verdict_is_told() {
    let told = ["crm", "desk", "gateway"].map(|system| printed(&["explain", AFTER, "--system", system, "--flip"]));
    insta::assert_snapshot!(told.join("----\n"));
    let found = json(&["explain", AFTER, "--system", "crm", "--flip"]);
    assert_eq!(found["flip"]["out_of_scope"]["before"][0], "connected_to");
    assert!(!found["flip"]["out_of_scope"]["out"]["options"][0]["effects"].as_array().unwrap().is_empty(), "{found}");
    let found = json(&["explain", AFTER, "--system", "desk", "--flip"]);
    assert!(found["flip"].get("out_of_scope").is_none());
    assert_eq!(found["flip"]["into_scope"][0]["after"][0], "cde");
}

#[test]
fn the_way_of_an_element_is_a_table() {
    insta::assert_snapshot!(printed(&["lineage", AFTER, "--element", "pan"]));
}

#[test]
fn the_way_of_an_element_is_told_to_programs() {
    let found = json(&["lineage", AFTER, "--element", "pan"]);
    assert_eq!(found["entries"], serde_json::json!(["web"]));
    let stops: Vec<&str> = found["stops"].as_array().unwrap().iter().map(|it| it["system"].as_str().unwrap()).collect();
    assert_eq!(stops, ["web", "orders"]);
    let nobody = json(&["lineage", AFTER, "--element", "pin"]);
    assert_eq!(nobody["stops"], Value::Array(vec![]), "an element of the catalogue that nobody holds");
}

#[test]
fn an_unknown_system_or_element_is_named_with_what_is_near() {
    let refused = |arguments: &[&str], parts: [&str; 2]| {
        let ended = plumbline(arguments, b"");
        assert_eq!(ended.exit, Exit::Usage, "{arguments:?}");
        for part in parts {
            assert!(ended.errors.contains(part), "{part}: {}", ended.errors);
        }
    };
    refused(&["explain", AFTER, "--system", "dsek"], ["no system \"dsek\"", "Did you mean \"desk\" (Service desk)?"]);
    refused(&["lineage", AFTER, "--element", "pam"], ["no element \"pam\"", "\"pan\""]);
    refused(&["explain", AFTER], ["--system", "required"]);
}
