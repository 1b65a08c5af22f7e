//! Fields of forms: label, hint, error and control, tied to each other.

use leptos::prelude::*;

use super::form::{FormState, id_of};

/// One field of a form, made step by step and finished by the kind of its control.
pub struct Field<'a> {
    form: &'a FormState,
    name: String,
    label: String,
    hint: String,
    optional: bool,
    required: bool,
    first: bool,
    shown: Option<String>,
}

/// A field with its name in the form and its label.
#[must_use]
pub fn field<'a>(form: &'a FormState, name: impl Into<String>, label: impl Into<String>) -> Field<'a> {
    Field {
        form,
        name: name.into(),
        label: label.into(),
        hint: String::new(),
        optional: false,
        required: false,
        first: false,
        shown: None,
    }
}

/// What distinguishes one single-line control from another.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    /// The type of the control.
    pub kind: &'static str,
    /// Most characters; 0 is no limit.
    pub most: u32,
    /// The value of `autocomplete`.
    pub complete: &'static str,
    /// A class, such as `mono` or `short`.
    pub class: &'static str,
}

impl Default for Input {
    fn default() -> Self {
        Self { kind: "text", most: 0, complete: "off", class: "" }
    }
}

impl Field<'_> {
    /// What to enter, as a sentence.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// One more sentence on what to enter.
    #[must_use]
    pub fn more_hint(mut self, hint: &str) -> Self {
        if !self.hint.is_empty() {
            self.hint.push(' ');
        }
        self.hint.push_str(hint);
        self
    }

    /// Shows this instead of the value of the form.
    #[must_use]
    pub fn showing(mut self, value: String) -> Self {
        self.shown = Some(value);
        self
    }

    /// Marks the field as one that may stay empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The browser asks for it before anything is sent.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The page begins here: whoever came to fill in the form types at once. Not beside errors, which come first.
    #[must_use]
    pub fn focused(mut self) -> Self {
        self.first = !self.form.is_wrong();
        self
    }

    /// One line of text.
    #[must_use]
    pub fn text(self) -> AnyView {
        self.input(Input::default())
    }

    /// A single-line control. The value of a password is never sent back.
    #[must_use]
    pub fn input(self, input: Input) -> AnyView {
        let value = if input.kind == "password" { String::new() } else { self.value() };
        let class = format!("input {}", input.class);
        self.framed(|id, described, invalid| {
            view! {
                <input
                    class=class.trim_end().to_owned()
                    id=id
                    name=self.name.clone()
                    r#type=input.kind
                    value=value
                    maxlength=(input.most > 0).then(|| input.most.to_string())
                    autocomplete=input.complete
                    inputmode=(input.class == "number").then_some("numeric")
                    required=self.required
                    autofocus=self.first
                    aria-describedby=described
                    aria-invalid=invalid
                />
            }
            .into_any()
        })
    }

    /// Several lines of text, of at most so many characters.
    #[must_use]
    pub fn area_of(self, most: u32) -> AnyView {
        let value = self.value();
        self.framed(|id, described, invalid| {
            view! {
                <textarea class="input" id=id name=self.name.clone() rows="3" maxlength=most.to_string()
                    aria-describedby=described aria-invalid=invalid>{value}</textarea>
            }
            .into_any()
        })
    }

    /// One of a list of values with their words. `empty` is what stands for no value, where that is possible.
    #[must_use]
    pub fn select(self, empty: Option<&'static str>, options: &[(String, String)]) -> AnyView {
        let chosen = self.value();
        let choices = options_of(empty, options, &chosen);
        self.framed(|id, described, invalid| {
            view! {
                <select
                    class="input"
                    id=id
                    name=self.name.clone()
                    required=self.required
                    autofocus=self.first
                    aria-describedby=described
                    aria-invalid=invalid
                >
                    {choices}
                </select>
            }
            .into_any()
        })
    }

    /// One line of text with proposals that the browser shows while typing.
    #[must_use]
    pub fn with_proposals(self, options: &[(String, String)]) -> AnyView {
        let value = self.value();
        let list = format!("{}-list", id_of(&self.name));
        let proposals: Vec<_> = options
            .iter()
            .map(|(value, label)| view! { <option value=value.clone()>{label.clone()}</option> })
            .collect();
        self.framed(|id, described, invalid| {
            view! {
                <input class="input" id=id name=self.name.clone() value=value list=list.clone() autocomplete="off"
                    required=self.required autofocus=self.first aria-describedby=described aria-invalid=invalid/>
                <datalist id=list.clone()>{proposals}</datalist>
            }
            .into_any()
        })
    }

    /// Any number of a list of values, as checkboxes. Chosen are the values of the form, and those given here.
    ///
    /// An empty value goes with them, so that a form in which nothing is ticked says so.
    #[must_use]
    pub fn choices(self, options: &[(String, String)], mut chosen: Vec<String>) -> AnyView {
        chosen.extend(self.form.values(&self.name).map(str::to_owned));
        let boxes: Vec<_> = options
            .iter()
            .enumerate()
            .map(|(number, (value, label))| {
                // The summary of errors links to the first box.
                let id = (number == 0).then(|| id_of(&self.name));
                view! {
                    <label class="choice">
                        <input
                            type="checkbox"
                            id=id
                            name=self.name.clone()
                            value=value.clone()
                            checked=chosen.contains(value)
                        />
                        <span>{label.clone()}</span>
                    </label>
                }
            })
            .collect();
        let nothing = view! { <input type="hidden" name=self.name.clone() value=""/> };
        self.grouped("choices inline".to_owned(), view! { {nothing}{boxes} }.into_any())
    }

    /// One of a few values, as radio buttons. The first stands where none was chosen.
    #[must_use]
    pub fn radios(self, class: &'static str, options: &[(&str, &str, &str)]) -> AnyView {
        let value = self.value();
        let buttons: Vec<_> = options
            .iter()
            .enumerate()
            .map(|(number, (option, label, hint))| {
                let id = (number == 0).then(|| id_of(&self.name));
                let checked = *option == value || (value.is_empty() && number == 0);
                view! {
                    <label class="choice">
                        <input type="radio" id=id name=self.name.clone() value=(*option).to_owned() checked=checked/>
                        <span>{(*label).to_owned()}</span>
                        {(!hint.is_empty()).then(|| view! { <span class="hint">{(*hint).to_owned()}</span> })}
                    </label>
                }
            })
            .collect();
        let class = if class.is_empty() { "choices".to_owned() } else { format!("choices {class}") };
        self.grouped(class, buttons.into_any())
    }

    fn grouped(self, class: String, boxes: AnyView) -> AnyView {
        let id = id_of(&self.name);
        let (hint, error) = (self.hint_view(&id), self.error_view(&id));
        view! {
            <fieldset class="field" aria-describedby=self.described(&id)>
                <legend>{self.label.clone()}{self.mark()}</legend>
                {hint}
                {error}
                <div class=class>{boxes}</div>
            </fieldset>
        }
        .into_any()
    }

    fn framed(&self, control: impl FnOnce(String, Option<String>, Option<&'static str>) -> AnyView) -> AnyView {
        let id = id_of(&self.name);
        let invalid = self.form.error(&self.name).map(|_| "true");
        view! {
            <div class="field">
                <label for=id.clone()>{self.label.clone()}{self.mark()}</label>
                {self.hint_view(&id)}
                {self.error_view(&id)}
                {control(id.clone(), self.described(&id), invalid)}
            </div>
        }
        .into_any()
    }

    fn value(&self) -> String {
        self.shown.clone().unwrap_or_else(|| self.form.value(&self.name).to_owned())
    }

    fn mark(&self) -> Option<AnyView> {
        self.optional.then(|| view! { <span class="optional">" (optional)"</span> }.into_any())
    }

    fn hint_view(&self, id: &str) -> Option<AnyView> {
        (!self.hint.is_empty())
            .then(|| view! { <p class="hint" id=format!("{id}-hint")>{self.hint.clone()}</p> }.into_any())
    }

    fn error_view(&self, id: &str) -> Option<AnyView> {
        self.form.error(&self.name).map(|code| {
            view! {
                <p class="error" id=format!("{id}-error")>
                    <span class="visually-hidden">"Error: "</span>
                    {code.advice()}
                </p>
            }
            .into_any()
        })
    }

    fn described(&self, id: &str) -> Option<String> {
        let hint = (!self.hint.is_empty()).then(|| format!("{id}-hint"));
        let error = self.form.error(&self.name).map(|_| format!("{id}-error"));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (one, other) => one.or(other),
        }
    }
}

/// The options of a select. A value that is not in the list is kept as an option of its own, so that saving a form
/// never changes what it did not show.
#[must_use]
pub fn options_of(empty: Option<&'static str>, options: &[(String, String)], chosen: &str) -> AnyView {
    let unknown = (!chosen.is_empty() && !options.iter().any(|(value, _)| value == chosen))
        .then(|| view! { <option value=chosen.to_owned() selected=true>{chosen.to_owned()}</option> });
    let listed: Vec<_> = options
        .iter()
        .map(|(value, label)| view! { <option value=value.clone() selected=value == chosen>{label.clone()}</option> })
        .collect();
    let empty = empty.map(|words| view! { <option value="" selected=chosen.is_empty()>{words}</option> });
    view! { {empty}{unknown}{listed} }.into_any()
}

/// A hidden value.
#[must_use]
pub fn hidden(name: &'static str, value: String) -> AnyView {
    view! { <input type="hidden" name=name value=value/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::problem::{FieldCode, FieldError};

    #[test]
    fn label_hint_and_error_are_tied_to_the_control() {
        let form = FormState::new(vec![("name".to_owned(), "\"><script>".to_owned())])
            .with_errors(vec![FieldError::new("name", FieldCode::TooLong(120))]);
        let html = field(&form, "name", "Name").hint("As people say it.").text().to_html();
        for part in [
            r#"<label for="f-name">"#,
            r#"aria-describedby="f-name-hint f-name-error""#,
            r#"aria-invalid="true""#,
            "Shorten this to at most 120 characters.",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("<script>"), "{html}");
    }

    #[test]
    fn text_that_closes_the_textarea_stays_text() {
        let form = FormState::new(vec![("note".to_owned(), "</textarea><script>x()</script>".to_owned())]);
        let html = field(&form, "note", "Note").area_of(4000).to_html();
        assert!(!html.contains("<script>"), "{html}");
        assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
    }

    #[test]
    fn a_password_is_never_sent_back() {
        let form = FormState::new(vec![("password".to_owned(), "hunter22hunter22".to_owned())]);
        let html = field(&form, "password", "Password").input(Input { kind: "password", ..Input::default() }).to_html();
        assert!(!html.contains("hunter22"), "{html}");
    }

    #[test]
    fn a_value_outside_the_list_is_kept() {
        let form = FormState::new(vec![("segment".to_owned(), "old".to_owned())]);
        let options = [("dmz".to_owned(), "DMZ".to_owned())];
        let html = field(&form, "segment", "Segment").select(Some("None"), &options).to_html();
        assert!(html.contains(r#"<option value="old" selected>old</option>"#), "{html}");
    }
}
