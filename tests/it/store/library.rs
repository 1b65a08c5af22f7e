//! Requirements and evidence: everything is kept with its history, by whom it was said, and nobody approves their own.

use domain::backend::Backend as _;
use domain::backend::library::Library;
use domain::evidence::draft::About;
use domain::evidence::file::{FileName, Sha256, WebLink};
use domain::evidence::item::{ItemChange, StoredFile};
use domain::evidence::media::MediaType;
use domain::evidence::policy::{Policy, PolicyKey};
use domain::evidence::training::{Training, TrainingKey};
use domain::evidence::{EvidenceKey, Proves, Source, Version};
use domain::id::WorkspaceId;
use domain::library::controls::{IntegrationControl, Presence, Preset, Priority, Statement, presets};
use domain::library::framework::{FRAMEWORKS_MAX, Row};
use domain::library::position::{Status, Worksheet};
use domain::library::responsibility::{Duty, Party, VendorMatrix};
use domain::library::{FrameworkKey, OwnFramework, Position, RequirementKey};
use domain::model::object::{Object, ObjectRef};
use domain::model::reader::read_json;
use domain::problem::{FieldCode, Problem};
use domain::role::Role;
use domain::time::{Day, Timestamp};
use store::Gate;
use tests::both_dbs;
use tests::estate::Instance;

use super::round_trip::import;

fn pci(id: &str) -> RequirementKey {
    RequirementKey::pci(id).unwrap()
}

fn position(id: &str, status: Status) -> Position {
    Position { status, ..Position::new(pci(id)) }
}

fn compensated(id: &str) -> Position {
    let worksheet = Worksheet { constraints: "The old terminal cannot do it".to_owned(), ..Worksheet::default() };
    Position { worksheet: Some(worksheet), ..position(id, Status::InPlaceCompensated) }
}

fn link(address: &str) -> Version {
    Version {
        number: 0,
        source: Source::Link(WebLink::parse(address).unwrap()),
        collected: "2026-11-01".parse().unwrap(),
        covers_from: None,
        covers_until: None,
        expires: None,
        collector: None,
        added: Timestamp(0),
    }
}

fn about(title: &str) -> About {
    let proves = Proves { requirements: [pci("11.3.2")].into(), ..Proves::default() };
    About { title: title.to_owned(), note: "Ask the platform team".to_owned(), proves }
}

async fn actions(gate: &Gate, workspace: &WorkspaceId) -> Vec<String> {
    gate.audit_trail(workspace, 50).await.unwrap().into_iter().map(|line| line.action).collect()
}

async fn estate(instance: &Instance) {
    let text = r#"{"systems":[{"id":"shop"},{"id":"gate","boundary":"third_party","vendor":"psp"}],
        "vendors":[{"id":"psp","name":"Provider"}],"people":[{"id":"lead","name":"Payments lead"}],
        "flows":[{"id":"f","from":"shop","to":"gate","auth":"mtls"}]}"#;
    let model = read_json(text.as_bytes()).unwrap().0;
    let objects: Vec<Object> = model.objects().filter(|it| it.reference() != ObjectRef::Settings).collect();
    import(instance, objects).await.unwrap();
}

both_dbs!(a_requirement_stands_where_people_say_and_keeps_its_history, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let said = position("4.2.1", Status::NotInPlace);
    assert_eq!(gate.save_position(workspace, said.clone(), 0).await, Ok(true));
    assert_eq!(gate.save_position(workspace, said.clone(), 1).await, Ok(false), "nothing is different");
    let better = Position { reason: "Since the new gateway".to_owned(), ..position("4.2.1", Status::InPlace) };
    assert_eq!(gate.save_position(workspace, better.clone(), 0).await, Err(Problem::Conflict));
    assert_eq!(gate.save_position(workspace, better.clone(), 1).await, Ok(true));
    assert_eq!(gate.save_position(workspace, position("9.3.4", Status::InPlace), 3).await, Err(Problem::NotFound));

    let unknown = Position { evidence: [EvidenceKey(7)].into(), ..better };
    let refused = gate.save_position(workspace, unknown, 2).await;
    assert_eq!(refused, Err(Problem::field("evidence", FieldCode::NoSuchObject)));

    let book = gate.library(workspace).await.unwrap();
    let kept = &book.positions[&pci("4.2.1")];
    assert_eq!((kept.revision, kept.value.status), (2, Status::InPlace));
    assert_eq!(kept.value.decided.as_ref().map(|(_, day)| *day), Some(book.today));
    assert_eq!(actions(&gate, workspace).await[..2], ["position.edit", "position.edit"]);
});

both_dbs!(nobody_approves_their_own_compensating_control, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let other = instance.member(Role::Editor).await;
    let key = pci("3.4.2");
    assert_eq!(gate.approve_position(workspace, &key, 1).await, Err(Problem::NotFound));
    assert_eq!(gate.save_position(workspace, compensated("3.4.2"), 0).await, Ok(true));
    let own = gate.approve_position(workspace, &key, 1).await;
    assert_eq!(own, Err(Problem::field("step", FieldCode::OwnDecision)));
    assert_eq!(instance.operator().approve_position(workspace, &key, 1).await, Err(Problem::Forbidden));
    assert_eq!(other.approve_position(workspace, &key, 1).await, Ok(true));
    let approved = gate.library(workspace).await.unwrap().positions[&key].value.clone();
    assert!(approved.approved.is_some());

    // Who wrote it does not approve it after somebody else did either; nor does a form give an approval.
    let again = gate.approve_position(workspace, &key, 2).await;
    assert_eq!(again, Err(Problem::field("step", FieldCode::OwnDecision)));
    let forged = Position { reason: "Another reason".to_owned(), ..approved };
    assert_eq!(other.save_position(workspace, forged, 2).await, Ok(true));
    assert_eq!(gate.library(workspace).await.unwrap().positions[&key].value.approved, None);
    let now_own = other.approve_position(workspace, &key, 3).await;
    assert_eq!(now_own, Err(Problem::field("step", FieldCode::OwnDecision)));
    assert_eq!(gate.approve_position(workspace, &key, 3).await, Ok(true));
});

both_dbs!(only_who_may_change_the_model_changes_the_library, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    for role in [Role::Viewer, Role::Reviewer] {
        let gate = instance.member(role).await;
        assert!(gate.library(workspace).await.is_ok(), "{role}");
        let refused = gate.save_position(workspace, position("4.2.1", Status::InPlace), 0).await;
        assert_eq!(refused, Err(Problem::Forbidden), "{role}");
        let refused = gate.add_item(workspace, about("Scan"), link("https://wiki.shop.example/scan")).await;
        assert_eq!(refused, Err(Problem::Forbidden), "{role}");
    }
    let stranger = instance.store.gate(instance.account("stranger", Vec::new()).await.actor());
    assert_eq!(stranger.library(workspace).await.err(), Some(Problem::NotFound));
    let refused = stranger.save_preset(workspace, presets().remove(0), 0).await;
    assert_eq!(refused, Err(Problem::NotFound));
});

both_dbs!(a_framework_of_ones_own_lists_requirements, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let framework = |number: usize| OwnFramework {
        key: format!("house-{number}").parse::<FrameworkKey>().unwrap(),
        name: "House rules".to_owned(),
        rows: vec![Row { id: "A-1".to_owned(), title: "No cards in mail".to_owned(), group: String::new() }],
    };
    let key: RequirementKey = "house-0:A-1".parse().unwrap();
    let said = Position { status: Status::InPlace, ..Position::new(key.clone()) };
    assert_eq!(gate.save_position(workspace, said.clone(), 0).await, Err(Problem::NotFound));
    assert_eq!(gate.save_framework(workspace, framework(0), 0).await, Ok(true));
    assert_eq!(gate.save_position(workspace, said, 0).await, Ok(true));
    assert!(gate.library(workspace).await.unwrap().lists(&key));
    for number in 1..FRAMEWORKS_MAX {
        assert_eq!(gate.save_framework(workspace, framework(number), 0).await, Ok(true));
    }
    let refused = gate.save_framework(workspace, framework(FRAMEWORKS_MAX), 0).await;
    assert_eq!(refused, Err(Problem::field("key", FieldCode::TooMany)));
    let renamed = OwnFramework { name: "Rules of the house".to_owned(), ..framework(0) };
    assert_eq!(gate.save_framework(workspace, renamed, 1).await, Ok(true), "one that is there is changed");
});

both_dbs!(an_item_keeps_every_version_and_a_hold_keeps_it, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let first = link("https://wiki.shop.example/scan");
    assert_eq!(gate.add_item(workspace, about("Scan"), first.clone()).await, Ok(EvidenceKey(1)));
    assert_eq!(gate.add_item(workspace, about("Report"), first.clone()).await, Ok(EvidenceKey(2)));
    let change = |change: ItemChange, seen: i64| gate.change_item(workspace, EvidenceKey(1), change, seen);
    let next = link("https://wiki.shop.example/scan-4");
    assert_eq!(change(ItemChange::Add(next.clone()), 1).await, Ok(true));
    assert_eq!(change(ItemChange::Add(next.clone()), 1).await, Err(Problem::Conflict));
    let same = change(ItemChange::Add(next), 2).await;
    assert_eq!(same, Err(Problem::field("file", FieldCode::Taken)));
    assert_eq!(change(ItemChange::Hold("Court order".to_owned()), 2).await, Ok(true));
    let held = change(ItemChange::Withdraw("Wrong".to_owned()), 3).await;
    assert_eq!(held, Err(Problem::field("step", FieldCode::OnHold)));
    assert_eq!(change(ItemChange::Lift, 3).await, Ok(true));
    assert_eq!(change(ItemChange::About(about("Scan")), 4).await, Ok(false), "nothing is different");
    assert_eq!(change(ItemChange::Withdraw("Wrong".to_owned()), 4).await, Ok(true));
    assert_eq!(gate.change_item(workspace, EvidenceKey(9), ItemChange::Lift, 1).await, Err(Problem::NotFound));

    let book = gate.library(workspace).await.unwrap();
    let kept = &book.items[&EvidenceKey(1)].value;
    assert_eq!((kept.versions.len(), kept.versions[1].number), (2, 2));
    assert!(kept.withdrawn.is_some() && kept.versions.iter().all(|it| it.added == book.now));
    let expected = ["item.withdraw", "item.lift", "item.hold", "item.version", "item.add", "item.add"];
    assert_eq!(actions(&gate, workspace).await[..6], expected);

    // A file comes in by its upload only: nobody claims a hash.
    let file = StoredFile {
        name: FileName::parse("scan.pdf").unwrap(),
        media: MediaType::Pdf,
        bytes: 10,
        sha256: Sha256::of_bytes([1; 32]),
    };
    let claimed = Version { source: Source::File(file), ..first };
    let refused = gate.add_item(workspace, about("Claimed"), claimed).await;
    assert_eq!(refused, Err(Problem::field("file", FieldCode::FileGone)));
});

both_dbs!(who_does_what_and_which_control_is_in_place_is_kept, |place| {
    let instance = Instance::new(&place).await;
    estate(&instance).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let row = Duty { requirement: pci("12.8.5"), party: Party::Shared, note: "Both".to_owned() };
    let matrix = VendorMatrix { rows: vec![row], ..VendorMatrix::new("psp".into()) };
    assert_eq!(gate.save_responsibility(workspace, matrix.clone(), 0).await, Ok(true));
    let nobody = VendorMatrix { vendor: "nobody".into(), ..matrix };
    assert_eq!(gate.save_responsibility(workspace, nobody, 0).await, Err(Problem::NotFound));

    let cell = || ("shop".into(), IntegrationControl::ApiAuthentication);
    let say = |presence, reason: &str| Statement {
        system: "forged".into(),
        control: IntegrationControl::Tokenisation,
        presence,
        reason: reason.to_owned(),
        by: "somebody".into(),
        on: Day(0),
    };
    let absent = say(Presence::Absent, "Not checked");
    assert_eq!(gate.state_control(workspace, cell(), Some(absent.clone()), 0).await, Ok(true));
    assert_eq!(gate.state_control(workspace, cell(), Some(absent.clone()), 1).await, Ok(false));
    let book = gate.library(workspace).await.unwrap();
    let said = book.statements[&cell()].value.clone().unwrap();
    assert_eq!((said.system.as_str(), said.control, said.on), ("shop", cell().1, book.today));
    assert_ne!(said.by.as_str(), "somebody");
    assert_eq!(gate.state_control(workspace, cell(), None, 1).await, Ok(true));
    assert_eq!(gate.library(workspace).await.unwrap().statements[&cell()].value, None);
    let unknown = ("nothing".into(), IntegrationControl::Tokenisation);
    assert_eq!(gate.state_control(workspace, unknown, Some(absent), 0).await, Err(Problem::NotFound));

    let preset = Preset { priority: Priority::Low, ..presets().remove(0) };
    assert_eq!(gate.save_preset(workspace, preset.clone(), 0).await, Ok(true));
    let shown = gate.library(workspace).await.unwrap().presets();
    assert_eq!((shown.len(), &shown[0]), (8, &preset));
});

both_dbs!(policies_are_approved_and_trainings_kept, |place| {
    let instance = Instance::new(&place).await;
    estate(&instance).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let policy = Policy { title: "Security policy".to_owned(), version: "1".to_owned(), ..Policy::new() };
    let key = PolicyKey(1);
    assert_eq!(gate.save_policy(workspace, policy.clone(), 0).await, Ok((key, true)));
    let refused = gate.approve_policy(workspace, key, 1).await;
    assert_eq!(refused, Err(Problem::field("document", FieldCode::Missing)));
    let with = Policy { key, document: Some(EvidenceKey(1)), ..policy };
    let refused = gate.save_policy(workspace, with.clone(), 1).await;
    assert_eq!(refused, Err(Problem::field("document", FieldCode::NoSuchObject)));
    gate.add_item(workspace, about("The document"), link("https://wiki.shop.example/policy")).await.unwrap();
    assert_eq!(gate.save_policy(workspace, with.clone(), 1).await, Ok((key, true)));
    assert_eq!(instance.operator().approve_policy(workspace, key, 2).await, Err(Problem::Forbidden));
    let own = gate.approve_policy(workspace, key, 2).await;
    assert_eq!(own, Err(Problem::field("step", FieldCode::OwnDecision)));
    let other = instance.member(Role::Editor).await;
    assert_eq!(other.approve_policy(workspace, key, 2).await, Ok(true));
    let approved = gate.library(workspace).await.unwrap().policies[&key].value.clone();
    assert!(approved.approved.is_some() && approved.next_review.is_some());
    let next = Policy { version: "2".to_owned(), ..approved };
    assert_eq!(gate.save_policy(workspace, next, 3).await, Ok((key, true)));
    assert_eq!(gate.library(workspace).await.unwrap().policies[&key].value.approved, None);

    let training = Training { people: ["lead".into()].into(), ..Training::new("2026-11-01".parse().unwrap()) };
    assert_eq!(gate.save_training(workspace, training.clone(), 0).await, Ok((TrainingKey(1), true)));
    let same = Training { key: TrainingKey(1), ..training };
    assert_eq!(gate.save_training(workspace, same.clone(), 1).await, Ok((TrainingKey(1), false)));
    let gone = Training { key: TrainingKey(2), ..same };
    assert_eq!(gate.save_training(workspace, gone, 1).await, Err(Problem::NotFound));
});

both_dbs!(of_many_who_say_something_of_a_requirement_at_once_one_does, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    let mut writing = Vec::new();
    for number in 0..6 {
        let (gate, workspace) = (instance.gate(), workspace.clone());
        let said = Position { reason: format!("Reason {number}"), ..position("4.2.1", Status::InPlace) };
        writing.push(tokio::spawn(async move {
            for _ in 0..400 {
                match gate.save_position(&workspace, said.clone(), 0).await {
                    Err(Problem::TooMany(_)) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
                    outcome => return outcome,
                }
            }
            panic!("the database stayed busy");
        }));
    }
    let mut saved = 0;
    for one in writing {
        match one.await.unwrap() {
            Ok(changed) => saved += usize::from(changed),
            Err(problem) => assert_eq!(problem, Problem::Conflict),
        }
    }
    assert_eq!(saved, 1);
});
