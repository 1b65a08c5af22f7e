//! Every write there is: what it needs, and what it does to the model.

pub mod changed;
pub mod undo;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use self::undo::Inverse;
use crate::findings::Identity;
use crate::findings::answers::{Answer, with_answer};
use crate::findings::life::{Concern, Step, Triage};
use crate::id::{FlowId, PersonId, SystemId};
use crate::layout::Pin;
use crate::model::Model;
use crate::model::flow::Flow;
use crate::model::object::{Object, ObjectKind, ObjectRef};
use crate::model::party::Person;
use crate::model::settings::{Override, OverrideKey};
use crate::model::system::System;
use crate::problem::{FieldCode, FieldError, Problem};
use crate::proposal::Merge;
use crate::role::Capability;
use crate::scope::delta::CategoryChange;
use crate::scope::fingerprint::fingerprint;

/// The number of a model's state: 0 for an empty workspace, one more with each command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub i64);

/// A change of the model that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A new system.
    AddSystem(Box<System>),
    /// A system as it should be from now on; the revision is the one at which the person saw it.
    EditSystem(Box<System>, Revision),
    /// An undeclared system is confirmed as it stands.
    ConfirmSystem(SystemId, Revision),
    /// A system is put at a place of the map, or given back to the layout.
    MoveSystem(SystemId, Option<Pin>, Revision),
    /// A system is removed with nothing that hangs on it.
    DeleteSystem(SystemId, Revision),
    /// A new flow.
    AddFlow(Box<Flow>),
    /// A flow as it should be from now on.
    EditFlow(Box<Flow>, Revision),
    /// A flow is removed.
    DeleteFlow(FlowId, Revision),
    /// A new person or team.
    AddPerson(Box<Person>),
    /// A person or team as it should be from now on.
    EditPerson(Box<Person>, Revision),
    /// A person or team is removed. What they answer for goes to somebody else; where that is nobody, they answer for
    /// nothing.
    DeletePerson(PersonId, Revision, Option<PersonId>),
    /// Somebody else answers from now on for what a person answered for.
    Reassign {
        /// The person who answers now.
        from: PersonId,
        /// Who answers from now on.
        to: PersonId,
    },
    /// A new record of any kind.
    Add(Box<Object>),
    /// A record as it should be from now on.
    Edit(Box<Object>, Revision),
    /// Several objects as they should be from now on, all or nothing; none of them changed since the person saw them.
    EditAll(Vec<Object>, Revision),
    /// A record is removed.
    Delete {
        /// The record.
        object: ObjectRef,
        /// The revision at which the person saw it, and what refers to it.
        seen: Revision,
        /// Whoever refers to it refers to it no longer, and what means nothing without it goes too. Without this it
        /// stays where anything refers to it.
        detach: bool,
    },
    /// The edits of a proposal become live.
    Merge(Box<Merge>),
    /// A decision on scope is approved by somebody who did not write it.
    Approve {
        /// The decision.
        decision: OverrideKey,
        /// The revision at which the person saw it.
        seen: Revision,
        /// Who approves.
        approver: PersonId,
    },
    /// The confirmed objects of a file, all or nothing.
    Import {
        /// The name of the file.
        source: String,
        /// New and changed objects.
        objects: Vec<Object>,
        /// The revision on which the preview was made.
        seen: Revision,
    },
    /// An earlier change is taken back.
    TakeBack(Box<Inverse>),
    /// A step about findings: a decision, who answers, by when. The model stays as it is.
    Triage(Box<Triage>),
    /// A member raises a concern about an object, which becomes a finding.
    Report(Box<Concern>),
    /// The question of a rule about an object is answered, or asked again.
    Answer {
        /// The question.
        question: Identity,
        /// The answer; `None` asks again.
        answer: Option<Box<Answer>>,
        /// The revision at which the person saw the object.
        seen: Revision,
    },
    /// What became due by the passing of time is written down: findings that time brought or ended, decisions whose last
    /// day is over.
    BringDue,
    /// The sample estate, into a workspace of its own.
    LoadSample(Vec<Object>),
}

impl Command {
    /// What the actor must be allowed to do.
    #[must_use]
    pub fn needs(&self) -> Capability {
        match self {
            Self::Add(object) | Self::Edit(object, _) => to_write(object.reference().kind()),
            Self::EditAll(objects, _) => {
                let all = objects.iter().map(|object| to_write(object.reference().kind()));
                all.max_by_key(|it| *it != Capability::EditModel).unwrap_or(Capability::EditModel)
            }
            Self::Delete { object, .. } => to_write(object.kind()),
            Self::TakeBack(inverse) => {
                let puts = inverse.puts.iter().map(|object| object.reference().kind());
                let all = puts.chain(inverse.removals.iter().map(ObjectRef::kind)).map(to_write);
                all.max_by_key(|it| *it != Capability::EditModel).unwrap_or(Capability::EditModel)
            }
            Self::Approve { .. } | Self::Merge(_) => Capability::EditModel,
            Self::AddSystem(_)
            | Self::EditSystem(..)
            | Self::ConfirmSystem(..)
            | Self::MoveSystem(..)
            | Self::DeleteSystem(..)
            | Self::AddFlow(_)
            | Self::EditFlow(..)
            | Self::DeleteFlow(..) => Capability::EditModel,
            Self::AddPerson(_) | Self::EditPerson(..) | Self::DeletePerson(..) | Self::Reassign { .. } => {
                Capability::ManagePeople
            }
            Self::Import { .. } => Capability::ImportModel,
            Self::LoadSample(_) => Capability::ManageWorkspace,
            Self::Triage(triage) => match triage.step {
                Step::Approve | Step::TurnDown(_) => Capability::ApproveFindings,
                _ => Capability::TriageFindings,
            },
            Self::BringDue => Capability::TriageFindings,
            Self::Answer { .. } => Capability::EditModel,
            Self::Report(_) => Capability::RaiseConcern,
        }
    }

    /// The decisions that are approved once it is carried out, each with who approves: named by it, or brought by it in a
    /// file. Some may have been so before.
    #[must_use]
    pub fn approvals(&self) -> Vec<(OverrideKey, String)> {
        let brought: &[Object] = match self {
            Self::Approve { decision, approver, .. } => return vec![(decision.clone(), approver.to_string())],
            Self::Add(object) | Self::Edit(object, _) => std::slice::from_ref(object),
            Self::EditAll(objects, _) | Self::Import { objects, .. } => objects,
            Self::TakeBack(inverse) => &inverse.puts,
            // No proposal holds a decision.
            Self::Merge(_)
            | Self::AddSystem(_)
            | Self::EditSystem(..)
            | Self::ConfirmSystem(..)
            | Self::MoveSystem(..)
            | Self::DeleteSystem(..)
            | Self::AddFlow(_)
            | Self::EditFlow(..)
            | Self::DeleteFlow(..)
            | Self::AddPerson(_)
            | Self::EditPerson(..)
            | Self::DeletePerson(..)
            | Self::Reassign { .. }
            | Self::Delete { .. }
            | Self::Triage(_)
            | Self::Report(_)
            | Self::BringDue
            | Self::Answer { .. }
            | Self::LoadSample(_) => &[],
        };
        let approved = |object: &Object| match (object, object.reference()) {
            (Object::Override(it), ObjectRef::Override(decision)) => Some((decision, it.approver.clone()?)),
            _ => None,
        };
        brought.iter().filter_map(approved).collect()
    }

    /// The name under which the audit trail knows it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::AddSystem(_) => "system.add",
            Self::EditSystem(..) => "system.edit",
            Self::ConfirmSystem(..) => "system.confirm",
            Self::MoveSystem(..) => "system.move",
            Self::DeleteSystem(..) => "system.delete",
            Self::AddFlow(_) => "flow.add",
            Self::EditFlow(..) => "flow.edit",
            Self::DeleteFlow(..) => "flow.delete",
            Self::AddPerson(_) => "person.add",
            Self::EditPerson(..) => "person.edit",
            Self::DeletePerson(..) => "person.delete",
            Self::Reassign { .. } => "person.reassign",
            Self::Add(object) => audit_words(object.reference().kind())[0],
            Self::Edit(object, _) => audit_words(object.reference().kind())[1],
            Self::Delete { object, .. } => audit_words(object.kind())[2],
            Self::EditAll(..) => "model.edit",
            Self::Approve { .. } => "override.approve",
            Self::Import { .. } => "model.import",
            Self::TakeBack(_) => "model.take_back",
            Self::Merge(_) => "model.merge",
            Self::LoadSample(_) => "model.load_sample",
            Self::Triage(triage) => match triage.step {
                Step::Look => "finding.look",
                Step::Assign(_) => "finding.assign",
                Step::Due(_) => "finding.due",
                Step::Decide(_) => "finding.decide",
                Step::Approve => "finding.approve",
                Step::TurnDown(_) => "finding.turn_down",
                Step::Reopen(_) => "finding.reopen",
                Step::Close(_) => "finding.close",
            },
            Self::Report(_) => "finding.report",
            Self::BringDue => "finding.bring_due",
            Self::Answer { .. } => "finding.answer",
        }
    }
}

/// What writing an object of a kind needs.
#[must_use]
pub const fn to_write(kind: ObjectKind) -> Capability {
    match kind {
        ObjectKind::Person => Capability::ManagePeople,
        ObjectKind::Settings => Capability::ManageWorkspace,
        _ => Capability::EditModel,
    }
}

/// The names under which the audit trail knows adding, changing and removing an object of a kind.
const fn audit_words(kind: ObjectKind) -> [&'static str; 3] {
    macro_rules! words {
        ($($kind:ident = $word:literal),+ $(,)?) => {
            match kind {
                $(ObjectKind::$kind => [
                    concat!($word, ".add"),
                    concat!($word, ".edit"),
                    concat!($word, ".delete"),
                ],)+
            }
        };
    }
    words! {
        Settings = "settings",
        Person = "person",
        Vendor = "vendor",
        Segment = "segment",
        Control = "control",
        Link = "link",
        System = "system",
        Key = "key",
        Credential = "credential",
        Flow = "flow",
        Override = "override",
        Connector = "connector",
        Certificate = "certificate",
        TokenDomain = "token_domain",
        ElementPolicy = "element_policy",
        Page = "page",
        Script = "script",
        AccessGroup = "access_group",
        Observation = "observation",
        Holding = "holding",
        FlowField = "flow_field",
        Grant = "grant",
    }
}

/// What a command changed: the objects as they are now, and those that are gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Added or changed, in the order in which references resolve.
    pub puts: Vec<Object>,
    /// Removed, in the order in which nothing is left dangling.
    pub removals: Vec<ObjectRef>,
}

impl Change {
    /// Whether nothing changed at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.puts.is_empty() && self.removals.is_empty()
    }
}

/// What the person is told after a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The revision that the write made, or the one before where it changed nothing.
    pub revision: Revision,
    /// Which systems changed category, and why.
    pub scope_changes: Vec<CategoryChange>,
    /// How many objects were added or changed, and removed.
    pub objects: usize,
}

impl Model {
    /// Carries out a command on a model at a revision. `revision_of` tells when an object changed last.
    ///
    /// # Errors
    /// `Conflict` where the object changed since the person saw it, `NotFound` where it is gone,
    /// `Invalid` where a key is taken, a reference points at nothing, or others still refer to what should go.
    pub fn apply(
        &self,
        command: &Command,
        revision_of: impl Fn(&ObjectRef) -> Option<Revision>,
    ) -> Result<(Self, Change), Problem> {
        let seen_last = |object: &ObjectRef, seen: Revision| match revision_of(object) {
            // The settings are there before anybody has changed them.
            None if *object == ObjectRef::Settings => Ok(()),
            None => Err(Problem::NotFound),
            Some(now) if now > seen => Err(Problem::Conflict),
            Some(_) => Ok(()),
        };
        let mut change = Change::default();
        match command {
            Command::AddSystem(system) => {
                if self.systems.contains_key(&system.id) {
                    return Err(Problem::field("id", FieldCode::Taken));
                }
                change.puts.push(Object::System(Arc::new((**system).clone())));
            }
            Command::EditSystem(system, seen) => {
                seen_last(&ObjectRef::System(system.id.clone()), *seen)?;
                change.puts.push(Object::System(Arc::new((**system).clone())));
            }
            Command::ConfirmSystem(id, seen) => {
                seen_last(&ObjectRef::System(id.clone()), *seen)?;
                let mut system = System::clone(self.systems.get(id).ok_or(Problem::NotFound)?);
                system.undeclared = false;
                change.puts.push(Object::System(Arc::new(system)));
            }
            Command::MoveSystem(id, pin, seen) => {
                seen_last(&ObjectRef::System(id.clone()), *seen)?;
                let system = System::clone(self.systems.get(id).ok_or(Problem::NotFound)?);
                change.puts.push(Object::System(Arc::new(system.put_at(*pin))));
            }
            Command::DeleteSystem(id, seen) => {
                seen_last(&ObjectRef::System(id.clone()), *seen)?;
                if self.refers_to(id) {
                    return Err(Problem::field("id", FieldCode::StillUsed));
                }
                let decisions = self.overrides.keys().filter(|key| key.system == *id).cloned().map(ObjectRef::Override);
                change.removals.extend(decisions);
                change.removals.push(ObjectRef::System(id.clone()));
            }
            Command::AddFlow(flow) => {
                if self.flows.contains_key(&flow.id) {
                    return Err(Problem::field("id", FieldCode::Taken));
                }
                change.puts.push(Object::Flow(Arc::new((**flow).clone())));
            }
            Command::EditFlow(flow, seen) => {
                seen_last(&ObjectRef::Flow(flow.id.clone()), *seen)?;
                change.puts.push(Object::Flow(Arc::new((**flow).clone())));
            }
            Command::DeleteFlow(id, seen) => {
                seen_last(&ObjectRef::Flow(id.clone()), *seen)?;
                change.removals.push(ObjectRef::Flow(id.clone()));
            }
            Command::AddPerson(person) => {
                if self.people.contains_key(&person.id) {
                    return Err(Problem::field("id", FieldCode::Taken));
                }
                change.puts.push(Object::Person(Arc::new((**person).clone())));
            }
            Command::EditPerson(person, seen) => {
                seen_last(&ObjectRef::Person(person.id.clone()), *seen)?;
                change.puts.push(Object::Person(Arc::new((**person).clone())));
            }
            Command::DeletePerson(id, seen, to) => {
                seen_last(&ObjectRef::Person(id.clone()), *seen)?;
                if let Some(to) = to {
                    self.known_other(id, to)?;
                } else if !self.duties_of(id).is_empty() {
                    return Err(Problem::field("to", FieldCode::StillUsed));
                }
                change.puts = self.without_person(id, to.as_ref());
                change.removals.push(ObjectRef::Person(id.clone()));
            }
            Command::Reassign { from, to } => {
                self.known_other(from, to)?;
                change.puts = self.reassigned(from, to);
            }
            Command::Add(object) => {
                if self.get(&object.reference()).is_some() {
                    return Err(Problem::field("id", FieldCode::Taken));
                }
                change.puts.push(self.with_fingerprint(object));
            }
            Command::Edit(object, seen) => {
                seen_last(&object.reference(), *seen)?;
                change.puts.push(self.with_fingerprint(object));
            }
            Command::EditAll(objects, seen) => {
                for object in objects {
                    seen_last(&object.reference(), *seen)?;
                    change.puts.push(self.with_fingerprint(object));
                }
            }
            Command::Delete { object: ObjectRef::Settings, .. } => return Err(Problem::NotFound),
            Command::Delete { object, seen, detach } => {
                seen_last(object, *seen)?;
                let detached = self.detached_from(object);
                let concerned = detached.changed.iter().map(Object::reference).chain(detached.removed.iter().cloned());
                for other in concerned {
                    if !detach {
                        return Err(Problem::field("detach", FieldCode::StillUsed));
                    }
                    seen_last(&other, *seen)?;
                }
                change.puts = detached.changed;
                change.removals = detached.removed;
                change.removals.push(object.clone());
            }
            Command::Approve { decision, seen, approver } => {
                seen_last(&ObjectRef::Override(decision.clone()), *seen)?;
                let mut approved = Override::clone(self.overrides.get(decision).ok_or(Problem::NotFound)?);
                if approved.author.as_deref() == Some(approver.as_str()) {
                    return Err(Problem::field("approver", FieldCode::OwnDecision));
                }
                let now = fingerprint(self, &decision.system);
                if approved.stale || approved.fingerprint.as_ref().is_some_and(|then| *then != now) {
                    return Err(Problem::field("approver", FieldCode::FactsChanged));
                }
                approved.approver = Some(approver.to_string());
                change.puts.push(Object::Override(Arc::new(approved)));
            }
            Command::Import { objects, seen, .. } => {
                for object in objects {
                    if revision_of(&object.reference()).is_some_and(|now| now > *seen) {
                        return Err(Problem::Conflict);
                    }
                }
                change.puts.clone_from(objects);
            }
            Command::TakeBack(inverse) => change = inverse.change(self, revision_of)?,
            Command::Merge(merge) => change = merge.change(self)?,
            Command::LoadSample(objects) => change.puts.clone_from(objects),
            Command::Answer { question, answer, seen } => {
                seen_last(&question.subject, *seen)?;
                let object = self.get(&question.subject).ok_or(Problem::NotFound)?;
                let answered = with_answer(object, question, answer.as_deref()).ok_or(Problem::NotFound)?;
                change.puts.push(answered);
            }
            // What people say about findings is kept beside the model.
            Command::Triage(_) | Command::Report(_) | Command::BringDue => {}
        }
        change.puts.retain(|object| self.get(&object.reference()).as_ref() != Some(object));
        change.puts.sort_by_key(|object| object.reference().kind());
        let mut after = self.clone();
        for object in &change.puts {
            after.put(object.clone());
        }
        for object in &change.removals {
            after.remove(object);
        }
        let dangling: Vec<FieldError> = change.puts.iter().flat_map(|object| after.dangling(object)).collect();
        if dangling.is_empty() { Ok((after, change)) } else { Err(Problem::Invalid(dangling)) }
    }

    /// The object; a decision with the hash of what it rests on now, unless it stands as it was.
    fn with_fingerprint(&self, object: &Object) -> Object {
        match object {
            Object::Override(it) if self.overrides.get(&it.key) != Some(it) => {
                let fingerprint = Some(fingerprint(self, &it.key.system));
                Object::Override(Arc::new(Override { fingerprint, ..Override::clone(it) }))
            }
            other => other.clone(),
        }
    }

    /// A person who exists and is not the one who hands over.
    fn known_other(&self, from: &PersonId, to: &PersonId) -> Result<(), Problem> {
        if from != to && self.people.contains_key(to) {
            Ok(())
        } else {
            Err(Problem::field("to", FieldCode::NoSuchObject))
        }
    }

    /// Whether any object other than the system itself refers to it.
    fn refers_to(&self, id: &SystemId) -> bool {
        use crate::model::system::ManageTarget;
        self.flows.values().any(|flow| {
            flow.from == *id
                || flow.to == *id
                || flow.page.as_ref() == Some(id)
                || flow.via.iter().any(|via| via.node == *id)
        }) || self.systems.values().any(|system| {
            system.id != *id
                && (system.copies.iter().any(|copy| copy.from == *id)
                    || system.manages.iter().any(|it| it.target == ManageTarget::System(id.clone())))
        }) || self.keys.values().any(|key| key.holders.contains(id))
            || self.credentials.values().any(|credential| {
                credential.held_by.contains(id)
                    || credential.grants.iter().any(|grant| grant.on == *id)
                    || credential.bound_to.as_ref().is_some_and(|them| them.contains(id))
            })
    }

    /// The references of an object that point at nothing in this model, each with the form's field name.
    fn dangling(&self, object: &Object) -> Vec<FieldError> {
        use crate::model::system::ManageTarget;
        let mut errors = Vec::new();
        let mut need = |known: bool, field: &str| {
            if !known {
                errors.push(FieldError::new(field, FieldCode::NoSuchObject));
            }
        };
        let system = |id: &SystemId| self.systems.contains_key(id);
        match object {
            Object::System(it) => {
                need(it.segment.as_ref().is_none_or(|id| self.segments.contains_key(id)), "segment");
                need(it.vendor.as_ref().is_none_or(|id| self.vendors.contains_key(id)), "vendor");
                need(it.operated_by.as_ref().is_none_or(|id| self.vendors.contains_key(id)), "operated_by");
                need(it.copies.iter().all(|copy| system(&copy.from)), "copies");
                need(
                    it.manages.iter().all(|relation| match &relation.target {
                        ManageTarget::System(id) => system(id),
                        ManageTarget::Segment(id) => self.segments.contains_key(id),
                    }),
                    "manages",
                );
            }
            Object::Flow(it) => {
                need(system(&it.from), "from");
                need(system(&it.to), "to");
                need(it.via.iter().all(|via| system(&via.node)), "via");
                need(it.page.as_ref().is_none_or(system), "page");
                need(it.credential.as_ref().is_none_or(|id| self.credentials.contains_key(id)), "credential");
            }
            Object::Key(it) => need(it.holders.iter().all(system), "holders"),
            Object::Credential(it) => {
                need(it.held_by.iter().all(system), "held_by");
                need(it.grants.iter().all(|grant| system(&grant.on)), "grants");
                need(it.bound_to.iter().flatten().all(system), "bound_to");
            }
            Object::Link(it) => {
                need(self.segments.contains_key(it.key.a()) && self.segments.contains_key(it.key.b()), "segments");
            }
            Object::Control(it) => need(it.between.iter().all(|id| self.segments.contains_key(id)), "between"),
            Object::Override(it) => need(system(&it.key.system), "system"),
            Object::Settings(_) | Object::Person(_) | Object::Vendor(_) | Object::Segment(_) | Object::Record(_) => {}
        }
        errors
    }
}
