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

#[cfg(test)]
mod tests {
    use super::super::testing::scope;
    use super::*;

    #[test]
    fn the_first_line_that_fits_decides() {
        let page = |page: &str| format!(r#"{{"id":"shop","payment_page":"{page}"}}"#);
        let psp = r#"{"id":"psp","boundary":"third_party","holdings":[{"element":"pan"}]}"#;
        let poi = r#"{"id":"poi","sealed_scd":true,"holdings":[{"element":"pan"}]}"#;
        let database = r#"{"id":"db","holdings":[{"element":"pan"}]}"#;
        for (systems, expected) in [
            (format!("{database},{}", page("redirect")), SaqHint::D),
            (format!("{},{poi}", page("direct_post")), SaqHint::AEp),
            (page("js_form"), SaqHint::AEp),
            (format!("{},{psp}", page("iframe")), SaqHint::A),
            (page("merchant_form"), SaqHint::None),
            (format!("{poi},{psp}"), SaqHint::D),
            (psp.to_owned(), SaqHint::A),
            (r#"{"id":"v"}"#.to_owned(), SaqHint::None),
        ] {
            assert_eq!(scope(&format!(r#""systems":[{systems}]"#)).saq_hint, expected, "{systems}");
            let provider = scope(&format!(r#""settings":{{"service_provider":true}},"systems":[{systems}]"#)).saq_hint;
            assert_eq!(provider, if expected == SaqHint::None { SaqHint::None } else { SaqHint::DSp }, "{systems}");
        }
    }

    #[test]
    fn p2pe_needs_keys_and_all_of_them_listed() {
        let with = |keys: &str| {
            let poi = r#"{"id":"poi","sealed_scd":true,"holdings":[{"element":"pan"}]}"#;
            scope(&format!(r#""systems":[{poi}],"keys":[{keys}]"#)).saq_hint
        };
        assert_eq!(with(r#"{"id":"k","p2pe_listed":true}"#), SaqHint::P2pe);
        assert_eq!(with(r#"{"id":"k","p2pe_listed":true},{"id":"l","attested":true}"#), SaqHint::D);
        assert_eq!(with(""), SaqHint::D);
    }
}
