//! PCI DSS 12.8.4: the compliance of providers is checked every year, for the services that are used.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::object::ObjectRef;
use crate::model::party::Vendor;

/// Status of a service provider not current.
pub const RULE: Rule = Rule {
    id: "F-TPSP-STATUS",
    aliases: &[],
    version: 1,
    title: "Status of a service provider not current",
    sentence: "An attestation that has ended, or is about something else, says nothing about \
                the service we use.",
    condition: "The status of a vendor with account data or influence on its security was last \
                checked more than 365 days ago, its attestation has ended, or does not cover \
                every service that is used.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("12.8.4")],
    service_providers_only: false,
    reads: &[
        "vendor.status_checked",
        "vendor.aoc_expires",
        "vendor.services",
        "vendor.services_covered",
        "system.vendor",
        "system.category",
    ],
    shows: &["status_checked", "aoc_expires", "services_covered"],
    false_positives: "The provider may have a newer attestation that nobody entered.",
    question: "Which attestation is current, when was it checked, and which services does it cover?",
    fixes: &[FixOption::fill(
        "Ask for the current attestation with the services used, and record it",
        2,
        &["vendor.status_checked", "vendor.aoc_expires", "vendor.services_covered"],
    )],
    fires: &[
        Example::new(
            "the attestation has ended",
            r#""vendors":[{"id":"v","services":["gateway"],"services_covered":["gateway"],
               "aoc_expires":"2025-08-01","status_checked":"2025-09-01"}],"systems":[{"id":"psp",
               "boundary":"third_party","vendor":"v","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "a service is not covered",
            r#""vendors":[{"id":"v","services":["gateway","vault"],"services_covered":["gateway"],
               "aoc_expires":"2026-08-01","status_checked":"2025-09-01"}],"systems":[{"id":"psp",
               "boundary":"third_party","vendor":"v","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "nobody has checked for two years",
            r#""vendors":[{"id":"v","status_checked":"2023-09-01"}],"systems":[{"id":"psp",
               "boundary":"third_party","vendor":"v","holdings":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the attestation is current and covers the services",
            r#""vendors":[{"id":"v","services":["gateway"],"services_covered":["gateway"],
               "aoc_expires":"2026-08-01","status_checked":"2025-09-01"}],"systems":[{"id":"psp",
               "boundary":"third_party","vendor":"v","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "the vendor has nothing to do with cards",
            r#""vendors":[{"id":"v"}],"systems":[{"id":"news","boundary":"third_party","vendor":"v"}]"#,
        ),
    ],
    checks: &[Check::Vendor(check)],
};

/// One year in days.
const PERIOD: u64 = 365;

fn check(survey: &Survey<'_>, vendor: &Vendor, hits: &mut Hits) {
    let Some(role) = survey.vendor_role(vendor) else { return };
    let facts = &vendor.facts;
    let (checked, expires) = (said::day(facts, "status_checked"), said::day(facts, "aoc_expires"));
    let covered = said::list(facts, "services_covered");
    let attested = expires.is_some() || said::anything(facts, "aoc_date") || !covered.is_empty();
    let used = said::list(facts, "services");
    let uncovered: Vec<&str> = used.into_iter().filter(|it| attested && !covered.contains(it)).collect();
    let subject = ObjectRef::Vendor(vendor.id.clone());
    let mut why: Vec<String> = Vec::new();
    if let Some(end) = expires.filter(|it| hits.over(*it)) {
        why.push(format!("its attestation ended on {end}"));
    }
    if !uncovered.is_empty() {
        why.push(format!("its attestation does not cover {}", uncovered.join(", ")));
    }
    if let Some(day) = checked.filter(|it| hits.overdue(*it, PERIOD)) {
        why.push(format!("its status was last checked on {day}"));
    }
    let hit = match (why.is_empty(), checked) {
        (false, _) => Hit::on(subject, format!("{} {role}, and {}.", vendor.name, why.join(" and "))),
        (true, None) => Hit::ask(subject, format!("When was the compliance of {} last checked?", vendor.name)),
        (true, Some(_)) => return,
    };
    let hit = hit.shows("status_checked", checked).shows("aoc_expires", expires);
    hits.add(hit.shows("services_covered", covered.join(", ").as_str()));
}
