//! The result of a check for people.

use std::fmt::Write as _;

use domain::scope::delta::CategoryChange;

use super::{Checked, NEW_CRITICAL, SCOPE_RISE};

/// One line for each check, and one for each system that rose and each finding that is new, with the reasons below it.
pub(super) fn text(checked: &Checked<'_>) -> String {
    let mut text = String::new();
    if let Some(rises) = &checked.rises {
        rose(&mut text, checked, rises);
    }
    if checked.critical.is_some() {
        let compared = compared(checked);
        let _ = match checked.new_critical().count() {
            0 => writeln!(text, "{NEW_CRITICAL}: passed, {compared}: no new critical finding."),
            1 => writeln!(text, "{NEW_CRITICAL}: failed, {compared}: 1 new critical finding."),
            new => writeln!(text, "{NEW_CRITICAL}: failed, {compared}: {new} new critical findings."),
        };
        for finding in checked.new_critical() {
            let _ = writeln!(text, "\n{}\n  {}: {}", plain(&finding.sentence), finding.rule, finding.rule().sentence);
        }
    }
    text
}

fn rose(text: &mut String, checked: &Checked<'_>, rises: &[CategoryChange]) {
    let (systems, compared) = (checked.model.model.systems.len(), compared(checked));
    let _ = match rises.len() {
        0 => writeln!(text, "{SCOPE_RISE}: passed, {compared}: none of {systems} systems rose."),
        rose => writeln!(text, "{SCOPE_RISE}: failed, {compared}: {rose} of {systems} systems rose."),
    };
    for it in rises {
        let _ = writeln!(text, "\n{}", checked.sentence(it));
        for sentence in &it.because {
            let _ = writeln!(text, "  {}", plain(&sentence.to_string()));
        }
    }
}

fn compared(checked: &Checked<'_>) -> String {
    format!("{} against {}", checked.model.name, checked.base)
}

/// A name may hold line breaks; a line of the log must not.
fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}
