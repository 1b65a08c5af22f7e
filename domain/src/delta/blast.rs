//! What a change does to the blast radii: from which starts more or less is reached.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ObjectChange, State};
use crate::blast::facts::Place;
use crate::blast::metrics::Band;
use crate::blast::{Blast, Ground, Start};
use crate::export::difference::Change;
use crate::id::{SystemId, VendorId};
use crate::model::Model;
use crate::model::element::Form;
use crate::model::object::{ObjectKind, ObjectRef};
use crate::model::relations::Boundary;
use crate::scope::delta::CategoryChange;

/// How much is calculated at most: starts, times the systems, flows and credentials of the larger model. A shop of 300
/// systems and 3,000 flows is compared from every start.
pub(super) const WORK: usize = 2_000_000;

/// From so many starts is always compared, however large the model.
const STARTS: usize = 16;

/// So many things that are reached, or no longer reached, are named.
const NAMED: usize = 10;

/// The blast radii that differ.
///
/// Radii are compared from every system of ours, every credential and every vendor, as far as a fixed amount of work
/// allows; where it does not allow all, from those that the change touches first. Nothing is compared where no object
/// changes that an attack could use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BlastDelta {
    /// The starts from which something else is reached, or the same scores differently.
    pub changes: Vec<BlastChange>,
    /// From how many starts the radii were compared.
    pub compared: usize,
    /// From how many starts they were not, because the models are too large.
    pub left_out: usize,
}

/// A start from which something else is reached than before, or the same scores differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlastChange {
    /// What is assumed to be hostile.
    pub start: Start,
    /// What it came to; `None` where the start is new.
    pub before: Option<Reach>,
    /// What it comes to; `None` where the start is gone.
    pub after: Option<Reach>,
    /// The systems that come under control, by key.
    pub controls: Few<SystemId>,
    /// The systems that no longer do.
    pub no_longer_controls: Few<SystemId>,
    /// What is seen, as element, form and place.
    pub sees: Few<String>,
    /// What is no longer seen.
    pub no_longer_sees: Few<String>,
}

/// What a blast radius comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// How bad it is, in a word.
    pub band: Band,
    /// How bad it is.
    pub score: u64,
    /// Records of card data seen in clear.
    pub records_pan: u64,
    /// For some of them nobody knows how many.
    pub records_unknown: bool,
    /// How many systems are under control.
    pub controlled: usize,
}

/// The first of many things, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Few<T> {
    /// The first of them, at most ten.
    pub first: Vec<T>,
    /// How many there are in all.
    pub count: usize,
}

impl BlastDelta {
    pub(super) fn between(
        before: State<'_>,
        after: State<'_>,
        objects: &[ObjectChange],
        categories: &[CategoryChange],
        work: usize,
    ) -> Self {
        if categories.is_empty() && !objects.iter().any(matters) {
            return Self::default();
        }
        let (starts, left_out) = chosen([before.model, after.model], objects, categories, work);
        let grounds = (Ground::of(before.model, before.scope), Ground::of(after.model, after.scope));
        let compared = starts.len();
        let changes = starts.into_iter().filter_map(|start| compare(&grounds.0, &grounds.1, start)).collect();
        Self { changes, compared, left_out }
    }
}

/// Whether an attack could use what changes: not so for people, and not for the names of things.
fn matters(it: &ObjectChange) -> bool {
    let only_named = || match &it.change {
        Change::Changed { attributes, parts } => parts.is_empty() && attributes.iter().all(|it| it.name == "name"),
        Change::Added | Change::Removed => false,
    };
    it.object.kind() != ObjectKind::Person && !only_named()
}

/// The starts from which the radii are compared, in their order, and how many are left out.
pub(super) fn chosen(
    models: [&Model; 2],
    objects: &[ObjectChange],
    categories: &[CategoryChange],
    work: usize,
) -> (BTreeSet<Start>, usize) {
    let all: BTreeSet<Start> = models.into_iter().flat_map(starts).collect();
    let size = models.map(|model| model.systems.len() + model.flows.len() + model.credentials.len());
    let room = (work / size[0].max(size[1]).max(1)).max(STARTS);
    if all.len() <= room {
        return (all, 0);
    }
    let touched = touched(models, objects, categories);
    let left_out = all.len() - room;
    let (first, then): (Vec<Start>, Vec<Start>) = all.into_iter().partition(|start| touched.contains(start));
    (first.into_iter().chain(then).take(room).collect(), left_out)
}

fn starts(model: &Model) -> impl Iterator<Item = Start> {
    let own = model.systems.values().filter(|it| it.boundary == Boundary::Own);
    let vendors: BTreeSet<&VendorId> =
        model.vendors.keys().chain(model.systems.values().filter_map(|it| it.vendor.as_ref())).collect();
    own.map(|it| Start::System { id: it.id.clone() })
        .chain(model.credentials.keys().map(|id| Start::Credential { id: id.clone() }))
        .chain(vendors.into_iter().map(|id| Start::Vendor { id: id.clone() }))
}

/// The starts that changed themselves, that are joined to what changed, or whose category changed. A new name is no such
/// change.
fn touched(models: [&Model; 2], objects: &[ObjectChange], categories: &[CategoryChange]) -> BTreeSet<Start> {
    let system = |id: &SystemId| Start::System { id: id.clone() };
    let mut all: BTreeSet<Start> = categories.iter().map(|it| system(&it.system)).collect();
    for it in objects.iter().filter(|it| matters(it)) {
        match &it.object {
            ObjectRef::System(id) => drop(all.insert(system(id))),
            ObjectRef::Vendor(id) => drop(all.insert(Start::Vendor { id: id.clone() })),
            ObjectRef::Flow(id) => {
                let flows = models.iter().filter_map(|model| model.flows.get(id));
                all.extend(flows.flat_map(|flow| [system(&flow.from), system(&flow.to)]));
            }
            ObjectRef::Credential(id) => {
                all.insert(Start::Credential { id: id.clone() });
                let credentials = models.iter().filter_map(|model| model.credentials.get(id));
                all.extend(credentials.flat_map(|it| it.held_by.iter().map(system)));
            }
            _ => {}
        }
    }
    all
}

fn compare(before: &Ground<'_>, after: &Ground<'_>, start: Start) -> Option<BlastChange> {
    // A start that only one of the models has cannot be calculated in the other.
    let (was, is) = (before.radius(&start).ok(), after.radius(&start).ok());
    let reach = |blast: &Option<Blast>| blast.as_ref().map(Reach::of);
    let (controlled, sees) = ((controlled(&was), controlled(&is)), (seen(&was), seen(&is)));
    let change = BlastChange {
        start,
        before: reach(&was),
        after: reach(&is),
        controls: Few::of(controlled.1.difference(&controlled.0).map(|id| (*id).clone())),
        no_longer_controls: Few::of(controlled.0.difference(&controlled.1).map(|id| (*id).clone())),
        sees: Few::of(sees.1.difference(&sees.0).map(in_words)),
        no_longer_sees: Few::of(sees.0.difference(&sees.1).map(in_words)),
    };
    let same = change.before == change.after && controlled.0 == controlled.1 && sees.0 == sees.1;
    (!same).then_some(change)
}

fn controlled(blast: &Option<Blast>) -> BTreeSet<&SystemId> {
    blast.iter().flat_map(|blast| blast.control.keys()).collect()
}

fn seen(blast: &Option<Blast>) -> BTreeSet<(&str, Form, &Place)> {
    blast.iter().flat_map(|blast| &blast.data).map(|it| (it.element.as_str(), it.form, &it.at)).collect()
}

fn in_words((element, form, place): &(&str, Form, &Place)) -> String {
    format!("{element} {form} at {place}")
}

impl Reach {
    fn of(blast: &Blast) -> Self {
        Self {
            band: blast.band(),
            score: blast.score.total,
            records_pan: blast.records_pan,
            records_unknown: blast.records_unknown,
            controlled: blast.control.len(),
        }
    }
}

impl<T> Few<T> {
    fn of(things: impl Iterator<Item = T>) -> Self {
        let mut few = Self { first: Vec::new(), count: 0 };
        for thing in things {
            if few.count < NAMED {
                few.first.push(thing);
            }
            few.count += 1;
        }
        few
    }
}
