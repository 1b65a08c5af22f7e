//! The head of a page: where you are, what this is, what you can do here.

use leptos::prelude::*;

/// The head of a page, made step by step. It holds the page's one `h1`.
pub struct Header {
    heading: String,
    trail: Vec<(String, String)>,
    lede: Option<AnyView>,
    meta: Option<AnyView>,
    actions: Option<AnyView>,
}

impl Header {
    /// A head with nothing but the heading.
    #[must_use]
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), trail: Vec::new(), lede: None, meta: None, actions: None }
    }

    /// A page above this one: address and name. The nearest comes last.
    #[must_use]
    pub fn below(mut self, href: String, name: impl Into<String>) -> Self {
        self.trail.push((href, name.into()));
        self
    }

    /// One sentence on what the page is for.
    #[must_use]
    pub fn lede(mut self, lede: impl IntoView + 'static) -> Self {
        self.lede = Some(lede.into_any());
        self
    }

    /// Chips and short facts under the heading.
    #[must_use]
    pub fn meta(mut self, meta: impl IntoView + 'static) -> Self {
        self.meta = Some(meta.into_any());
        self
    }

    /// Buttons.
    #[must_use]
    pub fn actions(mut self, actions: impl IntoView + 'static) -> Self {
        self.actions = Some(actions.into_any());
        self
    }

    /// The markup.
    #[must_use]
    pub fn view(self) -> AnyView {
        let trail = (!self.trail.is_empty()).then(|| {
            let steps: Vec<_> =
                self.trail.into_iter().map(|(href, name)| view! { <li><a href=href>{name}</a></li> }).collect();
            view! {
                <nav class="breadcrumbs" aria-label="Where you are">
                    <ol>{steps}<li aria-current="page">{self.heading.clone()}</li></ol>
                </nav>
            }
        });
        view! {
            <header class="page-header">
                <div>
                    {trail}
                    <h1>{self.heading}</h1>
                    {self.lede.map(|lede| view! { <p class="lede">{lede}</p> })}
                    {self.meta.map(|meta| view! { <div class="page-meta">{meta}</div> })}
                </div>
                {self.actions.map(|actions| view! { <div class="button-row">{actions}</div> })}
            </header>
        }
        .into_any()
    }
}

/// As [`action`], pressed with a key as well: with the one of the browser for such keys, so that nothing happens by
/// mistake. One key has one meaning on a page.
#[must_use]
pub fn keyed(href: String, picture: &str, label: &str, primary: bool, key: &'static str) -> AnyView {
    let class = if primary { "button primary" } else { "button" };
    view! { <a class=class href=href accesskey=key>{super::icon::icon(picture)}{label.to_owned()}</a> }.into_any()
}

/// A link that looks like a button.
#[must_use]
pub fn action(href: String, picture: &str, label: &str, primary: bool) -> AnyView {
    let class = if primary { "button primary" } else { "button" };
    view! { <a class=class href=href>{super::icon::icon(picture)}{label.to_owned()}</a> }.into_any()
}
