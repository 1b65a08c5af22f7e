//! What programs get: JSON with an entity tag, or the details of a problem.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use domain::command::{Receipt, Revision};
use domain::import::Rejection;
use domain::problem::Problem;
use domain::scope::delta::CategoryChange;
use domain::scope::verdict::{Category, Sub};
use http::header::{CONTENT_TYPE, ETAG};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::http::refusal::Refusal;

/// An answer in JSON.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    revision: Option<Revision>,
    text: String,
}

impl Answer {
    /// A text that is JSON already.
    #[must_use]
    pub const fn text(text: String) -> Self {
        Self { status: StatusCode::OK, revision: None, text }
    }

    /// A value.
    #[must_use]
    pub fn value(value: &Value) -> Self {
        Self::text(value.to_string())
    }

    /// What a write did.
    #[must_use]
    pub fn receipt(receipt: &Receipt) -> Self {
        Self::value(&written(receipt)).at(receipt.revision)
    }

    /// With the revision as its entity tag.
    #[must_use]
    pub const fn at(mut self, revision: Revision) -> Self {
        self.revision = Some(revision);
        self
    }

    /// With another status than 200.
    #[must_use]
    pub const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.text));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        if let Some(Revision(number)) = self.revision {
            let tag = HeaderValue::from_str(&format!("\"{number}\"")).expect("a number in quotes is a header value");
            response.headers_mut().insert(ETAG, tag);
        }
        response
    }
}

/// The members of a receipt.
#[must_use]
pub fn written(receipt: &Receipt) -> Value {
    json!({
        "revision": receipt.revision.0,
        "objects": receipt.objects,
        "scope_changes": receipt.scope_changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn change(change: &CategoryChange) -> Value {
    let side = |side: Option<(Category, Option<Sub>)>| side.map(|(it, sub)| json!({ "category": it, "sub": sub }));
    json!({
        "system": change.system,
        "name": change.name,
        "before": side(change.before),
        "after": side(change.after),
        "because": change.because.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// Why a call was refused: what every refusal says, and what is wrong with each field of what was sent.
#[derive(Debug)]
pub struct Refused {
    refusal: Refusal,
    errors: Vec<Value>,
}

/// What is wrong with each field, for the layer that writes problem details.
#[derive(Debug, Clone)]
pub struct Details(pub Vec<Value>);

impl Refused {
    /// One thing wrong with one field, and what to do about it.
    #[must_use]
    pub fn field(field: &str, advice: impl Into<String>) -> Self {
        let advice: String = advice.into();
        Self { refusal: Refusal::Invalid, errors: vec![json!({ "field": field, "advice": advice })] }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, errors: Vec::new() }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        let errors = match &problem {
            Problem::Invalid(errors) => {
                errors.iter().map(|it| json!({ "field": it.field, "advice": it.code.advice() })).collect()
            }
            _ => Vec::new(),
        };
        Self { refusal: problem.into(), errors }
    }
}

impl From<Vec<Rejection>> for Refused {
    fn from(rejections: Vec<Rejection>) -> Self {
        let errors =
            rejections.iter().map(|it| json!({ "line": it.line, "field": it.field, "advice": it.to_string() }));
        Self { refusal: Refusal::Invalid, errors: errors.collect() }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.refusal.into_response();
        response.extensions_mut().insert(Details(self.errors));
        response
    }
}
