//! The scope statement in the order of requirement 12.5.2, as text.

use std::fmt::Write as _;

use super::derived::Derived;
use super::redaction::Veil;
use super::source::Source;
use crate::model::relations::Boundary;
use crate::scope::verdict::Category;

/// The text, in Markdown.
pub(super) fn write(source: &Source, it: &Derived, veil: &Veil) -> String {
    let mut text = String::new();
    let mut line = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    let draft = source.sealed.is_none();
    line(if draft { "# DRAFT: scope statement" } else { "# Scope statement" });
    line("");
    if draft {
        line("Nothing here was signed. It shows what the model says now, and is no evidence of a confirmed scope.");
        line("");
    }
    line(&format!("Workspace: {}  ", plain(&veil.text(&source.name))));
    let entity = &source.entity;
    if !entity.legal_name.is_empty() {
        line(&format!("Entity: {}  ", plain(&veil.text(&entity.legal_name))));
    }
    let channels: Vec<&str> = entity.channels.iter().map(|it| it.label()).collect();
    if !channels.is_empty() {
        line(&format!("Payment channels: {}  ", channels.join(", ")));
    }
    if let (Some(from), Some(until)) = (entity.from, entity.until) {
        line(&format!("Period: {from} to {until}  "));
    }
    line(&format!("Dates are judged as of {}.  ", source.as_of));
    line(&format!("Plausible questionnaire: {}. This is a hint, never a verdict.", it.scope.saq_hint.label()));
    line("");
    for (heading, sentences) in elements(it) {
        line(&format!("## {heading}"));
        line("");
        sentences.iter().for_each(|sentence| line(sentence));
        line("");
    }
    line("## Signatures");
    line("");
    match &source.sealed {
        None => line("There are none."),
        Some(sealed) => {
            line(&format!("Sealed as {} at {}.", sealed.seal.key, sealed.seal.sealed_at));
            for signed in &sealed.seal.signatures {
                let who = plain(&veil.person(signed.signer.as_str()));
                let (role, statement) = (plain(&veil.text(&signed.role)), plain(&veil.text(&signed.statement)));
                line(&format!("- {who} ({role}) {} on {}: {statement}", signed.part.label().to_lowercase(), signed.at));
            }
        }
    }
    text
}

/// What requirement 12.5.2 asks to be confirmed, each with what the model says and the file that shows it.
fn elements(it: &Derived) -> [(&'static str, Vec<String>); 7] {
    let model = &it.model;
    let with_data = model.flows.values().filter(|it| it.fields.iter().any(|it| it.is_account_data())).count();
    let holding = model.systems.values().filter(|it| it.holdings.iter().any(|it| it.is_account_data())).count();
    let third = model.systems.values().filter(|it| it.boundary == Boundary::ThirdParty).count();
    let of = |category: Category| it.scope.systems.values().filter(|it| it.category == category).count();
    let out = of(Category::OutOfScope);
    let counts = Category::ALL.iter().filter(|it| of(**it) > 0).map(|it| format!("- {}: {}", it.label(), of(*it)));
    let of_rules = it.findings.findings.len();
    [
        (
            "1. Data flows",
            vec![format!("{} flows, {with_data} of them with account data: `05_flows.csv`.", model.flows.len())],
        ),
        ("2. Diagrams", vec!["`04_network_diagram.svg` and the pictures that begin with `05_dataflow_`.".to_owned()]),
        (
            "3. Where account data is",
            vec![format!("{holding} systems hold account data: `06_account_data_locations.csv`.")],
        ),
        ("4. Systems by category", {
            let mut lines: Vec<String> = counts.collect();
            lines.push(String::new());
            lines.push("Each with its rule and its proof: `02_inventory.csv`, `02_scope_proofs.csv`.".to_owned());
            lines
        }),
        (
            "5. Segmentation, and what is out of scope",
            vec![format!(
                "{} controls: `07_segmentation_controls.csv`. {out} systems are out of scope, each with the reason: \
                 `03_out_of_scope_justification.csv`.",
                model.controls.len()
            )],
        ),
        (
            "6. Third parties",
            vec![format!(
                "{} vendors, {third} systems of theirs: `08_connections_third_party.csv` to \
                 `11_responsibility_matrix.csv`.",
                model.vendors.len()
            )],
        ),
        (
            "7. What is not settled",
            vec![format!(
                "{of_rules} findings, {} open questions, {} gaps of the model: `15_findings.csv`, `open_questions.csv`. \
                 `coverage.csv` lists the rules that ran, also those that found nothing.",
                it.findings.questions.len(),
                it.findings.health.len()
            )],
        ),
    ]
}

/// A text on one line in which nothing is taken for a mark of Markdown or HTML.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            control if control.is_control() => out.push(' '),
            mark @ ('\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!') => {
                let _ = write!(out, "\\{mark}");
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_makes_no_mark() {
        assert_eq!(plain("a|<b>\n# [x](y)"), "a\\|\\<b\\> \\# \\[x\\](y)");
    }
}
