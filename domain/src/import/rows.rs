//! One row of a CSV file, parsed: a system or a flow as far as the file tells.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::element::Form;
use crate::model::kinds::{FlowKind, SystemFunction, SystemKind};
use crate::model::relations::{
    Access, Auth, Boundary, Channel, Encryption, Environment, Exposure, Initiator, Lifecycle, PaymentPage, Protocol,
};

/// Declares a row whose absent members are not written.
macro_rules! row {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name {
            /// The line of the file, from 1.
            pub line: usize,
            $($(#[$field_doc])* #[serde(default, skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)+
            /// Registered facts, references as the text that the file has.
            #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
            pub facts: BTreeMap<String, Value>,
        }

        impl $name {
            /// A row that says nothing yet.
            #[must_use]
            pub fn new(line: usize) -> Self {
                Self { line, $($field: None,)+ facts: BTreeMap::new() }
            }
        }
    };
}

row! {
    /// A row of a file of systems. `None` is what the file does not say.
    SystemRow {
        /// The key.
        id: String,
        /// The name.
        name: String,
        /// What it is.
        kind: SystemKind,
        /// What it is for.
        function: SystemFunction,
        /// Whose it is.
        boundary: Boundary,
        /// The environment.
        environment: Environment,
        /// The segment, by key or name.
        segment: String,
        /// The stage of life.
        lifecycle: Lifecycle,
        /// The vendor, by key or name.
        vendor: String,
        /// How it takes the card.
        payment_page: PaymentPage,
        /// From where it can be reached.
        exposure: Exposure,
        /// Named by a flow only so far.
        undeclared: bool,
    }
}

row! {
    /// A row of a file of flows. `None` is what the file does not say.
    FlowRow {
        /// The key.
        id: String,
        /// The name.
        name: String,
        /// The system that the data leaves, by key or name.
        source: String,
        /// The system that the data reaches, by key or name.
        target: String,
        /// The kind of path.
        kind: FlowKind,
        /// The protocol.
        protocol: Protocol,
        /// The kind of path, where the column of the protocol names one instead.
        path: FlowKind,
        /// The call, as the interface names it.
        operation: String,
        /// The fields.
        fields: Vec<FieldItem>,
        /// How the initiating end proves who it is.
        auth: Auth,
        /// How it is encrypted.
        encryption: Encryption,
        /// Which end opens the connection.
        initiator: Initiator,
        /// Network or offline.
        channel: Channel,
        /// What the network lets through.
        access: Access,
        /// The stage of life.
        stage: Lifecycle,
    }
}

/// One item of a list of fields.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldItem {
    /// The name on the wire, or the key of an element.
    pub name: String,
    /// The form, where the file states it: `card_number:encrypted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
}

impl FieldItem {
    /// An item as a cell has it. What stands behind the last colon is a form only where it is the word of one.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if let Some((name, form)) = text.rsplit_once(':')
            && let Ok(form) = form.trim().to_lowercase().parse()
            && !name.trim().is_empty()
        {
            return Self { name: name.trim().to_owned(), form: Some(form) };
        }
        Self { name: text.to_owned(), form: None }
    }

    /// The file itself says which element it is: `pan:truncated`.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        self.form.is_some() && crate::model::catalogue::element(&self.name).is_some()
    }
}

impl FlowRow {
    /// The items of the list of fields.
    pub fn items(&self) -> impl Iterator<Item = &FieldItem> {
        self.fields.iter().flatten()
    }

    /// The names on the wire for which a person has to say what they are.
    pub fn wire_names(&self) -> impl Iterator<Item = &FieldItem> {
        self.items().filter(|item| !item.is_stated())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_can_state_its_form() {
        let item = |name: &str, form| FieldItem { name: name.to_owned(), form };
        assert_eq!(FieldItem::of("card_number:encrypted"), item("card_number", Some(Form::Encrypted)));
        assert_eq!(FieldItem::of("pan : Truncated"), item("pan", Some(Form::Truncated)));
        assert_eq!(FieldItem::of("ns:card"), item("ns:card", None));
        assert_eq!(FieldItem::of(":clear"), item(":clear", None));
        assert!(FieldItem::of("pan:clear").is_stated());
        assert!(!FieldItem::of("pan").is_stated());
        assert!(!FieldItem::of("card_number:clear").is_stated());
    }
}
