//! What a model file says that the model cannot hold, or does not say although something else relies on it.

use crate::text::text_enum;

text_enum! {
    /// The kinds of gaps.
    GapKind {
        UnknownSystem = "unknown_system": "refers to a system that does not exist",
        UnknownObject = "unknown_object": "refers to an object that does not exist",
        UnknownElement = "unknown_element": "names an element that the catalogue does not list",
        UnknownForm = "unknown_form": "names a form that the catalogue does not list",
        FormOfElement = "form_of_element": "names a form that this element does not have in the catalogue",
        UnknownValue = "unknown_value": "has a value outside its list, read as other",
        UnknownAttribute = "unknown_attribute": "has an attribute that is not registered",
        MissingId = "missing_id": "has no id and was left out",
        DuplicateId = "duplicate_id": "has an id that was used before; the last one counts",
        DuplicateLink = "duplicate_link": "links a pair of segments that was linked before; the last one counts",
        LinkToItself = "link_to_itself": "links a segment with itself, which says nothing",
        BadMask = "bad_mask": "has a mask with characters other than d and *",
    }
}

/// One gap: where, what, and the text that caused it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The place in the file, for example `flows[3].to`.
    pub place: String,
    /// The key of the object, where it has one.
    pub object: String,
    /// What is wrong.
    pub kind: GapKind,
    /// The value that caused it.
    pub value: String,
}

impl Gap {
    /// Whether an import of the file must stop here: something would be lost or left dangling.
    #[must_use]
    pub const fn refuses_import(&self) -> bool {
        !matches!(self.kind, GapKind::FormOfElement)
    }
}

impl std::fmt::Display for Gap {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} ({}) {}: {:?}", self.place, self.object, self.kind.label(), self.value)
    }
}
