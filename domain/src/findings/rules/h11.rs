//! Health of the model: a page with a card form of our own receives card data.

use crate::findings::data;
use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::model::relations::PaymentPage;

/// Card form without card data.
pub const RULE: Rule = Rule {
    id: "H11",
    aliases: &[],
    version: 1,
    title: "Card form without card data",
    sentence: "A form that takes cards, in a model without cards, hides the whole way of the card.",
    condition: "A system of ours serves a card form of its own, and neither holds nor passes on \
                any card number.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &["system.payment_page", "system.holdings", "flow.fields"],
    shows: &["payment_page"],
    false_positives: "None: the card form receives the card.",
    question: "Which way does the card take from the form?",
    fixes: &[FixOption::fill("Enter the card number on the system and its flows", 1, &["system.holdings"])],
    fires: &[Example::new("the form has no card data", r#""systems":[{"id":"web","payment_page":"merchant_form"}]"#)],
    silent: &[
        Example::new(
            "it has",
            r#""systems":[{"id":"web","payment_page":"merchant_form","holdings":[{"element":"pan",
               "ops":["process"]}]}]"#,
        ),
        Example::new("it embeds the provider", r#""systems":[{"id":"web","payment_page":"iframe"}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(node.is_own() && node.active && node.system.payment_page == PaymentPage::MerchantForm) {
        return;
    }
    let held = node.system.holdings.iter().any(data::is_pan);
    let carried = survey.flows(node).chain(survey.passing(node)).any(|it| it.flow.fields.iter().any(data::is_pan));
    if !(held || carried) {
        let sentence = format!("{} has a card form, and no card number goes in or out.", node.name());
        hits.add(Hit::on(node.subject(), sentence).shows("payment_page", "merchant_form"));
    }
}
