//! JSON with two blanks per level, as `serde_json` writes it, with one write for each line break.

use std::io;

use serde_json::ser::Formatter;

/// A line break and the blanks of the deepest level that is written at once.
const BREAK: &[u8] = b"\n                                ";

/// The level, and whether the innermost list or object has anything in it.
#[derive(Default)]
pub(super) struct Indented {
    level: usize,
    filled: bool,
}

impl Indented {
    fn new_line<W: ?Sized + io::Write>(&self, out: &mut W) -> io::Result<()> {
        let mut blanks = self.level * 2;
        let at_once = blanks.min(BREAK.len() - 1);
        out.write_all(&BREAK[..=at_once])?;
        blanks -= at_once;
        while blanks > 0 {
            let at_once = blanks.min(BREAK.len() - 1);
            out.write_all(&BREAK[1..=at_once])?;
            blanks -= at_once;
        }
        Ok(())
    }

    fn open<W: ?Sized + io::Write>(&mut self, out: &mut W, bracket: u8) -> io::Result<()> {
        self.level += 1;
        self.filled = false;
        out.write_all(&[bracket])
    }

    fn close<W: ?Sized + io::Write>(&mut self, out: &mut W, bracket: u8) -> io::Result<()> {
        self.level -= 1;
        if self.filled {
            self.new_line(out)?;
        }
        out.write_all(&[bracket])
    }

    fn item<W: ?Sized + io::Write>(&self, out: &mut W, first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        self.new_line(out)
    }
}

impl Formatter for Indented {
    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b'[')
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b']')
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b'{')
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b'}')
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde::Serialize;
    use serde_json::json;

    use super::*;

    #[test]
    fn it_writes_what_the_usual_writer_writes_at_every_depth() {
        let mut value = json!({ "a": [], "b": {}, "c": ["\"", 1, null, { "d": [[]] }] });
        for _ in 0..40 {
            let mut text = Vec::new();
            value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, Indented::default())).unwrap();
            assert_eq!(String::from_utf8(text).unwrap(), serde_json::to_string_pretty(&value).unwrap());
            value = json!([value, { "e": [2, 3] }]);
        }
    }
}
