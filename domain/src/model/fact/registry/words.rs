//! Lists of words that several attributes share.

use crate::model::element::{ElementClass, Form};
use crate::model::kinds::SystemFunction;
use crate::model::relations::{Environment, PaymentPage, Privilege};

/// The words of a closed list.
macro_rules! words_of {
    ($list:ident) => {{
        const COUNT: usize = $list::ALL.len();
        const WORDS: [&str; COUNT] = {
            let mut words = [""; COUNT];
            let mut index = 0;
            while index < COUNT {
                words[index] = $list::ALL[index].as_str();
                index += 1;
            }
            words
        };
        &WORDS
    }};
}

/// What systems are for.
pub(super) const FUNCTIONS: &[&str] = words_of!(SystemFunction);
/// Environments.
pub(super) const ENVIRONMENTS: &[&str] = words_of!(Environment);
/// Classes of elements.
pub(super) const CLASSES: &[&str] = words_of!(ElementClass);
/// How a web system takes the card.
pub(super) const PAGE_STYLES: &[&str] = words_of!(PaymentPage);
/// Forms of an element.
pub(super) const FORMS: &[&str] = words_of!(Form);
/// What a grant allows.
pub(super) const PRIVILEGES: &[&str] = words_of!(Privilege);
/// Steps in the life of a payment.
pub(super) const PAYMENT_STAGES: &[&str] =
    &["authorisation", "capture", "settlement", "refund", "chargeback", "recurring", "none"];
/// Ways in which customers pay.
pub(super) const PAYMENT_CHANNELS: &[&str] = &["card_present", "moto", "e_commerce", "in_app", "none"];
