//! What surrounds a page: navigation, top bar, footer; or nothing, for pages before signing in.

use domain::backend::Account;
use domain::model::card_number::looks_like_card_number;
use domain::moment::Moment;
use domain::role::Capability;
use leptos::prelude::*;

use super::history;
use super::request::{Place, Request};
use super::search;
use super::shell::hydration;
use crate::context::Theme;
use crate::ui::field::hidden;
use crate::ui::icon::icon;
use crate::ui::impact::impact;
use crate::ui::notice::{Tone, notice};

/// A page before it is framed.
pub(super) struct Screen {
    /// What the tab says; cleaned by the one formatter of titles.
    pub title: String,
    around: Around,
    /// Classes of `main`, or of the card where there is no navigation.
    class: &'static str,
    body: AnyView,
    islands: bool,
    palette: bool,
    /// It says in its own words that nothing is at its address, whatever was posted there.
    pub is_gone: bool,
    /// It shows work that is not through, so browsers ask for it again by themselves, with scripts or without.
    pub comes_again: bool,
}

enum Around {
    Nothing,
    Account(Account),
    Workspace(Box<Place>, Section),
}

/// The parts of a workspace, as the navigation lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Home,
    Map,
    Inventory,
    Fields,
    Findings,
    Risks,
    Reviews,
    Incidents,
    Schedules,
    Calendar,
    Evidence,
    Import,
    History,
    Tokens,
    People,
    Settings,
}

impl Section {
    const ALL: [(Self, &'static str, &'static str, &'static str); 16] = [
        (Self::Home, "", "home", "Home"),
        (Self::Map, "map", "map", "Map"),
        (Self::Inventory, "systems", "inventory", "Inventory"),
        (Self::Fields, "fields", "fields", "Fields"),
        (Self::Findings, "findings", "findings", "Findings"),
        (Self::Risks, "risks", "risks", "Risks"),
        (Self::Reviews, "reviews", "reviews", "Reviews"),
        (Self::Incidents, "incidents", "circle-alert", "Incidents"),
        (Self::Schedules, "schedules", "clock", "Schedules"),
        (Self::Calendar, "calendar", "calendar", "Calendar"),
        (Self::Evidence, "evidence", "evidence", "Evidence"),
        (Self::Import, "import", "upload", "Import"),
        (Self::History, "history", "history", "History"),
        (Self::People, "people", "users", "People"),
        (Self::Settings, "settings", "settings", "Settings"),
        (Self::Tokens, "tokens", "key", "API tokens"),
    ];
}

impl Section {
    /// Whether who sees only what was signed finds something there. They begin with the evidence.
    const fn is_of_what_was_signed(self) -> bool {
        match self {
            Self::Map | Self::Inventory | Self::Fields | Self::Findings | Self::Reviews | Self::Evidence => true,
            Self::Home
            | Self::Risks
            | Self::Incidents
            | Self::Schedules
            | Self::Calendar
            | Self::Import
            | Self::History
            | Self::Tokens
            | Self::People
            | Self::Settings => false,
        }
    }

    /// Whether it shows the model, so that it can be looked at as it was.
    const fn is_of_the_model(self) -> bool {
        match self {
            Self::Home | Self::Map | Self::Inventory | Self::Fields | Self::Findings => true,
            Self::Risks
            | Self::Reviews
            | Self::Incidents
            | Self::Schedules
            | Self::Calendar
            | Self::Evidence
            | Self::Import
            | Self::History
            | Self::Tokens
            | Self::People
            | Self::Settings => false,
        }
    }
}

impl Screen {
    /// A page in a workspace.
    pub fn inside(place: &Place, section: Section, title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        let title = format!("{} · {}", title.into(), place.estate.workspace.name);
        let around = Around::Workspace(Box::new(place.clone()), section);
        Self::new(title, around, "page", body)
    }

    /// A page of a signed-in person outside any workspace.
    pub fn of_account(account: Account, title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self::new(title.into(), Around::Account(account), "page", body)
    }

    /// A page on its own card, for people who are not signed in.
    pub fn alone(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self::new(title.into(), Around::Nothing, "auth-card card", body)
    }

    fn new(title: String, around: Around, class: &'static str, body: impl IntoView + 'static) -> Self {
        let body = body.into_any();
        Self { title, around, class, body, islands: false, palette: true, is_gone: false, comes_again: false }
    }

    /// Other classes of the element that holds the page.
    pub const fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// The page is the search itself, so it needs none over it.
    pub const fn without_palette(mut self) -> Self {
        self.palette = false;
        self
    }

    /// Nothing is at its address, which it says in its own words.
    pub const fn gone(mut self) -> Self {
        self.is_gone = true;
        self
    }

    /// What it shows goes on by itself. Said by whoever read how far it is: a second look could find the end of the work,
    /// and the page of a work that is over would stay as it is.
    pub const fn coming_again_while(mut self, goes_on: bool) -> Self {
        self.comes_again = goes_on;
        self
    }

    /// The page has islands, so it carries the script that starts them.
    pub const fn with_islands(mut self) -> Self {
        self.islands = true;
        self
    }
}

/// The page with what surrounds it.
pub(super) async fn framed(request: &Request, screen: Screen) -> AnyView {
    let script = screen.islands.then(|| hydration(&request.page));
    let framed = match screen.around {
        Around::Nothing => bare(request, &screen.title, screen.class, screen.body),
        Around::Account(account) => {
            let rail = account_rail(request, &account);
            shell(request, rail, Some(&account), None, None, screen.class, screen.body)
        }
        Around::Workspace(place, section) => {
            let saved = saved(request, &place).await;
            let palette = screen.palette.then(|| search::palette(&place, &request.page));
            let bell = bell(request, &place).await;
            let body = view! { {saved}{screen.body}{palette} }.into_any();
            shell(request, rail(&place, section), Some(&place.account), Some(&place), bell, screen.class, body)
        }
    };
    view! { {framed}{script} }.into_any()
}

/// A card on an otherwise empty page. The heading is the page's `h1`.
pub(super) fn bare(request: &Request, heading: &str, class: &'static str, body: impl IntoView + 'static) -> AnyView {
    view! {
        <a class="skip-link" href="#main">"Skip to the page"</a>
        <main class="auth" id="main" tabindex="-1">
            <div class=class>
                <p class="auth-brand">{icon("brand")}"Plumbline"</p>
                <h1>{heading.to_owned()}</h1>
                {body.into_any()}
            </div>
            <div class="auth-foot">{theme_switch(request)}<a href="/accessibility">"Accessibility"</a></div>
        </main>
    }
    .into_any()
}

fn shell(
    request: &Request,
    rail: AnyView,
    account: Option<&Account>,
    place: Option<&Place>,
    bell: Option<AnyView>,
    class: &'static str,
    body: AnyView,
) -> AnyView {
    let search = place.map(|place| {
        view! {
            <form
                class="topbar-search"
                role="search"
                aria-label="Everything"
                method="get"
                action=place.paths.page("search")
            >
                <label class="visually-hidden" for="search">"Search, or a flow in one line"</label>
                {icon("search")}
                <input
                    class="input"
                    id="search"
                    type="search"
                    name="q"
                    accesskey="k"
                    placeholder="Search, or a > b : pan"
                    autocomplete="off"
                />
            </form>
        }
    });
    let who = account.map(|account| {
        view! {
            <a class="meta" href="/profile">{account.name.clone()}</a>
            <form method="post" action="/sign-out">
                <button class="button quiet small">{icon("sign-out")}"Sign out"</button>
            </form>
        }
    });
    view! {
        <a class="skip-link" href="#main">"Skip to the page"</a>
        <div class="shell">
            <nav class="rail" aria-label="Main">{rail}</nav>
            <div class="shell-main">
                <header class="topbar">{search}<div class="topbar-end">{bell}{who}</div></header>
                {place.and_then(|place| then_banner(request, place))}
                {place.and_then(|place| draft_banner(request, place))}
                {place.filter(|place| place.estate.workspace.archived).map(|_| archive_banner())}
                {place.filter(|place| place.estate.workspace.sample).map(|_| sample_banner())}
                {account.and_then(|_| second_factor_banner(request))}
                {account.and_then(|_| super::warning::warning(&request.page))}
                <main class=class id="main" tabindex="-1">{body}</main>
                <footer class="page-footer">
                    {theme_switch(request)}
                    <a href="/accessibility">"Accessibility"</a>
                    {place.map(|place| view! {
                        <span>{format!("Revision {}, as of {}", place.estate.revision.0, place.estate.today)}</span>
                    })}
                </footer>
            </div>
        </div>
    }
    .into_any()
}

/// Leads to what concerns the person, and says how much of it they have not read. Of the past nothing is new.
async fn bell(request: &Request, place: &Place) -> Option<AnyView> {
    if place.estate.moment != Moment::Now && place.works() {
        return None;
    }
    // A page is worth showing without the number.
    let unread = request.backend().ok()?.unread_notices(&place.estate.workspace.id).await.unwrap_or_default();
    let label = match unread {
        0 => "Notices".to_owned(),
        1 => "Notices, 1 not read".to_owned(),
        more => format!("Notices, {more} not read"),
    };
    let count = (unread > 0)
        .then(|| view! { <span class="count" data-tone="warn" aria-hidden="true">{unread.to_string()}</span> });
    let href = place.paths.page("notices");
    Some(
        view! { <a class="button quiet small" href=href aria-label=label title="Notices">{icon("bell")}{count}</a> }
            .into_any(),
    )
}

fn brand() -> AnyView {
    view! { <a class="rail-brand" href="/">{icon("brand")}<span>"Plumbline"</span></a> }.into_any()
}

fn rail(place: &Place, current: Section) -> AnyView {
    let items: Vec<_> = Section::ALL
        .into_iter()
        .filter(|(section, ..)| *section != Section::Settings || may_set(place))
        .filter(|(section, ..)| match place.works() {
            true => place.estate.moment == Moment::Now || section.is_of_the_model(),
            false => section.is_of_what_was_signed(),
        })
        .map(|(section, page, picture, label)| {
            let href = if page.is_empty() { place.paths.home() } else { place.paths.page(page) };
            let current = (section == current).then_some("page");
            view! { <li><a href=href aria-current=current>{icon(picture)}<span>{label}</span></a></li> }
        })
        .collect();
    view! {
        {brand()}
        <button class="rail-toggle button quiet" type="button" popovertarget="rail-menu">
            {icon("menu")}
            <span>"Menu"</span>
        </button>
        <div class="rail-menu" id="rail-menu" popover="auto">
            <a class="rail-workspace" href="/workspaces">
                <span>{place.estate.workspace.name.clone()}</span>{icon("chevrons-up-down")}
            </a>
            <ul class="rail-items">{items}</ul>
        </div>
    }
    .into_any()
}

/// The navigation outside any workspace.
fn account_rail(request: &Request, account: &Account) -> AnyView {
    let pages = [
        ("/workspaces", "inventory", "Workspaces", true),
        ("/profile", "user", "Profile", true),
        ("/admin", "shield", "Administration", account.instance_admin),
    ];
    let current = request.page.path_and_query.split('?').next().unwrap_or_default().to_owned();
    let items: Vec<_> = pages
        .into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(href, picture, label, _)| {
            let current = (href == current).then_some("page");
            view! { <li><a href=href aria-current=current>{icon(picture)}<span>{label}</span></a></li> }
        })
        .collect();
    view! {
        {brand()}
        <button class="rail-toggle button quiet" type="button" popovertarget="rail-menu">
            {icon("menu")}
            <span>"Menu"</span>
        </button>
        <div class="rail-menu" id="rail-menu" popover="auto"><ul class="rail-items">{items}</ul></div>
    }
    .into_any()
}

/// Whether the settings have anything for this person.
fn may_set(place: &Place) -> bool {
    place.may(Capability::ManageWorkspace) || place.may(Capability::ArchiveWorkspace)
}

/// Says that this is not now, and leads back. Nobody may take a snapshot for the model as it is.
fn then_banner(request: &Request, place: &Place) -> Option<AnyView> {
    if !place.works() {
        return Some(signed_banner(request, place));
    }
    let snapshot = place.estate.moment.snapshot()?;
    let key = snapshot.key.to_string();
    let now = without(&request.page.path_and_query, "at");
    let differs = place.paths.query("diff", &[("from", &key)]);
    let banner = view! {
        <aside class="banner then" aria-label="Snapshot" data-tone="warn">
            {icon("history")}
            <p>
                <strong>{format!("As of {}", snapshot.taken_at)}</strong>
                {format!(": the snapshot \u{201c}{}\u{201d} ({key}). Nothing here can be changed. ", snapshot.name)}
                <a data-now="" href=now>"Back to now"</a>
                " "
                <a data-now="" href=differs>"What differs since"</a>
            </p>
        </aside>
    };
    Some(banner.into_any())
}

/// Says in which review what is shown was signed. Who sees only that has no now to go back to.
fn signed_banner(request: &Request, place: &Place) -> AnyView {
    let Some(snapshot) = place.estate.moment.snapshot() else {
        return view! {
            <aside class="banner then" aria-label="As signed" data-tone="warn">
                {icon("info")}
                <p>
                    <strong>"Nothing was signed yet. "</strong>
                    "You see what was signed, so every page is empty until the first review is. Requests can be made now."
                </p>
            </aside>
        }
        .into_any();
    };
    let seal = snapshot.signed.map(|it| {
        let href = place.paths.seal(it.seal);
        view! { <a href=href>{it.seal.to_string()}</a>" " }
    });
    let review = snapshot.signed.map_or_else(|| snapshot.key.to_string(), |it| it.review.to_string());
    let last = request.query("at").map(|_| {
        let href = without(&request.page.path_and_query, "at");
        view! { <a data-now="" href=href>"What was signed last"</a> }
    });
    view! {
        <aside class="banner then" aria-label="As signed" data-tone="warn">
            {icon("history")}
            <p>
                <strong>{format!("As signed in {review} on {}", snapshot.day())}</strong>
                ". What was changed since is not shown. "
                {seal}
                {last}
            </p>
        </aside>
    }
    .into_any()
}

/// Says with which proposal the model is shown, and that forms save there.
fn draft_banner(request: &Request, place: &Place) -> Option<AnyView> {
    let draft = place.estate.moment.draft()?;
    let page = place.paths.proposal(draft.key);
    let now = without(&request.page.path_and_query, "proposal");
    let words = if draft.own {
        "What you save goes into it; the live model stays as it is. "
    } else {
        "Nothing here is live, and only its requester changes it. "
    };
    let objects = crate::ui::table::count(draft.edits, "object");
    let banner = view! {
        <aside class="banner" aria-label="Proposal" data-tone="warn">
            {icon("compare")}
            <p>
                <strong>"With the proposal "</strong>
                <a data-now="" href=page>{format!("{} ({})", draft.title, draft.key)}</a>
                {format!(", {objects}. {words}")}
                <a data-now="" href=now>"Leave it"</a>
            </p>
        </aside>
    };
    Some(banner.into_any())
}

/// An address without one of the names of its query.
fn without(path_and_query: &str, name: &str) -> String {
    let Some((path, query)) = path_and_query.split_once('?') else { return path_and_query.to_owned() };
    let kept: Vec<&str> = query.split('&').filter(|pair| pair.split('=').next() != Some(name)).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

fn archive_banner() -> AnyView {
    view! {
        <aside class="banner" aria-label="Archived" data-tone="info">
            {icon("info")}
            <p>"This workspace is archived. Everything in it can be read, and nothing can be changed."</p>
        </aside>
    }
    .into_any()
}

fn sample_banner() -> AnyView {
    view! {
        <aside class="banner" aria-label="Sample" data-tone="info">
            {icon("info")}
            <p>"This workspace holds the sample estate. Nothing in it is real; change whatever you like."</p>
        </aside>
    }
    .into_any()
}

/// Asks for a second factor where one is missing, but not on the pages where it is set up.
fn second_factor_banner(request: &Request) -> Option<AnyView> {
    let due = request.page.sitting?.second_factor_due?;
    let path = request.page.path_and_query.as_ref();
    if path.starts_with("/profile/second-factor") || path.starts_with("/profile/recovery-codes") {
        return None;
    }
    let banner = view! {
        <aside class="banner" aria-label="Second factor" data-tone="warn">
            {icon("shield")}
            <p>
                {format!("Your role needs a second factor. Set one up by {}; after that you cannot work without it. ", due.day())}
                <a href="/profile/second-factor">"Set up an authenticator app"</a>
            </p>
        </aside>
    };
    Some(banner.into_any())
}

/// This page, for a form that leads back to it; without its query where somebody typed a card number into that, which is
/// never repeated.
fn way_back(path_and_query: &str) -> String {
    let plain = path_and_query.replace('+', " ").replace("%20", " ");
    match path_and_query.split_once('?') {
        Some((path, _)) if looks_like_card_number(&plain) => path.to_owned(),
        _ => path_and_query.to_owned(),
    }
}

fn theme_switch(request: &Request) -> AnyView {
    let buttons: Vec<_> = Theme::ALL
        .into_iter()
        .map(|theme| {
            let (picture, label) = match theme {
                Theme::System => ("monitor", "Colours of the system"),
                Theme::Light => ("sun", "Light colours"),
                Theme::Dark => ("moon", "Dark colours"),
            };
            let pressed = if theme == request.page.theme { "true" } else { "false" };
            view! {
                <button
                    class="button small icon-only"
                    name="theme"
                    value=theme.as_str()
                    aria-pressed=pressed
                    title=label
                >
                    {icon(picture)}<span class="visually-hidden">{label}</span>
                </button>
            }
        })
        .collect();
    view! {
        <form method="post" action="/theme">
            {hidden("next", way_back(&request.page.path_and_query))}
            <div class="button-group" role="group" aria-label="Colours">{buttons}</div>
        </form>
    }
    .into_any()
}

/// What the last save did, where the query says that there was one.
async fn saved(request: &Request, place: &Place) -> Option<AnyView> {
    let done = request.query("done")?;
    if let (Some(revision), Ok(backend)) = (request.saved_revision(), request.backend()) {
        // A revision that somebody made up shows nothing.
        let receipt = backend.receipt(&place.estate.workspace.id, revision).await.ok()?;
        let undo = if place.may(Capability::EditModel) {
            let undoable = backend.undoable(&place.estate.workspace.id).await.unwrap_or_default();
            let label = if done == "taken-back" { "Redo" } else { "Undo" };
            undoable.contains(&revision).then(|| history::take_back(place, revision, label))
        } else {
            None
        };
        return Some(impact(&place.paths, &receipt, undo));
    }
    let words = match done.as_str() {
        "unchanged" => "Nothing was changed, so nothing was saved.",
        "finding-saved" => "It was saved, and stands in the history of the finding.",
        "findings-saved" => "It was saved, and stands in the history of each finding.",
        "concern-raised" => "Your concern is a finding now. Whoever deals with findings sees it.",
        "token-revoked" => "The token was ended. A program that sends it is refused from now on.",
        "import-cancelled" => "The import was cancelled. Nothing was changed.",
        "invitation-withdrawn" => "The invitation was withdrawn. Its link works no longer.",
        "snapshot-taken" => "The snapshot was taken. It stays as it is, whatever changes from now on.",
        "saved-to-proposal" => "Saved to the proposal. The live model is as it was.",
        "proposal-begun" => "The proposal was begun. Work on it, then send it to review.",
        "proposal-changed" => "Done.",
        "scope-protection" => "The setting was saved.",
        "member-changed" => "The role was saved. The person signs in again to use it.",
        "comment-added" => "The comment was written.",
        "comment-saved" => "The comment was changed. What it was is in the history.",
        "comment-deleted" => "The comment was deleted.",
        "request-asked" => "It was asked. The other side sees it among its notices.",
        "request-saved" => "It was saved, and stands in the conversation.",
        "sample-drawn" => "The sample was drawn. Freeze it, so that nobody exchanges an object.",
        "sample-frozen" => "The sample is frozen.",
        "sample-asked" => "One request was made for each object.",
        "view-saved" => "The view was kept. Its address shows the same list to everybody.",
        "view-deleted" => "The view was deleted.",
        "member-removed" => "The member was removed, and their sessions have ended.",
        "risks-changed" => "The risks were changed. The history of each keeps what it was.",
        "pack-cancelled" => "The pack was cancelled.",
        "confirmed" => "It is confirmed that it is you. You can download it now.",
        "pack-released" => "The pack was released. It can be downloaded.",
        "risks-imported" => "The risks of the file are in the register.",
        "risk-added" => "The risk is in the register.",
        "risk-asked" => "The acceptance was asked for. Somebody else approves it.",
        "risk-decided" => "Your decision was saved.",
        "risk-register-saved" => "The register was set. The history has what it was.",
        "risk-refreshed" => "What the map says now stands beside the ratings.",
        "risk-saved" => "The risk was saved. Its history keeps what it was.",
        "feed-ended" => "The address was ended. Programs that read it find nothing from now on.",
        "notices-read" => "They were marked as read.",
        "digest-saved" => "It was saved. The next digest comes as you chose.",
        "incident-added" => "The incident is open. Its deadlines count from when it was detected.",
        "incident-saved" => "The incident was saved. Its history keeps what it was.",
        "duties-saved" => "The duties were saved.",
        "playbook-saved" => "The playbook was saved.",
        "drill-saved" => "The drill was saved.",
        "entity-saved" => "The profile was saved.",
        "cell-explained" => "The reason was saved.",
        "review-opened" => "The review is open. It shows what differs since each object was last signed.",
        "review-saved" => "It was saved.",
        "review-signed" => "You have signed. Others sign after you.",
        "review-sealed" => "Everybody has signed, and it is sealed. It stays as it is from now on.",
        "time-zone-saved" => "The time zone was saved. What is due on a day is due there.",
        "schedule-added" => "The schedule was added. Its first day counts from now on.",
        "schedule-saved" => "The schedule was saved. Its history keeps what it was.",
        "run-noted" => "It was noted, with the day for which it counts.",
        "item-added" => "The evidence was added.",
        "item-saved" => "The evidence was saved. Its history keeps what it was.",
        "item-held" => "The legal hold is on. The item cannot be withdrawn, and its files stay.",
        "item-lifted" => "The legal hold was lifted.",
        "item-withdrawn" => "The item was withdrawn. Packs that have it keep it.",
        "version-added" => "The version was added. The earlier ones stay.",
        "policy-saved" => "The policy was saved. Somebody else approves it.",
        "policy-approved" => "The policy was approved.",
        "training-saved" => "The training was saved.",
        "activity-saved" => "The test was saved.",
        "analysis-saved" => "The analysis was saved. Somebody else approves it.",
        "analysis-approved" => "The analysis was approved. It sets the schedules that rest on it.",
        "analysis-renewed" => "The review of the analysis was noted.",
        "position-saved" => "Where it stands was saved. Its history keeps what it was.",
        "position-approved" => "The compensating control was approved. It is looked at again within a year.",
        "framework-saved" => "The framework was saved.",
        "responsibility-saved" => "Who does what was saved.",
        "control-saved" => "It was saved, with your name and the day.",
        "preset-saved" => "It was saved for the whole workspace.",
        "person-linked" => "The link to an account was saved.",
        "workspace-renamed" => "The name was saved.",
        "second-factor-policy" => "The policy was saved. It holds from the next sign-in of each person.",
        "workspace-handed-over" => "The workspace has a new owner. You are an administrator now.",
        "workspace-archived" => "The workspace is archived. You can restore it under Settings.",
        "workspace-restored" => "The workspace can be changed again.",
        _ => return None,
    };
    Some(notice(Tone::Ok, words))
}
