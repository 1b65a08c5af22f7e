//! What a YAML text must satisfy before it is parsed.
//!
//! Anchors and aliases are refused: a few of them can describe more data than any memory holds, and no model
//! needs them. This is a look at the text, not a parser: where it is in doubt it refuses.

use crate::model::file::DEPTH_MAX;

/// Why a text is refused before it is parsed, and on which line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// An anchor (`&name`) or an alias (`*name`).
    Alias(usize),
    /// Brackets are nested too deeply.
    Depth(usize),
}

/// Looks for anchors, aliases and deep nesting.
///
/// # Errors
/// The first one found.
pub fn check(text: &str) -> Result<(), Refused> {
    Look { text: text.as_bytes(), at: 0, line: 1, depth: 0 }.run()
}

struct Look<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
    depth: usize,
}

impl Look<'_> {
    fn run(mut self) -> Result<(), Refused> {
        // The column at which the innermost block collection of this line begins.
        let mut block_column = 0;
        let mut line_start = 0;
        let mut begins_node = true;
        while let Some(byte) = self.byte() {
            let separated = self.at == line_start || self.text.get(self.at - 1).is_none_or(u8::is_ascii_whitespace);
            match byte {
                b'\n' | b'\r' => {
                    self.end_line();
                    line_start = self.at;
                    begins_node = true;
                    block_column = self.indentation();
                }
                b' ' | b'\t' => self.at += 1,
                b'#' if separated => self.skip_line(),
                b'%' if self.at == line_start && self.depth == 0 => self.skip_line(),
                b'[' | b'{' if begins_node || self.depth > 0 => {
                    self.at += 1;
                    self.depth += 1;
                    begins_node = true;
                    if self.depth > DEPTH_MAX {
                        return Err(Refused::Depth(self.line));
                    }
                }
                b']' | b'}' if self.depth > 0 => {
                    self.at += 1;
                    self.depth -= 1;
                    begins_node = false;
                }
                b',' if self.depth > 0 => {
                    self.at += 1;
                    begins_node = true;
                }
                b'-' | b'?' | b':' if self.ends_word(1) => {
                    if byte != b':' && begins_node {
                        block_column = self.at - line_start;
                    }
                    self.at += 1;
                    begins_node = true;
                }
                b'-' if self.at == line_start && self.text[self.at..].starts_with(b"---") => self.at += 3,
                b'&' | b'*' if begins_node => return Err(Refused::Alias(self.line)),
                b'!' if begins_node => self.skip_word(),
                b'"' | b'\'' if begins_node => {
                    block_column = self.at.saturating_sub(line_start);
                    self.skip_quoted(byte);
                    begins_node = false;
                }
                b'|' | b'>' if begins_node && self.depth == 0 && self.is_block_header() => {
                    self.skip_block(block_column);
                    line_start = self.at;
                    block_column = self.indentation();
                }
                _ => {
                    if begins_node {
                        block_column = self.at.saturating_sub(line_start);
                    }
                    begins_node = false;
                    self.at += 1;
                }
            }
        }
        Ok(())
    }

    fn byte(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn end_line(&mut self) {
        if self.byte() == Some(b'\r') && self.text.get(self.at + 1) == Some(&b'\n') {
            self.at += 1;
        }
        self.at += 1;
        self.line += 1;
    }

    /// The blanks from here on.
    fn indentation(&self) -> usize {
        self.text[self.at.min(self.text.len())..].iter().take_while(|byte| **byte == b' ').count()
    }

    /// Whether the word of so many bytes from here on ends with a blank, a line end or the text; within brackets
    /// also with a bracket or comma.
    fn ends_word(&self, length: usize) -> bool {
        match self.text.get(self.at + length) {
            None | Some(b' ' | b'\t' | b'\n' | b'\r') => true,
            Some(b',' | b'[' | b']' | b'{' | b'}' | b'"' | b'\'' | b'&' | b'*') => self.depth > 0,
            _ => false,
        }
    }

    fn skip_line(&mut self) {
        while self.byte().is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn skip_word(&mut self) {
        while self.byte().is_some_and(|byte| !byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn skip_quoted(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.byte() {
            match byte {
                b'\n' | b'\r' => self.end_line(),
                b'\\' if quote == b'"' => self.at += 2,
                _ if byte == quote => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Whether nothing but indicators and a comment follow a `|` or `>`.
    fn is_block_header(&self) -> bool {
        let rest = &self.text[self.at + 1..];
        let line = rest.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or(rest);
        let after =
            line.iter().skip_while(|byte| matches!(byte, b'+' | b'-' | b'0'..=b'9')).copied().collect::<Vec<_>>();
        let trimmed = after.trim_ascii();
        trimmed.is_empty() || (trimmed.starts_with(b"#") && after.first().is_some_and(u8::is_ascii_whitespace))
    }

    /// Skips the lines of a block text: blank ones, and those indented more than the collection it belongs to.
    fn skip_block(&mut self, parent: usize) {
        self.skip_line();
        while self.at < self.text.len() {
            self.end_line();
            let indentation = self.indentation();
            let first = self.text.get(self.at + indentation);
            let blank = matches!(first, None | Some(b'\n' | b'\r'));
            if !blank && indentation <= parent {
                return;
            }
            self.skip_line();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_and_aliases_are_refused_with_their_line() {
        for (text, line) in [
            ("a: &x 1", 1),
            ("a:\n  - *x", 2),
            ("a: [1, *x]", 1),
            ("a: {b: &x 1}", 1),
            ("- - &x a", 1),
            ("&x a: 1", 1),
            ("a: !!str &x b", 1),
            ("a: |\n  text\nb: *x", 3),
            ("- a: |\n    text\n  b: *x", 3),
            ("a: \"b\" # c\nb: *x", 2),
            ("? *x\n: 1", 1),
            ("--- &x a", 1),
            ("---\n*x : 1", 2),
            ("<<: *base", 1),
            ("{\"a\":*x}", 1),
        ] {
            assert_eq!(check(text), Err(Refused::Alias(line)), "{text:?}");
        }
    }

    #[test]
    fn signs_within_texts_are_no_aliases() {
        for text in [
            "a: b & c",
            "a: \"&x *y\"",
            "a: '*it''s'",
            "a: b * c # &x",
            "# *x",
            "a: |\n  * one\n  & two\nb: 1",
            "- a: >-\n    *one\n  b: 1",
            "- |\n  *one\n- b",
            "a: http://x/*y",
            "a: [b&c, \"*d\"]",
        ] {
            assert_eq!(check(text), Ok(()), "{text:?}");
        }
    }

    /// Many texts of six of the signs that the look tells apart: each comes to an end, whatever follows whatever.
    #[test]
    fn the_look_comes_to_an_end_whatever_follows_whatever() {
        const SIGNS: &[u8] = b"-- \n:'\"|[]#!?a,";
        let mut text = [0; 6];
        for mut number in 0..SIGNS.len().pow(6) / 7 {
            number *= 7;
            for sign in &mut text {
                *sign = SIGNS[number % SIGNS.len()];
                number /= SIGNS.len();
            }
            let text: String = text.iter().copied().map(char::from).collect();
            assert!(matches!(check(&text), Ok(()) | Err(Refused::Alias(_) | Refused::Depth(_))), "{text:?}");
        }
        for text in ["--- - a", "--- -\nb", "--- a: - \n", "--- ? -", "----- -"] {
            assert_eq!(check(text), Ok(()), "{text:?}");
        }
        assert_eq!(check("--- - *x"), Err(Refused::Alias(1)));
    }

    #[test]
    fn deep_brackets_are_refused() {
        assert_eq!(check(&format!("a: {}", "[".repeat(65))), Err(Refused::Depth(1)));
        assert_eq!(check(&format!("a: {}{}", "[".repeat(64), "]".repeat(64))), Ok(()));
    }
}
