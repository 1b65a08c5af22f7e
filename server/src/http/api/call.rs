//! One call: who sends it, for which workspace, with which query, on which revision.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use domain::backend::{Backend, Estate};
use domain::command::Revision;
use domain::id::WorkspaceId;
use domain::problem::Problem;
use domain::role::Capability;
use http::HeaderMap;
use http::header::IF_MATCH;
use http::request::Parts;
use http_body_util::BodyExt as _;

use super::answer::Refused;
use crate::http::form::unread;
use crate::http::refusal::Refusal;
use crate::http::session::Caller;

/// A call of the interface.
pub struct Call {
    /// Bound to the token.
    pub backend: Arc<dyn Backend>,
    query: BTreeMap<String, Vec<String>>,
    seen: Result<Option<Revision>, Refusal>,
}

impl<S: Send + Sync> FromRequestParts<S> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let mut query: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let pairs = parts.uri.query().unwrap_or_default();
        for (name, value) in form_urlencoded::parse(pairs.as_bytes()) {
            query.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        Ok(Self { backend: Caller::of(parts).backend, query, seen: seen(&parts.headers) })
    }
}

impl Call {
    /// The model of a workspace with what follows from it.
    ///
    /// # Errors
    /// Those of the gate.
    pub async fn estate(&self, workspace: &str) -> Result<Arc<Estate>, Problem> {
        self.backend.estate(&WorkspaceId::new(workspace)).await
    }

    /// The model of a workspace, for somebody who may take it away.
    ///
    /// # Errors
    /// Those of the gate, and `Forbidden`.
    pub async fn export(&self, workspace: &str) -> Result<Arc<Estate>, Problem> {
        let estate = self.estate(workspace).await?;
        if estate.workspace.role.may(Capability::ExportModel) { Ok(estate) } else { Err(Problem::Forbidden) }
    }

    /// A parameter of the query, where it is given.
    ///
    /// # Errors
    /// It is given twice.
    pub fn parameter(&self, name: &str) -> Result<Option<&str>, Refused> {
        match self.query.get(name).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([value]) => Ok(Some(value)),
            Some(_) => Err(Refused::field(name, format!("Give {name} once."))),
        }
    }

    /// A parameter that says yes or no; no where it is not given.
    ///
    /// # Errors
    /// Any other word.
    pub fn flag(&self, name: &str) -> Result<bool, Refused> {
        match self.parameter(name)? {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Refused::field(name, format!("Write {name}=true or {name}=false."))),
        }
    }

    /// The revision that `If-Match` names.
    ///
    /// # Errors
    /// It names none.
    pub fn seen(&self) -> Result<Option<Revision>, Refusal> {
        self.seen.clone()
    }
}

/// The body of a call, whole. Its size is limited before it comes here.
pub struct Content(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Content {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let body = request.into_body().collect().await.map_err(|error| unread(&error))?;
        Ok(Self(body.to_bytes()))
    }
}

fn seen(headers: &HeaderMap) -> Result<Option<Revision>, Refusal> {
    let Some(value) = headers.get(IF_MATCH) else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok());
    number.map(|number| Some(Revision(number))).ok_or(Refusal::BadRequest)
}
