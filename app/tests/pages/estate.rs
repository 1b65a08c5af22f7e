//! A backend in memory: one workspace with the sample estate, or a variant of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::assessment::{Remedy, remedies};
use domain::backend::{Account, AuditLine, Backend, Estate, StagedImport, WorkspaceEntry};
use domain::command::{Command, Receipt, Revision};
use domain::creep::Journalled;
use domain::findings::{Finding, Findings};
use domain::id::{AccountId, ImportId, SystemId, WorkspaceId};
use domain::import::{Limits, read};
use domain::model::Model;
use domain::model::object::{Object, ObjectRef};
use domain::model::sample::sample;
use domain::problem::Problem;
use domain::role::Role;
use domain::scope::compute;
use domain::scope::delta::CategoryChange;
use domain::scope::verdict::Category;
use domain::time::{Day, Timestamp};

const TODAY: &str = "2026-11-21";
const MARKUP: &str = "\"><img src=x onerror=x()></title></textarea>";

#[derive(Clone)]
pub struct Fake {
    pub estate: Arc<Estate>,
    signed_in: bool,
    file: Arc<StagedImport>,
}

impl Fake {
    pub fn sample() -> Self {
        Self::of(model(), Role::Owner, true)
    }

    pub fn viewer() -> Self {
        Self::of(model(), Role::Viewer, true)
    }

    pub fn empty() -> Self {
        Self::of(Model::default(), Role::Owner, true)
    }

    pub fn nobody() -> Self {
        Self::of(Model::default(), Role::Owner, false)
    }

    /// The sample with markup in every name and note that a person can type.
    pub fn hostile() -> Self {
        let mut model = model();
        let marked = |name: &str| format!("{name} {MARKUP}");
        for object in model.clone().objects() {
            let object = match object {
                Object::System(it) => {
                    let mut it = (*it).clone();
                    it.name = marked(&it.name);
                    for fact in it.facts.values_mut().filter(|fact| fact.value.is_string()) {
                        fact.source = Some(MARKUP.to_owned());
                    }
                    it.facts.insert("note".to_owned(), domain::model::fact::Fact::of(MARKUP.into()));
                    Object::System(Arc::new(it))
                }
                Object::Flow(it) => {
                    let mut it = (*it).clone();
                    it.name = marked("flow");
                    it.wire_names.push(domain::model::flow::WireName { name: MARKUP.to_owned(), dismissed: false });
                    Object::Flow(Arc::new(it))
                }
                Object::Segment(it) => {
                    let mut it = (*it).clone();
                    it.name = marked(&it.name);
                    Object::Segment(Arc::new(it))
                }
                Object::Person(it) => {
                    let mut it = (*it).clone();
                    it.name = marked(&it.name);
                    Object::Person(Arc::new(it))
                }
                other => other,
            };
            model.put(object);
        }
        Self::of(model, Role::Owner, true)
    }

    fn of(model: Model, role: Role, signed_in: bool) -> Self {
        let today: Day = TODAY.parse().unwrap();
        let stored = Arc::new(model.clone());
        let model = model.as_of(today);
        let scope = compute(&model);
        let workspace = WorkspaceEntry {
            id: WorkspaceId::new("shop"),
            name: "Sample shop".to_owned(),
            role,
            sample: true,
            archived: false,
        };
        let estate = Estate {
            workspace,
            revision: Revision(7),
            model: Arc::new(model),
            stored,
            scope: Arc::new(scope),
            changed: Arc::new(Default::default()),
            today,
            found: Arc::default(),
            moment: domain::moment::Moment::Now,
        };
        let flows = b"source,target,protocol,fields\ncheckout,new system,https,card.number;loyalty_no\n";
        let reading = read("flows.csv", flows, &Limits::browser()).unwrap();
        let file = StagedImport { file_name: "flows.csv".to_owned(), content: reading.to_json() };
        Self { estate: Arc::new(estate), signed_in, file: Arc::new(file) }
    }

    pub fn member(&self, workspace: &WorkspaceId) -> Result<(), Problem> {
        match (self.signed_in, *workspace == self.estate.workspace.id) {
            (false, _) => Err(Problem::SignedOut),
            (true, false) => Err(Problem::NotFound),
            (true, true) => Ok(()),
        }
    }
}

fn model() -> Model {
    let mut model = Model::default();
    sample(TODAY.parse().unwrap()).into_iter().for_each(|object| model.put(object));
    model
}

#[async_trait]
impl Backend for Fake {
    async fn account(&self) -> Result<Account, Problem> {
        let account = Account {
            id: AccountId::new("a"),
            name: "Payments lead".to_owned(),
            mail: "lead@shop.example".to_owned(),
            instance_admin: true,
        };
        if self.signed_in { Ok(account) } else { Err(Problem::SignedOut) }
    }

    async fn workspaces(&self) -> Result<Vec<WorkspaceEntry>, Problem> {
        if self.signed_in { Ok(vec![self.estate.workspace.clone()]) } else { Err(Problem::SignedOut) }
    }

    async fn create_workspace(&self, _: &str, _: bool) -> Result<WorkspaceId, Problem> {
        Err(Problem::Forbidden)
    }

    async fn estate(&self, workspace: &WorkspaceId) -> Result<Arc<Estate>, Problem> {
        self.member(workspace).map(|()| Arc::clone(&self.estate))
    }

    async fn findings(&self, estate: &Arc<Estate>) -> Result<Arc<Findings>, Problem> {
        Ok(estate.found.findings(estate, estate.today.start()))
    }

    async fn remedies(&self, estate: &Arc<Estate>, finding: &Finding) -> Result<Vec<Remedy>, Problem> {
        let now = estate.today.start();
        Ok(remedies(estate, &estate.found.findings(estate, now), finding, now))
    }

    async fn export(&self, workspace: &WorkspaceId) -> Result<Arc<Estate>, Problem> {
        self.estate(workspace).await
    }

    async fn execute(&self, _: &WorkspaceId, _: Command) -> Result<Receipt, Problem> {
        Err(Problem::Forbidden)
    }

    async fn receipt(&self, workspace: &WorkspaceId, revision: Revision) -> Result<Receipt, Problem> {
        self.member(workspace)?;
        if revision > self.estate.revision {
            return Err(Problem::NotFound);
        }
        let change = CategoryChange {
            system: SystemId::new("crm"),
            name: "CRM".to_owned(),
            before: Some((Category::OutOfScope, None)),
            after: Some((Category::ConnectedTo, None)),
            because: Vec::new(),
        };
        Ok(Receipt { revision, scope_changes: vec![change], objects: 1 })
    }

    async fn scope_moves(&self, workspace: &WorkspaceId) -> Result<Vec<CategoryChange>, Problem> {
        self.receipt(workspace, self.estate.revision).await.map(|receipt| receipt.scope_changes)
    }

    async fn scope_moves_since(&self, workspace: &WorkspaceId, _: Timestamp) -> Result<Vec<CategoryChange>, Problem> {
        self.scope_moves(workspace).await
    }

    async fn take_back(&self, _: &WorkspaceId, _: Revision) -> Result<Receipt, Problem> {
        Err(Problem::Forbidden)
    }

    async fn undoable(&self, workspace: &WorkspaceId) -> Result<BTreeSet<Revision>, Problem> {
        self.member(workspace)?;
        Ok(BTreeSet::from([Revision(3)]))
    }

    async fn stage_import(&self, _: &WorkspaceId, _: StagedImport) -> Result<ImportId, Problem> {
        Err(Problem::Forbidden)
    }

    async fn staged_import(&self, workspace: &WorkspaceId, import: &ImportId) -> Result<StagedImport, Problem> {
        self.member(workspace)?;
        if import.as_str() == "staged" { Ok((*self.file).clone()) } else { Err(Problem::NotFound) }
    }

    async fn drop_import(&self, _: &WorkspaceId, _: &ImportId) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn journal_of_system(
        &self,
        workspace: &WorkspaceId,
        system: &SystemId,
        _most: u32,
    ) -> Result<Vec<Journalled>, Problem> {
        self.member(workspace)?;
        let change = format!(
            r#"{{"kind":"system","key":"{system}","before":null,"after":{{"holdings":[
               {{"element":"pan","form":"clear","facts":{{"approved_by":{{"value":{MARKUP:?}}}}}}}]}}}}"#
        );
        Ok(vec![Journalled {
            revision: Revision(1),
            at: Timestamp(0),
            actor: MARKUP.to_owned(),
            action: "system.edit".to_owned(),
            changes: vec![change.parse().unwrap()],
        }])
    }

    async fn history_of(
        &self,
        workspace: &WorkspaceId,
        object: &ObjectRef,
        most: u32,
    ) -> Result<Vec<AuditLine>, Problem> {
        let mut lines = self.audit_trail(workspace, most).await?;
        lines.iter_mut().for_each(|line| line.object = Some(format!("{} {}", object.kind(), object.key())));
        Ok(lines)
    }

    async fn audit_trail(&self, workspace: &WorkspaceId, most: u32) -> Result<Vec<AuditLine>, Problem> {
        self.member(workspace)?;
        let lines = if self.estate.model.systems.is_empty() { 0 } else { i64::from(most.min(3)) };
        let line = |sequence: i64| AuditLine {
            sequence,
            at: Timestamp(1_795_000_000_000_000),
            actor: "Payments lead".to_owned(),
            action: "system.edit".to_owned(),
            object: Some("system checkout".to_owned()),
            revision: Some(Revision(sequence)),
            hash: "9f3c".repeat(16),
        };
        Ok((1..=lines).rev().map(line).collect())
    }
}
