//! What a member may ask about the risks of a workspace.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use super::Estate;
use crate::filter::Filter;
use crate::id::{PersonId, WorkspaceId};
use crate::model::Model;
use crate::problem::Problem;
use crate::risk::acceptance::{AcceptanceKey, Ask, Command, Current};
use crate::risk::settings::{Change, Setting};
use crate::risk::view::columns::Words;
use crate::risk::view::next::Plan;
use crate::risk::view::table::{Order, Row, Standings, rows};
use crate::risk::view::tasks::Task;
use crate::risk::view::trend::{Span, Trend};
use crate::risk::{Register, Risk, RiskKey, Scheme};
use crate::role::Tier;
use crate::time::{Day, Timestamp};

/// The risk register of a workspace. Who may read the model reads it, who may change the model changes it.
#[async_trait]
pub trait Risks: Send + Sync {
    /// The register with every risk.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn risks(&self, workspace: &WorkspaceId) -> Result<RiskRegister, Problem>;

    /// The register as it was at the end of a day, from the versions that are kept. Decisions that wait are of now, so
    /// there are none.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn risks_on(&self, workspace: &WorkspaceId, day: Day) -> Result<RiskRegister, Problem>;

    /// What the register is set to, without its risks.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn risk_setting(&self, workspace: &WorkspaceId) -> Result<Setting, Problem>;

    /// Sets the register. Another scheme rates every risk again in the same transaction. Whether anything changed.
    ///
    /// # Errors
    /// As `Backend::execute`: `Conflict` where the settings changed since, or where another scheme makes something else of
    /// the risks than the person was shown.
    async fn set_risk_register(&self, workspace: &WorkspaceId, change: Change) -> Result<bool, Problem>;

    /// The decisions that wait for somebody, without the rest of the register.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn risk_decisions(&self, workspace: &WorkspaceId) -> Result<Decisions, Problem>;

    /// How many open risks of each level there were.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn risk_trend(&self, workspace: &WorkspaceId, span: Span) -> Result<Trend, Problem>;

    /// What to do next about the risks, and what it does to the scope of this state of the workspace.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn risk_plan(&self, estate: &Arc<Estate>) -> Result<Plan, Problem>;

    /// One risk with its versions.
    ///
    /// # Errors
    /// As `Backend::estate`, and `NotFound` where there is no such risk.
    async fn risk(&self, workspace: &WorkspaceId, risk: RiskKey) -> Result<RiskHistory, Problem>;

    /// Puts a new risk into the register, rated in the words of a scheme. It gets the next number, whatever key it has.
    ///
    /// # Errors
    /// As `Backend::execute`: `Conflict` where the register has another scheme by now.
    async fn add_risk(&self, workspace: &WorkspaceId, risk: Risk, scheme: Scheme) -> Result<RiskKey, Problem>;

    /// Puts a risk in the place of the one with its key. What the person saw is the revision of the risk, and the scheme in
    /// which it was rated. Whether anything changed.
    ///
    /// # Errors
    /// As `Backend::execute`: `Conflict` where the risk or the scheme changed since, `NotFound` where there is none.
    async fn edit_risk(&self, workspace: &WorkspaceId, risk: Risk, seen: (i64, Scheme)) -> Result<bool, Problem>;

    /// Puts several risks in the places of those with their keys, all or none, each with the revision at which the person
    /// saw it. How many changed.
    ///
    /// # Errors
    /// As [`Self::edit_risk`].
    async fn edit_risks(&self, workspace: &WorkspaceId, risks: Vec<(Risk, i64)>) -> Result<usize, Problem>;

    /// Asks for the acceptance of a risk, on the facts of now; a new risk enters the register with it.
    ///
    /// # Errors
    /// As `Backend::execute`; `Forbidden` for programs; `Invalid` with the fields of the form where the end lies beyond
    /// what the level allows, or somebody asked already.
    async fn ask_acceptance(&self, workspace: &WorkspaceId, ask: Ask) -> Result<RiskKey, Problem>;

    /// Takes a step about an acceptance of a risk.
    ///
    /// # Errors
    /// As `Backend::execute`; `Forbidden` for programs; `Reauthenticate` where an approval comes without a recent
    /// proof; `Invalid` with the field `step` or `reason` where it is refused; `Conflict` where another thing was shown.
    async fn decide_acceptance(
        &self,
        workspace: &WorkspaceId,
        risk: RiskKey,
        acceptance: AcceptanceKey,
        command: Command,
    ) -> Result<(), Problem>;
}

/// A register with its risks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskRegister {
    /// What it is set to.
    pub register: Register,
    /// The risks, by key.
    pub risks: BTreeMap<RiskKey, Arc<Risk>>,
    /// Where the newest acceptance of each risk stands that says most: the one in force, or the last one.
    pub standings: Standings,
    /// Every acceptance that says something still, as it stands.
    pub acceptances: Vec<Current>,
    /// The decisions that wait for somebody.
    pub tasks: Vec<Task>,
    /// The person of the inventory who asks, where the account is linked to one.
    pub me: Option<PersonId>,
    /// Up to which level whoever asks approves acceptances, where their role does at all.
    pub tier: Option<Tier>,
}

/// Decisions with the risks that they are about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decisions {
    /// What waits.
    pub tasks: Vec<Task>,
    /// At least the risks of those decisions, by key.
    pub risks: BTreeMap<RiskKey, Arc<Risk>>,
}

impl RiskRegister {
    /// The rows that a list with this filter and order shows, all of its pages; `-` before the order turns it around.
    #[must_use]
    pub fn listed(&self, filter: &Filter, sort: &str, today: Day) -> Vec<Row<'_>> {
        let (descending, order) = match sort.strip_prefix('-') {
            Some(order) => (true, order),
            None => (false, sort),
        };
        let order: Order = order.parse().unwrap_or(Order::Level);
        let risks = self.risks.values().map(|risk| &**risk);
        let me = self.me.as_ref();
        let mut found = rows(risks, &self.register, &self.standings, filter, order, me, today);
        if descending {
            found.reverse();
        }
        found
    }

    /// What the words of a table of its risks need.
    #[must_use]
    pub const fn words<'a>(&'a self, model: &'a Model) -> Words<'a> {
        Words { register: &self.register, standings: &self.standings, model }
    }
}

/// A risk with everything that it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskHistory {
    /// What the register is set to.
    pub register: Register,
    /// The risk as it is.
    pub risk: Arc<Risk>,
    /// How often it was saved.
    pub revision: i64,
    /// Its versions, the newest first; the newest is the risk as it is.
    pub versions: Vec<RiskVersion>,
    /// Its acceptances, the newest first.
    pub acceptances: Vec<Current>,
    /// The person of the inventory who asks, where the account is linked to one.
    pub me: Option<PersonId>,
}

/// A risk as it was saved once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskVersion {
    /// The number of the save, from 1.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// Who saved it; absent where nobody was signed in, as on the command line.
    pub by: Option<String>,
    /// The risk of then.
    pub risk: Risk,
}
