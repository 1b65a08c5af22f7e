//! Real third-party files. They are read where they lie; where the folder is absent, the tests say so and pass.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::export;
use domain::import::table::read_all;
use domain::import::{Choice, Choices, Limits, Reading, Rejection, json, plan, preview, read};
use domain::model::Model;
use domain::model::element::Form;
use domain::model::flow::{Flow, WireName};
use domain::model::kinds::FlowKind;
use domain::model::object::Object;
use domain::model::reader::read_json;
use domain::model::relations::{Encryption, Protocol};
use domain::model::system::System;

/// A path below the corpus; prints why where it is not there.
fn corpus(path: &str) -> Option<PathBuf> {
    let shared = std::env::var("PLUMBLINE_SHARED")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let path = shared.join("corpus").join(path);
    if !path.exists() {
        eprintln!("skipped: there is no {} here", path.display());
        return None;
    }
    Some(path)
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|it| it.extension().is_some_and(|it| it == extension)).collect();
    files.sort();
    assert!(!files.is_empty(), "{}", folder.display());
    files
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap()
}

fn read_file(path: &Path) -> Result<Reading, Vec<Rejection>> {
    read(file_name(path), &std::fs::read(path).unwrap(), &Limits::browser())
}

fn imported(model: &Model, reading: &Reading, choices: &Choices) -> Model {
    let mut model = model.clone();
    for object in plan(reading, &model, choices).unwrap() {
        model.put(object);
    }
    model
}

#[expect(clippy::disallowed_methods, reason = "measures how long a hostile file takes")]
fn within_a_second<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    assert!(start.elapsed() < Duration::from_secs(1), "{name} took {:?}", start.elapsed());
    done
}

#[test]
fn online_boutique_gives_its_flows_with_the_card_fields_proposed() {
    let Some(path) = corpus("1-architecture/online-boutique/derived/flows.csv") else { return };
    let reading = read_file(&path).unwrap();
    assert_eq!(reading.ignored_columns(), ["evidence"]);
    let it = preview(&reading, &Model::default(), &Choices::default());
    // 12 deployed services, the one that is not, and the log: 14 systems; 18 flows.
    assert_eq!((it.undeclared.len(), it.new, it.rejected), (14, 32, 0));
    let choice = |name: &str| it.wire_names.iter().find(|it| it.name == name).unwrap().choice.value();
    assert_eq!(choice("credit_card_number"), "pan:clear");
    assert_eq!(choice("credit_card.credit_card_number"), "pan:clear");
    assert_eq!(choice("credit_card.credit_card_cvv"), "card_verification_code:clear");
    assert_eq!(choice("credit_card.credit_card_expiration_month"), "expiry:clear");
    assert_eq!(choice("credit_card.credit_card_expiration_year"), "expiry:clear");
    assert_eq!(choice("email"), "email:clear");
    assert_eq!(choice("address.street_address"), "billing_address:clear");
    assert_eq!(choice("product_ids"), "unrecognised");

    let model = imported(&Model::default(), &reading, &Choices::proposed(&reading));
    assert_eq!((model.systems.len(), model.flows.len()), (14, 18));
    assert!(model.systems.values().all(|it| it.undeclared));
    let card: BTreeSet<(&str, &str)> = model
        .flows
        .values()
        .filter(|flow| flow.fields.iter().any(|it| it.element.as_str() == "pan" && it.form == Form::Clear))
        .map(|flow| (flow.from.as_str(), flow.to.as_str()))
        .collect();
    assert_eq!(
        card,
        BTreeSet::from([
            ("loadgenerator", "frontend"),
            ("frontend", "checkoutservice"),
            ("checkoutservice", "paymentservice"),
            ("paymentservice", "stdout-log"),
        ])
    );
    let log = model.flows.values().find(|flow| flow.to.as_str() == "stdout-log").unwrap();
    assert_eq!((log.kind, log.protocol, log.encryption), (FlowKind::Log, Protocol::Unknown, Encryption::Unknown));
    assert_eq!(log.fields.iter().filter(|it| it.element.as_str() == "expiry").count(), 2);
    let unknown = model.flows.values().find(|flow| flow.to.as_str() == "shoppingassistantservice").unwrap();
    assert!(unknown.fields.is_empty() && unknown.wire_names.is_empty() && unknown.facts.is_empty());

    for choices in [Choices::default(), Choices::proposed(&reading), Choices::accepting_high(&reading)] {
        assert_eq!(plan(&reading, &model, &choices).unwrap(), []);
    }
    let sure = imported(&Model::default(), &reading, &Choices::accepting_high(&reading));
    assert_eq!(sure.flows.values().flat_map(|it| &it.fields).filter(|it| it.element.as_str() == "pan").count(), 4);
    assert_eq!(read_json(export::model_file::to_json(&model).as_bytes()).unwrap(), (model, Vec::new()));
}

#[test]
fn online_boutique_confirmed_gives_the_scope_that_its_card_flows_imply() {
    let Some(path) = corpus("1-architecture/online-boutique/derived/flows.csv") else { return };
    let reading = read_file(&path).unwrap();
    let model = imported(&Model::default(), &reading, &Choices::proposed(&reading));
    let scope = domain::scope::compute(&model);
    let cde: BTreeSet<&str> = scope
        .systems
        .iter()
        .filter(|(_, verdict)| verdict.category == domain::scope::verdict::Category::Cde)
        .map(|(id, _)| id.as_str())
        .collect();
    assert_eq!(cde, BTreeSet::from(["checkoutservice", "frontend", "loadgenerator", "paymentservice", "stdout-log"]));
}

#[test]
fn train_ticket_gives_calls_whose_fields_nobody_knows() {
    let Some(path) = corpus("1-architecture/train-ticket/derived/flows.csv") else { return };
    let reading = read_file(&path).unwrap();
    assert_eq!(reading.ignored_columns(), ["call_sites", "evidence"]);
    let model = imported(&Model::default(), &reading, &Choices::default());
    assert_eq!(model.flows.len(), 92);
    assert!(model.flows.values().all(|it| it.fields.is_empty() && it.wire_names.is_empty() && it.from != it.to));
    assert!(model.flows.contains_key("ts-inside-payment-service--ts-payment-service--http"));
    assert_eq!(plan(&reading, &model, &Choices::default()).unwrap(), []);
}

/// The rows of an expected table: lists of lists, or one object per row with the header as names.
fn expected_rows(oracle: &Path) -> Option<Vec<Vec<String>>> {
    let value: serde_json::Value = serde_json::from_slice(&std::fs::read(oracle).ok()?).ok()?;
    let texts = |row: &serde_json::Value| -> Option<Vec<String>> {
        row.as_array()?.iter().map(|it| it.as_str().map(str::to_owned)).collect()
    };
    value.as_array()?.iter().map(texts).collect()
}

fn table(path: &Path) -> Result<Vec<Vec<String>>, Rejection> {
    let bytes = std::fs::read(path).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let records = read_all(file_name(path), &text)?;
    Ok(records.into_iter().map(|it| it.cells.into_iter().map(|cell| cell.text.into_owned()).collect()).collect())
}

#[test]
fn csv_test_data_is_read_as_expected_or_refused_with_its_line() {
    let Some(folder) = corpus("5-bad-inputs/csv-test-data/csv") else { return };
    let mut compared = 0;
    for path in files(&folder, "csv") {
        let name = file_name(&path).to_owned();
        let as_table = table(&path);
        if name.starts_with("bad-") {
            let whole = read_file(&path).unwrap_err();
            assert!(whole[0].line.is_some(), "{name}: {}", whole[0]);
            // The other two are tables, only not with the header that a reader expects.
            if !name.ends_with("wrong-header.csv") && !name.ends_with("no-header.csv") {
                assert!(as_table.unwrap_err().line == Some(2), "{name}");
            }
            continue;
        }
        let oracle = folder.join("../json").join(name.replace(".csv", ".json"));
        let Some(mut expected) = expected_rows(&oracle).filter(|rows| !rows.is_empty()) else { continue };
        let mut rows = as_table.unwrap();
        if name.starts_with("header-") {
            rows.remove(0);
            expected.retain(|row| !row.is_empty());
        }
        assert_eq!(rows, expected, "{name}");
        compared += 1;
    }
    assert!(compared >= 15, "{compared}");
}

#[test]
fn csv_spectrum_is_read_as_expected() {
    let Some(folder) = corpus("5-bad-inputs/csv-spectrum/csvs") else { return };
    let mut compared = 0;
    for path in files(&folder, "csv") {
        let oracle = folder.join("../json").join(file_name(&path).replace(".csv", ".json"));
        let oracle: serde_json::Value = serde_json::from_slice(&std::fs::read(oracle).unwrap()).unwrap_or_default();
        match read_file(&path) {
            Err(refused) => assert!(refused[0].line.is_some(), "{}", refused[0]),
            // Its first column is named `key`, as one of systems may be.
            Ok(_) => assert_eq!(file_name(&path), "json.csv"),
        }
        // One file is Latin-1 with bare quotes; its expected values are of another number.
        let (Ok(rows), Some(expected)) = (table(&path), oracle.as_array()) else {
            assert_eq!(file_name(&path), "location_coordinates.csv");
            continue;
        };
        for (row, expected) in rows[1..].iter().zip(expected) {
            for (name, cell) in rows[0].iter().zip(row) {
                // The file of CR LF line ends has come to us with LF; its expected values have not.
                let expected = expected[name].as_str().map(|it| it.replace("\r\n", "\n"));
                assert_eq!(expected.as_deref(), Some(cell.as_str()), "{}", path.display());
            }
        }
        assert_eq!(rows.len() - 1, expected.len(), "{}", path.display());
        compared += 1;
    }
    assert_eq!(compared, 11);
}

#[test]
fn formulas_are_text_on_import_and_harmless_on_export() {
    let Some(path) = corpus("5-bad-inputs/csv-injection/csv-payload.txt") else { return };
    let payloads = std::fs::read_to_string(path).unwrap();
    let quoted: Vec<String> = payloads.lines().map(|line| format!("\"{}\"", line.replace('"', "\"\""))).collect();
    let text = format!("name\n{}\n", quoted.join("\n"));
    let model =
        imported(&Model::default(), &read("a.csv", text.as_bytes(), &Limits::browser()).unwrap(), &Choices::default());
    let names: BTreeSet<&str> = model.systems.values().map(|it| it.name.as_str()).collect();
    assert_eq!(names, payloads.lines().collect::<BTreeSet<_>>());
    let exported = export::csv::systems(&model);
    for record in read_all("a.csv", &exported).unwrap() {
        for cell in record.cells {
            assert!(!cell.text.starts_with(['=', '+', '-', '@']), "{}", cell.text);
        }
    }
    let again = read("a.csv", exported.as_bytes(), &Limits::browser()).unwrap();
    assert_eq!(plan(&again, &model, &Choices::default()).unwrap(), []);
}

/// A model in which every text is the name of a system and of a field on a flow.
fn model_of(texts: &[String]) -> Model {
    let mut model = Model::default();
    for (number, text) in texts.iter().enumerate() {
        let id = format!("s{number:03}");
        model.put(Object::System(Arc::new(System::new(id.as_str().into(), text.as_str()))));
        let mut flow = Flow::new(format!("f{number:03}").as_str().into(), id.as_str().into(), "s000".into());
        flow.name.clone_from(text);
        flow.wire_names.push(WireName { name: text.clone(), dismissed: number % 2 == 0 });
        model.put(Object::Flow(Arc::new(flow)));
    }
    model
}

#[test]
fn naughty_strings_survive_export_and_import() {
    let Some(path) = corpus("5-bad-inputs/blns/blns.json") else { return };
    let texts: Vec<String> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    assert!(texts.len() > 500);
    let model = model_of(&texts);

    let file = export::model_file::to_json(&model);
    assert_eq!(read_json(file.as_bytes()).unwrap().0, model);
    let reading = read("a.json", file.as_bytes(), &Limits::browser()).unwrap();
    assert_eq!(plan(&reading, &model, &Choices::default()).unwrap(), []);

    let systems = read("a.csv", export::csv::systems(&model).as_bytes(), &Limits::browser()).unwrap();
    let flows = read("a.csv", export::csv::flows(&model).as_bytes(), &Limits::browser()).unwrap();
    assert_eq!(plan(&systems, &model, &Choices::default()).unwrap(), []);
    assert_eq!(plan(&flows, &model, &Choices::default()).unwrap(), []);
    let copy = imported(&Model::default(), &systems, &Choices::default());
    assert_eq!(copy.systems, model.systems);
    let copy = imported(&copy, &flows, &Choices::default());
    for (id, flow) in &model.flows {
        assert_eq!(copy.flows[id].name, flow.name);
        assert_eq!(copy.flows[id].wire_names.first().map(|it| &it.name), flow.wire_names.first().map(|it| &it.name));
    }

    // As names only: every one becomes a system of its own, except where two differ in case and punctuation only.
    let names: Vec<String> = texts.iter().map(|text| format!("\"{}\"", text.replace('"', "\"\""))).collect();
    for name in names {
        let text = format!("name\n{name}\n");
        let reading = read("a.csv", text.as_bytes(), &Limits::browser()).unwrap();
        let one = imported(&Model::default(), &reading, &Choices::default());
        assert_eq!(one.systems.len(), 1, "{name}");
        assert_eq!(plan(&reading, &one, &Choices::default()).unwrap(), [], "{name}");
    }
}

#[test]
fn json_test_suite_is_accepted_and_refused_as_its_names_say() {
    let Some(folder) = corpus("5-bad-inputs/json-test-suite/test_parsing") else { return };
    let mut seen = 0;
    for path in files(&folder, "json") {
        let name = file_name(&path).to_owned();
        let whole = within_a_second(&name, || read_file(&path));
        seen += 1;
        if name.starts_with("n_") {
            assert!(whole.is_err(), "{name}");
        } else if name.starts_with("y_") {
            let bytes = std::fs::read(&path).unwrap();
            let text = str::from_utf8(&bytes).unwrap();
            assert_eq!(json::check_depth(text), Ok(()), "{name}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{name}");
            if let Err(refused) = whole {
                let sentence = refused[0].to_string();
                let of_schema = ["no model file", "invalid type", "stands twice", "NUL character"];
                assert!(of_schema.iter().any(|it| sentence.contains(it)), "{name}: {sentence}");
            }
        }
        if let Err(refused) = read_file(&path) {
            assert!(!refused.is_empty() && refused.iter().all(|it| !it.to_string().contains("panicked")), "{name}");
        }
    }
    assert_eq!(seen, 318);
}

#[test]
fn yaml_test_suite_never_brings_the_reader_down() {
    let Some(folder) = corpus("5-bad-inputs/yaml-test-suite/data") else { return };
    let mut seen = 0;
    for path in files(&folder, "js") {
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter_map(|line| line.trim().strip_prefix("\"yaml\": ")) {
            let Ok(yaml) = serde_json::from_str::<String>(line.trim_end_matches(',')) else { continue };
            let whole = within_a_second(file_name(&path), || read("case.yaml", yaml.as_bytes(), &Limits::browser()));
            if let Ok(reading) = whole {
                let model = imported(&Model::default(), &reading, &Choices::default());
                assert!(model.systems.is_empty() && model.flows.is_empty(), "{}", path.display());
            }
            // Indented below a member that takes anything, the same text is read as a fact's value.
            let nested: String = yaml.lines().map(|line| format!("    {line}\n")).collect();
            let _ = read("case.yaml", format!("systems:\n- id: a\n  note:\n{nested}").as_bytes(), &Limits::browser());
            let _ = read("case.csv", yaml.as_bytes(), &Limits::browser());
            seen += 1;
        }
    }
    assert!(seen > 380, "{seen}");
}

#[test]
fn no_file_of_the_corpus_brings_the_reader_down() {
    let Some(folder) = corpus("") else { return };
    let mut folders = vec![folder];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            if bytes.len() > 2_000_000 || file_name(&path) == "README.md" {
                continue;
            }
            // Under another name a file is read as something it is not; the large ones say nothing more than others.
            let other_names = ["file.csv", "file.yaml", "file.json"].iter().filter(|_| bytes.len() < 200_000);
            for name in std::iter::once(file_name(&path)).chain(other_names.copied()) {
                match read(name, &bytes, &Limits::browser()) {
                    Ok(reading) => {
                        let it = preview(&reading, &Model::default(), &Choices::default());
                        assert!(it.entries.len() >= it.new, "{}", path.display());
                        assert!(!reading.to_json().contains("4111111111111111"), "{}", path.display());
                    }
                    Err(refused) => {
                        for rejection in refused {
                            let sentence = rejection.to_string();
                            assert!(!sentence.contains("4111111111111111"), "{}", path.display());
                        }
                    }
                }
            }
            seen += 1;
        }
    }
    assert!(seen > 800, "{seen}");
}

#[test]
fn an_answer_to_each_name_is_an_element_of_the_catalogue() {
    let Some(path) = corpus("1-architecture/online-boutique/derived/flows.csv") else { return };
    for choice in Choices::proposed(&read_file(&path).unwrap()).names.values() {
        if let Choice::Element(element, _) = choice {
            assert!(domain::model::catalogue::element(element.as_str()).is_some(), "{element}");
        }
    }
}
