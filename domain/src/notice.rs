//! What concerns a person now: what they answer for and is late or due, what waits for their word, where they are named.
//!
//! Notices are computed from the facts each time and stored nowhere, so that none outlives its cause. Only which of them
//! a person read is kept, by key; a key changes when what it tells does.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::backend::comments::{Comment, Topic};
use crate::evidence::RequestKey;
use crate::findings::Identity;
use crate::findings::life::{Acting, Record, Step};
use crate::findings::said;
use crate::id::{AccountId, PersonId};
use crate::inventory::{object_of, title};
use crate::model::Model;
use crate::model::object::ObjectRef;
use crate::proposal::{Circle, Proposal, ProposalKey, State};
use crate::review::{OpenReview, ReviewKey};
use crate::risk::view::tasks::Task;
use crate::risk::{Risk, RiskKey};
use crate::role::{Capability, Role};
use crate::schedule::calendar::{Entry, EntryKind, names};
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

/// So many days before its day something is told of.
pub const SOON_DAYS: i32 = 14;

/// So long somebody is told of being named.
const MENTION_DAYS: i32 = 30;

/// The most notices of one person.
const MOST: usize = 500;

text_enum! {
    /// Why a person is told.
    NoticeKind {
        Late = "late": "Late",
        Deadline = "deadline": "Somebody has to be told",
        Decision = "decision": "Waits for you",
        Mention = "mention": "You are named",
        Soon = "soon": "Due soon",
    }
}

/// Something that concerns a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// Why they are told.
    pub kind: NoticeKind,
    /// The day until which something is to be done, or on which it happened.
    pub day: Option<Day>,
    /// What tells it from all others; another one as soon as it tells something else.
    pub key: String,
    /// What it says.
    pub title: String,
    /// What it is about.
    pub target: Target,
}

/// What a notice is about: where the person goes from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// An entry of the calendar: its kind, key and object.
    Entry(EntryKind, String, Option<ObjectRef>),
    /// A risk.
    Risk(RiskKey),
    /// A finding.
    Finding(Identity),
    /// A proposal.
    Proposal(ProposalKey),
    /// A review.
    Review(ReviewKey),
    /// What is said about an object.
    Comments(ObjectRef),
    /// What who audits asked for.
    Request(RequestKey),
}

/// Who is told.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// The person of the inventory that it is linked to.
    pub person: Option<&'a PersonId>,
    /// The role in the workspace.
    pub role: Role,
    /// How the person acts on findings.
    pub acting: &'a Acting,
}

/// What notices are computed from. What the person may not see is left out by whoever calls.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// Everything that comes due.
    pub entries: &'a [Entry],
    /// The model, for teams.
    pub model: &'a Model,
    /// The decisions about risks that the person can take.
    pub decisions: &'a [&'a Task],
    /// The risks of those decisions, at least.
    pub risks: &'a BTreeMap<RiskKey, Arc<Risk>>,
    /// The proposals.
    pub proposals: &'a [Proposal],
    /// Who works in the workspace.
    pub circle: &'a Circle,
    /// The reviews that are going on.
    pub reviews: &'a [OpenReview],
    /// Where findings stand.
    pub records: &'a BTreeMap<Identity, Record>,
    /// The comments.
    pub comments: &'a [Comment],
}

/// Everything that concerns a person, what is late first, at most 500.
#[must_use]
pub fn notices(reader: &Reader<'_>, sources: &Sources<'_>, today: Day, now: Timestamp) -> Vec<Notice> {
    let mut all = Vec::new();
    dates(reader, sources, today, &mut all);
    decisions(reader, sources, now, &mut all);
    reviews(reader, sources, &mut all);
    findings(reader, sources, today, &mut all);
    mentions(reader, sources, today, &mut all);
    all.sort();
    all.truncate(MOST);
    all
}

/// The people and teams that a text names, each as `@` and its key.
pub fn named(text: &str) -> impl Iterator<Item = &str> {
    let part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
    text.match_indices('@').filter_map(move |(at, _)| {
        // What stands in a mail address names nobody.
        let begins = text[..at].chars().next_back().is_none_or(|before| !part(before));
        let rest = &text[at + 1..];
        let end = rest.find(|it| !part(it)).unwrap_or(rest.len());
        let key = rest[..end].trim_end_matches('.');
        (begins && !key.is_empty()).then_some(key)
    })
}

fn dates(reader: &Reader<'_>, sources: &Sources<'_>, today: Day, to: &mut Vec<Notice>) {
    let mine = |it: &Entry| {
        let theirs = reader.person.is_some_and(|me| names(it, me, sources.model));
        // An incident without a lead is everybody's who can do something about it.
        let nobodys = it.kind == EntryKind::Notification && it.who.is_empty();
        theirs || (nobodys && reader.role.may(Capability::EditModel))
    };
    for it in sources.entries.iter().filter(|it| it.day <= today.plus_days(SOON_DAYS)).filter(|it| mine(it)) {
        let kind = match (it.overdue, it.kind) {
            (true, _) => NoticeKind::Late,
            (false, EntryKind::Notification) => NoticeKind::Deadline,
            (false, _) => NoticeKind::Soon,
        };
        to.push(Notice {
            kind,
            day: Some(it.day),
            key: format!("{kind}:{}:{}:{}", it.kind, it.key, it.day),
            title: it.title.clone(),
            target: Target::Entry(it.kind, it.key.clone(), it.object.clone()),
        });
    }
}

fn decisions(reader: &Reader<'_>, sources: &Sources<'_>, now: Timestamp, to: &mut Vec<Notice>) {
    let mut add = |key: String, title: String, target: Target| {
        to.push(Notice { kind: NoticeKind::Decision, day: None, key: format!("decision:{key}"), title, target });
    };
    for task in sources.decisions {
        let of = sources.risks.get(&task.risk).map(|risk| format!(": {}", risk.title)).unwrap_or_default();
        let key = format!("{}:{}", task.acceptance, task.kind);
        add(key, format!("{} ({}){of}", task.kind.label(), task.risk), Target::Risk(task.risk));
    }
    for it in sources.proposals.iter().filter(|it| it.state == State::Review) {
        let open = it.open_needs(sources.circle);
        if open.iter().any(|need| it.who_may(need, sources.model, sources.circle).contains(reader.account)) {
            add(
                it.key.to_string(),
                format!("{} waits for an approval: {}", it.key, it.title),
                Target::Proposal(it.key),
            );
        }
    }
    if reader.role.may(Capability::ApproveFindings) {
        let waits = |it: &&Record| it.request.is_some() && it.after(&Step::Approve, reader.acting, now).is_ok();
        for it in sources.records.values().filter(waits) {
            let title = format!("A decision waits for a second person: {}", it.sentence);
            add(format!("{}:{}", it.identity, it.version), title, Target::Finding(it.identity.clone()));
        }
    }
}

/// Signatures and answers are asked of one person, and not of a team.
fn reviews(reader: &Reader<'_>, sources: &Sources<'_>, to: &mut Vec<Notice>) {
    let Some(me) = reader.person else { return };
    for it in sources.reviews {
        let mut add = |what: String, title: String| {
            let key = format!("decision:{}:{what}", it.key);
            let target = Target::Review(it.key);
            to.push(Notice { kind: NoticeKind::Decision, day: Some(it.due), key, title, target });
        };
        if it.next.contains(me) {
            add(format!("sign:{}", it.void), format!("{} waits for your signature: {}", it.key, it.name));
        }
        for (number, _) in it.asked.iter().filter(|(_, whom)| whom == me) {
            add(format!("question:{number}"), format!("{} has a question for you: {}", it.key, it.name));
        }
    }
}

fn findings(reader: &Reader<'_>, sources: &Sources<'_>, today: Day, to: &mut Vec<Notice>) {
    let Some(me) = reader.person else { return };
    let mine = |it: &&Record| it.owner.as_ref() == Some(me) && it.state.is_open();
    for it in sources.records.values().filter(mine) {
        let Some(day) = it.due.filter(|day| *day <= today.plus_days(SOON_DAYS)) else { continue };
        let kind = if day < today { NoticeKind::Late } else { NoticeKind::Soon };
        to.push(Notice {
            kind,
            day: Some(day),
            key: format!("{kind}:finding:{}:{day}", it.identity),
            title: it.sentence.clone(),
            target: Target::Finding(it.identity.clone()),
        });
    }
}

fn mentions(reader: &Reader<'_>, sources: &Sources<'_>, today: Day, to: &mut Vec<Notice>) {
    let Some(me) = reader.person else { return };
    let is_me = |key: &str| {
        let team = sources.model.people.get(&PersonId::new(key));
        key == me.as_str() || team.is_some_and(|it| said::list(&it.facts, "members").contains(&me.as_str()))
    };
    let fresh = |it: &&Comment| it.written_at.day() >= today.plus_days(-MENTION_DAYS);
    for it in sources.comments.iter().filter(fresh).filter(|it| !it.own && named(&it.text).any(is_me)) {
        let about = match it.topic {
            Topic::Risk => it.key.parse().ok().map(|key| (it.key.clone(), Target::Risk(key))),
            Topic::Object(kind) => object_of(kind, &it.key, sources.model)
                .map(|object| (title(&object, sources.model), Target::Comments(object.reference()))),
        };
        // What is gone has no page on which to answer.
        let Some((topic, target)) = about else { continue };
        to.push(Notice {
            kind: NoticeKind::Mention,
            day: Some(it.written_at.day()),
            key: format!("mention:{}", it.id),
            title: format!("{} named you about {topic}", it.author),
            target,
        });
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::id::CommentId;
    use crate::risk::Level;
    use crate::risk::acceptance::{AcceptanceKey, State as Accepted};
    use crate::risk::view::tasks::TaskKind;
    use crate::role::Tier;
    use crate::schedule::Zone;
    use crate::schedule::calendar::tests::{model, of_sample, review};

    fn comment(text: &str, own: bool) -> Comment {
        Comment {
            id: CommentId::new("c1"),
            topic: Topic::Risk,
            key: "R-1".to_owned(),
            author: "Somebody".to_owned(),
            own,
            text: text.to_owned(),
            written_at: Timestamp(1_795_253_400_000_000),
            edited_at: None,
        }
    }

    fn told(person: Option<&str>, role: Role, comments: &[Comment], decisions: &[&Task]) -> Vec<Notice> {
        let (account, person) = (AccountId::new("a"), person.map(PersonId::new));
        let acting = Acting { account: Some(account.clone()), person: person.clone(), tier: Tier::Low };
        let reader = Reader { account: &account, person: person.as_ref(), role, acting: &acting };
        let entries = of_sample(&Zone::utc());
        let sources = Sources {
            entries: &entries,
            model: &model(),
            decisions,
            risks: &BTreeMap::new(),
            proposals: &[],
            reviews: &[review()],
            circle: &Circle::default(),
            records: &BTreeMap::new(),
            comments,
        };
        let now = Timestamp(1_795_253_400_000_000);
        notices(&reader, &sources, now.day(), now)
    }

    fn kinds(notices: &[Notice]) -> Vec<(NoticeKind, &str)> {
        notices.iter().map(|it| (it.kind, it.title.as_str())).collect()
    }

    #[test]
    fn what_a_person_answers_for_is_told_two_weeks_before() {
        let lead = told(Some("lead"), Role::Viewer, &[], &[]);
        assert_eq!(kinds(&lead)[1..], [(NoticeKind::Soon, "ops loses its right on db")]);
        let other = told(Some("other"), Role::Viewer, &[], &[]);
        assert_eq!(kinds(&other)[1..], [(NoticeKind::Soon, "ERP, sync is rotated")]);
        assert!(
            told(None, Role::Viewer, &[], &[]).is_empty(),
            "an account that is linked to nobody answers for nothing"
        );
    }

    #[test]
    fn a_review_waits_for_the_signature_whose_turn_it_is_and_for_an_answer() {
        let first = |person| told(Some(person), Role::Viewer, &[], &[]).into_iter().next();
        let (lead, other) = (first("lead").unwrap(), first("other").unwrap());
        assert_eq!((lead.kind, lead.title.as_str()), (NoticeKind::Decision, "REV-4 has a question for you: 2026-Q4"));
        assert_eq!(
            (other.kind, other.title.as_str()),
            (NoticeKind::Decision, "REV-4 waits for your signature: 2026-Q4")
        );
        assert_eq!((lead.key.as_str(), other.key.as_str()), ("decision:REV-4:question:2", "decision:REV-4:sign:0"));
        assert_eq!((other.target, other.day), (Target::Review(ReviewKey(4)), Some(review().due)));
        assert_eq!(first("third"), None, "it is not their turn yet");
    }

    #[test]
    fn an_incident_that_nobody_leads_concerns_everybody_who_can_act() {
        let kinds = |role| told(None, role, &[], &[]).into_iter().map(|it| it.kind).collect::<Vec<_>>();
        assert!(kinds(Role::Editor).contains(&NoticeKind::Deadline), "{:?}", kinds(Role::Editor));
        assert!(kinds(Role::Reviewer).is_empty());
    }

    #[test]
    fn somebody_is_named_by_key_or_through_a_team_and_never_by_themselves() {
        let names = |text: &str, own| told(Some("lead"), Role::Viewer, &[comment(text, own)], &[]).len() - 2;
        assert_eq!(names("Please look, @lead.", false), 1);
        assert_eq!(names("(@team)", false), 1);
        assert_eq!(names("@leader and ops@lead", false), 0);
        assert_eq!(names("@lead", true), 0);
        assert_eq!(named("@a @ b@c,@d-e. @").collect::<Vec<_>>(), ["a", "d-e"]);
    }

    #[test]
    fn a_decision_is_told_with_the_step_that_waits() {
        let task = Task {
            risk: RiskKey(3),
            acceptance: AcceptanceKey(2),
            kind: TaskKind::Approve,
            state: Accepted::InReview,
            level: Some(Level::Low),
            who: Vec::new(),
        };
        let found = told(None, Role::Reviewer, &[], &[&task]);
        assert_eq!(kinds(&found), [(NoticeKind::Decision, "Waits for approval (R-3)")]);
        assert_eq!(found[0].key, "decision:A-2:approve");
    }
}
