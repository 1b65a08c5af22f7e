//! Elements as chips: the short label and the look that maps, lists and forms give them.

use crate::model::catalogue;
use crate::model::element::{ElementClass, Form, HashAlgorithm, Holding};

/// The look of the chip: `pan`, `sad`, `token`, `truncated`, `pii`, `secret` or `other`.
///
/// The form decides as well as the element: a token of a card is no card number. Ciphertext and a form that
/// nobody knows look like the number itself, and so does a hash without a key, which can be turned back.
#[must_use]
pub fn field_class(holding: &Holding) -> &'static str {
    let (element, form) = catalogue::normalise(holding.element.as_str(), Some(holding.form));
    match (element, form) {
        ("pan", Form::Truncated | Form::Masked) => "truncated",
        ("pan", Form::Tokenised | Form::NetworkToken) => "token",
        ("pan", Form::Hashed) if holding.alg.is_some_and(HashAlgorithm::is_keyed) => "token",
        ("pan", _) => "pan",
        ("cardholder_name", _) => "pii",
        _ => match catalogue::class_of(element) {
            Some(ElementClass::Sad) => "sad",
            Some(ElementClass::Token) => "token",
            Some(ElementClass::Pii | ElementClass::PiiSpecial | ElementClass::Bank) => "pii",
            Some(ElementClass::Secret) => "secret",
            Some(
                ElementClass::Chd | ElementClass::PanDerivative | ElementClass::AuthValue | ElementClass::PaymentMeta,
            )
            | None => "other",
        },
    }
}

/// The label of the chip in a few capitals, as data-flow diagrams write it: `PAN`, `CVV`, `TOKEN`, `LAST4`.
#[must_use]
pub fn chip_label(holding: &Holding) -> String {
    let (element, form) = catalogue::normalise(holding.element.as_str(), Some(holding.form));
    if element == "pan" {
        return card_label(form, holding.mask.as_deref()).to_owned();
    }
    let name = short_name(element);
    match form {
        Form::Clear => name,
        Form::Masked | Form::Truncated => format!("PART {name}"),
        Form::Tokenised | Form::NetworkToken => format!("TOKEN {name}"),
        Form::Encrypted => format!("ENC {name}"),
        Form::Hashed => format!("HASH {name}"),
        Form::Unknown => format!("{name} ?"),
    }
}

/// The label of a card number in one form.
fn card_label(form: Form, mask: Option<&str>) -> &'static str {
    match form {
        Form::Clear => "PAN",
        Form::Tokenised => "TOKEN",
        Form::NetworkToken => "NET TOKEN",
        Form::Encrypted => "ENC PAN",
        Form::Hashed => "HASH",
        Form::Unknown => "PAN ?",
        // Which digits remain is known from the mask only.
        Form::Masked | Form::Truncated => match mask.map(|mask| (mask.starts_with('d'), mask.ends_with('d'))) {
            Some((true, true)) => "BIN LAST4",
            Some((true, false)) => "BIN",
            Some((false, true)) => "LAST4",
            Some((false, false)) | None if form == Form::Masked => "MASKED",
            Some((false, false)) | None => "TRUNC",
        },
    }
}

/// The short name of an element; the key in capitals where the catalogue does not list it.
fn short_name(element: &str) -> String {
    let short = match element {
        "cardholder_name" => "NAME",
        "expiry" => "EXP",
        "service_code" => "SVC CODE",
        "card_verification_code" => "CVV",
        "full_track" => "TRACK",
        "pin" => "PIN",
        "pin_block" => "PIN BLOCK",
        "card_fingerprint" => "FINGERPRINT",
        "payment_account_reference" => "PAR",
        "wallet_cryptogram" => "CRYPTOGRAM",
        "threeds_auth_value" => "CAVV",
        "threeds_data" => "3DS",
        "avs_cvc_result" => "AVS",
        "auth_code" => "AUTH",
        "bank_account" => "IBAN",
        "bank_routing" => "BIC",
        "mandate" => "MANDATE",
        "billing_address" => "ADDRESS",
        "email" => "EMAIL",
        "phone" => "PHONE",
        "ip_address" => "IP",
        "device_fingerprint" => "DEVICE",
        "biometric" => "BIOMETRIC",
        "government_id" => "GOV ID",
        "date_of_birth" => "BIRTH",
        "customer_id" => "CUSTOMER",
        "order_id" => "ORDER",
        "amount" => "AMOUNT",
        "psp_reference" => "PSP REF",
        "fraud_score" => "SCORE",
        "api_secret" => "API KEY",
        "webhook_secret" => "WEBHOOK KEY",
        "access_token" => "SESSION",
        "password" => "PASSWORD",
        "crypto_key" => "KEY",
        other => return other.replace('_', " ").to_uppercase(),
    };
    short.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ElementId;

    fn of(element: &str, form: Form, mask: Option<&str>) -> Holding {
        Holding { mask: mask.map(str::to_owned), ..Holding::new(ElementId::new(element), form, &[]) }
    }

    #[test]
    fn a_card_number_is_labelled_by_its_form() {
        let cases = [
            (Form::Clear, None, "PAN", "pan"),
            (Form::Encrypted, None, "ENC PAN", "pan"),
            (Form::Unknown, None, "PAN ?", "pan"),
            (Form::Tokenised, None, "TOKEN", "token"),
            (Form::Truncated, Some("************dddd"), "LAST4", "truncated"),
            (Form::Truncated, Some("dddddd******dddd"), "BIN LAST4", "truncated"),
            (Form::Truncated, Some("dddddd**********"), "BIN", "truncated"),
            (Form::Truncated, None, "TRUNC", "truncated"),
            (Form::Masked, None, "MASKED", "truncated"),
        ];
        for (form, mask, label, class) in cases {
            let holding = of("pan", form, mask);
            assert_eq!((chip_label(&holding).as_str(), field_class(&holding)), (label, class));
        }
    }

    #[test]
    fn a_hash_without_a_key_looks_like_the_number() {
        let hash = of("pan", Form::Hashed, None);
        assert_eq!((chip_label(&hash).as_str(), field_class(&hash)), ("HASH", "pan"));
        let keyed = Holding { alg: Some(HashAlgorithm::Hmac), ..hash };
        assert_eq!(field_class(&keyed), "token");
    }

    #[test]
    fn every_element_of_the_catalogue_has_a_short_name_of_its_own() {
        for row in catalogue::catalogue().elements.iter().filter(|row| row.normalises_to.is_none() && row.id != "pan") {
            let label = chip_label(&of(&row.id, Form::Clear, None));
            assert!(label.chars().count() <= 11 && label == label.to_uppercase(), "{label}");
            let written_out = row.id.replace('_', " ").to_uppercase();
            assert!(label != written_out || !written_out.contains(' ') || row.id == "pin_block", "{}", row.id);
        }
    }

    #[test]
    fn classes_follow_the_catalogue() {
        for (element, class) in [
            ("card_verification_code", "sad"),
            ("pin_block", "sad"),
            ("cvc_encrypted", "sad"),
            ("payment_method_id", "token"),
            ("email", "pii"),
            ("api_secret", "secret"),
            ("order_id", "other"),
            ("loyalty_number", "other"),
        ] {
            assert_eq!(field_class(&of(element, Form::Clear, None)), class, "{element}");
        }
    }
}
