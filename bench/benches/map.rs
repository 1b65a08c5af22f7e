//! The layout of the map under criterion: everything drawn, nothing collapsed.
#![expect(missing_docs, reason = "criterion's macro makes a function without documentation")]

use std::hint::black_box;
use std::time::Duration;

use bench::estate::Estate;
use criterion::{Criterion, criterion_group, criterion_main};
use domain::scene::estate::{ViewOptions, drawing};
use domain::scene::{Theme, layout_of, svg};
use domain::scope::compute;

/// An estate that is drawn in full, and one that only the command line draws in full.
const SIZES: [Estate; 2] = [Estate::new(300, 600), Estate::new(5_000, 20_000)];

fn map(criterion: &mut Criterion) {
    for size in SIZES {
        let model = size.model();
        let scope = compute(&model);
        let options = ViewOptions { all: true, ..ViewOptions::default() };
        let drawn = drawing(&model, &scope, &options);
        let mut group = criterion.benchmark_group(format!("map of {} systems, {} flows", size.systems, size.flows));
        group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
        group.bench_function("what to draw", |it| it.iter(|| drawing(black_box(&model), &scope, &options)));
        group.bench_function("layout and routing", |it| it.iter(|| layout_of(black_box(&drawn))));
        group.bench_function("layout and SVG", |it| it.iter(|| svg(black_box(&drawn), Theme::Page)));
        group.finish();
    }
}

criterion_group!(benches, map);
criterion_main!(benches);
