//! The engine under criterion, beside the bare search over the same graph.
#![expect(missing_docs, reason = "criterion's macro makes a function without documentation")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use bench::bare;
use bench::estate::Estate;
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use domain::blast::{Ground, Start};
use domain::findings::survey::{Survey, Wiring};
use domain::findings::{Course, Evaluation};
use domain::model::Model;
use domain::model::relations::Encryption;
use domain::scope::explain::explain;
use domain::scope::{Scope, compute};

/// From the estate of a shop to that of a large processor.
const SIZES: [Estate; 3] = [Estate::new(300, 3_000), Estate::new(3_000, 30_000), Estate::new(10_000, 100_000)];

fn engine(criterion: &mut Criterion) {
    for size in SIZES {
        let model = size.model();
        let graph = bare::graph(&model);
        let scope = compute(&model);
        let ground = Ground::of(&model, &scope);
        let start = Start::System { id: Estate::system_id(7) };
        let asked = Estate::system_id(size.systems - 1);
        let mut group = criterion.benchmark_group(format!("{} systems, {} flows", size.systems, size.flows));
        group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
        group.bench_function(BenchmarkId::from_parameter("bare search"), |it| {
            it.iter(|| bare::search(black_box(&graph)))
        });
        group.bench_function(BenchmarkId::from_parameter("scope"), |it| it.iter(|| compute(black_box(&model))));
        group.bench_function(BenchmarkId::from_parameter("explain one system"), |it| {
            it.iter(|| explain(black_box(&model), &scope, &asked));
        });
        group.bench_function(BenchmarkId::from_parameter("prepare blast radius"), |it| {
            it.iter(|| Ground::of(black_box(&model), &scope));
        });
        group.bench_function(BenchmarkId::from_parameter("blast radius, prepared"), |it| {
            it.iter(|| ground.radius(black_box(&start)));
        });
        let now = model.settings.as_of.start();
        group.bench_function(BenchmarkId::from_parameter("all rules"), |it| {
            it.iter(|| Evaluation::of(&Survey::of(black_box(&model), &scope, now)));
        });
        let (changed, changed_scope) = one_flow_unencrypted(&model);
        let wiring = Wiring::of(&model);
        let before = Survey::wired(&model, &scope, now, &wiring);
        let course = Course::of(&before);
        group.bench_function(BenchmarkId::from_parameter("rules after one edit"), |it| {
            it.iter_batched(
                || course.clone(),
                |course| {
                    let wiring = wiring.after(&model, black_box(&changed));
                    course.onward(&before, &Survey::wired(&changed, &changed_scope, now, &wiring))
                },
                BatchSize::PerIteration,
            );
        });
        group.finish();
    }
}

/// The estate after the encryption of its first flow was taken away, with its scope.
fn one_flow_unencrypted(model: &Model) -> (Model, Scope) {
    let mut changed = model.clone();
    if let Some(mut flow) = changed.flows.first_entry() {
        Arc::make_mut(flow.get_mut()).encryption = Encryption::None;
    }
    let scope = compute(&changed);
    (changed, scope)
}

criterion_group!(benches, engine);
criterion_main!(benches);
