//! What a member may ask about dates: everything that comes due, what of it concerns them, and how they are told.

use std::collections::BTreeSet;

use async_trait::async_trait;

use crate::digest::Rhythm;
use crate::id::{PersonId, WorkspaceId};
use crate::notice::Notice;
use crate::problem::Problem;
use crate::schedule::Zone;
use crate::schedule::calendar::Entry;
use crate::time::{Day, Timestamp};

/// The dates of a workspace. Who may read the model reads them. What is kept beside (the feed, what was read, the digest)
/// is of the person who asks, and of nobody else.
#[async_trait]
pub trait Calendar: Send + Sync {
    /// Everything that comes due.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn agenda(&self, workspace: &WorkspaceId) -> Result<Agenda, Problem>;

    /// What concerns the person now.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn notices(&self, workspace: &WorkspaceId) -> Result<Vec<Told>, Problem>;

    /// How many notices the person has not read, to a minute: pages show it everywhere, and it should cost nothing.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn unread_notices(&self, workspace: &WorkspaceId) -> Result<usize, Problem>;

    /// Marks notices as read: those with these keys, or all of them. How many of them were not read before.
    ///
    /// # Errors
    /// As `Backend::estate`; `Forbidden` for programs.
    async fn read_notices(&self, workspace: &WorkspaceId, which: Which) -> Result<usize, Problem>;

    /// The calendar feed of the person, where they made one.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn feed(&self, workspace: &WorkspaceId) -> Result<Option<FeedEntry>, Problem>;

    /// Makes the calendar feed of the person in the place of any before it; gives its secret, which nobody can tell again.
    ///
    /// # Errors
    /// As `Backend::estate`; `Forbidden` for programs; `Reauthenticate` where the person proved longer than five minutes
    /// ago who they are.
    async fn make_feed(&self, workspace: &WorkspaceId) -> Result<String, Problem>;

    /// Ends the calendar feed of the person.
    ///
    /// # Errors
    /// As `Backend::estate`; `Forbidden` for programs; `NotFound` where there is none.
    async fn end_feed(&self, workspace: &WorkspaceId) -> Result<(), Problem>;

    /// How often the person gets a digest of this workspace by mail.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn digest(&self, workspace: &WorkspaceId) -> Result<Rhythm, Problem>;

    /// Says how often. Whether anything changed.
    ///
    /// # Errors
    /// As `Backend::estate`; `Forbidden` for programs.
    async fn set_digest(&self, workspace: &WorkspaceId, rhythm: Rhythm) -> Result<bool, Problem>;
}

/// Everything that comes due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// By day, then by kind and key.
    pub entries: Vec<Entry>,
    /// The zone of the workspace, whose days they are.
    pub zone: Zone,
    /// The present moment.
    pub now: Timestamp,
    /// The day on which it lies in that zone.
    pub today: Day,
    /// The person of the inventory who asks, where the account is linked to one.
    pub me: Option<PersonId>,
}

/// A notice, and whether the person read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it says.
    pub notice: Notice,
    /// Whether it was marked as read.
    pub read: bool,
}

/// Notices to be marked as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those that there are now.
    All,
    /// Those with these keys, as far as there are any.
    These(BTreeSet<String>),
}

/// A calendar feed without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// What its address begins with.
    pub key: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When a program read it last, to a minute.
    pub last_used_at: Option<Timestamp>,
}
