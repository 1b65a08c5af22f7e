//! Scope statement: who is assessed, for which channels, which systems are in scope and why, what keeps the others out, who
//! confirmed it. In the order of PCI DSS 12.5.2.

use std::collections::BTreeSet;

use super::holdings::{person, vendor_name};
use super::table::{Report, Table, UNKNOWN, list, or_unknown};
use crate::findings::said;
use crate::model::Model;
use crate::model::relations::{Boundary, Lifecycle};
use crate::model::system::System;
use crate::review::board::board;
use crate::review::entity::{Brand, EntityProfile};
use crate::scope::reliance::untried;
use crate::scope::verdict::{Category, Scope, Sub};
use crate::text::grouped;
use crate::time::Day;

/// Who confirmed the scope once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOff {
    /// The key of the seal.
    pub seal: String,
    /// What people call the review.
    pub name: String,
    /// The day.
    pub on: Day,
    /// Who signed, each with their part, in order.
    pub signers: Vec<String>,
    /// The hash of what was signed.
    pub hash: String,
}

/// What the statement is made of.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The model as of the day.
    pub model: &'a Model,
    /// Its scope.
    pub scope: &'a Scope,
    /// The entity.
    pub profile: &'a EntityProfile,
    /// Who confirmed the scope, the newest first.
    pub sign_offs: &'a [SignOff],
}

/// The scope statement.
#[must_use]
pub fn scope_statement(sources: &Sources<'_>) -> Report {
    let tables = vec![
        entity(sources.profile),
        channels(sources),
        counts(sources),
        in_scope(sources),
        segmentation(sources.model),
        exclusions(sources),
        third_parties(sources),
        decisions(sources.model),
        sign_offs(sources.sign_offs),
    ];
    Report {
        title: "Scope statement".to_owned(),
        as_of: sources.model.settings.as_of,
        sentences: sentences(sources),
        tables,
    }
}

pub(crate) fn sentences(sources: &Sources<'_>) -> Vec<String> {
    let own = |test: &dyn Fn(Category) -> bool| sources.scope.systems.values().filter(|it| test(it.category)).count();
    let inside = own(&Category::in_scope);
    let outside = own(&|it| it == Category::OutOfScope);
    let mut told = vec![format!("Systems of ours in scope: {}; out of scope: {}.", grouped(inside), grouped(outside))];
    told.push(match sources.sign_offs.first() {
        Some(last) => format!("The scope was confirmed last on {} ({}).", last.on, last.name),
        None => "Nobody has confirmed the scope yet.".to_owned(),
    });
    let open = sources.model.open_ends().count();
    if open > 0 {
        told.push(format!("Systems that a flow names and nobody declared: {open}."));
    }
    told.extend(sources.profile.gaps().into_iter().map(|it| format!("Not said yet: {}", lower(it))));
    told
}

fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

pub(crate) fn entity(profile: &EntityProfile) -> Table {
    let day = |it: Option<Day>| or_unknown(it.map(|it| it.to_string()));
    let brand = |(brand, count): (&Brand, &Option<u64>)| match count {
        Some(count) => format!("{} ({} a year)", brand.label(), grouped(count)),
        None => brand.label().to_owned(),
    };
    let rows = [
        ["Registered name".to_owned(), or_unknown(Some(profile.legal_name.as_str()))],
        ["What it is".to_owned(), or_unknown(profile.entity_type.map(|it| it.label()))],
        ["How it validates".to_owned(), or_unknown(profile.validation.map(|it| it.label()))],
        ["Level".to_owned(), or_unknown(profile.level.map(|it| it.to_string()))],
        ["Locations".to_owned(), or_unknown(Some(list(profile.locations.iter().cloned())))],
        ["Channels".to_owned(), or_unknown(Some(list(profile.channels.iter().map(|it| it.label().to_owned()))))],
        ["Brands".to_owned(), or_unknown(Some(list(profile.brands.iter().map(brand))))],
        ["Acquirers".to_owned(), or_unknown(Some(list(profile.acquirers.iter().cloned())))],
        ["Assessor".to_owned(), or_unknown(Some(profile.assessor.as_str()))],
        [
            "Period".to_owned(),
            match (profile.from, profile.until) {
                (None, None) => UNKNOWN.to_owned(),
                (from, until) => format!("{} to {}", day(from), day(until)),
            },
        ],
    ];
    Table::new("entity", "The entity", [("what", "What"), ("answer", "Answer")], rows)
}

pub(crate) fn channels(sources: &Sources<'_>) -> Table {
    let cells = board(sources.model, &sources.profile.channels, &sources.profile.explanations);
    let rows = cells.iter().map(|cell| {
        let flows = list(cell.flows.iter().map(ToString::to_string));
        let why = cell.explanation.as_ref().filter(|_| cell.flows.is_empty()).map(|it| it.reason.clone());
        let told = if cell.flows.is_empty() { or_unknown(why) } else { String::new() };
        [cell.channel.label().to_owned(), cell.stage.label().to_owned(), flows, told]
    });
    let columns = [("channel", "Channel"), ("stage", "Stage"), ("flows", "Flows"), ("reason", "Why there is none")];
    Table::new("channels", "Payment channels and stages", columns, rows.collect::<Vec<_>>())
}

fn counts(sources: &Sources<'_>) -> Table {
    let count = |category: &Category| sources.scope.systems.values().filter(|it| it.category == *category).count();
    let rows = Category::ALL.iter().map(|it| [it.label().to_owned(), count(it).to_string()]);
    Table::new("categories", "Systems by category", [("category", "Category"), ("systems", "Systems")], rows)
}

pub(crate) fn in_scope(sources: &Sources<'_>) -> Table {
    let rows = sources.scope.systems.iter().filter(|(_, verdict)| verdict.category.in_scope());
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|(id, verdict)| (verdict.category, (*id).clone()));
    let rows = rows.into_iter().map(|(id, verdict)| {
        let system = sources.model.systems.get(id);
        let fact = |name: &str| system.and_then(|it| said::text(&it.facts, name));
        let path: Vec<String> = verdict.witness.iter().map(ToString::to_string).collect();
        [
            id.to_string(),
            system.map(|it| it.name.clone()).unwrap_or_default(),
            verdict.category.label().to_owned(),
            verdict.sub.map(|it| it.label()).unwrap_or_default().to_owned(),
            verdict.rule.map(|it| it.label()).unwrap_or_default().to_owned(),
            path.join(" > "),
            or_unknown(fact("function_use")),
            or_unknown(person(sources.model, fact("owner"))),
            system.map(|it| it.environment.label()).unwrap_or_default().to_owned(),
        ]
    });
    let columns = [
        ("system", "System"),
        ("name", "Name"),
        ("category", "Category"),
        ("sub", "In more detail"),
        ("reason", "Why"),
        ("path", "Path"),
        ("function", "What it does here"),
        ("owner", "Owner"),
        ("environment", "Environment"),
    ];
    Table::new("in_scope", "Systems in scope", columns, rows)
}

pub(crate) fn segmentation(model: &Model) -> Table {
    let rows = model.links.values().map(|link| {
        let control = link.control.as_ref().and_then(|id| model.controls.get(id));
        [
            link.key.a().to_string(),
            link.key.b().to_string(),
            link.policy.label().to_owned(),
            or_unknown(link.control.as_ref().map(ToString::to_string)),
            or_unknown(control.map(|it| it.status.label())),
            or_unknown(control.and_then(|it| it.last_tested).map(|it| it.to_string())),
            or_unknown(control.and_then(|it| it.report_ref.clone())),
        ]
    });
    let columns = [
        ("segment", "Segment"),
        ("other", "And"),
        ("policy", "What passes"),
        ("control", "Control"),
        ("status", "Known to work"),
        ("last_tested", "Tested"),
        ("report", "Report"),
    ];
    Table::new("segmentation", "Segmentation", columns, rows)
}

fn exclusions(sources: &Sources<'_>) -> Table {
    let outside = sources.scope.systems.iter().filter(|(_, it)| it.category == Category::OutOfScope);
    let rows = outside.map(|(id, verdict)| {
        let relied = untried(sources.model, sources.scope, id);
        let unproven = relied.iter().filter(|it| !it.proven).count();
        let until = relied.iter().filter_map(|it| it.until).min();
        let apart = verdict.sub == Some(Sub::Segmented) || !relied.is_empty();
        let controls = relied.iter().filter_map(|it| it.control.as_ref()).map(ToString::to_string);
        let controls: BTreeSet<String> = controls.collect();
        [
            id.to_string(),
            sources.model.systems.get(id).map(|it| it.name.clone()).unwrap_or_default(),
            verdict.rule.map(|it| it.label()).unwrap_or_default().to_owned(),
            list(controls),
            match (apart, unproven) {
                (false, _) => "rests on nothing".to_owned(),
                (true, 0) => "proven".to_owned(),
                (true, number) => format!("{number} not proven"),
            },
            if apart { until.map_or_else(|| "no end".to_owned(), |it| it.to_string()) } else { String::new() },
        ]
    });
    let columns = [
        ("system", "System"),
        ("name", "Name"),
        ("reason", "Why it is out"),
        ("controls", "Controls it rests on"),
        ("proof", "Proof"),
        ("until", "Proven until"),
    ];
    Table::new("exclusions", "Out of scope", columns, rows)
}

fn third_parties(sources: &Sources<'_>) -> Table {
    let of_vendor = |it: &System| it.boundary == Boundary::ThirdParty && it.lifecycle != Lifecycle::Retired;
    let rows = sources.model.systems.values().filter(|it| of_vendor(it)).map(|system| {
        let vendor = system.vendor.as_ref().and_then(|id| sources.model.vendors.get(id));
        let verdict = sources.scope.systems.get(&system.id);
        [
            system.id.to_string(),
            system.name.clone(),
            or_unknown(system.vendor.as_ref().map(|id| vendor_name(sources.model, id))),
            verdict.and_then(|it| it.sub).map(|it| it.label()).unwrap_or_default().to_owned(),
            or_unknown(vendor.and_then(|it| said::text(&it.facts, "aoc_expires"))),
        ]
    });
    let columns = [
        ("system", "System"),
        ("name", "Name"),
        ("vendor", "Vendor"),
        ("what", "What it does to the scope"),
        ("attested_until", "Attestation valid until"),
    ];
    Table::new("third_parties", "Third parties", columns, rows)
}

pub(crate) fn decisions(model: &Model) -> Table {
    let rows = model.overrides.values().map(|it| {
        [
            it.key.system.to_string(),
            it.category.label().to_owned(),
            it.justification.clone(),
            or_unknown(it.author.clone()),
            or_unknown(it.approver.clone()),
            or_unknown(it.expires.map(|it| it.to_string())),
            if it.stale { "yes" } else { "no" }.to_owned(),
        ]
    });
    let columns = [
        ("system", "System"),
        ("category", "Decided"),
        ("reason", "Why"),
        ("author", "Asked by"),
        ("approver", "Approved by"),
        ("expires", "Valid until"),
        ("stale", "Facts changed since"),
    ];
    Table::new("decisions", "Verdicts that people decided", columns, rows)
}

fn sign_offs(all: &[SignOff]) -> Table {
    let rows = all.iter().map(|it| {
        let signers = if it.signers.is_empty() { UNKNOWN.to_owned() } else { list(it.signers.iter().cloned()) };
        [it.on.to_string(), it.name.clone(), it.seal.clone(), signers, it.hash.clone()]
    });
    let columns = [
        ("on", "Day"),
        ("review", "Review"),
        ("seal", "Seal"),
        ("signers", "Signed by"),
        ("hash", "Hash of what was signed"),
    ];
    Table::new("sign_offs", "Confirmations of the scope", columns, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::tests::model;
    use crate::report::table::check;
    use crate::scope::compute;

    fn report(sign_offs: &[SignOff]) -> Report {
        let model = model(
            r#""segments":[{"id":"cde"},{"id":"office"}],
            "controls":[{"id":"fw","type":"firewall","status":"verified","between":["cde","office"],
                "last_tested":"2025-12-01","frequency_days":180,"report_ref":"EV-0004"}],
            "segment_links":[{"a":"cde","b":"office","policy":"denied","control":"fw"}],
            "vendors":[{"id":"psp","name":"Provider","aoc_expires":"2026-05-01"}],
            "systems":[{"id":"vault","segment":"cde","holdings":[{"element":"pan","ops":["store"]}]},
                {"id":"desk","segment":"office"},{"id":"gate","boundary":"third_party","vendor":"psp"}],
            "flows":[{"id":"f","from":"vault","to":"gate","payment_channel":["e_commerce"],
                "payment_stage":["authorisation"],"data":[{"element":"pan"}]}]"#,
        );
        let scope = compute(&model);
        let profile = EntityProfile { legal_name: "Shop Ltd".to_owned(), ..EntityProfile::default() };
        scope_statement(&Sources { model: &model, scope: &scope, profile: &profile, sign_offs })
    }

    #[test]
    fn a_statement_follows_the_order_of_the_requirement() {
        let it = report(&[]);
        check(&it);
        let names: Vec<&str> = it.tables.iter().map(|it| it.name).collect();
        let expected = [
            "entity",
            "channels",
            "categories",
            "in_scope",
            "segmentation",
            "exclusions",
            "third_parties",
            "decisions",
            "sign_offs",
        ];
        assert_eq!(names, expected);
        assert_eq!(it.tables[0].rows[0], ["Registered name", "Shop Ltd"]);
        assert_eq!(it.tables[1].rows.len(), 6, "the stages of the one channel that a flow names");
        assert_eq!(it.tables[3].column("system").collect::<Vec<_>>(), ["vault"]);
        assert_eq!(it.tables[4].rows[0][3..], ["fw", "Verified", "2025-12-01", "EV-0004"]);
        assert_eq!(it.tables[5].column("system").collect::<Vec<_>>(), ["desk"]);
        assert_eq!(it.tables[6].rows[0][2..], ["Provider", "receives account data", "2026-05-01"]);
        assert_eq!(
            it.sentences[..2],
            ["Systems of ours in scope: 1; out of scope: 1.", "Nobody has confirmed the scope yet."]
        );
        assert!(it.sentences.contains(&"Not said yet: enter the level.".to_owned()));
    }

    #[test]
    fn who_confirmed_last_is_told_first() {
        let last = SignOff {
            seal: "SEAL-2".to_owned(),
            name: "2026-Q1".to_owned(),
            on: Day(20_454),
            signers: vec!["Payments lead (approves)".to_owned()],
            hash: "ab".repeat(32),
        };
        let it = report(&[last]);
        assert_eq!(it.sentences[1], "The scope was confirmed last on 2026-01-01 (2026-Q1).");
        assert_eq!(it.tables[8].rows.len(), 1);
    }
}
