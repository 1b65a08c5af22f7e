//! The one place that reads and writes the database, always for an actor.
//!
//! [`Store`] opens a database, SQLite or PostgreSQL. [`Gate`] is the way in: bound to who asks, it implements the
//! domain's `Backend`, lets through what the role allows, and runs every change through the one write path.
//! Signing in, setting up and sessions stand beside it, as they come before there is somebody to ask.

mod acceptance;
mod account;
mod actor;
mod audit;
pub mod backup;
mod clock;
mod comment;
mod db;
mod digest;
mod entity;
mod error;
mod execute;
mod feed;
mod files;
mod findings;
mod gate;
mod import;
mod incident;
#[cfg(feature = "inspect")]
pub mod inspect;
mod inverse;
mod library;
mod live;
pub mod meter;
mod model;
mod notice;
mod pack;
mod proposal;
mod receipt;
mod register_import;
mod review;
mod risk;
mod rows;
mod schedule;
mod scope;
mod session;
mod snapshot;
mod store;
mod token;
mod view;
mod workspace;

pub use account::bucket::Posting;
pub use account::device::DeviceToken;
pub use account::joining::Newcomer;
pub use account::operator::NewAccount;
pub use account::reset::ResetToken;
pub use account::seal::SealingKey;
pub use account::set_up::{SetUp, Start};
pub use account::sign_in::{SignedIn, Visit};
pub use account::standing::{Awaits, Sitting};
pub use actor::{Actor, ReaderClaim, SignInId, TokenClaim};
pub use audit::checkpoint::{CheckpointKey, CheckpointPublicKey, NoteProblem};
pub use audit::verify::{ChainVerdict, Head};
pub use clock::Clock;
pub use db::snapshot::Unfit;
pub use digest::{DueDigest, LetterOutcome};
pub use error::StoreError;
pub use files::{Files, Incoming, NotTaken, Ready, Swept, Unkept};
pub use gate::Gate;
pub use pack::{PackKey, verifies};
pub use session::{SessionEntry, SessionHash, SessionRecord, Sessions};
pub use store::{Connections, Hashing, Store};
