//! `plumbline blast`, `choke` and `reduce`.

use serde_json::Value;
use server::cli::Exit;

use super::{Ended, plumbline};

const BEFORE: &str = "fixtures/estate-before.json";
const AFTER: &str = "fixtures/estate-after.json";
const OPTIONS: &str = "fixtures/estate-options.json";

/// What a command prints that does what it should.
fn printed(arguments: &[&str]) -> String {
    let ended = plumbline(arguments, b"");
    assert_eq!(ended.exit, Exit::Done, "{arguments:?}: {}", ended.errors);
    assert_eq!(ended.errors, "", "{arguments:?}");
    ended.output
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(&[arguments, &["--format", "json"]].concat())).unwrap()
}

/// A command that must end with 2, and what it must say.
fn refused(arguments: &[&str], input: &str, parts: &[&str]) {
    let Ended { exit, output, errors } = plumbline(arguments, input.as_bytes());
    assert_eq!(exit, Exit::Usage, "{arguments:?}: {errors}");
    assert_eq!(output, "", "{arguments:?}");
    for part in parts {
        assert!(errors.contains(part), "{arguments:?}: {part:?} is not in {errors:?}");
    }
}

#[test]
fn a_blast_radius_is_a_table_with_the_path_to_each_thing() {
    insta::assert_snapshot!(printed(&["blast", AFTER, "--start", "system:crm"]));
}

#[test]
fn every_kind_of_start_has_a_blast_radius() {
    let starts = ["system:crm", "credential:orders-read", "vendor:acquirer", "connector:order", "field:pan"];
    for start in starts {
        let found = json(&["blast", AFTER, "--start", start]);
        let (kind, key) = start.split_once(':').unwrap();
        assert_eq!(found["start"]["type"], kind);
        assert_eq!(found["start"][if kind == "field" { "element" } else { "id" }], key);
        let table = printed(&["blast", AFTER, "--start", start]);
        assert!(table.lines().next().unwrap().contains(start), "{table}");
    }
    let carried = json(&["blast", AFTER, "--start", "connector:order"]);
    assert!(carried["data"].as_array().unwrap().contains(&serde_json::json!(["pan", "clear", "flow:order"])));
}

#[test]
fn an_unknown_start_is_named_with_what_is_near() {
    let near = |start: &str, parts: &[&str]| refused(&["blast", AFTER, "--start", start], "", parts);
    near("system:cmr", &["estate-after.json has no system \"cmr\"", "Did you mean \"crm\" (Customer file)?"]);
    near("system:Order databse", &["Did you mean \"orders\" (Order database)?"]);
    near("credential:refund", &["no credential \"refund\"", "\"refunds\" (Refund key)"]);
    near("vendor:acquirrer", &["no vendor", "\"acquirer\" (Acquirer)"]);
    near("connector:chekout", &["no connector", "\"checkout\""]);
    near("field:pam", &["no element", "\"pan\""]);
    near("system:zzzzzz", &["There are 7 of that kind, for example \"crm\" (Customer file)"]);
    near("crm", &["system:, credential:, vendor:, connector: or field: and a key"]);
    refused(&["blast", "-", "--start", "system:a"], "{\"systems\": []}", &["standard input", "none of that kind"]);
}

#[test]
fn choke_points_are_a_table_with_what_to_do() {
    insta::assert_snapshot!(printed(&["choke", AFTER, "--sources", "desk,crm", "--targets", "orders,gateway"]));
}

#[test]
fn costs_from_a_file_decide_what_is_cut() {
    let costs = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&costs, "\u{feff}{\"cred:orders-read\": 7}").unwrap();
    let costs = costs.path().to_str().unwrap();
    let found = json(&["choke", AFTER, "--sources", "crm", "--targets", "orders", "--arc-cost", costs]);
    assert_eq!((&found["min_cut"][0], &found["min_cut_cost"]), (&"cred:orders-read".into(), &7.into()));
    let same = json(&["choke", AFTER, "--sources", "crm", "--targets", "orders"]);
    assert_eq!(same["min_cut_cost"], 1);
}

#[test]
fn wrong_costs_and_ends_are_named_with_file_line_and_remedy() {
    let ends = ["--sources", "crm", "--targets", "orders"];
    let costs = |text: &str, parts: &[&str]| {
        refused(&[&["choke", AFTER], &ends[..], &["--arc-cost", "-"]].concat(), text, parts);
    };
    costs("{\"cred:a\": 1,\n \"db\": 2}", &["standard input, line 2", "\"db\" is no label", "write cred:"]);
    costs("{\n\n\"cred:a\": 1.5}", &["standard input, line 3", "\"cred:a\" is 1.5", "a whole number"]);
    costs("[1]", &["standard input, line 1", "a JSON object", "{\"cred:db\": 5}"]);
    refused(&["choke", AFTER, "--sources", "crm", "--targets", "order"], "", &["no system \"order\"", "\"orders\""]);
    refused(&["choke", AFTER, "--sources", "crm"], "", &["--targets"]);
    refused(
        &["choke", "-", "--sources", "a", "--targets", "b", "--arc-cost", "-"],
        "{}",
        &["Standard input can be read for one file only"],
    );
}

#[test]
fn a_cost_that_counts_nowhere_is_said_and_changes_nothing() {
    let arguments = ["choke", AFTER, "--sources", "crm", "--targets", "orders", "--arc-cost", "-"];
    let ended = plumbline(&arguments, b"{\"cred:order-read\": 9}");
    assert_eq!(ended.exit, Exit::Done);
    assert!(ended.errors.contains("cred:order-read counts nowhere"), "{}", ended.errors);
    assert!(ended.errors.contains("Did you mean \"orders-read\""), "{}", ended.errors);
    assert_eq!(ended.output, printed(&arguments[..6]));
}

#[test]
fn a_plan_is_a_table_with_what_it_changes() {
    insta::assert_snapshot!(printed(&["reduce", AFTER, "--options", OPTIONS, "--must-leave", "crm,kiosk"]));
}

#[test]
fn without_options_the_model_says_what_could_be_done() {
    let found = json(&["reduce", AFTER, "--budget", "9"]);
    assert_eq!(found["cost"], 4);
    let chosen: Vec<&str> = found["chosen"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert_eq!(chosen, ["drop pan from order", "remove pan from orders"]);
    let option = found["options"].as_array().unwrap().iter().find(|it| it["id"] == "drop pan from order").unwrap();
    assert_eq!(option["effects"][0], serde_json::json!({"op": "drop_field", "flow": "order", "element": "pan"}));
    let costs: Vec<u64> = found["plans"].as_array().unwrap().iter().map(|it| it["cost"].as_u64().unwrap()).collect();
    assert!(costs.len() > 1 && costs.is_sorted(), "plans are listed, cheapest first: {costs:?}");
}

#[test]
fn wrong_options_are_named_with_file_line_and_remedy() {
    let options =
        |text: &str, parts: &[&str]| refused(&["reduce", AFTER, "--options", "-", "--budget", "5"], text, parts);
    let block = r#"{"op":"block","flow":"order"}"#;
    options(
        "[{\"id\":\"a\",\n\"effects\":[{\"op\":\"explode\"}]}]",
        &["standard input, line 2", "explode", "Write a JSON"],
    );
    options("[{\"id\":\"a\",\n\"cost\":-1,\"effects\":[]}]", &["standard input, line 2", "-1"]);
    options("{}", &["standard input, line 1"]);
    options(&format!("[{{\"id\":\" \",\"effects\":[{block}]}}]"), &["option 1: the id is empty", "Give it a key"]);
    options("[\n{\"id\":\"a\",\"effects\":[]}]", &["standard input, line 2", "no effects", "leave it out"]);
    let twice = format!("[{{\"id\":\"a\",\"effects\":[{block}]}},\n{{\"id\":\"a\",\"effects\":[{block}]}}]");
    options(&twice, &["standard input, line 2", "two options have the id \"a\"", "a key of its own"]);
    let unknown = "[\n\n{\"id\":\"a\",\"effects\":[{\"op\":\"block\",\"flow\":\"ordr\"}]}]";
    options(
        unknown,
        &["standard input, line 3", "block of option \"a\"", "no flow \"ordr\"", "Did you mean \"order\"?"],
    );
    let same = "[{\"id\":\"a\",\"effects\":[{\"op\":\"segment\",\"a\":\"shop\",\"b\":\"shop\"}]}]";
    options(same, &["standard input, line 1", "named twice", "two different segments"]);
    refused(&["reduce", AFTER, "--must-leave", "kisok"], "", &["no system \"kisok\"", "\"kiosk\""]);
    refused(&["reduce", AFTER], "", &["--budget"]);
    refused(&["reduce", AFTER, "--budget", "1", "--must-leave", "crm"], "", &["cannot be used with"]);
    refused(&["reduce", AFTER, "--options", "/nowhere", "--budget", "1"], "", &["/nowhere cannot be read"]);
}

#[test]
fn gaps_of_a_model_are_said_where_they_are_not_listed() {
    let model = r#"{"systems":[{"id":"a"}],"flows":[{"id":"f","from":"a","to":"gone"}]}"#;
    let ended = plumbline(&["blast", "-", "--start", "system:a"], model.as_bytes());
    assert_eq!(ended.exit, Exit::Done, "{}", ended.errors);
    assert!(ended.errors.contains("gap") && ended.errors.contains("plumbline scope"), "{}", ended.errors);
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    for arguments in [
        &["blast", BEFORE, "--start", "system:desk"][..],
        &["choke", BEFORE, "--sources", "desk", "--targets", "orders"],
        &["reduce", AFTER, "--budget", "5"],
        &["diff", BEFORE, AFTER],
    ] {
        for format in ["json", "table"] {
            let arguments = [arguments, &["--format", format]].concat();
            assert_eq!(printed(&arguments), printed(&arguments));
        }
    }
}
