//! What is left to do about systems and flows: what nobody has said yet. Unknown is work, never "clean".

use crate::confirmation::side_by_side;
use crate::model::flow::Flow;
use crate::model::relations::{Auth, Boundary, Channel, Encryption, Lifecycle};
use crate::model::system::System;

/// Whether names on the wire still wait for an answer.
#[must_use]
pub fn unrecognised(flow: &Flow) -> bool {
    flow.wire_names.iter().any(|name| !name.dismissed)
}

/// Whether nobody said what the flow carries: no field, no name on the wire, and nobody confirmed that there is none.
#[must_use]
pub fn fields_unknown(flow: &Flow) -> bool {
    let confirmed = flow.facts.get("no_payment_fields").is_some_and(|fact| fact.value.as_bool() == Some(true));
    in_use(flow) && flow.fields.is_empty() && flow.wire_names.is_empty() && !confirmed
}

/// Whether nobody said how it is encrypted.
#[must_use]
pub fn encryption_unknown(flow: &Flow) -> bool {
    in_use(flow) && flow.channel == Channel::Network && flow.encryption == Encryption::Unknown
}

/// Whether nobody said how the calling side proves who it is.
#[must_use]
pub fn auth_unknown(flow: &Flow) -> bool {
    in_use(flow) && flow.channel == Channel::Network && flow.auth == Auth::Unknown
}

/// Whether both ends, two different people, say that it carries what is entered.
#[must_use]
pub fn confirmed(flow: &Flow) -> bool {
    side_by_side(flow).is_confirmed()
}

/// Whether it is in use, and an end has not confirmed it as it is entered now.
#[must_use]
pub fn unconfirmed(flow: &Flow) -> bool {
    in_use(flow) && !confirmed(flow)
}

/// Whether its two ends contradict each other.
#[must_use]
pub fn ends_differ(flow: &Flow) -> bool {
    in_use(flow) && side_by_side(flow).disagree()
}

/// Whether it runs over a network without encryption.
#[must_use]
pub fn unencrypted(flow: &Flow) -> bool {
    flow.channel == Channel::Network && flow.encryption == Encryption::None
}

/// Whether a system of ours has nobody who answers for it.
#[must_use]
pub fn unowned(system: &System) -> bool {
    system.boundary == Boundary::Own
        && system.lifecycle != Lifecycle::Retired
        && system.facts.get("owner").and_then(|fact| fact.text()).is_none_or(str::is_empty)
}

fn in_use(flow: &Flow) -> bool {
    flow.stage != Lifecycle::Retired
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{FlowId, SystemId};
    use crate::model::fact::Fact;
    use crate::model::flow::WireName;

    fn flow() -> Flow {
        Flow::new(FlowId::new("f"), SystemId::new("a"), SystemId::new("b"))
    }

    #[test]
    fn a_flow_without_fields_is_work_until_somebody_confirms_that_it_carries_none() {
        let mut flow = flow();
        assert!(fields_unknown(&flow));
        flow.facts.insert("no_payment_fields".to_owned(), Fact::of(true.into()));
        assert!(!fields_unknown(&flow));
    }

    #[test]
    fn a_dismissed_name_is_no_longer_work() {
        let mut flow = flow();
        flow.wire_names.push(WireName { name: "order.ref".to_owned(), dismissed: false });
        assert!(unrecognised(&flow));
        flow.wire_names[0].dismissed = true;
        assert!(!unrecognised(&flow));
        assert!(!fields_unknown(&flow));
    }
}
