//! Evidence and seals: a seal fixes which version of which item counted, and its pack has that file for good.

use std::fs::File;
use std::io::{self, Read};

use domain::backend::library::Library as _;
use domain::backend::reviews::Reviews as _;
use domain::evidence::draft::About;
use domain::evidence::item::{ItemChange, Source, Version};
use domain::evidence::{EvidenceKey, Index};
use domain::pack::signature::TrustedKey;
use domain::pack::verify::{Trust, Verdict, verify};
use domain::pack::{Profile, Unfit, files, name};
use domain::review::SealKey;
use domain::review::session::Part;
use domain::time::Timestamp;
use server::archive;
use store::{Files, Gate, PackKey, SealingKey, verifies};
use tests::both_dbs;

use super::reviews::{filled, look_at_all, me, opening, sign};

/// Takes a file in, as an upload does.
async fn version(kept: &Files, content: &str) -> Version {
    let mut coming = kept.begin("scan.txt").unwrap();
    coming.write(content.as_bytes()).await.unwrap();
    let ready = coming.finish().await.unwrap();
    let file = ready.file().clone();
    ready.place().await.unwrap();
    Version {
        number: 0,
        source: Source::File(file),
        collected: "2026-11-01".parse().unwrap(),
        covers_from: None,
        covers_until: None,
        expires: None,
        collector: None,
        added: Timestamp(0),
    }
}

/// The archive of the pack of a workspace.
async fn pack(gate: &Gate, workspace: &domain::id::WorkspaceId, kept: &Files) -> (Vec<u8>, Index) {
    let source = gate.pack_source(workspace, None, Profile::Full).await.unwrap();
    let key = PackKey::of(&SealingKey::new([7; 32]), 1).unwrap();
    let made = files(&source, |bytes| Ok::<_, Unfit>(key.sign(bytes))).unwrap();
    let mut bytes = Vec::new();
    let mut open = |sha256: &str| -> io::Result<Box<dyn Read>> {
        let sha256 = sha256.parse().map_err(|_| io::ErrorKind::InvalidInput)?;
        Ok(Box::new(File::open(kept.path(sha256))?))
    };
    archive::write(&mut bytes, &made, source.at, &mut open).unwrap();
    (bytes, source.index)
}

both_dbs!(a_seal_fixes_the_version_of_an_item_and_its_pack_keeps_that_file, |place| {
    let instance = filled(&place).await;
    let kept = instance.store.files().unwrap().clone();
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let about = About { title: "Scan of the quarter".to_owned(), ..About::default() };
    let first = version(&kept, "Nothing was found.").await;
    assert_eq!(gate.add_item(workspace, about.clone(), first).await, Ok(EvidenceKey(1)));
    let lead = me(&gate, workspace).await;
    let key = gate.open_review(workspace, opening("2026-Q3", &[(&lead, Part::Attests)], false)).await.unwrap();
    look_at_all(&gate, workspace, key).await;
    assert_eq!(sign(&gate, workspace, key).await, Ok(Some(SealKey(1))));

    let (sealed, index) = pack(&gate, workspace, &kept).await;
    assert_eq!(index.items.iter().map(|it| (it.key, it.version)).collect::<Vec<_>>(), [(EvidenceKey(1), 1)]);
    let read = archive::read(&mut io::Cursor::new(&sealed), &archive::Limits::default()).unwrap();
    let of_evidence: Vec<_> = read.keys().filter(|it| it.starts_with(name::EVIDENCE)).collect();
    assert_eq!(of_evidence.len(), 1, "{of_evidence:?}");
    let table = read.values().filter_map(|it| it.text()).filter(|it| it.contains("Scan of the quarter")).count();
    assert!(table > 0, "no table names the item");
    // Who may do what, and how the workspace is called, is that of the seal as well.
    for changed in ["UPDATE workspace SET name = 'Another name'", "UPDATE member SET tier = 1"] {
        instance.store.run_raw(changed).await.unwrap();
    }
    assert!(pack(&gate, workspace, &kept).await.0 == sealed, "the pack of a seal follows from what is not sealed");
    let trusted = TrustedKey::Key(PackKey::of(&SealingKey::new([7; 32]), 1).unwrap().public());
    let told = verify(&read, &Trust { key: Some(&trusted), checkpoint: None, ed25519: &verifies });
    assert_eq!((told.verdict, told.faults), (Verdict::Intact, Vec::new()));

    // What comes later is of the next seal: another version, another item, and that the item counts no more.
    let next = version(&kept, "A port was open.").await;
    assert_eq!(gate.change_item(workspace, EvidenceKey(1), ItemChange::Add(next), 1).await, Ok(true));
    let other = version(&kept, "Another file.").await;
    gate.add_item(workspace, about, other).await.unwrap();
    let withdrawn = ItemChange::Withdraw("Wrong network".to_owned());
    assert_eq!(gate.change_item(workspace, EvidenceKey(1), withdrawn, 2).await, Ok(true));
    let (again, _) = pack(&gate, workspace, &kept).await;
    assert!(again == sealed, "another pack of the same seal");
});
