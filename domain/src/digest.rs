//! What is sent by mail to who asked for it: what is late, what is due, what waits. One letter for each day or week.
//!
//! The same notices give the same letter. Its period is told by its first day, so that each is sent once.

use std::fmt::Write as _;

use crate::notice::{Notice, NoticeKind};
use crate::schedule::Zone;
use crate::schedule::month::{Month, monday_of, weekday};
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

/// The hour of the day, in the zone of the workspace, from which a letter is sent.
pub const HOUR: u8 = 7;

/// The most lines under one heading; how many more there are is told.
const LINES: usize = 25;

text_enum! {
    /// How often somebody gets a digest.
    Rhythm {
        Off = "off": "Never",
        Daily = "daily": "Every day",
        Weekly = "weekly": "Every week, on Monday",
    }
}

impl Rhythm {
    /// The period in which an instant lies, as its first day; `None` where nothing is sent, or its hour has not come yet.
    #[must_use]
    pub fn period(self, zone: &Zone, now: Timestamp) -> Option<Day> {
        let today = zone.day_of(now);
        let first = match self {
            Self::Off => return None,
            Self::Daily => today,
            Self::Weekly => monday_of(today),
        };
        (zone.at(first, HOUR) <= now).then_some(first)
    }
}

/// A letter as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// What it says, in plain text.
    pub text: String,
    /// The same in HTML.
    pub html: String,
}

/// To whom a letter goes, and about what.
#[derive(Clone, Copy)]
pub struct Addressed<'a> {
    /// The name of the workspace.
    pub workspace: &'a str,
    /// How often the person gets one.
    pub rhythm: Rhythm,
    /// The day on which it is written, in the zone of the workspace.
    pub today: Day,
    /// The address of what a notice is about. It must hold neither a token nor a secret.
    pub link: &'a dyn Fn(&Notice) -> String,
    /// The address of the calendar.
    pub calendar: &'a str,
    /// The address at which the person changes how often they get one.
    pub settings: &'a str,
}

/// The letter about these notices; `None` where there is nothing to say.
#[must_use]
pub fn letter(to: &Addressed<'_>, notices: &[&Notice]) -> Option<Letter> {
    let parts: Vec<(&str, &str, Vec<&Notice>)> = [
        ("Late", "late", &[NoticeKind::Late][..]),
        ("Due in the next 14 days", "due", &[NoticeKind::Deadline, NoticeKind::Soon]),
        ("Waits for you", "waiting", &[NoticeKind::Decision, NoticeKind::Mention]),
    ]
    .into_iter()
    .map(|(heading, word, kinds)| {
        (heading, word, notices.iter().copied().filter(|it| kinds.contains(&it.kind)).collect::<Vec<_>>())
    })
    .filter(|(.., of)| !of.is_empty())
    .collect();
    if parts.is_empty() {
        return None;
    }
    let counts: Vec<String> = parts.iter().map(|(_, word, of)| format!("{} {word}", of.len())).collect();
    let workspace = plain(to.workspace);
    let subject = format!("{workspace}: {}", counts.join(", "));
    Some(Letter { subject, text: text(to, &workspace, &parts), html: html(to, &workspace, &parts) })
}

fn text(to: &Addressed<'_>, workspace: &str, parts: &[(&str, &str, Vec<&Notice>)]) -> String {
    let mut text = format!("{workspace}, {}\n", long(to.today));
    for (heading, _, of) in parts {
        let _ = write!(text, "\n{heading} ({})\n", of.len());
        for it in of.iter().take(LINES) {
            let _ = write!(text, "- {}{}\n  {}\n", day(it), plain(&it.title), (to.link)(it));
        }
        if of.len() > LINES {
            let _ = writeln!(text, "- and {} more", of.len() - LINES);
        }
    }
    let often = often(to.rhythm);
    let _ = write!(
        text,
        "\nEverything with a date: {}\nYou get this {often} because you asked for it. Change that: {}\n",
        to.calendar, to.settings
    );
    text
}

fn html(to: &Addressed<'_>, workspace: &str, parts: &[(&str, &str, Vec<&Notice>)]) -> String {
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{0}</title></head>\n<body>\n<h1>{0}</h1>\n\
         <p>{1}</p>\n",
        escape(workspace),
        long(to.today)
    );
    for (heading, _, of) in parts {
        let _ = write!(html, "<h2>{heading} ({})</h2>\n<ul>\n", of.len());
        for it in of.iter().take(LINES) {
            let (link, title) = (escape(&(to.link)(it)), escape(&plain(&it.title)));
            let _ = writeln!(html, "<li>{}<a href=\"{link}\">{title}</a></li>", day(it));
        }
        if of.len() > LINES {
            let _ = writeln!(html, "<li>and {} more</li>", of.len() - LINES);
        }
        html.push_str("</ul>\n");
    }
    let often = often(to.rhythm);
    let _ = write!(
        html,
        "<p><a href=\"{}\">Everything with a date</a></p>\n<p>You get this {often} because you asked for it. \
         <a href=\"{}\">Change that</a></p>\n</body>\n</html>\n",
        escape(to.calendar),
        escape(to.settings)
    );
    html
}

const fn often(rhythm: Rhythm) -> &'static str {
    match rhythm {
        Rhythm::Off => "once",
        Rhythm::Daily => "every day",
        Rhythm::Weekly => "every week",
    }
}

fn day(it: &Notice) -> String {
    it.day.map(|day| format!("{day} ")).unwrap_or_default()
}

/// A day as people say it: `Saturday, 21 November 2026`.
fn long(day: Day) -> String {
    let (_, _, of_month) = day.ymd();
    format!("{}, {of_month} {}", weekday(day), Month::of(day).label())
}

/// A text that people wrote, on one line.
fn plain(text: &str) -> String {
    text.split(char::is_whitespace)
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .replace(char::is_control, "")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::notice::Target;
    use crate::risk::RiskKey;

    fn notice(kind: NoticeKind, day: Option<&str>, title: &str) -> Notice {
        Notice {
            kind,
            day: day.map(|it| it.parse().unwrap()),
            key: title.to_owned(),
            title: title.to_owned(),
            target: Target::Risk(RiskKey(1)),
        }
    }

    fn written(notices: &[Notice]) -> Option<Letter> {
        let link = |_: &Notice| "https://p.example/w/shop/risks/R-1".to_owned();
        let to = Addressed {
            workspace: "Shop <1>",
            rhythm: Rhythm::Daily,
            today: "2026-11-21".parse().unwrap(),
            link: &link,
            calendar: "https://p.example/w/shop/calendar",
            settings: "https://p.example/w/shop/notices",
        };
        letter(&to, &notices.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_letter_says_what_is_late_due_and_waits_and_nothing_where_nothing_is() {
        assert_eq!(written(&[]), None);
        let letter = written(&[
            notice(NoticeKind::Late, Some("2026-11-20"), "Rotate\r\nBcc: <b>"),
            notice(NoticeKind::Decision, None, "Waits for approval (R-1)"),
        ])
        .unwrap();
        assert_eq!(letter.subject, "Shop <1>: 1 late, 1 waiting");
        let expected = "Shop <1>, Saturday, 21 November 2026\n\nLate (1)\n- 2026-11-20 Rotate Bcc: <b>\n  \
            https://p.example/w/shop/risks/R-1\n\nWaits for you (1)\n- Waits for approval (R-1)\n  \
            https://p.example/w/shop/risks/R-1\n\nEverything with a date: https://p.example/w/shop/calendar\n\
            You get this every day because you asked for it. Change that: https://p.example/w/shop/notices\n";
        assert_eq!(letter.text, expected);
        assert!(letter.html.contains("<h1>Shop &lt;1&gt;</h1>") && letter.html.contains("Bcc: &lt;b&gt;</a>"));
        let many: Vec<Notice> = (0..30).map(|n| notice(NoticeKind::Soon, None, &format!("n{n}"))).collect();
        assert!(written(&many).unwrap().text.contains("- and 5 more\n"));
    }

    #[test]
    fn a_period_begins_in_the_morning_and_is_told_by_its_first_day() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let zone = Zone::utc();
        let period = |rhythm: Rhythm, now| rhythm.period(&zone, at(now)).map(|it| it.to_string());
        assert_eq!(period(Rhythm::Daily, "2026-11-21T06:59:59"), None);
        assert_eq!(period(Rhythm::Daily, "2026-11-21T07:00:00").as_deref(), Some("2026-11-21"));
        assert_eq!(period(Rhythm::Weekly, "2026-11-23T06:59:59"), None);
        assert_eq!(period(Rhythm::Weekly, "2026-11-22T23:59:59").as_deref(), Some("2026-11-16"));
        assert_eq!(period(Rhythm::Off, "2026-11-21T12:00:00"), None);
    }

    #[cfg(feature = "zones")]
    #[test]
    fn the_morning_is_that_of_the_workspace_also_when_clocks_are_changed() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let sent = |now: &str| Rhythm::Daily.period(&zone, now.parse().unwrap()).is_some();
        assert_eq!([sent("2026-10-24T04:59:59"), sent("2026-10-24T05:00:00")], [false, true]);
        assert_eq!([sent("2026-10-25T05:59:59"), sent("2026-10-25T06:00:00")], [false, true]);
        assert_eq!([sent("2026-03-29T04:59:59"), sent("2026-03-29T05:00:00")], [false, true]);
    }
}
