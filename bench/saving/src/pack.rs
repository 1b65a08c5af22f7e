//! How long a pack of a large workspace takes with its evidence, and how much memory the server and the processes that it
//! starts for it have at most.
//!
//! `saving pack [SYSTEMS FLOWS MIB]` fills a workspace, starts the program that is beside this one on it, brings the
//! evidence through the form of a browser, and asks for a pack as a person does.

use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

use bench::estate::Estate;
use domain::backend::Backend as _;
use domain::backend::packs::{PackRecord, Packs as _};
use domain::command::{Command, Revision};
use domain::id::WorkspaceId;
use domain::model::object::{Object, ObjectRef};
use domain::pack::job::{PackNumber, PackState};
use server::compiler;
use server::pack::child;
use store::{Actor, Gate};
use tokio::time::sleep;

use crate::browser::Browser;
use crate::memory::Watch;
use crate::{MAIL, PASSWORD, open, sign_in};

/// How large an evidence file is, in MiB.
const FILE: usize = 32;

/// The server and what it starts for a pack.
const COMMANDS: &[&str] = &["serve", child::COMMAND, compiler::COMMAND];

/// Fills a workspace, and makes a pack of it.
pub async fn measure(systems: u32, flows: u32, mebibytes: usize) -> Result<(), Box<dyn Error>> {
    let program = std::env::current_exe()?.with_file_name("plumbline");
    let folder = tempfile::tempdir()?;
    let made = Process::new(&program).arg("migrate").arg("--data").arg(folder.path()).output()?;
    if !made.status.success() {
        return Err(format!("{}: {}", program.display(), String::from_utf8_lossy(&made.stderr)).into());
    }
    let store = open(&folder.path().join("plumbline.db").display().to_string()).await?;
    sign_in(&store).await?;
    let model = Estate::new(systems, flows).model();
    let objects: Vec<Object> = model.objects().filter(|it| it.reference() != ObjectRef::Settings).collect();
    let import = Command::Import { source: "estate.json".to_owned(), objects, seen: Revision(i64::MAX) };
    let imported = store.gate(Actor::Operator).execute(&WorkspaceId::new("shop"), import).await;
    imported.map_err(|problem| format!("{problem:?}"))?;

    let server = Server::start(&program, folder.path()).await?;
    let mut browser = Browser::at(server.address);
    browser.sign_in(MAIL, PASSWORD).await?;
    for number in 0..mebibytes.div_ceil(FILE) {
        let (title, text) = (format!("Log of gateway {number}"), evidence(number));
        let fields = [("title", &*title)];
        browser.upload_with("/w/shop/evidence/items", &fields, "log.txt", &text).await?.redirect()?;
    }
    browser.page("/w/shop/evidence/packs/new").await?;

    let watch = Watch::of(&program, COMMANDS)?;
    #[expect(clippy::disallowed_methods, reason = "a timing")]
    let begun = Instant::now();
    let wish = [("of", "now"), ("profile", "full")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    browser.post("/w/shop/evidence/packs/new", &wish).await?.redirect()?;
    let made = finished(&store.gate(Actor::Operator)).await?;
    let took = begun.elapsed();
    let peaks = watch.peaks();
    drop(server);
    store.close().await;

    let memory = |command: &str| peaks.get(command).map_or("not seen".to_owned(), |it| format!("{} MiB", it >> 10));
    println!("## A pack of {systems} systems, {flows} flows and {mebibytes} MiB of evidence\n");
    println!("| What | | Wanted |\n|---|---:|---|");
    println!("| From the click to the finished archive | {:.1} s | 10 minutes |", took.as_secs_f64());
    println!("| Files in it | {} | |", made.files);
    println!("| Its size | {} MiB | |", made.bytes >> 20);
    println!("| Most memory of the server | {} | 400 MiB |", memory("serve"));
    println!("| Most memory of the process that makes the pack | {} | |", memory(child::COMMAND));
    println!("| Most memory of the process that makes the PDF | {} | 1,024 MiB |", memory(compiler::COMMAND));
    Ok(())
}

/// The text of an evidence file: lines, each different.
fn evidence(number: usize) -> Vec<u8> {
    let mut text = String::with_capacity(FILE << 20);
    let mut line = 0_u64;
    while text.len() < (FILE << 20) - 128 {
        line += 1;
        text.push_str(&format!(
            "2026-11-21T09:30:00Z host-{number} accepted port 443 from 10.0.{}.7, entry {line}\n",
            line % 256
        ));
    }
    text.into_bytes()
}

/// Waits until the pack is there.
async fn finished(gate: &Gate) -> Result<PackRecord, Box<dyn Error>> {
    loop {
        let pack = gate.pack(&WorkspaceId::new("shop"), PackNumber(1)).await.map_err(|it| format!("{it:?}"))?;
        match pack.state {
            PackState::Done => return Ok(pack),
            state if state.is_going_on() => sleep(Duration::from_millis(100)).await,
            state => return Err(format!("the pack is {state}: {} {:?}", pack.problem, pack.scanned).into()),
        }
    }
}

/// A server in a process of its own, which ends with this.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    async fn start(program: &Path, data: &Path) -> Result<Self, Box<dyn Error>> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Process::new(program);
        command.arg("serve").arg("--data").arg(data).arg("--listen").arg(address.to_string());
        let process = command.arg("--admin-listen").arg("127.0.0.1:0").stdout(Stdio::null()).spawn()?;
        let mut server = Self { process, address };
        while tokio::net::TcpStream::connect(address).await.is_err() {
            if let Some(status) = server.process.try_wait()? {
                return Err(format!("the server ended with {status}").into());
            }
            sleep(Duration::from_millis(50)).await;
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
