//! The promises of the reader, on files of a few objects.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::gap::GapKind;
use super::*;
use crate::model::element::Op;
use crate::model::kinds::SystemKind;
use crate::model::ops::Ops;
use crate::model::relations::{Auth, Encryption};

#[test]
fn omitted_and_null_attributes_take_the_defaults_of_the_file() {
    let text = br#"{"systems":[{"id":"a","vendor":null,"kind":null},{"id":"b"}],"flows":[{"from":"a","to":"b","data":[{"element":"pan"}]}]}"#;
    let (model, gaps) = read_json(text).unwrap();
    assert_eq!(gaps, []);
    let flow = &model.flows["f0"];
    assert_eq!((flow.encryption, flow.auth), (Encryption::Transport, Auth::ApiKey));
    assert_eq!(flow.fields[0].ops, Ops::from([Op::Transmit]));
    assert_eq!(model.systems["a"].kind, SystemKind::Service);
}

#[test]
fn digits_of_a_mask_become_positions() {
    let text =
        br#"{"systems":[{"id":"a","holdings":[{"element":"pan","form":"truncated","mask":"411111******1111"}]}]}"#;
    let (model, _) = read_json(text).unwrap();
    assert_eq!(model.systems["a"].holdings[0].mask.as_deref(), Some("dddddd******dddd"));
}

#[test]
fn a_dangling_flow_is_a_gap_and_keeps_the_flow() {
    let (model, gaps) =
        read_json(br#"{"systems":[{"id":"a"}],"flows":[{"id":"x","from":"a","to":"nowhere"}]}"#).unwrap();
    assert_eq!(model.flows.len(), 1);
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].kind, gaps[0].value.as_str()), (GapKind::UnknownSystem, "nowhere"));
}

#[test]
fn a_member_that_stands_twice_is_refused() {
    let error = read_json(br#"{"systems":[{"id":"a","kind":"web","kind":"api"}]}"#).unwrap_err();
    assert!(error.message.contains("`kind` stands twice"), "{error}");
}

#[test]
fn another_how_is_a_typed_error_with_its_line() {
    let error =
        read_json(b"{\"systems\":[\n{\"id\":\"a\",\"manages\":[{\"target\":\"b\",\"how\":\"owns\"}]}]}").unwrap_err();
    assert_eq!(error.line, 2);
    assert!(error.message.contains("owns"), "{error}");
}

#[test]
fn the_order_of_objects_in_a_file_does_not_matter() {
    let one = read_json(br#"{"systems":[{"id":"b"},{"id":"a"}]}"#).unwrap().0;
    let other = read_json(br#"{"systems":[{"id":"a"},{"id":"b"}]}"#).unwrap().0;
    assert_eq!(one, other);
}
