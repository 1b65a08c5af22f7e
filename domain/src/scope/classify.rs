//! From labels to categories.

use super::graph::Graph;
use super::labels::{Labels, Pin, State};
use super::verdict::{Category, Label, Opst, Rule, Sub};
use crate::model::relations::Boundary;

/// The category of a system, and the state that shows why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) category: Category,
    /// The finer category, where the labels alone tell it.
    pub(super) sub: Option<Sub>,
    /// The state whose derivation is the proof; none out of scope and where a third party holds the data itself.
    pub(super) shown: Option<State>,
}

impl Standing {
    const fn plain(category: Category) -> Self {
        Self { category, sub: None, shown: None }
    }
}

/// Classifies one system. `third_party_data` is what a third party's own holdings make of it.
pub(super) fn standing(
    graph: &Graph<'_>,
    labels: &Labels,
    pins: &[Pin],
    system: u32,
    third_party_data: Option<Sub>,
) -> Standing {
    let node = &graph.nodes[system as usize];
    let shown = shown_label(labels, system);
    let exists = node.active || shown.is_some() || pins[system as usize].is_some();
    match node.boundary {
        Boundary::External => Standing::plain(Category::External),
        _ if !exists => Standing::plain(Category::NotLive),
        Boundary::ThirdParty => third_party(labels, system, third_party_data),
        Boundary::Own => own(system, shown),
    }
}

fn own(system: u32, shown: Option<Label>) -> Standing {
    let (category, sub) = match shown {
        Some(Label::Data) => (Category::Cde, Some(Sub::Data)),
        Some(Label::Adj) => (Category::Cde, Some(Sub::Adjacent)),
        Some(Label::Imp) => (Category::SecurityImpacting, None),
        Some(Label::In | Label::Conn) => (Category::ConnectedTo, None),
        None => (Category::OutOfScope, None),
    };
    Standing { category, sub, shown: shown.map(|label| State::new(system, label)) }
}

/// The strongest of DATA, ADJ and IMP; of IN and CONN the nearer one, IN where both are equally near.
fn shown_label(labels: &Labels, system: u32) -> Option<Label> {
    let strongest = [Label::Data, Label::Adj, Label::Imp].into_iter().find(|label| labels.has(system, *label));
    strongest.or_else(|| {
        [Label::In, Label::Conn]
            .into_iter()
            .filter_map(|label| Some((labels.layer(State::new(system, label))?, label)))
            .min()
            .map(|(_, label)| label)
    })
}

/// What it holds decides first, then what it can do.
fn third_party(labels: &Labels, system: u32, data: Option<Sub>) -> Standing {
    let by_label = |label: Label, sub: Sub| {
        let shown = Some(State::new(system, label)).filter(|state| labels.layer(*state).is_some());
        shown.map(|state| (sub, Some(state)))
    };
    let (sub, shown) = data
        .filter(|sub| *sub == Sub::AccountData)
        .map(|sub| (sub, None))
        .or_else(|| by_label(Label::Imp, Sub::Security))
        .or_else(|| by_label(Label::In, Sub::Access))
        .or_else(|| data.map(|sub| (sub, None)))
        .unwrap_or((Sub::None, None));
    Standing { category: Category::ThirdParty, sub: Some(sub), shown }
}

/// The sub-category of the Open PCI DSS Scoping Toolkit, from all reasons of an own system.
pub(super) fn opst(labels: &Labels, system: u32, category: Category) -> Option<Opst> {
    match category {
        Category::OutOfScope => return Some(Opst::Cat3),
        Category::ThirdParty | Category::External | Category::NotLive => return None,
        Category::Cde | Category::SecurityImpacting | Category::ConnectedTo => {}
    }
    let any = |fits: fn(Label, Rule) -> bool| labels.reasons(system).any(|reason| fits(reason.label, reason.rule));
    Some(if any(|label, _| label == Label::Data) {
        Opst::Cat1a
    } else if any(|label, _| label == Label::Adj) {
        Opst::Cat1b
    } else if any(|_, rule| matches!(rule, Rule::IManages | Rule::IPage | Rule::IKeys)) {
        Opst::Cat2a
    } else if any(|label, rule| {
        label == Label::In && matches!(rule, Rule::CDirect | Rule::CVia | Rule::CVault | Rule::CZone)
    }) {
        Opst::Cat2b
    } else if any(|label, rule| label == Label::Conn && rule == Rule::CDirect) {
        Opst::Cat2c
    } else {
        Opst::Cat2x
    })
}

/// The rule that a third party's verdict names.
pub(super) const fn third_party_rule(sub: Option<Sub>) -> Rule {
    match sub {
        Some(Sub::AccountData) => Rule::TData,
        Some(Sub::Security) => Rule::TSecurity,
        Some(Sub::Access) => Rule::TAccess,
        Some(Sub::EncryptedOnly) => Rule::TEnc,
        _ => Rule::TNone,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{scope, verdict};
    use super::super::verdict::SaqHint;
    use super::*;

    #[test]
    fn of_a_sending_and_a_receiving_connection_the_nearer_one_shows() {
        let members = r#""systems":[{"id":"cde","holdings":[{"element":"pan"}]},{"id":"v"},{"id":"vpn","kind":"vpn"}],
            "flows":[{"id":"f","from":"cde","to":"v"},{"from":"vpn","to":"cde"},{"from":"v","to":"vpn"}]"#;
        let v = verdict(members, "v");
        assert_eq!(v.steps.last().map(|step| (step.label, step.rule)), Some((Label::Conn, Rule::CDirect)));
        // The label IN by C-RELAY is farther away, and only C-DIRECT makes it 2b.
        assert_eq!((v.opst, v.reasons), (Some(Opst::Cat2c), 2));
        let either = members.replace(r#""id":"f","#, r#""id":"f","initiator":"both","#);
        assert_eq!(verdict(&either, "v").steps.last().map(|step| step.label), Some(Label::In));
    }

    #[test]
    fn where_everything_is_outsourced_no_system_of_ours_is_in_scope() {
        let members = r#""systems":[{"id":"shopper","boundary":"external"},{"id":"psp","boundary":"third_party"},{"id":"crm"}],
            "flows":[{"from":"shopper","to":"psp","data":[{"element":"pan"}]},
                {"from":"psp","to":"crm","data":[{"element":"pan","form":"tokenised"}]}]"#;
        let scope = scope(members);
        assert_eq!(scope.systems["psp"].sub, Some(Sub::AccountData));
        assert!(scope.systems.values().all(|verdict| !verdict.category.in_scope()));
        assert_eq!(scope.saq_hint, SaqHint::A);
    }

    #[test]
    fn a_third_party_that_controls_counts_before_one_that_only_stores_ciphertext() {
        let members = r#""systems":[{"id":"cde","holdings":[{"element":"pan"}]},{"id":"v","boundary":"third_party",
            "holdings":[{"element":"pan","form":"encrypted"}],"manages":[{"target":"cde","how":"admin"}]}]"#;
        let v = verdict(members, "v");
        assert_eq!((v.sub, v.rule, v.reasons), (Some(Sub::Security), Some(Rule::TSecurity), 2));
        assert_eq!(v.other_reasons.first().map(|reason| reason.rule), Some(Rule::TEnc));
    }
}
