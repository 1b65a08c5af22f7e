//! Makes a pack in a process of its own, so that the server stays as small as it is: the files of a large pack are in
//! memory until they are written.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use domain::id::WorkspaceId;
use domain::pack::job::PackNumber;

use crate::config::Location;

/// The command that makes one pack. It is for the server, and in no help.
pub const COMMAND: &str = "make-pack";

/// How the program is called to make a pack.
#[derive(Debug, Clone)]
pub struct Child {
    program: PathBuf,
    location: Location,
}

impl Child {
    /// Calls the program that is running, with the same data.
    ///
    /// # Errors
    /// The operating system does not tell which program is running.
    pub fn of(location: &Location) -> io::Result<Self> {
        Ok(Self { program: std::env::current_exe()?, location: location.clone() })
    }

    /// Makes a pack, and waits until that has ended. What became of it the database says.
    ///
    /// # Errors
    /// The process could not be started, or ended with a fault.
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
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status()?;
        if status.success() { Ok(()) } else { Err(io::Error::other(format!("the process ended with {status}"))) }
    }
}
