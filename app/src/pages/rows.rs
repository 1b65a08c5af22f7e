//! Groups of rows in forms: what a credential may do, what a system manages, what stands on the way of a flow.

use leptos::prelude::*;

use super::editor::{Editor, empty_rows};
use super::request::Request;
use crate::islands::rows::{NUMBER, RepeatingRows};
use crate::ui::field::hidden;
use crate::ui::form::FormState;
use crate::ui::icon::icon;

/// A group of rows.
pub(super) struct Rows {
    /// The first part of the names of their fields.
    pub group: &'static str,
    /// The field that says that the rows are the whole list.
    pub marker: &'static str,
    /// The heading.
    pub legend: &'static str,
    /// What is to be known.
    pub hint: &'static str,
    /// One of them, in words.
    pub word: &'static str,
}

impl Rows {
    /// The rows of the form, and so many empty ones to fill in.
    pub fn view(
        &self,
        request: &Request,
        editor: &Editor<'_>,
        empty: u32,
        row: impl Fn(&Editor<'_>, &str) -> AnyView,
    ) -> AnyView {
        let shown = editor.form.rows(self.group);
        let next = shown.last().map_or(0, |number| number.saturating_add(1));
        let numbers = shown.into_iter().chain(next..next.saturating_add(empty_rows(request, empty)));
        let rows: Vec<_> = numbers.map(|number| self.framed(editor, &number.to_string(), &row)).collect();
        let blank = self.framed(&Editor { form: &FormState::default(), model: editor.model }, NUMBER, &row);
        let Self { marker, legend, hint, word, .. } = *self;
        view! {
            <fieldset class="field">
                <legend>{legend}</legend>
                <p class="hint">{hint}</p>
                {hidden(marker, String::new())}
                <RepeatingRows>
                    <div class="stack">
                        <div class="stack tight" data-rows="">{rows}</div>
                        <template>{blank}</template>
                        <div class="button-row">
                            <button class="button" name="action" value="more" formnovalidate=true data-add="">
                                {icon("plus")}{format!("Add another {word}")}
                            </button>
                        </div>
                    </div>
                </RepeatingRows>
            </fieldset>
        }
        .into_any()
    }

    fn framed(&self, editor: &Editor<'_>, number: &str, row: &impl Fn(&Editor<'_>, &str) -> AnyView) -> AnyView {
        let (fields, remove) =
            (row(editor, &format!("{}.{number}.", self.group)), format!("Remove this {}", self.word));
        let shown = number.parse::<u32>().map_or_else(|_| number.to_owned(), |it| it.saturating_add(1).to_string());
        let mut letters = self.word.chars();
        let word: String =
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
        view! {
            <div class="card" role="group" aria-label=format!("{word} {shown}") data-row=number.to_owned()>
                {fields}
                <button class="button quiet small" type="button" hidden=true data-remove="">
                    {icon("delete")}{remove}
                </button>
            </div>
        }
        .into_any()
    }
}
