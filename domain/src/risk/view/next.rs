//! What to do next, what it costs, and which systems leave scope with it: one page for who answers for a product.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::blast::OptionSet;
use crate::blast::edit;
use crate::blast::options::generate;
use crate::id::{PersonId, SystemId};
use crate::model::Model;
use crate::risk::action::{Money, PersonDays, Waiting, waiting};
use crate::risk::record::{Risk, RiskKey, Stage};
use crate::risk::scheme::{Level, Scheme};
use crate::scope::{self, Scope};
use crate::text::text_enum;
use crate::time::Day;

/// One thing to do: an open action of a risk, or a change that nobody planned yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// What.
    pub what: String,
    /// The risk and the number of the action in it; absent where nobody planned it.
    pub action: Option<(RiskKey, u32)>,
    /// Who.
    pub who: Option<PersonId>,
    /// Until when.
    pub due: Option<Day>,
    /// It should be done already.
    pub late: bool,
    /// How bad the risk is.
    pub level: Option<Level>,
    /// What it costs in work; absent where nobody said.
    pub effort: Option<PersonDays>,
    /// What it costs beside that.
    pub money: Option<Money>,
    /// The actions of the same risk that come first.
    pub waits_for: Vec<u32>,
    /// These wait for each other: nobody can begin.
    pub stuck: bool,
    /// What it does to the scope; absent where nobody can say.
    pub effect: Option<Effect>,
}

/// What a change does to the scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Systems that are in scope now, and are not then.
    pub leave: Vec<SystemId>,
    /// Systems that are not in scope now, and are then.
    pub enter: Vec<SystemId>,
}

text_enum! {
    /// When a step is due, counted from today.
    Due {
        Late = "late": "Late",
        Week = "week": "Within 7 days",
        Month = "month": "Within 30 days",
        Later = "later": "Later",
        Never = "never": "Without a day",
    }
}

impl NextStep {
    /// When it is due.
    #[must_use]
    pub fn falls(&self, today: Day) -> Due {
        match self.due {
            None => Due::Never,
            Some(_) if self.late => Due::Late,
            Some(due) if due <= today.plus_days(7) => Due::Week,
            Some(due) if due <= today.plus_days(30) => Due::Month,
            Some(_) => Due::Later,
        }
    }

    /// The effect as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let cost = match (self.effort, self.money) {
            (Some(effort), Some(money)) => format!("{effort} person-days and {money}"),
            (Some(effort), None) => format!("{effort} person-days"),
            (None, Some(money)) => money.to_string(),
            (None, None) => "a cost that nobody stated".to_owned(),
        };
        let counted = |systems: &[SystemId]| crate::table::counted(systems.len(), "system");
        let effect = match &self.effect {
            None => String::new(),
            Some(effect) if effect.leave.is_empty() && effect.enter.is_empty() => {
                "; the scope stays as it is".to_owned()
            }
            Some(effect) if effect.enter.is_empty() => format!("; {} would leave scope", counted(&effect.leave)),
            Some(effect) => {
                format!("; {} would leave scope and {} enter it", counted(&effect.leave), counted(&effect.enter))
            }
        };
        format!("{}: {cost}{effect}.", self.what.trim_end_matches('.'))
    }
}

/// What to do next, and how many changes of the map that was chosen from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Plan {
    /// The steps in order.
    pub steps: Vec<NextStep>,
    /// Of how many changes the effect was calculated.
    pub calculated: usize,
    /// How many changes there are that may take something out of scope.
    pub proposed: usize,
}

/// How many systems and flows all options together may be calculated over: each option is one run of the engine.
const WORK: usize = 100_000;

/// The plan of a register: [`next_steps`] with the options that actions carry out, and of all others the cheapest ones, as
/// many as can be calculated while somebody waits.
#[must_use]
pub fn plan<'a>(
    risks: impl IntoIterator<Item = &'a Risk> + Clone,
    model: &Model,
    scope: &Scope,
    scheme: Scheme,
    today: Day,
) -> Plan {
    let open = risks.clone().into_iter().filter(|risk| risk.stage != Stage::Closed);
    let actions = open.flat_map(|risk| &risk.actions).filter(|action| action.state.is_open());
    let planned: BTreeSet<&str> = actions.filter_map(|action| action.option.as_deref()).collect();
    let mut options = generate(model, scope);
    let proposed = options.len();
    let most = (WORK / (model.systems.len() + model.flows.len()).max(1)).clamp(4, 150);
    options.sort_by_key(|option| (!planned.contains(option.id.as_str()), option.cost, option.id.clone()));
    options.truncate(most);
    let steps = next_steps(risks, &options, model, scope, scheme, today);
    Plan { steps, calculated: options.len(), proposed }
}

/// What to do next, in this order: what is late, what can begin, what waits; within each by due date, then by level.
/// Options that no action carries out come last, those first that take the most systems out of scope for the least
/// work. `scope` is the scope of the same model.
#[must_use]
pub fn next_steps<'a>(
    risks: impl IntoIterator<Item = &'a Risk>,
    options: &[OptionSet],
    model: &Model,
    scope: &Scope,
    scheme: Scheme,
    today: Day,
) -> Vec<NextStep> {
    let effects: BTreeMap<&str, Option<Effect>> =
        options.iter().map(|option| (option.id.as_str(), effect(model, scope, option))).collect();
    let mut steps: Vec<NextStep> = Vec::new();
    let mut planned: Vec<&str> = Vec::new();
    for risk in risks.into_iter().filter(|risk| risk.stage != Stage::Closed) {
        for action in risk.actions.iter().filter(|action| action.state.is_open()) {
            let option = action.option.as_deref();
            planned.extend(option);
            let (waits_for, stuck) = match waiting(&risk.actions, action.number) {
                Waiting::No => (Vec::new(), false),
                Waiting::For(first) => (first.into_iter().collect(), false),
                Waiting::Forever(ring) => (ring.into_iter().collect(), true),
            };
            steps.push(NextStep {
                what: action.what.clone(),
                action: Some((risk.key, action.number)),
                who: action.who.clone().or_else(|| risk.owner.clone()),
                due: action.due,
                late: action.is_late(today),
                level: risk.level(scheme),
                effort: action.effort,
                money: action.money,
                waits_for,
                stuck,
                effect: option.and_then(|id| effects.get(id)).cloned().flatten(),
            });
        }
    }
    steps.sort_by_key(|step| {
        let waits = !step.waits_for.is_empty();
        (!step.late, waits, step.due.is_none(), step.due, std::cmp::Reverse(step.level), step.action)
    });
    let mut proposals: Vec<NextStep> = options
        .iter()
        .filter(|option| !planned.contains(&option.id.as_str()))
        .filter_map(|option| {
            let effect = effects.get(option.id.as_str()).cloned().flatten().filter(|it| !it.leave.is_empty())?;
            Some(proposal(option, effect))
        })
        .collect();
    proposals.sort_by(|one, other| {
        let worth = |step: &NextStep| step.effect.as_ref().map_or(0, |it| it.leave.len());
        worth(other).cmp(&worth(one)).then(one.effort.cmp(&other.effort)).then(one.what.cmp(&other.what))
    });
    steps.extend(proposals);
    steps
}

fn proposal(option: &OptionSet, effect: Effect) -> NextStep {
    NextStep {
        what: option.id.clone(),
        action: None,
        who: None,
        due: None,
        late: false,
        level: None,
        effort: Some(PersonDays::whole(u32::try_from(option.cost).unwrap_or(u32::MAX))),
        money: None,
        waits_for: Vec::new(),
        stuck: false,
        effect: Some(effect),
    }
}

/// What the option does to the scope; `None` where it can no longer be carried out.
fn effect(model: &Model, scope: &Scope, option: &OptionSet) -> Option<Effect> {
    let after = scope::compute(&edit::apply(model, &option.effects).ok()?);
    let in_scope = |scope: &Scope, id: &SystemId| scope.systems.get(id).is_some_and(|it| it.category.in_scope());
    let moved = |from: &Scope, to: &Scope| -> Vec<SystemId> {
        from.systems.keys().filter(|id| in_scope(from, id) && !in_scope(to, id)).cloned().collect()
    };
    Some(Effect { leave: moved(scope, &after), enter: moved(&after, scope) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blast::edit::Edit;
    use crate::findings::tests::model;
    use crate::risk::action::Action;
    use crate::scope::compute;

    const MODEL: &str = r#""segments":[{"id":"x"},{"id":"y"}],
        "systems":[{"id":"shop","segment":"x","holdings":[{"element":"pan","form":"clear"}]},{"id":"crm","segment":"y"}],
        "flows":[{"id":"f","from":"shop","to":"crm","data":[{"element":"pan","form":"clear"}]}]"#;

    fn option(id: &str, edit: Edit) -> OptionSet {
        OptionSet { id: id.to_owned(), cost: 3, effects: vec![edit] }
    }

    #[test]
    fn what_is_late_comes_first_and_what_waits_last() {
        let model = model(MODEL);
        let scope = compute(&model);
        let mut risk = Risk::new(RiskKey(1));
        let action = |number, due: i32| Action { due: Some(Day(due)), ..Action::new(number, format!("step {number}")) };
        risk.actions = vec![action(1, 200), action(2, 90), action(3, 150), action(4, 120)];
        risk.actions[3].after = [1].into();
        let steps = next_steps([&risk], &[], &model, &scope, Scheme::Nist, Day(100));
        assert_eq!(
            steps.iter().map(|step| step.falls(Day(100))).collect::<Vec<_>>(),
            [Due::Late, Due::Later, Due::Later, Due::Month]
        );
        let order: Vec<u32> = steps.iter().filter_map(|step| Some(step.action?.1)).collect();
        assert_eq!(order, [2, 3, 1, 4]);
        assert_eq!((steps[0].late, steps[3].waits_for.as_slice()), (true, &[1][..]));
    }

    #[test]
    fn a_plan_proposes_what_takes_systems_out_of_scope() {
        let model = model(MODEL);
        let plan = plan([], &model, &compute(&model), Scheme::Nist, Day(100));
        assert!(plan.proposed >= plan.calculated && plan.calculated > 0, "{plan:?}");
        let leaves = |step: &NextStep| step.effect.as_ref().is_some_and(|it| !it.leave.is_empty());
        assert!(!plan.steps.is_empty() && plan.steps.iter().all(leaves), "{plan:?}");
    }

    #[test]
    fn a_step_says_what_it_costs_and_which_systems_leave() {
        let model = model(MODEL);
        let scope = compute(&model);
        let options = [
            option("block f", Edit::Block { flow: "f".into() }),
            option("drop pan from f", Edit::DropField { flow: "f".into(), element: "pan".into() }),
            option("gone", Edit::Block { flow: "nowhere".into() }),
        ];
        let mut risk = Risk::new(RiskKey(1));
        risk.actions =
            vec![Action { option: Some("block f".to_owned()), ..Action::new(1, "Block the export.".to_owned()) }];
        let steps = next_steps([&risk], &options, &model, &scope, Scheme::Nist, Day(100));
        assert_eq!(steps[0].sentence(), "Block the export: a cost that nobody stated; 1 system would leave scope.");
        assert_eq!(
            steps.len(),
            1,
            "dropping a field alone takes nothing out, and what is gone is not proposed: {steps:?}"
        );
        let proposed = next_steps([], &options, &model, &scope, Scheme::Nist, Day(100));
        assert_eq!(proposed[0].sentence(), "block f: 3 person-days; 1 system would leave scope.");
    }
}
