//! A register with a risk of which everything is said, and one of which hardly anything is.

use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::risks::{RiskHistory, RiskRegister, RiskVersion, Risks};
use domain::id::WorkspaceId;
use domain::problem::Problem;
use domain::risk::action::{Action, Ticket};
use domain::risk::record::{Category, Effectiveness, InPlace, Link, Stage, Treatment};
use domain::risk::{Rating, Register, Risk, RiskKey, Scheme, Step};
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

#[async_trait]
impl Risks for Fake {
    async fn risks(&self, workspace: &WorkspaceId) -> Result<RiskRegister, Problem> {
        self.member(workspace)?;
        let risks = [full(), bare()].map(|risk| (risk.key, Arc::new(risk)));
        let risks = if self.estate.model.systems.is_empty() { Default::default() } else { risks.into() };
        Ok(RiskRegister { register: Register::default(), risks })
    }

    async fn risk(&self, workspace: &WorkspaceId, risk: RiskKey) -> Result<RiskHistory, Problem> {
        let RiskRegister { register, mut risks } = self.risks(workspace).await?;
        let risk = risks.remove(&risk).ok_or(Problem::NotFound)?;
        let version = |revision: i64, by: Option<&str>, risk: Risk| RiskVersion {
            revision,
            at: Timestamp(revision),
            by: by.map(str::to_owned),
            risk,
        };
        let before = Risk { title: "Before".to_owned(), ..Risk::new(risk.key) };
        let versions = vec![version(2, Some("Payments lead"), (*risk).clone()), version(1, None, before)];
        Ok(RiskHistory { register, risk, revision: 2, versions })
    }

    async fn add_risk(&self, _: &WorkspaceId, _: Risk) -> Result<RiskKey, Problem> {
        Err(Problem::Forbidden)
    }

    async fn edit_risk(&self, _: &WorkspaceId, _: Risk, _: i64) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }
}
