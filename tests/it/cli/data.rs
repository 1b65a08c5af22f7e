//! The commands that work on the data.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use domain::pack::{Content, Files};
use serde_json::Value;
use server::cli::Exit;
use tempfile::TempDir;

use super::{Ended, plumbline};

/// A data folder of its own.
pub struct Data(TempDir);

impl Data {
    pub fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub fn folder(&self) -> String {
        self.0.path().join("data").display().to_string()
    }

    /// A file beside the data.
    pub fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    /// Runs a command on this data.
    pub fn run(&self, command: &[&str], rest: &[&str], input: &[u8]) -> Ended {
        let folder = self.folder();
        plumbline(&[command, &["--data", &folder], rest].concat(), input)
    }

    /// With the first account and its sample workspace; the key of that workspace.
    pub fn with_sample(&self) -> String {
        let account = ["--mail", "security@shop.example", "--name", "Security lead", "--instance-admin"];
        let added = self.run(&["user", "add"], &account, b"");
        assert_eq!(added.exit, Exit::Done, "{}", added.errors);
        let loaded = self.run(&["demo", "load"], &[], b"");
        assert_eq!(loaded.exit, Exit::Done, "{}", loaded.errors);
        loaded.output.trim_end().rsplit("/w/").next().unwrap().to_owned()
    }
}

/// Everything that an archive has, read by a library that is not ours.
pub fn unzipped(archive: &Path) -> Files {
    let mut archive = zip::ZipArchive::new(File::open(archive).unwrap()).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), Content::Bytes(bytes))
        })
        .collect()
}

#[test]
fn the_data_is_closed_to_other_users_of_the_machine() {
    let data = Data::new();
    assert_eq!(data.run(&["migrate"], &[], b"").exit, Exit::Done);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = data.folder();
    assert_eq!(mode(Path::new(&folder)), 0o700);
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert_eq!(data.run(&["migrate"], &[], b"").exit, Exit::Done, "a second time changes nothing");
}

#[test]
fn a_data_folder_that_cannot_be_made_ends_with_2() {
    let data = Data::new();
    let file = data.file("file", "");
    let ended = plumbline(&["migrate", "--data", &format!("{file}/data")], b"");
    assert_eq!(ended.exit, Exit::Usage);
    assert!(ended.errors.contains("--data"), "{}", ended.errors);
}

#[test]
fn a_database_that_does_not_answer_ends_with_3_and_does_not_print_its_password() {
    let url = "postgres://plumbline:secret@127.0.0.1:1/none";
    let ended = plumbline(&["migrate", "--database", url], b"");
    assert_eq!(ended.exit, Exit::Fault, "{}", ended.errors);
    assert!(!ended.errors.contains("secret"), "{}", ended.errors);
}

#[test]
fn a_setup_token_is_given_while_there_is_no_account() {
    let data = Data::new();
    let first = data.run(&["setup-token"], &[], b"");
    assert_eq!(first.exit, Exit::Done, "{}", first.errors);
    let second = data.run(&["setup-token"], &[], b"");
    assert_ne!(first.output.lines().next(), second.output.lines().next());
    let account = ["--mail", "security@shop.example", "--name", "Security lead"];
    assert_eq!(data.run(&["user", "add"], &account, b"").exit, Exit::Done);
    let late = data.run(&["setup-token"], &[], b"");
    assert_eq!(late.exit, Exit::Usage);
    assert!(late.errors.contains("an account already"), "{}", late.errors);
}

#[test]
fn an_account_gets_a_password_that_is_shown_once_or_one_from_standard_input() {
    let data = Data::new();
    let generated = data.run(&["user", "add"], &["--mail", "one@shop.example", "--name", "One"], b"");
    let shown = generated.output.lines().find_map(|line| line.strip_prefix("Password, shown only here: ")).unwrap();
    assert_eq!(shown.len(), 24);
    let given = ["--mail", "two@shop.example", "--name", "Two", "--password-stdin"];
    let given = data.run(&["user", "add"], &given, b"a long sentence nobody guesses\n");
    assert_eq!(given.exit, Exit::Done, "{}", given.errors);
    assert!(!given.output.contains("nobody guesses"));
}

#[test]
fn an_account_that_cannot_be_added_ends_with_2_and_names_the_option() {
    let data = Data::new();
    let add = |rest: &[&str], input: &[u8]| data.run(&["user", "add"], rest, input);
    assert_eq!(add(&["--mail", "one@shop.example", "--name", "One"], b"").exit, Exit::Done);
    let weak = ["--mail", "three@shop.example", "--name", "Three", "--password-stdin"];
    let member = ["--mail", "four@shop.example", "--name", "Four", "--workspace", "none", "--role"];
    let cases = [
        (add(&weak, b"short\n"), "password: Enter at least"),
        (add(&["--mail", "ONE@shop.example", "--name", "One"], b""), "mail: "),
        (add(&[&member[..], &["king"]].concat(), b""), "owner, admin, editor"),
        (add(&[&member[..], &["viewer"]].concat(), b""), "workspace: "),
    ];
    for (ended, part) in cases {
        assert_eq!(ended.exit, Exit::Usage, "{part}");
        assert!(ended.errors.contains(part), "{part}: {}", ended.errors);
    }
}

#[test]
fn what_is_exported_and_imported_again_changes_nothing() {
    let data = Data::new();
    let workspace = data.with_sample();
    let exported = data.run(&["export"], &["--workspace", &workspace], b"");
    assert_eq!(exported.exit, Exit::Done, "{}", exported.errors);
    assert!(serde_json::from_str::<Value>(&exported.output).unwrap()["systems"].as_array().unwrap().len() > 20);
    let file = data.file("model.json", &exported.output);
    let imported = data.run(&["import"], &["--workspace", &workspace, &file], b"");
    assert_eq!(imported.exit, Exit::Done, "{}", imported.errors);
    assert!(imported.output.contains("0 new, 0 changed"), "{}", imported.output);
    assert!(imported.output.contains("Nothing to change"), "{}", imported.output);
    assert_eq!(data.run(&["export"], &["--workspace", &workspace], b"").output, exported.output);
}

#[test]
fn a_file_is_imported_as_a_whole_and_the_second_time_not_at_all() {
    let data = Data::new();
    let workspace = data.with_sample();
    let flows =
        data.file("flows.csv", "source,target,protocol,fields\nkiosk,broker,https,card_number;card.cvc;cart.id\n");
    let import =
        |rest: &[&str]| data.run(&["import"], &[&["--workspace", &*workspace], rest, &[&*flows]].concat(), b"");
    let dry = import(&["--dry-run"]);
    assert_eq!(dry.exit, Exit::Done, "{}", dry.errors);
    assert!(dry.output.contains("Nothing was changed, as --dry-run asks."), "{}", dry.output);
    assert!(dry.output.contains("field \"card_number\" on 1 flow: unrecognised (perhaps pan:clear)"), "{}", dry.output);
    let first = import(&["--accept", "high"]);
    assert_eq!(first.exit, Exit::Done, "{}", first.errors);
    assert!(first.output.contains("3 new") && first.output.contains("Imported: 3 objects"), "{}", first.output);
    assert!(first.output.contains("kiosk: new -> CDE"), "{}", first.output);
    let second = import(&["--accept", "high"]);
    assert!(second.output.contains("Nothing to change"), "{}", second.output);
}

#[test]
fn a_bad_file_ends_with_2_names_the_place_and_imports_nothing() {
    let data = Data::new();
    let workspace = data.with_sample();
    let before = data.run(&["export"], &["--workspace", &workspace], b"").output;
    let cases = [
        ("open.csv", "source,target\nshop,\"bank\nend", ["open.csv", "line 2"]),
        ("dangling.json", r#"{"flows":[{"id":"f","from":"ghost","to":"ghost2"}]}"#, ["dangling.json", "ghost"]),
        ("twice.csv", "id,name\na,A\na,B\n", ["twice.csv", "line 3"]),
    ];
    for (name, content, parts) in cases {
        let file = data.file(name, content);
        let ended = data.run(&["import"], &["--workspace", &workspace, &file], b"");
        assert_eq!(ended.exit, Exit::Usage, "{name}: {}", ended.errors);
        assert!(ended.errors.ends_with("Nothing was imported.\n"), "{}", ended.errors);
        for part in parts {
            assert!(ended.errors.contains(part), "{part}: {}", ended.errors);
        }
    }
    assert_eq!(data.run(&["export"], &["--workspace", &workspace], b"").output, before);
    let file = data.file("flows.csv", "source,target\na,b\n");
    let nowhere = data.run(&["import"], &["--workspace", "nowhere", &file], b"");
    assert_eq!(nowhere.exit, Exit::Usage);
    assert!(nowhere.errors.contains("no such workspace"), "{}", nowhere.errors);
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let data = Data::new();
    assert_eq!(data.run(&["migrate"], &[], b"").exit, Exit::Done);
    let lock = File::create(Path::new(&data.folder()).join("plumbline.lock")).unwrap();
    lock.lock().unwrap();
    let ended = data.run(&["serve"], &["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"], b"");
    assert_eq!(ended.exit, Exit::Usage);
    assert!(ended.errors.contains("Another server uses the data folder"), "{}", ended.errors);
}
