//! The commands: one function each, and what each ends with.

mod accounts;
mod backup;
mod blast;
mod check;
mod check_config;
mod checkpoint;
mod choke;
mod data;
mod diff;
mod document;
mod exchange;
mod explain;
mod files;
mod findings;
mod key;
mod lineage;
mod map;
mod near;
mod observe;
mod pack;
mod ready;
mod recognise;
mod reduce;
mod scope;
mod serve;

use std::ffi::OsString;
use std::io::{self, Read, Write};

use clap::Parser as _;

use crate::config::effective;
use crate::config::{AuditCommand, Command, CommandLine, DemoCommand, PackKeyCommand, UserCommand};
use crate::telemetry;

/// What is logged while serving. The session layer warns of every cookie that outlived its session, which is everyday.
const SERVING_LOG: &str = "info,tower_sessions_core=error";

/// The standard streams of a command. Results go to `output`, sentences about what went wrong to `errors`.
pub struct Streams<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output.
    pub output: &'a mut dyn Write,
    /// Standard error.
    pub errors: &'a mut dyn Write,
}

/// What a command ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Done, with findings that the caller asked to fail on.
    Findings = 1,
    /// Wrong usage, or input that cannot be used.
    Usage = 2,
    /// A fault: something that should work does not.
    Fault = 3,
}

/// Why a command did not do what it should: how it ends, and sentences that say what to do.
#[derive(Debug)]
struct Failure {
    exit: Exit,
    sentences: Vec<String>,
}

impl Failure {
    fn usage(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, sentences: vec![sentence.into()] }
    }

    fn fault(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::Fault, sentences: vec![sentence.into()] }
    }
}

impl From<io::Error> for Failure {
    /// Only writing to standard output fails with this; a reader that went away (`| head`) is no fault of anybody.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self { exit: Exit::Done, sentences: Vec::new() },
            _ => Self::fault(format!("The result could not be written: {error}.")),
        }
    }
}

/// Runs the command that the arguments ask for.
pub fn run(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>, streams: &mut Streams<'_>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    if let Some(effective) = effective::asked(&arguments) {
        return ended(check_config::check(effective, streams), streams);
    }
    let line = match CommandLine::try_parse_from(arguments) {
        Ok(line) => line,
        Err(refusal) => {
            let wrong = refusal.use_stderr();
            let to = if wrong { &mut streams.errors } else { &mut streams.output };
            // There is nobody left to tell where even this cannot be written.
            let _ = write!(to, "{refusal}");
            return if wrong { Exit::Usage } else { Exit::Done };
        }
    };
    let outcome = dispatch(line, streams);
    ended(outcome, streams)
}

fn ended(outcome: Result<Exit, Failure>, streams: &mut Streams<'_>) -> Exit {
    match outcome {
        Ok(exit) => exit,
        Err(failure) => {
            for sentence in failure.sentences {
                let _ = writeln!(streams.errors, "{sentence}");
            }
            failure.exit
        }
    }
}

fn dispatch(line: CommandLine, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let usual = if matches!(line.command, Command::Serve(_)) { SERVING_LOG } else { "warn" };
    telemetry::start(line.log_format, line.log.as_deref().unwrap_or(usual)).map_err(Failure::usage)?;
    match line.command {
        Command::Serve(options) => serve::serve(&options, streams),
        // Read before the options are, so that all that are wrong can be told.
        Command::CheckConfig(_) => Ok(()),
        Command::Ready(options) => ready::ready(&options, streams),
        Command::Migrate(location) => data::migrate(&location, streams),
        Command::Scope(options) => scope::scope(&options, streams),
        Command::Explain(options) => explain::explain(&options, streams),
        Command::Lineage(options) => lineage::lineage(&options, streams),
        Command::Rules(options) => findings::rules(&options, streams),
        Command::Findings(options) => return findings::findings(&options, streams),
        Command::Tick(location) => findings::tick(&location, streams),
        Command::Map(options) => map::map(&options, streams),
        Command::Openapi => openapi(streams),
        Command::Blast(options) => blast::blast(&options, streams),
        Command::Choke(options) => choke::choke(&options, streams),
        Command::Reduce(options) => reduce::reduce(&options, streams),
        Command::Recognise(options) => recognise::recognise(&options, streams),
        Command::Diff(options) => return diff::diff(&options, streams),
        Command::Check(options) => return check::check(&options, streams),
        Command::Import(options) => exchange::import(&options, streams),
        Command::Observe(options) => observe::observe(&options, streams),
        Command::Export(options) => exchange::export(&options, streams),
        Command::ExportPack(options) => pack::export(&options, streams),
        Command::MakePack(options) => pack::make(&options),
        Command::PackKey(PackKeyCommand::List(location)) => pack::list_keys(&location, streams),
        Command::PackKey(PackKeyCommand::Rotate(location)) => pack::rotate_key(&location, streams),
        Command::VerifyPack(options) => return pack::check(&options, streams),
        Command::CompileDocument => document::compile(streams),
        Command::Backup(options) => backup::back_up(&options, streams),
        Command::Restore(options) => backup::restore(&options, streams),
        Command::Audit(AuditCommand::Verify(options)) => return backup::verify(&options, streams),
        Command::Audit(AuditCommand::Checkpoint(location)) => checkpoint::print(&location, streams),
        Command::Audit(AuditCommand::Key(location)) => checkpoint::print_key(&location, streams),
        Command::Demo(DemoCommand::Load(location)) => data::load_demo(&location, streams),
        Command::User(UserCommand::Add(options)) => accounts::add(&options, streams),
        Command::User(UserCommand::ResetLink(options)) => accounts::reset_link(&options, streams),
        Command::User(UserCommand::RemoveSecondFactor(options)) => accounts::remove_second_factor(&options, streams),
        Command::SetupToken(location) => accounts::setup_token(&location, streams),
    }?;
    Ok(Exit::Done)
}

/// Prints the OpenAPI document.
fn openapi(streams: &mut Streams<'_>) -> Result<(), Failure> {
    streams.output.write_all(crate::http::api::document::document().as_bytes())?;
    Ok(streams.output.flush()?)
}

/// Runs a command that waits for the database or the network.
fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::fault(format!("No thread could be started: {error}.")))?
        .block_on(work)
}
