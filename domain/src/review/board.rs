//! Every stage of every channel in which the entity is paid: which flows belong to it, or why there are none.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::findings::{Finding, said};
use crate::id::{FlowId, PersonId};
use crate::model::Model;
use crate::model::relations::Lifecycle;
use crate::text::text_enum;
use crate::time::Day;

text_enum! {
    /// A way in which customers pay.
    PaymentChannel {
        CardPresent = "card_present": "Card present",
        Moto = "moto": "Mail and telephone order",
        ECommerce = "e_commerce": "E-commerce",
        InApp = "in_app": "In an app",
    }
}

text_enum! {
    /// A step in the life of a payment.
    PaymentStage {
        Authorisation = "authorisation": "Authorisation",
        Capture = "capture": "Capture",
        Settlement = "settlement": "Settlement",
        Refund = "refund": "Refund",
        Chargeback = "chargeback": "Chargeback",
        Recurring = "recurring": "Recurring payment",
    }
}

/// Why a stage of a channel has no flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The channel.
    pub channel: PaymentChannel,
    /// The stage.
    pub stage: PaymentStage,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: PersonId,
    /// On which day.
    pub on: Day,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The channel.
    pub channel: PaymentChannel,
    /// The stage.
    pub stage: PaymentStage,
    /// Its flows, by key.
    pub flows: Vec<FlowId>,
    /// Why it has none. What is said of a cell that has flows is kept, and shown as out of date.
    pub explanation: Option<Explanation>,
}

impl Cell {
    /// Whether it has neither a flow nor a reason.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.flows.is_empty() && self.explanation.is_none()
    }
}

/// The cells of every channel that the entity has, or that a flow names.
#[must_use]
pub fn board(model: &Model, channels: &BTreeSet<PaymentChannel>, explanations: &[Explanation]) -> Vec<Cell> {
    let mut flows: BTreeMap<(PaymentChannel, PaymentStage), Vec<FlowId>> = BTreeMap::new();
    let mut channels = channels.clone();
    for flow in model.flows.values().filter(|it| matches!(it.stage, Lifecycle::Live | Lifecycle::Retiring)) {
        for channel in said::list(&flow.facts, "payment_channel").into_iter().filter_map(|it| it.parse().ok()) {
            channels.insert(channel);
            for stage in said::list(&flow.facts, "payment_stage").into_iter().filter_map(|it| it.parse().ok()) {
                flows.entry((channel, stage)).or_default().push(flow.id.clone());
            }
        }
    }
    let said = |channel, stage| explanations.iter().rfind(|it| (it.channel, it.stage) == (channel, stage)).cloned();
    let stages = |channel| PaymentStage::ALL.iter().map(move |stage| (channel, *stage));
    let cells = channels.into_iter().flat_map(stages).map(|(channel, stage)| Cell {
        channel,
        stage,
        flows: flows.remove(&(channel, stage)).unwrap_or_default(),
        explanation: said(channel, stage),
    });
    cells.collect()
}

/// Whether a gap of the model is a cell of the board that has its reason.
#[must_use]
pub fn is_explained(finding: &Finding, explanations: &[Explanation]) -> bool {
    finding.rule == "H4"
        && explanations.iter().any(|it| finding.discriminator == format!("{}:{}", it.channel, it.stage))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::answers::Answers;
    use crate::findings::evaluation::evaluate;
    use crate::model::reader::read_json;
    use crate::scope::compute;

    fn model() -> Model {
        let text = r#"{"systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
            "payment_stage":["authorisation","capture"],"payment_channel":["e_commerce"]}]}"#;
        read_json(text.as_bytes()).unwrap().0
    }

    fn because(stage: PaymentStage) -> Explanation {
        let reason = "The provider settles without us".to_owned();
        Explanation { channel: PaymentChannel::ECommerce, stage, reason, by: "lead".into(), on: Day(20_000) }
    }

    #[test]
    fn every_stage_has_its_flows_or_a_reason() {
        let cells = board(&model(), &[PaymentChannel::Moto].into(), &[because(PaymentStage::Settlement)]);
        assert_eq!(cells.len(), 12, "the channel that the entity has, and the one that a flow names");
        let open: Vec<_> = cells.iter().filter(|it| it.is_open() && it.channel == PaymentChannel::ECommerce).collect();
        let stages: Vec<_> = open.iter().map(|it| it.stage).collect();
        assert_eq!(stages, [PaymentStage::Refund, PaymentStage::Chargeback, PaymentStage::Recurring]);
    }

    #[test]
    fn a_gap_with_a_reason_is_explained() {
        let model = model();
        let findings = evaluate(&model, &compute(&model), &Answers::new(), model.settings.as_of.start());
        let gaps: Vec<&Finding> = findings.health.iter().filter(|it| it.rule == "H4").collect();
        assert_eq!(gaps.len(), 3);
        let explained = gaps.iter().filter(|it| is_explained(it, &[because(PaymentStage::Refund)])).count();
        assert_eq!(explained, 1);
    }
}
