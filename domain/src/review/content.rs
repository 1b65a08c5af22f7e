//! What a seal fixes beside the model and what follows from it: the register, and the review itself, each as canonical
//! bytes that a later program reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::canonical::canonical;
use super::difference::Difference;
use super::seal::SealKey;
use super::session::{Event, ReviewKey, Session, Tick, TickState};
use crate::delta::ObjectChange;
use crate::model::object::ObjectRef;
use crate::risk::acceptance::{Acceptance, AcceptanceKey};
use crate::risk::{Level, Register, Risk, RiskKey};
use crate::scope::verdict::{Category, Sub};

/// A verdict on a system.
type Verdict = (Category, Option<Sub>);

/// The risk register as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    /// Its settings.
    pub register: Register,
    /// How bad each risk was: the next difference starts here.
    pub levels: BTreeMap<RiskKey, Option<Level>>,
    /// The risks, by key.
    pub risks: Vec<Risk>,
    /// What happened to each acceptance.
    pub acceptances: BTreeMap<AcceptanceKey, Vec<crate::risk::acceptance::Event>>,
}

/// The review as it was sealed: its items with what differed, and everything that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviewed {
    /// The review.
    pub review: ReviewKey,
    /// The items, by object.
    pub items: Vec<ReviewedItem>,
    /// The decisions of before that did not hold as they did: key and sentence.
    pub carried: Vec<(String, String)>,
    /// What happened, up to the last signature.
    pub events: Vec<Event>,
}

/// One item as it was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewedItem {
    /// The object.
    pub object: ObjectRef,
    /// What people called it.
    pub name: String,
    /// The last seal that covered it.
    pub base: Option<SealKey>,
    /// What differed about it, and about its flows and credentials.
    pub lines: Vec<ObjectChange>,
    /// How its category moved: before and after.
    pub category: Option<(Option<Verdict>, Option<Verdict>)>,
    /// Who looked, and what they said.
    pub tick: Option<Tick>,
}

impl Registered {
    /// The register with its risks and acceptances.
    #[must_use]
    pub fn of<'r>(
        register: &Register,
        risks: impl Iterator<Item = &'r Risk>,
        acceptances: impl Iterator<Item = &'r Acceptance>,
    ) -> Self {
        let risks: Vec<Risk> = risks.cloned().collect();
        Self {
            register: register.clone(),
            levels: risks.iter().map(|it| (it.key, it.level(register.scheme))).collect(),
            risks,
            acceptances: acceptances.map(|it| (it.key, it.history.clone())).collect(),
        }
    }

    /// The canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> String {
        canonical(self)
    }

    /// What [`Self::bytes`] wrote; `None` for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl Reviewed {
    /// A review with the difference that was signed.
    #[must_use]
    pub fn of(session: &Session, difference: &Difference) -> Self {
        let item = |it: &super::Item| ReviewedItem {
            object: it.object.clone(),
            name: it.name.clone(),
            base: it.base,
            lines: it.lines.iter().map(|line| line.change.clone()).collect(),
            category: it.category.as_ref().map(|moved| (moved.before, moved.after)),
            tick: match session.tick_state(it) {
                TickState::Holds(tick) => Some(tick.clone()),
                TickState::Open | TickState::FellOff => None,
            },
        };
        Self {
            review: session.key,
            items: difference.items.values().map(item).collect(),
            carried: difference.carried.iter().map(|it| (it.key(), it.sentence())).collect(),
            events: session.history.clone(),
        }
    }

    /// The canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> String {
        canonical(self)
    }

    /// What [`Self::bytes`] wrote; `None` for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// The places of the bases that a difference needs, in order: of each object the last one that covers it. What only
/// earlier ones cover adds nothing.
#[must_use]
pub fn needed(covers: &[&std::collections::BTreeSet<ObjectRef>]) -> Vec<usize> {
    let mut known = std::collections::BTreeSet::new();
    let mut places: Vec<usize> = Vec::new();
    for (place, objects) in covers.iter().enumerate().rev() {
        let before = known.len();
        known.extend(objects.iter());
        if known.len() > before {
            places.push(place);
        }
    }
    places.reverse();
    places
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::id::PersonId;
    use crate::review::covered::Cover;
    use crate::review::kind::ReviewKind;
    use crate::review::session::{Opening, Part, Signer};
    use crate::time::{Day, Timestamp};

    fn objects(keys: &[&str]) -> BTreeSet<ObjectRef> {
        keys.iter().map(|it| ObjectRef::System((*it).into())).collect()
    }

    #[test]
    fn of_each_object_the_last_seal_is_needed_and_no_other() {
        let all = [objects(&["a"]), objects(&["b", "c"]), objects(&["a", "b"])];
        assert_eq!(needed(&all.iter().collect::<Vec<_>>()), [1, 2]);
        let all = [objects(&["a"]), objects(&["a", "b"])];
        assert_eq!(needed(&all.iter().collect::<Vec<_>>()), [1]);
        assert_eq!(needed(&[]), Vec::<usize>::new());
    }

    #[test]
    fn register_and_review_are_read_again_from_their_bytes() {
        let mut risk = Risk::new(RiskKey(3));
        risk.title = "Vault reachable".to_owned();
        let register = Registered::of(&Register::default(), [&risk].into_iter(), std::iter::empty());
        assert_eq!(Registered::read(&register.bytes()), Some(register));
        let signer =
            Signer { person: PersonId::new("lead"), part: Part::Attests, role: "Lead".to_owned(), account: None };
        let opening = Opening {
            name: "2026-Q4".to_owned(),
            cover: Cover::all(ReviewKind::Integrations),
            schedule: None,
            trigger: String::new(),
            due: Day(20_800),
            statement: "Everything is as it should be.".to_owned(),
            signers: vec![signer],
            four_eyes: false,
        };
        let event = Event::Opened { by: PersonId::new("lead"), at: Timestamp(0), opening };
        let session = Session::replay(ReviewKey(1), &[event]).unwrap();
        let reviewed = Reviewed::of(&session, &Difference::default());
        assert_eq!(Reviewed::read(&reviewed.bytes()), Some(reviewed));
    }
}
