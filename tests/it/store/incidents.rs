//! People who work on one incident at the same time: what only adds is kept of all, of what changes one is told.

use domain::backend::incidents::{Incidents, Prepared};
use domain::id::WorkspaceId;
use domain::incident::playbook::Playbook;
use domain::incident::{Incident, IncidentKey, Step};
use domain::problem::Problem;
use domain::time::Timestamp;
use tests::both_dbs;
use tests::estate::Instance;

/// Tries until the database is not busy, as a person would.
async fn insist(gate: &dyn Incidents, workspace: &WorkspaceId, step: Step, seen: i64) -> Result<bool, Problem> {
    for _ in 0..400 {
        match gate.step_incident(workspace, IncidentKey(1), step.clone(), seen).await {
            Err(Problem::TooMany(_)) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            outcome => return outcome,
        }
    }
    panic!("the database stayed busy");
}

both_dbs!(everything_that_is_noted_at_once_is_kept_and_one_of_two_edits, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    let new = Incident::new(IncidentKey(9), "A key in the open".to_owned(), Timestamp(0));
    let key = instance.gate().add_incident(workspace, new.clone()).await.unwrap();
    assert_eq!(key, IncidentKey(1));
    let mut writing = Vec::new();
    for number in 0..20 {
        let (gate, workspace) = (instance.gate(), workspace.clone());
        writing.push(tokio::spawn(async move {
            let note = Step::Note { at: Timestamp(number), what: format!("Note {number}") };
            insist(&gate, &workspace, note, 1).await
        }));
    }
    for one in writing {
        assert_eq!(one.await.unwrap(), Ok(true));
    }
    let history = instance.gate().incident(workspace, key).await.unwrap();
    assert_eq!((history.revision, history.incident.timeline.len()), (21, 20));

    let mut writing = Vec::new();
    for number in 0..8 {
        let (gate, workspace) = (instance.gate(), workspace.clone());
        let edited = Incident { title: format!("Title {number}"), ..new.clone() };
        writing.push(tokio::spawn(async move { insist(&gate, &workspace, Step::Edit(Box::new(edited)), 21).await }));
    }
    let mut saved = 0;
    for one in writing {
        match one.await.unwrap() {
            Ok(changed) => saved += usize::from(changed),
            Err(problem) => assert_eq!(problem, Problem::Conflict),
        }
    }
    assert_eq!(saved, 1);
    let history = instance.gate().incident(workspace, key).await.unwrap();
    assert_eq!((history.revision, history.incident.timeline.len(), history.incident.key), (22, 20, key));
});

both_dbs!(what_is_prepared_has_numbers_and_revisions_of_its_own, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let playbook = Playbook { title: "A host is lost".to_owned(), ..Playbook::new() };
    let add = |playbook: &Playbook| Prepared::Playbook(Box::new(playbook.clone()));
    assert_eq!(gate.prepare(workspace, add(&playbook), 0).await, Ok((1, true)));
    assert_eq!(gate.prepare(workspace, add(&playbook), 0).await, Ok((2, true)));
    let first = Playbook { number: 1, ..playbook.clone() };
    assert_eq!(gate.prepare(workspace, add(&first), 1).await, Ok((1, false)));
    let renamed = Playbook { title: "A host is gone".to_owned(), ..first };
    assert_eq!(gate.prepare(workspace, add(&renamed), 1).await, Ok((1, true)));
    assert_eq!(gate.prepare(workspace, add(&renamed), 1).await, Err(Problem::Conflict));
    let unknown = Playbook { number: 9, ..playbook };
    assert_eq!(gate.prepare(workspace, add(&unknown), 1).await, Err(Problem::NotFound));
    let book = gate.incidents(workspace).await.unwrap();
    let kept: Vec<(u32, i64)> = book.playbooks.iter().map(|(number, it)| (*number, it.revision)).collect();
    assert_eq!(kept, [(1, 2), (2, 1)]);
    assert_eq!(book.preparation.revision, 0, "what comes with the product is not kept until somebody saves it");
});
