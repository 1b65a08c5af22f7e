//! PCI DSS 6.4.3: scripts of payment pages are inventoried, justified, authorised and checked for integrity.

use std::sync::Arc;

use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey, record};
use crate::findings::{Finding, said};
use crate::model::object::{Object, ObjectKind, ObjectRef, Record, RecordKey};
use crate::model::relations::PaymentPage;

/// Scripts of a payment page not under control.
pub const RULE: Rule = Rule {
    id: "F-SCRIPTS",
    aliases: &["PF-28"],
    version: 1,
    title: "Scripts of a payment page not under control",
    sentence: "A script on the checkout page reads what the customer types.",
    condition: "A page that takes or embeds the card form has no inventory of its scripts, or a \
                script on it lacks an authorisation, an integrity method or a reason. A page \
                that redirects to the provider is not meant.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("6.4.3")],
    service_providers_only: false,
    reads: &[
        "system.payment_page",
        "page.system",
        "page.style",
        "script.page",
        "script.authorised_by",
        "script.integrity_method",
        "script.justification",
        "script.purpose",
    ],
    shows: &["payment_page", "page", "authorised_by", "integrity_method", "justification", "scripts"],
    false_positives: "A script that the provider serves inside of its own frame is the provider's.",
    question: "Which inventory lists the scripts, and who authorised each of them?",
    fixes: &[
        FixOption::fill(
            "Authorise the script, say why it is needed, and check its integrity",
            2,
            &["script.authorised_by", "script.integrity_method", "script.justification"],
        ),
        FixOption::change("Remove the script from the page", 1, remove),
    ],
    fires: &[
        Example::new(
            "a script is not authorised",
            r#""systems":[{"id":"web","kind":"web","payment_page":"iframe"}],"pages":[{"id":"p",
               "system":"web"}],"scripts":[{"id":"s","page":"p","purpose":"visit counts"}]"#,
        ),
        Example::new(
            "a card form has no inventory of scripts",
            r#""systems":[{"id":"web","kind":"web","payment_page":"merchant_form"}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the script is authorised, justified and checked",
            r#""people":[{"id":"lead"}],"systems":[{"id":"web","kind":"web","payment_page":"iframe"}],
               "pages":[{"id":"p","system":"web"}],"scripts":[{"id":"s","page":"p","purpose":"card form",
               "authorised_by":"lead","integrity_method":"sri"}]"#,
        ),
        Example::new(
            "the page redirects to the provider",
            r#""systems":[{"id":"web","kind":"web","payment_page":"redirect"}],"pages":[{"id":"p",
               "system":"web"}],"scripts":[{"id":"s","page":"p"}]"#,
        ),
    ],
    checks: &[Check::System(system), Check::Record(ObjectKind::Script, script)],
};

fn system(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let style = node.system.payment_page;
    if !(node.is_own() && node.active && takes_cards(style)) {
        return;
    }
    let scripts = node.pages.iter().map(|page| survey.scripts(page).count()).sum::<usize>();
    if scripts == 0 {
        let sentence = format!("{} serves a payment page, and no inventory lists its scripts.", node.name());
        let hit = Hit::on(node.subject(), sentence).shows("payment_page", style.as_str());
        hits.add(hit.shows("scripts", scripts as u64));
    }
}

fn script(survey: &Survey<'_>, script: &Record, hits: &mut Hits) {
    let page = said::text(&script.facts, "page").map(|id| RecordKey { kind: ObjectKind::Page, id: id.into() });
    let Some(page) = page.and_then(|key| survey.model.records.get(&key)) else { return };
    let system = said::text(&page.facts, "system").and_then(|id| survey.node(&id.into()));
    let stated = said::text(&page.facts, "style").and_then(|it| it.parse::<PaymentPage>().ok());
    let style = stated.or_else(|| system.map(|it| it.system.payment_page));
    if !style.is_some_and(takes_cards) {
        return;
    }
    let authorised = said::anything(&script.facts, "authorised_by");
    let method = said::text(&script.facts, "integrity_method").filter(|it| *it != "none");
    let reason = said::anything(&script.facts, "justification") || said::anything(&script.facts, "purpose");
    let lacks =
        [(authorised, "an authorisation"), (method.is_some(), "a check of its integrity"), (reason, "a reason")];
    let lacks: Vec<&str> = lacks.iter().filter(|(there, _)| !there).map(|(_, words)| *words).collect();
    if lacks.is_empty() {
        return;
    }
    let sentence = format!("The script {} runs on {} without {}.", script.name, page.name, lacks.join(" and "));
    let hit = Hit::on(record(script), sentence).shows("page", record(page)).shows("authorised_by", authorised);
    hits.add(hit.shows("integrity_method", method).shows("justification", reason));
}

/// Whether the customer types the card into the page, or into a frame on it.
const fn takes_cards(style: PaymentPage) -> bool {
    !matches!(style, PaymentPage::None | PaymentPage::Redirect)
}

fn remove(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::Record(key) = &finding.subject else { return Vec::new() };
    let Some(script) = survey.model.records.get(key) else { return Vec::new() };
    let mut script = Record::clone(script);
    script.facts.remove("page");
    vec![Step::Put(Box::new(Object::Record(Arc::new(script))))]
}
