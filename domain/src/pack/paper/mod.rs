//! `01_scope_statement.pdf` as data: the scope statement in the order of requirement 12.5.2, with the maps.

mod plates;
mod relevance;
mod scope;
mod signed;

use std::collections::BTreeSet;

use super::derived::Derived;
use super::made::Unfit;
use super::redaction::Veil;
use super::source::Source;
use super::table::Table;
use crate::findings::{Finding, Severity};
use crate::model::reader::read_json;
use crate::paper::{Block, Fact, Paper, Part, Sheet};
use crate::report;
use crate::report::scope_statement as statement;
use crate::review::entity::EntityProfile;
use crate::review::outcome::Engine;
use crate::risk::acceptance::Acceptance;
use crate::scope::verdict::Category;
use crate::text::grouped;

/// The most rows of a table that the document has; its file in the pack has all.
const ROWS: usize = 100;

/// The scope report of a pack. The same source gives the same document; for a pack without names it has none.
///
/// # Errors
/// The model of the source cannot be read.
pub fn scope_report(source: &Source) -> Result<Paper, Unfit> {
    let (stored, _) = read_json(source.model.as_bytes())?;
    let veil = Veil::new(source.profile, source.salt, &stored);
    let model = crate::export::model_file::to_json(&veil.model(&stored));
    drop(stored);
    let derived = Derived::of(&model, source.as_of, source.at)?;
    drop(model);
    Ok(Writer { source, it: &derived, veil: &veil, entity: hidden(&source.entity, &veil) }.paper())
}

/// The entity as the pack shows it.
fn hidden(entity: &EntityProfile, veil: &Veil) -> EntityProfile {
    let mut entity = entity.clone();
    entity.legal_name = veil.text(&entity.legal_name);
    entity.assessor = veil.text(&entity.assessor);
    entity.locations.iter_mut().chain(&mut entity.acquirers).for_each(|it| *it = veil.text(it));
    entity.explanations.iter_mut().for_each(|it| it.reason = veil.text(&it.reason));
    entity
}

struct Writer<'a> {
    source: &'a Source,
    it: &'a Derived,
    veil: &'a Veil,
    entity: EntityProfile,
}

impl Writer<'_> {
    fn paper(&self) -> Paper {
        let (source, it) = (self.source, self.it);
        let sign_offs = self.sign_offs();
        let sources =
            statement::Sources { model: &it.model, scope: &it.scope, profile: &self.entity, sign_offs: &sign_offs };
        let relevant = relevance::most(it);
        let plates = plates::all(it, &relevant);
        let mut sections = vec![
            Part::new("What is in scope, in short", self.summary(&sources)),
            Part::new("The entity", vec![facts_of(&statement::entity(&self.entity))]),
            Part::new("Data flows and channels", self.flows(&sources)),
            Part::new("Data-flow and network diagrams", plates::contents(&plates)),
            Part::new("Where account data is stored", self.locations()),
            Part::new("Systems in scope", self.systems(&sources, &relevant)),
            Part::new("Segmentation", self.segmentation()),
            Part::new("What is out of scope, and why", self.exclusions()),
            Part::new("What people decided", self.decisions()),
            Part::new("Third-party service providers", self.providers()),
            Part::new("What is not settled", self.unsettled()),
            Part::new("Accepted risks", self.acceptances()),
            Part::new("Who confirmed the scope", self.signatures(&sign_offs)),
            Part::new("How to verify", self.verification()),
        ];
        sections.iter_mut().enumerate().for_each(|(place, it)| it.title = format!("{}. {}", place + 1, it.title));
        sections.push(Part { title: "Maps".to_owned(), wide: true, blocks: plates });
        let name = self.veil.text(&source.name);
        Paper {
            title: "PCI DSS scope statement".to_owned(),
            subject: if self.entity.legal_name.is_empty() { name } else { self.entity.legal_name.clone() },
            origin: self.origin(),
            draft: source.sealed.is_none(),
            cover: true,
            date: Paper::date(source.at.day()),
            facts: self.facts(),
            sentences: Vec::new(),
            sections,
        }
    }

    /// From what it was made, at the foot of every page.
    fn origin(&self) -> String {
        match &self.source.sealed {
            Some(it) => {
                let hash = it.sealed.hash.get(..16).unwrap_or(&it.sealed.hash);
                format!("{}, SHA-256 {hash}…, as of {}", it.seal.key, self.source.as_of)
            }
            None => format!("DRAFT, as of {}, signed by nobody", self.source.as_of),
        }
    }

    /// What the page of the title says.
    fn facts(&self) -> Vec<Fact> {
        let source = self.source;
        let mut facts = Vec::new();
        if !self.entity.legal_name.is_empty() {
            facts.push(Fact::new("Entity", self.entity.legal_name.clone()));
        }
        facts.push(Fact::new("Workspace", format!("{} ({})", self.veil.text(&source.name), source.workspace)));
        if let (Some(from), Some(until)) = (self.entity.from, self.entity.until) {
            facts.push(Fact::new("Period", format!("{from} to {until}")));
        }
        facts.push(Fact::new("As of", source.as_of.to_string()));
        match &source.sealed {
            Some(it) => {
                facts.push(Fact::new("Seal", format!("{}, made at {}", it.seal.key, it.seal.sealed_at)));
                facts.push(Fact::new("SHA-256 of the seal", it.sealed.hash.clone()));
            }
            None => {
                facts.push(Fact::new("Seal", "None: nobody signed this state. It is no evidence of a confirmed scope."))
            }
        }
        facts.push(Fact::new("Engine", Engine::current().version()));
        facts.push(Fact::new("Profile of the pack", source.profile.label()));
        facts
    }

    fn summary(&self, sources: &statement::Sources<'_>) -> Vec<Block> {
        let of = |category: &Category| self.it.scope.systems.values().filter(|it| it.category == *category).count();
        let counts = Category::ALL.iter().map(|it| Fact::new(it.label(), grouped(of(it))));
        let mut blocks = vec![Block::Counts { counts: counts.collect() }];
        blocks.extend(statement::sentences(sources).into_iter().map(Block::text));
        let hint = self.it.scope.saq_hint.label();
        blocks.push(Block::note(format!(
            "Plausible questionnaire: {hint}. This is a hint, never a verdict. A verdict follows from what people entered; a \
             finding says that the model shows something or that evidence is missing, never that a requirement is met."
        )));
        blocks
    }

    fn unsettled(&self) -> Vec<Block> {
        let found = &self.it.findings;
        let count = |severity: &Severity| found.findings.iter().filter(|it| it.severity == *severity).count();
        let counts = Severity::ALL.iter().map(|it| Fact::new(it.label(), grouped(count(it))));
        let mut blocks = vec![
            Block::text(format!(
                "{} findings, {} open questions, {} gaps of the model: 15_findings.csv and open_questions.csv. coverage.csv \
                 lists the rules that ran, also those that found nothing.",
                grouped(found.findings.len()),
                grouped(found.questions.len()),
                grouped(found.health.len())
            )),
            Block::Counts { counts: counts.collect() },
        ];
        let row = |it: &Finding| {
            vec![it.severity.label().to_owned(), it.rule.to_owned(), it.subject.key(), it.sentence.clone()]
        };
        let labels = ["Severity", "Rule", "About", "What the model shows"];
        let urgent = |it: &&Finding| matches!(it.severity, Severity::Critical | Severity::High);
        let rows: Vec<_> = found.findings.iter().filter(urgent).map(row).collect();
        blocks.push(Block::Heading { text: "Critical and high findings".to_owned() });
        blocks.push(table_or(rows, &labels, "15_findings.csv", "None."));
        let rows: Vec<_> = found.questions.iter().map(row).collect();
        blocks.push(Block::Heading { text: "Open questions".to_owned() });
        blocks.push(table_or(rows, &labels, "open_questions.csv", "None."));
        blocks
    }

    fn acceptances(&self) -> Vec<Block> {
        let (source, veil) = (self.source, self.veil);
        let all = source.register.acceptances.iter().filter_map(|(key, events)| Acceptance::replay(*key, events));
        let rows = all.filter(|it| it.state(source.at).is_in_force()).map(|it| {
            let approved: BTreeSet<String> = it.approvals.iter().map(|one| veil.person(one.by.as_str())).collect();
            vec![
                it.key.to_string(),
                it.content.risk.map_or_else(|| format!("{} findings", it.content.findings.len()), |it| it.to_string()),
                veil.text(&it.content.justification),
                veil.person(it.requester.as_str()),
                approved.into_iter().collect::<Vec<_>>().join("; "),
                it.content.expires.to_string(),
            ]
        });
        let labels = ["Acceptance", "Of", "Why", "Asked by", "Approved by", "Until"];
        vec![table_or(rows.collect(), &labels, "17_acceptances.csv", "No risk is accepted.")]
    }
}

fn facts_of(table: &report::Table) -> Block {
    let facts = table.rows.iter().filter_map(|row| match row.as_slice() {
        [label, text] => Some(Fact::new(label.clone(), text.clone())),
        _ => None,
    });
    Block::Facts { facts: facts.collect() }
}

fn of_report(table: &report::Table, file: &str) -> Block {
    let labels: Vec<&str> = table.columns.iter().map(|it| it.label).collect();
    table_or(table.rows.clone(), &labels, file, "No channel is entered.")
}

/// Some columns of a table of the pack, with headings for people.
fn chosen(table: &Table, heads: &[&str], labels: &[&str], file: &str) -> Block {
    let places: Vec<usize> = heads.iter().filter_map(|head| table.heads.iter().position(|it| it == head)).collect();
    let row = |row: &Vec<String>| places.iter().map(|place| row.get(*place).cloned().unwrap_or_default()).collect();
    Block::Table(Sheet::new(labels, table.rows.iter().map(row).collect(), ROWS, file))
}

fn table_or(rows: Vec<Vec<String>>, labels: &[&str], file: &str, none: &str) -> Block {
    if rows.is_empty() {
        return Block::text(none);
    }
    Block::Table(Sheet::new(labels, rows, ROWS, file).with_chips("Severity"))
}
