//! For whom a pack is made.

use crate::text::text_enum;

text_enum! {
    /// What a pack holds of people and names.
    Profile {
        /// Everything, for the entity itself.
        Full = "full": "Everything",
        /// As an auditor sees it: nobody's address.
        Auditor = "auditor": "For an auditor: no addresses of people",
        /// For others: names and free texts are salted hashes, keys and facts stay.
        Redacted = "redacted": "Redacted: no names and no free texts",
    }
}
