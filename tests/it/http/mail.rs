//! A new password by mail: the same answer for everybody, one link for the right one.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use http::StatusCode;
use store::Start;

use super::app::{Answer, Browser, PASSWORD, TestApp};

const MAIL: &str = "security@shop.example";

/// A message as the mail server was given it.
#[derive(Debug)]
struct Message {
    from: String,
    to: Vec<String>,
    text: String,
}

/// A mail server on this machine that keeps what it is given.
fn mail_server() -> (SocketAddr, Receiver<Message>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let sender = sender.clone();
            std::thread::spawn(move || talk(&stream.unwrap(), &sender));
        }
    });
    (address, receiver)
}

/// Enough of RFC 5321 for one client.
fn talk(stream: &TcpStream, messages: &Sender<Message>) {
    let mut out = stream;
    let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines();
    let mut message = Message { from: String::new(), to: Vec::new(), text: String::new() };
    say("220 mail.test ESMTP");
    while let Some(Ok(line)) = lines.next() {
        let path = || line.split_once(':').map_or("", |(_, path)| path).trim().to_owned();
        match line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => say("250 mail.test"),
            "MAIL" => {
                message.from = path();
                say("250 ok");
            }
            "RCPT" => {
                message.to.push(path());
                say("250 ok");
            }
            "DATA" => {
                say("354 go on");
                for line in lines.by_ref().map_while(Result::ok).take_while(|line| line != ".") {
                    message.text.push_str(&line);
                    message.text.push('\n');
                }
                let kept = std::mem::replace(
                    &mut message,
                    Message { from: String::new(), to: Vec::new(), text: String::new() },
                );
                messages.send(kept).unwrap();
                say("250 kept");
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 ok"),
        }
    }
}

/// Waits for the next message.
async fn next(messages: Receiver<Message>) -> (Receiver<Message>, Option<Message>) {
    tokio::task::spawn_blocking(move || {
        let message = messages.recv_timeout(Duration::from_secs(20)).ok();
        (messages, message)
    })
    .await
    .unwrap()
}

async fn forgotten(browser: &mut Browser, mail: &str) -> Answer {
    browser.post("/sign-in", &[("forgotten", "yes"), ("address", mail)]).await
}

/// The path of the link in a message, whichever way the message is encoded.
fn link(message: &Message) -> String {
    let text = message.text.replace("=\n", "").replace("=3D", "=");
    let path = text.split("/reset/").nth(1).expect("the message has a link");
    let token: String = path.chars().take_while(char::is_ascii_alphanumeric).collect();
    format!("/reset/{token}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_sent_to_the_account_and_the_answer_is_the_same_for_everybody() {
    let (address, messages) = mail_server();
    let (app, owner) = TestApp::set_up(Start::Empty).await;
    let app = app.with_mail(address);
    let mut visitor = app.browser();
    let page = visitor.get("/sign-in").await;
    assert!(page.body.contains("I forgot my password") && page.body.contains("Send me a link"), "{}", page.body);

    let mut answers = Vec::new();
    let others = ["nobody@shop.example", "", "x\r\nBcc: evil@evil.example", "\"><b>@shop.example", "a@b@c"];
    for mail in others {
        answers.push(forgotten(&mut visitor, mail).await);
    }
    answers.push(forgotten(&mut visitor, "Security@SHOP.example").await);
    for answer in &answers {
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), "/sign-in?done=asked");
        assert_eq!(answer.body, answers[0].body);
    }
    let told = visitor.get("/sign-in?done=asked").await;
    assert!(told.body.contains("If there is an account with this address"), "{}", told.body);

    // They are looked at in order, so that the first message there is belongs to the last one asked for.
    let (messages, message) = next(messages).await;
    let message = message.expect("a message is sent");
    assert_eq!(message.to, ["<security@shop.example>"], "to the address of the account, not as typed");
    assert!(message.from.starts_with("<plumbline@shop.example>"), "{message:?}");
    assert!(
        message.text.contains("Subject: A new password for Plumbline") && !message.text.contains("evil"),
        "{message:?}"
    );

    // Asked for again at once, no second message fills the mailbox.
    forgotten(&mut visitor, MAIL).await;
    app.place.clock.advance(6 * 60);
    let first = link(&message);
    forgotten(&mut visitor, MAIL).await;
    let (messages, second) = next(messages).await;
    let second = link(&second.expect("after five minutes another one is sent"));
    assert_ne!(first, second);
    assert!(messages.try_recv().is_err(), "and no other");

    assert_eq!(visitor.get(&first).await.status, StatusCode::NOT_FOUND, "a newer link ends the older one");
    let page = visitor.get(&second).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.headers["referrer-policy"], "same-origin", "the link is told to no other site");
    assert!(!page.body.contains("href=\"http") && !page.body.contains("src=\"http"), "nor is there a way to one");
    let new = "a password that came by mail";
    assert_eq!(visitor.post(&second, &[("new_password", new)]).await.location(), "/sign-in?done=reset");
    assert_eq!(visitor.get(&second).await.status, StatusCode::NOT_FOUND, "it works once");
    let mut ended = Browser { router: app.router.clone(), ..owner };
    assert!(ended.get("/w/shop").await.location().starts_with("/sign-in"), "sessions have ended");
    assert_eq!(
        visitor.post("/sign-in", &[("mail", MAIL), ("password", PASSWORD)]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(visitor.post("/sign-in", &[("mail", MAIL), ("password", new)]).await.status, StatusCode::SEE_OTHER);

    let actions = app.store.texts("SELECT action FROM audit_entry ORDER BY chain, seq").await.unwrap();
    assert_eq!(actions.iter().filter(|action| *action == "password.reset_mail").count(), 2);
    assert_eq!(actions.iter().filter(|action| *action == "password.reset").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_by_mail_ends_after_half_an_hour_and_a_disabled_account_gets_none() {
    let (address, messages) = mail_server();
    let (app, _) = TestApp::set_up(Start::Empty).await;
    let app = app.with_mail(address);
    let mut visitor = app.browser();
    forgotten(&mut visitor, MAIL).await;
    let (messages, message) = next(messages).await;
    let link = link(&message.unwrap());
    app.place.clock.advance(29 * 60);
    assert_eq!(visitor.get(&link).await.status, StatusCode::OK);
    app.place.clock.advance(2 * 60);
    assert_eq!(visitor.get(&link).await.status, StatusCode::NOT_FOUND);
    app.store.run_raw("UPDATE account SET disabled_at = 1").await.unwrap();
    forgotten(&mut visitor, MAIL).await;
    let quiet = tokio::task::spawn_blocking(move || messages.recv_timeout(Duration::from_secs(2)).is_err());
    assert!(quiet.await.unwrap(), "a disabled account gets no link");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_gone_changes_nothing_for_who_asks() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (app, _) = TestApp::set_up(Start::Empty).await;
    let app = app.with_mail(gone);
    for mail in [MAIL, "nobody@shop.example"] {
        assert_eq!(forgotten(&mut app.browser(), mail).await.location(), "/sign-in?done=asked");
    }
}

#[tokio::test]
async fn without_mail_the_page_says_whom_to_ask() {
    let (app, _) = TestApp::set_up(Start::Empty).await;
    let mut visitor = app.browser();
    let page = visitor.get("/sign-in").await;
    assert!(page.body.contains("Ask an administrator") && !page.body.contains("Send me a link"), "{}", page.body);
    assert_eq!(forgotten(&mut visitor, MAIL).await.location(), "/sign-in?done=asked");
    let links = app.store.texts("SELECT 'a link' FROM password_reset").await.unwrap();
    assert_eq!(links.len(), 0);
}
