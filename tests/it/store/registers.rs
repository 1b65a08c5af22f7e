//! Registers of risks that come from a file: they wait, are read, and are written all at once or not at all.

use domain::backend::register_imports::{ImportState, ImportedRisks, RegisterImports as _};
use domain::backend::risks::Risks as _;
use domain::backend::{Backend, StagedImport};
use domain::id::{ImportId, WorkspaceId};
use domain::problem::{FieldCode, Problem};
use domain::risk::scheme::convert::Way;
use domain::risk::settings::{Change, Rerating};
use domain::risk::sheet::Counts;
use domain::risk::{Register, Risk, RiskKey, Scheme};
use domain::role::Role;
use tests::both_dbs;
use tests::estate::Instance;

fn staged() -> StagedImport {
    StagedImport { file_name: "register.csv".to_owned(), content: "{}".to_owned() }
}

fn risk(number: u32, title: &str) -> Risk {
    Risk { title: title.to_owned(), ..Risk::new(RiskKey(number)) }
}

fn brought(risks: Vec<(Risk, i64)>) -> ImportedRisks {
    let changed = risks.iter().filter(|(_, seen)| *seen > 0).count();
    let counts = Counts { new: risks.len() - changed, changed, ..Counts::default() };
    ImportedRisks { risks, scheme: Scheme::Nist, counts, rows_sha256: "ab".repeat(32) }
}

async fn begun(gate: &dyn Backend, workspace: &WorkspaceId) -> ImportId {
    let import = gate.stage_register(workspace, staged()).await.unwrap();
    gate.begin_register(workspace, &import, &[("column.0".to_owned(), "title".to_owned())], 2).await.unwrap();
    import
}

async fn imports(gate: &dyn Backend, workspace: &WorkspaceId) -> usize {
    let trail = gate.audit_trail(workspace, 50).await.unwrap();
    trail.iter().filter(|line| line.action == "risk.import").count()
}

both_dbs!(many_risks_are_written_at_once_with_their_versions_and_one_entry, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    gate.add_risk(workspace, risk(0, "Before"), Scheme::Nist).await.unwrap();
    let import = begun(&gate, workspace).await;
    assert!(gate.note_register(workspace, &import, 1).await.unwrap());
    assert_eq!(gate.register_import(workspace, &import).await.unwrap().read, (1, 2));
    let mut risks: Vec<(Risk, i64)> = (2..=200).map(|it| (risk(it, &format!("Risk {it}")), 0)).collect();
    risks.push((risk(1, "After"), 1));
    assert!(gate.import_risks(workspace, &import, brought(risks)).await.unwrap());
    let register = gate.risks(workspace).await.unwrap();
    assert_eq!(register.risks.len(), 200);
    assert_eq!(register.risks[&RiskKey(200)].title, "Risk 200");
    let history = gate.risk(workspace, RiskKey(1)).await.unwrap();
    assert_eq!((history.revision, history.versions.len(), history.risk.title.as_str()), (2, 2, "After"));
    let revisions = gate.risk_revisions(workspace).await.unwrap();
    assert_eq!((revisions[&RiskKey(1)], revisions[&RiskKey(7)]), (2, 1));
    assert_eq!(imports(&gate, workspace).await, 1);
    let payloads =
        instance.store.texts("SELECT payload FROM audit_payload WHERE payload LIKE '%rows_sha256%'").await.unwrap();
    assert!(payloads[0].contains(&"ab".repeat(32)) && payloads[0].contains("\"new\":199"), "{payloads:?}");
    assert!(!payloads[0].contains("register.csv"), "{payloads:?}");
    let kept = gate.register_import(workspace, &import).await.unwrap();
    assert_eq!((kept.state, kept.content.as_str(), kept.counts.new), (ImportState::Done, "", 199));
    // A second time there is nothing to write.
    assert!(!gate.import_risks(workspace, &import, brought(vec![(risk(300, "x"), 0)])).await.unwrap());
    assert_eq!(gate.begin_register(workspace, &import, &[], 1).await, Err(Problem::Conflict));
});

both_dbs!(what_was_stopped_writes_nothing_and_can_be_begun_again, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let import = begun(&gate, workspace).await;
    assert_eq!(gate.begin_register(workspace, &import, &[], 2).await, Err(Problem::Conflict), "it is being read");
    gate.end_register(workspace, &import, ImportState::Stopped).await.unwrap();
    assert!(!gate.note_register(workspace, &import, 2).await.unwrap());
    assert!(!gate.import_risks(workspace, &import, brought(vec![(risk(1, "x"), 0)])).await.unwrap());
    assert!(gate.risks(workspace).await.unwrap().risks.is_empty());
    assert_eq!(imports(&gate, workspace).await, 0);
    let kept = gate.register_import(workspace, &import).await.unwrap();
    assert_eq!((kept.state, kept.content.as_str()), (ImportState::Stopped, "{}"));
    assert_eq!(kept.choices, [("column.0".to_owned(), "title".to_owned())]);
    gate.begin_register(workspace, &import, &[], 2).await.unwrap();
    assert!(gate.import_risks(workspace, &import, brought(vec![(risk(1, "x"), 0)])).await.unwrap());
});

both_dbs!(what_was_rated_in_one_scheme_is_not_written_into_another, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    gate.add_risk(workspace, risk(0, "Before"), Scheme::Nist).await.unwrap();
    let import = begun(&gate, workspace).await;
    let setting = gate.risk_setting(workspace).await.unwrap();
    let register = Register { scheme: Scheme::Three, ..setting.register };
    let rerating = Rerating::of([&risk(1, "Before")], Scheme::Nist, Scheme::Three, Way::Spread);
    let change = Change { register, way: Way::Spread, shown: Some(rerating.hash()), seen: setting.revision };
    assert!(gate.set_risk_register(workspace, change).await.unwrap());
    let (added, edited) = (risk(0, "Later"), risk(1, "Mine"));
    assert_eq!(gate.add_risk(workspace, added.clone(), Scheme::Nist).await, Err(Problem::Conflict));
    assert_eq!(gate.edit_risk(workspace, edited, (1, Scheme::Nist)).await, Err(Problem::Conflict));
    let file = brought(vec![(risk(9, "New"), 0)]);
    assert_eq!(gate.import_risks(workspace, &import, file).await, Err(Problem::Conflict));
    let register = gate.risks(workspace).await.unwrap();
    assert_eq!((register.risks.len(), register.risks[&RiskKey(1)].title.as_str()), (1, "Before"));
    gate.add_risk(workspace, added, Scheme::Three).await.unwrap();
});

both_dbs!(a_register_that_changed_since_is_not_written_over, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    gate.add_risk(workspace, risk(0, "Before"), Scheme::Nist).await.unwrap();
    let import = begun(&gate, workspace).await;
    gate.edit_risk(workspace, risk(1, "Mine"), (1, Scheme::Nist)).await.unwrap();
    for late in [(risk(1, "Theirs"), 1), (risk(1, "Theirs"), 0)] {
        let both = brought(vec![(risk(9, "New"), 0), late]);
        assert_eq!(gate.import_risks(workspace, &import, both).await, Err(Problem::Conflict));
    }
    let register = gate.risks(workspace).await.unwrap();
    assert_eq!((register.risks.len(), register.risks[&RiskKey(1)].title.as_str()), (1, "Mine"));
    assert_eq!(gate.register_import(workspace, &import).await.unwrap().state, ImportState::Reading);
    let nul = brought(vec![(risk(9, "a\0b"), 0)]);
    let refused = gate.import_risks(workspace, &import, nul).await;
    assert_eq!(refused, Err(Problem::field("title", FieldCode::ControlCharacter)));
});

both_dbs!(a_register_waits_for_a_day_and_a_silent_reading_broke_off, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let import = begun(&gate, workspace).await;
    assert_eq!(gate.drop_register(workspace, &import).await, Err(Problem::Conflict));
    let state = || async { gate.register_import(workspace, &import).await.map(|it| it.state) };
    assert_eq!(state().await, Ok(ImportState::Reading), "what is being read is not dropped");
    place.clock.advance(121);
    assert_eq!(state().await, Ok(ImportState::Failed));
    gate.begin_register(workspace, &import, &[], 2).await.unwrap();
    assert_eq!(state().await, Ok(ImportState::Reading));
    place.clock.advance(24 * 3600);
    assert_eq!(state().await, Err(Problem::NotFound));
});

both_dbs!(a_register_belongs_to_its_workspace_and_to_those_who_import, |place| {
    let instance = Instance::new(&place).await;
    let gate = instance.gate();
    let import = begun(&gate, &instance.workspace).await;
    let other = gate.create_workspace("Other shop", false).await.unwrap();
    assert_eq!(gate.register_import(&other, &import).await, Err(Problem::NotFound));
    assert_eq!(gate.end_register(&other, &import, ImportState::Stopped).await, Err(Problem::NotFound));
    let viewer = instance.member(Role::Viewer).await;
    let workspace = &instance.workspace;
    assert_eq!(viewer.register_import(workspace, &import).await, Err(Problem::Forbidden));
    assert_eq!(viewer.stage_register(workspace, staged()).await, Err(Problem::Forbidden));
    assert_eq!(viewer.begin_register(workspace, &import, &[], 2).await, Err(Problem::Forbidden));
    assert_eq!(viewer.note_register(workspace, &import, 2).await, Err(Problem::Forbidden));
    assert_eq!(viewer.end_register(workspace, &import, ImportState::Stopped).await, Err(Problem::Forbidden));
    assert_eq!(viewer.drop_register(workspace, &import).await, Err(Problem::Forbidden));
    let one = brought(vec![(risk(1, "x"), 0)]);
    assert_eq!(viewer.import_risks(workspace, &import, one).await, Err(Problem::Forbidden));
    assert!(gate.import_risks(workspace, &import, brought(vec![(risk(1, "x"), 0)])).await.unwrap());
});
