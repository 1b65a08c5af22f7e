//! What people write about reviews, read from forms.

use std::collections::{BTreeMap, BTreeSet};

use super::canonical::{canonical, hash};
use super::covered::Cover;
use super::difference::{Difference, Item};
use super::kind::ReviewKind;
use super::session::{Command, LeadsTo, Opening, Part, Session, Settlement, Signer, TickState};
use crate::id::PersonId;
use crate::model::Model;
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::model::object::ObjectRef;
use crate::problem::{FieldCode, FieldError, Problem};
use crate::schedule::ScheduleKey;
use crate::time::Day;

/// The longest statement, reason or question, in characters.
pub const WORDS_MAX: usize = 1_000;
/// The most people who sign.
pub const SIGNERS_MAX: usize = 8;
/// From so many items on, those that are unchanged are attested by the hash of all of them instead of one by one.
pub const ONE_BY_ONE: usize = 200;

/// Every field of the form that opens a review, each at most once, beside those of [`SIGNER_FIELDS`] in rows and `owner`.
pub const OPENING_FIELDS: [&str; 8] =
    ["kind", "name", "due", "statement", "four_eyes", "trigger", "schedule", "action"];
/// The fields of a row of the people who sign: `signer.0.person`.
pub const SIGNER_FIELDS: [&str; 3] = ["person", "part", "role"];
/// Every field of the forms of steps. Only `seen` and `item` repeat.
pub const STEP_FIELDS: [&str; 14] = [
    "step",
    "item",
    "seen",
    "all",
    "words",
    "leads",
    "who",
    "due",
    "proposal",
    "question",
    "carried",
    "again",
    "signature",
    "at_item",
];

/// How an item is named in forms and addresses: `system:checkout`.
#[must_use]
pub fn item_key(object: &ObjectRef) -> String {
    format!("{}:{}", object.kind(), object.key())
}

/// What is proposed to be signed of a kind.
#[must_use]
pub const fn proposed_statement(kind: ReviewKind) -> &'static str {
    match kind {
        ReviewKind::Integrations => {
            "I have looked at these integrations. What they send, store and may do is what they need, and what is written here is right."
        }
        ReviewKind::Scope => {
            "The PCI DSS scope is what is written here. Every place, flow and system that belongs to it is named."
        }
        ReviewKind::Access => "Everybody and everything here needs the rights that are written here, and no more.",
        ReviewKind::Vendors => "These vendors do what is written here, and what proves it is current.",
        ReviewKind::Credentials => "These credentials and keys are held where they should be, and are renewed in time.",
    }
}

/// What people call a review that is opened on a day: its quarter.
#[must_use]
pub fn proposed_name(today: Day) -> String {
    let (year, month, _) = today.ymd();
    format!("{year}-Q{}", (month - 1) / 3 + 1)
}

/// The opening that a form asks for. `who` tells whether somebody can be named who signs.
///
/// # Errors
/// Everything that is wrong with the fields of [`OPENING_FIELDS`].
pub fn opening_from_form(form: &Form, model: &Model, who: &dyn Fn(&str) -> bool) -> Result<Opening, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let kind: Option<ReviewKind> = fields.optional_choice("kind", None);
    if kind.is_none() && fields.posted("kind").is_none_or(str::is_empty) {
        fields.error("kind", FieldCode::Missing);
    }
    let name = needed_line(&mut fields, "name");
    let owners: Vec<PersonId> = fields.keys("owner", &[], |key| model.people.contains_key(key));
    let due = fields.day("due", None);
    if fields.posted("due").is_none_or(str::is_empty) {
        fields.error("due", FieldCode::Missing);
    }
    let statement = needed_words(&mut fields, "statement");
    let trigger = fields.line("trigger", NAME_MAX).unwrap_or_default();
    let four_eyes = fields.yes_or_no("four_eyes", false);
    let schedule = match fields.posted("schedule").filter(|it| !it.is_empty()) {
        None => None,
        Some(text) => {
            let key: Option<ScheduleKey> = text.parse().ok();
            if key.is_none() {
                fields.error("schedule", FieldCode::NoSuchObject);
            }
            key
        }
    };
    let mut signers = Vec::new();
    let rows: BTreeMap<usize, Fields<'_>> = fields.rows("signer");
    for (_, mut row) in rows.into_iter().take(SIGNERS_MAX) {
        let person: Option<PersonId> = row.reference("person", None, who);
        let part = row.choice("part", Part::Attests);
        let role = row.line("role", NAME_MAX).unwrap_or_default();
        if let Some(person) = person {
            if role.is_empty() {
                row.error("role", FieldCode::Missing);
            }
            signers.push(Signer { person, part, role, account: None });
        }
        fields.absorb(row);
    }
    let opening = Opening {
        name,
        cover: Cover { kind: kind.unwrap_or(ReviewKind::Integrations), owners: owners.into_iter().collect() },
        schedule,
        trigger,
        due: due.unwrap_or(Day(0)),
        statement,
        signers,
        four_eyes,
    };
    fields.finish(opening)
}

/// The hash of every unchanged item that nobody has attested: what is attested at once, where they are many.
#[must_use]
pub fn unattested(session: &Session, difference: &Difference) -> (Vec<(ObjectRef, String)>, String) {
    let open = |it: &&Item| !matches!(session.tick_state(it), TickState::Holds(_));
    let all: Vec<(ObjectRef, String)> =
        difference.unchanged().filter(open).map(|it| (it.object.clone(), it.fingerprint.clone())).collect();
    let of_all = hash("plumbline-attest-v1", &canonical(&all));
    (all, of_all)
}

/// The command that a form gives in a review.
///
/// # Errors
/// `Invalid` with the fields of [`STEP_FIELDS`]; what is no longer as it was shown is an error of `step`.
pub fn step_from_form(
    form: &Form,
    (session, difference): (&Session, &Difference),
    model: &Model,
) -> Result<Command, Problem> {
    let mut fields = Fields::of(form);
    let changed = || Problem::field("step", FieldCode::FactsChanged);
    let item = |fields: &Fields<'_>| -> Result<ObjectRef, Problem> {
        let key = fields.posted("item").unwrap_or_default();
        difference.items.keys().find(|it| item_key(it) == key).cloned().ok_or_else(changed)
    };
    let seen = |fields: &Fields<'_>| fields.posted("seen").unwrap_or_default().to_owned();
    let known = |key: &str| model.people.contains_key(key);
    let command = match fields.posted("step").unwrap_or_default() {
        "attest" => {
            let (all, of_all) = unattested(session, difference);
            match fields.posted("all") {
                Some(shown) if shown == of_all => Command::AttestUnchanged(all),
                Some(_) => return Err(changed()),
                None => {
                    let by_seen: BTreeMap<&str, &ObjectRef> =
                        difference.items.values().map(|it| (it.fingerprint.as_str(), &it.object)).collect();
                    let posted: BTreeSet<&str> = fields.all("seen").into_iter().filter(|it| !it.is_empty()).collect();
                    if posted.is_empty() {
                        return Err(Problem::field("seen", FieldCode::Missing));
                    }
                    let tick = |seen: &str| by_seen.get(seen).map(|it| ((*it).clone(), seen.to_owned()));
                    let ticks: Option<Vec<_>> = posted.into_iter().map(tick).collect();
                    Command::AttestUnchanged(ticks.ok_or_else(changed)?)
                }
            }
        }
        "confirm" => Command::Confirm { item: item(&fields)?, seen: seen(&fields) },
        "change" => {
            let (item, seen, words) = (item(&fields)?, seen(&fields), needed_words(&mut fields, "words"));
            let leads_to = leads_to(&mut fields, &known);
            Command::NeedsChange { item, seen, words, leads_to }
        }
        "untick" => Command::Untick(item(&fields)?),
        "ask" => {
            let whom: Option<PersonId> = fields.reference("who", None, known);
            if whom.is_none() {
                fields.error("who", FieldCode::Missing);
            }
            let whom = whom.unwrap_or_else(|| PersonId::new(""));
            Command::Ask { item: item(&fields)?, whom, question: needed_words(&mut fields, "words") }
        }
        "answer" => {
            let number = fields.posted("question").and_then(|it| it.parse().ok()).ok_or(Problem::NotFound)?;
            Command::Answer { question: number, words: needed_words(&mut fields, "words") }
        }
        "settle" => {
            let carried = fields.posted("carried").unwrap_or_default().to_owned();
            let how = match fields.posted("again").filter(|it| !it.is_empty()) {
                Some(key) => Settlement::Again(key.parse().map_err(|_| Problem::NotFound)?),
                None => Settlement::Stands(needed_words(&mut fields, "words")),
            };
            Command::Settle { carried, how }
        }
        "refuse" => {
            let posted: BTreeSet<&str> = fields.all("item").into_iter().collect();
            let items = difference.items.keys().filter(|it| posted.contains(item_key(it).as_str())).cloned().collect();
            Command::Refuse { reason: needed_words(&mut fields, "words"), items }
        }
        "answer-refusal" => Command::AnswerRefusal { words: needed_words(&mut fields, "words") },
        "supersede" => Command::Supersede {
            signature: fields.posted("signature").unwrap_or_default().to_owned(),
            reason: needed_words(&mut fields, "words"),
        },
        "withdraw" => Command::Withdraw { reason: needed_words(&mut fields, "words") },
        _ => return Err(Problem::field("step", FieldCode::NotInList)),
    };
    fields.finish(command).map_err(Problem::Invalid)
}

fn leads_to(fields: &mut Fields<'_>, known: &dyn Fn(&str) -> bool) -> LeadsTo {
    if fields.posted("leads") == Some("proposal") {
        // Empty is a new one, which is begun in the same step.
        return LeadsTo::Proposal(fields.line("proposal", NAME_MAX).unwrap_or_default());
    }
    let who: Option<PersonId> = fields.reference("who", None, known);
    if who.is_none() && fields.posted("who").is_none_or(str::is_empty) {
        fields.error("who", FieldCode::Missing);
    }
    let due = fields.day("due", None);
    if fields.posted("due").is_none_or(str::is_empty) {
        fields.error("due", FieldCode::Missing);
    }
    LeadsTo::Task { who: who.unwrap_or_else(|| PersonId::new("")), due: due.unwrap_or(Day(0)) }
}

fn needed_words(fields: &mut Fields<'_>, name: &str) -> String {
    let text = fields.lines(name, WORDS_MAX).unwrap_or_default();
    if text.is_empty() {
        fields.error(name, FieldCode::Missing);
    }
    text
}

fn needed_line(fields: &mut Fields<'_>, name: &str) -> String {
    let text = fields.line(name, NAME_MAX).unwrap_or_default();
    if text.is_empty() {
        fields.error(name, FieldCode::Missing);
    }
    text
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;
    use crate::review::seal::SealKey;
    use crate::review::session::{Actor, Context, open};
    use crate::role::Role;
    use crate::time::Timestamp;

    fn form(fields: &[(&str, &str)]) -> Form2 {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    type Form2 = Vec<(String, String)>;

    fn model() -> Model {
        read_json(br#"{"people":[{"id":"lead"},{"id":"dev"}]}"#).unwrap().0
    }

    const OPENING: [(&str, &str); 7] = [
        ("kind", "integrations"),
        ("name", "2026-Q4"),
        ("due", "2026-12-15"),
        ("statement", "Everything is as it should be."),
        ("signer.0.person", "lead"),
        ("signer.0.part", "attests"),
        ("signer.0.role", "Payments lead"),
    ];

    fn session(kind: &str) -> Session {
        let mut fields = OPENING;
        fields[0].1 = kind;
        let model = model();
        let opening = opening_from_form(&form(&fields), &model, &|key| model.people.contains_key(key)).unwrap();
        let actor = Actor::Member { person: "lead".into(), role: Role::Reviewer };
        Session::replay(super::super::ReviewKey(1), &[open(opening, &actor, Timestamp(0)).unwrap()]).unwrap()
    }

    fn difference() -> Difference {
        let item = |key: &str, base: Option<SealKey>| {
            let object = ObjectRef::System(key.into());
            let item = Item {
                object: object.clone(),
                name: key.to_owned(),
                base,
                lines: Vec::new(),
                category: None,
                parts: BTreeSet::new(),
                fingerprint: format!("seen-{key}"),
            };
            (object, item)
        };
        Difference {
            items: [item("a", Some(SealKey(1))), item("b", Some(SealKey(1))), item("c", None)].into(),
            ..Difference::default()
        }
    }

    #[test]
    fn an_opening_says_what_is_covered_and_who_signs() {
        let opening = session("integrations").opening().clone();
        assert_eq!(
            (opening.name.as_str(), opening.signers.len(), opening.due),
            ("2026-Q4", 1, "2026-12-15".parse().unwrap())
        );
        let nobody = opening_from_form(&form(&[("signer.0.person", "gone")]), &model(), &|_| false).unwrap_err();
        let fields: BTreeSet<&str> = nobody.iter().map(|it| it.field.as_str()).collect();
        let expected = ["kind", "name", "due", "statement", "signer.0.person", "signer.0.role"];
        assert_eq!(fields, expected.into());
    }

    #[test]
    fn what_is_unchanged_is_attested_at_once() {
        let (session, difference) = (session("integrations"), difference());
        let (all, of_all) = unattested(&session, &difference);
        assert_eq!(all.len(), 2);
        let read = |fields: &[(&str, &str)]| step_from_form(&form(fields), (&session, &difference), &model());
        let some = read(&[("step", "attest"), ("seen", "seen-a")]).unwrap();
        assert_eq!(some, Command::AttestUnchanged(vec![(ObjectRef::System("a".into()), "seen-a".to_owned())]));
        assert_eq!(read(&[("step", "attest"), ("all", &of_all)]).unwrap(), Command::AttestUnchanged(all));
        let changed = Err(Problem::field("step", FieldCode::FactsChanged));
        assert_eq!(read(&[("step", "attest"), ("all", "other")]), changed);
        assert_eq!(read(&[("step", "attest"), ("seen", "seen-a-before")]), changed);
        assert_eq!(read(&[("step", "attest")]), Err(Problem::field("seen", FieldCode::Missing)));
        let context = Context { now: Timestamp(1), difference: &difference, health: &[] };
        let actor = Actor::Member { person: "lead".into(), role: Role::Reviewer };
        assert!(session.decide(some, &actor, &context).is_ok());
    }

    #[test]
    fn each_step_says_what_it_needs() {
        let (session, difference) = (session("integrations"), difference());
        let read = |fields: &[(&str, &str)]| step_from_form(&form(fields), (&session, &difference), &model());
        let confirm = read(&[("step", "confirm"), ("item", "system:c"), ("seen", "seen-c")]).unwrap();
        assert_eq!(confirm, Command::Confirm { item: ObjectRef::System("c".into()), seen: "seen-c".to_owned() });
        let change = read(&[("step", "change"), ("item", "system:c"), ("seen", "seen-c"), ("leads", "task")]);
        let Err(Problem::Invalid(errors)) = change else { panic!("{change:?}") };
        assert_eq!(errors.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["words", "who", "due"]);
        let ask = [("step", "ask"), ("item", "system:c"), ("who", "dev"), ("words", "Since when?")];
        assert!(matches!(read(&ask), Ok(Command::Ask { .. })));
        let stands = read(&[("step", "settle"), ("carried", "risk:R-1"), ("words", "It is known.")]).unwrap();
        assert!(matches!(stands, Command::Settle { how: Settlement::Stands(_), .. }));
        assert_eq!(read(&[("step", "seal")]), Err(Problem::field("step", FieldCode::NotInList)));
        assert_eq!(read(&[("step", "sign")]), Err(Problem::field("step", FieldCode::NotInList)));
    }

    #[test]
    fn a_quarter_is_proposed_as_a_name() {
        for (day, name) in [("2026-01-01", "2026-Q1"), ("2026-11-22", "2026-Q4"), ("2026-09-30", "2026-Q3")] {
            assert_eq!(proposed_name(day.parse().unwrap()), name);
        }
    }
}
