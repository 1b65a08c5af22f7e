//! A register with a risk of which everything is said, and one of which hardly anything is.

use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::Estate;
use domain::backend::risks::{Decisions, RiskHistory, RiskRegister, RiskVersion, Risks};
use domain::id::{PersonId, WorkspaceId};
use domain::problem::Problem;
use domain::risk::acceptance::{Acceptance, AcceptanceKey, Ask, Command, Content, Current, Event, Standing, State};
use domain::risk::action::{Action, Ticket};
use domain::risk::bound::{Bound, Change, Grade};
use domain::risk::record::{Category, Effectiveness, InPlace, Link, Stage, Treatment};
use domain::risk::settings::{Change as RegisterChange, Setting};
use domain::risk::view::next::{Plan, plan};
use domain::risk::view::tasks::tasks;
use domain::risk::view::trend::{Moment, Span, Trend, trend};
use domain::risk::{Level, Rating, Register, Risk, RiskKey, Scheme, Step};
use domain::role::Tier;
use domain::time::{Day, Timestamp};

use crate::estate::Fake;

fn full() -> Risk {
    let rating = |likelihood, impact| Rating::new(Scheme::Nist, Step::new(likelihood)?, Step::new(impact)?);
    let mut risk = Risk::new(RiskKey(1));
    risk.title = "Somebody <reads> the retry queue".to_owned();
    risk.cause = "It keeps what it could not send".to_owned();
    risk.event = "Somebody reads it".to_owned();
    risk.category = Some(Category::Confidentiality);
    risk.stage = Stage::Treating;
    risk.links = ["system:checkout", "element:pan", "flow:gone"].iter().filter_map(|it| Link::parse(it)).collect();
    (risk.inherent, risk.residual, risk.target) = (rating(5, 5), rating(4, 4), rating(2, 4));
    let what = "Only operators reach it".to_owned();
    risk.controls = vec![InPlace { what, effectiveness: Effectiveness::Partly, evidence: Some("EV-0001".to_owned()) }];
    risk.treatment = Some(Treatment::Modify);
    let first = Action { due: Some(Day(0)), effort: "2.5".parse().ok(), ..Action::new(1, "Delete it".to_owned()) };
    let ticket = Ticket::parse("https://tickets.shop.example/PAY-1");
    let second = Action { after: [1].into(), ticket, ..Action::new(2, "Keep tokens".to_owned()) };
    risk.actions = vec![first, second];
    risk
}

fn bare() -> Risk {
    Risk { title: "Unknown".to_owned(), ..Risk::new(RiskKey(2)) }
}

/// What somebody asked for, and what waits for approval.
fn waiting() -> Current {
    let link = Link::Element("pan".into());
    let rank = Grade::Rank(2, "clear".to_owned());
    let objects = [(link.clone(), [("form".to_owned(), rank)].into())].into();
    let bound = Bound { level: Level::High, links: [link].into(), findings: Default::default(), objects };
    let content = Content {
        risk: Some(RiskKey(1)),
        findings: Default::default(),
        justification: "<b>Replaced</b> in spring, and watched until then".to_owned(),
        conditions: "Nobody exports it".to_owned(),
        begins: None,
        expires: Day(20_700),
    };
    let (by, at) = (PersonId::from("payments"), Timestamp(1_000));
    let events = [Event::Proposed { by: by.clone(), at, content }, Event::Submitted { by, at, bound }];
    let acceptance = Acceptance::replay(AcceptanceKey(1), &events).unwrap();
    Current { acceptance, standing: Standing { state: State::InReview, changes: Vec::new(), next_change: None } }
}

/// One that lapsed.
fn current() -> Current {
    let mut it = waiting();
    let change = |worse| Change {
        of: Some(Link::Element("pan".into())),
        what: "form".to_owned(),
        was: None,
        is: Some("clear".to_owned()),
        worse,
    };
    it.acceptance.key = AcceptanceKey(2);
    let changes = vec![change(true), change(false)];
    it.acceptance.apply(&Event::Lapsed { at: Timestamp(2_000), changes: changes.clone() });
    Current { standing: Standing { state: State::Lapsed, changes, next_change: None }, ..it }
}

#[async_trait]
impl Risks for Fake {
    async fn risks(&self, workspace: &WorkspaceId) -> Result<RiskRegister, Problem> {
        self.member(workspace)?;
        let risks = [full(), bare()].map(|risk| (risk.key, Arc::new(risk)));
        let risks = if self.estate.model.systems.is_empty() { Default::default() } else { risks.into() };
        let current = current();
        let standings = [(RiskKey(1), current.standing.state)].into();
        let tasks = tasks(&risks, &[current]);
        let (register, tier) = (Register::default(), Some(Tier::VeryHigh));
        Ok(RiskRegister { register, risks, standings, acceptances: Vec::new(), tasks, me: None, tier })
    }

    async fn risks_on(&self, workspace: &WorkspaceId, _: Day) -> Result<RiskRegister, Problem> {
        let register = self.risks(workspace).await?;
        Ok(RiskRegister { tasks: Vec::new(), ..register })
    }

    async fn risk_setting(&self, workspace: &WorkspaceId) -> Result<Setting, Problem> {
        self.member(workspace)?;
        Ok(Setting { revision: 2, ..Setting::default() })
    }

    async fn set_risk_register(&self, _: &WorkspaceId, _: RegisterChange) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn risk_decisions(&self, workspace: &WorkspaceId) -> Result<Decisions, Problem> {
        let RiskRegister { tasks, risks, .. } = self.risks(workspace).await?;
        Ok(Decisions { tasks, risks })
    }

    async fn risk_trend(&self, workspace: &WorkspaceId, span: Span) -> Result<Trend, Problem> {
        let register = self.risks(workspace).await?;
        let rated = register.risks.values().filter_map(|risk| Moment::of(None, risk, Scheme::Nist, Day(0)));
        Ok(trend(&rated.collect::<Vec<_>>(), &span.days(self.estate.today)))
    }

    async fn risk_plan(&self, estate: &Arc<Estate>) -> Result<Plan, Problem> {
        let register = self.risks(&estate.workspace.id).await?;
        let risks = register.risks.values().map(|risk| &**risk);
        Ok(plan(risks, &estate.model, &estate.scope, Scheme::Nist, estate.today))
    }

    async fn risk(&self, workspace: &WorkspaceId, risk: RiskKey) -> Result<RiskHistory, Problem> {
        let RiskRegister { register, mut risks, .. } = self.risks(workspace).await?;
        let risk = risks.remove(&risk).ok_or(Problem::NotFound)?;
        let version = |revision: i64, by: Option<&str>, risk: Risk| RiskVersion {
            revision,
            at: Timestamp(revision),
            by: by.map(str::to_owned),
            risk,
        };
        let before = Risk { title: "Before".to_owned(), ..Risk::new(risk.key) };
        let versions = vec![version(2, Some("Payments lead"), (*risk).clone()), version(1, None, before)];
        let acceptances = if risk.key == RiskKey(1) { vec![current(), waiting()] } else { Vec::new() };
        Ok(RiskHistory { register, risk, revision: 2, versions, acceptances, me: Some("ciso".into()) })
    }

    async fn add_risk(&self, _: &WorkspaceId, _: Risk, _: Scheme) -> Result<RiskKey, Problem> {
        Err(Problem::Forbidden)
    }

    async fn ask_acceptance(&self, _: &WorkspaceId, _: Ask) -> Result<RiskKey, Problem> {
        Err(Problem::Forbidden)
    }

    async fn decide_acceptance(
        &self,
        _: &WorkspaceId,
        _: RiskKey,
        _: AcceptanceKey,
        _: Command,
    ) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn edit_risks(&self, _: &WorkspaceId, _: Vec<(Risk, i64)>) -> Result<usize, Problem> {
        Err(Problem::Forbidden)
    }

    async fn edit_risk(&self, _: &WorkspaceId, _: Risk, _: (i64, Scheme)) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }
}
