//! What is left to do on a model: everything nobody has said yet. Unknown is work, never "clean".

use domain::inventory::work::{auth_unknown, encryption_unknown, fields_unknown, unowned, unrecognised};
use domain::model::Model;
use domain::model::flow::Flow;
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

/// What a flow carries, as chips: elements, names that still wait for an answer, or that nobody said anything.
pub(super) fn carried(flow: &Flow) -> AnyView {
    let open: Vec<&str> = flow.wire_names.iter().filter(|it| !it.dismissed).map(|it| it.name.as_str()).collect();
    let unknown = fields_unknown(flow).then(|| view! { <span class="badge" data-tone="warn">"unknown"</span> });
    view! { {elements(&flow.fields)}{(!open.is_empty()).then(|| open_names(&open))}{unknown} }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_without_anything_has_no_work() {
        assert_eq!(of(&Model::default()), []);
    }
}
