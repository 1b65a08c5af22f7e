//! Verdicts in sentences, with the objects they name as links.
//!
//! The first sentence states the verdict and its rule. Then comes the proof: for verdicts that rest on data the way
//! of the data, one sentence per hop; for the others the path from the seed, one sentence per step; out of scope
//! what keeps the system out. Flags and the number of other reasons close it.

mod data;
mod exclusion;
mod path;
mod proof;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
pub(super) use words::data_words;

use super::chain::Chain;
use super::effect::Custody;
use super::graph::Graph;
use super::grouped::Grouped;
use super::holdings::{CopyEdge, Holdings};
use super::overrides;
use super::separation::Estate;
use super::verdict::{Arrival, Category, Flag, Reason, Rule, Scope, Sub, Verdict};
use super::ways::Ways;
use crate::id::{FlowId, SystemId};
use crate::model::Model;
use crate::model::relations::View;

/// A sentence in parts, so that a page can link what it names and a report can print it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sentence(pub Vec<Part>);

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Words.
    Text(String),
    /// A system, with its name.
    System(SystemId, String),
    /// A flow, with its name or its key.
    Flow(FlowId, String),
}

impl std::fmt::Display for Sentence {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in &self.0 {
            match part {
                Part::Text(text) | Part::System(_, text) | Part::Flow(_, text) => out.write_str(text)?,
            }
        }
        Ok(())
    }
}

/// Why a system has its verdict, as sentences in the order of the proof. Empty where the scope has no such system.
///
/// The model must be the one that the scope was computed from.
#[must_use]
pub fn explain(model: &Model, scope: &Scope, system: &SystemId) -> Vec<Sentence> {
    explain_with_way(model, scope, system).0
}

/// As [`explain`], with the way of the data that decided, for whoever draws it as well.
#[must_use]
pub fn explain_with_way(model: &Model, scope: &Scope, system: &SystemId) -> (Vec<Sentence>, Chain<Arrival>) {
    let explainer = Explainer::new(model, scope, [system]);
    (explainer.explain(system), explainer.ways.way(system))
}

/// As [`explain`], for every system that the scope has.
#[must_use]
pub fn explain_all(model: &Model, scope: &Scope) -> BTreeMap<SystemId, Vec<Sentence>> {
    let explainer = Explainer::new(model, scope, scope.systems.keys());
    scope.systems.keys().map(|id| (id.clone(), explainer.explain(id))).collect()
}

/// Explains several systems of one model; what the sentences need is looked up once.
pub(super) struct Explainer<'a> {
    scope: &'a Scope,
    graph: Graph<'a>,
    holdings: Holdings<'a>,
    custody: Custody,
    estate: Estate<'a>,
    ways: Ways,
    /// The copies that each system takes.
    copies_into: Grouped<CopyEdge>,
}

impl<'a> Explainer<'a> {
    /// `systems` are those that will be asked for.
    pub(super) fn new<'s>(model: &'a Model, scope: &'a Scope, systems: impl IntoIterator<Item = &'s SystemId>) -> Self {
        let (graph, holdings) = Graph::with_holdings(model);
        let custody = Custody::of(&graph, &holdings);
        let category = |id: &SystemId| scope.systems.get(id).map_or(Category::NotLive, |verdict| verdict.category);
        let estate = Estate::new(&graph, graph.systems.iter().map(|it| category(&it.id)).collect());
        let copies_into = Grouped::of_pairs(graph.len(), holdings.copies.iter().map(|copy| (copy.into, *copy)));
        let ways = Ways::within(&graph, &holdings, &custody, scope, systems);
        Self { scope, graph, holdings, custody, estate, ways, copies_into }
    }

    pub(super) fn verdict(&self, id: &SystemId) -> Option<&Verdict> {
        self.scope.systems.get(id)
    }

    /// A way of the data to a system, told like the shortest one.
    pub(super) fn data_sentences(&self, id: &SystemId, verdict: &Verdict, way: &[Arrival]) -> Vec<Sentence> {
        self.graph.number_of(id).map(|system| self.way_of_the_data(system, verdict, way)).unwrap_or_default()
    }

    pub(super) fn explain(&self, id: &SystemId) -> Vec<Sentence> {
        let (Some(verdict), Some(system)) = (self.scope.systems.get(id), self.graph.number_of(id)) else {
            return Vec::new();
        };
        let mut sentences = vec![self.verdict_sentence(system, verdict)];
        sentences.extend(self.decision_sentences(system, verdict));
        let way = self.ways.way(id).to_vec();
        if !way.is_empty() {
            sentences.extend(self.way_of_the_data(system, verdict, &way));
        } else if verdict.witness.len() > 1 {
            sentences.extend(self.path_sentences(verdict));
        } else if verdict.category == Category::OutOfScope && verdict.rule != Some(Rule::ODown) {
            sentences.extend(self.exclusion_sentences(system));
        } else if let Some(step) = verdict.steps.last().filter(|step| step.rule != Rule::OUp) {
            sentences.push(self.seed_sentence(system, step.rule));
        }
        sentences.extend(verdict.flags.iter().filter_map(|flag| self.flag_sentence(system, *flag)));
        sentences.extend(other_reasons(verdict));
        sentences
    }

    /// The verdict, and the rule in words.
    fn verdict_sentence(&self, system: u32, verdict: &Verdict) -> Sentence {
        let it = self.name(Sentence::default(), system);
        match (verdict.category, verdict.rule) {
            (Category::External, _) => it.text(" is external: it is never part of our assessment."),
            (Category::NotLive, _) => match self.graph.model.settings.view {
                View::Current => it.text(" is not live, so it does not count in the current view."),
                View::Target => it.text(" does not exist in the target view, so it does not count there."),
            },
            (Category::OutOfScope, Some(Rule::ODown)) => it.text(" is out of scope, because a person decided so."),
            (Category::OutOfScope, Some(Rule::NSegmented)) => {
                it.text(" is out of scope, although it touches what is in scope.")
            }
            (Category::OutOfScope, _) => {
                it.text(" is out of scope: the model has no relation between it and anything in scope.")
            }
            (Category::ThirdParty, _) => it.text(third_party_words(verdict.sub)),
            (category, Some(Rule::OUp | Rule::ODown)) => {
                it.text(category_words(category)).text(", because a person decided so.")
            }
            (category, _) => {
                let because = verdict.steps.last().map(|step| Reason { label: step.label, rule: step.rule });
                let because = because.map(|reason| words::reason_words(&reason)).unwrap_or_default();
                it.text(category_words(category)).text(": it ").text(because).text(".")
            }
        }
    }

    /// The decision that applies, with who made it and why.
    fn decision_sentences(&self, system: u32, verdict: &Verdict) -> Vec<Sentence> {
        let computed = verdict.computed_category.filter(|_| verdict.flags.contains(&Flag::OverrideApplied));
        let decision = computed.and_then(|computed| overrides::applied(&self.graph, system, computed));
        let Some(decision) = decision else { return Vec::new() };
        let person = |key: &Option<String>| {
            key.as_ref().map(|key| {
                let record = self.graph.model.people.get(key.as_str());
                record.map_or_else(|| key.clone(), |it| it.name.clone())
            })
        };
        let asked = person(&decision.author).map_or("Somebody".to_owned(), |name| name);
        let approved =
            person(&decision.approver).map_or("nobody approved it".to_owned(), |it| format!("{it} approved it"));
        let valid = decision.expires.map(|day| format!("; it is valid until {day}")).unwrap_or_default();
        let mut sentences = vec![Sentence::of(format!("{asked} asked for the decision; {approved}{valid}."))];
        if !decision.justification.trim().is_empty() {
            sentences.push(Sentence::of("Its justification: ").text(words::quoted(decision.justification.trim())));
        }
        sentences
    }

    fn flag_sentence(&self, system: u32, flag: Flag) -> Option<Sentence> {
        let text = match flag {
            Flag::OverrideApplied => return Some(self.without_the_decision(system)),
            Flag::SegmentationUnverified => return Some(self.unverified_blocks(system)),
            Flag::EncNoKey => {
                "It holds ciphertext that brings nothing into scope on the condition that nobody in the organisation \
                 can decrypt it."
            }
            Flag::OverrideExpired => "A decision on its category has expired or has no last day, and does not count.",
            Flag::OverrideForbidden => {
                "A decision on its category does not count: card data that it handles in clear, or in a form that nobody \
                 knows, cannot be decided away. The model has to change instead."
            }
            Flag::OverrideRejected => {
                "A decision on its category does not count, because it lacks what it needs: a justification, evidence and \
                 an approver who is not the author, on a system of ours that is live."
            }
            Flag::OverrideStale => {
                "A decision on its category does not count, because the facts changed since; it has to be made again."
            }
            Flag::PivotRisk => {
                "It shares a network zone with a system in scope, so whoever takes over that system stands next to it."
            }
            Flag::RetiredWithData => "It is retired, but its stores are not disposed of, so its data still counts.",
        };
        Some(Sentence::of(text))
    }

    fn without_the_decision(&self, system: u32) -> Sentence {
        let id = &self.graph.systems[system as usize].id;
        let computed = self.scope.systems.get(id).and_then(|verdict| verdict.computed_category);
        let computed = computed.map_or("unknown", Category::label);
        Sentence::of(format!("Without the decision its category would be: {computed}."))
    }

    fn unverified_blocks(&self, system: u32) -> Sentence {
        let blocked = self.graph.neighbours(system).filter(|it| it.connection.counts && it.connection.blocked);
        let mut flows: Vec<u32> = blocked.map(|it| it.connection.flow).collect();
        flows.sort_unstable();
        let sentence = Sentence::of("A connection that should be blocked counts, because no test verified the block: ");
        self.list_flows(sentence, &flows).text(".")
    }
}

fn category_words(category: Category) -> &'static str {
    match category {
        Category::Cde => " is part of the cardholder data environment (CDE)",
        Category::SecurityImpacting => " is in scope as security-impacting",
        Category::ConnectedTo => " is in scope as connected to the CDE",
        Category::OutOfScope => " is out of scope",
        Category::ThirdParty => " is a third party",
        Category::External => " is external",
        Category::NotLive => " is not live",
    }
}

fn third_party_words(sub: Option<Sub>) -> &'static str {
    match sub {
        Some(Sub::AccountData) => {
            " is a third party that receives account data, so it belongs on the list of service providers \
             (PCI DSS 12.8.1)."
        }
        Some(Sub::Security) => {
            " is a third party that can affect the security of account data, so it belongs on the list of service \
             providers (PCI DSS 12.8.1)."
        }
        Some(Sub::Access) => {
            " is a third party with access towards the CDE, so it belongs on the list of service providers \
             (PCI DSS 12.8.1)."
        }
        Some(Sub::EncryptedOnly) => {
            " is a third party that holds ciphertext without its key, so it belongs on the list of service providers \
             (PCI DSS 12.8.1)."
        }
        _ => " is a third party without account data and without influence on its security.",
    }
}

/// How many other reasons there are: without them people remove one and wonder that nothing changes.
fn other_reasons(verdict: &Verdict) -> Option<Sentence> {
    let others = verdict.reasons.saturating_sub(1);
    let are = match others {
        0 => return None,
        1 => "There is 1 other reason".to_owned(),
        more => format!("There are {more} other reasons"),
    };
    let listed: Vec<String> = verdict.other_reasons.iter().map(words::reason_words).collect();
    let more = if others > listed.len() { "; and more" } else { "" };
    let listed = listed.join("; ");
    Some(Sentence::of(format!("{are} ({listed}{more}), so removing the one shown may change nothing.")))
}

#[cfg(test)]
mod tests {
    use super::super::testing::model;
    use super::*;
    use crate::scope::compute;

    /// The explanation of a system, one sentence per line.
    fn told(members: &str, id: &str) -> String {
        let model = model(members);
        let sentences = explain(&model, &compute(&model), &id.into());
        sentences.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    const JUMP: &str = r#""systems":[{"id":"vault","name":"Vault","holdings":[{"element":"pan","ops":["store"]}]},
        {"id":"jump","name":"Jump host","kind":"jump_host","manages":[{"target":"vault","how":"admin"}]},
        {"id":"ws","name":"Admin workstation"},{"id":"desk","name":"Help desk"}],
        "flows":[{"id":"ssh-jump","from":"ws","to":"jump","protocol":"ssh"},
            {"id":"rdp","name":"Remote help","from":"desk","to":"ws","protocol":"rdp"}]"#;

    #[test]
    fn a_witness_is_told_step_by_step() {
        insta::assert_snapshot!(told(JUMP, "ws"), @r"
Admin workstation is in scope as connected to the CDE: it can reach the CDE through another system.
Vault handles the card number in clear.
Jump host administers Vault.
Admin workstation can open SSH to Jump host (flow ssh-jump), and Jump host passes access on to what it reaches itself.
");
    }

    #[test]
    fn out_of_scope_says_what_keeps_it_out() {
        insta::assert_snapshot!(told(JUMP, "desk"), @r"
Help desk is out of scope, although it touches what is in scope.
A connection joins Help desk with Admin workstation (flow Remote help), which is connected to the CDE, but that system passes no access on, so the connection gives no way into the CDE.
The exclusion holds as long as this is tested (PCI DSS 11.4.5) and justified (PCI DSS 12.5.2).
");
        let filtered = r#""systems":[{"id":"cde","name":"Checkout","segment":"c","holdings":[{"element":"pan"}]},
            {"id":"bi","name":"Reports","segment":"office"}],
            "segment_links":[{"a":"office","b":"c","policy":"denied","control":"fw"}],
            "controls":[{"id":"fw","name":"Office firewall","type":"firewall","status":"verified","last_tested":"2025-11-02"}],
            "flows":[{"id":"old","from":"bi","to":"cde","access":"blocked","control":"fw"}]"#;
        insta::assert_snapshot!(told(filtered, "bi"), @r"
Reports is out of scope, although it touches what is in scope.
A connection joins Reports with Checkout (flow old), which is part of the CDE, but it is blocked by “Office firewall” (verified, last tested 2025-11-02).
What passes between the segment of Reports and the CDE segment “c” is denied by “Office firewall” (verified, last tested 2025-11-02).
The exclusion holds as long as this is tested (PCI DSS 11.4.5) and justified (PCI DSS 12.5.2).
");
        assert_eq!(
            told(r#""systems":[{"id":"a"}]"#, "a"),
            "a is out of scope: the model has no relation between it and anything in scope."
        );
    }

    #[test]
    fn data_is_told_along_its_way() {
        let members = r#""systems":[{"id":"shopper","name":"Shopper","boundary":"external"},{"id":"cdn","name":"CDN","boundary":"third_party"},
            {"id":"api","name":"API"},{"id":"db","name":"Orders"},{"id":"copy","name":"Archive","copies":[{"from":"db"}]},
            {"id":"kms","name":"Key server"}],
            "keys":[{"id":"k","name":"Order key","holders":["kms"]}],
            "flows":[{"id":"order","from":"shopper","to":"api","via":[{"node":"cdn","mode":"inspect"}],
                "data":[{"element":"pan"},{"element":"card_verification_code"}]},
                {"id":"keep","from":"api","to":"db","data":[{"element":"pan","form":"encrypted","key":"k","ops":["store"]}]}]"#;
        insta::assert_snapshot!(told(members, "copy"), @r"
Archive is part of the cardholder data environment (CDE): it holds ciphertext whose key another system of ours holds.
The data enters the model at Shopper.
Shopper sends the card number in clear and the card verification code in clear to API (flow order).
API sends the encrypted card number to Orders (flow keep).
Archive copies the stores of Orders.
Key server holds the key “Order key”, so the organisation can decrypt it.
");
        insta::assert_snapshot!(told(members, "cdn"), @r"
CDN is a third party that receives account data, so it belongs on the list of service providers (PCI DSS 12.8.1).
The data enters the model at Shopper.
CDN inspects what Shopper sends (flow order), and so has the card number in clear and the card verification code in clear.
There is 1 other reason (lies on a connection of a CDE system), so removing the one shown may change nothing.
");
    }

    #[test]
    fn a_system_that_makes_the_form_that_counts_is_told_to_do_so() {
        let members = r#""systems":[{"id":"a","boundary":"external"},{"id":"v"},{"id":"b"}],
            "flows":[{"id":"in","from":"a","to":"v","data":[{"element":"pan","form":"tokenised"}]},
                {"id":"out","from":"v","to":"b","data":[{"element":"pan"}]}]"#;
        assert!(told(members, "v").contains("\nv itself sends the card number in clear (flow out)."));
        let declared = r#""systems":[{"id":"a","boundary":"external"},{"id":"v","holdings":[{"element":"pan"}]}],
            "flows":[{"id":"in","from":"a","to":"v","data":[{"element":"pan","form":"encrypted"}]}]"#;
        assert!(told(declared, "v").contains("\nv itself handles the card number in clear, as its own record says."));
    }

    #[test]
    fn what_a_copy_takes_is_told_where_the_way_does_not_bring_it() {
        let members = r#""systems":[{"id":"web","boundary":"external"},{"id":"db","copies":[{"from":"ledger"}]},
            {"id":"copy","copies":[{"from":"db"}]},{"id":"ledger","holdings":[{"element":"pan","ops":["store"]}]}],
            "flows":[{"id":"in","from":"web","to":"db","data":[{"element":"pan"}],
                "via":[{"node":"ledger","mode":"inspect"}]}]"#;
        insta::assert_snapshot!(told(members, "copy"), @r"
copy is part of the cardholder data environment (CDE): it handles the card number in clear.
The data enters the model at web.
web sends the card number in clear to db (flow in).
copy copies the stores of db.
ledger itself stores the card number in clear, as its own record says.
db copies the stores of ledger.
");
    }

    #[test]
    fn data_that_goes_round_in_a_circle_is_told_to_come_from_nowhere() {
        let members = r#""systems":[{"id":"a"},{"id":"b"},{"id":"copy","copies":[{"from":"a"}]}],
            "flows":[{"id":"ab","from":"a","to":"b","data":[{"element":"pan","ops":["store"]}]},
                {"id":"ba","from":"b","to":"a","data":[{"element":"pan","form":"tokenised"}]}]"#;
        assert!(
            told(members, "copy").contains("copy copies the stores of a; no record says where it enters the model.")
        );
        assert!(told(members, "b").contains("b receives the card number in clear (flow ab); no record says"));
    }

    #[test]
    fn a_decision_is_told_with_its_reason_and_what_holds_without_it() {
        let members = r#""people":[{"id":"lead","name":"Payments lead"}],"systems":[{"id":"r","name":"Refunds"}],
            "overrides":[{"system":"r","category":"security_impacting","author":"lead","justification":"It pays out.",
                "expires":"2026-06-30"}]"#;
        insta::assert_snapshot!(told(members, "r"), @r"
Refunds is in scope as security-impacting, because a person decided so.
Payments lead asked for the decision; nobody approved it; it is valid until 2026-06-30.
Its justification: “It pays out.”
Without the decision its category would be: Out of scope.
");
    }

    #[test]
    fn systems_and_flows_are_links_with_their_names() {
        let model = model(JUMP);
        let sentences = explain(&model, &compute(&model), &"desk".into());
        let parts: Vec<&Part> = sentences.iter().flat_map(|sentence| &sentence.0).collect();
        assert!(parts.contains(&&Part::Flow("rdp".into(), "Remote help".to_owned())));
        assert!(parts.contains(&&Part::System("ws".into(), "Admin workstation".to_owned())));
    }

    #[test]
    fn what_the_scope_does_not_know_has_no_explanation() {
        let model = model(JUMP);
        assert_eq!(explain(&model, &compute(&model), &"nobody".into()), []);
    }
}
