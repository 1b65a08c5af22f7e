//! Who answers when something happens, and whom to tell about which data within how many hours.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::PersonId;
use crate::model::catalogue;
use crate::model::element::ElementClass;
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

text_enum! {
    /// What somebody answers for.
    Role {
        IncidentLead = "incident_lead": "Leads incidents",
        PrivacyOfficer = "privacy_officer": "Privacy officer",
        Executive = "executive_responsible": "Executive responsible",
        Acquirer = "acquirer_contact": "Speaks with the acquirers",
        Brands = "brand_contacts": "Speaks with the card brands",
    }
}

/// Who answers for what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Duties(BTreeMap<Role, Holder>);

/// Who answers, and who stands in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Who answers.
    pub person: Option<PersonId>,
    /// Who stands in.
    pub deputy: Option<PersonId>,
}

text_enum! {
    /// What is missing of a duty.
    DutyGap {
        Nobody = "nobody": "Nobody answers",
        NoDeputy = "no_deputy": "Nobody stands in",
        SamePerson = "same_person": "The same person answers and stands in",
    }
}

impl Duties {
    /// Everybody of whom this table speaks, by what they answer for.
    pub fn iter(&self) -> impl Iterator<Item = (Role, &Holder)> {
        self.0.iter().map(|(role, holder)| (*role, holder))
    }

    /// Who answers for this.
    #[must_use]
    pub fn of(&self, role: Role) -> Option<&Holder> {
        self.0.get(&role)
    }

    /// Says who answers for this.
    pub fn set(&mut self, role: Role, holder: Holder) {
        self.0.insert(role, holder);
    }

    /// What is missing, by duty.
    #[must_use]
    pub fn gaps(&self) -> Vec<(Role, DutyGap)> {
        let gap = |role: &Role| {
            let holder = self.0.get(role).cloned().unwrap_or_default();
            match (holder.person, holder.deputy) {
                (None, _) => Some((*role, DutyGap::Nobody)),
                (_, None) => Some((*role, DutyGap::NoDeputy)),
                (person, deputy) if person == deputy => Some((*role, DutyGap::SamePerson)),
                _ => None,
            }
        };
        Role::ALL.iter().filter_map(gap).collect()
    }
}

text_enum! {
    /// The kinds of data that duties to tell somebody speak of.
    DataClass {
        Card = "card": "Card data",
        Personal = "personal": "Personal data",
        Bank = "bank": "Bank account data",
        /// Whatever data it is, or none: the service itself.
        Service = "service": "The service itself",
    }
}

impl DataClass {
    /// The kind of an element; `None` where no duty speaks of it.
    #[must_use]
    pub fn of_element(element: &str) -> Option<Self> {
        match catalogue::class_of(element)? {
            ElementClass::Chd | ElementClass::Sad | ElementClass::PanDerivative => Some(Self::Card),
            ElementClass::Pii | ElementClass::PiiSpecial => Some(Self::Personal),
            ElementClass::Bank => Some(Self::Bank),
            ElementClass::Token | ElementClass::AuthValue | ElementClass::PaymentMeta | ElementClass::Secret => None,
        }
    }
}

/// A duty to tell somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Its number in the table; never used twice.
    pub number: u32,
    /// Where it holds, for example `EU`; empty is everywhere.
    pub jurisdiction: String,
    /// For which data.
    pub data: DataClass,
    /// Within how many hours from detection; 0 is at once.
    pub hours: u32,
    /// Whom.
    pub whom: String,
    /// On what it rests: a law, a contract.
    pub basis: String,
    /// Who of us tells them.
    pub by: Option<Role>,
    /// Who confirmed that it holds for us, and when; nobody did for what comes with the product.
    pub confirmed: Option<(PersonId, Day)>,
}

impl Duty {
    /// The last moment at which the duty is met in time, counted from the moment of detection.
    #[must_use]
    pub fn due(&self, detected_at: Timestamp) -> Timestamp {
        detected_at.plus_seconds(i64::from(self.hours) * 3600)
    }
}

/// The table that comes with the product. Nothing of it is confirmed: contracts and counsel decide.
#[must_use]
pub fn usual_duties() -> Vec<Duty> {
    let duty = |number, (jurisdiction, data, hours, whom, basis, by): (&str, _, _, &str, &str, _)| Duty {
        number,
        jurisdiction: jurisdiction.to_owned(),
        data,
        hours,
        whom: whom.to_owned(),
        basis: basis.to_owned(),
        by: Some(by),
        confirmed: None,
    };
    let rows = [
        ("", DataClass::Card, 0, "Acquirers", "Merchant agreement: usually at once", Role::Acquirer),
        ("", DataClass::Card, 24, "Card brands, through the acquirers", "Rules of the card brands", Role::Brands),
        ("EU", DataClass::Personal, 72, "Supervisory authority", "GDPR, article 33", Role::PrivacyOfficer),
        ("UK", DataClass::Personal, 72, "Information Commissioner", "UK GDPR, article 33", Role::PrivacyOfficer),
    ];
    (1..).zip(rows).map(|(number, row)| duty(number, row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_duty_has_somebody_and_somebody_else_who_stands_in() {
        let mut duties = Duties::default();
        assert_eq!(duties.gaps().len(), Role::ALL.len());
        let both = |person: &str, deputy: &str| Holder { person: Some(person.into()), deputy: Some(deputy.into()) };
        duties.set(Role::IncidentLead, both("a", "b"));
        duties.set(Role::PrivacyOfficer, both("a", "a"));
        let gaps = duties.gaps();
        assert!(!gaps.iter().any(|(role, _)| *role == Role::IncidentLead));
        assert!(gaps.contains(&(Role::PrivacyOfficer, DutyGap::SamePerson)));
    }

    #[test]
    fn nothing_that_comes_with_the_product_is_confirmed() {
        assert!(usual_duties().iter().all(|duty| duty.confirmed.is_none() && duty.by.is_some()));
    }
}
