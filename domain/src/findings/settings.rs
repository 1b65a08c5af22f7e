//! What a workspace sets for its rules.

pub mod form;

use std::collections::BTreeMap;

use super::rule::Severity;
use super::said;
use crate::model::Model;

/// The settings that rules read, with their defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSettings {
    /// Some requirements hold for service providers only, and some periods are shorter for them.
    pub service_provider: bool,
    /// Issuers may keep sensitive authentication data for a stated need.
    pub issuer: bool,
    /// Days without use after which a grant is idle.
    pub idle_grant_days: u64,
    /// The most custodians that a key may have.
    pub custodian_max: u64,
    /// The most systems that may hold a key.
    pub holder_max: u64,
    /// Share of all attack paths, in percent, from which on a system is a choke point.
    pub path_share_percent: u64,
    /// How long the confirmation of a flow is valid, in days.
    pub confirmation_days: u64,
    /// Severities that differ from those of the rules, by rule.
    pub severities: BTreeMap<String, Severity>,
}

impl RuleSettings {
    /// The settings of a model. An override without a reason does not count.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let facts = &model.settings.facts;
        let number = |name, default| said::number(facts, name).unwrap_or(default);
        let severities = said::items(facts, "severity_overrides").filter_map(|it| {
            let text = |name: &str| it.get(name).and_then(|it| it.as_str()).filter(|it| !it.trim().is_empty());
            text("reason")?;
            Some((text("rule")?.to_owned(), text("severity")?.parse().ok()?))
        });
        Self {
            service_provider: model.settings.service_provider,
            issuer: said::yes(facts, "issuer").unwrap_or(false),
            idle_grant_days: number("idle_grant_days", 90),
            custodian_max: number("custodian_max", 5),
            holder_max: number("holder_max", 5),
            path_share_percent: number("path_share_percent", 50),
            confirmation_days: number("review_days_confirmation", 92),
            severities: severities.collect(),
        }
    }
}
