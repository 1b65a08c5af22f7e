//! `01_scope_statement.pdf` as data: the scope statement in the order of requirement 12.5.2, with the maps.

mod plates;
mod relevance;

use std::collections::BTreeSet;

use super::about::About;
use super::derived::Derived;
use super::made::Unfit;
use super::profile::Profile;
use super::redaction::Veil;
use super::signature::fingerprint;
use super::source::Source;
use super::table::Table;
use super::tables::{exclusions, locations, providers, segmentation};
use crate::findings::{Finding, Severity};
use crate::id::SystemId;
use crate::model::reader::read_json;
use crate::model::relations::Boundary;
use crate::paper::{Block, Fact, Paper, Part, Sheet};
use crate::report;
use crate::report::scope_statement::{self as statement, SignOff};
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
            Part::new("Data-flow and network diagrams", contents(&plates)),
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

    fn flows(&self, sources: &statement::Sources<'_>) -> Vec<Block> {
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

    fn locations(&self) -> Vec<Block> {
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

    fn systems(&self, sources: &statement::Sources<'_>, relevant: &[SystemId]) -> Vec<Block> {
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

    fn segmentation(&self) -> Vec<Block> {
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

    fn exclusions(&self) -> Vec<Block> {
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

    fn decisions(&self) -> Vec<Block> {
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

    fn providers(&self) -> Vec<Block> {
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

    fn sign_offs(&self) -> Vec<SignOff> {
        let of = |it: &super::SealedState| SignOff {
            seal: it.seal.key.to_string(),
            name: self.veil.text(&it.seal.name),
            on: it.seal.as_of,
            signers: it.seal.signatures.iter().map(|it| self.person(it.signer.as_str())).collect(),
            hash: it.sealed.hash.clone(),
        };
        self.source.sealed.iter().map(of).collect()
    }

    /// The name of a person as the pack shows it.
    fn person(&self, key: &str) -> String {
        let shown = self.veil.person(key);
        let named = self.it.model.people.get(&crate::id::PersonId::new(shown.as_str())).map(|it| it.name.clone());
        named.filter(|it| !it.is_empty() && self.source.profile != Profile::Redacted).unwrap_or(shown)
    }

    fn signatures(&self, sign_offs: &[SignOff]) -> Vec<Block> {
        let Some(sealed) = &self.source.sealed else {
            return vec![Block::text("Nobody. This is a draft of what the model says now.")];
        };
        let first = sign_offs.iter().map(|it| {
            format!(
                "{} ({}) was made at {} and fixes what this document says.",
                it.seal, it.name, sealed.seal.sealed_at
            )
        });
        let mut blocks: Vec<Block> = first.map(Block::text).collect();
        let rows = sealed.seal.signatures.iter().map(|it| {
            vec![
                self.person(it.signer.as_str()),
                self.veil.text(&it.role),
                it.part.label().to_owned(),
                it.at.to_string(),
                self.veil.text(&it.statement),
            ]
        });
        let labels = ["Who", "Role", "Part", "When", "What they signed"];
        blocks.push(table_or(rows.collect(), &labels, "20_scope_reviews.csv", "There are no signatures."));
        blocks
    }

    fn verification(&self) -> Vec<Block> {
        let span = self.source.span();
        let mut hashes = Vec::new();
        if let Some(it) = &self.source.sealed {
            hashes.push(Fact::new("SHA-256 of the seal", it.sealed.hash.clone()));
        }
        hashes.push(Fact::new("Model", "23_model.json, from which scope and findings can be computed again"));
        hashes.push(Fact::new("Audit trail", format!("{}, entries {} to {}", span.chain, span.first, span.last)));
        hashes.push(Fact::new("Hash of the last entry", span.head));
        hashes.push(Fact::new("Key that signs the pack", fingerprint(&self.source.public_key)));
        hashes.push(Fact::new("Form of the pack", format!("version {}", About::current_version())));
        vec![
            Block::text(
                "This document is one file of an evidence pack. VERIFY.md in the pack says how to verify all of it, without our \
                 program and without a network:",
            ),
            Block::Lines {
                lines: vec![
                    "sha256sum -c MANIFEST.sha256".to_owned(),
                    format!(
                        "ssh-keygen -Y verify -f allowed_signers -I {} -n {} -s MANIFEST.sha256.sig < MANIFEST.sha256",
                        super::signature::IDENTITY,
                        super::signature::NAMESPACE
                    ),
                    "plumbline verify-pack PACK.zip --trusted-key KEY --checkpoint CHECKPOINT".to_owned(),
                ],
            },
            Block::text("Compare what is printed with these, and the key with one that you got on another way:"),
            Block::Facts { facts: hashes },
        ]
    }
}

/// The pages with maps, as a list.
fn contents(plates: &[Block]) -> Vec<Block> {
    let rows = plates.iter().filter_map(|it| match it {
        Block::Picture { page, title, .. } => Some(vec![page.clone(), title.clone()]),
        _ => None,
    });
    vec![
        Block::text(
            "The maps at the end of this document are drawn from the model, as of the same day. 04_network_diagram.svg, \
             04_network_diagram.json and the files that begin with 05_dataflow_ show all of it.",
        ),
        Block::Table(Sheet::new(&["Map", "What it shows"], rows.collect(), plates.len(), "the SVG files")),
    ]
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
