//! What holds of the markup of every page. A small reader of tags, enough for markup that a renderer wrote.

use std::collections::BTreeSet;

/// Elements without an end tag.
const VOID: [&str; 8] = ["meta", "link", "input", "br", "hr", "img", "source", "wbr"];

/// Tags, attributes and nesting.
pub fn check(address: &str, html: &str) {
    assert!(html.starts_with("<!DOCTYPE html>"), "{address}");
    let tags = tags(html);
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name && !tag.closing).count();
    assert_eq!(count("h1"), 1, "{address}: one h1");
    assert_eq!(count("main"), 1, "{address}: one main");
    let (head, _) = html.split_once("</head>").unwrap();
    assert_eq!(head.matches("<title>").count(), 1, "{address}: one title");
    nested(address, &tags);
    let mut ids = BTreeSet::new();
    for tag in tags.iter().filter(|tag| !tag.closing) {
        assert!(tag.value("style").is_none(), "{address}: no style attributes: {tag:?}");
        assert!(!tag.attributes.iter().any(|(name, _)| name.starts_with("on")), "{address}: no handlers: {tag:?}");
        if let Some(id) = tag.value("id") {
            assert!(ids.insert(id), "{address}: the id {id} is there twice");
        }
        if tag.name == "script" {
            assert_eq!(tag.value("nonce"), Some("nonce-of-this-page"), "{address}: {tag:?}");
        }
    }
    for tag in tags.iter().filter(|tag| !tag.closing) {
        for attribute in ["for", "aria-describedby", "aria-labelledby", "list", "popovertarget"] {
            for id in tag.value(attribute).unwrap_or_default().split_whitespace() {
                assert!(ids.contains(id), "{address}: {attribute} names {id}, which is not there: {tag:?}");
            }
        }
    }
    labelled(address, &tags);
    for tag in tags.iter().filter(|tag| tag.name == "td" && !tag.closing) {
        assert!(tag.value("data-label").is_some(), "{address}: {tag:?}");
    }
}

/// The words of a page.
pub fn text_of(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every control that a person fills in has a label of its own.
fn labelled(address: &str, tags: &[Tag<'_>]) {
    let fors: BTreeSet<&str> =
        tags.iter().filter(|tag| tag.name == "label").filter_map(|tag| tag.value("for")).collect();
    let mut in_label = false;
    for tag in tags {
        if tag.name == "label" {
            in_label = !tag.closing;
        }
        let control = matches!(tag.name, "input" | "select" | "textarea") && !tag.closing;
        if control && tag.value("type") != Some("hidden") {
            let named = tag.value("id").is_some_and(|id| fors.contains(id)) || tag.value("aria-label").is_some();
            assert!(named || in_label, "{address}: without a label: {tag:?}");
        }
    }
}

/// Every end tag closes the last one that is open.
fn nested(address: &str, tags: &[Tag<'_>]) {
    let mut open: Vec<&str> = Vec::new();
    for tag in tags {
        if tag.closing {
            assert_eq!(open.pop(), Some(tag.name), "{address}: {tag:?} after {open:?}");
        } else if !tag.empty && !VOID.contains(&tag.name) {
            if tag.name == "a" {
                assert!(!open.contains(&"a"), "{address}: a link in a link: {tag:?}");
            }
            if matches!(tag.name, "div" | "ul" | "ol" | "p" | "table" | "section" | "dl" | "form") {
                assert!(!open.contains(&"p"), "{address}: {tag:?} in a paragraph");
            }
            if tag.name == "form" {
                assert!(!open.contains(&"form"), "{address}: a form in a form");
            }
            open.push(tag.name);
        }
    }
    assert!(open.is_empty(), "{address}: {open:?}");
}

#[derive(Debug)]
struct Tag<'a> {
    name: &'a str,
    closing: bool,
    empty: bool,
    attributes: Vec<(&'a str, &'a str)>,
}

impl Tag<'_> {
    fn value(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }
}

fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if rest.starts_with('!') {
            continue;
        }
        let mut quoted = false;
        let end = rest
            .char_indices()
            .find(|(_, c)| {
                quoted ^= *c == '"';
                *c == '>' && !quoted
            })
            .unwrap()
            .0;
        let inside = &rest[..end];
        rest = &rest[end + 1..];
        let (closing, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
        let (empty, inside) = inside.strip_suffix('/').map_or((false, inside), |inside| (true, inside));
        let name = inside.split_whitespace().next().unwrap_or_default();
        tags.push(Tag { name, closing, empty, attributes: attributes(&inside[name.len()..]) });
        if name == "script" && !closing {
            rest = &rest[rest.find("</script>").unwrap()..];
        }
    }
    tags
}

fn attributes(text: &str) -> Vec<(&str, &str)> {
    let mut attributes = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let (inside, after) = quoted.split_once('"').unwrap();
            (value, rest) = (inside, after);
        }
        attributes.push((name, value));
        rest = rest.trim_start();
    }
    attributes
}
