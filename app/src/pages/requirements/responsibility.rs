//! Who does what between us and a vendor: every requirement of a framework in one table, or one chapter of it.

use std::collections::BTreeSet;

use domain::id::VendorId;
use domain::library::responsibility::{Party, VendorMatrix, matrix_to_form};
use domain::library::{Entry, Framework};
use domain::model::draft::NAME_MAX;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::conflict;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::{framework_of, framework_tabs, head, party};
use crate::ui::field::{Input, field, hidden, options_of};
use crate::ui::form::{FormState, id_of};
use crate::ui::link::with_query;
use crate::ui::table::{cell, count, small};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    let vendor = VendorId::new(request.path("key"));
    let known = place.estate.model.vendors.get(&vendor).ok_or(Problem::NotFound)?;
    let (framework, all) = framework_of(&request, &book)?;
    let chapter = request.query("chapter").unwrap_or_default();
    let groups: Vec<String> = groups(&all);
    let entries: Vec<&Entry> = all.iter().filter(|it| chapter.is_empty() || it.group == chapter).collect();
    let kept = book.responsibilities.get(&vendor);
    let blank = VendorMatrix::new(vendor.clone());
    let matrix = kept.map_or(&blank, |it| &it.value);
    let stored = rows_of(matrix, &entries);
    let form = request.form(|| stored.clone());
    let edits = place.may(Capability::EditModel);
    let own = place.paths.responsibility_at(vendor.as_str());
    let here = with_query(&own, &[("framework", shown(&framework)), ("chapter", &chapter)]);
    let said = entries.iter().filter(|it| matrix.of(&it.key).is_some()).count();
    let rows: Vec<AnyView> =
        entries.iter().enumerate().map(|(at, it)| row(&place, &form, at, it, matrix, edits)).collect();
    let caption = format!("Said of {said} of {}", count(entries.len(), "requirement"));
    let table = small("duties", caption, &["Requirement", "What it is about", "Who does it", "What each does"], rows);
    let title = format!("Who does what: {}", known.name);
    let content = if edits {
        view! {
            <form class="form wide" method="post" action=here>
                {hidden("rev", kept.map_or(0, |it| it.revision).to_string())}
                {field(&form, "as_of", "Agreed or confirmed on")
                    .optional()
                    .input(Input { kind: "date", class: "short", ..Input::default() })}
                {table}
                <div class="button-row"><button class="button primary">"Save"</button></div>
            </form>
        }
        .into_any()
    } else {
        view! { {matrix.as_of.map(|it| view! { <p>{format!("Agreed or confirmed on {it}.")}</p> })}{table} }.into_any()
    };
    let lede = "PCI DSS 12.8.5: for every requirement, whether we do it, the provider does, or both. What both do says what each does.";
    let body = view! {
        {head(&place, title.clone())
            .below(place.paths.record_at("vendors", vendor.as_str()), known.name.clone())
            .lede(lede)
            .view()}
        {framework_tabs(&book, &framework, |it| with_query(&own, &[("framework", it)]))}
        {chapters(&own, &framework, &groups, &chapter)}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        {content}
    };
    Ok(Screen::inside(&place, Section::Evidence, title, body))
}

/// The framework as the address of the page has it: the usual one is left out.
fn shown(framework: &Framework) -> &str {
    match framework.as_str() {
        "pci" => "",
        other => other,
    }
}

fn groups(all: &[Entry]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    all.iter().filter(|it| !it.group.is_empty() && seen.insert(&it.group)).map(|it| it.group.clone()).collect()
}

/// One chapter, or all of them.
fn chapters(own: &str, framework: &Framework, groups: &[String], current: &str) -> Option<AnyView> {
    let link = |group: &str, words: String| {
        let href = with_query(own, &[("framework", shown(framework)), ("chapter", group)]);
        let now = (group == current).then_some("page");
        view! { <li><a href=href aria-current=now>{words}</a></li> }
    };
    let mut links = vec![link("", "All".to_owned())];
    links.extend(groups.iter().map(|it| link(it, it.clone())));
    (!groups.is_empty())
        .then(|| view! { <nav aria-label="Chapters"><ul class="cluster plain-list">{links}</ul></nav> }.into_any())
}

/// What is kept of the requirements that are shown, as the form of the page has it.
fn rows_of(matrix: &VendorMatrix, entries: &[&Entry]) -> Vec<(String, String)> {
    let mut form = matrix_to_form(&VendorMatrix { rows: Vec::new(), ..matrix.clone() });
    for (at, entry) in entries.iter().enumerate() {
        let duty = matrix.of(&entry.key);
        let mut put = |part: &str, value: String| form.push((format!("row.{at}.{part}"), value));
        put("requirement", entry.key.to_string());
        put("party", duty.map(|it| it.party.to_string()).unwrap_or_default());
        put("note", duty.map(|it| it.note.clone()).unwrap_or_default());
    }
    form
}

fn row(place: &Place, form: &FormState, at: usize, entry: &Entry, matrix: &VendorMatrix, edits: bool) -> AnyView {
    let name = |part: &str| format!("row.{at}.{part}");
    let id = entry.key.id().to_owned();
    let link = view! { <a class="key" href=place.paths.requirement_of(&entry.key)>{id.clone()}</a> };
    let (who, what) = if edits {
        let error = |part: &str| form.error(&name(part)).map(|code| view! { <p class="error">{code.advice()}</p> });
        let parties: Vec<(String, String)> =
            Party::ALL.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
        let options = options_of(Some("Nobody has said"), &parties, form.value(&name("party")));
        let most = NAME_MAX.to_string();
        let who = view! {
            <input type="hidden" name=name("requirement") value=entry.key.to_string()/>
            <select class="input" id=id_of(&name("party")) name=name("party") aria-label=format!("Who does {id}")>{options}</select>
            {error("party")}
            {error("requirement")}
        };
        let what = view! {
            <input class="input" id=id_of(&name("note")) name=name("note") value=form.value(&name("note")).to_owned()
                maxlength=most autocomplete="off" aria-label=format!("What each does for {id}")/>
            {error("note")}
        };
        (who.into_any(), what.into_any())
    } else {
        let duty = matrix.of(&entry.key);
        (duty.map(|it| party(it.party)).into_any(), duty.map(|it| it.note.clone()).into_any())
    };
    view! {
        <tr>
            <th scope="row" data-label="Requirement">{link}</th>
            {cell("What it is about", entry.title.clone())}
            {cell("Who does it", who)}
            {cell("What each does", what)}
        </tr>
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    if name == "as_of" {
        return Some("Agreed or confirmed on".to_owned());
    }
    let (_, part) = name.strip_prefix("row.")?.split_once('.')?;
    let label = match part {
        "party" => "Who does it",
        "note" => "What each does",
        "requirement" => "Requirement",
        _ => return None,
    };
    Some(label.to_owned())
}
