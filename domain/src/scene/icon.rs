//! The small shapes, each drawn around the origin in a square of 14 px.

use super::category::{Category, Family, ProviderRole};

/// Filled diamond, shield, square, circle with slash: readable without colour.
pub(super) const fn of(category: Category) -> &'static str {
    match category {
        Category::Cde | Category::ThirdParty(ProviderRole::AccountData) => "M0-7 7 0 0 7-7 0z",
        Category::SecurityImpacting | Category::ThirdParty(ProviderRole::Security) => {
            "M0-7 6-4V1C6 4.5 3 6.5 0 7.5-3 6.5-6 4.5-6 1V-4z"
        }
        Category::ConnectedTo => "M-6-6H6V6H-6z",
        Category::OutOfScope => "M0-6.5A6.5 6.5 0 1 0 .01-6.5zM-4.6 4.6 4.6-4.6",
        Category::ThirdParty(ProviderRole::Other) => "M-1-5.5H-6V6H5.5V1M2-6.5H6.5V-2M6.5-6.5 0 0",
        Category::External => {
            "M0-6.5A6.5 6.5 0 1 0 .01-6.5zM-6.5 0H6.5M0-6.5C-3.6-2.5-3.6 2.5 0 6.5 3.6 2.5 3.6-2.5 0-6.5z"
        }
        Category::Planned => "M0-6.5A6.5 6.5 0 1 0 .01-6.5zM0-3.8V.4L2.8 2.2",
        Category::Retired => "M0-6.5A6.5 6.5 0 1 0 .01-6.5zM-2.6-2.6 2.6 2.6M2.6-2.6-2.6 2.6",
        Category::NotAssessed | Category::Undeclared => {
            "M0-6.5A6.5 6.5 0 1 0 .01-6.5zM-1.9-1.7C-1.9-4.2 2-4.1 1.9-1.7 1.8-.2 0-.3 0 1.3M0 3.3V3.5"
        }
    }
}

/// The colours of the icon: a third party that counts shows the shape and the line of what it counts as.
pub(super) const fn family(category: Category) -> Family {
    match category {
        Category::ThirdParty(ProviderRole::AccountData) => Family::Cde,
        Category::ThirdParty(ProviderRole::Security) => Family::Sec,
        other => other.family(),
    }
}

/// Whether the shape is filled with its line colour, filled softly, or only outlined.
pub(super) const fn fill(category: Category) -> Fill {
    match category {
        Category::Cde => Fill::Solid,
        Category::SecurityImpacting | Category::ConnectedTo | Category::OutOfScope => Fill::Soft,
        _ => Fill::None,
    }
}

/// See [`fill`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    Solid,
    Soft,
    None,
}

/// A padlock whose shackle is open.
pub(super) const OPEN_LOCK: &str = "M-4.5-1H4.5V5H-4.5zM-2.5-1V-3.5A2.7 2.7 0 0 1 2.4-4.7";
/// A key lying on its side.
pub(super) const KEY: &str = "M-4.5 0A2 2 0 1 1-.5 0 2 2 0 1 1-4.5 0zM-.5 0H5M3 0V2.2M5 0V2.2";
/// A question mark.
pub(super) const QUESTION: &str = "M-2-1.9C-2-4.6 2.2-4.5 2-1.9 1.9-.2 0-.3 0 1.5M0 3.8V4";
