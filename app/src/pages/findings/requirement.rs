//! One requirement: which rules speak to it, what they found, what is asked, and which facts the model has about it.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use domain::backend::incidents::Kept;
use domain::backend::library::LibraryBook;
use domain::evidence::Item;
use domain::findings::registry::RULES;
use domain::findings::requirement::{Mapping, Requirement};
use domain::findings::standing::{Standing, standings};
use domain::findings::{Finding, Rule};
use domain::library::RequirementKey;
use domain::model::fact::attribute;
use domain::model::object::ObjectKind;
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::{badge, named, owner, severity};
use crate::ui::header::{self, Header};
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, number, small};

/// How many findings and questions the page lists; the rest is behind a link.
const MOST: usize = 50;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let requirement = Requirement::from_str(&request.path("key")).map_err(|_| Problem::NotFound)?;
    let backend = request.backend()?;
    let findings = backend.findings(&place.estate).await?;
    let records = backend.records(&place.estate).await?;
    let evidence = shown_by(backend.library(&place.estate.workspace.id).await?, requirement);
    let proofs = place.paths.query("evidence/items", &[("requirement", &format!("pci:{}", requirement.id()))]);
    let rules = speaking(requirement);
    let speaks = |id: &str| rules.iter().any(|rule| rule.id == id);
    let all = standings(&records, &findings);
    let found: Vec<Standing<'_>> = all
        .into_iter()
        .filter(|it| {
            let also = it.finding.map_or(&[][..], |it| &it.also);
            speaks(&it.record.identity.rule) || also.iter().any(|id| speaks(id))
        })
        .collect();
    let open: Vec<&Standing<'_>> = found.iter().filter(|it| it.record.state.is_open()).collect();
    let decided: Vec<&Standing<'_>> = found.iter().filter(|it| it.record.state.is_decided()).collect();
    let asked: Vec<&Finding> = findings.questions.iter().chain(&findings.health).filter(|it| speaks(it.rule)).collect();
    let meta = view! {
        <span class="key">{format!("PCI DSS {}", requirement.id())}</span>
        <span>{count(rules.len(), "rule")}</span>
        <span>{count(open.len(), "open finding")}</span>
        <span>{count(asked.len(), "open question")}</span>
        <a href=proofs>{format!("Evidence ({evidence})")}</a>
    };
    let head = Header::new(format!("{} {}", requirement.id(), requirement.title()))
        .below(place.paths.page("findings"), "Findings")
        .below(place.paths.page("requirements"), "Requirements")
        .lede("What the model says about it. Never a verdict: whether it is met, an assessor decides.")
        .meta(meta);
    let body = view! {
        {head.view()}
        {standing(&place, requirement, "open", "What is to be done", &open)}
        {(!decided.is_empty()).then(|| standing(&place, requirement, "decided", "What was set aside", &decided))}
        {questions(&place, &asked)}
        {facts(&place, &rules)}
        {speaking_rules(&place, &rules)}
    };
    Ok(Screen::inside(&place, Section::Findings, requirement.id().to_owned(), body))
}

/// How many evidence items prove a requirement.
fn shown_by(book: LibraryBook, requirement: Requirement) -> usize {
    let Some(key) = RequirementKey::pci(requirement.id()) else { return 0 };
    let proves = |it: &&Kept<Item>| it.value.withdrawn.is_none() && it.value.proves.requirements.contains(&key);
    book.items.values().filter(proves).count()
}

/// The rules that speak to a requirement.
pub(super) fn speaking(requirement: Requirement) -> Vec<&'static Rule> {
    let about = |rule: &&&'static Rule| rule.maps_to.contains(&Mapping::Pci(requirement.id()));
    RULES.iter().filter(about).copied().collect()
}

fn standing(
    place: &Place,
    requirement: Requirement,
    id: &'static str,
    heading: &'static str,
    list: &[&Standing<'_>],
) -> AnyView {
    let rows: Vec<_> = list
        .iter()
        .take(MOST)
        .map(|it| {
            view! {
                <tr>
                    {cell("Severity", severity(it.record.severity))}
                    <th scope="row" data-label="What">
                        <a href=place.paths.finding(&it.record.identity)>{it.sentence().to_owned()}</a>
                    </th>
                    {cell("On", named(place, &it.record.identity.subject))}
                    {cell("Owner", owner(place, it.record))}
                    {cell("State", badge(it.record))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let table = if rows.is_empty() {
        notice(Tone::Ok, "The rules that speak to it have looked, and found nothing that is open.")
    } else {
        small(id, count(list.len(), "finding"), &["Severity", "What", "On", "Owner", "State"], rows)
    };
    let rest = (list.len() > MOST).then(|| {
        let q = format!("requirement:{}", requirement.id());
        let href = place.paths.query("findings", &[("list", "all"), ("q", &q)]);
        header::action(href, "findings", "All of them", false)
    });
    let heading_id = format!("{id}-heading");
    view! {
        <section class="section" aria-labelledby=heading_id.clone()>
            <header class="section-header"><h2 id=heading_id.clone()>{heading}</h2></header>
            {table}
            {rest}
        </section>
    }
    .into_any()
}

fn questions(place: &Place, asked: &[&Finding]) -> Option<AnyView> {
    let rows: Vec<_> = asked
        .iter()
        .take(MOST)
        .map(|it| {
            view! {
                <tr>
                    <th scope="row" data-label="What">
                        <a href=place.paths.finding(&it.identity())>{it.sentence.clone()}</a>
                    </th>
                    {cell("On", named(place, &it.subject))}
                    {cell("Rule", view! { <a class="key" href=place.paths.rule(it.rule)>{it.rule}</a> })}
                </tr>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="asked-heading">
                <header class="section-header"><h2 id="asked-heading">"What is asked, and what is missing"</h2></header>
                {small("asked", count(asked.len(), "question"), &["What", "On", "Rule"], rows)}
            </section>
        }
        .into_any()
    })
}

/// The attributes that the rules read, with how many objects state each.
fn facts(place: &Place, rules: &[&'static Rule]) -> Option<AnyView> {
    let mut read: BTreeMap<(ObjectKind, &'static str), &'static str> = BTreeMap::new();
    for name in rules.iter().flat_map(|rule| rule.reads) {
        let known = name.split_once('.').and_then(|(kind, name)| attribute(kind.parse().ok()?, name));
        read.extend(known.map(|it| ((it.object, it.name), it.label)));
    }
    let model = &place.estate.model;
    let mut stated: BTreeMap<(ObjectKind, &str), (usize, usize)> = read.keys().map(|key| (*key, (0, 0))).collect();
    for object in model.objects() {
        let kind = object.reference().kind();
        for ((_, name), (says, all)) in stated.iter_mut().filter(|((of, _), _)| *of == kind) {
            *all += 1;
            *says += usize::from(object.facts().is_some_and(|facts| facts.contains_key(*name)));
        }
    }
    let rows: Vec<_> = read
        .iter()
        .filter_map(|(key, label)| {
            let (says, all) = stated.get(key).copied().filter(|(_, all)| *all > 0)?;
            let of = key.0.label();
            Some(
                view! {
                    <tr>
                        <th scope="row" data-label="Fact">{*label}</th>
                        {cell("Of", of)}
                        {number("Stated", says)}
                        {number("Of all", all)}
                    </tr>
                }
                .into_any(),
            )
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="facts-heading">
                <header class="section-header"><h2 id="facts-heading">"The facts that speak to it"</h2></header>
                {small("facts", count(rows.len(), "attribute"), &["Fact", "Of", "Stated", "Of all"], rows)}
            </section>
        }
        .into_any()
    })
}

fn speaking_rules(place: &Place, rules: &[&'static Rule]) -> AnyView {
    if rules.is_empty() {
        return notice(Tone::Info, "No rule reads the map for this requirement: it is about people and papers.");
    }
    let items: Vec<_> = rules
        .iter()
        .map(|rule| {
            view! {
                <li>
                    <a class="key" href=place.paths.rule(rule.id)>{rule.id}</a>
                    <span class="grow">{rule.title}</span>
                    <span class="meta">{rule.kind.label()}</span>
                </li>
            }
        })
        .collect();
    view! {
        <section class="section" aria-labelledby="rules-heading">
            <header class="section-header"><h2 id="rules-heading">"Rules that speak to it"</h2></header>
            <ul class="list-rows">{items}</ul>
        </section>
    }
    .into_any()
}
