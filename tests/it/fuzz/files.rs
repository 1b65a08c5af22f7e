//! Files that somebody imports: model files and tables.

use domain::export;
use domain::import::{Choices, Limits, plan, preview, read};
use domain::model::Model;
use domain::model::sample::sample;
use domain::time::Day;
use tests::fuzz::{Corpus, fuzz};

const JSON: &str = r#"{"segments":[{"id":"s","trust":"internal"}],
"systems":[{"id":"a","name":"A","kind":"service","boundary":"own","segment":"s",
"holdings":[{"element":"pan","form":"truncated","ops":["store"],"mask":"411111******1111","records":7}],
"capabilities":[{"type":"detokenise","domain":"d"}],"note":"x"},{"id":"b","boundary":"third_party","vendor":"v"}],
"keys":[{"id":"k","use":"decrypt","holders":["a"]}],"vendors":[{"id":"v","name":"V"}],
"flows":[{"id":"f","from":"a","to":"b","data":[{"element":"pan","form":"encrypted","key":"k"}],"access":"blocked"}]}"#;

const YAML: &str = "segments:\n- {id: s, trust: internal}\nsystems:\n- id: a\n  name: \"A\"\n  segment: s\n  holdings:\n  \
    - {element: pan, form: clear, ops: [store]}\n- id: b\nflows:\n- id: f\n  from: a\n  to: b\n  data: [{element: pan}]\n";

const SYNTAX: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "null",
    "true",
    "1e999",
    "\"id\":\"a\"",
    "\"systems\":[",
    "\\u0000",
    "\\ud800",
    "- ",
    "  ",
    "&x ",
    "*x",
    "---\n",
    "? ",
    "!!binary ",
    "|\n",
    "<<: ",
    "\"element\":\"pan\"",
];

/// What holds of every file: it is refused with reasons, or what it plans can be put, written and read again, and the same
/// file then changes nothing.
fn taken_or_refused(name: &str, bytes: &[u8]) {
    let reading = match read(name, bytes, &Limits::browser()) {
        Ok(reading) => reading,
        Err(reasons) => return assert!(!reasons.is_empty()),
    };
    let empty = Model::default();
    let shown = preview(&reading, &empty, &Choices::proposed(&reading));
    match plan(&reading, &empty, &Choices::default()) {
        Err(reasons) => assert!(!reasons.is_empty()),
        Ok(objects) => {
            assert_eq!(shown.rejected, 0, "the preview says that everything is taken");
            let mut model = empty;
            objects.into_iter().for_each(|object| model.put(object));
            assert_eq!(plan(&reading, &model, &Choices::default()).unwrap(), [], "the same file changes nothing");
            let written = export::model_file::to_json(&model);
            let again = read("again.json", written.as_bytes(), &Limits::browser()).unwrap();
            assert_eq!(plan(&again, &model, &Choices::default()).unwrap(), [], "what was written says the same");
        }
    }
}

#[test]
fn a_model_file_in_json_is_taken_whole_or_refused() {
    let corpus = Corpus { seeds: &[JSON.as_bytes()], pieces: &SYNTAX };
    fuzz(400, &corpus, |bytes| taken_or_refused("a.json", bytes));
}

#[test]
fn a_model_file_in_yaml_is_taken_whole_or_refused() {
    let corpus = Corpus { seeds: &[YAML.as_bytes(), JSON.as_bytes()], pieces: &SYNTAX };
    fuzz(400, &corpus, |bytes| taken_or_refused("a.yaml", bytes));
}

#[test]
fn a_table_is_taken_whole_or_refused() {
    let mut model = Model::default();
    for object in sample(Day::from_ymd(2026, 11, 21).unwrap()) {
        model.put(object);
    }
    let (systems, flows) = (export::csv::systems(&model), export::csv::flows(&model));
    let (systems, flows) = (first_lines(&systems), first_lines(&flows));
    let seeds = [
        b"source,target,protocol,fields\r\na,b,https,card_number;cvv\r\nb,c,grpc,\r\n".as_slice(),
        b"\xef\xbb\xbfid;name;kind;owner\nw;\"Till; \"\"one\"\"\";service;\n",
        systems.as_bytes(),
        flows.as_bytes(),
    ];
    let pieces =
        [",", ";", "\"", "\"\"", "\r", "source,target\n", "id,name\n", "'=1", "pan:clear", "element", "\u{a0}", "|"];
    let corpus = Corpus { seeds: &seeds, pieces: &pieces };
    fuzz(400, &corpus, |bytes| taken_or_refused("a.csv", bytes));
}

/// The head and the first rows of a table: a change in it hits something that matters.
fn first_lines(table: &str) -> String {
    table.split_inclusive("\r\n").take(5).collect()
}

#[test]
fn a_table_that_is_written_runs_no_formula_and_says_the_names_again() {
    let corpus = Corpus {
        seeds: &[b"Till", b"=1+1", b"'=1", b" @SUM(A1)"],
        pieces: &["=", "+", "-", "@", "'", "\"", ",", "＝"],
    };
    fuzz(400, &corpus, |bytes| {
        let name = String::from_utf8_lossy(bytes).into_owned();
        let mut system = domain::model::system::System::new(domain::id::SystemId::new("a"), name.as_str());
        system.facts.clear();
        let mut model = Model::default();
        model.put(domain::model::object::Object::System(std::sync::Arc::new(system)));
        let table = export::csv::systems(&model);
        for cell in cells(&table) {
            let first = cell.trim_start_matches(' ').chars().next();
            assert!(!first.is_some_and(|it| "=+-@\t\r\n\0＝＋－＠".contains(it)), "{cell:?}");
        }
        let said = cells(&table).iter().any(|cell| domain::import::cell::unguarded(cell) == name);
        assert!(said, "{name:?} in {table:?}");
    });
}

/// The cells of a table in which every cell is in quotes.
pub fn cells(table: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut rest = table;
    while let Some(inside) = rest.strip_prefix('"') {
        let mut cell = String::new();
        let mut characters = inside.char_indices().peekable();
        let end = loop {
            match characters.next().expect("every cell ends") {
                (_, '"') if characters.peek().is_some_and(|(_, next)| *next == '"') => {
                    characters.next();
                    cell.push('"');
                }
                (at, '"') => break at,
                (_, other) => cell.push(other),
            }
        };
        cells.push(cell);
        let after = &inside[end + 1..];
        rest = after.strip_prefix(',').or_else(|| after.strip_prefix("\r\n")).unwrap_or(after);
    }
    assert_eq!(rest, "", "a table is cells and nothing else");
    cells
}
