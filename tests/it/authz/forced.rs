//! Rows that only somebody with the database in hand can write: they open nothing that belongs to others.

use domain::backend::Backend as _;
use domain::backend::people::People as _;
use domain::command::Command;
use domain::export::model_file::to_json;
use domain::id::WorkspaceId;
use domain::import::{Choices, Limits, plan, read};
use domain::model::Model;
use domain::problem::Problem;
use store::Actor;
use tests::both_dbs;
use tests::estate::Instance;

/// A reference of a row into a list of its own workspace.
struct Reference {
    table: String,
    column: String,
}

/// The foreign keys of the schema that begin with the workspace, by the column beside it.
const REFERENCES_SQLITE: &str = "SELECT child.name || ' ' || other.\"from\" FROM sqlite_schema AS child \
    JOIN pragma_foreign_key_list(child.name) AS own ON own.\"from\" = 'workspace_id' AND own.\"to\" = 'workspace_id' \
    JOIN pragma_foreign_key_list(child.name) AS other ON other.id = own.id AND other.\"from\" <> 'workspace_id' \
    WHERE child.type = 'table' ORDER BY 1";

/// The same of PostgreSQL.
const REFERENCES_POSTGRES: &str = "SELECT child.relname || ' ' || other.attname \
    FROM pg_constraint AS reference JOIN pg_class AS child ON child.oid = reference.conrelid \
    JOIN pg_attribute AS own ON own.attrelid = child.oid AND own.attnum = ANY (reference.conkey) \
    JOIN pg_attribute AS other ON other.attrelid = child.oid AND other.attnum = ANY (reference.conkey) \
    WHERE reference.contype = 'f' AND reference.connamespace = current_schema()::regnamespace \
    AND own.attname = 'workspace_id' AND other.attname <> 'workspace_id' ORDER BY 1";

/// Every such reference that the schema has.
async fn references(instance: &Instance) -> Vec<Reference> {
    let query = if instance.store.is_postgres() { REFERENCES_POSTGRES } else { REFERENCES_SQLITE };
    let found = instance.store.texts(query).await.unwrap();
    let reference = |line: String| {
        let (table, column) = line.split_once(' ').unwrap();
        Reference { table: table.to_owned(), column: column.to_owned() }
    };
    found.into_iter().map(reference).collect()
}

const THEIRS: &str = r#"{"people":[{"id":"foreign","name":"Foreign name"}],"vendors":[{"id":"foreign","name":"Foreign name"}],
"segments":[{"id":"foreign","name":"Foreign name"},{"id":"other","name":"Foreign name"}],
"controls":[{"id":"foreign","type":"firewall","between":["foreign","other"]}],
"systems":[{"id":"foreign","name":"Foreign name","segment":"foreign","vendor":"foreign"}],
"keys":[{"id":"foreign","name":"Foreign name","holders":["foreign"]}],
"credentials":[{"id":"foreign","name":"Foreign name","kind":"api_key","held_by":["foreign"]}],
"flows":[{"id":"foreign","from":"foreign","to":"foreign","note":"Foreign name"}]}"#;

async fn import(instance: &Instance, workspace: &WorkspaceId, file: &str) {
    let gate = instance.gate();
    let reading = read("model.json", file.as_bytes(), &Limits::browser()).unwrap();
    let objects = plan(&reading, &Model::default(), &Choices::default()).unwrap();
    let seen = gate.estate(workspace).await.unwrap().revision;
    gate.execute(workspace, Command::Import { source: "model.json".to_owned(), objects, seen }).await.unwrap();
}

both_dbs!(a_row_that_points_into_another_workspace_shows_nothing_of_it, |place| {
    let instance = Instance::new(&place).await;
    let gate = instance.gate();
    let elsewhere = gate.create_workspace("Elsewhere", false).await.unwrap();
    import(&instance, &elsewhere, THEIRS).await;
    import(&instance, &instance.workspace, &THEIRS.replace("foreign", "ours").replace("Foreign", "Our")).await;
    let member = instance.member(domain::role::Role::Viewer).await;
    let before = to_json(&member.estate(&instance.workspace).await.unwrap().stored);

    let all = references(&instance).await;
    assert!(all.len() >= 25, "{} references", all.len());
    let (mut refused, mut touched) = (0, 0);
    for Reference { table, column } in all {
        let store = &instance.store;
        // A copy of the table has its rows and none of its rules.
        store.run_raw(&format!("ALTER TABLE {table} RENAME TO {table}_kept")).await.unwrap();
        store.run_raw(&format!("CREATE TABLE {table} AS SELECT * FROM {table}_kept")).await.unwrap();
        let force = format!(
            "UPDATE {table} SET {column} = (SELECT {column} FROM {table} AS theirs WHERE theirs.workspace_id <> {table}.workspace_id \
             AND theirs.{column} IS NOT NULL ORDER BY theirs.{column} LIMIT 1) WHERE {column} IS NOT NULL \
             AND workspace_id = (SELECT id FROM workspace WHERE key = '{}')",
            instance.workspace
        );
        touched += store.run_raw(&force).await.unwrap();
        store.forget_copies();
        match member.estate(&instance.workspace).await {
            Ok(estate) => assert!(!to_json(&estate.stored).contains("Foreign name"), "{table}.{column}"),
            Err(problem) => {
                assert!(matches!(problem, Problem::Broken { .. }), "{table}.{column}: {problem:?}");
                refused += 1;
            }
        }
        assert_eq!(member.estate(&elsewhere).await.unwrap_err(), Problem::NotFound, "{table}.{column}");
        store.run_raw(&format!("DROP TABLE {table}")).await.unwrap();
        store.run_raw(&format!("ALTER TABLE {table}_kept RENAME TO {table}")).await.unwrap();
    }
    assert!(touched >= 5, "{touched} rows were forced");
    eprintln!("{touched} rows were forced, {refused} readings refused");
    instance.store.forget_copies();
    assert_eq!(to_json(&member.estate(&instance.workspace).await.unwrap().stored), before);
});

both_dbs!(a_role_that_nobody_could_have_given_opens_nothing, |place| {
    let instance = Instance::new(&place).await;
    let member = instance.member(domain::role::Role::Viewer).await;
    let store = &instance.store;
    store.run_raw("ALTER TABLE member RENAME TO member_kept").await.unwrap();
    store.run_raw("CREATE TABLE member AS SELECT * FROM member_kept").await.unwrap();
    for (column, value) in [("role", "'emperor'"), ("tier", "99"), ("role", "''")] {
        store.run_raw("DELETE FROM member").await.unwrap();
        store.run_raw("INSERT INTO member SELECT * FROM member_kept").await.unwrap();
        store.run_raw(&format!("UPDATE member SET {column} = {value}")).await.unwrap();
        let read = member.estate(&instance.workspace).await;
        assert!(matches!(read, Err(Problem::Broken { .. })), "{column} {value}: {:?}", read.map(|it| it.revision));
        let listed = store.gate(Actor::Operator).members(&instance.workspace).await;
        assert!(matches!(listed, Err(Problem::Broken { .. })), "{column} {value}");
    }
});
