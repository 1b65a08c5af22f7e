//! Options for plans: read from a file, or proposed from what the model shows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::edit::Edit;
use super::holdings::is_sad;
use super::reduce::OptionSet;
use crate::id::{DomainId, ElementId, SegmentId, SystemId};
use crate::model::Model;
use crate::model::element::{Form, Holding};
use crate::model::flow::Flow;
use crate::model::kinds::SystemKind;
use crate::model::object::ObjectKind;
use crate::model::relations::{Access, Boundary, CapabilityType, Channel, Lifecycle, LinkPolicy, PaymentPage};
use crate::model::system::{ManageTarget, System};
use crate::scope::Scope;
use crate::scope::verdict::{Category, Rule};

/// What it costs to take the card on the provider's page, in days of one person.
const HOSTED_PAGE: u64 = 15;

/// Why a text is no list of options.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// The text is no JSON array of options.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong and what was expected.
        message: String,
    },
    /// An option without a key.
    #[error("option {number}: the id is empty")]
    EmptyId {
        /// The place in the file, from 1.
        number: usize,
    },
    /// An option that changes nothing.
    #[error("option {0:?}: there are no effects")]
    NoEffects(String),
    /// Two options with one key.
    #[error("two options have the id {0:?}")]
    Duplicate(String),
}

/// Reads a JSON array of options. One without a cost costs what its changes cost by default.
///
/// # Errors
/// See [`OptionsError`].
pub fn read(text: &[u8]) -> Result<Vec<OptionSet>, OptionsError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        id: String,
        cost: Option<u64>,
        effects: Vec<Edit>,
    }
    let shapes: Vec<Shape> = serde_json::from_slice(text).map_err(|error| OptionsError::Syntax {
        line: error.line(),
        column: error.column(),
        message: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
    })?;
    let mut ids = BTreeSet::new();
    let mut options = Vec::with_capacity(shapes.len());
    for (number, Shape { id, cost, effects }) in (1..).zip(shapes) {
        if id.trim().is_empty() {
            return Err(OptionsError::EmptyId { number });
        }
        if effects.is_empty() {
            return Err(OptionsError::NoEffects(id));
        }
        if !ids.insert(id.clone()) {
            return Err(OptionsError::Duplicate(id));
        }
        let by_default = || effects.iter().map(Edit::default_cost).fold(0, u64::saturating_add);
        options.push(OptionSet { cost: cost.unwrap_or_else(by_default), id, effects });
    }
    Ok(options)
}

/// Options that may take systems out of scope, by key, with default costs.
///
/// Each answers a reason why something is in scope: card data on a flow or on a system, an open link, a connection to
/// the CDE, a shared zone, a management relation, a deployment tool without approval of changes, a payment page of
/// our own.
#[must_use]
pub fn generate(model: &Model, scope: &Scope) -> Vec<OptionSet> {
    let mut proposals = Proposals { model, scope, found: BTreeMap::new() };
    proposals.flows();
    proposals.systems();
    proposals.links();
    proposals.into_options()
}

/// Options that may shrink a blast radius, by key, with default costs: take a grant away, bind a credential to its
/// holders, give each holder its own.
#[must_use]
pub fn generate_for_blast(model: &Model) -> Vec<OptionSet> {
    let mut found = BTreeMap::new();
    let mut propose = |id: String, edit: Edit| {
        let option = OptionSet { id: id.clone(), cost: edit.default_cost(), effects: vec![edit] };
        found.insert(id, option);
    };
    let known = |id: &SystemId| model.systems.contains_key(id);
    for credential in model.credentials.values() {
        let id = &credential.id;
        for grant in credential.grants.iter().filter(|grant| known(&grant.on)) {
            let (on, privilege) = (grant.on.clone(), grant.privilege);
            let edit = Edit::RevokeGrant { credential: id.clone(), on, privilege };
            propose(format!("revoke {privilege} on {} from {id}", grant.on), edit);
        }
        let holders: BTreeSet<SystemId> = credential.held_by.iter().filter(|it| known(it)).cloned().collect();
        if credential.bound_to.is_none() && !holders.is_empty() {
            propose(format!("bind {id}"), Edit::BindCredential { credential: id.clone(), to: holders.clone() });
        }
        if holders.len() > 1 {
            propose(format!("split {id}"), Edit::SplitCredential { credential: id.clone() });
        }
    }
    found.into_values().collect()
}

struct Proposals<'a> {
    model: &'a Model,
    scope: &'a Scope,
    found: BTreeMap<String, OptionSet>,
}

impl Proposals<'_> {
    fn propose(&mut self, id: String, edit: Edit) {
        let cost = edit.default_cost();
        self.bundle(id, cost, vec![edit]);
    }

    fn bundle(&mut self, id: String, cost: u64, effects: Vec<Edit>) {
        self.found.insert(id.clone(), OptionSet { id, cost, effects });
    }

    fn into_options(self) -> Vec<OptionSet> {
        self.found.into_values().collect()
    }

    fn category(&self, system: &SystemId) -> Option<Category> {
        self.scope.systems.get(system).map(|verdict| verdict.category)
    }

    fn is_in_scope(&self, system: &SystemId) -> bool {
        self.category(system).is_some_and(Category::in_scope)
    }

    fn is_own(&self, system: &SystemId) -> bool {
        self.model.systems.get(system).is_some_and(|it| it.boundary == Boundary::Own)
    }

    fn flows(&mut self) {
        let domain = foreign_domain(self.model);
        for flow in self.model.flows.values().filter(|flow| flow.stage != Lifecycle::Retired) {
            if !self.is_own(&flow.from) && !self.is_own(&flow.to) {
                continue;
            }
            for element in card_elements(&flow.fields) {
                let edit = Edit::DropField { flow: flow.id.clone(), element: element.clone() };
                self.propose(format!("drop {element} from {}", flow.id), edit);
            }
            let reversible = |field: &Holding| matches!(field.form, Form::Clear | Form::Encrypted | Form::Unknown);
            let has_number = flow.fields.iter().any(|it| it.live && it.element.as_str() == "pan" && reversible(it));
            if let Some(domain) = domain.as_ref().filter(|_| has_number) {
                let edit = Edit::TokeniseFlow { flow: flow.id.clone(), domain: domain.clone() };
                self.propose(format!("tokenise {}", flow.id), edit);
            }
            if self.is_worth_blocking(flow) {
                self.propose(format!("block {}", flow.id), Edit::Block { flow: flow.id.clone() });
            }
        }
    }

    /// A connection between two systems of ours of which one may be in scope only because of the other.
    fn is_worth_blocking(&self, flow: &Flow) -> bool {
        let connects = flow.channel == Channel::Network && flow.access != Access::Blocked && flow.from != flow.to;
        connects
            && self.is_own(&flow.from)
            && self.is_own(&flow.to)
            && self.is_in_scope(&flow.from)
            && self.is_in_scope(&flow.to)
    }

    fn systems(&mut self) {
        for system in self.model.systems.values().filter(|system| system.boundary == Boundary::Own) {
            if !self.is_in_scope(&system.id) {
                continue;
            }
            for element in card_elements(&system.holdings) {
                let edit = Edit::RemoveHolding { system: system.id.clone(), element: element.clone() };
                self.propose(format!("remove {element} from {}", system.id), edit);
            }
            for relation in &system.manages {
                let target = match &relation.target {
                    ManageTarget::System(id) if self.model.systems.contains_key(id) => id.to_string(),
                    ManageTarget::Segment(id) if self.model.segments.contains_key(id) => format!("segment:{id}"),
                    _ => continue,
                };
                let edit = Edit::RemoveManage { system: system.id.clone(), target: target.clone() };
                self.propose(format!("stop {} managing {target}", system.id), edit);
            }
            if matches!(system.kind, SystemKind::Cicd | SystemKind::CodeRepo)
                && system.is_relay()
                && system.relay.is_none()
            {
                let control = "change_approval".to_owned();
                let edit = Edit::AddControl { system: system.id.clone(), control };
                self.propose(format!("approve changes on {}", system.id), edit);
            }
            let rule = self.scope.systems.get(&system.id).and_then(|verdict| verdict.rule);
            if matches!(rule, Some(Rule::AZone | Rule::CZone))
                && let Some(segment) = self.quiet_segment(system)
            {
                let edit = Edit::Move { system: system.id.clone(), segment: segment.clone() };
                self.propose(format!("move {} to {segment}", system.id), edit);
            }
            if takes_cards(system.payment_page) {
                self.hosted_page(system);
            }
        }
    }

    /// Card data no longer goes through the page, nor from it.
    fn hosted_page(&mut self, page: &System) {
        let mut effects = Vec::new();
        for flow in self.model.flows.values().filter(|flow| flow.from == page.id || flow.to == page.id) {
            let elements = card_elements(&flow.fields);
            effects.extend(elements.into_iter().map(|element| Edit::DropField { flow: flow.id.clone(), element }));
        }
        let held = card_elements(&page.holdings);
        effects.extend(held.into_iter().map(|element| Edit::RemoveHolding { system: page.id.clone(), element }));
        if !effects.is_empty() {
            self.bundle(format!("hosted page for {}", page.id), HOSTED_PAGE, effects);
        }
    }

    /// The first declared segment, apart from the system's own, without a system in scope and without an open link.
    fn quiet_segment(&self, system: &System) -> Option<SegmentId> {
        let busy: BTreeSet<&SegmentId> = self
            .model
            .systems
            .values()
            .filter(|it| self.is_in_scope(&it.id))
            .filter_map(|it| it.segment.as_ref())
            .collect();
        let linked: BTreeSet<&SegmentId> = self
            .model
            .links
            .values()
            .filter(|link| link.policy == LinkPolicy::Open)
            .flat_map(|link| [link.key.a(), link.key.b()])
            .collect();
        let mut quiet = self.model.segments.keys().filter(|id| !busy.contains(id) && !linked.contains(id));
        quiet.find(|id| system.segment.as_ref() != Some(*id)).cloned()
    }

    /// Open links between segments of which one holds something in scope.
    fn links(&mut self) {
        let in_scope: BTreeSet<SegmentId> = self
            .model
            .systems
            .values()
            .filter(|system| self.is_in_scope(&system.id))
            .filter_map(|system| system.segment.clone())
            .collect();
        for link in self.model.links.values().filter(|link| link.policy == LinkPolicy::Open) {
            let (a, b) = (link.key.a().clone(), link.key.b().clone());
            let declared = self.model.segments.contains_key(&a) && self.model.segments.contains_key(&b);
            if declared && a != b && (in_scope.contains(&a) || in_scope.contains(&b)) {
                self.propose(format!("segment {a} from {b}"), Edit::Segment { a, b });
            }
        }
    }
}

/// The live card numbers and authentication data among holdings, each element once.
fn card_elements(holdings: &[Holding]) -> BTreeSet<ElementId> {
    let is_card = |it: &&Holding| it.live && (it.element.as_str() == "pan" || is_sad(it.element.as_str()));
    // A token is what remains when the number is gone.
    let is_data = |it: &&Holding| !matches!(it.form, Form::Tokenised | Form::NetworkToken);
    holdings.iter().filter(is_card).filter(is_data).map(|it| it.element.clone()).collect()
}

const fn takes_cards(page: PaymentPage) -> bool {
    matches!(page, PaymentPage::MerchantForm | PaymentPage::DirectPost | PaymentPage::JsForm)
}

/// A token domain that nobody of ours can turn back: the vault of a third party, else one that a record declares.
fn foreign_domain(model: &Model) -> Option<DomainId> {
    let capabilities = |boundary: fn(Boundary) -> bool| {
        model.systems.values().filter(move |system| boundary(system.boundary)).flat_map(|system| &system.capabilities)
    };
    let ours: BTreeSet<&DomainId> =
        capabilities(|it| it == Boundary::Own).filter_map(|capability| capability.domain.as_ref()).collect();
    let vaults: BTreeSet<&DomainId> = capabilities(|it| it != Boundary::Own)
        .filter(|capability| capability.kind == CapabilityType::Vault)
        .filter_map(|capability| capability.domain.as_ref())
        .collect();
    let declared = model.records.keys().filter(|key| key.kind == ObjectKind::TokenDomain);
    let declared = declared.map(|key| DomainId::new(key.id.as_str()));
    vaults.into_iter().cloned().chain(declared).find(|domain| !ours.contains(domain))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;
    use crate::scope;

    #[test]
    fn an_option_without_a_cost_costs_what_its_changes_do() {
        let options = read(
            br#"[{"id":"both","effects":[{"op":"block","flow":"f"},{"op":"move","system":"a","segment":"s"}]},
                 {"id":"one","cost":9,"effects":[{"op":"segment","a":"s","b":"t"}]}]"#,
        )
        .unwrap();
        assert_eq!(options.iter().map(|option| option.cost).collect::<Vec<_>>(), [7, 9]);
    }

    #[test]
    fn what_is_no_option_is_named() {
        let error = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(error(r#"[{"id":" ","effects":[]}]"#), "option 1: the id is empty");
        assert_eq!(error(r#"[{"id":"a","effects":[]}]"#), r#"option "a": there are no effects"#);
        let block = r#"{"op":"block","flow":"f"}"#;
        let twice = format!(r#"[{{"id":"a","effects":[{block}]}},{{"id":"a","effects":[{block}]}}]"#);
        assert_eq!(error(&twice), r#"two options have the id "a""#);
        let syntax = error("[{\"id\":\"a\",\n\"effects\":[{\"op\":\"explode\"}]}]");
        assert!(syntax.starts_with("line 2, ") && syntax.contains("explode"), "{syntax}");
        assert!(error(r#"[{"id":"a","cost":-1,"effects":[]}]"#).contains("-1"));
    }

    #[test]
    fn every_reason_for_scope_has_an_option_that_can_be_carried_out() {
        let model = read_json(
            br#"{"segments":[{"id":"cde"},{"id":"office"},{"id":"spare"}],
              "segment_links":[{"a":"cde","b":"office","policy":"open"}],
              "systems":[{"id":"web","segment":"cde","payment_page":"merchant_form"},{"id":"pc","segment":"office"},
                {"id":"ci","kind":"cicd","manages":[{"target":"web","how":"deploy"}]},
                {"id":"db","holdings":[{"element":"pan"}]},
                {"id":"psp","boundary":"third_party","capabilities":[{"type":"vault","domain":"d"}]}],
              "flows":[{"id":"f","from":"web","to":"db","data":[{"element":"pan"}]}]}"#,
        )
        .unwrap()
        .0;
        let options = generate(&model, &scope::compute(&model));
        for option in &options {
            super::super::edit::apply(&model, &option.effects).unwrap();
        }
        let ids: Vec<&str> = options.iter().map(|option| option.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "approve changes on ci",
                "block f",
                "drop pan from f",
                "hosted page for web",
                "move pc to spare",
                "remove pan from db",
                "segment cde from office",
                "stop ci managing web",
                "tokenise f"
            ]
        );
    }
}
