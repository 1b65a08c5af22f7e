//! The SQL itself: one text for both databases, schemas that agree, and no statement without its workspace.

use std::collections::BTreeSet;

use store::Store;
use store::inspect::{Named, statements};
use tests::both_dbs;
use tests::place::Place;

both_dbs!(every_statement_prepares, |place| {
    let store = place.store().await;
    let all = statements();
    assert!(all.len() > 80, "{} statements", all.len());
    for Named { module, name, sql } in all {
        let prepared = store.prepare(sql).await;
        assert!(prepared.is_ok(), "{module}::{name}: {prepared:?}\n{sql}");
    }
});

both_dbs!(migrations_can_run_twice, |place| {
    let store = place.store().await;
    store.migrate().await.unwrap();
});

const SQLITE_COLUMNS: &str = "SELECT m.name || '.' || p.name || ' ' || p.type \
    || CASE p.\"notnull\" WHEN 1 THEN '' ELSE ' null' END \
    FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE '\\_%' ESCAPE '\\' \
    AND m.name NOT LIKE 'sqlite%'";
const POSTGRES_COLUMNS: &str = "SELECT table_name || '.' || column_name || ' ' || CASE data_type \
    WHEN 'bigint' THEN 'INTEGER' WHEN 'boolean' THEN 'INTEGER' WHEN 'text' THEN 'TEXT' WHEN 'uuid' THEN 'BLOB' \
    WHEN 'bytea' THEN 'BLOB' ELSE data_type END || CASE is_nullable WHEN 'NO' THEN '' ELSE ' null' END \
    FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_%'";

const SQLITE_INDEXES: &str = "SELECT m.name || CASE l.\"unique\" WHEN 1 THEN ' unique ' ELSE ' index ' END \
    || (SELECT group_concat(i.name) FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) i) \
    FROM sqlite_master m JOIN pragma_index_list(m.name) l WHERE m.type = 'table' AND m.name NOT LIKE '\\_%' ESCAPE '\\' \
    UNION SELECT m.name || ' unique ' || p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p \
    WHERE m.type = 'table' AND p.pk = 1 AND p.type = 'INTEGER' \
    AND (SELECT count(*) FROM pragma_table_info(m.name) WHERE pk > 0) = 1";
const POSTGRES_INDEXES: &str = "SELECT t.relname || CASE WHEN i.indisunique THEN ' unique ' ELSE ' index ' END \
    || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(at, n) \
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.at) \
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace \
    WHERE s.nspname = current_schema() AND t.relname NOT LIKE '\\_%'";

const SQLITE_REFERENCES: &str = "SELECT m.name || '(' || group_concat(f.\"from\" ORDER BY f.seq) || ') ' || f.\"table\" \
    || '(' || group_concat(f.\"to\" ORDER BY f.seq) || ') ' || f.on_delete \
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' \
    GROUP BY m.name, f.id, f.\"table\", f.on_delete";
const POSTGRES_REFERENCES: &str = "SELECT t.relname || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) \
        FROM unnest(c.conkey) WITH ORDINALITY k(at, n) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.at) \
    || ') ' || r.relname || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) \
        FROM unnest(c.confkey) WITH ORDINALITY k(at, n) JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.at) \
    || ') ' || CASE c.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' END \
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid \
    JOIN pg_namespace s ON s.oid = t.relnamespace WHERE c.contype = 'f' AND s.nspname = current_schema()";

async fn schema(store: &Store, sqlite: &str, postgres: &str) -> BTreeSet<String> {
    let sql = if store.is_postgres() { postgres } else { sqlite };
    store.texts(sql).await.unwrap().into_iter().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schemas_agree() {
    let Some(place) = Place::postgres().await else {
        return;
    };
    let postgres = place.store().await;
    let place = Place::sqlite();
    let sqlite = place.store().await;
    for (what, of_sqlite, of_postgres) in [
        ("columns", SQLITE_COLUMNS, POSTGRES_COLUMNS),
        ("indexes", SQLITE_INDEXES, POSTGRES_INDEXES),
        ("references", SQLITE_REFERENCES, POSTGRES_REFERENCES),
    ] {
        let one = schema(&sqlite, of_sqlite, of_postgres).await;
        let other = schema(&postgres, of_sqlite, of_postgres).await;
        assert!(one.len() > 20, "{what}: {one:?}");
        let (only_one, only_other): (Vec<_>, Vec<_>) =
            (one.difference(&other).collect(), other.difference(&one).collect());
        assert!(only_one.is_empty() && only_other.is_empty(), "{what}: sqlite {only_one:#?} postgres {only_other:#?}");
    }
}

/// Modules whose tables belong to no workspace, and the statements elsewhere that find a workspace in the first place.
const WITHOUT_WORKSPACE: &[&str] = &[
    "account",
    "account::bucket",
    "account::change",
    "account::device",
    "account::directory",
    "account::recovery",
    "account::reset",
    "account::second_factor",
    "account::set_up",
    "account::sign_in",
    "account::standing::ASK",
    "account::throttle",
    "session",
    // A token is found by its public part, before it is known for which workspace it holds.
    "token::BY_KEY",
    "token::USED",
    // A chain is found by its name, which the permit gives; listing one is by workspace.
    "audit::NEXT",
    "audit::ADVANCE",
    "audit::INSERT_PERSONAL",
    "audit::INSERT_PAYLOAD",
    "audit::verify",
    "audit::page",
    // The keys of the instance.
    "pack::signers",
    // The gate itself, and making or listing workspaces: before there is a permit.
    "gate::ANY",
    "workspace::BY_KEY",
    "workspace::KEY_USED",
    "workspace::INSERT",
    // The workspace's own row.
    "execute::ADVANCE",
    "workspace::life::RENAME",
    "workspace::life::ARCHIVE",
    "workspace::life::DELETE",
    "proposal::PROTECTS",
    "proposal::PROTECT",
    "workspace::policy::READ",
    "workspace::policy::SET",
    // The name of an account that a request of the workspace names.
    "gate::requests::NAME",
    // Which archives of packs are still named by any workspace.
    "pack::asked::FILES",
    // Whose file nobody names any more is asked for all workspaces at once.
    "library::OF_ALL",
];

#[test]
fn every_statement_names_workspace() {
    let mut wrong = Vec::new();
    for Named { module, name, sql } in statements() {
        let listed = WITHOUT_WORKSPACE.contains(&module) || WITHOUT_WORKSPACE.contains(&&*format!("{module}::{name}"));
        // An invitation is found by its token, and says itself of which workspace it is.
        let finds_one = module == "workspace" || module == "gate" || name == "BY_TOKEN" || name == "REQUIREMENT";
        let selects = !listed && sql.starts_with("SELECT") && !finds_one;
        if sql.contains("workspace_id") == listed || (selects && !sql.contains("workspace_id = $1")) {
            wrong.push(format!("{module}::{name}: {sql}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
