//! A pack of the sample estate: the same bytes twice, whole, and every change named.

mod manipulations;
mod redacted;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use proptest::prelude::*;
use sha2::{Digest, Sha512};

use super::made::Unfit;
use super::signature::{self, TrustedKey};
use super::source::{Evidence, Member, Requirements, SealedState, Source};
use super::trail::Span;
use super::trail::tests::entries;
use super::verify::{Report, Trust, Verdict, verify};
use super::{Content, Files, Profile, files, fits, manifest, name};
use crate::evidence::Index;
use crate::export::model_file::to_json;
use crate::id::PersonId;
use crate::library::framework::Row;
use crate::library::position::Worksheet;
use crate::library::responsibility::{Duty, Party, VendorMatrix};
use crate::library::{EvidenceKey, FrameworkKey, OwnFramework, Position, RequirementKey, Status};
use crate::model::Model;
use crate::model::sample::sample;
use crate::review::access::Access;
use crate::review::content::{Registered, Reviewed};
use crate::review::entity::EntityProfile;
use crate::review::kind::ReviewKind;
use crate::review::outcome::{Engine, Outcome};
use crate::review::seal::{self, Fixed, GENESIS, Seal, SealKey};
use crate::review::session::{Part, ReviewKey, Signature};
use crate::review::statements::Statements;
use crate::risk::{Register, Risk, RiskKey};
use crate::role::Role;
use crate::schedule::Cadence;
use crate::schedule::analysis::{Analysis, AnalysisKey};
use crate::time::Day;

/// The key that signs packs, that of the instance, and one of somebody else.
const KEY: [u8; 32] = [7; 32];
const INSTANCE: [u8; 32] = [9; 32];
const OTHER: [u8; 32] = [8; 32];

/// Stands for Ed25519 here: nobody without the secret makes it.
fn sign(key: &[u8; 32], message: &[u8]) -> [u8; 64] {
    Sha512::new().chain_update(b"secret").chain_update(key).chain_update(message).finalize().into()
}

fn ed25519(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    sign(key, message) == *signature
}

pub(super) fn model() -> Model {
    let mut model = Model::default();
    sample(day()).into_iter().for_each(|object| model.put(object));
    model
}

fn day() -> Day {
    Day(20_778)
}

/// One item with a file.
fn index_of(day: Day) -> String {
    let file = serde_json::json!({
        "name": "Report of the segmentation test.pdf",
        "media": "application/pdf",
        "bytes": 12_345,
        "sha256": "ab".repeat(32),
    });
    let item = serde_json::json!({
        "key": "EV-0001",
        "version": 2,
        "title": "Segmentation test of the shop",
        "proves": { "requirements": ["pci:11.4.5"], "objects": [], "review": null },
        "source": { "file": file },
        "collected": day,
        "covers_from": null,
        "covers_until": null,
        "expires": null,
    });
    serde_json::json!({ "items": [item] }).to_string()
}

/// What two people said of requirements.
fn said(day: Day) -> Requirements {
    let lead = Some((PersonId::new("lead"), day));
    let worksheet = Worksheet {
        constraints: "The terminals cannot encrypt".to_owned(),
        definition: "They stand in a network of their own".to_owned(),
        ..Worksheet::default()
    };
    let compensated = |requirement| Position {
        status: Status::InPlaceCompensated,
        reason: "Old terminals stay until spring".to_owned(),
        worksheet: Some(worksheet),
        evidence: [EvidenceKey(1)].into(),
        decided: lead.clone(),
        approved: Some((PersonId::new("head"), day)),
        ..Position::new(requirement)
    };
    let key = RequirementKey::pci("3.5.1");
    let row = Row { id: "A-1".to_owned(), title: "No mail with cards".to_owned(), group: String::new() };
    let house: Option<FrameworkKey> = "house-rules".parse().ok();
    let own = house.map(|key| OwnFramework { key, name: "House rules".to_owned(), rows: vec![row] });
    let of_own = "house-rules:A-1".parse().ok().map(|it| Position { decided: lead.clone(), ..Position::new(it) });
    let matrix = model().vendors.keys().next().zip(key.clone()).map(|(vendor, requirement)| {
        let note = "They encrypt, we keep no copy".to_owned();
        let duty = Duty { requirement, party: Party::Shared, note };
        VendorMatrix { as_of: Some(day), rows: vec![duty], ..VendorMatrix::new(vendor.clone()) }
    });
    let analysis = Analysis {
        key: AnalysisKey(1),
        requirement: "7.2.5.1".to_owned(),
        assets: "Service accounts".to_owned(),
        threats: "Rights that nobody needs".to_owned(),
        factors: "Few changes".to_owned(),
        frequency: Some(Cadence::Months(6)),
        justification: "Half a year bounds it".to_owned(),
        change_triggers: "A new product".to_owned(),
        approved: Some((PersonId::new("head"), day)),
        ..Analysis::new(PersonId::new("lead"))
    };
    Requirements {
        positions: key.map(compensated).into_iter().chain(of_own).collect(),
        matrices: matrix.into_iter().collect(),
        frameworks: own.into_iter().collect(),
        analyses: vec![analysis],
    }
}

/// What the sample estate was when two people signed it.
pub(super) fn source(profile: Profile) -> Source {
    let (model, day) = (model(), day());
    let snapshot = to_json(&model);
    let mut risk = Risk::new(RiskKey(1));
    risk.title = "Vault reachable from the office".to_owned();
    let register = Registered::of(&Register::default(), [&risk].into_iter(), std::iter::empty());
    let contents: BTreeMap<seal::Content, String> = [
        (seal::Content::Snapshot, snapshot.clone()),
        (seal::Content::Outcome, Outcome::compute(&model, day, day.start()).bytes()),
        (seal::Content::Register, register.bytes()),
    ]
    .into();
    let index = Index::read(&index_of(day)).unwrap_or_default();
    let lead = Member {
        name: "Security lead of the shop".to_owned(),
        role: Role::Owner,
        tier: 4,
        since: Some(day),
        until: None,
    };
    let access = Access::of("Web shop of the sample", vec![lead]);
    let entity = EntityProfile { legal_name: "Sample Shop Limited".to_owned(), ..EntityProfile::default() };
    let said = Statements { entity, requirements: said(day) };
    let reviewed = Reviewed { review: ReviewKey(1), items: Vec::new(), carried: Vec::new(), events: Vec::new() };
    let contents: BTreeMap<seal::Content, String> = contents
        .into_iter()
        .chain([
            (seal::Content::Review, reviewed.bytes()),
            (seal::Content::Evidence, index.bytes()),
            (seal::Content::Access, access.bytes()),
            (seal::Content::Statements, said.bytes()),
        ])
        .collect();
    let trail = entries(12);
    let signature = Signature {
        review: ReviewKey(1),
        snapshot: Fixed::of(snapshot.as_bytes()).sha256,
        statement: "The scope is as it should be.".to_owned(),
        shown: "cd".repeat(32),
        signer: "lead".into(),
        account: "lead".into(),
        part: Part::Attests,
        role: "Payments lead of the shop".to_owned(),
        method: "password, code".to_owned(),
        at: day.start(),
        comment: String::new(),
        previous: GENESIS.to_owned(),
        hash: String::new(),
    }
    .hashed();
    let seal = Seal {
        version: Seal::current_version(),
        key: SealKey(1),
        workspace: "shop".to_owned(),
        review: ReviewKey(1),
        kind: ReviewKind::Integrations,
        name: "2026-Q4".to_owned(),
        sealed_at: day.start(),
        as_of: day,
        previous: GENESIS.to_owned(),
        supersedes: None,
        covers: std::collections::BTreeSet::new(),
        contents: contents.iter().map(|(it, bytes)| (*it, Fixed::of(bytes.as_bytes()))).collect(),
        audit_head: Span::of("workspace/shop", &trail).head,
        engine: Engine::current(),
        signatures: vec![signature],
    };
    let made = seal.seal(&hex::encode(INSTANCE), |payload| Ok::<_, Unfit>(sign(&INSTANCE, payload).to_vec()));
    Source {
        profile,
        workspace: "shop".to_owned(),
        name: "Web shop of the sample".to_owned(),
        model: snapshot,
        sealed: made.ok().map(|sealed| SealedState { sealed, seal, contents }),
        as_of: day,
        at: day.start(),
        register,
        entity: said.entity,
        trail,
        chain: "workspace/shop".to_owned(),
        members: access.members,
        evidence: Evidence::of(&index),
        index,
        requirements: said.requirements,
        salt: [3; 32],
        report: Some(b"%PDF-".to_vec()),
        page: None,
        public_key: KEY,
        checkpoint_key: String::new(),
    }
}

pub(super) fn pack(source: &Source) -> Files {
    let made = files(source, |bytes| Ok::<_, Unfit>(sign(&source.public_key, bytes)));
    made.unwrap_or_default()
}

fn report(files: &Files, trusted: bool) -> Report {
    let key = TrustedKey::Key(KEY);
    verify(files, &Trust { key: trusted.then_some(&key), checkpoint: None, ed25519: &ed25519 })
}

/// Lists and signs again, as somebody with the key would.
fn sign_again(files: &mut Files, key: &[u8; 32]) {
    let list = manifest::write(files);
    let signed = sign(key, &signature::signed_bytes(list.as_bytes()));
    files.insert(name::SIGNATURE.to_owned(), signature::write(key, &signed).into());
    files.insert(name::MANIFEST.to_owned(), list.into());
}

#[test]
fn the_same_source_gives_the_same_bytes_and_a_pack_that_holds() {
    for profile in Profile::ALL {
        let source = source(*profile);
        let files = pack(&source);
        assert_eq!(files, pack(&source));
        let told = report(&files, true);
        assert_eq!((told.verdict, told.faults), (Verdict::Intact, vec![]), "{profile}");
        let agreement = told.agreement.unwrap_or_default();
        for (said, again) in [agreement.verdicts, agreement.findings, agreement.files] {
            assert!(said > 0 && said == again, "{profile}: {agreement:?}");
        }
        assert_eq!(report(&files, false).verdict, Verdict::SignerUnknown);
        for (name, content) in files.iter().filter(|(name, _)| name.ends_with(".csv")) {
            let text = content.text().unwrap_or_default();
            assert!(text.ends_with("\"\n") && !text.contains('\r'), "{name}");
        }
    }
}

#[test]
fn a_pack_has_every_file_that_an_assessor_asks_for() {
    let files = pack(&source(Profile::Full));
    let numbered = |number: &str| files.keys().any(|name| name.starts_with(number));
    for number in 0..=24 {
        assert!(numbered(&format!("{number:02}_")), "{number}: {:?}", files.keys());
    }
    for name in [
        "inventory.xlsx",
        "coverage.csv",
        "open_questions.csv",
        "access_list.csv",
        "requirements.csv",
        "VERIFY.md",
        "seal/seal.json",
    ] {
        assert!(files.contains_key(name), "{name}");
    }
    assert_eq!(super::contents::unknown(&files), [""; 0], "the first page does not say what these are");
    assert_eq!(files[name::MODEL].text(), Some(source(Profile::Full).model.as_str()), "to the byte what was sealed");
}

#[test]
fn without_a_seal_every_page_says_that_it_is_a_draft() {
    let draft = Source { sealed: None, ..source(Profile::Full) };
    let files = pack(&draft);
    for page in ["00_README.md", "01_scope_statement.md"] {
        assert!(files[page].text().is_some_and(|text| text.starts_with("# DRAFT")), "{page}");
    }
    let told = report(&files, true);
    assert_eq!((told.verdict, told.faults), (Verdict::Intact, vec![]));
    assert!(told.about.is_some_and(|it| it.is_draft()));
}

#[test]
fn a_byte_of_any_file_that_is_flipped_is_noticed() {
    let files = pack(&source(Profile::Full));
    for (name, content) in &files {
        let Some(bytes) = content.bytes() else { continue };
        for place in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = files.clone();
            changed.insert(name.clone(), Content::Bytes(flipped(bytes, place, 1)));
            // What is checked first is enough to notice it; the whole costs a run of the engine.
            assert!(is_noticed_by_hashes(&changed), "{name}, byte {place}");
        }
    }
}

/// Whether list and signature alone show that something was changed.
fn is_noticed_by_hashes(files: &Files) -> bool {
    let outer = |name: &str| files.get(name).and_then(Content::text);
    let Some(list) = outer(name::MANIFEST) else { return true };
    let whole = outer(name::SIGNATURE)
        .and_then(signature::read)
        .is_some_and(|(key, signed)| key == KEY && ed25519(&key, &signature::signed_bytes(list.as_bytes()), &signed));
    let Ok(hashes) = manifest::read(list) else { return true };
    !whole || hashes.iter().any(|(name, hash)| files.get(*name).map(Content::sha256).as_deref() != Some(*hash))
}

fn flipped(bytes: &[u8], place: usize, with: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[place] ^= with;
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_flipped_byte_makes_the_verdict_altered(
        which in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), with in 1u8..,
    ) {
        static PACK: OnceLock<Files> = OnceLock::new();
        let mut files = PACK.get_or_init(|| pack(&source(Profile::Auditor))).clone();
        let names: Vec<String> = files.iter().filter(|(_, it)| !it.is_empty() && it.bytes().is_some())
            .map(|(name, _)| name.clone()).collect();
        let name = &names[which.index(names.len())];
        let bytes = files[name].bytes().unwrap_or_default().to_vec();
        let changed = flipped(&bytes, place.index(bytes.len()), with);
        files.insert(name.clone(), Content::Bytes(changed));
        prop_assert_eq!(report(&files, true).verdict, Verdict::Altered, "{}", name);
    }
}

#[test]
fn the_index_of_the_evidence_names_each_file_and_is_sealed() {
    let made = pack(&source(Profile::Full));
    let path = format!("evidence/{}-report-of-the-segmentation-test-pdf", "ab".repeat(6));
    assert!(made.contains_key(&path), "{:?}", made.keys());
    let list = made["evidence_index.csv"].text().unwrap_or_default();
    let row = list.lines().nth(1).unwrap_or_default();
    for part in ["EV-0001", "Segmentation test of the shop", "pci:11.4.5", &"ab".repeat(32), path.as_str()] {
        assert!(row.contains(part), "{row}");
    }
    let redacted = pack(&source(Profile::Redacted));
    let list = redacted["evidence_index.csv"].text().unwrap_or_default();
    assert!(list.contains("EV-0001") && !list.contains("Segmentation test") && !redacted.contains_key(&path));
    assert!(!redacted.contains_key(name::SEALED_EVIDENCE));
    // A seal of before there was evidence fixes no index, and its pack is whole as well.
    let mut old = source(Profile::Full);
    if let Some(it) = old.sealed.as_mut() {
        it.seal.contents.remove(&seal::Content::Evidence);
    }
    assert!(!pack(&old).contains_key(name::SEALED_EVIDENCE), "what a seal does not fix was put there by somebody else");
}

#[test]
fn what_a_pack_cannot_hold_is_said_before_the_work() {
    let with = |profile, change: &dyn Fn(&mut Evidence)| {
        let mut source = source(profile);
        let mut other = source.evidence[0].clone();
        change(&mut other);
        source.evidence.push(other);
        source
    };
    let large = |it: &mut Evidence| it.bytes = 60 << 30;
    assert_eq!(fits(&with(Profile::Full, &large)), Err(Unfit::TooLarge));
    assert_eq!(fits(&with(Profile::Redacted, &large)), Ok(()), "it has none of them");
    // Another file of the same hash as far as its name in the pack goes.
    let twin = |it: &mut Evidence| it.bytes += 1;
    let refused = files(&with(Profile::Full, &twin), |_| Ok::<_, Unfit>([0; 64]));
    assert!(matches!(refused, Err(Unfit::Twice(name)) if name.starts_with("evidence/")));
    assert!(files(&with(Profile::Full, &|_| ()), |_| Ok::<_, Unfit>([0; 64])).is_ok(), "one file of two items");
}

#[test]
fn what_a_seal_fixes_is_there_as_it_was_or_there_is_no_pack() {
    let made = |change: &dyn Fn(&mut Source)| {
        let mut source = source(Profile::Auditor);
        change(&mut source);
        files(&source, |_| Ok::<_, Unfit>([0; 64])).err()
    };
    let contents = |change: &dyn Fn(&mut BTreeMap<seal::Content, String>)| {
        made(&|it| it.sealed.iter_mut().for_each(|it| change(&mut it.contents)))
    };
    assert_eq!(made(&|_| ()), None);
    let fixed = source(Profile::Auditor).sealed.map(|it| it.seal.contents).unwrap_or_default();
    assert_eq!(fixed.len(), seal::Content::ALL.len(), "{fixed:?}");
    for content in fixed.keys().filter(|it| **it != seal::Content::Snapshot) {
        let refused = Some(Unfit::Sealed(content.label()));
        assert_eq!(contents(&|it| drop(it.remove(content))), refused);
        assert_eq!(contents(&|it| it.entry(*content).or_default().push(' ')), refused);
    }
    // Also where the bytes of the model are not in the pack, since it has no addresses.
    let renamed = |it: &mut Source| it.model = it.model.replacen("\"name\"", "\"name\" ", 1);
    assert_eq!(made(&renamed), Some(Unfit::Sealed(seal::Content::Snapshot.label())));
}
