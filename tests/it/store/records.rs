//! Every kind of record is added, changed and removed by hand, on both databases.

use domain::backend::Backend;
use domain::command::{Command, Revision};
use domain::id::PersonId;
use domain::inventory::KINDS;
use domain::model::draft::{record_from_form, record_to_form};
use domain::model::object::{Object, ObjectRef};
use domain::problem::{FieldCode, Problem};
use tests::both_dbs;
use tests::estate::Instance;

use super::rich::everything;
use super::round_trip::{assert_same, import, kept_and_loaded};

const ALL: Revision = Revision(i64::MAX);

async fn run(instance: &Instance, command: Command) -> Result<(), Problem> {
    instance.gate().execute(&instance.workspace, command).await.map(drop)
}

both_dbs!(a_record_of_every_kind_is_changed_through_its_form_and_removed, |place| {
    let instance = Instance::new(&place).await;
    import(&instance, everything()).await.unwrap();
    let mut kinds = 0;
    // What is referred to comes first in the list, so that nothing goes before its turn.
    for kind in KINDS.iter().rev().filter(|kind| !kind.is_single()) {
        let estate = instance.gate().estate(&instance.workspace).await.unwrap();
        let Some(record) = kind.records(&estate.stored).next() else { continue };
        kinds += 1;
        let reference = record.reference();
        let mut form = record_to_form(&record);
        form.retain(|(name, _)| name != "name" && name != "fact.note" && name != "justification" && name != "expires");
        let today = estate.today;
        let changed = [
            ("name", "Named by hand".to_owned()),
            ("fact.note", "Seen by hand".to_owned()),
            ("justification", "Decided by hand, with a reason.".to_owned()),
            ("expires", today.plus_days(30).to_string()),
        ];
        form.extend(changed.map(|(name, value)| (name.to_owned(), value)));
        let after = record_from_form(kind.object, &form, Some(&record), &estate.model).unwrap();
        assert_ne!(after, record, "{}", kind.word);
        run(&instance, Command::Edit(Box::new(after.clone()), ALL)).await.unwrap();
        let (kept, loaded) = kept_and_loaded(&instance).await;
        assert_same(&kept, &loaded);
        let stored = loaded.stored.get(&reference).unwrap();
        match (&stored, &after) {
            // The hash of what it rests on is the only thing that no form says.
            (Object::Override(stored), Object::Override(after)) => {
                assert!(stored.fingerprint.is_some() && stored.justification == after.justification);
            }
            _ => assert_eq!(stored, after, "{}", kind.word),
        }
        let lines = instance.gate().history_of(&instance.workspace, &reference, 5).await.unwrap();
        assert_eq!(lines[0].action, format!("{}.edit", kind.object));
        assert!(lines.iter().all(|line| line.object == Some(format!("{} {}", kind.object, reference.key()))));
        let delete = Command::Delete { object: reference.clone(), seen: ALL, detach: true };
        run(&instance, delete).await.unwrap();
        let (kept, loaded) = kept_and_loaded(&instance).await;
        assert_same(&kept, &loaded);
        assert_eq!(loaded.stored.get(&reference), None);
        assert!(loaded.stored.referrers(&reference).iter().all(|it| it.by_name_only), "{}", kind.word);
    }
    assert!(kinds >= 9, "{kinds} kinds");
});

both_dbs!(what_is_referred_to_stays_unless_the_references_go_with_it, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    import(&instance, everything()).await.unwrap();
    let estate = gate.estate(workspace).await.unwrap();
    let used = estate.stored.segments.keys().map(|id| ObjectRef::Segment(id.clone()));
    let object = used.into_iter().find(|it| !estate.stored.referrers(it).is_empty()).unwrap();
    let delete = |seen, detach| Command::Delete { object: object.clone(), seen, detach };
    let refused = run(&instance, delete(ALL, false)).await;
    assert_eq!(refused, Err(Problem::field("detach", FieldCode::StillUsed)));
    assert_eq!(run(&instance, delete(Revision(0), true)).await, Err(Problem::Conflict));
    run(&instance, delete(ALL, true)).await.unwrap();
    let twice = Command::Delete { object: object.clone(), seen: ALL, detach: true };
    assert_eq!(run(&instance, twice).await, Err(Problem::NotFound));
});

both_dbs!(a_decision_is_approved_by_somebody_else_while_its_facts_stand, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    import(&instance, everything()).await.unwrap();
    let estate = gate.estate(workspace).await.unwrap();
    let system = estate.stored.systems.keys().next().unwrap().to_string();
    let form = [
        ("system", system.clone()),
        ("category", "out_of_scope".to_owned()),
        ("justification", "It was taken off the network.".to_owned()),
        ("expires", estate.today.plus_days(90).to_string()),
    ];
    let form: Vec<_> = form.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let kind = domain::model::object::ObjectKind::Override;
    let Object::Override(mut made) = record_from_form(kind, &form, None, &estate.model).unwrap() else {
        panic!("the form of a decision makes one")
    };
    std::sync::Arc::make_mut(&mut made).author = Some("lead".to_owned());
    let decision = made.key.clone();
    run(&instance, Command::Add(Box::new(Object::Override(made)))).await.unwrap();
    let approve = |who: &str| Command::Approve { decision: decision.clone(), seen: ALL, approver: PersonId::new(who) };
    assert_eq!(run(&instance, approve("lead")).await, Err(Problem::field("approver", FieldCode::OwnDecision)));
    let mut changed = (*estate.stored.systems[system.as_str()]).clone();
    changed.sealed_scd = !changed.sealed_scd;
    run(&instance, Command::EditSystem(Box::new(changed.clone()), ALL)).await.unwrap();
    assert_eq!(run(&instance, approve("ciso")).await, Err(Problem::field("approver", FieldCode::FactsChanged)));
    changed.sealed_scd = !changed.sealed_scd;
    run(&instance, Command::EditSystem(Box::new(changed), ALL)).await.unwrap();
    run(&instance, approve("ciso")).await.unwrap();
    let (kept, loaded) = kept_and_loaded(&instance).await;
    assert_same(&kept, &loaded);
    assert_eq!(loaded.stored.overrides[&decision].approver.as_deref(), Some("ciso"));
});

both_dbs!(several_objects_change_together_or_not_at_all, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    import(&instance, everything()).await.unwrap();
    let estate = gate.estate(workspace).await.unwrap();
    let renamed = estate.stored.segments.values().map(|it| {
        let mut it = (**it).clone();
        it.name.push_str(" (moved)");
        Object::Segment(std::sync::Arc::new(it))
    });
    let renamed: Vec<Object> = renamed.collect();
    let stale = Command::EditAll(renamed.clone(), Revision(0));
    assert_eq!(run(&instance, stale).await, Err(Problem::Conflict));
    let receipt = gate.execute(workspace, Command::EditAll(renamed.clone(), ALL)).await.unwrap();
    assert_eq!(receipt.objects, renamed.len());
    let (kept, loaded) = kept_and_loaded(&instance).await;
    assert_same(&kept, &loaded);
});
