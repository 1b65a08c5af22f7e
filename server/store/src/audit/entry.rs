//! One entry of a chain: the bytes that are hashed, and the hash.

use domain::time::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::canonical;

/// Stands before the bytes, so that a hash of an entry is never a hash of anything else.
const DOMAIN: &str = "plumbline-audit-v1\n";

/// The hash before the first entry.
pub(crate) const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What an entry says. The hash follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) chain: String,
    pub(crate) sequence: i64,
    pub(crate) previous_hash: String,
    pub(crate) time: Timestamp,
    pub(crate) actor_kind: String,
    pub(crate) actor_id: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) action: String,
    pub(crate) object_type: Option<String>,
    pub(crate) object_key: Option<String>,
    pub(crate) object_revision: Option<i64>,
    pub(crate) payload_hash: String,
}

impl Entry {
    /// The canonical JSON of the entry.
    pub(crate) fn text(&self) -> String {
        canonical::text(&json!({
            "chain_id": self.chain,
            "seq": self.sequence,
            "prev_hash": self.previous_hash,
            "time": self.time.0,
            "actor_kind": self.actor_kind,
            "actor_id": self.actor_id,
            "session_or_token_id": self.session,
            "action": self.action,
            "object_type": self.object_type,
            "object_key": self.object_key,
            "object_rev": self.object_revision,
            "payload_hash": self.payload_hash,
        }))
    }

    /// SHA-256 of the text, in lower-case hexadecimal.
    pub(crate) fn hash(&self) -> String {
        hex::encode(Sha256::new().chain_update(DOMAIN).chain_update(self.text()).finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_an_entry_never_change() {
        let entry = Entry {
            chain: "workspace/shop".to_owned(),
            sequence: 1,
            previous_hash: NO_HASH.to_owned(),
            time: Timestamp(1_700_000_000_000_000),
            actor_kind: "account".to_owned(),
            actor_id: Some("a1".to_owned()),
            session: None,
            action: "system.add".to_owned(),
            object_type: Some("system".to_owned()),
            object_key: Some("checkout".to_owned()),
            object_revision: Some(3),
            payload_hash: NO_HASH.to_owned(),
        };
        assert_eq!(
            entry.text(),
            format!(
                "{{\"action\":\"system.add\",\"actor_id\":\"a1\",\"actor_kind\":\"account\",\
                 \"chain_id\":\"workspace/shop\",\"object_key\":\"checkout\",\"object_rev\":3,\
                 \"object_type\":\"system\",\"payload_hash\":\"{NO_HASH}\",\"prev_hash\":\"{NO_HASH}\",\"seq\":1,\
                 \"session_or_token_id\":null,\"time\":1700000000000000}}"
            )
        );
        assert_eq!(entry.hash().len(), 64);
        let other = Entry { sequence: 2, ..entry.clone() };
        assert_ne!(entry.hash(), other.hash());
    }
}
