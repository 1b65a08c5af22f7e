#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests, which say when they skip")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::model::Model;
use crate::risk::appetite::Register;
use crate::risk::record::{Category, Link, Risk, RiskKey, Stage, Treatment};
use crate::risk::scheme::convert::Way;
use crate::risk::scheme::{Rating, Scheme, Step};

fn table(text: &str) -> Table {
    Table::from_csv("register.csv", text.as_bytes(), &Limits::browser()).unwrap()
}

fn register(scheme: Scheme) -> Register {
    Register { scheme, ..Register::default() }
}

fn read(
    table: &Table,
    mapping: &Mapping,
    answers: &Answers,
    existing: &BTreeMap<RiskKey, Arc<Risk>>,
    register: &Register,
) -> DryRun {
    dry_run(table, mapping, answers, Around { existing, register, model: &Model::default() })
}

fn run(table: &Table, scheme: Scheme, way: Option<Way>) -> DryRun {
    let mapping = Mapping::guess(table);
    let answers = way.map(|way| Answers::all(table, &mapping, scheme, way)).unwrap_or_default();
    read(table, &mapping, &answers, &BTreeMap::new(), &register(scheme))
}

/// A file of the corpus, where it is there.
fn corpus(path: &str) -> Option<Vec<u8>> {
    let shared = std::env::var_os("PLUMBLINE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let file = shared.join("corpus/3-registers-controls").join(path);
    let bytes = std::fs::read(&file).ok();
    if bytes.is_none() {
        println!("skipped: {path} is not there");
    }
    bytes
}

fn meanings(table: &Table) -> Vec<(String, String)> {
    let mapping = Mapping::guess(table);
    let meaning = |column: &Option<Column>| column.map_or_else(|| "-".to_owned(), |it| it.to_string());
    table.header.iter().cloned().zip(mapping.columns.iter().map(meaning)).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
}

#[test]
fn a_register_of_five_steps_is_read_as_it_stands() {
    let Some(bytes) = corpus("sg1unitis/risk_register.csv") else { return };
    let table = Table::from_csv("sg1unitis.csv", &bytes, &Limits::browser()).unwrap();
    let expected = [
        ("risk_id", "reference"),
        ("title", "title"),
        ("asset_id", "links"),
        ("scenario", "event"),
        ("threat", "cause"),
        ("vulnerability", "cause"),
        ("existing_controls", "controls"),
        ("L_1to5", "inherent_likelihood"),
        ("I_1to5", "inherent_impact"),
        ("score", "score"),
        ("level", "level"),
        ("treatment", "treatment"),
        ("actions", "actions"),
        ("owner", "owner"),
        ("target_date", "action_due"),
        ("status", "stage"),
        ("notes", "-"),
    ];
    assert_eq!(meanings(&table), pairs(&expected));
    let product = run(&table, Scheme::Product, None);
    assert_eq!((product.questions.len(), product.rejections.len(), product.rows.len()), (0, 0, 12));
    assert_eq!(product.ignored, ["notes"]);
    let first = &product.rows[0].risk;
    assert_eq!((first.reference.as_deref(), first.treatment), (Some("R01"), Some(Treatment::Modify)));
    assert_eq!((first.actions.len(), first.actions[0].due), (4, "2026-03-31".parse().ok()));
    assert!(first.cause.starts_with("Phishing / credential theft; Weak MFA"), "{}", first.cause);
    // Its levels are those of the product scheme; nothing is said about them there.
    assert!(product.rows.iter().all(|it| !it.notes.iter().any(|note| note.starts_with("The file says"))));
    let nist = run(&table, Scheme::Nist, None);
    assert!(nist.rows.iter().any(|it| it.notes.iter().any(|note| note.starts_with("The file says"))));
}

#[test]
fn a_register_of_three_steps_asks_how_it_becomes_five() {
    let Some(bytes) = corpus("nextcloud-gap/risk-register.csv") else { return };
    let table = Table::from_csv("nextcloud.csv", &bytes, &Limits::browser()).unwrap();
    let expected = [
        ("Control_Ref", "reference"),
        ("Control_Name", "title"),
        ("Gap_Description", "event"),
        ("Likelihood_1_3", "inherent_likelihood"),
        ("Impact_1_3", "inherent_impact"),
        ("Risk_Score", "score"),
        ("Risk_Level", "level"),
        ("Risk_Owner", "owner"),
        ("Remediation_Action", "actions"),
        ("Target_Date", "action_due"),
        ("NIST_CSF_Function", "-"),
    ];
    assert_eq!(meanings(&table), pairs(&expected));
    let asked = run(&table, Scheme::Nist, None);
    assert_eq!((asked.questions.len(), asked.rows.len()), (2, 0));
    assert_eq!(asked.questions[0].from, SourceScale { lowest: 1, highest: 3, stated: true });
    assert_eq!(asked.questions[0].offers.len(), 2);
    let spread = run(&table, Scheme::Nist, Some(Way::Spread));
    assert_eq!((spread.rejections.len(), spread.rows.len()), (0, 13));
    let steps = |run: &DryRun| run.rows[1].risk.inherent.map(|it| (it.likelihood().number(), it.impact().number()));
    assert_eq!(steps(&spread), Some((3, 5)));
    assert_eq!(steps(&run(&table, Scheme::Nist, Some(Way::Centre))), Some((3, 4)));
    assert_eq!(steps(&run(&table, Scheme::Three, None)), Some((2, 3)));
    // On its own scale our levels are those of the file.
    let own = run(&table, Scheme::Three, None);
    assert!(own.rows.iter().all(|it| !it.notes.iter().any(|note| note.starts_with("The file says"))), "{own:?}");
    assert_eq!(own.rows[0].risk.actions[0].due, "2026-12-31".parse().ok());
    assert!(own.rows[0].notes.iter().any(|note| note.contains("Q4-2026")));
}

#[test]
fn both_line_ends_and_threats_without_a_scenario_are_read() {
    let (Some(lf), Some(crlf)) = (corpus("voltmart/risk_register.lf.csv"), corpus("voltmart/risk_register.crlf.csv"))
    else {
        return;
    };
    let read = |bytes: &[u8]| Table::from_csv("voltmart.csv", bytes, &Limits::browser()).unwrap();
    let table = read(&lf);
    assert_eq!(table, read(&crlf));
    let expected = [
        ("Risk ID", "reference"),
        ("Asset ID", "links"),
        ("Threat", "event"),
        ("STRIDE Category", "category"),
        ("Likelihood (1-5)", "inherent_likelihood"),
        ("Impact (1-5)", "inherent_impact"),
        ("Risk Score", "score"),
        ("Owner", "owner"),
        ("Status", "stage"),
    ];
    assert_eq!(meanings(&table), pairs(&expected));
    let run = run(&table, Scheme::Nist, None);
    assert_eq!((run.rejections.len(), run.rows.len()), (0, 12));
    let first = &run.rows[0];
    assert_eq!((first.risk.category, first.risk.title == first.risk.event), (Some(Category::Integrity), true));
    assert!(first.notes.iter().any(|note| note.contains("AST-012")), "{:?}", first.notes);
}

#[test]
fn a_rating_outside_the_scale_is_shown_as_such_and_never_clamped() {
    let table = table("Risk,Likelihood (1-5),Impact (1-5)\nfine,1,5\nhigh,6,2\nnone,0,3\nhalf,3.5,3\nalone,3,\n");
    let run = run(&table, Scheme::Nist, None);
    assert_eq!(run.rows.len(), 1);
    let said: Vec<String> = run.rejections.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 4);
    assert!(said[0].starts_with("register.csv, line 3, field \"Likelihood (1-5)\": \"6\" lies outside"), "{}", said[0]);
    assert!(said[2].contains("\"3.5\" is no step"), "{}", said[2]);
    assert!(said[3].contains("only one of likelihood and impact"), "{}", said[3]);
}

#[test]
fn every_problem_of_a_row_is_said_with_its_column() {
    let table = table("Title,Treatment,Status,Next review\nx,hope,asleep,31/12/2026\n4111 1111 1111 1111,,,\n");
    let run = run(&table, Scheme::Nist, None);
    let fields: Vec<(Option<usize>, &str)> = run.rejections.iter().map(|it| (it.line, it.field.as_str())).collect();
    assert_eq!(fields, [(Some(2), "Treatment"), (Some(2), "Status"), (Some(2), "Next review"), (Some(3), "Title")]);
    assert!(!run.rejections[3].to_string().contains("1111"));
}

#[test]
fn two_rows_about_one_risk_are_refused() {
    let table = table("ID,Title\nA,one\nA,two\n");
    let run = run(&table, Scheme::Nist, None);
    assert!(run.rejections[0].to_string().contains("line 2 has the same reference"), "{:?}", run.rejections);
}

#[test]
fn what_is_incomplete_comes_in_as_a_draft_and_accepted_as_open() {
    let table = table("Title,Status\nx,Accepted\n");
    let run = run(&table, Scheme::Nist, None);
    assert_eq!(run.rows[0].risk.stage, Stage::Draft);
    assert_eq!(run.rows[0].notes.len(), 2);
}

fn full() -> Risk {
    let mut risk = Risk::new(RiskKey(4));
    risk.title = "=Formula; \"quoted\"".to_owned();
    risk.event = "Something\nhappens".to_owned();
    risk.category = Some(Category::Fraud);
    risk.links = [Link::Element("pan".into()), Link::Element("iban".into())].into();
    risk.inherent = Rating::new(Scheme::Nist, Step::new(4).unwrap(), Step::new(4).unwrap());
    risk.target = Rating::new(Scheme::Nist, Step::new(2).unwrap(), Step::new(4).unwrap());
    risk.treatment = Some(Treatment::Retain);
    risk.actions = serde_json::from_str(
        r#"[{"number":3,"what":"a; b","who":null,"due":"2027-01-01","effort":{"tenths":5},"money":null,
        "state":"doing","after":[],"ticket":"PAY-1","option":null}]"#,
    )
    .unwrap();
    risk.controls = serde_json::from_str(r#"[{"what":"x;y","effectiveness":"partly","evidence":"EV-0001"}]"#).unwrap();
    risk.next_review = "2027-02-01".parse().ok();
    risk.reference = Some("old 7".to_owned());
    risk
}

#[test]
fn an_export_read_back_changes_nothing_and_into_an_empty_register_gives_the_same() {
    let risk = full();
    let text = to_csv(&[&risk], Scheme::Nist);
    let table = table(&text);
    let mapping = Mapping::guess(&table);
    assert_eq!(mapping.ignored(&table), Vec::<&str>::new());
    for existing in [BTreeMap::from([(risk.key, Arc::new(risk.clone()))]), BTreeMap::new()] {
        let known = !existing.is_empty();
        let run = read(&table, &mapping, &Answers::default(), &existing, &register(Scheme::Nist));
        assert_eq!(run.rejections, []);
        assert_eq!(run.rows[0].risk, risk, "{text}");
        assert_eq!(run.rows[0].outcome, if known { Outcome::Unchanged } else { Outcome::New });
    }
}

#[test]
fn the_same_rows_have_the_same_hash() {
    let rows = |title: &str| run(&table(&format!("Title\n{title}\n")), Scheme::Nist, None).rows;
    assert_eq!(rows_hash(&rows("a")), rows_hash(&rows("a")));
    assert_ne!(rows_hash(&rows("a")), rows_hash(&rows("b")));
}

#[test]
fn twenty_thousand_rows_get_twenty_thousand_keys() {
    let mut text = "Title,Likelihood (1-5),Impact (1-5)\n".to_owned();
    for number in 0..20_000 {
        text.push_str(&format!("Risk {number},{},{}\n", number % 5 + 1, number % 4 + 1));
    }
    let run = run(&table(&text), Scheme::Nist, None);
    assert_eq!((run.rows.len(), run.rejections.len()), (20_000, 0));
    assert_eq!(run.rows[19_999].risk.key, RiskKey(20_000));
}
