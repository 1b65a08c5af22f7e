//! Which self-assessment questionnaire looks plausible. A hint: the acquirer decides.

use super::graph::Graph;
use super::verdict::{Category, SaqHint, Sub};
use crate::model::relations::{Boundary, PaymentPage};

/// The first line that fits decides. `of` tells the category and sub-category of a system by its number.
pub(super) fn saq_hint(graph: &Graph<'_>, of: impl Fn(u32) -> (Category, Option<Sub>)) -> SaqHint {
    let mut open_data = false;
    let mut sealed_data = false;
    let mut data_at_third_party = false;
    let mut own_form = false;
    let mut foreign_form = false;
    for (number, node) in (0_u32..).zip(&graph.nodes) {
        let (category, sub) = of(number);
        let handles_data = node.boundary == Boundary::Own && category == Category::Cde && sub == Some(Sub::Data);
        open_data |= handles_data && !node.sealed;
        sealed_data |= handles_data && node.sealed;
        data_at_third_party |= category == Category::ThirdParty && sub == Some(Sub::AccountData);
        match graph.systems[number as usize].payment_page {
            PaymentPage::DirectPost | PaymentPage::JsForm => own_form |= node.active,
            PaymentPage::Redirect | PaymentPage::Iframe => foreign_form |= node.active,
            PaymentPage::None | PaymentPage::MerchantForm => {}
        }
    }
    let mut keys = graph.model.keys.values().peekable();
    let only_listed_keys = keys.peek().is_some() && keys.all(|key| key.p2pe_listed);
    let hint = if open_data {
        SaqHint::D
    } else if own_form {
        SaqHint::AEp
    } else if foreign_form {
        SaqHint::A
    } else if sealed_data {
        if only_listed_keys { SaqHint::P2pe } else { SaqHint::D }
    } else if data_at_third_party {
        SaqHint::A
    } else {
        SaqHint::None
    };
    match hint {
        SaqHint::None => SaqHint::None,
        _ if graph.model.settings.service_provider => SaqHint::DSp,
        hint => hint,
    }
}
