//! Chips: the verdict on a system, and the elements it holds or a flow carries.

use domain::model::draft::{chip_label, field_class};
use domain::model::element::Holding;
use domain::model::relations::Lifecycle;
use domain::model::system::System;
use domain::scope::verdict::{Category, Sub, Verdict};
use leptos::prelude::*;

/// How a verdict is shown: the same code, words and shape in lists, on pages and on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The value of `data-category`, which decides shape and colour.
    pub category: &'static str,
    /// The code of three letters, or `?`.
    pub code: &'static str,
    /// The category in words.
    pub words: &'static str,
    /// The finer category.
    pub sub: Option<Sub>,
}

impl Shown {
    /// The verdict on a system. An open end that nobody declared is never shown as out of scope.
    #[must_use]
    pub fn of(system: &System, verdict: Option<&Verdict>) -> Self {
        let Some(verdict) = verdict else {
            return Self { category: "not_assessed", code: "?", words: "Not assessed", sub: None };
        };
        if system.undeclared && verdict.category == Category::OutOfScope {
            return Self { category: "undeclared", code: "?", words: "Open end, not declared", sub: None };
        }
        let mut shown = Self::category(verdict.category, verdict.sub);
        if verdict.category == Category::NotLive && system.lifecycle == Lifecycle::Planned {
            (shown.code, shown.words) = ("PLN", "Planned");
        }
        shown
    }

    /// A category without a system, as in counts and in what changed.
    #[must_use]
    pub const fn category(category: Category, sub: Option<Sub>) -> Self {
        Self { category: category.as_str(), code: category.code(), words: category.label(), sub }
    }

    /// The chip of a table cell: the code, and the words for those who do not see the shape.
    #[must_use]
    pub fn chip(self) -> AnyView {
        view! {
            <span class="scope-chip" data-category=self.category data-sub=self.sub.map(Sub::as_str)>
                <b class="code">{self.code}</b>
                <span class="visually-hidden">{self.qualified()}</span>
            </span>
        }
        .into_any()
    }

    /// The chip of a page's head: code and words.
    #[must_use]
    pub fn large(self) -> AnyView {
        view! {
            <span class="scope-chip large" data-category=self.category data-sub=self.sub.map(Sub::as_str)>
                <b class="code">{self.code}</b>
                {self.qualified()}
            </span>
        }
        .into_any()
    }

    /// ` Connected-to, can reach ...`: what follows the code.
    fn qualified(self) -> String {
        let sub = self.sub.filter(|sub| *sub != Sub::None).map(|sub| format!(", {}", sub.label())).unwrap_or_default();
        let words = if self.words == self.code { "" } else { self.words };
        format!(" {words}{sub}").replace(" , ", " ")
    }
}

/// The elements of a system or a flow as chips, most sensitive first, each once.
#[must_use]
pub fn elements(holdings: &[Holding]) -> AnyView {
    if holdings.is_empty() {
        // An empty cell is left out where rows become cards.
        return ().into_any();
    }
    let mut chips: Vec<(usize, String, &'static str)> = holdings
        .iter()
        .map(|it| {
            let class = field_class(it);
            (ORDER.iter().position(|known| *known == class).unwrap_or(ORDER.len()), chip_label(it), class)
        })
        .collect();
    chips.sort();
    chips.dedup();
    let chips: Vec<_> = chips
        .into_iter()
        .map(|(_, label, class)| view! { <span class="field-chip" data-class=class>{label}</span> })
        .collect();
    view! { <span class="chips">{chips}</span> }.into_any()
}

/// The classes of chips, most sensitive first.
const ORDER: [&str; 7] = ["sad", "pan", "secret", "truncated", "pii", "token", "other"];

/// Names on the wire that nobody has mapped yet, as chips that look like work.
#[must_use]
pub fn unrecognised(names: &[&str]) -> AnyView {
    let chips: Vec<_> = names
        .iter()
        .map(|name| {
            view! {
                <span class="field-chip" data-class="unrecognised">
                    <span class="visually-hidden">"Unrecognised: "</span>
                    {(*name).to_owned()}
                </span>
            }
        })
        .collect();
    view! { <span class="chips">{chips}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::{ElementId, SystemId};
    use domain::model::Model;
    use domain::model::element::Form;
    use domain::model::object::Object;
    use domain::scope::compute;
    use std::sync::Arc;

    #[test]
    fn an_open_end_is_never_shown_as_out_of_scope() {
        let mut model = Model::default();
        let mut system = System::new(SystemId::new("crm"), "CRM");
        system.undeclared = true;
        model.put(Object::System(Arc::new(system.clone())));
        let scope = compute(&model);
        let verdict = scope.systems.get(&system.id);
        assert_eq!(Shown::of(&system, verdict).code, "?");
        system.undeclared = false;
        assert_eq!(Shown::of(&system, verdict).code, "OUT");
    }

    #[test]
    fn chips_stand_most_sensitive_first_and_once() {
        let it = |element: &str, form| Holding::new(ElementId::new(element), form, &[]);
        let html = elements(&[
            it("email", Form::Clear),
            it("pan", Form::Clear),
            it("pan", Form::Clear),
            it("card_verification_code", Form::Clear),
        ])
        .to_html();
        let place = |text: &str| html.find(text).expect("the chip is there");
        assert!(place(">CVV<") < place(">PAN<") && place(">PAN<") < place(">EMAIL<"), "{html}");
        assert_eq!(html.matches(">PAN<").count(), 1);
    }
}
