//! Makes a pack in a process of its own, so that the server stays as small as it is: the files of a large pack are in
//! memory until they are written.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{self, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use domain::id::WorkspaceId;
use domain::pack::job::PackNumber;

use crate::config::Location;

/// The command that makes one pack. It is for the server, and in no help.
pub const COMMAND: &str = "make-pack";

/// How often it is asked whether the process ended.
const PAUSE: Duration = Duration::from_millis(50);

/// How the program is called to make a pack.
#[derive(Debug, Clone)]
pub struct Child {
    program: PathBuf,
    location: Location,
    stops: Arc<AtomicBool>,
}

impl Child {
    /// Calls the program that is running, with the same data.
    ///
    /// # Errors
    /// The operating system does not tell which program is running.
    pub fn of(location: &Location) -> io::Result<Self> {
        Ok(Self { program: std::env::current_exe()?, location: location.clone(), stops: Arc::default() })
    }

    /// Ends the process that makes a pack, and begins none any more: the server ends.
    pub fn stop(&self) {
        self.stops.store(true, Ordering::Relaxed);
    }

    /// Makes a pack, and waits until that has ended. What became of it the database says.
    ///
    /// # Errors
    /// The process could not be started, ended with a fault, or was stopped.
    pub fn make(&self, workspace: &WorkspaceId, pack: PackNumber) -> io::Result<()> {
        let mut command = Command::new(&self.program);
        command.arg(COMMAND).arg("--data").arg(&self.location.data);
        for (option, file) in
            [("--database-file", &self.location.database_file), ("--key-file", &self.location.key_file)]
        {
            if let Some(file) = file {
                command.arg(option).arg(file);
            }
        }
        // A URL may hold a password, which other users of the machine must not read from the list of processes.
        command.env_remove("PLUMBLINE_DATABASE").env_remove("PLUMBLINE_DATABASE_FILE").env_remove("PLUMBLINE_KEY_FILE");
        if let Some(url) = &self.location.database {
            command.env("PLUMBLINE_DATABASE", OsString::from(url.expose()));
        }
        command.arg("--workspace").arg(workspace.as_str()).arg("--pack").arg(pack.to_string());
        let status = wait(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?, &self.stops)?;
        if status.success() { Ok(()) } else { Err(io::Error::other(format!("the process ended with {status}"))) }
    }
}

/// Waits for the end of a process, and ends it where that is wished.
fn wait(mut process: process::Child, stops: &AtomicBool) -> io::Result<ExitStatus> {
    loop {
        if let Some(status) = process.try_wait()? {
            return Ok(status);
        }
        if stops.load(Ordering::Relaxed) {
            process.kill()?;
            process.wait()?;
            return Err(io::ErrorKind::Interrupted.into());
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_waited_for_until_it_ends() {
        let process = Command::new("sleep").arg("0.1").spawn().unwrap();
        assert!(wait(process, &AtomicBool::new(false)).unwrap().success());
    }

    #[test]
    fn a_process_is_ended_where_the_server_ends() {
        let stops = Arc::new(AtomicBool::new(false));
        let process = Command::new("sleep").arg("600").spawn().unwrap();
        let waits = thread::spawn({
            let stops = Arc::clone(&stops);
            move || wait(process, &stops)
        });
        thread::sleep(PAUSE);
        assert!(!waits.is_finished());
        stops.store(true, Ordering::Relaxed);
        assert_eq!(waits.join().unwrap().unwrap_err().kind(), io::ErrorKind::Interrupted);
    }
}
