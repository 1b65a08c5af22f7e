//! A workspace with one proposal in review, which removes a flow and is overtaken in nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::Estate;
use domain::backend::proposals::Proposals;
use domain::command::{Command, Receipt};
use domain::id::{AccountId, WorkspaceId};
use domain::moment::{Draft, Moment};
use domain::problem::Problem;
use domain::proposal::{Circle, Edit, Proposal, ProposalKey, State, Step, Wish};
use domain::role::Role;
use domain::scope::compute;

use crate::estate::Fake;

impl Fake {
    fn only_proposal(&self) -> Proposal {
        let key = ProposalKey::of_number(1).unwrap();
        let wish = Wish { title: "Less <b>".to_owned(), reason: "Nobody needs it.".to_owned() };
        let mut it = Proposal::new(key, wish, AccountId::new("a"), self.estate.today.start());
        let flow = self.estate.stored.objects().find(|it| matches!(it, domain::model::object::Object::Flow(_)));
        let flow = flow.unwrap();
        it.edits.insert(flow.reference(), Edit { base: Some(flow), draft: None });
        it.state = State::Review;
        it
    }
}

#[async_trait]
impl Proposals for Fake {
    async fn proposals(&self, workspace: &WorkspaceId) -> Result<Vec<Proposal>, Problem> {
        self.member(workspace)?;
        Ok(vec![self.only_proposal()])
    }

    async fn proposal(&self, workspace: &WorkspaceId, key: ProposalKey) -> Result<Proposal, Problem> {
        self.member(workspace)?;
        if key.number() == 1 { Ok(self.only_proposal()) } else { Err(Problem::NotFound) }
    }

    async fn circle(&self, workspace: &WorkspaceId) -> Result<Circle, Problem> {
        self.member(workspace)?;
        let members = [("a", Role::Owner), ("b", Role::Editor)];
        let members = members.map(|(id, role)| (AccountId::new(id), role)).into_iter().collect();
        Ok(Circle { members, accounts: BTreeMap::new() })
    }

    async fn estate_with(&self, workspace: &WorkspaceId, key: ProposalKey) -> Result<Arc<Estate>, Problem> {
        let it = self.proposal(workspace, key).await?;
        let stored = it.drafted(&self.estate.stored);
        let model = stored.as_of(self.estate.today);
        let scope = compute(&model);
        Ok(Arc::new(Estate {
            model: Arc::new(model),
            stored: Arc::new(stored),
            scope: Arc::new(scope),
            found: Arc::default(),
            moment: Moment::Drafted(Draft { key, title: it.title, edits: it.edits.len(), own: true }),
            ..(*self.estate).clone()
        }))
    }

    async fn begin_proposal(&self, _: &WorkspaceId, _: Wish) -> Result<ProposalKey, Problem> {
        Err(Problem::Forbidden)
    }

    async fn save_to_proposal(&self, _: &WorkspaceId, _: ProposalKey, _: Command) -> Result<Receipt, Problem> {
        Err(Problem::Forbidden)
    }

    async fn step_proposal(&self, _: &WorkspaceId, _: ProposalKey, _: Step) -> Result<Option<Receipt>, Problem> {
        Err(Problem::Forbidden)
    }

    async fn protects_scope(&self, workspace: &WorkspaceId) -> Result<bool, Problem> {
        self.member(workspace).map(|()| false)
    }

    async fn set_protects_scope(&self, _: &WorkspaceId, _: bool) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }
}
