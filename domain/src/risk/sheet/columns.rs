//! What the columns of a register mean, by what people usually call them.

use std::collections::BTreeMap;

use super::Table;
use crate::import::words::compact;
use crate::text::text_enum;

text_enum! {
    /// What a column of a register can mean, in the order in which our own files have them.
    Column {
        /// Our own key, as an export of ours has it.
        Key = "key": "Key, such as R-12",
        Reference = "reference": "What the file calls the risk",
        Title = "title": "Title",
        Cause = "cause": "Cause",
        Event = "event": "What may happen",
        Consequence = "consequence": "What would follow",
        Category = "category": "Category",
        Links = "links": "What it is about",
        Owner = "owner": "Owner",
        Deputy = "deputy": "Deputy",
        InherentLikelihood = "inherent_likelihood": "Inherent likelihood",
        InherentImpact = "inherent_impact": "Inherent impact",
        ResidualLikelihood = "residual_likelihood": "Residual likelihood",
        ResidualImpact = "residual_impact": "Residual impact",
        TargetLikelihood = "target_likelihood": "Target likelihood",
        TargetImpact = "target_impact": "Target impact",
        OrderReason = "order_reason": "Why a rating lies above the one before it",
        /// Compared with ours, never taken over.
        Score = "score": "Score",
        /// Compared with ours, never taken over.
        Level = "level": "Level",
        Controls = "controls": "Controls in place",
        Treatment = "treatment": "Treatment",
        Actions = "actions": "Actions",
        ActionDue = "action_due": "When the actions are due",
        Stage = "stage": "Stage",
        ClosingEvidence = "closing_evidence": "What shows that it is over",
        NextReview = "next_review": "Next review",
        /// What an export of ours keeps beside what people read, as JSON.
        Details = "details": "Details of an export",
    }
}

impl Column {
    /// Whether several columns of a file can mean this: their texts are put together.
    #[must_use]
    pub const fn joins(self) -> bool {
        matches!(self, Self::Cause | Self::Event | Self::Consequence | Self::Controls | Self::Actions | Self::Links)
    }

    /// What people call it: letters and digits only, in lower case.
    const fn other_names(self) -> &'static [&'static str] {
        match self {
            Self::Key | Self::Deputy | Self::OrderReason | Self::ClosingEvidence | Self::Details => &[],
            Self::Reference => &["riskid", "id", "ref", "riskref", "no", "number", "nr", "controlref", "riskno"],
            Self::Title => &["risk", "riskname", "risktitle", "name", "controlname", "summary", "shortdescription"],
            Self::Cause => &["causes", "vulnerability", "rootcause", "weakness", "vulnerabilities"],
            Self::Event => &[
                "scenario",
                "riskscenario",
                "description",
                "riskdescription",
                "riskevent",
                "gapdescription",
                "riskstatement",
            ],
            Self::Consequence => &["consequences", "effect", "impactdescription", "businessimpact"],
            Self::Category => &["riskcategory", "type", "risktype", "stridecategory", "stride", "ciacategory"],
            Self::Links => {
                &["asset", "assetid", "assets", "system", "systems", "systemid", "component", "affectedassets"]
            }
            Self::Owner => &["riskowner", "responsible", "accountable", "assignedto"],
            Self::InherentLikelihood => {
                &["likelihood", "l", "probability", "p", "inherentprobability", "grosslikelihood", "rawlikelihood"]
            }
            Self::InherentImpact => &["impact", "i", "severity", "grossimpact", "rawimpact"],
            Self::ResidualLikelihood => &["currentlikelihood", "netlikelihood", "residualprobability"],
            Self::ResidualImpact => &["currentimpact", "netimpact"],
            Self::TargetLikelihood => &["targetprobability"],
            Self::TargetImpact => &[],
            Self::Score => &["riskscore", "riskrating", "rpn", "inherentscore", "ratingscore"],
            Self::Level => &["risklevel", "rating", "priority", "inherentlevel", "riskclass"],
            Self::Controls => &["existingcontrols", "currentcontrols", "controlsinplace", "control", "safeguards"],
            Self::Treatment => &["response", "risktreatment", "strategy", "riskresponse", "treatmentoption"],
            Self::Actions => &[
                "action",
                "actionplan",
                "remediation",
                "remediationaction",
                "mitigation",
                "mitigations",
                "mitigationplan",
                "treatmentplan",
                "plannedactions",
                "recommendation",
            ],
            Self::ActionDue => &["targetdate", "duedate", "due", "deadline", "actiondue", "completiondate"],
            Self::Stage => &["status", "state", "riskstatus"],
            Self::NextReview => &["reviewdate", "nextreviewdate", "reviewon", "review"],
        }
    }

    /// Names that mean this only where no other column of the file says the first thing: a threat is what may happen,
    /// unless a scenario tells that; then it is what causes it.
    const SECOND: [(&'static str, Self, Self); 1] = [("threat", Self::Event, Self::Cause)];
}

/// What each column of a table means; `None` is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// One for each column of the table, in its order.
    pub columns: Vec<Option<Column>>,
}

impl Mapping {
    /// What the header says. A column whose name says nothing is left out.
    #[must_use]
    pub fn guess(table: &Table) -> Self {
        let named: Vec<String> = table.header.iter().map(|name| bare(name)).collect();
        let mut columns: Vec<Option<Column>> = vec![None; named.len()];
        // Our own names first, so that a column of another name takes nothing from them.
        for own in [true, false] {
            for (place, name) in named.iter().enumerate() {
                let means = |column: &&Column| match own {
                    true => compact(column.as_str()) == *name,
                    false => column.other_names().contains(&name.as_str()),
                };
                let free = |column: &&Column| column.joins() || !columns.contains(&Some(**column));
                if columns[place].is_none() {
                    columns[place] = Column::ALL.iter().filter(means).find(free).copied();
                }
            }
        }
        for (place, name) in named.iter().enumerate() {
            for (word, first, otherwise) in Column::SECOND {
                if columns[place].is_none() && name == word {
                    columns[place] = Some(if columns.contains(&Some(first)) { otherwise } else { first });
                }
            }
        }
        Self { columns }
    }

    /// The places of the columns that mean this.
    pub fn places(&self, column: Column) -> impl Iterator<Item = usize> + '_ {
        self.columns.iter().enumerate().filter(move |(_, it)| **it == Some(column)).map(|(place, _)| place)
    }

    /// The columns that are left out, as the file calls them.
    #[must_use]
    pub fn ignored<'t>(&self, table: &'t Table) -> Vec<&'t str> {
        table.header.iter().zip(&self.columns).filter(|(_, it)| it.is_none()).map(|(name, _)| name.as_str()).collect()
    }

    /// Meanings that several columns have although only one can; a person has to choose.
    #[must_use]
    pub fn doubled(&self) -> Vec<Column> {
        let mut counts: BTreeMap<Column, usize> = BTreeMap::new();
        for column in self.columns.iter().flatten().filter(|it| !it.joins()) {
            *counts.entry(*column).or_default() += 1;
        }
        counts.into_iter().filter(|(_, count)| *count > 1).map(|(column, _)| column).collect()
    }
}

/// The name without the scale behind it: `Likelihood (1-5)` and `L_1to5` are likelihoods.
fn bare(name: &str) -> String {
    let words = name.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    let words = compact(words);
    if words.is_empty() { compact(name) } else { words }
}
