//! Under which names the interface has the kinds of objects.

use domain::id::{ControlId, CredentialId, FlowId, KeyId, PersonId, SegmentId, SystemId, VendorId};
use domain::model::object::{ObjectKind, ObjectRef};

use crate::http::refusal::Refusal;

/// A kind of objects that can be read and written one by one.
#[derive(Debug, Clone, Copy)]
pub struct Collection {
    /// The word in the address, which is also the name of the list in a model file.
    pub word: &'static str,
    /// The kind.
    pub kind: ObjectKind,
    reference: fn(&str) -> ObjectRef,
}

/// All of them, in the order of a model file.
pub const COLLECTIONS: [Collection; 8] = [
    Collection { word: "people", kind: ObjectKind::Person, reference: |key| ObjectRef::Person(PersonId::new(key)) },
    Collection { word: "vendors", kind: ObjectKind::Vendor, reference: |key| ObjectRef::Vendor(VendorId::new(key)) },
    Collection {
        word: "segments",
        kind: ObjectKind::Segment,
        reference: |key| ObjectRef::Segment(SegmentId::new(key)),
    },
    Collection {
        word: "controls",
        kind: ObjectKind::Control,
        reference: |key| ObjectRef::Control(ControlId::new(key)),
    },
    Collection { word: "systems", kind: ObjectKind::System, reference: |key| ObjectRef::System(SystemId::new(key)) },
    Collection { word: "keys", kind: ObjectKind::Key, reference: |key| ObjectRef::Key(KeyId::new(key)) },
    Collection {
        word: "credentials",
        kind: ObjectKind::Credential,
        reference: |key| ObjectRef::Credential(CredentialId::new(key)),
    },
    Collection { word: "flows", kind: ObjectKind::Flow, reference: |key| ObjectRef::Flow(FlowId::new(key)) },
];

impl Collection {
    /// The collection with this word.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub fn find(word: &str) -> Result<Self, Refusal> {
        COLLECTIONS.into_iter().find(|it| it.word == word).ok_or(Refusal::NotFound)
    }

    /// The object of this kind with a key.
    #[must_use]
    pub fn reference(self, key: &str) -> ObjectRef {
        (self.reference)(key)
    }
}
