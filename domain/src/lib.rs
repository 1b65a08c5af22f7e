//! The core of Plumbline: the model of a payment estate, and what follows from it.
//!
//! This crate is pure. It reads no file, asks no clock, draws no random number and knows neither
//! a database nor a browser, so it cannot fail for outside reasons and gives the same bytes
//! natively, in WebAssembly and offline. Modules point one way only:
//! `id text time problem role` <- `model` <- `scope` <- `command` <- `backend`,
//! `model` <- `import`, `export`, `lineage`, `scope` <- `blast`, `scene`, and
//! `blast` <- `delta`, `findings` <- `risk` <- `incident` <- `schedule` <- `review` <- `library` <- `evidence` <- `report`,
//! `review` <- `pack`.

pub mod audit;
pub mod backend;
pub mod blast;
mod both;
pub mod bulk;
pub mod command;
pub mod confirmation;
pub mod creep;
pub mod delta;
pub mod digest;
pub mod evidence;
pub mod export;
pub mod fields;
pub mod filter;
pub mod findings;
pub mod id;
pub mod import;
pub mod incident;
pub mod inventory;
pub mod layout;
pub mod library;
pub mod lineage;
pub mod model;
pub mod moment;
pub mod notice;
pub mod observation;
pub mod pack;
pub mod pairs;
pub mod paper;
pub mod problem;
pub mod proposal;
pub mod quick;
pub mod report;
pub mod review;
pub mod risk;
pub mod role;
pub mod scene;
pub mod schedule;
pub mod scope;
pub mod search;
pub mod snapshot;
mod table;
pub mod temporary;
pub mod text;
pub mod time;
pub mod token;
