#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::model::reader::read_json;

fn of(members: &str, element: &str) -> Lineage {
    let model = read_json(format!("{{{members}}}").as_bytes()).unwrap().0;
    lineage(&model, &element.into())
}

fn ids(systems: &[SystemId]) -> Vec<&str> {
    systems.iter().map(|id| id.as_str()).collect()
}

/// A card goes from a shopper through a filter to an API that keeps it encrypted, sends a token to the shop and the
/// number to a processor, and tells the mail service nothing of it.
const SHOP: &str = r#""systems":[{"id":"shopper","boundary":"external"},{"id":"waf"},
    {"id":"api","holdings":[{"element":"pan","purpose":"Authorisation"}]},
    {"id":"db","holdings":[{"element":"pan","form":"encrypted","key":"k","ops":["store"],"records":5000,"justification":"Refunds"}]},
    {"id":"backup","copies":[{"from":"db"}]},{"id":"shop"},{"id":"mail","boundary":"third_party"},
    {"id":"psp","boundary":"third_party"}],
    "flows":[{"id":"order","from":"shopper","to":"api","data":[{"element":"pan"}],"via":[{"node":"waf","mode":"inspect"}]},
      {"id":"keep","from":"api","to":"db","data":[{"element":"pan","form":"encrypted","key":"k","ops":["store"]}]},
      {"id":"pay","from":"api","to":"psp","data":[{"element":"pan"}]},
      {"id":"token","from":"psp","to":"shop","data":[{"element":"pan","form":"tokenised","domain":"d"}]},
      {"id":"notify","from":"shop","to":"mail","data":[{"element":"email"}]}]"#;

#[test]
fn a_lineage_is_told_from_where_the_element_enters_to_where_it_leaves() {
    insta::assert_snapshot!(report::table(&of(SHOP, "pan")), @r"
Primary account number (pan)

HOPS  SYSTEM   BOUNDARY     FORMS             OPS                       RECORDS  PURPOSE
0     shopper  external     clear             transmit                           -
1     api      own          clear, encrypted  store, process, transmit           Authorisation
1     waf      own          clear             transmit                           -
2     db       own          encrypted         store                     5000     Refunds
2     psp      third_party  clear, tokenised  transmit                           -
3     backup   own          encrypted         store                              -
3     shop     own          tokenised         transmit                           -

FROM     TO      BY                   FORMS
shopper  api     order                clear
shopper  waf     on the way of order  clear
api      db      keep                 encrypted
api      psp     pay                  clear
db       backup  copy                 encrypted
psp      shop    token                tokenised

Enters at: shopper
Encrypted at api: clear to encrypted on keep
Tokenised at psp: clear to tokenised on token
Dropped at shop: tokenised on notify
Leaves to psp (third_party) from api: clear
Ends at: shop
No purpose declared by: backup, shop, waf
");
}

#[test]
fn json_has_every_part() {
    let text = report::json(&of(SHOP, "pan"));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["entries"], serde_json::json!(["shopper"]));
    assert_eq!(value["hops"][0]["by"], serde_json::json!({ "flow": "order" }));
    assert_eq!(value["exits"][0]["to"], "psp");
    assert_eq!(value["stops"][0]["distance"], 0);
    assert_eq!(report::json(&of(SHOP, "pan")), text);
}

#[test]
fn an_element_that_nobody_holds_has_an_empty_lineage() {
    let nothing = of(SHOP, "pin");
    assert!(nothing.stops.is_empty() && nothing.hops.is_empty() && nothing.entries.is_empty());
    assert_eq!(report::table(&nothing).lines().last(), Some("Nobody holds it."));
    assert_eq!(of(SHOP, "no such thing").name, "no such thing");
}

#[test]
fn in_a_circle_the_holder_that_declares_it_is_the_entry_and_the_way_back_is_marked() {
    let circle = |declared: &str| {
        format!(
            r#""systems":[{{"id":"a"}},{{"id":"b"{declared}}},{{"id":"c"}}],"flows":[
                {{"id":"ab","from":"a","to":"b","data":[{{"element":"email"}}]}},
                {{"id":"bc","from":"b","to":"c","data":[{{"element":"email"}}]}},
                {{"id":"ca","from":"c","to":"a","data":[{{"element":"email"}}]}}]"#
        )
    };
    let declared = of(&circle(r#","holdings":[{"element":"email"}]"#), "email");
    assert_eq!(ids(&declared.entries), ["b"]);
    let order: Vec<(&str, u32)> = declared.stops.iter().map(|stop| (stop.system.as_str(), stop.distance)).collect();
    assert_eq!(order, [("b", 0), ("c", 1), ("a", 2)]);
    let back: Vec<&str> = declared.hops.iter().filter(|hop| hop.back).map(|hop| hop.from.as_str()).collect();
    assert_eq!(back, ["a"]);
    assert_eq!(ids(&of(&circle(""), "email").entries), ["a"]);
}

#[test]
fn an_alias_means_its_form_only() {
    let forms =
        |element: &str| of(SHOP, element).stops.iter().flat_map(|stop| stop.forms.clone()).collect::<BTreeSet<_>>();
    assert_eq!(forms("gateway_token_single"), BTreeSet::from([Form::Tokenised]));
    assert_eq!(forms("pan").len(), 3);
}

#[test]
fn what_is_blocked_planned_or_disposed_of_carries_nothing() {
    let members = r#""systems":[{"id":"a"},{"id":"b"},{"id":"c","lifecycle":"planned"},
        {"id":"d","lifecycle":"retired","disposed":true,"holdings":[{"element":"pan","ops":["store"]}]},
        {"id":"e","lifecycle":"retired","holdings":[{"element":"pan","ops":["store"]},{"element":"pan","form":"masked"}]}],
        "flows":[{"from":"a","to":"b","access":"blocked","data":[{"element":"pan"}]},
            {"from":"a","to":"c","data":[{"element":"pan"}]},
            {"from":"a","to":"b","stage":"retired","data":[{"element":"pan"}]}]"#;
    let found = of(members, "pan");
    assert_eq!(found.stops.iter().map(|stop| stop.system.as_str()).collect::<Vec<_>>(), ["e"]);
    assert_eq!(found.stops[0].forms, BTreeSet::from([Form::Clear]));
}

#[test]
fn copies_of_copies_under_a_key_hold_ciphertext_of_cards_and_other_data_as_it_is() {
    let members = |element: &str| {
        format!(
            r#""systems":[{{"id":"db","holdings":[{{"element":"{element}","ops":["store"]}}]}},
                {{"id":"copy","copies":[{{"from":"db","encrypt_key":"k"}},{{"from":"copy-of-copy"}}]}},
                {{"id":"copy-of-copy","copies":[{{"from":"copy"}}]}}]"#
        )
    };
    let pan = of(&members("pan"), "pan");
    assert_eq!(pan.stops[2].forms, BTreeSet::from([Form::Encrypted]));
    assert_eq!(pan.stops.iter().map(|stop| stop.distance).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(of(&members("email"), "email").stops[2].forms, BTreeSet::from([Form::Clear]));
}

#[test]
fn a_system_that_passes_other_data_on_drops_the_element() {
    let members = r#""systems":[{"id":"a"},{"id":"b"},{"id":"c"}],"flows":[
        {"id":"in","from":"a","to":"b","data":[{"element":"pan"},{"element":"amount"}]},
        {"id":"out","from":"b","to":"c","data":[{"element":"amount"}]}]"#;
    let found = of(members, "pan");
    assert_eq!(found.transformations.len(), 1);
    assert_eq!((found.transformations[0].does, found.transformations[0].system.as_str()), (Transforms::Drop, "b"));
    assert_eq!(ids(&found.ends), ["b"]);
}

#[test]
fn what_the_model_says_of_a_change_is_marked_as_declared() {
    let members = r#""systems":[{"id":"a"},{"id":"b"},{"id":"c"}],"flows":[
        {"id":"in","from":"a","to":"b","data":[{"element":"pan"}]},
        {"id":"out","from":"b","to":"c","data":[{"element":"pan","form":"truncated","transform":"truncate"}]}]"#;
    let found = of(members, "pan");
    assert_eq!((found.transformations[0].does, found.transformations[0].declared), (Transforms::Truncate, true));
    let undeclared = of(&members.replace(r#","transform":"truncate""#, ""), "pan");
    assert!(!undeclared.transformations[0].declared);
}
