//! What a page calls to time the engine in a browser: an estate that is made once, and a recompute of its scope.

use bench::bare;
use bench::estate::Estate;
use domain::export::model_file::to_json;
use domain::model::Model;
use domain::model::reader::read_json;
use domain::scope::compute;
use petgraph::graph::DiGraph;
use wasm_bindgen::prelude::wasm_bindgen;

/// An estate in the memory of the page, read from its own file.
#[wasm_bindgen]
pub struct Page {
    model: Model,
    graph: DiGraph<(), ()>,
}

#[wasm_bindgen]
impl Page {
    /// Makes the estate of that size.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(systems: u32, flows: u32) -> Self {
        let text = to_json(&Estate::new(systems, flows).model());
        let (model, _) = read_json(text.as_bytes()).expect("what was just written can be read");
        let graph = bare::graph(&model);
        Self { model, graph }
    }

    /// Computes the scope of all of it, and returns how many systems are in scope.
    #[must_use]
    pub fn scope(&self) -> usize {
        compute(&self.model).systems.values().filter(|verdict| verdict.category.in_scope()).count()
    }

    /// Searches the bare graph, and returns how many systems it reaches.
    #[must_use]
    pub fn search(&self) -> usize {
        bare::search(&self.graph)
    }
}
