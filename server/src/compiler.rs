//! How does a document become a PDF without the server growing with it? In a process of its own: this program again, with
//! limits, one at a time. Whatever becomes of that process, the server goes on.

use std::ffi::OsStr;
use std::io::{self, Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use domain::paper::Paper;
use rlimit::{Resource, setrlimit};

use crate::clock::instant;

/// The name of the command.
pub const COMMAND: &str = "compile-document";
/// The most memory that the process may have, in bytes.
pub const MEMORY: u64 = 1024 * 1024 * 1024;
/// How long it may take.
pub const WITHIN: Duration = Duration::from_secs(120);
/// The largest document, in bytes.
const DOCUMENT_MAX: u64 = 256 * 1024 * 1024;
/// How much of what went wrong is kept, in bytes.
const ERRORS_MAX: u64 = 4096;
/// How often it is asked whether it ended.
const PAUSE: Duration = Duration::from_millis(10);

/// The program that is started, where it is not this one.
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
/// A large document takes up to [`MEMORY`], so there is one at a time.
static TURN: Mutex<()> = Mutex::new(());

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// It needs more memory than it may have, or is larger than may be.
    #[error("it would need more than {} MiB of memory", MEMORY / (1024 * 1024))]
    TooLarge,
    /// It took too long.
    #[error("it took longer than {} seconds", WITHIN.as_secs())]
    TooLong,
    /// The process could not be started, or went away.
    #[error("the process that makes it failed")]
    Process(#[from] io::Error),
    /// The process said why it made none.
    #[error("{0}")]
    Refused(String),
}

/// Names the program that is started, before any document is made; what is named later changes nothing. Tests are another
/// program than the one that has the command.
pub fn use_program(path: PathBuf) {
    let _ = PROGRAM.set(path);
}

/// Makes a document. It waits for its turn and for the process, so an asynchronous caller calls it aside.
///
/// # Errors
/// What the limits do not allow, or the process fails with.
pub fn compile(paper: &Paper) -> Result<Vec<u8>, Failed> {
    let data = paper.json();
    // A turn that ended in a panic left nothing behind.
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let program = PROGRAM.get().cloned().map_or_else(std::env::current_exe, Ok)?;
    run(program.as_os_str(), &[COMMAND], data, WITHIN)
}

fn run(program: &OsStr, arguments: &[&str], data: Vec<u8>, within: Duration) -> Result<Vec<u8>, Failed> {
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        // Each thread would have its own part of the memory, on a machine with many processors more than there is.
        .env("RAYON_NUM_THREADS", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let writer = thread::spawn(move || input.map_or(Ok(()), |mut input| input.write_all(&data)));
    let reader = thread::spawn(move || all(output, DOCUMENT_MAX + 1));
    let listener = thread::spawn(move || all(errors, ERRORS_MAX));
    let status = wait(&mut child, within);
    // Both end with the process; what the writer could not write tells nothing that the process does not.
    let _ = writer.join();
    let (document, told) = (joined(reader), joined(listener));
    let status = status?;
    if status.success() {
        let document = document?;
        let fits = document.len() as u64 <= DOCUMENT_MAX;
        return if fits { Ok(document) } else { Err(Failed::TooLarge) };
    }
    // Who is denied memory ends at once, by a signal and without an exit code.
    if status.code().is_none() {
        return Err(Failed::TooLarge);
    }
    let told = String::from_utf8_lossy(&told?).trim().to_owned();
    Err(Failed::Refused(told.lines().last().unwrap_or("it ended without a word").to_owned()))
}

/// Waits for the end, and makes one where the time is over.
fn wait(child: &mut Child, within: Duration) -> Result<ExitStatus, Failed> {
    let begun = instant();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if begun.elapsed() >= within {
            child.kill()?;
            child.wait()?;
            return Err(Failed::TooLong);
        }
        thread::sleep(PAUSE);
    }
}

fn all(from: Option<impl Read>, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut from) = from {
        from.by_ref().take(most).read_to_end(&mut bytes)?;
        // What is too much is read and dropped, so that the process ends.
        io::copy(&mut from, &mut io::sink())?;
    }
    Ok(bytes)
}

fn joined(thread: thread::JoinHandle<io::Result<Vec<u8>>>) -> io::Result<Vec<u8>> {
    thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread of ours panicked")))
}

/// Gives the limits to the process that calls it, for good.
///
/// # Errors
/// The operating system does not allow it.
pub(crate) fn limit_this_process() -> io::Result<()> {
    // What is written to, not what is mapped: the program itself is large.
    setrlimit(Resource::DATA, MEMORY, MEMORY)?;
    // Also where nobody is left who could end it.
    setrlimit(Resource::CPU, WITHIN.as_secs(), WITHIN.as_secs())?;
    // What it holds is confidential, and a file of it would lie around.
    setrlimit(Resource::CORE, 0, 0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn shell(script: &str, within: u64) -> Result<Vec<u8>, Failed> {
        let data = vec![b'x'; 1024 * 1024];
        run(OsStr::new("/bin/sh"), &["-c", script], data, Duration::from_millis(within))
    }

    #[test]
    fn what_the_process_writes_is_the_document() {
        assert_eq!(shell("cat", 20_000).unwrap().len(), 1024 * 1024);
        assert_eq!(shell("printf y", 20_000).unwrap(), b"y");
    }

    #[test]
    fn a_process_that_fails_hangs_or_is_killed_says_so() {
        assert!(matches!(shell("echo no good >&2; exit 3", 20_000), Err(Failed::Refused(it)) if it == "no good"));
        assert!(matches!(shell("exit 3", 20_000), Err(Failed::Refused(it)) if it == "it ended without a word"));
        assert!(matches!(shell("exec sleep 30", 50), Err(Failed::TooLong)));
        assert!(matches!(shell("kill -ABRT $$", 20_000), Err(Failed::TooLarge)));
        assert!(matches!(run(OsStr::new("/none"), &[], Vec::new(), WITHIN), Err(Failed::Process(_))));
    }
}
