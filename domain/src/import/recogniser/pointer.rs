//! References within a document: `#/components/schemas/Card`.

use super::tree::Node;

/// What a `$ref` points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// A place in this document, without the `#`.
    Local(&'a str),
    /// Another document, on this computer or elsewhere.
    Remote(&'a str),
}

/// Where a reference leads.
pub(super) fn target(reference: &str) -> Target<'_> {
    match reference.strip_prefix('#') {
        Some(pointer) => Target::Local(pointer),
        None => Target::Remote(reference),
    }
}

/// The reference of a node, where it is one.
pub(super) fn reference(node: &Node) -> Option<&str> {
    node.get("$ref").and_then(Node::text)
}

/// The node at a pointer (RFC 6901), or the document for the empty pointer.
pub(super) fn resolve<'n>(root: &'n Node, pointer: &str) -> Option<&'n Node> {
    let Some(rest) = pointer.strip_prefix('/') else { return pointer.is_empty().then_some(root) };
    rest.split('/').try_fold(root, |node, token| {
        let token = unescaped(token);
        match node {
            Node::List(items) => items.get(token.parse::<usize>().ok()?),
            _ => node.get(&token),
        }
    })
}

/// The last name of a pointer.
pub(super) fn last(pointer: &str) -> String {
    unescaped(pointer.rsplit('/').next().unwrap_or(pointer))
}

/// One spelling for all spellings of a pointer, to compare pointers with each other.
pub(super) fn canonical(pointer: &str) -> String {
    pointer.split('/').map(unescaped).collect::<Vec<_>>().join("\u{1f}")
}

fn unescaped(token: &str) -> String {
    let token = if token.contains('%') { percent_decoded(token) } else { token.to_owned() };
    token.replace("~1", "/").replace("~0", "~")
}

fn percent_decoded(token: &str) -> String {
    let mut bytes = Vec::with_capacity(token.len());
    let mut rest = token.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *byte == b'%') {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| token.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::Bounds;
    use super::super::tree::read_json;
    use super::*;

    #[test]
    fn a_pointer_is_followed_with_its_escapes() {
        let root = read_json(r#"{"a/b":{"~x":[10,{"ü":true}]}}"#, &Bounds::USUAL).unwrap();
        assert_eq!(resolve(&root, "/a~1b/~0x/0"), Some(&Node::Whole(10)));
        assert_eq!(resolve(&root, "/a~1b/~0x/1/%C3%BC"), Some(&Node::Bool(true)));
        assert_eq!(resolve(&root, ""), Some(&root));
        assert_eq!(resolve(&root, "/nowhere/0"), None);
        assert_eq!(resolve(&root, "anchor"), None);
        assert_eq!(last("/paths/~1cards/%"), "%");
    }

    #[test]
    fn only_what_begins_with_a_number_sign_is_local() {
        assert_eq!(target("#/definitions/Card"), Target::Local("/definitions/Card"));
        for remote in ["card.yaml#/Card", "https://example.com/card.json", "file:///etc/passwd", "//host/x", ""] {
            assert_eq!(target(remote), Target::Remote(remote));
        }
    }
}
