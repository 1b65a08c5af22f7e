//! What of an address every page under it keeps: which state of the workspace somebody looks at.
//!
//! No page has to think of it. The address of each link and form of the workspace gets it on the way out, and a request
//! that could change something is refused on the way in.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::backend::{Backend, Estate};
use domain::problem::Problem;
use domain::proposal::ProposalKey;
use domain::snapshot::SnapshotKey;
use http::Method;

use app::ui::link::Paths;
use domain::id::WorkspaceId;

use super::refusal::Refusal;

/// The name in an address of the snapshot that is looked at.
pub const AT: &str = "at";

/// The name in an address of the proposal with which the model is shown.
pub const PROPOSAL: &str = "proposal";

/// Links and forms that leave the state: their tag carries this attribute.
const LEAVES: &str = "data-now";

/// The snapshot that an address asks for.
///
/// # Errors
/// `NotFound` where what it says is no key.
pub fn snapshot_of(query: Option<&str>) -> Result<Option<SnapshotKey>, Problem> {
    let Some(text) = value(query, AT) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Problem::NotFound)
}

/// The proposal that an address asks for.
///
/// # Errors
/// As [`snapshot_of`].
pub fn proposal_of(query: Option<&str>) -> Result<Option<ProposalKey>, Problem> {
    let Some(text) = value(query, PROPOSAL) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Problem::NotFound)
}

/// The workspace in the state that an address asks for.
///
/// # Errors
/// Those of reading it.
pub async fn estate(
    backend: &Arc<dyn Backend>,
    workspace: &WorkspaceId,
    query: Option<&str>,
) -> Result<Arc<Estate>, Problem> {
    match (snapshot_of(query)?, proposal_of(query)?) {
        (Some(key), _) => backend.estate_at(workspace, key).await,
        (None, Some(key)) => backend.estate_with(workspace, key).await,
        (None, None) => backend.estate(workspace).await,
    }
}

/// The forms whose edits a proposal can hold, by the beginnings of their routes; and those about proposals themselves.
const OF_PROPOSALS: [&str; 7] = [
    "/w/{ws}/systems/",
    "/w/{ws}/flows/",
    "/w/{ws}/inventory/",
    "/w/{ws}/change-systems",
    "/w/{ws}/search",
    "/w/{ws}/findings/{key}/apply",
    "/w/{ws}/proposals",
];

/// Refuses whatever could change something and comes from a page of the past, and what would go into the live model from
/// a page that shows a proposal.
pub async fn guard(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !reads && value(request.uri().query(), AT).is_some() {
        return Refusal::Past.into_response();
    }
    if !reads && value(request.uri().query(), PROPOSAL).is_some() {
        let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let not_held = route.ends_with("/approve") || route == "/w/{ws}/flows/{key}/confirm";
        let held = OF_PROPOSALS.iter().any(|path| route.starts_with(path)) && !not_held;
        if !held {
            return Refusal::NotProposed.into_response();
        }
    }
    next.run(request).await
}

/// The page with what its address says of the state in every link and form of the workspace.
#[must_use]
pub fn carried(html: String, path_and_query: &str) -> String {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let workspace = path.strip_prefix("/w/").map(|rest| rest.split('/').next().unwrap_or_default());
    let Some(workspace) = workspace.and_then(decoded) else { return html };
    let home = Paths::of(&WorkspaceId::new(workspace.as_str())).home();
    match (snapshot_of(Some(query)), proposal_of(Some(query))) {
        (Ok(Some(key)), _) => with_pair(&html, &home, (AT, &key.to_string())),
        (Ok(None), Ok(Some(key))) => with_pair(&html, &home, (PROPOSAL, &key.to_string())),
        _ => html,
    }
}

/// Puts a pair into every address that begins so; the value needs no escaping.
fn with_pair(html: &str, home: &str, (name, value): (&str, &str)) -> String {
    let needle = format!("=\"{home}");
    let said = format!("{name}=");
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    while let Some(at) = rest.find(&needle) {
        let (before, from) = rest.split_at(at);
        let address = &from[2..];
        let address = &address[..address.find('"').unwrap_or(address.len())];
        let (attribute, tag) = (before.rsplit([' ', '\n']).next().unwrap_or_default(), before.rfind('<').unwrap_or(0));
        let end = at + tag_end(from);
        let tag = &rest[tag..end];
        let boundary = matches!(address[home.len()..].chars().next(), None | Some('/' | '?' | '#'));
        let own = address.split_once('?').is_some_and(|(_, query)| {
            query.split("&amp;").flat_map(|it| it.split('&')).any(|it| it.starts_with(&said))
        });
        let stays = !boundary || own || tag.contains(LEAVES);
        let is_get_form = tag.starts_with("<form") && tag.contains("method=\"get\"");
        out.push_str(before);
        let rest_from = at + 2 + address.len();
        match attribute {
            "href" | "action" if !stays && !is_get_form => {
                out.push_str(&from[..2]);
                out.push_str(&address_with(address, name, value));
                rest = &rest[rest_from..];
            }
            "action" if !stays => {
                // What a form of this kind sends takes the place of the query of its address.
                out.push_str(&rest[at..end]);
                out.push_str(&format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"));
                rest = &rest[end..];
            }
            _ => {
                out.push_str(&rest[at..rest_from]);
                rest = &rest[rest_from..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// An address as it stands in an attribute, with one pair more.
fn address_with(address: &str, name: &str, value: &str) -> String {
    let (address, fragment) = address.find('#').map_or((address, ""), |at| address.split_at(at));
    let separator = if address.contains('?') { "&amp;" } else { "?" };
    format!("{address}{separator}{name}={value}{fragment}")
}

/// Where a tag ends, from somewhere between its attributes: behind its `>`, which may stand in a value as well.
fn tag_end(from: &str) -> usize {
    let mut quoted = false;
    for (place, byte) in from.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return place + 1,
            _ => {}
        }
    }
    from.len()
}

/// A value of a query that is not empty.
fn value(query: Option<&str>, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs.find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.into_owned())
}

/// A segment of a path as it was before it was encoded.
pub(super) fn decoded(segment: &str) -> Option<String> {
    // The one difference between a segment and a value of a query: a plus is a plus.
    let query = format!("it={}", segment.replace('+', "%2B"));
    value(Some(&query), "it")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn page(html: &str) -> String {
        carried(html.to_owned(), "/w/shop/map?at=snap-2&q=x")
    }

    #[test]
    fn every_link_of_the_workspace_keeps_the_snapshot_and_no_other_does() {
        let html = concat!(
            "<a href=\"/w/shop\">Home</a><a class=\"x\" href=\"/w/shop/systems?q=a&amp;sort=b#top\">S</a>",
            "<a href=\"/w/shopping/map\">O</a><a href=\"/workspaces\">W</a><svg><a aria-label=\"a > b\" ",
            "href=\"/w/shop/flows/f\"></a></svg>",
        );
        assert_eq!(
            page(html),
            concat!(
                "<a href=\"/w/shop?at=snap-2\">Home</a>",
                "<a class=\"x\" href=\"/w/shop/systems?q=a&amp;sort=b&amp;at=snap-2#top\">S</a>",
                "<a href=\"/w/shopping/map\">O</a><a href=\"/workspaces\">W</a><svg><a aria-label=\"a > b\" ",
                "href=\"/w/shop/flows/f?at=snap-2\"></a></svg>",
            )
        );
    }

    #[test]
    fn what_leaves_or_says_itself_where_it_leads_stays_as_it_is() {
        for html in [
            "<a data-now=\"\" href=\"/w/shop/map\">Now</a>",
            "<a href=\"/w/shop/map\" data-now=\"\">Now</a>",
            "<a href=\"/w/shop/map?at=snap-1\">Other</a>",
            "<a href=\"/w/shop/map?q=x&amp;at=snap-1\">Other</a>",
            "<p title=\"/w/shop\">/w/shop and =\"</p>",
        ] {
            assert_eq!(page(html), html);
        }
    }

    #[test]
    fn a_form_that_reads_sends_it_and_one_that_writes_is_sent_to_an_address_with_it() {
        let read = page("<form method=\"get\" action=\"/w/shop/map\" role=\"search\"><input name=\"q\"></form>");
        let hidden = "role=\"search\"><input type=\"hidden\" name=\"at\" value=\"snap-2\"><input name=\"q\">";
        assert!(read.contains(hidden) && read.contains("action=\"/w/shop/map\""), "{read}");
        let write = page("<form method=\"post\" action=\"/w/shop/systems/new\"></form>");
        assert!(write.contains("action=\"/w/shop/systems/new?at=snap-2\""), "{write}");
    }

    #[test]
    fn a_page_of_now_and_a_key_that_is_none_change_nothing() {
        let html = "<a href=\"/w/shop\">Home</a>";
        for address in ["/w/shop/map", "/w/shop/map?at=", "/w/shop/map?at=4111111111111111", "/workspaces?at=snap-1"] {
            assert_eq!(carried(html.to_owned(), address), html, "{address}");
        }
        assert_eq!(snapshot_of(Some("at=now")), Err(Problem::NotFound));
        assert_eq!(snapshot_of(Some("q=1&at=snap-3")).unwrap().unwrap().number(), 3);
    }

    #[test]
    fn the_key_of_a_workspace_may_have_any_letters() {
        let html = "<a href=\"/w/k%C3%BCche+1\">Home</a><a href=\"/w/k%C3%BCche%2B1\">Home</a>";
        let told = carried(html.to_owned(), "/w/k%c3%bcche+1?at=snap-1");
        assert!(told.ends_with("<a href=\"/w/k%C3%BCche%2B1?at=snap-1\">Home</a>"), "{told}");
    }
}
