//! A posted form, as pairs in the order in which they were posted.

use std::collections::BTreeSet;
use std::error::Error;

use axum::body::Body;
use axum::extract::{Form, FromRequest, Request};
use axum::response::{IntoResponse as _, Response};
use domain::problem::{FieldCode, Problem};
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt as _, LengthLimitError};
use tower_http::timeout::TimeoutError;

use super::refusal::Refusal;

/// Names and values in order; a name may repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted(pub Vec<(String, String)>);

impl Posted {
    /// The first value of a name; empty where there is none.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Refuses a form with a field other than these, or with one of them twice.
    ///
    /// # Errors
    /// `Invalid` with the field `form`; what was posted is not repeated.
    pub fn only(&self, names: &[&str]) -> Result<(), Problem> {
        only(&self.0, names)
    }

    /// What may be shown again: everything but passwords.
    #[must_use]
    pub fn without_passwords(self) -> Vec<(String, String)> {
        self.0.into_iter().filter(|(name, _)| !name.contains("password")).collect()
    }
}

/// As [`Posted::only`], of a form as pairs.
///
/// # Errors
/// As there.
pub fn only(form: &[(String, String)], names: &[&str]) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    if form.iter().all(|(name, _)| names.contains(&name.as_str()) && seen.insert(name.as_str())) {
        Ok(())
    } else {
        Err(Problem::field("form", FieldCode::UnknownField))
    }
}

/// As [`only`], of a form in which one further field may repeat.
///
/// # Errors
/// As there.
pub fn only_once(form: &[(String, String)], names: &[&str], repeats: &str) -> Result<(), Problem> {
    let once: Vec<(String, String)> = form.iter().filter(|(name, _)| name != repeats).cloned().collect();
    only(&once, names)
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(|error| unread(&error).into_response())?.to_bytes();
        let mut whole = Request::new(Body::from(body));
        *whole.method_mut() = parts.method;
        if let Some(kind) = parts.headers.get(CONTENT_TYPE) {
            whole.headers_mut().insert(CONTENT_TYPE, kind.clone());
        }
        let form = Form::from_request(whole, state).await;
        form.map(|Form(pairs)| Self(pairs)).map_err(|_| Refusal::BadRequest.into_response())
    }
}

/// Why a body could not be read to its end. The limits lie several wrappings deep.
#[must_use]
pub fn unread(error: &(dyn Error + 'static)) -> Refusal {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    for cause in causes {
        if cause.is::<LengthLimitError>() {
            return Refusal::FormTooLarge;
        }
        if cause.is::<TimeoutError>() {
            return Refusal::TimedOut;
        }
    }
    Refusal::BadRequest
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use http::StatusCode;

    fn request(body: Body) -> Request {
        let mut request = Request::post("/").body(body).unwrap();
        request.headers_mut().insert(CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        request
    }

    #[tokio::test]
    async fn a_form_keeps_order_repeats_and_every_character() {
        let body = "b=1&a=x+y&b=%C3%BC%00%F0%9F%92%B3&empty=&flag";
        let Posted(pairs) = Posted::from_request(request(Body::from(body)), &()).await.unwrap();
        let expected = [("b", "1"), ("a", "x y"), ("b", "ü\0💳"), ("empty", ""), ("flag", "")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[tokio::test]
    async fn a_body_over_its_limit_is_told_from_one_that_breaks_off() {
        let wrapped = Body::new(http_body_util::Limited::new(Body::from("a=1&b=2"), 3));
        let wrapped =
            Body::new(tower_http::timeout::TimeoutBody::new(std::time::Duration::from_secs(9), Box::pin(wrapped)));
        let refused = Posted::from_request(request(wrapped), &()).await.unwrap_err();
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[test]
    fn a_field_that_the_page_does_not_have_is_refused_and_so_is_one_twice() {
        let pairs = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), String::new())).collect::<Vec<_>>();
        assert!(only(&pairs(&["mail"]), &["mail", "role"]).is_ok());
        for names in [&["mail", "is_admin"][..], &["mail", "mail"], &["Role"]] {
            assert!(only(&pairs(names), &["mail", "role"]).is_err(), "{names:?}");
        }
    }

    #[test]
    fn passwords_are_never_shown_again() {
        let pairs = ["mail", "password", "new_password"].map(|name| (name.to_owned(), "x".to_owned()));
        let shown = Posted(pairs.into()).without_passwords();
        assert_eq!(shown, [("mail".to_owned(), "x".to_owned())]);
    }
}
