//! A form that somebody sent and has to prove for first who they are. Nothing typed is lost: it travels through the
//! pages in between as one hidden field, and is sent on with one more press of a button.
//!
//! Passwords are not held. The form is kept in the page only, never in the session or in an address.

use axum::response::{IntoResponse as _, Redirect, Response};
use domain::problem::Problem;

use super::form::Posted;
use super::next::own_page;
use super::page::Setting;

/// Under which name a page keeps where the form was sent.
const TO: &str = "held_to";

/// Under which name a page keeps the form, urlencoded.
const FORM: &str = "held";

/// A form on its way.
pub struct Held {
    to: String,
    form: String,
}

impl Held {
    /// The form that was sent to an address.
    #[must_use]
    pub fn new(to: &str, posted: Posted) -> Self {
        let pairs = posted.without_passwords();
        let form = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        Self { to: to.to_owned(), form: form.collect::<Vec<_>>().join("&") }
    }

    /// The form that a page in between has carried, where there is one.
    #[must_use]
    pub fn carried(posted: &Posted) -> Option<Self> {
        let to = own_page(posted.value(TO))?;
        Some(Self { to: to.to_owned(), form: posted.value(FORM).to_owned() })
    }

    /// Shows the page at which somebody proves who they are, carrying the form.
    pub async fn ask(self, setting: Setting, page: &str, problem: Option<Problem>) -> Response {
        let carried = Posted(vec![(TO.to_owned(), self.to), (FORM.to_owned(), self.form)]);
        match problem {
            Some(problem) => setting.at(page).render_again(carried, problem).await,
            None => setting.at(page).render_draft(carried).await,
        }
    }

    /// Shows the page that sends the form on.
    pub async fn resume(self, setting: Setting) -> Response {
        let pairs: Vec<(String, String)> = pairs_of(&self.form);
        let mut shown = vec![("resume_to".to_owned(), self.to)];
        shown.extend(pairs.into_iter().map(|(name, value)| (format!("field:{name}"), value)));
        setting.at("/re-authenticate").render_draft(Posted(shown)).await
    }
}

/// Goes on with what somebody wanted to do: sends the held form on, or goes to the page that was asked for.
pub async fn go_on(setting: Setting, posted: &Posted) -> Response {
    match Held::carried(posted) {
        Some(held) => held.resume(setting).await,
        None => Redirect::to(own_page(posted.value("next")).unwrap_or("/")).into_response(),
    }
}

fn encoded(text: &str) -> String {
    app::ui::link::encoded(text)
}

/// Names and values of a form, in order. What is no percent-encoding stays as it is.
fn pairs_of(form: &str) -> Vec<(String, String)> {
    form.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_held_whole_and_in_order_without_its_passwords() {
        let pairs = [("b", "ü &=%"), ("a", "1"), ("password", "secret"), ("b", ""), ("note", "two\r\nlines+💳")];
        let pairs: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let held = Held::new("/w/shop/systems/new", Posted(pairs.clone()));
        assert!(!held.form.contains("secret"));
        let expected: Vec<_> = pairs.into_iter().filter(|(name, _)| name != "password").collect();
        assert_eq!(pairs_of(&held.form), expected);
        let carried = Posted(vec![(TO.to_owned(), held.to), (FORM.to_owned(), held.form.clone())]);
        assert_eq!(Held::carried(&carried).unwrap().form, held.form);
    }

    #[test]
    fn a_form_goes_on_to_a_page_of_ours_only() {
        for to in ["", "https://evil.example/", "//evil.example"] {
            assert!(Held::carried(&Posted(vec![(TO.to_owned(), to.to_owned())])).is_none(), "{to}");
        }
    }

    #[test]
    fn what_is_no_escape_stays_as_it_is() {
        for (text, expected) in [("100%", "100%"), ("%zz", "%zz"), ("%C3%BC", "ü"), ("%ff", "\u{fffd}"), ("%é", "%é")]
        {
            assert_eq!(decoded(text), expected);
        }
    }
}
