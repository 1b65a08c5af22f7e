//! The one formatter of page titles.

/// Makes the content of `<title>`.
///
/// The title is written into the page without escaping, so every character that could begin markup is deleted. It is
/// not escaped instead, because browsers show a title's text as it stands in other places too.
#[must_use]
pub fn title(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !matches!(c, '<' | '>' | '&') && !c.is_control()).collect();
    format!("{} · Plumbline", clean.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_close_its_element() {
        assert_eq!(title("</title><script>x()</script>"), "/titlescriptx()/script · Plumbline");
        assert_eq!(title("Cards & more\n"), "Cards  more · Plumbline");
    }
}
