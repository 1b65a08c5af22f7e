//! A risk: what may happen, to what, how bad it is, who answers for it, and what is done about it.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;

use super::action::Action;
use super::scheme::{Level, Rating, Scheme};
use super::suggestion::Suggestion;
use crate::findings::Identity;
use crate::id::{ElementId, PersonId, SegmentId};
use crate::model::object::ObjectRef;
use crate::model::segment::LinkKey;
use crate::text::text_enum;
use crate::time::Day;

/// The key of a risk: its number in the register, written `R-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RiskKey(pub u32);

impl fmt::Display for RiskKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "R-{}", self.0)
    }
}

/// A text that is no key of a risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key such as R-12")]
pub struct NoRiskKey;

impl FromStr for RiskKey {
    type Err = NoRiskKey;

    fn from_str(text: &str) -> Result<Self, NoRiskKey> {
        let digits = text.strip_prefix("R-").ok_or(NoRiskKey)?;
        let number: u32 = digits.parse().map_err(|_| NoRiskKey)?;
        // One key has one spelling: no sign, no leading zero.
        if number == 0 || number.to_string() != digits { Err(NoRiskKey) } else { Ok(Self(number)) }
    }
}

impl Serialize for RiskKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RiskKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One risk of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    /// The key.
    pub key: RiskKey,
    /// What people call it.
    pub title: String,
    /// Because of what.
    pub cause: String,
    /// What may happen.
    pub event: String,
    /// What would follow.
    pub consequence: String,
    /// What it threatens; absent until somebody says.
    pub category: Option<Category>,
    /// What it is about.
    pub links: BTreeSet<Link>,
    /// Who answers for it: one person or one team.
    pub owner: Option<PersonId>,
    /// Who stands in.
    pub deputy: Option<PersonId>,
    /// How bad it is without any control.
    pub inherent: Option<Rating>,
    /// How bad it is with the controls that are in place.
    pub residual: Option<Rating>,
    /// How bad it shall be when the actions are done.
    pub target: Option<Rating>,
    /// Why a rating lies above the one before it, where it does.
    pub order_reason: Option<String>,
    /// What the map says about likelihood and impact, beside what the person says.
    pub suggestion: Option<Suggestion>,
    /// What is in place against it.
    pub controls: Vec<InPlace>,
    /// What is to be done with it.
    pub treatment: Option<Treatment>,
    /// What is done, by number.
    pub actions: Vec<Action>,
    /// How far the work on it is.
    pub stage: Stage,
    /// What shows that it is over: references of evidence, or sentences. Closing needs some.
    pub closing_evidence: Vec<String>,
    /// When somebody looks at it next.
    pub next_review: Option<Day>,
    /// What it is called in the register or file that it comes from.
    pub reference: Option<String>,
}

impl Risk {
    /// A risk of which nothing is known yet.
    #[must_use]
    pub const fn new(key: RiskKey) -> Self {
        Self {
            key,
            title: String::new(),
            cause: String::new(),
            event: String::new(),
            consequence: String::new(),
            category: None,
            links: BTreeSet::new(),
            owner: None,
            deputy: None,
            inherent: None,
            residual: None,
            target: None,
            order_reason: None,
            suggestion: None,
            controls: Vec::new(),
            treatment: None,
            actions: Vec::new(),
            stage: Stage::Draft,
            closing_evidence: Vec::new(),
            next_review: None,
            reference: None,
        }
    }

    /// A rating of the three.
    #[must_use]
    pub const fn rating(&self, stand: Stand) -> &Option<Rating> {
        match stand {
            Stand::Inherent => &self.inherent,
            Stand::Residual => &self.residual,
            Stand::Target => &self.target,
        }
    }

    /// As [`Self::rating`], to be changed.
    pub const fn rating_mut(&mut self, stand: Stand) -> &mut Option<Rating> {
        match stand {
            Stand::Inherent => &mut self.inherent,
            Stand::Residual => &mut self.residual,
            Stand::Target => &mut self.target,
        }
    }

    /// How bad it is now: with what is in place, or without where nobody rated that.
    #[must_use]
    pub fn current(&self) -> Option<Rating> {
        self.residual.or(self.inherent)
    }

    /// The level of [`Self::current`].
    #[must_use]
    pub fn level(&self, scheme: Scheme) -> Option<Level> {
        self.current().map(|rating| rating.level(scheme))
    }

    /// The first rating whose level lies above the one before it: inherent, residual, target.
    #[must_use]
    pub fn out_of_order(&self, scheme: Scheme) -> Option<Stand> {
        let mut ceiling: Option<Level> = None;
        for stand in Stand::ALL.iter().copied() {
            let Some(level) = self.rating(stand).map(|rating| rating.level(scheme)) else { continue };
            if ceiling.is_some_and(|ceiling| level > ceiling) {
                return Some(stand);
            }
            ceiling = Some(level);
        }
        None
    }

    /// The objects of the model that it is linked to.
    pub fn objects(&self) -> impl Iterator<Item = &ObjectRef> {
        self.links.iter().filter_map(|link| match link {
            Link::Object(object) => Some(object),
            Link::Element(_) | Link::Finding(_) => None,
        })
    }

    /// The findings that it is linked to.
    pub fn findings(&self) -> impl Iterator<Item = &Identity> {
        self.links.iter().filter_map(|link| match link {
            Link::Finding(identity) => Some(identity),
            Link::Object(_) | Link::Element(_) => None,
        })
    }
}

text_enum! {
    /// What a risk threatens.
    Category {
        Confidentiality = "confidentiality": "Confidentiality",
        Integrity = "integrity": "Integrity",
        Availability = "availability": "Availability",
        Fraud = "fraud": "Fraud",
        Compliance = "compliance": "Compliance",
    }
}

text_enum! {
    /// Which of the three ratings.
    Stand {
        Inherent = "inherent": "Inherent",
        Residual = "residual": "Residual",
        Target = "target": "Target",
    }
}

text_enum! {
    /// What is to be done with a risk, in the terms of ISO/IEC 27005.
    Treatment {
        Modify = "modify": "Modify: make it less likely or less bad",
        Avoid = "avoid": "Avoid: stop what causes it",
        Share = "share": "Share: somebody else bears a part",
        Retain = "retain": "Retain: live with it",
    }
}

text_enum! {
    /// How far the work on a risk is. Accepted is no stage: only an acceptance in force makes a risk accepted.
    Stage {
        Draft = "draft": "Draft",
        Open = "open": "Open",
        Treating = "treating": "Treating",
        Closed = "closed": "Closed",
    }
}

text_enum! {
    /// Where a risk stands, with the acceptance that may be in force.
    Status {
        Draft = "draft": "Draft",
        Open = "open": "Open",
        Treating = "treating": "Treating",
        Accepted = "accepted": "Accepted",
        Closed = "closed": "Closed",
    }
}

impl Status {
    /// Where a risk of this stage stands.
    #[must_use]
    pub const fn of(stage: Stage, accepted: bool) -> Self {
        match (stage, accepted) {
            (Stage::Closed, _) => Self::Closed,
            (_, true) => Self::Accepted,
            (Stage::Draft, false) => Self::Draft,
            (Stage::Open, false) => Self::Open,
            (Stage::Treating, false) => Self::Treating,
        }
    }
}

/// What a risk is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// An object of the model.
    Object(ObjectRef),
    /// An element, wherever it is.
    Element(ElementId),
    /// A finding.
    Finding(Identity),
}

impl Link {
    /// The link as one text, for forms and files: `system:checkout`, `element:pan`,
    /// `finding:["F-TRANSIT","flow","f-1",""]`. Keys may hold any character, so what has several parts is JSON.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Object(ObjectRef::Link(key)) => format!("link:{}", json!([key.a(), key.b()])),
            Self::Object(object) => format!("{}:{}", object.kind(), object.key()),
            Self::Element(element) => format!("element:{element}"),
            Self::Finding(Identity { rule, subject, discriminator }) => {
                let (kind, key) = match subject {
                    ObjectRef::Link(key) => (subject.kind(), json!([key.a(), key.b()]).to_string()),
                    _ => (subject.kind(), subject.key()),
                };
                format!("finding:{}", json!([rule, kind, key, discriminator]))
            }
        }
    }

    /// What [`Self::text`] writes; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, key) = text.split_once(':').filter(|(_, key)| !key.is_empty())?;
        match kind {
            "element" => Some(Self::Element(ElementId::parse(key).ok()?)),
            "finding" => {
                let [rule, kind, key, discriminator]: [String; 4] = serde_json::from_str(key).ok()?;
                Some(Self::Finding(Identity { rule, subject: object(&kind, &key)?, discriminator }))
            }
            kind => object(kind, key).map(Self::Object),
        }
    }
}

fn object(kind: &str, key: &str) -> Option<ObjectRef> {
    match kind {
        "settings" => Some(ObjectRef::Settings),
        "link" => {
            let [one, other]: [SegmentId; 2] = serde_json::from_str(key).ok()?;
            Some(ObjectRef::Link(LinkKey::new(one, other)))
        }
        kind => ObjectRef::of(kind.parse().ok()?, key),
    }
}

/// A control that is in place against a risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InPlace {
    /// What it is: a control of the model, or words.
    pub what: String,
    /// How well it works.
    pub effectiveness: Effectiveness,
    /// What shows that.
    pub evidence: Option<String>,
}

text_enum! {
    /// How well a control works against a risk.
    Effectiveness {
        Effective = "effective": "Effective",
        Partly = "partly": "Partly effective",
        Ineffective = "ineffective": "Not effective",
        Unknown = "unknown": "Unknown",
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::risk::scheme::Step;

    fn rating(likelihood: u8, impact: u8) -> Option<Rating> {
        Rating::new(Scheme::Nist, Step::new(likelihood).unwrap(), Step::new(impact).unwrap())
    }

    #[test]
    fn a_key_has_one_spelling() {
        assert_eq!("R-12".parse(), Ok(RiskKey(12)));
        for text in ["12", "R-012", "R-0", "R-+1", "R-", "r-1", "R-4294967296"] {
            assert_eq!(text.parse::<RiskKey>(), Err(NoRiskKey), "{text}");
        }
    }

    #[test]
    fn a_link_survives_the_way_through_text() {
        let finding = Identity {
            rule: "F-X".to_owned(),
            subject: ObjectRef::Flow("a|b".into()),
            discriminator: "x:y".to_owned(),
        };
        for link in [
            Link::Object(ObjectRef::System("check:out".into())),
            Link::Object(ObjectRef::of(crate::model::object::ObjectKind::Script, "s").unwrap()),
            Link::Object(ObjectRef::Link(LinkKey::new("a/b".into(), "c".into()))),
            Link::Finding(Identity {
                subject: ObjectRef::Link(LinkKey::new("a".into(), "b".into())),
                ..finding.clone()
            }),
            Link::Element("pan".into()),
            Link::Finding(Identity { subject: ObjectRef::Settings, ..finding.clone() }),
            Link::Finding(Identity { subject: ObjectRef::Flow("f".into()), ..finding }),
        ] {
            assert_eq!(Link::parse(&link.text()), Some(link.clone()), "{}", link.text());
        }
        for text in ["", "system", "system:", "ship:titanic", "finding:[\"F-X\",\"flow\"]", "link:a/b"] {
            assert_eq!(Link::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_in_place_does_not_make_a_risk_worse() {
        let mut risk = Risk::new(RiskKey(1));
        (risk.inherent, risk.residual, risk.target) = (rating(4, 4), rating(3, 3), rating(2, 3));
        assert_eq!(risk.out_of_order(Scheme::Nist), None);
        risk.target = rating(5, 5);
        assert_eq!(risk.out_of_order(Scheme::Nist), Some(Stand::Target));
        risk.residual = None;
        assert_eq!(risk.out_of_order(Scheme::Nist), Some(Stand::Target));
        // The levels count: more likely and less bad may be the same level.
        (risk.inherent, risk.target) = (rating(3, 3), rating(4, 3));
        assert_eq!(risk.out_of_order(Scheme::Nist), None);
    }

    #[test]
    fn only_an_acceptance_makes_a_risk_accepted() {
        assert_eq!(Status::of(Stage::Open, false), Status::Open);
        assert_eq!(Status::of(Stage::Open, true), Status::Accepted);
        assert_eq!(Status::of(Stage::Closed, true), Status::Closed);
        assert!("accepted".parse::<Stage>().is_err());
    }
}
