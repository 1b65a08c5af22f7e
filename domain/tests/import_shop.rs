//! The import of a small bookshop: an invented estate with the traits of real files.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use domain::export;
use domain::import::{Choice, Choices, Limits, Outcome, Preview, Reading, Rejection, plan, preview, read};
use domain::model::Model;
use domain::model::element::Form;
use domain::model::kinds::{FlowKind, SystemKind};
use domain::model::object::ObjectRef;
use domain::model::relations::{Auth, Boundary, Encryption, PaymentPage, Protocol};
use domain::model::system::System;

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name)).unwrap()
}

fn fixture(name: &str) -> Reading {
    read(name, &bytes(name), &Limits::browser()).unwrap()
}

fn csv(text: &str) -> Reading {
    read("file.csv", text.as_bytes(), &Limits::browser()).unwrap()
}

fn imported(model: &Model, reading: &Reading, choices: &Choices) -> Model {
    let mut model = model.clone();
    for object in plan(reading, &model, choices).unwrap() {
        model.put(object);
    }
    model
}

fn refusals(reading: &Reading, model: &Model) -> Vec<String> {
    plan(reading, model, &Choices::default()).unwrap_err().iter().map(Rejection::to_string).collect()
}

fn counts(it: &Preview) -> (usize, usize, usize, usize) {
    (it.new, it.changed, it.unchanged, it.rejected)
}

/// The shop after both files, its flows first.
fn shop() -> Model {
    let flows = fixture("shop-flows.csv");
    let model = imported(&Model::default(), &flows, &Choices::proposed(&flows));
    imported(&model, &fixture("shop-systems.csv"), &Choices::default())
}

#[test]
fn flows_alone_give_open_ends_and_proposals() {
    let reading = fixture("shop-flows.csv");
    let it = preview(&reading, &Model::default(), &Choices::default());
    assert_eq!(counts(&it), (23, 0, 0, 0));
    assert_eq!(it.undeclared.len(), 11);
    assert_eq!(it.ignored_columns, ["seen in"]);
    let proposal = |name: &str| it.wire_names.iter().find(|it| it.name == name).unwrap();
    let element = |name: &str| match &proposal(name).choice {
        Choice::Element(element, form) => format!("{element} {form}"),
        other => other.value(),
    };
    assert_eq!(element("card.number"), "pan clear");
    assert_eq!(element("card.cvv"), "card_verification_code clear");
    assert_eq!(element("card.expiry_month"), "expiry clear");
    assert_eq!(element("email"), "email clear");
    assert_eq!(element("address.postal_code"), "billing_address clear");
    assert_eq!(element("isbn"), "unrecognised");
    assert_eq!((proposal("card.number").flows, proposal("card.number").open), (4, 4));
    assert_eq!(reading.wire_names()[proposal("isbn").index], "isbn");
}

#[test]
fn a_row_becomes_a_flow_with_what_the_file_says_and_nothing_else() {
    let model = shop();
    let flow = &model.flows["shopper--storefront--https--post-order"];
    assert_eq!((flow.name.as_str(), flow.protocol), ("POST /order", Protocol::Https));
    assert_eq!((flow.encryption, flow.auth), (Encryption::Unknown, Auth::Unknown));
    let wire: Vec<(&str, Form, &str)> =
        flow.fields.iter().map(|it| (it.element.as_str(), it.form, it.facts["field_name"].text().unwrap())).collect();
    assert!(wire.contains(&("expiry", Form::Clear, "card.expiry_month")));
    assert!(wire.contains(&("expiry", Form::Clear, "card.expiry_year")));
    let waiting: Vec<&str> = flow.wire_names.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(waiting, [] as [&str; 0]);
    let books = &model.flows["storefront--catalogue--grpc--listbooks"];
    let waiting: Vec<&str> = books.wire_names.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(waiting, ["isbn", "query"]);
    let log = &model.flows["payment-adapter--log-store--log--charge"];
    assert_eq!((log.kind, log.protocol), (FlowKind::Log, Protocol::Unknown));
    let gateway = &model.flows["payment-adapter--card-gateway--https--post-v1-charges"];
    assert!(gateway.fields.iter().any(|it| it.element.as_str() == "pan" && it.facts.is_empty()));
}

#[test]
fn the_file_of_systems_declares_what_flows_named_and_leaves_the_open_end() {
    let model = shop();
    let open: Vec<&str> = model.systems.values().filter(|it| it.undeclared).map(|it| it.name.as_str()).collect();
    assert_eq!(open, ["gift-wrapping"]);
    let storefront = &model.systems["storefront"];
    assert_eq!((storefront.kind, storefront.payment_page), (SystemKind::Web, PaymentPage::MerchantForm));
    assert_eq!(storefront.segment.as_ref().unwrap().as_str(), "web");
    assert_eq!(storefront.facts["owner"].text(), Some("shop-team"));
    assert_eq!(model.people["shop-team"].name, "Shop team");
    assert_eq!(model.people.len(), 3);
    let gateway = &model.systems["card-gateway"];
    assert_eq!((gateway.boundary, gateway.vendor.as_ref().unwrap().as_str()), (Boundary::ThirdParty, "cards-co"));
    assert_eq!(model.vendors["cards-co"].name, "Cards & Co");
}

#[test]
fn the_same_files_again_change_nothing() {
    let model = shop();
    for name in ["shop-flows.csv", "shop-systems.csv"] {
        let reading = fixture(name);
        for choices in [Choices::default(), Choices::proposed(&reading), Choices::accepting_high(&reading)] {
            let again = preview(&reading, &model, &choices);
            assert_eq!((again.new, again.changed, again.rejected), (0, 0, 0), "{name}");
        }
        assert_eq!(plan(&reading, &model, &Choices::default()).unwrap(), []);
    }
}

#[test]
fn a_confirmed_system_is_never_an_open_end_again() {
    let reading = fixture("shop-flows.csv");
    let mut choices = Choices::proposed(&reading);
    choices.confirmed.insert("log-store".into());
    let mut model = imported(&Model::default(), &reading, &choices);
    assert!(!model.systems["log-store"].undeclared && model.systems["mailer"].undeclared);
    // A person confirms the rest on their pages.
    for system in model.systems.values_mut() {
        *system = System { undeclared: false, ..System::clone(system) }.into();
    }
    assert_eq!(plan(&reading, &model, &Choices::proposed(&reading)).unwrap(), []);
    assert_eq!(preview(&reading, &model, &Choices::default()).undeclared, []);
    let file = export::model_file::to_json(&imported(&Model::default(), &reading, &choices));
    let file = read("old.json", file.as_bytes(), &Limits::browser()).unwrap();
    let after = imported(&model, &file, &Choices::default());
    assert!(after.systems.values().all(|it| !it.undeclared));
}

#[test]
fn a_file_of_systems_can_name_an_open_end_but_not_make_one_of_a_declared_system() {
    let model = shop();
    assert_eq!(plan(&csv("id,undeclared\nmailer,yes\n"), &model, &Choices::default()).unwrap(), []);
    assert_eq!(plan(&csv("id,undeclared\ngift-wrapping,yes\n"), &model, &Choices::default()).unwrap(), []);
    let declared = imported(&model, &csv("id,undeclared\ngift-wrapping,\n"), &Choices::default());
    assert!(!declared.systems["gift-wrapping"].undeclared);
    let new = csv("id,undeclared\nnobody-knows,yes\n");
    assert_eq!(preview(&new, &model, &Choices::default()).undeclared, ["nobody-knows".into()]);
    assert!(imported(&model, &new, &Choices::default()).systems["nobody-knows"].undeclared);
}

#[test]
fn what_a_file_leaves_out_is_never_erased() {
    let model = shop();
    let bare = csv("id,kind,owner,segment,vendor\ncheckout,,,,\nstorefront,-,?,n/a,\n");
    assert_eq!(plan(&bare, &model, &Choices::default()).unwrap(), []);
    let bare = csv("source,target,protocol,operation,fields,auth\nshopper,storefront,https,POST /order,,\n");
    assert_eq!(plan(&bare, &model, &Choices::default()).unwrap(), []);
}

#[test]
fn a_change_is_shown_field_by_field() {
    let it = preview(&csv("key,kind,boundary\nCHECKOUT,api,own\n"), &shop(), &Choices::default());
    assert_eq!(counts(&it), (0, 1, 0, 0));
    let entry = &it.entries[0];
    assert_eq!((entry.object.clone(), entry.line), (Some(ObjectRef::System("checkout".into())), Some(2)));
    let Outcome::Changed(fields) = &entry.outcome else { panic!("{entry:?}") };
    let fields: Vec<_> = fields.iter().map(|it| (it.name.as_str(), it.before.as_str(), it.after.as_str())).collect();
    assert_eq!(fields, [("kind", "service", "api")]);
}

#[test]
fn answers_of_a_form_decide_name_by_name() {
    let reading = fixture("shop-flows.csv");
    let number = |name: &str| reading.wire_names().iter().position(|it| it == name).unwrap();
    let form = [
        (format!("wire.{}", number("card.number")), "pan:encrypted"),
        (format!("wire.{}", number("isbn")), "none"),
        (format!("wire.{}", number("email")), "unrecognised"),
        (format!("wire.{}", number("query")), "nonsense"),
        ("wire.9999".to_owned(), "pan:clear"),
        ("confirm".to_owned(), "mailer"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let model = imported(&Model::default(), &reading, &Choices::from_form(&form, &reading));
    let flow = &model.flows["checkout--payment-adapter--grpc--charge"];
    assert_eq!((flow.fields.len(), flow.fields[0].form), (1, Form::Encrypted));
    let books = &model.flows["storefront--catalogue--grpc--listbooks"];
    let names: Vec<_> = books.wire_names.iter().map(|it| (it.name.as_str(), it.dismissed)).collect();
    assert_eq!(names, [("isbn", true), ("query", false)]);
    assert!(!model.systems["mailer"].undeclared);
}

#[test]
fn only_what_was_chosen_is_mapped() {
    let reading = fixture("shop-flows.csv");
    let mapped = |choices: &Choices| {
        let model = imported(&Model::default(), &reading, choices);
        let fields = model.flows.values().flat_map(|flow| flow.fields.iter().map(|it| it.element.to_string()));
        fields.collect::<std::collections::BTreeSet<_>>()
    };
    // `pan:clear` is stated by the file itself.
    assert_eq!(mapped(&Choices::default()), ["pan".to_owned()].into());
    assert!(mapped(&Choices::accepting_high(&reading)).contains("card_verification_code"));
}

#[test]
fn a_reading_survives_its_storage() {
    for name in ["shop-flows.csv", "shop-systems.csv"] {
        let reading = fixture(name);
        assert_eq!(Reading::from_json(&reading.to_json()).unwrap(), reading);
    }
    let broken = csv("id,kind\na,pigeon\n");
    assert_eq!(Reading::from_json(&broken.to_json()).unwrap(), broken);
    let file = export::model_file::to_json(&shop());
    let reading = read("a.json", file.as_bytes(), &Limits::browser()).unwrap();
    assert_eq!(Reading::from_json(&reading.to_json()).unwrap(), reading);
    assert!(Reading::from_json("{}").is_err());
}

#[test]
fn exported_files_change_nothing() {
    let model = shop();
    for text in [export::csv::systems(&model), export::csv::flows(&model)] {
        let reading = csv(&text);
        assert_eq!(reading.ignored_columns(), Vec::<String>::new());
        assert_eq!(plan(&reading, &model, &Choices::proposed(&reading)).unwrap(), []);
    }
}

#[test]
fn a_file_with_an_unclosed_quote_is_named_with_the_line_where_it_opened() {
    let refused = read("shop-broken-quote.csv", &bytes("shop-broken-quote.csv"), &Limits::browser()).unwrap_err();
    let sentence = refused[0].to_string();
    assert!(sentence.starts_with("shop-broken-quote.csv, line 3, field \"column 4\""), "{sentence}");
    assert!(sentence.contains("opens on line 3 is never closed; close the quote"), "{sentence}");
}

#[test]
fn a_file_that_is_not_utf_8_is_named_with_line_and_offset() {
    let refused = read("shop-broken-latin-1.csv", &bytes("shop-broken-latin-1.csv"), &Limits::browser()).unwrap_err();
    let sentence = refused[0].to_string();
    assert!(sentence.contains("line 3") && sentence.contains("offset 83"), "{sentence}");
    assert!(sentence.contains("save the file as UTF-8"), "{sentence}");
}

#[test]
fn a_duplicate_id_names_both_lines_and_nothing_is_stored() {
    let reading = fixture("shop-broken-duplicate-id.csv");
    let sentences = refusals(&reading, &Model::default());
    assert_eq!(
        sentences,
        [
            "shop-broken-duplicate-id.csv, line 4, field \"id\": the row is for the same flow as line 2 (key \"order\"); \
          remove one of the two rows, or give each an id of its own."
        ]
    );
    assert_eq!(preview(&reading, &Model::default(), &Choices::default()).rejected, 1);
    let twice = csv("source,target,protocol,operation\na,b,https,get\nc,d,,\nA,B,HTTPS,GET\n");
    assert!(refusals(&twice, &Model::default())[0].contains("same flow as line 2"));
    let twice = csv("name,kind\nCheck out,api\ncheck-out,web\n");
    assert!(
        refusals(&twice, &Model::default())[0]
            .contains("line 3, field \"id\": the row is for the same system as line 2")
    );
}

#[test]
fn a_file_that_is_too_large_is_refused_by_its_size() {
    let mut limits = Limits::browser();
    (limits.bytes, limits.rows) = (100, 2);
    let refused = read("big.csv", &[b'x'; 101], &limits).unwrap_err()[0].to_string();
    assert!(refused.starts_with("big.csv: ") && refused.contains("plumbline import"), "{refused}");
    let refused = read("big.csv", b"id\na\nb\nc\n", &limits).unwrap_err()[0].to_string();
    assert!(refused.contains("line 4") && refused.contains("more than 2 rows"), "{refused}");
    let refused = read("big.csv", &vec![b'x'; 50 * 1024 * 1024], &Limits::browser()).unwrap_err()[0].to_string();
    assert!(refused.contains("50 MiB, and at most 32 MiB"), "{refused}");
    let mut limits = Limits::command_line();
    limits.rows = 2;
    let refused = read("big.csv", b"id\na\nb\nc\n", &limits).unwrap_err();
    assert!(refused[0].to_string().contains("split it"), "{}", refused[0]);
}

#[test]
fn a_value_outside_its_list_is_rejected_with_the_list() {
    let reading = csv("source,target,protocol,tls\na,b,carrier pigeon,perhaps\nc,d,https,yes\n");
    let sentences = refusals(&reading, &Model::default());
    assert_eq!(sentences.len(), 2);
    assert!(sentences[0].starts_with("file.csv, line 2, field \"protocol\": \"carrier pigeon\" is not a value"));
    assert!(sentences[0].contains("use one of https, http, grpc"));
    assert!(sentences[1].contains("field \"tls\""));
    let it = preview(&reading, &Model::default(), &Choices::default());
    assert_eq!((it.new, it.rejected), (3, 2));
}

#[test]
fn the_column_of_the_protocol_may_name_the_kind_or_that_it_is_encrypted() {
    let text = "source,target,kind,protocol,encryption\na,b,,log,\na,c,,TLS 1.2,\na,d,,tls,none\na,e,batch,file,\na,f,webhook,,\n";
    let model = imported(&Model::default(), &csv(text), &Choices::default());
    let flow = |key: &str| {
        let it = &model.flows[key];
        (it.kind, it.protocol, it.encryption)
    };
    assert_eq!(flow("a--b--log"), (FlowKind::Log, Protocol::Unknown, Encryption::Unknown));
    assert_eq!(flow("a--c--tcp"), (FlowKind::Api, Protocol::Tcp, Encryption::Transport));
    assert_eq!(flow("a--d--tcp"), (FlowKind::Api, Protocol::Tcp, Encryption::None));
    assert_eq!(flow("a--e--file"), (FlowKind::Batch, Protocol::Unknown, Encryption::Unknown));
    // The kind is no part of the key, so that correcting it finds the same flow.
    assert_eq!(flow("a--f").0, FlowKind::Webhook);
}

#[test]
fn a_card_number_in_any_cell_is_refused_and_kept_nowhere() {
    let text = "source,target,protocol,notes\na,b,https,4111 1111 1111 1111\n4111111111111111,b,https,\na,4111111111111111,,\n";
    let reading = csv(text);
    let sentences = refusals(&reading, &Model::default());
    assert_eq!(sentences.len(), 3);
    assert!(sentences[0].contains("line 2, field \"notes\"") && sentences[0].contains("dddd dddd dddd dddd"));
    let everything =
        format!("{sentences:?}{}{:?}", reading.to_json(), preview(&reading, &Model::default(), &Choices::default()));
    assert!(!everything.contains("1111"), "{everything}");
    let refused = read("a.csv", b"source,target,4111111111111111\n", &Limits::browser()).unwrap_err();
    assert!(!refused[0].to_string().contains("1111"), "{}", refused[0]);
}

#[test]
fn a_name_that_several_systems_have_is_not_guessed() {
    let model = imported(&Model::default(), &csv("id,name\na1,Database\na2,Database\n"), &Choices::default());
    let sentences = refusals(&csv("source,target\nx,database\n"), &model);
    assert!(sentences[0].contains("field \"target\"") && sentences[0].contains("a1 and a2"), "{sentences:?}");
    assert_eq!(refusals(&csv("name,kind\ndatabase,api\n"), &model).len(), 1);
    let flows = imported(&model, &csv("source,target\nx,A2\n"), &Choices::default());
    assert_eq!(flows.flows["x--a2"].to.as_str(), "a2");
}

#[test]
fn a_header_that_names_nothing_known_says_what_is_needed() {
    for (text, field) in [
        ("a,b\n1,2\n", "header"),
        ("", ""),
        ("\n\n", ""),
        ("source,protocol\na,https\n", "target"),
        ("name,target,fields\na,b,c\n", "source"),
    ] {
        let refused = read("a.csv", text.as_bytes(), &Limits::browser()).unwrap_err();
        assert_eq!(refused[0].field, field, "{}", refused[0]);
        assert_eq!(refused[0].line, Some(1));
    }
}

#[test]
fn rows_of_nothing_and_files_without_rows_are_no_problem() {
    let it = preview(&csv("id,name\n\n,\na,A\n"), &Model::default(), &Choices::default());
    assert_eq!(counts(&it), (1, 0, 0, 0));
    assert_eq!(counts(&preview(&csv("id,name\n"), &Model::default(), &Choices::default())), (0, 0, 0, 0));
    let it = csv("id,name\n\"\",\"\"\n");
    assert!(refusals(&it, &Model::default())[0].contains("names no system"));
}

#[test]
fn many_rejections_are_counted_and_the_first_listed() {
    let text: String =
        std::iter::once("id,kind\n".to_owned()).chain((0..500).map(|n| format!("s{n},pigeon\n"))).collect();
    let reading = csv(&text);
    assert_eq!(preview(&reading, &Model::default(), &Choices::default()).rejected, 500);
    let sentences = refusals(&reading, &Model::default());
    assert_eq!(sentences.len(), 201);
    assert!(sentences[200].contains("300 more"), "{}", sentences[200]);
}
