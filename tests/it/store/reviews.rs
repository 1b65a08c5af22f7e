//! Reviews on both databases: opened, looked at, signed, sealed, and what is noticed when somebody changes a byte of it.

use domain::backend::Backend as _;
use domain::backend::confirmations::Confirmations as _;
use domain::backend::reviews::{ReviewState, Reviews as _, Signing};
use domain::backend::snapshots::Snapshots as _;
use domain::command::Command;
use domain::id::{PersonId, WorkspaceId};
use domain::model::object::ObjectRef;
use domain::model::reader::read_json;
use domain::model::relations::Exposure;
use domain::pack::signature::TrustedKey;
use domain::pack::verify::{Trust, Verdict, verify};
use domain::pack::{Files, Profile, Unfit, files};
use domain::problem::{FieldCode, Problem};
use domain::review::examination::Fault;
use domain::review::gate::GateKind;
use domain::review::seal::{Altered, Content, GENESIS};
use domain::review::session::{Command as Step, Opening, Part, Phase, Signer};
use domain::review::{Cover, ReviewKey, ReviewKind, SealKey};
use domain::role::Role;
use store::{ChainVerdict, Gate, PackKey, SealingKey, verifies};
use tests::both_dbs;
use tests::estate::Instance;

/// Three systems of which nothing is missing, and one person who answers for them with another.
const MODEL: &str = r#"{"people":[{"id":"pat","name":"Payments engineer"},{"id":"dan","name":"Duty engineer"}],
    "systems":[{"id":"till","name":"Till","owner":"pat","deputy":"dan"},
        {"id":"ledger","name":"Ledger","owner":"pat","deputy":"dan"},
        {"id":"desk","name":"Desk","owner":"pat","deputy":"dan"}]}"#;

/// An instance with that model.
pub(super) async fn filled(place: &tests::place::Place) -> Instance {
    let instance = Instance::new(place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let (model, _) = read_json(MODEL.as_bytes()).unwrap();
    let objects = model.objects().filter(|it| it.reference() != ObjectRef::Settings).collect();
    let seen = gate.estate(workspace).await.unwrap().revision;
    gate.execute(workspace, Command::Import { source: "model.json".to_owned(), objects, seen }).await.unwrap();
    instance
}

pub(super) async fn me(gate: &Gate, workspace: &WorkspaceId) -> PersonId {
    gate.reviews(workspace).await.unwrap().me.unwrap()
}

pub(super) fn opening(name: &str, signers: &[(&PersonId, Part)], four_eyes: bool) -> Opening {
    let signer = |(person, part): &(&PersonId, Part)| Signer {
        person: (*person).clone(),
        part: *part,
        role: "Payments lead".to_owned(),
        account: None,
    };
    Opening {
        name: name.to_owned(),
        cover: Cover::all(ReviewKind::Integrations),
        schedule: None,
        trigger: String::new(),
        due: "2026-12-15".parse().unwrap(),
        statement: "What these systems send and store is what they need.".to_owned(),
        signers: signers.iter().map(signer).collect(),
        four_eyes,
    }
}

/// Says of every open item what can be said of it.
pub(super) async fn look_at_all(gate: &Gate, workspace: &WorkspaceId, key: ReviewKey) {
    let state = gate.review(workspace, key).await.unwrap();
    let open = |it: &&domain::review::Item| {
        !matches!(state.session.tick_state(it), domain::review::session::TickState::Holds(_))
    };
    let unchanged: Vec<_> =
        state.difference.unchanged().filter(open).map(|it| (it.object.clone(), it.fingerprint.clone())).collect();
    if !unchanged.is_empty() {
        gate.step_review(workspace, key, Step::AttestUnchanged(unchanged)).await.unwrap();
    }
    for it in state.difference.changed().filter(open) {
        let confirm = Step::Confirm { item: it.object.clone(), seen: it.fingerprint.clone() };
        gate.step_review(workspace, key, confirm).await.unwrap();
    }
}

fn shown(state: &ReviewState) -> String {
    state.session.content_hash(&state.difference)
}

fn signing(shown: String) -> Signing {
    Signing { shown, ..Signing::default() }
}

pub(super) async fn sign(gate: &Gate, workspace: &WorkspaceId, key: ReviewKey) -> Result<Option<SealKey>, Problem> {
    let state = gate.review(workspace, key).await.unwrap();
    gate.sign_review(workspace, key, signing(shown(&state))).await
}

/// Opens the till to the internet, which moves what people signed for.
async fn change_till(gate: &Gate, workspace: &WorkspaceId, exposure: Exposure) {
    let estate = gate.estate(workspace).await.unwrap();
    let seen = *estate.changed.get(&ObjectRef::System("till".into())).unwrap();
    let mut system = (*estate.stored.systems["till"]).clone();
    system.exposure = Some(exposure);
    gate.execute(workspace, Command::EditSystem(Box::new(system), seen)).await.unwrap();
}

fn step(code: FieldCode) -> Problem {
    Problem::field("step", code)
}

/// The files of the pack of a workspace, and the key that signed them.
async fn pack(gate: &Gate, workspace: &WorkspaceId, profile: Profile) -> (Files, TrustedKey) {
    let source = gate.pack_source(workspace, None, profile).await.unwrap();
    let key = PackKey::of(&SealingKey::new([7; 32]), 1).unwrap();
    let made = files(&source, |bytes| Ok::<_, Unfit>(key.sign(bytes))).unwrap();
    (made, TrustedKey::Key(key.public()))
}

both_dbs!(a_pack_of_a_seal_verifies_and_stays_the_same_whatever_happens_later, |place| {
    let instance = filled(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let lead = me(&gate, workspace).await;
    let key = gate.open_review(workspace, opening("2026-Q3", &[(&lead, Part::Attests)], false)).await.unwrap();
    let (draft, _) = pack(&gate, workspace, Profile::Full).await;
    assert!(draft["00_README.md"].text().unwrap().starts_with("# DRAFT"));
    look_at_all(&gate, workspace, key).await;
    assert_eq!(sign(&gate, workspace, key).await, Ok(Some(SealKey(1))));

    let mut first = Vec::new();
    for profile in Profile::ALL {
        let (made, trusted) = pack(&gate, workspace, *profile).await;
        let trust = Trust { key: Some(&trusted), checkpoint: None, ed25519: &verifies };
        let told = verify(&made, &trust);
        assert_eq!((told.verdict, told.faults), (Verdict::Intact, Vec::new()), "{profile}");
        assert_eq!(told.about.and_then(|it| it.seal).map(|it| it.key), Some(SealKey(1)));
        first.push(made);
    }
    change_till(&gate, workspace, Exposure::Internet).await;
    for (profile, before) in Profile::ALL.iter().zip(first) {
        let (again, _) = pack(&gate, workspace, *profile).await;
        assert!(again == before, "{profile}: another pack of the same seal");
    }
});

both_dbs!(a_review_is_opened_looked_at_signed_and_sealed_and_the_next_starts_there, |place| {
    let instance = filled(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let lead = me(&gate, workspace).await;
    let first = gate.open_review(workspace, opening("2026-Q3", &[(&lead, Part::Attests)], false)).await.unwrap();
    assert_eq!(first, ReviewKey(1));
    let state = gate.review(workspace, first).await.unwrap();
    assert_eq!((state.difference.items.len(), state.gates.len()), (3, 3), "{:?}", state.gates);
    assert!(state.gates.iter().all(|it| it.kind == GateKind::OpenItem));
    assert_eq!(sign(&gate, workspace, first).await, Err(step(FieldCode::GateOpen)));
    assert!(gate.snapshots(workspace).await.unwrap().is_empty(), "a refused signature leaves no snapshot");

    look_at_all(&gate, workspace, first).await;
    assert_eq!(gate.sign_review(workspace, first, signing("other".to_owned())).await, Err(Problem::Conflict));
    assert_eq!(sign(&gate, workspace, first).await, Ok(Some(SealKey(1))));
    let state = gate.review(workspace, first).await.unwrap();
    assert_eq!((state.session.phase(), state.session.seals()), (Phase::Sealed, &[SealKey(1)][..]));
    let report = gate.seal(workspace, SealKey(1), true).await.unwrap();
    assert_eq!(report.faults, []);
    let (seal, again) = (report.seal.unwrap(), report.recomputed.unwrap());
    assert!(again.same_engine && again.deviations.is_empty(), "{again:?}");
    assert_eq!((seal.previous.as_str(), seal.signatures.len(), seal.covers.len()), (GENESIS, 1, 3));
    let taken = gate.snapshots(workspace).await.unwrap();
    assert_eq!(taken.len(), 1);
    assert_eq!(seal.signatures[0].snapshot, taken[0].hash);
    assert_eq!(seal.contents[&Content::Snapshot].sha256, taken[0].hash);

    // The next quarter: everything is as it was, then something changes while it is looked at.
    let second = gate.open_review(workspace, opening("2026-Q4", &[(&lead, Part::Attests)], false)).await.unwrap();
    let state = gate.review(workspace, second).await.unwrap();
    assert_eq!(state.difference.unchanged().count(), 3);
    assert!(state.bases.contains_key(&SealKey(1)));
    look_at_all(&gate, workspace, second).await;
    let before = shown(&gate.review(workspace, second).await.unwrap());
    change_till(&gate, workspace, Exposure::Internet).await;
    let state = gate.review(workspace, second).await.unwrap();
    let progress = state.session.progress(&state.difference);
    assert_eq!((progress.done, progress.fell_off), (2, 1));
    assert!(state.gates.iter().any(|it| it.kind == GateKind::FellOff), "{:?}", state.gates);
    assert_eq!(gate.sign_review(workspace, second, signing(before)).await, Err(step(FieldCode::GateOpen)));
    look_at_all(&gate, workspace, second).await;
    let words: Vec<String> = app_words(&instance, "review.%").await;
    assert!(words.contains(&"review.fall_off".to_owned()), "{words:?}");

    // Whoever refuses says why, and it is looked at again.
    let items = [ObjectRef::System("desk".into())].into();
    let refuse = Step::Refuse { reason: "Nobody asked the desk.".to_owned(), items };
    gate.step_review(workspace, second, refuse).await.unwrap();
    let state = gate.review(workspace, second).await.unwrap();
    let kinds: Vec<GateKind> = state.gates.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [GateKind::OpenItem, GateKind::Refusal]);
    assert_eq!(sign(&gate, workspace, second).await, Err(step(FieldCode::GateOpen)));
    look_at_all(&gate, workspace, second).await;
    gate.step_review(workspace, second, Step::AnswerRefusal { words: "They were asked.".to_owned() }).await.unwrap();
    assert_eq!(sign(&gate, workspace, second).await, Ok(Some(SealKey(2))));

    // A signature that was wrong stays readable, and a new seal replaces the one before.
    let wrong = gate.review(workspace, second).await.unwrap().session.signatures()[0].hash.clone();
    let supersede = Step::Supersede { signature: wrong, reason: "Signed for another team.".to_owned() };
    gate.step_review(workspace, second, supersede).await.unwrap();
    let state = gate.review(workspace, second).await.unwrap();
    assert_eq!((state.session.phase(), state.session.superseded().len()), (Phase::Open, 1));
    assert_eq!(state.difference.changed().count(), 1, "it starts from where it started at first");
    assert_eq!(sign(&gate, workspace, second).await, Ok(Some(SealKey(3))));
    let report = gate.seal(workspace, SealKey(2), false).await.unwrap();
    assert_eq!((report.faults, report.replaced_by), (Vec::new(), Some(SealKey(3))));
    let third = gate.open_review(workspace, opening("2027-Q1", &[(&lead, Part::Attests)], false)).await.unwrap();
    let state = gate.review(workspace, third).await.unwrap();
    assert_eq!(state.difference.unchanged().count(), 3);
    assert_eq!(state.bases.keys().copied().collect::<Vec<_>>(), [SealKey(3)]);
    assert!(matches!(instance.store.verify_chain(Some(workspace)).await.unwrap(), ChainVerdict::Whole { .. }));
    let fresh = gate.reviews(workspace).await.unwrap();
    assert_eq!((fresh.reviews.len(), fresh.seals.len(), fresh.broken), (3, 3, None));
});

/// The actions of the audit trail that are like this.
async fn app_words(instance: &Instance, like: &str) -> Vec<String> {
    let query = format!("SELECT DISTINCT action FROM audit_entry WHERE action LIKE '{like}' ORDER BY action");
    instance.store.texts(&query).await.unwrap()
}

both_dbs!(who_approves_decided_nothing_and_no_program_takes_part, |place| {
    let instance = filled(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let lead = me(&gate, workspace).await;
    let reviewer = instance.member(Role::Reviewer).await;
    let second = me(&reviewer, workspace).await;
    let alone = opening("2026-Q4", &[(&lead, Part::Attests)], true);
    let missing = Err(Problem::field("signer", FieldCode::ApprovalMissing));
    assert_eq!(gate.open_review(workspace, alone).await, missing);
    let both = opening("2026-Q4", &[(&lead, Part::Attests), (&second, Part::Approves)], true);
    let viewer = instance.member(Role::Viewer).await;
    assert_eq!(viewer.open_review(workspace, both.clone()).await, Err(Problem::Forbidden));
    let operator = instance.store.gate(store::Actor::Operator);
    assert_eq!(operator.open_review(workspace, both.clone()).await, Err(Problem::Forbidden));

    let key = gate.open_review(workspace, both.clone()).await.unwrap();
    let state = gate.review(workspace, key).await.unwrap();
    let item = state.difference.items.values().next().unwrap().clone();
    let confirm = Step::Confirm { item: item.object, seen: item.fingerprint };
    reviewer.step_review(workspace, key, confirm).await.unwrap();
    look_at_all(&gate, workspace, key).await;
    assert_eq!(sign(&reviewer, workspace, key).await, Err(step(FieldCode::OwnDecision)));
    let withdraw = Step::Withdraw { reason: "The approver looked at it.".to_owned() };
    gate.step_review(workspace, key, withdraw).await.unwrap();

    let key = gate.open_review(workspace, both).await.unwrap();
    look_at_all(&gate, workspace, key).await;
    assert_eq!(sign(&reviewer, workspace, key).await, Err(step(FieldCode::ApprovalMissing)));
    assert_eq!(sign(&gate, workspace, key).await, Ok(None));
    assert_eq!(sign(&gate, workspace, key).await, Err(step(FieldCode::ApprovedAlready)));
    let stranger = instance.member(Role::Editor).await;
    assert_eq!(sign(&stranger, workspace, key).await, Err(step(FieldCode::NotNamed)));
    place.clock.advance(5 * 60 + 1);
    assert_eq!(sign(&reviewer, workspace, key).await, Err(Problem::Reauthenticate));
    place.clock.advance(-5 * 60);
    assert_eq!(sign(&reviewer, workspace, key).await, Ok(Some(SealKey(1))));
});

both_dbs!(what_is_carried_over_comes_from_the_last_review_of_the_same_kind, |place| {
    let instance = filled(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let lead = me(&gate, workspace).await;
    let vendor = r#"{"vendors":[{"id":"psp","name":"PSP","aoc_expires":"2026-11-23"}]}"#;
    let (model, _) = read_json(vendor.as_bytes()).unwrap();
    let objects = model.objects().filter(|it| it.reference() != ObjectRef::Settings).collect();
    let seen = gate.estate(workspace).await.unwrap().revision;
    gate.execute(workspace, Command::Import { source: "vendor.json".to_owned(), objects, seen }).await.unwrap();
    let only = |kind| Opening { cover: Cover::all(kind), ..opening("Once", &[(&lead, Part::Attests)], false) };
    let whole = gate.open_review(workspace, only(ReviewKind::Integrations)).await.unwrap();
    look_at_all(&gate, workspace, whole).await;
    assert_eq!(sign(&gate, workspace, whole).await, Ok(Some(SealKey(1))));

    // The attestation runs out, and a review of one owner is sealed afterwards: it does not make up for it.
    place.clock.advance(4 * 24 * 3600);
    let again = instance.store.sign_in(tests::estate::OWNER, tests::estate::PASSWORD, "192.0.2.1").await.unwrap();
    let gate = instance.store.gate(again.actor());
    let mut of_pat = only(ReviewKind::Integrations);
    of_pat.cover.owners.insert("pat".into());
    let part = gate.open_review(workspace, of_pat).await.unwrap();
    let state = gate.review(workspace, part).await.unwrap();
    assert_eq!(state.difference.carried, [], "nobody signed this part before");
    look_at_all(&gate, workspace, part).await;
    assert_eq!(sign(&gate, workspace, part).await, Ok(Some(SealKey(2))));
    let quarter = gate.open_review(workspace, only(ReviewKind::Integrations)).await.unwrap();
    let state = gate.review(workspace, quarter).await.unwrap();
    let keys: Vec<String> = state.difference.carried.iter().map(domain::review::Carried::key).collect();
    assert_eq!(keys, ["proof:vendor:psp"]);
});

both_dbs!(a_confirmation_of_the_scope_is_sealed_with_a_reason_for_every_stage_without_a_flow, |place| {
    let instance = filled(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let flow = r#"{"systems":[{"id":"till"},{"id":"ledger"}],"flows":[{"id":"f","name":"Sale","from":"till","to":"ledger",
        "payment_stage":["authorisation","capture","settlement","refund"],"payment_channel":["e_commerce"],
        "confirmations":[{"end":"source","person":"pat","answer":"agrees","at":"2026-11-01T00:00:00Z"},
            {"end":"target","person":"dan","answer":"agrees","at":"2026-11-01T00:00:00Z"}]}]}"#;
    let (model, _) = read_json(flow.as_bytes()).unwrap();
    let objects = model.objects().filter(|it| matches!(it.reference(), ObjectRef::Flow(_))).collect();
    let seen = gate.estate(workspace).await.unwrap().revision;
    gate.execute(workspace, Command::Import { source: "flow.json".to_owned(), objects, seen }).await.unwrap();
    let lead = me(&gate, workspace).await;
    let reviewer = instance.member(Role::Reviewer).await;
    let second = me(&reviewer, workspace).await;
    let both = opening("2026", &[(&lead, Part::Attests), (&second, Part::Approves)], true);
    let both = Opening { cover: Cover::all(ReviewKind::Scope), ..both };
    let key = gate.open_review(workspace, both).await.unwrap();
    look_at_all(&gate, workspace, key).await;
    let answer = async || {
        let (estate, state) = (gate.estate(workspace).await.unwrap(), gate.review(workspace, key).await.unwrap());
        for said in gate.entity(workspace).await.unwrap().prefilled(&estate, state.beside()) {
            let (element, words, model_said) = (said.element, "It is so.".to_owned(), said.words());
            let answer = Step::AnswerElement { element, confirmed: true, words, model_said };
            gate.step_review(workspace, key, answer).await.unwrap();
        }
    };
    answer().await;
    let open = gate.review(workspace, key).await.unwrap().gates;
    let kinds: Vec<_> = open.iter().map(|it| (it.kind, it.about.as_str())).collect();
    assert_eq!(kinds, [(GateKind::Health, "H4")], "{open:?}");
    let cell = ("e_commerce".parse().unwrap(), "chargeback".parse().unwrap());
    gate.explain_cell(workspace, cell, "The bank takes them by letter.", 0).await.unwrap();
    // The answer on the flows counts the reasons, so that it is given again.
    let open = gate.review(workspace, key).await.unwrap().gates;
    let kinds: Vec<_> = open.iter().map(|it| (it.kind, it.about.as_str())).collect();
    assert_eq!(kinds, [(GateKind::Element, "flows")], "{open:?}");
    answer().await;
    assert_eq!(sign(&gate, workspace, key).await, Ok(None));
    assert_eq!(sign(&reviewer, workspace, key).await, Ok(Some(SealKey(1))));
    assert_eq!(gate.seal(workspace, SealKey(1), true).await.unwrap().faults, []);
    let quarter = gate.open_review(workspace, opening("2026-Q4", &[(&lead, Part::Attests)], false)).await.unwrap();
    let state = gate.review(workspace, quarter).await.unwrap();
    assert!(state.scope_sealed.is_some() && state.beside().diagrams_approved.is_some());
    assert_eq!(state.difference.unchanged().count(), 3);

    // Once it was opened again, nothing starts from what was sealed of it.
    let wrong = gate.review(workspace, key).await.unwrap().session.signatures()[0].hash.clone();
    let supersede = Step::Supersede { signature: wrong, reason: "The bank was not asked.".to_owned() };
    gate.step_review(workspace, key, supersede).await.unwrap();
    let state = gate.review(workspace, quarter).await.unwrap();
    assert_eq!((state.difference.unchanged().count(), state.scope_sealed), (0, None));
});

/// Runs a statement that changes what was sealed, as somebody with the database file would.
async fn tamper(instance: &Instance, table: &str, sql: &str) {
    let trigger = format!("{table}_is_never_updated");
    let refused = instance.store.run_raw(sql).await;
    assert!(refused.is_err(), "the database refuses it: {sql}");
    let drop = if instance.store.is_postgres() {
        format!("DROP TRIGGER {trigger} ON {table}")
    } else {
        format!("DROP TRIGGER {trigger}")
    };
    instance.store.run_raw(&drop).await.unwrap();
    assert!(instance.store.run_raw(sql).await.unwrap() > 0, "{sql}");
    instance.store.forget_copies();
}

both_dbs!(a_byte_that_changed_in_the_database_is_detected, |place| {
    let instance = filled(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let lead = me(&gate, workspace).await;
    for name in ["2026-Q3", "2026-Q4"] {
        let key = gate.open_review(workspace, opening(name, &[(&lead, Part::Attests)], false)).await.unwrap();
        look_at_all(&gate, workspace, key).await;
        assert!(sign(&gate, workspace, key).await.unwrap().is_some());
    }
    let faults = async |number| gate.seal(workspace, SealKey(number), true).await.unwrap().faults;
    assert_eq!((faults(1).await, faults(2).await), (Vec::new(), Vec::new()));

    tamper(
        &instance,
        "seal_content",
        "UPDATE seal_content SET content = content || ' ' WHERE number = 1 AND kind = 'register'",
    )
    .await;
    assert_eq!(faults(1).await, [Fault::Content(Content::Register)]);
    assert_eq!(faults(2).await, []);

    tamper(&instance, "review_event", "UPDATE review_event SET content = replace(content, 'Payments lead', 'Payments head') WHERE number = 2 AND place = 1")
        .await;
    assert_eq!(faults(2).await, [Fault::History]);

    tamper(
        &instance,
        "snapshot",
        "UPDATE snapshot SET content = replace(content, 'Ledger', 'Ledges') WHERE number = 2",
    )
    .await;
    let report = gate.seal(workspace, SealKey(2), true).await.unwrap();
    assert_eq!(report.faults, [Fault::Content(Content::Snapshot), Fault::History]);
    assert_eq!(report.recomputed, None, "nothing follows from what was not sealed");

    tamper(&instance, "seal", "UPDATE seal SET content = replace(content, '2026-Q3', '2026-Q2') WHERE number = 1")
        .await;
    assert_eq!(faults(1).await[0], Fault::Seal(Altered::Hash));
    assert!(faults(2).await.contains(&Fault::Chain(SealKey(1), Altered::Hash)));
    let book = gate.reviews(workspace).await.unwrap();
    assert_eq!(book.broken, Some(SealKey(1)));

    // What was altered is nothing to start from: its objects are looked at as if nobody had signed.
    let key = gate.open_review(workspace, opening("2027-Q1", &[(&lead, Part::Attests)], false)).await.unwrap();
    let state = gate.review(workspace, key).await.unwrap();
    assert_eq!(state.difference.unchanged().count(), 0);
    instance.store.run_raw("DELETE FROM seal WHERE number = 2").await.unwrap();
    assert!(faults(1).await.contains(&Fault::Missing(SealKey(2))));
});
