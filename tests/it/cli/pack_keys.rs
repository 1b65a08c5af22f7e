//! The keys that sign packs: another one is begun, older packs verify as they did, and a backup brings all of it back.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use domain::pack::name;
use server::cli::Exit;

use super::data::{Data, unzipped};
use super::{Ended, plumbline};

/// Data with the sample estate, and packs beside it.
struct Signing {
    data: Data,
    workspace: String,
}

impl Signing {
    fn new() -> Self {
        let data = Data::new();
        let workspace = data.with_sample();
        Self { data, workspace }
    }

    fn beside(&self, name: &str) -> PathBuf {
        Path::new(&self.data.folder()).parent().unwrap().join(name)
    }

    /// Exports the pack of a data folder, and gives the file and the line of the key that signed it.
    fn pack(&self, folder: &str, name: &str) -> (PathBuf, String) {
        let to = self.beside(name);
        let made = ["export-pack", "--data", folder, "--workspace", &self.workspace, "--out", to.to_str().unwrap()];
        let made = plumbline(&made, b"");
        assert_eq!(made.exit, Exit::Done, "{}", made.errors);
        let files = unzipped(&to);
        (to, files[name::SIGNERS].text().unwrap().to_owned())
    }

    fn verify(&self, pack: &Path, key: &str) -> Ended {
        let key = self.data.file("key.pub", key);
        plumbline(&["verify-pack", pack.to_str().unwrap(), "--trusted-key", &key], b"")
    }

    fn keys(&self, folder: &str) -> Vec<String> {
        let listed = plumbline(&["pack-key", "list", "--data", folder], b"");
        assert_eq!(listed.exit, Exit::Done, "{}", listed.errors);
        listed.output.lines().filter(|it| it.starts_with("ssh-ed25519 ")).map(ToOwned::to_owned).collect()
    }
}

#[test]
fn another_key_signs_from_now_on_and_older_packs_verify_as_they_did() {
    let signing = Signing::new();
    let folder = signing.data.folder();
    let (old, old_key) = signing.pack(&folder, "old.zip");
    let rotated = signing.data.run(&["pack-key", "rotate"], &[], b"");
    assert_eq!(rotated.exit, Exit::Done, "{}", rotated.errors);
    let (new, new_key) = signing.pack(&folder, "new.zip");
    assert!(old_key != new_key);
    for (pack, key, exit) in [
        (&old, &old_key, Exit::Done),
        (&new, &new_key, Exit::Done),
        (&old, &new_key, Exit::Findings),
        (&new, &old_key, Exit::Findings),
    ] {
        let told = signing.verify(pack, key);
        assert_eq!(told.exit, exit, "{}", told.output);
    }
    let keys = signing.keys(&folder);
    assert_eq!(keys.len(), 2, "{keys:?}");
    assert!(new_key.contains(&keys[0]) && old_key.contains(&keys[1]), "{keys:?}");
    let chain = signing.data.run(&["audit", "verify"], &[], b"");
    assert_eq!(chain.exit, Exit::Done, "{}", chain.output);
}

#[test]
fn a_backup_and_the_key_file_bring_back_the_key_that_signs_and_the_evidence() {
    let signing = Signing::new();
    let folder = signing.data.folder();
    assert_eq!(signing.data.run(&["pack-key", "rotate"], &[], b"").exit, Exit::Done);
    // As the server keeps a file: under its hash.
    let sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let kept = Path::new(&folder).join("evidence").join(&sha256[..2]).join(sha256);
    fs::create_dir_all(kept.parent().unwrap()).unwrap();
    fs::write(&kept, "hello").unwrap();
    let backup = signing.beside("backup.db");
    let made = signing.data.run(&["backup"], &["--out", backup.to_str().unwrap()], b"");
    assert_eq!(made.exit, Exit::Done, "{}", made.errors);
    assert!(made.output.contains("1 files of evidence with 5 bytes"), "{}", made.output);
    let (before, key) = signing.pack(&folder, "before.zip");

    let copied = signing.beside("backup.db.evidence").join(&sha256[..2]).join(sha256);
    fs::write(&copied, "hallo").unwrap();
    let elsewhere = signing.beside("elsewhere");
    let restore = || plumbline(&["restore", "--data", elsewhere.to_str().unwrap(), backup.to_str().unwrap()], b"");
    let refused = restore();
    assert!(refused.exit != Exit::Done && refused.errors.contains(sha256), "{}", refused.errors);
    assert!(!elsewhere.join("plumbline.db").exists() && !elsewhere.join("evidence.restoring").exists());
    fs::write(&copied, "hello").unwrap();
    fs::copy(Path::new(&folder).join("plumbline.key"), elsewhere.join("plumbline.key")).unwrap();
    let restored = restore();
    assert_eq!(restored.exit, Exit::Done, "{}", restored.errors);
    let back = elsewhere.join("evidence").join(&sha256[..2]).join(sha256);
    assert_eq!(fs::read_to_string(&back).unwrap(), "hello");
    assert_eq!(fs::metadata(&back).unwrap().permissions().mode() & 0o777, 0o600);
    let (after, same_key) = signing.pack(elsewhere.to_str().unwrap(), "after.zip");
    assert_eq!((same_key, signing.keys(elsewhere.to_str().unwrap()).len()), (key.clone(), 2));
    for pack in [before, after] {
        let told = signing.verify(&pack, &key);
        assert_eq!(told.exit, Exit::Done, "{}", told.output);
    }

    // Without the key file another key begins, and what was signed is still known to be from here.
    fs::remove_file(elsewhere.join("plumbline.key")).unwrap();
    let (_, other) = signing.pack(elsewhere.to_str().unwrap(), "other.zip");
    assert!(other != key && signing.keys(elsewhere.to_str().unwrap()).len() == 3);
}
