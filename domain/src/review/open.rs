//! What of a review that is going on waits for whom: dates, notices and mail tell of it.

use super::session::{Part, Phase, ReviewKey, Session};
use crate::id::PersonId;
use crate::time::Day;

/// A review that is going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReview {
    /// The key.
    pub key: ReviewKey,
    /// What people call it.
    pub name: String,
    /// The day on which it is due.
    pub due: Day,
    /// Who was named to sign and has not, in the order in which they were named.
    pub unsigned: Vec<PersonId>,
    /// Those of them whose turn it is: whoever approves signs after everybody who attests.
    pub next: Vec<PersonId>,
    /// The questions that nobody answered: the number of each, and who was asked.
    pub asked: Vec<(u32, PersonId)>,
    /// How many signatures were void again: with each of them those who signed are waited for anew.
    pub void: usize,
}

impl OpenReview {
    /// What waits in a review; `None` where it is over.
    #[must_use]
    pub fn of(session: &Session) -> Option<Self> {
        if !matches!(session.phase(), Phase::Open | Phase::Signing) {
            return None;
        }
        let opening = session.opening();
        let signed = |person: &PersonId| session.signatures().iter().any(|it| it.signer == *person);
        let missing: Vec<_> = opening.signers.iter().filter(|it| !signed(&it.person)).collect();
        let attested = missing.iter().all(|it| it.part != Part::Attests);
        let turn = missing.iter().filter(|it| attested || it.part == Part::Attests);
        Some(Self {
            key: session.key,
            name: opening.name.clone(),
            due: opening.due,
            next: turn.map(|it| it.person.clone()).collect(),
            unsigned: missing.iter().map(|it| it.person.clone()).collect(),
            asked: session.open_questions().map(|it| (it.number, it.whom.clone())).collect(),
            void: session.superseded().len(),
        })
    }

    /// Everybody it waits for, each once: who signs, then who was asked.
    #[must_use]
    pub fn who(&self) -> Vec<PersonId> {
        let mut all = self.unsigned.clone();
        for (_, whom) in &self.asked {
            if !all.contains(whom) {
                all.push(whom.clone());
            }
        }
        all
    }
}
