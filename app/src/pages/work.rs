//! What is left to do on a model: everything nobody has said yet. Unknown is work, never "clean".

use domain::model::Model;
use domain::model::flow::Flow;
use domain::model::relations::{Auth, Boundary, Channel, Encryption, Lifecycle};
use domain::model::system::System;
use leptos::prelude::*;

use crate::ui::scope::{elements, unrecognised as open_names};

/// A kind of work, with the filter that lists what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Work {
    /// How many objects need it.
    pub count: usize,
    /// What is missing, in words for one and for several.
    pub words: (&'static str, &'static str),
    /// Why it matters.
    pub why: &'static str,
    /// Whether the objects are systems; otherwise they are flows.
    pub systems: bool,
    /// The filter of the list.
    pub filter: &'static str,
}

/// All kinds of work that there is any of, what changes scope first.
pub(super) fn of(model: &Model) -> Vec<Work> {
    let systems = |test: fn(&System) -> bool| model.systems.values().filter(|it| test(it)).count();
    let flows = |test: fn(&Flow) -> bool| model.flows.values().filter(|it| test(it)).count();
    let all = [
        Work {
            count: model.open_ends().count(),
            words: ("system that a flow names and nobody declared", "systems that flows name and nobody declared"),
            why: "Confirm each, or correct the flow. Until then the map shows an open end.",
            systems: true,
            filter: "is:undeclared",
        },
        Work {
            count: flows(unrecognised),
            words: ("flow with field names that nobody recognised", "flows with field names that nobody recognised"),
            why: "Any of them may be card data. Say what each is, or that it is no payment data.",
            systems: false,
            filter: "is:unrecognised",
        },
        Work {
            count: flows(fields_unknown),
            words: ("flow of which nobody said what it carries", "flows of which nobody said what they carry"),
            why: "Add its fields, or confirm that it carries no payment data.",
            systems: false,
            filter: "is:fields-unknown",
        },
        Work {
            count: flows(encryption_unknown),
            words: ("flow whose encryption is unknown", "flows whose encryption is unknown"),
            why: "Say whether it is encrypted.",
            systems: false,
            filter: "is:encryption-unknown",
        },
        Work {
            count: flows(auth_unknown),
            words: ("flow whose authentication is unknown", "flows whose authentication is unknown"),
            why: "Say how the calling side proves who it is.",
            systems: false,
            filter: "is:auth-unknown",
        },
        Work {
            count: systems(unowned),
            words: ("system without an owner", "systems without an owner"),
            why: "Somebody has to answer for it in the next review.",
            systems: true,
            filter: "is:unowned",
        },
    ];
    all.into_iter().filter(|work| work.count > 0).collect()
}

/// Whether names on the wire still wait for an answer.
pub(super) fn unrecognised(flow: &Flow) -> bool {
    flow.wire_names.iter().any(|name| !name.dismissed)
}

/// Whether nobody said what the flow carries: no field, no name on the wire, and nobody confirmed that there is none.
pub(super) fn fields_unknown(flow: &Flow) -> bool {
    let confirmed = flow.facts.get("no_payment_fields").is_some_and(|fact| fact.value.as_bool() == Some(true));
    in_use(flow) && flow.fields.is_empty() && flow.wire_names.is_empty() && !confirmed
}

/// Whether nobody said how it is encrypted.
pub(super) fn encryption_unknown(flow: &Flow) -> bool {
    in_use(flow) && flow.channel == Channel::Network && flow.encryption == Encryption::Unknown
}

/// Whether nobody said how the calling side proves who it is.
pub(super) fn auth_unknown(flow: &Flow) -> bool {
    in_use(flow) && flow.channel == Channel::Network && flow.auth == Auth::Unknown
}

/// Whether a system of ours has nobody who answers for it.
pub(super) fn unowned(system: &System) -> bool {
    system.boundary == Boundary::Own
        && system.lifecycle != Lifecycle::Retired
        && system.facts.get("owner").and_then(|fact| fact.text()).is_none_or(str::is_empty)
}

/// What a flow carries, as chips: elements, names that still wait for an answer, or that nobody said anything.
pub(super) fn carried(flow: &Flow) -> AnyView {
    let open: Vec<&str> = flow.wire_names.iter().filter(|it| !it.dismissed).map(|it| it.name.as_str()).collect();
    let unknown = fields_unknown(flow).then(|| view! { <span class="badge" data-tone="warn">"unknown"</span> });
    view! { {elements(&flow.fields)}{(!open.is_empty()).then(|| open_names(&open))}{unknown} }.into_any()
}

fn in_use(flow: &Flow) -> bool {
    flow.stage != Lifecycle::Retired
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::{FlowId, SystemId};
    use domain::model::fact::Fact;
    use domain::model::flow::WireName;

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

    #[test]
    fn a_model_without_anything_has_no_work() {
        assert_eq!(of(&Model::default()), []);
    }
}
