//! Sending mail: to the configured server, or into a folder.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::Error;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::config::mail::{MailServer, Way};

/// How long the mail server may take for one message.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many files a folder may hold before no more are written.
const FILES: u32 = 1_000_000;

/// Takes messages to where mail goes.
#[derive(Clone)]
pub struct Courier {
    way: Open,
    from: Mailbox,
}

#[derive(Clone)]
enum Open {
    Server(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Courier")
    }
}

impl Courier {
    /// Ready to send. Nobody is asked yet.
    ///
    /// # Errors
    /// What is wrong with the URL of the server, without the URL.
    pub fn open(server: &MailServer) -> Result<Self, String> {
        let way = match &server.way {
            Way::Server(url) => Open::Server(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
                    .map_err(|_| "--smtp-url cannot be read. Write smtps://USER:PASSWORD@HOST.".to_owned())?
                    .timeout(Some(PATIENCE))
                    .build(),
            ),
            Way::Folder(folder) => Open::Folder(folder.clone()),
        };
        Ok(Self { way, from: server.from.clone() })
    }

    /// The beginning of a message to an address.
    ///
    /// # Errors
    /// It is none for mail.
    pub fn message(&self, to: &str) -> Result<MessageBuilder, &'static str> {
        let to = to.parse::<Address>().map_err(|_| "the address of the account is none for mail")?;
        Ok(Message::builder().from(self.from.clone()).to(Mailbox::new(None, to)))
    }

    /// Sends a message.
    ///
    /// # Errors
    /// Why it could not be sent. Neither the address nor what it says is in that: what a server answers may repeat them.
    pub async fn send(&self, mut message: Message) -> Result<(), &'static str> {
        // Programs that answer for people who are away leave it alone.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        match &self.way {
            Open::Server(transport) => transport.send(message).await.map(drop).map_err(|error| reason(&error)),
            Open::Folder(folder) => {
                let (folder, content) = (folder.clone(), message.formatted());
                let written = tokio::task::spawn_blocking(move || write(&folder, &content)).await;
                match written {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(_)) | Err(_) => Err("the message could not be written into the folder of --mail-folder"),
                }
            }
        }
    }
}

fn reason(error: &Error) -> &'static str {
    match error {
        error if error.is_timeout() => "the mail server did not answer in time",
        error if error.is_permanent() => "the mail server refuses the message",
        error if error.is_transient() => "the mail server does not take the message now",
        error if error.is_tls() => "the mail server cannot be trusted: its certificate does not fit",
        _ => "the mail server cannot be reached",
    }
}

/// Writes a message under the next free number, so that the names tell the order. Only the user of the server reads it.
fn write(folder: &Path, content: &[u8]) -> std::io::Result<()> {
    let used = std::fs::read_dir(folder)?.filter_map(|it| it.ok()?.path().file_stem()?.to_str()?.parse::<u32>().ok());
    let first = used.max().unwrap_or_default() + 1;
    for number in first..FILES {
        let path = folder.join(format!("{number:06}.eml"));
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(mut file) => {
                file.write_all(content)?;
                return file.sync_all();
            }
            // Another process was quicker.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::StorageFull.into())
}
