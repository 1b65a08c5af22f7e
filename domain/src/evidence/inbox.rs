//! The request inbox: in which order requests are listed, and who is told of which.

use crate::evidence::request::{Request, Side, State};
use crate::id::PersonId;
use crate::notice::{Notice, NoticeKind, SOON_DAYS, Target};
use crate::time::Day;

/// Who looks at the inbox.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// For whom they speak.
    pub side: Side,
    /// Who they are, as requests name them.
    pub me: &'a PersonId,
    /// Whether they may answer for the team.
    pub answers: bool,
}

/// What waits for somebody in the inbox. A request is told to whoever of the team is to answer it, to everybody who may where
/// nobody was named, and its answer to whoever asked.
pub fn notices<'a>(
    all: impl IntoIterator<Item = &'a Request>,
    reader: Reader<'_>,
    today: Day,
) -> impl Iterator<Item = Notice> {
    let told = move |it: &Request| {
        let state = it.state();
        let mine = match state.turn()? {
            Side::Auditor => reader.side == Side::Auditor && it.by == *reader.me,
            Side::Team => {
                let named = it.owner().map(|owner| owner == reader.me);
                reader.side == Side::Team && named.unwrap_or(reader.answers)
            }
        };
        mine.then(|| notice(it, state, today))
    };
    let all: Vec<Notice> = all.into_iter().filter_map(told).collect();
    all.into_iter()
}

fn notice(it: &Request, state: State, today: Day) -> Notice {
    let due = it.due().filter(|_| state.turn() == Some(Side::Team));
    let kind = if it.is_late(today) { NoticeKind::Late } else { NoticeKind::Decision };
    let words = match state {
        State::Answered => "has an answer",
        State::Returned => "was sent back",
        State::Open | State::Accepted | State::Withdrawn => "waits for an answer",
    };
    // Each turn is told of once more.
    let turn = it.history.len();
    Notice {
        kind,
        day: due.filter(|day| kind == NoticeKind::Late || *day <= today.plus_days(SOON_DAYS)),
        key: format!("{kind}:{}:{turn}", it.key),
        title: format!("{} {words}: {}", it.key, it.question.first_line()),
        target: Target::Request(it.key),
    }
}

/// Whether a request stands before another one in a list: what waits first, what is due first, what was asked last.
#[must_use]
pub fn order(it: &Request) -> (bool, Option<Day>, std::cmp::Reverse<u32>) {
    let is_over = it.state().turn().is_none();
    (is_over, Some(it.due().unwrap_or(Day(i32::MAX))), std::cmp::Reverse(it.key.0))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::evidence::request::{Question, RequestKey, Step};
    use crate::time::Timestamp;

    fn request(owner: Option<&str>, due: Option<Day>) -> Request {
        let question = Question {
            text: "Show the last scan\nof every server".to_owned(),
            requirement: None,
            object: None,
            title: None,
            due,
            owner: owner.map(PersonId::new),
        };
        Request { key: RequestKey(4), ..Request::new(question, PersonId::new("qsa"), Timestamp(0)) }
    }

    fn told(it: &Request, side: Side, me: &str, answers: bool) -> Vec<String> {
        let me = PersonId::new(me);
        notices([it], Reader { side, me: &me, answers }, Day(100)).map(|it| it.title).collect()
    }

    #[test]
    fn the_side_whose_turn_it_is_is_told_and_the_other_is_not() {
        let mut it = request(None, None);
        let waits = ["REQ-4 waits for an answer: Show the last scan"];
        assert_eq!(told(&it, Side::Team, "lead", true), waits);
        assert!(told(&it, Side::Team, "viewer", false).is_empty(), "who may not answer is asked nothing");
        assert!(told(&it, Side::Auditor, "qsa", false).is_empty());
        let answer = Step::Answer { words: "Here".to_owned(), items: BTreeSet::new() };
        it.take(answer, Side::Team, &"lead".into(), Timestamp(1)).unwrap();
        assert_eq!(told(&it, Side::Auditor, "qsa", false), ["REQ-4 has an answer: Show the last scan"]);
        assert!(told(&it, Side::Auditor, "other", false).is_empty(), "who did not ask");
        assert!(told(&it, Side::Team, "lead", true).is_empty());
        it.take(Step::Return { words: "All".to_owned() }, Side::Auditor, &"qsa".into(), Timestamp(2)).unwrap();
        assert_eq!(told(&it, Side::Team, "lead", true), ["REQ-4 was sent back: Show the last scan"]);
        it.take(Step::Withdraw, Side::Auditor, &"qsa".into(), Timestamp(3)).unwrap();
        assert!(told(&it, Side::Team, "lead", true).is_empty());
    }

    #[test]
    fn who_is_named_answers_and_nobody_else_is_told() {
        let it = request(Some("lead"), Some(Day(99)));
        assert_eq!(told(&it, Side::Team, "lead", false).len(), 1);
        assert!(told(&it, Side::Team, "dev", true).is_empty());
        let me = PersonId::new("lead");
        let late = notices([&it], Reader { side: Side::Team, me: &me, answers: true }, Day(100)).next().unwrap();
        assert_eq!((late.kind, late.day), (NoticeKind::Late, Some(Day(99))));
    }
}
