//! A register as CSV. Read back it changes nothing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Column;
use crate::export::csv::line;
use crate::import::cell::joined;
use crate::risk::action::Action;
use crate::risk::record::{InPlace, Link, Risk, Stand};
use crate::risk::scheme::{Rating, Scheme};
use crate::risk::suggestion::Suggestion;

/// The highest number of an action that a file may bring, so that there is always a next one.
const ACTION_NUMBER_MAX: u32 = 1_000_000;

/// What people do not read in a cell, but a file of ours keeps.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Details {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    controls: Vec<InPlace>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<Action>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ratings: Vec<(Stand, Rating)>,
}

impl Details {
    fn of(risk: &Risk) -> Self {
        let with_factors = |stand: &Stand| {
            let rating = (*risk.rating(*stand))?;
            rating.factors().is_some().then_some((*stand, rating))
        };
        Self {
            controls: risk.controls.clone(),
            actions: risk.actions.clone(),
            suggestion: risk.suggestion.clone(),
            ratings: Stand::ALL.iter().filter_map(with_factors).collect(),
        }
    }

    /// Whether an export can have written this: it numbers actions from 1, one by one.
    pub(super) fn is_ours(&self) -> bool {
        self.actions.iter().all(|it| (1..=ACTION_NUMBER_MAX).contains(&it.number))
    }

    /// Adds what the cells for people leave out. What somebody changed there wins.
    pub(super) fn put_into(self, risk: &mut Risk) {
        for control in &mut risk.controls {
            if let Some(kept) = self.controls.iter().find(|it| it.what == control.what) {
                control.clone_from(kept);
            }
        }
        for action in &mut risk.actions {
            if let Some(kept) = self.actions.iter().find(|it| it.what == action.what) {
                action.clone_from(kept);
            }
        }
        risk.actions.sort_by_key(|it| it.number);
        for (stand, kept) in self.ratings {
            let same = |it: &Rating| (it.likelihood(), it.impact()) == (kept.likelihood(), kept.impact());
            if risk.rating(stand).as_ref().is_some_and(same) {
                *risk.rating_mut(stand) = Some(kept);
            }
        }
        risk.suggestion = risk.suggestion.take().or(self.suggestion);
    }
}

/// The risks as a table, in their order. Numbers are those of the register's scheme, which the header names.
#[must_use]
pub fn to_csv(risks: &[&Risk], scheme: Scheme) -> String {
    let mut text = String::new();
    let columns = || Column::ALL.iter().copied().filter(|it| !matches!(it, Column::Score | Column::ActionDue));
    line(&mut text, columns().map(|column| Cow::Owned(heading(column, scheme))));
    for risk in risks {
        line(&mut text, columns().map(|column| Cow::Owned(cell(risk, column, scheme))));
    }
    text
}

/// The name of a column; that of a rating with its scale.
fn heading(column: Column, scheme: Scheme) -> String {
    let rated = column.as_str().ends_with("_likelihood") || column.as_str().ends_with("_impact");
    if rated { format!("{column} (1-{})", scheme.steps()) } else { column.to_string() }
}

fn cell(risk: &Risk, column: Column, scheme: Scheme) -> String {
    let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
    let likelihood = |it: Option<Rating>| it.map(|it| it.likelihood().number().to_string()).unwrap_or_default();
    let impact = |it: Option<Rating>| it.map(|it| it.impact().number().to_string()).unwrap_or_default();
    let list = |items: &mut dyn Iterator<Item = &str>| joined(items);
    match column {
        Column::Key => risk.key.to_string(),
        Column::Reference => text(risk.reference.as_deref()),
        Column::Title => risk.title.clone(),
        Column::Cause => risk.cause.clone(),
        Column::Event => risk.event.clone(),
        Column::Consequence => risk.consequence.clone(),
        Column::Category => text(risk.category.map(|it| it.as_str())),
        Column::Links => {
            let links: Vec<String> = risk.links.iter().map(Link::text).collect();
            list(&mut links.iter().map(String::as_str))
        }
        Column::Owner => text(risk.owner.as_ref().map(|it| it.as_str())),
        Column::Deputy => text(risk.deputy.as_ref().map(|it| it.as_str())),
        Column::InherentLikelihood => likelihood(risk.inherent),
        Column::InherentImpact => impact(risk.inherent),
        Column::ResidualLikelihood => likelihood(risk.residual),
        Column::ResidualImpact => impact(risk.residual),
        Column::TargetLikelihood => likelihood(risk.target),
        Column::TargetImpact => impact(risk.target),
        Column::OrderReason => text(risk.order_reason.as_deref()),
        Column::Level => text(risk.level(scheme).map(|level| scheme.level_label(level))),
        Column::Controls => list(&mut risk.controls.iter().map(|it| it.what.as_str())),
        Column::Treatment => text(risk.treatment.map(|it| it.as_str())),
        Column::Actions => list(&mut risk.actions.iter().map(|it| it.what.as_str())),
        Column::Stage => risk.stage.to_string(),
        Column::ClosingEvidence => list(&mut risk.closing_evidence.iter().map(String::as_str)),
        Column::NextReview => risk.next_review.map(|it| it.to_string()).unwrap_or_default(),
        Column::Details => {
            let details = Details::of(risk);
            if details == Details::default() {
                return String::new();
            }
            serde_json::to_string(&details).expect("texts, numbers and lists always have a form in JSON")
        }
        Column::Score | Column::ActionDue => String::new(),
    }
}
