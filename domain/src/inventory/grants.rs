//! What a credential is granted, where that is used, and what its uses need (PCI DSS 7.2.5).

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::Model;
use crate::model::credential::{Credential, Grant};
use crate::model::flow::Flow;

/// One grant beside its uses.
#[derive(Debug)]
pub struct GrantInUse<'a> {
    /// The grant.
    pub grant: &'a Grant,
    /// The flows that carry the credential to or from the system of the grant.
    pub flows: Vec<&'a Flow>,
    /// The rights that those flows say they need; empty where nobody has said.
    pub needed: BTreeSet<&'a str>,
}

impl GrantInUse<'_> {
    /// Whether somebody has said what is needed, and the granted right is not among it.
    #[must_use]
    pub fn exceeds_needs(&self) -> bool {
        !self.needed.is_empty() && !self.needed.contains(self.grant.privilege.as_str())
    }
}

/// The grants of a credential in their order, each with its uses.
#[must_use]
pub fn grants_in_use<'a>(credential: &'a Credential, model: &'a Model) -> Vec<GrantInUse<'a>> {
    let using: Vec<&Flow> =
        model.flows.values().map(AsRef::as_ref).filter(|it| it.credential.as_ref() == Some(&credential.id)).collect();
    let in_use = |grant: &'a Grant| {
        let flows: Vec<&Flow> =
            using.iter().copied().filter(|flow| flow.to == grant.on || flow.from == grant.on).collect();
        let needed = flows.iter().filter_map(|flow| flow.facts.get("needs_priv"));
        let needed = needed.flat_map(|fact| match &fact.value {
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>(),
            one => one.as_str().into_iter().collect(),
        });
        GrantInUse { grant, needed: needed.collect(), flows }
    };
    credential.grants.iter().map(in_use).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    #[test]
    fn a_right_that_no_use_needs_is_more_than_needed_and_silence_is_not() {
        let text = r#"{"systems":[{"id":"a"},{"id":"b"},{"id":"c"}],
            "credentials":[{"id":"k","grants":[{"on":"b","priv":"admin"},{"on":"c","priv":"admin"}]}],
            "flows":[{"id":"f","from":"a","to":"b","credential":"k","needs_priv":["read"]},
                     {"id":"g","from":"a","to":"c","credential":"k"}]}"#;
        let model = read_json(text.as_bytes()).unwrap().0;
        let found: Vec<(&str, usize, bool)> = grants_in_use(&model.credentials["k"], &model)
            .iter()
            .map(|it| (it.grant.on.as_str(), it.flows.len(), it.exceeds_needs()))
            .collect();
        assert_eq!(found, [("b", 1, true), ("c", 1, false)]);
    }
}
