//! Members of two workspaces who do anything in any order: each does and sees what their role allows, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use domain::backend::Backend as _;
use domain::backend::people::People as _;
use domain::command::{Command, Revision};
use domain::id::{AccountId, SystemId, WorkspaceId};
use domain::model::system::System;
use domain::problem::Problem;
use domain::role::{Capability, Role, Standing};
use store::{ChainVerdict, Gate};
use tests::estate::{Instance, PASSWORD};
use tests::fuzz::{Corpus, fuzz};
use tests::place::Place;
use tokio::runtime::Runtime;

/// The systems that come and go.
const KEYS: [&str; 4] = ["checkout", "orders", "ledger", "refunds"];

/// Somebody who acts.
struct Somebody {
    mail: String,
    account: AccountId,
    gate: Gate,
    /// What they are in each workspace.
    roles: [Option<Role>; 2],
}

/// What should be there: the systems of each workspace.
type Expected = [BTreeSet<&'static str>; 2];

struct Machine {
    instance: Instance,
    workspaces: [WorkspaceId; 2],
    crowd: Vec<Somebody>,
    expected: Expected,
    sign_ins: usize,
}

impl Machine {
    async fn new(place: &Place) -> Self {
        let instance = Instance::new(place).await;
        let second = instance.gate().create_workspace("Second", false).await.unwrap();
        let workspaces = [instance.workspace.clone(), second];
        let mut crowd = Vec::new();
        for (number, role) in Role::ALL.iter().enumerate() {
            // Each is something else in the second workspace, and two are nothing there.
            let other = Role::ALL.get(number + 2).copied();
            let memberships = [(0, Some(*role)), (1, other)].into_iter();
            let memberships = memberships.filter_map(|(at, role)| Some((workspaces[at].clone(), role?))).collect();
            let signed_in = instance.account(role.as_str(), memberships).await;
            crowd.push(Somebody {
                mail: format!("{role}@harbour.example"),
                account: signed_in.account.clone(),
                gate: instance.store.gate(signed_in.actor()),
                roles: [Some(*role), other],
            });
        }
        Self { instance, workspaces, crowd, expected: Expected::default(), sign_ins: 0 }
    }

    /// What somebody must be told who asks for this, where it is not carried out.
    fn refusal(&self, who: usize, at: usize, needs: Capability) -> Option<Problem> {
        match self.crowd[who].roles[at] {
            None => Some(Problem::NotFound),
            Some(role) if !role.may(needs) => Some(Problem::Forbidden),
            Some(_) => None,
        }
    }

    async fn step(&mut self, [who, act, at, what]: [usize; 4]) {
        let (who, at) = (who % self.crowd.len(), at % 2);
        let key = KEYS[what % KEYS.len()];
        match act % 16 {
            0..=6 => self.add(who, at, key).await,
            7..=12 => self.delete(who, at, key).await,
            13 | 14 => self.look(who, at).await,
            _ => self.change(who, at, what).await,
        }
    }

    async fn add(&mut self, who: usize, at: usize, key: &'static str) {
        let command = Command::AddSystem(Box::new(System::new(SystemId::new(key), key)));
        let refusal = self.refusal(who, at, command.needs());
        let done = self.crowd[who].gate.execute(&self.workspaces[at], command).await;
        match refusal {
            Some(refusal) => assert_eq!(done.unwrap_err(), refusal),
            None => assert_eq!(done.is_ok(), self.expected[at].insert(key), "{done:?}"),
        }
    }

    async fn delete(&mut self, who: usize, at: usize, key: &'static str) {
        let command = Command::DeleteSystem(SystemId::new(key), Revision(i64::MAX));
        let refusal = self.refusal(who, at, command.needs());
        let done = self.crowd[who].gate.execute(&self.workspaces[at], command).await;
        match refusal {
            Some(refusal) => assert_eq!(done.unwrap_err(), refusal),
            None => assert_eq!(done.is_ok(), self.expected[at].remove(key), "{done:?}"),
        }
    }

    async fn look(&self, who: usize, at: usize) {
        let seen = self.crowd[who].gate.estate(&self.workspaces[at]).await;
        match self.refusal(who, at, Capability::ReadModel) {
            Some(refusal) => assert_eq!(seen.unwrap_err(), refusal),
            None => {
                // Who audits sees what was signed, which here is nothing.
                let works = self.crowd[who].roles[at].is_some_and(|role| role.may(Capability::ReadWorking));
                let nothing = BTreeSet::new();
                let expected = if works { &self.expected[at] } else { &nothing };
                assert_eq!(&systems(&seen.unwrap().model.systems), expected);
            }
        }
    }

    /// Somebody makes the next one something else.
    async fn change(&mut self, who: usize, at: usize, what: usize) {
        let whom = (who + 1) % self.crowd.len();
        let to = Role::ALL[what % Role::ALL.len()];
        let Some(before) = self.crowd[whom].roles[at] else { return };
        let done = self.crowd[who]
            .gate
            .change_member(&self.workspaces[at], &self.crowd[whom].account, Standing::usual(to))
            .await;
        let may = self.crowd[who].roles[at].is_some_and(|own| {
            own.may(Capability::ManageMembers) && own.rank() >= before.rank() && own.rank() >= to.rank()
        });
        assert!(may || done.is_err(), "{:?} makes {before} {to}", self.crowd[who].roles[at]);
        if done.is_err() {
            return;
        }
        self.crowd[whom].roles[at] = Some(to);
        // Who was changed is signed out, and comes back, each time from another address.
        let store = &self.instance.store;
        self.sign_ins += 1;
        let address = format!("198.51.{}.{}", self.sign_ins / 250 % 250, self.sign_ins % 250);
        let signed_in = store.sign_in(&self.crowd[whom].mail, PASSWORD, &address).await.unwrap();
        self.crowd[whom].gate = store.gate(signed_in.actor());
    }

    /// What is there is what should be, whatever was tried.
    async fn check(&self) {
        for (workspace, expected) in self.workspaces.iter().zip(&self.expected) {
            let estate = self.instance.operator().estate(workspace).await.unwrap();
            assert_eq!(systems(&estate.stored.systems), *expected, "{workspace}");
        }
        for (chain, verdict) in self.instance.store.verify_chains().await.unwrap() {
            assert!(matches!(verdict, ChainVerdict::Whole { .. }), "{chain}: {verdict}");
        }
    }
}

fn systems<T>(found: &BTreeMap<SystemId, T>) -> BTreeSet<&str> {
    found.keys().map(SystemId::as_str).collect()
}

#[test]
fn whatever_members_do_in_any_order_each_does_and_sees_what_the_role_allows() {
    let runtime = Runtime::new().unwrap();
    let place = Place::sqlite();
    let mut machine = runtime.block_on(Machine::new(&place));
    let seeds: [&[u8]; 3] =
        [b"\x01\x00\x00\x00\x01\x07\x00\x00", b"\x00\x0f\x01\x03\x05\x0d\x00\x00", b"\x02\x01\x01\x02"];
    fuzz(60, &Corpus { seeds: &seeds, pieces: &[] }, |bytes| {
        let steps = bytes.as_chunks::<4>().0.iter().take(12);
        runtime.block_on(async {
            for step in steps {
                machine.step(step.map(usize::from)).await;
            }
            machine.check().await;
        });
    });
}
