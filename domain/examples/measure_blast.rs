//! Measures the blast radius on random estates of 10,000 systems and 100,000 flows with three fields each, from starts
//! that reach little and starts that reach much, and choke points and plans on estates of the size of a shop.
//!
//! Run it with `cargo run --release -p domain --example measure_blast`.
#![expect(clippy::disallowed_methods, reason = "it measures time")]
#![expect(clippy::print_stdout, reason = "the numbers are what it is for")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use domain::blast::{self, ArcCosts, Goal, Ground, OptionSet, Start, options};
use domain::id::{CredentialId, FlowId, SystemId};
use domain::model::Model;
use domain::model::credential::{Credential, Grant};
use domain::model::element::{Form, Holding, Op};
use domain::model::fact::Facts;
use domain::model::flow::Flow;
use domain::model::kinds::{CredentialKind, SecretLocation, SystemKind};
use domain::model::relations::{Auth, Boundary, Initiator, LinkPolicy, Privilege};
use domain::model::segment::{Link, LinkKey, Segment};
use domain::model::system::System;
use domain::scope;

fn main() {
    let sizes = [(10_000, 100_000, 20), (10_000, 100_000, 3_000), (10_000, 100_000, 40_000)];
    for (systems, flows, credentials) in sizes {
        let model = random(systems, flows, credentials);
        let scope = scope::compute(&model);
        println!("{systems} systems, {flows} flows, {credentials} credentials");
        let start = Start::System { id: system_id(7) };
        let blast = blast::radius(&model, &scope, &start).expect("the system is there");
        let steps = blast.derivations.len();
        println!(
            "  from one system: {} under control, {} sightings, {steps} steps",
            blast.control.len(),
            blast.data.len()
        );
        median("preparation and blast radius", || blast::radius(&model, &scope, &start));
        median("preparation", || Ground::of(&model, &scope));
        let ground = Ground::of(&model, &scope);
        median("blast radius, prepared", || ground.radius(&start));
        median("footprint of the card number", || ground.radius(&Start::Field { element: "pan".into() }));
        let targets: BTreeSet<SystemId> = (1..4).map(|number| system_id(number * 1000)).collect();
        let sources = BTreeSet::from([system_id(7)]);
        let choke = || blast::choke(&model, &sources, &targets, &ArcCosts::default());
        median("choke points", choke);
        let choke = choke().expect("the systems are there");
        println!(
            "    {} targets reached, cut of {:?} labels, optimal: {}",
            choke.reachable_targets.len(),
            choke.min_cut.map(|it| it.len()),
            choke.optimal
        );
    }
    plans(300, 3_000);
    plans(30, 90);
}

/// Plans on a smaller estate, with the options that the engine proposes.
fn plans(systems: u64, flows: u64) {
    let model = random(systems, flows, systems / 5);
    let scope = scope::compute(&model);
    let proposed = options::generate(&model, &scope);
    println!("{systems} systems, {flows} flows: {} options proposed", proposed.len());
    median("scope", || scope::compute(&model));
    for count in [12, 18, 30] {
        let every = (proposed.len() / count).max(1);
        let some: Vec<OptionSet> = proposed.iter().step_by(every).take(count).cloned().collect();
        let start = Instant::now();
        let goal = Goal::Budget { budget: 20, weights: BTreeMap::new() };
        let answer = blast::reduce(&model, &some, &goal).expect("every option can be carried out");
        println!(
            "  a budget of 20, {} options: {:.1} ms, cost {:?}, {} out of scope, {} plans, optimal: {}",
            some.len(),
            start.elapsed().as_secs_f64() * 1000.0,
            answer.cost,
            answer.out_of_scope.len(),
            answer.plans.len(),
            answer.optimal
        );
    }
}

fn median<T>(what: &str, run: impl Fn() -> T) {
    let mut times: Vec<f64> = (0..7)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(run());
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("  {what}: {:.1} ms (median of 7; fastest {:.1}, slowest {:.1})", times[3], times[0], times[6]);
}

/// A linear congruential generator: the same model on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

fn system_id(number: u64) -> SystemId {
    SystemId::new(format!("system-{number:05}"))
}

fn random(systems: u64, flows: u64, credentials: u64) -> Model {
    let mut random = Random(42);
    let mut model = Model::default();
    let segments = (systems / 50).max(4);
    for number in 0..segments {
        let mut segment = Segment::new(format!("segment-{number:03}").as_str().into(), "A segment");
        segment.microsegmented = number % 2 == 0;
        model.segments.insert(segment.id.clone(), Arc::new(segment));
    }
    for number in 1..segments / 4 {
        let (a, b) = (format!("segment-{:03}", number * 2 - 1), format!("segment-{:03}", number * 2 + 1));
        let key = LinkKey::new(a.as_str().into(), b.as_str().into());
        let link = Link { key: key.clone(), policy: LinkPolicy::Open, control: None, facts: Facts::new() };
        model.links.insert(key, Arc::new(link));
    }
    for number in 0..systems {
        let mut system = System::new(system_id(number), "A system");
        system.segment = Some(format!("segment-{:03}", random.below(segments)).as_str().into());
        system.boundary = if random.below(10) == 0 { Boundary::ThirdParty } else { Boundary::Own };
        system.kind = if random.below(20) == 0 { SystemKind::JumpHost } else { SystemKind::Service };
        if random.below(10) == 0 {
            let mut stored = Holding::new("pan".into(), Form::Clear, &[Op::Store]);
            stored.records = Some(random.below(1_000_000));
            system.holdings.push(stored);
        }
        model.systems.insert(system.id.clone(), Arc::new(system));
    }
    for number in 0..flows {
        let (from, to) = (system_id(random.below(systems)), system_id(random.below(systems)));
        let mut flow = Flow::new(FlowId::new(format!("flow-{number:06}")), from, to);
        let pan = if random.below(50) == 0 { Form::Clear } else { Form::Tokenised };
        let mut number = Holding::new("pan".into(), pan, &[Op::Transmit]);
        number.domain = Some("gateway".into());
        let name = Holding::new("cardholder_name".into(), Form::Clear, &[Op::Transmit]);
        let amount = Holding::new("amount".into(), Form::Clear, &[Op::Transmit]);
        flow.fields = vec![number, name, amount];
        flow.initiator = if random.below(4) == 0 { Initiator::Both } else { Initiator::From };
        flow.auth = if random.below(100) == 0 { Auth::None } else { Auth::ApiKey };
        flow.latency_seconds = Some(random.below(60));
        model.flows.insert(flow.id.clone(), Arc::new(flow));
    }
    for number in 0..credentials {
        let privilege =
            [Privilege::Read, Privilege::Act, Privilege::Admin][usize::try_from(random.below(3)).unwrap_or(0)];
        let id = CredentialId::new(format!("credential-{number:05}"));
        let holders = 1 + random.below(3);
        let credential = Credential {
            name: id.to_string(),
            id: id.clone(),
            kind: CredentialKind::Service,
            held_by: (0..holders).map(|_| system_id(random.below(systems))).collect(),
            grants: vec![Grant {
                on: system_id(random.below(systems)),
                privilege,
                action: Vec::new(),
                elements: None,
                domain: None,
                facts: Facts::new(),
            }],
            bound_to: None,
            mfa: false,
            ttl_minutes: None,
            non_exportable: false,
            shared: holders > 1,
            location: SecretLocation::Vault,
            facts: Facts::new(),
        };
        model.credentials.insert(id, Arc::new(credential));
    }
    model
}
