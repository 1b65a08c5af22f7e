//! What is written is read back: every attribute, after any sequence of commands.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::backend::{Backend, Estate};
use domain::command::{Command, Revision};
use domain::id::{FlowId, SystemId};
use domain::model::Model;
use domain::model::fact::Facts;
use domain::model::flow::Flow;
use domain::model::object::Object;
use domain::model::sample::sample;
use domain::model::system::{CopyOf, System};
use domain::problem::{FieldCode, Problem};
use domain::time::Day;
use tests::both_dbs;
use tests::estate::Instance;

use super::rich::{everything, facts, holding};

/// The estate as it is kept in memory, and as a fresh load gives it.
pub async fn kept_and_loaded(instance: &Instance) -> (Arc<Estate>, Arc<Estate>) {
    let gate = instance.gate();
    let kept = gate.estate(&instance.workspace).await.unwrap();
    instance.store.forget_copies();
    (kept, gate.estate(&instance.workspace).await.unwrap())
}

/// Both are the same in every part.
pub fn assert_same(kept: &Estate, loaded: &Estate) {
    assert_eq!(kept.revision, loaded.revision);
    for (one, other) in kept.model.objects().zip(loaded.model.objects()) {
        assert_eq!(one, other);
    }
    assert_eq!(kept.model, loaded.model);
    assert_eq!(kept.stored, loaded.stored);
    assert_eq!(kept.changed, loaded.changed);
    assert_eq!(kept.scope, loaded.scope);
}

/// Writes objects as the confirmed content of a file.
pub async fn import(instance: &Instance, objects: Vec<Object>) -> Result<Revision, Problem> {
    let command = Command::Import { source: "model.json".to_owned(), objects, seen: Revision(i64::MAX) };
    instance.gate().execute(&instance.workspace, command).await.map(|receipt| receipt.revision)
}

both_dbs!(every_attribute_is_read_back, |place| {
    let instance = Instance::new(&place).await;
    let objects = everything();
    import(&instance, objects.clone()).await.unwrap();
    let (kept, loaded) = kept_and_loaded(&instance).await;
    assert_same(&kept, &loaded);
    for object in objects {
        // The model that the engine reads differs: it is judged as of today, and controls by their dates.
        assert_eq!(loaded.stored.get(&object.reference()), Some(object));
    }
    // Once more over what is there, with everything taken away that can be.
    let mut poorer = Model::clone(&loaded.model);
    let fewer: Vec<Object> = poorer
        .systems
        .values_mut()
        .map(|system| Object::System(Arc::new(System { segment: None, ..System::new(system.id.clone(), "Renamed") })))
        .collect();
    import(&instance, fewer).await.unwrap();
    let (kept, loaded) = kept_and_loaded(&instance).await;
    assert_same(&kept, &loaded);
    let left = instance.store.texts("SELECT name FROM fact WHERE object_kind IN ('system', 'holding')").await.unwrap();
    assert_eq!(left, Vec::<String>::new());
});

both_dbs!(the_sample_estate_is_read_back, |place| {
    let instance = Instance::new(&place).await;
    let today = Day(20_778);
    let command = Command::LoadSample(sample(today));
    let receipt = instance.gate().execute(&instance.workspace, command).await.unwrap();
    assert!(receipt.scope_changes.iter().any(|change| !change.because.is_empty()));
    let (kept, loaded) = kept_and_loaded(&instance).await;
    assert_same(&kept, &loaded);
    assert_eq!(instance.gate().receipt(&instance.workspace, receipt.revision).await.unwrap(), receipt);
    // The stored scope is that of the model.
    let stored = instance.store.texts("SELECT system_key || ' ' || category FROM verdict ORDER BY system_key").await;
    let computed: Vec<_> =
        loaded.scope.systems.iter().map(|(system, verdict)| format!("{system} {}", verdict.category)).collect();
    assert_eq!(stored.unwrap(), computed);
});

both_dbs!(what_one_database_cannot_hold_is_refused_by_both, |place| {
    let instance = Instance::new(&place).await;
    let mut system = System::new(SystemId::new("till"), "Till\0");
    let nul = import(&instance, vec![Object::System(Arc::new(system.clone()))]).await;
    assert_eq!(nul, Err(Problem::field("name", FieldCode::ControlCharacter)));
    system.name = "Till".to_owned();
    system.detect_minutes = Some(u64::MAX);
    let large = import(&instance, vec![Object::System(Arc::new(system))]).await;
    assert_eq!(large, Err(Problem::field("detect_minutes", FieldCode::NotANumber)));
});

/// A small generator, so that a failing sequence can be run again from its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn system(&mut self) -> SystemId {
        SystemId::new(format!("s{}", self.roll(6)))
    }

    /// Any command on six systems and six flows; many of them are refused.
    fn command(&mut self, changed: &BTreeMap<String, Revision>) -> Command {
        let system = self.system();
        let flow_id = FlowId::new(format!("f{}", self.roll(6)));
        let seen = |key: &str| changed.get(key).copied().unwrap_or_default();
        let (seen_system, seen_flow) = (seen(system.as_str()), seen(flow_id.as_str()));
        let mut it = System::new(system.clone(), format!("Name {}", self.roll(4)));
        it.holdings = (0..self.roll(3)).map(|number| holding(u32::try_from(number).unwrap())).collect();
        it.facts = if self.roll(2) == 0 { facts(1) } else { Facts::new() };
        if self.roll(4) == 0 {
            it.copies = vec![CopyOf { from: self.system(), encrypt_key: None }];
        }
        it.undeclared = self.roll(2) == 0;
        let mut flow = Flow::new(flow_id.clone(), self.system(), self.system());
        flow.fields = (0..self.roll(3)).map(|number| holding(u32::try_from(number).unwrap())).collect();
        match self.roll(7) {
            0 => Command::AddSystem(Box::new(it)),
            1 => Command::EditSystem(Box::new(it), seen_system),
            2 => Command::ConfirmSystem(system, seen_system),
            3 => Command::DeleteSystem(system, seen_system),
            4 => Command::AddFlow(Box::new(flow)),
            5 => Command::EditFlow(Box::new(flow), seen_flow),
            _ => Command::DeleteFlow(flow_id, seen_flow),
        }
    }
}

both_dbs!(the_model_in_memory_equals_a_fresh_load_after_any_commands, |place| {
    let instance = Instance::new(&place).await;
    let gate = instance.gate();
    let mut done = 0;
    for seed in 0..4 {
        let mut dice = Dice(seed);
        for _ in 0..60 {
            let estate = gate.estate(&instance.workspace).await.unwrap();
            let changed = estate.changed.iter().map(|(object, revision)| (object.key(), *revision)).collect();
            let command = dice.command(&changed);
            match gate.execute(&instance.workspace, command.clone()).await {
                Ok(_) => done += 1,
                Err(Problem::Invalid(_) | Problem::NotFound) => {}
                Err(problem) => panic!("{problem:?}: {command:?}"),
            }
        }
        let (kept, loaded) = kept_and_loaded(&instance).await;
        assert_same(&kept, &loaded);
    }
    assert!(done > 40, "only {done} commands did anything");
});
