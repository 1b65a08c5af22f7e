//! What are we afraid of, what do we do about it, and who said that we may live with it?
//!
//! A [`record::Risk`] names cause, event and consequence, what it is about on the map, who answers for it and how bad it
//! is: before anything is done, now, and where it shall go. [`scheme`] says what a likelihood and an impact make
//! together, [`suggestion`] what the map says about both, [`appetite`] what is tolerated, [`settings`] how a workspace changes both. [`acceptance`] is a decision to
//! live with a risk for a time: it is bound to the facts that the approvers saw ([`bound`]) and lapses when they get
//! worse. Accepting a risk never says that a requirement is met. [`sheet`] reads and writes registers as tables,
//! [`view`] counts and orders what people look at.

pub mod acceptance;
pub mod action;
pub mod appetite;
pub mod bound;
pub mod bulk;
pub mod change;
pub mod draft;
pub mod record;
pub mod scheme;
pub mod settings;
pub mod sheet;
pub mod suggestion;
pub mod view;

pub use appetite::Register;
pub use record::{Risk, RiskKey};
pub use scheme::{Level, Rating, Scheme, Step};
