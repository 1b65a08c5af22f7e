//! The model of a workspace in tables: reading it whole, and writing the objects that changed.

pub(crate) mod credential;
pub(crate) mod element;
pub(crate) mod fact;
pub(crate) mod flow;
pub(crate) mod party;
pub(crate) mod scope_override;
pub(crate) mod segment;
pub(crate) mod settings;
pub(crate) mod system;

use std::collections::BTreeMap;

use domain::command::Revision;
use domain::command::changed::Changed;
use domain::model::Model;
use domain::model::object::{Object, ObjectRef};

use crate::db::Tx;
use crate::db::batch::Batch;
use crate::error::StoreError;
use crate::gate::Permit;
use fact::FactIndex;

/// A model that is being read.
#[derive(Default)]
pub(crate) struct Loading {
    model: Model,
    revisions: BTreeMap<ObjectRef, Revision>,
}

impl Loading {
    fn add(&mut self, object: Object, revision: i64) {
        self.revisions.insert(object.reference(), Revision(revision));
        self.model.put(object);
    }
}

/// The whole model of the workspace, with the revision of each object.
pub(crate) async fn load(tx: &mut Tx, permit: &Permit) -> Result<(Model, Changed), StoreError> {
    let mut facts = FactIndex::load(tx, permit).await?;
    let mut loading = Loading::default();
    settings::load(tx, permit, &mut facts, &mut loading).await?;
    party::load(tx, permit, &mut facts, &mut loading).await?;
    segment::load(tx, permit, &mut facts, &mut loading).await?;
    system::load(tx, permit, &mut facts, &mut loading).await?;
    credential::load(tx, permit, &mut facts, &mut loading).await?;
    flow::load(tx, permit, &mut facts, &mut loading).await?;
    scope_override::load(tx, permit, &mut loading).await?;
    facts.assert_empty()?;
    Ok((loading.model, loading.revisions.into()))
}

/// Writes an object as it is from this revision on, at the latest when the batch is flushed. `known` says that the database
/// has an older state of it.
pub(crate) async fn put(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    object: &Object,
    known: bool,
) -> Result<(), StoreError> {
    if known {
        fact::clear(batch.tx(), permit, &object.reference()).await?;
    }
    match object {
        Object::Settings(it) => settings::put(batch, permit, revision, it).await,
        Object::Person(it) => party::put_person(batch, permit, revision, it).await,
        Object::Vendor(it) => party::put_vendor(batch, permit, revision, it).await,
        Object::Record(it) => party::put_record(batch, permit, revision, it).await,
        Object::Segment(it) => segment::put(batch, permit, revision, it).await,
        Object::Link(it) => segment::put_link(batch, permit, revision, it).await,
        Object::Control(it) => segment::put_control(batch, permit, revision, it, known).await,
        Object::System(it) => system::put(batch, permit, revision, it, known).await,
        Object::Key(it) => credential::put_key(batch, permit, revision, it, known).await,
        Object::Credential(it) => credential::put(batch, permit, revision, it, known).await,
        Object::Flow(it) => flow::put(batch, permit, revision, it, known).await,
        Object::Override(it) => scope_override::put(batch, permit, revision, it).await,
    }
}

/// Removes an object with all its parts. The settings stay.
pub(crate) async fn remove(tx: &mut Tx, permit: &Permit, object: &ObjectRef) -> Result<(), StoreError> {
    fact::clear(tx, permit, object).await?;
    match object {
        ObjectRef::Settings => Ok(()),
        ObjectRef::Person(id) => party::remove_person(tx, permit, id).await,
        ObjectRef::Vendor(id) => party::remove_vendor(tx, permit, id).await,
        ObjectRef::Record(key) => party::remove_record(tx, permit, key).await,
        ObjectRef::Segment(id) => segment::remove(tx, permit, id).await,
        ObjectRef::Link(key) => segment::remove_link(tx, permit, key).await,
        ObjectRef::Control(id) => segment::remove_control(tx, permit, id).await,
        ObjectRef::System(id) => system::remove(tx, permit, id).await,
        ObjectRef::Key(id) => credential::remove_key(tx, permit, id).await,
        ObjectRef::Credential(id) => credential::remove(tx, permit, id).await,
        ObjectRef::Flow(id) => flow::remove(tx, permit, id).await,
        ObjectRef::Override(key) => scope_override::remove(tx, permit, key).await,
    }
}
