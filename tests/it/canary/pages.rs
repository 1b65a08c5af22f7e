//! Canaries through the forms: every form of every page is filled in, and every page is read afterwards.

use std::collections::{BTreeMap, BTreeSet};

use domain::backend::Backend as _;
use domain::export;
use domain::id::WorkspaceId;
use domain::import::cell::unguarded;
use domain::role::Role;
use http::StatusCode;
use server::http::routes::{Body as Carried, ROUTES, Verb};
use store::{Actor, Start};

use super::forms::{Attempt, Form, forms};
use super::html::{Tag, tags};
use super::{ELEMENT, numbers, variants};
use crate::fuzz::files::cells as cells_of;
use crate::http::app::{Answer, Browser, TestApp};

/// Nothing of a page comes from a canary but text and values: no element, no attribute, no script, no address of another
/// kind.
fn harmless(path: &str, page: &str) {
    for Tag { name, attributes, text } in tags(page) {
        assert_ne!(name, ELEMENT, "{path}: a canary became an element");
        assert!(
            !attributes.keys().any(|it| it.contains("cnry") || it.starts_with("on")),
            "{path}: <{name} {attributes:?}>"
        );
        if name == "script" || name == "style" {
            assert!(!text.contains("cnry"), "{path}: a canary is in a script");
        }
        for (attribute, value) in attributes {
            if ["href", "src", "action", "formaction"].contains(&attribute.as_str()) {
                let ours = value.starts_with(['/', '#', '?']) && !value.starts_with("//");
                assert!(ours || !numbers(&value).iter().any(|_| true), "{path}: {attribute}={value}");
            }
        }
    }
}

/// The pages and every page that they lead to, and so on, each once, and of one route so many at most beside the first.
async fn crawl(browser: &mut Browser, starts: &[&str], of_each: usize) -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    let mut of_route: BTreeMap<String, usize> = BTreeMap::new();
    let mut waiting: Vec<String> = starts.iter().map(|it| (*it).to_owned()).collect();
    while let Some(path) = waiting.pop() {
        if !path.starts_with('/') || path.starts_with("//") {
            continue;
        }
        let count = of_route.entry(kind_of(Verb::Get, &path)).or_default();
        let is_enough = *count >= of_each && !starts.contains(&path.as_str());
        if path.starts_with("/assets/") || pages.contains_key(&path) || is_enough {
            continue;
        }
        *count += 1;
        let answer = browser.get(&path).await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
        // A file that is saved is judged by its own kind, further down.
        if answer.headers.get("content-type").is_none_or(|kind| kind != "text/html; charset=utf-8") {
            waiting.push(answer.location().to_owned());
            continue;
        }
        harmless(&path, &answer.body);
        waiting.push(answer.location().to_owned());
        for tag in tags(&answer.body) {
            let href = tag.attributes.get("href").cloned().unwrap_or_default();
            waiting.push(href.split('#').next().unwrap_or_default().to_owned());
        }
        pages.insert(path, answer.body);
    }
    pages
}

/// The path of the route that an address belongs to.
fn route_of(verb: Verb, address: &str) -> Option<&'static str> {
    let address = address.split('?').next().unwrap_or_default();
    let fits = |route: &str| {
        let (own, asked): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), address.split('/').collect());
        own.len() == asked.len() && own.iter().zip(asked).all(|(own, asked)| own.starts_with('{') || *own == asked)
    };
    let routes = ROUTES.iter().filter(|route| route.verb == verb);
    // `systems/new` is no system of that name.
    routes.filter(|route| fits(route.path)).map(|route| route.path).min_by_key(|path| path.matches('{').count())
}

/// The route that an address belongs to, with the kind of records where there are several.
fn kind_of(verb: Verb, address: &str) -> String {
    let route = route_of(verb, address).unwrap_or_default();
    let kind = route.split('/').zip(address.split('/')).find(|(own, _)| *own == "{kind}").map(|(_, asked)| asked);
    route.replace("{kind}", kind.unwrap_or_default())
}

/// What was typed, and what came of it.
#[derive(Default)]
struct Typed {
    next: usize,
    /// The fields that took a canary, with the address of their form.
    taken: BTreeMap<usize, String>,
    /// The routes whose forms were sent.
    routes: BTreeSet<&'static str>,
}

impl Typed {
    /// Fills a form in and sends it, more modestly each time until it is taken or nothing is left of the canaries.
    async fn fill(&mut self, browser: &mut Browser, form: Form) {
        self.routes.extend(route_of(Verb::Post, &form.action));
        let mut attempt = Attempt::new(form.clone(), self.next);
        self.next += attempt.len();
        loop {
            let pairs = attempt.pairs();
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let answer: Answer = browser.post(&form.action, &pairs).await;
            harmless(&form.action, &answer.body);
            assert!(!answer.status.is_server_error(), "{}: {} {pairs:?}", form.action, answer.status);
            if answer.status != StatusCode::UNPROCESSABLE_ENTITY {
                if !answer.status.is_client_error() {
                    self.taken.extend(attempt.sent().into_iter().map(|number| (number, form.action.clone())));
                }
                return;
            }
            if !attempt.more_modest(&answer.body) {
                return;
            }
        }
    }
}

#[tokio::test]
async fn a_canary_in_any_field_of_any_form_is_text_wherever_it_shows() {
    let (app, mut owner) = TestApp::set_up(Start::Sample).await;
    let workspace = WorkspaceId::new("storefront-payments-sample");
    let home = format!("/w/{workspace}");
    app.add_account("viewer@shop.example", &[(workspace.as_str(), Role::Viewer)]).await;
    let staged =
        owner.upload(&format!("{home}/import"), &variants(0)[1], b"source,target,fields\na,b,card_number\n").await;
    assert_eq!(staged.status, StatusCode::SEE_OTHER, "{}", staged.body);
    let staged = staged.location().to_owned();
    let quoted = |number: usize| format!("\"{}\"", variants(number)[1].replace('"', "\"\""));
    let register = format!("{},Title,Likelihood (1-3)\n{},{},9\n", quoted(9002), quoted(9003), quoted(9004));
    let register = owner.upload(&format!("{home}/risks/import"), &variants(9001)[1], register.as_bytes()).await;
    assert_eq!(register.status, StatusCode::SEE_OTHER, "{}", register.body);
    let register = register.location().to_owned();
    let operator = app.store.gate(Actor::Operator);
    let invited = owner.post(&format!("{home}/members"), &[("mail", "new@shop.example"), ("role", "editor")]).await;
    let invited = invited.body.split("/invite/").nth(1).unwrap().split(['"', '<']).next().unwrap().to_owned();
    let reset = app.store.reset_token("viewer@shop.example").await.unwrap();

    let mut typed = Typed { next: 1, ..Typed::default() };
    // Everything that the owner reaches, with its forms as they are before anybody typed. Those that end what others need
    // come last, and of many pages of one kind one is enough.
    let question = first_finding(&mut owner, &format!("{home}/findings?list=questions")).await;
    let finding = first_finding(&mut owner, &format!("{home}/findings?q=rule:PF-12")).await;
    let together = finding.replace("/findings/", "/triage?step=assign&finding=");
    let added =
        owner.post(&format!("{home}/risks/new"), &[("title", "Cards in the log"), ("event", "They leak.")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let risk = added.location().split('?').next().unwrap_or_default().to_owned();
    let (edit, accept) = (format!("{risk}/edit"), format!("{risk}/accept"));
    let opened = [("title", "Cards in the log"), ("detected_at", "2026-11-20T10:00"), ("start", "system:checkout")];
    let opened = owner.post(&format!("{home}/incidents/new"), &opened).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    let incident = opened.location().split('?').next().unwrap_or_default().to_owned();
    for (page, form) in [
        ("incidents/playbooks/new", &[("title", "A host is lost"), ("applies_to", "system"), ("rev", "0")][..]),
        ("incidents/drills/new", &[("playbook", "1"), ("planned", "2026-12-01"), ("rev", "0")][..]),
    ] {
        assert_eq!(owner.post(&format!("{home}/{page}"), form).await.status, StatusCode::SEE_OTHER, "{page}");
    }
    let opening = [
        ("kind", "integrations"),
        ("name", "2026-Q4"),
        ("due", "2026-12-15"),
        ("statement", "It is as it is written."),
        ("signer.0.person", "security-lead"),
        ("signer.0.part", "attests"),
        ("signer.0.role", "Head of security"),
    ];
    let review = owner.post(&format!("{home}/reviews/new"), &opening).await;
    assert_eq!(review.status, StatusCode::SEE_OTHER, "{}", review.body);
    let review = review.location().split('?').next().unwrap_or_default().to_owned();
    let about = "do=ask&item=1&about=system:checkout";
    let reviews =
        [format!("{home}/reviews/new"), review.clone(), format!("{review}/sign"), format!("{review}?{about}")];
    let prepared = ["new", "duties", "playbooks/new", "playbooks/1/edit", "drills/new", "drills/1"];
    let prepared = prepared.map(|page| format!("{home}/incidents/{page}"));
    let (changed, card) = (format!("{incident}/edit"), format!("{incident}/card"));
    let sheet = format!("{home}/containment?start=system:checkout");
    let schedule = [("name", "Systems"), ("subject", "topic:systems"), ("cadence", "3m"), ("first_due", "2027-01-31")];
    let analysis = [
        ("requirement", "7.2.5.1"),
        ("assets", "Service accounts"),
        ("threats", "Rights that nobody needs"),
        ("factors", "Few changes"),
        ("frequency", "6m"),
        ("justification", "Half a year bounds it"),
        ("change_triggers", "A new product"),
        ("rev", "0"),
    ];
    for (page, form) in [
        ("schedules/new", &schedule[..]),
        ("activities/new", &[("kind", "failover"), ("planned", "2026-12-01"), ("rev", "0")][..]),
        ("analyses/new", &analysis[..]),
    ] {
        assert_eq!(owner.post(&format!("{home}/{page}"), form).await.status, StatusCode::SEE_OTHER, "{page}");
    }
    let item = "--edge\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nScan\r\n--edge\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"scan.txt\"\r\n\r\nclean\r\n--edge--\r\n";
    let item = owner.multipart(&format!("{home}/evidence/items"), item).await;
    assert_eq!(item.status, StatusCode::SEE_OTHER, "{}", item.body);
    let policy = [("title", "Policy"), ("version", "1"), ("owner", "security-lead"), ("document", "EV-0001")];
    let training = [("kind", "awareness"), ("person", "security-lead"), ("rev", "0")];
    for (page, form) in [("evidence/policies/new", &policy[..]), ("evidence/training/new", &training[..])] {
        assert_eq!(owner.post(&format!("{home}/{page}"), form).await.status, StatusCode::SEE_OTHER, "{page}");
    }
    let planned = [
        "evidence/items/EV-0001",
        "evidence/items/EV-0001/edit",
        "evidence/policies/new",
        "evidence/policies/POL-1",
        "evidence/training/new",
        "evidence/training/TRN-1",
        "schedules/new",
        "schedules/SCH-1",
        "schedules/SCH-1/edit",
        "activities/new",
        "activities/ACT-1",
        "analyses/new",
        "analyses/TRA-1",
        "analyses/TRA-1/edit",
    ];
    let planned = planned.map(|page| format!("{home}/{page}"));
    let said = ["requirements/3.5.1", "requirements/3.5.1/status", "evidence/controls"];
    let said = said.map(|page| format!("{home}/{page}"));
    let asked = owner.post(&format!("{home}/evidence/requests/new"), &[("text", "Show the last scan")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let inbox = ["evidence/requests/new", "evidence/requests/REQ-1", "evidence/samples"];
    let inbox = inbox.map(|page| format!("{home}/{page}"));
    let settings = format!("{home}/settings/risks");
    let profile = [("channel", "moto"), ("rev", "0")];
    let profile = owner.post(&format!("{home}/settings/entity"), &profile).await;
    assert_eq!(profile.status, StatusCode::SEE_OTHER, "{}", profile.body);
    let scope = ["scope", "settings/entity", "board?channel=moto&stage=refund"].map(|page| format!("{home}/{page}"));
    let views = ["matrix", "actions", "mine", "next", "trend"].map(|view| format!("{home}/risks?view={view}"));
    let own = [&home, &staged, &finding, &question, &together, &risk, &edit, &accept, &register, &settings];
    let incidents = [&incident, &changed, &card, &sheet];
    let own: Vec<&str> = own
        .into_iter()
        .chain(incidents)
        .chain(&prepared)
        .chain(&planned)
        .chain(&said)
        .chain(&reviews)
        .chain(&scope)
        .chain(&inbox)
        .chain(&views)
        .map(String::as_str)
        .collect();
    let starts = [&own[..], &["/profile", "/admin", "/workspaces", "/profile/second-factor"]].concat();
    let pages = crawl(&mut owner, &starts, 2).await;
    let mut seen = BTreeSet::new();
    let mut found: Vec<Form> = pages.values().flat_map(|page| forms(page)).filter(|form| !form.file).collect();
    found.sort_by_key(|form| (ends_something(&form.action), form.action.clone()));
    found.retain(|form| seen.insert((kind_of(Verb::Post, &form.action), form.fields.len())));
    let own: Vec<Form> = found;
    for form in own.iter().filter(|form| !ends_something(&form.action)) {
        typed.fill(&mut owner, form.clone()).await;
    }
    // Those of visitors.
    for page in ["/sign-in".to_owned(), format!("/invite/{invited}"), format!("/reset/{}", reset.expose())] {
        let mut visitor = app.browser();
        let shown = visitor.get(&page).await;
        for form in forms(&shown.body) {
            typed.fill(&mut visitor, form).await;
        }
    }
    let fresh = TestApp::new().await;
    let mut first = fresh.browser();
    for form in forms(&first.get("/setup").await.body) {
        typed.fill(&mut first, form).await;
    }

    // Everything that is there now, once more.
    let after = crawl(&mut owner, &[&home, "/profile", "/profile/security", "/admin", "/workspaces"], 6).await;
    let shown: BTreeSet<usize> = after.values().flat_map(|page| numbers(page)).collect();
    let kept = typed.taken.keys().filter(|number| shown.contains(number)).count();
    assert!(kept >= 60, "{kept} of {} canaries show", typed.taken.len());
    assert!(after.len() >= 60, "{} pages", after.len());

    for path in [format!("{home}/map.svg"), format!("{home}/export/model")] {
        let file = owner.get(&path).await;
        assert_eq!(file.status, StatusCode::OK, "{path}");
        assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\""));
        assert!(!numbers(&file.body).is_empty(), "{path} has a canary in it");
        if path.ends_with("svg") {
            harmless(&path, &file.body);
        } else {
            let _whole: serde_json::Value = serde_json::from_str(&file.body).unwrap();
        }
    }
    let estate = operator.estate(&workspace).await.unwrap();
    let mut formulas = 0;
    for table in [export::csv::systems(&estate.stored), export::csv::flows(&estate.stored)] {
        for cell in cells_of(&table).iter().filter(|cell| !numbers(cell).is_empty()) {
            assert!(!cell.trim_start().starts_with('='), "a formula: {cell}");
            formulas += usize::from(unguarded(cell).starts_with('='));
        }
    }
    assert!(formulas >= 20, "{formulas} cells that would be formulas");

    for form in own.iter().filter(|form| ends_something(&form.action)) {
        typed.fill(&mut owner, form.clone()).await;
    }
    let missed: Vec<&str> = ROUTES
        .iter()
        .filter(|route| route.body == Carried::Form && !typed.routes.contains(route.path))
        .map(|route| route.path)
        .collect();
    // These have no form on a page that stands there by itself: they answer a button that shows once something is asked
    // for, and take keys, codes and passwords, which are not shown again.
    let without_page = [
        "/second-factor",
        "/profile/second-factor",
        "/re-authenticate",
        "/profile/recovery-codes",
        "/profile/sessions/end",
        "/profile/sessions/end-others",
        "/w/{ws}/systems/{key}/confirm",
        "/w/{ws}/change/{kind}",
        // Samples are drawn from what was signed.
        "/w/{ws}/evidence/samples/{key}",
        "/w/{ws}/least-data",
        "/w/{ws}/observations/{key}/delete",
        "/w/{ws}/recognise/{job}",
        "/w/{ws}/proposals/{key}",
        "/w/{ws}/temporary",
        "/w/{ws}/flows/{key}/confirm",
        "/w/{ws}/reviews/{key}/elements",
        "/w/{ws}/requirements/{key}",
        "/w/{ws}/risks/{key}/acceptance",
        "/w/{ws}/risks/change",
        "/w/{ws}/evidence/packs/{key}",
        "/w/{ws}/risks/{key}/suggestion",
        "/w/{ws}/comments/{key}/edit",
        "/w/{ws}/comments/{key}/delete",
        "/w/{ws}/views/{key}/delete",
        "/w/{ws}/search",
        "/w/{ws}/history/take-back",
        "/w/{ws}/inventory/{kind}/{key}/approve",
        "/w/{ws}/tokens/{token}/revoke",
        "/w/{ws}/calendar/feed/end",
        "/w/{ws}/inventory/{kind}/{key}/approve",
        "/w/{ws}/settings/restore",
    ];
    assert!(missed.iter().all(|path| without_page.contains(path)), "no form was filled in for {missed:?}");
}

/// The address of the first finding that a page lists.
async fn first_finding(browser: &mut Browser, page: &str) -> String {
    let listed = browser.get(page).await;
    let links = tags(&listed.body).into_iter().filter_map(|tag| tag.attributes.get("href").cloned());
    let is_finding = |link: &String| link.split_once("/findings/").is_some_and(|(_, key)| !key.contains('/'));
    links.into_iter().find(is_finding).unwrap()
}

/// Whether a form ends what the others need: the session, the workspace, an object.
fn ends_something(action: &str) -> bool {
    ["/sign-out", "/delete", "/archive", "/remove", "/hand-over", "/withdraw", "/offer", "/password", "/accounts/"]
        .iter()
        .any(|it| action.contains(it))
        || action == "/theme"
}
