//! What the values of a workbook are as texts: numbers, days, places, and characters that XML cannot write.

use crate::time::Day;

/// The last day of the format, 9999-12-31, counted as it counts them.
const LAST_DAY: f64 = 2_958_466.0;

/// Below this a binary number holds every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The column of a place such as `AB12`, from 0.
pub(super) fn column(place: &str) -> Option<usize> {
    let letters = place.trim_end_matches(|it: char| it.is_ascii_digit());
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let number = letters.bytes().try_fold(0_usize, |number, byte| {
        byte.is_ascii_uppercase().then(|| number * 26 + usize::from(byte - b'A') + 1)
    });
    number.map(|it| it - 1)
}

/// A number as people read it; where its format shows days, the day. What is no number stays as it is.
pub(super) fn number(text: &str, is_date: bool, from_1904: bool) -> String {
    let Ok(value) = text.parse::<f64>() else { return text.to_owned() };
    if is_date && let Some(day) = day(value, from_1904) {
        return day;
    }
    // A whole number keeps all of its digits, as other programs than spreadsheets write them: the last could be that of a
    // card number.
    if value.fract() == 0.0 && value.abs() < EXACT {
        return format!("{value:.0}");
    }
    if text.bytes().all(|it| it.is_ascii_digit()) {
        return text.to_owned();
    }
    // Spreadsheets show fifteen digits, and what lies behind them is the rounding of binary numbers.
    let rounded = format!("{value:.14e}").parse::<f64>().unwrap_or(value);
    rounded.to_string()
}

/// The day of a number, with its time where it has one.
fn day(value: f64, from_1904: bool) -> Option<String> {
    if !(0.0..LAST_DAY).contains(&value) {
        return None;
    }
    // To the second, as what lies below is rounding.
    let seconds = (value * 86_400.0).round();
    let (days, rest) = ((seconds / 86_400.0).floor(), seconds % 86_400.0);
    // Both lie within the range that was asked for.
    let (days, rest) = (days as i32, rest as i32);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    let epoch = match from_1904 {
        true => Day::from_ymd(1904, 1, 1)?,
        // The format has a 29 February 1900, which never was: day 60. Before it days are counted from one day later.
        false if days == 60 => return None,
        false => Day::from_ymd(1899, 12, if days < 60 { 31 } else { 30 })?,
    };
    if days == 0 && !from_1904 {
        return Some(format!("{hour:02}:{minute:02}:{second:02}"));
    }
    let day = epoch.plus_days(days);
    Some(if rest == 0 { day.to_string() } else { format!("{day}T{hour:02}:{minute:02}:{second:02}") })
}

/// Whether one of the formats that need not be written down shows a day or time.
pub(super) const fn is_usual_date(format: u32) -> bool {
    matches!(format, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format shows a day or time: it has one of their letters outside quotes, colours and conditions.
pub(super) fn is_date_format(code: &str) -> bool {
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => drop(characters.by_ref().find(|it| *it == '"')),
            '\\' | '_' | '*' => drop(characters.next()),
            '[' => {
                let inside: String = characters.by_ref().take_while(|it| *it != ']').collect();
                if !inside.is_empty() && inside.chars().all(|it| matches!(it.to_ascii_lowercase(), 'h' | 'm' | 's')) {
                    return true;
                }
            }
            // Only positive numbers matter here: days are not negative.
            ';' => return false,
            'E' | 'e' => return false,
            'G' => return false,
            it if matches!(it.to_ascii_lowercase(), 'y' | 'm' | 'd' | 'h' | 's') => return true,
            _ => {}
        }
    }
    false
}

/// A text with its characters that XML cannot write, which the format writes as `_x000D_`.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let code = from.get(2..6).filter(|_| from.as_bytes().get(6) == Some(&b'_'));
        let code = code.filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|it| u32::from_str_radix(it, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                out.push(character);
                rest = &from[7..];
            }
            None => {
                out.push_str("_x");
                rest = &from[2..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1900_or_1904_and_around_a_day_that_never_was() {
        let days = [(1.0, "1900-01-01"), (59.0, "1900-02-28"), (61.0, "1900-03-01"), (46_022.0, "2025-12-31")];
        for (number, expected) in days {
            assert_eq!(day(number, false).as_deref(), Some(expected));
        }
        assert_eq!(day(44_560.0, true).as_deref(), Some("2025-12-31"));
        assert_eq!(day(46_022.75, false).as_deref(), Some("2025-12-31T18:00:00"));
        assert_eq!(day(0.5, false).as_deref(), Some("12:00:00"));
        for none in [60.0, -1.0, 3e6, f64::NAN, f64::INFINITY] {
            assert_eq!(day(none, false), None, "{none}");
        }
    }

    #[test]
    fn a_number_has_the_digits_that_a_spreadsheet_shows() {
        for (text, expected) in [("3", "3"), ("3.0", "3"), ("0.30000000000000004", "0.3"), ("1E2", "100"), ("x", "x")] {
            assert_eq!(number(text, false, false), expected);
        }
        assert_eq!(number("46022", true, false), "2025-12-31");
        assert_eq!(number("-5", true, false), "-5");
    }

    #[test]
    fn a_format_of_days_is_told_from_one_of_numbers() {
        for code in ["yyyy-mm-dd", "[$-409]d\\/m\\/yyyy", "dd.mm.yy;@", "[h]:mm:ss", "\"due\" d mmm"] {
            assert!(is_date_format(code), "{code}");
        }
        for code in ["0.00", "General", "#,##0 \"days\"", "[Red]0", "0.0E+00", "_(* #,##0_)", "\\d0", "0%"] {
            assert!(!is_date_format(code), "{code}");
        }
    }

    #[test]
    fn a_place_is_a_column() {
        assert_eq!(["A1", "Z9", "AA10", "XFD1"].map(column), [Some(0), Some(25), Some(26), Some(16_383)]);
        assert_eq!(["", "12", "a1", "AAAA1", "Ä1"].map(column), [None; 5]);
    }

    #[test]
    fn what_xml_cannot_write_comes_back() {
        assert_eq!(unescaped("a_x000D__x000A_b"), "a\r\nb");
        assert_eq!(unescaped("_x00_ _xZZZZ_ _x"), "_x00_ _xZZZZ_ _x");
        assert_eq!(unescaped("_xöööö_"), "_xöööö_");
    }
}
