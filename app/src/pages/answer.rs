//! From a page's outcome to the response: markup, title, status.

use std::future::Future;

use domain::problem::Problem;
use http::header::{LOCATION, REFRESH};
use http::{HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;

use super::frame::{self, Screen};
use super::request::Request;
use crate::ui::link::with_query;
use crate::ui::title::title;

/// After how many seconds a browser asks again for a page of work that goes on.
const AGAIN: HeaderValue = HeaderValue::from_static("2");

/// The view of a route: runs its page and frames what comes out.
pub(super) fn screen<Page>(page: fn(Request) -> Page) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static
where
    Page: Future<Output = Result<Screen, Problem>> + Send + 'static,
{
    move || {
        let request = Request::current();
        let outcome = page(request.clone());
        Suspend::new(async move {
            match outcome.await {
                Ok(screen) => shown(&request, screen).await,
                Err(problem) => refused(&request, &problem),
            }
        })
        .into_any()
    }
}

async fn shown(request: &Request, screen: Screen) -> AnyView {
    let words = match request.problem() {
        _ if screen.is_gone => {
            set_status(Problem::NotFound.status());
            screen.title.clone()
        }
        Some(problem) => {
            set_status(problem.status());
            format!("Error: {}", screen.title)
        }
        None => screen.title.clone(),
    };
    // What was just refused stays until it was read.
    if let (true, None, Some(response)) = (screen.comes_again, request.problem(), use_context::<ResponseOptions>()) {
        response.insert_header(REFRESH, AGAIN);
    }
    let framed = frame::framed(request, screen).await;
    view! { <Title text=title(&words)/> {framed} }.into_any()
}

/// The page of an address that has none.
pub(super) fn nowhere() -> AnyView {
    refused(&Request::without_route(), &Problem::NotFound)
}

fn refused(request: &Request, problem: &Problem) -> AnyView {
    let proof = match problem {
        Problem::SignedOut => Some("/sign-in"),
        Problem::SecondFactor => Some("/second-factor"),
        Problem::Reauthenticate => Some("/re-authenticate"),
        _ => None,
    };
    match proof {
        Some(page) => redirect(&with_query(page, &[("next", &request.page.path_and_query)])),
        None => set_status(problem.status()),
    }
    let heading = heading(problem);
    let body = view! {
        <p>{advice(problem)}</p>
        <p><a href="/">"Go to your workspaces"</a></p>
    };
    view! { <Title text=title(heading)/> {frame::bare(request, heading, "auth-card card", body)} }.into_any()
}

const fn heading(problem: &Problem) -> &'static str {
    match problem {
        Problem::SignedOut => "Sign in first",
        Problem::SecondFactor => "Second factor",
        Problem::Reauthenticate => "Confirm that it is you",
        Problem::Forbidden => "Not allowed",
        Problem::NotFound => "Not found",
        Problem::Conflict => "Changed by someone else",
        Problem::Invalid(_) => "Something is not right",
        Problem::TooMany(_) => "Too many tries",
        Problem::Broken { .. } => "Something went wrong on our side",
    }
}

/// What to do about a problem, as a sentence.
pub(super) fn advice(problem: &Problem) -> String {
    match problem {
        Problem::SignedOut => "Your session has ended. Sign in and try again.".to_owned(),
        Problem::SecondFactor => "Enter the code of your authenticator app first.".to_owned(),
        Problem::Reauthenticate => "Enter your password again to go on.".to_owned(),
        Problem::Forbidden => {
            "Your role in this workspace does not allow this. Ask an owner of the workspace.".to_owned()
        }
        Problem::NotFound => {
            "There is nothing at this address, or it belongs to a workspace of which you are no member. Check the \
             address, or find it in a list."
                .to_owned()
        }
        Problem::Conflict => {
            "Someone changed this since you opened it. Look at their change, then save again.".to_owned()
        }
        Problem::Invalid(_) => "Check what you entered and send it again.".to_owned(),
        Problem::TooMany(seconds) => format!("Wait {seconds} seconds, then try again."),
        Problem::Broken { incident } => {
            format!("Nothing was saved. Try again; if it happens again, give your administrator the number {incident}.")
        }
    }
}

pub(super) fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

fn redirect(to: &str) {
    // The address is percent-encoded, so it is always a valid header.
    if let (Some(response), Ok(location)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(to)) {
        response.insert_header(LOCATION, location);
        response.set_status(StatusCode::SEE_OTHER);
    }
}
