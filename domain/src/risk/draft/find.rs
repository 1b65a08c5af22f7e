//! What a risk can be about, found by what somebody types: a key, a name, or a part of either.

use crate::inventory::title;
use crate::model::Model;
use crate::model::catalogue;
use crate::model::object::ObjectRef;
use crate::risk::record::Link;

/// The most that is offered at once.
pub const OFFERED: usize = 20;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// What is offered, with what people call it: exact matches first, then by link.
    pub offered: Vec<(Link, String)>,
    /// How many of these match exactly: by key, by name, or as a link is written.
    pub exact: usize,
    /// How many more there are.
    pub more: usize,
}

/// Everything of the model and every payment element whose key or name holds the text, whatever the case.
#[must_use]
pub fn find(model: &Model, text: &str) -> Found {
    let wanted = text.trim().to_lowercase();
    let mut found: Vec<(bool, Link, String)> = Vec::new();
    if wanted.is_empty() {
        return Found::default();
    }
    let mut offer = |link: Link, key: &str, name: String| {
        let (key, low) = (key.to_lowercase(), name.to_lowercase());
        let is_exact = key == wanted || low == wanted || link.text().to_lowercase() == wanted;
        if is_exact || key.contains(&wanted) || low.contains(&wanted) {
            found.push((!is_exact, link, name));
        }
    };
    for object in model.objects().filter(|it| it.reference() != ObjectRef::Settings) {
        let (reference, name) = (object.reference(), title(&object, model));
        let key = reference.key();
        offer(Link::Object(reference), &key, name);
    }
    for element in &catalogue::catalogue().elements {
        offer(Link::Element(element.id.as_str().into()), &element.id, element.name.clone());
    }
    found.sort();
    let exact = found.iter().filter(|(is_part, ..)| !is_part).count();
    let more = found.len().saturating_sub(OFFERED);
    let offered = found.into_iter().take(OFFERED).map(|(_, link, name)| (link, name)).collect();
    Found { offered, exact, more }
}

/// The one thing that the text names exactly; `None` where there is none, or several.
#[must_use]
pub fn only(model: &Model, text: &str) -> Option<Link> {
    let found = find(model, text);
    match &found.offered[..] {
        [(link, _), ..] if found.exact == 1 => Some(link.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::tests::model;

    const MODEL: &str = r#""vendors":[{"id":"bank","name":"Our bank"}],
        "systems":[{"id":"checkout","name":"Till"},{"id":"checkout-log","name":"Log of the till"},{"id":"x","name":"Bank"}],
        "flows":[{"id":"f","from":"checkout","to":"checkout-log"}]"#;

    #[test]
    fn what_is_named_exactly_comes_first() {
        let model = model(MODEL);
        let found = find(&model, " CHECKOUT ");
        let links: Vec<String> = found.offered.iter().map(|(link, _)| link.text()).collect();
        assert_eq!((links[0].as_str(), found.exact), ("system:checkout", 1));
        assert!(links.contains(&"system:checkout-log".to_owned()), "{links:?}");
        assert_eq!(only(&model, "till").map(|it| it.text()), Some("system:checkout".to_owned()));
        assert_eq!(only(&model, "flow:f").map(|it| it.text()), Some("flow:f".to_owned()));
        assert_eq!(only(&model, "pan").map(|it| it.text()), Some("element:pan".to_owned()));
    }

    #[test]
    fn what_is_named_twice_or_not_at_all_is_nobody() {
        let model = model(MODEL);
        assert_eq!(only(&model, "bank"), None, "a vendor by its key and a system by its name");
        assert_eq!(only(&model, "moon"), None);
        assert_eq!(find(&model, "  "), Found::default());
    }
}
