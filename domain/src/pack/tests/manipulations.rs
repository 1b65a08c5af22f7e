//! Twelve ways to alter a pack, each named with the file that it is about; some by somebody who holds the key and signs
//! again.

use super::*;
use crate::pack::trail::TrailFault;
use crate::pack::verify::Fault;

fn edit(files: &mut Files, name: &str, from: &str, to: &str) {
    let text = files[name].text().unwrap_or_default();
    assert!(text.contains(from), "{name} has no {from}");
    let changed = text.replacen(from, to, 1);
    files.insert(name.to_owned(), changed.into());
}

/// What is named of a pack after something was done to it.
fn named(change: impl FnOnce(&mut Files)) -> Vec<Fault> {
    let mut files = pack(&source(Profile::Full));
    change(&mut files);
    let told = report(&files, true);
    assert_eq!(told.verdict, Verdict::Altered);
    told.faults
}

fn has(faults: &[Fault], wanted: impl Fn(&Fault) -> bool) {
    assert!(faults.iter().any(wanted), "{faults:#?}");
}

#[test]
fn a_byte_in_a_csv() {
    let faults = named(|files| edit(files, "02_inventory.csv", "\"yes\"", "\"no\""));
    assert_eq!(faults[0], Fault::Changed("02_inventory.csv".to_owned()));
    has(&faults, |it| matches!(it, Fault::Derived { file, line } if file == "02_inventory.csv" && *line > 1));
}

#[test]
fn a_file_removed() {
    let faults = named(|files| {
        files.remove("16_risks.csv");
    });
    assert_eq!(faults, [Fault::Missing("16_risks.csv".to_owned())]);
}

#[test]
fn a_file_added() {
    let faults = named(|files| {
        files.insert("seal/note.txt".to_owned(), "All is well.".to_owned().into());
    });
    assert_eq!(faults, [Fault::Added("seal/note.txt".to_owned())]);
}

#[test]
fn a_file_renamed() {
    let faults = named(|files| {
        let content = files.remove("access_list.csv").unwrap_or(Content::Bytes(Vec::new()));
        files.insert("access_lists.csv".to_owned(), content);
    });
    assert_eq!(faults, [Fault::Missing("access_list.csv".to_owned()), Fault::Added("access_lists.csv".to_owned())]);
}

#[test]
fn the_list_edited_so_that_a_changed_file_fits() {
    let faults = named(|files| {
        edit(files, "access_list.csv", "owner", "viewer");
        let list = manifest::write(files);
        files.insert(name::MANIFEST.to_owned(), list.into());
    });
    assert_eq!(faults, [Fault::Signature, Fault::Decided { file: "access_list.csv".to_owned(), line: 2 }]);
    let faults = named(|files| edit(files, name::MANIFEST, "  access_list.csv", " *access_list.csv"));
    has(&faults, |it| matches!(it, Fault::List(line) if *line > 1));
}

#[test]
fn the_signature_swapped_for_that_of_another_key() {
    let faults = named(|files| sign_again(files, &OTHER));
    has(&faults, |it| *it == Fault::Signers);
    let faults = named(|files| {
        files.insert(name::SIGNERS.to_owned(), signature::signers(&OTHER).into());
        sign_again(files, &OTHER);
    });
    let [Fault::OtherKey { trusted, found }] = &faults[..] else { panic!("{faults:#?}") };
    assert_eq!((trusted, found), (&signature::fingerprint(&KEY), &signature::fingerprint(&OTHER)));
    let faults = named(|files| edit(files, name::SIGNATURE, "BEGIN SSH", "BEGIN PGP"));
    assert_eq!(faults, [Fault::SignatureForm]);
}

#[test]
fn an_entry_cut_out_of_the_audit_trail() {
    let faults = named(|files| {
        let lines: Vec<&str> = files[name::TRAIL].text().unwrap_or_default().lines().collect();
        let without: String =
            lines.iter().enumerate().filter(|(at, _)| *at != 4).map(|(_, it)| format!("{it}\n")).collect();
        files.insert(name::TRAIL.to_owned(), without.into());
        sign_again(files, &KEY);
    });
    has(&faults, |it| *it == Fault::Trail(TrailFault::Cut { after: 4, next: 6 }));
}

#[test]
fn the_tail_of_the_audit_trail_cut_off() {
    let faults = named(|files| {
        let lines: Vec<&str> = files[name::TRAIL].text().unwrap_or_default().lines().collect();
        let without: String = lines.iter().take(9).map(|it| format!("{it}\n")).collect();
        files.insert(name::TRAIL.to_owned(), without.into());
        sign_again(files, &KEY);
    });
    has(&faults, |it| *it == Fault::Trail(TrailFault::End { found: 9, last: 12 }));
}

/// As the program that keeps the checkpoints writes it.
fn checkpoint(sequence: usize, hash: &str) -> (String, String) {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let origin = format!("plumbline/{}", hex::encode(&sha2::Sha256::digest(INSTANCE)[..8]));
    let text = format!("{origin}\n{sequence}\nAAAA\nhead {sequence} {hash} workspace/shop\n");
    let signed = [&[0; 4][..], &sign(&INSTANCE, text.as_bytes())].concat();
    let note = format!("{text}\n\u{2014} {origin} {}\n", STANDARD.encode(signed));
    (note, format!("{origin}+00000000+{}", STANDARD.encode([&[1][..], &INSTANCE].concat())))
}

#[test]
fn the_tail_cut_off_before_it_was_sealed_against_a_checkpoint() {
    let whole = entries(12);
    let against = |kept: usize, note: &str, key: &str| {
        let mut cut = source(Profile::Full);
        cut.sealed = None;
        cut.trail.truncate(kept);
        cut.checkpoint_key = key.to_owned();
        let key = TrustedKey::Key(KEY);
        verify(&pack(&cut), &Trust { key: Some(&key), checkpoint: Some(note), ed25519: &ed25519 }).faults
    };
    let (note, key) = checkpoint(11, &crate::pack::trail::hash_of(&whole[10]));
    assert_eq!(against(12, &note, &key), []);
    assert_eq!(against(10, &note, &key), [Fault::TailCut { last: 10, checkpoint: 11 }]);
    let (other, key) = checkpoint(11, &"ab".repeat(32));
    assert_eq!(against(12, &other, &key), [Fault::Rewritten(11)]);
    let forged = note.replacen("head 11", "head 10", 1);
    assert!(matches!(against(12, &forged, &key)[..], [Fault::Checkpoint(_)]));
}

#[test]
fn a_fact_of_the_model_changed_so_that_the_scope_differs() {
    let faults = named(|files| {
        let mut model = model();
        let held: Vec<_> =
            model.systems.values().filter(|it| !it.holdings.is_empty()).map(|it| it.id.clone()).collect();
        for id in held {
            if let Some(system) = model.systems.get_mut(&id) {
                std::sync::Arc::make_mut(system).holdings.clear();
            }
        }
        files.insert(name::MODEL.to_owned(), to_json(&model).into());
        sign_again(files, &KEY);
    });
    has(&faults, |it| matches!(it, Fault::Seal(why) if why.contains(name::MODEL)));
    has(&faults, |it| matches!(it, Fault::Follows(what) if what.contains("is now") || what.contains(" now.")));
    has(&faults, |it| matches!(it, Fault::Derived { file, .. } if file == "02_inventory.csv"));
}

#[test]
fn a_verdict_edited_in_the_scope() {
    let faults = named(|files| {
        edit(files, "02_scope.json", "\"category\": \"cde\"", "\"category\": \"out_of_scope\"");
        sign_again(files, &KEY);
    });
    assert!(
        matches!(&faults[..], [Fault::Derived { file, line }] if file == "02_scope.json" && *line > 1),
        "{faults:?}"
    );
}

#[test]
fn a_finding_taken_out() {
    let faults = named(|files| {
        let text = files["15_findings.csv"].text().unwrap_or_default();
        let without: String =
            text.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, it)| format!("{it}\n")).collect();
        files.insert("15_findings.csv".to_owned(), without.into());
        sign_again(files, &KEY);
    });
    assert_eq!(faults, [Fault::Derived { file: "15_findings.csv".to_owned(), line: 2 }]);
}

#[test]
fn what_people_decided_rewritten() {
    let decided = |file: &str, line| Fault::Decided { file: file.to_owned(), line };
    let faults = named(|files| {
        edit(files, name::REQUIREMENTS, "in_place_ccw", "in_place");
        edit(files, "16_risks.csv", "Vault reachable", "Vault not reachable");
        edit(files, name::STATEMENT, "Sample Shop Limited", "Another Shop Limited");
        files.insert("compensating_controls/pci-8-3-6.md".to_owned(), "All is well.".to_owned().into());
        sign_again(files, &KEY);
    });
    let at = |file: &str| faults.iter().filter(|it| it.file() == file).collect::<Vec<_>>();
    assert_eq!(at("16_risks.csv"), [&decided("16_risks.csv", 2)]);
    assert_eq!(at("compensating_controls/pci-8-3-6.md"), [&decided("compensating_controls/pci-8-3-6.md", 0)]);
    for name in [name::REQUIREMENTS, name::STATEMENT] {
        assert!(matches!(at(name)[..], [Fault::Decided { line, .. }] if *line > 1), "{faults:#?}");
    }
    assert_eq!(faults.len(), 4, "{faults:#?}");
}

#[test]
fn a_signature_of_a_person_changed() {
    let faults = named(|files| {
        edit(files, name::SEAL, "The scope is as it should be.", "Nothing was looked at.");
        sign_again(files, &KEY);
    });
    assert!(matches!(&faults[..], [Fault::Seal(_)]), "{faults:?}");
}
