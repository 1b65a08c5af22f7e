//! PCI DSS 11.6.1: changes of payment pages and their headers are detected as the customer gets them, at least
//! every week or as a risk analysis says.

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{Finding, said};
use crate::model::kinds::ControlType;
use crate::model::object::Record;
use crate::model::relations::PaymentPage;

/// Tampering with the payment page goes unnoticed.
pub const RULE: Rule = Rule {
    id: "F-PAGE-TAMPER",
    aliases: &[],
    version: 1,
    title: "Tampering with the payment page goes unnoticed",
    sentence: "One changed line on the checkout page sends every card to a thief, and nobody \
                notices.",
    condition: "A page that takes or embeds the card form has no mechanism that detects \
                tampering, or it runs less often than every seven days without a risk analysis.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("11.6.1")],
    service_providers_only: false,
    reads: &["system.payment_page", "system.controls", "page.system", "page.tamper_detection"],
    shows: &["payment_page", "mechanism", "frequency_days", "tra_ref"],
    false_positives: "A page that redirects to the provider is not meant.",
    question: "How does the mechanism see the page, and when was its alert last tested?",
    fixes: &[FixOption::change("Detect tampering with the page every week", 3, detect)],
    fires: &[
        Example::new("nothing detects it", r#""systems":[{"id":"web","kind":"web","payment_page":"iframe"}]"#),
        Example::new(
            "it runs once a month",
            r#""systems":[{"id":"web","kind":"web","payment_page":"iframe"}],"pages":[{"id":"p",
               "system":"web","tamper_detection":{"mechanism":"monitor","frequency_days":30}}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it runs every week",
            r#""systems":[{"id":"web","kind":"web","payment_page":"iframe"}],"pages":[{"id":"p",
               "system":"web","tamper_detection":{"mechanism":"monitor","frequency_days":7}}]"#,
        ),
        Example::new("the page redirects", r#""systems":[{"id":"web","kind":"web","payment_page":"redirect"}]"#),
        Example::new(
            "a control does it",
            r#""systems":[{"id":"web","kind":"web","payment_page":"iframe",
               "controls":["page_tamper_detection"]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

/// The longest time between two checks where no risk analysis says otherwise, in days.
const PERIOD: u64 = 7;

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let style = node.system.payment_page;
    let takes_cards = !matches!(style, PaymentPage::None | PaymentPage::Redirect);
    if !(takes_cards && node.is_own() && node.active) || survey.has_control(node, &[ControlType::PageTamperDetection]) {
        return;
    }
    let part = |page: &Record, name: &str| said::part(&page.facts, "tamper_detection", name).cloned();
    let bad = |page: &&&Record| {
        let days = part(page, "frequency_days").and_then(|it| it.as_u64());
        let rare = days.is_some_and(|days| days > PERIOD) && part(page, "tra_ref").is_none();
        part(page, "mechanism").is_none() || rare
    };
    let page = node.pages.iter().find(bad);
    let (mechanism, days) = match page {
        None if node.pages.is_empty() => (None, None),
        None => return,
        Some(page) => (part(page, "mechanism"), part(page, "frequency_days").and_then(|it| it.as_u64())),
    };
    let sentence = match (&mechanism, days) {
        (Some(_), Some(days)) => {
            format!("Tampering with the payment page of {} is looked for every {days} days only.", node.name())
        }
        _ => format!("{} serves a payment page, and nothing detects tampering with it.", node.name()),
    };
    let hit = Hit::on(node.subject(), sentence).shows("payment_page", style.as_str());
    hits.add(hit.shows("mechanism", mechanism.is_some()).shows("frequency_days", days));
}

fn detect(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    fix::system(survey, finding, |system| system.controls.push("page_tamper_detection".to_owned()))
}
