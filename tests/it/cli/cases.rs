//! `plumbline scope`, `blast`, `choke` and `reduce` on worked examples that lie beside the project; without them there is nothing to compare.

use std::path::PathBuf;

use serde_json::Value;
use server::cli::Exit;
use tempfile::TempDir;

use super::plumbline;

/// What of a verdict is not as expected.
fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut differences = Vec::new();
    for (id, wanted) in expected["systems"].as_object().unwrap() {
        for (key, value) in wanted.as_object().unwrap() {
            let is = &found["systems"][id];
            let same = match key.as_str() {
                "flags_include" => {
                    let flags = is["flags"].as_array().unwrap();
                    value.as_array().unwrap().iter().all(|flag| flags.contains(flag))
                }
                key => is[key] == *value,
            };
            if !same {
                differences.push(format!("{id} {key}: {value} expected, {}", is[key]));
            }
        }
    }
    if expected["saq_hint"] != found["saq_hint"] {
        differences.push(format!("saq_hint: {} expected, {}", expected["saq_hint"], found["saq_hint"]));
    }
    differences
}

/// The cases of a file beside the project; nothing where it is absent.
fn cases(path: &str) -> Vec<Value> {
    let root = std::env::var_os("PLUMBLINE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let path = root.join(path);
    let Ok(text) = std::fs::read(&path) else {
        eprintln!("skipped: {} is absent", path.display());
        return Vec::new();
    };
    let file: Value = serde_json::from_slice(&text).unwrap();
    file["cases"].as_array().unwrap().clone()
}

#[test]
fn each_example_gives_the_verdicts_that_it_expects() {
    for case in cases("cases/scope-cases.json") {
        let ended = plumbline(&["scope", "-", "--format", "json"], case["model"].to_string().as_bytes());
        assert_eq!(ended.exit, Exit::Done, "{}: {}", case["id"], ended.errors);
        let found = serde_json::from_str(&ended.output).unwrap();
        assert_eq!(differences(&case["expect"], &found), Vec::<String>::new(), "{}", case["id"]);
    }
}

/// The command line that a case of an attack stands for.
fn command(case: &Value, folder: &TempDir) -> Vec<String> {
    let words =
        |list: &Value| list.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect::<Vec<_>>().join(",");
    let file = |name: &str, content: &Value| {
        let path = folder.path().join(name);
        std::fs::write(&path, content.to_string()).unwrap();
        path.display().to_string()
    };
    let kind = case["type"].as_str().unwrap();
    let mut command = vec![kind.to_owned(), "-".to_owned(), "--format".to_owned(), "json".to_owned()];
    let mut option = |name: &str, value: String| command.extend([name.to_owned(), value]);
    match kind {
        "blast" => {
            let start = &case["start"];
            let key = start["id"].as_str().or(start["element"].as_str()).unwrap();
            option("--start", format!("{}:{key}", start["type"].as_str().unwrap()));
        }
        "choke" => {
            option("--sources", words(&case["sources"]));
            option("--targets", words(&case["targets"]));
            if !case["arc_cost"].is_null() {
                option("--arc-cost", file("costs.json", &case["arc_cost"]));
            }
        }
        "reduce" => {
            option("--options", file("options.json", &case["options"]));
            match case["budget"].as_u64() {
                Some(budget) => option("--budget", budget.to_string()),
                None => option("--must-leave", words(&case["must_leave"])),
            }
        }
        other => panic!("{other} is no type of case"),
    }
    command
}

#[test]
fn each_example_of_an_attack_gives_exactly_what_it_expects() {
    let folder = TempDir::new().unwrap();
    for case in cases("cases/blast-cases.json") {
        let command = command(&case, &folder);
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        let ended = plumbline(&arguments, case["model"].to_string().as_bytes());
        assert_eq!(ended.exit, Exit::Done, "{}: {}", case["id"], ended.errors);
        let found: Value = serde_json::from_str(&ended.output).unwrap();
        for (key, wanted) in case["expect"].as_object().unwrap() {
            assert_eq!(found[key], *wanted, "{} {key}", case["id"]);
        }
    }
}
