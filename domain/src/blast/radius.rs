//! The blast radius: if this is hostile now, what can it read, act on and corrupt?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Serialize;

use super::budget::{self, BudgetCheck};
use super::clock::{self, Clock};
use super::facts::{Derivation, Level};
use super::footprint;
use super::hidden::{self, HiddenEdge};
use super::holdings::Inventory;
use super::likelihood;
use super::metrics::{self, Band, Score};
use super::money::{self, MoneyAction};
use super::proof::{self, Proof, system_id};
use super::reach;
use super::sight::{self, Sighting};
use super::spread::{Gain, Measure, Spread};
use super::start::{Start, StartError};
use super::terrain::{NO_DOMAIN, Terrain};
use crate::id::{CredentialId, KeyId, SystemId};
use crate::model::Model;
use crate::model::element::Form;
use crate::scope::Scope;
use crate::text::grouped;

/// What follows if the start is hostile. Places of steps point into `derivations`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blast {
    /// What is assumed to be hostile.
    pub start: Start,
    /// The systems under control.
    pub control: BTreeMap<SystemId, Control>,
    /// The credentials that are known, each with its step.
    pub credentials: BTreeMap<CredentialId, usize>,
    /// The keys that can be used, each with its step.
    pub keys: BTreeMap<KeyId, usize>,
    /// What is seen, by element, form and place.
    pub data: Vec<Sighting>,
    /// The systems that take hostile data, without those that are administered anyway.
    pub integrity: BTreeMap<SystemId, usize>,
    /// The systems that can be reached, and nothing more.
    pub exposed: BTreeMap<SystemId, usize>,
    /// Edges of the whole model that no flow shows, whatever the start.
    pub hidden_edges: Vec<HiddenEdge>,
    /// Records of card data that are seen in clear, each cardholder once.
    pub records_pan: u64,
    /// For some of them nobody knows how many.
    pub records_unknown: bool,
    /// How bad it is.
    pub score: Score,
    /// The actions in reach that move money.
    pub actions: Vec<MoneyAction>,
    /// Some credential allows actions that nobody listed.
    pub actions_unknown: bool,
    /// How fast it goes.
    pub clock: Clock,
    /// The budgets that apply to the start.
    pub budgets: Vec<BudgetCheck>,
    /// Where a field is, and in which form; nothing else is there for such a start.
    pub footprint: Option<Vec<(SystemId, Form)>>,
    /// Every step of the proof, premises first.
    pub derivations: Vec<Derivation>,
}

/// Control over one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Control {
    /// How far it goes: administration alone, where that is reached.
    pub levels: Vec<Level>,
    /// Hops from the start, the fewest over all levels.
    pub hops: u32,
    /// How likely the way is where controls slow it down, in permille.
    pub likelihood_permille: u32,
    /// The step that proves the nearest level.
    pub derivation: usize,
}

impl Blast {
    fn nothing(start: &Start) -> Self {
        Self {
            start: start.clone(),
            control: BTreeMap::new(),
            credentials: BTreeMap::new(),
            keys: BTreeMap::new(),
            data: Vec::new(),
            integrity: BTreeMap::new(),
            exposed: BTreeMap::new(),
            hidden_edges: Vec::new(),
            records_pan: 0,
            records_unknown: false,
            score: Score::default(),
            actions: Vec::new(),
            actions_unknown: false,
            clock: Clock::default(),
            budgets: Vec::new(),
            footprint: None,
            derivations: Vec::new(),
        }
    }

    /// How bad it is, in a word.
    #[must_use]
    pub const fn band(&self) -> Band {
        Band::of(self.score.total)
    }

    /// How many records of card data are seen in clear, as a sentence.
    #[must_use]
    pub fn records_said(&self) -> String {
        match (self.records_pan, self.records_unknown) {
            (0, false) => "No card data is seen in clear.".to_owned(),
            (0, true) => "Card data is seen in clear; nobody knows of how many cardholders.".to_owned(),
            (records, false) => format!("Card data of {} records is seen in clear.", grouped(records)),
            (records, true) => {
                let records = grouped(records);
                format!("Card data of at least {records} records is seen in clear; for some nobody knows how many.")
            }
        }
    }

    /// The steps that lead to a step, itself last: the path to a reached thing.
    #[must_use]
    pub fn path_to(&self, derivation: usize) -> Vec<&Derivation> {
        let mut needed = BTreeSet::from([derivation]);
        let mut open = vec![derivation];
        while let Some(place) = open.pop() {
            open.extend(self.derivations[place].premises.iter().filter(|premise| needed.insert(**premise)));
        }
        needed.into_iter().map(|place| &self.derivations[place]).collect()
    }
}

/// The blast radius of a start.
///
/// `scope` is the scope of the same model: it says what each system is worth. The same model gives the same result
/// to the byte.
///
/// # Errors
/// The model does not have what the start names.
pub fn radius(model: &Model, scope: &Scope, start: &Start) -> Result<Blast, StartError> {
    Ground::of(model, scope).radius(start)
}

/// A model prepared for many blast radii.
pub struct Ground<'m> {
    terrain: Terrain<'m>,
    scope: &'m Scope,
    /// The edges that no flow shows: they do not depend on the start, and are looked for when they are asked for first.
    hidden_edges: OnceLock<Vec<HiddenEdge>>,
}

impl<'m> Ground<'m> {
    /// Prepares a model with its scope.
    #[must_use]
    pub fn of(model: &'m Model, scope: &'m Scope) -> Self {
        Self { terrain: Terrain::of(model), scope, hidden_edges: OnceLock::new() }
    }

    /// See [`radius`].
    ///
    /// # Errors
    /// The model does not have what the start names.
    pub fn radius(&self, start: &Start) -> Result<Blast, StartError> {
        let terrain = &self.terrain;
        let mut blast = Blast::nothing(start);
        if let Start::Field { element } = start {
            blast.footprint = Some(footprint::footprint(terrain, element)?);
            return Ok(blast);
        }
        let Origin { gains, flows } = Origin::of(terrain, start)?;
        let spread = Spread::from(terrain, &gains, Measure::Hops);
        let mut proof = Proof::of(terrain, &spread);
        self.list_gains(&mut blast, &spread, &proof);
        let inventory = Inventory::of(terrain);
        let (data, tally) = sight::sightings(terrain, &inventory, &spread, &mut proof, &flows);
        blast.data = data;
        (blast.records_pan, blast.records_unknown) = tally.records();
        let touched = reach::touched(terrain, &spread, &mut proof, &flows);
        (blast.integrity, blast.exposed) = (touched.integrity, touched.exposed);
        (blast.actions, blast.actions_unknown) = money::actions(terrain, &spread, &mut proof, &flows);
        blast.hidden_edges = self.hidden_edges.get_or_init(|| hidden::hidden_edges(terrain)).clone();
        blast.clock = clock::clock(terrain, &gains);
        blast.score = self.score(&blast, tally.data_score());
        blast.derivations = proof.steps;
        blast.budgets = budget::check(terrain, &blast, &flows);
        Ok(blast)
    }

    /// The systems under control, however far, and nothing else of the blast radius.
    ///
    /// # Errors
    /// The model does not have what the start names.
    pub fn controlled(&self, start: &Start) -> Result<BTreeSet<SystemId>, StartError> {
        let spread = Spread::from(&self.terrain, &Origin::of(&self.terrain, start)?.gains, Measure::Hops);
        let systems = spread.gains().filter_map(|(gain, _)| clock::controls(gain));
        Ok(systems.map(|system| system_id(&self.terrain, system)).collect())
    }

    /// Control, credentials and keys.
    fn list_gains(&self, blast: &mut Blast, spread: &Spread, proof: &Proof<'_, '_>) {
        let terrain = &self.terrain;
        let likelihoods = likelihood::permille(terrain, spread);
        for (gain, number) in spread.gains() {
            let place = proof.place(number);
            let level = match gain {
                Gain::Admin(_) => Level::Admin,
                Gain::Act(_) => Level::Act,
                Gain::Decrypt(_) => Level::Decrypt,
                Gain::Read(..) => Level::Read,
                Gain::Detokenise(_, NO_DOMAIN) => Level::Detokenise(None),
                Gain::Detokenise(_, domain) => Level::Detokenise(terrain.domain_key(domain).map(Into::into)),
                Gain::Has(credential) => {
                    blast.credentials.insert(proof::credential_id(terrain, credential), place);
                    continue;
                }
                Gain::Key(key) => {
                    blast.keys.insert(proof::key_id(terrain, key), place);
                    continue;
                }
                Gain::Opened(_) => continue,
            };
            let Some(system) = clock::controls(gain) else { continue };
            let hops = proof.hops(place);
            let likelihood_permille = likelihoods[number as usize];
            let nearest = Control { levels: Vec::new(), hops, likelihood_permille, derivation: place };
            let control = blast.control.entry(system_id(terrain, system)).or_insert_with(|| nearest.clone());
            if hops < control.hops {
                *control = Control { levels: std::mem::take(&mut control.levels), ..nearest };
            }
            control.levels.push(level);
        }
        for control in blast.control.values_mut() {
            control.levels.sort();
            control.levels.dedup();
            if control.levels.contains(&Level::Admin) {
                control.levels = vec![Level::Admin];
            }
        }
    }

    fn score(&self, blast: &Blast, data: u64) -> Score {
        let weight = |(system, control): (&SystemId, &Control)| {
            let has = |level: &Level| control.levels.contains(level);
            self.scope.systems.get(system).map_or(0, |verdict| {
                metrics::control_weight(verdict.category, verdict.sub, has(&Level::Admin), has(&Level::Act))
            })
        };
        let control = blast.control.iter().map(weight).sum();
        let integrity = 2 * u64::try_from(blast.integrity.len()).unwrap_or(u64::MAX / 4);
        Score { data, control, integrity, total: data.saturating_add(control).saturating_add(integrity) }
    }
}

/// What the attacker has at the start.
struct Origin {
    gains: Vec<Gain>,
    /// The flows of a connector that are active, by place among the active flows.
    flows: Vec<u32>,
}

impl Origin {
    fn of(terrain: &Terrain<'_>, start: &Start) -> Result<Self, StartError> {
        let graph = &terrain.graph;
        let numbered = || (0_u32..).zip(graph.systems.iter().zip(&graph.nodes));
        let mut origin = Self { gains: Vec::new(), flows: Vec::new() };
        match start {
            Start::System { id } => {
                let system = graph.number_of(id).ok_or_else(|| StartError::unknown("system", id))?;
                origin.gains.push(Gain::Admin(system));
            }
            Start::Credential { id } => {
                let credential = credential(terrain, id).ok_or_else(|| StartError::unknown("credential", id))?;
                origin.gains.push(Gain::Has(credential));
            }
            Start::Vendor { id } => {
                let theirs = || numbered().filter(|(_, (system, _))| system.vendor.as_ref() == Some(id));
                if !graph.model.vendors.contains_key(id) && theirs().next().is_none() {
                    return Err(StartError::unknown("vendor", id));
                }
                let active = theirs().filter(|(_, (_, node))| node.active);
                origin.gains.extend(active.map(|(system, _)| Gain::Admin(system)));
            }
            Start::Connector { id } => {
                let model = graph.model;
                let alone = model.flows.get(id.as_str());
                let belongs = |flow: &crate::model::flow::Flow| match alone {
                    Some(alone) => flow.id == alone.id,
                    None => flow.connector.as_ref() == Some(id),
                };
                let kind = crate::model::object::ObjectKind::Connector;
                let declared = model.records.keys().any(|key| key.kind == kind && key.id.as_str() == id.as_str());
                if !declared && !model.flows.values().any(|flow| belongs(flow)) {
                    return Err(StartError::unknown("connector", id));
                }
                for (place, active) in (0_u32..).zip(&graph.active_flows) {
                    let flow = graph.flows[active.flow as usize];
                    if belongs(flow) {
                        origin.flows.push(place);
                        let used = flow.credential.as_ref().and_then(|id| credential(terrain, id));
                        origin.gains.extend(used.map(Gain::Has));
                    }
                }
            }
            Start::Field { .. } => {}
        }
        Ok(origin)
    }
}

fn credential(terrain: &Terrain<'_>, id: &CredentialId) -> Option<u32> {
    let place = terrain.credentials.binary_search_by(|it| it.id.cmp(id)).ok()?;
    u32::try_from(place).ok()
}
