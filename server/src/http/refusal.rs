//! What does a person read when a request is refused before any page is reached?
//!
//! Whoever refuses answers with a [`Refusal`]. One layer turns it into a page, so that each looks the same, carries
//! the request's number and says what to do next.

use app::context::Theme;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::problem::Problem;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use super::api::answer::Details;
use super::api::is_api;
use super::page::theme;
use super::request_id::RequestId;
use crate::assets;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The request makes no sense.
    BadRequest,
    /// Nobody is signed in.
    SignedOut,
    /// The second factor is still to be proved, or to be set up.
    SecondFactor,
    /// A recent proof is missing of who asks.
    Reauthenticate,
    /// It came from another site.
    CrossSite,
    /// The role does not allow it.
    Forbidden,
    /// There is no such page, or not for this person.
    NotFound,
    /// The address is right, the method is not.
    WrongMethod,
    /// Somebody else changed the object meanwhile.
    Conflict,
    /// It would change something on a page that shows the workspace as it was.
    Past,
    /// It would change the live model from a page that shows a proposal.
    NotProposed,
    /// Who changes what exists did not say at which revision they saw it.
    Unconditional,
    /// A form is larger than any of ours.
    FormTooLarge,
    /// A file is larger than a browser may send.
    FileTooLarge,
    /// A file of evidence is larger than is configured, in MiB.
    EvidenceTooLarge(u64),
    /// A specification or a sample is larger than the browser may send.
    SpecificationTooLarge,
    /// A picture would have more pixels than are drawn.
    PictureTooLarge,
    /// A document takes more memory than it may have.
    DocumentTooLarge,
    /// The body is of a kind that is not taken here.
    WrongMediaType,
    /// A field of a form is wrong where no form can be shown.
    Invalid,
    /// Too many tries; seconds until the next one.
    TooMany(u32),
    /// A fault of ours, with the number under which the log has it; `None` for the request's own.
    Broken(Option<String>),
    /// Too many requests at once.
    Busy,
    /// It took too long.
    TimedOut,
    /// The archive of a pack lies on another machine, or was not restored.
    PackElsewhere,
}

impl Refusal {
    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::SignedOut | Self::SecondFactor => StatusCode::UNAUTHORIZED,
            Self::CrossSite | Self::Forbidden | Self::Reauthenticate => StatusCode::FORBIDDEN,
            Self::NotFound | Self::PackElsewhere => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict | Self::Past | Self::NotProposed => StatusCode::CONFLICT,
            Self::Unconditional => StatusCode::PRECONDITION_REQUIRED,
            Self::FormTooLarge | Self::FileTooLarge | Self::EvidenceTooLarge(_) | Self::SpecificationTooLarge => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Self::WrongMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::PictureTooLarge | Self::DocumentTooLarge | Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy | Self::TimedOut => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What happened, as a heading.
    const fn title(&self) -> &'static str {
        match self {
            Self::BadRequest => "This request could not be read",
            Self::SignedOut => "You are signed out",
            Self::SecondFactor => "A second factor comes first",
            Self::Reauthenticate => "Confirm that it is you",
            Self::CrossSite => "This request came from another site",
            Self::Forbidden => "Your role does not allow this",
            Self::NotFound => "There is nothing here",
            Self::WrongMethod => "This address does not work that way",
            Self::Conflict => "Someone changed this meanwhile",
            Self::Past => "This page shows the past",
            Self::NotProposed => "No proposal can hold this",
            Self::Unconditional => "This needs the revision that you saw",
            Self::FormTooLarge => "This form is too large",
            Self::FileTooLarge | Self::EvidenceTooLarge(_) | Self::SpecificationTooLarge => {
                "This file is too large for the browser"
            }
            Self::PictureTooLarge => "This picture would be too large",
            Self::DocumentTooLarge => "This document would be too large",
            Self::WrongMediaType => "This kind of data is not taken here",
            Self::Invalid => "Something in this request is not valid",
            Self::TooMany(_) => "Too many tries",
            Self::Broken(_) => "Something broke on our side",
            Self::Busy => "Plumbline is busy",
            Self::TimedOut => "This took too long",
            Self::PackElsewhere => "This pack is not on this machine",
        }
    }

    /// What to do next.
    fn advice(&self, request: &str) -> String {
        match self {
            Self::BadRequest => "Go back, reload the page and try again.".to_owned(),
            Self::SignedOut => "Sign in again, then repeat what you did. Nothing was changed.".to_owned(),
            Self::SecondFactor => {
                "Open /second-factor to enter a code, or /profile/second-factor to set up an authenticator app. Nothing was \
                 changed."
                    .to_owned()
            }
            Self::Reauthenticate => {
                "Open /re-authenticate to enter your password again, then repeat what you did. Nothing was changed."
                    .to_owned()
            }
            Self::CrossSite => {
                "Nothing was changed. Open Plumbline by its own address and repeat what you did there. If you did that \
                 already, the address in the browser is not the one that Plumbline was started with (--public-url)."
                    .to_owned()
            }
            Self::PackElsewhere => {
                "It was made on another machine, or its folder was not restored. Make it again from the same seal: the bytes \
                 are the same."
                    .to_owned()
            }
            Self::Forbidden => {
                "Ask an owner or administrator of the workspace to do it, or to change your role.".to_owned()
            }
            Self::NotFound => {
                "The address may be mistyped, the object may be gone, or you may not be a member of its workspace."
                    .to_owned()
            }
            Self::WrongMethod => "Go back and use the links and buttons of the page.".to_owned(),
            Self::Conflict => "Go back, reload the page to see the change, then decide again.".to_owned(),
            Self::NotProposed => {
                "Leave the proposal, then repeat what you did on the live model. Nothing was changed.".to_owned()
            }
            Self::Past => {
                "A snapshot cannot be changed, and nothing was. Go back to now, then repeat what you did.".to_owned()
            }
            Self::Unconditional => {
                "Read the object, then send its entity tag as If-Match. Nothing was changed.".to_owned()
            }
            Self::FormTooLarge => {
                "A form takes at most 64 KiB and nothing was stored: shorten the longest texts, or import a file instead.".to_owned()
            }
            Self::EvidenceTooLarge(most) => {
                format!("A file of evidence has at most {most} MiB here. Split it, or give a link to it.")
            }
            Self::FileTooLarge => {
                "File takes at most 32 MiB here and nothing was stored: import this one on the server with \
                 `plumbline import --data DIR --workspace WORKSPACE FILE`, which takes up to 256 MiB."
                    .to_owned()
            }
            Self::SpecificationTooLarge => {
                "A specification, sample or list takes at most 16 MiB here and nothing was stored: read a specification where it is with \
                 `plumbline recognise FILE`, which takes up to 256 MiB."
                    .to_owned()
            }
            Self::PictureTooLarge => {
                "PNG is drawn up to 16,384 pixels on a side and 100 million in all. Fold segments or focus on a system, or \
                 take the SVG, which has no limit."
                    .to_owned()
            }
            Self::DocumentTooLarge => {
                "A PDF is made with at most 1 GiB of memory. Take the tables as CSV, which have no limit.".to_owned()
            }
            Self::WrongMediaType => {
                "Use the form of the page. Programs send application/x-www-form-urlencoded.".to_owned()
            }
            Self::Invalid => "Go back, reload the page and try again. Nothing was changed.".to_owned(),
            Self::TooMany(seconds) => format!("Wait {seconds} seconds, then try again."),
            Self::Broken(incident) => format!(
                "Try again in a minute. If it happens again, ask whoever runs this server to look for {} in the log.",
                incident.as_deref().unwrap_or(request)
            ),
            Self::Busy => "Wait a few seconds, then try again.".to_owned(),
            Self::TimedOut => "Nothing was changed. Try again, or with a smaller part.".to_owned(),
        }
    }

    /// How long to wait, in seconds, where waiting helps.
    const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooMany(seconds) => Some(*seconds),
            Self::Busy => Some(5),
            _ => None,
        }
    }

    /// The refusal that a status means which came without one, for example from the router.
    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::SignedOut,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::WrongMethod,
            StatusCode::CONFLICT => Self::Conflict,
            StatusCode::PRECONDITION_REQUIRED => Self::Unconditional,
            StatusCode::PAYLOAD_TOO_LARGE => Self::FormTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::WrongMediaType,
            StatusCode::UNPROCESSABLE_ENTITY => Self::Invalid,
            StatusCode::SERVICE_UNAVAILABLE => Self::Busy,
            other if other.is_server_error() => Self::Broken(None),
            _ => Self::BadRequest,
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::SignedOut => Self::SignedOut,
            Problem::SecondFactor => Self::SecondFactor,
            Problem::Reauthenticate => Self::Reauthenticate,
            Problem::Forbidden => Self::Forbidden,
            Problem::NotFound => Self::NotFound,
            Problem::Conflict => Self::Conflict,
            Problem::Invalid(_) => Self::Invalid,
            Problem::TooMany(seconds) => Self::TooMany(seconds),
            Problem::Broken { incident } => Self::Broken(Some(incident)),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Turns refusals, and whatever the router refuses by a bare status, into pages, and for programs into the details of a
/// problem (RFC 9457).
pub async fn page(request: Request, next: Next) -> Response {
    let for_programs = is_api(request.uri().path());
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let theme = theme(request.headers());
    let response = next.run(request).await;
    let status = response.status();
    let refusal = match response.extensions().get::<Refusal>() {
        Some(refusal) => refusal.clone(),
        None if (status.is_client_error() || status.is_server_error()) && !has_content(&response) => {
            Refusal::of_status(status)
        }
        None => return response,
    };
    let (mut parts, _) = response.into_parts();
    let kind = if for_programs { "application/problem+json; charset=utf-8" } else { "text/html; charset=utf-8" };
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    parts.headers.remove(CONTENT_LENGTH);
    if let Some(seconds) = refusal.retry_after() {
        parts.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    let body = match for_programs {
        true => {
            if refusal == Refusal::SignedOut {
                parts.headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"plumbline\""));
            }
            problem(&refusal, &id, parts.extensions.get::<Details>())
        }
        false => html(&refusal, &id, theme),
    };
    Response::from_parts(parts, Body::from(body))
}

/// The details of a problem, for programs.
fn problem(refusal: &Refusal, request: &str, details: Option<&Details>) -> String {
    let detail = match refusal {
        Refusal::SignedOut => {
            "Send an API token of the workspace as `Authorization: Bearer plb_..`. It may have ended.".to_owned()
        }
        Refusal::Forbidden => {
            "Neither more than the token covers nor more than its member may do is allowed.".to_owned()
        }
        Refusal::WrongMediaType => "Send one of the content types that the OpenAPI document names here.".to_owned(),
        other => other.advice(request),
    };
    let mut members = json!({
        "type": "about:blank",
        "title": refusal.title(),
        "status": refusal.status().as_u16(),
        "detail": detail,
        "request": request,
    });
    if let Some(Details(errors)) = details.filter(|it| !it.0.is_empty()) {
        members["errors"] = errors.clone().into();
    }
    members.to_string()
}

/// Whether the answer is one that pages and their scripts understand. The router's own texts are not.
fn has_content(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || kind.starts_with("application/json")
}

/// The page. Nothing in it comes from the request but its number, which we made ourselves.
fn html(refusal: &Refusal, request: &str, theme: Theme) -> String {
    let names = assets::names();
    let title = refusal.title();
    let advice = escaped(&refusal.advice(request));
    let status = refusal.status().as_u16();
    let css = names.css;
    let favicon = names.favicon;
    let (to, label) =
        if *refusal == Refusal::SignedOut { ("/sign-in", "Sign in") } else { ("/", "Go to the start page") };
    let icons = names.icons;
    let colours = match theme {
        Theme::System => String::new(),
        chosen => format!(" data-theme=\"{}\"", chosen.as_str()),
    };
    format!(
        "<!DOCTYPE html><html lang=\"en\"{colours}><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>{title} - Plumbline</title><link rel=\"icon\" \
         href=\"{favicon}\"><link rel=\"stylesheet\" href=\"{css}\"></head><body>\
         <main class=\"auth\" id=\"main\"><div class=\"auth-card card\"><p class=\"auth-brand\"><svg class=\"icon\" \
         aria-hidden=\"true\"><use href=\"{icons}#brand\"></use></svg>Plumbline</p><h1>{title}</h1><p>{advice}</p>\
         <p><a href=\"{to}\">{label}</a></p><p class=\"muted\">Status {status}, request {request}</p></div></main></body></html>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_without_a_refusal_becomes_one_with_the_same_status() {
        for status in [400, 401, 403, 404, 405, 409, 413, 415, 422, 428, 500, 503] {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            assert_eq!(Refusal::of_status(status).status(), status);
        }
    }

    #[test]
    fn a_file_that_is_too_large_for_the_browser_is_told_the_limit_and_sent_to_the_command_line() {
        let page = html(&Refusal::FileTooLarge, "0123456789abcdef", Theme::System);
        assert!(page.contains("File takes at most 32 MiB"), "{page}");
        assert!(page.contains("plumbline import --data DIR --workspace WORKSPACE FILE"), "{page}");
        assert!(page.contains("request 0123456789abcdef"));
    }

    #[test]
    fn a_fault_names_the_number_under_which_the_log_has_it() {
        assert!(html(&Refusal::Broken(Some("inc-7".to_owned())), "r1", Theme::System).contains("look for inc-7"));
        assert!(html(&Refusal::Broken(None), "r1", Theme::System).contains("look for r1"));
    }
}
