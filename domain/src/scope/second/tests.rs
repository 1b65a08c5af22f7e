use super::super::compute;
use super::super::testing::model;
use super::*;

fn of(members: &str, id: &str) -> Second {
    let model = model(members);
    second(&model, &compute(&model), &id.into())
}

/// The second proof as text: `a -f-> b`, and how many facts both begin with.
fn found(members: &str, id: &str) -> Option<(String, usize)> {
    let Second::Found { proof, shared_start } = of(members, id) else { return None };
    let mut text = String::new();
    for (place, (system, step)) in proof.systems.iter().zip(&proof.steps).enumerate() {
        if place > 0 {
            text.push_str(&format!(" -{}-> ", step.edge));
        }
        text.push_str(system.as_str());
    }
    Some((text, shared_start.len()))
}

fn in_every_proof(members: &str, id: &str) -> Vec<Fact> {
    match of(members, id) {
        Second::None { in_every_proof, .. } => in_every_proof.into_iter().collect(),
        other => panic!("{other:?}"),
    }
}

const ENDS: &str = r#"{"id":"db","holdings":[{"element":"pan"}]},{"id":"pos","holdings":[{"element":"pin"}]}"#;

#[test]
fn another_connection_to_another_cde_system_shares_nothing() {
    let members = format!(
        r#""systems":[{ENDS},{{"id":"v"}}],"flows":[{{"id":"f","from":"v","to":"db"}},{{"id":"g","from":"v","to":"pos"}}]"#
    );
    assert_eq!(found(&members, "v"), Some(("pos -g-> v".to_owned(), 0)));
    let told = told(&members, "v");
    assert_eq!(
        told,
        "pos handles sensitive authentication data.\nv can open a connection to pos (flow g).\nThis proof shares no fact with the first one."
    );
}

fn told(members: &str, id: &str) -> String {
    let model = model(members);
    let scope = compute(&model);
    let sentences = second(&model, &scope, &id.into()).sentences(&model, &scope, &id.into());
    sentences.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn another_connection_to_the_same_system_begins_with_the_same_fact() {
    let members = format!(
        r#""systems":[{ENDS},{{"id":"v"}}],"flows":[{{"id":"f","from":"v","to":"db"}},{{"id":"g","from":"v","to":"db"}}]"#
    );
    assert_eq!(found(&members, "v"), Some(("db -g-> v".to_owned(), 1)));
    assert!(told(&members, "v").ends_with("Both ways begin with the same fact: db declares the card number in clear."));
}

#[test]
fn where_one_fact_carries_every_proof_it_is_named() {
    let members = format!(
        r#""systems":[{ENDS},{{"id":"jump","relay":true}},{{"id":"v"}}],"flows":[{{"id":"f","from":"jump","to":"db"}},
            {{"id":"g","from":"jump","to":"pos"}},{{"id":"h","from":"v","to":"jump"}}]"#
    );
    assert_eq!(in_every_proof(&members, "v"), [Fact::Flow("h".into())]);
    let alone = format!(r#""systems":[{ENDS},{{"id":"v"}}],"flows":[{{"id":"f","from":"v","to":"db"}}]"#);
    assert_eq!(in_every_proof(&alone, "v").len(), 2);
    assert!(told(&alone, "v").contains("the flow f; db declares the card number in clear"));
}

#[test]
fn proofs_can_overlap_without_one_fact_in_common() {
    // From `v` over `a` and flow `f`; over `c`, which lies on flow `f`; or over `a` by a detour.
    let members = format!(
        r#""systems":[{ENDS},{{"id":"a","relay":true}},{{"id":"b","relay":true}},{{"id":"c","relay":true}},{{"id":"v"}}],
        "flows":[{{"id":"f","from":"a","to":"db","via":[{{"node":"c","mode":"passthrough"}}]}},
            {{"id":"g1","from":"v","to":"a"}},{{"id":"g2","from":"v","to":"c"}},
            {{"id":"k","from":"a","to":"b"}},{{"id":"m","from":"b","to":"pos"}}]"#
    );
    let Second::None { in_every_proof, least_shared } = of(&members, "v") else { panic!() };
    assert!(in_every_proof.is_empty(), "{in_every_proof:?}");
    assert!(least_shared.contains(&Fact::Flow("f".into())) || least_shared.contains(&Fact::Flow("g1".into())));
    assert!(told(&members, "v").contains("the one that shares least still uses"));
}

#[test]
fn data_that_arrives_twice_has_a_second_proof() {
    let members = r#""systems":[{"id":"a","boundary":"external"},{"id":"v"},{"id":"copy","copies":[{"from":"v"}]}],
        "flows":[{"id":"f","from":"a","to":"v","data":[{"element":"pan","ops":["store"]}]},
            {"id":"g","from":"a","to":"v","data":[{"element":"pan","form":"unknown"}]}]"#;
    assert_eq!(found(members, "v"), Some(("v".to_owned(), 0)));
    assert!(told(members, "v").contains("flow g"));
    let copy = SystemId::from("copy");
    let expected = [Fact::Flow("f".into()), Fact::Copy { from: "v".into(), into: copy }];
    assert_eq!(in_every_proof(members, "copy"), expected);
}

#[test]
fn one_zone_is_one_fact_however_many_are_in_it() {
    let members = r#""segments":[{"id":"s"}],"systems":[{"id":"a","segment":"s","holdings":[{"element":"pan"}]},
        {"id":"b","segment":"s","holdings":[{"element":"pan"}]},{"id":"v","segment":"s"}]"#;
    assert_eq!(in_every_proof(members, "v"), [Fact::Zone("s".to_owned())]);
    let connected = members.replace(
        r#"{"id":"v","segment":"s"}]"#,
        r#"{"id":"v","segment":"s"}],
        "flows":[{"id":"any","from":"v","to":"a","access":"unrestricted"}]"#,
    );
    assert_eq!(found(&connected, "v").map(|(path, _)| path), Some("a -any-> v".to_owned()));
}

#[test]
fn a_key_carries_a_proof_only_where_something_says_that_nobody_has_it() {
    let with = |key: &str| {
        format!(
            r#""systems":[{{"id":"v","holdings":[{{"element":"pan","form":"encrypted","key":"k"}}]}},{{"id":"kms"}}],
            "keys":[{{"id":"k","holders":["kms"]{key}}}]"#
        )
    };
    assert_eq!(in_every_proof(&with(""), "v").len(), 1);
    assert_eq!(in_every_proof(&with(r#","attested":true"#), "v").len(), 2);
}

#[test]
fn what_is_out_of_scope_has_no_proof() {
    assert_eq!(of(r#""systems":[{"id":"v"}]"#, "v"), Second::Unproven);
    assert_eq!(of(r#""systems":[{"id":"v"}]"#, "nobody"), Second::Unproven);
}
