//! The colours that a person chooses, kept in a cookie of the browser.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderMap;
use http::header::{REFERER, SET_COOKIE};

use app::context::Theme;

use super::Site;
use super::form::Posted;
use super::next::own_page;
use super::refusal::Refusal;

/// The cookie that holds the choice.
pub const COOKIE_NAME: &str = "theme";

/// Sets the cookie and goes back to the page where the switch was.
pub async fn choose_theme(State(site): State<Site>, headers: HeaderMap, posted: Posted) -> Response {
    let Ok(theme) = posted.value("theme").parse::<Theme>() else { return Refusal::Invalid.into_response() };
    let secure = if site.https() { "; Secure" } else { "" };
    let cookie = format!("{COOKIE_NAME}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}", theme.as_str());
    let back = own_page(posted.value("next")).or_else(|| referring_page(&headers)).unwrap_or("/");
    ([(SET_COOKIE, cookie)], Redirect::to(back)).into_response()
}

/// The path and query of the page that held the form. Only our own pages get here, so the host is ours.
fn referring_page(headers: &HeaderMap) -> Option<&str> {
    let (_, rest) = headers.get(REFERER)?.to_str().ok()?.split_once("://")?;
    own_page(&rest[rest.find('/')?..])
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_the_page_that_held_the_switch() {
        let from = |referer: &str| HeaderMap::from_iter([(REFERER, referer.parse().unwrap())]);
        assert_eq!(referring_page(&from("http://127.0.0.1:8080/w/shop?q=a")), Some("/w/shop?q=a"));
        assert_eq!(referring_page(&from("http://127.0.0.1:8080")), None);
        assert_eq!(referring_page(&from("http://127.0.0.1:8080//evil.example")), None);
        assert_eq!(referring_page(&HeaderMap::new()), None);
    }
}
