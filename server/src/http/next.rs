//! Where to go after signing in or choosing colours: only to a page of ours.

/// The path and query, if it is one of ours and nothing else.
///
/// What follows `//` or a backslash would be read as another host by a browser, and anything outside this alphabet has
/// been used to hide one.
#[must_use]
pub fn own_page(text: &str) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-/?=&.%".contains(&byte);
    let ours = text.starts_with('/') && !text.starts_with("//") && text.len() <= 2000 && text.bytes().all(plain);
    ours.then_some(text)
}

/// The sign-in page that comes back to this path and query, where that is possible.
#[must_use]
pub fn sign_in_for(path_and_query: &str) -> String {
    match own_page(path_and_query) {
        None | Some("/") => "/sign-in".to_owned(),
        Some(next) => app::ui::link::with_query("/sign-in", &[("next", next)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_ours_is_gone_to() {
        for ours in ["/", "/w/shop/systems?q=a%20b&sort=name", "/w/k%C3%BCche/map?mode=explain"] {
            assert_eq!(own_page(ours), Some(ours));
        }
        for other in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/a\nb",
            "/a\0",
            "",
            "evil",
            "/a#b",
            "javascript:alert(1)",
            "/a b",
            "/ü",
        ] {
            assert_eq!(own_page(other), None, "{other:?}");
        }
    }

    #[test]
    fn the_sign_in_page_remembers_where_somebody_wanted_to_go() {
        assert_eq!(sign_in_for("/w/shop/map?q=a&b=c"), "/sign-in?next=%2Fw%2Fshop%2Fmap%3Fq%3Da%26b%3Dc");
        assert_eq!(sign_in_for("/"), "/sign-in");
        assert_eq!(sign_in_for("//evil.example"), "/sign-in");
    }
}
