//! What can be chosen in a form: value and label, in the order in which they are offered.

use crate::id::DomainId;
use crate::model::Model;
use crate::model::catalogue::catalogue;
use crate::model::element::{Form, HashAlgorithm, Op, Phase};
use crate::model::fact::{Attribute, FactType, choice_label};
use crate::model::kinds::{Action, ControlType, CredentialKind, FlowKind, SecretLocation, SystemFunction, SystemKind};
use crate::model::object::ObjectKind;
use crate::model::relations::{
    Access, Auth, Boundary, CapabilityType, Channel, ControlMode, ControlStatus, Encryption, Environment, Exposure,
    How, Initiator, KeyUse, Lifecycle, LinkPolicy, PaymentPage, Privilege, Protocol, Sync, Trust, ViaMode, View,
};
use crate::model::settings::OverrideCategory;

/// A value of a closed list, with its label.
pub type Fixed = (&'static str, &'static str);

/// The key of an object of the model, with its name.
pub type Named = (String, String);

macro_rules! fixed {
    ($($(#[$doc:meta])* $name:ident of $list:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name() -> Vec<Fixed> {
            $list::ALL.iter().map(|it| (it.as_str(), it.label())).collect()
        }
    )+};
}

fixed! {
    /// Kinds of systems.
    system_kinds of SystemKind,
    /// Functions of systems.
    functions of SystemFunction,
    /// Whose a system is.
    boundaries of Boundary,
    /// Environments.
    environments of Environment,
    /// Stages of life, of systems and of flows.
    lifecycles of Lifecycle,
    /// How a web system takes the card.
    payment_pages of PaymentPage,
    /// From where a system can be reached.
    exposures of Exposure,
    /// Forms of an element.
    forms of Form,
    /// What is done with an element.
    ops of Op,
    /// Hash algorithms.
    algorithms of HashAlgorithm,
    /// Before or after authorisation.
    phases of Phase,
    /// Kinds of flows.
    flow_kinds of FlowKind,
    /// Protocols.
    protocols of Protocol,
    /// How the initiating end proves who it is.
    auths of Auth,
    /// How a flow is encrypted.
    encryptions of Encryption,
    /// Which end opens the connection.
    initiators of Initiator,
    /// What the network lets through.
    accesses of Access,
    /// The medium.
    channels of Channel,
    /// How far a segment is trusted.
    trusts of Trust,
    /// What a link lets through.
    link_policies of LinkPolicy,
    /// Types of controls.
    control_types of ControlType,
    /// What a control does when it sees something.
    control_modes of ControlMode,
    /// Whether a control is known to work.
    control_statuses of ControlStatus,
    /// What a key is for.
    key_uses of KeyUse,
    /// Kinds of credentials.
    credential_kinds of CredentialKind,
    /// Where a secret is kept.
    secret_locations of SecretLocation,
    /// What a grant allows.
    privileges of Privilege,
    /// What a flow or a grant does.
    actions of Action,
    /// What a system can do with tokens.
    capability_types of CapabilityType,
    /// In which way one system manages another.
    hows of How,
    /// What a node on the way does with the traffic.
    via_modes of ViaMode,
    /// How the two ends of a flow work together.
    syncs of Sync,
    /// Which stages of life count.
    views of View,
    /// The categories that a person can decide on.
    override_categories of OverrideCategory,
}

/// The elements of the catalogue, in its order, without those that are another name for one in a form.
#[must_use]
pub fn elements() -> Vec<Fixed> {
    let rows = catalogue().elements.iter().filter(|row| row.normalises_to.is_none());
    rows.map(|row| (row.id.as_str(), row.name.as_str())).collect()
}

/// The elements that a form offers: those of the catalogue, then those of one's own, which a policy names.
#[must_use]
pub fn elements_of(model: &Model) -> Vec<Named> {
    let catalogue = elements().into_iter().map(|(key, name)| (key.to_owned(), name.to_owned()));
    catalogue.chain(own_elements(model)).collect()
}

/// The elements of one's own: those that a policy names and the catalogue does not have.
fn own_elements(model: &Model) -> Vec<Named> {
    let policies = model.records.values().filter(|it| it.key.kind == ObjectKind::ElementPolicy);
    let named = policies.filter_map(|it| Some((it.facts.get("element")?.text()?.to_owned(), it.name.clone())));
    let own: std::collections::BTreeMap<String, String> =
        named.filter(|(key, _)| crate::model::catalogue::element(key).is_none()).collect();
    own.into_iter().collect()
}

/// Whether an element is one of one's own.
#[must_use]
pub fn is_own_element(model: &Model, key: &str) -> bool {
    own_elements(model).iter().any(|(own, _)| own == key)
}

/// The systems of the model, by name.
#[must_use]
pub fn systems(model: &Model) -> Vec<Named> {
    by_name(model.systems.values().map(|it| (it.id.as_str(), it.name.as_str())))
}

/// The segments, in the order of their lanes.
#[must_use]
pub fn segments(model: &Model) -> Vec<Named> {
    let mut segments: Vec<_> = model.segments.values().collect();
    let order = |facts: &crate::model::fact::Facts| facts.get("order").and_then(|fact| fact.value.as_u64());
    segments.sort_by_key(|it| (order(&it.facts).unwrap_or(u64::MAX), &it.name, &it.id));
    segments.into_iter().map(|it| (it.id.to_string(), it.name.clone())).collect()
}

/// The vendors, by name.
#[must_use]
pub fn vendors(model: &Model) -> Vec<Named> {
    by_name(model.vendors.values().map(|it| (it.id.as_str(), it.name.as_str())))
}

/// People and teams, by name.
#[must_use]
pub fn people(model: &Model) -> Vec<Named> {
    by_name(model.people.values().map(|it| (it.id.as_str(), it.name.as_str())))
}

/// Cryptographic keys, by name.
#[must_use]
pub fn keys(model: &Model) -> Vec<Named> {
    by_name(model.keys.values().map(|it| (it.id.as_str(), it.name.as_str())))
}

/// The token domains that anything of the model names.
#[must_use]
pub fn domains(model: &Model) -> Vec<String> {
    let on_systems = model.systems.values().flat_map(|system| {
        let of_holdings = system.holdings.iter().filter_map(|holding| holding.domain.as_ref());
        system.capabilities.iter().filter_map(|it| it.domain.as_ref()).chain(of_holdings)
    });
    let on_flows = model.flows.values().flat_map(|flow| flow.fields.iter().filter_map(|field| field.domain.as_ref()));
    let on_grants =
        model.credentials.values().flat_map(|it| it.grants.iter().filter_map(|grant| grant.domain.as_ref()));
    let records = model.records.keys().filter(|key| key.kind == ObjectKind::TokenDomain);
    let named = on_systems.chain(on_flows).chain(on_grants).map(DomainId::to_string);
    named.chain(records.map(|key| key.id.to_string())).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// What a system can manage: other systems, and all systems of a segment.
#[must_use]
pub fn manageable(model: &Model) -> Vec<Named> {
    let segments = segments(model).into_iter();
    let segments = segments.map(|(key, name)| (format!("{}{key}", super::SEGMENT_PREFIX), format!("All of {name}")));
    segments.chain(systems(model)).collect()
}

/// What can be chosen for a registered fact; empty where it is typed in.
#[must_use]
pub fn of_attribute(attribute: &Attribute, model: &Model) -> Vec<Named> {
    match attribute.kind {
        FactType::Bool => [("yes", "Yes"), ("no", "No")].map(|(value, label)| (value.into(), label.into())).to_vec(),
        FactType::Choice(words) | FactType::Choices(words) => {
            words.iter().map(|word| ((*word).to_owned(), choice_label(word))).collect()
        }
        FactType::Reference(kind) | FactType::References(kind) => objects(kind, model),
        _ => Vec::new(),
    }
}

/// The objects of a kind that another one can refer to.
#[must_use]
pub fn objects(kind: ObjectKind, model: &Model) -> Vec<Named> {
    match kind {
        ObjectKind::Person => people(model),
        ObjectKind::Vendor => vendors(model),
        ObjectKind::Segment => segments(model),
        ObjectKind::System => systems(model),
        ObjectKind::Key => keys(model),
        ObjectKind::Control => by_name(model.controls.values().map(|it| (it.id.as_str(), it.name.as_str()))),
        ObjectKind::Credential => by_name(model.credentials.values().map(|it| (it.id.as_str(), it.name.as_str()))),
        ObjectKind::Flow => by_name(
            model
                .flows
                .values()
                .map(|it| (it.id.as_str(), if it.name.is_empty() { it.id.as_str() } else { it.name.as_str() })),
        ),
        kind => by_name(
            model.records.values().filter(|it| it.key.kind == kind).map(|it| (it.key.id.as_str(), it.name.as_str())),
        ),
    }
}

fn by_name<'a>(objects: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Named> {
    let mut named: Vec<Named> = objects.map(|(key, name)| (key.to_owned(), name.to_owned())).collect();
    named.sort_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_not_offered_as_elements() {
        let offered = elements();
        assert_eq!(offered.first(), Some(&("pan", "Primary account number")));
        assert!(offered.iter().all(|(key, _)| *key != "pan_truncated"));
    }
}
