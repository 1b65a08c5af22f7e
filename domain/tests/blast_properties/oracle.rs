//! The rules of the blast radius once more, as plainly as they can be said: everything is tried until nothing changes.

use std::collections::{BTreeMap, BTreeSet};

use domain::blast::Start;
use domain::id::KeyId;
use domain::model::Model;
use domain::model::catalogue;
use domain::model::element::{ElementClass, Form, HashAlgorithm, Holding, Op};
use domain::model::flow::{Flow, FlowControl};
use domain::model::relations::{
    Access, Auth, Boundary, Channel, ControlStatus, Encryption, Exposure, How, Initiator, Lifecycle, LinkPolicy,
    PaymentPage, Privilege, ViaMode, View,
};
use domain::model::system::{ManageTarget, System};

type Hops = BTreeMap<String, u32>;

/// What a blast radius comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Result {
    /// Levels with the fewest hops of any of them, by system.
    pub control: BTreeMap<String, (BTreeSet<String>, u32)>,
    pub credentials: BTreeSet<String>,
    pub keys: BTreeSet<String>,
    /// Element, effective form and place.
    pub data: BTreeSet<(String, String, String)>,
    pub integrity: BTreeSet<String>,
    pub exposed: BTreeSet<String>,
    pub records_pan: u64,
    pub records_unknown: bool,
    pub data_score: u64,
}

struct World<'m> {
    model: &'m Model,
    zone: BTreeMap<&'m str, String>,
    held: BTreeMap<&'m str, Vec<(Holding, u8)>>,
}

fn lives(stage: Lifecycle, view: View) -> bool {
    match view {
        View::Current => stage == Lifecycle::Live || stage == Lifecycle::Retiring,
        View::Target => stage == Lifecycle::Live || stage == Lifecycle::Planned,
    }
}

fn is_sad(element: &str) -> bool {
    catalogue::class_of(element) == Some(ElementClass::Sad)
}

impl<'m> World<'m> {
    fn new(model: &'m Model) -> Self {
        let mut world = Self { model, zone: BTreeMap::new(), held: BTreeMap::new() };
        world.make_zones();
        world.hold();
        world
    }

    fn system(&self, id: &str) -> Option<&'m System> {
        self.model.systems.get(id).map(|it| &**it)
    }

    fn active(&self, id: &str) -> bool {
        self.system(id).is_some_and(|it| lives(it.lifecycle, self.model.settings.view))
    }

    fn residual(&self, id: &str) -> bool {
        let gone = |it: &System| matches!(it.lifecycle, Lifecycle::Retired | Lifecycle::Retiring) && !it.disposed;
        !self.active(id) && self.system(id).is_some_and(gone)
    }

    fn external(&self, id: &str) -> bool {
        self.system(id).is_none_or(|it| it.boundary == Boundary::External)
    }

    fn flow_active(&self, flow: &Flow) -> bool {
        lives(flow.stage, self.model.settings.view) && self.active(flow.from.as_str()) && self.active(flow.to.as_str())
    }

    fn verified_block(&self, flow: &Flow) -> bool {
        let status = match &flow.control {
            Some(FlowControl::Inline { status, .. }) => Some(*status),
            Some(FlowControl::Record(id)) => self.model.controls.get(id).map(|it| it.status),
            None => None,
        };
        flow.access == Access::Blocked && status == Some(ControlStatus::Verified)
    }

    fn open(&self, flow: &Flow) -> bool {
        self.flow_active(flow) && flow.channel == Channel::Network && flow.from != flow.to && !self.verified_block(flow)
    }

    /// The other end of an open flow that this end may open.
    fn opens<'f>(&self, flow: &'f Flow, end: &str) -> Option<&'f str> {
        if !self.open(flow) {
            return None;
        }
        if flow.from.as_str() == end && flow.initiator != Initiator::To {
            return Some(flow.to.as_str());
        }
        (flow.to.as_str() == end && flow.initiator != Initiator::From).then_some(flow.from.as_str())
    }

    fn make_zones(&mut self) {
        let segments: Vec<&str> = self.model.segments.keys().map(|id| id.as_str()).collect();
        let mut name: BTreeMap<&str, &str> = segments.iter().map(|it| (*it, *it)).collect();
        let joined = |a: &str, b: &str| {
            let link = self
                .model
                .links
                .values()
                .find(|link| (link.key.a().as_str(), link.key.b().as_str()) == (a.min(b), a.max(b)));
            link.map_or(self.model.settings.strict_flat, |link| link.policy == LinkPolicy::Open)
        };
        for _ in &segments {
            for a in &segments {
                for b in &segments {
                    if a != b && joined(a, b) {
                        let least = name[a].min(name[b]);
                        name.insert(a, least);
                        name.insert(b, least);
                    }
                }
            }
        }
        for system in self.model.systems.values().filter(|it| it.boundary == Boundary::Own) {
            match &system.segment {
                Some(segment) => drop(self.zone.insert(system.id.as_str(), name[segment.as_str()].to_owned())),
                None if self.model.settings.strict_flat => drop(self.zone.insert(system.id.as_str(), "?".to_owned())),
                None => {}
            }
        }
    }

    fn micro(&self, id: &str) -> bool {
        let segment = self.system(id).and_then(|it| it.segment.as_ref());
        segment.and_then(|id| self.model.segments.get(id)).is_some_and(|it| it.microsegmented)
    }

    fn neighbours(&self, one: &str, other: &str) -> bool {
        let same = self.zone.get(one).is_some_and(|zone| self.zone.get(other) == Some(zone));
        same && !self.micro(one) && !self.micro(other)
    }

    fn internet(&self, id: &str) -> bool {
        self.system(id).is_some_and(|it| {
            it.exposure.map_or(it.boundary == Boundary::ThirdParty, |exposure| exposure == Exposure::Internet)
        })
    }

    fn reaches(&self, from: &str, to: &str) -> bool {
        self.active(from)
            && (from == to
                || self.internet(to)
                || self.neighbours(from, to)
                || self.model.flows.values().any(|flow| self.opens(flow, from) == Some(to)))
    }

    /// H with 0 for declared, 1 for payload, 2 for copied.
    fn hold(&mut self) {
        for system in self.model.systems.values() {
            let id = system.id.as_str();
            let (active, residual) = (self.active(id), self.residual(id));
            let declared = system.holdings.iter().filter(|it| active || (residual && it.ops.contains(Op::Store)));
            let declared: Vec<_> = declared.map(|it| (it.clone(), 0)).collect();
            self.held.entry(id).or_default().extend(declared);
        }
        for flow in self.model.flows.values() {
            if !self.flow_active(flow) || flow.access == Access::Blocked {
                continue;
            }
            let readable = matches!(flow.encryption, Encryption::None | Encryption::Unknown);
            let listens =
                flow.via.iter().filter(|via| via.mode == ViaMode::Inspect || readable).map(|via| via.node.as_str());
            let nodes: BTreeSet<&str> = [flow.from.as_str(), flow.to.as_str()].into_iter().chain(listens).collect();
            let nodes: Vec<&str> = nodes.into_iter().filter(|node| self.active(node)).collect();
            for node in nodes {
                self.held.get_mut(node).unwrap().extend(flow.fields.iter().map(|it| (it.clone(), 1)));
            }
        }
        loop {
            let mut added = false;
            for system in self.model.systems.values() {
                let id = system.id.as_str();
                if !self.active(id) && !self.residual(id) {
                    continue;
                }
                for copy in &system.copies {
                    let stored: Vec<Holding> = self
                        .held
                        .get(copy.from.as_str())
                        .into_iter()
                        .flatten()
                        .filter(|(it, _)| it.ops.contains(Op::Store))
                        .map(|(it, _)| it.clone())
                        .collect();
                    for mut it in stored {
                        let card = it.element.as_str() == "pan" || is_sad(it.element.as_str());
                        if let Some(key) =
                            copy.encrypt_key.as_ref().filter(|_| card && it.live && it.form == Form::Clear)
                        {
                            (it.form, it.key) = (Form::Encrypted, Some(key.clone()));
                        }
                        let list = self.held.entry(id).or_default();
                        if !list.iter().any(|(known, by)| *by == 2 && *known == it) {
                            list.push((it, 2));
                            added = true;
                        }
                    }
                }
            }
            if !added {
                return;
            }
        }
    }

    fn manages(&self, manager: &str) -> Vec<(&'m str, How)> {
        let mut managed = Vec::new();
        for relation in self.system(manager).into_iter().flat_map(|it| &it.manages).filter(|it| it.how.bears_control())
        {
            for system in self.model.systems.values().filter(|it| self.active(it.id.as_str())) {
                let meant = match &relation.target {
                    ManageTarget::System(id) => system.id == *id,
                    ManageTarget::Segment(id) => {
                        system.boundary == Boundary::Own && system.segment.as_ref() == Some(id)
                    }
                };
                if meant {
                    managed.push((system.id.as_str(), relation.how));
                }
            }
        }
        managed
    }
}

#[derive(Default)]
struct Gained {
    /// `admin`, `act`, `read`, ... with hops, by system.
    levels: BTreeMap<String, Hops>,
    has: Hops,
    keys: Hops,
    /// The elements that read grants show, by system; `None` is all.
    shown: BTreeMap<String, Vec<Option<BTreeSet<String>>>>,
    changed: bool,
}

impl Gained {
    fn level(&mut self, system: &str, level: &str, hops: u32) {
        let known = self.levels.entry(system.to_owned()).or_default().entry(level.to_owned()).or_insert(u32::MAX);
        if hops < *known {
            *known = hops;
            self.changed = true;
        }
    }

    fn has(&mut self, credential: &str, hops: u32) {
        let known = self.has.entry(credential.to_owned()).or_insert(u32::MAX);
        if hops < *known {
            *known = hops;
            self.changed = true;
        }
    }

    fn key(&mut self, key: &str) {
        if self.keys.insert(key.to_owned(), 0).is_none() {
            self.changed = true;
        }
    }

    fn admin(&self, system: &str) -> Option<u32> {
        self.levels.get(system).and_then(|it| it.get("admin")).copied()
    }

    fn admins(&self) -> Vec<(String, u32)> {
        self.levels.iter().filter_map(|(system, it)| Some((system.clone(), *it.get("admin")?))).collect()
    }
}

fn connector_flows<'m>(model: &'m Model, start: &Start) -> Vec<&'m Flow> {
    let Start::Connector { id } = start else { return Vec::new() };
    let alone = model.flows.get(id.as_str());
    let meant = |flow: &&Flow| alone.map_or(flow.connector.as_ref() == Some(id), |it| it.id == flow.id);
    model.flows.values().map(|it| &**it).filter(meant).collect()
}

/// The blast radius; the start has to be in the model.
pub fn radius(model: &Model, start: &Start) -> Result {
    let world = World::new(model);
    let mut gained = Gained::default();
    let flows: Vec<&Flow> = connector_flows(model, start).into_iter().filter(|it| world.flow_active(it)).collect();
    match start {
        Start::System { id } => gained.level(id.as_str(), "admin", 0),
        Start::Credential { id } => gained.has(id.as_str(), 0),
        Start::Vendor { id } => {
            for system in
                model.systems.values().filter(|it| it.vendor.as_ref() == Some(id) && world.active(it.id.as_str()))
            {
                gained.level(system.id.as_str(), "admin", 0);
            }
        }
        Start::Connector { .. } => {
            for id in
                flows.iter().filter_map(|it| it.credential.as_ref()).filter(|id| model.credentials.contains_key(*id))
            {
                gained.has(id.as_str(), 0);
            }
        }
        Start::Field { .. } => {}
    }
    loop {
        gained.changed = false;
        spread(&world, &mut gained);
        if !gained.changed {
            break;
        }
    }
    conclude(&world, &gained, &flows)
}

fn spread(world: &World<'_>, gained: &mut Gained) {
    let model = world.model;
    for (system, hops) in gained.admins() {
        for credential in model.credentials.values().filter(|it| it.held_by.contains(system.as_str())) {
            gained.has(credential.id.as_str(), hops);
        }
        if !world.active(&system) {
            continue;
        }
        for (target, how) in world.manages(&system) {
            let level = if matches!(how, How::PageScript | How::PageContent | How::Dns) { "act" } else { "admin" };
            gained.level(target, level, hops + 1);
        }
        for flow in model.flows.values().filter(|it| it.auth == Auth::None) {
            if let Some(target) = world.opens(flow, &system).filter(|it| !world.external(it)) {
                gained.level(target, "act", hops + 1);
            }
        }
    }
    for key in model.keys.values() {
        let held =
            |it: &str| gained.levels.get(it).is_some_and(|it| it.contains_key("admin") || it.contains_key("decrypt"));
        if key.holders.iter().any(|holder| held(holder.as_str())) {
            gained.key(key.id.as_str());
        }
    }
    for credential in model.credentials.values() {
        let Some(known) = gained.has.get(credential.id.as_str()).copied() else { continue };
        let session = credential.held_by.iter().any(|it| gained.admin(it.as_str()).is_some());
        if credential.mfa && !session {
            continue;
        }
        for grant in &credential.grants {
            let target = grant.on.as_str();
            if !world.active(target) {
                continue;
            }
            let from = gained.admins().into_iter().filter(|(it, _)| world.reaches(it, target));
            let position = match &credential.bound_to {
                Some(bound) => from.filter(|(it, _)| bound.contains(it.as_str())).map(|(_, hops)| hops).min(),
                None if world.internet(target) => Some(0),
                None => from.map(|(_, hops)| hops).min(),
            };
            let Some(position) = position else { continue };
            let hops = 1 + known.max(position);
            match grant.privilege {
                Privilege::Read => {
                    gained.level(target, "read", hops);
                    let shown = grant.elements.as_ref().map(|them| them.iter().map(ToString::to_string).collect());
                    let list = gained.shown.entry(target.to_owned()).or_default();
                    if !list.contains(&shown) {
                        list.push(shown);
                        gained.changed = true;
                    }
                }
                Privilege::Act => gained.level(target, "act", hops),
                Privilege::Admin => gained.level(target, "admin", hops),
                Privilege::Decrypt => {
                    gained.level(target, "decrypt", hops);
                    gained.level(target, "act", hops);
                }
                Privilege::Detokenise => {
                    let domain = grant.domain.as_ref().map(|it| format!(":{it}")).unwrap_or_default();
                    gained.level(target, &format!("detokenise{domain}"), hops);
                    gained.level(target, "act", hops);
                }
            }
        }
    }
}

fn conclude(world: &World<'_>, gained: &Gained, flows: &[&Flow]) -> Result {
    let model = world.model;
    let mut result = Result {
        credentials: gained.has.keys().cloned().collect(),
        keys: gained.keys.keys().cloned().collect(),
        ..Result::default()
    };
    for (system, levels) in &gained.levels {
        let hops = *levels.values().min().unwrap();
        let mut names: BTreeSet<String> = levels.keys().cloned().collect();
        if names.contains("admin") {
            names = BTreeSet::from(["admin".to_owned()]);
        }
        result.control.insert(system.clone(), (names, hops));
    }
    // Place by place, what is seen there in its order.
    let mut seen: BTreeMap<String, Vec<Holding>> = BTreeMap::new();
    for system in gained.levels.keys() {
        let mut held: Vec<&(Holding, u8)> =
            world.held.get(system.as_str()).into_iter().flatten().filter(|(it, _)| it.live).collect();
        held.sort_by_key(|(_, by)| *by);
        let shown = |it: &Holding| {
            it.ops.contains(Op::Store)
                && gained.shown.get(system).into_iter().flatten().any(|shown| {
                    shown.as_ref().is_none_or(|them| {
                        them.contains(it.element.as_str())
                            || (them.contains("pan_truncated")
                                && it.element.as_str() == "pan"
                                && it.form == Form::Truncated)
                    })
                })
        };
        let admin = gained.admin(system).is_some();
        let list = held.into_iter().map(|(it, _)| it).filter(|it| admin || shown(it)).cloned().collect();
        seen.insert(system.clone(), list);
    }
    for flow in flows.iter().filter(|it| it.access != Access::Blocked) {
        seen.insert(format!("flow:{}", flow.id), flow.fields.iter().filter(|it| it.live).cloned().collect());
    }
    for flow in model.flows.values().filter(|it| world.flow_active(it) && it.access != Access::Blocked) {
        let page = flow
            .page
            .as_ref()
            .and_then(|id| world.system(id.as_str()))
            .filter(|it| it.payment_page != PaymentPage::None);
        let acts = |levels: &Hops| levels.contains_key("admin") || levels.contains_key("act");
        if page.is_some_and(|page| gained.levels.get(page.id.as_str()).is_some_and(acts)) {
            seen.entry("browser".to_owned()).or_default().extend(flow.fields.iter().filter(|it| it.live).cloned());
        }
    }
    let mut records: BTreeMap<String, u64> = BTreeMap::new();
    let mut weights: BTreeMap<(String, String, String), u64> = BTreeMap::new();
    for (place, list) in &seen {
        for it in list {
            let element = it.element.as_str();
            let form = effective(world, gained, it);
            result.data.insert((element.to_owned(), form.as_str().to_owned(), place.clone()));
            let same = |other: &&Holding| other.element == it.element && other.population.is_some();
            let named =
                it.population.as_ref().or_else(|| list.iter().rfind(same).and_then(|other| other.population.as_ref()));
            let population = named.map_or_else(|| format!("own {place}/{element}"), |id| format!("named {id}"));
            if form == Form::Clear && (element == "pan" || is_sad(element)) {
                let most = records.entry(population.clone()).or_default();
                *most = (*most).max(it.records.unwrap_or(0));
                result.records_unknown |= it.records.is_none();
            }
            let digits = it.records.map_or(1, |it| it.to_string().len() as u64);
            let most = weights.entry((element.to_owned(), form.as_str().to_owned(), population)).or_default();
            *most = (*most).max(weight(element, form) * digits);
        }
    }
    result.records_pan = records.values().sum();
    result.data_score = weights.values().sum();
    touch(world, gained, flows, &mut result);
    result
}

fn effective(world: &World<'_>, gained: &Gained, it: &Holding) -> Form {
    let key = |key: &Option<KeyId>| key.as_ref().is_some_and(|key| gained.keys.contains_key(key.as_str()));
    let clear = match it.form {
        Form::Tokenised => {
            let level = it.domain.as_ref().map_or_else(|| "detokenise".to_owned(), |id| format!("detokenise:{id}"));
            gained.levels.iter().any(|(system, levels)| {
                let can =
                    world.system(system).is_some_and(|it_| it_.capabilities.iter().any(|can| can.domain == it.domain));
                levels.contains_key(&level) || (levels.contains_key("admin") && can)
            })
        }
        Form::Encrypted => key(&it.key),
        Form::Hashed => !it.alg.is_some_and(HashAlgorithm::is_keyed) || key(&it.key),
        _ => false,
    };
    if clear { Form::Clear } else { it.form }
}

fn weight(element: &str, form: Form) -> u64 {
    match (form, element) {
        (Form::Encrypted | Form::Hashed | Form::NetworkToken, _) => 2,
        (Form::Clear, "pan" | "card_verification_code") => 10,
        (Form::Clear, "api_secret") => 9,
        (Form::Clear, "email") => 3,
        (Form::Clear, "expiry") => 2,
        _ => 1,
    }
}

fn touch(world: &World<'_>, gained: &Gained, flows: &[&Flow], result: &mut Result) {
    let model = world.model;
    let admins = gained.admins();
    let is_admin = |id: &str| gained.admin(id).is_some();
    for flow in flows.iter().filter(|it| !world.verified_block(it)) {
        result.integrity.insert(flow.to.to_string());
    }
    for (system, _) in &admins {
        for flow in model.flows.values().filter(|it| world.open(it) && it.from.as_str() == system) {
            result.integrity.insert(flow.to.to_string());
        }
        for target in model.systems.values().map(|it| it.id.as_str()).filter(|it| world.active(it)) {
            let opened = model.flows.values().any(|flow| world.opens(flow, system) == Some(target));
            let near = world.active(system) && (world.neighbours(system, target) || opened);
            if near && !world.external(target) && !gained.levels.contains_key(target) {
                result.exposed.insert(target.to_owned());
            }
        }
    }
    result.integrity.retain(|it| !is_admin(it) && !world.external(it));
}
