//! Forms: what a person posts becomes a system or a flow, or the list of everything that is wrong with it.
//!
//! A single field that was not posted stays as it was, so a form need not show everything; an empty one clears.
//! Lists are posted whole: a row that is missing, or whose element is empty, is gone, and so is a wire name.
//! What no form shows is never touched.

mod chip;
mod facts;
pub(crate) mod fields;
mod flow;
mod holdings;
pub mod options;
mod person;
#[cfg(test)]
mod properties;
mod records;
mod relations;
mod system;
#[cfg(test)]
mod tests;

pub use chip::{chip_label, field_class};
pub use flow::{flow_from_form, flow_to_form};
pub use person::{FUNCTION_MAX, MAIL_MAX, is_address, person_from_form, person_to_form};
pub use records::{JUSTIFICATION_MIN, record_from_form, record_to_form};
pub use relations::SEGMENT_PREFIX;
pub use system::{system_from_form, system_to_form};

use crate::id::slug;
use fields::Fields;

/// A posted form: names and values in the order of the page; a name may repeat.
pub type Form = [(String, String)];

/// Longest name of a system or a flow, in characters.
pub const NAME_MAX: usize = 200;
/// Longest name on the wire, in characters.
pub const WIRE_NAME_MAX: usize = 300;
/// Longest name of a set of cardholders, in characters.
pub const POPULATION_MAX: usize = 120;
/// Longest mask: the most digits that a card number has.
pub const MASK_MAX: usize = 19;

/// The key of a new object: the one that the person gave, else one made of readable words and made unique.
fn new_key(fields: &mut Fields<'_>, words: &str, otherwise: &str, taken: impl Fn(&str) -> bool) -> String {
    if let Some(given) = fields.key("id").flatten() {
        if taken(&given) {
            fields.error("id", crate::problem::FieldCode::Taken);
        }
        return given;
    }
    let made = slug(words);
    let base = if made.is_empty() { otherwise } else { made.as_str() };
    if !taken(base) {
        return base.to_owned();
    }
    (2_u64..)
        .map(|number| format!("{base}-{number}"))
        .find(|key| !taken(key))
        .expect("a model has fewer objects than there are numbers")
}
