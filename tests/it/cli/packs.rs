//! Evidence packs: made twice, on both databases, verified by our program and by the tools that everybody has.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use domain::pack::{Content, Files, Profile, Source, Unfit, files, name};
use server::archive;
use server::cli::Exit;
use store::{PackKey, SealingKey, Start};
use tests::estate::Instance;
use tests::place::Place;

use super::data::{Data, unzipped};
use super::{Ended, plumbline};

/// Data with the sample estate, and its pack beside it.
struct Packed {
    data: Data,
    workspace: String,
    pack: PathBuf,
}

impl Packed {
    fn new() -> Self {
        let data = Data::new();
        let workspace = data.with_sample();
        let pack = beside(&data, "pack.zip");
        let packed = Self { data, workspace, pack };
        packed.export(&packed.pack, &[]);
        packed
    }

    fn export(&self, to: &Path, rest: &[&str]) -> Ended {
        let to = to.to_str().unwrap();
        let made =
            self.data.run(&["export-pack"], &[&["--workspace", &self.workspace, "--out", to], rest].concat(), b"");
        assert_eq!(made.exit, Exit::Done, "{}", made.errors);
        made
    }

    fn files(&self) -> Files {
        unzipped(&self.pack)
    }

    /// The pack with other files.
    fn altered(&self, files: &Files) -> PathBuf {
        let to = beside(&self.data, "altered.zip");
        let mut bytes = Vec::new();
        archive::write(&mut bytes, files, domain::time::Timestamp(0), &mut no_file).unwrap();
        fs::write(&to, bytes).unwrap();
        to
    }

    /// A file with the key that signs the packs here.
    fn key(&self) -> String {
        let signers = self.files()[name::SIGNERS].text().unwrap().to_owned();
        self.data.file("key.pub", &signers)
    }
}

/// Nothing of a pack lies elsewhere here.
fn no_file(_: &str) -> io::Result<Box<dyn io::Read>> {
    Err(io::ErrorKind::NotFound.into())
}

fn beside(data: &Data, name: &str) -> PathBuf {
    Path::new(&data.folder()).parent().unwrap().join(name)
}

fn verify(pack: &Path, rest: &[&str]) -> Ended {
    plumbline(&[&["verify-pack", pack.to_str().unwrap()], rest].concat(), b"")
}

#[test]
fn a_pack_made_twice_is_the_same_to_the_byte_and_verifies() {
    let packed = Packed::new();
    let again = beside(&packed.data, "again.zip");
    packed.export(&again, &[]);
    assert!(fs::read(&packed.pack).unwrap() == fs::read(&again).unwrap(), "two packs of one state differ");

    let unknown = verify(&packed.pack, &[]);
    assert_eq!(unknown.exit, Exit::Done, "{}", unknown.output);
    assert!(unknown.output.contains(": intact, signer not known\n"), "{}", unknown.output);
    let known = verify(&packed.pack, &["--trusted-key", &packed.key()]);
    assert_eq!(known.exit, Exit::Done, "{}", known.output);
    assert!(known.output.contains(": intact\n") && known.output.contains("DRAFT"), "{}", known.output);
    for profile in ["auditor", "redacted"] {
        let other = beside(&packed.data, profile);
        packed.export(&other, &["--profile", profile]);
        let told = verify(&other, &["--trusted-key", &packed.key()]);
        assert_eq!(told.exit, Exit::Done, "{profile}: {}", told.output);
    }
}

#[test]
fn what_was_altered_ends_with_1_and_is_named() {
    let packed = Packed::new();
    let mut changed = packed.files();
    let text = changed["02_inventory.csv"].text().unwrap().replacen("\"yes\"", "\"no\"", 1);
    changed.insert("02_inventory.csv".to_owned(), Content::Bytes(text.into_bytes()));
    changed.remove("16_risks.csv");
    changed.insert("seal/more.txt".to_owned(), Content::Bytes(b"more".to_vec()));
    let told = verify(&packed.altered(&changed), &["--trusted-key", &packed.key()]);
    assert_eq!(told.exit, Exit::Findings, "{}", told.output);
    for line in [
        ": altered\n",
        "\n02_inventory.csv: ",
        "\n16_risks.csv: The file is missing",
        "\nseal/more.txt: The file was added",
    ] {
        assert!(told.output.contains(line), "{line}: {}", told.output);
    }
    let cut = beside(&packed.data, "cut.zip");
    let bytes = fs::read(&packed.pack).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(verify(&cut, &[]).exit, Exit::Findings);

    let other = packed.data.file("other.pub", "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
    let told = verify(&packed.pack, &["--trusted-key", &other]);
    assert_eq!(told.exit, Exit::Findings, "{}", told.output);
    assert!(told.output.contains("Another key signed"), "{}", told.output);
}

#[test]
fn a_checkpoint_shows_that_the_end_of_the_audit_trail_is_missing() {
    let packed = Packed::new();
    let checkpoint = || {
        let note = packed.data.run(&["audit", "checkpoint"], &[], b"");
        assert_eq!(note.exit, Exit::Done, "{}", note.errors);
        packed.data.file("checkpoint.txt", &note.output)
    };
    // The pack ends before what notes that it was taken away.
    let told = verify(&packed.pack, &["--checkpoint", &checkpoint()]);
    assert_eq!(told.exit, Exit::Findings, "{}", told.output);
    assert!(told.output.contains("its end is cut off"), "{}", told.output);

    let data = Data::new();
    let workspace = data.with_sample();
    let note = data.run(&["audit", "checkpoint"], &[], b"");
    let note = data.file("checkpoint.txt", &note.output);
    let pack = beside(&data, "pack.zip");
    let made = data.run(&["export-pack"], &["--workspace", &workspace, "--out", pack.to_str().unwrap()], b"");
    assert_eq!(made.exit, Exit::Done, "{}", made.errors);
    let told = verify(&pack, &["--checkpoint", &note]);
    assert_eq!(told.exit, Exit::Done, "{}", told.output);
}

#[test]
fn what_cannot_be_used_ends_with_2_and_says_what_to_correct() {
    let packed = Packed::new();
    let to = packed.pack.to_str().unwrap();
    let again = packed.data.run(&["export-pack"], &["--workspace", &packed.workspace, "--out", to], b"");
    assert_eq!(again.exit, Exit::Usage);
    assert!(again.errors.contains("--out"), "{}", again.errors);
    let elsewhere = beside(&packed.data, "x.zip");
    let none = ["--workspace", "none", "--out", elsewhere.to_str().unwrap()];
    assert_eq!(packed.data.run(&["export-pack"], &none, b"").exit, Exit::Usage);
    assert!(!elsewhere.exists());
    let no_key = packed.data.file("no.pub", "ssh-rsa AAAA");
    assert_eq!(verify(&packed.pack, &["--trusted-key", &no_key]).exit, Exit::Usage);
    assert_eq!(verify(&elsewhere, &[]).exit, Exit::Usage);
}

#[test]
fn a_card_number_stops_the_pack_and_is_named_without_a_digit() {
    let data = Data::new();
    let workspace = data.with_sample();
    // Made here and nowhere published; no form takes it, so it comes another way.
    let number = "4003129876543212";
    let database = Path::new(&data.folder()).join("plumbline.db");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let clock = std::sync::Arc::new(server::clock::SystemClock);
        let store = store::Store::open(database.to_str().unwrap(), clock).await.unwrap();
        store.run_raw(&format!("UPDATE workspace SET name = 'Shop {number}'")).await.unwrap();
        store.close().await;
    });
    let to = beside(&data, "stopped.zip");
    let told = data.run(&["export-pack"], &["--workspace", &workspace, "--out", to.to_str().unwrap()], b"");
    assert_eq!(told.exit, Exit::Findings, "{}", told.errors);
    assert!(told.errors.contains(", line ") && told.errors.contains(&"#".repeat(16)), "{}", told.errors);
    assert!(!told.errors.contains(&number[..8]) && !to.exists(), "{}", told.errors);
}

/// The program, unless it is not there and this is not CI.
fn is_there(program: &str) -> bool {
    let found = Command::new(program).arg("-?").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    assert!(
        found || std::env::var("CI").as_deref() != Ok("true"),
        "{program} is missing; scripts/setup.sh installs it"
    );
    if !found {
        io::stderr().write_all(format!("left out: {program} is missing\n").as_bytes()).unwrap();
    }
    found
}

#[test]
fn the_tools_that_everybody_has_say_the_same() {
    let packed = Packed::new();
    let folder = beside(&packed.data, "unpacked");
    for (name, content) in packed.files() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content.bytes().unwrap()).unwrap();
    }
    let shell = |command: &str| {
        let ran = Command::new("sh").args(["-c", command]).current_dir(&folder).output().unwrap();
        (
            ran.status.success(),
            String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr),
        )
    };
    let guide = packed.files()["VERIFY.md"].text().unwrap().to_owned();
    let command = |begins: &str| {
        let line = guide.lines().map(str::trim).find(|line| line.starts_with(begins));
        line.unwrap_or_else(|| panic!("VERIFY.md has no {begins}")).to_owned()
    };
    if is_there("sha256sum") {
        let (good, told) = shell(&command("sha256sum -c"));
        assert!(good && !told.contains("FAILED"), "{told}");
        assert_eq!(told.lines().filter(|line| line.ends_with(": OK")).count(), packed.files().len() - 2);
    }
    if is_there("ssh-keygen") {
        let (good, told) = shell(&command("ssh-keygen -Y verify"));
        assert!(good && told.contains("Good \"evidence-pack\" signature"), "{told}");
        let told = verify(&packed.pack, &[]).output;
        let (_, line) = shell("ssh-keygen -Y find-principals -f allowed_signers -s MANIFEST.sha256.sig");
        assert_eq!(line.trim(), "plumbline", "{told}");
        fs::write(folder.join(name::MANIFEST), "0".repeat(64) + "  00_README.md\n").unwrap();
        assert!(!shell(&command("ssh-keygen -Y verify")).0, "another list is not what was signed");
    }
}

/// The source of the pack of a fresh sample on a database.
pub(super) async fn source(place: &Place) -> Source {
    let instance = Instance::with(place, Start::Sample).await;
    let source = instance.gate().pack_source(&instance.workspace, None, Profile::Full).await.unwrap();
    instance.store.close().await;
    source
}

fn bytes(source: &Source) -> Vec<u8> {
    let key = PackKey::of(&SealingKey::new([7; 32]), 1).unwrap();
    let made = files(source, |bytes| Ok::<_, Unfit>(key.sign(bytes))).unwrap();
    let mut bytes = Vec::new();
    archive::write(&mut bytes, &made, source.at, &mut no_file).unwrap();
    bytes
}

#[tokio::test]
async fn both_databases_give_the_same_pack() {
    let sqlite = source(&Place::sqlite()).await;
    let Some(place) = Place::postgres().await else { return };
    let mut postgres = source(&place).await;
    assert_eq!(postgres.trail.len(), sqlite.trail.len());
    // Each database drew its own salts and keys of accounts, which the entries of the audit trail name by their hash.
    postgres.trail.clone_from(&sqlite.trail);
    assert_eq!((&postgres.workspace, &postgres.chain), (&sqlite.workspace, &sqlite.chain));
    assert!(bytes(&sqlite) == bytes(&postgres), "the packs differ");
}
