//! What is kept in memory from save to save equals what a fresh load computes: model, revisions, scope and findings.

use std::sync::Arc;

use domain::backend::{Backend, Estate};
use domain::command::{Command, Revision};
use domain::findings::Findings;
use domain::id::{ElementId, FlowId, SegmentId, SystemId, WorkspaceId};
use domain::model::element::{Form, Holding, Op};
use domain::model::flow::Flow;
use domain::model::object::Object;
use domain::model::relations::{Access, Boundary, Encryption};
use domain::model::sample::sample;
use domain::model::segment::Control;
use domain::model::system::System;
use domain::problem::Problem;
use domain::time::Day;
use store::Store;
use tests::both_dbs;
use tests::estate::Instance;
use tests::place::Place;

use super::round_trip::assert_same;

/// The sample's day, so that its dates mean what they mean in it.
const TODAY: Day = Day(20_778);

/// How many edits a script has.
const EDITS: u64 = 40;

const DAY: i64 = 86_400;

/// A small generator, so that a failing script can be run again from its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn any<'v, T>(&mut self, mut values: impl ExactSizeIterator<Item = &'v T>) -> &'v T {
        let place = self.roll(values.len());
        values.nth(place).unwrap()
    }

    /// An edit of the estate as somebody may make it, of any kind of object that verdicts or findings rest on.
    fn edit(&mut self, estate: &Estate, number: u64) -> Command {
        let model = &estate.stored;
        let seen = estate.revision;
        let system = System::clone(self.any(model.systems.values()));
        let flow = Flow::clone(self.any(model.flows.values()));
        let (one, other) = (self.any(model.systems.keys()).clone(), self.any(model.systems.keys()).clone());
        let clear_pan = Holding::new(ElementId::new("pan"), Form::Clear, &[Op::Store]);
        let edit_flow = |flow: Flow| Command::EditFlow(Box::new(flow), seen);
        let edit_system = |system: System| Command::EditSystem(Box::new(system), seen);
        match self.roll(14) {
            0 => edit_flow(Flow { name: format!("Flow of edit {number}"), ..flow }),
            1 => edit_flow(Flow { encryption: Encryption::None, ..flow }),
            2 => edit_flow(Flow { encryption: Encryption::Transport, ..flow }),
            3 => edit_flow(Flow { fields: Vec::new(), ..flow }),
            4 => edit_flow(Flow { fields: vec![clear_pan], ..flow }),
            5 => edit_flow(Flow { access: Access::Blocked, control: None, ..flow }),
            6 => edit_flow(Flow { from: one, to: other, ..flow }),
            7 => Command::AddFlow(Box::new(Flow::new(FlowId::new(format!("new-{number}")), one, other))),
            8 => Command::DeleteFlow(flow.id, seen),
            9 => edit_system(System { name: format!("System of edit {number}"), ..system }),
            10 => {
                let segment: SegmentId = self.any(model.segments.keys()).clone();
                edit_system(System { segment: Some(segment), ..system })
            }
            11 => edit_system(System { boundary: Boundary::ThirdParty, holdings: vec![clear_pan], ..system }),
            12 => Command::Delete { object: Object::System(Arc::new(system)).reference(), seen, detach: true },
            _ => match model.controls.values().next() {
                Some(control) => {
                    let last_tested = Some(TODAY.plus_days(-i32::try_from(self.roll(500)).unwrap()));
                    let control = Control { last_tested, last_change: None, ..Control::clone(control) };
                    Command::Edit(Box::new(Object::Control(Arc::new(control))), seen)
                }
                None => Command::AddSystem(Box::new(System::new(SystemId::new(format!("new-{number}")), "New"))),
            },
        }
    }
}

/// An instance on the day of the sample, with the sample in its workspace.
async fn with_sample(place: &Place) -> Instance {
    let now = store::Clock::now(&*place.clock).day();
    place.clock.advance(i64::from(TODAY.0 - now.0) * DAY);
    let instance = Instance::new(place).await;
    instance.gate().execute(&instance.workspace, Command::LoadSample(sample(TODAY))).await.unwrap();
    instance
}

/// The estate and the findings of a workspace, as one store has them.
async fn asked(gate: &dyn Backend, workspace: &WorkspaceId) -> (Arc<Estate>, Arc<Findings>) {
    let estate = gate.estate(workspace).await.unwrap();
    let findings = gate.findings(&estate).await.unwrap();
    (estate, findings)
}

/// What a store that was just opened computes from the database.
async fn fresh(place: &Place, instance: &Instance) -> (Arc<Estate>, Arc<Findings>) {
    let store: Store = place.bare_store().await;
    let asked = asked(&store.gate(instance.owner.actor()), &instance.workspace).await;
    store.close().await;
    asked
}

fn assert_equal(kept: &(Arc<Estate>, Arc<Findings>), fresh: &(Arc<Estate>, Arc<Findings>), after: &str) {
    assert_same(&kept.0, &fresh.0);
    for (one, other) in kept.1.all().zip(fresh.1.all()) {
        assert_eq!(one, other, "{after}");
    }
    assert_eq!(kept.1, fresh.1, "{after}");
}

/// The verdicts that the database holds are those of the scope.
async fn assert_written(instance: &Instance, estate: &Estate) {
    const WRITTEN: &str = "SELECT system_key || ' ' || category || ' ' || COALESCE(sub, '') || ' ' || COALESCE(rule, '') \
        FROM verdict ORDER BY system_key";
    let written = instance.store.texts(WRITTEN).await.unwrap();
    let computed = estate.scope.systems.iter().map(|(system, it)| {
        let (sub, rule) = (it.sub.map_or("", |it| it.as_str()), it.rule.map_or("", |it| it.as_str()));
        format!("{system} {} {sub} {rule}", it.category)
    });
    assert_eq!(written, computed.collect::<Vec<_>>());
}

both_dbs!(what_is_kept_equals_a_fresh_load_after_every_edit, |place| {
    let instance = with_sample(&place).await;
    let gate = instance.gate();
    let mut dice = Dice(5);
    let mut done = 0;
    asked(&gate, &instance.workspace).await;
    for number in 0..EDITS {
        let estate = gate.estate(&instance.workspace).await.unwrap();
        let command = dice.edit(&estate, number);
        let words = format!("edit {number}: {command:?}");
        match gate.execute(&instance.workspace, command).await {
            Ok(receipt) => done += u64::from(receipt.revision > estate.revision),
            Err(Problem::Invalid(_)) => {}
            Err(problem) => panic!("{words}: {problem:?}"),
        }
        match number % 8 {
            // Nobody asks for the findings between some of the edits.
            3 | 4 => continue,
            5 => drop(gate.take_back(&instance.workspace, Revision(estate.revision.0)).await),
            7 => place.clock.advance(DAY * i64::try_from(dice.roll(90)).unwrap()),
            _ => {}
        }
        let kept = asked(&gate, &instance.workspace).await;
        assert_equal(&kept, &fresh(&place, &instance).await, &words);
        if number % 8 != 7 {
            assert_written(&instance, &kept.0).await;
        }
    }
    assert!(done > EDITS / 2, "only {done} edits changed anything");
});

both_dbs!(two_processes_that_edit_in_turn_keep_the_same, |place| {
    let instance = with_sample(&place).await;
    let elsewhere = place.bare_store().await;
    let gates = [instance.gate(), elsewhere.gate(instance.owner.actor())];
    let mut dice = Dice(11);
    for number in 0..EDITS {
        let turn = usize::try_from(number).unwrap() % 2;
        let (here, there) = (&gates[turn], &gates[1 - turn]);
        let estate = here.estate(&instance.workspace).await.unwrap();
        let command = dice.edit(&estate, number);
        let words = format!("edit {number}: {command:?}");
        let outcome = here.execute(&instance.workspace, command.clone()).await;
        // Whoever saw the estate before that edit and changes the same object learns of it.
        if let (Ok(_), Command::EditFlow(..) | Command::EditSystem(..)) = (&outcome, &command) {
            let same = there.execute(&instance.workspace, command).await;
            assert!(matches!(same, Err(Problem::Conflict)) || outcome.unwrap().revision == estate.revision, "{words}");
        }
        let (mine, theirs) = (asked(here, &instance.workspace).await, asked(there, &instance.workspace).await);
        assert_equal(&mine, &theirs, &words);
        if number % 5 == 4 {
            assert_equal(&mine, &fresh(&place, &instance).await, &words);
            assert_written(&instance, &mine.0).await;
        }
    }
    elsewhere.close().await;
});
