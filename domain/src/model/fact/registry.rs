//! The list of registered attributes, one table per kind of object.

use super::Attribute;

/// Every registered attribute, in groups.
pub const ATTRIBUTES: &[&[Attribute]] = &[];
