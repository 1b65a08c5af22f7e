//! Measures the scope engine on a random model of 10,000 systems and 100,000 flows with three fields each, and on a
//! chain of 10,000 relays, whose proofs are as long as a proof can be.
//!
//! Run it with `cargo run --release -p domain --example measure`.
#![expect(clippy::disallowed_methods, reason = "it measures time")]
#![expect(clippy::print_stdout, reason = "the numbers are what it is for")]

use std::sync::Arc;
use std::time::Instant;

use domain::id::{FlowId, SystemId};
use domain::model::Model;
use domain::model::element::{Form, Holding, Op};
use domain::model::flow::Flow;
use domain::model::kinds::SystemKind;
use domain::model::relations::{Boundary, Initiator};
use domain::model::segment::Segment;
use domain::model::system::System;
use domain::scope::explain::explain;
use domain::scope::verdict::Category;
use domain::scope::{compute, report};

fn main() {
    measure("random, one flow in ten with a card number in clear", &random(10));
    measure("random, one flow in a thousand with a card number in clear", &random(1000));
    measure("a chain of relays", &chain());
}

fn measure(what: &str, model: &Model) {
    let mut times: Vec<f64> = (0..7)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(compute(model));
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let scope = compute(model);
    let in_scope = scope.systems.values().filter(|verdict| verdict.category.in_scope()).count();
    let cde = scope.systems.values().filter(|verdict| verdict.category == Category::Cde).count();
    let longest = scope.systems.values().map(|it| it.witness.len().max(it.provenance.len())).max().unwrap_or(0);
    println!("{what}: {} systems, {} flows", model.systems.len(), model.flows.len());
    println!("  {cde} CDE, {in_scope} in scope, longest proof {longest} steps");
    println!("  compute: {:.1} ms (median of 7; fastest {:.1}, slowest {:.1})", times[3], times[0], times[6]);
    let last = scope.systems.keys().next_back().cloned();
    let start = Instant::now();
    let sentences = last.map(|id| explain(model, &scope, &id).len()).unwrap_or(0);
    println!("  explain one system: {:.1} ms, {sentences} sentences", start.elapsed().as_secs_f64() * 1000.0);
    if longest < 1000 {
        let start = Instant::now();
        let bytes = report::json(model, &scope, &[]).len();
        println!("  report as JSON: {:.1} ms, {bytes} bytes", start.elapsed().as_secs_f64() * 1000.0);
    }
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

fn random(one_in: u64) -> Model {
    let mut random = Random(42);
    let mut model = Model::default();
    for number in 0..200 {
        let mut segment = Segment::new(format!("segment-{number:03}").as_str().into(), "A segment");
        segment.microsegmented = number % 2 == 0;
        model.segments.insert(segment.id.clone(), Arc::new(segment));
    }
    for number in 0..10_000 {
        let mut system = System::new(system_id(number), "A system");
        system.segment = Some(format!("segment-{:03}", random.below(200)).as_str().into());
        system.boundary = if random.below(10) == 0 { Boundary::ThirdParty } else { Boundary::Own };
        system.kind = if random.below(20) == 0 { SystemKind::JumpHost } else { SystemKind::Service };
        model.systems.insert(system.id.clone(), Arc::new(system));
    }
    for number in 0..100_000 {
        let (from, to) = (system_id(random.below(10_000)), system_id(random.below(10_000)));
        let mut flow = Flow::new(FlowId::new(format!("flow-{number:06}")), from, to);
        let pan = if random.below(one_in) == 0 { Form::Clear } else { Form::Tokenised };
        let mut number = Holding::new("pan".into(), pan, &[Op::Transmit]);
        number.domain = Some("gateway".into());
        let name = Holding::new("cardholder_name".into(), Form::Clear, &[Op::Transmit]);
        let amount = Holding::new("amount".into(), Form::Clear, &[Op::Transmit]);
        flow.fields = vec![number, name, amount];
        flow.initiator = if random.below(4) == 0 { Initiator::Both } else { Initiator::From };
        model.flows.insert(flow.id.clone(), Arc::new(flow));
    }
    model
}

fn chain() -> Model {
    let mut model = Model::default();
    for number in 0..10_000 {
        let mut system = System::new(system_id(number), "A relay");
        system.relay = Some(true);
        if number == 0 {
            system.holdings = vec![Holding::new("pan".into(), Form::Clear, &[Op::Store])];
        } else {
            let id = FlowId::new(format!("flow-{number:06}"));
            let flow = Flow::new(id, system_id(number), system_id(number - 1));
            model.flows.insert(flow.id.clone(), Arc::new(flow));
        }
        model.systems.insert(system.id.clone(), Arc::new(system));
    }
    model
}
