//! Every file of a pack that follows from its model alone. The verifier makes them again and compares.

use std::collections::BTreeMap;

use super::content::Files;
use super::name;
use super::tables::{
    connections, credentials, exclusions, findings, flows, inventory, keys, locations, providers, scripts, segmentation,
};
use super::{diagram, drawings};
use crate::blast::radius::Ground;
use crate::blast::report::blast_json;
use crate::blast::{Blast, Start};
use crate::export::xlsx::workbook_of;
use crate::findings::answers::answers_of;
use crate::findings::{Findings, evaluate};
use crate::id::{SystemId, VendorId};
use crate::model::Model;
use crate::model::reader::{Gap, ReadError, read_json};
use crate::review::outcome::Outcome;
use crate::scope::explain::{Sentence, explain_all};
use crate::scope::reliance::{Reliance, all_untried};
use crate::scope::{Scope, compute, report};
use crate::time::{Day, Timestamp};

/// From how many vendors a blast radius is told.
const STARTS: usize = 20;

/// What follows from the model of a pack.
pub struct Derived {
    /// The model with its dates judged.
    pub(super) model: Model,
    pub(super) gaps: Vec<Gap>,
    pub(super) scope: Scope,
    pub(super) findings: Findings,
    /// Why each system has its verdict.
    pub(super) proofs: BTreeMap<SystemId, Vec<Sentence>>,
    /// What the exclusion of each system rests on.
    pub(super) relied: BTreeMap<SystemId, Vec<Reliance>>,
    pub(super) as_of: Day,
}

impl Derived {
    /// Reads the bytes of a model and computes what follows from it on a day, at an instant.
    ///
    /// # Errors
    /// The bytes are no model.
    pub fn of(model: &str, as_of: Day, at: Timestamp) -> Result<Self, ReadError> {
        let (stored, gaps) = read_json(model.as_bytes())?;
        let model = stored.as_of(as_of);
        let scope = compute(&model);
        let findings = evaluate(&model, &scope, &answers_of(&model), at);
        let (proofs, relied) = (explain_all(&model, &scope), all_untried(&model, &scope));
        Ok(Self { model, gaps, scope, findings, proofs, relied, as_of })
    }

    /// Verdicts and findings in the form that a seal fixes.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome::of(&self.scope, &self.findings)
    }

    /// The files, by name. The same model gives the same bytes.
    #[must_use]
    pub fn files(&self) -> Files {
        let mut files = Files::new();
        let mut add = |name: &str, text: String| files.insert(name.to_owned(), text.into());
        let (inventory, flows) = (inventory::table(self), flows::table(self));
        let (locations, credentials) = (locations::table(self), credentials::table(self));
        let keys = keys::table(self);
        add("02_inventory.csv", inventory.csv());
        add("02_scope.json", report::json(&self.model, &self.scope, &self.gaps));
        add("02_scope_proofs.csv", inventory::proofs(self).csv());
        add("03_out_of_scope_justification.csv", exclusions::table(self).csv());
        add("04_network_diagram.json", diagram::json(self));
        add("05_flows.csv", flows.csv());
        add("06_account_data_locations.csv", locations.csv());
        add("07_segmentation_controls.csv", segmentation::table(self).csv());
        add("08_connections_third_party.csv", connections::table(self).csv());
        add("09_tpsp_list.csv", providers::list(self).csv());
        add("10_tpsp_assurance.csv", providers::assurance(self).csv());
        add("12_payment_page_scripts.csv", scripts::table(self).csv());
        add("13_credentials.csv", credentials.csv());
        add("14_keys.csv", keys.csv());
        add("15_findings.csv", findings::table(self).csv());
        add("coverage.csv", findings::coverage(self).csv());
        add("open_questions.csv", findings::questions(self).csv());
        add(name::OUTCOME, self.outcome().bytes());
        for (name, picture) in drawings::all(self) {
            add(&name, picture);
        }
        for (name, blast) in self.blasts() {
            add(&name, blast_json(&blast));
        }
        let sheets = [
            ("Inventory", &inventory),
            ("Flows", &flows),
            ("Account data", &locations),
            ("Credentials", &credentials),
            ("Keys", &keys),
        ];
        let workbook = workbook_of(sheets.iter().map(|(name, table)| table.sheet(name)).collect());
        files.insert("inventory.xlsx".to_owned(), super::Content::Bytes(workbook));
        files
    }

    /// What each vendor reaches that turns hostile.
    fn blasts(&self) -> Vec<(String, Blast)> {
        let ground = Ground::of(&self.model, &self.scope);
        let vendors = self.model.vendors.keys().take(STARTS).enumerate();
        let blast = |(number, id): (usize, &VendorId)| {
            let blast = ground.radius(&Start::Vendor { id: id.clone() }).ok()?;
            let slug = super::content::slug(id.as_str());
            Some((format!("22_blast/{:02}-vendor-{slug}.json", number + 1), blast))
        };
        vendors.filter_map(blast).collect()
    }
}
