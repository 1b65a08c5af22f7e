//! Everything that has a day: reviews, acceptances, rotations, certificates, permissions, attestations, tests, deadlines.

use crate::findings::said;
use crate::id::PersonId;
use crate::incident::{Deadline, DeadlineState, Incident};
use crate::model::Model;
use crate::model::fact::Facts;
use crate::model::object::{ObjectKind, ObjectRef};
use crate::review::OpenReview;
use crate::risk::acceptance::Current;
use crate::risk::record::{Risk, Stage};
use crate::temporary::ledger;
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

use super::analysis::Analysis;
use super::assurance::Activity;
use super::planned::Planned;
use super::zone::Zone;

text_enum! {
    /// What comes due.
    EntryKind {
        Review = "review": "Review",
        Session = "session": "Review that is open",
        Analysis = "analysis": "Targeted risk analysis",
        Risk = "risk": "Look at a risk",
        Action = "action": "Action of a risk",
        Acceptance = "acceptance": "End of an acceptance",
        Rotation = "rotation": "Rotation of a credential",
        Certificate = "certificate": "End of a certificate",
        Permission = "permission": "End of a temporary permission",
        Attestation = "attestation": "End of an attestation",
        Agreement = "agreement": "End of an agreement",
        Proof = "proof": "End of the proof of a control",
        Decision = "decision": "End of a scope decision",
        Activity = "activity": "Test or exercise",
        Notification = "notification": "Somebody has to be told",
    }
}

/// One thing that comes due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The day, in the workspace's zone: the last on which it is in time.
    pub day: Day,
    /// What comes due.
    pub kind: EntryKind,
    /// What tells it from all others of its kind, and stays the same while it is moved: `SCH-3`, `credential:erp`.
    pub key: String,
    /// What comes due, in a few words.
    pub title: String,
    /// The object of the model that it is about.
    pub object: Option<ObjectRef>,
    /// Who answers for it: people and teams.
    pub who: Vec<PersonId>,
    /// The instant, where it is not the whole day.
    pub at: Option<Timestamp>,
    /// Its time is over.
    pub overdue: bool,
}

/// What entries are read from. What somebody may not see is left out by whoever calls.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// Credentials, certificates, vendors, controls, decisions.
    pub model: &'a Model,
    /// The schedules, each with the times that it was done and what calls for it.
    pub schedules: &'a [Planned],
    /// The reviews that are going on.
    pub reviews: &'a [OpenReview],
    /// The targeted risk analyses.
    pub analyses: &'a [Analysis],
    /// The risks.
    pub risks: &'a [&'a Risk],
    /// The acceptances.
    pub acceptances: &'a [Current],
    /// Tests and exercises.
    pub activities: &'a [Activity],
    /// The incidents that are open, each with its deadlines.
    pub incidents: &'a [(Incident, Vec<Deadline>)],
}

/// Everything that comes due until the last day inclusive, and what is overdue; by day, then by kind and key.
#[must_use]
pub fn entries(sources: &Sources<'_>, zone: &Zone, now: Timestamp, until: Day) -> Vec<Entry> {
    let mut collected = Collected { zone, now, today: zone.day_of(now), until, all: Vec::new() };
    plans(sources, &mut collected);
    of_model(sources.model, &mut collected);
    collected.all.sort();
    collected.all
}

/// The entries of one person: their own, those of their teams, and those that nobody answers for.
#[must_use]
pub fn of_person<'e>(entries: &'e [Entry], person: &PersonId, model: &Model) -> Vec<&'e Entry> {
    entries.iter().filter(|it| it.who.is_empty() || names(it, person, model)).collect()
}

/// Whether an entry is in the hands of a person, or of a team that they are in.
#[must_use]
pub fn names(entry: &Entry, person: &PersonId, model: &Model) -> bool {
    let in_team = |team: &PersonId| {
        model.people.get(team).is_some_and(|it| said::list(&it.facts, "members").contains(&person.as_str()))
    };
    entry.who.iter().any(|who| who == person || in_team(who))
}

struct Collected<'a> {
    zone: &'a Zone,
    now: Timestamp,
    today: Day,
    until: Day,
    all: Vec<Entry>,
}

impl Collected<'_> {
    fn on(&mut self, day: Day, kind: EntryKind, key: String, title: String, about: About) {
        if day <= self.until {
            let overdue = day < self.today;
            let About { object, who } = about;
            self.all.push(Entry { day, kind, key, title, object, who, at: None, overdue });
        }
    }

    fn at(&mut self, at: Timestamp, kind: EntryKind, key: String, title: String, about: About) {
        let day = self.zone.day_of(at);
        if day <= self.until {
            let overdue = at < self.now;
            let About { object, who } = about;
            self.all.push(Entry { day, kind, key, title, object, who, at: Some(at), overdue });
        }
    }
}

/// What an entry is about, and who answers for it.
struct About {
    object: Option<ObjectRef>,
    who: Vec<PersonId>,
}

impl About {
    fn nobody() -> Self {
        Self { object: None, who: Vec::new() }
    }

    fn of(object: ObjectRef, facts: &Facts) -> Self {
        let who = ["owner", "deputy"].into_iter().filter_map(|name| said::text(facts, name)).map(PersonId::new);
        Self { object: Some(object), who: who.collect() }
    }

    fn people<'p>(people: impl IntoIterator<Item = &'p PersonId>) -> Self {
        Self { object: None, who: people.into_iter().cloned().collect() }
    }
}

fn plans(sources: &Sources<'_>, to: &mut Collected<'_>) {
    for planned in sources.schedules {
        let schedule = &planned.schedule;
        if let Some(standing) = planned.standing(to.zone, to.now) {
            let mut about = About::people(schedule.owner.iter().chain(&schedule.reviewers));
            if let super::Subject::Object(object) = &schedule.subject {
                about.object = Some(object.clone());
            }
            to.on(
                standing.due,
                EntryKind::Review,
                schedule.key.to_string(),
                format!("{} is due", schedule.name),
                about,
            );
        }
    }
    for it in sources.reviews {
        let who = it.who();
        let title = format!("{} is due: {}", it.key, it.name);
        to.on(it.due, EntryKind::Session, it.key.to_string(), title, About::people(&who));
    }
    for it in sources.analyses.iter().filter(|it| it.approved.is_some()) {
        let title = format!("{} for {} is renewed", it.key, it.requirement);
        to.on(
            it.standing(to.zone, to.now).due,
            EntryKind::Analysis,
            it.key.to_string(),
            title,
            About::people([&it.author]),
        );
    }
    for it in sources.risks.iter().filter(|it| it.stage != Stage::Closed) {
        if let Some(day) = it.next_review {
            let about = About::people(it.owner.iter().chain(&it.deputy));
            to.on(day, EntryKind::Risk, it.key.to_string(), format!("{} is looked at: {}", it.key, it.title), about);
        }
        for action in it.actions.iter().filter(|action| action.state.is_open()) {
            if let Some(day) = action.due {
                let about = About::people(action.who.iter().chain(it.owner.iter().filter(|_| action.who.is_none())));
                let title = format!("{}: {}", it.key, action.what);
                to.on(day, EntryKind::Action, format!("{}/{}", it.key, action.number), title, about);
            }
        }
    }
    for it in sources.acceptances.iter().filter(|it| it.standing.state.is_in_force()) {
        let (key, content) = (it.acceptance.key, &it.acceptance.content);
        let of = content.risk.map(|risk| format!(" of {risk}")).unwrap_or_default();
        let about = About::people([&it.acceptance.requester]);
        // The risk comes first, as in everything that belongs to one, so that whoever has the key finds the risk.
        let named = content.risk.map_or_else(|| key.to_string(), |risk| format!("{risk}/{key}"));
        to.on(content.expires, EntryKind::Acceptance, named, format!("Acceptance {key}{of} ends"), about);
    }
    for it in sources.activities.iter().filter(|it| it.done.is_none()) {
        let about = About { object: it.scope.first().cloned(), who: it.noted_by.iter().cloned().collect() };
        to.on(it.planned, EntryKind::Activity, it.key.to_string(), format!("{} ({})", it.kind.label(), it.key), about);
    }
    for it in sources.activities {
        for point in it.open_points.iter().filter(|point| point.state.is_open()) {
            if let Some(day) = point.due {
                let title = format!("{}: {}", it.key, point.what);
                let key = format!("{}/{}", it.key, point.number);
                to.on(day, EntryKind::Activity, key, title, About::people(point.who.iter().chain(&it.noted_by)));
            }
        }
    }
    for (incident, deadlines) in sources.incidents.iter().filter(|(it, _)| !it.drill) {
        let open = deadlines.iter().filter(|it| matches!(it.state, DeadlineState::Open | DeadlineState::Late));
        for it in open {
            let key = format!("{}/{}", incident.key, it.duty);
            let title = format!("{}: tell {}", incident.key, it.whom);
            to.at(it.due, EntryKind::Notification, key, title, About::people(&incident.lead));
        }
    }
}

fn of_model(model: &Model, to: &mut Collected<'_>) {
    for (id, it) in &model.credentials {
        if said::yes(&it.facts, "enabled") == Some(false) {
            continue;
        }
        let rotated = said::day(&it.facts, "last_rotated").zip(said::number(&it.facts, "rotate_days"));
        let rotate = rotated.map(|(last, days)| last.plus_days(i32::try_from(days).unwrap_or(i32::MAX)));
        let due = [rotate, said::day(&it.facts, "expires_at")].into_iter().flatten().min();
        let name = if it.name.is_empty() { id.as_str() } else { &it.name };
        if let Some(day) = due {
            let about = About::of(ObjectRef::Credential(id.clone()), &it.facts);
            to.on(day, EntryKind::Rotation, format!("credential:{id}"), format!("{name} is rotated"), about);
        }
    }
    for (key, it) in model.records.iter().filter(|(key, _)| key.kind == ObjectKind::Certificate) {
        if let Some(day) = said::day(&it.facts, "not_after") {
            let about = About::of(ObjectRef::Record(key.clone()), &it.facts);
            to.on(day, EntryKind::Certificate, format!("certificate:{}", key.id), format!("{} ends", it.name), about);
        }
    }
    for it in ledger(model, to.now) {
        if let Some(until) = it.until {
            let about = About {
                object: Some(ObjectRef::Credential(it.key.credential.clone())),
                who: it.rollback_owner.iter().cloned().collect(),
            };
            let title = format!("{} loses its right on {}", it.name, it.on);
            to.at(until, EntryKind::Permission, format!("grant:{}", it.key.text()), title, about);
        }
    }
    for (id, it) in &model.vendors {
        for (name, kind, what) in
            [("aoc_expires", EntryKind::Attestation, "attestation"), ("end_date", EntryKind::Agreement, "agreement")]
        {
            if let Some(day) = said::day(&it.facts, name) {
                let about = About::of(ObjectRef::Vendor(id.clone()), &it.facts);
                to.on(day, kind, format!("vendor:{id}"), format!("The {what} of {} ends", it.name), about);
            }
        }
    }
    for (id, it) in &model.controls {
        if let Some(days) = it.verified_days(model.settings.service_provider) {
            let name = if it.name.is_empty() { id.as_str() } else { &it.name };
            let about = About::of(ObjectRef::Control(id.clone()), &it.facts);
            to.on(*days.end(), EntryKind::Proof, format!("control:{id}"), format!("The proof of {name} ends"), about);
        }
    }
    for (key, it) in &model.overrides {
        if let Some(day) = it.expires {
            let about = About { object: Some(ObjectRef::Override(key.clone())), ..About::nobody() };
            let title = format!("The scope decision on {} ends", key.system);
            to.on(day, EntryKind::Decision, format!("override:{}#{}", key.system, key.number), title, about);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(crate) mod tests {
    use super::*;
    use crate::findings::said::instant_of;
    use crate::incident::duty::usual_duties;
    use crate::incident::{IncidentKey, deadlines};
    use crate::model::reader::read_json;
    use crate::review::ReviewKey;
    use crate::risk::action::{Action, ActionState};
    use crate::schedule::assurance::tests::activity;
    use crate::schedule::assurance::{ActivityKind, Outcome};

    pub(crate) fn model() -> Model {
        let text = r#"{"people":[{"id":"lead"},{"id":"team","kind":"team","members":["lead"]},{"id":"other"}],
            "systems":[{"id":"db"}],
            "vendors":[{"id":"psp","name":"PSP","aoc_expires":"2026-12-31","end_date":"2027-06-30","owner":"team"}],
            "credentials":[
                {"id":"erp","kind":"service","name":"ERP, sync","last_rotated":"2026-09-01","rotate_days":90,"owner":"other"},
                {"id":"old","kind":"service","enabled":false,"expires_at":"2026-01-01"},
                {"id":"ops","kind":"user","grants":[{"on":"db","priv":"admin","temporary":true,
                    "until":"2026-12-01T23:30:00Z","rollback_owner":"lead"}]}],
            "certificates":[{"id":"tls","name":"Shop; TLS","not_after":"2026-11-01"}],
            "controls":[{"id":"fw","name":"Firewall","last_tested":"2026-01-10"}]}"#;
        read_json(text.as_bytes()).unwrap().0
    }

    /// A review that `other` attests, of which `lead` was asked something.
    pub(crate) fn review() -> OpenReview {
        OpenReview {
            key: ReviewKey(4),
            name: "2026-Q4".to_owned(),
            due: "2027-01-31".parse().unwrap(),
            unsigned: vec!["other".into(), "third".into()],
            next: vec!["other".into()],
            asked: vec![(2, "lead".into())],
            void: 0,
        }
    }

    pub(crate) fn of_sample(zone: &Zone) -> Vec<Entry> {
        let now = instant_of("2026-11-21T12:00:00Z").unwrap();
        let mut planned = activity(1, ActivityKind::Failover, "2026-12-24", Outcome::Passed);
        planned.done = None;
        let incident = Incident::new(IncidentKey(1), "Skimmer".to_owned(), now);
        let due = deadlines(&incident, &usual_duties(), now);
        let sources = Sources {
            model: &model(),
            schedules: &[],
            reviews: &[review()],
            analyses: &[],
            risks: &[],
            acceptances: &[],
            activities: &[planned],
            incidents: &[(incident, due)],
        };
        entries(&sources, zone, now, "2027-03-31".parse().unwrap())
    }

    #[test]
    fn everything_with_a_day_comes_in_order_and_what_is_over_is_overdue() {
        let told: Vec<_> = of_sample(&Zone::utc())
            .into_iter()
            .filter(|it| it.kind != EntryKind::Notification)
            .map(|it| (it.day.to_string(), it.kind, it.overdue))
            .collect();
        let expected = [
            ("2026-11-01", EntryKind::Certificate, true),
            ("2026-11-30", EntryKind::Rotation, false),
            ("2026-12-01", EntryKind::Permission, false),
            ("2026-12-24", EntryKind::Activity, false),
            ("2026-12-31", EntryKind::Attestation, false),
            ("2027-01-10", EntryKind::Proof, false),
            ("2027-01-31", EntryKind::Session, false),
        ];
        assert_eq!(told, expected.map(|(day, kind, overdue)| (day.to_owned(), kind, overdue)));
    }

    #[test]
    fn a_person_sees_their_own_that_of_their_teams_and_what_is_nobodys() {
        let all = of_sample(&Zone::utc());
        let seen = |person: &str| of_person(&all, &person.into(), &model()).len();
        assert_eq!(seen("lead") + 1, all.len(), "all but the rotation that somebody else answers for");
        assert_eq!(seen("other") + 2, all.len(), "neither the attestation of the team nor the right of the lead");
    }

    #[test]
    fn a_point_that_a_test_left_open_has_its_day() {
        let now = instant_of("2026-11-21T12:00:00Z").unwrap();
        let mut done = activity(2, ActivityKind::PenetrationTest, "2026-11-01", Outcome::Failed);
        let mut point = Action::new(1, "Patch the till".to_owned());
        point.due = Some("2026-12-05".parse().unwrap());
        done.open_points.push(point);
        let model = Model::default();
        let sources = |activities| Sources {
            model: &model,
            schedules: &[],
            reviews: &[],
            analyses: &[],
            risks: &[],
            acceptances: &[],
            activities,
            incidents: &[],
        };
        let until = "2027-03-31".parse().unwrap();
        let told = entries(&sources(std::slice::from_ref(&done)), &Zone::utc(), now, until);
        let told: Vec<_> = told.iter().map(|it| (it.key.as_str(), it.day.to_string(), it.title.as_str())).collect();
        assert_eq!(told, [("ACT-2/1", "2026-12-05".to_owned(), "ACT-2: Patch the till")]);
        let mut closed = done.clone();
        closed.open_points[0].state = ActionState::Done;
        assert_eq!(entries(&sources(&[closed]), &Zone::utc(), now, until), []);
    }

    #[test]
    fn a_review_that_is_open_is_in_the_hands_of_who_signs_and_who_was_asked() {
        let all = of_sample(&Zone::utc());
        let review = all.iter().find(|it| it.kind == EntryKind::Session).unwrap();
        assert_eq!((review.key.as_str(), review.title.as_str()), ("REV-4", "REV-4 is due: 2026-Q4"));
        let named = |person: &str| names(review, &person.into(), &model());
        assert!(named("other") && named("third") && named("lead") && !named("nobody"));
    }

    #[cfg(feature = "zones")]
    #[test]
    fn an_instant_lies_on_the_day_of_the_workspace() {
        let berlin = of_sample(&Zone::parse("Europe/Berlin").unwrap());
        let right = berlin.iter().find(|it| it.kind == EntryKind::Permission).unwrap();
        assert_eq!(
            (right.day.to_string(), right.at.unwrap().to_string()),
            ("2026-12-02".to_owned(), "2026-12-01T23:30:00Z".to_owned())
        );
    }
}
