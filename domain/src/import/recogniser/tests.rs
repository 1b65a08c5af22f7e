#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use super::*;

fn of(file: &str, text: &str) -> Recognition {
    recognise(file, text.as_bytes(), &Limits::browser()).unwrap()
}

fn found(it: &Recognition) -> Vec<(&str, &str, Form, Confidence)> {
    it.findings.iter().map(|it| (it.path.as_str(), it.element.as_str(), it.form, it.confidence)).collect()
}

fn one(file: &str, text: &str, path: &str) -> Option<(String, Form, Confidence)> {
    of(file, text)
        .findings
        .into_iter()
        .find(|it| it.path == path)
        .map(|it| (it.element.to_string(), it.form, it.confidence))
}

fn schema(properties: &str) -> String {
    format!(r#"{{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Thing","properties":{properties}}}"#)
}

#[test]
fn a_referred_schema_is_looked_at_once_in_the_light_of_what_refers_to_it() {
    let text = r##"{"openapi":"3.1.0","paths":{"/pay":{"post":{
        "requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Order"}}}},
        "responses":{"200":{"content":{"application/json":{"schema":{"properties":{"card_number":{"type":"string"}}}}}}}}}},
        "components":{"schemas":{
          "Order":{"properties":{"card":{"$ref":"#/components/schemas/Details"},"spare":{"$ref":"#/components/schemas/Details"}}},
          "Details":{"properties":{"number":{"type":"string"},"self":{"$ref":"#/components/schemas/Details"}}}}}}"##;
    let it = of("a.json", text);
    assert_eq!(it.source, Source::OpenApi3);
    assert_eq!(
        found(&it),
        [
            ("POST /pay 200 response: card_number", "pan", Form::Clear, Confidence::High),
            ("Details.number", "pan", Form::Clear, Confidence::Medium),
        ]
    );
    assert_eq!(it.findings[0].direction, Direction::Response);
    assert_eq!(it.findings[1].direction, Direction::Request);
    assert_eq!(it.warnings.len(), 1, "{:?}", it.warnings);
}

#[test]
fn cycles_of_every_kind_end() {
    let text = r##"{"openapi":"3.0.0","components":{"schemas":{
        "A":{"allOf":[{"$ref":"#/components/schemas/B"}],"properties":{"cvc":{"$ref":"#/components/schemas/A/properties/cvc"}}},
        "B":{"$ref":"#/components/schemas/A"},
        "C":{"items":{"$ref":"#/components/schemas/C"},"additionalProperties":{"$ref":"#"}}}}}"##;
    assert_eq!(found(&of("a.json", text)), [("A.cvc", "card_verification_code", Form::Clear, Confidence::High)]);
}

#[test]
fn a_reference_to_another_document_is_named_and_not_followed() {
    let text = schema(
        r##"{"card":{"$ref":"https://example.com/card.json#/Card"},"cvc":{"$ref":"file:///etc/passwd"},"x":{"$ref":"#/nowhere"}}"##,
    );
    let it = of("a.json", &text);
    assert_eq!(it.remote_references, ["file:///etc/passwd", "https://example.com/card.json#/Card"]);
    assert_eq!(it.broken_references, ["#/nowhere"]);
    assert_eq!(found(&it).len(), 1);
}

#[test]
fn parts_lists_and_maps_are_looked_into() {
    let text = schema(
        r#"{"cards":{"type":"array","items":{"oneOf":[{"properties":{"number":{}}},{"properties":{"expiry":{}}}]}},
            "byUser":{"additionalProperties":{"properties":{"cardNumber":{"type":"string"}}}}}"#,
    );
    assert_eq!(
        found(&of("a.json", &text)),
        [
            ("Thing.byUser.*.cardNumber", "pan", Form::Clear, Confidence::High),
            ("Thing.cards[].expiry", "expiry", Form::Clear, Confidence::Medium),
            ("Thing.cards[].number", "pan", Form::Clear, Confidence::Medium),
        ]
    );
}

#[test]
fn a_vague_name_needs_its_surroundings() {
    let sample = r#"{"card":{"number":"x1"},"phone":{"number":"1"},"address":{"number":"2"},"giftCard":{"number":"3","code":"4"}}"#;
    assert_eq!(found(&of("a.json", sample)), [("card.number", "pan", Form::Clear, Confidence::Medium)]);
}

#[test]
fn the_description_speaks_for_and_against_a_name() {
    let of_description = |name: &str, description: &str| {
        let text = schema(&format!(r#"{{"{name}":{{"type":"string","description":"{description}"}}}}"#));
        one("a.json", &text, &format!("Thing.{name}")).map(|(element, form, _)| (element, form))
    };
    let is = |element: &str, form| Some((element.to_owned(), form));
    assert_eq!(of_description("holderName", "The name of the card holder."), is("cardholder_name", Form::Clear));
    assert_eq!(of_description("holderName", "The name of the bank account holder."), None);
    assert_eq!(of_description("number", "The card number."), is("pan", Form::Clear));
    assert_eq!(of_description("number", "The house number."), None);
    assert_eq!(of_description("expiryDate", "The expiry date of the card."), is("expiry", Form::Clear));
    assert_eq!(of_description("cardNumber", "The last four digits."), is("pan", Form::Truncated));
    assert_eq!(of_description("cvv", "The result of the CVV check."), is("avs_cvc_result", Form::Clear));
}

#[test]
fn yes_or_no_and_closed_lists_are_no_card_data() {
    let text = schema(
        r#"{"cvc":{"type":"boolean"},"cardNumber":{"enum":["visible","hidden"]},"cvv_code":{"type":"string","enum":["M","N"]}}"#,
    );
    assert_eq!(found(&of("a.json", &text)), [("Thing.cvv_code", "avs_cvc_result", Form::Clear, Confidence::Medium)]);
}

#[test]
fn values_decide_where_names_do_not() {
    let sample = r#"{"ref":"4111111111111111","a":4111111111111111,"note":"card 4111111111111111 failed","cardNumber":"**** 4242",
        "iban_like":"DE89370400440532013000","phone":"***-***-1234"}"#;
    let it = of("a.json", sample);
    let expected = BTreeSet::from([
        ("note", "pan", Form::Clear, Confidence::High),
        ("cardNumber", "pan", Form::Truncated, Confidence::High),
        ("phone", "phone", Form::Clear, Confidence::High),
        ("a", "pan", Form::Clear, Confidence::Medium),
        ("iban_like", "bank_account", Form::Clear, Confidence::Medium),
        ("ref", "pan", Form::Clear, Confidence::Low),
    ]);
    assert_eq!(found(&it).into_iter().collect::<BTreeSet<_>>(), expected);
    let mask = it.findings.iter().find(|it| it.path == "cardNumber").unwrap();
    assert_eq!(mask.mask.as_deref(), Some("****dddd"));
    assert!(!it.findings.iter().find(|it| it.path == "a").unwrap().live, "a published test number is no live one");
}

#[test]
fn nothing_of_a_value_is_in_the_result_or_in_an_error() {
    let numbers = ["4111111111111111", "5555 5555 5555 4444", "DE89370400440532013000", "tok_1Pgag4B7WZ01zgkW"];
    for number in numbers {
        let digits = &number[number.len() - 6..];
        let samples = [
            (
                "a.json",
                format!(r#"{{"card":{{"number":"{number}","{number}":{{"cvc":"123"}}}},"note":"x {number} y"}}"#),
            ),
            ("a.yaml", format!("card:\n  number: '{number}'\n  note: 'x {number} y'\n")),
            ("a.csv", format!("card_number,note\n{number},x {number}\n")),
            ("a.csv", format!("{number},4\n{number},x\n")),
            ("a.json", schema(&format!(r#"{{"number":{{"description":"The card number","example":"{number}"}}}}"#))),
        ];
        for (file, text) in samples {
            let it = of(file, &text);
            let written = format!("{it:?}{}", serde_json::to_string(&it).unwrap());
            assert!(!written.contains(digits), "{file}: {written}");
        }
        let broken = [
            ("a.json", format!(r#"{{"{number}":1,"{number}":2}}"#)),
            ("a.json", format!(r#"{{"a":"{number}" oops}}"#)),
            ("a.yaml", format!("a: '{number}\n")),
            ("a.yaml", format!("'{number}': 1\n'{number}': 2\n")),
            ("a.csv", format!("a,b\n\"{number},\n")),
        ];
        for (file, text) in broken {
            let error = recognise(file, text.as_bytes(), &Limits::browser()).unwrap_err();
            assert!(!format!("{error} {error:?}").contains(digits), "{error}");
        }
    }
}

#[test]
fn a_table_is_read_by_its_header_and_its_cells() {
    let it = of("a.csv", "Card Number;CVV;E-Mail;Order\n4111111111111111;123;a@example.com;1\n");
    assert_eq!(it.source, Source::Csv);
    assert_eq!(
        found(&it)[..2],
        [
            ("CVV", "card_verification_code", Form::Clear, Confidence::High),
            ("Card Number", "pan", Form::Clear, Confidence::High),
        ]
    );
    let bare = of("a.csv", "4111111111111111,Anna\n4012888888881881,Bo\n");
    assert_eq!(found(&bare), [("column 1", "pan", Form::Clear, Confidence::Medium)]);
    assert_eq!(bare.warnings.len(), 1);
}

#[test]
fn names_of_several_languages_are_known() {
    let it = of(
        "a.csv",
        "numeroTarjeta,código_seguridad,Kartennummer,Prüfziffer,numéro_carte,titulaire_carte,numeroCartao,validade_cartao\n",
    );
    let elements: Vec<&str> = it.findings.iter().map(|it| it.element.as_str()).collect();
    assert_eq!(elements.iter().filter(|it| **it == "pan").count(), 4, "{:?}", it.findings);
    assert_eq!(elements.iter().filter(|it| **it == "card_verification_code").count(), 2, "{:?}", it.findings);
    assert!(elements.contains(&"cardholder_name") && elements.contains(&"expiry"), "{:?}", it.findings);
}

#[test]
fn a_number_beside_a_verification_code_is_a_card_number() {
    let it = of("a.csv", "number,cvc,name\n");
    assert_eq!(
        found(&it),
        [
            ("cvc", "card_verification_code", Form::Clear, Confidence::High),
            ("number", "pan", Form::Clear, Confidence::Medium),
        ]
    );
}

#[test]
fn a_scheme_that_allows_card_numbers_is_listed_for_review() {
    let text =
        schema(r#"{"SchemeName":{"type":"string","enum":["X.IBAN","X.PAN"]},"Identification":{"type":"string"}}"#);
    assert_eq!(found(&of("a.json", &text)), [("Thing.Identification", "pan", Form::Clear, Confidence::Low)]);
}

#[test]
fn json_and_yaml_of_one_document_give_one_result() {
    let json = r#"{"swagger":"2.0","info":{"title":"Pay"},"paths":{"/cards":{"post":{"parameters":[
        {"in":"body","name":"body","schema":{"properties":{"number":{"type":"string"},"cvc":{"type":"string","maxLength":4}}}},
        {"in":"query","name":"card_number","type":"string"}],"responses":{"200":{"description":"ok"}}}}},"definitions":{}}"#;
    let yaml = "swagger: '2.0'\ninfo:\n  title: Pay\npaths:\n  /cards:\n    post:\n      parameters:\n      - in: body\n        name: body\n        schema:\n          properties:\n            number: {type: string}\n            cvc: {type: string, maxLength: 4}\n      - in: query\n        name: card_number\n        type: string\n      responses:\n        200:\n          description: ok\ndefinitions: {}\n";
    let (a, b) = (of("a.json", json), of("a.yaml", yaml));
    assert_eq!(a.findings, b.findings);
    assert_eq!((a.source, a.title.as_deref(), a.findings.len()), (Source::Swagger2, Some("Pay"), 3));
}

#[test]
fn every_bound_gives_an_error_that_names_it() {
    let few = Bounds { nodes: 50, steps: 5, fields: 2, listed: 1 };
    let wide = format!("{{{}}}", (0..60).map(|at| format!("\"a{at}\":1")).collect::<Vec<_>>().join(","));
    let within = |text: &str, bounds: &Bounds| recognise_within("a.json", text.as_bytes(), &Limits::browser(), bounds);
    assert!(within(&wide, &few).unwrap_err().reason.contains("50 values"));
    assert!(within(&wide, &Bounds { nodes: 1000, ..few }).unwrap_err().reason.contains("2 fields"));
    let deep = schema(r#"{"a":{"allOf":[{},{},{},{},{},{}]}}"#);
    assert!(within(&deep, &few).unwrap_err().reason.contains("5 schemas"), "{:?}", within(&deep, &few));
    let large = recognise("a.json", b"[1]", &Limits { bytes: 2, ..Limits::browser() }).unwrap_err();
    assert!(!large.remedy.is_empty());
}
