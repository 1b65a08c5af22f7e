//! What a save changed in scope.

use domain::command::Receipt;
use domain::scope::delta::CategoryChange;
use leptos::prelude::*;

use super::icon::icon;
use super::link::Paths;
use super::scope::Shown;
use super::sentence::sentence;

/// The strip that a page shows after a save; with what takes the save back, where that can be done.
#[must_use]
pub fn impact(paths: &Paths, receipt: &Receipt, undo: Option<AnyView>) -> AnyView {
    let changes = &receipt.scope_changes;
    let heading = match changes.len() {
        0 => "Saved. No system changed category.".to_owned(),
        1 => "Saved. 1 system changed category.".to_owned(),
        more => format!("Saved. {more} systems changed category."),
    };
    let calm = changes.is_empty();
    let rows: Vec<_> = changes.iter().map(|change| row(paths, change)).collect();
    view! {
        <section class=if calm { "impact calm" } else { "impact" } aria-labelledby="impact" role="status">
            <header><h2 id="impact">{icon(if calm { "circle-check" } else { "explain" })}{heading}</h2>{undo}</header>
            {(!calm).then(|| view! { <ul>{rows}</ul> })}
        </section>
    }
    .into_any()
}

/// The same before anything is saved.
#[must_use]
pub fn foreseen(paths: &Paths, changes: &[CategoryChange]) -> AnyView {
    let heading = match changes.len() {
        0 => "No system would change category.".to_owned(),
        1 => "1 system would change category.".to_owned(),
        more => format!("{more} systems would change category."),
    };
    let calm = changes.is_empty();
    let rows: Vec<_> = changes.iter().take(FORESEEN).map(|change| row(paths, change)).collect();
    let left = changes.len().saturating_sub(FORESEEN);
    view! {
        <section class=if calm { "impact calm" } else { "impact" }>
            <header><strong>{icon(if calm { "circle-check" } else { "explain" })}{heading}</strong></header>
            {(!calm).then(|| view! { <ul>{rows}</ul> })}
            {(left > 0).then(|| view! { <p class="meta">{format!("and {left} more")}</p> })}
        </section>
    }
    .into_any()
}

/// Systems that changed category, with their reasons: the first so many.
#[must_use]
pub fn moved(paths: &Paths, changes: &[CategoryChange], most: usize) -> AnyView {
    let rows: Vec<_> = changes.iter().take(most).map(|change| row(paths, change)).collect();
    let left = changes.len().saturating_sub(most);
    view! {
        <div class="impact">
            <ul>{rows}</ul>
            {(left > 0).then(|| view! { <p class="meta">{format!("and {left} more")}</p> })}
        </div>
    }
    .into_any()
}

/// How many of the changes that a preview foresees are told with their reasons.
const FORESEEN: usize = 50;

fn row(paths: &Paths, change: &CategoryChange) -> AnyView {
    let name = change.name.clone();
    let name = match change.after {
        Some(_) => view! { <a href=paths.system(&change.system)>{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    };
    let side = |side: Option<_>, absent: &'static str| match side {
        Some((category, sub)) => Shown::category(category, sub).chip(),
        None => view! { <span class="muted">{absent}</span> }.into_any(),
    };
    // The first step of a proof is where it begins, so all of it belongs to the reason.
    let because: Vec<_> = change.because.iter().map(|it| view! { {sentence(paths, it)}" " }).collect();
    view! {
        <li>
            {name}
            <span class="impact-move">
                {side(change.before, "new")}
                {icon("arrow-right")}
                <span class="visually-hidden">" is now "</span>
                {side(change.after, "gone")}
            </span>
            <p>{because}</p>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::command::Revision;
    use domain::id::{SystemId, WorkspaceId};
    use domain::scope::explain::{Part, Sentence};
    use domain::scope::verdict::Category;

    fn receipt(scope_changes: Vec<CategoryChange>) -> Receipt {
        Receipt { revision: Revision(7), scope_changes, objects: 1 }
    }

    #[test]
    fn a_save_without_effect_on_scope_says_so() {
        let paths = Paths::of(&WorkspaceId::new("shop"));
        let html = impact(&paths, &receipt(Vec::new()), None).to_html();
        assert!(html.contains("No system changed category"), "{html}");
    }

    #[test]
    fn a_change_names_the_system_both_categories_and_the_reason() {
        let paths = Paths::of(&WorkspaceId::new("shop"));
        let change = CategoryChange {
            system: SystemId::new("crm"),
            name: "CRM <1>".to_owned(),
            before: Some((Category::OutOfScope, None)),
            after: Some((Category::Cde, None)),
            because: vec![Sentence(vec![Part::Text("It receives PAN.".to_owned())])],
        };
        let html = impact(&paths, &receipt(vec![change]), None).to_html();
        for part in ["1 system changed category", "CRM &lt;1&gt;", ">OUT<", ">CDE<", "It receives PAN."] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
