//! Evidence packs in every state, and the audit trail.

use async_trait::async_trait;
use domain::audit::{ChainReport, Difference, TrailEntry, TrailFilter, TrailPage};
use domain::backend::packs::{PackRecord, Packs, Released, Signer};
use domain::backend::trail::Trail;
use domain::id::WorkspaceId;
use domain::pack::Profile;
use domain::pack::job::{PackNumber, PackOrigin, PackState, PackWish};
use domain::pack::scan::{Hit, Scanned};
use domain::problem::Problem;
use domain::review::seal::SealKey;
use domain::time::Day;

use crate::estate::Fake;

fn hit(file: &str) -> Hit {
    Hit { file: file.to_owned(), line: 3, column: 7, mask: "#### #### #### ####".to_owned() }
}

fn record(number: u32, state: PackState) -> PackRecord {
    let is_whole = matches!(state, PackState::Done | PackState::Stopped);
    let scanned = Scanned {
        stops: (number == 3 || number == 7).then(|| hit("16_risks.csv")).into_iter().collect(),
        warnings: vec![hit("02_inventory.csv")],
        unread: vec!["01_scope_statement.pdf".to_owned()],
        ..Scanned::default()
    };
    PackRecord {
        number: PackNumber(number),
        file: "ab".repeat(16),
        origin: if number == 1 { PackOrigin::Now } else { PackOrigin::Seal(SealKey(1)) },
        profile: Profile::Full,
        state,
        files: 3,
        of: if state == PackState::Waiting { 0 } else { 40 },
        bytes: 5_000,
        sha256: if is_whole { "cd".repeat(32) } else { String::new() },
        scanned: if is_whole { scanned } else { Scanned::default() },
        problem: if state == PackState::Failed { "There is no <room>.".to_owned() } else { String::new() },
        asked_by: None,
        asked_by_name: (number > 1).then(|| "Lead <b>".to_owned()),
        asked_at: Day(20_778).start(),
        released: (number == 7).then(|| Released {
            by: "Reviewer <i>".to_owned(),
            at: Day(20_779).start(),
            reason: "Order <numbers>.".to_owned(),
        }),
        downloads: 2,
    }
}

#[async_trait]
impl Packs for Fake {
    async fn packs(&self, workspace: &WorkspaceId) -> Result<Vec<PackRecord>, Problem> {
        self.member(workspace)?;
        let states = (1..).zip(PackState::ALL).map(|(number, state)| record(number, *state));
        let mut all: Vec<_> = states.chain([record(7, PackState::Done)]).collect();
        all.reverse();
        Ok(all)
    }

    async fn pack(&self, workspace: &WorkspaceId, pack: PackNumber) -> Result<PackRecord, Problem> {
        let all = self.packs(workspace).await?;
        all.into_iter().find(|it| it.number == pack).ok_or(Problem::NotFound)
    }

    async fn ask_pack(&self, _: &WorkspaceId, _: PackWish) -> Result<PackRecord, Problem> {
        Err(Problem::Forbidden)
    }

    async fn cancel_pack(&self, _: &WorkspaceId, _: PackNumber) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn release_pack(&self, _: &WorkspaceId, _: PackNumber, _: &str) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn pack_signers(&self, workspace: &WorkspaceId) -> Result<Vec<Signer>, Problem> {
        self.member(workspace)?;
        Ok([2, 1].map(|it| Signer { generation: it, public: [7; 32], since: Day(20_778).start() }).to_vec())
    }

    async fn take_pack(&self, _: &WorkspaceId, _: PackNumber) -> Result<PackRecord, Problem> {
        Err(Problem::Forbidden)
    }
}

#[async_trait]
impl Trail for Fake {
    async fn trail(&self, workspace: Option<&WorkspaceId>, _: &TrailFilter, _: u32) -> Result<TrailPage, Problem> {
        if let Some(workspace) = workspace {
            self.member(workspace)?;
        }
        let difference = |what: &str| Difference {
            what: what.to_owned(),
            before: "Old <b>".to_owned(),
            after: "New & shiny".to_owned(),
        };
        let entry = |sequence: i64, details: Vec<Difference>| TrailEntry {
            sequence,
            at: Day(20_778).start(),
            actor: "Lead <b>".to_owned(),
            action: "system.edit".to_owned(),
            kind: Some("system".to_owned()),
            key: Some("checkout".to_owned()),
            hash: "ab".repeat(32),
            details,
        };
        let many = ["name", "owner", "note", "purpose"].map(difference).to_vec();
        Ok(TrailPage { entries: vec![entry(9, many), entry(8, vec![difference("name")])], has_older: true })
    }

    async fn take_trail(&self, _: Option<&WorkspaceId>, _: &TrailFilter) -> Result<TrailPage, Problem> {
        Err(Problem::Forbidden)
    }

    async fn verify_trail(&self, _: Option<&WorkspaceId>) -> Result<ChainReport, Problem> {
        Ok(ChainReport { is_whole: true, words: "whole, 9 entries".to_owned(), entries: 9, head: "cd".repeat(32) })
    }
}
