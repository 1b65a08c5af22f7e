//! What is in scope, what is not and why, and on whom it rests: systems, flows, places, segments, providers.

use super::super::tables::{exclusions, locations, providers, segmentation};
use super::{ROWS, Writer, chosen, of_report};
use crate::id::SystemId;
use crate::model::relations::Boundary;
use crate::paper::{Block, Sheet};
use crate::report::scope_statement as statement;
use crate::text::grouped;

impl Writer<'_> {
    pub(super) fn flows(&self, sources: &statement::Sources<'_>) -> Vec<Block> {
        let model = &self.it.model;
        let with_data = model.flows.values().filter(|it| it.fields.iter().any(|it| it.is_account_data())).count();
        let mut blocks = vec![Block::text(format!(
            "{} flows, {} of them with account data. 05_flows.csv lists every flow with its elements, form, protocol and \
             protection.",
            grouped(model.flows.len()),
            grouped(with_data)
        ))];
        blocks.push(of_report(&statement::channels(sources), "05_flows.csv"));
        blocks
    }

    pub(super) fn locations(&self) -> Vec<Block> {
        let file = "06_account_data_locations.csv";
        let heads = ["system_id", "element", "form", "purpose", "retention_days", "access_logging"];
        let labels = ["System", "Element", "Form", "Purpose", "Retention, days", "Access logged"];
        let table = locations::table(self.it);
        if table.rows.is_empty() {
            return vec![Block::text("No system is said to store account data.")];
        }
        vec![
            Block::text(format!(
                "{} places. What nobody said is empty here and counted as work.",
                grouped(table.rows.len())
            )),
            chosen(&table, &heads, &labels, file),
        ]
    }

    pub(super) fn systems(&self, sources: &statement::Sources<'_>, relevant: &[SystemId]) -> Vec<Block> {
        let table = statement::in_scope(sources);
        if table.rows.is_empty() {
            return vec![Block::text("No system of ours is in scope.")];
        }
        let all = table.rows.len();
        let mut blocks = vec![Block::text(format!(
            "{} systems, each with the rule and the path that prove its category: the most sensitive first, then by number of \
             findings, then by key.",
            grouped(all)
        ))];
        if all > relevant.len() {
            blocks.push(Block::note(format!(
                "The {} most relevant of {} systems are shown; 02_inventory.csv has all, 02_scope_proofs.csv their proofs.",
                relevant.len(),
                grouped(all)
            )));
        }
        // Key and name, category and its detail, share a column: nine would not fit on a page.
        let mut rows: Vec<(usize, Vec<String>)> = table
            .rows
            .into_iter()
            .filter_map(|row| {
                let [id, name, category, sub, why, path, function, owner, environment] =
                    <[String; 9]>::try_from(row).ok()?;
                let place = relevant.iter().position(|it| it.as_str() == id)?;
                let name = if name == id || name.is_empty() { id } else { format!("{name} ({id})") };
                let why = if sub.is_empty() { why } else { format!("{why}: {sub}") };
                Some((place, vec![name, category, why, path, function, owner, environment]))
            })
            .collect();
        rows.sort();
        let rows = rows.into_iter().map(|(_, row)| row).collect();
        let labels = ["System", "Category", "Why", "Path", "What it does here", "Owner", "Environment"];
        blocks.push(Block::Table(Sheet::new(&labels, rows, ROWS, "02_inventory.csv").with_chips("Category")));
        blocks
    }

    pub(super) fn segmentation(&self) -> Vec<Block> {
        let controls = segmentation::table(self.it);
        let file = "07_segmentation_controls.csv";
        let mut blocks = vec![Block::text(format!(
            "{} segments, {} links between them, {} controls.",
            grouped(self.it.model.segments.len()),
            grouped(self.it.model.links.len()),
            grouped(self.it.model.controls.len())
        ))];
        if !controls.rows.is_empty() {
            blocks.push(Block::Heading { text: "Controls".to_owned() });
            let heads = ["control_id", "name", "type", "between", "last_tested", "status"];
            let labels = ["Control", "Name", "Type", "Between", "Tested", "Known to work"];
            blocks.push(chosen(&controls, &heads, &labels, file));
        }
        let links = statement::segmentation(&self.it.model);
        if !links.rows.is_empty() {
            blocks.push(Block::Heading { text: "What passes between segments".to_owned() });
            let labels = ["Segment", "And", "What passes", "Control", "Known to work", "Tested"];
            let rows = links.rows.into_iter().map(|row| row.into_iter().take(labels.len()).collect()).collect();
            blocks.push(Block::Table(Sheet::new(&labels, rows, ROWS, "04_network_diagram.json")));
        }
        blocks
    }

    pub(super) fn exclusions(&self) -> Vec<Block> {
        let table = exclusions::table(self.it);
        if table.rows.is_empty() {
            return vec![Block::text("No system of ours is out of scope.")];
        }
        let heads = ["system_id", "reason", "relied_on_controls", "all_proven", "proven_until"];
        let labels = ["System", "Why it is out", "Controls it rests on", "Proven", "Proven until"];
        vec![
            Block::text(format!(
                "{} systems of ours, each with what its exclusion rests on.",
                grouped(table.rows.len())
            )),
            chosen(&table, &heads, &labels, "03_out_of_scope_justification.csv"),
        ]
    }

    pub(super) fn decisions(&self) -> Vec<Block> {
        let table = statement::decisions(&self.it.model);
        if table.rows.is_empty() {
            return vec![Block::text("No verdict was decided by a person: all of them follow from the rules.")];
        }
        let rows = table.rows.into_iter().filter_map(|row| {
            let [system, decided, why, author, approver, expires, stale] = <[String; 7]>::try_from(row).ok()?;
            Some(vec![system, decided, why, format!("{author}; {approver}"), expires, stale])
        });
        let labels = ["System", "Decided", "Why", "Asked for; approved by", "Valid until", "Facts changed since"];
        let sheet = Sheet::new(&labels, rows.collect(), ROWS, "23_model.json").with_chips("Decided");
        vec![Block::text("Verdicts that people put in place of those of the rules."), Block::Table(sheet)]
    }

    pub(super) fn providers(&self) -> Vec<Block> {
        let (list, assurance) = (providers::list(self.it), providers::assurance(self.it));
        if list.rows.is_empty() {
            return vec![Block::text("No provider is entered.")];
        }
        let theirs = self.it.model.systems.values().filter(|it| it.boundary == Boundary::ThirdParty).count();
        vec![
            Block::text(format!("{} providers with {} systems.", grouped(list.rows.len()), grouped(theirs))),
            Block::Heading { text: "Who they are (12.8.1)".to_owned() },
            chosen(
                &list,
                &["vendor", "name", "services", "data_shared", "systems"],
                &["Provider", "Name", "Services", "Data shared", "Systems"],
                "09_tpsp_list.csv",
            ),
            Block::Heading { text: "What assures us of them (12.8.2 to 12.8.4)".to_owned() },
            chosen(
                &assurance,
                &["vendor", "agreement_ref", "acknowledgement", "due_diligence_date", "aoc_expires", "status_checked"],
                &["Provider", "Agreement", "Acknowledged", "Due diligence", "Attestation until", "Status checked"],
                "10_tpsp_assurance.csv",
            ),
        ]
    }
}
