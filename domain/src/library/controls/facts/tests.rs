use super::*;
use crate::findings::tests::model;

fn says(members: &str, control: IntegrationControl) -> (Presence, Vec<String>) {
    let model = model(members);
    let it = derive(&Index::of(&model), &model.systems["shop"], control);
    (it.presence, it.facts.into_iter().map(|it| it.sentence).collect())
}

fn presence(members: &str, control: IntegrationControl) -> Presence {
    says(members, control).0
}

/// The shop calls the provider; the members of the flow and those of the shop.
fn calls(flow: &str, shop: &str) -> String {
    format!(
        r#""systems":[{{"id":"shop"{shop}}},{{"id":"psp","boundary":"third_party"}}],
           "flows":[{{"id":"f","from":"shop","to":"psp"{flow}}}]"#
    )
}

fn two(one: &str, other: &str) -> String {
    format!(
        r#""systems":[{{"id":"shop"}},{{"id":"psp","boundary":"third_party"}}],
           "flows":[{{"id":"f","from":"shop","to":"psp"{one}}},{{"id":"g","from":"psp","to":"shop"{other}}}]"#
    )
}

#[test]
fn authentication_and_encryption_are_what_the_flows_say() {
    use IntegrationControl::{ApiAuthentication, EncryptionInTransit};
    let (mutual, none) = (r#","auth":"mtls","encryption":"transport""#, r#","auth":"none","encryption":"none""#);
    let unsaid = r#","auth":"unknown","encryption":"unknown""#;
    for control in [ApiAuthentication, EncryptionInTransit] {
        assert_eq!(presence(&two(mutual, mutual), control), Presence::InPlace);
        assert_eq!(presence(&two(mutual, none), control), Presence::Partly);
        assert_eq!(presence(&two(none, none), control), Presence::Absent);
        assert_eq!(presence(&two(mutual, unsaid), control), Presence::Unknown);
        assert_eq!(presence(&two(none, unsaid), control), Presence::Unknown);
        assert_eq!(presence(r#""systems":[{"id":"shop"}]"#, control), Presence::Unknown);
    }
    let (_, facts) = says(&calls(mutual, ""), ApiAuthentication);
    assert_eq!(facts, ["Flow f: authentication is \"Mutual TLS\"."]);
}

#[test]
fn tokens_stand_for_card_numbers_or_there_are_none() {
    let of = |data: &str| presence(&calls(data, ""), IntegrationControl::Tokenisation);
    assert_eq!(of(r#","data":[{"element":"pan","form":"tokenised"}]"#), Presence::InPlace);
    assert_eq!(of(r#","data":[{"element":"pan","form":"clear"}]"#), Presence::Absent);
    let both = r#","data":[{"element":"pan","form":"clear"},{"element":"pan","form":"tokenised"}]"#;
    assert_eq!(of(both), Presence::Partly);
    assert_eq!(of(r#","data":[{"element":"email"}]"#), Presence::NotApplicable);
    assert_eq!(of(""), Presence::Unknown, "nobody has said what it carries");
}

#[test]
fn a_right_beyond_what_is_needed_is_no_least_privilege() {
    let of = |right: &str, needs: &str| {
        let members = format!(
            r#""systems":[{{"id":"shop"}},{{"id":"psp"}}],
            "credentials":[{{"id":"k","held_by":["shop"],"grants":[{{"on":"psp","priv":"{right}"}}]}}],
            "flows":[{{"id":"f","from":"shop","to":"psp","credential":"k"{needs}}}]"#
        );
        presence(&members, IntegrationControl::LeastPrivilege)
    };
    assert_eq!(of("read", r#","needs_priv":["read"]"#), Presence::InPlace);
    assert_eq!(of("admin", r#","needs_priv":["read"]"#), Presence::Absent);
    assert_eq!(of("admin", ""), Presence::Unknown);
}

#[test]
fn calls_are_limited_where_somebody_opens_them() {
    let of = |flow: &str| presence(&two(flow, ""), IntegrationControl::RateLimiting);
    let limit = |text: &str| {
        let flow = format!(r#","initiator":"from","rate_limit":"{text}""#);
        presence(&two("", &flow), IntegrationControl::RateLimiting)
    };
    assert_eq!(limit("100 a minute"), Presence::InPlace);
    assert_eq!(limit("none"), Presence::Absent);
    assert_eq!(of(r#","rate_limit":"100 a minute""#), Presence::Unknown, "that one is opened by the shop");
    assert_eq!(presence(&calls("", ""), IntegrationControl::RateLimiting), Presence::NotApplicable);
}

#[test]
fn who_collects_logs_and_who_watches_is_named() {
    let members = r#""systems":[{"id":"shop"},{"id":"logs","kind":"siem","manages":[{"target":"shop","how":"log"},
        {"target":"shop","how":"monitor"}]}]"#;
    let (logging, facts) = says(members, IntegrationControl::CentralisedLogging);
    assert_eq!((logging, facts), (Presence::InPlace, vec!["System logs collects its logs.".to_owned()]));
    assert_eq!(presence(members, IntegrationControl::ContinuousMonitoring), Presence::InPlace);
    assert_eq!(presence(&calls("", ""), IntegrationControl::CentralisedLogging), Presence::Unknown);
    let watched = r#","monitoring":{"volume":true,"geography":false}"#;
    assert_eq!(presence(&two("", watched), IntegrationControl::ContinuousMonitoring), Presence::Partly);
}

#[test]
fn a_firewall_counts_where_somebody_comes_from_outside() {
    let of = |shop: &str, more: &str| {
        let members = format!("{}{more}", calls("", shop));
        presence(&members, IntegrationControl::WebApplicationFirewall)
    };
    let outside = r#","exposure":"internet","controls":["w"]"#;
    let control = |status: &str| {
        format!(
            r#","controls":[{{"id":"w","type":"waf","status":"{status}","last_tested":"2025-12-01","frequency_days":365}}]"#
        )
    };
    assert_eq!(of(r#","exposure":"internal""#, ""), Presence::NotApplicable);
    assert_eq!(of("", ""), Presence::Unknown);
    assert_eq!(of(r#","exposure":"internet""#, ""), Presence::Unknown, "unknown is never absent");
    assert_eq!(of(outside, &control("verified")), Presence::InPlace);
    assert_eq!(of(outside, &control("failed")), Presence::Partly);
}
