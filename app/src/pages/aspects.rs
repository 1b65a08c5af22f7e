//! The pages of one object: an overview, and beside it its flows, its fields, what the rules find on it, what happened to it
//! and what people say about it. Each is an address of its own, so that any of them can be sent to somebody.

use domain::backend::comments::{About, COMMENT_MAX, Comment};
use domain::findings::{Finding, Findings};
use domain::inventory::address;
use domain::model::object::ObjectRef;
use domain::problem::Problem;
use domain::risk::record::Link;
use domain::role::Capability;
use leptos::prelude::*;

use super::findings::severity;
use super::history;
use super::request::{Place, Request};
use crate::context::Submitted;
use crate::ui::field::{field, hidden};
use crate::ui::form::FormState;
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

/// How many entries of its history the page lists.
const MOST: usize = 100;

/// One of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aspect {
    /// What it is.
    Overview,
    /// What begins, ends or names it.
    Flows,
    /// Which elements it has.
    Fields,
    /// What the rules find on it.
    Findings,
    /// What happened to it.
    History,
    /// What people say about it.
    Comments,
}

impl Aspect {
    const WORDS: [(Self, &'static str, &'static str); 5] = [
        (Self::Flows, "flows", "Flows"),
        (Self::Fields, "fields", "Fields"),
        (Self::Findings, "findings", "Findings"),
        (Self::History, "history", "History"),
        (Self::Comments, "comments", "Comments"),
    ];

    /// The one that the address names, where the object has it and the person may see it.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`.
    pub fn of(request: &Request, place: &Place, has: &[Self]) -> Result<Self, Problem> {
        let word = request.path("tab");
        if word.is_empty() {
            return Ok(Self::Overview);
        }
        let named = Self::WORDS.into_iter().find(|(_, known, _)| *known == word).map(|(aspect, ..)| aspect);
        let named = named.filter(|it| has.contains(it)).ok_or(Problem::NotFound)?;
        if named.is_shown_to(place) { Ok(named) } else { Err(Problem::Forbidden) }
    }

    fn is_shown_to(self, place: &Place) -> bool {
        match self {
            Self::History => place.may(Capability::ReadAudit),
            // Reading what was said needs no right to say more, so an archived workspace keeps it. It is no part of a
            // snapshot.
            Self::Comments => {
                place.estate.moment.snapshot().is_none() && place.estate.workspace.role.may(Capability::Comment)
            }
            Self::Overview | Self::Flows | Self::Fields | Self::Findings => true,
        }
    }
}

/// An object with everything that its pages ask of others.
pub(super) struct Subject {
    /// Which object.
    pub object: ObjectRef,
    /// The address of its overview.
    pub own: String,
    /// The page that is shown.
    pub current: Aspect,
    /// What the rules find on it, once that is what the page shows: to run them over a large workspace takes longer than
    /// all else on the page.
    found: Option<Vec<Finding>>,
    /// What people say about it.
    said: Vec<Comment>,
}

impl Subject {
    /// Reads what the tabs count and the pages show.
    ///
    /// # Errors
    /// Those of [`Aspect::of`] and of the backend.
    pub async fn of(
        request: &Request,
        place: &Place,
        object: ObjectRef,
        own: String,
        has: &[Aspect],
    ) -> Result<Self, Problem> {
        let current = Aspect::of(request, place, has)?;
        let backend = request.backend()?;
        let found = match current {
            Aspect::Findings => Some(about(&*backend.findings(&place.estate).await?, &object)),
            _ => None,
        };
        let said = if Aspect::Comments.is_shown_to(place) {
            backend.comments_of(&place.estate.workspace.id, &About::Object(object.clone())).await?
        } else {
            Vec::new()
        };
        Ok(Self { object, own, current, found, said })
    }

    /// The tabs. `counts` are those of pages that only the object itself can count.
    pub fn tabs(&self, place: &Place, has: &[Aspect], counts: &[(Aspect, usize)]) -> AnyView {
        let count_of = |aspect: Aspect| match aspect {
            Aspect::Findings => self.found.as_ref().map(Vec::len),
            Aspect::Comments => Some(self.said.len()),
            other => counts.iter().find(|(it, _)| *it == other).map(|(_, count)| *count),
        };
        let others: Vec<_> = Aspect::WORDS
            .into_iter()
            .filter(|(aspect, ..)| has.contains(aspect) && aspect.is_shown_to(place))
            .map(|(aspect, word, label)| {
                let current = (aspect == self.current).then_some("page");
                let count = count_of(aspect).map(|count| view! { " "<span class="count">{count.to_string()}</span> });
                view! { <a href=format!("{}/{word}", self.own) aria-current=current>{label}{count}</a> }
            })
            .collect();
        let overview = (self.current == Aspect::Overview).then_some("page");
        let evidence = place.paths.query("evidence/items", &[("object", &Link::Object(self.object.clone()).text())]);
        view! {
            <nav class="tabs" aria-label="About it">
                <a href=self.own.clone() aria-current=overview>"Overview"</a>
                {others}
                <a href=evidence>"Evidence"</a>
            </nav>
        }
        .into_any()
    }

    /// The content of the pages that every object has; `None` of those that only its kind can show.
    ///
    /// # Errors
    /// Those of the backend.
    pub async fn content(&self, request: &Request, place: &Place) -> Result<Option<AnyView>, Problem> {
        Ok(match self.current {
            Aspect::Findings => Some(self.findings(place)),
            Aspect::History => Some(self.history(request, place).await?),
            Aspect::Comments => {
                let (kind, key) = (self.object.kind().as_str(), address(&self.object));
                Some(comments(request, place, &self.said, kind, &key))
            }
            Aspect::Overview | Aspect::Flows | Aspect::Fields => None,
        })
    }

    fn findings(&self, place: &Place) -> AnyView {
        let found = self.found.as_deref().unwrap_or_default();
        if found.is_empty() {
            let sentence = "No rule finds anything wrong, asks anything or misses anything here.";
            let rules = view! { <a class="button" href=place.paths.page("rules")>"Rules and coverage"</a> };
            return empty_state("findings", "Nothing found", sentence, rules);
        }
        let rows = found
            .iter()
            .map(|it| {
                view! {
                    <tr>
                        {cell("Severity", severity(it.severity))}
                        <th scope="row" data-label="What">
                            <a href=place.paths.finding(&it.identity())>{it.sentence.clone()}</a>
                        </th>
                        {cell("Rule", view! { <a class="key" href=place.paths.rule(it.rule)>{it.rule}</a> })}
                    </tr>
                }
                .into_any()
            })
            .collect();
        small("finding-table", count(found.len(), "finding"), &["Severity", "What", "Rule"], rows)
    }

    async fn history(&self, request: &Request, place: &Place) -> Result<AnyView, Problem> {
        let most = u32::try_from(MOST).unwrap_or(u32::MAX);
        let lines = request.backend()?.history_of(&place.estate.workspace.id, &self.object, most).await?;
        if lines.is_empty() {
            let sentence = "What an import or a change of several did is in the history of the workspace.";
            let all = view! { <a class="button" href=place.paths.page("history")>"History of the workspace"</a> };
            return Ok(empty_state("history", "Nobody changed it by hand", sentence, all));
        }
        let rows = lines
            .iter()
            .map(|line| {
                let at = line.at.to_string();
                view! {
                    <tr>
                        <th scope="row"><time datetime=at.clone()>{at.clone()}</time></th>
                        {cell("Who", line.actor.clone())}
                        {cell("What", history::action(&line.action))}
                    </tr>
                }
                .into_any()
            })
            .collect();
        let caption = format!(
            "The newest {} by hand; imports and changes of several are in the history of the workspace",
            count(lines.len(), "change")
        );
        Ok(small("history-table", caption, &["When (UTC)", "Who", "What"], rows))
    }
}

/// What people say about something, and the form to say more. `kind` and `key` name it as the form does.
pub(super) fn comments(request: &Request, place: &Place, said: &[Comment], kind: &str, key: &str) -> AnyView {
    let writes = place.may(Capability::Comment);
    let said: Vec<_> = said.iter().map(|it| comment(place, it, writes)).collect();
    let list = if said.is_empty() {
        view! { <p class="muted">"Nobody has said anything about it yet."</p> }.into_any()
    } else {
        view! { <ol class="comments">{said}</ol> }.into_any()
    };
    // The page may have other forms, whose errors are told beside them.
    let is_comment = |posted: &Submitted| posted.form.iter().any(|(name, _)| name == "text");
    let form = match request.submitted.as_ref().is_some_and(is_comment) {
        true => request.form(Vec::new),
        false => FormState::default(),
    };
    let write = writes.then(|| {
        view! {
            {form.summary(|name| (name == "text").then(|| "Comment".to_owned()))}
            <form class="stack tight" method="post" action=place.paths.page("comments")>
                {hidden("kind", kind.to_owned())}
                {hidden("key", key.to_owned())}
                {field(&form, "text", "Comment")
                    .hint("Everybody who may comment in this workspace reads it. It changes no verdict. Write @ and the key of a person or team to name them.")
                    .area_of(COMMENT_MAX)}
                <div class="button-row"><button class="button primary">"Write the comment"</button></div>
            </form>
        }
    });
    view! { <section class="section" aria-label="Comments">{list}{write}</section> }.into_any()
}

/// Everything that the rules say about one object: what is wrong, what is asked, what is missing.
fn about(findings: &Findings, object: &ObjectRef) -> Vec<Finding> {
    let mut about: Vec<Finding> = findings.all().filter(|it| it.subject == *object).cloned().collect();
    about.sort_by_key(|it| it.severity);
    about
}

fn comment(place: &Place, it: &Comment, writes: bool) -> AnyView {
    let at = it.written_at.to_string();
    let edited = it.edited_at.map(|at| {
        let at = at.to_string();
        view! { <span class="meta">"changed "<time datetime=at.clone()>{at.clone()}</time></span> }
    });
    let change = (it.own && writes).then(|| {
        let own = place.paths.page(&format!("comments/{}", it.id));
        let form = FormState::new(vec![("text".to_owned(), it.text.clone())]);
        let id = format!("change-{}", it.id);
        view! {
            <details>
                <summary>"Change or delete"</summary>
                <form class="stack tight" method="post" action=format!("{own}/edit")>
                    <label class="visually-hidden" for=id.clone()>"Comment as it should be"</label>
                    <textarea class="input" id=id.clone() name="text" rows="3" maxlength=COMMENT_MAX.to_string()>
                        {form.value("text").to_owned()}
                    </textarea>
                    <div class="button-row">
                        <button class="button">"Save the comment"</button>
                        <button class="button danger" formaction=format!("{own}/delete")>
                            {icon("delete")}"Delete the comment"
                        </button>
                    </div>
                </form>
            </details>
        }
    });
    view! {
        <li class="card" id=format!("c-{}", it.id)>
            <p class="cluster">
                <strong>{it.author.clone()}</strong>
                <time class="meta" datetime=at.clone()>{at.clone()}</time>
                {edited}
            </p>
            <p class="said">{it.text.clone()}</p>
            {change}
        </li>
    }
    .into_any()
}
