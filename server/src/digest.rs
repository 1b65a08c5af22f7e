//! The job that sends digests: what is late, due and waiting, to who asked for it.

use std::time::{Duration, SystemTime};

use app::ui::link::Paths;
use domain::backend::Backend as _;
use domain::backend::calendar::{Calendar as _, Told};
use domain::backend::requests::Requests as _;
use domain::digest::{Addressed, Letter, letter};
use domain::notice::{Notice, NoticeKind};
use domain::time::{Day, Timestamp};
use lettre::Message;
use lettre::message::{MultiPart, MultiPartKind, SinglePart};
use sha2::{Digest as _, Sha256};
use store::{DueDigest, LetterOutcome, Store};

use crate::mail::Courier;

/// Sends every digest that is due, one after the other; gives how many. What cannot be sent is tried again later and
/// keeps no other from being sent. `address` is how links to the site begin.
pub async fn send_due(store: &Store, courier: &Courier, address: &str) -> usize {
    let due = match store.due_digests().await {
        Ok(due) => due,
        Err(error) => {
            tracing::error!(error = crate::http::causes(&error), "it is unknown which digests are due");
            return 0;
        }
    };
    let mut sent = 0;
    for it in &due {
        match send_one(store, courier, address, it).await {
            Ok(true) => sent += 1,
            Ok(false) => {}
            // Whom it was for does not belong into the log.
            Err(error) => tracing::error!(error, "a digest could not be sent, and is tried again"),
        }
    }
    sent
}

/// Sends one; false where there was nothing to send, or another process sends it.
async fn send_one(store: &Store, courier: &Courier, address: &str, due: &DueDigest) -> Result<bool, &'static str> {
    if !store.begin_digest(due).await.map_err(|_| "it could not be taken in hand")? {
        return Ok(false);
    }
    let gate = store.gate(due.reader());
    let unread = "what it is about could not be read";
    // Also who sees no calendar has a day and an inbox.
    let inbox = gate.requests(&due.workspace).await.map_err(|_| unread)?;
    let estate = gate.estate(&due.workspace).await.map_err(|_| unread)?;
    let told = gate.notices(&due.workspace).await.map_err(|_| unread)?;
    let ended = "it was not written down what became of it";
    let Some(letter) = composed(due, address, (&estate.workspace.name, inbox.today), &told) else {
        store.end_digest(due, LetterOutcome::Empty).await.map_err(|_| ended)?;
        return Ok(false);
    };
    courier.send(message(courier, due, letter, inbox.now)?).await?;
    store.end_digest(due, LetterOutcome::Sent).await.map_err(|_| ended)?;
    Ok(true)
}

/// The letter about what a person is told, where there is anything to say.
fn composed(due: &DueDigest, address: &str, (workspace, today): (&str, Day), told: &[Told]) -> Option<Letter> {
    // What is to be done comes again until it is done; of being named somebody is told once.
    let told: Vec<&Notice> =
        told.iter().filter(|it| !it.read || it.notice.kind != NoticeKind::Mention).map(|it| &it.notice).collect();
    let paths = Paths::of(&due.workspace);
    let link = |it: &Notice| format!("{address}{}", paths.notice(it));
    let (calendar, settings) = (paths.page("calendar"), paths.page("notices"));
    let to = Addressed {
        workspace,
        rhythm: due.rhythm,
        today,
        link: &link,
        calendar: &format!("{address}{calendar}"),
        settings: &format!("{address}{settings}"),
    };
    letter(&to, &told)
}

/// The letter as a message: text and HTML of the same. Its identity is the same for each try, so that programs show it
/// once, however often a server took it.
fn message(courier: &Courier, due: &DueDigest, letter: Letter, now: Timestamp) -> Result<Message, &'static str> {
    let identity = hex::encode(Sha256::digest(due.identity()));
    let identity = identity.get(..32).unwrap_or(&identity).to_owned();
    let since = Duration::from_micros(u64::try_from(now.0).unwrap_or_default());
    let body = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(format!("part-{identity}"))
        .singlepart(SinglePart::plain(letter.text))
        .singlepart(SinglePart::html(letter.html));
    courier
        .message(&due.mail)?
        .subject(letter.subject)
        .date(SystemTime::UNIX_EPOCH + since)
        .message_id(Some(format!("<{identity}@plumbline.invalid>")))
        .multipart(body)
        .map_err(|_| "the message could not be written")
}
