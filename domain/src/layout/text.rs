//! How wide a line of Inter is, and what is left of it in a given width.
//!
//! The drawing is made without a browser, so boxes and chips are sized from the advance widths of the font. A reader
//! without Inter sees a fallback font of about the same width, hence the small reserve in [`width`].

use super::advances::{FIRST, REGULAR, SEMIBOLD};

/// The weights the drawing uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// 400.
    Regular,
    /// 600 and 700: the difference between them is below a pixel in the sizes used.
    Semibold,
}

/// The width of a line in pixels, rounded up, at a font size in tenths of a pixel (`130` is 13 px).
#[must_use]
pub fn width(line: &str, weight: Weight, tenths: u32) -> i32 {
    let thousandths: u64 = line.chars().map(|character| u64::from(advance(character, weight))).sum();
    let pixels = (thousandths * u64::from(tenths)).div_ceil(10_000);
    // No line of a drawing is anywhere near this long; a limit is better than a panic in a drawing.
    i32::try_from(pixels).unwrap_or(i32::MAX / 4)
}

/// The line itself if it fits into `room` pixels, else as much of its start as fits with an ellipsis.
#[must_use]
pub fn fit(line: &str, weight: Weight, tenths: u32, room: i32) -> String {
    if width(line, weight, tenths) <= room {
        return line.to_owned();
    }
    let mut kept = String::new();
    for character in line.chars() {
        kept.push(character);
        if width(&kept, weight, tenths) + width("…", weight, tenths) > room {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// The text broken into at most `lines` lines of `room` pixels, at spaces and after hyphens and the like; the last line
/// takes what is left, cut.
#[must_use]
pub fn wrap(text: &str, weight: Weight, tenths: u32, room: i32, lines: usize) -> Vec<String> {
    let mut done: Vec<String> = Vec::new();
    let mut line = String::new();
    for (blank, part) in parts(text) {
        let space = if blank && !line.is_empty() { " " } else { "" };
        let longer = format!("{line}{space}{part}");
        if line.is_empty() || width(&longer, weight, tenths) <= room || done.len() + 1 >= lines {
            line = longer;
        } else {
            done.push(std::mem::replace(&mut line, part.to_owned()));
        }
    }
    if !line.is_empty() {
        done.push(line);
    }
    done.iter().map(|line| fit(line, weight, tenths, room)).collect()
}

/// What stays together in a line, and whether a blank stands before it.
fn parts(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.split_whitespace()
        .flat_map(|word| word.split_inclusive(['-', '_', '/', '.', ':']).enumerate())
        .map(|(number, part)| (number == 0, part))
}

/// Thousandths of an em.
fn advance(character: char, weight: Weight) -> u16 {
    let table = match weight {
        Weight::Regular => &REGULAR,
        Weight::Semibold => &SEMIBOLD,
    };
    let code = u32::from(character);
    match code.checked_sub(FIRST).and_then(|offset| table.get(usize::try_from(offset).ok()?)) {
        Some(known) => *known,
        None if character == '…' => 956,
        // Scripts without a table: CJK and emoji are square, the others about as wide as a wide Latin letter.
        None if code >= 0x1100 => 1000,
        None => 720,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_letter_is_wider_than_a_narrow_one() {
        assert!(width("WWW", Weight::Regular, 140) > 2 * width("iii", Weight::Regular, 140));
        assert!(width("Checkout", Weight::Semibold, 130) > width("Checkout", Weight::Regular, 130));
    }

    #[test]
    fn a_line_that_does_not_fit_ends_in_an_ellipsis_and_then_fits() {
        let cut = fit("Payment retry queue of the northern region", Weight::Semibold, 130, 120);
        assert!(cut.ends_with('…'), "{cut}");
        assert!(width(&cut, Weight::Semibold, 130) <= 120);
        assert_eq!(fit("HSM", Weight::Semibold, 130, 120), "HSM");
    }

    #[test]
    fn wrapping_keeps_every_word_while_there_are_lines() {
        assert_eq!(wrap("Shared services zone", Weight::Semibold, 120, 100, 3), ["Shared services", "zone"]);
        assert_eq!(wrap("one two three four", Weight::Regular, 120, 30, 2).len(), 2);
        let long = "payment-orchestration-service-eu-west";
        assert_eq!(wrap(long, Weight::Semibold, 130, 170, 2), ["payment-orchestration-", "service-eu-west"]);
    }
}
