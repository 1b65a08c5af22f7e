//! Something happened: what, since when, who has to be told until when, and what is to be done at once?
//!
//! An [`record::Incident`] has a timeline, a root cause, risks and actions. [`duty`] is the table of those who answer and
//! of whom to tell within how many hours; [`deadline`] computes every deadline from the moment of detection. A
//! [`containment`] sheet says what to cut, to rotate and whom to call for a start of a blast radius, and [`unexpected`]
//! is the case of a card number where none should be. [`playbook`] says what was agreed for such a case, and when it was
//! exercised last. A form becomes an incident in [`draft`], a [`step`] is what people do about one that is there, and
//! [`preparation`] and [`rehearsal`] read the forms of what is agreed beforehand. [`file`](mod@file) writes tables to take away.
//!
//! The deadlines that come with the product are a start for a conversation with counsel and acquirer. Each counts as not
//! confirmed until a person of the workspace confirms it.

pub mod change;
pub mod containment;
pub mod deadline;
pub mod draft;
pub mod duty;
pub mod file;
pub mod playbook;
pub mod preparation;
pub mod record;
pub mod rehearsal;
pub mod step;
pub mod unexpected;

pub use containment::{Sheet, contain};
pub use deadline::{Deadline, DeadlineState, deadlines};
pub use preparation::Preparation;
pub use record::{Incident, IncidentKey};
pub use step::Step;
