//! The rules of the table, each as a claim about a small model.

use crate::scope::testing::{rule, verdict, witness};
use crate::scope::verdict::{Category, Opst, Rule, Sub};

/// A system `cde` with clear card numbers, other systems, and flows between them.
fn cde(systems: &str, flows: &str) -> String {
    format!(r#""systems":[{{"id":"cde","holdings":[{{"element":"pan"}}]}},{systems}],"flows":[{flows}]"#)
}

#[test]
fn who_opens_the_connection_is_2b_and_who_only_receives_is_2c() {
    for (initiator, expected) in [("from", Opst::Cat2b), ("both", Opst::Cat2b), ("to", Opst::Cat2c)] {
        let flow = format!(r#"{{"from":"v","to":"cde","initiator":"{initiator}"}}"#);
        let found = verdict(&cde(r#"{"id":"v"}"#, &flow), "v");
        assert_eq!((found.rule, found.opst), (Some(Rule::CDirect), Some(expected)), "{initiator}");
    }
}

#[test]
fn an_unrestricted_peer_is_adjacent_whoever_opens_and_its_zone_is_connected() {
    let members = r#""segments":[{"id":"s"}],"systems":[{"id":"cde","holdings":[{"element":"pan"}]},
        {"id":"peer","segment":"s"},{"id":"mate","segment":"s"}],
        "flows":[{"from":"cde","to":"peer","access":"unrestricted"}]"#;
    assert_eq!(rule(members, "peer"), Some(Rule::AUnrestricted));
    let mate = verdict(members, "mate");
    assert_eq!((mate.rule, witness(&mate)), (Some(Rule::CZone), vec!["cde", "peer", "mate"]));
}

#[test]
fn parallel_flows_count_if_one_of_them_does() {
    let blocked = r#"{"id":"a","from":"v","to":"cde","access":"blocked","control":{"type":"acl","status":"verified"}}"#;
    let both = format!(r#"{blocked},{{"id":"b","from":"v","to":"cde"}}"#);
    assert_eq!(rule(&cde(r#"{"id":"v"}"#, blocked), "v"), Some(Rule::NSegmented));
    assert_eq!(rule(&cde(r#"{"id":"v"}"#, &both), "v"), Some(Rule::CDirect));
}

#[test]
fn a_block_is_as_good_as_the_control_it_names() {
    let with = |status: &str, control: &str| {
        let flow = format!(r#"{{"from":"v","to":"cde","access":"blocked","control":"{control}"}}"#);
        format!(r#"{},"controls":[{{"id":"fw","type":"firewall","status":"{status}"}}]"#, cde(r#"{"id":"v"}"#, &flow))
    };
    assert_eq!(rule(&with("verified", "fw"), "v"), Some(Rule::NSegmented));
    assert_eq!(rule(&with("failed", "fw"), "v"), Some(Rule::CDirect));
    assert_eq!(rule(&with("verified", "no-such-control"), "v"), Some(Rule::CDirect));
}

#[test]
fn a_carrier_of_ciphertext_counts_if_it_is_ours_or_looks_inside() {
    let carrier = |boundary: &str, mode: &str| {
        let systems = format!(r#"{{"id":"v"}},{{"id":"net","boundary":"{boundary}"}}"#);
        cde(&systems, &format!(r#"{{"from":"v","to":"cde","via":[{{"node":"net","mode":"{mode}"}}]}}"#))
    };
    assert_eq!(rule(&carrier("own", "passthrough"), "net"), Some(Rule::CVia));
    assert_eq!(rule(&carrier("third_party", "inspect"), "net"), Some(Rule::TAccess));
    assert_eq!(rule(&carrier("third_party", "passthrough"), "net"), Some(Rule::TNone));
}

#[test]
fn only_relays_give_access_to_what_they_reach() {
    let behind = |kind: &str, more: &str| {
        let systems = format!(r#"{{"id":"mid","kind":"{kind}"{more}}},{{"id":"v"}}"#);
        rule(&cde(&systems, r#"{"from":"mid","to":"cde"},{"from":"v","to":"mid"}"#), "v")
    };
    for kind in ["jump_host", "bastion", "vpn", "vdi", "pam", "ztna", "cicd", "code_repo"] {
        assert_eq!(behind(kind, ""), Some(Rule::CRelay), "{kind}");
    }
    assert_eq!(behind("cicd", r#","controls":["change_approval"]"#), Some(Rule::NSegmented));
    assert_eq!(behind("secrets_manager", ""), Some(Rule::NSegmented));
    assert_eq!(behind("service", r#","relay":true"#), Some(Rule::CRelay));
    assert_eq!(behind("vpn", r#","relay":false"#), Some(Rule::NSegmented));
}

#[test]
fn a_relay_that_only_receives_from_the_cde_leads_nowhere() {
    let members =
        cde(r#"{"id":"mid","kind":"jump_host"},{"id":"v"}"#, r#"{"from":"cde","to":"mid"},{"from":"v","to":"mid"}"#);
    assert_eq!(rule(&members, "v"), Some(Rule::NSegmented));
}

#[test]
fn a_relay_of_a_third_party_gives_access_as_well() {
    let members = cde(
        r#"{"id":"ztna","boundary":"third_party","kind":"ztna"},{"id":"v"}"#,
        r#"{"from":"ztna","to":"cde"},{"from":"v","to":"ztna"}"#,
    );
    assert_eq!(rule(&members, "ztna"), Some(Rule::TAccess));
    assert_eq!(rule(&members, "v"), Some(Rule::CRelay));
}

#[test]
fn whoever_manages_a_2b_system_comes_in_and_whoever_manages_a_2c_system_does_not() {
    let managed = |initiator: &str| {
        cde(
            r#"{"id":"mid"},{"id":"v","manages":[{"target":"mid","how":"admin"}]}"#,
            &format!(r#"{{"from":"mid","to":"cde","initiator":"{initiator}"}}"#),
        )
    };
    assert_eq!(rule(&managed("from"), "v"), Some(Rule::IManagesIndirect));
    assert_eq!(verdict(&managed("from"), "v").opst, Some(Opst::Cat2x));
    assert_eq!(rule(&managed("to"), "v"), Some(Rule::NSegmented));
}

#[test]
fn a_managed_security_provider_counts_by_what_it_controls() {
    let systems = r#"{"id":"firewall","manages":[{"target":"segment:s","how":"segmentation"}]},
        {"id":"mssp","boundary":"third_party","manages":[{"target":"firewall","how":"admin"}]},
        {"id":"soc","boundary":"third_party"}"#;
    let members =
        cde(systems, r#"{"from":"cde","to":"soc"}"#).replace(r#""id":"cde","#, r#""id":"cde","segment":"s","#);
    assert_eq!(rule(&members, "firewall"), Some(Rule::IManages));
    assert_eq!(verdict(&members, "mssp").sub, Some(Sub::Security));
    assert_eq!(verdict(&members, "soc").sub, Some(Sub::None));
}

#[test]
fn a_sealed_device_reaches_nobody_but_who_manages_it() {
    let systems = r#"{"id":"till"},{"id":"tms","manages":[{"target":"cde","how":"deploy"}]}"#;
    let sealed =
        cde(systems, r#"{"from":"till","to":"cde"}"#).replace(r#""id":"cde","#, r#""id":"cde","sealed_scd":true,"#);
    assert_eq!(rule(&sealed, "till"), Some(Rule::NSegmented));
    assert_eq!(rule(&sealed, "tms"), Some(Rule::IManages));
}

#[test]
fn a_shared_backup_server_holds_the_data_and_its_clients_are_connected() {
    let systems = r#"{"id":"backup","copies":[{"from":"db"}]},{"id":"db","holdings":[{"element":"pan","ops":["store"]}]},
        {"id":"pushes"},{"id":"pulled"}"#;
    let members = cde(systems, r#"{"from":"pushes","to":"backup"},{"from":"pulled","to":"backup","initiator":"to"}"#);
    assert_eq!(rule(&members, "backup"), Some(Rule::DPanClear));
    assert_eq!(verdict(&members, "pushes").opst, Some(Opst::Cat2b));
    assert_eq!(verdict(&members, "pulled").opst, Some(Opst::Cat2c));
}

#[test]
fn a_third_partys_own_data_does_not_bring_us_in() {
    let members = r#""systems":[{"id":"psp","boundary":"third_party","holdings":[{"element":"pan"}]},{"id":"v"}],
        "flows":[{"from":"v","to":"psp","access":"unrestricted"}]"#;
    assert_eq!(verdict(members, "v").category, Category::OutOfScope);
}

#[test]
fn among_equally_short_proofs_rule_then_key_then_edge_decide() {
    let members = r#""systems":[{"id":"b","holdings":[{"element":"pan"}]},{"id":"a","holdings":[{"element":"pan"}]},
        {"id":"v","manages":[{"target":"b","how":"patch"},{"target":"b","how":"admin"}]},{"id":"w"}],
        "flows":[{"id":"f10","from":"w","to":"a"},{"id":"f2","from":"w","to":"a"},{"id":"f1","from":"w","to":"b"},
            {"id":"f0","from":"v","to":"a"}]"#;
    let v = verdict(members, "v");
    assert_eq!((witness(&v), v.steps.last().map(|it| it.edge.as_str())), (vec!["b", "v"], Some("admin")));
    let w = verdict(members, "w");
    assert_eq!((witness(&w), w.steps.last().map(|it| it.edge.as_str())), (vec!["a", "w"], Some("f10")));
}
