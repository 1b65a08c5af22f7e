//! What one person has to do about risks: actions, decisions, reviews.

use crate::id::PersonId;
use crate::risk::action::{Action, Waiting, waiting};
use crate::risk::record::{Risk, Stage};
use crate::risk::view::tasks::{Task, TaskKind};
use crate::role::Tier;
use crate::time::Day;

/// How many days before its day a review is due.
pub const REVIEW_DAYS: i32 = 30;

/// The work of one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mine<'a> {
    /// The open actions, by the day on which they are due; those without a day come last.
    pub actions: Vec<(&'a Risk, &'a Action, Waiting)>,
    /// The decisions that the person has in hand, or can take for others.
    pub decisions: Vec<&'a Task>,
    /// The risks that the person answers for and that somebody looks at soon, by day.
    pub reviews: Vec<(Day, &'a Risk)>,
}

impl Mine<'_> {
    /// Whether there is nothing at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.actions.is_empty() && self.decisions.is_empty() && self.reviews.is_empty()
    }
}

/// What the person has to do. An action that names nobody is one of who answers for the risk. `decides` says up to which
/// level the person approves what others ask for, where they may at all.
#[must_use]
pub fn mine<'a>(
    risks: impl IntoIterator<Item = &'a Risk>,
    tasks: &'a [Task],
    me: Option<&PersonId>,
    decides: Option<Tier>,
    today: Day,
) -> Mine<'a> {
    let mut found = Mine::default();
    let is_me = |person: Option<&PersonId>| person.is_some() && person == me;
    for risk in risks.into_iter().filter(|risk| risk.stage != Stage::Closed) {
        let answers = is_me(risk.owner.as_ref()) || is_me(risk.deputy.as_ref());
        for action in risk.actions.iter().filter(|action| action.state.is_open()) {
            if is_me(action.who.as_ref().or(risk.owner.as_ref())) {
                found.actions.push((risk, action, waiting(&risk.actions, action.number)));
            }
        }
        match risk.next_review {
            Some(day) if answers && day <= today.plus_days(REVIEW_DAYS) => found.reviews.push((day, risk)),
            _ => {}
        }
    }
    found.actions.sort_by_key(|(risk, action, _)| (action.due.is_none(), action.due, risk.key, action.number));
    found.reviews.sort_by_key(|(day, risk)| (*day, risk.key));
    let own = |task: &Task| me.is_some_and(|me| task.who.contains(me));
    let takes = |task: &&Task| match task.kind {
        TaskKind::Approve => {
            !own(task) && decides.is_some_and(|tier| task.level.is_some_and(|level| level.tier() <= tier))
        }
        TaskKind::DecideAgain | TaskKind::AskAgain | TaskKind::Renew => own(task),
    };
    found.decisions = tasks.iter().filter(takes).collect();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::risk::acceptance::{AcceptanceKey, State};
    use crate::risk::record::RiskKey;
    use crate::risk::scheme::Level;

    fn risk(number: u32, owner: &str) -> Risk {
        Risk { owner: Some(owner.into()), next_review: Some(Day(120)), ..Risk::new(RiskKey(number)) }
    }

    fn task(number: u32, kind: TaskKind, who: &str, level: Level) -> Task {
        Task {
            risk: RiskKey(number),
            acceptance: AcceptanceKey(number),
            kind,
            state: State::InReview,
            level: Some(level),
            who: vec![who.into()],
        }
    }

    #[test]
    fn an_action_of_nobody_is_one_of_the_owner() {
        let mut risks = [risk(1, "me"), risk(2, "other"), risk(3, "other")];
        risks[0].actions = vec![Action::new(1, "mine".to_owned())];
        risks[1].actions = vec![
            Action { who: Some("me".into()), due: Some(Day(90)), ..Action::new(1, "for another".to_owned()) },
            Action::new(2, "not mine".to_owned()),
        ];
        risks[2].deputy = Some("me".into());
        let me = PersonId::from("me");
        let found = mine(&risks, &[], Some(&me), None, Day(100));
        let actions: Vec<&str> = found.actions.iter().map(|(_, action, _)| action.what.as_str()).collect();
        assert_eq!(actions, ["for another", "mine"], "what is due comes first");
        assert_eq!(found.reviews.iter().map(|(_, risk)| risk.key.0).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(mine(&risks, &[], Some(&me), None, Day(80)).reviews, []);
        assert!(mine(&risks, &[], None, None, Day(100)).is_empty(), "nobody has nothing");
    }

    #[test]
    fn what_others_ask_for_is_mine_up_to_the_tier() {
        let tasks = [
            task(1, TaskKind::Approve, "other", Level::Moderate),
            task(2, TaskKind::Approve, "other", Level::High),
            task(3, TaskKind::Approve, "me", Level::Low),
            task(4, TaskKind::Renew, "me", Level::High),
            task(5, TaskKind::Renew, "other", Level::High),
        ];
        let me = PersonId::from("me");
        let keys = |tier| {
            let found = mine([], &tasks, Some(&me), tier, Day(0));
            found.decisions.iter().map(|it| it.risk.0).collect::<Vec<_>>()
        };
        assert_eq!(keys(Some(Tier::Moderate)), [1, 4]);
        assert_eq!(keys(Some(Tier::VeryHigh)), [1, 2, 4]);
        assert_eq!(keys(None), [4]);
    }
}
