//! The form of what a workspace sets for its rules: numbers, other severities with their reasons, and budgets.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::blast::budget::Budget;
use crate::findings::registry;
use crate::findings::rule::Severity;
use crate::findings::said;
use crate::model::card_number::looks_like_card_number;
use crate::model::fact::Fact;
use crate::model::kinds::SystemFunction;
use crate::model::settings::Settings;
use crate::problem::{FieldCode, FieldError};

/// One number that rules read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// The attribute, and the field of the form.
    pub name: &'static str,
    /// The label.
    pub label: &'static str,
    /// What it does, as a sentence.
    pub hint: &'static str,
    /// What counts where nothing is set.
    pub default: u64,
    /// The least and the most.
    pub range: (u64, u64),
}

/// The numbers, in the order of the form.
pub const NUMBERS: [Number; 5] = [
    Number {
        name: "idle_grant_days",
        label: "A right is idle after (days)",
        hint: "A right that nobody used for so long is reported.",
        default: 90,
        range: (1, 3650),
    },
    Number {
        name: "review_days_confirmation",
        label: "Confirmations of flows are valid for (days)",
        hint: "After these days both ends of a flow are asked again.",
        default: 92,
        range: (1, 3650),
    },
    Number {
        name: "custodian_max",
        label: "Most custodians of a key",
        hint: "A key with more is reported.",
        default: 5,
        range: (1, 1000),
    },
    Number {
        name: "holder_max",
        label: "Most systems that hold a key",
        hint: "A key on more systems is reported.",
        default: 5,
        range: (1, 1000),
    },
    Number {
        name: "path_share_percent",
        label: "Share of attack paths of a choke point (percent)",
        hint: "From this share of all paths on, a system is a choke point.",
        default: 50,
        range: (1, 100),
    },
];

/// Most characters of the reason for another severity.
pub const REASON_MAX: u32 = 500;

/// The fields that say that the rows of a form are the whole list: of other severities, and of budgets.
pub const MARKERS: [&str; 2] = ["severities", "budgets"];

/// The form of settings as they are.
#[must_use]
pub fn settings_to_form(settings: &Settings) -> Vec<(String, String)> {
    let facts = &settings.facts;
    let mut form: Vec<(String, String)> = NUMBERS
        .iter()
        .map(|it| (it.name.to_owned(), said::number(facts, it.name).map(|it| it.to_string()).unwrap_or_default()))
        .collect();
    let mut rows = |group: &str, list: &str, parts: &[&str]| {
        for (number, item) in said::items(facts, list).enumerate() {
            for part in parts {
                let value = match item.get(*part) {
                    Some(Value::String(text)) => text.clone(),
                    Some(Value::Number(number)) => number.to_string(),
                    _ => String::new(),
                };
                form.push((format!("{group}.{number}.{part}"), value));
            }
        }
    };
    rows("severity", "severity_overrides", &["rule", "severity", "reason"]);
    rows("budget", "budgets", &["function", "max_records_pan", "max_actions", "max_elements"]);
    form
}

/// Reads the form. What it does not show stays as it is; a row in which nothing is chosen is left out.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn settings_from_form(form: &[(String, String)], existing: &Settings) -> Result<Settings, Vec<FieldError>> {
    let values: BTreeMap<&str, &str> = form.iter().map(|(name, value)| (name.as_str(), value.trim())).collect();
    let value = |name: &str| values.get(name).copied().unwrap_or_default();
    let mut errors = Vec::new();
    let mut settings = existing.clone();
    let mut put = |name: &str, value: Option<Value>| match value {
        Some(value) => drop(settings.facts.insert(name.to_owned(), Fact::of(value))),
        None => drop(settings.facts.remove(name)),
    };
    for number in &NUMBERS {
        let (least, most) = number.range;
        match value(number.name) {
            "" => put(number.name, None),
            typed => match typed.parse::<u64>() {
                Ok(it) if (least..=most).contains(&it) => put(number.name, Some(json!(it))),
                Ok(_) => errors.push(FieldError::new(number.name, FieldCode::NotInList)),
                Err(_) => errors.push(FieldError::new(number.name, FieldCode::NotANumber)),
            },
        }
    }
    let list = |items: Vec<Value>| (!items.is_empty()).then_some(Value::Array(items));
    let [severities, budgets] = MARKERS.map(|marker| values.contains_key(marker));
    if severities {
        let rows = rows(&values, "severity").into_iter();
        put("severity_overrides", list(rows.filter_map(|row| severity(&row, &value, &mut errors)).collect()));
    }
    if budgets {
        let rows = rows(&values, "budget").into_iter();
        put("budgets", list(rows.filter_map(|row| budget(&row, &value, &mut errors)).collect()));
    }
    if errors.is_empty() { Ok(settings) } else { Err(errors) }
}

/// The first parts of the names of the rows of a group, in order.
fn rows(values: &BTreeMap<&str, &str>, group: &str) -> Vec<String> {
    let number =
        |name: &&str| -> Option<u32> { name.strip_prefix(group)?.strip_prefix('.')?.split_once('.')?.0.parse().ok() };
    let numbers: BTreeSet<u32> = values.keys().filter_map(number).collect();
    numbers.into_iter().map(|number| format!("{group}.{number}.")).collect()
}

fn severity<'v>(row: &str, value: &impl Fn(&str) -> &'v str, errors: &mut Vec<FieldError>) -> Option<Value> {
    let name = |part: &str| format!("{row}{part}");
    let (rule, reason) = (value(&name("rule")), value(&name("reason")));
    if rule.is_empty() {
        return None;
    }
    if registry::RULES.iter().all(|it| it.id != rule) {
        errors.push(FieldError::new(&name("rule"), FieldCode::NotInList));
    }
    let severity: Result<Severity, _> = value(&name("severity")).parse();
    if severity.is_err() {
        errors.push(FieldError::new(&name("severity"), FieldCode::NotInList));
    }
    let code = if reason.is_empty() {
        Some(FieldCode::Missing)
    } else if reason.chars().count() > REASON_MAX as usize {
        Some(FieldCode::TooLong(REASON_MAX))
    } else if looks_like_card_number(reason) {
        Some(FieldCode::CardNumber)
    } else {
        None
    };
    errors.extend(code.map(|code| FieldError::new(&name("reason"), code)));
    Some(json!({ "rule": rule, "severity": severity.ok()?, "reason": reason }))
}

fn budget<'v>(row: &str, value: &impl Fn(&str) -> &'v str, errors: &mut Vec<FieldError>) -> Option<Value> {
    let name = |part: &str| format!("{row}{part}");
    let function = value(&name("function"));
    if function.is_empty() {
        return None;
    }
    let known: Result<SystemFunction, _> = function.parse();
    if known.is_err() {
        errors.push(FieldError::new(&name("function"), FieldCode::NotInList));
    }
    let mut most = |part: &str| match value(&name(part)) {
        "" => None,
        typed => {
            let number = typed.parse::<u64>().ok();
            if number.is_none() {
                errors.push(FieldError::new(&name(part), FieldCode::NotANumber));
            }
            number
        }
    };
    let (records, actions, elements) = (most("max_records_pan"), most("max_actions"), most("max_elements"));
    let budget =
        Budget { function: known.ok()?, max_records_pan: records, max_actions: actions, max_elements: elements };
    serde_json::to_value(budget).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::blast::budget::budgets;
    use crate::findings::settings::RuleSettings;
    use crate::model::Model;

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    const WHOLE: [(&str, &str); 10] = [
        ("severities", ""),
        ("budgets", ""),
        ("idle_grant_days", "30"),
        ("severity.0.rule", "F-PORTS"),
        ("severity.0.severity", "low"),
        ("severity.0.reason", "The rule base is generated."),
        ("severity.1.rule", ""),
        ("severity.1.severity", "low"),
        ("budget.0.function", "support"),
        ("budget.0.max_records_pan", "0"),
    ];

    #[test]
    fn what_the_form_sets_is_what_rules_read() {
        let settings = settings_from_form(&form(&WHOLE), &Settings::default()).unwrap();
        let model = Model { settings: settings.clone(), ..Model::default() };
        let read = RuleSettings::of(&model);
        assert_eq!((read.idle_grant_days, read.custodian_max), (30, 5));
        assert_eq!(read.severities.get("F-PORTS"), Some(&Severity::Low));
        assert_eq!(budgets(&model)[0].max_records_pan, Some(0));
        let mut shown = settings_to_form(&settings);
        shown.extend(form(&[("severities", ""), ("budgets", "")]));
        assert_eq!(settings_from_form(&shown, &Settings::default()).unwrap(), settings);
    }

    #[test]
    fn an_emptied_form_sets_nothing() {
        let settings = settings_from_form(&form(&WHOLE), &Settings::default()).unwrap();
        let without_rows = settings_from_form(&form(&[("idle_grant_days", "30")]), &settings).unwrap();
        assert_eq!(without_rows, settings, "what a form does not show stays");
        let emptied = settings_from_form(&form(&[("severities", ""), ("budgets", "")]), &settings).unwrap();
        assert_eq!(emptied.facts, Settings::default().facts);
    }

    #[test]
    fn the_numbers_of_the_form_are_those_that_count_by_themselves() {
        let defaults = RuleSettings::of(&Model::default());
        for number in NUMBERS {
            let read = match number.name {
                "idle_grant_days" => defaults.idle_grant_days,
                "review_days_confirmation" => defaults.confirmation_days,
                "custodian_max" => defaults.custodian_max,
                "holder_max" => defaults.holder_max,
                "path_share_percent" => defaults.path_share_percent,
                other => panic!("{other} is read by no rule"),
            };
            assert_eq!(read, number.default, "{}", number.name);
        }
    }

    #[test]
    fn another_severity_has_a_rule_and_a_reason() {
        let wrong = form(&[
            ("severities", ""),
            ("budgets", ""),
            ("idle_grant_days", "0"),
            ("holder_max", "many"),
            ("severity.0.rule", "F-NONE"),
            ("severity.0.severity", "worse"),
            ("severity.0.reason", ""),
            ("budget.0.function", "nothing"),
            ("budget.0.max_actions", "-1"),
        ]);
        let errors = settings_from_form(&wrong, &Settings::default()).unwrap_err();
        let errors: Vec<(&str, FieldCode)> = errors.iter().map(|it| (it.field.as_str(), it.code)).collect();
        let expected = [
            ("idle_grant_days", FieldCode::NotInList),
            ("holder_max", FieldCode::NotANumber),
            ("severity.0.rule", FieldCode::NotInList),
            ("severity.0.severity", FieldCode::NotInList),
            ("severity.0.reason", FieldCode::Missing),
            ("budget.0.function", FieldCode::NotInList),
            ("budget.0.max_actions", FieldCode::NotANumber),
        ];
        assert_eq!(errors, expected);
    }
}
