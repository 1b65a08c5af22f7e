//! A large register of risks that comes from a file: reading and writing it, and the pages that show it.

use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

use bench::estate::Estate;
use bench::random::Random;
use domain::backend::Backend as _;
use domain::backend::risks::Risks as _;
use domain::command::{Command, Revision};
use domain::id::WorkspaceId;
use domain::model::object::{Object, ObjectRef};
use store::Actor;

use super::browser::Browser;
use super::times::{self, Commits, Times, timed};
use super::{open, sign_in};

/// How often each page is opened.
const VISITS: usize = 50;

/// How large the map is to which the risks are linked.
const SYSTEMS: u32 = 500;
const FLOWS: u32 = 2_000;

/// Prints how long a register of so many risks takes.
pub async fn measure(count: u32) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("plumbline.db");
    let store = open(&file.display().to_string()).await?;
    let mut browser = sign_in(&store).await?;
    let workspace = WorkspaceId::new("shop");
    let gate = store.gate(Actor::Operator);
    let estate = Estate::new(SYSTEMS, FLOWS);
    let model = estate.model();
    let objects: Vec<Object> = model.objects().filter(|it| it.reference() != ObjectRef::Settings).collect();
    let import = Command::Import { source: "estate.json".to_owned(), objects, seen: Revision(i64::MAX) };
    gate.execute(&workspace, import).await.map_err(|problem| format!("{problem:?}"))?;

    let register = register(count);
    println!("## A register of {count} risks from a file of {} KiB\n", register.len() / 1024);
    println!("| Step | Time |\n|---|---:|");
    let commits = Commits::default();
    let (uploaded, upload) = timed(browser.upload("/w/shop/risks/import", "register.csv", register.as_bytes())).await;
    let page = uploaded?.redirect()?;
    let (preview, shown) = timed(browser.page(&page)).await;
    let form = confirmation(&preview?)?;
    let (done, confirmed) = timed(finished(&mut browser, &page, &form)).await;
    done?;
    let write = commits.registers()?;
    for (step, took) in [
        ("Upload, until the table is kept", upload),
        ("Preview", shown),
        ("Confirmation, until the risks are in the register", confirmed),
        ("Of that the write (wanted: under 3 s)", write),
        ("**All of it** (wanted: under 10 s)", upload + shown + confirmed),
    ] {
        println!("| {step} | {:.2} s |", took.as_secs_f64());
    }
    let there = gate.risks(&workspace).await.map_err(|problem| format!("{problem:?}"))?.risks.len();
    if there != usize::try_from(count)? {
        return Err(format!("{there} risks are in the register").into());
    }

    println!(
        "\n| {VISITS} visits of each page (wanted: p95 under 150 ms) | p50 | p95 | Longest | HTML |\n|---|---:|---:|---:|---:|"
    );
    for (name, path) in [
        ("Table", "/w/shop/risks"),
        ("Table, filtered and ordered", "/w/shop/risks?q=level%3A%3E%3Dhigh%20-is%3Aclosed&sort=-review"),
        ("Matrix", "/w/shop/risks?view=matrix"),
    ] {
        let mut times = Times::default();
        let mut size = 0;
        for _ in 0..VISITS {
            let (page, took) = timed(browser.page(path)).await;
            size = page?.len();
            times.add(took);
        }
        println!("| {name} | {times} | {} KiB |", size / 1024);
    }
    for (name, path) in [("As XLSX", "/w/shop/export/risks?as=xlsx"), ("As CSV", "/w/shop/export/risks?as=csv")] {
        let (read, took) = timed(browser.bytes(path)).await;
        println!("\n{name}: {} and {} KiB.", times::milliseconds(took), read? / 1024);
    }
    store.close().await;
    Ok(())
}

/// What a browser sends when the preview is confirmed as it stands.
fn confirmation(preview: &str) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let hash = preview.split("name=\"hash\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let pairs = [("hash", hash.ok_or("the preview has no hash")?), ("action", "confirm")];
    Ok(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
}

/// Confirms, and asks for the newest state until it is done.
async fn finished(browser: &mut Browser, page: &str, form: &[(String, String)]) -> Result<(), Box<dyn Error>> {
    let to = browser.post(page, form).await?.redirect()?;
    if to.starts_with("/w/shop/risks?") {
        return Ok(());
    }
    for _ in 0..600 {
        let shown = browser.page(page).await?;
        if shown.contains("The risks of the file are in the register.") {
            return Ok(());
        }
        if !shown.contains("The rows are being read") {
            return Err("the import ended without its risks".into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("the import did not end".into())
}

/// A register as people keep one, with everything that a row can say.
fn register(count: u32) -> String {
    let mut random = Random::new(11);
    let mut text = "Risk ID,Title,Cause,Scenario,Consequence,Category,Asset,Likelihood (1-5),Impact (1-5),\
        Residual likelihood,Residual impact,Existing controls,Treatment,Action plan,Due date,Status,Review date\n"
        .to_owned();
    let pick = |random: &mut Random, words: &[&'static str]| {
        words[random.below(u32::try_from(words.len()).unwrap_or(1)) as usize]
    };
    for number in 1..=count {
        let (likelihood, impact) = (random.below(5) + 1, random.below(5) + 1);
        let category = pick(&mut random, &["confidentiality", "integrity", "availability", "fraud", "compliance"]);
        let treatment = pick(&mut random, &["modify", "avoid", "share", "retain"]);
        let status = pick(&mut random, &["Open", "Open", "Treating", "Draft"]);
        let system = Estate::system_id(random.below(SYSTEMS));
        let day = random.below(28) + 1;
        writeln!(
            text,
            "P-{number},Cards are read on the way {number},A queue keeps what it could not send; nobody empties it,\
             \"Somebody with access to {system} reads full card numbers out of the queue, the log or a copy of both\",\
             The acquirer asks for an investigation and cards are replaced,{category},system:{system},\
             {likelihood},{impact},{},{},Access is logged; copies are encrypted,{treatment},\
             Empty the queue each night; keep tokens instead,2027-03-{day:02},{status},2027-06-{day:02}",
            likelihood.min(random.below(5) + 1),
            impact.min(random.below(5) + 1),
        )
        .unwrap_or_default();
    }
    text
}
