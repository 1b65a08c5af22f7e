//! Backups: made, refused, restored, and kept before the schema changes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use server::cli::Exit;
use store::Store;
use tests::clock::StillClock;

use super::data::Data;
use super::plumbline;

/// Data with the sample estate, and a backup of it beside it.
struct Backed {
    data: Data,
    workspace: String,
    backup: String,
}

impl Backed {
    fn new() -> Self {
        let data = Data::new();
        let workspace = data.with_sample();
        let backup = beside(&data, "backup.db");
        let made = data.run(&["backup"], &["--out", &backup], b"");
        assert_eq!(made.exit, Exit::Done, "{}", made.errors);
        assert!(made.output.contains("2 audit chains"), "{}", made.output);
        assert!(made.output.contains("plumbline.key"), "{}", made.output);
        Self { data, workspace, backup }
    }

    /// A folder for a restoration. It does not exist yet.
    fn elsewhere(&self) -> String {
        beside(&self.data, "elsewhere")
    }

    fn restore(&self) -> super::Ended {
        plumbline(&["restore", "--data", &self.elsewhere(), &self.backup], b"")
    }

    /// Refuses the backup for this reason, and leaves nothing behind but the lock.
    fn is_refused(&self, because: &str) {
        let refused = self.restore();
        assert_eq!(refused.exit, Exit::Usage, "{because}: {}{}", refused.output, refused.errors);
        assert!(refused.errors.contains(because) && refused.output.is_empty(), "{because}: {}", refused.errors);
        assert_eq!(files(Path::new(&self.elsewhere())), ["plumbline.lock"], "{because}");
    }

    /// Changes the backup as somebody with the file in hand could.
    fn tamper(&self, statements: &[&str]) {
        at(&self.backup, async |store| {
            for statement in statements {
                store.run_raw(statement).await.unwrap();
            }
        });
    }
}

fn beside(data: &Data, name: &str) -> String {
    Path::new(&data.folder()).with_file_name(name).display().to_string()
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Does something with the database in a file.
fn at<T>(path: &str, work: impl AsyncFnOnce(&Store) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(path, Arc::new(StillClock::default())).await.unwrap();
        let done = work(&store).await;
        store.close().await;
        done
    })
}

#[test]
fn what_is_restored_is_what_was_backed_up() {
    let backed = Backed::new();
    let before = backed.data.run(&["export"], &["--workspace", &backed.workspace], b"");
    assert_eq!(fs::metadata(&backed.backup).unwrap().permissions().mode() & 0o777, 0o600);
    let sign_in = "INSERT INTO sign_in (key, account_id, created_at) SELECT 'somewhere', id, 1 FROM account";
    backed.tamper(&[sign_in]);

    let restored = backed.restore();
    assert_eq!(restored.exit, Exit::Done, "{}", restored.errors);
    assert!(restored.output.contains("all whole") && restored.output.contains("signs in again"), "{}", restored.output);
    assert!(restored.output.contains("key of the second factors is missing"), "{}", restored.output);
    let folder = backed.elsewhere();
    assert_eq!(files(Path::new(&folder)), ["plumbline.db", "plumbline.lock"]);
    let database = Path::new(&folder).join("plumbline.db");
    assert_eq!(fs::metadata(&database).unwrap().permissions().mode() & 0o777, 0o600);
    let after = plumbline(&["export", "--data", &folder, "--workspace", &backed.workspace], b"");
    assert_eq!((after.exit, after.output), (Exit::Done, before.output));
    let verified = plumbline(&["audit", "verify", "--data", &folder], b"");
    assert_eq!(verified.exit, Exit::Done, "{}", verified.output);
    at(database.to_str().unwrap(), async |store| {
        let last = "SELECT action FROM audit_entry WHERE chain = 'instance' ORDER BY seq DESC LIMIT 1";
        assert_eq!(store.texts(last).await.unwrap(), ["instance.restore"]);
        let holding = "SELECT key FROM sign_in WHERE revoked_at IS NULL";
        assert!(store.texts(holding).await.unwrap().is_empty(), "nobody is signed in after a restoration");
    });
}

#[test]
fn files_of_evidence_that_did_not_come_with_the_backup_are_told() {
    let backed = Backed::new();
    let sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let item = json!({
        "key": "EV-0001", "title": "External scan", "note": "", "hold": null, "withdrawn": null,
        "proves": { "requirements": [], "objects": [], "review": null },
        "versions": [{
            "number": 1, "collected": "2026-11-01", "added": 0, "collector": null,
            "covers_from": null, "covers_until": null, "expires": null,
            "source": { "file": { "name": "scan.txt", "media": "text/plain", "bytes": 5, "sha256": sha256 } },
        }],
    });
    let add = format!(
        "INSERT INTO library_record (workspace_id, kind, key, revision, content) \
         SELECT id, 'item', 'EV-0001', 1, '{item}' FROM workspace"
    );
    backed.tamper(&[&add]);
    let restored = backed.restore();
    assert_eq!(restored.exit, Exit::Done, "{}", restored.errors);
    for part in ["evidence are missing: 1", sha256, "elsewhere/evidence", "backup.db.evidence"] {
        assert!(restored.output.contains(part), "{part}: {}", restored.output);
    }
}

#[test]
fn the_key_may_lie_in_the_folder_already_and_nothing_else() {
    let backed = Backed::new();
    let folder = PathBuf::from(backed.elsewhere());
    fs::create_dir(&folder).unwrap();
    fs::copy(Path::new(&backed.data.folder()).join("plumbline.key"), folder.join("plumbline.key")).unwrap();
    fs::write(folder.join("notes.txt"), "").unwrap();
    let refused = backed.restore();
    assert_eq!(refused.exit, Exit::Usage);
    assert!(refused.errors.contains("notes.txt") && refused.errors.contains("not empty"), "{}", refused.errors);
    fs::remove_file(folder.join("notes.txt")).unwrap();
    let restored = backed.restore();
    assert_eq!(restored.exit, Exit::Done, "{}", restored.errors);
    assert!(!restored.output.contains("is missing"), "{}", restored.output);
    let again = backed.restore();
    assert_eq!(again.exit, Exit::Usage, "a database that is there is never replaced");
    assert!(again.errors.contains("plumbline.db"), "{}", again.errors);
}

#[test]
fn what_a_restoration_that_was_cut_off_left_behind_is_in_nobodys_way() {
    let backed = Backed::new();
    let folder = PathBuf::from(backed.elsewhere());
    fs::create_dir(&folder).unwrap();
    for name in ["plumbline.db.restoring", "plumbline.db.restoring-wal"] {
        fs::write(folder.join(name), "half").unwrap();
    }
    let restored = backed.restore();
    assert_eq!(restored.exit, Exit::Done, "{}", restored.errors);
    assert_eq!(files(&folder), ["plumbline.db", "plumbline.lock"]);
}

#[test]
fn a_broken_audit_chain_is_never_restored() {
    for (harm, because) in [
        (
            "UPDATE audit_entry SET time = time + 1 WHERE chain <> 'instance' AND seq = 1",
            "entry 1 is not what was written",
        ),
        ("DELETE FROM audit_payload WHERE chain = 'instance' AND seq = 1", "chain instance: entry 1 is not"),
        ("UPDATE chain_head SET seq = seq + 1 WHERE chain = 'instance'", "is missing"),
    ] {
        let backed = Backed::new();
        backed.tamper(&[
            "DROP TRIGGER audit_entry_is_never_updated",
            "DROP TRIGGER audit_payload_is_never_deleted",
            harm,
        ]);
        backed.is_refused(because);
    }
}

#[test]
fn a_schema_of_a_later_version_is_never_restored() {
    let backed = Backed::new();
    backed.tamper(&["INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
        VALUES (9999, 'later', TRUE, x'00', 0)"]);
    backed.is_refused("schema 9999");
}

#[test]
fn a_file_that_is_damaged_or_of_another_program_is_never_restored() {
    let backed = Backed::new();
    let whole = fs::read(&backed.backup).unwrap();
    let mut torn = whole.clone();
    let middle = torn.len() / 2;
    torn[middle..middle + 8192].fill(0xA5);
    for (content, because) in [
        (&torn[..], "damaged"),
        (&whole[..whole.len() - 5 * 4096], "damaged"),
        (b"systems: []\nflows: []\n".repeat(500).as_slice(), "no database of Plumbline"),
        (b"", "no database of Plumbline"),
    ] {
        fs::write(&backed.backup, content).unwrap();
        backed.is_refused(because);
    }
    let other = Path::new(&backed.backup);
    fs::remove_file(other).unwrap();
    at(&backed.backup, async |store| store.run_raw("CREATE TABLE audit_entry (seq INTEGER)").await.unwrap());
    backed.is_refused("no database of Plumbline");
}

#[test]
fn a_backup_never_replaces_a_file_and_never_makes_a_database() {
    let backed = Backed::new();
    let before = fs::read(&backed.backup).unwrap();
    let again = backed.data.run(&["backup"], &["--out", &backed.backup], b"");
    assert_eq!(again.exit, Exit::Usage);
    assert!(again.errors.contains("exists already"), "{}", again.errors);
    assert_eq!(fs::read(&backed.backup).unwrap(), before);
    let nowhere = plumbline(&["backup", "--data", &backed.elsewhere(), "--out", &format!("{}2", backed.backup)], b"");
    assert_eq!(nowhere.exit, Exit::Usage);
    assert!(nowhere.errors.contains("no database"), "{}", nowhere.errors);
    assert!(!Path::new(&backed.elsewhere()).exists());
    let whole_folder = files(Path::new(&backed.backup).parent().unwrap());
    assert_eq!(whole_folder, ["backup.db", "data"], "nothing half is left");
}

#[test]
fn a_database_on_postgres_is_left_to_its_own_tools() {
    for (command, rest, tool) in [
        ("backup", ["--out", "nowhere.db"].as_slice(), "pg_dump"),
        ("restore", ["nowhere.db"].as_slice(), "pg_restore"),
    ] {
        let url = ["--database", "postgres://plumbline:secret@127.0.0.1:1/none"];
        let ended = plumbline(&[&[command], &url[..], rest].concat(), b"");
        assert_eq!(ended.exit, Exit::Usage);
        assert!(ended.errors.contains(tool) && !ended.errors.contains("secret"), "{}", ended.errors);
    }
}

#[test]
fn the_database_as_it_was_is_kept_before_its_schema_changes() {
    let data = Data::new();
    fs::create_dir(data.folder()).unwrap();
    let database = Path::new(&data.folder()).join("plumbline.db").display().to_string();
    at(&database, async |store| {
        store.migrate_to(4).await.unwrap();
        let account = "INSERT INTO account (id, key, name, mail, mail_folded, instance_admin, created_at) \
            VALUES (x'01', 'a1', 'One', 'one@shop.example', 'one@shop.example', 0, 0)";
        store.run_raw(account).await.unwrap();
    });
    let migrated = data.run(&["migrate"], &[], b"");
    assert_eq!(migrated.exit, Exit::Done, "{}", migrated.errors);
    let kept: Vec<String> =
        files(Path::new(&data.folder())).into_iter().filter(|it| it.starts_with("plumbline.schema-4.2")).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(migrated.output.contains(&kept[0]), "{}", migrated.output);
    let kept = Path::new(&data.folder()).join(&kept[0]);
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    let names = |path: &str| at(path, async |store| store.texts("SELECT name FROM account").await.unwrap());
    assert_eq!(names(kept.to_str().unwrap()), ["One"]);

    let again = data.run(&["migrate"], &[], b"");
    assert!(!again.output.contains("schema-"), "nothing changed, so nothing is kept: {}", again.output);
    let elsewhere = beside(&data, "elsewhere");
    let restored = plumbline(&["restore", "--data", &elsewhere, kept.to_str().unwrap()], b"");
    assert_eq!(restored.exit, Exit::Done, "{}", restored.errors);
    assert_eq!(names(&format!("{elsewhere}/plumbline.db")), ["One"]);
}

#[test]
fn a_chain_that_was_altered_by_hand_is_told_by_its_entry() {
    let backed = Backed::new();
    let folder = backed.data.folder();
    assert_eq!(plumbline(&["audit", "verify", "--data", &folder], b"").exit, Exit::Done);
    at(&format!("{folder}/plumbline.db"), async |store| {
        store.run_raw("DROP TRIGGER audit_entry_is_never_updated").await.unwrap();
        store.run_raw("UPDATE audit_entry SET action = 'nothing' WHERE chain = 'instance'").await.unwrap();
    });
    let verified = plumbline(&["audit", "verify", "--data", &folder], b"");
    assert_eq!(verified.exit, Exit::Findings);
    assert!(verified.output.contains("instance: entry 1 is not what was written"), "{}", verified.output);
}

#[test]
fn a_checkpoint_is_verified_with_the_public_key_and_taken_unchanged_only() {
    let data = Data::new();
    data.with_sample();
    let note = data.run(&["audit", "checkpoint"], &[], b"");
    assert_eq!(note.exit, Exit::Done, "{}", note.errors);
    let key = data.run(&["audit", "key"], &[], b"").output;
    let key = key.trim_end();
    let file = data.file("checkpoint.txt", &note.output);
    let verify = |file: &str, more: &[&str]| data.run(&["audit", "verify", "--checkpoint", file], more, b"");
    for more in [[].as_slice(), &["--public-key", key]] {
        let verified = verify(&file, more);
        assert_eq!(verified.exit, Exit::Done, "{}", verified.errors);
        assert_eq!(verified.output.matches(": whole, ").count(), 2, "{}", verified.output);
    }
    let changed = data.file("changed.txt", &note.output.replace("head ", "head 1"));
    let refused = verify(&changed, &[]);
    assert_eq!((refused.exit, refused.output.as_str()), (Exit::Usage, ""));
    assert!(refused.errors.contains("changed.txt was not used"), "{}", refused.errors);

    let other = Data::new();
    other.with_sample();
    let foreign = other.run(&["audit", "verify", "--checkpoint", &file], &[], b"");
    assert!(foreign.exit == Exit::Usage && foreign.errors.contains("another installation"), "{}", foreign.errors);
    let replaced = other.run(&["audit", "verify", "--checkpoint", &file], &["--public-key", key], b"");
    assert_eq!(replaced.exit, Exit::Findings, "{}", replaced.output);
    assert!(replaced.output.contains("is not the one that a checkpoint has"), "{}", replaced.output);
}
