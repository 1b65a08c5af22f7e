//! The forms of a page, as a browser would send them.

use std::collections::BTreeSet;

use super::html::{Tag, tags};
use super::variants;

/// A form that posts.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Whether it carries a file.
    pub file: bool,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it is sent with unless somebody types.
    pub value: String,
    /// Whether text can be typed into it.
    pub typed: bool,
    /// Whether what was typed is wrong, as the page says.
    pub wrong: bool,
}

/// The forms of a page that post.
pub fn forms(page: &str) -> Vec<Form> {
    let tags = tags(page);
    let mut forms: Vec<Form> = Vec::new();
    let mut open = false;
    // A template is no part of the form until a script copies it.
    let mut templates = 0_u32;
    for (at, tag) in tags.iter().enumerate() {
        let attribute = |name: &str| tag.attributes.get(name).map_or("", String::as_str);
        match tag.name.as_str() {
            "form" => {
                open = attribute("method") == "post";
                if open {
                    let file = attribute("enctype") == "multipart/form-data";
                    forms.push(Form { action: attribute("action").to_owned(), file, fields: Vec::new() });
                }
            }
            "/form" => open = false,
            "template" => templates += 1,
            "/template" => templates -= 1,
            "input" | "textarea" | "select" | "button" if open && templates == 0 => {
                if let Some(field) = field(tag, &tags[at + 1..]) {
                    forms.last_mut().expect("a form is open").fields.push(field);
                }
            }
            _ => {}
        }
    }
    forms
}

fn field(tag: &Tag, after: &[Tag]) -> Option<Field> {
    let attribute = |name: &str| tag.attributes.get(name).map_or("", String::as_str);
    let name = Some(attribute("name")).filter(|name| !name.is_empty())?.to_owned();
    let kind = if tag.name == "input" { attribute("type") } else { tag.name.as_str() };
    let ticked = tag.attributes.contains_key("checked");
    let value = match kind {
        "button" | "file" | "submit" => return None,
        "checkbox" | "radio" if !ticked => return None,
        "textarea" => tag.text.clone(),
        "select" => {
            let options = after.iter().take_while(|it| it.name != "/select").filter(|it| it.name == "option");
            let options: Vec<&Tag> = options.collect();
            let chosen = options.iter().find(|it| it.attributes.contains_key("selected")).or(options.first());
            chosen.and_then(|it| it.attributes.get("value")).cloned().unwrap_or_default()
        }
        _ => attribute("value").to_owned(),
    };
    let typed = matches!(kind, "textarea" | "" | "text" | "search" | "email" | "url" | "tel");
    Some(Field { name, value, typed, wrong: attribute("aria-invalid") == "true" })
}

/// A form that somebody fills in with canaries, more modest where one is refused.
pub struct Attempt {
    form: Form,
    first: usize,
    /// Which variant stands in each field; past the last one its own value.
    chosen: Vec<usize>,
}

impl Attempt {
    /// The form with a canary in every field that takes text: their numbers begin with this one.
    pub fn new(form: Form, first: usize) -> Self {
        let chosen = form.fields.iter().map(|field| if field.typed { 0 } else { usize::MAX }).collect();
        Self { form, first, chosen }
    }

    /// The form as it is sent.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let fields = self.form.fields.iter().zip(&self.chosen).enumerate();
        fields
            .map(|(at, (field, chosen))| {
                let canary = variants(self.first + at).get(*chosen).cloned();
                (field.name.clone(), canary.unwrap_or_else(|| field.value.clone()))
            })
            .collect()
    }

    /// Takes the next variant wherever the page says that a field is wrong. False where there is nothing left to try.
    pub fn more_modest(&mut self, page: &str) -> bool {
        let wrong: BTreeSet<String> = forms(page)
            .into_iter()
            .flat_map(|form| form.fields)
            .filter(|field| field.wrong)
            .map(|field| field.name)
            .collect();
        let mut changed = false;
        for (field, chosen) in self.form.fields.iter().zip(&mut self.chosen) {
            if *chosen < usize::MAX && (wrong.contains(&field.name) || wrong.is_empty()) {
                *chosen = if *chosen + 1 < variants(0).len() { *chosen + 1 } else { usize::MAX };
                changed = true;
            }
        }
        changed
    }

    /// The numbers of the canaries that are sent now.
    pub fn sent(&self) -> BTreeSet<usize> {
        let sent = self.chosen.iter().enumerate().filter(|(_, chosen)| **chosen < usize::MAX);
        sent.map(|(at, _)| self.first + at).collect()
    }

    /// How many numbers the form takes up.
    pub fn len(&self) -> usize {
        self.form.fields.len()
    }
}
