//! `check-config`: every setting, where it comes from, and every problem at once.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use server::cli::Exit;

use super::data::Data;
use super::plumbline;

#[test]
fn the_settings_in_force_are_listed_with_where_they_come_from() {
    let data = Data::new();
    let listed = data.run(&["check-config"], &["--listen", "127.0.0.1:9000"], b"");
    assert_eq!(listed.exit, Exit::Done, "{}", listed.errors);
    let line = |option: &str| {
        let found = listed.output.lines().find(|line| line.split(' ').next() == Some(option));
        found.unwrap_or_else(|| panic!("{option}: {}", listed.output)).split_whitespace().collect::<Vec<_>>()
    };
    assert_eq!(line("--listen"), ["--listen", "127.0.0.1:9000", "command", "line"]);
    assert_eq!(line("--admin-listen"), ["--admin-listen", "127.0.0.1:8081", "default"]);
    assert_eq!(line("--public-url"), ["--public-url", "(not", "set)", "default"]);
    assert!(listed.output.ends_with("No problem was found.\n"), "{}", listed.output);
    assert!(!fs::exists(data.folder()).unwrap(), "nothing is made");
}

#[test]
fn every_problem_is_told_with_what_to_do_and_ends_with_2() {
    let data = Data::new();
    let wrong = data.run(
        &["check-config"],
        &[
            "--listen",
            "0.0.0.0:8080",
            "--admin-listen",
            "0.0.0.0:8081",
            "--public-url",
            "http://plumbline.shop.example",
        ],
        b"",
    );
    assert_eq!(wrong.exit, Exit::Usage);
    let problems: Vec<&str> = wrong.errors.lines().collect();
    assert_eq!(problems.len(), 3, "{}", wrong.errors);
    for part in ["--trusted-proxy ADDRESS", "loopback address such as 127.0.0.1:8081", "--public-url https://.."] {
        assert!(problems.iter().any(|problem| problem.contains(part)), "{part}: {}", wrong.errors);
    }
    let shared = data.run(&["check-config"], &["--public-url", "https://plumbline.shop.example"], b"");
    assert!(shared.exit == Exit::Usage && shared.errors.contains("--trusted-proxy 127.0.0.1"), "{}", shared.errors);
    let unreadable = data.run(&["check-config"], &["--listen", "nowhere", "--trusted-proxy", "me"], b"");
    assert_eq!((unreadable.exit, unreadable.errors.lines().count()), (Exit::Usage, 2), "{}", unreadable.errors);
    assert!(unreadable.output.contains("nowhere"), "{}", unreadable.output);
}

#[test]
fn a_secret_is_never_printed() {
    let data = Data::new();
    for url in ["postgres://plumbline:secret@db/plumbline", "postgres://plumbline:secret@db:no-port/x", "secret@db"] {
        let checked = data.run(&["check-config"], &["--database", url], b"");
        assert!(checked.output.contains("(set, not shown)"), "{}", checked.output);
        assert!(!format!("{}{}", checked.output, checked.errors).contains("secret"), "{checked:?}");
        assert_eq!(checked.exit == Exit::Done, url.ends_with("/plumbline"), "{url}: {}", checked.errors);
        let file = data.file("url", url);
        let from_file = data.run(&["check-config"], &["--database-file", &file], b"");
        assert_eq!(from_file.exit, checked.exit);
        assert!(!format!("{}{}", from_file.output, from_file.errors).contains("secret"), "{from_file:?}");
    }
}

#[test]
fn what_serve_would_stumble_over_on_disk_is_told_before() {
    let data = Data::new();
    let file = data.file("file", "");
    let no_folder = plumbline(&["check-config", "--data", &format!("{file}/data")], b"");
    assert_eq!(no_folder.exit, Exit::Usage);
    assert!(no_folder.errors.contains("is no folder") && no_folder.errors.contains("--data"), "{}", no_folder.errors);

    let key = data.file("key", "too short");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let open = data.run(&["check-config"], &["--key-file", &key], b"");
    assert!(open.exit == Exit::Usage && open.errors.contains("chmod 600"), "{}", open.errors);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let short = data.run(&["check-config"], &["--key-file", &key], b"");
    assert!(short.exit == Exit::Usage && short.errors.contains("64 hexadecimal digits"), "{}", short.errors);

    let missing = data.run(&["check-config"], &["--database-file", "/no/such/file"], b"");
    assert!(missing.exit == Exit::Usage && missing.errors.contains("--database-file"), "{}", missing.errors);
}
