//! Rights that were given for a time: which are over, which end soon, and what was widened for the same event.
//!
//! A right is a grant of a credential. It is temporary where somebody said so, where it has an end, or where it was given
//! for an event, such as a holiday freeze. Rolling back takes the chosen grants away, as one change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::findings::said;
use crate::id::{CredentialId, PersonId, SystemId};
use crate::model::Model;
use crate::model::credential::{Credential, Grant};
use crate::model::object::Object;
use crate::model::relations::Privilege;
use crate::problem::{FieldCode, Problem};
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

/// What ends within so many days ends soon.
pub const SOON_DAYS: i32 = 14;

/// How many rights are rolled back at once at most.
pub const MOST: usize = 500;

text_enum! {
    /// Where a temporary right stands, what needs somebody first.
    State {
        /// Its end is over, and the grant is still there.
        Over = "over": "Over, and still there",
        /// Nobody said when it ends.
        NoEnd = "no_end": "Has no end",
        /// It ends within [`SOON_DAYS`] days.
        Soon = "soon": "Ends soon",
        /// It ends later.
        Later = "later": "Ends later",
    }
}

/// Which grant: its credential and its place among the grants of that.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GrantKey {
    /// The credential.
    pub credential: CredentialId,
    /// The place, from 0.
    pub number: usize,
}

impl GrantKey {
    /// As forms name it: the place, a dash and the key of the credential.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}-{}", self.number, self.credential)
    }

    /// What [`Self::text`] wrote.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (number, credential) = text.split_once('-')?;
        Some(Self { credential: CredentialId::new(credential), number: number.parse().ok()? })
    }
}

/// One temporary right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemporaryRight {
    /// Which grant.
    pub key: GrantKey,
    /// What people call the credential.
    pub name: String,
    /// The system on which it holds.
    pub on: SystemId,
    /// What it allows.
    pub privilege: Privilege,
    /// Why it was given.
    pub reason: Option<String>,
    /// For which event it was given.
    pub event: Option<String>,
    /// Who gave it.
    pub granted_by: Option<PersonId>,
    /// When it ends.
    pub until: Option<Timestamp>,
    /// Who takes it back.
    pub rollback_owner: Option<PersonId>,
    /// Where it stands.
    pub state: State,
}

/// Every temporary right, as of an instant: what needs somebody first, then by end, then by credential. A credential that
/// is disabled gives no right.
#[must_use]
pub fn ledger(model: &Model, now: Timestamp) -> Vec<TemporaryRight> {
    let enabled = model.credentials.values().filter(|it| said::yes(&it.facts, "enabled") != Some(false));
    let mut rights: Vec<TemporaryRight> = enabled
        .flat_map(|credential| credential.grants.iter().enumerate().map(move |it| (credential, it)))
        .filter_map(|(credential, (number, grant))| right(credential, number, grant, now))
        .collect();
    rights.sort_by(|one, other| (one.state, one.until, &one.key).cmp(&(other.state, other.until, &other.key)));
    rights
}

/// The events for which something was widened, each with how many rights are still there.
#[must_use]
pub fn events(rights: &[TemporaryRight]) -> BTreeMap<&str, usize> {
    let mut events = BTreeMap::new();
    for event in rights.iter().filter_map(|it| it.event.as_deref()) {
        *events.entry(event).or_default() += 1;
    }
    events
}

/// The credentials without the chosen grants.
///
/// # Errors
/// `Invalid` with the field `right` where none or too many are chosen, `NotFound` where one is gone or is not temporary.
pub fn rolled_back(model: &Model, chosen: &BTreeSet<GrantKey>) -> Result<Vec<Object>, Problem> {
    if chosen.is_empty() {
        return Err(Problem::field("right", FieldCode::Missing));
    }
    if chosen.len() > MOST {
        return Err(Problem::field("right", FieldCode::NotInList));
    }
    let mut credentials: BTreeMap<&CredentialId, Credential> = BTreeMap::new();
    // From the last on, so that the places of the others stay what they are.
    for key in chosen.iter().rev() {
        let stored = model.credentials.get(&key.credential).ok_or(Problem::NotFound)?;
        let grant = stored.grants.get(key.number).filter(|it| is_temporary(it)).ok_or(Problem::NotFound)?;
        let credential = credentials.entry(&key.credential).or_insert_with(|| Credential::clone(stored));
        debug_assert_eq!(credential.grants.get(key.number), Some(grant));
        credential.grants.remove(key.number);
    }
    Ok(credentials.into_values().map(|it| Object::Credential(Arc::new(it))).collect())
}

/// Whether a grant was given for a time.
#[must_use]
pub fn is_temporary(grant: &Grant) -> bool {
    said::yes(&grant.facts, "temporary") == Some(true)
        || said::instant(&grant.facts, "until").is_some()
        || said::text(&grant.facts, "event").is_some()
}

fn right(credential: &Credential, number: usize, grant: &Grant, now: Timestamp) -> Option<TemporaryRight> {
    if !is_temporary(grant) {
        return None;
    }
    let text = |name: &str| said::text(&grant.facts, name).map(str::to_owned);
    let person = |name: &str| said::text(&grant.facts, name).map(PersonId::new);
    let until = said::instant(&grant.facts, "until");
    Some(TemporaryRight {
        key: GrantKey { credential: credential.id.clone(), number },
        name: if credential.name.is_empty() { credential.id.to_string() } else { credential.name.clone() },
        on: grant.on.clone(),
        privilege: grant.privilege,
        reason: text("reason"),
        event: text("event"),
        granted_by: person("granted_by"),
        until,
        rollback_owner: person("rollback_owner"),
        state: state(until, now),
    })
}

fn state(until: Option<Timestamp>, now: Timestamp) -> State {
    let soon = Day(now.day().0.saturating_add(SOON_DAYS));
    match until {
        None => State::NoEnd,
        Some(end) if end <= now => State::Over,
        Some(end) if end.day() <= soon => State::Soon,
        Some(_) => State::Later,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    fn model() -> Model {
        let text = r#"{"systems":[{"id":"db"},{"id":"crm"}],"people":[{"id":"ann"}],"credentials":[
            {"id":"a-1","kind":"user","grants":[
                {"on":"db","priv":"read"},
                {"on":"db","priv":"admin","temporary":true,"until":"2026-01-01T08:00:00Z","event":"Holiday freeze"},
                {"on":"crm","priv":"act","event":"Holiday freeze","until":"2026-01-10T00:00:00Z","rollback_owner":"ann"}]},
            {"id":"b","kind":"service","grants":[{"on":"crm","priv":"read","temporary":true},
                {"on":"db","priv":"read","until":"2027-01-01T00:00:00Z"}]},
            {"id":"off","kind":"user","enabled":false,"grants":[{"on":"db","priv":"admin","temporary":true}]}]}"#;
        read_json(text.as_bytes()).unwrap().0
    }

    fn at(text: &str) -> Timestamp {
        said::instant_of(text).unwrap()
    }

    #[test]
    fn what_is_over_comes_first_and_what_is_permanent_or_disabled_is_not_listed() {
        let rights = ledger(&model(), at("2026-01-02"));
        let listed: Vec<_> = rights.iter().map(|it| (it.key.text(), it.state)).collect();
        let expected = [("1-a-1", State::Over), ("0-b", State::NoEnd), ("2-a-1", State::Soon), ("1-b", State::Later)];
        assert_eq!(listed, expected.map(|(key, state)| (key.to_owned(), state)));
        assert_eq!(rights[2].rollback_owner, Some(PersonId::new("ann")));
    }

    #[test]
    fn a_right_is_over_at_its_very_instant() {
        let state = |now: &str| ledger(&model(), at(now)).iter().find(|it| it.key.text() == "1-a-1").unwrap().state;
        assert_eq!(state("2026-01-01T07:59:59Z"), State::Soon);
        assert_eq!(state("2026-01-01T08:00:00Z"), State::Over);
    }

    #[test]
    fn an_event_is_rolled_back_as_a_whole_and_nothing_else_is() {
        let model = model();
        let rights = ledger(&model, at("2026-01-02"));
        assert_eq!(events(&rights), BTreeMap::from([("Holiday freeze", 2)]));
        let chosen: BTreeSet<GrantKey> =
            rights.iter().filter(|it| it.event.is_some()).map(|it| GrantKey::read(&it.key.text()).unwrap()).collect();
        let objects = rolled_back(&model, &chosen).unwrap();
        let [Object::Credential(after)] = objects.as_slice() else { panic!("{objects:?}") };
        assert_eq!(after.grants, model.credentials["a-1"].grants[..1]);
    }

    #[test]
    fn only_temporary_rights_that_are_there_are_rolled_back() {
        let model = model();
        let refused = |keys: &[&str]| {
            rolled_back(&model, &keys.iter().filter_map(|it| GrantKey::read(it)).collect()).unwrap_err()
        };
        assert_eq!(refused(&[]), Problem::field("right", FieldCode::Missing));
        assert_eq!(refused(&["0-a-1"]), Problem::NotFound);
        assert_eq!(refused(&["9-b"]), Problem::NotFound);
        assert_eq!(refused(&["0-nobody"]), Problem::NotFound);
        assert_eq!(GrantKey::read("b"), None);
    }
}
