//! The rules of scope, written a second time for clarity only: sets of texts, every rule tried on every pair of
//! systems, round after round until nothing is added. Shares no code with the engine.

use std::collections::{BTreeMap, BTreeSet};

use domain::model::Model;
use domain::model::element::{Form, Holding, Op};
use domain::model::flow::{Flow, FlowControl};
use domain::model::relations::{
    Access, Boundary, CapabilityType, Channel, ControlStatus, Encryption, Initiator, Lifecycle, LinkPolicy,
    PaymentPage, ViaMode, View,
};
use domain::model::system::{ManageTarget, System};
use domain::scope::verdict::{Label, Rule};

/// How a label was derived: rule, premise's key, premise's label, edge. The smallest is preferred.
pub type Derivation = (Rule, String, Label, String);

/// What a run gives.
#[derive(Default)]
pub struct Outcome {
    /// The round in which each label of each system was derived first, and the preferred derivation of that round.
    pub labels: BTreeMap<(String, Label), (usize, Derivation)>,
    /// Every label with every rule that gives it.
    pub reasons: BTreeMap<String, BTreeSet<(Label, Rule)>>,
    /// Ends of blocked connections that count and bring scope.
    pub unverified: BTreeSet<String>,
}

struct World<'m> {
    model: &'m Model,
    holdings: BTreeMap<String, Vec<Holding>>,
    zones: BTreeMap<String, String>,
    data: BTreeMap<String, Rule>,
}

const MICROSEGMENTED: &str = "\u{0}";

pub fn run(model: &Model) -> Outcome {
    let mut world = World { model, holdings: BTreeMap::new(), zones: zones(model), data: BTreeMap::new() };
    world.holdings = holdings(model);
    for (id, system) in &model.systems {
        if system.boundary == Boundary::Own && (active(model, system) || residual(model, system)) {
            world.data.extend(world.data_rule(system).map(|rule| (id.to_string(), rule)));
        }
    }
    let mut outcome = Outcome::default();
    let mut found = world.seeds();
    let mut round = 0;
    while !found.is_empty() {
        let mut fresh = Vec::new();
        for (system, label, derivation) in found {
            outcome.reasons.entry(system.clone()).or_default().insert((label, derivation.0));
            let entry = outcome.labels.entry((system.clone(), label)).or_insert_with(|| {
                fresh.push((system.clone(), label));
                (round, derivation.clone())
            });
            if entry.0 == round {
                entry.1 = entry.1.clone().min(derivation);
            }
        }
        round += 1;
        found = Vec::new();
        for (system, label) in fresh {
            world.follow(&model.systems[system.as_str()], label, &mut found, &mut outcome.unverified);
        }
    }
    outcome
}

fn stage_is_active(model: &Model, stage: Lifecycle) -> bool {
    let other = if model.settings.view == View::Current { Lifecycle::Retiring } else { Lifecycle::Planned };
    stage == Lifecycle::Live || stage == other
}

pub fn active(model: &Model, system: &System) -> bool {
    stage_is_active(model, system.lifecycle)
}

fn residual(model: &Model, system: &System) -> bool {
    let retired = system.lifecycle == Lifecycle::Retired
        || (model.settings.view == View::Target && system.lifecycle == Lifecycle::Retiring);
    retired && !system.disposed
}

fn active_flows(model: &Model) -> impl Iterator<Item = &Flow> {
    let live = |id: &domain::id::SystemId| model.systems.get(id).is_some_and(|it| active(model, it));
    model
        .flows
        .values()
        .map(|it| &**it)
        .filter(move |flow| stage_is_active(model, flow.stage) && live(&flow.from) && live(&flow.to))
}

fn verified(model: &Model, flow: &Flow) -> bool {
    match &flow.control {
        Some(FlowControl::Inline { status, .. }) => *status == ControlStatus::Verified,
        Some(FlowControl::Record(id)) => {
            model.controls.get(id).is_some_and(|control| control.status == ControlStatus::Verified)
        }
        None => false,
    }
}

fn connects(model: &Model, flow: &Flow) -> bool {
    flow.channel == Channel::Network
        && flow.from != flow.to
        && !(flow.access == Access::Blocked && verified(model, flow))
}

/// The zone of each own system; one that is microsegmented has a zone of nobody else.
fn zones(model: &Model) -> BTreeMap<String, String> {
    let mut zone: BTreeMap<&str, &str> = model.segments.keys().map(|id| (id.as_str(), id.as_str())).collect();
    loop {
        let mut changed = false;
        for a in model.segments.keys() {
            for b in model.segments.keys().filter(|b| a < *b) {
                let link = model.links.values().find(|link| (link.key.a(), link.key.b()) == (a, b));
                let joined = match link {
                    Some(link) => link.policy == LinkPolicy::Open,
                    None => model.settings.strict_flat,
                };
                let both = zone[a.as_str()].min(zone[b.as_str()]);
                if joined && (zone[a.as_str()] != both || zone[b.as_str()] != both) {
                    zone.insert(a.as_str(), both);
                    zone.insert(b.as_str(), both);
                    changed = true;
                }
            }
        }
        if !changed {
            break;
        }
    }
    let own = model.systems.values().filter(|it| it.boundary == Boundary::Own);
    own.filter_map(|it| match &it.segment {
        Some(segment) if model.segments[segment].microsegmented => {
            Some((it.id.to_string(), format!("{MICROSEGMENTED}{}", it.id)))
        }
        Some(segment) => Some((it.id.to_string(), zone[segment.as_str()].to_owned())),
        None => model.settings.strict_flat.then(|| (it.id.to_string(), "?".to_owned())),
    })
    .collect()
}

fn holdings(model: &Model) -> BTreeMap<String, Vec<Holding>> {
    let mut all: BTreeMap<String, Vec<Holding>> = BTreeMap::new();
    for (id, system) in &model.systems {
        let declared = system
            .holdings
            .iter()
            .filter(|it| active(model, system) || (residual(model, system) && it.ops.contains(Op::Store)));
        all.insert(id.to_string(), declared.cloned().collect());
    }
    for flow in active_flows(model).filter(|flow| flow.access != Access::Blocked) {
        let mut takers = BTreeSet::from([flow.from.to_string(), flow.to.to_string()]);
        let plain = matches!(flow.encryption, Encryption::None | Encryption::Unknown);
        let sees = flow.via.iter().filter(|via| via.mode == ViaMode::Inspect || plain);
        takers.extend(
            sees.filter(|via| model.systems.get(&via.node).is_some_and(|it| active(model, it)))
                .map(|via| via.node.to_string()),
        );
        for taker in takers {
            all.get_mut(&taker).expect("every system has a list").extend(flow.fields.iter().cloned());
        }
    }
    loop {
        let mut changed = false;
        for (id, system) in model.systems.iter().filter(|(_, it)| active(model, it) || residual(model, it)) {
            for copy in &system.copies {
                let stored: Vec<Holding> = all
                    .get(copy.from.as_str())
                    .map(|held| held.iter().filter(|it| it.ops.contains(Op::Store)).cloned().collect())
                    .unwrap_or_default();
                for mut holding in stored {
                    let secret = ["pan", "card_verification_code"].contains(&holding.element.as_str());
                    if let (Some(key), true, Form::Clear) = (&copy.encrypt_key, secret, holding.form) {
                        holding.form = Form::Encrypted;
                        holding.key = Some(key.clone());
                    }
                    let mine = all.get_mut(id.as_str()).expect("every system has a list");
                    if !mine.contains(&holding) {
                        mine.push(holding);
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            return all;
        }
    }
}

impl World<'_> {
    fn own(&self, id: &str) -> bool {
        self.model.systems[id].boundary == Boundary::Own
    }

    fn external(&self, id: &str) -> bool {
        self.model.systems[id].boundary == Boundary::External
    }

    fn is_active(&self, id: &str) -> bool {
        active(self.model, &self.model.systems[id])
    }

    fn emits(&self, id: &str) -> bool {
        self.own(id) && self.is_active(id) && !self.model.systems[id].sealed_scd
    }

    fn holds_key(&self, id: &str, holding: &Holding) -> bool {
        let record = holding.key.as_ref().and_then(|key| self.model.keys.get(key));
        record.is_some_and(|key| key.holders.contains(id))
    }

    fn data_rule(&self, system: &System) -> Option<Rule> {
        let live: Vec<&Holding> = self.holdings[system.id.as_str()].iter().filter(|it| it.live).collect();
        let best = live.iter().filter_map(|it| self.effect(system, it)).min();
        best.or_else(|| self.keeps_too_much(&live).then_some(Rule::DTruncExcess))
    }

    fn effect(&self, system: &System, it: &Holding) -> Option<Rule> {
        let pan = it.element.as_str() == "pan";
        let sad = it.element.as_str() == "card_verification_code";
        if !pan && !sad {
            return None;
        }
        if it.form == Form::Encrypted {
            if self.holds_key(system.id.as_str(), it) {
                return Some(Rule::DEncSelfKey);
            }
            let record = it.key.as_ref().and_then(|key| self.model.keys.get(key));
            let ours = |id: &domain::id::SystemId| {
                self.model.systems.get(id).is_some_and(|it| it.boundary == Boundary::Own && !it.sealed_scd)
            };
            return match record {
                Some(key) if key.holders.iter().any(ours) => Some(Rule::DEncEntityKey),
                Some(key) if key.p2pe_listed || key.attested => None,
                _ => Some(Rule::DEncUnproven),
            };
        }
        if sad {
            return Some(Rule::DSad);
        }
        let keyed = it.alg.is_some_and(|alg| ["hmac", "cmac", "gmac"].contains(&alg.as_str()));
        match it.form {
            Form::Clear => Some(Rule::DPanClear),
            Form::Unknown => Some(Rule::DPanUnknown),
            Form::Tokenised if system.capabilities.iter().any(|can| can.domain == it.domain) => Some(Rule::DTokenDetok),
            Form::Hashed if !keyed => Some(Rule::DHashUnkeyed),
            Form::Hashed if self.holds_key(system.id.as_str(), it) => Some(Rule::DHashKey),
            _ => None,
        }
    }

    fn keeps_too_much(&self, live: &[&Holding]) -> bool {
        let short = |it: &&&Holding| it.element.as_str() == "pan" && matches!(it.form, Form::Masked | Form::Truncated);
        let masks: BTreeSet<&str> = live.iter().filter(short).filter_map(|it| it.mask.as_deref()).collect();
        (1..30).any(|length| {
            let same: Vec<Vec<char>> =
                masks.iter().map(|mask| mask.chars().collect::<Vec<_>>()).filter(|mask| mask.len() == length).collect();
            let removed = (0..length).filter(|at| same.iter().all(|mask| mask[*at] == '*')).count();
            let least = if length == 16 {
                4
            } else if length == 15 {
                5
            } else {
                length.max(10) - 10
            };
            !same.is_empty() && removed < least
        })
    }

    fn seeds(&self) -> Vec<(String, Label, Derivation)> {
        let mut seeds = Vec::new();
        let mut seed = |id: &str, label: Label, rule: Rule| {
            seeds.push((id.to_owned(), label, (rule, id.to_owned(), label, String::new())));
        };
        for (id, system) in &self.model.systems {
            let (own, active) = (self.own(id.as_str()), active(self.model, system));
            if let Some(rule) = self.data.get(id.as_str()) {
                seed(id.as_str(), Label::Data, *rule);
            }
            let page = [PaymentPage::Redirect, PaymentPage::Iframe, PaymentPage::DirectPost, PaymentPage::JsForm];
            if active && system.boundary != Boundary::External && page.contains(&system.payment_page) {
                seed(id.as_str(), Label::Imp, Rule::IPage);
            }
            if self.emits(id.as_str()) && self.model.keys.values().any(|key| key.holders.contains(id)) {
                seed(id.as_str(), Label::Imp, Rule::IKeys);
            }
            let token = |domain: &Option<domain::id::DomainId>| {
                self.holdings[id.as_str()].iter().any(|it| {
                    it.live
                        && ["pan", "card_verification_code"].contains(&it.element.as_str())
                        && it.form == Form::Tokenised
                        && it.domain == *domain
                })
            };
            let detokenises =
                |it: &domain::model::system::Capability| it.kind == CapabilityType::Detokenise && !token(&it.domain);
            if own && active && system.capabilities.iter().any(detokenises) {
                seed(id.as_str(), Label::In, Rule::CVault);
            }
        }
        seeds
    }

    /// Everything that follows from one label of one system, by the table of rules.
    fn follow(
        &self,
        u: &System,
        label: Label,
        found: &mut Vec<(String, Label, Derivation)>,
        unverified: &mut BTreeSet<String>,
    ) {
        let from = u.id.as_str();
        let cde = matches!(label, Label::Data | Label::Adj);
        let leads = matches!(label, Label::In | Label::Imp);
        let mut give = |id: &str, gives: Label, rule: Rule, edge: &str| {
            found.push((id.to_owned(), gives, (rule, from.to_owned(), label, edge.to_owned())));
        };
        for (id, v) in &self.model.systems {
            let id = id.as_str();
            let zone_mates = self.zones.contains_key(from) && self.zones.get(from) == self.zones.get(id);
            let not_data = !self.data.contains_key(id);
            if label == Label::Data && self.emits(from) && zone_mates && self.is_active(id) && not_data {
                give(id, Label::Adj, Rule::AZone, "");
            }
            if label == Label::Adj && self.emits(from) && zone_mates && self.is_active(id) && id != from {
                give(id, Label::In, Rule::CZone, "");
            }
            let can_manage = self.is_active(id) && !self.external(id);
            for relation in v.manages.iter().filter(|_| can_manage) {
                let hits = match &relation.target {
                    ManageTarget::System(target) => *target == u.id,
                    ManageTarget::Segment(segment) => self.own(from) && u.segment.as_ref() == Some(segment),
                };
                let how = relation.how.as_str();
                if hits && cde && self.own(from) && self.is_active(from) {
                    give(id, Label::Imp, Rule::IManages, how);
                }
                let supports = ["log", "ntp", "ids", "monitor", "physical"].contains(&how);
                if hits && leads && !supports {
                    give(id, Label::Imp, Rule::IManagesIndirect, how);
                }
            }
        }
        for flow in active_flows(self.model).filter(|flow| connects(self.model, flow)) {
            let (other, initiates) = if flow.from == u.id {
                (flow.to.as_str(), flow.initiator != Initiator::From)
            } else if flow.to == u.id {
                (flow.from.as_str(), flow.initiator != Initiator::To)
            } else {
                continue;
            };
            let edge = flow.id.as_str();
            if cde && self.emits(from) {
                let unrestricted = label == Label::Data && flow.access == Access::Unrestricted;
                if unrestricted && self.own(other) && !self.data.contains_key(other) {
                    give(other, Label::Adj, Rule::AUnrestricted, edge);
                }
                if !self.external(other) {
                    give(other, if initiates { Label::In } else { Label::Conn }, Rule::CDirect, edge);
                    if flow.access == Access::Blocked {
                        unverified.extend([from.to_owned(), other.to_owned()]);
                    }
                }
                for via in &flow.via {
                    let node = via.node.as_str();
                    let Some(it) = self.model.systems.get(node) else { continue };
                    let carries = it.boundary == Boundary::Own
                        || (it.boundary == Boundary::ThirdParty && via.mode == ViaMode::Inspect);
                    if carries && self.is_active(node) && node != from {
                        give(node, Label::In, Rule::CVia, edge);
                    }
                }
            }
            if leads && u.is_relay() && initiates && !self.external(other) {
                give(other, Label::In, Rule::CRelay, edge);
            }
        }
    }
}
