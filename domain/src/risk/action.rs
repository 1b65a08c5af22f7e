//! What is done about a risk or after an incident: by whom, until when, for how much, and after what else.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::PersonId;
use crate::text::text_enum;
use crate::time::Day;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Its number within the risk or incident, from 1; never used twice there.
    pub number: u32,
    /// What is to be done.
    pub what: String,
    /// Who does it.
    pub who: Option<PersonId>,
    /// The last day on which it is in time.
    pub due: Option<Day>,
    /// What it costs in work.
    pub effort: Option<PersonDays>,
    /// What it costs beside that.
    pub money: Option<Money>,
    /// How far it is.
    pub state: ActionState,
    /// The actions of the same risk or incident that must be done before.
    pub after: BTreeSet<u32>,
    /// A ticket elsewhere.
    pub ticket: Option<Ticket>,
    /// The option of the cheapest change that it carries out, so that its effect on the scope can be calculated.
    pub option: Option<String>,
}

impl Action {
    /// An action that somebody has yet to begin.
    #[must_use]
    pub const fn new(number: u32, what: String) -> Self {
        Self {
            number,
            what,
            who: None,
            due: None,
            effort: None,
            money: None,
            state: ActionState::Planned,
            after: BTreeSet::new(),
            ticket: None,
            option: None,
        }
    }

    /// Whether it should be done already and is not.
    #[must_use]
    pub fn is_late(&self, today: Day) -> bool {
        self.state.is_open() && self.due.is_some_and(|due| due < today)
    }
}

text_enum! {
    /// How far an action is.
    ActionState {
        Planned = "planned": "Planned",
        Doing = "doing": "In progress",
        Done = "done": "Done",
        Dropped = "dropped": "Dropped",
    }
}

impl ActionState {
    /// Whether there is still something to do.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Planned | Self::Doing)
    }
}

/// What an action waits for, among the actions of its risk or incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// Nothing: it can begin.
    No,
    /// For these, which are open.
    For(BTreeSet<u32>),
    /// For itself, in the end: these wait for each other and none of them can ever begin.
    Forever(BTreeSet<u32>),
}

/// What the action waits for. What was dropped holds nothing up.
#[must_use]
pub fn waiting(actions: &[Action], number: u32) -> Waiting {
    let open = |number: &u32| actions.iter().find(|it| it.number == *number && it.state.is_open());
    let direct: BTreeSet<u32> =
        open(&number).map(|it| it.after.iter().filter(|it| open(it).is_some()).copied().collect()).unwrap_or_default();
    if direct.is_empty() {
        return Waiting::No;
    }
    let ring: BTreeSet<u32> =
        before(actions, number).into_iter().filter(|it| before(actions, *it).contains(it)).collect();
    if ring.is_empty() { Waiting::For(direct) } else { Waiting::Forever(ring) }
}

/// Every open action that must be done before, directly or not; the action itself where it waits for itself.
fn before(actions: &[Action], number: u32) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let mut ahead = vec![number];
    while let Some(number) = ahead.pop() {
        for action in actions.iter().filter(|it| it.number == number && it.state.is_open()) {
            ahead.extend(action.after.iter().filter(|it| found.insert(**it)));
        }
    }
    found
}

/// Work in days of one person, to the tenth of a day: `2.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct PersonDays {
    /// The tenths.
    pub tenths: u32,
}

impl PersonDays {
    /// So many whole days; the most there is, where there are more.
    #[must_use]
    pub const fn whole(days: u32) -> Self {
        Self { tenths: days.saturating_mul(10) }
    }

    /// The sum; the most there is, where it is more.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { tenths: self.tenths.saturating_add(other.tenths) }
    }
}

impl fmt::Display for PersonDays {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tenths % 10 {
            0 => write!(out, "{}", self.tenths / 10),
            tenth => write!(out, "{}.{tenth}", self.tenths / 10),
        }
    }
}

/// A text that is no number of days such as `2.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number of days such as 2.5")]
pub struct NoDays;

impl FromStr for PersonDays {
    type Err = NoDays;

    fn from_str(text: &str) -> Result<Self, NoDays> {
        let tenths = decimal(text, 1).ok_or(NoDays)?;
        Ok(Self { tenths: u32::try_from(tenths).map_err(|_| NoDays)? })
    }
}

/// An amount of money: `EUR 1200.50`. Two decimals, whatever the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The code of ISO 4217.
    currency: [u8; 3],
    /// In hundredths.
    pub hundredths: u64,
}

impl Money {
    /// The code of the currency.
    #[must_use]
    pub fn currency(&self) -> &str {
        str::from_utf8(&self.currency).unwrap_or("???")
    }
}

impl fmt::Display for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}.{:02}", self.currency(), self.hundredths / 100, self.hundredths % 100)
    }
}

/// A text that is no amount such as `EUR 1200.50`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an amount such as EUR 1200.50")]
pub struct NoMoney;

impl FromStr for Money {
    type Err = NoMoney;

    fn from_str(text: &str) -> Result<Self, NoMoney> {
        let (currency, amount) = text.trim().split_once(' ').ok_or(NoMoney)?;
        let currency: [u8; 3] = currency.as_bytes().try_into().map_err(|_| NoMoney)?;
        if !currency.iter().all(u8::is_ascii_uppercase) {
            return Err(NoMoney);
        }
        Ok(Self { currency, hundredths: decimal(amount, 2).ok_or(NoMoney)? })
    }
}

/// A number with at most so many decimals, counted in its smallest unit. Nothing is rounded.
fn decimal(text: &str, decimals: usize) -> Option<u64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > decimals || text.trim().ends_with('.') {
        return None;
    }
    format!("{whole}{part:0<decimals$}").parse().ok()
}

/// A ticket in another tool: a link, or the name of the ticket there. Nothing is ever fetched from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Ticket(String);

/// Longest ticket, in characters.
pub const TICKET_MAX: usize = 500;

impl Ticket {
    /// A link with `https://` or `http://`, or a name such as `PAY-123`; `None` for anything else, so that no link runs
    /// a script.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = !text.is_empty() && text.chars().count() <= TICKET_MAX && !text.chars().any(char::is_control);
        let link = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let good = match link {
            Some(rest) => !rest.is_empty() && !rest.starts_with('/') && !text.contains(char::is_whitespace),
            None => !text.contains(':') && !text.starts_with('/'),
        };
        (plain && good).then(|| Self(text.to_owned()))
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address, where it is one.
    #[must_use]
    pub fn href(&self) -> Option<&str> {
        (self.0.starts_with("https://") || self.0.starts_with("http://")).then_some(self.0.as_str())
    }
}

impl<'de> Deserialize<'de> for Ticket {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a link and not the name of a ticket"))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn actions(after: &[&[u32]]) -> Vec<Action> {
        let action = |(number, after): (u32, &&[u32])| Action {
            after: after.iter().copied().collect(),
            ..Action::new(number, "do".to_owned())
        };
        (1..).zip(after).map(action).collect()
    }

    #[test]
    fn an_action_waits_for_what_is_open_and_not_for_what_is_dropped() {
        let mut list = actions(&[&[], &[1], &[1, 2]]);
        assert_eq!(waiting(&list, 1), Waiting::No);
        assert_eq!(waiting(&list, 3), Waiting::For([1, 2].into()));
        list[0].state = ActionState::Dropped;
        assert_eq!(waiting(&list, 2), Waiting::No);
    }

    #[test]
    fn actions_that_wait_for_each_other_are_named() {
        let list = actions(&[&[2], &[3], &[2], &[]]);
        assert_eq!(waiting(&list, 1), Waiting::Forever([2, 3].into()));
        assert_eq!(waiting(&actions(&[&[1]]), 1), Waiting::Forever([1].into()));
    }

    #[test]
    fn days_and_amounts_are_read_to_the_last_digit_or_not_at_all() {
        assert_eq!("2.5".parse(), Ok(PersonDays { tenths: 25 }));
        assert_eq!("2".parse::<PersonDays>().unwrap().to_string(), "2");
        assert_eq!("EUR 1200.5".parse::<Money>().unwrap().to_string(), "EUR 1200.50");
        for text in ["2.55", "-1", "1e3", "2.", ".5", "", "1,5", "99999999999"] {
            assert_eq!(text.parse::<PersonDays>(), Err(NoDays), "{text}");
        }
        for text in ["EUR", "eur 1", "EURO 1", "EUR 1.234", "12.00"] {
            assert_eq!(text.parse::<Money>(), Err(NoMoney), "{text}");
        }
    }

    #[test]
    fn a_ticket_is_a_link_of_the_web_or_a_name() {
        assert!(Ticket::parse("https://tickets.shop.example/PAY-1").unwrap().href().is_some());
        assert!(Ticket::parse("PAY-123").unwrap().href().is_none());
        for text in ["javascript:alert(1)", "data:text/html,x", "//shop.example", "https://", "http:///x", "a\nb", " "]
        {
            assert_eq!(Ticket::parse(text), None, "{text}");
        }
    }
}
