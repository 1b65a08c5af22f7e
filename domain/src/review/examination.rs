//! What is wrong with a seal: read from nothing but the bytes that are kept, every time that somebody looks.

use std::collections::BTreeMap;

use super::content::Reviewed;
use super::outcome::{Engine, Outcome, Recomputed, compare};
use super::seal::{Altered, Content, Seal, SealKey, Sealed, Verify, verify_chain};
use super::session::Event;
use crate::snapshot::thaw;

/// Something about a seal that is not as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The seal itself.
    Seal(Altered),
    /// Another seal of the chain, so that it does not lead from the first to the last.
    Chain(SealKey, Altered),
    /// Bytes that it fixes: they are gone, or others.
    Content(Content),
    /// What happened in the review, as it is kept now.
    History,
    /// The audit trail names another hash, or none.
    Trail,
    /// The audit trail names a seal that is not there.
    Missing(SealKey),
}

impl Fault {
    /// What is wrong, as one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Seal(why) => format!("This seal was altered: {why}."),
            Self::Chain(key, why) => format!("The chain is broken at {key}: {why}."),
            Self::Content(content) => {
                format!("Altered since it was sealed, or gone: {}.", content.label().to_lowercase())
            }
            Self::History => "What is kept of the review is no longer what was sealed.".to_owned(),
            Self::Trail => "The audit trail does not name this seal with this hash.".to_owned(),
            Self::Missing(key) => format!("The audit trail names {key}, which is not there."),
        }
    }
}

/// A seal with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// What it says; told even where it was altered, as far as it can be read.
    pub seal: Option<Seal>,
    /// What is wrong, the most serious first; nothing where everything is as it was made.
    pub faults: Vec<Fault>,
}

/// Looks at one seal of a chain, by its place from 0. `contents` are the bytes that are kept for it, `trail` the hashes
/// that the audit trail has.
#[must_use]
pub fn examine(
    (chain, place): (&[Sealed], usize),
    workspace: &str,
    contents: &BTreeMap<Content, String>,
    trail: &BTreeMap<SealKey, String>,
    verify: Verify<'_>,
) -> Examined {
    let mut faults = Vec::new();
    let Some(sealed) = chain.get(place) else { return Examined { seal: None, faults } };
    let key = |place: usize| SealKey(u32::try_from(place + 1).unwrap_or(u32::MAX));
    let read = sealed.read(verify);
    if let Err(why) = read {
        faults.push(Fault::Seal(why));
    }
    if let Err((at, why)) = verify_chain(chain, workspace, verify)
        && !(at == place && read.is_err())
    {
        faults.push(Fault::Chain(key(at), why));
    }
    let seal = read.ok().or_else(|| serde_json::from_str::<Seal>(&sealed.content).ok());
    if let Some(seal) = &seal {
        let altered = |it: &&Content| contents.get(it).is_none_or(|bytes| seal.check(**it, bytes.as_bytes()).is_err());
        faults.extend(seal.contents.keys().filter(altered).map(|it| Fault::Content(*it)));
    }
    if trail.get(&key(place)) != Some(&sealed.hash) {
        faults.push(Fault::Trail);
    }
    faults.extend(trail.keys().filter(|it| it.0 as usize > chain.len()).map(|it| Fault::Missing(*it)));
    Examined { seal, faults }
}

/// Whether what is kept of a review begins with what was sealed of it; it may have gone on since.
#[must_use]
pub fn history_fault(reviewed: &Reviewed, history: &[Event]) -> Option<Fault> {
    (!history.starts_with(&reviewed.events)).then_some(Fault::History)
}

/// What follows today from what was sealed, beside what followed then. `None` where the sealed bytes cannot be read, which
/// [`examine`] tells.
#[must_use]
pub fn recompute(seal: &Seal, snapshot: &str, outcome: &str) -> Option<Recomputed> {
    let fixed = seal.contents.get(&Content::Snapshot)?;
    let model = thaw(snapshot, &fixed.sha256).ok()?;
    let sealed = Outcome::read(outcome)?;
    let now = Outcome::compute(&model, seal.as_of, seal.sealed_at);
    Some(compare((&seal.engine, &sealed), (&Engine::current(), &now)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::model::Model;
    use crate::model::sample::sample;
    use crate::review::kind::ReviewKind;
    use crate::review::seal::{Fixed, GENESIS};
    use crate::review::session::ReviewKey;
    use crate::snapshot::freeze;
    use crate::time::Day;

    fn sign(payload: &[u8]) -> Result<Vec<u8>, Infallible> {
        Ok(Fixed::of(payload).sha256.into_bytes())
    }

    fn verify(payload: &[u8], signature: &[u8], key: &str) -> bool {
        key == "key-1" && sign(payload) == Ok(signature.to_vec())
    }

    struct Made {
        sealed: Sealed,
        contents: BTreeMap<Content, String>,
        trail: BTreeMap<SealKey, String>,
    }

    fn made() -> Made {
        let day: Day = "2026-11-21".parse().unwrap();
        let mut model = Model::default();
        sample(day).into_iter().for_each(|object| model.put(object));
        let snapshot = freeze(&model).unwrap().content;
        let outcome = Outcome::compute(&model, day, day.start()).bytes();
        let contents: BTreeMap<Content, String> = [(Content::Snapshot, snapshot), (Content::Outcome, outcome)].into();
        let seal = Seal {
            version: Seal::current_version(),
            key: SealKey(1),
            workspace: "shop".to_owned(),
            review: ReviewKey(1),
            kind: ReviewKind::Integrations,
            name: "2026-Q4".to_owned(),
            sealed_at: day.start(),
            as_of: day,
            previous: GENESIS.to_owned(),
            supersedes: None,
            covers: std::collections::BTreeSet::new(),
            contents: contents.iter().map(|(it, bytes)| (*it, Fixed::of(bytes.as_bytes()))).collect(),
            audit_head: GENESIS.to_owned(),
            engine: Engine::current(),
            signatures: Vec::new(),
        };
        let sealed = seal.seal("key-1", sign).unwrap();
        let trail = [(SealKey(1), sealed.hash.clone())].into();
        Made { sealed, contents, trail }
    }

    fn faults(it: &Made) -> Vec<Fault> {
        examine((std::slice::from_ref(&it.sealed), 0), "shop", &it.contents, &it.trail, &verify).faults
    }

    #[test]
    fn what_was_sealed_has_no_fault_and_follows_again() {
        let it = made();
        assert_eq!(faults(&it), []);
        let seal = it.sealed.read(&verify).unwrap();
        let again = recompute(&seal, &it.contents[&Content::Snapshot], &it.contents[&Content::Outcome]).unwrap();
        assert!(again.same_engine && again.deviations.is_empty());
    }

    #[test]
    fn a_byte_that_changed_is_told_with_what_it_belongs_to() {
        let mut it = made();
        it.contents.entry(Content::Outcome).and_modify(|text| text.push(' '));
        assert_eq!(faults(&it), [Fault::Content(Content::Outcome)]);
        it.contents.remove(&Content::Outcome);
        assert_eq!(faults(&it), [Fault::Content(Content::Outcome)]);
        let mut it = made();
        it.sealed.content = it.sealed.content.replace("2026-Q4", "2026-Q3");
        assert_eq!(faults(&it), [Fault::Seal(Altered::Hash)]);
    }

    #[test]
    fn what_the_audit_trail_says_otherwise_is_told() {
        let mut it = made();
        it.trail.insert(SealKey(2), "ab".repeat(32));
        assert_eq!(faults(&it), [Fault::Missing(SealKey(2))]);
        it.trail = [(SealKey(1), "ab".repeat(32))].into();
        assert_eq!(faults(&it), [Fault::Trail]);
    }
}
