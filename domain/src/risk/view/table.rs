//! The register as a table: filtered, ordered, with what each person looks for in front.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::filter::Filter;
use crate::id::PersonId;
use crate::risk::acceptance::State;
use crate::risk::action::ActionState;
use crate::risk::appetite::{Register, Verdict};
use crate::risk::record::{Link, Risk, RiskKey, Stand, Status};
use crate::risk::scheme::{Level, Rating};
use crate::text::text_enum;
use crate::time::Day;

/// The terms that a filter of the register knows.
pub const TERMS: [&str; 16] = [
    "is",
    "level",
    "category",
    "owner",
    "treatment",
    "system",
    "flow",
    "vendor",
    "element",
    "finding",
    "due",
    "review",
    "key",
    "inherent",
    "residual",
    "target",
];

/// Where the latest acceptance of each risk stands, as it was computed from facts and clock.
pub type Standings = BTreeMap<RiskKey, State>;

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The risk.
    pub risk: &'a Risk,
    /// How bad it is now.
    pub level: Option<Level>,
    /// Where it stands.
    pub status: Status,
    /// How it compares with the appetite.
    pub verdict: Verdict,
    /// How many actions are done, of how many that were not dropped.
    pub done: (usize, usize),
    /// When the next action is due.
    pub next_due: Option<Day>,
}

impl<'a> Row<'a> {
    /// The row of a risk.
    #[must_use]
    pub fn of(risk: &'a Risk, register: &Register, standings: &Standings) -> Self {
        let accepted = standings.get(&risk.key).is_some_and(|state| state.is_in_force());
        let mut done = (0, 0);
        for action in risk.actions.iter().filter(|it| it.state != ActionState::Dropped) {
            done.0 += usize::from(action.state == ActionState::Done);
            done.1 += 1;
        }
        Self {
            risk,
            level: risk.level(register.scheme),
            status: Status::of(risk.stage, accepted),
            verdict: register.appetite.verdict(risk, register.scheme, accepted),
            done,
            next_due: risk.actions.iter().filter(|it| it.state.is_open()).filter_map(|it| it.due).min(),
        }
    }
}

text_enum! {
    /// By what the table is ordered.
    Order {
        /// The worst first; what nobody rated comes before everything, because nobody knows.
        Level = "level": "Level",
        Key = "key": "Key",
        Title = "title": "Title",
        Owner = "owner": "Owner",
        Due = "due": "Next action due",
        Review = "review": "Next review",
        Status = "status": "Status",
    }
}

text_enum! {
    /// Views that are there from the beginning.
    SavedView {
        Security = "security": "Security",
        Product = "product": "Product",
        Finance = "finance": "Finance",
    }
}

impl SavedView {
    /// The filter of the view.
    #[must_use]
    pub const fn filter(self) -> &'static str {
        match self {
            Self::Security => "-is:closed level:>=moderate",
            Self::Product => "-is:closed owner:@me",
            Self::Finance => "-is:closed is:costed",
        }
    }

    /// The columns of the view beside key and title, as the export names them.
    #[must_use]
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Security => &["level", "inherent", "residual", "target", "links", "controls", "owner", "status"],
            Self::Product => &["level", "status", "actions", "due", "leaves_scope", "review"],
            Self::Finance => &["level", "category", "treatment", "effort", "money", "acceptance", "owner"],
        }
    }
}

/// The rows that a filter lets through, in order; ties by key. `me` is who looks, for `owner:@me`.
#[must_use]
pub fn rows<'a>(
    risks: impl IntoIterator<Item = &'a Risk>,
    register: &Register,
    standings: &Standings,
    filter: &Filter,
    order: Order,
    me: Option<&PersonId>,
    today: Day,
) -> Vec<Row<'a>> {
    let all = risks.into_iter().map(|risk| Row::of(risk, register, standings));
    let mut rows: Vec<Row<'a>> = all.filter(|row| passes(row, filter, me, today)).collect();
    rows.sort_unstable_by(|one, other| compare(one, other, order).then(one.risk.key.cmp(&other.risk.key)));
    rows
}

fn compare(one: &Row<'_>, other: &Row<'_>, order: Order) -> Ordering {
    // What has no day comes last.
    let day = |it: Option<Day>| (it.is_none(), it);
    match order {
        Order::Level => match (one.level, other.level) {
            (Some(one), Some(other)) => other.cmp(&one),
            (one, other) => one.is_some().cmp(&other.is_some()),
        },
        Order::Key => Ordering::Equal,
        Order::Title => one.risk.title.cmp(&other.risk.title),
        Order::Owner => {
            (one.risk.owner.is_none(), &one.risk.owner).cmp(&(other.risk.owner.is_none(), &other.risk.owner))
        }
        Order::Due => day(one.next_due).cmp(&day(other.next_due)),
        Order::Review => day(one.risk.next_review).cmp(&day(other.risk.next_review)),
        Order::Status => one.status.cmp(&other.status),
    }
}

fn passes(row: &Row<'_>, filter: &Filter, me: Option<&PersonId>, today: Day) -> bool {
    if filter.words.is_empty() && filter.terms.is_empty() {
        return true;
    }
    let risk = row.risk;
    let text = || {
        let reference = risk.reference.as_deref().unwrap_or_default();
        format!("{} {} {} {} {} {reference}", risk.key, risk.title, risk.cause, risk.event, risk.consequence)
    };
    let text = if filter.words.is_empty() { String::new() } else { text() };
    filter.lets_through(&text, |key, value| holds(row, key, value, me, today))
}

fn holds(row: &Row<'_>, key: &str, value: &str, me: Option<&PersonId>, today: Day) -> bool {
    let risk = row.risk;
    let linked = |kind: &str| {
        risk.links.iter().any(|link| match link {
            Link::Object(object) => object.kind().as_str() == kind && object.key().to_lowercase() == value,
            Link::Element(element) => kind == "element" && element.as_str() == value,
            Link::Finding(finding) => kind == "finding" && finding.rule.to_lowercase() == value,
        })
    };
    match key {
        "is" => match value {
            "unrated" => row.level.is_none(),
            "above" => matches!(row.verdict, Verdict::NeedsTreatment | Verdict::NeedsAcceptance | Verdict::Treated),
            "untreated" => matches!(row.verdict, Verdict::NeedsTreatment | Verdict::NeedsAcceptance),
            "late" => risk.actions.iter().any(|action| action.is_late(today)),
            "costed" => risk.actions.iter().any(|action| action.money.is_some() || action.effort.is_some()),
            "unowned" => risk.owner.is_none(),
            "suggested" => risk.suggestion.is_some(),
            status => row.status.as_str() == status,
        },
        "level" => row.level.is_some_and(|level| level_is(level, value)),
        "category" => risk.category.is_some_and(|it| it.as_str() == value),
        "treatment" => risk.treatment.is_some_and(|it| it.as_str() == value),
        "owner" => match value {
            "@me" => me.is_some() && (risk.owner.as_ref() == me || risk.deputy.as_ref() == me),
            key => risk.owner.as_ref().is_some_and(|owner| owner.as_str().to_lowercase() == key),
        },
        "system" | "flow" | "vendor" | "element" | "finding" => linked(key),
        "inherent" | "residual" | "target" => key.parse().is_ok_and(|stand| lies_in(*risk.rating(stand), value)),
        "due" => value.parse::<Day>().is_ok_and(|day| row.next_due.is_some_and(|due| due <= day)),
        "review" => value.parse::<Day>().is_ok_and(|day| risk.next_review.is_some_and(|review| review <= day)),
        "key" => risk.key.to_string().to_lowercase() == value,
        _ => false,
    }
}

/// `4x5` is a likelihood of 4 with an impact of 5, `none` is not rated.
fn lies_in(rating: Option<Rating>, value: &str) -> bool {
    match rating {
        None => value == "none",
        Some(it) => value == format!("{}x{}", it.likelihood().number(), it.impact().number()),
    }
}

/// `high`, `>=high`, `<=low`.
fn level_is(level: Level, value: &str) -> bool {
    let parse = |text: &str| text.parse::<Level>().ok();
    if let Some(least) = value.strip_prefix(">=").and_then(parse) {
        return level >= least;
    }
    if let Some(most) = value.strip_prefix("<=").and_then(parse) {
        return level <= most;
    }
    parse(value) == Some(level)
}

/// Which of the three ratings a matrix or table shows where nobody chose.
pub const USUAL_STAND: Stand = Stand::Residual;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::risk::action::Action;
    use crate::risk::record::Stage;
    use crate::risk::scheme::{Scheme, Step};

    fn risk(number: u32, likelihood: u8, impact: u8) -> Risk {
        let mut risk = Risk::new(RiskKey(number));
        risk.title = format!("Risk {number}");
        risk.stage = Stage::Open;
        risk.inherent = Rating::new(Scheme::Nist, Step::new(likelihood).unwrap(), Step::new(impact).unwrap());
        risk
    }

    fn keys(risks: &[Risk], filter: &str, order: Order) -> Vec<u32> {
        let standings = Standings::from([(RiskKey(2), State::Active), (RiskKey(3), State::Lapsed)]);
        let filter = Filter::parse(filter);
        let me = PersonId::new("lead");
        let rows = rows(risks, &Register::default(), &standings, &filter, order, Some(&me), Day(100));
        rows.into_iter().map(|row| row.risk.key.0).collect()
    }

    #[test]
    fn the_worst_comes_first_and_what_nobody_rated_before_that() {
        let mut risks = vec![risk(1, 1, 1), risk(2, 5, 5), risk(3, 3, 3), risk(4, 5, 5)];
        risks.push(Risk { inherent: None, ..risk(5, 1, 1) });
        assert_eq!(keys(&risks, "", Order::Level), [5, 2, 4, 3, 1]);
        assert_eq!(keys(&risks, "level:>=moderate", Order::Key), [2, 3, 4]);
        assert_eq!(keys(&risks, "level:<=low", Order::Key), [1]);
        assert_eq!(keys(&risks, "is:unrated", Order::Key), [5]);
        assert_eq!(keys(&risks, "inherent:5x5", Order::Key), [2, 4]);
        assert_eq!(keys(&risks, "inherent:none", Order::Key), [5]);
        assert_eq!(keys(&risks, "target:none", Order::Key), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn only_an_acceptance_in_force_makes_a_row_accepted() {
        let risks = [risk(1, 5, 5), risk(2, 5, 5), risk(3, 5, 5)];
        assert_eq!(keys(&risks, "is:accepted", Order::Key), [2]);
        assert_eq!(keys(&risks, "-is:accepted is:untreated", Order::Key), [1, 3]);
    }

    #[test]
    fn a_filter_finds_links_owners_and_late_actions() {
        let mut risks = [risk(1, 3, 3), risk(2, 3, 3)];
        risks[0].links.insert(Link::parse("system:Check").unwrap());
        risks[0].owner = Some("lead".into());
        risks[1].actions = vec![Action { due: Some(Day(99)), ..Action::new(1, "x".to_owned()) }];
        assert_eq!(keys(&risks, "system:check", Order::Key), [1]);
        assert_eq!(keys(&risks, "owner:@me", Order::Key), [1]);
        assert_eq!(keys(&risks, "is:late", Order::Key), [2]);
        assert_eq!(keys(&risks, "risk -key:r-1", Order::Key), [2]);
        assert_eq!(keys(&risks, "", Order::Due), [2, 1]);
        risks[0].inherent = Rating::new(Scheme::Nist, Step::new(4).unwrap(), Step::new(5).unwrap());
        assert_eq!(keys(&risks, "inherent:4x5", Order::Key), [1]);
        assert_eq!(keys(&risks, "-inherent:none -inherent:4x5", Order::Key), [2]);
        assert_eq!(keys(&risks, "-residual:none", Order::Key), Vec::<u32>::new());
    }

    #[test]
    fn the_filters_of_saved_views_are_understood() {
        for view in SavedView::ALL {
            assert_eq!(Filter::parse(view.filter()).unknown_key(&TERMS), None, "{view}");
        }
    }
}
