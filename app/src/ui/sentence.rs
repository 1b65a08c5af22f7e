//! Sentences of the engine, with links to the objects they name.

use domain::scope::explain::{Part, Sentence};
use leptos::prelude::*;

use super::link::Paths;

/// One sentence with its links.
#[must_use]
pub fn sentence(paths: &Paths, sentence: &Sentence) -> AnyView {
    sentence
        .0
        .iter()
        .map(|part| match part {
            Part::Text(text) => text.clone().into_any(),
            Part::System(id, name) => view! { <a href=paths.system(id)>{name.clone()}</a> }.into_any(),
            Part::Flow(id, name) => view! { <a href=paths.flow(id)>{name.clone()}</a> }.into_any(),
        })
        .collect_view()
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::{SystemId, WorkspaceId};

    #[test]
    fn markup_in_a_name_stays_literal_and_the_name_links_to_its_system() {
        let paths = Paths::of(&WorkspaceId::new("shop"));
        let parts = vec![
            Part::System(SystemId::new("crm"), "<script>x()</script>".to_owned()),
            Part::Text(" receives a < b.".to_owned()),
        ];
        let html = sentence(&paths, &Sentence(parts)).to_html();
        assert!(html.contains(r#"<a href="/w/shop/systems/crm">&lt;script&gt;x()&lt;/script&gt;</a>"#), "{html}");
        assert!(html.contains("a &lt; b"), "{html}");
    }
}
