//! The calendar as a file that other programs subscribe to (RFC 5545). The same entries give the same bytes.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::calendar::Entry;
use crate::time::{Day, Timestamp};

/// The longest line, in bytes without the line end.
const LINE: usize = 75;

/// What names a feed, beside its entries.
#[derive(Clone, Copy)]
pub struct Feed<'a> {
    /// What calendar programs call it.
    pub name: &'a str,
    /// What tells the workspace from all others: part of the identity of each event.
    pub workspace: &'a str,
    /// When the entries were last as they are: of the last change, not of the request, so that nothing moves by itself.
    pub as_of: Timestamp,
    /// The address of an entry, where it has one. It must hold neither a token nor a secret.
    pub link: &'a dyn Fn(&Entry) -> Option<String>,
}

/// The entries as a calendar. Whole days are days of the workspace's zone; instants are UTC.
#[must_use]
pub fn icalendar(feed: &Feed<'_>, entries: &[Entry]) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| fold(&mut text, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Plumbline//Calendar//EN");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("X-WR-CALNAME", &escape(feed.name));
    for it in entries {
        line("BEGIN", "VEVENT");
        line("UID", &uid(feed.workspace, it));
        line("DTSTAMP", &instant(feed.as_of));
        match it.at {
            // Without an end it ends at the instant at which it begins; an end must lie after the beginning.
            Some(at) => line("DTSTART", &instant(at)),
            None => {
                line("DTSTART;VALUE=DATE", &day(it.day));
                line("DTEND;VALUE=DATE", &day(it.day.plus_days(1)));
            }
        }
        let overdue = if it.overdue { "Overdue: " } else { "" };
        line("SUMMARY", &escape(&format!("{overdue}{}", it.title)));
        line("CATEGORIES", &escape(it.kind.label()));
        if let Some(link) = (feed.link)(it) {
            line("URL", &plain(&link));
        }
        // It says that something is due, not that somebody is busy.
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    text
}

/// The identity of an event: it stays the same when the event is moved or renamed.
fn uid(workspace: &str, it: &Entry) -> String {
    let known_by = format!("{workspace}\n{}\n{}", it.kind, it.key);
    let hash = hex::encode(Sha256::digest(known_by));
    format!("{}@plumbline.invalid", hash.get(..32).unwrap_or(&hash))
}

fn instant(at: Timestamp) -> String {
    at.to_string().replace(['-', ':'], "")
}

fn day(day: Day) -> String {
    day.to_string().replace('-', "")
}

/// A text as a value: backslash, semicolon, comma and line break are escaped, other control characters are left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for it in text.replace("\r\n", "\n").chars() {
        match it {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(it);
            }
            '\n' => escaped.push_str("\\n"),
            it if it.is_control() => {}
            it => escaped.push(it),
        }
    }
    escaped
}

/// An address: nothing in it is escaped, and no line break gets through.
fn plain(text: &str) -> String {
    text.chars().filter(|it| !it.is_control()).collect()
}

/// Writes a line, continued on the next after 75 bytes, never within a character.
fn fold(to: &mut String, line: &str) {
    let mut width = 0;
    for it in line.chars() {
        if width + it.len_utf8() > LINE {
            to.push_str("\r\n ");
            width = 1;
        }
        width += it.len_utf8();
        let _ = write!(to, "{it}");
    }
    to.push_str("\r\n");
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schedule::calendar::EntryKind;
    use crate::schedule::calendar::tests::of_sample;
    use crate::schedule::zone::Zone;

    fn entry(title: &str) -> Entry {
        Entry {
            day: "2026-12-31".parse().unwrap(),
            kind: EntryKind::Review,
            key: "SCH-1".to_owned(),
            title: title.to_owned(),
            object: None,
            who: Vec::new(),
            at: None,
            overdue: false,
        }
    }

    fn written(entries: &[Entry]) -> String {
        let link = |it: &Entry| Some(format!("https://plumbline.example/w/shop/calendar#{}", it.key));
        let feed = Feed { name: "Shop, reviews", workspace: "shop", as_of: Timestamp(0), link: &link };
        icalendar(&feed, entries)
    }

    /// The lines as they were before they were folded.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_whole_day_ends_with_the_next_and_an_instant_is_utc() {
        let lines = unfolded(&written(&[entry("Integrations; till, shop\nand more")]));
        for line in [
            "DTSTART;VALUE=DATE:20261231",
            "DTEND;VALUE=DATE:20270101",
            "DTSTAMP:19700101T000000Z",
            r"SUMMARY:Integrations\; till\, shop\nand more",
            r"X-WR-CALNAME:Shop\, reviews",
        ] {
            assert!(lines.iter().any(|it| it == line), "{line}: {lines:#?}");
        }
        let text = written(&of_sample(&Zone::utc()));
        assert!(text.contains("DTSTART:20261201T233000Z\r\n") && !text.contains("DTEND:"), "{text}");
        assert_eq!(text, written(&of_sample(&Zone::utc())));
    }

    #[test]
    fn an_event_keeps_its_identity_when_it_is_moved_and_shares_it_with_no_other() {
        let uid_of = |text: &str| unfolded(text).into_iter().find(|it| it.starts_with("UID:")).unwrap();
        let moved = Entry { day: Day(30_000), title: "Other".to_owned(), ..entry("One") };
        assert_eq!(uid_of(&written(&[entry("One")])), uid_of(&written(&[moved])));
        let all = unfolded(&written(&of_sample(&Zone::utc())));
        let mut ids: Vec<&String> = all.iter().filter(|it| it.starts_with("UID:")).collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    proptest! {
        #[test]
        fn no_line_is_longer_than_75_bytes_and_no_title_makes_a_line_of_its_own(title in "\\PC{0,120}[\r\n\\\\;,é漢🙂]{0,40}") {
            let text = written(&[entry(&title)]);
            prop_assert!(text.split("\r\n").all(|line| line.len() <= LINE && !line.contains(['\r', '\n'])));
            let lines = unfolded(&text);
            prop_assert_eq!(lines.len(), 17);
            let summary = lines.iter().find_map(|it| it.strip_prefix("SUMMARY:")).unwrap_or_default();
            prop_assert_eq!(summary, escape(&title));
        }
    }
}
