//! The registry as a whole.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use serde_json::Value;

use super::{ATTRIBUTES, Attribute, FactType, attribute, attributes_of};
use crate::model::file::{
    ControlShape, CredentialShape, FlowShape, GrantShape, HoldingShape, KeyShape, LinkShape, OverrideShape,
    PersonShape, RecordShape, SegmentShape, SettingsShape, SystemShape,
};
use crate::model::object::ObjectKind;
use crate::model::reader::{GapKind, read_json};

fn all() -> impl Iterator<Item = &'static Attribute> {
    ATTRIBUTES.iter().copied().flatten()
}

#[test]
fn no_object_has_two_attributes_of_one_name_or_one_label() {
    let mut names = BTreeSet::new();
    let mut labels = BTreeSet::new();
    for it in all() {
        assert!(names.insert((it.object, it.name)), "{:?} {}", it.object, it.name);
        assert!(labels.insert((it.object, it.label)), "{:?} {}", it.object, it.label);
    }
}

#[test]
fn every_attribute_has_a_plain_name_and_a_label() {
    for it in all() {
        assert!(it.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{}", it.name);
        assert!(!it.label.is_empty() && it.label.chars().count() <= 40, "{:?}", it.label);
        assert!(it.hint.is_empty() || it.hint.ends_with('.'), "{:?}", it.hint);
        if let FactType::Choice(words) | FactType::Choices(words) = it.kind {
            assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len(), "{}", it.name);
        }
    }
}

#[test]
fn forms_show_a_few_attributes_of_each_object_at_once() {
    for kind in ObjectKind::ALL {
        let shown = attributes_of(*kind).filter(|it| it.common).count();
        assert!(shown <= 7, "{kind}: {shown}");
    }
    for (kind, name) in [
        (ObjectKind::System, "owner"),
        (ObjectKind::Flow, "purpose"),
        (ObjectKind::Flow, "no_payment_fields"),
        (ObjectKind::Holding, "retention_days"),
        (ObjectKind::Control, "purpose"),
    ] {
        assert!(attribute(kind, name).unwrap().common, "{kind} {name}");
    }
}

/// Whether files read the member of that name as a column: no column is an object, so that either an error
/// follows or the member is not left over.
fn is_column(kind: ObjectKind, name: &str) -> bool {
    let text = format!("{{\"{name}\":{{\"probe\":1}}}}");
    macro_rules! is_column_of {
        ($shape:ident) => {
            serde_json::from_str::<$shape>(&text).map_or(true, |shape| !shape.rest.contains_key(name))
        };
    }
    match kind {
        ObjectKind::Settings => is_column_of!(SettingsShape),
        ObjectKind::Person => is_column_of!(PersonShape),
        ObjectKind::Segment => is_column_of!(SegmentShape),
        ObjectKind::Control => is_column_of!(ControlShape),
        ObjectKind::Link => is_column_of!(LinkShape),
        ObjectKind::System => is_column_of!(SystemShape),
        ObjectKind::Key => is_column_of!(KeyShape),
        ObjectKind::Credential => is_column_of!(CredentialShape),
        ObjectKind::Flow => is_column_of!(FlowShape),
        ObjectKind::Holding | ObjectKind::FlowField => is_column_of!(HoldingShape),
        ObjectKind::Grant => is_column_of!(GrantShape),
        ObjectKind::Override => is_column_of!(OverrideShape),
        ObjectKind::Vendor
        | ObjectKind::Connector
        | ObjectKind::Certificate
        | ObjectKind::TokenDomain
        | ObjectKind::ElementPolicy
        | ObjectKind::Page
        | ObjectKind::Script
        | ObjectKind::AccessGroup
        | ObjectKind::Observation => is_column_of!(RecordShape),
    }
}

#[test]
fn no_attribute_has_the_name_of_a_column() {
    for it in all() {
        assert!(!is_column(it.object, it.name), "{} is a column of {}", it.name, it.object);
    }
    for (kind, column) in [(ObjectKind::System, "segment"), (ObjectKind::Flow, "data"), (ObjectKind::Vendor, "name")] {
        assert!(is_column(kind, column), "{column}");
    }
}

/// The folder of texts that the tests compare with, where there is one.
fn shared(file: &str) -> Option<String> {
    let folder = std::env::var("PLUMBLINE_SHARED")
        .map_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    std::fs::read_to_string(folder.join(file)).ok()
}

#[test]
fn the_shared_sample_has_registered_attributes_only() {
    let Some(text) = shared("design/sample-shop.json") else {
        return eprintln!("skipped: there is no shared sample here");
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    let (_, gaps) = read_json(file["model"].to_string().as_bytes()).unwrap();
    let unknown: Vec<_> = gaps.iter().filter(|gap| gap.kind == GapKind::UnknownAttribute).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_page_on_attributes_says_what_the_registry_says() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/attributes.md");
    let expected = page();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/attributes.md is out of date: run this test with UPDATE_EXPECT=1");
}

/// The registry as a page.
fn page() -> String {
    let mut page = String::from(
        "# Attributes\n\n\
         Every object of the model has columns, which the engines read, and the attributes below, which a person or\n\
         a file states. In a model file both stand side by side; in a CSV file of systems or flows a column may be\n\
         headed by the name of an attribute, and in a form the field is called `fact.` and the name. An attribute\n\
         without a value is unknown. Lists are divided by `;`, days are written `2026-11-21`, instants\n\
         `2026-11-21T09:30:00Z`, yes and no `yes` and `no` (`true` and `false` in JSON).\n\n\
         This page is made from the registry (`domain/src/model/fact/registry`) by the test\n\
         `the_page_on_attributes_says_what_the_registry_says`; to renew it, run the tests of the package `domain`\n\
         with `UPDATE_EXPECT=1`. Forms show the attributes in **bold** at once.\n",
    );
    for kind in ObjectKind::ALL {
        let attributes: Vec<&Attribute> = attributes_of(*kind).collect();
        if attributes.is_empty() {
            continue;
        }
        write!(page, "\n## {}\n\n| Name | Label | Value | Meaning |\n|---|---|---|---|\n", kind.label()).unwrap();
        for it in attributes {
            let label = if it.common { format!("**{}**", it.label) } else { it.label.to_owned() };
            writeln!(page, "| `{}` | {label} | {} | {} |", it.name, in_words(it.kind), it.hint).unwrap();
        }
    }
    page
}

fn in_words(kind: FactType) -> String {
    let words = |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let named = |kind: ObjectKind| kind.label().to_lowercase();
    match kind {
        FactType::Text => "text".to_owned(),
        FactType::LongText => "text of several lines".to_owned(),
        FactType::Bool => "yes or no".to_owned(),
        FactType::Integer(unit) => format!("whole number ({unit})"),
        FactType::Integers(unit) => format!("whole number or a list of them ({unit})"),
        FactType::Day => "day".to_owned(),
        FactType::Instant => "instant".to_owned(),
        FactType::Choice(choices) => format!("one of {}", words(choices)),
        FactType::Reference(kind) => format!("key of a {}", named(kind)),
        FactType::Evidence => "reference of an evidence item".to_owned(),
        FactType::Texts => "list of texts".to_owned(),
        FactType::Choices(choices) => format!("list of {}", words(choices)),
        FactType::References(kind) => format!("list of keys ({})", named(kind)),
        FactType::Structure => "JSON".to_owned(),
    }
}
