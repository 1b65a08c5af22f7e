//! What a browser makes of a page: its elements with their attributes, read as the standard says and no more kindly.

use std::collections::BTreeMap;

/// An element as it begins, or the end of one.
#[derive(Debug)]
pub struct Tag {
    /// Its name; with a slash in front where it ends an element.
    pub name: String,
    /// Its attributes, with what is escaped in them resolved.
    pub attributes: BTreeMap<String, String>,
    /// The text up to the next tag, resolved.
    pub text: String,
}

/// The tags of a page, in order.
pub fn tags(page: &str) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        if let Some(last) = tags.last_mut() {
            last.text.push_str(&resolved(&rest[..at]));
        }
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix("!--") {
            rest = after.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|it: char| it.is_ascii_alphabetic() || matches!(it, '/' | '!' | '?')) {
            if let Some(last) = tags.last_mut() {
                last.text.push('<');
            }
            continue;
        }
        let (tag, after) = tag(rest);
        rest = after;
        // What stands in these is text until they end, whatever it looks like.
        let raw = ["script", "style", "textarea", "title"].contains(&tag.name.as_str());
        let name = tag.name.clone();
        tags.push(tag);
        if raw {
            let end = rest.to_ascii_lowercase().find(&format!("</{name}")).unwrap_or(rest.len());
            let text = if name == "script" { rest[..end].to_owned() } else { resolved(&rest[..end]) };
            tags.last_mut().expect("one was just pushed").text.push_str(&text);
            rest = &rest[end..];
        }
    }
    tags
}

/// The tag that begins here, and what follows it.
fn tag(text: &str) -> (Tag, &str) {
    let end = text.find(|it: char| it.is_whitespace() || it == '>').unwrap_or(text.len());
    let end = text[..end].rfind('/').filter(|at| *at > 0).unwrap_or(end);
    let name = text[..end].to_ascii_lowercase();
    let mut attributes = BTreeMap::new();
    let mut rest = &text[end..];
    loop {
        rest = rest.trim_start_matches(|it: char| it.is_whitespace() || it == '/');
        if rest.is_empty() || rest.starts_with('>') {
            let rest = rest.strip_prefix('>').unwrap_or(rest);
            return (Tag { name, attributes, text: String::new() }, rest);
        }
        let end =
            rest.find(|it: char| it.is_whitespace() || matches!(it, '=' | '>' | '/')).unwrap_or(rest.len()).max(1);
        let attribute = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let value = match rest.strip_prefix('=').map(str::trim_start) {
            None => String::new(),
            Some(value) => {
                let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''));
                let (inside, after) = match quote {
                    Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
                    None => {
                        value.split_at(value.find(|it: char| it.is_whitespace() || it == '>').unwrap_or(value.len()))
                    }
                };
                rest = after;
                resolved(inside)
            }
        };
        attributes.insert(attribute, value);
    }
}

/// A text with its character references resolved: those that our pages write.
fn resolved(text: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    named.into_iter().fold(text.to_owned(), |text, (name, character)| text.replace(name, character))
}

#[test]
fn markup_that_is_escaped_is_text_and_markup_that_is_not_is_an_element() {
    let canary = super::variants(7)[1].clone();
    let names = |page: &str| tags(page).into_iter().map(|tag| tag.name).collect::<Vec<_>>();
    let escaped = canary.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let page = format!("<p class=\"{escaped}\">{escaped}</p><textarea>{escaped}</textarea><title>{escaped}</title>");
    assert_eq!(names(&page), ["p", "/p", "textarea", "/textarea", "title", "/title"]);
    let quoted = format!("<p class=\"a\" title=\"{}\">", canary.replace('"', "&quot;"));
    assert_eq!(names(&quoted), ["p"], "in quotes, markup is no markup");
    for page in [
        format!("<p>{canary}</p>"),
        format!("<p class=\"{canary}\">"),
        format!("<p class={canary}>"),
        format!("<textarea>{canary}</textarea>"),
        format!("<title>{canary}</title>"),
        format!("<script>let a = \"{canary}\"</script>"),
    ] {
        assert!(names(&page).iter().any(|name| name == super::ELEMENT), "{page}");
    }
}
