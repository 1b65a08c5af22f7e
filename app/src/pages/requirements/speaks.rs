//! What the map says of a requirement: what the rules that speak to it found, what they ask, and which facts they read.

use std::collections::BTreeMap;

use domain::findings::life::Record;
use domain::findings::registry::RULES;
use domain::findings::standing::{Standing, standings};
use domain::findings::{Finding, Findings, Identity, Rule};
use domain::library::RequirementKey;
use domain::library::position::is_about;
use domain::model::fact::attribute;
use domain::model::object::ObjectKind;
use leptos::prelude::*;

use super::super::findings::{badge, named, owner, severity};
use super::super::request::Place;
use crate::ui::header;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, number, small};

/// How many findings and questions the page lists; the rest is behind a link.
const MOST: usize = 50;

/// What the map says, in sections, with how much there is.
pub(super) struct Spoken {
    /// How many rules speak to it.
    pub rules: usize,
    /// How many findings about it are open.
    pub open: usize,
    /// How many questions about it are.
    pub asked: usize,
    /// The sections.
    pub sections: AnyView,
}

/// What the map says of a requirement.
pub(super) fn spoken(
    place: &Place,
    key: &RequirementKey,
    findings: &Findings,
    records: &BTreeMap<Identity, Record>,
) -> Spoken {
    let rules: Vec<&'static Rule> = RULES.iter().copied().filter(|rule| is_about(rule, key)).collect();
    let speaks = |id: &str| rules.iter().any(|rule| rule.id == id);
    let found: Vec<Standing<'_>> = standings(records, findings)
        .into_iter()
        .filter(|it| {
            let also = it.finding.map_or(&[][..], |it| &it.also);
            speaks(&it.record.identity.rule) || also.iter().any(|id| speaks(id))
        })
        .collect();
    let open: Vec<&Standing<'_>> = found.iter().filter(|it| it.record.state.is_open()).collect();
    let decided: Vec<&Standing<'_>> = found.iter().filter(|it| it.record.state.is_decided()).collect();
    let asked: Vec<&Finding> = findings.questions.iter().chain(&findings.health).filter(|it| speaks(it.rule)).collect();
    let sections = view! {
        {(!rules.is_empty()).then(|| standing(place, key, "open", "What is to be done", &open))}
        {(!decided.is_empty()).then(|| standing(place, key, "decided", "What was set aside", &decided))}
        {questions(place, &asked)}
        {facts(place, &rules)}
        {speaking_rules(place, &rules)}
    };
    Spoken { rules: rules.len(), open: open.len(), asked: asked.len(), sections: sections.into_any() }
}

fn standing(
    place: &Place,
    requirement: &RequirementKey,
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
