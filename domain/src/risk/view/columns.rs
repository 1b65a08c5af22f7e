//! What the table of a register shows of each risk: one set of columns for the page and for its files.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::table::{Order, Row, Standings};
use crate::export::csv::line;
use crate::export::xlsx::workbook;
use crate::id::PersonId;
use crate::inventory::Cell;
use crate::model::Model;
use crate::risk::Register;
use crate::risk::action::PersonDays;
use crate::risk::record::{Link, Risk, Stand, Status};
use crate::risk::scheme::Rating;
use crate::text::text_enum;
use crate::time::Day;

text_enum! {
    /// A column of the table.
    RiskColumn {
        Level = "level": "Level",
        /// Title and key; always shown.
        Title = "title": "Risk",
        Category = "category": "Category",
        Owner = "owner": "Owner",
        Status = "status": "Status",
        Actions = "actions": "Actions done",
        Due = "due": "Next due",
        Review = "review": "Next review",
        Deputy = "deputy": "Deputy",
        Inherent = "inherent": "Inherent",
        Residual = "residual": "Residual",
        Target = "target": "Target",
        Treatment = "treatment": "Treatment",
        Acceptance = "acceptance": "Acceptance",
        Links = "links": "What it is about",
        Controls = "controls": "Controls in place",
        Effort = "effort": "Effort, person-days",
        Money = "money": "Money",
        Reference = "reference": "Reference",
        Cause = "cause": "Cause",
        Event = "event": "What may happen",
        Consequence = "consequence": "What would follow",
    }
}

/// The columns where nobody asked for others.
const USUAL: usize = 8;

impl RiskColumn {
    /// The columns that are asked for, in their order, the title among them; the usual ones where none is known.
    #[must_use]
    pub fn shown(asked: &[&str]) -> Vec<Self> {
        let known: Vec<Self> = asked.iter().filter_map(|it| it.trim().parse().ok()).collect();
        if known.is_empty() {
            return Self::ALL.iter().take(USUAL).copied().collect();
        }
        Self::ALL.iter().copied().filter(|it| *it == Self::Title || known.contains(it)).collect()
    }

    /// By what the table is ordered when its head is pressed, where it can be.
    #[must_use]
    pub const fn order(self) -> Option<Order> {
        match self {
            Self::Level => Some(Order::Level),
            Self::Title => Some(Order::Title),
            Self::Owner => Some(Order::Owner),
            Self::Status => Some(Order::Status),
            Self::Due => Some(Order::Due),
            Self::Review => Some(Order::Review),
            _ => None,
        }
    }
}

/// What the words of a table need beside its rows.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// What the register is set to.
    pub register: &'a Register,
    /// Where the acceptances stand.
    pub standings: &'a Standings,
    /// People and objects.
    pub model: &'a Model,
}

impl Words<'_> {
    /// What a column says of a risk; empty where nobody said anything.
    #[must_use]
    pub fn of(&self, row: &Row<'_>, column: RiskColumn) -> String {
        let risk = row.risk;
        let scheme = self.register.scheme;
        let day = |day: Option<Day>| day.map(|it| it.to_string()).unwrap_or_default();
        match column {
            RiskColumn::Level => row.level.map_or("", |level| scheme.level_label(level)).to_owned(),
            RiskColumn::Title => risk.title.clone(),
            RiskColumn::Category => risk.category.map_or("", |it| it.label()).to_owned(),
            RiskColumn::Owner => self.person(risk.owner.as_ref()),
            RiskColumn::Deputy => self.person(risk.deputy.as_ref()),
            RiskColumn::Status => Status::label(row.status).to_owned(),
            RiskColumn::Actions if row.done.1 == 0 => String::new(),
            RiskColumn::Actions => format!("{} of {}", row.done.0, row.done.1),
            RiskColumn::Due => day(row.next_due),
            RiskColumn::Review => day(risk.next_review),
            RiskColumn::Inherent => self.rating(*risk.rating(Stand::Inherent)),
            RiskColumn::Residual => self.rating(*risk.rating(Stand::Residual)),
            RiskColumn::Target => self.rating(*risk.rating(Stand::Target)),
            RiskColumn::Treatment => risk.treatment.map_or("", treatment_word).to_owned(),
            RiskColumn::Acceptance => self.standings.get(&risk.key).map_or("", |it| it.label()).to_owned(),
            RiskColumn::Links => risk.links.iter().map(|it| self.link(it)).collect::<Vec<_>>().join("; "),
            RiskColumn::Controls => risk.controls.iter().map(|it| it.what.as_str()).collect::<Vec<_>>().join("; "),
            RiskColumn::Effort => effort(risk).map(|it| it.to_string()).unwrap_or_default(),
            RiskColumn::Money => money(risk),
            RiskColumn::Reference => risk.reference.clone().unwrap_or_default(),
            RiskColumn::Cause => risk.cause.clone(),
            RiskColumn::Event => risk.event.clone(),
            RiskColumn::Consequence => risk.consequence.clone(),
        }
    }

    fn person(&self, id: Option<&PersonId>) -> String {
        let name = |id: &PersonId| self.model.people.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
        id.map(name).unwrap_or_default()
    }

    fn rating(&self, rating: Option<Rating>) -> String {
        let scheme = self.register.scheme;
        let words = |it: Rating| {
            let (likelihood, impact) = (it.likelihood().number(), it.impact().number());
            format!("{} ({likelihood}, {impact})", scheme.level_label(it.level(scheme)))
        };
        rating.map(words).unwrap_or_default()
    }

    fn link(&self, link: &Link) -> String {
        match link {
            Link::Object(object) => match self.model.get(object) {
                Some(object) => crate::inventory::title(&object, self.model),
                None => link.text(),
            },
            Link::Element(_) => link.text(),
            Link::Finding(finding) => format!("finding {}", finding.rule),
        }
    }

    /// The cells of a risk as files have them: the title with the key before it.
    fn cells(&self, row: &Row<'_>, columns: &[RiskColumn]) -> Vec<String> {
        let mut cells = vec![row.risk.key.to_string()];
        cells.extend(columns.iter().map(|column| self.of(row, *column)));
        cells
    }

    /// The rows as CSV, in the columns that the page shows, the key before them.
    #[must_use]
    pub fn csv(&self, rows: &[Row<'_>], columns: &[RiskColumn]) -> String {
        let mut text = String::new();
        line(&mut text, heads(columns).into_iter().map(Cow::Borrowed));
        for row in rows {
            line(&mut text, self.cells(row, columns).into_iter().map(Cow::Owned));
        }
        text
    }

    /// The rows as a workbook, in the columns that the page shows, the key before them. No cell is a formula.
    #[must_use]
    pub fn xlsx(&self, rows: &[Row<'_>], columns: &[RiskColumn]) -> Vec<u8> {
        let cells = rows.iter().map(|row| self.cells(row, columns).into_iter().map(Cell::Text).collect());
        workbook("Risks", &heads(columns), cells)
    }
}

fn heads(columns: &[RiskColumn]) -> Vec<&'static str> {
    std::iter::once("Key").chain(columns.iter().map(|it| it.label())).collect()
}

/// The word of a treatment, without what it means.
const fn treatment_word(treatment: crate::risk::record::Treatment) -> &'static str {
    use crate::risk::record::Treatment;
    match treatment {
        Treatment::Modify => "Modify",
        Treatment::Avoid => "Avoid",
        Treatment::Share => "Share",
        Treatment::Retain => "Retain",
    }
}

/// What the open actions cost in work; `None` where nobody said.
fn effort(risk: &Risk) -> Option<PersonDays> {
    risk.actions.iter().filter(|it| it.state.is_open()).filter_map(|it| it.effort).reduce(PersonDays::plus)
}

/// What the open actions cost beside that, by currency.
fn money(risk: &Risk) -> String {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for money in risk.actions.iter().filter(|it| it.state.is_open()).filter_map(|it| it.money) {
        let sum = sums.entry(money.currency().to_owned()).or_default();
        *sum = sum.saturating_add(money.hundredths);
    }
    let words = sums.into_iter().map(|(currency, sum)| format!("{currency} {}.{:02}", sum / 100, sum % 100));
    words.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::risk::RiskKey;
    use crate::risk::action::Action;
    use crate::risk::scheme::{Scheme, Step};
    use crate::risk::view::SavedView;

    fn risk() -> Risk {
        let mut risk = Risk::new(RiskKey(3));
        risk.title = "=HYPERLINK(\"x\")".to_owned();
        risk.links = [Link::parse("system:gone").unwrap()].into();
        risk.inherent = Rating::new(Scheme::Nist, Step::new(4).unwrap(), Step::new(5).unwrap());
        let action = |number, effort: &str, money: &str| Action {
            effort: effort.parse().ok(),
            money: money.parse().ok(),
            ..Action::new(number, "x".to_owned())
        };
        risk.actions = vec![action(1, "2.5", "EUR 10.50"), action(2, "1", "EUR 1")];
        risk
    }

    #[test]
    fn a_file_says_what_the_page_shows_and_no_cell_is_a_formula() {
        let (risk, register, standings, model) = (risk(), Register::default(), Standings::default(), Model::default());
        let words = Words { register: &register, standings: &standings, model: &model };
        let row = Row::of(&risk, &register, &standings);
        let columns = RiskColumn::shown(&["money", "inherent", "moon", "effort", "links"]);
        let text = words.csv(&[row], &columns);
        let expected = "\"Key\",\"Risk\",\"Inherent\",\"What it is about\",\"Effort, person-days\",\"Money\"";
        assert!(text.starts_with(expected), "{text}");
        let cells = "\"R-3\",\"'=HYPERLINK(\"\"x\"\")\",\"Very high (4, 5)\",\"system:gone\",\"3.5\",\"EUR 11.50\"";
        assert!(text.contains(cells), "{text}");
        let bytes = words.xlsx(&[row], &columns);
        let book = String::from_utf8_lossy(&bytes);
        assert!(book.contains("'=HYPERLINK") && !book.contains("<f>"), "{book}");
    }

    #[test]
    fn without_a_known_name_the_usual_columns_are_shown() {
        assert_eq!(RiskColumn::shown(&["", "moon"]).len(), USUAL);
        assert_eq!(RiskColumn::shown(&["money"]), [RiskColumn::Title, RiskColumn::Money]);
        for view in SavedView::ALL {
            assert!(RiskColumn::shown(view.columns()).len() > 4, "{view}");
        }
    }
}
