//! Mail: links to new passwords, for people who ask for one by their address.
//!
//! Whoever asks gets the same answer at once, whether there is an account or not. Looking for it and sending happens
//! afterwards, one after the other, so that neither what is said nor how long it takes tells anything.

use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use store::Store;
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::config::mail::MailServer;

/// How many people can wait for a message. Who comes after that asks again.
const WAITING: usize = 64;

/// How long the mail server may take for one message.
const PATIENCE: Duration = Duration::from_secs(30);

/// Takes addresses to which a link may have to be sent.
#[derive(Debug, Clone)]
pub struct Post(Sender<String>);

impl Post {
    /// Begins to send, in a task of its own, which ends with the last copy of this.
    ///
    /// # Errors
    /// What is wrong with the URL of the server, without the URL.
    pub fn open(store: Store, server: &MailServer, address: Arc<str>) -> Result<Self, String> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server.url.expose())
            .map_err(|_| "--smtp-url cannot be read. Write smtps://USER:PASSWORD@HOST.".to_owned())?
            .timeout(Some(PATIENCE))
            .build();
        let (asked, waiting) = mpsc::channel(WAITING);
        let sender = Office { store, transport, from: server.from.clone(), address };
        tokio::spawn(sender.work(waiting));
        Ok(Self(asked))
    }

    /// Somebody says that the account with this address is theirs, and that they forgot the password.
    pub fn forgotten(&self, mail: &str) {
        if self.0.try_send(mail.to_owned()).is_err() {
            tracing::warn!("a link to a new password was not sent, because too many wait");
        }
    }
}

/// Where messages are written.
struct Office {
    store: Store,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    address: Arc<str>,
}

impl Office {
    async fn work(self, mut waiting: Receiver<String>) {
        while let Some(mail) = waiting.recv().await {
            match self.store.reset_token_to_send(&mail).await {
                Ok(Some((to, token))) => {
                    let link = format!("{}/reset/{}", self.address, token.expose());
                    if let Err(error) = self.send(&to, &link).await {
                        // Neither the address nor the link belongs into the log, and what a server answers may repeat them.
                        tracing::error!(error, "a link to a new password could not be sent");
                    }
                }
                Ok(None) => {}
                Err(problem) => tracing::error!(?problem, "a link to a new password could not be made"),
            }
        }
    }

    async fn send(&self, to: &str, link: &str) -> Result<(), &'static str> {
        let to = to.parse::<Address>().map_err(|_| "the address of the account is none for mail")?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject("A new password for Plumbline")
            .header(ContentType::TEXT_PLAIN)
            .body(text(link))
            .map_err(|_| "the message could not be written")?;
        self.transport.send(message).await.map(drop).map_err(|error| match error {
            error if error.is_timeout() => "the mail server did not answer in time",
            error if error.is_permanent() => "the mail server refuses the message",
            error if error.is_transient() => "the mail server does not take the message now",
            error if error.is_tls() => "the mail server cannot be trusted: its certificate does not fit",
            _ => "the mail server cannot be reached",
        })
    }
}

fn text(link: &str) -> String {
    format!(
        "Somebody, most likely you, asked for a new password for your Plumbline account.\n\n\
         Set it here. The link works once and for 30 minutes:\n\n{link}\n\n\
         You will be signed out everywhere. If you use an authenticator app, you still need it.\n\
         If you did not ask for this, do nothing: your password stays as it is.\n"
    )
}
