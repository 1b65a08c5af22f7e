//! Mail: links to new passwords, for people who ask for one by their address.
//!
//! Whoever asks gets the same answer at once, whether there is an account or not. Looking for it and sending happens
//! afterwards, one after the other, so that neither what is said nor how long it takes tells anything.

use std::sync::Arc;

use lettre::message::header::ContentType;
use store::Store;
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::config::mail::MailServer;
use crate::mail::Courier;

/// How many people can wait for a message. Who comes after that asks again.
const WAITING: usize = 64;

/// Takes addresses to which a link may have to be sent.
#[derive(Debug, Clone)]
pub struct Post(Sender<String>);

impl Post {
    /// Begins to send, in a task of its own, which ends with the last copy of this.
    ///
    /// # Errors
    /// What is wrong with the URL of the server, without the URL.
    pub fn open(store: Store, server: &MailServer, address: Arc<str>) -> Result<Self, String> {
        let courier = Courier::open(server)?;
        let (asked, waiting) = mpsc::channel(WAITING);
        let sender = Office { store, courier, address };
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
    courier: Courier,
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
        let message = self
            .courier
            .message(to)?
            .subject("A new password for Plumbline")
            .header(ContentType::TEXT_PLAIN)
            .body(text(link))
            .map_err(|_| "the message could not be written")?;
        self.courier.send(message).await
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
