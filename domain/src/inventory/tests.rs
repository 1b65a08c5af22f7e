//! What holds for every kind, and the lists of the sample.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use super::*;
use crate::filter::Filter;
use crate::model::draft::{record_from_form, record_to_form};
use crate::model::reader::read_json;
use crate::model::sample::sample;

fn shop() -> Model {
    let mut model = Model::default();
    let today = "2026-11-21".parse().unwrap();
    sample(today).into_iter().for_each(|object| model.put(object));
    model.as_of(today)
}

const BY_NAME: Order<'_> = Order { column: "", descending: false };

fn titles(kind: &'static Kind, model: &Model, filter: &str, order: Order<'_>) -> Vec<String> {
    let table = Table::of(kind, model);
    table.rows(&Filter::parse(filter), order).iter().map(|row| row.title.clone()).collect()
}

#[test]
fn every_kind_of_object_has_a_place() {
    let elsewhere = [
        ObjectKind::Person,
        ObjectKind::System,
        ObjectKind::Flow,
        ObjectKind::Observation,
        ObjectKind::Holding,
        ObjectKind::FlowField,
        ObjectKind::Grant,
    ];
    for kind in ObjectKind::ALL {
        assert_eq!(Kind::of(*kind).is_none(), elsewhere.contains(kind), "{kind}");
    }
    let words: BTreeSet<&str> = KINDS.iter().map(|kind| kind.word).collect();
    assert_eq!(words.len(), KINDS.len());
}

#[test]
fn every_property_is_a_field_of_the_form_and_every_column_one_of_the_kind() {
    let model = shop();
    for kind in KINDS {
        for name in kind.columns {
            assert!(Column::named(kind, name).is_some(), "{} has no column {name}", kind.word);
        }
        let names: BTreeSet<&str> = Column::all(kind).into_iter().map(Column::name).collect();
        assert_eq!(names.len(), Column::all(kind).len(), "{}: two columns of one name", kind.word);
        let Some(object) = kind.records(&model).next() else { continue };
        let written: BTreeSet<String> = record_to_form(&object).into_iter().map(|(name, _)| name).collect();
        for property in kind.properties.iter().filter(|it| it.when != When::Told) {
            assert!(written.contains(property.name), "{} does not write {}", kind.word, property.name);
            assert!(kind.label(property.name).is_some());
        }
    }
}

#[test]
fn a_new_record_is_about_three_fields() {
    for kind in KINDS {
        let fields = kind.at(When::First).count() + kind.at(When::Once).count();
        assert!((1..=5).contains(&fields), "{}: {fields}", kind.word);
    }
}

#[test]
fn every_record_is_found_under_its_address() {
    let model = shop();
    for kind in KINDS {
        for object in kind.records(&model) {
            let found = find(kind, &address(&object.reference()), &model);
            assert_eq!(found.map(|it| it.reference()), Some(object.reference()));
        }
        assert_eq!(kind.count(&model), kind.records(&model).count(), "{}", kind.word);
    }
}

#[test]
fn links_between_segments_with_dividers_in_their_keys_are_told_apart() {
    let text = r#"{"segments":[{"id":"a"},{"id":"a~b"},{"id":"b~c"},{"id":"c"}],
        "segment_links":[{"a":"a~b","b":"c","policy":"open"},{"a":"a","b":"b~c","policy":"denied"}]}"#;
    let model = read_json(text.as_bytes()).unwrap().0;
    let links = Kind::of(ObjectKind::Link).unwrap();
    let addresses: BTreeSet<String> = links.records(&model).map(|it| address(&it.reference())).collect();
    assert_eq!(addresses.len(), 2, "{addresses:?}");
    for object in links.records(&model) {
        assert_eq!(find(links, &address(&object.reference()), &model).unwrap().reference(), object.reference());
    }
}

#[test]
fn a_list_is_filtered_by_words_by_any_column_and_by_use() {
    let text = r#"{"segments":[{"id":"cde","name":"Card zone","trust":"restricted"},{"id":"dmz","name":"Edge",
        "trust":"public","owner":"ops"},{"id":"spare"}],"people":[{"id":"ops","name":"Platform team"}],
        "systems":[{"id":"till","segment":"cde"},{"id":"web","segment":"cde"}]}"#;
    let model = read_json(text.as_bytes()).unwrap().0;
    let segments = Kind::of(ObjectKind::Segment).unwrap();
    let found = |filter: &str| titles(segments, &model, filter, BY_NAME);
    assert_eq!(found(""), ["Card zone", "Edge", "spare"]);
    assert_eq!(found("zone"), ["Card zone"]);
    assert_eq!(found("trust:restricted"), ["Card zone"]);
    assert_eq!(found("-trust:restricted is:unused"), ["Edge", "spare"]);
    assert_eq!(found("owner:platform"), ["Edge"]);
    assert_eq!(found("owner:none is:used"), ["Card zone"]);
    assert_eq!(found("no_such:key"), Vec::<String>::new());
    let most = Order { column: "uses", descending: true };
    assert_eq!(titles(segments, &model, "", most), ["Card zone", "spare", "Edge"]);
}

#[test]
fn a_file_has_exactly_what_the_list_shows_and_no_formula() {
    let text = r#"{"vendors":[{"id":"a","name":"=cmd|' /C calc'!A1","services":["hosting","mail"]},{"id":"b"}]}"#;
    let model = read_json(text.as_bytes()).unwrap().0;
    let vendors = Kind::of(ObjectKind::Vendor).unwrap();
    let table = Table::of(vendors, &model);
    let rows = table.rows(&Filter::parse("services:hosting"), BY_NAME);
    let columns = Column::shown(vendors, &["services", "key"]);
    let expected = "\"Name\",\"Key\",\"Services\"\r\n\"'=cmd|' /C calc'!A1\",\"a\",\"hosting, mail\"\r\n";
    assert_eq!(csv(&table, &rows, &columns), expected);
}

#[test]
fn a_value_in_words_names_what_it_refers_to() {
    let model = shop();
    for kind in KINDS {
        let table = Table::of(kind, &model);
        for row in table.rows(&Filter::default(), BY_NAME) {
            for column in Column::all(kind) {
                for (reference, words) in table.named(row, column) {
                    assert_eq!(title(&model.get(&reference).unwrap(), &model), words, "{reference:?}");
                }
            }
        }
    }
}

#[test]
fn a_new_record_of_every_kind_needs_no_more_than_its_first_fields() {
    let model = shop();
    for kind in KINDS {
        let mut segments = model.segments.keys();
        let form: Vec<(String, String)> = kind
            .at(When::First)
            .chain(kind.at(When::Once))
            .map(|property| {
                let value = match property.input {
                    Input::Line(_) | Input::Lines(_) => "A record that nobody has made before".to_owned(),
                    Input::One(ObjectKind::Segment) => segments.next_back().unwrap().to_string(),
                    Input::One(_) if property.when == When::Once => model.systems.keys().next().unwrap().to_string(),
                    Input::Choice(list) => list()[0].0.to_owned(),
                    Input::Day => "2026-12-01".to_owned(),
                    _ => String::new(),
                };
                (property.name.to_owned(), value)
            })
            .collect();
        let made = record_from_form(kind.object, &form, None, &model);
        assert_eq!(made.map(|it| it.reference().kind()), Ok(kind.object), "{} {form:?}", kind.word);
    }
}
