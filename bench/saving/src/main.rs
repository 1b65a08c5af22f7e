//! Prints how long saving a flow and opening pages take at the server, in a workspace of the given size.
//!
//! `saving [SYSTEMS FLOWS [EDITS]]`; without numbers 10,000 systems, 100,000 flows and 200 edits. `saving risks [COUNT]`
//! does the same for a register of 20,000 risks, or as many, that comes from a file. `saving pack [SYSTEMS FLOWS MIB]`
//! makes an evidence pack, with 2,048 MiB of evidence or as much, at the server in a process of its own. Everything goes
//! through the real router, sessions and guards included, on a fresh SQLite file that is opened as in production.
#![expect(clippy::print_stdout, reason = "the table is what it is for")]

mod browser;
mod edit;
mod memory;
mod pack;
mod risks;
mod times;

use std::error::Error;
use std::fs;
use std::sync::Arc;

use bench::estate::Estate;
use bench::random::Random;
use browser::Browser;
use domain::backend::Backend as _;
use domain::command::{Command, Revision};
use domain::id::WorkspaceId;
use domain::model::object::{Object, ObjectRef};
use server::clock::SystemClock;
use server::config::Serving;
use server::config::origin::Origin;
use server::http::{Site, router};
use store::{Actor, SealingKey, SetUp, Start, Store};
use times::{Commits, Times, milliseconds, timed};

const MAIL: &str = "security@shop.example";
const PASSWORD: &str = "a long sentence nobody guesses";

/// After how many edits the list of findings is opened.
const BETWEEN_LISTS: u32 = 20;

/// How often each page is opened.
const VISITS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [what, count @ ..] = &arguments[..]
        && what == "risks"
    {
        let count = match count {
            [] => 20_000,
            [count] => count.parse()?,
            _ => return Err("usage: saving risks [COUNT]".into()),
        };
        return tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(risks::measure(count));
    }
    if let [what, rest @ ..] = &arguments[..]
        && what == "pack"
    {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        return match rest {
            [] => runtime.block_on(pack::measure(10_000, 100_000, 2_048)),
            [systems, flows, mebibytes] => {
                runtime.block_on(pack::measure(systems.parse()?, flows.parse()?, mebibytes.parse()?))
            }
            _ => Err("usage: saving pack [SYSTEMS FLOWS MIB]".into()),
        };
    }
    let numbers: Vec<u32> = arguments.iter().map(|it| it.parse()).collect::<Result<_, _>>()?;
    let (estate, edits) = match numbers[..] {
        [] => (Estate::new(10_000, 100_000), 200),
        [systems, flows] => (Estate::new(systems, flows), 200),
        [systems, flows, edits] => (Estate::new(systems, flows), edits),
        _ => {
            return Err(
                "usage: saving [SYSTEMS FLOWS [EDITS]], saving risks [COUNT], or saving pack [SYSTEMS FLOWS MIB]"
                    .into(),
            );
        }
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure(&estate, edits))
}

async fn measure(estate: &Estate, edits: u32) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("plumbline.db");
    let store = open(&file.display().to_string()).await?;
    let mut browser = sign_in(&store).await?;
    let workspace = WorkspaceId::new("shop");
    let gate = store.gate(Actor::Operator);

    println!("## At the server: {} systems, {} flows\n", estate.systems, estate.flows);
    let model = estate.model();
    let objects: Vec<Object> = model.objects().filter(|it| it.reference() != ObjectRef::Settings).collect();
    let count = objects.len();
    let import = Command::Import { source: "estate.json".to_owned(), objects, seen: Revision(i64::MAX) };
    let (imported, took) = timed(gate.execute(&workspace, import)).await;
    imported.map_err(|problem| format!("{problem:?}"))?;
    println!("Importing {count} objects into an SQLite file: {:.1} s, then {} MiB.", took.as_secs_f64(), size(&file));

    let fresh = open(&file.display().to_string()).await?;
    let (loaded, took) = timed(fresh.gate(Actor::Operator).estate(&workspace)).await;
    loaded.map_err(|problem| format!("{problem:?}"))?;
    println!("Reading the workspace into memory after a start: {:.2} s.", took.as_secs_f64());
    fresh.close().await;

    let commits = Commits::default();
    let mut random = Random::new(7);
    let [mut posts, mut pages, mut both, mut findings, mut commit] = std::array::from_fn(|_| Times::default());
    browser.page("/w/shop/findings").await?;
    for number in 0..edits {
        let estate = gate.estate(&workspace).await.map_err(|problem| format!("{problem:?}"))?;
        let (path, form) = edit::next(&estate, &mut random, number)?;
        drop(estate);
        let committed = commits.so_far()?;
        let (saved, post) = timed(browser.post(&path, &form)).await;
        let after = commits.so_far()?.saturating_sub(committed);
        let to = saved?.redirect()?;
        let (page, shown) = timed(browser.page(&to)).await;
        if !page?.contains("id=\"impact\"") {
            return Err(format!("{to} shows no strip with the effect of the save").into());
        }
        posts.add(post);
        pages.add(shown);
        both.add(post + shown);
        commit.add(after);
        if number % BETWEEN_LISTS == 0 {
            let (list, found) = timed(browser.page("/w/shop/findings")).await;
            list?;
            findings.add(found);
        }
    }
    println!("\n| {edits} edits of one flow each | p50 | p95 | Longest |\n|---|---:|---:|---:|");
    println!("| The form is posted until it answers | {posts} |");
    println!("| Of that the commit, SQLite with `synchronous=FULL` | {commit} |");
    println!("| The page with the Impact strip | {pages} |");
    println!("| **Both: from the save to its Impact strip** (wanted: p95 under 300 ms) | {both} |");
    println!("| The list of findings, up to date with the edit | {findings} |");
    let share = commit.sum().as_secs_f64() / both.sum().as_secs_f64() * 100.0;
    println!("\nThe commit, which waits for the disk, is {share:.1} % of the time from the save to the strip.");

    println!("\n| Page | Median of {VISITS} | HTML | Brotli |\n|---|---:|---:|---:|");
    let system = format!("/w/shop/systems/{}", Estate::system_id(estate.systems / 2));
    let hub = format!("/w/shop/systems/{}", Estate::system_id(100));
    let flow = format!("/w/shop/flows/flow-{:07}", estate.flows / 2);
    for (name, path) in [
        ("Home", "/w/shop".to_owned()),
        ("Map", "/w/shop/map".to_owned()),
        ("Systems", "/w/shop/systems".to_owned()),
        ("Flows", "/w/shop/flows".to_owned()),
        ("System", system.clone()),
        ("System that is a hub", hub),
        ("Edit a system", format!("{system}/edit")),
        ("Flow", flow.clone()),
        ("Edit a flow", format!("{flow}/edit")),
        ("Fields", "/w/shop/fields".to_owned()),
        ("Findings", "/w/shop/findings".to_owned()),
        ("Coverage", "/w/shop/findings/coverage".to_owned()),
        ("Search", "/w/shop/search?q=system".to_owned()),
        ("History", "/w/shop/history".to_owned()),
    ] {
        let mut times = Times::default();
        let mut html = String::new();
        let mut problem = None;
        for _ in 0..VISITS {
            let (page, took) = timed(browser.page(&path)).await;
            match page {
                Ok(page) => html = page,
                Err(error) => problem = Some(error.to_string()),
            }
            times.add(took);
        }
        match problem {
            Some(problem) => println!("| {name} | {problem} | | |"),
            None => println!(
                "| {name} | {} | {} KiB | {} KiB |",
                milliseconds(times.at(50)),
                html.len() / 1024,
                times::brotli(html.as_bytes())? / 1024
            ),
        }
    }
    store.close().await;
    Ok(())
}

async fn open(place: &str) -> Result<Store, Box<dyn Error>> {
    let store = Store::open(place, Arc::new(SystemClock)).await?;
    store.migrate().await?;
    Ok(store.with_sealing_key(SealingKey::new([7; 32])))
}

/// Makes the first account with an empty workspace, and signs it in.
async fn sign_in(store: &Store) -> Result<Browser, Box<dyn Error>> {
    let wish = SetUp {
        token: store.setup_token().await?.ok_or("the file is not fresh")?,
        organisation: "Shop".to_owned(),
        name: "Security lead".to_owned(),
        mail: MAIL.to_owned(),
        password: PASSWORD.to_owned(),
        start: Start::Empty,
    };
    store.set_up(&wish).await.map_err(|problem| format!("{problem:?}"))?;
    let anywhere = "127.0.0.1:0".parse()?;
    let serving = Serving {
        data: std::env::temp_dir(),
        listen: anywhere,
        admin_listen: anywhere,
        origin: Origin::Local,
        proxies: Vec::new(),
        mail: None,
    };
    let mut browser = Browser::of(router::router(Site::new(store.clone(), &serving)?));
    browser.sign_in(MAIL, PASSWORD).await?;
    Ok(browser)
}

/// In MiB.
fn size(file: &std::path::Path) -> u64 {
    fs::metadata(file).map_or(0, |it| it.len() / 1024 / 1024)
}
