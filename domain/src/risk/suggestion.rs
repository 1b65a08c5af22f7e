//! What the map says about how likely a risk is and how bad it would be, with how that was derived.
//!
//! It stands beside what the person says and never in its place. Always on a scale of five steps; [`Suggestion::on`]
//! lays it over the scale of the register.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::record::Risk;
use super::scheme::convert::{Conversion, Way};
use super::scheme::{Rating, Scheme, Step};
use crate::blast::{Blast, Ground, Start};
use crate::findings::{Finding, Identity, Severity};
use crate::model::Model;
use crate::model::element::{ElementClass, Form};
use crate::model::kinds::SystemFunction;
use crate::model::object::ObjectRef;
use crate::model::{catalogue, relations::Exposure};
use crate::scope::Scope;
use crate::text::text_enum;
use crate::time::Timestamp;

/// What the map says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// How likely it is.
    pub likelihood: Step,
    /// How bad it would be.
    pub impact: Step,
    /// How that was derived, what counts most first.
    pub reasons: Vec<Reason>,
    /// When it was derived.
    pub at: Timestamp,
}

/// One reason of a suggestion.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// What it speaks of.
    pub side: Side,
    /// The step it speaks for.
    pub step: Step,
    /// Why, as a sentence.
    pub because: String,
}

text_enum! {
    /// Likelihood or impact.
    Side {
        Likelihood = "likelihood": "Likelihood",
        Impact = "impact": "Impact",
    }
}

impl Suggestion {
    /// The suggestion on the scale of a scheme.
    #[must_use]
    pub fn on(&self, scheme: Scheme) -> Option<Rating> {
        let conversion = Conversion::by(Way::Spread, Step::MOST, scheme);
        let step = |step: Step| conversion.step(step.number());
        Rating::new(scheme, step(self.likelihood)?, step(self.impact)?)
    }

    /// By how many steps the person says more than the map, for likelihood and impact; below zero is less.
    #[must_use]
    pub fn delta(&self, person: Rating, scheme: Scheme) -> Option<(i8, i8)> {
        let map = self.on(scheme)?;
        let by =
            |person: Step, map: Step| i8::try_from(person.number()).ok()?.checked_sub(i8::try_from(map.number()).ok()?);
        Some((by(person.likelihood(), map.likelihood())?, by(person.impact(), map.impact())?))
    }

    /// Whether another suggestion says something else, whenever it was derived.
    #[must_use]
    pub fn differs(&self, other: &Self) -> bool {
        (self.likelihood, self.impact, &self.reasons) != (other.likelihood, other.impact, &other.reasons)
    }
}

/// Whether what the map says now is something else than what stands beside a rating.
#[must_use]
pub fn is_outdated(kept: Option<&Suggestion>, now: Option<&Suggestion>) -> bool {
    match (kept, now) {
        (Some(kept), Some(now)) => kept.differs(now),
        (kept, now) => kept.is_some() != now.is_some(),
    }
}

/// What the map says of a risk, from the blast radii of what it is linked to and from the findings it is linked to.
/// `None` where there is neither.
#[must_use]
pub fn suggest(model: &Model, blasts: &[Blast], findings: &[&Finding], at: Timestamp) -> Option<Suggestion> {
    if blasts.is_empty() && findings.is_empty() {
        return None;
    }
    let mut reasons: Vec<Reason> = Vec::new();
    for blast in blasts {
        impact_of(model, blast, &mut reasons);
        reasons.push(likelihood_of(model, blast));
    }
    for finding in findings {
        let step = match finding.severity {
            Severity::Critical => 4,
            Severity::High => 3,
            Severity::Medium => 2,
            Severity::Low | Severity::Info => 1,
        };
        let because = format!("{} finding {}: {}", finding.severity.label(), finding.rule, finding.sentence);
        reasons.push(Reason { side: Side::Likelihood, step: at_most_five(step), because });
    }
    if blasts.is_empty() {
        // Without a blast radius nobody counted records: the urgency of the findings is all there is.
        let worst: Vec<Reason> = reasons.iter().filter(|it| it.side == Side::Likelihood).cloned().collect();
        reasons.extend(worst.into_iter().map(|reason| Reason { side: Side::Impact, ..reason }));
    }
    reasons.sort_by(|one, other| (one.side, other.step, &one.because).cmp(&(other.side, one.step, &other.because)));
    reasons.dedup();
    let highest = |side| {
        let steps = reasons.iter().filter(|reason| reason.side == side).map(|reason| reason.step);
        steps.max().unwrap_or(at_most_five(1))
    };
    Some(Suggestion { likelihood: highest(Side::Likelihood), impact: highest(Side::Impact), reasons, at })
}

/// Of how many systems that a risk is linked to the blast radius is computed for a suggestion.
const BLASTS_MAX: usize = 8;

/// What the map says of a risk as it is linked now.
#[must_use]
pub fn of_risk(
    risk: &Risk,
    (model, scope): (&Model, &Scope),
    findings: &[Finding],
    at: Timestamp,
) -> Option<Suggestion> {
    let systems = risk.objects().filter_map(|it| match it {
        ObjectRef::System(id) => Some(Start::System { id: id.clone() }),
        _ => None,
    });
    let ground = Ground::of(model, scope);
    let blasts: Vec<Blast> = systems.take(BLASTS_MAX).filter_map(|start| ground.radius(&start).ok()).collect();
    let linked: BTreeSet<&Identity> = risk.findings().collect();
    let found: Vec<&Finding> = findings.iter().filter(|it| linked.contains(&it.identity())).collect();
    suggest(model, &blasts, &found, at)
}

fn at_most_five(step: u8) -> Step {
    Step::new(step.clamp(1, Step::MOST)).expect("the number was clamped to the steps there are")
}

/// Card numbers, authentication data, money and the checkout decide how bad it would be.
fn impact_of(model: &Model, blast: &Blast, reasons: &mut Vec<Reason>) {
    let start = &blast.start;
    let mut because = |step: u8, words: String| {
        reasons.push(Reason { side: Side::Impact, step: at_most_five(step), because: format!("{start}: {words}") });
    };
    let sad = |class: Option<ElementClass>| class == Some(ElementClass::Sad);
    if let Some(seen) =
        blast.data.iter().find(|it| it.form == Form::Clear && sad(catalogue::class_of(it.element.as_str())))
    {
        because(5, format!("{} is seen in clear.", seen.element));
    }
    match (blast.records_pan, blast.records_unknown) {
        (1_000_000.., _) => because(5, blast.records_said()),
        (10_000.., _) => because(4, blast.records_said()),
        // What nobody counted may be more than a handful.
        (100.., _) | (_, true) => because(3, blast.records_said()),
        (1.., false) => because(2, blast.records_said()),
        (0, false) if !blast.data.is_empty() => {
            because(2, "no card number is seen in clear, but other data is.".to_owned())
        }
        (0, false) => because(1, "no payment data is seen.".to_owned()),
    }
    if let Some(action) = blast.actions.first() {
        let more =
            if blast.actions.len() > 1 { format!(" and {} more", blast.actions.len() - 1) } else { String::new() };
        because(4, format!("{} can be triggered on {}{more}.", action.action.label().to_lowercase(), action.system));
    }
    let takes_payments = |id: &&crate::id::SystemId| {
        model
            .systems
            .get(*id)
            .is_some_and(|it| matches!(it.function, SystemFunction::Checkout | SystemFunction::Payment))
    };
    if let Some(system) = blast.control.keys().find(takes_payments) {
        because(3, format!("{system} takes payments, and can be stopped."));
    }
}

/// How near account data is, whether the start can be reached from outside, and how much the way is slowed down.
fn likelihood_of(model: &Model, blast: &Blast) -> Reason {
    let start = &blast.start;
    let nearest = blast.data.iter().filter(|it| it.form == Form::Clear).map(|it| it.hops).min();
    let (mut step, mut words) = match nearest {
        Some(0 | 1) => (4, "account data is one step away at most".to_owned()),
        Some(2) => (3, "account data is two steps away".to_owned()),
        Some(hops) => (2, format!("account data is {hops} steps away")),
        None => (1, "no account data is reached in clear".to_owned()),
    };
    let exposed =
        |id: &crate::id::SystemId| model.systems.get(id).is_some_and(|it| it.exposure == Some(Exposure::Internet));
    let outside = match start {
        Start::System { id } => exposed(id),
        _ => blast.control.keys().any(exposed),
    };
    if outside && step > 1 {
        step += 1;
        words.push_str("; it can be reached from the internet");
    }
    let slowed = blast.control.values().map(|it| it.likelihood_permille).min().is_some_and(|permille| permille <= 500);
    if slowed && step > 1 {
        step -= 1;
        words.push_str("; controls on the way make it half as likely");
    }
    Reason { side: Side::Likelihood, step: at_most_five(step), because: format!("{start}: {words}.") }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::blast::{Start, radius};
    use crate::findings::tests::{found, model};
    use crate::scope::compute;

    fn suggestion(members: &str, start: &str) -> Suggestion {
        let model = model(members);
        let start: Start = start.parse().unwrap();
        let blast = radius(&model, &compute(&model), &start).unwrap();
        suggest(&model, &[blast], &[], Timestamp(0)).unwrap()
    }

    fn store(records: &str, element: &str) -> String {
        format!(
            r#""systems":[{{"id":"db","holdings":[{{"element":"{element}","form":"clear","ops":["store"]{records}}}]}}]"#
        )
    }

    #[test]
    fn the_number_of_cards_decides_how_bad_it_would_be() {
        for (records, impact) in [
            (r#","records":50"#, 2),
            (r#","records":5000"#, 3),
            ("", 3),
            (r#","records":50000"#, 4),
            (r#","records":5000000"#, 5),
        ] {
            assert_eq!(suggestion(&store(records, "pan"), "system:db").impact.number(), impact, "{records}");
        }
        let sad = suggestion(&store(r#","records":1"#, "card_verification_code"), "system:db");
        assert_eq!(sad.impact.number(), 5);
        let none = suggestion(r#""systems":[{"id":"db"}]"#, "system:db");
        assert_eq!((none.likelihood.number(), none.impact.number()), (1, 1));
    }

    #[test]
    fn every_suggestion_says_how_it_was_derived() {
        let it = suggestion(&store(r#","records":5000"#, "pan"), "system:db");
        assert_eq!(it.likelihood.number(), 4);
        assert!(it.reasons[0].because.starts_with("system:db: account data is one step away"), "{:?}", it.reasons);
        let highest = it.reasons.iter().filter(|reason| reason.side == Side::Impact).map(|reason| reason.step).max();
        assert_eq!(highest, Some(it.impact));
    }

    #[test]
    fn findings_alone_speak_for_themselves() {
        let model = model(&store("", "pan"));
        let found = found(&model);
        let critical: Vec<&Finding> = found.findings.iter().take(1).collect();
        let it = suggest(&model, &[], &critical, Timestamp(0)).unwrap();
        assert_eq!(it.likelihood, it.impact);
        assert!(suggest(&model, &[], &[], Timestamp(0)).is_none());
    }

    #[test]
    fn what_the_person_says_more_than_the_map_is_counted_in_steps() {
        let it = suggestion(&store(r#","records":5000"#, "pan"), "system:db");
        let person = Rating::new(Scheme::Nist, Step::new(2).unwrap(), Step::new(5).unwrap()).unwrap();
        assert_eq!(it.delta(person, Scheme::Nist), Some((-2, 2)));
        assert_eq!(it.on(Scheme::Three).map(|it| (it.likelihood().number(), it.impact().number())), Some((3, 2)));
    }
}
