//! Where a requirement stands. People set it, never a rule; what speaks against it is shown beside it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::approach::Approach;
use super::reference::{EvidenceKey, RequirementKey};
use crate::findings::registry::rule;
use crate::findings::requirement::Mapping;
use crate::findings::{Finding, Rule};
use crate::id::PersonId;
use crate::problem::FieldCode;
use crate::risk::acceptance::months_later;
use crate::text::text_enum;
use crate::time::Day;

text_enum! {
    /// What people say of a requirement.
    Status {
        InPlace = "in_place": "In place",
        InPlaceCompensated = "in_place_ccw": "In place with compensating control",
        NotInPlace = "not_in_place": "Not in place",
        NotApplicable = "not_applicable": "Not applicable",
        NotTested = "not_tested": "Not tested",
    }
}

impl Status {
    /// Whether it says that the requirement is met.
    #[must_use]
    pub const fn is_met(self) -> bool {
        matches!(self, Self::InPlace | Self::InPlaceCompensated)
    }
}

/// The worksheet of a compensating control: the six parts that PCI DSS asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worksheet {
    /// What keeps the entity from meeting the requirement as it is written.
    pub constraints: String,
    /// What the requirement is meant to achieve, and what the compensating control achieves.
    pub objective: String,
    /// The further risk that comes with not meeting it as written.
    pub risk: String,
    /// What the compensating control is, and how it meets the objective and the further risk.
    pub definition: String,
    /// How it was tested.
    pub validation: String,
    /// What keeps it working.
    pub maintenance: String,
}

impl Worksheet {
    /// The names of its parts in forms, with what each asks for.
    pub const PARTS: [(&'static str, &'static str); 6] = [
        ("constraints", "What keeps you from meeting it as written"),
        ("objective", "What it is meant to achieve"),
        ("risk", "The further risk"),
        ("definition", "What you do instead"),
        ("validation", "How it was tested"),
        ("maintenance", "What keeps it working"),
    ];

    /// A part by its name in forms; the empty text for any other name.
    #[must_use]
    pub fn part(&self, name: &str) -> &str {
        match name {
            "constraints" => &self.constraints,
            "objective" => &self.objective,
            "risk" => &self.risk,
            "definition" => &self.definition,
            "validation" => &self.validation,
            "maintenance" => &self.maintenance,
            _ => "",
        }
    }

    pub(super) fn parts_mut(&mut self) -> [(&'static str, &mut String); 6] {
        [
            ("constraints", &mut self.constraints),
            ("objective", &mut self.objective),
            ("risk", &mut self.risk),
            ("definition", &mut self.definition),
            ("validation", &mut self.validation),
            ("maintenance", &mut self.maintenance),
        ]
    }
}

/// What people say of one requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Which requirement.
    pub requirement: RequirementKey,
    /// Where it stands.
    pub status: Status,
    /// How it is met.
    pub approach: Approach,
    /// Why it stands so.
    pub reason: String,
    /// The worksheet, where a compensating control stands in.
    pub worksheet: Option<Worksheet>,
    /// The evidence items that show it.
    pub evidence: BTreeSet<EvidenceKey>,
    /// Who said so, and when; absent as long as nobody did.
    pub decided: Option<(PersonId, Day)>,
    /// Who approved the compensating control, and when: never who wrote it.
    pub approved: Option<(PersonId, Day)>,
}

/// What is missing before a position counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// A second person has to approve the compensating control.
    NotApproved,
    /// A compensating control is looked at every year; it was due on this day.
    ReviewDue(Day),
    /// It is said to be in place, and no evidence item is named.
    NoEvidence,
}

impl Gap {
    /// What to do, as one sentence.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::NotApproved => "Have a second person approve the compensating control.".to_owned(),
            Self::ReviewDue(day) => format!("Look at the compensating control again: that was due on {day}."),
            Self::NoEvidence => "Name the evidence that shows it.".to_owned(),
        }
    }
}

impl Position {
    /// A requirement of which nobody has said anything.
    #[must_use]
    pub const fn new(requirement: RequirementKey) -> Self {
        Self {
            requirement,
            status: Status::NotTested,
            approach: Approach::Defined,
            reason: String::new(),
            worksheet: None,
            evidence: BTreeSet::new(),
            decided: None,
            approved: None,
        }
    }

    /// Approves the compensating control, or renews its yearly review.
    ///
    /// # Errors
    /// `OwnDecision` where who wrote it approves, `NotInThisState` where there is no compensating control.
    pub fn approve(&mut self, by: &PersonId, on: Day) -> Result<(), FieldCode> {
        let Some((author, _)) = self.decided.as_ref().filter(|_| self.status == Status::InPlaceCompensated) else {
            return Err(FieldCode::NotInThisState);
        };
        if author == by {
            return Err(FieldCode::OwnDecision);
        }
        self.approved = Some((by.clone(), on));
        Ok(())
    }

    /// The last day on which the approval of a compensating control holds: a year after it was given.
    #[must_use]
    pub fn approved_until(&self) -> Option<Day> {
        self.approved.as_ref().map(|(_, day)| months_later(*day, 12))
    }

    /// What is missing before it counts, as of a day.
    #[must_use]
    pub fn gaps(&self, today: Day) -> Vec<Gap> {
        let mut gaps = Vec::new();
        if self.status == Status::InPlaceCompensated {
            match self.approved_until() {
                None => gaps.push(Gap::NotApproved),
                Some(until) if until < today => gaps.push(Gap::ReviewDue(until)),
                Some(_) => {}
            }
        }
        if self.status.is_met() && self.evidence.is_empty() {
            gaps.push(Gap::NoEvidence);
        }
        gaps
    }

    /// The open findings that speak against it: it is said to be met or not applicable, and the model shows otherwise. They
    /// change nothing; they are shown beside it. `open` are findings that nobody has decided about.
    #[must_use]
    pub fn contradicted_by<'a>(&self, open: &[&'a Finding]) -> Vec<&'a Finding> {
        if !self.status.is_met() && self.status != Status::NotApplicable {
            return Vec::new();
        }
        open.iter().copied().filter(|it| speaks_to(it, &self.requirement)).collect()
    }
}

/// Whether a finding speaks to a requirement, by its rule or by another one that found the same.
#[must_use]
pub fn speaks_to(finding: &Finding, requirement: &RequirementKey) -> bool {
    rules_of(finding).any(|rule| is_about(rule, requirement))
}

/// Whether a rule speaks to a requirement.
#[must_use]
pub fn is_about(rule: &Rule, requirement: &RequirementKey) -> bool {
    let same = |it: &Mapping| it.id() == requirement.id() && RequirementKey::mapped(*it).as_ref() == Some(requirement);
    rule.maps_to.iter().any(same)
}

/// The requirements that a finding speaks to.
#[must_use]
pub fn spoken_to(finding: &Finding) -> BTreeSet<RequirementKey> {
    rules_of(finding).flat_map(|rule| rule.maps_to).filter_map(|it| RequirementKey::mapped(*it)).collect()
}

fn rules_of(finding: &Finding) -> impl Iterator<Item = &'static Rule> {
    std::iter::once(finding.rule()).chain(finding.also.iter().filter_map(|id| rule(id)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::tests::{found, model};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn position(status: Status) -> Position {
        let decided = Some((PersonId::new("lead"), day("2026-01-10")));
        Position { status, decided, ..Position::new(RequirementKey::pci("4.2.1").unwrap()) }
    }

    #[test]
    fn a_compensating_control_needs_a_second_person_and_a_look_every_year() {
        let mut it = position(Status::InPlaceCompensated);
        it.evidence.insert(EvidenceKey(1));
        assert_eq!(it.gaps(day("2026-01-11")), [Gap::NotApproved]);
        assert_eq!(it.approve(&"lead".into(), day("2026-01-11")), Err(FieldCode::OwnDecision));
        it.approve(&"head".into(), day("2026-01-11")).unwrap();
        assert_eq!(it.gaps(day("2027-01-11")), []);
        assert_eq!(it.gaps(day("2027-01-12")), [Gap::ReviewDue(day("2027-01-11"))]);
        assert_eq!(
            position(Status::InPlace).approve(&"head".into(), day("2026-01-11")),
            Err(FieldCode::NotInThisState)
        );
    }

    #[test]
    fn what_is_in_place_names_its_evidence() {
        assert_eq!(position(Status::InPlace).gaps(day("2026-01-10")), [Gap::NoEvidence]);
        assert_eq!(position(Status::NotInPlace).gaps(day("2026-01-10")), []);
    }

    #[test]
    fn a_finding_speaks_against_a_position_and_never_changes_it() {
        let model = model(
            r#""systems":[{"id":"a"},{"id":"b","boundary":"third_party"}],"flows":[{"id":"f","from":"a","to":"b",
                "encryption":"none","protocol":"http","net":"open","data":[{"element":"pan","form":"clear"}]}]"#,
        );
        let findings = found(&model);
        let open: Vec<&Finding> = findings.findings.iter().collect();
        let mapped = open.iter().filter(|it| speaks_to(it, &RequirementKey::pci("4.2.1").unwrap())).count();
        assert!(mapped > 0, "{open:?}");
        assert_eq!(position(Status::InPlace).contradicted_by(&open).len(), mapped);
        assert_eq!(position(Status::NotInPlace).contradicted_by(&open), Vec::<&Finding>::new());
    }
}
