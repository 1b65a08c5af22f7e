//! Where a person has put a system on the map. It is a fact of the system like any other, so files carry it, and it
//! decides nothing but the picture.

use serde_json::json;

use super::fact::Fact;
use super::system::System;
use crate::layout::Pin;

/// The name of the fact.
const POSITION: &str = "position";

impl System {
    /// Where somebody has put it; `None` where the map decides, and where a file says something else there.
    #[must_use]
    pub fn pin(&self) -> Option<Pin> {
        let value = &self.facts.get(POSITION)?.value;
        let place = |name: &str| usize::try_from(value.get(name)?.as_u64()?).ok();
        Some(Pin { column: place("column")?, row: place("row")? })
    }

    /// The same system at a place of the map, or where the map puts it.
    #[must_use]
    pub fn put_at(mut self, pin: Option<Pin>) -> Self {
        match pin {
            Some(Pin { column, row }) => {
                self.facts.insert(POSITION.to_owned(), Fact::of(json!({ "column": column, "row": row })));
            }
            None => drop(self.facts.remove(POSITION)),
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_kept_and_given_up() {
        let system = System::new("crm".into(), "CRM");
        let pin = Pin { column: 3, row: 0 };
        let put = system.clone().put_at(Some(pin));
        assert_eq!(put.pin(), Some(pin));
        assert_eq!(put.put_at(None), system);
    }

    #[test]
    fn what_is_no_place_is_none() {
        for value in
            [json!([1, 2]), json!({"column": 1}), json!({"column": -1, "row": 0}), json!({"column": "1", "row": 2})]
        {
            let mut system = System::new("crm".into(), "CRM");
            system.facts.insert(POSITION.to_owned(), Fact::of(value.clone()));
            assert_eq!(system.pin(), None, "{value}");
        }
    }
}
