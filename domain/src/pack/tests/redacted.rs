//! A redacted pack: verifies as any other, and holds none of the names.

use std::collections::BTreeSet;

use super::*;
use crate::findings::report::rules_json;
use crate::model::kinds::{SystemFunction, SystemKind};
use crate::model::object::Object;

/// What every pack says, whatever it is about: kinds, functions and rules.
fn vocabulary() -> String {
    let kinds = SystemKind::ALL.iter().map(|it| it.label()).chain(SystemFunction::ALL.iter().map(|it| it.label()));
    (kinds.collect::<Vec<_>>().join("\n") + &rules_json()).to_lowercase()
}

/// The names of the sample that are more than a key or words of ours.
fn names() -> BTreeSet<String> {
    let model = model();
    let keys: BTreeSet<String> = model.objects().map(|it| it.reference().key()).collect();
    let named = model.objects().filter(|it| !matches!(it, Object::Settings(_) | Object::Link(_) | Object::Override(_)));
    let names = named.map(|it| it.name()).filter(|it| it.contains(' ') && !keys.contains(it));
    let ours = vocabulary();
    let mut names: BTreeSet<String> = names.filter(|it| !ours.contains(&it.to_lowercase())).collect();
    let said = model.people.values().flat_map(|it| it.mail.iter().chain(&it.function).cloned().collect::<Vec<_>>());
    names.extend(said.filter(|it| it.contains([' ', '@']) && !ours.contains(&it.to_lowercase())));
    names.extend(
        [
            "Web shop of the sample",
            "Sample Shop Limited",
            "Security lead of the shop",
            "Payments lead of the shop",
            "Vault reachable",
            "Report of the segmentation",
            "The scope is as it should be",
            "The terminals cannot encrypt",
            "Old terminals stay until spring",
            "No mail with cards",
            "They encrypt, we keep no copy",
            "Half a year bounds it",
        ]
        .map(ToOwned::to_owned),
    );
    names
}

#[test]
fn it_holds_none_of_the_names() {
    let (full, redacted) = (pack(&source(Profile::Full)), pack(&source(Profile::Redacted)));
    let names = names();
    assert!(names.len() > 15, "{names:?}");
    let holds = |files: &Files, wanted: &str| -> Vec<String> {
        let bytes = wanted.as_bytes();
        let has = |content: &Content| {
            content.bytes().is_some_and(|it| it.windows(bytes.len()).any(|part| part.eq_ignore_ascii_case(bytes)))
        };
        files.iter().filter(|(_, content)| has(content)).map(|(name, _)| name.clone()).collect()
    };
    for wanted in &names {
        assert_eq!(holds(&redacted, wanted), Vec::<String>::new(), "{wanted}");
    }
    let told = names.iter().filter(|it| !holds(&full, it).is_empty()).count();
    assert!(told > 15, "the full one holds them: {told}");
    assert!(!redacted.keys().any(|name| name.starts_with(name::EVIDENCE)));
}

#[test]
fn its_verdicts_are_those_of_the_whole() {
    let outcome = |profile| {
        let files = pack(&source(profile));
        files[name::OUTCOME].text().and_then(Outcome::read)
    };
    let (full, redacted) = (outcome(Profile::Full), outcome(Profile::Redacted));
    let (Some(full), Some(redacted)) = (full, redacted) else { panic!("both have an outcome") };
    assert_eq!(full.verdicts, redacted.verdicts);
    let identities = |it: &Outcome| it.findings.iter().map(|it| it.identity.to_string()).collect::<BTreeSet<_>>();
    let (all, hidden) = (identities(&full), identities(&redacted));
    let kept = all.intersection(&hidden).count();
    assert!(kept * 10 >= all.len() * 9, "{:?}", all.symmetric_difference(&hidden).collect::<Vec<_>>());
}

#[test]
fn another_salt_gives_other_hashes_and_the_same_salt_the_same() {
    let other = Source { salt: [4; 32], ..source(Profile::Redacted) };
    let (one, two) = (pack(&source(Profile::Redacted)), pack(&other));
    assert_ne!(one[name::MODEL], two[name::MODEL]);
    assert_eq!(report(&two, true).verdict, Verdict::Intact);
}
