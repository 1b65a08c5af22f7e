//! Which server takes the mail that we send, and whether sending to it is safe.

use std::path::{Path, PathBuf};

use clap::Args;
use lettre::message::Mailbox;

use super::Secret;

/// Options about mail.
#[derive(Debug, Clone, Args)]
pub struct MailOptions {
    /// The server that takes mail, for example `smtps://user:password@mail.example` or `smtp://mail.example?tls=required`.
    /// Without it, nothing is sent, and administrators hand over links to new passwords.
    #[arg(long, env = "PLUMBLINE_SMTP_URL", hide_env_values = true, value_name = "URL")]
    pub smtp_url: Option<Secret>,
    /// A file that holds the URL of the mail server, so that a password in it is not on the command line.
    #[arg(long, env = "PLUMBLINE_SMTP_URL_FILE", conflicts_with = "smtp_url", value_name = "FILE")]
    pub smtp_url_file: Option<PathBuf>,
    /// A folder in which each message is written as a file instead of being sent: to look at what would be sent, and for
    /// programs that send it themselves.
    #[arg(long, env = "PLUMBLINE_MAIL_FOLDER", conflicts_with_all = ["smtp_url", "smtp_url_file"], value_name = "DIR")]
    pub mail_folder: Option<PathBuf>,
    /// The address from which mail comes, for example `Plumbline <plumbline@shop.example>`.
    #[arg(long, env = "PLUMBLINE_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
}

/// Where mail goes, and from whom it comes.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// Where it goes.
    pub way: Way,
    /// From whom mail comes.
    pub from: Mailbox,
}

/// Where mail goes.
#[derive(Debug, Clone)]
pub enum Way {
    /// To a server, reached in a way that others cannot read: its URL, with the password.
    Server(Secret),
    /// Into a folder, a file for each message.
    Folder(PathBuf),
}

impl MailOptions {
    /// Decides whether sending like this is safe.
    ///
    /// # Errors
    /// The sentence that says what to add or change. It never has the URL in it.
    pub fn check(&self) -> Result<Option<MailServer>, String> {
        let way = match (&self.smtp_url, &self.smtp_url_file, &self.mail_folder) {
            (Some(url), ..) => Way::Server(url.clone()),
            (None, Some(file), _) => std::fs::read_to_string(file)
                .map(|text| Way::Server(Secret(text.trim().to_owned())))
                .map_err(|error| format!("{} cannot be read: {error}. Check --smtp-url-file.", file.display()))?,
            (None, None, Some(folder)) => Way::Folder(folder.clone()),
            (None, None, None) if self.mail_from.is_some() => {
                return Err("--mail-from says who sends, but not how. Add --smtp-url or --smtp-url-file.".to_owned());
            }
            (None, None, None) => return Ok(None),
        };
        let Some(from) = &self.mail_from else {
            let option = if matches!(way, Way::Folder(_)) { "--mail-folder" } else { "--smtp-url" };
            return Err(format!("{option} needs --mail-from ADDRESS, the address from which mail comes."));
        };
        let from = from.parse::<Mailbox>().map_err(|error| format!("--mail-from {from:?} is no address: {error}."))?;
        match &way {
            Way::Server(url) => check_url(url)?,
            Way::Folder(folder) => check_folder(folder)?,
        }
        Ok(Some(MailServer { way, from }))
    }
}

fn check_url(url: &Secret) -> Result<(), String> {
    if is_protected(url.expose()) {
        return Ok(());
    }
    let sentence = "--smtp-url would send links to new passwords in clear. Write smtps://HOST, or \
                    smtp://HOST?tls=required for STARTTLS; plain smtp:// is for a server on this machine.";
    Err(sentence.to_owned())
}

fn check_folder(folder: &Path) -> Result<(), String> {
    if folder.is_dir() {
        return Ok(());
    }
    Err(format!("--mail-folder {} is no folder. Make it, for the user of the server alone.", folder.display()))
}

/// Whether nobody on the way can read: TLS from the beginning, TLS before anything is said, or no way at all.
fn is_protected(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split('/').next().unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let here = name == "localhost" || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    match scheme {
        "smtps" => !name.is_empty(),
        "smtp" => here || (!name.is_empty() && query.split('&').any(|pair| pair == "tls=required")),
        _ => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn options(url: Option<&str>, from: Option<&str>) -> MailOptions {
        MailOptions {
            smtp_url: url.map(|url| url.parse().unwrap()),
            smtp_url_file: None,
            mail_folder: None,
            mail_from: from.map(str::to_owned),
        }
    }

    #[test]
    fn mail_is_sent_under_tls_or_to_this_machine() {
        let from = Some("Plumbline <plumbline@shop.example>");
        for url in [
            "smtps://u:p%40ss@mail.example",
            "smtp://mail.example:587?tls=required",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:25",
            "smtp://u:p@localhost",
        ] {
            assert!(options(Some(url), from).check().unwrap().is_some(), "{url}");
        }
        for url in [
            "smtp://mail.example",
            "smtp://mail.example?tls=opportunistic",
            "smtp://127.0.0.1@mail.example",
            "http://mail.example",
            "smtps://",
            "mail.example",
        ] {
            let refused = options(Some(url), from).check().unwrap_err();
            assert!(refused.contains("smtps://HOST") && !refused.contains("mail.example"), "{url}: {refused}");
        }
    }

    #[test]
    fn a_server_and_a_sender_go_together() {
        assert!(options(None, None).check().unwrap().is_none());
        assert!(options(None, Some("a@b.example")).check().unwrap_err().contains("--smtp-url"));
        assert!(options(Some("smtps://mail.example"), None).check().unwrap_err().contains("--mail-from"));
        let wrong = options(Some("smtps://mail.example"), Some("nobody")).check().unwrap_err();
        assert!(wrong.contains("no address"), "{wrong}");
    }

    #[test]
    fn a_folder_takes_the_place_of_a_server_and_must_be_there() {
        let of =
            |folder: &str, from: Option<&str>| MailOptions { mail_folder: Some(folder.into()), ..options(None, from) };
        let from = Some("a@b.example");
        assert!(matches!(of("/", from).check().unwrap().unwrap().way, Way::Folder(_)));
        assert!(of("/", None).check().unwrap_err().contains("--mail-folder needs --mail-from"));
        assert!(of("/no/such/folder", from).check().unwrap_err().contains("is no folder"));
    }

    #[test]
    fn the_url_of_the_mail_server_is_not_printed() {
        let server = options(Some("smtps://u:secret@mail.example"), Some("a@b.example"));
        assert!(!format!("{server:?}").contains("secret"));
        assert!(!format!("{:?}", server.check().unwrap()).contains("secret"));
    }
}
