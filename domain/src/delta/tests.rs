#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::model::reader::read_json;
use crate::scope::compute;

const BEFORE: &str = r#"{
    "segments":[{"id":"shop","name":"Shop"},{"id":"office","name":"Office"}],
    "systems":[
        {"id":"till","name":"Till","segment":"shop","holdings":[{"element":"pan","form":"tokenised","domain":"d"}]},
        {"id":"crm","name":"CRM","segment":"office","controls":["edr"]},
        {"id":"old","name":"Old register","segment":"office"}],
    "credentials":[{"id":"key","name":"Key","held_by":["crm"],"grants":[{"on":"till","priv":"read"}]}],
    "flows":[{"id":"sales","from":"till","to":"crm","auth":"api_key","credential":"key","initiator":"to",
        "data":[{"element":"amount"},{"element":"pan","form":"truncated"}]}]}"#;

const AFTER: &str = r#"{
    "segments":[{"id":"shop","name":"Shop floor"},{"id":"office","name":"Office"}],
    "systems":[
        {"id":"till","name":"Till","segment":"shop","holdings":[{"element":"pan","form":"clear","records":500}]},
        {"id":"crm","name":"CRM","segment":"office","controls":["edr","siem"]},
        {"id":"lab","name":"Lab","segment":"office"}],
    "credentials":[{"id":"key","name":"Key","held_by":["crm"],"grants":[{"on":"till","priv":"admin"}]}],
    "flows":[{"id":"sales","from":"till","to":"crm","auth":"api_key","credential":"key","initiator":"to",
        "data":[{"element":"pan","form":"clear"},{"element":"email"}]}]}"#;

fn between(before: &str, after: &str) -> Delta {
    let model = |text: &str| read_json(text.as_bytes()).unwrap().0;
    let (before, after) = (model(before), model(after));
    let scopes = (compute(&before), compute(&after));
    Delta::between(State { model: &before, scope: &scopes.0 }, State { model: &after, scope: &scopes.1 })
}

#[test]
fn equal_models_do_not_differ() {
    let delta = between(AFTER, AFTER);
    assert!(delta.is_empty());
    assert_eq!(delta.blast.compared, 0, "nothing is calculated where nothing changed");
    assert_eq!(report::text(&delta), "The two models do not differ.\n");
    assert_eq!(report::sentences(&delta), Vec::<String>::new());
}

#[test]
fn a_delta_is_told_to_people() {
    insta::assert_snapshot!(report::text(&between(BEFORE, AFTER)));
}

#[test]
fn every_change_is_one_sentence() {
    insta::assert_snapshot!(report::sentences(&between(BEFORE, AFTER)).join("\n"));
}

#[test]
fn a_delta_is_told_to_programs() {
    insta::assert_snapshot!(report::json(&between(BEFORE, AFTER)));
}

#[test]
fn a_delta_that_was_kept_is_the_same() {
    let delta = between(BEFORE, AFTER);
    let kept = serde_json::to_string(&delta).unwrap();
    assert_eq!(serde_json::from_str::<Delta>(&kept).unwrap(), delta);
}

#[test]
fn a_renamed_system_changes_no_blast_radius_and_none_is_calculated() {
    let delta = between(BEFORE, &BEFORE.replace("\"CRM\"", "\"Customers\""));
    assert_eq!(delta.objects.len(), 1);
    assert_eq!(delta.blast, BlastDelta::default());
}

#[test]
fn a_new_start_and_one_that_is_gone_have_one_side() {
    let delta = between(BEFORE, AFTER);
    let sides: Vec<(String, bool, bool)> =
        delta.blast.changes.iter().map(|it| (it.start.to_string(), it.before.is_some(), it.after.is_some())).collect();
    assert!(sides.contains(&("system:lab".to_owned(), false, true)), "{sides:?}");
    assert!(sides.contains(&("system:old".to_owned(), true, false)), "{sides:?}");
}

#[test]
fn what_goes_back_is_told_the_other_way_round() {
    let (there, back) = (between(BEFORE, AFTER), between(AFTER, BEFORE));
    let turned = |change: &BlastChange| (change.start.clone(), change.after.clone(), change.before.clone());
    let same = |change: &BlastChange| (change.start.clone(), change.before.clone(), change.after.clone());
    assert_eq!(
        there.blast.changes.iter().map(same).collect::<Vec<_>>(),
        back.blast.changes.iter().map(turned).collect::<Vec<_>>()
    );
    let count = |delta: &Delta, is: fn(&Change) -> bool| delta.objects.iter().filter(|it| is(&it.change)).count();
    assert_eq!(count(&there, |it| matches!(it, Change::Added)), count(&back, |it| matches!(it, Change::Removed)));
}

#[test]
fn a_model_too_large_for_every_start_is_compared_from_what_changed() {
    let systems: Vec<String> = (0..98).map(|it| format!(r#"{{"id":"a{it:02}"}}"#)).collect();
    let file = |name: &str, last: &str| {
        format!(r#"{{"systems":[{{"id":"n","name":"{name}"}},{},{{"id":"z"{last}}}]}}"#, systems.join(","))
    };
    let model = |text: &str| read_json(text.as_bytes()).unwrap().0;
    let (before, after) = (model(&file("N", "")), model(&file("M", r#","sealed_scd":true"#)));
    let scopes = (compute(&before), compute(&after));
    let objects = objects::changes(&before, &after);
    let compared = |work: usize| {
        let (before, after) = (State { model: &before, scope: &scopes.0 }, State { model: &after, scope: &scopes.1 });
        BlastDelta::between(before, after, &objects, &[], work)
    };
    assert_eq!((compared(10_000).compared, compared(10_000).left_out), (100, 0));
    assert_eq!((compared(2_000).compared, compared(2_000).left_out), (20, 80));
    assert_eq!(compared(1).compared, 16, "some starts are always compared");
    let chosen = blast::chosen([&before, &after], &objects, &[], 2_000).0;
    assert!(chosen.contains(&"system:z".parse().unwrap()), "the last key is compared, because it changed");
    assert!(!chosen.contains(&"system:n".parse().unwrap()), "a new name is no reason to compare");
}
