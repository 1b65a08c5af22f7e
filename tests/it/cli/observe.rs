//! `plumbline observe`.

use server::cli::Exit;

use super::plumbline;

#[test]
fn a_list_is_stored_and_its_differences_are_printed() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let data = path("data");
    let loaded = plumbline(&["demo", "load", "--data", &data], b"");
    let workspace = loaded.output.trim_end().rsplit("/w/").next().unwrap().to_owned();
    let observe = |list: &str, more: &[&str]| {
        let base = ["observe", "--data", &data, "--workspace", &workspace, "--source", "Vault", "-"];
        plumbline(&[&base[..], more].concat(), list.as_bytes())
    };
    let stored = observe("id,location\nmystery,vault\n", &[]);
    assert_eq!((stored.exit, stored.errors.as_str()), (Exit::Done, ""));
    assert!(stored.output.contains("Stored what Vault saw (1)"), "{}", stored.output);
    assert!(stored.output.contains("Seen, not declared: Vault has the secret mystery in vault"), "{}", stored.output);
    let again = observe("id,location\nmystery,vault\n", &[]);
    assert!(again.output.contains("Nothing to change"), "{}", again.output);

    let wrong = observe("id\nkey\n", &["--complete-for", "cellar"]);
    assert_eq!(wrong.exit, Exit::Usage);
    assert!(wrong.errors.contains("--complete-for"), "{}", wrong.errors);
    let number = observe("id\n4929341985721172\n", &[]);
    assert_eq!(number.exit, Exit::Usage);
    assert!(number.errors.contains("full card number") && !number.errors.contains("4929341985721172"));
}
