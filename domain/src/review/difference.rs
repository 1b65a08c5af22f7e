//! What is different since somebody last signed: per object since the last seal that covered it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::canonical::{canonical, hash};
use super::covered::{Cover, Items};
use super::elements::Element;
use super::seal::SealKey;
use crate::delta::{CategoryChange, ObjectChange};
use crate::export::difference::{Change, change};
use crate::export::model_file::members;
use crate::id::SystemId;
use crate::model::Model;
use crate::model::object::{Object, ObjectRef};
use crate::risk::acceptance::{AcceptanceKey, Current, Event, State};
use crate::risk::record::RiskKey;
use crate::risk::scheme::Level;
use crate::scope::Scope;
use crate::scope::delta::delta;
use crate::time::{Day, Timestamp};

/// What nobody signs for: the day on which dates are judged, where something stands on the map, notes, and what a
/// machine writes every hour.
const NOT_SIGNED: [&str; 10] = [
    "as_of",
    "position",
    "note",
    "tags",
    "last_seen",
    "seen_source",
    "reviewed_at",
    "reviewed_by",
    "answers",
    // Both ends of a flow sign for themselves, and say the same again every quarter.
    "confirmations",
];

/// What was sealed: the state that a difference starts from.
#[derive(Clone, Copy)]
pub struct Base<'a> {
    /// The seal.
    pub seal: SealKey,
    /// When it was made.
    pub at: Timestamp,
    /// The objects it covers.
    pub covers: &'a BTreeSet<ObjectRef>,
    /// The model of then, judged as of its day.
    pub model: &'a Model,
    /// Its scope.
    pub scope: &'a Scope,
    /// How bad each risk was.
    pub risks: &'a BTreeMap<RiskKey, Option<Level>>,
}

/// What is there now.
#[derive(Clone, Copy)]
pub struct Now<'a> {
    /// The model, judged as of today.
    pub model: &'a Model,
    /// Its scope.
    pub scope: &'a Scope,
    /// How bad each risk is, with its title.
    pub risks: &'a BTreeMap<RiskKey, (String, Option<Level>)>,
    /// The acceptances, as they stand.
    pub acceptances: &'a [Current],
}

/// One item of a review, and what is different about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The object.
    pub object: ObjectRef,
    /// What people call it.
    pub name: String,
    /// The last seal that covered it; `None` where nobody ever signed it.
    pub base: Option<SealKey>,
    /// What is different about it, and about its flows and credentials.
    pub lines: Vec<Line>,
    /// How its category moved.
    pub category: Option<CategoryChange>,
    /// What is looked at together with it.
    pub parts: BTreeSet<ObjectRef>,
    /// What a tick is bound to: it differs as soon as anything that is signed does.
    pub fingerprint: String,
}

impl Item {
    /// Whether it is as it was when it was last signed, so that it can be attested together with others.
    #[must_use]
    pub const fn is_unchanged(&self) -> bool {
        self.base.is_some() && self.lines.is_empty() && self.category.is_none()
    }
}

/// One object that is different, and since which seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is different.
    pub change: ObjectChange,
    /// The last seal that covered it.
    pub base: Option<SealKey>,
}

/// A decision that was made before, and does not hold as it did: to be made again in the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// A risk is worse or better than it was.
    RiskMoved {
        /// The risk.
        risk: RiskKey,
        /// What people call it.
        title: String,
        /// How bad it was; `None` for a new one, or where nobody had said.
        before: Option<Level>,
        /// How bad it is.
        after: Option<Level>,
    },
    /// An acceptance is over: it lapsed, expired or was revoked.
    AcceptanceEnded {
        /// The acceptance.
        acceptance: AcceptanceKey,
        /// The risk, where it was about one.
        risk: Option<RiskKey>,
        /// How it ended.
        state: State,
        /// When.
        at: Timestamp,
    },
    /// What was proven is proven no more.
    ProofExpired {
        /// The control, vendor, certificate or decision.
        object: ObjectRef,
        /// What people call it.
        name: String,
        /// The last day on which it held.
        until: Day,
    },
}

impl Carried {
    /// What tells it from the others: `risk:R-1`, `acceptance:A-3`, `proof:control:fw`.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::RiskMoved { risk, .. } => format!("risk:{risk}"),
            Self::AcceptanceEnded { acceptance, .. } => format!("acceptance:{acceptance}"),
            Self::ProofExpired { object, .. } => format!("proof:{}:{}", object.kind(), object.key()),
        }
    }

    /// What happened, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let level = |it: &Option<Level>| it.map_or("not rated", Level::label).to_lowercase();
        match self {
            Self::RiskMoved { risk, title, before, after } => {
                format!("{risk}, {title}: {} before, now {}.", level(before), level(after))
            }
            Self::AcceptanceEnded { acceptance, risk, state, at } => {
                let of = risk.map(|it| format!(" of {it}")).unwrap_or_default();
                format!("The acceptance {acceptance}{of} ended on {}: {}.", at.day(), state.label().to_lowercase())
            }
            Self::ProofExpired { name, until, .. } => format!("What proves {name} held until {until}."),
        }
    }
}

/// What a review opens on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// The items in the order of the objects: what is there, and what was signed and is gone.
    pub items: BTreeMap<ObjectRef, Item>,
    /// Decisions of before that do not hold as they did.
    pub carried: Vec<Carried>,
    /// What the model says now of the elements of requirement 12.5.2, where the review answers them: an answer is bound
    /// to it. Those that tell how far the review itself is are not among them.
    pub elements: BTreeMap<Element, String>,
}

impl Difference {
    /// What differs of what a cover is about, between the seals, in the order in which they were made, and now. `since` is
    /// the seal of the same kind over the same owners before: decisions are carried over from there. Where nobody signed
    /// such a review yet, none is.
    #[must_use]
    pub fn between(cover: &Cover, bases: &[Base<'_>], since: Option<SealKey>, now: Now<'_>) -> Self {
        let categories: Vec<BTreeMap<SystemId, CategoryChange>> = bases
            .iter()
            .map(|base| {
                let moved = delta((base.model, base.scope), (now.model, now.scope));
                moved.into_iter().map(|it| (it.system.clone(), it)).collect()
            })
            .collect();
        let before: Vec<Items> = bases.iter().map(|base| cover.items(base.model)).collect();
        let sides = Sides { bases, before, categories, now };
        let mut items: BTreeMap<ObjectRef, Item> = BTreeMap::new();
        for (object, parts) in cover.items(now.model) {
            items.insert(object.clone(), sides.item(object, parts));
        }
        let signed = sides.before.iter().zip(bases);
        // Once somebody signed that it is gone, nobody is asked again.
        let was_there = |it: &ObjectRef| sides.base(it).is_some_and(|place| bases[place].model.get(it).is_some());
        let gone: BTreeSet<&ObjectRef> = signed
            .flat_map(|(items, base)| items.keys().filter(move |it| base.covers.contains(*it)))
            .filter(|it| now.model.get(it).is_none() && was_there(it))
            .collect();
        for object in gone {
            items.insert(object.clone(), sides.item(object.clone(), BTreeSet::new()));
        }
        let before = bases.iter().find(|it| Some(it.seal) == since);
        Self { items, carried: carried(before, now), elements: BTreeMap::new() }
    }

    /// The items that are as they were when they were last signed.
    pub fn unchanged(&self) -> impl Iterator<Item = &Item> {
        self.items.values().filter(|it| it.is_unchanged())
    }

    /// The items that are not.
    pub fn changed(&self) -> impl Iterator<Item = &Item> {
        self.items.values().filter(|it| !it.is_unchanged())
    }

    /// Every object that a signature over it covers, those that are gone included: what comes back later is new.
    #[must_use]
    pub fn covers(&self) -> BTreeSet<ObjectRef> {
        let lines = |it: &'_ Item| it.lines.iter().map(|line| line.change.object.clone()).collect::<Vec<_>>();
        let gone = self.items.values().flat_map(lines);
        self.items.values().flat_map(|it| std::iter::once(&it.object).chain(&it.parts)).cloned().chain(gone).collect()
    }
}

struct Sides<'a> {
    bases: &'a [Base<'a>],
    before: Vec<Items>,
    categories: Vec<BTreeMap<SystemId, CategoryChange>>,
    now: Now<'a>,
}

impl Sides<'_> {
    /// The last seal that covered an object, by its place.
    fn base(&self, object: &ObjectRef) -> Option<usize> {
        self.bases.iter().rposition(|it| it.covers.contains(object))
    }

    fn item(&self, object: ObjectRef, parts: BTreeSet<ObjectRef>) -> Item {
        let place = self.base(&object);
        let before = place.and_then(|it| self.before[it].get(&object)).into_iter().flatten();
        // Every flow and credential that belongs to it now, or belonged to it when it was last signed.
        let all: BTreeSet<&ObjectRef> = std::iter::once(&object).chain(&parts).chain(before).collect();
        let lines = all.into_iter().filter_map(|it| self.line(it)).collect();
        let category = match &object {
            ObjectRef::System(id) => place.and_then(|it| self.categories[it].get(id).cloned()),
            _ => None,
        };
        let objects = std::iter::once(&object).chain(&parts);
        let fingerprint = fingerprint(objects, self.now);
        let named = self.now.model.get(&object).or_else(|| self.bases.get(place?)?.model.get(&object));
        let name = named.map_or_else(|| object.key(), |it| it.name());
        let base = place.map(|it| self.bases[it].seal);
        Item { object, name, base, lines, category, parts, fingerprint }
    }

    fn line(&self, object: &ObjectRef) -> Option<Line> {
        let place = self.base(object);
        let before = place.and_then(|it| self.bases[it].model.get(object));
        let after = self.now.model.get(object);
        let name = after.as_ref().or(before.as_ref())?.name();
        let change = match (&before, &after) {
            (Some(before), Some(after)) => signed(change(before, after)?)?,
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
        };
        let base = place.map(|it| self.bases[it].seal);
        Some(Line { change: ObjectChange { object: object.clone(), name, change }, base })
    }
}

/// What of a change is signed for; `None` where nothing is.
fn signed(change: Change) -> Option<Change> {
    let Change::Changed { mut attributes, parts } = change else { return Some(change) };
    attributes.retain(|it| !NOT_SIGNED.contains(&it.name.strip_prefix("fact_details.").unwrap_or(&it.name)));
    (!(attributes.is_empty() && parts.is_empty())).then_some(Change::Changed { attributes, parts })
}

fn fingerprint<'o>(objects: impl Iterator<Item = &'o ObjectRef>, now: Now<'_>) -> String {
    let state = |object: &ObjectRef| -> Value {
        let mut members = now.model.get(object).map(|it: Object| members(&it)).unwrap_or_default();
        members.retain(|name, _| !NOT_SIGNED.contains(&name.as_str()));
        if let Some(Value::Object(details)) = members.get_mut("fact_details") {
            details.retain(|name, _| !NOT_SIGNED.contains(&name.as_str()));
        }
        let verdict = match object {
            ObjectRef::System(id) => now.scope.systems.get(id).map(|it| (it.category, it.sub)),
            _ => None,
        };
        serde_json::json!([object, members, verdict])
    };
    hash("plumbline-item-v1", &canonical(&objects.map(state).collect::<Vec<_>>()))
}

fn carried(base: Option<&Base<'_>>, now: Now<'_>) -> Vec<Carried> {
    let Some(base) = base else { return Vec::new() };
    let risks = now.risks.iter().filter_map(|(risk, (title, after))| {
        let before = base.risks.get(risk).copied().flatten();
        let moved = before != *after;
        moved.then(|| Carried::RiskMoved { risk: *risk, title: title.clone(), before, after: *after })
    });
    let ended = now.acceptances.iter().filter_map(|it| {
        let state = it.standing.state;
        let at = ended_at(it, now.model)?;
        let ended = matches!(state, State::Lapsed | State::Expired | State::Revoked) && at > base.at;
        // Where somebody asked again, and got it, there is nothing left to decide.
        let again = now.acceptances.iter().any(|other| {
            other.standing.state.is_in_force() && other.acceptance.content.overlaps(&it.acceptance.content)
        });
        let (acceptance, risk) = (it.acceptance.key, it.acceptance.content.risk);
        (ended && !again).then_some(Carried::AcceptanceEnded { acceptance, risk, state, at })
    });
    risks.chain(ended).chain(expired(base, now)).collect()
}

/// When an acceptance ended. What nobody has written down yet ended with its last day, or just now.
fn ended_at(it: &Current, model: &Model) -> Option<Timestamp> {
    match it.acceptance.history.last()? {
        Event::Lapsed { at, .. } | Event::Expired { at } | Event::Revoked { at, .. } => Some(*at),
        _ => Some(it.acceptance.content.expires.min(model.settings.as_of).plus_days(1).start()),
    }
}

/// What held on the day of the seal, and does not hold today.
fn expired(base: &Base<'_>, now: Now<'_>) -> Vec<Carried> {
    use crate::findings::said;
    let mut found = Vec::new();
    let (then, today) = (base.model.settings.as_of, now.model.settings.as_of);
    let mut tell = |object: ObjectRef, name: &str, until: Option<Day>, still: bool| {
        if let Some(until) = until.filter(|it| !still && *it >= then && *it < today) {
            let name = if name.is_empty() { object.key() } else { name.to_owned() };
            found.push(Carried::ProofExpired { object, name, until });
        }
    };
    let provider = now.model.settings.service_provider;
    for (id, it) in &now.model.controls {
        let held = base.model.controls.get(id).and_then(|it| it.verified_days(provider)).map(|it| *it.end());
        let still = it.verified_days(provider).is_some_and(|it| it.contains(&today));
        tell(ObjectRef::Control(id.clone()), &it.name, held, still);
    }
    for (id, it) in &now.model.vendors {
        tell(ObjectRef::Vendor(id.clone()), &it.name, said::day(&it.facts, "aoc_expires"), false);
    }
    for (key, it) in &now.model.records {
        tell(ObjectRef::Record(key.clone()), &it.name, said::day(&it.facts, "not_after"), false);
    }
    for (key, it) in &now.model.overrides {
        let later = now.model.overrides.keys().any(|it| it.system == key.system && it.number > key.number);
        tell(ObjectRef::Override(key.clone()), "", it.expires, later);
    }
    found
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;
    use crate::review::kind::ReviewKind;
    use crate::scope::compute;

    const BEFORE: &str = r#""systems":[{"id":"crm"},{"id":"shop","owner":"pay"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
        "flows":[{"id":"f","from":"vault","to":"shop"}],"people":[{"id":"pay"}]"#;

    fn model(members: &str) -> Model {
        let model = read_json(format!("{{{members}}}").as_bytes()).unwrap().0;
        model.as_of(model.settings.as_of)
    }

    /// The difference to a seal over the systems and flows of the first text that are named.
    fn since(before: &str, covered: &[&str], after: &str) -> Difference {
        let (before, after) = (model(before), model(after));
        let scopes = (compute(&before), compute(&after));
        let covers = covered
            .iter()
            .map(|it| if *it == "f" { ObjectRef::Flow((*it).into()) } else { ObjectRef::System((*it).into()) })
            .collect();
        let (risks_then, risks_now) = (BTreeMap::new(), BTreeMap::new());
        let base = Base {
            seal: SealKey(1),
            at: before.settings.as_of.start(),
            covers: &covers,
            model: &before,
            scope: &scopes.0,
            risks: &risks_then,
        };
        let now = Now { model: &after, scope: &scopes.1, risks: &risks_now, acceptances: &[] };
        Difference::between(&Cover::all(ReviewKind::Integrations), &[base], Some(SealKey(1)), now)
    }

    fn told(difference: &Difference) -> Vec<(String, Vec<String>)> {
        let line = |it: &Line| it.change.object.key();
        difference.changed().map(|it| (it.object.key(), it.lines.iter().map(line).collect())).collect()
    }

    const ALL: [&str; 4] = ["crm", "shop", "vault", "f"];

    #[test]
    fn an_unchanged_quarter_is_unchanged_and_what_nobody_signed_is_new() {
        assert_eq!(told(&since(BEFORE, &ALL, BEFORE)), []);
        let first = since(BEFORE, &["crm"], BEFORE);
        assert_eq!(first.unchanged().count(), 1);
        let new = ("shop".to_owned(), vec!["shop".to_owned(), "f".to_owned()]);
        assert_eq!(told(&first)[0], new);
    }

    #[test]
    fn a_field_on_a_flow_is_a_change_of_both_ends_and_moves_the_scope() {
        let after = BEFORE.replace(r#""to":"shop""#, r#""to":"shop","data":[{"element":"pan"}]"#);
        let difference = since(BEFORE, &ALL, &after);
        let flow = vec!["f".to_owned()];
        assert_eq!(told(&difference), [("shop".to_owned(), flow.clone()), ("vault".to_owned(), flow)]);
        assert!(difference.items[&ObjectRef::System("shop".into())].category.is_some());
        assert_eq!(difference.unchanged().map(|it| it.object.key()).collect::<Vec<_>>(), ["crm"]);
    }

    #[test]
    fn what_is_gone_is_an_item_too_and_notes_and_pins_are_not_signed() {
        let gone = BEFORE.replace(r#"{"id":"crm"},"#, "");
        assert_eq!(told(&since(BEFORE, &ALL, &gone)), [("crm".to_owned(), vec!["crm".to_owned()])]);
        let noted = BEFORE.replace(r#"{"id":"crm"}"#, r#"{"id":"crm","note":"Ask again","position":{"x":1,"y":2}}"#);
        let (same, other) = (since(BEFORE, &ALL, BEFORE), since(BEFORE, &ALL, &noted));
        assert_eq!(told(&other), []);
        let crm = ObjectRef::System("crm".into());
        assert_eq!(same.items[&crm].fingerprint, other.items[&crm].fingerprint);
        let owned = BEFORE.replace(r#"{"id":"crm"}"#, r#"{"id":"crm","owner":"pay"}"#);
        assert_ne!(same.items[&crm].fingerprint, since(BEFORE, &ALL, &owned).items[&crm].fingerprint);
    }

    #[test]
    fn the_last_seal_that_covered_an_object_is_its_base() {
        let (first, second) =
            (model(BEFORE), model(&BEFORE.replace(r#"{"id":"crm"}"#, r#"{"id":"crm","owner":"pay"}"#)));
        let scopes = (compute(&first), compute(&second));
        let (all, only) = (
            BTreeSet::from([ObjectRef::System("crm".into()), ObjectRef::System("shop".into())]),
            BTreeSet::from([ObjectRef::System("shop".into())]),
        );
        let (risks, at) = (BTreeMap::new(), Timestamp(0));
        let bases = [
            Base { seal: SealKey(1), at, covers: &all, model: &first, scope: &scopes.0, risks: &risks },
            Base { seal: SealKey(2), at, covers: &only, model: &second, scope: &scopes.1, risks: &risks },
        ];
        let none = BTreeMap::new();
        let now = Now { model: &second, scope: &scopes.1, risks: &none, acceptances: &[] };
        let difference = Difference::between(&Cover::all(ReviewKind::Integrations), &bases, None, now);
        let item = |key: &str| &difference.items[&ObjectRef::System(key.into())];
        assert_eq!((item("crm").base, item("shop").base), (Some(SealKey(1)), Some(SealKey(2))));
        assert_eq!(item("crm").lines.len(), 1, "the owner is new since the seal that covered it");
    }

    #[test]
    fn what_ran_out_and_which_risk_moved_is_carried_over() {
        let text = |day: &str| {
            format!(
                r#""settings":{{"as_of":"{day}"}},"controls":[{{"id":"fw","name":"Firewall","last_tested":"2025-06-01"}}],
                "vendors":[{{"id":"psp","name":"PSP","aoc_expires":"2026-06-15"}}]"#
            )
        };
        let (before, after) = (model(&text("2026-05-01")), model(&text("2026-07-01")));
        let scopes = (compute(&before), compute(&after));
        let then = BTreeMap::from([(RiskKey(1), Some(Level::Low)), (RiskKey(2), Some(Level::Low))]);
        let risks = BTreeMap::from([
            (RiskKey(1), ("Skimming".to_owned(), Some(Level::High))),
            (RiskKey(2), ("Fraud".to_owned(), Some(Level::Low))),
        ]);
        let covers = BTreeSet::new();
        let at = before.settings.as_of.start();
        let base = Base { seal: SealKey(1), at, covers: &covers, model: &before, scope: &scopes.0, risks: &then };
        let now = Now { model: &after, scope: &scopes.1, risks: &risks, acceptances: &[] };
        let cover = Cover::all(ReviewKind::Integrations);
        let difference = Difference::between(&cover, &[base], Some(SealKey(1)), now);
        let keys: Vec<String> = difference.carried.iter().map(Carried::key).collect();
        assert_eq!(keys, ["risk:R-1", "proof:control:fw", "proof:vendor:psp"]);
        assert_eq!(difference.carried[0].sentence(), "R-1, Skimming: low before, now high.");
        // A seal of another kind, or over other owners, is none that this review goes on from.
        assert_eq!(Difference::between(&cover, &[base], None, now).carried, []);
    }

    #[test]
    fn a_flow_whose_removal_was_signed_is_new_when_it_comes_back() {
        let without = BEFORE.replace(r#""flows":[{"id":"f","from":"vault","to":"shop"}],"#, "");
        let removed = since(BEFORE, &ALL, &without);
        assert_eq!(told(&removed).len(), 2);
        let covers = removed.covers();
        assert!(covers.contains(&ObjectRef::Flow("f".into())), "who signs that it is gone covers it");
        let (first, second, third) = (model(BEFORE), model(&without), model(BEFORE));
        let scopes = [compute(&first), compute(&second), compute(&third)];
        let all: BTreeSet<ObjectRef> = ALL
            .iter()
            .map(|it| if *it == "f" { ObjectRef::Flow((*it).into()) } else { ObjectRef::System((*it).into()) })
            .collect();
        let (risks, at) = (BTreeMap::new(), Timestamp(0));
        let bases = [
            Base { seal: SealKey(1), at, covers: &all, model: &first, scope: &scopes[0], risks: &risks },
            Base { seal: SealKey(2), at, covers: &covers, model: &second, scope: &scopes[1], risks: &risks },
        ];
        let none = BTreeMap::new();
        let now = Now { model: &third, scope: &scopes[2], risks: &none, acceptances: &[] };
        let back = Difference::between(&Cover::all(ReviewKind::Integrations), &bases, None, now);
        let flow = vec!["f".to_owned()];
        assert_eq!(told(&back), [("shop".to_owned(), flow.clone()), ("vault".to_owned(), flow)]);
        // While it stays away nobody is asked again.
        let now = Now { model: &second, scope: &scopes[1], risks: &none, acceptances: &[] };
        assert_eq!(told(&Difference::between(&Cover::all(ReviewKind::Integrations), &bases, None, now)), []);
    }
}
