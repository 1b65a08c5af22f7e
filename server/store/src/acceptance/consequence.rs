//! What an acceptance does to the findings that it covers, in the same commit.

use domain::command::Revision;
use domain::findings::life::Decision;
use domain::risk::acceptance::{Acceptance, Event};

use crate::db::Tx;
use crate::error::Failure;
use crate::execute::Act;
use crate::findings::record;

/// Sets the findings aside once the last approval is there, and opens them again once the acceptance is over.
pub(super) async fn carry_out(
    tx: &mut Tx,
    act: &Act<'_>,
    acceptance: &Acceptance,
    revision: Option<Revision>,
    event: &Event,
) -> Result<(), Failure> {
    let over = match event {
        Event::Granted { .. } => None,
        Event::Lapsed { .. } => Some("lapsed, because its facts got worse"),
        Event::Expired { .. } => Some("has expired"),
        Event::Revoked { .. } => Some("was revoked"),
        _ => return Ok(()),
    };
    let decision = decision(acceptance);
    for identity in &acceptance.content.findings {
        let Some(record) = record::one(tx, act.permit, identity).await? else { continue };
        let event = match over {
            None => record.accepted_with_a_risk(decision.clone()),
            Some(over) => record.acceptance_ended(&decision, format!("The acceptance {} {over}.", acceptance.key)),
        };
        if let Some(event) = event {
            record::put(tx, act.permit, act.now, (Some(act.actor), revision), &event).await?;
        }
    }
    Ok(())
}

/// The decision about a finding that comes with an acceptance.
fn decision(acceptance: &Acceptance) -> Decision {
    let content = &acceptance.content;
    let risk = content.risk.map(|risk| format!(" of {risk}")).unwrap_or_default();
    Decision::with_a_risk(content.expires, format!("Acceptance {}{risk}: {}", acceptance.key, content.justification))
}
