//! Escapes such as those of JSON: their letters and digits belong to no word beside them.

/// How far an escape is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Escape {
    #[default]
    None,
    /// A backslash was read.
    Begun,
    /// So many hexadecimal digits of a character are left.
    Digits(u8),
}

impl Escape {
    /// Reads a character: whether it is the letter of an escape, as in `\n`, or one of its digits, as in `\u000a`.
    pub(super) const fn takes(&mut self, character: char) -> bool {
        let (is_of, next) = match (*self, character) {
            (Self::None, '\\') => (false, Self::Begun),
            (Self::Begun, 'u') => (true, Self::Digits(4)),
            (Self::Begun, 'n' | 'r' | 't' | 'b' | 'f' | '\\') => (true, Self::None),
            (Self::Digits(left), it) if it.is_ascii_hexdigit() => {
                (true, if left > 1 { Self::Digits(left - 1) } else { Self::None })
            }
            _ => (false, Self::None),
        };
        *self = next;
        is_of
    }
}
