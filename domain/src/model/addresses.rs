//! The model without the addresses at which people are reached, for those who may not see them.

use std::sync::Arc;

use super::Model;
use super::party::Person;

/// The fact of a person that names an account, which is a mail address more often than not.
const ACCOUNT: &str = "account";

impl Model {
    /// The same model in which nobody has a mail address or an account. No verdict depends on either.
    #[must_use]
    pub fn without_addresses(&self) -> Self {
        let mut model = self.clone();
        // Only where there is one, so that otherwise the table stays shared.
        for (id, person) in &self.people {
            if person.mail.is_some() || person.facts.contains_key(ACCOUNT) {
                let mut person = Person { mail: None, ..Person::clone(person) };
                person.facts.remove(ACCOUNT);
                model.people.insert(id.clone(), Arc::new(person));
            }
        }
        model
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::export::model_file::to_json;
    use crate::model::reader::read_json;

    #[test]
    fn nothing_but_the_addresses_of_people_is_left_out() {
        let file = |addresses: &str| {
            let people =
                format!(r#"[{{"id":"lead","name":"Payments lead"{addresses}}},{{"id":"team","kind":"team"}}]"#);
            let text = format!(r#"{{"systems":[{{"id":"checkout","owner":"lead"}}],"people":{people}}}"#);
            read_json(text.as_bytes()).unwrap().0
        };
        let whole = file(r#","mail":"lead@shop.example","account":"lead@shop.example""#);
        assert_eq!(to_json(&whole).matches("lead@shop.example").count(), 2);
        assert_eq!(to_json(&whole.without_addresses()), to_json(&file("")));
    }
}
