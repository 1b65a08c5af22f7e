//! Reviews: what changed since somebody last signed, looked at item by item, signed, and sealed.
//!
//! A review opens on the [`difference`] since the last seal that covered each object. It is a [`session`]: nothing but
//! its events, so that it can be resumed, and replayed later. What blocks a signature is a [`gate`], computed from the
//! difference of now, so that nothing that changed in the meantime is signed by accident. The last signature makes a
//! [`seal`]: canonical bytes in a chain, which a later program reads, checks and [computes again](outcome).

pub mod access;
pub mod board;
pub mod canonical;
pub mod change;
pub mod checkpoint;
pub mod content;
pub mod covered;
pub mod difference;
pub mod draft;
pub mod elements;
pub mod entity;
pub mod examination;
pub mod gate;
pub mod kind;
pub mod open;
pub mod outcome;
pub mod seal;
pub mod service_level;
pub mod session;
pub mod statements;

pub use covered::Cover;
pub use difference::{Base, Carried, Difference, Item, Line};
pub use gate::{Gate, GateKind};
pub use kind::ReviewKind;
pub use open::OpenReview;
pub use seal::{Seal, SealKey, Sealed};
pub use session::{ReviewKey, Session};
