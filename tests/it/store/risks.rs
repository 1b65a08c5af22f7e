//! Many people who decide about one risk at once, and edits of the map that meet a decision.

use domain::backend::Backend;
use domain::backend::people::People as _;
use domain::backend::risks::Risks;
use domain::id::WorkspaceId;
use domain::problem::{FieldCode, Problem};
use domain::risk::acceptance::{Ask, Asked, Command, Event, State};
use domain::risk::{Rating, Risk, RiskKey, Scheme, Step};
use domain::role::Role;
use tests::both_dbs;
use tests::estate::Instance;

const MANY: usize = 50;

fn risk(likelihood: u8, impact: u8) -> Risk {
    let inherent = Rating::new(Scheme::Nist, Step::new(likelihood).unwrap(), Step::new(impact).unwrap());
    Risk { title: "Somebody reads the queue".to_owned(), inherent, ..Risk::new(RiskKey(0)) }
}

/// Tries until the database is not busy, as a person would.
async fn insist(gate: &dyn Risks, workspace: &WorkspaceId, risk: RiskKey, shown: &str) -> Result<(), Problem> {
    let key = domain::risk::acceptance::AcceptanceKey(risk.0);
    for _ in 0..400 {
        let approve = Command::Approve { shown: shown.to_owned(), on_behalf_of: None };
        match gate.decide_acceptance(workspace, risk, key, approve).await {
            Err(Problem::TooMany(_)) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            outcome => return outcome,
        }
    }
    panic!("the database stayed busy");
}

both_dbs!(of_fifty_who_approve_at_once_exactly_as_many_count_as_are_needed, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    let today = instance.gate().estate(workspace).await.unwrap().today;
    let mut members = Vec::new();
    for number in 0..MANY {
        let of = vec![(workspace.clone(), Role::Owner)];
        members.push(instance.account(&format!("{number}"), of).await);
    }
    for (rating, needed) in [((2, 2), 1), ((4, 4), 2)] {
        let ask = Ask {
            risk: Asked::New(Box::new(risk(rating.0, rating.1)), Scheme::Nist),
            justification: "It is replaced in spring.".to_owned(),
            conditions: String::new(),
            expires: today.plus_days(30),
        };
        let key = instance.gate().ask_acceptance(workspace, ask).await.unwrap();
        let asked = instance.gate().risk(workspace, key).await.unwrap().acceptances.remove(0);
        let shown = asked.acceptance.content_hash();
        let mut approvals = tokio::task::JoinSet::new();
        for member in &members {
            let (gate, workspace, shown) = (instance.store.gate(member.actor()), workspace.clone(), shown.clone());
            approvals.spawn(async move { insist(&gate, &workspace, key, &shown).await });
        }
        let outcomes = approvals.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), needed, "{outcomes:?}");
        let over = Err(Problem::field("step", FieldCode::NotInThisState));
        assert!(outcomes.iter().all(|outcome| outcome.is_ok() || *outcome == over), "{outcomes:?}");
        let is = instance.gate().risk(workspace, key).await.unwrap().acceptances.remove(0);
        assert_eq!(is.standing.state, State::Active);
        assert_eq!(is.acceptance.approvals.len(), needed);
        let granted = is.acceptance.history.iter().filter(|it| matches!(it, Event::Granted { .. })).count();
        assert_eq!(granted, 1);
    }
});

both_dbs!(no_program_decides_about_a_risk, |place| {
    let instance = Instance::new(&place).await;
    let operator = instance.store.gate(store::Actor::Operator);
    let today = operator.estate(&instance.workspace).await.unwrap().today;
    assert!(!operator.members(&instance.workspace).await.unwrap().is_empty());
    let ask = Ask {
        risk: Asked::New(Box::new(risk(2, 2)), Scheme::Nist),
        justification: "It is replaced in spring.".to_owned(),
        conditions: String::new(),
        expires: today.plus_days(30),
    };
    assert_eq!(operator.ask_acceptance(&instance.workspace, ask).await, Err(Problem::Forbidden));
    assert!(operator.risks(&instance.workspace).await.unwrap().risks.is_empty(), "not even the risk is kept");
});
